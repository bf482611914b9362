//! "Referral Add to Salesforce" (RR-06 to RR-12): a referral that is added in the product becomes a Lead or a Contact.
//!
//! Choices where the document is silent:
//! - A Lead without a company, and a record without a last name, could not be saved: "[not provided]" is sent, as Salesforce's
//!   own integrations do. A Contact's company goes to a field of the set-up, since a Contact has none.
//! - "Referral Rock Source Note" says who referred and in which program.
//! - A create whose answer never came is looked for by the Referral ID before it is sent again, so that there is
//!   never a second record; the same goes for an item that was being sent when the engine died.

use jiff::{SignedDuration, Timestamp};

use super::config::ReferralAdd;
use crate::{
    context::{Connected, Context},
    failure::{Failure, Result},
    salesforce::{
        Error, ErrorKind, Fields, RetryClass, WriteOptions,
        soql::{Condition, Select},
    },
    store::{How, Link, Member, OutboxItem, OutboxState, Program, Referral, Tx},
    sync::{
        backoff,
        duplicates::{Decision, Match, WhenEmailMatches, decide},
        mapping::Outgoing,
        status::{Move, Status, change},
    },
};

pub const KIND: &str = "referral_add";
const NOT_PROVIDED: &str = "[not provided]";

/// The program's set-up; one that was never made is off.
pub fn setup(program: &Program) -> Result<ReferralAdd> {
    Ok(program.referral_add.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default())
}

/// A referral was added: note that it has to be sent, in the same transaction.
pub async fn referral_was_added(
    ctx: &Context,
    tx: &mut Tx,
    program: &Program,
    referral: &Referral,
) -> Result<()> {
    if !setup(program)?.enabled {
        return Ok(());
    }
    let now = ctx.now();
    tx.enqueue(&OutboxItem {
        id: ctx.guid(),
        account_id: referral.account_id.clone(),
        kind: KIND.to_owned(),
        referral_id: referral.id.clone(),
        state: OutboxState::Pending,
        attempts: 0,
        due_at: now,
        outcome: None,
        created_at: now,
        updated_at: now,
    })
    .await?;
    Ok(())
}

/// Everything that one sending is about.
struct Job {
    item: OutboxItem,
    referral: Referral,
    program: Program,
    member: Option<Member>,
    setup: ReferralAdd,
}

/// Sends a referral, and notes what came of it; afterwards it is done, due later, or laid aside for a person. Only a store that
/// fails is an error: everything else is the item's own trouble and must not hold up the others.
pub async fn send(ctx: &Context, mut item: OutboxItem) -> Result<()> {
    if item.state == OutboxState::Sending {
        item.state = OutboxState::Ambiguous;
    }
    match try_to_send(ctx, item.clone()).await {
        Err(failure @ Failure::Store(_)) => Err(failure),
        Err(Failure::Salesforce(error)) => not_sent(ctx, item, &error).await,
        Err(failure) => put_off(ctx, item, &failure).await,
        Ok(()) => Ok(()),
    }
}

async fn try_to_send(ctx: &Context, item: OutboxItem) -> Result<()> {
    let Some(job) = load(ctx, &item).await? else {
        return settle(ctx, item, OutboxState::Dead, "the referral or its program is gone".into()).await;
    };
    if !job.setup.enabled {
        return settle(ctx, item, OutboxState::Done, "not sent: Referral Add is off in its program".into())
            .await;
    }
    let connected = match ctx.connected(&item.account_id).await {
        Ok(connected) => connected,
        Err(Failure::NotConnected) => return wait_for_connection(ctx, item, &Failure::NotConnected).await,
        Err(other) => return Err(other),
    };
    if connected.is_sandbox {
        let text = "a sandbox is connected for Referral Updates only: nothing is sent to it";
        return settle(ctx, item, OutboxState::Dead, text.into()).await;
    }
    carry_out(ctx, &connected, &job).await
}

/// Trouble on our side: tried again, a bounded number of times.
async fn put_off(ctx: &Context, mut item: OutboxItem, failure: &Failure) -> Result<()> {
    item.attempts += 1;
    if item.attempts >= backoff::MOST_ATTEMPTS {
        item.state = OutboxState::Dead;
    }
    item.due_at = later(ctx, backoff::wait_seconds(item.attempts));
    item.updated_at = ctx.now();
    item.outcome = Some(failure.to_string());
    save(ctx, &item).await
}

