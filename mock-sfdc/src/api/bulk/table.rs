//! A table in CSV, as both APIs answer it: every value in quotes.

use std::{io, iter::once, ops::Range, sync::Arc};

use mock_sfdc_org::{
    bulk::{Cell, ColumnDelimiter, Found, LineEnding},
    error::Error,
    schema::{Field, FieldType},
    soql,
    value::{Value, time_text, write_double, write_int},
};

#[derive(Debug)]
pub struct Table {
    out: Vec<u8>,
    delimiter: u8,
    ending: &'static str,
    /// Whether the line has begun.
    begun: bool,
}

impl Table {
    #[must_use]
    pub fn new(delimiter: ColumnDelimiter, ending: LineEnding) -> Self {
        Self { out: Vec::new(), delimiter: delimiter.byte(), ending: ending.text(), begun: false }
    }

    pub fn text(&mut self, text: &str) {
        self.separate();
        self.out.push(b'"');
        if text.contains('"') {
            self.out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        } else {
            self.out.extend_from_slice(text.as_bytes());
        }
        self.out.push(b'"');
    }

    pub fn texts<T: AsRef<str>>(&mut self, texts: impl IntoIterator<Item = T>) {
        for text in texts {
            self.text(text.as_ref());
        }
    }

    /// As it stands, without quotes.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.separate();
        self.out.extend_from_slice(bytes);
    }

    fn separate(&mut self) {
        if self.begun {
            self.out.push(self.delimiter);
        }
        self.begun = true;
    }

    pub fn end_line(&mut self) {
        self.out.extend_from_slice(self.ending.as_bytes());
        self.begun = false;
    }

    /// What has been written since the last time.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }
}

/// How many rows of a query are written at a time.
pub const ROWS_AT_ONCE: usize = 500;

/// Some rows of what a query found, below the names of its columns, in steps.
pub fn of_rows(
    found: &Arc<Found>,
    rows: Range<usize>,
    delimiter: ColumnDelimiter,
    ending: LineEnding,
) -> impl Iterator<Item = io::Result<Vec<u8>>> + Send + use<> {
    let mut table = Table::new(delimiter, ending);
    table.texts(found.columns());
    table.end_line();
    let (found, header) = (Arc::clone(found), table.take());
    let steps = rows.clone().step_by(ROWS_AT_ONCE).map(move |from| {
        found.rows(from, rows.end.min(from + ROWS_AT_ONCE), |cells| {
            table.texts(cells.iter().map(|cell| self::found(cell)));
            table.end_line();
        });
        Ok(table.take())
    });
    once(Ok(header)).chain(steps)
}

/// What a cell of an upload was written as.
#[must_use]
pub fn given<'a>(cell: &'a Cell<'_>) -> &'a str {
    if *cell == Cell::Null { "#N/A" } else { cell.text() }
}

/// A stored value as results write it.
#[must_use]
pub fn value(value: &Value, kind: FieldType) -> String {
    let mut out = String::new();
    match value {
        Value::Null if kind == FieldType::Boolean => out.push_str("false"),
        Value::Null => {}
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Text(text) => out.push_str(text),
        Value::Id(id) => out.push_str(&id.to_string()),
        Value::Number(number) if matches!(kind, FieldType::Int | FieldType::Long) => {
            write_int(*number, &mut out);
        }
        Value::Number(number) => write_double(*number, &mut out),
        Value::DateTime(at) => at.write_zulu(&mut out),
        Value::Date(date) => out.push_str(&date.to_string()),
        Value::Time(time) => out.push_str(&time_text(*time)),
        Value::Blob(bytes) => {
            use base64::Engine as _;
            out.push_str(&base64::engine::general_purpose::STANDARD.encode(bytes));
        }
    }
    out
}

/// A cell of a query's result.
#[must_use]
pub fn found(cell: &soql::Cell<'_>) -> String {
    match cell {
        soql::Cell::Value(stored, kind) => value(stored, *kind),
        soql::Cell::Computed(stored, kind) => value(stored, *kind),
        soql::Cell::Id(id) => id.to_string(),
        soql::Cell::Text(text) => (*text).to_owned(),
        // Refused when the query came.
        soql::Cell::Compound(_) | soql::Cell::Parent(_) | soql::Cell::Children(_) => String::new(),
    }
}

/// Whether results write the values of a field in a form of their own: `9.12E8` of a number, `false` of `0`.
#[must_use]
pub fn is_normalised(field: &Field) -> bool {
    matches!(
        field.kind,
        FieldType::Boolean
            | FieldType::Int
            | FieldType::Long
            | FieldType::Double
            | FieldType::Currency
            | FieldType::Percent
            | FieldType::Date
            | FieldType::Datetime
            | FieldType::Time
    )
}

/// `REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --`
#[must_use]
pub fn errors(errors: &[Error]) -> String {
    let one = |error: &Error| {
        let fields = error.fields.as_deref().unwrap_or_default().join(", ");
        let gap = if fields.is_empty() { "" } else { " " };
        format!("{}:{}:{fields}{gap}--", error.code.as_str(), error.message)
    };
    errors.iter().map(one).collect()
}
