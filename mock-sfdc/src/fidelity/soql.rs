use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice(
        "Null in conditions",
        "Two-valued: `!=`, NOT, NOT IN, EXCLUDES and NOT LIKE include rows with null; `x = ''` means null",
    ),
    choice(
        "`> LAST_N_DAYS:n`",
        "After the end of the range, as the guide says of `>`; so nothing that has happened",
    ),
    choice("Order where the query names none", "Rows by id, groups by key with nulls first"),
    choice("GROUP BY of texts", "Without regard to case"),
    choice(
        "Date functions without convertTimezone",
        "UTC; a fiscal year is named after the year in which it ends, weeks start on Sunday",
    ),
    choice(
        "Errors in a query of several lines",
        "The caret block shows the line of the error, with its own row and column",
    ),
    choice("An unknown child relationship", "`INVALID_TYPE`"),
    choice("Quotes around the token of `unexpected token`", "Since v55.0; before it without"),
    choice(
        "`attributes.type` behind a reference to several objects",
        "`Name`; behind TYPEOF the object's own",
    ),
    choice(
        "Texts about semi-joins, aliases, aggregate operators, invalid dates, LIMIT and OFFSET below 0",
        "From memory or our own",
    ),
    choice(
        "Limits that Salesforce does not publish",
        "Nesting of 100 (a subquery counts 10), 200 queries in a statement",
    ),
];
