//! "Update Referral Rock based on event triggers in Salesforce": following an account's push topics, and reading by query what
//! the stream has lost.
//!
//! The order that loses nothing: note the org's time, subscribe, then read what changed since the mark. An event that comes both
//! ways is one entry: a polled record is passed over when its newest entry has seen the same state of it.

use jiff::{SignedDuration, Timestamp};

use super::{
    config::ReferralUpdate,
    push_topics::{self, Ensured},
    relations, sales_receiver,
};
use crate::{
    context::{Connected, Context},
    failure::{Failure, Result},
    salesforce::{
        ErrorKind,
        soql::{Condition, Is, Select},
        streaming::{Delivery, Replay, Stream, Subscription},
    },
    store::{Cursor, EntryState},
    sync::{backoff, relation::Object},
};

/// How often the topics are looked at.
const GUARD_SECONDS: i64 = 10 * 60;

/// Follows an account for ever: what breaks is taken up again after a while.
pub async fn follow(ctx: &Context, account: &str) {
    let mut failures = 0;
    loop {
        let error = match follow_until_it_breaks(ctx, account, &mut failures).await {
            Ok(never) => match never {},
            Err(error) => error,
        };
        ctx.followed.send_modify(|followed| {
            followed.remove(account);
        });
        ctx.trouble.send_modify(|trouble| {
            trouble.insert(account.to_owned(), error.to_string());
        });
        if let Failure::Salesforce(crate::salesforce::Error {
            kind: ErrorKind::ReplayExpired { channel },
            ..
        }) = &error
        {
            if let Err(error) = note_expired(ctx, account, channel).await {
                tracing::error!(account, %error, "the expired place in the stream could not be noted");
            } else {
                continue;
            }
        }
        failures += 1;
        tracing::warn!(account, %error, failures, "the org's events are not followed at present");
        note_trouble(ctx, account, &error).await;
        let until = ctx
            .now()
            .saturating_add(SignedDuration::from_secs(backoff::wait_seconds(failures)))
            .unwrap_or(Timestamp::MAX);
        ctx.clock.sleep_until(until).await;
    }
}

async fn follow_until_it_breaks(
    ctx: &Context,
    account: &str,
    failures: &mut i64,
) -> Result<std::convert::Infallible> {
    let connected = ctx.connected(account).await?;
    let mut stream = open(ctx, account, &connected).await?;
    *failures = 0;
    catch_up(ctx, account, &connected).await?;
    loop {
        match stream.next().await? {
            Delivery::Event(event) => {
                // Tests stand here to kill the engine between receiving an event and storing it.
                let _ = ctx.storing.subscribe().wait_for(|open| *open).await;
                sales_receiver::store_event(ctx, account, &event).await?;
            }
            Delivery::SubscriptionRefused { channel, error } => {
                let text = format!("Salesforce refused the subscription to {channel}: {error}.");
                let mut tx = ctx.store.write().await?;
                tx.log(account, ctx.now(), "error", "push topics", &text).await?;
                tx.commit().await?;
            }
        }
    }
}

