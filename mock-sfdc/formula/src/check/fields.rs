//! What the caller knows of fields.

use crate::{error::FormulaError, types::Type, value::Value};

/// A field that a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldRef {
    /// By which the subject is asked for its value.
    pub slot: usize,
    pub kind: Type,
    /// It stands on the record itself, not on a parent, so that it has a value before the save.
    pub own: bool,
    /// Of the formula behind it; 0 for a stored field.
    pub size: usize,
}

/// What stands behind a path.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolved {
    Field(FieldRef),
    Constant(Value, Type),
}

/// A field of another object, found by that object's name field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lookup {
    pub slot: usize,
    pub kind: Type,
}

/// Why a path names no field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unresolved {
    Unknown,
    /// `Owner:Lead.Status`: the reference cannot point to that object.
    NoDomain {
        field: String,
        domain: String,
    },
    /// The field's type has no place in formulas.
    Unsupported(String),
    NotEmulated(String),
    Wrong(FormulaError),
}

impl Unresolved {
    pub(super) fn into_error(self, path: &str) -> FormulaError {
        match self {
            Self::Unknown => FormulaError::NoField(path.to_owned()),
            Self::NoDomain { field, domain } => FormulaError::NoDomain { field, domain },
            Self::Unsupported(kind) => FormulaError::UnsupportedField { kind, field: path.to_owned() },
            Self::NotEmulated(what) => FormulaError::NotEmulated(what),
            Self::Wrong(error) => error,
        }
    }
}

/// Finds fields by their paths: `Amount`, `Account.Owner.Name`, `Owner:User.IsActive`, `$User.Id`.
pub trait Fields {
    fn field(&mut self, path: &str) -> Result<Resolved, Unresolved>;

    /// For `VLOOKUP($ObjectType.Zip__c.Fields.State__c, $ObjectType.Zip__c.Fields.Name, …)`.
    fn lookup(&mut self, wanted: &str, key: &str) -> Result<Lookup, Unresolved>;

    /// Whether the picklist behind the slot has this value; where nobody knows, it has.
    fn has_pick(&self, _slot: usize, _value: &str) -> bool {
        true
    }
}
