//! What makes things happen: bounded steps over what is due, and the followers of the orgs' events.
//!
//! A step takes one entry or one outbox item at a time, entries first: what the org says may settle what we were about to
//! send. Everything here can be driven by hand ([`step`]), or left to run ([`work`], [`supervise`]).

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use tokio::task::JoinHandle;

use crate::{
    context::Context,
    failure::Result,
    vendors::referral_rock::{following, referral_add, sales_receiver},
};

/// What one step does at most, so that a caller gets its turn.
const MOST_PER_STEP: usize = 50;

/// Does what is due now; returns how much that was.
pub async fn step(ctx: &Context) -> Result<usize> {
    let _turn = ctx.turn.lock().await;
    let mut done = 0;
    while done < MOST_PER_STEP {
        let (entry, item) = {
            let mut tx = ctx.store.read().await?;
            let entry = tx.next_entry(ctx.now()).await?;
            let item = if entry.is_none() { tx.next_outbox(ctx.now()).await? } else { None };
            (entry, item)
        };
        match (entry, item) {
            (Some(entry), _) => {
                sales_receiver::process(ctx, entry, false).await?;
            }
            (None, Some(item)) => referral_add::send(ctx, item).await?,
            (None, None) => break,
        }
        done += 1;
    }
    Ok(done)
}

/// Works for ever: a step whenever something was committed or has become due.
pub async fn work(ctx: Arc<Context>) {
    loop {
        let next = match step(&ctx).await {
            Ok(0) => next_due(&ctx).await,
            Ok(_) => continue,
            Err(error) => {
                tracing::error!(%error, "a step failed; trying again after the next commit");
                Ok(None)
            }
        };
        match next {
            Ok(Some(due)) => {
                tokio::select! {
                    () = ctx.wake.notified() => {}
                    () = ctx.clock.sleep_until(due) => {}
                }
            }
            Ok(None) | Err(_) => ctx.wake.notified().await,
        }
    }
}

async fn next_due(ctx: &Context) -> Result<Option<Timestamp>> {
    Ok(ctx.store.read().await?.next_due().await?)
}

/// Keeps one follower for each connected account whose Referral Update is on.
pub async fn supervise(ctx: Arc<Context>) {
    let mut followers: BTreeMap<(String, Timestamp), Follower> = BTreeMap::new();
    loop {
        match wanted(&ctx).await {
            Ok(wanted) => {
                followers.retain(|key, _| wanted.contains(key));
                for key in wanted {
                    followers.entry(key).or_insert_with_key(|(account, _)| Follower::start(&ctx, account));
                }
            }
            Err(error) => tracing::error!(%error, "who is to be followed could not be read"),
        }
        ctx.rewire.notified().await;
    }
}

/// Accounts by the connection they have: a new connection gets a new follower.
async fn wanted(ctx: &Context) -> Result<Vec<(String, Timestamp)>> {
    let mut tx = ctx.store.read().await?;
    let mut wanted = Vec::new();
    for connection in tx.connections().await? {
        let Some(account) = tx.account(&connection.account_id).await? else { continue };
        if sales_receiver::setup(&account)?.enabled {
            wanted.push((connection.account_id, connection.connected_at));
        }
    }
    Ok(wanted)
}

/// Ends with its owner.
struct Follower(JoinHandle<()>);

impl Follower {
    fn start(ctx: &Arc<Context>, account: &str) -> Self {
        let (ctx, account) = (Arc::clone(ctx), account.to_owned());
        Self(tokio::spawn(async move { following::follow(&ctx, &account).await }))
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.0.abort();
    }
}
