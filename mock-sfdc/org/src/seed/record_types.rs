//! Record types of a fixture, what profiles say of them, and which fields keep a history.

use super::{Planting, format::Fixture};
use crate::{
    rules::record_types::{self, RecordType},
    schema::PackageError,
    settings::Feature,
    state::Record,
};

/// An org with person accounts has a type of them, and one of the others, unless it says which ones itself.
fn plant_kinds_of_accounts(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    let own = |name: &str| fixture.record_types.iter().any(|one| one.full_name.starts_with(name));
    if !fixture.organization.features.contains(&Feature::PersonAccounts) {
        return Ok(());
    }
    for (object, full_name) in
        [("Account.", "Account.Business_Account"), ("PersonAccount.", "PersonAccount.PersonAccount")]
    {
        if own(object) {
            continue;
        }
        let label = if object == "Account." { "Business Account" } else { "Person Account" };
        let record_type = RecordType {
            full_name: full_name.to_owned(),
            active: true,
            label: Some(label.to_owned()),
            ..RecordType::default()
        };
        record_types::install(planting.tx, record_type)
            .map_err(|problem| planting.source.mistake("organization.features", problem))?;
    }
    Ok(())
}

pub fn plant(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    plant_kinds_of_accounts(planting, fixture)?;
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
                state.lookup(rows, position, &profile.name.as_str().into()).last().map(Record::id)
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
