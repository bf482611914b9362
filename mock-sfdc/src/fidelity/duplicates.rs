use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice(
        "Whether the standard duplicate rules are active in a new org",
        "They are there and inactive: `standardDuplicateRules` of a fixture switches them on",
    ),
    choice(
        "Fuzzy matching methods",
        "Algorithms, thresholds and weights as the help describes them, over our own Metaphone (double), Jaro-Winkler, keyboard distance and list of \
         first names; values near a threshold may fall to the other side",
    ),
    choice("Equation and match keys of the standard account rule", "From memory"),
    choice("`matchConfidence`", "The mean score of the fields that match; 100.0 for exact rules"),
    choice(
        "`duplicateResut`",
        "Spelt as recorded; `duplicateResultSpeltRight` of a fixture's `organization` says `duplicateResult`",
    ),
    choice("Several duplicate rules that find something", "The first, by sort order, is told"),
    choice(
        "An update",
        "Is looked at when it changes a compared field, or when the rule compares with another object",
    ),
    choice("`includeRecordDetails`", "All fields of the records"),
];
