//! Which fields of an object a search reads.

use super::ast::FieldGroup;
use super::words::words;
use crate::{
    schema::{Field, FieldType, Object},
    state::Record,
};

/// Fields of a group, by position; for a phone number its digits are a word too.
#[derive(Clone, Debug)]
pub struct SearchFields(Vec<(usize, bool)>);

impl SearchFields {
    #[must_use]
    pub fn of(object: &Object, group: FieldGroup) -> Self {
        let fields = object.fields.iter().enumerate().filter(|(_, field)| belongs(field, group));
        Self(fields.map(|(position, field)| (position, field.kind == FieldType::Phone)).collect())
    }

    /// The words of a record, field by field.
    #[must_use]
    pub fn words(&self, record: &Record) -> Vec<Vec<String>> {
        let texts =
            self.0.iter().filter_map(|(position, phone)| Some((record.get(*position).as_text()?, *phone)));
        texts
            .map(|(text, phone)| {
                let mut found = words(text);
                if phone && found.len() > 1 {
                    found.push(text.chars().filter(char::is_ascii_digit).collect());
                }
                found
            })
            .collect()
    }
}

fn belongs(field: &Field, group: FieldGroup) -> bool {
    const NAMES: [&str; 3] = ["FirstName", "MiddleName", "LastName"];
    let text = matches!(
        field.kind,
        FieldType::String | FieldType::Textarea | FieldType::Email | FieldType::Phone | FieldType::Url
    );
    if !text {
        return false;
    }
    let name = field.name_field || NAMES.iter().any(|name| field.name.is(name));
    let (email, phone) = (field.kind == FieldType::Email, field.kind == FieldType::Phone);
    match group {
        FieldGroup::All => true,
        FieldGroup::Name => name,
        FieldGroup::Email => email,
        FieldGroup::Phone => phone,
        FieldGroup::Sidebar => name || email || phone || field.external_id || field.auto_number,
    }
}
