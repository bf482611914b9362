//! What the standard profiles grant: rights over objects in letters, and system permissions by name. They are those of real
//! orgs, as far as public metadata shows it (`docs/FIDELITY.md`).

use crate::access::permissions::ObjectGrant;

/// A profile that every org has.
pub(super) struct Standard {
    pub name: &'static str,
    pub licence: &'static str,
    /// Rights over standard objects, in the letters of [`ObjectGrant::letters`].
    objects: &'static [(&'static str, &'static str)],
    /// Rights over the objects of packages.
    custom: &'static str,
    permissions: &'static [&'static str],
    /// Fields are hidden unless a row shows them.
    pub hides_fields: bool,
}

const STANDARD_OBJECTS: &[(&str, &str)] = &[
    ("Account", "CRED"),
    ("Asset", "CRED"),
    ("Campaign", "R"),
    ("Case", "CRE"),
    ("Contact", "CRED"),
    ("Contract", "CRED"),
    ("Document", "CRED"),
    ("Idea", "CR"),
    ("Individual", "CRED"),
    ("Lead", "CRED"),
    ("Opportunity", "CRED"),
    ("Order", "CRED"),
    ("Pricebook2", "R"),
    ("Product2", "R"),
    ("PushTopic", "R"),
    ("Quote", "CRED"),
    ("Solution", "CRE"),
    ("StreamingChannel", "R"),
];

const READ_ONLY_OBJECTS: &[(&str, &str)] = &[
    ("Account", "R"),
    ("Asset", "R"),
    ("Campaign", "R"),
    ("Case", "R"),
    ("Contact", "R"),
    ("Contract", "R"),
    ("Document", "R"),
    ("Idea", "R"),
    ("Individual", "R"),
    ("Lead", "R"),
    ("Opportunity", "R"),
    ("Order", "R"),
    ("Pricebook2", "R"),
    ("Product2", "R"),
    ("PushTopic", "R"),
    ("Quote", "R"),
    ("Solution", "R"),
    ("StreamingChannel", "R"),
];

/// Of every profile that lets people work.
const READ_ONLY: &[&str] = &[
    "ActivitiesAccess",
    "AllowUniversalSearch",
    "AllowViewKnowledge",
    "ApexRestServices",
    "ApiEnabled",
    "AssignTopics",
    "ChatterEditOwnPost",
    "ChatterFileLink",
    "ChatterInternalUser",
    "ChatterInviteExternalUsers",
    "ChatterOwnGroups",
    "ContentWorkspaces",
    "CreateCustomizeFilters",
    "CreateCustomizeReports",
    "CreateTopics",
    "EditOppLineItemUnitPrice",
    "EditTopics",
    "EnableCommunityAppLauncher",
    "EnableNotifications",
    "ExportReport",
    "LightningConsoleAllowedForUser",
    "LightningExperienceUser",
    "RunReports",
    "SelectFilesFromSalesforce",
    "SendSitRequests",
    "ShowCompanyNameAsUserBadge",
    "SubmitMacrosAllowed",
    "SubscribeToLightningReports",
    "UseWebLink",
    "ViewHelpLink",
    "ViewRoles",
    "ViewSetup",
];

/// What a standard user has besides.
const WORK: &[&str] = &[
    "AddDirectMessageMembers",
    "ConvertLeads",
    "DistributeFromPersWksp",
    "EditEvent",
    "EditTask",
    "EmailMass",
    "EmailSingle",
    "ImportPersonal",
    "ListEmailSend",
    "MassInlineEdit",
    "RemoveDirectMessageMembers",
    "TransactionalEmailSend",
];

const MARKETING: &[&str] =
    &["EditBrandTemplates", "EditHtmlTemplates", "EditPublicDocuments", "EditPublicTemplates", "ImportLeads"];

