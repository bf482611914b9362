//! The query of a push topic: what SOQL allows and push topics do not, and what an event and a commit need of it.
//!
//! Texts follow `contract/streaming.md` section 5; those that nobody has published say what is wrong in this project's words.

use std::sync::Arc;

use super::topic_predicate::Predicate;
use crate::{
    error::{Error, ErrorCode},
    schema::{Field, FieldType, Object, ObjectIx},
    soql::{
        self, Query, SoqlError,
        ast::{Condition, Operand, Select, SelectItem, Word},
    },
    state::{Record, State},
    value::DateTime,
};

/// Standard objects that topics may ask for; custom ones all.
const SUPPORTED: [&str; 18] = [
    "Account",
    "Campaign",
    "Case",
    "Contact",
    "ContractLineItem",
    "Entitlement",
    "Lead",
    "LiveChatTranscript",
    "MessagingSession",
    "Opportunity",
    "Quote",
    "QuoteLineItem",
    "ServiceAppointment",
    "ServiceContract",
    "Task",
    "UserServicePresence",
    "WorkOrder",
    "WorkOrderLineItem",
];

/// Fields that every save stamps.
const STAMPS: [&str; 2] = ["LastModifiedDate", "SystemModstamp"];

/// A bound query. It holds positions, which stay what they are when a schema grows.
#[derive(Debug)]
pub struct TopicQuery {
    pub object: ObjectIx,
    definition: Arc<Object>,
    selected: Vec<usize>,
    compared: Vec<usize>,
    stamps: Vec<usize>,
    predicate: Option<Predicate>,
}

impl TopicQuery {
    /// Everything that is wrong with a query, or what a topic needs of it.
    pub fn bind(state: &State, text: &str) -> Result<Self, Vec<Error>> {
        let query = soql::parse(text).map_err(|error| vec![said(&error)])?;
        let broken = shape(&query);
        if !broken.is_empty() {
            return Err(broken);
        }
        let from = query.from.first().map_or("", |from| from.path.text.as_str());
        let object = state.schema().object(from).ok_or_else(|| vec![unknown_object(from)])?;
        if !is_supported(object) {
            return Err(vec![refused(format!("Push topics do not support the object {}", object.name))]);
        }
        let names = Names { text, query: &query, object };
        let selected = names.selected()?;
        let mut compared = Vec::new();
        if let Some(condition) = &query.condition {
            names.compared(condition, &mut compared)?;
        }
        if !selected.iter().any(|position| object.fields[*position].kind == FieldType::Id) {
            return Err(vec![refused("Id must be in the SELECT list of a push topic's query")]);
        }
        let predicate = Predicate::bind(state, text, &query).map_err(|error| vec![said(&error)])?;
        let stamps = STAMPS.iter().filter_map(|name| object.field(name)).map(|(at, _)| at).collect();
        Ok(Self {
            object: object.index,
            definition: Arc::clone(object),
            selected,
            compared,
            stamps,
            predicate,
        })
    }

    /// The fields of SELECT with their positions, in its order.
    pub fn selected(&self) -> impl Iterator<Item = (usize, &Field)> {
        self.selected.iter().filter_map(|at| Some((*at, self.definition.field_at(*at)?)))
    }

    /// Positions of the fields of WHERE.
    #[must_use]
    pub fn compared(&self) -> &[usize] {
        &self.compared
    }

    #[must_use]
    pub fn selects_more_than_id(&self) -> bool {
        self.selected().any(|(_, field)| field.kind != FieldType::Id)
    }

    #[must_use]
    pub fn compares_more_than_id(&self) -> bool {
        let kind = |at: &usize| self.definition.field_at(*at).map(|field| field.kind);
        self.compared.iter().any(|at| kind(at) != Some(FieldType::Id))
    }

    pub(super) fn is_stamp(&self, position: usize) -> bool {
        self.stamps.contains(&position)
    }

    /// Does the WHERE hold for this version of a record?
    #[must_use]
    pub fn matches(&self, state: &State, record: &Record, now: DateTime) -> bool {
        self.predicate.as_ref().is_none_or(|predicate| predicate.holds(state, record, now))
    }
}

fn is_supported(object: &Object) -> bool {
    object.custom && !object.custom_setting || SUPPORTED.iter().any(|name| object.name.is(name))
}

/// What is not even looked up: clauses that push topics do not have.
fn shape(query: &Query) -> Vec<Error> {
    let mut broken = Vec::new();
    let mut refuse = |text: &str| broken.push(refused(text));
    let counts =
        |item: &SelectItem| matches!(item, SelectItem::Call { call, .. } if is_aggregate(&call.name));
    match &query.select {
        Select::Count(_) => refuse("Aggregate queries are not supported"),
        Select::Items(items) if items.iter().any(counts) => refuse("Aggregate queries are not supported"),
        Select::Items(items) => items.iter().for_each(|item| match item {
            SelectItem::Field { .. } => {}
            SelectItem::Call { call, .. } => refuse(&format!("'{}' is not allowed", call.name)),
            SelectItem::Children { .. } => refuse("relationships are not supported"),
            SelectItem::TypeOf { .. } => refuse("'TYPEOF' is not allowed"),
            SelectItem::Fields { .. } => refuse("'FIELDS' is not allowed"),
        }),
    }
    if query.group.is_some() {
        refuse("Aggregate queries are not supported");
    }
    if query.from.len() > 1 {
        refuse("relationships are not supported");
    }
    if let Some(condition) = &query.condition {
        condition_shape(condition, &mut refuse);
    }
    for (there, word) in [
        (!query.order.is_empty(), "'ORDER BY' clause"),
        (query.limit.is_some(), "'LIMIT'"),
        (query.offset.is_some(), "'OFFSET'"),
        (query.scope.is_some(), "'USING SCOPE'"),
        (!query.with.is_empty(), "'WITH'"),
        (query.view.is_some(), "'FOR'"),
        (!query.update.is_empty(), "'UPDATE'"),
    ] {
        if there {
            refuse(&format!("{word} is not allowed"));
        }
    }
    let renamed = |item: &SelectItem| matches!(item, SelectItem::Field { alias: Some(_), .. });
    if let Select::Items(items) = &query.select
        && items.iter().any(renamed)
    {
        let message = "only aggregate expressions use field aliasing";
        broken.push(Error::on_fields(ErrorCode::MalformedQuery, message, ["Query"]));
    }
    broken.dedup();
    broken
}

