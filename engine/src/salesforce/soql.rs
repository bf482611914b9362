//! SOQL text that is safe to build: whatever a person typed goes through [`quote`], never through `format!`.
//!
//! Not a parser and not a checker: the org says what it does not like. Follows contract/soql.md.

use std::fmt::{self, Write as _};

use jiff::Timestamp;
use jiff::civil::Date;

/// A text as a SOQL string literal, quotes included.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('\'');
    for character in text.chars() {
        escape(&mut literal, character);
    }
    literal.push('\'');
    literal
}

/// A text inside a LIKE pattern, without the quotes: `%` and `_` of the text stand for themselves.
fn escape_like(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_') {
            pattern.push('\\');
        }
        escape(&mut pattern, character);
    }
    pattern
}

fn escape(literal: &mut String, character: char) {
    match character {
        '\'' => literal.push_str("\\'"),
        '\\' => literal.push_str("\\\\"),
        '\n' => literal.push_str("\\n"),
        '\r' => literal.push_str("\\r"),
        '\t' => literal.push_str("\\t"),
        '\u{8}' => literal.push_str("\\b"),
        '\u{c}' => literal.push_str("\\f"),
        other => literal.push(other),
    }
}

/// A value in a condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Null,
    Bool(bool),
    Integer(i64),
    Text(String),
    Date(Date),
    DateTime(Timestamp),
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Bool(value) => write!(f, "{}", if *value { "TRUE" } else { "FALSE" }),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Text(text) => f.write_str(&quote(text)),
            Self::Date(date) => write!(f, "{date}"),
            // Salesforce keeps whole seconds; a finer bound would only look exact.
            Self::DateTime(at) => write!(f, "{}", at.strftime("%Y-%m-%dT%H:%M:%SZ")),
        }
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Literal {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Literal {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<Timestamp> for Literal {
    fn from(at: Timestamp) -> Self {
        Self::DateTime(at)
    }
}

impl From<Date> for Literal {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

/// Comparison operators between a field and a literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Is {
    fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// A condition; its text is complete and correctly bracketed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition(String);

impl Condition {
    #[must_use]
    pub fn new(field: &str, is: Is, value: impl Into<Literal>) -> Self {
        Self(format!("{field} {} {}", is.sign(), value.into()))
    }

    #[must_use]
    pub fn equal(field: &str, value: impl Into<Literal>) -> Self {
        Self::new(field, Is::Equal, value)
    }

    /// `field IN (…)`. An empty list matches nothing, which SOQL cannot say itself: an Id is never null.
    #[must_use]
    pub fn any_of<V: Into<Literal>>(field: &str, values: impl IntoIterator<Item = V>) -> Self {
        let mut list = String::new();
        for value in values {
            if !list.is_empty() {
                list.push_str(", ");
            }
            let _ = write!(list, "{}", value.into());
        }
        if list.is_empty() { Self("Id = NULL".to_owned()) } else { Self(format!("{field} IN ({list})")) }
    }

    #[must_use]
    pub fn starts_with(field: &str, text: &str) -> Self {
        Self(format!("{field} LIKE '{}%'", escape_like(text)))
    }

    #[must_use]
    pub fn contains(field: &str, text: &str) -> Self {
        Self(format!("{field} LIKE '%{}%'", escape_like(text)))
    }

    /// A condition that an administrator wrote in the configuration; never for data.
    #[must_use]
    pub fn trusted(text: &str) -> Self {
        Self(format!("({text})"))
    }

    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        Self(format!("({} AND {})", self.0, other.0))
    }

    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        Self(format!("({} OR {})", self.0, other.0))
    }

    #[must_use]
    pub fn negate(self) -> Self {
        Self(format!("(NOT ({}))", self.0))
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A SELECT in the making; `to_string()` is the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select {
    fields: Vec<String>,
    object: String,
    conditions: Vec<Condition>,
    order: Vec<String>,
    limit: Option<u32>,
}

impl Select {
    #[must_use]
    pub fn from(object: &str) -> Self {
        Self {
            fields: Vec::new(),
            object: object.to_owned(),
            conditions: Vec::new(),
            order: Vec::new(),
            limit: None,
        }
    }

    /// Adds a field or path; a second time is ignored, because Salesforce refuses a field that is selected twice.
    #[must_use]
    pub fn field(mut self, path: &str) -> Self {
        if !self.fields.iter().any(|known| known.eq_ignore_ascii_case(path)) {
            self.fields.push(path.to_owned());
        }
        self
    }

    #[must_use]
    pub fn fields<P: AsRef<str>>(self, paths: impl IntoIterator<Item = P>) -> Self {
        paths.into_iter().fold(self, |select, path| select.field(path.as_ref()))
    }

    /// Adds a condition; all of them must hold.
    #[must_use]
    pub fn filter(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// Adds an ORDER BY item as SOQL writes it: `CreatedDate DESC`.
    #[must_use]
    pub fn order_by(mut self, item: &str) -> Self {
        self.order.push(item.to_owned());
        self
    }

    #[must_use]
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }
}

impl fmt::Display for Select {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = if self.fields.is_empty() { "Id".to_owned() } else { self.fields.join(", ") };
        write!(f, "SELECT {fields} FROM {}", self.object)?;
        for (position, condition) in self.conditions.iter().enumerate() {
            write!(f, " {} {condition}", if position == 0 { "WHERE" } else { "AND" })?;
        }
        if !self.order.is_empty() {
            write!(f, " ORDER BY {}", self.order.join(", "))?;
        }
        if let Some(limit) = self.limit {
            write!(f, " LIMIT {limit}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What Salesforce makes of a literal (contract/soql.md): the inverse of `quote`, written from the other side.
    fn unquote(literal: &str) -> Option<String> {
        let inside = literal.strip_prefix('\'')?.strip_suffix('\'')?;
        let mut text = String::new();
        let mut characters = inside.chars();
        while let Some(character) = characters.next() {
            text.push(match character {
                '\'' => return None,
                '\\' => match characters.next()? {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    same @ ('\'' | '"' | '\\') => same,
                    _ => return None,
                },
                other => other,
            });
        }
        Some(text)
    }

    proptest! {
        #[test]
        fn a_quoted_text_is_one_literal_and_reads_back_as_itself(text in ".*|[\\\\'\"%_\n\r\t]{0,12}") {
            prop_assert_eq!(unquote(&quote(&text)), Some(text));
        }

        #[test]
        fn a_like_pattern_holds_no_wildcard_of_the_text(text in "[a%_'\\\\]{0,12}") {
            let condition = Condition::contains("Name", &text).to_string();
            let pattern = condition.strip_prefix("Name LIKE '%").and_then(|rest| rest.strip_suffix("%'")).unwrap();
            let mut escaped = false;
            for character in pattern.chars() {
                prop_assert!(escaped || !matches!(character, '%' | '_' | '\''), "{condition}");
                escaped = character == '\\' && !escaped;
            }
            prop_assert!(!escaped, "the closing quote is not swallowed");
        }
    }

    #[test]
    fn a_name_with_an_apostrophe_does_not_end_the_literal() {
        assert_eq!(quote("O'Brien\\"), r"'O\'Brien\\'");
        assert_eq!(quote("a\nb"), r"'a\nb'");
    }

    #[test]
    fn a_select_is_written_as_salesforce_reads_it() {
        let at: Timestamp = "2026-11-21T10:00:00.5Z".parse().unwrap();
        let select = Select::from("Lead")
            .fields(["Id", "Email", "email", "Owner.Name"])
            .filter(Condition::equal("Email", "o'b@x.y").or(&Condition::equal("IsConverted", false)))
            .filter(Condition::new("SystemModstamp", Is::GreaterOrEqual, at))
            .filter(Condition::any_of("Status", ["Open", "New"]).negate())
            .order_by("CreatedDate DESC")
            .limit(2);
        assert_eq!(
            select.to_string(),
            "SELECT Id, Email, Owner.Name FROM Lead WHERE (Email = 'o\\'b@x.y' OR IsConverted = FALSE) AND \
             SystemModstamp >= 2026-11-21T10:00:00Z AND (NOT (Status IN ('Open', 'New'))) \
             ORDER BY CreatedDate DESC LIMIT 2"
        );
    }

    #[test]
    fn nothing_selected_is_the_id_and_an_empty_list_matches_nothing() {
        let none: [&str; 0] = [];
        let select = Select::from("Lead").filter(Condition::any_of("Email", none));
        assert_eq!(select.to_string(), "SELECT Id FROM Lead WHERE Id = NULL");
    }
}
