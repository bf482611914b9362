//! `filterExpression` of a channel member: which events a channel has. It is SOQL's condition, less than what SOQL can and with two
//! kinds of names more: parts of compound fields (`BillingAddress.City`) and the header of change events
//! (`ChangeEventHeader.changeType`).

use std::str::FromStr as _;

use rust_decimal::Decimal;

use super::{
    change_event::ChangeEventHeader,
    event_schema::{EventKindOfSchema, EventSchema, EventType},
};
use crate::{
    id::Id,
    schema::{FieldType, Schema},
    soql::{
        self, BindOptions, BoundCondition, Fetched, Folded, Like, RunContext,
        ast::{Comparison, Condition, Literal, LiteralKind, Operand, Word},
        filter::{Constants, Test},
    },
    state::{Edit, Record, State},
    value::DateTime,
};

const MOST_CHARACTERS: usize = 131_072;
/// Fields in one filter.
const MOST_FIELDS: usize = 10;
/// A text area that is no long one.
const SHORT_TEXT: u32 = 255;

const HEADER: &str = "ChangeEventHeader";

/// A bound filter.
#[derive(Debug)]
pub struct EventFilter(Node);

#[derive(Debug)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Record(Box<BoundCondition>),
    /// A long text, which SOQL does not filter on: its position in the record.
    Text(usize, Test),
    Header(HeaderField, Test),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HeaderField {
    EntityName,
    ChangeType,
    ChangeOrigin,
    TransactionKey,
    SequenceNumber,
    CommitTimestamp,
    CommitNumber,
    CommitUser,
}

const HEADER_FIELDS: &[(&str, HeaderField)] = &[
    ("entityName", HeaderField::EntityName),
    ("changeType", HeaderField::ChangeType),
    ("changeOrigin", HeaderField::ChangeOrigin),
    ("transactionKey", HeaderField::TransactionKey),
    ("sequenceNumber", HeaderField::SequenceNumber),
    ("commitTimestamp", HeaderField::CommitTimestamp),
    ("commitNumber", HeaderField::CommitNumber),
    ("commitUser", HeaderField::CommitUser),
];

/// There are several in each: no filter looks at them.
const HEADER_LISTS: &[&str] = &["recordIds", "nulledFields", "diffFields", "changedFields"];

/// What one filter is asked of.
struct Asked<'a> {
    state: &'a State,
    header: Option<&'a ChangeEventHeader>,
    record: &'a Record,
    context: RunContext,
}

impl EventFilter {
    /// Reads a filter over events of this schema, or says what is wrong with it.
    pub fn bind(schema: &Schema, events: &EventSchema, text: &str) -> Result<Self, String> {
        let many = text.chars().count();
        if many > MOST_CHARACTERS {
            return Err(format!("{many} characters; {MOST_CHARACTERS} can be"));
        }
        let condition = soql::parse_condition(text).map_err(|error| error.message)?;
        let mut binder = Binder { schema, events, text, fields: Vec::new() };
        let root = binder.node(&condition)?;
        let mut fields = binder.fields;
        fields.sort();
        fields.dedup();
        if fields.len() > MOST_FIELDS {
            return Err(format!("{} fields; {MOST_FIELDS} can be", fields.len()));
        }
        Ok(Self(root))
    }

    /// Whether a channel has this event. A record that is not told (a gap) has no values.
    pub fn holds(
        &self,
        state: &State,
        events: &EventSchema,
        header: Option<&ChangeEventHeader>,
        record: Option<&Record>,
        now: DateTime,
    ) -> bool {
        let nobody = Id::from_number(*b"005", state.settings().pod, 0);
        let nothing = Edit::new(nobody, events.object.fields.len()).build();
        let context = RunContext::new(nobody, now.millis());
        self.0.holds(&Asked { state, header, record: record.unwrap_or(&nothing), context })
    }
}

impl Node {
    fn holds(&self, asked: &Asked<'_>) -> bool {
        let constants = Constants::default();
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(asked)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(asked)),
            Self::Not(inner) => !inner.holds(asked),
            Self::Record(condition) => condition.matches(asked.record, asked.state, &asked.context),
            Self::Text(position, test) => test.holds(asked.record.get(*position).into(), &constants),
            Self::Header(field, test) => {
                asked.header.is_some_and(|header| test.holds(field.of(header), &constants))
            }
        }
    }

    fn negated(self, negated: bool) -> Self {
        if negated { Self::Not(Box::new(self)) } else { self }
    }
}

