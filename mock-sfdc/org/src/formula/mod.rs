//! Formulas over this org's records (`contract/behaviour.md` section 13): names are bound to the schema once, values are read
//! from the record on its way, from its parents, and from whoever acts. The language itself is `mock_sfdc_formula`.
//!
//! A formula is compiled when a rule is set or a field comes into the schema, never in a save or for a row.

mod bind;
mod computed;
mod source;
mod value;

use std::sync::Arc;

use jiff::tz::TimeZone;
use mock_sfdc_formula::{Blanks, Context, Formula};
pub use mock_sfdc_formula::{EvalError, FormulaError, Type};

pub use self::computed::with_formulas;
pub(crate) use self::computed::{computed_value, field_value};
use self::{bind::Binder, source::Source};
use crate::{
    id::Id,
    schema::{FieldType, Object, ObjectIx, Schema},
    soql::RunContext,
    state::{Edit, Record, State},
    value::{DateTime, Value},
};

/// What a formula is for: which functions it may use, and what has to come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    ValidationRule,
    /// The criteria of a workflow, assignment, auto-response or escalation rule.
    Criteria,
    /// The new value of a field of this type.
    FieldUpdate(FieldType),
    FormulaField {
        kind: FieldType,
        blank_as_zero: bool,
    },
    DefaultValue(FieldType),
}

/// A formula bound to an object. Cloning it is one reference count.
#[derive(Debug, Clone)]
pub struct RecordFormula(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    text: String,
    formula: Formula,
    purpose: Purpose,
    /// By slot.
    sources: Vec<Source>,
}

/// The record that a formula looks at.
#[derive(Debug, Clone, Copy)]
pub enum Row<'a> {
    /// On its way through a save.
    Edit(&'a Edit),
    /// At rest.
    Record(&'a Record),
}

impl<'a> From<&'a Edit> for Row<'a> {
    fn from(edit: &'a Edit) -> Self {
        Self::Edit(edit)
    }
}

impl<'a> From<&'a Record> for Row<'a> {
    fn from(record: &'a Record) -> Self {
        Self::Record(record)
    }
}

impl<'a> Row<'a> {
    #[must_use]
    pub fn get(self, position: usize) -> &'a Value {
        match self {
            Self::Edit(edit) => edit.get(position),
            Self::Record(record) => record.get(position),
        }
    }
}

/// Everything that a formula may ask for.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub state: &'a State,
    pub object: &'a Object,
    pub record: Row<'a>,
    /// As it was before the save; none for a record that is new.
    pub before: Option<&'a Record>,
    pub user: Id,
    pub now: DateTime,
}

impl RecordFormula {
    /// Finds everything that the formula names, and checks that it fits its purpose.
    pub fn compile(
        schema: &Schema,
        object: &Object,
        text: &str,
        purpose: Purpose,
    ) -> Result<Self, FormulaError> {
        let mut binder = Binder::new(schema, object, purpose);
        let formula = Formula::compile(text, &mut binder, purpose.context(), purpose.blanks())?;
        purpose.expect(&formula)?;
        let sources = binder.into_sources();
        Ok(Self(Arc::new(Inner { text: text.to_owned(), formula, purpose, sources })))
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// What it counts where another formula refers to it.
    #[must_use]
    pub(crate) fn size(&self) -> usize {
        self.0.formula.size()
    }

    /// The formula fields that it reads, as object and position.
    pub(crate) fn formula_fields(&self) -> impl Iterator<Item = (ObjectIx, usize)> + '_ {
        self.0.sources.iter().filter_map(Source::formula_field)
    }

    /// The result, or null where there is none: what clients see of a formula field that shows `#Error!`.
    #[must_use]
    pub fn evaluate(&self, subject: &Subject<'_>) -> Value {
        self.try_evaluate(subject).unwrap_or_default()
    }

