//! The real clients that `tests/clients/run` drives against the mock, and what each reached: the table that its last run wrote.

use std::{collections::BTreeSet, fmt::Write as _};

/// A line a client: name, version, steps that passed of all, operations reached, why the rest did not pass.
const TABLE: &str = include_str!("clients.tsv");

/// What any of them reached.
pub(super) fn operations() -> BTreeSet<&'static str> {
    TABLE.lines().filter_map(|line| line.split('\t').nth(3)).flat_map(|names| names.split(' ')).collect()
}

pub(super) fn write(out: &mut String) {
    out.push_str(
        "\n## Proven by real clients\n\nInstalled from their registries, unmodified, driven by `tests/clients/run`; an operation counts when the server \
         answered it without an error.\n\n| client | version | steps passed | operations driven | the rest |\n| --- | --- | --- | --- | --- |\n",
    );
    for line in TABLE.lines() {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().unwrap_or_default();
        let (name, version, steps) = (cell(), cell(), cell());
        let operations: Vec<String> = cell().split(' ').map(|name| format!("`{name}`")).collect();
        let rest = cell().replace('|', "\\|");
        // Writing to a String cannot fail.
        let _ = writeln!(out, "| {name} | {version} | {steps} | {} | {rest} |", operations.join(" "));
    }
}