impl HeaderField {
    fn of(self, header: &ChangeEventHeader) -> Fetched<'_> {
        match self {
            Self::EntityName => Fetched::Text(&header.entity_name),
            Self::ChangeType => Fetched::Text(header.change_type.as_str()),
            Self::ChangeOrigin => Fetched::Text(&header.change_origin),
            Self::TransactionKey => Fetched::Text(&header.transaction_key),
            Self::SequenceNumber => Fetched::Whole(header.sequence_number.into()),
            Self::CommitTimestamp => Fetched::Whole(header.commit_timestamp.millis()),
            Self::CommitNumber => Fetched::Whole(i64::try_from(header.commit_number).unwrap_or(i64::MAX)),
            Self::CommitUser => Fetched::Id(header.commit_user),
        }
    }

    const fn kind(self) -> EventType {
        match self {
            Self::SequenceNumber | Self::CommitTimestamp | Self::CommitNumber => EventType::Long,
            _ => EventType::Text,
        }
    }
}

/// The places of the record's fields that a filter looks at: a part stands for the compound field.
pub fn fields_of(events: &EventSchema, text: &str) -> Vec<usize> {
    let Ok(condition) = soql::parse_condition(text) else { return Vec::new() };
    let mut words = Vec::new();
    collect(&condition, &mut words);
    words.into_iter().filter_map(|word| Some(place(events, word)?.0)).collect()
}

fn collect<'a>(condition: &'a Condition, words: &mut Vec<&'a Word>) {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => {
            for part in parts {
                collect(part, words);
            }
        }
        Condition::Not(inner, _) => collect(inner, words),
        Condition::Compare { left: Operand::Field(word), .. }
        | Condition::Like { left: Operand::Field(word), .. }
        | Condition::In { left: Operand::Field(word), .. } => words.push(word),
        // No filter has them.
        _ => {}
    }
}

/// The place of a field in its events, and of a compound one the part that is named.
fn place(events: &EventSchema, word: &Word) -> Option<(usize, Option<usize>)> {
    let steps = word.steps().collect::<Vec<_>>();
    let named = |name: &str| events.fields.iter().position(|field| field.name.eq_ignore_ascii_case(name));
    match steps[..] {
        [name] => Some((named(name)?, None)),
        [name, part] => {
            let at = named(name)?;
            let mut parts = events.fields[at].parts.iter();
            Some((at, Some(parts.position(|known| known.name.eq_ignore_ascii_case(part))?)))
        }
        _ => None,
    }
}

struct Binder<'a> {
    schema: &'a Schema,
    events: &'a EventSchema,
    text: &'a str,
    /// As they are named, in lower case.
    fields: Vec<String>,
}

impl Binder<'_> {
    fn node(&mut self, condition: &Condition) -> Result<Node, String> {
        let of_changes = self.events.kind == EventKindOfSchema::Change;
        match condition {
            Condition::And(parts) => Ok(Node::All(self.nodes(parts)?)),
            Condition::Or(parts) => Ok(Node::Any(self.nodes(parts)?)),
            Condition::Not(inner, _) => Ok(self.node(inner)?.negated(true)),
            Condition::Compare { left: Operand::Field(word), comparison, value } => {
                literal(word, *comparison, value)?;
                self.leaf(word, condition)
            }
            Condition::Like { left: Operand::Field(word), .. } => self.leaf(word, condition),
            Condition::In { left: Operand::Field(word), values, .. } if !of_changes => {
                values.iter().try_for_each(|value| literal(word, Comparison::Equal, value))?;
                self.leaf(word, condition)
            }
            Condition::In { .. } => Err("IN and NOT IN are not supported for change events".to_owned()),
            Condition::Includes { .. } => Err("INCLUDES and EXCLUDES are not supported".to_owned()),
            Condition::SemiJoin { .. } => Err("sub-selects are not supported".to_owned()),
            Condition::Calculated { .. } => Err("calculations are not supported".to_owned()),
            Condition::Compare { .. } | Condition::Like { .. } => {
                Err("functions are not supported".to_owned())
            }
        }
    }

    fn nodes(&mut self, parts: &[Condition]) -> Result<Vec<Node>, String> {
        parts.iter().map(|part| self.node(part)).collect()
    }

    fn leaf(&mut self, word: &Word, condition: &Condition) -> Result<Node, String> {
        let steps = word.steps().collect::<Vec<_>>();
        let of_changes = self.events.kind == EventKindOfSchema::Change;
        self.fields.push(word.text.to_lowercase().to_string());
        if let (true, [first, name]) = (of_changes, &steps[..])
            && first.eq_ignore_ascii_case(HEADER)
        {
            let field = header_field(name)?;
            let kind = if field == HeaderField::CommitUser { Side::Id } else { Side::of(field.kind()) };
            let (test, negated) = test(condition, word, kind)?;
            return Ok(Node::Header(field, test).negated(negated));
        }
        let object = &self.events.object;
        let (at, part) = place(self.events, word)
            .ok_or_else(|| format!("events of {} carry no field {}", object.name, word.text))?;
        let known = &self.events.fields[at];
        let position = part.map_or(known.position, |part| known.parts[part].position);
        let field = &object.fields[position];
        if part.is_none() && matches!(known.kind, EventType::Compound(_)) {
            return Err(format!(
                "{} is a compound field: name one of its parts, as in {0}.{}",
                known.name,
                known.parts.first().map_or("", |part| part.name)
            ));
        }
        if field.kind == FieldType::Textarea && (field.length > SHORT_TEXT || field.html_formatted) {
            if of_changes {
                return Err(format!("{} is a long text, which cannot be filtered on", word.text));
            }
            let (test, negated) = test(condition, word, Side::Text)?;
            return Ok(Node::Text(position, test).negated(negated));
        }
        let word = Word { text: field.name.as_str().into(), span: word.span };
        let condition = about(condition, Operand::Field(word));
        let options = BindOptions::default();
        let bound = soql::bind_condition(self.text, &condition, self.schema, object, options);
        bound.map(|bound| Node::Record(Box::new(bound))).map_err(|error| error.message)
    }
}

