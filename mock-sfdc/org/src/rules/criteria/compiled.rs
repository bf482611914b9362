//! Criteria ready to be asked: fields are positions, values are read.

use std::cmp::Ordering;

use super::{
    Criteria, CriteriaItem, FilterLogic, FilterOperation, comparable,
    wanted::{Part, Wanted},
};
use crate::{
    formula::{Purpose, RecordFormula},
    rules::{
        RuleMistake,
        field_path::FieldPath,
        subject::{Subject, calendar_of},
    },
    schema::{Object, Schema},
    soql::date_literals::Calendar,
    state::State,
    value::{Value, shown},
};

/// Criteria for records of one object.
#[derive(Debug, Clone, Default)]
pub struct CompiledCriteria {
    items: Vec<Item>,
    logic: Option<FilterLogic>,
    formula: Option<RecordFormula>,
}

#[derive(Debug, Clone)]
struct Item {
    path: FieldPath,
    operation: FilterOperation,
    than: Than,
    /// As metadata wrote it: `Lead.Rating equals "Hot"`.
    text: String,
}

#[derive(Debug, Clone)]
enum Than {
    Value(Wanted),
    Field(FieldPath),
}

impl CompiledCriteria {
    pub(super) fn new(criteria: &Criteria, schema: &Schema, object: &Object) -> Result<Self, RuleMistake> {
        let formula = criteria.formula.as_deref();
        let formula = formula.map(|text| RecordFormula::compile(schema, object, text, Purpose::Criteria));
        let formula = formula.transpose().map_err(|error| RuleMistake::at("formula", error.to_string()))?;
        let items = criteria.criteria_items.iter().enumerate();
        let items = items
            .map(|(at, item)| {
                let place = |key: &str| format!("criteriaItems[{at}].{key}");
                Item::new(item, schema, object)
                    .map_err(|(key, problem)| RuleMistake::at(&place(key), problem))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { items, logic: criteria.boolean_filter.clone(), formula })
    }

    /// Whether every record is meant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.formula.is_none()
    }

    #[must_use]
    pub fn met(&self, subject: &Subject<'_>) -> bool {
        if let Some(formula) = &self.formula {
            return formula.holds(&subject.of_formula());
        }
        let item = |at: usize| self.items.get(at).is_some_and(|item| item.met(subject));
        match &self.logic {
            None => (0..self.items.len()).all(item),
            Some(logic) => logic.holds(&item),
        }
    }

    /// Why they are met or not, for people.
    #[must_use]
    pub fn explain(&self, subject: &Subject<'_>) -> String {
        if self.is_empty() {
            return "yes, it has no criteria".to_owned();
        }
        let met = self.met(subject);
        if let Some(formula) = &self.formula {
            return format!("{}, the formula is {met}: {}", if met { "yes" } else { "no" }, formula.text());
        }
        let told = |item: &Item| {
            let verdict = if item.met(subject) { "true" } else { "false" };
            let value = item.path.value(subject);
            let value = if value.is_null() { "blank".to_owned() } else { format!("{:?}", shown(&value)) };
            format!("{} is {verdict} (it is {value})", item.text)
        };
        // What decided: with a logic all of them, else the first that failed.
        let items = self.items.iter().filter(|item| met || self.logic.is_some() || !item.met(subject));
        let items = items.map(told).collect::<Vec<_>>();
        format!("{}, {}", if met { "yes" } else { "no" }, items.join("; "))
    }
}

impl Item {
    fn new(item: &CriteriaItem, schema: &Schema, object: &Object) -> Result<Self, (&'static str, String)> {
        if item.operation == FilterOperation::Within {
            return Err(("operation", "within (a distance) is not emulated".to_owned()));
        }
        let (path, field) =
            FieldPath::resolve(schema, object, &item.field).map_err(|problem| ("field", problem))?;
        comparable(field).map_err(|problem| ("field", problem))?;
        let (than, shown) = match &item.value_field {
            Some(_) if !item.value.is_empty() => {
                return Err(("valueField", "an item has a value or a value field, not both".to_owned()));
            }
            Some(other) => {
                let (path, field) =
                    FieldPath::resolve(schema, object, other).map_err(|problem| ("valueField", problem))?;
                comparable(field).map_err(|problem| ("valueField", problem))?;
                (Than::Field(path), other.clone())
            }
            None => {
                let wanted = Wanted::parse(field, &item.value).map_err(|problem| ("value", problem))?;
                (Than::Value(wanted), format!("{:?}", item.value))
            }
        };
        let text = format!("{} {} {shown}", item.field, item.operation.as_str());
        Ok(Self { path, operation: item.operation, than, text })
    }

    fn met(&self, subject: &Subject<'_>) -> bool {
        let value = self.path.value(subject);
        match &self.than {
            Than::Value(wanted) => matches(self.operation, &value, wanted, Some(subject)),
            Than::Field(path) => compared(self.operation, &value, &path.value(subject)),
        }
    }
}