async fn load(ctx: &Context, item: &OutboxItem) -> Result<Option<Job>> {
    let mut tx = ctx.store.read().await?;
    let account = &item.account_id;
    let Some(referral) = tx.referral(account, &item.referral_id).await? else { return Ok(None) };
    let Some(program) = tx.program(account, &referral.program_id).await? else { return Ok(None) };
    let member = match &referral.member_id {
        Some(id) => tx.member(account, id).await?,
        None => None,
    };
    let setup = setup(&program)?;
    Ok(Some(Job { item: item.clone(), referral, program, member, setup }))
}

/// Has it been sent before? Is the email known? Then what the program's rule says.
async fn carry_out(ctx: &Context, connected: &Connected, job: &Job) -> Result<()> {
    let target = job.setup.add_as.object().as_str();
    if (job.item.state == OutboxState::Ambiguous || job.item.attempts > 0)
        && let Some(id) = sent_before(connected, job, target).await?
    {
        let text = format!("{target} {id} was found by its Referral ID: an earlier attempt had arrived");
        return done(ctx, job, How::Created, target, &id, None, text).await;
    }
    let (matches, org_now) = match &job.referral.email {
        Some(email) => matches_by_email(connected, email).await?,
        None => (Vec::new(), ctx.now()),
    };
    let rule = job.setup.when_email_matches;
    match decide(rule, target, matches, org_now) {
        Decision::Create => create(ctx, connected, job, target).await,
        Decision::Link(found) => {
            let text = format!("{} {} has this email and was left as it is", found.object, found.id);
            done(ctx, job, How::Found, &found.object, &found.id, None, text).await
        }
        Decision::LinkWithinGrace(found) => {
            let text = format!(
                "{} {} has this email, but was created within the past 60 minutes: not denied",
                found.object, found.id
            );
            done(ctx, job, How::Found, &found.object, &found.id, None, text).await
        }
        Decision::AddInformation(found) => add_information(ctx, connected, job, &found).await,
        Decision::Deny(found) => deny(ctx, job, &found).await,
    }
}

async fn sent_before(connected: &Connected, job: &Job, target: &str) -> Result<Option<String>> {
    let field = &job.setup.standard_fields.referral_id;
    let query = Select::from(target)
        .field("Id")
        .filter(Condition::equal(field, job.referral.id.as_str()))
        .order_by("CreatedDate")
        .limit(1);
    let records = connected.client.query(&query.to_string()).await?;
    Ok(records.first().and_then(|record| record.id()).map(ToOwned::to_owned))
}

/// Unconverted leads and contacts with this email, and the org's time at which that was so.
async fn matches_by_email(connected: &Connected, email: &str) -> Result<(Vec<Match>, Timestamp)> {
    let mut matches = Vec::new();
    let mut org_now = None;
    for object in ["Lead", "Contact"] {
        let mut query = Select::from(object)
            .fields(["Id", "CreatedDate"])
            .filter(Condition::equal("Email", email.trim()));
        if object == "Lead" {
            query = query.filter(Condition::equal("IsConverted", false));
        }
        let page = connected.client.query_page(&query.order_by("CreatedDate").to_string()).await?;
        org_now = page.answered_at.or(org_now);
        for record in page.records {
            if let (Some(id), Some(created)) = (record.id(), record.timestamp("CreatedDate")) {
                matches.push(Match { object: object.to_owned(), id: id.to_owned(), created });
            }
        }
    }
    // The grace period is counted in the org's time alone: without its Date header there is no telling.
    let org_now = org_now.ok_or_else(|| {
        Failure::conflict("Salesforce's answer has no Date header: the org's time is not known.")
    })?;
    Ok((matches, org_now))
}

/// The record as the set-up describes it.
fn outgoing(ctx: &Context, job: &Job, object: &str) -> Outgoing {
    let Job { referral, setup, member, program, .. } = job;
    let fields = &setup.standard_fields;
    let mut record = Outgoing::default();
    record.put("FirstName", Some(&referral.first_name));
    record.put("LastName", Some(&referral.last_name));
    record.put("LastName", Some(NOT_PROVIDED));
    record.put("Email", referral.email.as_deref());
    if object == "Lead" {
        record.put("Company", referral.company.as_deref());
        record.put("Company", Some(NOT_PROVIDED));
    } else {
        record.put(&fields.contact_company, referral.company.as_deref());
    }
    record.put(&fields.referral_id, Some(&referral.id));
    record.put(&fields.source, Some(&fields.source_text));
    let by =
        member.as_ref().map_or_else(String::new, |member| format!("Referred by {}, ", member.full_name()));
    record.put(&fields.source_note, Some(&format!("{by}program {}", program.name)));
    let page = |what: &str, id: &str| {
        format!("{}/{what}/{id}", ctx.config.referral_rock.url.as_str().trim_end_matches('/'))
    };
    record.put(&fields.member_url, member.as_ref().map(|member| page("members", &member.id)).as_deref());
    record.put(&fields.referral_url, Some(&page("referrals", &referral.id)));
    for (name, field) in &setup.custom_referral_fields {
        record.put(field, referral_value(referral, name).as_deref());
    }
    if let Some(member) = member {
        put_member(&mut record, setup, member);
    }
    record
}

