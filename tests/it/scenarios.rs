//! The feature files as ordinary tests, one a folder: `cargo test referral_rock` runs one product.
//!
//! `SCENARIOS_TAGS` and `SCENARIOS_NAME` narrow them as `--tags` and `--name` do for the `scenarios` command; what is
//! narrowed to nothing fails.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tests::features::{self, Filter};
use tests::report::console;
use tests::{requirements, run};

/// Every folder of `features/`, each with its test below.
const FOLDERS: &[&str] = &["referral-rock", "salesforce"];

#[tokio::test(flavor = "multi_thread")]
async fn referral_rock() {
    folder("referral-rock").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn salesforce() {
    folder("salesforce").await;
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("features")
}

async fn folder(name: &str) {
    let variable = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    let (tags, text) = (variable("SCENARIOS_TAGS"), variable("SCENARIOS_NAME"));
    let filter = Filter::new(tags.as_deref(), text.as_deref()).unwrap_or_else(|error| panic!("{error}"));
    let mut cases = features::load(&[root().join(name)]).unwrap_or_else(|error| panic!("{error}"));
    cases.retain(|case| filter.keeps(case));
    for case in &mut cases {
        // As somebody at the root of the repository would open it.
        case.file = Path::new("features").join(case.file.strip_prefix(root()).unwrap_or(&case.file));
    }
    assert!(!cases.is_empty(), "features/{name}: no scenario was run");
    let report = run::run(cases, |_| {}).await;
    let failed: Vec<String> =
        report.scenarios.iter().filter(|one| !one.passed()).map(console::scenario).collect();
    println!("features/{name}: {}", report.summary());
    assert!(failed.is_empty(), "{}\n{}", failed.join("\n\n"), console::summary(&report));
}

#[test]
fn every_folder_has_its_test() {
    let entries = std::fs::read_dir(root()).unwrap();
    let folders: BTreeSet<String> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders, FOLDERS.iter().map(|name| (*name).to_owned()).collect());
}

#[test]
fn every_tag_names_a_requirement() {
    let cases = features::load(&[root()]).unwrap();
    assert_eq!(requirements::unknown_tags(&cases), Vec::<String>::new());
}

#[test]
fn requirements_md_knows_every_scenario() {
    let page = std::fs::read_to_string(root().join("../docs/REQUIREMENTS.md")).unwrap_or_default();
    let mut cases = features::load(&[root()]).unwrap();
    cases.retain(|case| case.tags.iter().any(|tag| tag.starts_with("@RR-")));
    let missing: Vec<_> =
        cases.iter().filter(|case| !page.contains(&case.name)).map(features::Case::place).collect();
    assert!(
        missing.is_empty(),
        "docs/REQUIREMENTS.md does not have {missing:?}; run: \
         cargo run -p tests --bin scenarios -- features/ --requirements docs/REQUIREMENTS.md"
    );
}

/// The flows of Referral Rock that are promised for now: each is shown by a scenario at least.
#[test]
fn every_promised_flow_has_a_scenario() {
    let promised = [1, 4].into_iter().chain(6..=19).chain(21..=24).chain([26, 27, 29, 30, 32]);
    let cases = features::load(&[root().join("referral-rock")]).unwrap();
    let shown =
        |id: &str| cases.iter().any(|case| case.tags.iter().any(|tag| tag.trim_start_matches('@') == id));
    let missing: Vec<String> =
        promised.map(|number| format!("RR-{number:02}")).filter(|id| !shown(id)).collect();
    assert_eq!(missing, Vec::<String>::new());
}
