//! Orgs with a project in them.

use std::path::Path;

use mock_sfdc_metadata::{Files, Metadata, Report, read_folder};
use mock_sfdc_org::{schema::Field, seed, state::State, value::DateTime};

pub const NOON: DateTime = DateTime::from_millis(1_774_440_000_000);

pub fn workshop() -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/metadata/workshop");
    read_folder(&folder).unwrap()
}

/// A new org with a project, and what became of it.
pub fn org_with(files: &Files) -> (State, Report) {
    fixture_with("{}", files)
}

/// The same, with a fixture beside.
pub fn fixture_with(fixture: &str, files: &Files) -> (State, Report) {
    let metadata = Metadata::read(files);
    let mut report = Report::default();
    let state = seed::load_beside("org.json", fixture, NOON, &|_| None, &mut |moment, tx| {
        report.add(metadata.apply(moment, tx));
    })
    .unwrap();
    (state, report)
}

pub fn field(state: &State, object: &str, name: &str) -> Field {
    let object = state.schema().object(object).unwrap_or_else(|| panic!("no object {object}"));
    object.field(name).unwrap_or_else(|| panic!("no field {name}")).1.clone()
}
