use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice(
        "Lead conversion: code of \"Converted objects can only be owned by users. …\"",
        "`UNKNOWN_EXCEPTION`",
    ),
    choice(
        "Lead conversion: options that exclude each other, or need one another",
        "`INVALID_INPUT` with our own sentences",
    ),
    choice("Lead conversion: a lead that is converted already", "`CANNOT_UPDATE_CONVERTED_LEAD`"),
    choice(
        "Lead conversion: validation rules and before triggers on the records",
        "Run, unless `leadConfigSettings.shouldLeadConvertRequireValidation` of the fixture is false",
    ),
    choice(
        "Lead conversion: stage, close date and name of the opportunity",
        "First open stage; last day of the fiscal quarter by the user's time zone; the company, cut to 80 characters; no amount",
    ),
    choice(
        "Lead conversion: `accountRecord`, `contactRecord`, `opportunityRecord`",
        "Their values go before those of the lead, on new and on existing records",
    ),
    choice("Lead conversion: contact role", "One for the contact, primary unless another one is"),
    choice(
        "Lead conversion: campaign members",
        "Get the contact and keep the lead; where the contact is a member already, the lead's row is deleted",
    ),
    choice(
        "Lead conversion: notes and attachments",
        "Move to the contact, which a parent of one record allows; they are not copied to the account",
    ),
    choice("Delete of a converted lead", "Allowed"),
    choice(
        "Merge: codes of a request that cannot be",
        "`MERGE_FAILED` for the number of records and for circles, `INVALID_MERGE_RECORD` for a record of another kind or named twice; our own sentences",
    ),
    choice(
        "Merge: a junction that both have (campaign member, contact role)",
        "The loser's row goes to the recycle bin with it; contact roles that move are no longer primary",
    ),
    choice("Merge: events of children", "None; losers are deleted and the master is updated"),
    choice("Merge: Case", "Can be merged, though describe says `mergeable: false`"),
    choice(
        "Undelete without the parent that it fell with",
        "`UNDELETE_FAILED` with our own sentence; other lookups to what is gone come back empty",
    ),
    choice(
        "Undelete: which emptied lookups come back",
        "All that the deletion emptied and that are still empty",
    ),
    choice(
        "Undelete of a merge's loser",
        "Its `MasterRecordId` is empty again; its children stay with the master",
    ),
    choice(
        "`emptyRecycleBin` of a record that does not lie there",
        "`UNDELETE_FAILED` for a live one, `INVALID_CROSS_REFERENCE_KEY` for an unknown one",
    ),
    choice(
        "What roll-ups move in the parent",
        "`SystemModstamp`; `LastModifiedDate` is of people. The parent is saved with all its rules",
    ),
    choice("Count and sum of no children", "0; least and greatest are empty"),
    choice("Roll-ups over formula fields", "Refused when the field is loaded"),
];
