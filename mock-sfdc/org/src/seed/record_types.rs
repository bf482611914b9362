//! Record types of a fixture, what profiles say of them, and which fields keep a history.

use super::{Planting, format::Fixture};
use crate::{rules::record_types, schema::PackageError};

pub fn plant(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    for (at, record_type) in fixture.record_types.iter().enumerate() {
        let path = format!("recordTypes[{at}]");
        let id = record_types::install(planting.tx, record_type.clone())
            .map_err(|problem| planting.source.mistake(&path, problem))?;
        planting.name(&path, Some(&record_type.full_name), id)?;
    }
    for (at, profile) in fixture.profiles.iter().enumerate() {
        if profile.record_type_visibilities.is_empty() {
            continue;
        }
        for (row, said) in profile.record_type_visibilities.iter().enumerate() {
            if planting.tx.state().rules().record_types().find(&said.record_type).is_none() {
                let path = format!("profiles[{at}].recordTypeVisibilities[{row}].recordType");
                let problem = format!("there is no record type {}", said.record_type);
                return Err(planting.source.mistake(&path, problem));
            }
        }
        let id = {
            let state = planting.tx.state();
            let rows = state.schema().object("Profile");

            rows.and_then(|rows| {
                let (position, _) = rows.field("Name")?;
                state.lookup(rows, position, &profile.name.as_str().into()).last().map(|row| row.id())
            })
        };
        if let Some(id) = id {
            let said = profile.record_type_visibilities.clone();
            planting.tx.rules_mut().record_types_mut().set_visibilities(id, said);
        }
    }
    for (object, fields) in &fixture.history_tracking {
        for (at, field) in fields.iter().enumerate() {
            let state = planting.tx.state().clone();
            planting.tx.rules_mut().history_mut().track(&state, object, field).map_err(|problem| {
                planting.source.mistake(&format!("historyTracking.{object}[{at}]"), problem)
            })?;
        }
    }
    Ok(())
}
