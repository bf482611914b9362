//! What a fixture of an org may say (`fixtures/README.md` shows it by example). Unknown keys are mistakes everywhere.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    access::{
        AppDefinition, IpRange, LoginHours, Restriction,
        permissions::{
            FieldPermission, LevelBelow, ObjectPermission, PermissionDefinition, SharingModel, SharingRules,
            UserPermission,
        },
    },
    duplicates::{DuplicateRule, MatchingRule},
    limits::LimitSettings,
    rules::{
        assignment::RuleEntry,
        auto_response::{AutoResponseEntry, AutoResponseRule},
        lead_conversion::LeadConvertSettings,
        record_types::{RecordType, RecordTypeVisibility},
        validation::ValidationRule,
        workflow::Workflow,
    },
    settings::{AfterLastDays, Edition, Feature},
    streaming::{EventChannel, ManagedSubscription},
};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Fixture {
    /// A note for people.
    pub about: Option<Value>,
    pub organization: Organization,
    pub packages: Vec<Package>,
    /// Folders with metadata, beside the file. Who loads the fixture brings them (`load_beside`).
    #[serde(rename = "metadata")]
    pub _metadata: Vec<String>,
    /// Org-wide defaults by object.
    pub sharing: IndexMap<String, SharingModel>,
    /// By licence, the objects that it leaves out.
    pub licences: IndexMap<String, Vec<String>>,
    pub profiles: Vec<Profile>,
    pub permission_sets: Vec<PermissionSet>,
    pub permission_set_groups: Vec<PermissionSetGroup>,
    pub roles: Vec<Role>,
    pub users: Vec<User>,
    pub queues: Vec<Queue>,
    /// Public groups.
    pub groups: Vec<PublicGroup>,
    /// By object.
    pub sharing_rules: IndexMap<String, SharingRules>,
    pub assignment_rules: Vec<Rule>,
    pub lead_convert_settings: Option<LeadConvertSettings>,
    pub lead_config_settings: LeadConfigSettings,
    /// By object.
    pub validation_rules: IndexMap<String, Vec<ValidationRule>>,
    pub auto_response_rules: Vec<ResponseRule>,
    /// By object.
    pub workflows: IndexMap<String, Workflow>,
    pub connected_apps: Vec<AppDefinition>,
    pub matching_rules: Vec<MatchingRule>,
    pub duplicate_rules: Vec<DuplicateRule>,
    /// Objects whose standard duplicate rule is active.
    pub standard_duplicate_rules: Vec<String>,
    pub record_types: Vec<RecordType>,
    /// Beside the org's own, in an org of several.
    pub currencies: Vec<Currency>,
    pub dated_conversion_rates: Vec<DatedRate>,
    /// By object: fields whose changes leave rows of its history.
    pub history_tracking: IndexMap<String, Vec<String>>,
    /// Objects whose changes the channel `/data/ChangeEvents` tells.
    pub change_data_capture: Vec<String>,
    pub platform_event_channels: Vec<EventChannel>,
    pub managed_event_subscriptions: Vec<ManagedSubscription>,
    /// By object.
    pub records: IndexMap<String, Vec<IndexMap<String, Value>>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[allow(clippy::struct_excessive_bools, reason = "a fixture says them one by one")]
pub struct Organization {
    pub name: String,
    pub edition: Edition,
    pub sandbox: bool,
    pub my_domain: Option<String>,
    pub time_zone: String,
    pub locale: String,
    pub language: String,
    pub currency: String,
    pub features: BTreeSet<Feature>,
    pub fiscal_year_start_month: u8,
    pub daily_api_requests: Option<u64>,
    pub limits: LimitSettings,
    pub session_minutes: u32,
    pub streaming_enabled: bool,
    pub enforce_ip_ranges_every_request: bool,
    pub default_lead_owner: Option<String>,
    pub default_case_owner: Option<String>,
    pub duplicate_result_spelt_right: bool,
    pub after_last_days: AfterLastDays,
    /// When all of this was made, such as `2026-01-05T09:00:00Z`.
    pub seeded_at: Option<String>,
}

impl Default for Organization {
    fn default() -> Self {
        let usual = crate::settings::Settings::default();
        Self {
            name: usual.name,
            edition: usual.edition,
            sandbox: usual.sandbox,
            my_domain: usual.my_domain,
            time_zone: usual.time_zone,
            locale: usual.locale,
            language: usual.language,
            currency: usual.currency,
            features: usual.features,
            fiscal_year_start_month: usual.fiscal_year_start_month,
            daily_api_requests: None,
            limits: usual.limits,
            session_minutes: usual.session_minutes,
            streaming_enabled: usual.streaming_enabled,
            default_lead_owner: None,
            default_case_owner: None,
            duplicate_result_spelt_right: false,
            enforce_ip_ranges_every_request: usual.enforce_ip_ranges_every_request,
            after_last_days: usual.after_last_days,
            seeded_at: None,
        }
    }
}

/// Salesforce's settings for leads, as far as they are emulated.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LeadConfigSettings {
    pub should_lead_convert_require_validation: bool,
}

