//! The rows: a lead of fourteen filled fields for each number, and the questions that both sides are asked about them.

use mock_sfdc_org::{id::Id, value::DateTime};

/// 2026-03-25, 12:00 UTC: the clock before the first lead. It moves a second for each.
pub const BEGIN: i64 = 1_774_440_000_000;

/// How many users own leads.
pub const OWNERS: u64 = 10_000;

/// What a request says of one lead.
#[derive(Debug)]
pub struct Lead {
    pub first_name: &'static str,
    pub last_name: String,
    pub company: String,
    pub title: &'static str,
    pub phone: String,
    pub email: String,
    pub city: String,
    pub country: &'static str,
    pub lead_source: &'static str,
    pub industry: &'static str,
    pub rating: &'static str,
    pub annual_revenue: u64,
    pub number_of_employees: u64,
    pub external_id: String,
    pub owner: Id,
}

fn pick(list: &[&'static str], number: u64) -> &'static str {
    list[usize::try_from(number % list.len() as u64).unwrap_or(0)]
}

impl Lead {
    /// The lead that is created as number `number`, from 1.
    #[must_use]
    pub fn number(number: u64) -> Self {
        let scattered = scattered(number);
        Self {
            first_name: pick(&["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances"], scattered),
            last_name: format!("Lovelace{number}"),
            company: format!("Company {}", scattered % 5_000),
            title: pick(&["Countess", "Admiral", "Fellow", "Professor"], scattered / 11),
            phone: format!("+49 30 {scattered:07}"),
            email: email(number),
            city: format!("City {}", scattered % 500),
            country: pick(&["Germany", "France", "Spain", "Italy", "United Kingdom"], scattered / 3),
            lead_source: pick(&["Web", "Phone Inquiry", "Partner Referral", "Other"], scattered / 7),
            industry: pick(&["Technology", "Banking", "Energy", "Media", "Retail"], scattered / 13),
            rating: pick(&["Hot", "Warm", "Cold"], scattered / 5),
            annual_revenue: scattered * 10,
            number_of_employees: scattered % 4_000,
            external_id: external_id(number),
            owner: owner(number),
        }
    }

    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// A number as far from its neighbours as can be, below a million and three.
#[must_use]
pub fn scattered(number: u64) -> u64 {
    number.wrapping_mul(2_654_435_761) % 1_000_003
}

#[must_use]
pub fn id(number: u64) -> Id {
    Id::from_number(*b"00Q", *b"5g", number)
}

#[must_use]
pub fn owner(number: u64) -> Id {
    Id::from_number(*b"005", *b"5g", 1 + scattered(number) % OWNERS)
}

#[must_use]
pub fn moment(number: u64) -> DateTime {
    DateTime::from_millis(BEGIN + i64::try_from(number).unwrap_or(0) * 1_000)
}

fn email(number: u64) -> String {
    format!("ada{number}@example.com")
}

fn external_id(number: u64) -> String {
    format!("REF-{:08}", scattered(number) * 97 % 99_999_989)
}

/// An indexed way to a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Id,
    ExternalId,
    Email,
    Name,
    Owner,
    Stamp,
}

pub const KEYS: [Key; 6] = [Key::Id, Key::ExternalId, Key::Email, Key::Name, Key::Owner, Key::Stamp];

/// How many leads a query by `SystemModstamp` finds.
const STAMPS: u64 = 10;

impl Key {
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Id => "query by Id",
            Self::ExternalId => "query by an external id",
            Self::Email => "query by Email",
            Self::Name => "query by Name",
            Self::Owner => "query by a lookup (OwnerId)",
            Self::Stamp => "query by a range of SystemModstamp",
        }
    }

    /// The query that finds lead `number`.
    #[must_use]
    pub fn soql(self, number: u64) -> String {
        let condition = match self {
            Self::Id => format!("Id = '{}'", id(number)),
            Self::ExternalId => format!("Ref__c = '{}'", external_id(number)),
            Self::Email => format!("Email = '{}'", email(number)),
            Self::Name => format!("Name = '{}'", Lead::number(number).name()),
            Self::Owner => format!("OwnerId = '{}'", owner(number)),
            Self::Stamp => format!(
                "SystemModstamp >= {} AND SystemModstamp < {}",
                moment(number).to_zulu(),
                moment(number + STAMPS).to_zulu()
            ),
        };
        format!("SELECT Id, Name, Company FROM Lead WHERE {condition}")
    }

    #[must_use]
    pub fn sql(self) -> &'static str {
        match self {
            Self::Id => "SELECT Id, Name, Company FROM Lead WHERE Id = ?1",
            Self::ExternalId => "SELECT Id, Name, Company FROM Lead WHERE Ref__c = ?1",
            Self::Email => "SELECT Id, Name, Company FROM Lead WHERE Email = ?1",
            Self::Name => "SELECT Id, Name, Company FROM Lead WHERE Name = ?1",
            Self::Owner => "SELECT Id, Name, Company FROM Lead WHERE OwnerId = ?1",
            Self::Stamp => {
                "SELECT Id, Name, Company FROM Lead WHERE SystemModstamp >= ?1 AND SystemModstamp < ?2"
            }
        }
    }

    /// The text to look for; none for a range of moments.
    #[must_use]
    pub fn text(self, number: u64) -> Option<String> {
        match self {
            Self::Id => Some(id(number).to_string()),
            Self::ExternalId => Some(external_id(number)),
            Self::Email => Some(email(number)),
            Self::Name => Some(Lead::number(number).name()),
            Self::Owner => Some(owner(number).to_string()),
            Self::Stamp => None,
        }
    }

    #[must_use]
    pub fn moments(number: u64) -> (i64, i64) {
        (moment(number).millis(), moment(number + STAMPS).millis())
    }
}

