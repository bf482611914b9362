//! Choices about set-up over Salesforce's own calls: the Metadata and Tooling API, and projects taken over.

use super::{Choice, choice};

pub const CHOICES: &[Choice] = &[
    choice(
        "Who sees a field or an object that was made through the Metadata or Tooling API",
        "a field is seen by every profile that does not hide fields, so that a client can use at once what it made; in a real org nobody sees it \
         before a permission says so. An object is for administrators until object permissions are given, as in a real org",
    ),
    choice(
        "When a deployment or retrieval is done",
        "at once, in one transaction: the first answer says Queued, the first question about it finds it done, and there is nothing to cancel",
    ),
    choice(
        "Warnings of a deployment (ignoreWarnings)",
        "never make it fail: what destructiveChanges.xml names and the org has not, and files that package.xml does not name, which stay out",
    ),
    choice(
        "testLevel of a deployment",
        "there is no Apex in the org, so all tests of it are none; runTests and RunSpecifiedTests are refused by name",
    ),
    choice(
        "Files of a deployment that cannot be taken over (code, layouts, flows)",
        "are errors of their component, which undo the deployment unless rollbackOnError is false; `serve --metadata` names them and goes on",
    ),
    choice(
        "A component of which the org keeps less than it was told",
        "descriptions of fields and objects, relationship labels, historical trending, layouts and tabs of profiles are read and not given back",
    ),
    choice(
        "Ids of components that are no rows (CustomField, ValidationRule, WorkflowRule)",
        "made of type and name: the same name has the same id in every org of this mock, and after it was deleted and made again",
    ),
    choice(
        "Which changes of a custom field are possible",
        "texts and picklists become each other, and numbers, currencies and percents; any other type only where no record, deleted ones included, has a value (\"Cannot change \
         type due to existing data\"). A length or a number of digits too small for a stored value, and uniqueness of values that are not unique, are refused in words of \
         ours; a field becomes required whatever records hold. Values that a picklist loses stay. Stored and computed fields, classic encryption, geolocations, \
         the object of a lookup, and lookup to master-detail never change",
    ),
    choice(
        "What keeps a field or an object from being deleted",
        "formulas, roll-ups, lookup filters, dependent picklists, rules, sharing rules and push topics that name it; Salesforce's text, with one user of it. A deleted field \
         is gone at once, and is not kept for fifteen days",
    ),
    choice(
        "Deleting record types and profiles",
        "record types never, with Salesforce's \"Cannot delete record type through API\"; profiles of one's own that no user has",
    ),
    choice(
        "A profile that comes with a project",
        "is as the file says, and has no object permissions beside those; an existing profile keeps what the file does not mention",
    ),
    choice(
        "Fields of a field's or a rule's row in the Tooling API",
        "those that clients are known to ask for; other columns answer INVALID_FIELD",
    ),
];