fn condition_shape(condition: &Condition, refuse: &mut impl FnMut(&str)) {
    let mut operand = |left: &Operand| {
        if let Operand::Call(call) = left {
            refuse(&format!("'{}' is not allowed", call.name));
        }
    };
    match condition {
        Condition::And(parts) | Condition::Or(parts) => {
            for part in parts {
                condition_shape(part, refuse);
            }
        }
        Condition::Not(..) => refuse("'NOT' is not supported"),
        Condition::SemiJoin { .. } => refuse("semi/anti join sub-selects are not supported"),
        Condition::Calculated { .. } => refuse("calculations are not supported"),
        Condition::Compare { left, .. } | Condition::Like { left, .. } | Condition::In { left, .. } => {
            operand(left);
        }
        Condition::Includes { .. } => {}
    }
}

fn is_aggregate(name: &Word) -> bool {
    ["COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX", "GROUPING"].iter().any(|known| name.is(known))
}

/// Looks names up and says where the unknown ones stand.
struct Names<'a> {
    text: &'a str,
    query: &'a Query,
    object: &'a Object,
}

impl Names<'_> {
    fn selected(&self) -> Result<Vec<usize>, Vec<Error>> {
        let Select::Items(items) = &self.query.select else { return Ok(Vec::new()) };
        let mut positions = Vec::with_capacity(items.len());
        for item in items {
            let SelectItem::Field { path, .. } = item else { continue };
            let position = self.position(path)?;
            let field = &self.object.fields[position];
            if field.kind.is_compound() || field.kind == FieldType::Base64 {
                let what = format!("the {} field {} in a push topic's SELECT", field.kind, field.name);
                return Err(vec![Error::not_emulated(what)]);
            }
            if !positions.contains(&position) {
                positions.push(position);
            }
        }
        Ok(positions)
    }

    fn compared(&self, condition: &Condition, found: &mut Vec<usize>) -> Result<(), Vec<Error>> {
        let word = match condition {
            Condition::And(parts) | Condition::Or(parts) => {
                return parts.iter().try_for_each(|part| self.compared(part, found));
            }
            Condition::Compare { left: Operand::Field(word), .. }
            | Condition::Like { left: Operand::Field(word), .. }
            | Condition::In { left: Operand::Field(word), .. }
            | Condition::Includes { field: word, .. } => word,
            // Refused by their shape before.
            _ => return Ok(()),
        };
        let position = self.position(word)?;
        let field = &self.object.fields[position];
        if field.kind == FieldType::Textarea || field.kind.is_compound() || field.calculated_formula.is_some()
        {
            let kind = if field.calculated_formula.is_some() { "formula" } else { field.kind.as_str() };
            let message =
                format!("the {kind} field {} can not be filtered on in a push topic's query", field.name);
            return Err(vec![refused(message)]);
        }
        if !found.contains(&position) {
            found.push(position);
        }
        Ok(())
    }

    /// The position of a field, with or without the object or its alias before it.
    fn position(&self, path: &Word) -> Result<usize, Vec<Error>> {
        let from = &self.query.from[0];
        let mut steps = path.steps().collect::<Vec<_>>();
        let owner =
            |step: &str| self.object.name.is(step) || from.alias.as_ref().is_some_and(|alias| alias.is(step));
        if steps.len() > 1 && owner(steps[0]) {
            steps.remove(0);
        }
        let [name] = steps[..] else { return Err(vec![refused("relationships are not supported")]) };
        let found = self.object.field(name).map(|(position, _)| position);
        found.ok_or_else(|| {
            let unknown = Error::no_such_column(name, self.object.name.as_str());
            vec![said(&SoqlError::semantic(self.text, path.span, &unknown))]
        })
    }
}

fn unknown_object(name: &str) -> Error {
    let message = format!(
        "sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' \
         after the entity name. Please reference your WSDL or the describe call for the appropriate names."
    );
    Error::on_fields(ErrorCode::InvalidType, message, ["Query"])
}

fn refused(message: impl Into<String>) -> Error {
    Error::on_fields(ErrorCode::InvalidField, message, ["Query"])
}

fn said(error: &SoqlError) -> Error {
    let code = ErrorCode::find(error.code.as_str()).unwrap_or(ErrorCode::FunctionalityNotEnabled);
    Error::on_fields(code, error.message.clone(), ["Query"])
}