/// Marks the place of channels that are new, makes their topics, and subscribes. In this order, so that what happens from the mark
/// on is either told or read by query, wherever the engine may die in between.
async fn open(ctx: &Context, account: &str, connected: &Connected) -> Result<Stream> {
    let org_now = org_time(connected).await?;
    let mut tx = ctx.store.write().await?;
    for object in Object::ALL {
        let channel = push_topics::channel(object);
        if tx.cursor(account, &channel).await?.is_none() {
            let fresh = Cursor { replay_id: None, since: org_now, high_water: org_now, must_poll: true };
            tx.set_cursor(account, &channel, &fresh).await?;
        }
    }
    tx.commit().await?;
    let topics = push_topics::ensure(ctx, &connected.client).await?;
    let mut subscriptions = Vec::new();
    let mut tx = ctx.store.write().await?;
    for object in Object::ALL {
        let channel = push_topics::channel(object);
        let Some(cursor) = tx.cursor(account, &channel).await? else { continue };
        // A topic that was made just now has told nothing before us: all of it is ours. Of an older one without a place
        // (it listened and stored nothing, or the place has expired) the past is read by query.
        let (replay, must_poll) = match cursor.replay_id {
            // While a topic was away or turned off, nobody told what happened.
            Some(id) if topics.made.contains(&object) || topics.mended.contains(&object) => {
                (Replay::After(id), true)
            }
            Some(id) => (Replay::After(id), cursor.must_poll),
            None if topics.made.contains(&object) => (Replay::All, false),
            None => (Replay::New, true),
        };
        tx.set_cursor(account, &channel, &Cursor { must_poll, ..cursor }).await?;
        subscriptions.push(Subscription { channel, replay });
    }
    tx.org_was_reached(account, ctx.now()).await?;
    tx.commit().await?;
    ctx.committed();
    let stream = Stream::open(connected.client.clone(), subscriptions).await?;
    ctx.trouble.send_modify(|trouble| {
        trouble.remove(account);
    });
    ctx.followed.send_modify(|followed| {
        followed.insert(account.to_owned());
    });
    Ok(stream)
}

/// Looks after the topics from time to time: a topic that somebody deletes or turns off falls silent without a word, and a
/// subscription to it goes on as if nothing ever happened in the org.
pub async fn guard(ctx: &Context, account: &str) {
    loop {
        let next =
            ctx.now().saturating_add(SignedDuration::from_secs(GUARD_SECONDS)).unwrap_or(Timestamp::MAX);
        ctx.clock.sleep_until(next).await;
        if let Err(error) = mend(ctx, account).await {
            tracing::warn!(account, %error, "the push topics could not be looked at");
        }
    }
}

/// Mends the topics; if there was something to mend, what was missed is read by query, and the account is followed anew.
pub(super) async fn mend(ctx: &Context, account: &str) -> Result<bool> {
    let connected = ctx.connected(account).await?;
    let Ensured { made, mended } = push_topics::ensure(ctx, &connected.client).await?;
    let silent: Vec<Object> = made.into_iter().chain(mended).collect();
    if silent.is_empty() {
        return Ok(false);
    }
    let mut tx = ctx.store.write().await?;
    for object in &silent {
        let channel = push_topics::channel(*object);
        if let Some(cursor) = tx.cursor(account, &channel).await? {
            tx.set_cursor(account, &channel, &Cursor { must_poll: true, ..cursor }).await?;
        }
        let text = format!("The push topic of {object} was missing, changed or turned off, and was mended.");
        tx.log(account, ctx.now(), "warning", "push topics", &text).await?;
    }
    tx.commit().await?;
    ctx.committed();
    ctx.follow_anew(account);
    Ok(true)
}

/// The org's time, from the answer to the cheapest of questions.
async fn org_time(connected: &Connected) -> Result<Timestamp> {
    let page = connected.client.query_page("SELECT Id FROM Organization LIMIT 1").await?;
    page.answered_at.ok_or_else(|| {
        Failure::conflict("Salesforce's answer has no Date header: the org's time is not known.")
    })
}

async fn note_expired(ctx: &Context, account: &str, channel: &str) -> Result<()> {
    let mut tx = ctx.store.write().await?;
    // The stream names one channel; places of the same age have expired with it, and a poll too many costs little.
    for object in Object::ALL {
        let name = push_topics::channel(object);
        let concerned = name == channel || push_topics::object_of(channel).is_none();
        if let (true, Some(cursor)) = (concerned, tx.cursor(account, &name).await?) {
            tx.set_cursor(account, &name, &Cursor { replay_id: None, must_poll: true, ..cursor }).await?;
        }
    }
    let text = format!("The place in {channel} has expired: changes since then are read by query.");
    tx.log(account, ctx.now(), "warning", "push topics", &text).await?;
    tx.commit().await?;
    Ok(())
}

