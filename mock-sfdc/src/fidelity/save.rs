use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice("Which of several wrong fields is told", "All that one stage finds; later stages do not run"),
    choice("Mail addresses", "Stored in lower case, as recorded; text is trimmed, and an empty text is null"),
    choice(
        "A lead without an active assignment rule",
        "Stays with its creator; with a rule but no entry that matches it goes to the default lead owner, if one is set",
    ),
    choice("An owner in the request and an entry that matches", "The entry wins"),
    choice(
        "Lookups to a deleted record that neither cascade nor restrict",
        "Emptied, without a new `LastModifiedDate`; an undelete does not bring them back",
    ),
    choice("A stage that no `OpportunityStage` row describes", "Open, without a probability"),
];
