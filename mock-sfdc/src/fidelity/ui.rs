use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice(
        "`displayValue` of UI API fields",
        "The label of a picklist's value, the name of a parent; null for numbers and dates, which Salesforce formats",
    ),
    choice("The answer to a UI API create or update", "The record with the fields that the request wrote"),
    choice(
        "Pages of the UI API",
        "The org's own layouts, alike for every form factor and record type; `eTag` is ours; a record of `record-ui` has the fields of \
         its pages without those of parents, and `objectInfos` the objects of the records only",
    ),
    choice(
        "`fields` of `ui-api/records/batch`",
        "Each path counts for records of the object that it names; a record of another object has none of them",
    ),
    choice(
        "`attributes` of picklist values",
        "What the rows of lead, case and task statuses and of stages say of them; null for all others",
    ),
    choice(
        "Record defaults of the UI API",
        "Defaults of the fields that can be given on the page that creates, formulas included; a clone has those of its record",
    ),
    choice(
        "`Idempotency-Key`",
        "Up to 255 printable characters, kept 30 days; errors 400 with texts of ours",
    ),
    choice(
        "`recordTypeId` of a record without a type",
        "That of the master type, as recorded of accounts, contacts and custom objects; null of users",
    ),
    choice(
        "A field that is asked for without its object",
        "400 `INVALID_FIELD`, our own sentence; lists take both forms",
    ),
    choice(
        "What lists of the UI API say",
        "List views as a real org of version 46.0 told one, members of later versions as the guide and others' captures have them; \
         they can be cloned, created, deleted and edited, whatever the org lets anybody do",
    ),
    choice(
        "What a record of a list has besides its columns",
        "As recorded: the ids behind its links, the owner, and the moments and the author of its last change, of parents too",
    ),
    choice("`count` of a page of records", "How many stand on the page"),
    choice(
        "`/ui-api/list-info/{object}` and `list-ui/{object}`",
        "The views of the object by their ids; `recentListsOnly` finds none, since nobody looks at a list on a page here",
    ),
    choice(
        "What narrows a list (`where`, `searchTerm`), `__Recent` and the lists of what was used last",
        "Refused by name: the first are of another language, and the columns of the last are not known",
    ),
    choice(
        "Related lists of the UI API",
        "Those of the page; a row shows its name. Without `fields` a record has none; an order by a field that the object has not \
         counts as none; records come by their ids",
    ),
    choice(
        "Lookups of the UI API",
        "`Search` finds words in any field, `TypeAhead` names that begin so, `Recent` what the caller has looked at and has the text in \
         its name; `DisambiguationField` is null, and `metadata` has no fields to match or to show. A lookup with a filter that is not \
         optional is refused by name, and so are `POST` and `dependentFieldBindings`",
    ),
    choice("Favourites", "None: nobody marks anything on a page here; making one is refused by name"),
    choice(
        "`/ui-api/actions`, apps, list preferences, batches of writes, duplicates",
        "Refused by name: which actions and apps a page offers, and in which order, an administrator says, and here is none who has",
    ),
];