/// The same comparison of something else.
fn about(condition: &Condition, operand: Operand) -> Condition {
    let mut condition = condition.clone();
    if let Condition::Compare { left, .. } | Condition::Like { left, .. } | Condition::In { left, .. } =
        &mut condition
    {
        *left = operand;
    }
    condition
}

fn header_field(name: &str) -> Result<HeaderField, String> {
    let same = |known: &&str| known.eq_ignore_ascii_case(name);
    let found = HEADER_FIELDS.iter().find(|(known, _)| same(known));
    found.map(|(_, field)| *field).ok_or_else(|| {
        if HEADER_LISTS.iter().any(same) {
            format!("{HEADER}.{name} is a list, which cannot be filtered on")
        } else {
            format!("{HEADER} has no field {name}")
        }
    })
}

/// What no field can be compared with in a filter.
fn literal(word: &Word, comparison: Comparison, value: &Literal) -> Result<(), String> {
    match &value.kind {
        LiteralKind::Null if !comparison.is_equality() => {
            Err(format!("{} can be compared with null by = and != only", word.text))
        }
        LiteralKind::DateFormula { name, .. } => Err(format!("the date literal {name} is not supported")),
        LiteralKind::Currency(text) => Err(format!("{text}: amounts of another currency are not supported")),
        LiteralKind::Integer(text) if text.parse::<i32>().is_err() && !is_of_header(word) => {
            Err(format!("A number format error occurred: For input string: \"{text}\""))
        }
        _ => Ok(()),
    }
}

fn is_of_header(word: &Word) -> bool {
    word.steps().next().is_some_and(|first| first.eq_ignore_ascii_case(HEADER))
}

/// What stands left of a comparison that SOQL has no field for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Text,
    Number,
    Id,
}

impl Side {
    const fn of(kind: EventType) -> Self {
        if matches!(kind, EventType::Long) { Self::Number } else { Self::Text }
    }
}

/// A comparison as a test, and whether its opposite is meant.
fn test(condition: &Condition, word: &Word, side: Side) -> Result<(Test, bool), String> {
    let wrong = || format!("{} cannot be compared like this", word.text);
    let text = |value: &Literal| match &value.kind {
        LiteralKind::Text(raw) => Ok(soql::decode(raw).into_owned()),
        _ => Err(format!("{}: a text should be enclosed in quotes", word.text)),
    };
    match condition {
        Condition::Compare { comparison, value, .. } => {
            let negated = *comparison == Comparison::NotEqual;
            let comparison = if negated { Comparison::Equal } else { *comparison };
            let test = match (side, &value.kind) {
                (_, LiteralKind::Null) => Test::Null,
                (Side::Text, _) => Test::Text(comparison, Folded::new(&text(value)?)),
                (Side::Id, _) => Test::Id(comparison, Id::parse(&text(value)?).ok_or_else(wrong)?),
                (Side::Number, LiteralKind::Integer(text) | LiteralKind::Decimal(text)) => {
                    Test::Number(comparison, Decimal::from_str(text).map_err(|_| wrong())?)
                }
                (Side::Number, _) => {
                    return Err(format!("{}: a number should not be enclosed in quotes", word.text));
                }
            };
            Ok((test, negated))
        }
        Condition::Like { pattern: Literal { kind: LiteralKind::Text(raw), .. }, .. }
            if side == Side::Text =>
        {
            Ok((Test::Like(Like::compile(raw)), false))
        }
        Condition::In { values, negated, .. } if side == Side::Text => {
            let texts = values.iter().map(|value| text(value).map(|text| Folded::new(&text)));
            let mut texts = texts.collect::<Result<Vec<_>, _>>()?;
            texts.sort();
            Ok((Test::TextIn(texts.into()), *negated))
        }
        _ => Err(wrong()),
    }
}
