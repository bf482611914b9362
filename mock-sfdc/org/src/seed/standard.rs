//! What every org has from its first day: the organization itself, licences, profiles, an administrator, an integration
//! user, the rows that give statuses and stages their meaning, and the standard price book.

use super::{
    Planting,
    format::{Fixture, User},
};
use crate::{
    id::Id,
    save::coerce::Raw,
    schema::{FieldType, PackageError, StandardValue, standard_values},
    settings::Settings,
};

/// The name of the profile that may do everything.
pub const ADMINISTRATOR: &str = "System Administrator";

/// Profiles of a new org, with what they may do beyond "API Enabled": everything or nothing that this mock asks for.
const PROFILES: &[(&str, &str)] = &[
    (ADMINISTRATOR, "Salesforce"),
    ("Standard User", "Salesforce"),
    ("Marketing User", "Salesforce"),
    ("Read Only", "Salesforce"),
    ("Minimum Access - Salesforce", "Salesforce"),
    ("Minimum Access - API Only Integrations", "Salesforce Integration"),
];

/// The first user of every org, who has made it all.
#[must_use]
pub fn administrator(settings: &Settings) -> Id {
    Id::from_number(*b"005", settings.pod, 1)
}

pub fn plant(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    organization(planting)?;
    profiles(planting, fixture)?;
    meanings(planting)?;
    planting.set_up(
        "Pricebook2",
        &[
            ("Name", Raw::Text("Standard Price Book")),
            ("IsActive", Raw::Bool(true)),
            ("IsStandard", Raw::Bool(true)),
        ],
    )?;
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

fn profiles(planting: &mut Planting<'_>, fixture: &Fixture) -> Result<(), PackageError> {
    let mut licences = Vec::new();
    for (name, key) in [("Salesforce", "SFDC"), ("Salesforce Integration", "SFDC_INTEGRATION")] {
        let id = planting.set_up(
            "UserLicense",
            &[
                ("Name", Raw::Text(name)),
                ("MasterLabel", Raw::Text(name)),
                ("LicenseDefinitionKey", Raw::Text(key)),
                ("Status", Raw::Text("Active")),
                ("TotalLicenses", Raw::Number("100")),
                ("UsedLicenses", Raw::Number("1")),
            ],
        )?;
        licences.push((name, id.to_string()));
    }
    let all = permissions(planting);
    for (name, licence) in PROFILES {
        let licence = licences.iter().find(|(known, _)| known == licence).map_or("", |(_, id)| id);
        let granted = all.iter().filter(|one| *name == ADMINISTRATOR || *one == "PermissionsApiEnabled");
        let mut values = vec![("Name", Raw::Text(name)), ("UserLicenseId", Raw::Text(licence))];
        values.extend(granted.map(|one| (one.as_str(), Raw::Bool(true))));
        profile(planting, "", &values)?;
    }
    for (at, own) in fixture.profiles.iter().enumerate() {
        let path = format!("profiles[{at}]");
        let licence = licences[0].1.as_str();
        let mut values = vec![("Name", Raw::Text(&own.name)), ("UserLicenseId", Raw::Text(licence))];
        for (at, permission) in own.permissions.iter().enumerate() {
            if !all.iter().any(|known| known.eq_ignore_ascii_case(permission)) {
                let near = crate::nearest::nearest(permission, all.iter().map(String::as_str));
                let problem = format!("Profile has no permission {permission}{}", super::or(&near));
                return Err(planting.source.mistake(&format!("{path}.permissions[{at}]"), problem));
            }
            values.push((permission, Raw::Bool(true)));
        }
        profile(planting, &path, &values)?;
    }
    Ok(())
}

/// A profile, and the permission set that stands behind each one.
fn profile(planting: &mut Planting<'_>, path: &str, values: &[(&str, Raw<'_>)]) -> Result<(), PackageError> {
    let id = planting.create(path, "Profile", values)?;
    let name = format!("X{}", id.short());
    planting.set_up(
        "PermissionSet",
        &[
            ("Name", Raw::Text(&name)),
            ("Label", Raw::Text(&name)),
            ("ProfileId", Raw::Text(&id.to_string())),
            ("IsOwnedByProfile", Raw::Bool(true)),
        ],
    )?;
    Ok(())
}

fn permissions(planting: &Planting<'_>) -> Vec<String> {
    let Some(object) = planting.tx.state().schema().object("Profile") else { return Vec::new() };
    object
        .fields
        .iter()
        .filter(|field| field.kind == FieldType::Boolean && field.name.as_str().starts_with("Permissions"))
        .map(|field| field.name.to_string())
        .collect()
}

/// Set-up picklists whose meaning no rule of a save asks for: value, whether it is the default, and one column more.
#[rustfmt::skip]
const PLAIN_MEANINGS: &[(&str, &str, &[(&str, bool, Raw<'static>)])] = &[
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
        fields: indexmap::IndexMap::new(),
    };
    [
        user("admin", "Ada", "Admin", ADMINISTRATOR),
        user("integration", "Integration", "User", "Minimum Access - API Only Integrations"),
    ]
}
