use super::{Choice, choice};

pub(super) const CHOICES: &[Choice] = &[
    choice(
        "The oldest version behind `/cometd/`",
        "23.0, as up to Spring '26; `oldestVersion` of the control API sets it (37 since Summer '26)",
    ),
    choice(
        "A replay id whose event is gone, was never given, or is 0",
        "Refused with the 400 of the replay id; ids between two kept events are taken",
    ),
    choice(
        "A channel's replay ids",
        "Begin with 1, grow by 1 to 3 (`longestReplayStep`), and go on after the topic was deleted and made again",
    ),
    choice(
        "A session without its `BAYEUX_BROWSER` cookie",
        "Refused; `cookiesRequired` switches it off. Clients that keep no cookies of an IP address (aiohttp) need `localhost`",
    ),
    choice("A subscribe to an inactive push topic", "Succeeds, and nothing is told"),
    choice(
        "A second subscribe to the same channel",
        "Succeeds and keeps its place, unless it carries a replay id",
    ),
    choice("A connect that shares its request with other messages", "Is not held, as in CometD's own server"),
    choice("A message without `clientId`", "`403::Client has not completed handshake`"),
    choice("A reset or a restored snapshot of the org", "Every session hears `403::Unknown client`"),
    choice(
        "More events than a channel keeps (100,000 unless set)",
        "The oldest go; a session that has not had them hears `403::Unknown client`, its replay id is refused",
    ),
    choice(
        "Too many sessions",
        "`403::Handshake denied` with `403::Organization concurrent user limit exceeded` as its reason",
    ),
    choice(
        "What counts as an event of the day",
        "Each published one, told to somebody or not, in a window of 24 hours to the hour; counted at subscribe and connect",
    ),
    choice("A null field of the SELECT", "`null` in the event"),
    choice(
        "`NotifyForFields` All, and a save that changes no value",
        "Told: every save stamps the record; a stamp in the SELECT counts as changed for the same reason",
    ),
    choice(
        "A filtered channel",
        "Compares with fields of the SELECT, texts letter by letter; a deletion is passed by its last values, and events carry the name that was subscribed to",
    ),
    choice("Lookups that a deletion empties", "No event, like the rest of a cascade"),
    choice("Days in the WHERE of a push topic", "Those of the org's time zone"),
    choice(
        "Wording of push topic errors that nobody has published",
        "Id not selected, object not supported, `NotifyForFields` without a field, too many topics, fields that cannot be filtered on: in our words; a name that is taken, without regard to case: `DUPLICATE_VALUE`",
    ),
    choice(
        "Errors of other layers and faults in Bayeux",
        "Expired session `401::Authentication invalid`, `SERVER_UNAVAILABLE` the 503 of the guide, anything else `400::` and its message",
    ),
    choice(
        "Field permissions of subscribers",
        "Events of push topics and change events leave out what the subscriber may not read, as they are delivered; platform \
         events have all their fields for whoever may read the event",
    ),
    choice(
        "Replay ids of one change on several channels",
        "Each channel (`/data/ChangeEvents`, `/data/AccountChangeEvent`, custom ones) counts its own",
    ),
    choice(
        "A channel of one object's changes",
        "Told whenever any channel has selected the object; an object that none has selected can be subscribed to, and nothing \
         comes",
    ),
    choice(
        "`changedFields` over long polling",
        "Names, those of compound fields with their part (`BillingAddress.Street`); of updates only; without what is hidden",
    ),
    choice(
        "Several records that one transaction changed alike",
        "One event with all their ids, for updates with the same new values and for deletions; creates are told one by one",
    ),
    choice(
        "Change events of cascades, of bulk jobs and of what the org does itself",
        "Told; `changeOrigin` is the API of the request, and empty where there was none",
    ),
    choice(
        "`commitTimestamp`",
        "Whole seconds, as in all recordings; `commitNumber` is one for a transaction and grows",
    ),
    choice(
        "Two updates in one second of a clock that stands",
        "Both tell `LastModifiedDate` as changed, although its value is the same",
    ),
    choice(
        "Large texts in change events",
        "Whole: `diffFields` is always empty. Events above 1 MB are no gap; `gaps` of the control API makes them",
    ),
    choice(
        "Fields that change events carry",
        "Those of the object's schema in its order without formulas and what the guide names as derived; `RecordTypeId` only where \
         the object has record types",
    ),
    choice(
        "Schema ids",
        "Follow from name, fields and their types, so another shape has another id and the same shape the same in every org; `doc` \
         does not name the id of a custom field",
    ),
    choice(
        "A platform event that an API publishes",
        "Is out at once, also when the request around it is rolled back; `publishBehavior` (without it immediately) decides for what \
         a hook publishes. Triggers that subscribe to platform events are refused by name",
    ),
    choice("The answer to a published event", "201 without `Location`; `message` is the event's `EventUuid`"),
    choice(
        "The hourly allocation of published events",
        "`LIMIT_EXCEEDED`, in our words; by the hour of the org's clock",
    ),
    choice("Salesforce's own platform events and system topics", "Refused by name"),
    choice(
        "When a filter of a channel member is asked",
        "At the commit: a channel keeps the events that passed then, under replay ids of its own. A deletion is judged by the last \
         values, and a gap as if all fields were empty; of a filter on a part of a compound field the whole field is added",
    ),
    choice(
        "Mistakes in filters and enriched fields",
        "`FIELD_INTEGRITY_EXCEPTION` in our words after `filterExpression:` and `enrichedFields:`; IN is for platform events only, as \
         the guides have it; a statement has 100,000 characters at most, as in SOQL",
    ),
    choice(
        "Enriched fields by the name of a relationship",
        "A standard one stands for its field (`Account` for `AccountId`); retrieved it is the field",
    ),
    choice(
        "Channel members that nobody has named",
        "`ChangeEvents_AccountChangeEvent`, `Sales_chn_AccountChangeEvent`: channel and event, with single underscores; `MasterLabel` is \
         the same",
    ),
    choice(
        "What a channel member leads to when it is deleted",
        "A channel takes its members along, an object its members without filter and enriched fields; a field that a member needs \
         cannot go, nor become what filters do not look at. Ids of `EnrichedField` begin with `0v9`",
    ),
    choice(
        "gRPC statuses of the Pub/Sub API",
        "Unauthenticated for what is wrong with the three headers, NotFound for topics and schemas, PermissionDenied where the user \
         lacks a right, InvalidArgument for requests, OutOfRange when events were lost, ResourceExhausted for the allocation; the texts \
         before `rpcId:` are ours",
    ),
    choice(
        "A publish stream that is left alone",
        "Closed after 70 seconds of the org's clock, as the service definition says (another source: 1,800)",
    ),
    choice(
        "A subscription to which nothing is owed",
        "Ends without an error 60 seconds of the org's clock after the last response or request; else, with nothing to send, each 270 \
         seconds an empty response. A commit holds a managed subscription",
    ),
    choice(
        "Codes of the Pub/Sub API whose cause is not described",
        "A schema id that is not known: `schema.meta.permission`; a later request of a managed subscription that says nothing, or names \
         another one: `managed.subscription.fetch.request.invalid`; the texts of failed commits are ours",
    ),
    choice(
        "Events that are too big",
        "An event above 1 MB is refused in its own result; a request above 4 MB is Unavailable, without a code, as what stands before the \
         service answers it",
    ),
    choice(
        "Fields that the definition of a platform event requires",
        "May be empty over gRPC, as the reference of `Publish` says; REST and SOAP insist on them. In the schema only `CreatedDate` and \
         `CreatedById` are never null",
    ),
    choice(
        "`GetTopic` of a channel of several objects",
        "An empty `schema_id`: each event names its own; `tenant_guid` is `core/prod/` and the org's id",
    ),
    choice(
        "The id of a delivered event",
        "Of a platform event the publisher's own, else its `EventUuid`; of a change event transaction key and sequence number",
    ),
    choice(
        "Deliveries of the day",
        "Platform and change events over all subscribers of both APIs, in 24 hours to the hour; a fork and a restart begin at nought",
    ),
    choice(
        "`instanceurl` of a call",
        "Must be there and is not compared; `tenantid` must be the id of the token's org",
    ),
    choice(
        "Generic channels",
        "A name begins with `/u/` and is taken without regard to case; `404::Unknown channel` for one that is not there, unless \
         `dynamicChannels` lets a subscriber make it; `fanoutCount` is 0 for a broadcast that nobody hears",
    ),
];
