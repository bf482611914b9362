use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice(
        "Objects beside Account, Contact, Lead, Opportunity, OpportunityContactRole, Case, Event and User",
        "Field names as in the WSDL of v47; lengths, labels, flags and order from the public object reference and from memory",
    ),
    choice(
        "`HasOptedOutOfEmail`, `HasOptedOutOfFax`, `DoNotCall` of Lead and Contact",
        "Shown, although the recorded orgs hid them; their place among the fields is from memory",
    ),
    choice(
        "Person accounts (`features` of the organization)",
        "An account whose record type is a person's, or that has a last name and no record type, is a person. The contact follows \
         it without rules of its own; changing or deleting the contact by itself is refused (`INVALID_OPERATION`). A business \
         becomes a person by its record type, with the conditions of the SOAP guide (one contact, the same owner and currency, \
         no other change; besides no parent and nobody to report to), and the reverse; where both have a value, as of Phone, \
         the account's stays. The fields stand behind those of a business account, not among them. Formula fields of Contact have \
         no `__pc`.",
    ),
    choice(
        "Several currencies (`features` of the organization)",
        "CurrencyIsoCode is on objects with amounts, custom objects and a few more. Converted amounts are rounded to the places of \
         the field. ORDER BY and aggregates go by the corporate currency; convertCurrency of an aggregate and `USD5` in HAVING \
         are errors, as the guide says. FORMAT shows `EUR 5.00 (USD 6.25)`. Opportunities and their products go by dated rates where \
         there are any. A line item has the currency of its parent. CURRENCYRATE takes a \
         text, goes by the rates of today, and is 1 for what is no currency of the org.",
    ),
    choice("Differences between API versions", "Fields and links are the same in all"),
    choice(
        "Which objects every org lists",
        "200 of the 1,049 of a recorded org (sales, service basics, marketing, set-up, and their History, Share, Feed and ChangeEvent companions), equal to it in all flags and links; none of industries, field service, payments, Knowledge and Experience Cloud",
    ),
    choice("Quote, QuoteLineItem and their companions", "In every org, as if quotes were switched on"),
    choice(
        "Companions (History, Share, Feed, ChangeEvent)",
        "Derived by one rule for each kind; the picklist of a history's `Field` is empty; shares and feeds are read-only and empty unless sharing fills them; a custom object has none yet",
    ),
    choice(
        "`PermissionSetLicense.MaximumPermissions…`",
        "Left out: 250 check boxes that no client of the corpus reads",
    ),
    choice(
        "`EntityDefinition`, `FieldDefinition`",
        "Made of the schema when asked; `DurableId` is the API name for custom ones too; sharing models, `RecordTypesSupported` and `ReferenceTo` are null; a query of FieldDefinition that names no object is refused with MALFORMED_QUERY, although the real code and the other restrictions (ORDER BY, LIKE, OR) are not known",
    ),
    choice(
        "Record types",
        "A profile that says nothing of an object's types may use all of them, and has the master type by default; `RecordTypeId` stands last among the fields of an object that gains its first type; describe shows every active type as available, whoever asks; a default value that the type does not offer is left empty; values are checked on restricted picklists only",
    ),
    choice(
        "Opportunity, order and quote products",
        "Refusals of an inactive price book entry, and of unit and total price together, have texts of ours; a line without `UnitPrice` and `TotalPrice` is refused as a missing field; the amount is 0 when the last product is gone; changing the price book of an opportunity with products is not refused; schedules, and quotes that sync, are not emulated",
    ),
    choice(
        "History",
        "No field is tracked unless the fixture says so (`historyTracking`); a lookup leaves the row of names first; an opportunity leaves a row of OpportunityHistory on creation and for each change of stage, amount, probability, close date or forecast category",
    ),
    choice(
        "Files",
        "`FileType` by the extension; `Checksum` and previews are empty; the owner's link has ShareType I, the place of first publication V",
    ),
    choice(
        "Contract, Order, Asset",
        "Numbers begin at 00000100; `Every asset needs an account, a contact, or both.` names both fields; activated orders and contracts can still be changed",
    ),
    choice(
        "Rows of objects without a key prefix",
        "Their ids begin with a prefix that several such objects share",
    ),
    choice(
        "Probabilities and forecast categories of the standard stages",
        "From memory; all open stages are Pipeline",
    ),
    choice("The day in an auto-number's `{YYYY}{MM}{DD}`", "That of the org's time zone"),
    choice("The first auto-number where no start is said", "1"),
    choice("A custom record without a name", "Is named by the 15 characters of its id"),
    choice(
        "Fields of custom metadata types and platform events that describe shows",
        "From memory; their key prefixes count from `m00` and `e00`",
    ),
    choice(
        "What classic encrypted text shows of its end",
        "Four characters for lastFour, creditCard, ssn and sin, none for all and nino",
    ),
    choice(
        "A project's metadata with a mistake in one part",
        "That part alone is left out whole and named, where a deployment would refuse all of it",
    ),
];
