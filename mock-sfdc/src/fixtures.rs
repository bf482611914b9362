//! Fixtures from files, and those that stand in the binary: the demo org and the packages.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use mock_sfdc_metadata::{FolderError, Metadata, Moment, Report, read_folder};
use mock_sfdc_org::{
    Org,
    clock::Clock,
    image::{self, ImportError, Imported},
    schema::PackageError,
    seed,
    state::{State, Transaction},
};

use crate::api::bulk::formats::loader;

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
    #[error("{0}")]
    Metadata(#[from] FolderError),
    #[error("{file}: metadata: folders can be named in a file only")]
    NoFolder { file: String },
    #[error("{}: {error}", file.display())]
    Image { file: PathBuf, error: ImportError },
}

/// A folder of metadata, read.
#[derive(Debug)]
pub struct Project {
    folder: PathBuf,
    metadata: Metadata,
}

impl Project {
    /// Reads a folder of metadata; only a folder that cannot be read is an error.
    pub fn read(folder: &Path) -> Result<Self, FixtureError> {
        let metadata = Metadata::read(&read_folder(folder)?);
        Ok(Self { folder: folder.to_owned(), metadata })
    }

    fn apply(&self, moment: Moment, tx: &mut Transaction) -> Report {
        let mut report = self.metadata.apply(moment, tx);
        for one in &mut report.not_taken {
            one.file = self.folder.join(&one.file).display().to_string();
        }
        report
    }
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
    Ok(from_file_with(file, &[])?.0)
}

/// Reads a fixture from a text; `file` is for messages.
pub fn from_text(file: &str, json: &str, folder: Option<&Path>) -> Result<State, FixtureError> {
    Ok(with_projects(file, json, folder, &[])?.0)
}

/// The demo org with projects in it, and what became of them.
pub fn demo_with(projects: &[Project]) -> Result<(State, Report), FixtureError> {
    if projects.is_empty() {
        return Ok((demo(), Report::default()));
    }
    with_projects("demo.json", DEMO, None, projects)
}

/// A new org with projects in it, and what became of them.
pub fn new_with(projects: &[Project]) -> Result<(State, Report), FixtureError> {
    with_projects("a new org", "{}", None, projects)
}

/// The export of an org, if the file is one.
pub fn export_in(file: &Path) -> Result<Option<Imported>, FixtureError> {
    let text = read(file)?;
    let read = image::is_export(&text).then(|| image::import(&text, loader())).transpose();
    read.map_err(|error| FixtureError::Image { file: file.to_owned(), error })
}

fn read(file: &Path) -> Result<String, FixtureError> {
    fs::read_to_string(file).map_err(|error| FixtureError::Unreadable { file: file.to_owned(), error })
}

/// The org of a fixture with the projects that it names itself, and more; or that of an export.
pub fn from_file_with(file: &Path, projects: &[Project]) -> Result<(State, Report), FixtureError> {
    let json = read(file)?;
    if let Some(imported) = export_in(file)? {
        return Ok(add_projects(imported.state, projects));
    }
    with_projects(&file.display().to_string(), &json, file.parent(), projects)
}

/// An org that is there already, with projects in it.
#[must_use]
pub fn add_projects(state: State, projects: &[Project]) -> (State, Report) {
    let mut report = Report::default();
    if projects.is_empty() {
        return (state, report);
    }
    let admin = seed::administrator(state.settings());
    let org = Org::new(state, Clock::system(), 0);
    let Ok(()) = org.transact(admin, |tx| {
        for moment in Moment::ALL {
            for project in projects {
                report.add(project.apply(moment, tx));
            }
        }
        Ok::<_, std::convert::Infallible>(())
    });
    (State::clone(&org.snapshot()), report)
}

fn with_projects(
    file: &str,
    json: &str,
    folder: Option<&Path>,
    more: &[Project],
) -> Result<(State, Report), FixtureError> {
    let named = named_projects(file, json, folder)?;
    let packages = |name: &str| package(name, folder);
    let mut report = Report::default();
    let mut beside = |moment: Moment, tx: &mut Transaction| {
        named.iter().chain(more).for_each(|project| report.add(project.apply(moment, tx)));
    };
    let state = seed::load_beside(file, json, Clock::system().now(), &packages, &mut beside)?;
    Ok((state, report))
}

/// The folders that a fixture names; a mistake in its text is the loader's to tell.
fn named_projects(file: &str, json: &str, folder: Option<&Path>) -> Result<Vec<Project>, FixtureError> {
    #[derive(serde::Deserialize)]
    struct Named {
        #[serde(default)]
        metadata: Vec<String>,
    }
    let named = serde_json::from_str::<Named>(json).map(|named| named.metadata).unwrap_or_default();
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let folder = folder.ok_or_else(|| FixtureError::NoFolder { file: file.to_owned() })?;
    named.iter().map(|name| Project::read(&folder.join(name))).collect()
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
