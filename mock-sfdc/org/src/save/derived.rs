//! Fields that Salesforce fills from others: full names, and what a stage or a status means.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Save, SaveKind, files, line_items, paper, person, prices};
use crate::{
    error::Error,
    schema::Object,
    state::{Shared, State},
    value::Value,
};

pub(super) fn fill(save: &mut Save<'_>) {
    if !save.object.places.parts_of_name.is_empty() && person::is_named_by_parts(save) {
        full_name(save);
    }
    match save.object.name.as_str() {
        "Opportunity" => opportunity(save),
        "Case" => case(save),
        "Task" => closed_by(save, "TaskStatus", "Status"),
        "CampaignMember" => responded(save),
        "Event" => event_times(save),
        "Attachment" | "Document" => body_length(save),
        "OpportunityLineItem" | "QuoteLineItem" | "OrderItem" => line_items::fill(save),
        "PricebookEntry" => prices::entry(save),
        "ContentVersion" => files::version(save),
        "ContentDocumentLink" => files::link(save),
        "Contract" => paper::contract(save),
        "Order" => paper::order(save),
        "Quote" => paper::quote(save),
        "Asset" => paper::asset(save),
        _ => {}
    }
}

/// First, middle and last name and suffix; the salutation is not part of it.
fn full_name(save: &mut Save<'_>) {
    let parts = save.object.places.parts_of_name.iter();
    let name = parts.filter_map(|part| save.edit.get(*part).as_text()).collect::<Vec<_>>().join(" ");
    save.put(save.object.places.name, name.as_str());
}

/// The row of a set-up picklist object that describes `label`.
fn meaning(state: &State, object: &str, label: &Value) -> Option<(Arc<Object>, Shared)> {
    let rows = state.schema().object(object)?;
    let (position, _) = rows.field("MasterLabel").or_else(|| rows.field("Label"))?;
    let row = state.lookup(rows, position, label).into_iter().next()?;
    Some((Arc::clone(rows), row))
}

fn opportunity(save: &mut Save<'_>) {
    // An opportunity with products is worth what they are: another amount is not taken over.
    if save.value("HasOpportunityLineItem").is_true() && !save.options.seeding && save.is_given("Amount") {
        let kept = save.before.as_ref().zip(save.object.field("Amount"));
        let kept = kept.map(|(before, (position, _))| before.get(position).clone());
        if let Some(kept) = kept {
            save.set("Amount", kept);
        }
    }
    if save.is_changed("StageName") || save.kind == SaveKind::Insert {
        let stage = save.value("StageName").clone();
        let found = meaning(save.tx.state(), "OpportunityStage", &stage);
        let of = |field: &str| {
            found
                .as_ref()
                .and_then(|(object, row)| Some(row.get(object.field(field)?.0).clone()))
                .unwrap_or_default()
        };
        let (closed, won) = (of("IsClosed").is_true(), of("IsWon").is_true());
        save.set("IsClosed", closed);
        save.set("IsWon", won);
        if !save.is_given("Probability") {
            save.set("Probability", of("DefaultProbability"));
        }
        if !save.is_given("ForecastCategoryName") {
            save.set("ForecastCategoryName", of("ForecastCategoryName"));
        }
        save.set("ForecastCategory", of("ForecastCategory"));
    }
    let expected = match (save.value("Amount").as_number(), save.value("Probability").as_number()) {
        (Some(amount), Some(probability)) => Value::Number(amount * probability / Decimal::ONE_HUNDRED),
        _ => Value::Null,
    };
    save.set("ExpectedRevenue", expected);
    fiscal_period(save);
}

/// `Fiscal` is year and quarter of the close date, by the org's fiscal year; a year is named after the one in which it ends.
fn fiscal_period(save: &mut Save<'_>) {
    let Value::Date(close) = *save.value("CloseDate") else { return };
    let start = i16::from(save.tx.state().settings().fiscal_year_start_month);
    let months = i16::from(close.month()) - start;
    let quarter = months.rem_euclid(12) / 3 + 1;
    let year = if start > 1 && months >= 0 { close.year() + 1 } else { close.year() };
    save.set("FiscalYear", Value::Number(year.into()));
    save.set("FiscalQuarter", Value::Number(quarter.into()));
    save.set("Fiscal", format!("{year} {quarter}").as_str());
}

