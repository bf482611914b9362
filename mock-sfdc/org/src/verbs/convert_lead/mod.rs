//! `convertLead`: a lead becomes an account, a contact and, if wanted, an opportunity, and is only read from then on
//! (`contract/behaviour.md` section 4, `contract/soap.md` section 6).

mod check;
mod followers;
mod mapping;
mod opportunity;
mod person_account;

use std::sync::Arc;

use self::mapping::{Filled, Target};
use super::{Errors, create, rights, update};
use crate::{
    error::Error,
    id::Id,
    mail::{Mail, MailKind},
    save::{self, DmlOptions, Draft},
    schema::Object,
    soql::RunContext,
    state::{Shared, Transaction},
    value::Value,
};

/// How many leads one call takes.
pub const MOST_LEADS: usize = 100;

/// One lead's conversion, in the words of the WSDL.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "the WSDL says them one by one")]
pub struct LeadConvert {
    pub lead_id: Id,
    pub converted_status: String,
    /// An existing account or contact that the lead is to become; only their empty fields are filled.
    pub account_id: Option<Id>,
    pub contact_id: Option<Id>,
    pub opportunity_id: Option<Id>,
    pub opportunity_name: Option<String>,
    pub do_not_create_opportunity: bool,
    /// Who owns what is created; without it who owns the lead.
    pub owner_id: Option<Id>,
    pub overwrite_lead_source: bool,
    pub send_notification_email: bool,
    /// Values that go before those of the lead.
    pub account_record: Draft,
    pub contact_record: Draft,
    pub opportunity_record: Draft,
    pub bypass_account_dedupe_check: bool,
    pub bypass_contact_dedupe_check: bool,
}

impl LeadConvert {
    /// What every client sends, and nothing else.
    #[must_use]
    pub fn new(lead_id: Id, converted_status: &str) -> Self {
        Self {
            lead_id,
            converted_status: converted_status.to_owned(),
            account_id: None,
            contact_id: None,
            opportunity_id: None,
            opportunity_name: None,
            do_not_create_opportunity: false,
            owner_id: None,
            overwrite_lead_source: false,
            send_notification_email: false,
            account_record: Draft::default(),
            contact_record: Draft::default(),
            opportunity_record: Draft::default(),
            bypass_account_dedupe_check: false,
            bypass_contact_dedupe_check: false,
        }
    }
}

/// What a lead has become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Converted {
    pub lead_id: Id,
    pub account_id: Id,
    pub contact_id: Id,
    pub opportunity_id: Option<Id>,
}

/// Converts several leads, each for itself: one that cannot be leaves the others alone.
pub fn convert_leads(
    tx: &mut Transaction,
    requests: &[LeadConvert],
    options: &DmlOptions,
) -> Vec<Result<Converted, Errors>> {
    requests
        .iter()
        .map(|request| {
            let before = tx.savepoint();
            let converted = convert_lead(tx, request, options);
            if converted.is_err() {
                tx.roll_back_to(before);
            }
            converted
        })
        .collect()
}

/// Converts one lead. When it fails, the caller goes back to its savepoint.
pub fn convert_lead(
    tx: &mut Transaction,
    request: &LeadConvert,
    options: &DmlOptions,
) -> Result<Converted, Errors> {
    let (object, lead) = check::lead(tx.state(), request).map_err(|error| vec![error])?;
    rights::convert(tx, &object, &lead)?;
    // Who may convert may make what comes of it: mapped fields are written above field permissions.
    let enforcing = tx.set_enforcing(false);
    let converted = convert(tx, request, options, object, lead);
    tx.set_enforcing(enforcing);
    converted
}

fn convert(
    tx: &mut Transaction,
    request: &LeadConvert,
    options: &DmlOptions,
    object: Arc<Object>,
    lead: Shared,
) -> Result<Converted, Errors> {
    check::request(tx.state(), request).map_err(|error| vec![error])?;
    let owner = check::owner(tx.state(), &object, &lead, request).map_err(|error| vec![error])?;
    let conversion = Conversion {
        object,
        lead,
        owner,
        options: DmlOptions {
            unvalidated: !tx.state().rules().lead_conversion().require_validation,
            ..options.clone()
        },
    };
    let (account, contact) = if let Some(both) = person_account::of(tx, &conversion, request)? {
        both
    } else {
        let account = conversion.account(tx, request)?;
        (account, conversion.contact(tx, request, account)?)
    };
    let opportunity = opportunity::of(tx, &conversion, request, account)?;
    if let Some(opportunity) = opportunity {
        followers::contact_role(tx, &conversion, opportunity, contact)?;
    }
    followers::campaign_members(tx, request.lead_id, contact);
    followers::activities(tx, &conversion, contact, account, opportunity);
    followers::notes(tx, request.lead_id, contact);
    let converted = Converted {
        lead_id: request.lead_id,
        account_id: account,
        contact_id: contact,
        opportunity_id: opportunity,
    };
    conversion.close(tx, request, &converted)?;
    if request.send_notification_email {
        conversion.tell(tx);
    }
    Ok(converted)
}