/// Whether a value is as an operation wants it. Without a subject records have no names, and days are those of UTC.
pub(super) fn matches(
    operation: FilterOperation,
    value: &Value,
    wanted: &Wanted,
    subject: Option<&Subject<'_>>,
) -> bool {
    use FilterOperation as Op;
    let any = |test: &dyn Fn(&Part) -> bool| wanted.parts.iter().any(test);
    let equal = |part: &Part| order(value, part, subject) == Some(Ordering::Equal);
    match operation {
        Op::Equals => any(&equal),
        Op::NotEqual => !any(&equal),
        Op::LessThan => any(&|part| order(value, part, subject) == Some(Ordering::Less)),
        Op::GreaterThan => any(&|part| order(value, part, subject) == Some(Ordering::Greater)),
        Op::LessOrEqual => any(&|part| order(value, part, subject).is_some_and(Ordering::is_le)),
        Op::GreaterOrEqual => any(&|part| order(value, part, subject).is_some_and(Ordering::is_ge)),
        Op::Contains => any(&|part| texts(value, part, subject, |whole, part| whole.contains(part))),
        Op::NotContain => !any(&|part| texts(value, part, subject, |whole, part| whole.contains(part))),
        Op::StartsWith => any(&|part| texts(value, part, subject, |whole, part| whole.starts_with(part))),
        Op::Includes => any(&|part| texts(value, part, subject, includes)),
        Op::Excludes => !any(&|part| texts(value, part, subject, includes)),
        // Refused where criteria are compiled.
        Op::Within => false,
    }
}

fn includes(whole: &str, part: &str) -> bool {
    whole.split(';').any(|one| one.trim() == part)
}

/// How a value stands to a part; `None` where they cannot be compared, a blank with anything but a blank among them.
fn order(value: &Value, part: &Part, subject: Option<&Subject<'_>>) -> Option<Ordering> {
    match (value, part) {
        (Value::Null, Part::Blank) => Some(Ordering::Equal),
        // A checkbox has no blank: it is not checked.
        (Value::Null, Part::Bool(false)) => Some(Ordering::Equal),
        (Value::Bool(flag), Part::Bool(wanted)) => Some(flag.cmp(wanted)),
        (Value::Number(number), Part::Number(wanted)) => Some(number.cmp(wanted)),
        (Value::Text(text), Part::Text { text: wanted, other }) => {
            let text = text.to_lowercase();
            let labelled = other.as_ref().is_some_and(|other| *other == text);
            Some(if labelled { Ordering::Equal } else { text.as_str().cmp(wanted) })
        }
        (Value::Id(id), Part::Record { id: wanted, name }) => {
            let same = *wanted == Some(*id)
                || subject.is_some_and(|subject| names(subject.state, *id).any(|known| known == *name));
            same.then_some(Ordering::Equal)
        }
        (Value::Time(time), Part::Time(wanted)) => Some(time.cmp(wanted)),
        (Value::Date(day), part) => {
            part.days(&calendar(subject)).map(|(start, end)| within(day, &start, &end))
        }
        (Value::DateTime(at), part) => {
            part.range(&calendar(subject)).map(|(start, end)| within(&at.millis(), &start, &end))
        }
        _ => None,
    }
}

fn calendar(subject: Option<&Subject<'_>>) -> Calendar {
    subject.map_or_else(|| Calendar::utc(0), calendar_of)
}

/// Before, in, or behind a half-open range.
fn within<T: Ord>(value: &T, start: &T, end: &T) -> Ordering {
    if value < start {
        Ordering::Less
    } else if value >= end {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

/// Texts without regard to case. A blank part is met by a blank value.
fn texts(
    value: &Value,
    part: &Part,
    subject: Option<&Subject<'_>>,
    test: impl Fn(&str, &str) -> bool,
) -> bool {
    match (value, part) {
        (value, Part::Blank) => value.is_null(),
        (Value::Text(text), Part::Text { text: wanted, other }) => {
            let text = text.to_lowercase();
            test(&text, wanted) || other.as_ref().is_some_and(|other| test(&text, other))
        }
        (Value::Id(id), Part::Record { name, .. }) => {
            subject.is_some_and(|subject| names(subject.state, *id).any(|known| test(&known, name)))
        }
        (value, part) => order(value, part, subject) == Some(Ordering::Equal),
    }
}

/// What people call a record: its name, and a record type's developer name besides.
fn names(state: &State, id: crate::id::Id) -> impl Iterator<Item = String> {
    let found = state.find(id);
    let name = found.and_then(|(object, record)| record.get(object.name_field()?.0).as_text());
    let developer = found.filter(|(object, _)| object.name.is("RecordType"));
    let developer =
        developer.and_then(|(object, record)| record.get(object.field("DeveloperName")?.0).as_text());
    name.into_iter().chain(developer).map(str::to_lowercase)
}

/// One field with another.
fn compared(operation: FilterOperation, value: &Value, other: &Value) -> bool {
    use FilterOperation as Op;
    let folded = |value: &Value| shown(value).to_lowercase();
    let order = match (value, other) {
        (Value::Number(one), Value::Number(other)) => Some(one.cmp(other)),
        (Value::Date(one), Value::Date(other)) => Some(one.cmp(other)),
        (Value::DateTime(one), Value::DateTime(other)) => Some(one.cmp(other)),
        (Value::Time(one), Value::Time(other)) => Some(one.cmp(other)),
        (Value::Text(_), Value::Text(_)) => Some(folded(value).cmp(&folded(other))),
        (one, other) => (one == other).then_some(Ordering::Equal),
    };
    match operation {
        Op::Equals => order == Some(Ordering::Equal),
        Op::NotEqual => order != Some(Ordering::Equal),
        Op::LessThan => order == Some(Ordering::Less),
        Op::GreaterThan => order == Some(Ordering::Greater),
        Op::LessOrEqual => order.is_some_and(Ordering::is_le),
        Op::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        Op::Contains => folded(value).contains(&folded(other)),
        Op::NotContain => !folded(value).contains(&folded(other)),
        Op::StartsWith => folded(value).starts_with(&folded(other)),
        Op::Includes => includes(&folded(value), &folded(other)),
        Op::Excludes => !includes(&folded(value), &folded(other)),
        Op::Within => false,
    }
}
