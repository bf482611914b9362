//! The opportunity of a conversion: attached, or new in the first open stage, to be closed when the fiscal quarter ends.

use jiff::{ToSpan, civil::Date};

use super::{
    Conversion, LeadConvert,
    mapping::{self, Target},
};
use crate::{
    id::Id,
    schema::Object,
    soql::RunContext,
    state::{State, Transaction},
    value::Value,
    verbs::Errors,
};

/// A name that is not given is the company's, cut to what a caller could give.
const NAME: usize = 80;

/// The opportunity; nothing when none is wanted.
pub(super) fn of(
    tx: &mut Transaction,
    conversion: &Conversion,
    request: &LeadConvert,
    account: Id,
) -> Result<Option<Id>, Errors> {
    if request.do_not_create_opportunity {
        return Ok(None);
    }
    let mut values = mapping::values(tx.state(), conversion, Target::Opportunity);
    values.put("AccountId", account.into());
    values.put("CampaignId", latest_campaign(tx.state(), conversion.lead.id()));
    if request.opportunity_id.is_none() {
        let company = ["Company", "Name"].into_iter().find_map(|field| conversion.value(field).as_text());
        let name = request.opportunity_name.as_deref().or(company).unwrap_or_default();
        values.put("Name", Value::text(name.chars().take(NAME).collect::<String>().trim_end()));
        values.put("StageName", first_open_stage(tx.state()));
        values.put("CloseDate", end_of_quarter(tx).into());
    }
    let own = &request.opportunity_record;
    let options = &conversion.options;
    conversion.make(tx, Target::Opportunity, request.opportunity_id, values, own, options).map(Some)
}

/// The campaign that the lead has become a member of last.
fn latest_campaign(state: &State, lead: Id) -> Value {
    let Some(members) = state.schema().object("CampaignMember") else { return Value::Null };
    let (Some((lead_at, _)), Some((campaign_at, _))) = (members.field("LeadId"), members.field("CampaignId"))
    else {
        return Value::Null;
    };
    let created = |object: &Object| object.field("CreatedDate").map_or(0, |(position, _)| position);
    let at = created(members);
    let rows = state.lookup(members, lead_at, &lead.into());
    let last = rows.iter().max_by_key(|row| (row.get(at).as_datetime(), row.id()));
    last.map(|row| row.get(campaign_at).clone()).unwrap_or_default()
}

/// By the order of the stages; without rows that describe them, the field's first value.
fn first_open_stage(state: &State) -> Value {
    let described = state.schema().object("OpportunityStage").and_then(|stages| {
        let [label, order, active, closed] =
            ["MasterLabel", "SortOrder", "IsActive", "IsClosed"].map(|name| stages.field(name));
        let ((label, _), (order, _), (active, _), (closed, _)) = (label?, order?, active?, closed?);
        let open = state
            .table(stages.index)
            .rows()
            .filter(|row| row.get(active).is_true() && !row.get(closed).is_true());
        let first = open.min_by_key(|row| row.get(order).as_number())?;
        Some(first.get(label).clone())
    });
    described
        .or_else(|| {
            let (_, field) = state.schema().object("Opportunity")?.field("StageName")?;
            let first = field.default_picklist_value().or_else(|| field.picklist_values.first())?;
            Some(Value::text(first.value.as_str()))
        })
        .unwrap_or_default()
}

/// The last day of the fiscal quarter that the user's today lies in.
fn end_of_quarter(tx: &Transaction) -> Date {
    let zone = RunContext::for_user(tx.state(), tx.user(), tx.now()).time_zone;
    let today = tx.now().timestamp().to_zoned(zone).date();
    let start = i32::from(tx.state().settings().fiscal_year_start_month);
    let into_quarter = (i32::from(today.month()) - start).rem_euclid(3);
    let last_month = today.first_of_month().checked_add((2 - into_quarter).months());
    last_month.map_or(today, Date::last_of_month)
}