/// A conversion whose request is in order.
struct Conversion {
    object: Arc<Object>,
    lead: Shared,
    owner: Id,
    options: DmlOptions,
}

impl Conversion {
    fn value(&self, field: &str) -> &Value {
        self.object.field(field).map_or(&Value::Null, |(position, _)| self.lead.get(position))
    }

    fn options(&self, bypass_duplicates: bool) -> DmlOptions {
        let mut options = self.options.clone();
        options.duplicates.allow_save |= bypass_duplicates;
        options
    }

    fn account(&self, tx: &mut Transaction, request: &LeadConvert) -> Result<Id, Errors> {
        let options = self.options(request.bypass_account_dedupe_check);
        let values = mapping::values(tx.state(), self, Target::Account);
        self.make(tx, Target::Account, request.account_id, values, &request.account_record, &options)
    }

    fn contact(&self, tx: &mut Transaction, request: &LeadConvert, account: Id) -> Result<Id, Errors> {
        let options = self.options(request.bypass_contact_dedupe_check);
        let mut values = mapping::values(tx.state(), self, Target::Contact);
        values.put("AccountId", account.into());
        let contact =
            self.make(tx, Target::Contact, request.contact_id, values, &request.contact_record, &options)?;
        let source = self.value("LeadSource").clone();
        if request.overwrite_lead_source && !source.is_null() {
            let mut draft = Draft::default();
            let object = mapping::object(tx.state(), Target::Contact)?;
            if let Some((position, _)) = object.field("LeadSource") {
                draft.put(position, source);
                update(tx, &object, contact, draft, &options)?;
            }
        }
        Ok(contact)
    }

    /// Creates a record of the lead's values, or fills what is empty in one that is there.
    fn make(
        &self,
        tx: &mut Transaction,
        target: Target,
        existing: Option<Id>,
        values: Filled,
        own: &Draft,
        options: &DmlOptions,
    ) -> Result<Id, Errors> {
        let object = mapping::object(tx.state(), target)?;
        let Some(id) = existing else {
            let mut values = values;
            values.put("OwnerId", self.owner.into());
            return create(tx, &object, values.over(&object, own), options);
        };
        let Some(record) = tx.state().table(object.index).get(id).cloned() else {
            return Err(vec![Error::invalid_cross_reference()]);
        };
        let draft = values.into_gaps_of(&object, &record).over(&object, own);
        if draft.is_empty() { Ok(id) } else { update(tx, &object, id, draft, options) }
    }

    /// The lead's own last save: status and what it has become, at once, so that rules see both together.
    fn close(
        &self,
        tx: &mut Transaction,
        request: &LeadConvert,
        converted: &Converted,
    ) -> Result<(), Errors> {
        let zone = RunContext::for_user(tx.state(), tx.user(), tx.now()).time_zone;
        let today = tx.now().timestamp().to_zoned(zone).date();
        let status = self.value("Status");
        let same = status.same(&Value::text(request.converted_status.as_str()), false);
        let values = [
            ("Status", if same { status.clone() } else { Value::text(request.converted_status.as_str()) }),
            ("IsConverted", true.into()),
            ("ConvertedDate", today.into()),
            ("ConvertedAccountId", converted.account_id.into()),
            ("ConvertedContactId", converted.contact_id.into()),
            ("ConvertedOpportunityId", converted.opportunity_id.map_or(Value::Null, Value::Id)),
            ("IsUnreadByOwner", false.into()),
        ];
        let values =
            values.into_iter().filter_map(|(field, value)| Some((self.object.field(field)?.0, value)));
        save::resave(tx, &self.object, converted.lead_id, values, &self.options)
    }

    fn tell(&self, tx: &mut Transaction) {
        let to = tx.state().find(self.owner).and_then(|(object, user)| {
            let (position, _) = object.field("Email")?;
            user.get(position).as_text().map(ToOwned::to_owned)
        });
        let name = self.value("Name").as_text().unwrap_or_default().to_owned();
        let mail = Mail {
            at: tx.now(),
            kind: MailKind::LeadConversion,
            from: None,
            reply_to: None,
            to: to.into_iter().collect(),
            cc: Vec::new(),
            bcc: Vec::new(),
            subject: format!("Lead converted: {name}"),
            body: format!("The lead {name} has been converted and assigned to you."),
            template: None,
            html_body: None,
            attachments: Vec::new(),
            related: Some(self.lead.id()),
        };
        tx.send_mail(mail);
    }
}
