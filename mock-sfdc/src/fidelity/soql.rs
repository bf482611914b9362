use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice(
        "Null in conditions",
        "Two-valued: `!=`, NOT, NOT IN, EXCLUDES and NOT LIKE include rows with null; `x = ''` means null",
    ),
    choice(
        "`> LAST_N_DAYS:n`",
        "From the beginning of the range, and the same for LAST_90_DAYS; the guide says after its end, which is now: \
         `organization.afterLastDays: \"end\"` in a fixture does that",
    ),
    choice(
        "FORMAT",
        "en_US, en_GB, de_DE, fr_FR, ja_JP as CLDR writes them, any other locale is refused; numbers with the digits of their \
         field, amounts with those of their currency; the key is the alias or the field's name, `exprN` in groups; texts are \
         refused",
    ),
    choice(
        "DISTANCE",
        "Along the great circle of a globe of 6371 km; `exprN` without an alias; a record without a place has none",
    ),
    choice(
        "convertCurrency and currency literals where there is one currency",
        "`MALFORMED_QUERY`; a literal such as USD5000 is no number (`INVALID_FIELD`)",
    ),
    choice(
        "USING SCOPE",
        "delegated: owned by others, created by me; mine_and_my_groups on every object with an owner; scopingRule leaves nothing \
         out; what describe does not list is `INVALID_QUERY_SCOPE`; the scopes of teams and mru are refused",
    ),
    choice(
        "FOR VIEW, FOR REFERENCE",
        "A view counts as a reference too; a row read by its id shows no LastViewedDate; UPDATE TRACKING and VIEWSTAT are \
         refused",
    ),
    choice("A text of more than 4,000 characters in a condition", "`MALFORMED_QUERY`"),
    choice("More than 55 relationships upwards, counted by path", "`MALFORMED_QUERY`"),
    choice(
        "The first day of the week",
        "Of the user's locale: Sunday in en_US and ja_JP, and where it is not known",
    ),
    choice(
        "What SOSL finds",
        "Whole words, without case and accents; `*` and `?` inside and at the end of words; words side by side in any fields of \
         a record; texts, text areas, mail addresses, phones and urls, no picklists; SIDEBAR is names, mail addresses, phones, \
         external ids and auto-numbers",
    ),
    choice(
        "Order of what SOSL finds",
        "By object as RETURNING lists them, rows as in a query; nothing is ranked",
    ),
    choice(
        "Reserved characters in a search",
        "`& | ! { } [ ] ^ ~ : ' + -` have to be escaped, as the guide says: `mismatched character`",
    ),
    choice("Objects that cannot be searched, OFFSET over several", "`INVALID_SEARCH`"),
    choice(
        "query?explain=",
        "The plan is this mock's own; relativeCost is 2.8 for a walk, else the share of the rows",
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
