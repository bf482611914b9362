//! How much of the operation table is driven: by real clients (`clients.tsv`), and by wire tests (`wire.txt`, which
//! `tests/wire/run --write` writes). An emulated operation that neither drives fails a test.

use std::{collections::BTreeSet, fmt::Write as _};

use super::clients;
use crate::operation::{Face, Operation};

/// An operation a line.
const WIRE: &str = include_str!("wire.txt");

fn by_wire_tests() -> BTreeSet<&'static str> {
    WIRE.lines().collect()
}

/// Salesforce's operations that are emulated.
fn emulated() -> BTreeSet<&'static str> {
    let emulated = |row: &&Operation| row.face != Face::Control && !row.is_refused();
    Operation::all().filter(emulated).map(|row| row.name).collect()
}

pub(super) fn write(out: &mut String) {
    let (all, clients, tests) = (emulated(), clients::operations(), by_wire_tests());
    let share = |driven: &BTreeSet<&str>| {
        let count = all.intersection(driven).count();
        format!("{count} ({} %)", count * 100 / all.len().max(1))
    };
    let both: BTreeSet<&str> = clients.union(&tests).copied().collect();
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "\n## Driven\n\nOf {} emulated operations, real clients drive {}, wire tests {}, either of them \
         {}. An operation counts when it was answered without an error; `tests/clients/run` and `tests/wire/run` see to that.\n",
        all.len(),
        share(&clients),
        share(&tests),
        share(&both),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_emulated_operation_is_driven() {
        let driven: BTreeSet<_> = clients::operations().union(&by_wire_tests()).copied().collect();
        let of_control = Operation::all().filter(|row| row.face == Face::Control).map(|row| row.name);
        let left: Vec<_> =
            emulated().into_iter().chain(of_control).filter(|name| !driven.contains(name)).collect();
        assert!(
            left.is_empty(),
            "no client and no wire test drives {left:?}: write one, then tests/wire/run --write"
        );
    }

    #[test]
    fn what_is_driven_is_emulated() {
        for name in by_wire_tests().union(&clients::operations()) {
            assert!(Operation::find(name).is_some_and(|row| !row.is_refused()), "{name}");
        }
    }
}
