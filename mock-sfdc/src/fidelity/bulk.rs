use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice(
        "When a job's work is done",
        "Before the request that completes it is answered; the control API has it done after a time, after so many polls, or by hand",
    ),
    choice("The order of rows in results", "That of the upload"),
    choice("Errors of a row, when there are several", "One behind the other, each ended by `--`"),
    choice(
        "A record whose values are more or fewer than the header's",
        "The job or batch fails, in a sentence of our own",
    ),
    choice(
        "A field of more than 32,000 characters, a record of more than 400,000 or of more than 5,000 fields",
        "The job or batch fails, in the sentences of the reader that Salesforce has published; a quote that is not closed within some megabytes is told as a record that is too long",
    ),
    choice(
        "A batch of 1.0 of more than 10,000 records",
        "It fails: `Exceeded number of records: 10002. …`: the header counts, in every format",
    ),
    choice(
        "An upload to 2.0 of more than 150 MB",
        "400 and the sentence of any request of REST that is too large; one that is announced is refused before it comes",
    ),
    choice(
        "TYPEOF in a query of 1.0",
        "Answered in JSON, as a recorded org did; refused in CSV and XML, where nobody has seen it, and by 2.0 as its guide says",
    ),
    choice(
        "A batch of 1.0 of more than ten million characters",
        "400 `ClientInputError`, `Failed to read request. Exceeded max size limit of 10000000`, as clients report it",
    ),
    choice("The same column twice", "The job or batch fails: `InvalidBatch : Duplicate field name found`"),
    choice("An empty upload of 2.0", "The job completes with no record"),
    choice("Closing a job of 2.0 without an upload", "400 `INVALIDJOBSTATE`"),
    choice(
        "A second upload, or one to a job that is not open",
        "400 `INVALIDJOBSTATE`, in sentences of our own",
    ),
    choice("Results before a job is over", "400 `INVALIDJOBSTATE`, in a sentence of our own"),
    choice("`sf__Id` of a row that failed", "The id that the upload named, else empty"),
    choice(
        "Records of a chunk with one external id",
        "All fail with `DUPLICATE_VALUE`, `Duplicate external id specified`; with one id, all but the first",
    ),
    choice("An empty value in CSV", "Nothing is said of the field: a default fills it"),
    choice("`Lead:Owner.Email`", "The prefix names the parent's object, or the object itself"),
    choice(
        "Values of results in a form of their own",
        "Numbers, checkboxes, dates and moments; other texts as they were sent",
    ),
    choice(
        "SOQL that a job must not hold",
        "400 `API_ERROR`, `… not supported in Bulk Query`; of 1.0 the batch fails",
    ),
    choice("Rows of a page of a query's results when nobody says", "50,000; the control API sets it"),
    choice("A query of another API version's job", "409 `INVALIDVERSION`"),
    choice("The order of the list of jobs", "Newest first"),
    choice(
        "A batch of 1.0 whose records are not UTF-8",
        "The batch fails; a query's is 400 `ClientInputError`",
    ),
    choice(
        "Content whose type names another charset than UTF-8",
        "1.0: 400 `UnsupportedContentType`; 2.0: 415",
    ),
    choice("A method that a resource of 1.0 has not", "400 `InvalidUrl`, with REST's sentence"),
    choice("Errors of 1.0", "Always 400, an invalid session too"),
    choice("The id of a row that failed, of 1.0", "Since version 57, as clients report; before, none"),
    choice("Bytes of a query's result in XML", "As the guide describes them: type, id twice, fields"),
    choice("Conditions of the parts of a divided query", "`Id >= first AND Id < next`, the last one `<=`"),
    choice(
        "A row of a job that is locked",
        "The 200 records around it are tried again when the row is free, or after 10 seconds of the org's clock; after ten retries, or with `Sforce-Disable-Batch-Retry: TRUE`, the record fails with `UNABLE_TO_LOCK_ROW`",
    ),
    choice(
        "`parent` of PK chunking",
        "For objects whose name ends with `Share` or `History` and that refer to it: their rows are divided by that reference; `startRow` is a row of the parent; any other parent is 400 `ClientInputError`",
    ),
    choice(
        "Jobs in a data file (`--data`) and in images",
        "Kept with their batches and all that became of them, but for what a query has found: such a job or batch is `Failed` afterwards, and says so. What was being worked on goes on",
    ),
];
