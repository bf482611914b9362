//! The validation rules of a fixture. They come after its records: an org may hold what was there before a rule was.

use super::{Planting, format::Fixture};
use crate::schema::PackageError;

pub fn plant(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    for (name, rules) in &fixture.validation_rules {
        let path = format!("validationRules.{name}");
        let schema = planting.tx.state().schema().clone();
        let Some(object) = schema.object(name) else { return Err(planting.unknown_object(&path, name)) };
        for (at, rule) in rules.iter().enumerate() {
            let set = planting.tx.rules_mut().set_validation_rule(&schema, object, rule.clone());
            set.map_err(|error| {
                planting.source.mistake(&format!("{path}[{at}].{}", error.key()), error.to_string())
            })?;
        }
    }
    Ok(())
}
