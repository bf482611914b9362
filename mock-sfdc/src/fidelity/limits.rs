//! Choices about limits.

use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice(
        "Which rows a save locks besides its own",
        "The masters of the record, always; other parents when the record comes to them or leaves them, where the lookup cascades, \
         restricts, or is AccountId. Deleting locks all that falls and the masters of it. Rows are locked only by tests.",
    ),
    choice(
        "Waiting for a locked row",
        "10 seconds by the org's clock (`rowLockWaitSeconds`), then `UNABLE_TO_LOCK_ROW` with the fifteen-character id of the \
         first such row. A call that has committed one of several transactions before it meets the lock does not wait.",
    ),
    choice(
        "What is counted as a long request",
        "One that began 20 seconds ago by the org's clock and has no answer yet: delayed by a fault or waiting for a row. A \
         test adds to them by `longRequestsHeld`. Refused with the text of ConcurrentRequests; \
         `ConcurrentPerOrgLongTxn` is of long Apex, which nothing here runs.",
    ),
    choice(
        "When a query is too complicated",
        "Salesforce does not say; here the selected fields and the comparisons are counted (each value of IN is one), and only \
         where `queryFields` or `queryConditions` are set.",
    ),
    choice(
        "Storage",
        "2 KB a record, 8 KB a campaign, 1 KB a campaign member; objects without a recycle bin take none. 5 MB and 20 MB of \
         files in a Developer org, 200 MB in a sandbox, else 10 GB. Saves beyond it are refused (`STORAGE_LIMIT_EXCEEDED`, \
         \"storage limit exceeded\") where a test has set it, or has said `storageEnforced`, which means the edition's figures: by \
         themselves they would end a load test in a Developer org after 2,560 records.",
    ),
    choice(
        "API requests a day",
        "Counted to the minute over the last 24 hours; a refused request is not counted.",
    ),
];
