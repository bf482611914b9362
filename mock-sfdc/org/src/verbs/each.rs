//! Several records in one call: each stands for itself, or all stand or fall together (`allOrNone`).

use super::Errors;
use crate::{error::Error, state::Transaction};

/// Does one thing after the other. What fails leaves nothing behind; with `all_or_none` one failure undoes all, and those that
/// had gone well say that they were rolled back.
pub fn each<I, T>(
    tx: &mut Transaction,
    all_or_none: bool,
    items: impl IntoIterator<Item = I>,
    mut work: impl FnMut(&mut Transaction, I) -> Result<T, Errors>,
) -> Vec<Result<T, Errors>> {
    let start = tx.savepoint();
    let mut results: Vec<Result<T, Errors>> = items
        .into_iter()
        .map(|item| {
            let before = tx.savepoint();
            let result = work(tx, item);
            if result.is_err() {
                tx.roll_back_to(before);
            }
            result
        })
        .collect();
    if all_or_none && results.iter().any(Result::is_err) {
        tx.roll_back_to(start);
        for result in results.iter_mut().filter(|result| result.is_ok()) {
            *result = Err(vec![Error::rolled_back()]);
        }
    }
    results
}
