//! The org core and its yardstick: the same leads in an org and in SQLite in memory, and a race between the two.
//!
//! A package of its own, so that nobody compiles SQLite to test the org. Read `benches/million.rs` first: it is the list of
//! figures. What came out stands in `docs/PERFORMANCE.md`.

pub mod leads;
pub mod memory;
pub mod ours;
pub mod race;
pub mod theirs;

#[cfg(test)]
mod tests {
    use crate::{leads::SCANS, ours::Ours, theirs::Theirs};

    #[test]
    fn both_sides_hold_the_same_rows() {
        let ours = Ours::with_leads(2_000);
        let theirs = Theirs::with_leads(2_000);
        for scan in SCANS {
            let answer = ours.run(&ours.prepared(scan.soql));
            assert_eq!(answer.rows, theirs.run(scan.sql).rows, "{}", scan.soql);
            assert!(answer.rows > 0, "{} finds nothing", scan.soql);
        }
        for kind in crate::leads::KEYS {
            for number in [1, 77, 1_999] {
                let answer = ours.run(&ours.prepared(&kind.soql(number)));
                let mut statement = theirs.prepared(kind);
                assert_eq!(answer, theirs.run_key(&mut statement, kind, number), "{kind:?} {number}");
                assert!(answer.rows > 0, "{kind:?} {number} finds nothing");
            }
        }
    }
}
