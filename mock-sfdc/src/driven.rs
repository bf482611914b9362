//! Which operations tests drive: where the variable `MOCK_SFDC_DRIVEN` names a file, each operation that was answered without an
//! error is appended to it by name, once a process. `tests/wire/run` reads it to know what the wire tests reach; whoever tests
//! something else against the mock may do the same.

use std::{
    collections::BTreeSet,
    fs::{File, OpenOptions},
    io::Write,
    sync::{LazyLock, Mutex, PoisonError},
};

/// Names the file.
const VARIABLE: &str = "MOCK_SFDC_DRIVEN";

#[derive(Debug)]
struct Notes {
    file: File,
    known: BTreeSet<&'static str>,
}

static NOTES: LazyLock<Option<Mutex<Notes>>> = LazyLock::new(|| {
    let path = std::env::var_os(VARIABLE).filter(|path| !path.is_empty())?;
    match OpenOptions::new().create(true).append(true).open(&path) {
        Ok(file) => Some(Mutex::new(Notes { file, known: BTreeSet::new() })),
        Err(error) => {
            tracing::warn!(%error, path = %path.display(), "{VARIABLE} names a file that cannot be written");
            None
        }
    }
});

/// Operations that can only answer an error here: a deployment is done before anybody can cancel it, and events are at the address
/// of a version.
const ERRORS: [&str; 3] = ["metadata.cancelDeploy", "rest.metadata.deploy.change", "streaming.cometd.bare"];

/// Takes note of an answer.
pub fn note(operation: &'static str, status: u16) {
    let Some(notes) = &*NOTES else { return };
    let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    // One write a name: several processes append to the same file.
    if (status < 400 || ERRORS.contains(&operation))
        && notes.known.insert(operation)
        && let Err(error) = notes.file.write_all(format!("{operation}\n").as_bytes())
    {
        tracing::warn!(%error, "{operation} was not noted");
    }
}