impl Default for LeadConfigSettings {
    fn default() -> Self {
        Self { should_lead_convert_require_validation: true }
    }
}

/// A currency: its units for one of the org's own.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Currency {
    pub iso_code: String,
    pub conversion_rate: serde_json::Number,
    #[serde(default = "two")]
    pub decimal_places: u8,
    #[serde(default = "yes")]
    pub is_active: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DatedRate {
    pub iso_code: String,
    pub start_date: String,
    pub conversion_rate: serde_json::Number,
}

/// A file of `fixtures/packages/` by its name, or the same in place.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Package {
    Named(String),
    Inline(Value),
}

/// A profile beside the standard ones, or more about one of those.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", from = "ProfileWords")]
pub struct Profile {
    pub name: String,
    pub user_license: Option<String>,
    /// The fields of Profile that are true, `PermissionsApiEnabled` and the like: the short form of `userPermissions`.
    pub permissions: Vec<String>,
    /// Fields are hidden unless `fieldPermissions` show them.
    pub hides_fields: bool,
    pub record_type_visibilities: Vec<RecordTypeVisibility>,
    pub permissions_of: PermissionDefinition,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProfileWords {
    name: String,
    user_license: Option<String>,
    #[serde(default)]
    permissions: Vec<String>,
    #[serde(default)]
    hides_fields: bool,
    #[serde(default)]
    record_type_visibilities: Vec<RecordTypeVisibility>,
    object_permissions: Option<Vec<ObjectPermission>>,
    #[serde(default)]
    field_permissions: Vec<FieldPermission>,
    #[serde(default)]
    user_permissions: Vec<UserPermission>,
    #[serde(default)]
    login_ip_ranges: Vec<IpRange>,
    login_hours: Option<LoginHours>,
}

impl From<ProfileWords> for Profile {
    fn from(words: ProfileWords) -> Self {
        Self {
            name: words.name,
            user_license: words.user_license,
            permissions: words.permissions,
            hides_fields: words.hides_fields,
            record_type_visibilities: words.record_type_visibilities,
            permissions_of: PermissionDefinition {
                object_permissions: words.object_permissions,
                field_permissions: words.field_permissions,
                user_permissions: words.user_permissions,
                login_ip_ranges: words.login_ip_ranges,
                login_hours: words.login_hours,
            },
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(from = "PermissionSetWords")]
pub struct PermissionSet {
    pub symbol: Option<String>,
    /// The API name.
    pub name: String,
    pub label: Option<String>,
    pub description: Option<String>,
    pub license: Option<String>,
    pub permissions_of: PermissionDefinition,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PermissionSetWords {
    #[serde(rename = "ref")]
    symbol: Option<String>,
    name: String,
    label: Option<String>,
    description: Option<String>,
    license: Option<String>,
    object_permissions: Option<Vec<ObjectPermission>>,
    #[serde(default)]
    field_permissions: Vec<FieldPermission>,
    #[serde(default)]
    user_permissions: Vec<UserPermission>,
}

impl From<PermissionSetWords> for PermissionSet {
    fn from(words: PermissionSetWords) -> Self {
        Self {
            symbol: words.symbol,
            name: words.name,
            label: words.label,
            description: words.description,
            license: words.license,
            permissions_of: PermissionDefinition {
                object_permissions: words.object_permissions,
                field_permissions: words.field_permissions,
                user_permissions: words.user_permissions,
                ..PermissionDefinition::default()
            },
        }
    }
}

/// Permission sets that are given together, less what the muting permission set says.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PermissionSetGroup {
    #[serde(rename = "ref")]
    pub symbol: Option<String>,
    /// The API name.
    pub name: String,
    pub label: Option<String>,
    pub description: Option<String>,
    #[serde(default)]
    pub permission_sets: Vec<String>,
    /// By name: those that the org has.
    #[serde(default)]
    pub muting_permission_sets: Vec<String>,
    /// One of the group's own.
    pub muting_permission_set: Option<PermissionDefinition>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublicGroup {
    #[serde(rename = "ref")]
    pub symbol: Option<String>,
    pub name: String,
    pub developer_name: String,
    #[serde(default)]
    pub members: Vec<String>,
}

/// A role; its parent stands before it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Role {
    #[serde(rename = "ref")]
    pub symbol: Option<String>,
    pub name: String,
    pub developer_name: Option<String>,
    #[allow(clippy::struct_field_names, reason = "metadata calls it so")]
    pub parent_role: Option<String>,
    /// What its members reach of the children of accounts that they own.
    pub case_access_level: Option<LevelBelow>,
    pub contact_access_level: Option<LevelBelow>,
    pub opportunity_access_level: Option<LevelBelow>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct User {
    #[serde(rename = "ref")]
    pub symbol: Option<String>,
    pub username: String,
    pub password: String,
    #[serde(default)]
    pub security_token: String,
    pub first_name: Option<String>,
    pub last_name: String,
    pub email: Option<String>,
    #[serde(default = "standard_user")]
    pub profile: String,
    #[serde(default = "yes")]
    pub active: bool,
    pub restriction: Option<Restriction>,
    /// By its name or API name.
    pub role: Option<String>,
    /// By API name.
    #[serde(default)]
    pub permission_sets: Vec<String>,
    /// By API name.
    #[serde(default)]
    pub permission_set_groups: Vec<String>,
    /// By API name.
    #[serde(default)]
    pub permission_set_licenses: Vec<String>,
    /// Other fields of User.
    #[serde(default)]
    pub fields: IndexMap<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Queue {
    #[serde(rename = "ref")]
    pub symbol: Option<String>,
    pub name: String,
    pub developer_name: String,
    pub email: Option<String>,
    pub objects: Vec<String>,
    #[serde(default)]
    pub members: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    #[serde(rename = "ref")]
    pub symbol: Option<String>,
    #[serde(alias = "fullName")]
    pub name: String,
    pub object: String,
    #[serde(default)]
    pub active: bool,
    /// In Salesforce's own word for it.
    #[serde(rename = "ruleEntry")]
    pub entries: Vec<RuleEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResponseRule {
    #[serde(alias = "fullName")]
    pub name: String,
    pub object: String,
    #[serde(default)]
    pub active: bool,
    #[serde(rename = "ruleEntry")]
    pub entries: Vec<AutoResponseEntry>,
}

impl ResponseRule {
    pub fn rule(&self) -> AutoResponseRule {
        AutoResponseRule {
            full_name: self.name.clone(),
            active: self.active,
            rule_entry: self.entries.clone(),
        }
    }
}

fn standard_user() -> String {
    "Standard User".to_owned()
}

fn two() -> u8 {
    2
}

fn yes() -> bool {
    true
}
