//! What an administrator takes away. Places never change while an org lives, so a field that is gone keeps its place under a name
//! that no client can say, and an object keeps its index without a name.

use std::collections::BTreeSet;

use super::{Field, FieldType, Object, Schema, attachable};

/// What the name of a field that is gone begins with.
const GONE: &str = "$gone";

impl Field {
    /// Whether somebody has taken it away.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.name.as_str().starts_with(GONE)
    }
}

impl Object {
    /// Whether the object had a field of this name and has none now: records of before may still hold values of it.
    #[must_use]
    pub fn had_field(&self, name: &str) -> bool {
        let gone = |field: &Field| {
            let old = field.name.as_str().strip_prefix(GONE)?.split_once('.')?.1;
            Some(old.eq_ignore_ascii_case(name))
        };
        self.fields.iter().any(|field| gone(field) == Some(true))
    }
}

impl Schema {
    /// This schema without a custom field. The text names what still needs it.
    pub fn without_field(&self, object: &str, field: &str) -> Result<Self, String> {
        let missing = || format!("no CustomField named {object}.{field} found");
        let known = self.object(object).ok_or_else(missing)?;
        let (position, doomed) = known.field(field).filter(|(_, field)| field.custom).ok_or_else(missing)?;
        if let Some(user) = self.user_of(known, doomed) {
            return Err(user);
        }
        let mut positions = vec![position];
        if doomed.kind == FieldType::Location {
            let part =
                |part: &Field| part.compound_field_name.as_ref().is_some_and(|whole| *whole == doomed.name);
            positions.extend(known.fields.iter().enumerate().filter(|(_, one)| part(one)).map(|(at, _)| at));
        }
        let mut lesser = known.as_ref().clone();
        for at in positions {
            let name = format!("{GONE}{at}.{}", lesser.fields[at].name);
            let mut gone = Field::new(&name, FieldType::String);
            gone.custom = true;
            gone.createable = false;
            gone.updateable = false;
            gone.permissionable = false;
            lesser.fields[at] = gone;
        }
        let child = known.index;
        let mut changed = vec![lesser];
        for parent in self.objects() {
            let leads_here = |at: usize| at == position;
            if parent.child_relationships.iter().any(|row| row.child == child && leads_here(row.child_field))
            {
                let at = changed.iter().position(|one| one.index == parent.index);
                let at = at.unwrap_or_else(|| {
                    changed.push(parent.as_ref().clone());
                    changed.len() - 1
                });
                changed[at]
                    .child_relationships
                    .retain(|row| row.child != child || !leads_here(row.child_field));
            }
        }
        let mut lesser = self.with_objects(changed);
        match lesser.compile_formulas_anew().first() {
            None => Ok(lesser),
            Some(user) => Err(referenced("custom field", &format!("Custom Field - {user}"))),
        }
    }

    /// What mentions a field by its name, formulas aside.
    fn user_of(&self, object: &Object, field: &Field) -> Option<String> {
        let path = format!("{}.{}", object.name, field.name);
        for other in self.objects() {
            for user in &other.fields {
                let own = other.index == object.index;
                let controlled = own && user.controller_name.as_ref().is_some_and(|name| *name == field.name);
                let summed = user.roll_up.as_deref().is_some_and(|roll_up| {
                    let same = |said: &str| said.eq_ignore_ascii_case(&path);
                    same(&roll_up.summary_foreign_key)
                        || roll_up.summarized_field.as_deref().is_some_and(same)
                        || roll_up.summary_filter_items.iter().any(|item| same(&item.field))
                });
                let filtered = user.lookup_filter.as_deref().is_some_and(|filter| {
                    filter.filter_items.iter().any(|item| {
                        let said = [Some(item.field.as_str()), item.value_field.as_deref()];
                        said.into_iter()
                            .flatten()
                            .any(|said| said.rsplit('.').next().is_some_and(|last| field.name.is(last)))
                    })
                });
                if controlled || summed || filtered {
                    return Some(referenced(
                        "custom field",
                        &format!("Custom Field - {}.{}", other.name, user.name),
                    ));
                }
            }
        }
        None
    }

    /// This schema without a custom object. The text names what still needs it.
    pub fn without_object(&self, object: &str) -> Result<Self, String> {
        let known = self.object(object).ok_or_else(|| format!("no CustomObject named {object} found"))?;
        for other in self.objects().filter(|other| other.index != known.index) {
            let leads = |field: &&Field| field.custom && field.reference_to.contains(&known.name);
            if let Some(user) = other.fields.iter().find(leads) {
                let user = format!("Custom Field - {}.{}", other.name, user.name);
                return Err(referenced("custom object", &user));
            }
        }
        let relatives: Vec<Object> = self
            .objects()
            .filter(|other| {
                let is_parent = other.child_relationships.iter().any(|row| row.child == known.index);
                is_parent || known.child_relationships.iter().any(|row| row.child == other.index)
            })
            .map(|other| {
                let mut other = other.as_ref().clone();
                other.child_relationships.retain(|row| row.child != known.index);
                attachable::detach(&mut other, known);
                other
            })
            .collect();
        Ok(self.replaced(BTreeSet::from([known.index]), relatives))
    }
}

/// Salesforce's words for what cannot go yet; it says the kind, and leaves the name to the component that failed.
pub(crate) fn referenced(kind: &str, by: &str) -> String {
    format!("This {kind} is referenced elsewhere in salesforce.com. : {by}")
}
