use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice(
        "A large double in JSON",
        "As Java prints it: `9.12260031E8` from ten million on, as recorded in Bulk results",
    ),
    choice(
        "`PATCH` and `DELETE` of an id that never was",
        "404 `INVALID_CROSS_REFERENCE_KEY`; `GET` answers 404 `NOT_FOUND`",
    ),
    choice("`Id` in the body of a create or update", "400 `INVALID_FIELD_FOR_INSERT_UPDATE`"),
    choice(
        "Since which version an upsert that updates answers 200 with a body",
        "v46.0; before it 204 without a body",
    ),
    choice("The column in `JSON_PARSER_ERROR`", "Where the value begins, counted from 1"),
    choice("The text for JSON that is none", "Jackson's form with the parser's own reason"),
    choice("Body of 410 for a retired version", "`GONE`, with a sentence of our own"),
    choice(
        "A query parameter that Salesforce does not know",
        "400, naming it and what is known; `--lenient` ignores it as a real org does",
    ),
    choice(
        "How long an idle query locator lives",
        "15 minutes, the least that the documentation promises; ten a user",
    ),
    choice("`Sforce-Query-Options` with a batch size outside 200 to 2000", "400 `INVALID_BATCH_SIZE`"),
    choice("`/limits`", "Only what this org counts: `DailyApiRequests`"),
    choice("Recent items", "None: what a user has looked at is not kept"),
];
