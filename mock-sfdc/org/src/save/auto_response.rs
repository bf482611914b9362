//! Step 10: auto-response rules. A new lead or case is answered by mail, only where the request asks for it
//! (`EmailHeader.triggerAutoResponseEmail`).

use super::{Save, SaveKind};
use crate::mail::{MailKind, template};

pub(super) fn run(save: &mut Save<'_>) {
    if !save.options.auto_response || save.options.seeding || save.kind != SaveKind::Insert {
        return;
    }
    let Some(rule) = save.tx.state().rules().auto_response_rule(save.object.index).cloned() else { return };
    let decided = rule.decide(&save.subject());
    if save.is_traced() {
        let asked = decided.map_or(rule.criteria().len(), |at| at + 1);
        for (at, criteria) in rule.criteria()[..asked].iter().enumerate() {
            let why = criteria.explain(&save.subject());
            save.note(|| format!("rule {:?}, entry {}: {why}", rule.rule().full_name, at + 1));
        }
    }
    let Some(entry) = decided.map(|at| &rule.rule().rule_entry[at]) else { return };
    let address = ["Email", "SuppliedEmail", "ContactEmail"]
        .into_iter()
        .find_map(|field| save.value(field).as_text().map(str::to_owned));
    let Some(address) = address else {
        return save.note(|| "nobody to answer: the record has no mail address".to_owned());
    };
    let plain = ("Thank you", "We have received your request.");
    let mut mail =
        template::compose(MailKind::AutoResponse, entry.template.as_deref(), plain, &save.subject());
    mail.from = match (&entry.sender_name, &entry.sender_email) {
        (Some(name), Some(email)) => Some(format!("{name} <{email}>")),
        (name, email) => name.clone().or_else(|| email.clone()),
    };
    mail.reply_to.clone_from(&entry.reply_to_email);
    mail.to = vec![address];
    save.tx.send_mail(mail);
}
