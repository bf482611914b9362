//! Sales Entries in a person's hands (RR-26): correct one and retry it, approve it after a review, or lay it aside.
//! "You won't have to try to recreate a trigger or event to re-submit a record that needs correcting."

use super::sales_receiver;
use crate::{
    context::Context,
    failure::{Failure, Result},
    store::{Corrections, EntryState, SalesEntry, Tx},
};

async fn open(tx: &mut Tx, account: &str, id: &str) -> Result<SalesEntry> {
    tx.entry(account, id).await?.ok_or_else(|| Failure::no("sales entry", id))
}

/// Only what is not settled can be worked on.
fn unsettled(entry: &SalesEntry) -> Result<()> {
    match entry.state {
        EntryState::Failed | EntryState::Review | EntryState::Dismissed | EntryState::Received => Ok(()),
        EntryState::Processed => {
            Err(Failure::conflict("The entry has been processed: there is nothing to correct or retry."))
        }
    }
}

/// Notes a person's corrections over the earlier ones; nothing runs yet.
pub async fn correct(ctx: &Context, account: &str, id: &str, changes: Corrections) -> Result<SalesEntry> {
    let mut tx = ctx.store.write().await?;
    let mut entry = open(&mut tx, account, id).await?;
    unsettled(&entry)?;
    let kept = &mut entry.corrections;
    kept.referral_id = changes.referral_id.or(kept.referral_id.take());
    kept.member_id = changes.member_id.or(kept.member_id.take());
    kept.referral_code = changes.referral_code.or(kept.referral_code.take());
    for (object, fields) in changes.values {
        kept.values.entry(object).or_default().extend(fields);
    }
    entry.updated_at = ctx.now();
    tx.update_entry(&entry).await?;
    tx.commit().await?;
    Ok(entry)
}

/// Processes the entry again, from the values it has.
pub async fn retry(ctx: &Context, account: &str, id: &str) -> Result<SalesEntry> {
    again(ctx, account, id, false).await
}

/// Processes an entry that a rule held back for a review.
pub async fn approve(ctx: &Context, account: &str, id: &str) -> Result<SalesEntry> {
    again(ctx, account, id, true).await
}

async fn again(ctx: &Context, account: &str, id: &str, approved: bool) -> Result<SalesEntry> {
    let turn = ctx.turn(account).await;
    let _turn = turn.lock().await;
    let entry = {
        let mut tx = ctx.store.read().await?;
        open(&mut tx, account, id).await?
    };
    unsettled(&entry)?;
    sales_receiver::process(ctx, entry, approved).await
}

/// Lays an entry aside: a person has seen it, and nothing is to be done.
pub async fn dismiss(ctx: &Context, account: &str, id: &str) -> Result<SalesEntry> {
    let mut tx = ctx.store.write().await?;
    let mut entry = open(&mut tx, account, id).await?;
    unsettled(&entry)?;
    entry.state = EntryState::Dismissed;
    entry.updated_at = ctx.now();
    tx.update_entry(&entry).await?;
    tx.commit().await?;
    ctx.committed();
    Ok(entry)
}