async fn note_trouble(ctx: &Context, account: &str, error: &Failure) {
    let note = async {
        let mut tx = ctx.store.write().await?;
        let text = format!("The org's events are not followed at present: {error}");
        tx.log(account, ctx.now(), "warning", "push topics", &text).await?;
        tx.commit().await?;
        Result::<()>::Ok(())
    };
    if let Err(error) = note.await {
        tracing::error!(account, %error, "the log could not be written");
    }
}

/// Reads by query what the stream may have lost.
async fn catch_up(ctx: &Context, account: &str, connected: &Connected) -> Result<()> {
    for object in Object::ALL {
        let cursor = ctx.store.read().await?.cursor(account, &push_topics::channel(object)).await?;
        if let Some(cursor) = cursor.filter(|cursor| cursor.must_poll) {
            poll(ctx, account, connected, object, &cursor).await?;
        }
    }
    Ok(())
}

async fn poll(
    ctx: &Context,
    account: &str,
    connected: &Connected,
    object: Object,
    cursor: &Cursor,
) -> Result<()> {
    let setup = setup_of(ctx, account).await?;
    let overlap = SignedDuration::from_secs(ctx.config.referral_rock.poll_overlap_seconds);
    let from = cursor.high_water.saturating_sub(overlap).unwrap_or(Timestamp::MIN).max(cursor.since);
    let fields = relations::trigger_fields(ctx, account, connected, &setup, object).await?;
    let query = Select::from(object.as_str())
        .fields(fields)
        .filter(Condition::new("SystemModstamp", Is::GreaterOrEqual, from))
        .order_by("SystemModstamp")
        .order_by("Id");
    let page = connected.client.query_page(&query.to_string()).await?;
    let answered_at = page.answered_at.unwrap_or(cursor.high_water);
    let mut records = page.records;
    let mut next = page.next;
    while let Some(locator) = next {
        let page = connected.client.query_more(&locator).await?;
        records.extend(page.records);
        next = page.next;
    }
    let now = ctx.now();
    let channel = push_topics::channel(object);
    let mut tx = ctx.store.write().await?;
    for record in records {
        let Some(id) = record.id() else { continue };
        let fingerprint = relations::fingerprint(&record);
        let newest = tx.last_entry_of(account, object.as_str(), id).await?;
        // What the engine has seen before is not new, whatever the instants say.
        let created = newest.is_none()
            && record.timestamp("CreatedDate").is_some_and(|created| created >= cursor.high_water);
        let seen = newest.is_some_and(|entry| {
            // An entry that still waits will read the record as it is now.
            entry.fingerprint.as_deref() == Some(&fingerprint)
                || (entry.state == EntryState::Received && entry.values.is_none())
        });
        let mut entry = sales_receiver::new_entry(ctx, account, object, id, created, "poll");
        entry.org_time = record.timestamp("SystemModstamp");
        entry.modstamp = record.text("SystemModstamp").map(ToOwned::to_owned);
        entry.modified_by = record.text("LastModifiedById").map(ToOwned::to_owned);
        let key = format!("{id} {fingerprint}");
        if !seen && tx.note_event(account, &format!("poll {object}"), &key, &entry.id, now).await? {
            tx.add_entry(&entry).await?;
            tx.entry_was_received(account, now).await?;
        }
    }
    // The stream may have stored newer events while we read: its place is theirs.
    if let Some(current) = tx.cursor(account, &channel).await? {
        let high_water = current.high_water.max(answered_at);
        tx.set_cursor(account, &channel, &Cursor { must_poll: false, high_water, ..current }).await?;
    }
    tx.org_was_reached(account, now).await?;
    tx.commit().await?;
    ctx.committed();
    Ok(())
}

async fn setup_of(ctx: &Context, account: &str) -> Result<ReferralUpdate> {
    let found = ctx.store.read().await?.account(account).await?;
    sales_receiver::setup(&found.ok_or_else(|| Failure::no("account", account))?)
}
