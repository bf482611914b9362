//! "How the Sales Receiver Works": every event of the org makes a Sales Entry (RR-13), and is then processed: read, matched,
//! decided, applied.
//!
//! Storing an event and processing it are two transactions, so that an org which cannot be read loses no event. What an entry
//! changes (referral, link, notification, the entry itself) is one.

use jiff::{SignedDuration, Timestamp};

use super::{
    config::ReferralUpdate,
    fields_to_update, member_match, push_topics,
    relations::gather,
    target_match::{self, Values},
};
use crate::{
    context::{Connected, Context},
    failure::{Failure, Result},
    salesforce::{
        ErrorKind, RetryClass,
        streaming::{Change, Event},
    },
    store::{Account, Cursor, EntryState, EntryValues, How, Link, Referral, SalesEntry, Tx},
    sync::{
        backoff,
        echo::{OwnWrite, Seen, is_echo},
        processing::{Found, Gate, StatusDecision, StatusQuestion, decide_status, gate},
        qualification::applicable,
        relation::Object,
    },
};

/// The account's set-up; one that was never made is off.
pub fn setup(account: &Account) -> Result<ReferralUpdate> {
    Ok(account.referral_update.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default())
}

/// A new entry, stored and due.
pub fn new_entry(
    ctx: &Context,
    account: &str,
    object: Object,
    record_id: &str,
    created: bool,
    via: &str,
) -> SalesEntry {
    let now = ctx.now();
    SalesEntry {
        id: ctx.guid(),
        account_id: account.to_owned(),
        object: object.as_str().to_owned(),
        record_id: record_id.to_owned(),
        event_type: if created { "created" } else { "updated" }.to_owned(),
        via: via.to_owned(),
        org_time: None,
        modified_by: None,
        modstamp: None,
        fingerprint: None,
        received_at: now,
        updated_at: now,
        state: EntryState::Received,
        reason: None,
        matched_by: None,
        referral_id: None,
        member_id: None,
        echo: false,
        values: None,
        corrections: crate::store::Corrections::default(),
        attempts: 0,
        due_at: now,
    }
}

/// Stores an event of the stream with its place in it. An event that was stored before changes nothing.
pub async fn store_event(ctx: &Context, account: &str, event: &Event) -> Result<()> {
    let Some(object) = push_topics::object_of(&event.channel) else { return Ok(()) };
    let now = ctx.now();
    let mut tx = ctx.store.write().await?;
    let mut cursor = tx.cursor(account, &event.channel).await?.unwrap_or(Cursor {
        replay_id: None,
        since: event.created_date,
        high_water: event.created_date,
        must_poll: false,
    });
    cursor.replay_id = Some(event.replay_id);
    cursor.high_water = cursor.high_water.max(event.created_date);
    tx.set_cursor(account, &event.channel, &cursor).await?;
    let concerns_us = matches!(event.change, Change::Created | Change::Updated);
    if let (true, Some(record_id)) = (concerns_us, event.sobject.id()) {
        let created = event.change == Change::Created;
        let mut entry = new_entry(ctx, account, object, record_id, created, "stream");
        entry.org_time = Some(event.created_date);
        entry.modified_by = event.sobject.text("LastModifiedById").map(ToOwned::to_owned);
        entry.modstamp = event.sobject.text("SystemModstamp").map(ToOwned::to_owned);
        let key = event.replay_id.to_string();
        if tx.note_event(account, &event.channel, &key, &entry.id, now).await? {
            tx.add_entry(&entry).await?;
            tx.entry_was_received(account, now).await?;
        }
    }
    tx.org_was_reached(account, now).await?;
    tx.commit().await?;
    ctx.committed();
    Ok(())
}

