//! What the five products promise, by ID, and which scenarios show it: the table behind `docs/REQUIREMENTS.md`.
//!
//! A tag of the form `@RR-07` claims that its scenario shows that requirement; a tag that names none is a mistake.

use std::fmt::Write as _;
use std::path::Path;

use crate::features::Case;
use crate::report::Report;

/// One documented flow.
#[derive(Debug, Clone, Copy)]
pub struct Requirement {
    pub id: &'static str,
    pub title: &'static str,
}

const fn row(id: &'static str, title: &'static str) -> Requirement {
    Requirement { id, title }
}

/// A product and its flows.
#[derive(Debug, Clone, Copy)]
pub struct Product {
    pub name: &'static str,
    pub flows: &'static [Requirement],
}

pub const PRODUCTS: &[Product] = &[
    Product { name: "Influitive AdvocateHub", flows: INFLUITIVE },
    Product { name: "Referral Rock", flows: REFERRAL_ROCK },
    Product { name: "Acoustic Campaign", flows: ACOUSTIC },
    Product { name: "SPOTIO", flows: SPOTIO },
    Product { name: "Referral Factory", flows: REFERRAL_FACTORY },
];

const INFLUITIVE: &[Requirement] = &[
    row("IN-01", "The nightly import makes new advocates and refreshes those that are there"),
    row("IN-02", "What the import asks for unless told otherwise: contacts with a Date Added"),
    row("IN-03", "Further criteria bring in nominees"),
    row("IN-04", "Attributes come from the contact, its account and other related objects"),
    row("IN-05", "A field that may not be read ends the import by name, before anything changed"),
    row("IN-06", "Contacts without an email are counted, listed and left out"),
    row("IN-07", "One advocate for each email; a second import changes nothing"),
    row("IN-08", "Request a Reference from an opportunity"),
    row("IN-09", "A reference that took place is written as an activity of its opportunity"),
    row("IN-10", "An org's workflow moves a referral to its next milestone, once and forwards only"),
    row("IN-11", "Advocates without a Contact ID are found by email and dated"),
    row("IN-12", "A new Contact ID means that its contact is dated"),
    row("IN-13", "Contacts and accounts are never created for advocates"),
    row("IN-14", "Every participation becomes an Advocacy Activity"),
    row("IN-15", "An activity waits until its contact is there"),
    row("IN-16", "Several contacts with one email: one by chance, kept, and changeable by hand"),
    row("IN-17", "A referred prospect becomes a Lead of the owner that the active rule names"),
    row("IN-18", "Referrals go to the org or to another marketing system"),
    row("IN-19", "Lead Source and Campaign of referral leads"),
    row("IN-20", "A lead that is there is filled in, never doubled"),
];

const REFERRAL_ROCK: &[Requirement] = &[
    row(
        "RR-01",
        "Connecting through the org's login page; only editions with API access, others refused by name",
    ),
    row(
        "RR-02",
        "The licence of the connecting user: Salesforce Platform or full Salesforce, never Salesforce Integration",
    ),
    row("RR-03", "A sandbox may send updates but receives no referrals"),
    row("RR-04", "One org belongs to one account at a time, and is free again after a disconnect"),
    row("RR-05", "Missing permissions are listed when connecting"),
    row("RR-06", "A referral becomes a Lead or a Contact as its program is set up, or stays where it is"),
    row("RR-07", "What happens when the email is in the org already: four choices"),
    row("RR-08", "The 60 minutes in which a record that is already there does not deny the referral"),
    row("RR-09", "The fields that always travel"),
    row("RR-10", "Custom referral fields travel to chosen fields"),
    row("RR-11", "The referring member's details travel if wanted"),
    row("RR-12", "Custom member fields travel to chosen fields"),
    row(
        "RR-13",
        "Events of leads, contacts, accounts and opportunities arrive through push topics, each as a Sales Entry",
    ),
    row("RR-14", "A value of a field in the org sets a referral's status"),
    row("RR-15", "Whether an event may bring back a denied referral"),
    row("RR-16", "Values from the org are written to the referral after a status change"),
    row("RR-17", "An event finds its referral by referral ID or external ID"),
    row("RR-18", "An event without a referral adds one to the member it names"),
    row("RR-19", "Leads are led back to referrals by fields chosen for it"),
    row("RR-20", "Matching the triggering record only, or the contacts of its account too"),
    row("RR-21", "Direct matches are processed by themselves, or wait"),
    row("RR-22", "Fuzzy matches are processed by themselves, or wait"),
    row("RR-23", "An event that matches nothing waits in Review"),
    row("RR-24", "Bringing a denied referral to Qualified or Approved waits in Review"),
    row("RR-25", "A notification when an entry goes to Review"),
    row("RR-26", "Every Sales Entry is kept and can be corrected and retried"),
    row("RR-27", "When the org was last heard, and when the last entry came"),
    row("RR-28", "A diagnosis names an API version that is too old and a Streaming API that is off"),
    row("RR-29", "A field of a related record arrives empty when asked for on the record itself"),
    row("RR-30", "Fields of related objects follow the table of twelve rows"),
    row("RR-31", "A field under Shield encryption is not synced, and its mapping is flagged"),
    row("RR-32", "Which status may follow which"),
];

