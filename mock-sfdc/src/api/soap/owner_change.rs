//! `OwnerChangeOptions`: what goes to a record's new owner with it (`contract/soap.md` section 3).

use mock_sfdc_org::{error::Error, save::OwnerChange};

use super::envelope::Element;

/// The types of the WSDL that are done here. That a new owner has to be able to read the record always holds.
const KNOWN: [(&str, OwnerChange); 13] = [
    ("KeepAccountTeam", OwnerChange::KeepAccountTeam),
    ("KeepSalesTeam", OwnerChange::KeepSalesTeam),
    ("SendEmail", OwnerChange::SendEmail),
    ("TransferOpenActivities", OwnerChange::OpenActivities),
    ("TransferNotesAndAttachments", OwnerChange::NotesAndAttachments),
    ("TransferContacts", OwnerChange::Contacts),
    ("TransferContracts", OwnerChange::Contracts),
    ("TransferOrders", OwnerChange::Orders),
    ("TransferOwnedOpenOpportunities", OwnerChange::OwnedOpenOpportunities),
    ("TransferOthersOpenOpportunities", OwnerChange::OthersOpenOpportunities),
    ("TransferOwnedClosedOpportunities", OwnerChange::OwnedClosedOpportunities),
    ("TransferOwnedOpenCases", OwnerChange::OwnedOpenCases),
    ("TransferAllOwnedCases", OwnerChange::AllOwnedCases),
];

const ENFORCED: &str = "EnforceNewOwnerHasReadAccess";

/// Types that are executed only together with another.
const TOGETHER: [(&str, &str); 2] = [
    ("TransferOthersOpenOpportunities", "TransferOwnedOpenOpportunities"),
    ("TransferAllOwnedCases", "TransferOwnedOpenCases"),
];

/// What the header wants done.
pub fn read(header: &Element) -> Result<Vec<OwnerChange>, Error> {
    let executed = header.all("options").filter(|option| option.is_true("execute"));
    let names: Vec<&str> = executed.map(|option| option.said("type").unwrap_or_default()).collect();
    for (name, other) in TOGETHER {
        if names.contains(&name) && !names.contains(&other) {
            return Err(Error::owner_change_needs(name, other));
        }
    }
    names
        .into_iter()
        .filter(|name| *name != ENFORCED)
        .map(|name| {
            let known = KNOWN.iter().find(|(known, _)| *known == name);
            let refused =
                || Error::not_emulated(format_args!("{name} of the SOAP header OwnerChangeOptions"));
            known.map(|(_, change)| *change).ok_or_else(refused)
        })
        .collect()
}
