//! `docs/FIDELITY.md`: what is emulated and what is refused, read off the operation table, and the choices that no source
//! confirms, written down here beside each other. `mock-sfdc fidelity` prints the page; a test fails when the file is stale.

use std::fmt::Write as _;

use crate::operation::{Face, OPERATIONS, Operation};

/// A behaviour that no recording and no public page settles, and what this mock does.
struct Choice {
    area: &'static str,
    question: &'static str,
    here: &'static str,
}

const fn choice(area: &'static str, question: &'static str, here: &'static str) -> Choice {
    Choice { area, question, here }
}

/// The binder refuses these with a `MALFORMED_QUERY` or `INVALID_FIELD` of its own, or says that they are not emulated.
const SOQL_REFUSED: &str = "SOSL, `query?explain=`, FORMAT, convertCurrency, currency literals, DISTANCE, scopes beside everything and mine, \
     WITH DATA CATEGORY, FOR VIEW, FOR REFERENCE, UPDATE TRACKING and VIEWSTAT, toLabel on fields that are no picklist.\n";

/// In the order of the areas of `docs/ARCHITECTURE.md`.
const CHOICES: &[Choice] = &[
    choice(
        "REST",
        "A large double in JSON",
        "As Java prints it: `9.12260031E8` from ten million on, as recorded in Bulk results",
    ),
    choice(
        "REST",
        "`PATCH` and `DELETE` of an id that never was",
        "404 `INVALID_CROSS_REFERENCE_KEY`; `GET` answers 404 `NOT_FOUND`",
    ),
    choice("REST", "`Id` in the body of a create or update", "400 `INVALID_FIELD_FOR_INSERT_UPDATE`"),
    choice(
        "REST",
        "Since which version an upsert that updates answers 200 with a body",
        "v46.0; before it 204 without a body",
    ),
    choice("REST", "The column in `JSON_PARSER_ERROR`", "Where the value begins, counted from 1"),
    choice("REST", "The text for JSON that is none", "Jackson's form with the parser's own reason"),
    choice("REST", "Body of 410 for a retired version", "`GONE`, with a sentence of our own"),
    choice(
        "REST",
        "A query parameter that Salesforce does not know",
        "400, naming it and what is known; `--lenient` ignores it as a real org does",
    ),
    choice(
        "REST",
        "How long an idle query locator lives",
        "15 minutes, the least that the documentation promises; ten a user",
    ),
    choice(
        "REST",
        "`Sforce-Query-Options` with a batch size outside 200 to 2000",
        "400 `INVALID_BATCH_SIZE`",
    ),
    choice("REST", "`/limits`", "Only what this org counts: `DailyApiRequests`"),
    choice("REST", "Recent items", "None: what a user has looked at is not kept"),
    choice(
        "SOQL",
        "Null in conditions",
        "Two-valued: `!=`, NOT, NOT IN, EXCLUDES and NOT LIKE include rows with null; `x = ''` means null",
    ),
    choice(
        "SOQL",
        "`> LAST_N_DAYS:n`",
        "After the end of the range, as the guide says of `>`; so nothing that has happened",
    ),
    choice("SOQL", "Order where the query names none", "Rows by id, groups by key with nulls first"),
    choice("SOQL", "GROUP BY of texts", "Without regard to case"),
    choice(
        "SOQL",
        "Date functions without convertTimezone",
        "UTC; a fiscal year is named after the year in which it ends, weeks start on Sunday",
    ),
    choice(
        "SOQL",
        "Errors in a query of several lines",
        "The caret block shows the line of the error, with its own row and column",
    ),
    choice("SOQL", "An unknown child relationship", "`INVALID_TYPE`"),
    choice("SOQL", "Quotes around the token of `unexpected token`", "Since v55.0; before it without"),
    choice(
        "SOQL",
        "`attributes.type` behind a reference to several objects",
        "`Name`; behind TYPEOF the object's own",
    ),
    choice(
        "SOQL",
        "Texts about semi-joins, aliases, aggregate operators, invalid dates, LIMIT and OFFSET below 0",
        "From memory or our own",
    ),
    choice(
        "SOQL",
        "Limits that Salesforce does not publish",
        "Nesting of 100 (a subquery counts 10), 200 queries in a statement",
    ),
    choice("OAuth", "A wrong code verifier", "`invalid_grant`, \"invalid code verifier\""),
    choice("OAuth", "Revoking a token that nobody knows", "`unsupported_token_type`"),
    choice(
        "OAuth",
        "A locked or frozen user",
        "`invalid_grant`, \"authentication failure\"; SOAP: `INVALID_LOGIN`",
    ),
    choice("OAuth", "The login rate limit", "400 `rate_limit_exceeded`; SOAP: `INVALID_LOGIN`"),
    choice(
        "OAuth",
        "A missing security token",
        "\"authentication failure\"; a user without one comes from a trusted network",
    ),
    choice("OAuth", "Using a code twice", "`invalid_grant`; the tokens of the first use live on"),
    choice("OAuth", "How long an authorization code lives", "15 minutes"),
    choice("OAuth", "Status of the error pages of authorize", "400"),
    choice("OAuth", "`token_format` and `api_instance_url`", "In every token answer"),
    choice("OAuth", "XML answers", "Roots `<OAuth>` and `<user>`"),
    choice("OAuth", "`utcOffset`", "Without daylight saving"),
    choice(
        "SOAP",
        "Texts of `UNSUPPORTED_API_VERSION`, `LOGIN_DURING_RESTRICTED_DOMAIN`, `ORG_LOCKED`",
        "Our own sentences",
    ),
    choice("SOAP", "Enterprise `serverUrl`", "Without the id of a package"),
    choice(
        "Schema",
        "Objects beside Account, Contact, Lead, Opportunity, OpportunityContactRole, Case, Event and User",
        "Field names as in the WSDL of v47; lengths, labels, flags and order from the public object reference and from memory",
    ),
    choice(
        "Schema",
        "`HasOptedOutOfEmail`, `HasOptedOutOfFax`, `DoNotCall` of Lead and Contact",
        "Shown, although the recorded orgs hid them; their place among the fields is from memory",
    ),
    choice("Schema", "Differences between API versions", "Fields and links are the same in all"),
    choice(
        "Schema",
        "Rows of LeadStatus, OpportunityStage, TaskStatus and CaseStatus",
        "Share a key prefix, so their ids may coincide",
    ),
    choice(
        "Schema",
        "Probabilities and forecast categories of the standard stages",
        "From memory; all open stages are Pipeline",
    ),
    choice(
        "Save",
        "Which of several wrong fields is told",
        "All that one stage finds; later stages do not run",
    ),
    choice(
        "Save",
        "Mail addresses",
        "Stored in lower case, as recorded; text is trimmed, and an empty text is null",
    ),
    choice(
        "Save",
        "A lead without an active assignment rule",
        "Stays with its creator; with a rule but no entry that matches it goes to the default lead owner, if one is set",
    ),
    choice("Save", "An owner in the request and an entry that matches", "The entry wins"),
    choice(
        "Save",
        "Lookups to a deleted record that neither cascade nor restrict",
        "Emptied, without a new `LastModifiedDate`; an undelete does not bring them back",
    ),
    choice("Save", "A stage that no `OpportunityStage` row describes", "Open, without a probability"),
    choice(
        "Streaming",
        "The oldest version behind `/cometd/`",
        "23.0, as up to Spring '26; `oldestVersion` of the control API sets it (37 since Summer '26)",
    ),
    choice(
        "Streaming",
        "A replay id whose event is gone, was never given, or is 0",
        "Refused with the 400 of the replay id; ids between two kept events are taken",
    ),
    choice(
        "Streaming",
        "A channel's replay ids",
        "Begin with 1, grow by 1 to 3 (`longestReplayStep`), and go on after the topic was deleted and made again",
    ),
    choice(
        "Streaming",
        "A session without its `BAYEUX_BROWSER` cookie",
        "Refused; `cookiesRequired` switches it off. Clients that keep no cookies of an IP address (aiohttp) need `localhost`",
    ),
    choice("Streaming", "A subscribe to an inactive push topic", "Succeeds, and nothing is told"),
    choice(
        "Streaming",
        "A second subscribe to the same channel",
        "Succeeds and keeps its place, unless it carries a replay id",
    ),
    choice(
        "Streaming",
        "A connect that shares its request with other messages",
        "Is not held, as in CometD's own server",
    ),
    choice("Streaming", "A message without `clientId`", "`403::Client has not completed handshake`"),
    choice(
        "Streaming",
        "A reset or a restored snapshot of the org",
        "Every session hears `403::Unknown client`",
    ),
    choice(
        "Streaming",
        "More events than a channel keeps (100,000 unless set)",
        "The oldest go; a session that has not had them hears `403::Unknown client`, its replay id is refused",
    ),
    choice(
        "Streaming",
        "Too many sessions",
        "`403::Handshake denied` with `403::Organization concurrent user limit exceeded` as its reason",
    ),
    choice(
        "Streaming",
        "What counts as an event of the day",
        "Each published one, told to somebody or not, in a window of 24 hours to the hour; counted at subscribe and connect",
    ),
    choice("Streaming", "A null field of the SELECT", "`null` in the event"),
    choice(
        "Streaming",
        "`NotifyForFields` All, and a save that changes no value",
        "Told: every save stamps the record; a stamp in the SELECT counts as changed for the same reason",
    ),
    choice(
        "Streaming",
        "A filtered channel",
        "Compares with fields of the SELECT, texts letter by letter; a deletion is passed by its last values, and events carry the name that was subscribed to",
    ),
    choice("Streaming", "Lookups that a deletion empties", "No event, like the rest of a cascade"),
    choice("Streaming", "Days in the WHERE of a push topic", "Those of the org's time zone"),
    choice(
        "Streaming",
        "Wording of push topic errors that nobody has published",
        "Id not selected, object not supported, `NotifyForFields` without a field, too many topics, fields that cannot be filtered on: in our words; a name that is taken, without regard to case: `DUPLICATE_VALUE`",
    ),
    choice(
        "Streaming",
        "Errors of other layers and faults in Bayeux",
        "Expired session `401::Authentication invalid`, `SERVER_UNAVAILABLE` the 503 of the guide, anything else `400::` and its message",
    ),
    choice(
        "Streaming",
        "Field permissions of subscribers",
        "Not looked at yet: whoever may log in may subscribe",
    ),
];