fn put_member(record: &mut Outgoing, setup: &ReferralAdd, member: &Member) {
    let information = &setup.member_information;
    let name = member.full_name();
    for (field, value) in [
        (&information.name, Some(name.as_str())),
        (&information.email, member.email.as_deref()),
        (&information.external_id, member.external_id.as_deref()),
        (&information.phone, member.phone.as_deref()),
        (&information.referral_code, Some(member.referral_code.as_str())),
    ] {
        if let Some(field) = field {
            record.put(field, value);
        }
    }
    for (name, field) in &setup.custom_member_fields {
        record.put(field, member.custom.get(name).map(String::as_str));
    }
}

/// A custom field by its name; the standard ones that are not sent anyway can be mapped by theirs.
fn referral_value(referral: &Referral, name: &str) -> Option<String> {
    referral.custom.get(name).cloned().or_else(|| match name {
        "phone" => referral.phone.clone(),
        "external_id" => referral.external_id.clone(),
        "amount" => referral.amount.clone(),
        "note" => referral.note.clone(),
        _ => None,
    })
}

async fn create(ctx: &Context, connected: &Connected, job: &Job, target: &str) -> Result<()> {
    let fields: Fields = outgoing(ctx, job, target).into_map().into_iter().collect();
    let mut sending = job.item.clone();
    sending.state = OutboxState::Sending;
    sending.updated_at = ctx.now();
    let mut tx = ctx.store.write().await?;
    tx.update_outbox(&sending).await?;
    tx.commit().await?;
    let options = WriteOptions {
        allow_duplicates: job.setup.when_email_matches == WhenEmailMatches::CreateAnyway,
        ..WriteOptions::default()
    };
    let id = connected.client.create(target, &fields, &options).await?;
    done(ctx, job, How::Created, target, &id, None, format!("created {target} {id}")).await
}

async fn add_information(ctx: &Context, connected: &Connected, job: &Job, found: &Match) -> Result<()> {
    let wanted = outgoing(ctx, job, &found.object);
    let names: Vec<&str> = wanted.fields().collect();
    let current = connected.client.retrieve(&found.object, &found.id, &names).await?.unwrap_or_default();
    let fields: Fields = wanted.only_blanks_of(&current.into_map()).into_map().into_iter().collect();
    let filled: Vec<String> = fields.iter().map(|(name, _)| name.to_owned()).collect();
    let mut stamp = None;
    if !fields.is_empty() {
        connected.client.update(&found.object, &found.id, &fields, &WriteOptions::default()).await?;
        let written = connected.client.retrieve(&found.object, &found.id, &["SystemModstamp"]).await?;
        stamp = written.and_then(|record| record.text("SystemModstamp").map(ToOwned::to_owned));
    }
    let text = if filled.is_empty() {
        format!("{} {} has this email; every field was filled already", found.object, found.id)
    } else {
        format!("{} {} has this email; filled {}", found.object, found.id, filled.join(", "))
    };
    done(ctx, job, How::Found, &found.object, &found.id, stamp, text).await
}

async fn deny(ctx: &Context, job: &Job, found: &Match) -> Result<()> {
    let now = ctx.now();
    let mut tx = ctx.store.write().await?;
    let mut item = job.item.clone();
    if let Some(mut referral) = tx.referral(&item.account_id, &item.referral_id).await? {
        if let Move::To(denied) = change(referral.status, Status::Denied, referral.ever_qualified) {
            tx.set_status(&mut referral, denied, now, "duplicate").await?;
        }
        tx.add_link(&link(job, How::Denied, &found.object, &found.id, None, now)).await?;
    }
    finish(&mut item, now, format!("denied: {} {} has this email already", found.object, found.id));
    log_and_commit(ctx, tx, item).await
}

fn link(job: &Job, how: How, object: &str, id: &str, echo: Option<String>, now: Timestamp) -> Link {
    Link {
        account_id: job.item.account_id.clone(),
        referral_id: job.referral.id.clone(),
        object: object.to_owned(),
        id: id.to_owned(),
        how,
        echo,
        created_at: now,
    }
}

