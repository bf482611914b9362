//! The standard objects, embedded: `org/schema/*.json`, parsed once per process.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::companions;
use super::format::PicklistEntry;
use super::package::Origin;
use super::{PicklistValue, Schema};

macro_rules! files {
    ($($name:literal)*) => {
        /// In the order in which the objects get their index.
        const FILES: &[(&str, &str)] =
            &[$((concat!($name, ".json"), include_str!(concat!("../../schema/", $name, ".json")))),*];
    };
}

files! {
    "Account" "Contact" "Lead" "Opportunity" "OpportunityContactRole" "Case" "Task" "Event" "Campaign"
    "CampaignMember" "CampaignMemberStatus" "User" "Profile" "PermissionSet" "PermissionSetAssignment"
    "Group" "GroupMember" "QueueSobject" "UserRole" "UserLicense" "Organization" "RecordType" "Name"
    "RecentlyViewed" "AssignmentRule" "LeadStatus" "OpportunityStage" "TaskStatus" "CaseStatus"
    "PushTopic" "Product2" "Pricebook2" "PricebookEntry" "OpportunityLineItem" "OpportunityHistory"
    "Individual" "Note" "Attachment" "ContentDocument" "ContentVersion" "ContentDocumentLink"
    "CaseComment" "EmailMessage" "EmailTemplate" "BusinessHours" "FiscalYearSettings" "Period"
    "StaticResource" "CronJobDetail" "CronTrigger" "AsyncApexJob" "ApexClass" "ApexTrigger"
    "ObjectPermissions" "FieldPermissions" "SetupEntityAccess" "PermissionSetLicense"
    "PermissionSetLicenseAssign" "UserLogin" "Quote" "QuoteLineItem" "Contract" "Order" "OrderItem"
    "Asset" "Holiday" "TaskPriority" "ContractStatus" "OrderStatus" "SolutionStatus" "PartnerRole"
    "EventRelation" "Folder" "Document" "Solution" "Partner" "AccountPartner" "OpportunityPartner"
    "OpportunityCompetitor" "AccountContactRole" "CaseContactRole" "ContractContactRole" "DuplicateRule"
    "DuplicateRecordSet" "DuplicateRecordItem" "MatchingRule" "MatchingRuleItem" "EntityDefinition"
    "FieldDefinition" "UserPreference" "Domain" "LoginIp" "SetupAuditTrail" "PackageLicense"
    "UserPackageLicense" "ApexLog" "ConnectedApplication" "BusinessProcess" "ProcessDefinition"
    "ProcessInstanceStep" "ProcessInstanceWorkitem" "ProcessInstance" "PermissionSetGroup"
    "PermissionSetGroupComponent" "UserRecordAccess" "LoginHistory" "AuthSession" "ListView" "Report" "Dashboard" "EventLogFile" "OrgWideEmailAddress"
    "Topic" "TopicAssignment" "ApexPage" "ApexComponent" "CustomPermission" "EmailMessageRelation"
    "CaseTeamRole" "CaseTeamMember" "WebLink" "ContactPointEmail" "FeedItem" "FeedComment"
    "StreamingChannel" "ApexEmailNotification" "MutingPermissionSet"
    "UserPermissionAccess" "UserEntityAccess" "UserFieldAccess"
}

impl Schema {
    /// The standard objects as every org has them.
    ///
    /// # Panics
    /// Never outside a broken build: a test loads the embedded files.
    #[must_use]
    pub fn standard() -> Self {
        static STANDARD: OnceLock<Schema> = OnceLock::new();
        STANDARD
            .get_or_init(|| match Self::default().load(FILES, Origin::Standard) {
                Ok(schema) => schema.with_objects(companions::standard(&schema)),
                Err(mistake) => panic!("the embedded schema has a mistake: {mistake}"),
            })
            .clone()
    }
}

/// The values of a picklist that several fields share (`org/schema/values/value-sets.json`).
pub(super) fn value_set(name: &str) -> Option<Arc<[PicklistValue]>> {
    static SETS: OnceLock<BTreeMap<String, Arc<[PicklistValue]>>> = OnceLock::new();
    let sets = SETS.get_or_init(|| {
        let text = include_str!("../../schema/values/value-sets.json");
        let sets: BTreeMap<String, Vec<PicklistEntry>> = match serde_json::from_str(text) {
            Ok(sets) => sets,
            Err(mistake) => panic!("value-sets.json has a mistake: {mistake}"),
        };
        sets.into_iter().map(|(name, set)| (name, set.into_iter().map(|entry| entry.0).collect())).collect()
    });
    sets.get(name).cloned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::FILES;

    #[test]
    fn each_object_has_one_file() {
        let names: BTreeSet<&str> = FILES.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), FILES.len());
    }
}