    pub fn try_evaluate(&self, subject: &Subject<'_>) -> Result<Value, EvalError> {
        let result = self.0.formula.evaluate(&self.over(subject))?;
        Ok(value::from_formula(result, self.0.purpose.kind()))
    }

    /// Whether a test is true. One that cannot be decided is not.
    #[must_use]
    pub fn holds(&self, subject: &Subject<'_>) -> bool {
        self.evaluate(subject).is_true()
    }

    fn over<'a>(&'a self, subject: &'a Subject<'a>) -> Over<'a> {
        Over { sources: &self.0.sources, subject }
    }
}

impl Purpose {
    fn context(self) -> Context {
        match self {
            Self::ValidationRule => Context::Validation,
            Self::Criteria => Context::Criteria,
            Self::FieldUpdate(_) => Context::FieldUpdate,
            Self::FormulaField { .. } => Context::FormulaField,
            Self::DefaultValue(_) => Context::DefaultValue,
        }
    }

    /// Only formula fields have the choice; rules see blanks as blanks.
    fn blanks(self) -> Blanks {
        match self {
            Self::FormulaField { blank_as_zero: true, .. } => Blanks::Zero,
            _ => Blanks::Blank,
        }
    }

    /// The type of field that takes the result; none where a test is wanted.
    fn kind(self) -> Option<FieldType> {
        match self {
            Self::ValidationRule | Self::Criteria => None,
            Self::FieldUpdate(kind) | Self::DefaultValue(kind) | Self::FormulaField { kind, .. } => {
                Some(kind)
            }
        }
    }

    fn expect(self, formula: &Formula) -> Result<(), FormulaError> {
        let Some(kind) = self.kind() else { return formula.expect(&[Type::Boolean], "true or false") };
        match value::type_of(kind) {
            Some(Type::Boolean) => formula.expect(&[Type::Boolean], "true or false"),
            Some(Type::Picklist | Type::MultiPicklist | Type::Id | Type::Text) => {
                formula.expect(&[Type::Text], "Text")
            }
            Some(wanted) => formula.expect(&[wanted], wanted.as_str()),
            None => Err(FormulaError::NotEmulated(format!("a {kind} as the result"))),
        }
    }
}

/// A formula's slots over one subject.
struct Over<'a> {
    sources: &'a [Source],
    subject: &'a Subject<'a>,
}

impl Over<'_> {
    fn read(&self, slot: usize, row: Row<'_>) -> mock_sfdc_formula::Value {
        let subject = Subject { record: row, ..*self.subject };
        self.sources.get(slot).map(|source| source.read(&subject)).unwrap_or_default()
    }
}

impl mock_sfdc_formula::Subject for Over<'_> {
    fn field(&self, slot: usize) -> mock_sfdc_formula::Value {
        self.sources.get(slot).map(|source| source.read(self.subject)).unwrap_or_default()
    }

    fn prior(&self, slot: usize) -> mock_sfdc_formula::Value {
        match self.subject.before {
            Some(before) => self.read(slot, Row::Record(before)),
            None => self.field(slot),
        }
    }

    fn changed(&self, slot: usize) -> bool {
        self.subject.before.is_some() && self.prior(slot) != self.field(slot)
    }

    fn is_new(&self) -> bool {
        self.subject.before.is_none()
    }

    fn now(&self) -> i64 {
        self.subject.now.millis()
    }

    fn time_zone(&self) -> TimeZone {
        RunContext::for_user(self.subject.state, self.subject.user, self.subject.now).time_zone
    }

    fn currency_rate(&self, code: &str) -> mock_sfdc_formula::Value {
        let rate = crate::currency::rate(self.subject.state, code, None);
        mock_sfdc_formula::Value::Number(rate.unwrap_or(rust_decimal::Decimal::ONE))
    }

    fn look_up(&self, slot: usize, key: &str) -> mock_sfdc_formula::Value {
        self.sources.get(slot).map(|source| source.look_up(self.subject.state, key)).unwrap_or_default()
    }
}
