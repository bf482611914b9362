use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice(
        "More records than a collection takes",
        "400 `EXCEEDED_ID_LIMIT` with SOAP's text; more than 10 chunks 400 `LIMIT_EXCEEDED` with Apex's",
    ),
    choice(
        "A record of a collection without a type, or of an unknown one",
        "`JSON_PARSER_ERROR` or `INVALID_TYPE` of that record",
    ),
    choice(
        "`id` of a row that failed",
        "Only where an existing record was rolled back by `allOrNone`, as the guide shows it",
    ),
    choice(
        "The same external id twice in a collection",
        "`DUPLICATE_VALUE` \"Duplicate external id specified\" of the later ones",
    ),
    choice("`fields` or `ids` missing in a retrieve", "400 `MISSING_ARGUMENT`, our own sentence"),
    choice("Status of a tree without reference ids", "403, as a client's author noted it"),
    choice(
        "Which failures of a tree are told",
        "Those of the first level and object that has some; what lies behind it is not tried",
    ),
    choice("Order of a tree's results", "By level, within it by object in the order of first appearance"),
    choice(
        "Collation of subrequests",
        "None: they are worked on in their order, which Salesforce may choose too",
    ),
    choice(
        "Which headers of a composite request count for its subrequests",
        "`Accept`, `Authorization`, `Content-Type`; of a batch all but conditions",
    ),
    choice(
        "An unresolved reference",
        "The text of Summer '21 and later, with the rule for reference ids behind it",
    ),
    choice(
        "A reference to a null field",
        "Null since version 52.0 whatever the resource was; before it unresolved",
    ),
    choice(
        "A resource that composite requests do not support",
        "`PROCESSING_HALTED` of the subrequest; in a batch 400 `INVALID_BATCH_REQUEST`. Our own sentences",
    ),
    choice("Too many subrequests, queries, graphs or nodes", "400 `LIMIT_EXCEEDED`, our own sentences"),
    choice(
        "A graph whose nodes refer to later ones",
        "The reference is unresolved: nodes are worked on in their order",
    ),
    choice("A status 300 within `allOrNone`", "A failure, as all that is neither 2xx nor 304"),
];
