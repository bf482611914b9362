use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice(
        "A date before 1700 or after 4000",
        "`FIELD_INTEGRITY_EXCEPTION` with the date as Java shows it: `Birthdate: invalid date: Fri Dec 31 00:00:00 GMT 9999`",
    ),
    choice("Which of several wrong fields is told", "All that one stage finds; later stages do not run"),
    choice("Blank number fields in validation rules and criteria", "Blank, never zero"),
    choice(
        "A validation rule whose formula has no value, by a division by zero for instance",
        "FORMULA_EXPRESSION_INVALID with the rule's name",
    ),
    choice(
        "In which order broken validation rules are told",
        "In the order in which they were set; all of them",
    ),
    choice(
        "A number of a formula field",
        "Rounded half up to the field's decimals; other formulas see it unrounded",
    ),
    choice("A formula field that shows #Error!", "Null for clients"),
    choice("Ids in formulas", "Fifteen characters, in rules as in formula fields"),
    choice(
        "The compiled size of a formula",
        "Its text without comments and blanks, with that of the formula fields it names: 5,000",
    ),
    choice("REGEX with look-around or back-references", "Refused by name"),
    choice(
        "HYPERLINK and IMAGE",
        "Markup as clients see it: with a target and a border, nothing in it escaped",
    ),
    choice("Mail addresses", "Stored in lower case, as recorded; text is trimmed, and an empty text is null"),
    choice(
        "A lead without an active assignment rule",
        "Stays with its creator; with a rule but no entry that matches it goes to the default lead owner, if one is set",
    ),
    choice(
        "A case without an active assignment rule, where the request wants the active one",
        "Goes to the default case owner, if one is set, unless the request names an owner",
    ),
    choice(
        "Relative dates and lists in criteria",
        "`TODAY`, `LAST 30 DAYS`, `LAST_N_DAYS:30`; a list with `lessThan` and the like means any",
    ),
    choice("`contains` and `startsWith` with an empty value in criteria", "Mean a blank field"),
    choice(
        "A lookup in criteria",
        "Is compared by id or by the name of the record; a record type by label or developer name",
    ),
    choice("A merge field of an e-mail template that names nothing", "Stays as it is"),
    choice(
        "A template that the org has no `EmailTemplate` record for",
        "The mail is sent with a plain text, and names the template",
    ),
    choice("Auto-response rules on an update", "Do not run"),
    choice(
        "The first retry of an outbound message, and its pauses",
        "After 30 seconds, each pause twice the one before and at most two hours, for 24 hours by the org's clock; then it is dead, and stays to be looked at",
    ),
    choice(
        "Endpoints of outbound messages",
        "http on this machine; `--allow-outbound` posts elsewhere; https is not posted to, `PUT …/outbound/endpoints` sends a message elsewhere",
    ),
    choice(
        "A record that is gone when its outbound message is sent",
        "Is left out, and so is one that `integrationUser` does not see; a message without records counts as delivered",
    ),
    choice(
        "Fields of an outbound message that `integrationUser` may not read",
        "Are left out; formula fields are computed for that user when the message is sent",
    ),
    choice("Two field updates of one field", "The last by name wins"),
    choice(
        "A time trigger whose record no longer meets its rule",
        "Is dropped, by the save that ends it and again when its moment comes; `Settings::time_triggers_want_criteria`; rules asked on create only keep it until its moment",
    ),
    choice("A workflow task for a record that a queue owns", "Goes to whoever saved"),
    choice("An error in the actions of a time trigger", "Undoes that trigger's actions, and it is over"),
    choice("An owner in the request and an entry that matches", "The entry wins"),
    choice(
        "Lookups to a deleted record that neither cascade nor restrict",
        "Emptied, with a new `SystemModstamp` and the old `LastModifiedDate`",
    ),
    choice("A stage that no `OpportunityStage` row describes", "Open, without a probability"),
    choice(
        "A dependent picklist's value that its controlling value does not allow",
        "Saved: the API does not ask",
    ),
    choice(
        "When a lookup filter is asked",
        "When the lookup or a field of the record that the filter names changes, not for optional filters",
    ),
    choice("A latitude or longitude off the globe", "NUMBER_OUTSIDE_VALID_RANGE, as for other numbers"),
    choice(
        "A custom lookup that points at its own record",
        "FIELD_INTEGRITY_EXCEPTION, with a text of our own",
    ),
    choice(
        "A second custom setting of the same name or owner",
        "DUPLICATE_VALUE on `Name` or `SetupOwnerId`",
    ),
];
