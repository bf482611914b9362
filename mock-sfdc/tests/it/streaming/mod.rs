//! Long polling as Bayeux clients see it (`contract/streaming.md` sections 1 to 4 and 8).

mod events;
mod requests;
mod sessions;

use std::time::Duration;

use mock_sfdc::{
    MockSfdc,
    faults::{Effect, Fault},
    which::Which,
};
use mock_sfdc_org::{id::Id, settings::Edition, streaming::Setup, value::DateTime};
use serde_json::{Value, json};

use crate::{
    TOKEN,
    bayeux::{Bayeux, error, names},
    client, mock, people,
};

const HOUR: i64 = 3_600_000;

/// A mock with the topic `Leads` and a clock that stands.
async fn streaming_mock() -> MockSfdc {
    let mock = mock().await;
    mock.tenant().org.clock().freeze_at(DateTime::from_millis(1_774_440_000_000));
    topic(&mock, "Leads", "SELECT Id, LastName, City FROM Lead");
    mock
}

fn topic(mock: &MockSfdc, name: &str, query: &str) -> Id {
    people::seed(mock, "PushTopic", &[("Name", name), ("Query", query), ("ApiVersion", "66.0")])
}

fn lead(mock: &MockSfdc, last_name: &str, city: &str) -> Id {
    people::seed(mock, "Lead", &[("LastName", last_name), ("Company", "Engines"), ("City", city)])
}

fn setup(mock: &MockSfdc, change: impl FnOnce(&mut Setup)) {
    let user = Id::from_number(*b"005", *b"5g", 1);
    mock.tenant().in_transaction(user, |tx| change(tx.streams_mut().setup_mut()));
}

/// Another user.
fn grace(mock: &MockSfdc) -> Id {
    let state = mock.tenant().org.snapshot();
    let profiles = state.schema().object("Profile").unwrap();
    let profile = state.table(profiles.index).rows().next().unwrap().id().to_string();
    people::seed(
        mock,
        "User",
        &[
            ("Username", "grace@example.com"),
            ("LastName", "Hopper"),
            ("Email", "grace@engine.example"),
            ("CommunityNickname", "grace"),
            ("IsActive", "true"),
            ("TimeZoneSidKey", "America/Los_Angeles"),
            ("LocaleSidKey", "en_US"),
            ("LanguageLocaleKey", "en_US"),
            ("Alias", "grace"),
            ("EmailEncodingKey", "UTF-8"),
            ("ProfileId", &profile),
        ],
    )
}