/// Processes an entry: now that it is due, or because a person asks (`approved`: a person has reviewed it).
pub async fn process(ctx: &Context, mut entry: SalesEntry, approved: bool) -> Result<SalesEntry> {
    let account = ctx.store.read().await?.account(&entry.account_id).await?;
    let account = account.ok_or_else(|| Failure::no("account", &entry.account_id))?;
    let setup = setup(&account)?;
    let trigger = Object::parse(&entry.object)
        .ok_or_else(|| Failure::conflict(format!("{} triggers nothing", entry.object)))?;
    if entry.values.is_none() {
        match read_org(ctx, &setup, trigger, &mut entry).await {
            Ok(()) => {}
            Err(Failure::NotConnected) => return wait(ctx, entry, &Failure::NotConnected).await,
            Err(failure @ Failure::Store(_)) => return Err(failure),
            Err(failure) => return postpone(ctx, entry, &failure).await,
        }
    }
    let mut tx = ctx.store.write().await?;
    let receiver = Receiver { ctx, setup: &setup, trigger, approved, now: ctx.now() };
    match entry.values.clone() {
        Some(values) => receiver.receive(&mut tx, &mut entry, &values).await?,
        None => {
            receiver
                .close(&mut tx, &mut entry, EntryState::Failed, "The record is gone from the org.")
                .await?;
        }
    }
    tx.commit().await?;
    ctx.committed();
    Ok(entry)
}

async fn read_org(
    ctx: &Context,
    setup: &ReferralUpdate,
    trigger: Object,
    entry: &mut SalesEntry,
) -> Result<()> {
    let connected: Connected = ctx.connected(&entry.account_id).await?;
    let gathered = gather(ctx, &entry.account_id, &connected, setup, trigger, &entry.record_id).await?;
    if let Some(gathered) = gathered {
        entry.values = Some(gathered.values);
        entry.fingerprint = Some(gathered.fingerprint);
        // The event's own stamp and user count; a later change of the record has its own event.
        entry.modstamp = entry.modstamp.take().or(gathered.modstamp);
        entry.modified_by = entry.modified_by.take().or(gathered.modified_by);
    }
    Ok(())
}

/// The org could not be read: later, or never.
async fn postpone(ctx: &Context, mut entry: SalesEntry, error: &Failure) -> Result<SalesEntry> {
    let class = match error {
        Failure::Salesforce(error) if matches!(error.kind, ErrorKind::NeedsReconnect { .. }) => {
            return wait(ctx, entry, error).await;
        }
        Failure::Salesforce(error) => error.retry_class(),
        _ => RetryClass::Backoff,
    };
    entry.attempts += 1;
    if class == RetryClass::Never || entry.attempts >= backoff::MOST_ATTEMPTS {
        entry.state = EntryState::Failed;
        entry.reason =
            Some(format!("The org could not be read: {error}. Retry this entry when that is mended."));
    } else {
        let seconds = match class {
            RetryClass::UntilReset => backoff::LIMIT_SECONDS,
            _ => backoff::wait_seconds(entry.attempts),
        };
        entry.state = EntryState::Received;
        entry.due_at = later(ctx.now(), seconds);
        entry.reason = Some(format!("The org could not be read yet: {error}."));
    }
    save(ctx, entry).await
}

async fn wait(ctx: &Context, mut entry: SalesEntry, why: &impl ToString) -> Result<SalesEntry> {
    entry.state = EntryState::Received;
    entry.due_at = later(ctx.now(), backoff::NOT_CONNECTED_SECONDS);
    entry.reason = Some(why.to_string());
    save(ctx, entry).await
}

async fn save(ctx: &Context, mut entry: SalesEntry) -> Result<SalesEntry> {
    entry.updated_at = ctx.now();
    let mut tx = ctx.store.write().await?;
    tx.update_entry(&entry).await?;
    tx.commit().await?;
    ctx.committed();
    Ok(entry)
}

fn later(now: Timestamp, seconds: i64) -> Timestamp {
    now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

struct Receiver<'a> {
    ctx: &'a Context,
    setup: &'a ReferralUpdate,
    trigger: Object,
    approved: bool,
    now: Timestamp,
}

