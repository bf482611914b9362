//! What an administrator sets for the whole org, and what Salesforce has settled when it was made.

use std::collections::BTreeSet;

use crate::{
    id::{Id, KeyPrefix},
    limits::LimitSettings,
};

/// Editions decide what an org may do; their names are those of `Organization.OrganizationType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Edition {
    Developer,
    Enterprise,
    Unlimited,
    Performance,
    Professional,
    Essentials,
    Group,
}

impl Edition {
    pub const ALL: &'static [Self] = &[
        Self::Developer,
        Self::Enterprise,
        Self::Unlimited,
        Self::Performance,
        Self::Professional,
        Self::Essentials,
        Self::Group,
    ];

    /// As `Organization.OrganizationType` spells it.
    #[must_use]
    pub fn organization_type(self) -> &'static str {
        match self {
            Self::Developer => "Developer Edition",
            Self::Enterprise => "Enterprise Edition",
            Self::Unlimited => "Unlimited Edition",
            Self::Performance => "Performance Edition",
            Self::Professional => "Professional Edition",
            Self::Essentials => "Essentials Edition",
            Self::Group => "Team Edition",
        }
    }

    /// Editions below Enterprise come without the API (`contract/behaviour.md` section 9).
    #[must_use]
    pub fn has_api(self) -> bool {
        !matches!(self, Self::Professional | Self::Essentials | Self::Group)
    }

    /// API requests a day, with one licence (`contract/behaviour.md` section 10).
    #[must_use]
    pub fn daily_api_requests(self) -> u64 {
        match self {
            Self::Developer => 15_000,
            Self::Enterprise | Self::Professional => 101_000,
            Self::Unlimited | Self::Performance => 105_000,
            Self::Essentials | Self::Group => 0,
        }
    }
}

/// What an org has or has not, from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Feature {
    /// Accounts that are people.
    PersonAccounts,
    /// Amounts in several currencies, with a rate for each.
    MultiCurrency,
    /// Teams of accounts.
    AccountTeams,
    /// Teams of opportunities.
    OpportunityTeams,
}

/// What `> LAST_N_DAYS:n` and `> LAST_90_DAYS` count from. The guide says the end of the range, which is now, so that nothing
/// that has happened is found; clients write it to find the last n days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AfterLastDays {
    #[default]
    Start,
    End,
}

/// What is the same for every user of an org.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[allow(clippy::struct_excessive_bools, reason = "set-up has them one by one")]
pub struct Settings {
    pub organization_id: Id,
    pub name: String,
    pub edition: Edition,
    pub sandbox: bool,
    /// The first label of its own host names, `acme` of `acme.my.salesforce.com`; without one, the name that its server gives it.
    #[serde(default)]
    pub my_domain: Option<String>,
    /// The two characters that stand behind the key prefix in each id of this org.
    pub pod: [u8; 2],
    pub time_zone: String,
    pub locale: String,
    pub language: String,
    pub currency: String,
    #[serde(default)]
    pub features: BTreeSet<Feature>,
    /// 1 to 12.
    pub fiscal_year_start_month: u8,
    /// API requests in 24 hours.
    pub daily_api_requests: u64,
    /// Idle minutes after which a session is gone.
    pub session_minutes: u32,
    pub streaming_enabled: bool,
    /// Whether each request must come from the addresses of its user's profile, and not only the login.
    #[serde(default)]
    pub enforce_ip_ranges_every_request: bool,
    /// Who owns a lead that an active assignment rule has no entry for: a user or a queue.
    pub default_lead_owner: Option<Id>,
    /// The same for cases.
    pub default_case_owner: Option<Id>,
    /// Whether errors of duplicate rules say `duplicateResult`; orgs were recorded that say `duplicateResut`.
    pub duplicate_result_spelt_right: bool,
    pub after_last_days: AfterLastDays,
    /// Whether a time trigger of a workflow rule is dropped when the record no longer meets the rule.
    pub time_triggers_want_criteria: bool,
    /// How many records one answer about changes or deletions may name.
    #[serde(default = "most_replicated_ids")]
    pub most_replicated_ids: usize,
    /// What a test has set of the org's limits.
    #[serde(default)]
    pub limits: LimitSettings,
}

/// Salesforce's own number.
const fn most_replicated_ids() -> usize {
    600_000
}

impl Settings {
    /// API requests in 24 hours, as edition and kind of the org bring them.
    #[must_use]
    pub fn usual_daily_api_requests(&self) -> u64 {
        if self.sandbox { 5_000_000 } else { self.edition.daily_api_requests() }
    }
}

/// The prefix of organization ids.
pub const ORGANIZATION: KeyPrefix = *b"00D";

impl Default for Settings {
    fn default() -> Self {
        let edition = Edition::Developer;
        Self {
            organization_id: Id::from_number(ORGANIZATION, *b"5g", 1),
            name: "mock-sfdc".to_owned(),
            edition,
            sandbox: false,
            my_domain: None,
            pod: *b"5g",
            time_zone: "America/Los_Angeles".to_owned(),
            locale: "en_US".to_owned(),
            language: "en_US".to_owned(),
            currency: "USD".to_owned(),
            features: BTreeSet::new(),
            fiscal_year_start_month: 1,
            daily_api_requests: edition.daily_api_requests(),
            session_minutes: 120,
            streaming_enabled: true,
            enforce_ip_ranges_every_request: false,
            default_lead_owner: None,
            default_case_owner: None,
            duplicate_result_spelt_right: false,
            after_last_days: AfterLastDays::default(),
            time_triggers_want_criteria: true,
            most_replicated_ids: most_replicated_ids(),
            limits: LimitSettings::default(),
        }
    }
}
