//! What makes things happen: bounded steps over what is due, and the followers of the orgs' events.
//!
//! A step takes one entry or one outbox item at a time, entries first: what the org says may settle what we were about to
//! send. Accounts do not wait for each other: an org that hangs holds up its own account only. Everything here can be driven
//! by hand ([`step`]), or left to run ([`supervise`]).

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use tokio::task::JoinHandle;

use crate::{
    context::Context,
    failure::Result,
    vendors::referral_rock::{following, referral_add, sales_receiver},
};

/// What one step of an account does at most, so that a caller gets its turn.
const MOST_PER_STEP: usize = 50;

/// Does what is due now, account after account; returns how much that was.
pub async fn step(ctx: &Context) -> Result<usize> {
    let accounts = ctx.store.read().await?.accounts().await?;
    let mut done = 0;
    for account in accounts {
        done += step_account(ctx, &account.id).await?;
    }
    Ok(done)
}

async fn step_account(ctx: &Context, account: &str) -> Result<usize> {
    let turn = ctx.turn(account).await;
    let _turn = turn.lock().await;
    let mut done = 0;
    while done < MOST_PER_STEP && !*ctx.stopping.borrow() {
        let (entry, item) = {
            let mut tx = ctx.store.read().await?;
            let entry = tx.next_entry(account, ctx.now()).await?;
            let item = if entry.is_none() { tx.next_outbox(account, ctx.now()).await? } else { None };
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

/// Works for one account: a step whenever something was committed or has become due.
async fn work(ctx: &Context, account: &str) {
    let mut progress = ctx.progress.subscribe();
    let mut stopping = ctx.stopping.subscribe();
    while !*stopping.borrow_and_update() {
        progress.mark_unchanged();
        let due = match step_account(ctx, account).await {
            Ok(0) => next_due(ctx, account).await,
            Ok(_) => continue,
            Err(error) => Err(error),
        };
        let due = due.unwrap_or_else(|error| {
            tracing::error!(account, %error, "a step failed; trying again after the next commit");
            None
        });
        tokio::select! {
            _ = progress.changed() => {}
            _ = stopping.changed() => {}
            () = ctx.clock.sleep_until(due.unwrap_or(Timestamp::MAX)), if due.is_some() => {}
        }
    }
}

async fn next_due(ctx: &Context, account: &str) -> Result<Option<Timestamp>> {
    Ok(ctx.store.read().await?.next_due(account).await?)
}

/// Keeps a follower for each connected account whose Referral Update is on, and (`working`) a worker for every account and
/// somebody who looks after the push topics.
pub async fn supervise(ctx: Arc<Context>, working: bool) {
    let mut followers: BTreeMap<Follow, Running> = BTreeMap::new();
    let mut guards: BTreeMap<String, Running> = BTreeMap::new();
    let mut workers: BTreeMap<String, Running> = BTreeMap::new();
    let mut stopping = ctx.stopping.subscribe();
    while !*stopping.borrow_and_update() {
        match wanted(&ctx).await {
            Ok(wanted) => {
                followers.retain(|key, _| wanted.followed.contains(key));
                guards.retain(|account, _| wanted.followed.iter().any(|key| key.account == *account));
                for key in wanted.followed {
                    if working {
                        guards.entry(key.account.clone()).or_insert_with_key(|account| {
                            let (ctx, account) = (Arc::clone(&ctx), account.clone());
                            Running(tokio::spawn(async move { following::guard(&ctx, &account).await }))
                        });
                    }
                    followers.entry(key).or_insert_with_key(|key| {
                        let (ctx, account) = (Arc::clone(&ctx), key.account.clone());
                        Running(tokio::spawn(async move { following::follow(&ctx, &account).await }))
                    });
                }
                for account in wanted.accounts.into_iter().filter(|_| working) {
                    workers.entry(account).or_insert_with_key(|account| {
                        let (ctx, account) = (Arc::clone(&ctx), account.clone());
                        Running(tokio::spawn(async move { work(&ctx, &account).await }))
                    });
                }
            }
            Err(error) => tracing::error!(%error, "who is to be followed could not be read"),
        }
        tokio::select! {
            () = ctx.rewire.notified() => {}
            _ = stopping.changed() => {}
        }
    }
    followers.clear();
    guards.clear();
    for (_, mut worker) in workers {
        // It sees `stopping` after the item that it is at.
        let _ = (&mut worker.0).await;
    }
}

#[derive(Debug, Default)]
struct Wanted {
    accounts: Vec<String>,
    followed: Vec<Follow>,
}

/// Whom to follow; a new connection, or a wish to begin anew, is another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Follow {
    account: String,
    connected_at: Timestamp,
    anew: u64,
}

async fn wanted(ctx: &Context) -> Result<Wanted> {
    let mut tx = ctx.store.read().await?;
    let mut wanted = Wanted::default();
    for account in tx.accounts().await? {
        let follow = sales_receiver::setup(&account).is_ok_and(|setup| setup.enabled);
        if let (true, Some(connection)) = (follow, tx.connection(&account.id).await?) {
            let anew = ctx.anew.borrow().get(&account.id).copied().unwrap_or(0);
            let connected_at = connection.connected_at;
            wanted.followed.push(Follow { account: account.id.clone(), connected_at, anew });
        }
        wanted.accounts.push(account.id);
    }
    Ok(wanted)
}

/// A task that ends with its owner.
struct Running(JoinHandle<()>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}
