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
        "Versions after 66.0",
        "Not served. `--newest-version 68` serves them with what 66.0 does, for clients that ask for no other",
    ),
    choice(
        "How long an idle query locator lives",
        "15 minutes, the least that the documentation promises; ten a user",
    ),
    choice("`Sforce-Query-Options` with a batch size outside 200 to 2000", "400 `INVALID_BATCH_SIZE`"),
    choice(
        "`/limits`",
        "The limits of a Developer or an Enterprise org by name; `Remaining` is `Max` where this org counts nothing",
    ),
    choice(
        "Page layouts, compact layouts, search layouts",
        "One page an object, made of its fields and child sets; compact and search layouts show the name",
    ),
    choice(
        "Named layouts",
        "`UserAlt` of users is their page; other names are 404 over REST, and refused by name over SOAP",
    ),
    choice(
        "Characters that XML has no way to write",
        "U+FFFD in their place, over REST, SOAP and Bulk; JSON and CSV have them as they are",
    ),
    choice("What a related list shows", "The name; where rows have none, what their page begins with"),
    choice("`/appMenu`", "AppSwitcher and Salesforce1, both empty: no app is installed"),
    choice("Colours and pictures of `/tabs` and `/theme`", "As public pages show them; no picture is served"),
    choice("`/search/scopeOrder`", "The same objects for all users: what a user works with is not kept"),
    choice(
        "List views",
        "`AllX` and `MyX` of objects with a tab; columns are the name and what lists of standard objects show; another view's filter is refused",
    ),
    choice(
        "Quick actions",
        "The standard ones: log a call, and new task, event, contact, opportunity, case, account, lead; `layout` of a describe is null",
    ),
    choice(
        "Answer of `POST` to a quick action, its order",
        "`contextId feedItemIds id ids success errors created`, 201",
    ),
    choice(
        "Invocable actions where some inputs fail",
        "200 with each result; the status of the first error where all fail; `outputValues` null",
    ),
    choice(
        "`POST /process/rules`",
        "Active rules whose criteria hold do their actions, whatever triggers them; all records or none; ids of actions are null",
    ),
    choice(
        "`POST /process/approvals`",
        "`NO_APPLICABLE_PROCESS` of each record, and 400: no org has approval processes; SOAP's `process` the same",
    ),
    choice("Whether a password has expired", "Never"),
    choice(
        "`query?columns=true`",
        "As the Salesforce CLI's tests show it; `insertable` and `updatable` are the field's own `createable` and `updateable`",
    ),
    choice("A file that is not there (`GET /{id}/{blobField}`)", "404 `NOT_FOUND`"),
    choice("The type of a file", "`application/octetstream` whatever it is, as recorded"),
    choice(
        "A form without a JSON part, or with a file for no field of the object",
        "400 `INVALID_MULTIPART_REQUEST`; the second text is ours",
    ),
    choice("Relationships in `?fields=`", "As a query of that record answers them"),
    choice("A field that `?fields=` names twice; a list without a name", "Answered once; all fields"),
    choice(
        "`attributes` in the body of a row that name another object",
        "400 `INVALID_TYPE`, our own sentence; `attributes` that are no object 400 `JSON_PARSER_ERROR`",
    ),
    choice("A member of a record that stands there twice", "The last one counts, as in any JSON object"),
    choice("Half of a surrogate pair in a text", "400 `JSON_PARSER_ERROR`, our own sentence"),
    choice(
        "A number beyond 28 digits",
        "`NUMBER_OUTSIDE_VALID_RANGE` as far as a double holds it, beyond that 400 `JSON_PARSER_ERROR`",
    ),
    choice(
        "Other methods than `POST` at `/sobjects/{object}/Id`",
        "As at the address of any row that names none",
    ),
    choice("`/listviews/recent`", "Empty: nobody looks at a list on a page here"),
    choice(
        "A quick action of an object that is started from a record of another",
        "400 `INVALID_CROSS_REFERENCE_KEY`",
    ),
    choice("`x-sfdc-packageversion-*`", "Refused by name: a package has the one version that is installed"),
    choice("`X-PrettyPrint` of an answer in XML", "An element a line, two blanks a level"),
    choice(
        "The largest request",
        "50 MB, `JSON_PARSER_ERROR` with the text that clients were told, over SOAP `EXCEEDED_MAX_SIZE_REQUEST`; forms with files 500 MB, \
         archives of metadata 39 MB",
    ),
    choice(
        "Too large a file",
        "`MAXIMUM_SIZE_OF_ATTACHMENT` above 25 MB, `MAXIMUM_SIZE_OF_DOCUMENT` above 5 MB; the texts are ours",
    ),
    choice(
        "XML answers but those of `/limits` and errors",
        "`QueryResult`, `Result` and the object's name as roots; members as elements, arrays repeated, `attributes` as attributes, null as `xsi:nil`",
    ),
    choice("A client that takes neither JSON nor XML", "406 `NOT_ACCEPTABLE`, in JSON"),
    choice("`Accept` with XML and a wildcard of the same quality", "XML"),
    choice(
        "`If-Match` and `If-None-Match` that do not hold, `If-(Un)Modified-Since` of a write that does not",
        "412 `MATCH_PRECONDITION_FAILED`, 412 `ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE`; the texts are ours",
    ),
    choice(
        "`If-Match` of rows other than accounts, `If-None-Match` of writes to them, `If-Unmodified-Since` of a DELETE",
        "Refused as not emulated, so that no guarded write goes through unguarded",
    ),
    choice("`Last-Modified` of describes", "When this mock first gave the answer that it gives now"),
    choice(
        "How far back `/updated` and `/deleted` may begin",
        "30 days for both, as clients rely on; a deletion is told for 15 days",
    ),
    choice("Whether the end of a span of `/updated` and `/deleted` is part of it", "No; the start is"),
    choice("Order of `/updated` and `/deleted`", "By the moment of the change"),
    choice(
        "`earliestDateAvailable`",
        "When a record of the object last went for good; without any, 15 days ago",
    ),
    choice(
        "`latestDateCovered`",
        "The whole minute of the end, of now, or of the oldest transaction that still runs, whichever is first",
    ),
    choice("The text of `EXCEEDED_ID_LIMIT` and of a moment that is none", "Our own sentences"),
    choice(
        "What makes an item recent",
        "`FOR VIEW`, `FOR REFERENCE`, and reads and writes of a row with `Sforce-Mru: updateMru=true`; of objects whose describe says `mruEnabled`",
    ),
    choice("Recent items of the same second", "The younger record first"),
    choice("More than five parents in an address", "400 `LIMIT_EXCEEDED`, our own sentence"),
    choice("`PATCH` and `DELETE` of a child relationship", "405, since only a parent can be written"),
];
