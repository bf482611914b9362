//! What every org has from its first day: the organization itself, licences and profiles (`profiles`), an administrator, an
//! integration user, the rows that give statuses and stages their meaning, and the standard price book.

use super::{
    Planting,
    format::{Fixture, User},
    profiles,
};
use crate::{
    id::Id,
    save::coerce::Raw,
    schema::{PackageError, StandardValue, standard_values},
    settings::Settings,
};

/// The name of the profile that may do everything.
pub const ADMINISTRATOR: &str = "System Administrator";

/// The first user of every org, who has made it all.
#[must_use]
pub fn administrator(settings: &Settings) -> Id {
    Id::from_number(*b"005", settings.pod, 1)
}

pub fn plant(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    organization(planting)?;
    profiles::plant(planting, fixture)?;
    meanings(planting)?;
    planting.set_up(
        "Pricebook2",
        &[
            ("Name", Raw::Text("Standard Price Book")),
            ("IsActive", Raw::Bool(true)),
            ("IsStandard", Raw::Bool(true)),
        ],
    )?;
    business_hours(planting)
}

/// When each day begins and ends.
#[rustfmt::skip]
const HOURS: [&str; 14] = [
    "SundayStartTime", "SundayEndTime", "MondayStartTime", "MondayEndTime", "TuesdayStartTime", "TuesdayEndTime",
    "WednesdayStartTime", "WednesdayEndTime", "ThursdayStartTime", "ThursdayEndTime", "FridayStartTime", "FridayEndTime",
    "SaturdayStartTime", "SaturdayEndTime",
];

/// Those of a new org are round the clock.
fn business_hours(planting: &mut Planting<'_>) -> Result<(), PackageError> {
    let time_zone = planting.tx.state().settings().time_zone.clone();
    let mut fields = vec![
        ("Name", Raw::Text("Default")),
        ("IsActive", Raw::Bool(true)),
        ("IsDefault", Raw::Bool(true)),
        ("TimeZoneSidKey", Raw::Text(&time_zone)),
    ];
    fields.extend(HOURS.map(|end| (end, Raw::Text("00:00:00.000Z"))));
    planting.set_up("BusinessHours", &fields)?;
    Ok(())
}

fn organization(planting: &mut Planting<'_>) -> Result<(), PackageError> {
    let settings = planting.tx.state().settings().clone();
    planting.set_up(
        "Organization",
        &[
            ("Name", Raw::Text(&settings.name)),
            ("OrganizationType", Raw::Text(settings.edition.organization_type())),
            ("IsSandbox", Raw::Bool(settings.sandbox)),
            ("InstanceName", Raw::Text("MOCK1")),
            ("DefaultLocaleSidKey", Raw::Text(&settings.locale)),
            ("LanguageLocaleKey", Raw::Text(&settings.language)),
            ("TimeZoneSidKey", Raw::Text(&settings.time_zone)),
            ("FiscalYearStartMonth", Raw::Number(&settings.fiscal_year_start_month.to_string())),
        ],
    )?;
    Ok(())
}

/// An object, its further column, and its rows.
type PlainMeanings = (&'static str, &'static str, &'static [(&'static str, bool, Raw<'static>)]);

/// Set-up picklists whose meaning no rule of a save asks for: value, whether it is the default, and one column more.
#[rustfmt::skip]
const PLAIN_MEANINGS: &[PlainMeanings] = &[
    ("TaskPriority", "IsHighPriority",
        &[("High", false, Raw::Bool(true)), ("Normal", true, Raw::Bool(false)), ("Low", false, Raw::Bool(false))]),
    ("ContractStatus", "StatusCode",
        &[("In Approval Process", false, Raw::Text("InApproval")), ("Activated", false, Raw::Text("Activated")),
          ("Draft", true, Raw::Text("Draft"))]),
    ("OrderStatus", "StatusCode",
        &[("Draft", true, Raw::Text("Draft")), ("Activated", false, Raw::Text("Activated"))]),
    ("SolutionStatus", "IsReviewed",
        &[("Draft", true, Raw::Bool(false)), ("Reviewed", false, Raw::Bool(true)), ("Duplicate", false, Raw::Bool(false))]),
];

/// The rows of the set-up picklists: which status means converted, closed or won.
fn meanings(planting: &mut Planting<'_>) -> Result<(), PackageError> {
    for (object, column, values) in PLAIN_MEANINGS {
        for (at, (value, default, more)) in values.iter().enumerate() {
            let order = (at + 1).to_string();
            planting.set_up(
                object,
                &[
                    ("MasterLabel", Raw::Text(value)),
                    ("ApiName", Raw::Text(value)),
                    ("SortOrder", Raw::Number(&order)),
                    ("IsDefault", Raw::Bool(*default)),
                    (column, *more),
                ],
            )?;
        }
    }
    let values = standard_values();
    for object in ["LeadStatus", "CaseStatus", "TaskStatus", "OpportunityStage"] {
        plant_meanings(planting, object, values.of(object).unwrap_or_default())?;
    }
    Ok(())
}

pub fn plant_meanings(
    planting: &mut Planting<'_>,
    object: &str,
    values: &[StandardValue],
) -> Result<(), PackageError> {
    for (at, value) in values.iter().enumerate() {
        let (order, probability) = ((at + 1).to_string(), value.probability.to_string());
        let mut row = vec![
            ("MasterLabel", Raw::Text(value.value.as_str())),
            ("ApiName", Raw::Text(&value.value)),
            ("SortOrder", Raw::Number(&order)),
        ];
        match object {
            "LeadStatus" => row.push(("IsConverted", Raw::Bool(value.converted))),
            "OpportunityStage" => row.extend([
                ("IsActive", Raw::Bool(true)),
                ("IsClosed", Raw::Bool(value.closed)),
                ("IsWon", Raw::Bool(value.won)),
                ("DefaultProbability", Raw::Number(&probability)),
                ("ForecastCategory", Raw::Text(&value.forecast_category)),
                ("ForecastCategoryName", Raw::Text(value.forecast_category_name())),
            ]),
            _ => row.push(("IsClosed", Raw::Bool(value.closed))),
        }
        if object != "OpportunityStage" {
            row.push(("IsDefault", Raw::Bool(value.default)));
        }
        planting.set_up(object, &row)?;
    }
    Ok(())
}

/// The users that every org has, where the fixture does not bring its own of that name.
pub fn own_users() -> [User; 2] {
    let user = |symbol: &str, first: &str, last: &str, profile: &str| User {
        symbol: Some(symbol.to_owned()),
        username: format!("{symbol}@mock-sfdc.example"),
        password: "mock-sfdc-1".to_owned(),
        security_token: "mockSecurityToken".to_owned(),
        first_name: Some(first.to_owned()),
        last_name: last.to_owned(),
        email: None,
        profile: profile.to_owned(),
        active: true,
        restriction: None,
        role: None,
        permission_sets: Vec::new(),
        permission_set_groups: Vec::new(),
        permission_set_licenses: Vec::new(),
        fields: indexmap::IndexMap::new(),
    };
    [
        user("admin", "Ada", "Admin", ADMINISTRATOR),
        user("integration", "Integration", "User", "Minimum Access - API Only Integrations"),
    ]
}
