//! Choices about who may do what.

use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice(
        "A create without the right to create",
        "`CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY`, \"entity type cannot be inserted: Lead\"; update and delete say \
         `INSUFFICIENT_ACCESS_OR_READONLY`.",
    ),
    choice(
        "A row that sharing hides",
        "Is not there: 404 `NOT_FOUND` to a read, 404 `INVALID_CROSS_REFERENCE_KEY` to a write, absent from queries; a \
         relationship to it is null. Conditions and aggregates over a hidden parent still read its fields.",
    ),
    choice(
        "An object that the user may not read",
        "Is absent from the global describe, its describe and rows are 404, in SOQL it is `INVALID_TYPE`; a reference to it \
         keeps its id and loses its relationship name.",
    ),
    choice(
        "Rights of the standard profiles",
        "System permissions as public metadata of real orgs lists them; rights over objects are not in that metadata and \
         are those of Salesforce's help as remembered. Objects of packages are installed for all users.",
    ),
    choice(
        "Field permissions of standard profiles",
        "There are no rows for what is open: a field without a row is readable and editable on a profile that says so \
         (all but the Minimum Access and Chatter ones), and a row that says false hides it.",
    ),
    choice(
        "What a user licence leaves out",
        "Salesforce Platform: Lead, Opportunity, Campaign and Quote; Salesforce Integration: every standard object until the \
         permission set licence SalesforceAPIIntegrationPsl is assigned; Chatter: all. `licences` of a fixture changes it.",
    ),
    choice(
        "Org-wide defaults",
        "Those of a new org; `sharing` of a fixture changes them. Sharing rules by owner and by criteria and share rows count. \
         So does the team of a case, by its members' roles; predefined teams are not there, nor are the objects of territories, as in an \
         org that has not switched them on.",
    ),
    choice(
        "Sharing by hand",
        "Rows of shares with RowCause Manual, by who has full access to the record (owner, above in the roles, Modify All), else \
         `INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY`. A level that is not above the org-wide default is a trivial share \
         (`FIELD_INTEGRITY_EXCEPTION`, known text); of an account's four levels one must be above. CaseAccessLevel and \
         ContactAccessLevel of an account default to the org-wide ones. All, another cause, and a queue are refused; a second create changes \
         the first; another owner drops them. Rows that rules, owners and implicit sharing would have are not shown, and a custom \
         object has shares once its default is Private or Read. Shares of users, quotes and contact points are refused by name.",
    ),
    choice(
        "Shares of other causes, written by hand",
        "An update is `INSUFFICIENT_ACCESS_OR_READONLY`, a delete `DELETE_FAILED`.",
    ),
    choice(
        "Teams of accounts and opportunities",
        "With `AccountTeams` and `OpportunityTeams` among the features of a fixture's organization; otherwise their objects are not there. Each member is \
         a row of the record's shares with RowCause Team, and who has full access to the record chooses them. A level that is \
         not given is the org-wide default, at least Read; a second create of a member changes the first. Another owner ends the \
         team unless KeepAccountTeam or KeepSalesTeam of `OwnerChangeOptions` keeps it. Name, Title and PhotoUrl of members, default teams (UserTeamMember, \
         UserAccountTeamMember) and the owner's own row in the team are not there.",
    ),
    choice(
        "Implicit sharing",
        "Who owns a contact, an opportunity or a case of an account, or has it by a share or a rule, reads the account; what \
         everybody may read does not count. Who owns an account reaches its children as the owner's role says, without a role \
         not at all; shares and rules of accounts say it in their own columns. Children that follow their account give nothing \
         back. No rows of AccountShare are shown for it.",
    ),
    choice(
        "Upsert by an external id that is not unique, without View All",
        "`INSUFFICIENT_ACCESS`, \"Upsert requires view all data on a non-unique custom index\".",
    ),
    choice(
        "A new owner who may not read the object",
        "`TRANSFER_REQUIRES_READ`, \"The new owner must have read permission\".",
    ),
    choice(
        "Login outside the hours of a profile",
        "OAuth: `invalid_grant`, \"ip restricted or invalid login hours\"; SOAP: `LOGIN_DURING_RESTRICTED_TIME`. The same for \
         an address outside of the profile's `loginIpRanges` (SOAP: `LOGIN_DURING_RESTRICTED_DOMAIN`), asked at logins with a \
         password.",
    ),
    choice(
        "A session outside the hours or the addresses of its user's profile",
        "`INVALID_SESSION_ID` when the hours are over, and from another address where the org enforces login IP ranges on every \
         request (`enforceIpRangesEveryRequest` of a fixture's `organization` or of the control API), unless the session's \
         app relaxes them.",
    ),
    choice(
        "Classic encrypted fields",
        "Who may not View Encrypted Data reads a mask, in queries and rows: `*` for each character, the last four kept by \
         lastFour, creditCard, ssn and sin; events, pages and exports mask the same way, mails always. They cannot be filtered on by \
         queries, criteria and formulas (but validation rules), nor be in outbound messages or in the mapping of a conversion. \
         Writes take what is written, a mask too.",
    ),
    choice(
        "Shield encryption (`encryptionScheme` of a field)",
        "Read plain by who may read the field. Probabilistic: neither filtered, sorted nor grouped by; deterministic: `=`, `!=` \
         and IN, in the case that the scheme says. `encrypted` is true in describe. Whether an integration may read is a matter \
         of field permissions.",
    ),
    choice(
        "UserRecordAccess",
        "Answers for one UserId and up to 200 values of RecordId, joined by AND; other conditions are refused with \
         `MALFORMED_QUERY`. MaxAccessLevel is None, Read, Edit or All.",
    ),
    choice(
        "UserPermissionAccess, UserEntityAccess, UserFieldAccess",
        "The first has one row, of whoever asks. The other two have a row an object or field, of whoever asks or of the users that \
         `UserId =` or IN names; a query names an object, as one of FieldDefinition does. DurableId is `Lead.Email.` and the \
         user's id of 15 characters; IsEditable is IsUpdatable, IsActivateable what describe says. In subqueries of a condition \
         they, the definitions and UserRecordAccess are refused. UserSetupEntityAccess and PermissionSetTabSetting are not there.",
    ),
    choice(
        "Permission set groups",
        "Each has a permission set of type Group, with the rights of its sets less what its muting permission sets say, object \
         by object and right by right as it is written; it follows each change at once, so Status is always Updated. To write it, \
         what hangs on it, or an assignment or a component that names it by PermissionSetId is refused with \
         `INSUFFICIENT_ACCESS_OR_READONLY`. Rights that a muting set takes are rows of ObjectPermissions and FieldPermissions \
         under it; a relationship to it is null, `PermissionSet` and `Parent` lead to permission sets only.",
    ),
    choice(
        "Queues",
        "Records of a queue are in the hands of its members and of who stands above them in the roles.",
    ),
    choice(
        "Field permissions of a profile",
        "A profile without a row for a field leaves it open, so deleting the row opens the field; a real org refuses the deletion.",
    ),
    choice(
        "Events of push topics",
        "Leave out fields that the subscriber may not read, and records out of its reach; what is encrypted is a mask to whoever may \
         not view it. A filtered channel takes no field that is hidden from the subscriber, and no encrypted one.",
    ),
];
