use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice(
        "Texts of `UNSUPPORTED_API_VERSION`, `LOGIN_DURING_RESTRICTED_DOMAIN`, `ORG_LOCKED`",
        "Our own sentences",
    ),
    choice("Enterprise `serverUrl`", "Without the id of a package"),
    choice(
        "Faults of requests that are none",
        "`soapenv:Client` without a detail, as far as developers quote them: a missing `SOAPAction`, a content type other than `text/xml`, \
         `No operation available for request {…}` where name or namespace is none of the WSDL's, `Element {…} invalid at this location` \
         for what stands where nothing can. Encodings: UTF-8, UTF-16 and ISO-8859-1",
    ),
    choice(
        "A header of another namespace",
        "Has no effect, so a `SessionHeader` there is none; with `mustUnderstand=\"1\"` a `soapenv:Client` fault",
    ),
    choice(
        "Flags other than `true false 1 0`, and members that a header's type has not",
        "`soapenv:Client`: `'yes' is not a valid value for the type xsd:boolean`, `Element {…} invalid at this location`",
    ),
    choice(
        "A field that stands twice in a record with two values, or with a value and in `fieldsToNull`",
        "A fault, `INVALID_FIELD`, in our words; a parent both by its id and by an external id is `INVALID_FIELD` with the words that \
         developers quote",
    ),
    choice("White space around values that are no texts", "Says nothing"),
    choice(
        "An unknown object or field in `create`, `update`, `upsert`",
        "A fault, and nothing of the call is saved; a value that does not fit is an error of its record",
    ),
    choice("`create` with an `Id`", "`INVALID_FIELD_FOR_INSERT_UPDATE`: cannot specify Id in an insert call"),
    choice(
        "An id that stands twice in one `update`",
        "The first one is done, the others are `DUPLICATE_VALUE`",
    ),
    choice("A key that stands twice in one `upsert`", "`DUPLICATE_VALUE` for each of its records"),
    choice("Cells of aggregate rows", "With their `xsi:type`, since no type has them"),
    choice("Empty fields of the enterprise API", "Left out, as recorded in an old version"),
    choice("`batchSize` outside of 200 to 2000", "A fault, `INVALID_BATCH_SIZE`"),
    choice("Optional elements of describes", "Left out where they are false or empty"),
    choice(
        "Elements of results in older versions",
        "Left out before the first version whose WSDL is known to have them, which may be a few later than the first that had; operations are \
         the same in all",
    ),
    choice(
        "`DebuggingHeader`, `LocaleOptions`, `PackageVersionHeader`, `triggerOtherEmail`, `StreamingEnabledHeader` of false",
        "Refused where they ask for a log, another language than English, a version, mails to others, no events; else without effect",
    ),
    choice(
        "`OwnerChangeOptions`",
        "What the previous owner has goes along, of opportunities also others'; each record for itself; KeepSalesTeamGrantCurrentOwnerReadWriteAccess and articles are \
         refused; that the new owner may read the record is always checked",
    ),
    choice("`UserTerritoryDeleteHeader`", "Without effect: there are no territories of old"),
    choice("`describeTabs`", "One set of tabs, that of the app Sales; no picture is served"),
    choice(
        "`describeLayout` with a `layoutName`; record types that the object has not",
        "Refused by name; `INVALID_CROSS_REFERENCE_KEY`",
    ),
    choice("`describeSearchableEntities` with tabs only", "Objects that have layouts"),
    choice(
        "A header that the WSDL binds to other operations",
        "Has no effect; one that no operation has is refused by its name",
    ),
    choice(
        "Mails of `sendEmail`",
        "Texts about addresses, bodies, templates and activities are those that Apex developers quote, the others our own; the \
         task is made done, of subtype Email; limits of mails a day are not counted",
    ),
    choice("`queryId` of a search", "The number of the request in the journal"),
    choice(
        "Password policy",
        "Eight characters, letters and digits among them, not the present one; the texts are our own",
    ),
    choice("`resetPassword`", "The new password holds at once, and does not expire with the first login"),
    choice(
        "The WSDLs",
        "At `/services/wsdl/partner` and `/services/wsdl/enterprise`, without a session, with what is emulated; the codes are \
         those that the mock answers",
    ),
    choice(
        "List views over SOAP",
        "Those of REST; `recentsOnly` and an order other than the view's own are refused by name, and a view of no filter has a \
         `SoqlConditionGroup` without conditions",
    ),
    choice(
        "Names of quick actions over SOAP",
        "`NewContact`, or `Account.NewContact` for the one on an object's pages; one that is not there is `INVALID_CROSS_REFERENCE_KEY`",
    ),
];
