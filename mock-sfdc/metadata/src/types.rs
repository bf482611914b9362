//! The types of metadata that an org takes and gives, by the names that Salesforce's Metadata API has for them: THE table behind
//! deploys, retrieves, lists and single components. What is not in it is refused by name.

/// A type of metadata.
#[derive(Debug, PartialEq, Eq)]
pub struct MetadataType {
    /// `CustomField`
    pub name: &'static str,
    /// The folder of an archive in which its files stand, or that of its parent's.
    pub directory: &'static str,
    /// What its files end in, or its parent's.
    pub suffix: &'static str,
    /// The type whose files hold it, and the element that it is there.
    pub parent: Option<(&'static str, &'static str)>,
    /// What a file of its own ends in where a project keeps one a part.
    pub part: &'static str,
    /// What the ids of its components begin with.
    pub prefix: [u8; 3],
}

const fn whole(
    name: &'static str,
    directory: &'static str,
    suffix: &'static str,
    prefix: [u8; 3],
) -> MetadataType {
    MetadataType { name, directory, suffix, parent: None, part: suffix, prefix }
}

const fn within(
    name: &'static str,
    parent: &'static MetadataType,
    tag: &'static str,
    part: &'static str,
    prefix: [u8; 3],
) -> MetadataType {
    MetadataType {
        name,
        directory: parent.directory,
        suffix: parent.suffix,
        parent: Some((parent.name, tag)),
        part,
        prefix,
    }
}

const CUSTOM_OBJECT: MetadataType = whole("CustomObject", "objects", "object", *b"01I");
const WORKFLOW: MetadataType = whole("Workflow", "workflows", "workflow", *b"01Q");
const ASSIGNMENT: MetadataType = whole("AssignmentRules", "assignmentRules", "assignmentRules", *b"01Q");
const AUTO_RESPONSE: MetadataType =
    whole("AutoResponseRules", "autoResponseRules", "autoResponseRules", *b"01Q");
const MATCHING: MetadataType = whole("MatchingRules", "matchingRules", "matchingRule", *b"0JE");

/// In the order in which `describeMetadata` lists them: parents, then what they hold.
pub static TYPES: &[MetadataType] = &[
    CUSTOM_OBJECT,
    within("CustomField", &CUSTOM_OBJECT, "fields", "field", *b"00N"),
    within("RecordType", &CUSTOM_OBJECT, "recordTypes", "recordType", *b"012"),
    within("ValidationRule", &CUSTOM_OBJECT, "validationRules", "validationRule", *b"03d"),
    whole("CustomMetadata", "customMetadata", "md", *b"m00"),
    WORKFLOW,
    within("WorkflowFieldUpdate", &WORKFLOW, "fieldUpdates", "", *b"04Y"),
    within("WorkflowAlert", &WORKFLOW, "alerts", "", *b"01W"),
    within("WorkflowTask", &WORKFLOW, "tasks", "", *b"01T"),
    within("WorkflowOutboundMessage", &WORKFLOW, "outboundMessages", "", *b"04k"),
    within("WorkflowRule", &WORKFLOW, "rules", "", *b"01Q"),
    ASSIGNMENT,
    within("AssignmentRule", &ASSIGNMENT, "assignmentRule", "", *b"01Q"),
    AUTO_RESPONSE,
    within("AutoResponseRule", &AUTO_RESPONSE, "autoResponseRule", "", *b"01Q"),
    MATCHING,
    within("MatchingRule", &MATCHING, "matchingRules", "", *b"0JE"),
    whole("DuplicateRule", "duplicateRules", "duplicateRule", *b"0Bm"),
    whole("LeadConvertSettings", "LeadConvertSettings", "LeadConvertSetting", *b"0JG"),
    whole("GlobalValueSet", "globalValueSets", "globalValueSet", *b"0Nt"),
    whole("StandardValueSet", "standardValueSets", "standardValueSet", *b"0Nu"),
    whole("Queue", "queues", "queue", *b"00G"),
    whole("Group", "groups", "group", *b"00G"),
    whole("Role", "roles", "role", *b"00E"),
    whole("Profile", "profiles", "profile", *b"00e"),
    whole("PermissionSet", "permissionsets", "permissionset", *b"0PS"),
    whole("MutingPermissionSet", "mutingpermissionsets", "mutingpermissionset", *b"0QM"),
    whole("PermissionSetGroup", "permissionsetgroups", "permissionsetgroup", *b"0PG"),
    whole("PlatformEventChannel", "platformEventChannels", "platformEventChannel", *b"0YL"),
    whole("PlatformEventChannelMember", "platformEventChannelMembers", "platformEventChannelMember", *b"0v8"),
];

impl MetadataType {
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        TYPES.iter().find(|one| one.name == name)
    }

    /// The type of a file, or of a part of a project, by what its name ends in.
    #[must_use]
    pub fn of_part(part: &str) -> Option<&'static Self> {
        TYPES.iter().find(|one| one.part == part)
    }

    /// The types whose components stand in files of this one.
    pub fn children(&self) -> impl Iterator<Item = &'static Self> {
        let name = self.name;
        TYPES.iter().filter(move |one| one.parent.is_some_and(|(parent, _)| parent == name))
    }

    /// The type that the files are of.
    #[must_use]
    pub fn file_type(&'static self) -> &'static Self {
        self.parent.and_then(|(parent, _)| Self::find(parent)).unwrap_or(self)
    }

    /// The file of a component: `objects/Lead.object` for `Lead.Region__c`.
    #[must_use]
    pub fn file_of(&'static self, full_name: &str) -> String {
        let of = self.file_type();
        let file = if self.parent.is_some() { owner_of(full_name) } else { full_name };
        format!("{}/{}.{}", of.directory, escape(file), of.suffix)
    }
}

/// `Lead` of `Lead.Region__c`.
#[must_use]
pub fn owner_of(full_name: &str) -> &str {
    full_name.split_once('.').map_or(full_name, |(owner, _)| owner)
}

/// `Region__c` of `Lead.Region__c`.
#[must_use]
pub fn own_name(full_name: &str) -> &str {
    full_name.split_once('.').map_or(full_name, |(_, own)| own)
}

/// As Salesforce writes names of files.
fn escape(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F").replace(':', "%3A")
}
