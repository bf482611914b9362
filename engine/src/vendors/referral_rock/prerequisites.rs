//! "Prerequisites": which orgs and which users connect (RR-01, RR-02).

use crate::connection::Inspection;

/// As the document lists them; `Organization.OrganizationType` has the same words.
const EDITIONS: [&str; 4] = ["Enterprise", "Unlimited", "Developer", "Performance"];
/// "We do not support the Salesforce Integration user license."
const REFUSED_LICENCE: &str = "Salesforce Integration";

/// Why this org or user may not connect, if so.
#[must_use]
pub fn refusal(inspection: &Inspection) -> Option<String> {
    let edition = inspection.edition.0.trim();
    let first_word = edition.split_whitespace().next().unwrap_or_default();
    if !EDITIONS.iter().any(|known| known.eq_ignore_ascii_case(first_word)) {
        return Some(format!(
            "This org has the {edition}. The integration is available for Enterprise Edition, Unlimited Edition, \
             Developer Edition and Performance Edition."
        ));
    }
    let licence = inspection.licence.as_deref().unwrap_or_default();
    if licence.eq_ignore_ascii_case(REFUSED_LICENCE) {
        return Some(format!(
            "The user {} has the \"{licence}\" user licence, which is not supported. Connect with a user that has the \
             \"Salesforce Platform\" or the full \"Salesforce\" licence.",
            inspection.username
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::Edition;

    fn org(edition: &str, licence: Option<&str>) -> Inspection {
        Inspection {
            organization_id: "00D".into(),
            organization_name: None,
            edition: Edition(edition.into()),
            is_sandbox: false,
            instance_name: None,
            user_id: "005".into(),
            username: "ada@x.test".into(),
            profile: None,
            profile_id: None,
            licence: licence.map(Into::into),
        }
    }

    #[test]
    fn four_editions_connect_and_others_are_named() {
        for edition in ["Enterprise Edition", "Unlimited Edition", "Developer Edition", "Performance Edition"]
        {
            assert_eq!(refusal(&org(edition, Some("Salesforce"))), None, "{edition}");
        }
        for edition in ["Professional Edition", "Team Edition", "Base Edition", ""] {
            let text = refusal(&org(edition, None)).unwrap();
            assert!(text.contains(edition), "{text}");
        }
    }

    #[test]
    fn the_integration_licence_is_refused() {
        let text = refusal(&org("Developer Edition", Some("Salesforce Integration"))).unwrap();
        assert!(text.contains("Salesforce Integration") && text.contains("ada@x.test"));
        assert_eq!(refusal(&org("Developer Edition", Some("Salesforce Platform"))), None);
    }
}
