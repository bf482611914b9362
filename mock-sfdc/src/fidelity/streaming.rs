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
    choice("Field permissions of subscribers", "Not looked at yet: whoever may log in may subscribe"),
];
