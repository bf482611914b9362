//! An org with one administrator and one connected app: enough to log in.

use std::sync::Arc;

use mock_sfdc::MockSfdc;
use mock_sfdc_org::{
    access::{Access, ConnectedApp, Login},
    id::Id,
    save::{DmlOptions, Draft, coerce::Raw},
    schema::Schema,
    settings::Settings,
    state::State,
    verbs,
};

pub const USERNAME: &str = "ada@example.com";
pub const PASSWORD: &str = "secret";
pub const SECURITY_TOKEN: &str = "TOKEN";
pub const CLIENT_ID: &str = "3MVG9example";
pub const CLIENT_SECRET: &str = "app secret";
pub const CALLBACK: &str = "http://127.0.0.1:1717/OauthRedirect";

/// A mock whose default org holds Ada, her login and the app; and Ada's id.
pub async fn mock() -> (MockSfdc, Id) {
    let mock = MockSfdc::start().await.unwrap();
    mock.tenant().org.restore(State::empty(Schema::standard(), Settings::default()));
    let license = seed(&mock, "UserLicense", &[("Name", "Salesforce")]).to_string();
    let profile = &[
        ("Name", "System Administrator"),
        ("PermissionsApiEnabled", "true"),
        ("UserLicenseId", license.as_str()),
    ];
    let profile = seed(&mock, "Profile", profile).to_string();
    let ada = seed(
        &mock,
        "User",
        &[
            ("Username", USERNAME),
            ("FirstName", "Ada"),
            ("LastName", "Lovelace"),
            ("Email", "ada@engine.example"),
            ("CommunityNickname", "ada"),
            ("IsActive", "true"),
            ("TimeZoneSidKey", "America/Los_Angeles"),
            ("LocaleSidKey", "en_US"),
            ("LanguageLocaleKey", "en_US"),
            ("City", "London"),
            ("Alias", "ada"),
            ("EmailEncodingKey", "UTF-8"),
            ("ProfileId", &profile),
        ],
    );
    change(&mock, |access| {
        access.add_login(Login::new(ada, USERNAME, PASSWORD, SECURITY_TOKEN));
        access.add_app(ConnectedApp::new("Referral Sync", CLIENT_ID, CLIENT_SECRET, CALLBACK));
    });
    (mock, ada)
}

pub fn change<T>(mock: &MockSfdc, work: impl FnOnce(&mut Access) -> T) -> T {
    let user = Id::from_number(*b"005", *b"5g", 1);
    mock.tenant().in_transaction(user, |tx| work(tx.access_mut()))
}

pub fn change_app(mock: &MockSfdc, work: impl FnOnce(&mut ConnectedApp)) {
    change(mock, |access| {
        let mut app = ConnectedApp::clone(access.app(CLIENT_ID).unwrap());
        work(&mut app);
        access.add_app(app);
    });
}

pub fn seed(mock: &MockSfdc, object: &str, row: &[(&str, &str)]) -> Id {
    let org = Arc::clone(&mock.tenant().org);
    let object = Arc::clone(org.snapshot().schema().object(object).unwrap());
    let mut draft = Draft::default();
    for (field, text) in row {
        draft.set(&object, field, Raw::Text(text)).unwrap();
    }
    let options = DmlOptions { seeding: true, ..DmlOptions::default() };
    let user = Id::from_number(*b"005", *b"5g", 1);
    org.transact(user, |tx| verbs::create(tx, &object, draft, &options)).unwrap()
}
