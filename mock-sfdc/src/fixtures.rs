//! Fixtures from files, and those that stand in the binary: the demo org and the packages.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use mock_sfdc_org::{clock::Clock, schema::PackageError, seed, state::State};

const DEMO: &str = include_str!("../../fixtures/orgs/demo.json");

macro_rules! packages {
    ($($name:literal)*) => {
        const PACKAGES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../fixtures/packages/", $name, ".json")))),*];
    };
}

packages! { "demo" "influitive-advocatehub" "referral-factory" "referral-rock" }

/// Why a fixture did not become an org.
#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    #[error("cannot read {}: {error}", file.display())]
    Unreadable { file: PathBuf, error: io::Error },
    #[error("{0}")]
    Mistake(#[from] PackageError),
}

/// The demo org, read once a process: a copy costs nothing.
///
/// # Panics
/// Never outside a broken build: a test loads it.
#[must_use]
pub fn demo() -> State {
    static STATE: LazyLock<State> = LazyLock::new(|| match from_text("demo.json", DEMO, None) {
        Ok(state) => state,
        Err(mistake) => panic!("the demo org has a mistake: {mistake}"),
    });
    STATE.clone()
}

/// Reads a fixture of an org; the packages that it names stand beside it (`packages/` or `../packages/`) or in the binary.
pub fn from_file(file: &Path) -> Result<State, FixtureError> {
    let json = fs::read_to_string(file)
        .map_err(|error| FixtureError::Unreadable { file: file.to_owned(), error })?;
    from_text(&file.display().to_string(), &json, file.parent())
}

/// Reads a fixture from a text; `file` is for messages.
pub fn from_text(file: &str, json: &str, folder: Option<&Path>) -> Result<State, FixtureError> {
    let packages = |name: &str| package(name, folder);
    Ok(seed::load(file, json, Clock::system().now(), &packages)?)
}

fn package(name: &str, folder: Option<&Path>) -> Option<(String, String)> {
    // A name is a name: it leads nowhere else.
    if !name.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_')) {
        return None;
    }
    let beside = folder.into_iter().flat_map(|folder| {
        ["packages", "../packages"].map(|place| folder.join(place).join(format!("{name}.json")))
    });
    let found = beside.filter_map(|file| Some((file.display().to_string(), fs::read_to_string(&file).ok()?)));
    let own = PACKAGES.iter().filter(|(known, _)| *known == name);
    found.chain(own.map(|(name, json)| (format!("{name}.json"), (*json).to_owned()))).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_org_has_no_mistake() {
        assert_eq!(demo().settings().name, "Demo Kitchen Supplies");
    }

    #[test]
    fn a_package_is_a_name_not_a_path() {
        assert!(package("../orgs/demo", Some(Path::new("fixtures/orgs"))).is_none());
        assert!(package("referral-rock", None).is_some());
    }
}