const ACOUSTIC: &[Requirement] = &[
    row("AC-01", "Sync Setting on: new records get CRM Enable Sync and become Leads"),
    row("AC-02", "Sync Setting off: new records do not sync by themselves"),
    row("AC-03", "Records that came from the org always sync"),
    row("AC-04", "The other ways to make a record sync"),
    row("AC-05", "Changes are picked up about every ten minutes, each once"),
    row("AC-06", "Contact Insight adds people to programs approved for sales"),
    row("AC-07", "The owner of a new Lead: the active rule, else the integration user"),
    row("AC-08", "The assignment email is sent only when asked for"),
    row("AC-09", "Clones and the unique recipient ID"),
    row("AC-10", "What happens to a recipient when its lead is converted"),
    row("AC-11", "Contact Insight by Salesforce ID, before and after a conversion"),
    row("AC-12", "A deletion in the org deletes the recipient"),
    row("AC-13", "A merge in the org merges recipients and their history"),
    row("AC-14", "The telesales step and its files"),
    row("AC-15", "Objects and fields that sending from the CRM needs are named when missing"),
    row("AC-16", "Mails about a job that keeps failing, and its repair"),
    row("AC-17", "The history of runs and of failed records"),
    row("AC-18", "Alerts by direction and date"),
    row("AC-19", "Failed records can be exported"),
    row("AC-20", "IP restrictions of Contact Insight"),
    row("AC-21", "Which direction each mapped field travels"),
];

const SPOTIO: &[Requirement] = &[
    row("SP-01", "New records become Leads, or Accounts, Contacts and Opportunities"),
    row("SP-02", "A chosen stage converts the Lead"),
    row("SP-03", "Historical, going forward, or both"),
    row("SP-04", "Filters decide which records of the org are updated"),
    row("SP-05", "To the org only once it is turned on, and only what changes from then on"),
    row("SP-06", "Selective sync by field, stage and criteria"),
    row("SP-07", "Only mapped fields travel, picklist values translated"),
    row("SP-08", "Activities become Events or Tasks, visits Events"),
    row("SP-09", "The default user for owners who are not users"),
    row("SP-10", "Nothing runs before the integration is on"),
    row("SP-11", "Refusals of the org are logged and can be sent again"),
    row("SP-12", "The log shows every sync"),
    row("SP-13", "Changes of stage and mapped fields in the org arrive"),
    row("SP-14", "Which activities and tasks do not travel"),
    row("SP-15", "Details of activities arrive, and Done completes the Task"),
];