fn case(save: &mut Save<'_>) {
    let was_closed = save
        .before
        .as_ref()
        .zip(save.object.field("IsClosed"))
        .is_some_and(|(before, (position, _))| before.get(position).is_true());
    closed_by(save, "CaseStatus", "Status");
    let closed = save.value("IsClosed").is_true();
    if closed != was_closed {
        let at = if closed { Value::from(save.tx.now().whole_seconds()) } else { Value::Null };
        save.set("ClosedDate", at);
    }
}

fn closed_by(save: &mut Save<'_>, rows: &str, field: &str) {
    let closed = meaning(save.tx.state(), rows, &save.value(field).clone()).is_some_and(|(object, row)| {
        object.field("IsClosed").is_some_and(|(position, _)| row.get(position).is_true())
    });
    save.set("IsClosed", closed);
}

/// A member has responded when its status, one of the campaign's own, says so.
fn responded(save: &mut Save<'_>) {
    let status = save.value("Status").clone();
    let campaign = save.value("CampaignId").clone();
    let responded = statuses_of(save.tx.state(), &campaign)
        .into_iter()
        .any(|(label, responded)| label.same(&status, false) && responded);
    save.set("HasResponded", responded);
    let first = match (responded, save.value("FirstRespondedDate")) {
        (false, _) => Value::Null,
        (true, Value::Null) => save.tx.now().timestamp().to_zoned(jiff::tz::TimeZone::UTC).date().into(),
        (true, known) => known.clone(),
    };
    save.set("FirstRespondedDate", first);
}

fn statuses_of(state: &State, campaign: &Value) -> Vec<(Value, bool)> {
    let Some(rows) = state.schema().object("CampaignMemberStatus") else { return Vec::new() };
    let (Some((campaign_at, _)), Some((label_at, _)), Some((responded_at, _))) =
        (rows.field("CampaignId"), rows.field("Label"), rows.field("HasResponded"))
    else {
        return Vec::new();
    };
    state
        .lookup(rows, campaign_at, campaign)
        .iter()
        .map(|row| (row.get(label_at).clone(), row.get(responded_at).is_true()))
        .collect()
}

const MOST_OF_A_DOCUMENT: usize = 5 * 1024 * 1024;
const MOST_OF_AN_ATTACHMENT: usize = 25 * 1024 * 1024;

fn body_length(save: &mut Save<'_>) {
    if let Value::Blob(bytes) = save.value("Body") {
        let most = if save.is("Document") { MOST_OF_A_DOCUMENT } else { MOST_OF_AN_ATTACHMENT };
        if bytes.len() > most {
            let error = Error::file_too_large(save.object.name.as_str(), most);
            save.errors.push(error);
            return;
        }
        let length = Value::Number(bytes.len().into());
        save.set("BodyLength", length);
    }
}

/// Start, end and duration of an event say the same twice: whichever was given fills the others.
fn event_times(save: &mut Save<'_>) {
    let start = match save.value("StartDateTime").as_datetime() {
        Some(start) if save.is_given("StartDateTime") || !save.is_given("ActivityDateTime") => Some(start),
        _ => save.value("ActivityDateTime").as_datetime(),
    };
    let Some(start) = start else { return };
    let minutes = save.value("DurationInMinutes").as_number().and_then(|minutes| i64::try_from(minutes).ok());
    let end = match save.value("EndDateTime").as_datetime() {
        Some(end) if save.is_given("EndDateTime") || minutes.is_none() => Some(end),
        _ => minutes.map(|minutes| crate::value::DateTime::from_millis(start.millis() + minutes * 60_000)),
    };
    save.set("StartDateTime", start);
    save.set("ActivityDateTime", start);
    save.set("ActivityDate", start.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date());
    if let Some(end) = end {
        save.set("EndDateTime", end);
        save.set("DurationInMinutes", Value::Number(((end.millis() - start.millis()) / 60_000).into()));
    }
}
