//! Roll-up summary fields: what they sum up, in the words of Salesforce's metadata (`contract/behaviour.md` section 6), and
//! the same resolved to places, where each save of a child finds it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::build;
use super::format::FieldDef;
use super::{Field, FieldType, Object, ObjectIx};
use crate::rules::criteria::CriteriaItem;

/// The definition of a roll-up summary field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RollUp {
    pub summary_operation: SummaryOperation,
    /// `Invoice__c.Amount__c`; nothing for a count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summarized_field: Option<String>,
    /// The child's reference to the summing object: `Invoice__c.Account__c`.
    pub summary_foreign_key: String,
    /// Only children that meet all of these count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub summary_filter_items: Vec<CriteriaItem>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SummaryOperation {
    Count,
    Sum,
    Min,
    Max,
}

impl fmt::Display for SummaryOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Min => "min",
            Self::Max => "max",
        })
    }
}

/// A roll-up as the child sees it: which field of which parent it feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolledUp {
    /// The reference to the parent, a position in the child.
    pub foreign_key: usize,
    pub parent: ObjectIx,
    /// The summary field, a position in the parent.
    pub field: usize,
    /// The summed-up field, a position in the child; nothing for a count.
    pub summarized: Option<usize>,
    pub roll_up: Arc<RollUp>,
}

impl RollUp {
    /// The child object and its reference.
    #[must_use]
    pub fn foreign_key(&self) -> Option<(&str, &str)> {
        self.summary_foreign_key.split_once('.')
    }

    /// The summed-up field without its object.
    #[must_use]
    pub fn summarized(&self) -> Option<&str> {
        let field = self.summarized_field.as_deref()?;
        Some(field.split_once('.').map_or(field, |(_, field)| field))
    }

    /// Where everything stands in `child`, when it is the object that is summed up.
    pub(super) fn resolve(
        roll_up: &Arc<Self>,
        child: &Object,
        parent: ObjectIx,
        field: usize,
    ) -> Option<RolledUp> {
        let (object, key) = roll_up.foreign_key()?;
        let (foreign_key, _) = child.field(key).filter(|_| child.name.is(object))?;
        let summarized = match roll_up.summarized() {
            Some(name) => Some(child.field(name)?.0),
            None => None,
        };
        Some(RolledUp { foreign_key, parent, field, summarized, roll_up: Arc::clone(roll_up) })
    }

    /// What is wrong with the roll-up in `parent`, if anything; else the summed-up field.
    pub(super) fn check<'a>(&self, parent: &Object, child: &'a Object) -> Result<Option<&'a Field>, String> {
        let key = self.foreign_key().and_then(|(_, key)| find(child, key)).ok_or_else(|| {
            format!("summaryForeignKey names `{}`, which is no field", self.summary_foreign_key)
        })?;
        if !key.refers_to(parent.name.as_str()) || !key.child.cascade_delete {
            return Err(format!(
                "summaryForeignKey names `{}`, which does not make {} the detail of {}",
                self.summary_foreign_key, child.name, parent.name
            ));
        }
        for item in &self.summary_filter_items {
            let name = item.field.rsplit('.').next().unwrap_or_default();
            let field =
                find(child, name).ok_or_else(|| format!("{} has no field {}", child.name, item.field))?;
            not_a_formula(field)?;
        }
        let name = match (self.summary_operation, self.summarized()) {
            (SummaryOperation::Count, None) => return Ok(None),
            (SummaryOperation::Count, Some(_)) => {
                return Err("a count sums up no field: leave summarizedField out".to_owned());
            }
            (operation, None) => {
                return Err(format!("`summarizedField` is missing: what is the {operation} of?"));
            }
            (_, Some(name)) => name,
        };
        let field = find(child, name).ok_or_else(|| format!("{} has no field {name}", child.name))?;
        not_a_formula(field)?;
        let operation = self.summary_operation;
        let fits = match field.kind {
            FieldType::Int | FieldType::Double | FieldType::Currency | FieldType::Percent => true,
            FieldType::Date | FieldType::Datetime => operation != SummaryOperation::Sum,
            _ => false,
        };
        if fits {
            return Ok(Some(field));
        }
        Err(format!("{name} is a {}: there is no {operation} of it", field.kind))
    }
}

fn find<'a>(object: &'a Object, name: &str) -> Option<&'a Field> {
    object.fields.iter().find(|field| field.name.is(name))
}

/// A formula's value moves without a save, and nobody would tell the parent.
fn not_a_formula(field: &Field) -> Result<(), String> {
    if field.calculated && field.roll_up.is_none() {
        return Err(format!("{} is a formula: roll-ups over formulas are not emulated", field.name));
    }
    Ok(())
}

/// A roll-up field as a package defines it. Its type follows from what it sums up, once all objects are known.
pub(super) fn field(name: &str, object: &Object, mut def: FieldDef) -> Result<Field, String> {
    let roll_up = def.0.roll_up.take().ok_or_else(|| "`rollUp` is missing".to_owned())?;
    if def.0.kind.is_some_and(|kind| kind != FieldType::Double) {
        return Err("the type of a roll-up follows from what it sums up: leave `type` out".to_owned());
    }
    def.0.kind = Some(FieldType::Double);
    let mut field = build::field(name, object.name.as_str(), &object.label, def)?;
    field.custom = true;
    field.calculated = true;
    field.createable = false;
    field.updateable = false;
    field.roll_up = Some(Arc::new(roll_up));
    Ok(field)
}

/// Gives a roll-up the type of what it sums up: a count is a whole number.
pub(super) fn settle(field: &mut Field, summarized: Option<&Field>) {
    let typed = match summarized {
        None => Field::new(field.name.as_str(), FieldType::Double),
        Some(of) if of.kind == FieldType::Int => Field::new(field.name.as_str(), FieldType::Double),
        Some(of) => Field::new(field.name.as_str(), of.kind),
    };
    field.kind = typed.kind;
    field.soap_type = typed.soap_type;
    field.precision = typed.precision;
    field.scale = summarized.map_or(0, |of| of.scale);
    field.groupable = typed.groupable;
}