const REFERRAL_FACTORY: &[Requirement] = &[
    row("RF-01", "Who signs up becomes a Lead or a Contact with the referral code"),
    row("RF-02", "The referral code survives the conversion"),
    row("RF-03", "Details of referrer and campaign travel when mapped"),
    row("RF-04", "New fields of the org appear after a refresh"),
    row("RF-05", "A chosen value of a lead's field qualifies"),
    row("RF-06", "A chosen value of a contact's field qualifies"),
    row("RF-07", "Conversion into an opportunity qualifies"),
    row("RF-08", "Conversion and a chosen stage qualify"),
    row("RF-09", "Fields without which the set-up cannot be saved"),
    row("RF-10", "Default values fill what the form did not ask"),
    row("RF-11", "Referrer information can be attached"),
    row("RF-12", "Three ways to handle duplicates"),
    row("RF-13", "Qualification is known within half an hour"),
    row("RF-14", "Plus addresses are different people"),
    row("RF-15", "Without rules nothing qualifies"),
];

/// Every known requirement, with its product.
pub fn all() -> impl Iterator<Item = (&'static str, Requirement)> {
    PRODUCTS.iter().flat_map(|product| product.flows.iter().map(move |flow| (product.name, *flow)))
}

/// A complaint for each tag that has the form of a requirement and is none.
#[must_use]
pub fn unknown_tags(cases: &[Case]) -> Vec<String> {
    let known = |tag: &str| all().any(|(_, flow)| flow.id == tag.trim_start_matches('@'));
    let mut complaints = Vec::new();
    for case in cases {
        for tag in case.tags.iter().filter(|tag| is_requirement(tag) && !known(tag)) {
            complaints.push(format!(
                "{}: the tag {tag} names no requirement; known ones are listed in docs/REQUIREMENTS.md",
                case.place()
            ));
        }
    }
    complaints
}

/// Two capital letters, a dash, digits.
fn is_requirement(tag: &str) -> bool {
    tag.trim_start_matches('@').split_once('-').is_some_and(|(product, number)| {
        product.len() == 2
            && product.chars().all(|c| c.is_ascii_uppercase())
            && !number.is_empty()
            && number.chars().all(|c| c.is_ascii_digit())
    })
}

/// `docs/REQUIREMENTS.md`, with the results of a run that has taken place.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut page = String::from(
        "# Requirements and what shows them\n\n\
         Generated from a run: `cargo run -p tests --bin scenarios -- features/ --requirements docs/REQUIREMENTS.md`.\n\
         The last column is the result of that run. Do not edit.\n",
    );
    for product in PRODUCTS {
        let _ = write!(
            page,
            "\n## {}\n\n| ID | flow | scenarios | result |\n| --- | --- | --- | --- |\n",
            product.name
        );
        for flow in product.flows {
            let (scenarios, result) = shown_by(flow, report);
            let _ = writeln!(page, "| {} | {} | {scenarios} | {result} |", flow.id, flow.title);
        }
    }
    page
}

fn shown_by(flow: &Requirement, report: &Report) -> (String, String) {
    let tagged = |case: &Case| case.tags.iter().any(|tag| tag.trim_start_matches('@') == flow.id);
    let scenarios: Vec<_> = report.scenarios.iter().filter(|scenario| tagged(&scenario.case)).collect();
    if scenarios.is_empty() {
        return ("none".into(), "not shown".into());
    }
    let failed = scenarios.iter().filter(|scenario| !scenario.passed()).count();
    let result =
        if failed == 0 { "passed".into() } else { format!("**{failed} of {} failed**", scenarios.len()) };
    let named = |s: &&crate::report::ScenarioResult| format!("{}: {}", stem(&s.case.file), s.case.name);
    (scenarios.iter().map(named).collect::<Vec<_>>().join("<br>"), result)
}

fn stem(file: &Path) -> String {
    file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tags_in_the_form_of_an_id_are_requirements() {
        for (tag, is) in
            [("@RR-07", true), ("@survival", false), ("@RR-x", false), ("@rr-07", false), ("@slow-1", false)]
        {
            assert_eq!(is_requirement(tag), is, "{tag}");
        }
    }

    #[test]
    fn ids_are_unique_and_follow_their_product() {
        let ids: Vec<_> = all().map(|(_, flow)| flow.id).collect();
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(ids.len(), unique.len());
    }
}