impl Receiver<'_> {
    async fn receive(&self, tx: &mut Tx, entry: &mut SalesEntry, values: &EntryValues) -> Result<()> {
        entry.echo |= self.recognise_echo(tx, entry).await?;
        let corrections = entry.corrections.clone();
        let values = Values { values, corrections: &corrections };
        let found = target_match::find(tx, self.setup, entry, self.trigger, values).await;
        let (found, referrals) = match found {
            Ok(found) => found,
            Err(Failure::NotFound { what }) => {
                return self.close(tx, entry, EntryState::Failed, &format!("There is no {what}.")).await;
            }
            Err(other) => return Err(other),
        };
        entry.matched_by = matched_by(&found);
        entry.referral_id = referrals.first().map(|referral| referral.id.clone());
        match gate(&found, &self.setup.process_rules, self.approved) {
            Gate::GoOn => self.update(tx, entry, referrals, values).await,
            Gate::Review(reason) => self.close(tx, entry, EntryState::Review, &reason).await,
            Gate::AddToMember => self.add_to_member(tx, entry, values).await,
        }
    }

    async fn recognise_echo(&self, tx: &mut Tx, entry: &SalesEntry) -> Result<bool> {
        let Some(connection) = tx.connection(&entry.account_id).await? else { return Ok(false) };
        for link in tx.links_of_record(&entry.account_id, &entry.object, &entry.record_id).await? {
            let own = OwnWrite { created_by_engine: link.how == How::Created, stamp: link.echo.as_deref() };
            let seen = Seen {
                created: entry.event_type == "created",
                modified_by: entry.modified_by.as_deref(),
                stamp: entry.modstamp.as_deref(),
            };
            if is_echo(&own, &connection.user_id, &seen) {
                if !seen.created {
                    tx.clear_echo(&link).await?;
                }
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn add_to_member(&self, tx: &mut Tx, entry: &mut SalesEntry, values: Values<'_>) -> Result<()> {
        let member = match member_match::find(tx, self.setup, entry, values).await {
            Ok(member_match::Named::Member(member)) => member,
            Ok(member_match::Named::Nobody(why)) => {
                let rule_c = self.setup.process_rules.review_without_member_match;
                let state = if rule_c { EntryState::Review } else { EntryState::Failed };
                let reason = format!("It matches no referral, and no member: {why}.");
                return self.close(tx, entry, state, &reason).await;
            }
            Err(Failure::NotFound { what }) => {
                return self.close(tx, entry, EntryState::Failed, &format!("There is no {what}.")).await;
            }
            Err(other) => return Err(other),
        };
        entry.member_id = Some(member.id.clone());
        let new_id = self.ctx.guid();
        let added =
            member_match::add_referral(tx, entry, self.trigger, &member, values, new_id, self.now).await?;
        let Some(referral) = added else {
            let reason = format!(
                "It would add a referral to {}, but it tells neither a name nor an email.",
                member.full_name()
            );
            return self.close(tx, entry, EntryState::Failed, &reason).await;
        };
        entry.referral_id = Some(referral.id.clone());
        entry.matched_by = Some(format!("member {}", member.full_name()));
        self.update(tx, entry, vec![referral], values).await
    }

    /// Applies the status-change event, if one applies, to every referral of the entry.
    async fn update(
        &self,
        tx: &mut Tx,
        entry: &mut SalesEntry,
        referrals: Vec<Referral>,
        values: Values<'_>,
    ) -> Result<()> {
        let rule = applicable(&self.setup.status_change_events, |object, field| values.raw(object, field));
        let mut outcomes = Vec::new();
        let mut reviews = Vec::new();
        for mut referral in referrals {
            self.follow_conversion(tx, entry, &referral, values).await?;
            let decision = decide_status(&StatusQuestion {
                current: referral.status,
                ever_qualified: referral.ever_qualified,
                wanted: rule.map(|rule| rule.status),
                override_denied: self.setup.override_denied,
                review_denied: self.setup.process_rules.review_denied,
                approved_by_person: self.approved,
                echo: entry.echo,
            });
            match decision {
                StatusDecision::NoEvent => outcomes.push("No status change event applies.".to_owned()),
                StatusDecision::Kept(reason) => outcomes.push(reason),
                StatusDecision::Review(reason) => reviews.push(reason),
                StatusDecision::Already(status) => {
                    let changed = self.write_fields(tx, &mut referral, values).await?;
                    outcomes.push(format!("The referral is {status} already{changed}."));
                }
                StatusDecision::Change(status) => {
                    let before = referral.status;
                    tx.set_status(&mut referral, status, self.now, &entry.id).await?;
                    let changed = self.write_fields(tx, &mut referral, values).await?;
                    outcomes.push(format!("The referral went from {before} to {status}{changed}."));
                }
            }
        }
        if reviews.is_empty() {
            self.close(tx, entry, EntryState::Processed, &outcomes.join(" ")).await
        } else {
            reviews.extend(outcomes);
            self.close(tx, entry, EntryState::Review, &reviews.join(" ")).await
        }
    }

    async fn write_fields(&self, tx: &mut Tx, referral: &mut Referral, values: Values<'_>) -> Result<String> {
        let changed = fields_to_update::apply(referral, &self.setup.fields_to_update, values);
        if changed.is_empty() {
            return Ok(String::new());
        }
        referral.updated_at = self.now;
        tx.update_referral(referral).await?;
        Ok(format!("; updated {}", changed.join(", ")))
    }

    /// A converted lead goes on as a contact and an opportunity: their events are about the same referral.
    async fn follow_conversion(
        &self,
        tx: &mut Tx,
        entry: &SalesEntry,
        referral: &Referral,
        values: Values<'_>,
    ) -> Result<()> {
        if self.trigger != Object::Lead || values.text(Object::Lead, "IsConverted").as_deref() != Some("true")
        {
            return Ok(());
        }
        for (object, field) in
            [(Object::Contact, "ConvertedContactId"), (Object::Opportunity, "ConvertedOpportunityId")]
        {
            if let Some(id) = values.text(Object::Lead, field) {
                tx.add_link(&Link {
                    account_id: entry.account_id.clone(),
                    referral_id: referral.id.clone(),
                    object: object.as_str().to_owned(),
                    id,
                    how: How::Found,
                    echo: None,
                    created_at: self.now,
                })
                .await?;
            }
        }
        Ok(())
    }

    async fn close(
        &self,
        tx: &mut Tx,
        entry: &mut SalesEntry,
        state: EntryState,
        reason: &str,
    ) -> Result<()> {
        // The engine's own write is nobody's to review.
        let state = if entry.echo && state == EntryState::Review { EntryState::Processed } else { state };
        let first_review = state == EntryState::Review && entry.state != EntryState::Review;
        entry.state = state;
        entry.reason = Some(reason.to_owned());
        entry.updated_at = self.now;
        tx.update_entry(entry).await?;
        if first_review && self.setup.process_rules.notify_on_review {
            let text =
                format!("A Sales Entry needs a review ({} {}): {reason}", entry.object, entry.record_id);
            tx.notify(&entry.account_id, self.now, Some(&entry.id), &text).await?;
        }
        Ok(())
    }
}

fn matched_by(found: &Found) -> Option<String> {
    match found {
        Found::Direct { by } => Some(format!("direct: {by}")),
        Found::Fuzzy { by } => Some(format!("fuzzy: {by}")),
        Found::ByHand => Some("a person".to_owned()),
        Found::Ambiguous { .. } => Some("fuzzy: several".to_owned()),
        Found::Nobody => None,
    }
}
