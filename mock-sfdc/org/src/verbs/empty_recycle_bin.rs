//! `emptyRecycleBin`: deleted records go for good before their days are over, with what fell together with them.

use super::Errors;
use crate::{error::Error, id::Id, state::Transaction};

/// How many records one call takes (`contract/soap.md` section 6).
pub const MOST_RECORDS: usize = 200;

/// Takes one record out of the recycle bin for good.
pub fn empty_recycle_bin(tx: &mut Transaction, id: Id) -> Result<(), Errors> {
    let Some((object, binned)) = tx.state().find_deleted(id).filter(|(_, binned)| binned.is_kept(tx.now()))
    else {
        let alive = tx.state().find(id).is_some();
        return Err(vec![if alive { Error::not_in_recycle_bin() } else { Error::invalid_cross_reference() }]);
    };
    let (object, is_root) = (object.clone(), binned.fell_with == id);
    if is_root {
        for (object, binned) in tx.state().fallen_with(id) {
            tx.purge(&object, binned.record.id());
        }
    } else {
        tx.purge(&object, id);
    }
    Ok(())
}