fn finish(item: &mut OutboxItem, now: Timestamp, outcome: String) {
    item.state = OutboxState::Done;
    item.updated_at = now;
    item.outcome = Some(outcome);
}

/// The link and the end of the item, together.
async fn done(
    ctx: &Context,
    job: &Job,
    how: How,
    object: &str,
    id: &str,
    echo: Option<String>,
    outcome: String,
) -> Result<()> {
    let now = ctx.now();
    let mut tx = ctx.store.write().await?;
    tx.add_link(&link(job, how, object, id, echo, now)).await?;
    let mut item = job.item.clone();
    finish(&mut item, now, outcome);
    log_and_commit(ctx, tx, item).await
}

async fn log_and_commit(ctx: &Context, mut tx: Tx, item: OutboxItem) -> Result<()> {
    let now = ctx.now();
    let text = item.outcome.clone().unwrap_or_default();
    let level = if item.state == OutboxState::Dead { "error" } else { "info" };
    tx.log(&item.account_id, now, level, &item.referral_id, &format!("Referral Add: {text}.")).await?;
    tx.org_was_reached(&item.account_id, now).await?;
    tx.update_outbox(&item).await?;
    tx.commit().await?;
    ctx.committed();
    Ok(())
}

async fn settle(ctx: &Context, mut item: OutboxItem, state: OutboxState, outcome: String) -> Result<()> {
    item.state = state;
    item.updated_at = ctx.now();
    item.outcome = Some(outcome);
    save(ctx, &item).await
}

async fn save(ctx: &Context, item: &OutboxItem) -> Result<()> {
    let mut tx = ctx.store.write().await?;
    tx.update_outbox(item).await?;
    if let (OutboxState::Dead, Some(text)) = (item.state, &item.outcome) {
        let text = format!("Referral Add: {text}. Put it right and send it again.");
        tx.log(&item.account_id, ctx.now(), "error", &item.referral_id, &text).await?;
    }
    tx.commit().await?;
    ctx.committed();
    Ok(())
}

async fn wait_for_connection(ctx: &Context, mut item: OutboxItem, why: &impl ToString) -> Result<()> {
    item.due_at = later(ctx, backoff::NOT_CONNECTED_SECONDS);
    item.updated_at = ctx.now();
    item.outcome = Some(why.to_string());
    save(ctx, &item).await
}

fn later(ctx: &Context, seconds: i64) -> Timestamp {
    ctx.now().saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

/// What an error means for the item: due later, looked for later, or laid aside.
async fn not_sent(ctx: &Context, mut item: OutboxItem, error: &Error) -> Result<()> {
    if matches!(error.kind, ErrorKind::NeedsReconnect { .. }) {
        return wait_for_connection(ctx, item, error).await;
    }
    item.attempts += 1;
    item.updated_at = ctx.now();
    item.outcome = Some(error.to_string());
    let was_ambiguous = item.state == OutboxState::Ambiguous;
    item.state = match error.retry_class() {
        RetryClass::Never => OutboxState::Dead,
        _ if item.attempts >= backoff::MOST_ATTEMPTS => OutboxState::Dead,
        RetryClass::Ambiguous => OutboxState::Ambiguous,
        // The look-up of a lost answer failed: it is as lost as before.
        _ if was_ambiguous => OutboxState::Ambiguous,
        RetryClass::Backoff | RetryClass::RefreshToken | RetryClass::UntilReset => OutboxState::Pending,
    };
    let wait = match error.retry_class() {
        RetryClass::UntilReset => backoff::LIMIT_SECONDS,
        _ => backoff::wait_seconds(item.attempts),
    };
    item.due_at = later(ctx, wait);
    save(ctx, &item).await
}

/// A person sends a laid-aside item again. What may have arrived is looked for first, as always.
pub async fn send_again(ctx: &Context, account: &str, id: &str) -> Result<OutboxItem> {
    let mut tx = ctx.store.write().await?;
    let mut item = tx.outbox_item(account, id).await?.ok_or_else(|| Failure::no("outbox item", id))?;
    if matches!(item.state, OutboxState::Done | OutboxState::Sending) {
        return Err(Failure::conflict(format!(
            "The item is {}: there is nothing to send again.",
            item.state.as_str()
        )));
    }
    item.state = OutboxState::Ambiguous;
    item.attempts = 0;
    item.due_at = ctx.now();
    item.updated_at = ctx.now();
    tx.update_outbox(&item).await?;
    tx.commit().await?;
    ctx.committed();
    Ok(item)
}