/// The whole page.
#[must_use]
pub fn page() -> String {
    let mut out = String::from(
        "# Fidelity\n\nGenerated by `cargo run -p mock-sfdc -- fidelity`; a test keeps it current. What is emulated answers as \
         Salesforce does; what is refused answers `FUNCTIONALITY_NOT_ENABLED` (403) with its name; nothing is answered \
         with a 200 that was not understood.\n",
    );
    let (refused, emulated): (Vec<_>, Vec<_>) = OPERATIONS
        .iter()
        .filter(|operation| operation.face != Face::Control)
        .partition(|operation| operation.is_refused());
    table(&mut out, "Emulated", &emulated);
    table(&mut out, "Refused by name", &refused);
    out.push_str("\n## Parts of SOQL that are refused by name\n\n");
    out.push_str(SOQL_REFUSED);
    out.push_str("\n## Not confirmed\n\nNo recording and no public page settles these. This is what the mock does.\n\n");
    out.push_str("| area | question | here |\n| --- | --- | --- |\n");
    for Choice { area, question, here } in CHOICES {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "| {area} | {question} | {here} |");
    }
    out
}

fn table(out: &mut String, heading: &str, operations: &[&Operation]) {
    let _ = write!(out, "\n## {heading}\n\n| operation | method | path |\n| --- | --- | --- |\n");
    for operation in operations {
        let _ =
            writeln!(out, "| `{}` | {} | `{}` |", operation.name, operation.verb.as_str(), operation.path);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_in_the_repository_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/FIDELITY.md");
        let stored = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            stored == super::page(),
            "docs/FIDELITY.md is stale: cargo run -p mock-sfdc -- fidelity > docs/FIDELITY.md"
        );
    }
}
