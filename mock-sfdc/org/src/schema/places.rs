//! Where in an object the fields stand that every save asks for: found once, because a walk over all fields waits for the memory of
//! each, and a name is looked up more slowly than a number.

use super::{Field, FieldType};
use crate::name::{NameMap, NameRef};

/// Positions, in the object's order.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Fields that a new record may have to bring. A field can become optional later; it is asked again.
    pub required: Vec<usize>,
    /// Fields that a save may fill by itself: those with a default, and checkboxes, which are never empty.
    pub filled: Vec<usize>,
    pub unique: Vec<usize>,
    pub auto_numbers: Vec<usize>,
    pub id: Option<usize>,
    pub owner: Option<usize>,
    pub created_date: Option<usize>,
    pub created_by: Option<usize>,
    pub last_modified_date: Option<usize>,
    pub last_modified_by: Option<usize>,
    pub system_modstamp: Option<usize>,
    pub name: Option<usize>,
    /// Where a name is made of others: first, middle and last name and suffix, as far as there are such.
    pub parts_of_name: Vec<usize>,
}

impl Places {
    pub(super) fn of(fields: &[Field], by_name: &NameMap<u16>) -> Self {
        let named = |name: &str| by_name.get(&NameRef(name)).copied().map(usize::from);
        let has_parts = named("FirstName").is_some() && named("LastName").is_some();
        let parts = ["FirstName", "MiddleName", "LastName", "Suffix"].into_iter().filter(|_| has_parts);
        let that = |wanted: fn(&Field) -> bool| {
            let found = fields.iter().enumerate().filter(|(_, field)| wanted(field));
            found.map(|(position, _)| position).collect()
        };
        Self {
            required: that(Field::required_on_create),
            filled: that(is_filled),
            unique: that(|field| field.unique),
            auto_numbers: that(|field| field.auto_number),
            id: named("Id"),
            owner: named("OwnerId"),
            created_date: named("CreatedDate"),
            created_by: named("CreatedById"),
            last_modified_date: named("LastModifiedDate"),
            last_modified_by: named("LastModifiedById"),
            system_modstamp: named("SystemModstamp"),
            name: named("Name"),
            parts_of_name: parts.filter_map(named).collect(),
        }
    }
}

fn is_filled(field: &Field) -> bool {
    let has_default = field.roll_up.is_some()
        || field.formula_text().is_some()
        || field.default_value.is_some()
        || field.default_picklist_value().is_some();
    !field.is_formula() && (field.kind == FieldType::Boolean || has_default)
}