/// What even administrators get only when somebody gives it to them, or when the org has it switched on.
pub(super) const NOT_OF_ADMINISTRATORS: &[&str] = &[
    "ApiUserOnly",
    "BulkApiHardDelete",
    "CreateAuditFields",
    "DelegatedTwoFactor",
    "EditReadonlyFields",
    "FlowUFLRequired",
    "ForceTwoFactor",
    "HideReadByList",
    "IsSsoEnabled",
    "OptOutGeoLocationTracking",
    "PasswordNeverExpires",
    "PreventClassicExperience",
    "TwoFactorApi",
    "UpdateWithInactiveOwner",
    "ViewEncryptedData",
    "ViewOnlyEmbeddedAppUser",
];

pub(super) const STANDARD: &[Standard] = &[
    Standard {
        name: "Standard User",
        licence: "Salesforce",
        objects: STANDARD_OBJECTS,
        custom: "CRED",
        permissions: WORK,
        hides_fields: false,
    },
    Standard {
        name: "Marketing User",
        licence: "Salesforce",
        objects: &[("Campaign", "CRED"), ("Solution", "CRED")],
        custom: "CRED",
        permissions: MARKETING,
        hides_fields: false,
    },
    Standard {
        name: "Contract Manager",
        licence: "Salesforce",
        objects: &[],
        custom: "CRED",
        permissions: &["ActivateContract", "DeleteActivatedContract"],
        hides_fields: false,
    },
    Standard {
        name: "Solution Manager",
        licence: "Salesforce",
        objects: &[("Solution", "CRED")],
        custom: "CRED",
        permissions: &["ManageCategories", "ManageSolutions"],
        hides_fields: false,
    },
    Standard {
        name: "Read Only",
        licence: "Salesforce",
        objects: READ_ONLY_OBJECTS,
        custom: "R",
        permissions: &[],
        hides_fields: false,
    },
    Standard {
        name: "Standard Platform User",
        licence: "Salesforce Platform",
        objects: STANDARD_OBJECTS,
        custom: "CRED",
        permissions: &["EditEvent", "EditTask"],
        hides_fields: false,
    },
    Standard {
        name: "Minimum Access - Salesforce",
        licence: "Salesforce",
        objects: &[],
        custom: "",
        permissions: &[
            "ActivitiesAccess",
            "ChatterInternalUser",
            "LightningConsoleAllowedForUser",
            "ViewHelpLink",
        ],
        hides_fields: true,
    },
    Standard {
        name: "Minimum Access - API Only Integrations",
        licence: "Salesforce Integration",
        objects: &[],
        custom: "",
        permissions: &["ApiEnabled", "ApiUserOnly"],
        hides_fields: true,
    },
    Standard {
        name: "Chatter Free User",
        licence: "Chatter Free",
        objects: &[],
        custom: "",
        permissions: &["ChatterInternalUser"],
        hides_fields: true,
    },
];

/// Profiles that extend what a standard user has, and what a reader has.
const LIKE_STANDARD: [&str; 3] = ["Marketing User", "Contract Manager", "Solution Manager"];

impl Standard {
    pub fn permissions(&self) -> Vec<&'static str> {
        let works = self.name == "Standard User" || LIKE_STANDARD.contains(&self.name);
        let reads = works || matches!(self.name, "Read Only" | "Standard Platform User");
        let mut all = self.permissions.to_vec();
        if works && self.name != "Standard User" {
            all.extend(WORK);
        }
        if reads {
            all.extend(READ_ONLY);
        }
        all
    }

    pub fn grant(&self, object: &str) -> ObjectGrant {
        let of = |table: &[(&str, &'static str)]| {
            table.iter().find(|(name, _)| name.eq_ignore_ascii_case(object)).map(|(_, letters)| *letters)
        };
        let usual = if LIKE_STANDARD.contains(&self.name) { of(STANDARD_OBJECTS) } else { None };
        let custom = object.to_ascii_lowercase().ends_with("__c").then_some(self.custom);
        ObjectGrant::letters(of(self.objects).or(usual).or(custom).unwrap_or_default())
    }
}
