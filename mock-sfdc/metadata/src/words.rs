//! What the metadata types say of their elements, as far as the org reads them: which may stand several times, and which hold a
//! boolean or a number. Everything else is text.

use serde_json::{Number, Value};

/// Elements that are lists wherever they stand.
const LISTS: &[&str] = &[
    "actions",
    "alerts",
    "assignmentRule",
    "autoResponseRule",
    "ccEmails",
    "criteriaItems",
    "duplicateRuleFilterItems",
    "duplicateRuleMatchRules",
    "enrichedFields",
    "fieldUpdates",
    "fields",
    "filterItems",
    "mappingFields",
    "matchingRuleItems",
    "matchingRules",
    "objectMapping",
    "operationsOnInsert",
    "operationsOnUpdate",
    "outboundMessages",
    "queueSobject",
    "recipients",
    "ruleEntry",
    "rules",
    "summaryFilterItems",
    "tasks",
    "team",
    "workflowTimeTriggers",
    "applicationVisibilities",
    "classAccesses",
    "customMetadataTypeAccesses",
    "customPermissions",
    "customSettingAccesses",
    "externalDataSourceAccesses",
    "fieldPermissions",
    "flowAccesses",
    "layoutAssignments",
    "loginHours",
    "loginIpRanges",
    "objectPermissions",
    "pageAccesses",
    "recordTypeVisibilities",
    "tabSettings",
    "tabVisibilities",
    "userPermissions",
];

/// Elements whose text is a boolean.
const FLAGS: &[&str] = &[
    "active",
    "allowCreate",
    "allowDelete",
    "allowEdit",
    "allowFields",
    "allowOwnerChange",
    "allowRead",
    "custom",
    "default",
    "doesSendEmailToMembers",
    "editable",
    "enabled",
    "hasActivationRequired",
    "includeRecordsOwnedByAll",
    "includeSessionId",
    "isActive",
    "isOptional",
    "modifyAllRecords",
    "notifyAssignee",
    "notifyCcRecipients",
    "notifyToCc",
    "overrideExistingTeams",
    "personAccountDefault",
    "protected",
    "readable",
    "reevaluateOnChange",
    "targetObjectUsed",
    "useDeadLetterQueue",
    "viewAllFields",
    "viewAllRecords",
    "visible",
];

/// Elements whose text is a number.
const NUMBERS: &[&str] = &[
    "apiVersion",
    "dueDateOffset",
    "sortOrder",
    "timeLength",
    "sundayStart",
    "sundayEnd",
    "mondayStart",
    "mondayEnd",
    "tuesdayStart",
    "tuesdayEnd",
    "wednesdayStart",
    "wednesdayEnd",
    "thursdayStart",
    "thursdayEnd",
    "fridayStart",
    "fridayEnd",
    "saturdayStart",
    "saturdayEnd",
];

/// May the element stand several times within its parent?
pub fn repeats(parent: &str, name: &str) -> bool {
    match (parent, name) {
        // A record type has picklists, and each of them values; a profile opens its doors at hours of its own.
        ("recordTypes" | "RecordType", "picklistValues") | ("picklistValues", "values") => true,
        ("Profile", "loginHours") => false,
        ("sharedTo" | "sharedFrom", name) => name != "allInternalUsers",
        ("PermissionSetGroup", "permissionSets" | "mutingPermissionSets") => true,
        // A workflow has tasks; a time trigger has actions; an item has one field.
        ("criteriaItems" | "filterItems" | "summaryFilterItems" | "duplicateRuleFilterItems", _) => false,
        ("fieldPermissions" | "objectPermissions" | "queueSobject" | "recipients", _) => false,
        // A matching rule is mapped to one object, a lead to several.
        ("duplicateRuleMatchRules", "objectMapping") => false,
        _ => LISTS.contains(&name),
    }
}

/// A boolean, as XML writes it.
pub fn flag(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// The value of an element without children.
pub fn scalar(name: &str, text: &str) -> Value {
    if FLAGS.contains(&name)
        && let Some(flag) = flag(text)
    {
        return Value::Bool(flag);
    }
    if NUMBERS.contains(&name) {
        if let Ok(number) = text.parse::<i64>() {
            return Value::Number(number.into());
        }
        if let Some(number) = text.parse::<f64>().ok().and_then(Number::from_f64) {
            return Value::Number(number);
        }
    }
    Value::String(text.to_owned())
}