/// A question that no index answers, in both languages.
#[derive(Debug, Clone, Copy)]
pub struct Scan {
    pub title: &'static str,
    pub soql: &'static str,
    pub sql: &'static str,
}

pub const SCANS: &[Scan] = &[
    Scan {
        title: "unindexed filter, a text (one of 500)",
        soql: "SELECT Id FROM Lead WHERE City = 'city 77'",
        sql: "SELECT Id FROM Lead WHERE City = 'city 77'",
    },
    Scan {
        title: "unindexed filter, a number and a text (one of 500)",
        soql: "SELECT Id FROM Lead WHERE AnnualRevenue > 9900000 AND Country = 'Spain'",
        sql: "SELECT Id FROM Lead WHERE AnnualRevenue > 9900000 AND Country = 'Spain'",
    },
    Scan {
        title: "`LIKE '%777%'` on Phone",
        soql: "SELECT Id FROM Lead WHERE Phone LIKE '%777%'",
        sql: "SELECT Id FROM Lead WHERE Phone LIKE '%777%'",
    },
    Scan {
        title: "`LIKE '%elace77%'` on Email's neighbour LastName",
        soql: "SELECT Id FROM Lead WHERE LastName LIKE '%elace77%'",
        sql: "SELECT Id FROM Lead WHERE LastName LIKE '%elace77%'",
    },
    Scan {
        title: "`GROUP BY` two fields, COUNT and SUM",
        soql: "SELECT Country, LeadSource, COUNT(Id), SUM(AnnualRevenue) FROM Lead GROUP BY Country, LeadSource",
        sql: "SELECT Country, LeadSource, COUNT(Id), SUM(AnnualRevenue) FROM Lead GROUP BY Country, LeadSource",
    },
    Scan {
        title: "`ORDER BY` a number `LIMIT 200`",
        soql: "SELECT Id, Name FROM Lead ORDER BY AnnualRevenue DESC LIMIT 200",
        sql: "SELECT Id, Name FROM Lead ORDER BY AnnualRevenue DESC LIMIT 200",
    },
];

/// What a query answered, so that both sides can be compared and nothing is optimized away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answer {
    pub rows: usize,
    /// Bytes of all texts that were read.
    pub bytes: usize,
}
