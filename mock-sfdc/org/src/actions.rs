//! Invocable actions: what flows and REST have an org do (`contract/behaviour.md` section 2.1). Two of Salesforce's several
//! dozen.

use crate::{
    error::Error,
    id::Id,
    mail::{Mail, MailKind},
    save::{AssignmentRuleChoice, DmlOptions, Draft},
    state::Transaction,
    verbs::{self, Errors},
};

/// How many addresses a mail of the action takes.
const MOST_ADDRESSES: usize = 5;

/// `emailSimple`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EmailSimple {
    pub addresses: Vec<String>,
    pub subject: String,
    pub body: String,
    /// The sender's address, unless it is the user's own.
    pub sender: Option<String>,
}

/// Sends a mail: into the org's outbox.
pub fn email_simple(tx: &mut Transaction, email: EmailSimple) -> Result<(), Errors> {
    for (name, missing) in [
        ("emailAddresses", email.addresses.is_empty()),
        ("emailSubject", email.subject.is_empty()),
        ("emailBody", email.body.is_empty()),
    ] {
        if missing {
            return Err(vec![Error::action_input_missing(name)]);
        }
    }
    if email.addresses.len() > MOST_ADDRESSES {
        return Err(vec![Error::too_many_addresses(MOST_ADDRESSES)]);
    }
    if let Some(wrong) = email.addresses.iter().find(|address| !crate::save::is_email(address)) {
        return Err(vec![Error::invalid_email("emailAddresses", "emailAddresses", wrong)]);
    }
    let own = crate::save::address_of(tx.state(), tx.user());
    tx.send_mail(Mail {
        at: tx.now(),
        kind: MailKind::Message,
        from: email.sender.or(own),
        reply_to: None,
        to: email.addresses,
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: email.subject,
        body: email.body,
        html_body: None,
        template: None,
        related: None,
        attachments: Vec::new(),
    });
    Ok(())
}

/// `invocableApplyLeadAssignmentRules`: the active rule is asked of a lead that is there.
pub fn apply_lead_assignment(tx: &mut Transaction, lead: &str) -> Result<(), Errors> {
    let leads = tx.state().schema().object("Lead").cloned();
    let id = Id::parse(lead);
    let (Some(leads), Some(id)) = (leads, id) else { return Err(vec![Error::not_a_lead()]) };
    let table = tx.state().table(leads.index);
    if table.get(id).is_none() {
        let error = if table.binned(id).is_some() { Error::lead_is_deleted() } else { Error::not_a_lead() };
        return Err(vec![error]);
    }
    let options = DmlOptions { assignment: AssignmentRuleChoice::Active, ..DmlOptions::default() };
    verbs::update(tx, &leads, id, Draft::default(), &options).map(|_| ())
}
