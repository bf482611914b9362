//! Access as its users see it: who comes in, for how long, and what ends it.

use std::convert::Infallible;

use super::*;
use crate::{
    clock::Clock,
    org::Org,
    schema::{Field, FieldType, Object, Schema},
    settings::{Edition, Settings},
    state::Edit,
    value::DateTime,
};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const CALLBACK: &str = "http://127.0.0.1/callback";

/// An object of a few fields, cut out of a standard one.
fn object(schema: &Schema, name: &str, prefix: [u8; 3], fields: &[(&str, FieldType)]) -> Object {
    let mut object = Object::clone(schema.object("Contact").unwrap());
    object.name = name.into();
    object.key_prefix = Some(prefix);
    object.record_prefix = prefix;
    object.child_relationships.clear();
    object.fields = fields.iter().map(|(name, kind)| Field::new(name, *kind)).collect();
    object
}

fn schema() -> Schema {
    use FieldType as T;
    let base = Schema::standard();
    let assignment = [("Id", T::Id), ("AssigneeId", T::Reference), ("PermissionSetId", T::Reference)];
    let user = [("Id", T::Id), ("IsActive", T::Boolean), ("ProfileId", T::Reference)];
    let permissions = [("Id", T::Id), ("PermissionsApiEnabled", T::Boolean)];
    Schema::default().with_objects([
        object(&base, "User", *b"005", &user),
        object(&base, "Profile", *b"00e", &permissions),
        object(&base, "PermissionSet", *b"0PS", &permissions),
        object(&base, "PermissionSetAssignment", *b"0Pa", &assignment),
    ])
}

struct World {
    org: Org,
    ada: Id,
}

impl World {
    fn new() -> Self {
        let org = Org::new(
            State::empty(schema(), Settings::default()),
            Clock::fixed(DateTime::from_millis(1_700_000_000_000)),
            1,
        );
        let ada = Id::from_number(*b"005", *b"5g", 1);
        let world = Self { org, ada };
        world.set(ada, "IsActive", true);
        world.change(|access| access.add_login(Login::new(ada, "Ada@Example.com", "secret", "TOKEN")));
        world
    }

    fn tx<T>(&self, work: impl FnOnce(&mut crate::state::Transaction) -> T) -> T {
        self.org.transact(self.ada, |tx| Ok::<_, Infallible>(work(tx))).unwrap_or_else(|never| match never {})
    }

    fn change<T>(&self, work: impl FnOnce(&mut Access) -> T) -> T {
        self.tx(|tx| work(tx.access_mut()))
    }

    fn set(&self, id: Id, field: &str, value: impl Into<crate::value::Value>) {
        self.tx(|tx| {
            let object = Arc::clone(tx.state().objects_of(id).next().unwrap());
            let width = object.fields.len();
            let before = tx.state().find(id).map(|(_, record)| record.edit(width));
            let mut edit = before.unwrap_or_else(|| Edit::new(id, width));
            edit.set(object.field(field).unwrap().0, value);
            tx.put(&object, &edit);
        });
    }

    fn log_in(&self, username: &str, password: &str, door: Door) -> Result<Id, LoginError> {
        log_in(&self.org.snapshot(), username, password, door, self.org.clock().now())
    }

    fn open(&self) -> String {
        self.tx(|tx| open_session(tx, self.org.random(), NewSession::of(self.ada, SessionKind::Given)))
    }

    fn use_token(&self, token: &str) -> Option<SessionInfo> {
        session(&self.org.snapshot(), token, self.org.clock().now())
    }

    fn code(&self, challenge: Option<&str>) -> String {
        let what = NewCode {
            client_id: "client".into(),
            redirect_uri: CALLBACK.into(),
            user: self.ada,
            scopes: "api refresh_token".parse().unwrap(),
            challenge: pkce::Challenge::read(challenge, Some("plain")).unwrap(),
            nonce: Some("once".into()),
        };
        self.tx(|tx| issue_code(tx, self.org.random(), what))
    }

    fn exchange(&self, app: &ConnectedApp, code: &str, verifier: Option<&str>) -> Result<Tokens, OAuthError> {
        self.org.transact(self.ada, |tx| {
            exchange_code(tx, self.org.random(), app, code, Some(CALLBACK), verifier)
        })
    }

    fn refresh(&self, app: &ConnectedApp, token: &str) -> Result<Tokens, OAuthError> {
        self.tx(|tx| refresh(tx, self.org.random(), app, token))
    }

    fn granted(&self, app: &ConnectedApp) -> Tokens {
        self.exchange(app, &self.code(None), None).unwrap()
    }
}

fn app() -> ConnectedApp {
    ConnectedApp::new("Sync", "client", "secret", CALLBACK)
}

fn rotating() -> ConnectedApp {
    ConnectedApp { rotate_refresh_tokens: true, ..app() }
}

#[test]
fn who_logs_in_through_which_door() {
    let world = World::new();
    let wrong = Err(LoginError::WrongCredentials);
    for (username, password, door, answer) in [
        ("ada@example.com", "secretTOKEN", Door::Api, Ok(world.ada)),
        (" ADA@EXAMPLE.COM ", "secretTOKEN", Door::Api, Ok(world.ada)),
        ("ada@example.com", "secret", Door::Api, wrong),
        ("ada@example.com", "secret", Door::Page, Ok(world.ada)),
        ("ada@example.com", "Secret", Door::Page, wrong),
        ("ada@example.com", "", Door::Page, wrong),
        ("bob@example.com", "secret", Door::Page, wrong),
    ] {
        assert_eq!(world.log_in(username, password, door), answer, "{username} {password} {door:?}");
    }
}

#[test]
fn a_trusted_network_needs_no_security_token() {
    let world = World::new();
    world.change(|access| access.add_login(Login::new(world.ada, "ada@example.com", "secret", "")));
    assert_eq!(world.log_in("ada@example.com", "secret", Door::Api), Ok(world.ada));
}

#[test]
fn what_stands_in_the_way_of_a_login() {
    for (restriction, error) in [
        (Restriction::Frozen, LoginError::Frozen),
        (Restriction::Locked, LoginError::Locked),
        (Restriction::IpRestricted, LoginError::IpRestricted),
        (Restriction::RateLimited, LoginError::RateLimited),
    ] {
        let world = World::new();
        assert!(world.change(|access| access.restrict("ada@example.com", Some(restriction))));
        assert_eq!(world.log_in("ada@example.com", "secret", Door::Page), Err(error));
    }
    let world = World::new();
    assert!(world.change(|access| access.restrict("ada@example.com", Some(Restriction::PasswordExpired))));
    assert_eq!(world.log_in("ada@example.com", "secret", Door::Page), Ok(world.ada));
    assert!(password_expired(&world.org.snapshot(), world.ada));
    let world = World::new();
    world.set(world.ada, "IsActive", false);
    assert_eq!(world.log_in("ada@example.com", "secret", Door::Page), Err(LoginError::InactiveUser));
    assert_eq!(world.log_in("ada@example.com", "other", Door::Page), Err(LoginError::WrongCredentials));
    world.change(|access| access.suspend(true));
    assert_eq!(world.log_in("ada@example.com", "secret", Door::Page), Err(LoginError::OrgSuspended));
    assert!(!world.change(|access| access.restrict("nobody", None)));
}

#[test]
fn a_session_slides_with_every_use_and_ends_by_the_orgs_clock() {
    let world = World::new();
    let token = world.open();
    let clock = world.org.clock();
    for _ in 0..3 {
        clock.advance(120 * MINUTE - 1);
        assert!(world.use_token(&token).is_some());
    }
    clock.advance(120 * MINUTE);
    assert_eq!(world.use_token(&token), None);
}

#[test]
fn looking_at_a_session_does_not_keep_it_alive() {
    let world = World::new();
    let token = world.open();
    world.org.clock().advance(60 * MINUTE);
    let seen = look_at_session(&world.org.snapshot(), &token, world.org.clock().now()).unwrap();
    assert_eq!(seen.expires_at.millis() - world.org.clock().now().millis(), 60 * MINUTE);
    world.org.clock().advance(60 * MINUTE);
    assert_eq!(world.use_token(&token), None);
}

#[test]
fn what_ends_a_session() {
    type End = fn(&World, &str);
    let ends: [(&str, End); 5] = [
        ("its end", |world, token| assert!(world.tx(|tx| end_session(tx, token)))),
        ("all end", |world, _| world.tx(expire_all)),
        ("user inactive", |world, _| world.set(world.ada, "IsActive", false)),
        ("org suspended", |world, _| world.change(|access| access.suspend(true))),
        ("another org", |world, _| {
            world.tx(|tx| tx.settings_mut().organization_id = Id::from_number(*b"00D", *b"5g", 99));
        }),
    ];
    for (name, end) in ends {
        let world = World::new();
        let token = world.open();
        assert_eq!(world.use_token(&token).unwrap().user, world.ada, "{name}");
        end(&world, &token);
        assert_eq!(world.use_token(&token), None, "{name}");
    }
}

#[test]
fn a_detached_fork_does_not_keep_the_originals_sessions_alive() {
    let world = World::new();
    let token = world.open();
    let mut fork = State::clone(&world.org.snapshot());
    fork.access_mut().detach();
    let later = DateTime::from_millis(world.org.clock().now().millis() + 100 * MINUTE);
    assert!(session(&fork, &token, later).is_some());
    world.org.clock().advance(150 * MINUTE);
    assert_eq!(world.use_token(&token), None);
    assert!(session(&fork, &token, world.org.clock().now()).is_some());
}

#[test]
fn sessions_that_are_over_are_swept_away() {
    let world = World::new();
    for _ in 0..1_024 {
        world.open();
    }
    world.org.clock().advance(120 * MINUTE);
    world.open();
    assert_eq!(world.org.snapshot().access().sessions.len(), 1);
}

#[test]
fn a_code_is_good_once() {
    let world = World::new();
    let code = world.code(None);
    let tokens = world.exchange(&app(), &code, None).unwrap();
    assert_eq!(tokens.nonce.as_deref(), Some("once"));
    assert_eq!(world.use_token(&tokens.access_token).unwrap().client_id.as_deref(), Some("client"));
    assert_eq!(world.exchange(&app(), &code, None), Err(OAuthError::CodeExpired));
}

#[test]
fn a_code_lives_for_fifteen_minutes() {
    for (millis, answer) in
        [(CODE_LIFETIME_MILLIS - 1, None), (CODE_LIFETIME_MILLIS, Some(OAuthError::CodeExpired))]
    {
        let world = World::new();
        let code = world.code(None);
        world.org.clock().advance(millis);
        assert_eq!(world.exchange(&app(), &code, None).err(), answer, "{millis}");
    }
}

#[test]
fn a_code_is_bound_to_its_request() {
    let world = World::new();
    let code = world.code(Some("proof"));
    let other = ConnectedApp { client_id: "other".into(), ..app() };
    let exchange = |app: &ConnectedApp, uri: Option<&str>, verifier: Option<&str>| {
        let done = |tx: &mut crate::state::Transaction| {
            exchange_code(tx, world.org.random(), app, &code, uri, verifier).map(drop)
        };
        world.org.transact(world.ada, done).err()
    };
    let (app, uri) = (app(), Some(CALLBACK));
    assert_eq!(exchange(&other, uri, Some("proof")), Some(OAuthError::CodeInvalid));
    assert_eq!(exchange(&app, None, Some("proof")), Some(OAuthError::RedirectUriMissing));
    assert_eq!(
        exchange(&app, Some("http://127.0.0.1/x"), Some("proof")),
        Some(OAuthError::RedirectUriMismatch)
    );
    assert_eq!(exchange(&app, uri, None), Some(OAuthError::VerifierMissing));
    assert_eq!(exchange(&app, uri, Some("wrong")), Some(OAuthError::VerifierInvalid));
    assert_eq!(exchange(&app, uri, Some("proof")), None, "refusals do not use a code up");
}

#[test]
fn a_refresh_token_stays_without_rotation() {
    let world = World::new();
    let token = world.granted(&app()).refresh_token.unwrap();
    for _ in 0..3 {
        let again = world.refresh(&app(), &token).unwrap();
        assert_eq!(again.refresh_token, None);
        assert!(world.use_token(&again.access_token).is_some());
    }
}

#[test]
fn a_replaced_refresh_token_ends_its_family_when_it_comes_again() {
    let world = World::new();
    let first = world.granted(&rotating());
    let bystander = world.granted(&rotating());
    let second = world.refresh(&rotating(), first.refresh_token.as_deref().unwrap()).unwrap();
    let third = world.refresh(&rotating(), second.refresh_token.as_deref().unwrap()).unwrap();
    assert!(world.use_token(&first.access_token).is_some(), "sessions outlive the rotation");

    let stolen = world.refresh(&rotating(), first.refresh_token.as_deref().unwrap());
    assert_eq!(stolen, Err(OAuthError::RefreshTokenExpired));
    for token in [&first.access_token, &second.access_token, &third.access_token] {
        assert_eq!(world.use_token(token), None);
    }
    let current = world.refresh(&rotating(), third.refresh_token.as_deref().unwrap());
    assert_eq!(current, Err(OAuthError::RefreshTokenExpired));
    assert!(world.use_token(&bystander.access_token).is_some());
    assert!(world.refresh(&rotating(), bystander.refresh_token.as_deref().unwrap()).is_ok());
}

#[test]
fn the_sixth_approval_revokes_the_oldest() {
    let world = World::new();
    let all = (0..6).map(|_| world.granted(&app())).collect::<Vec<_>>();
    let good = all
        .iter()
        .map(|tokens| {
            let refreshed = world.refresh(&app(), tokens.refresh_token.as_deref().unwrap()).is_ok();
            assert_eq!(refreshed, world.use_token(&tokens.access_token).is_some());
            refreshed
        })
        .collect::<Vec<_>>();
    assert_eq!(good, [false, true, true, true, true, true]);
}

#[test]
fn refresh_policies_end_a_token_by_the_orgs_clock() {
    use RefreshPolicy as P;
    // Uses at these seconds after the approval; whether each succeeds.
    for (policy, uses) in [
        (P::UntilRevoked, vec![(0, true), (1_000_000_000, true)]),
        (P::Immediately, vec![(0, false)]),
        (P::IdleFor { seconds: 60 }, vec![(59, true), (118, true), (178, false), (179, false)]),
        (P::After { seconds: 60 }, vec![(30, true), (59, true), (60, false)]),
    ] {
        let world = World::new();
        let app = ConnectedApp { refresh_policy: policy, ..app() };
        let token = world.granted(&app).refresh_token.unwrap();
        let start = world.org.clock().now().millis();
        for (at, good) in uses {
            world.org.clock().set(DateTime::from_millis(start + at * SECOND));
            assert_eq!(world.refresh(&app, &token).is_ok(), good, "{policy:?} after {at} s");
        }
    }
}

#[test]
fn revoking_a_refresh_token_ends_its_sessions_and_the_approval() {
    let world = World::new();
    world.tx(|tx| approve(tx, world.ada, "client", Scopes::API));
    let tokens = world.granted(&app());
    let refresh_token = tokens.refresh_token.unwrap();
    assert_eq!(world.tx(|tx| revoke(tx, &refresh_token)), Ok(()));
    assert_eq!(world.use_token(&tokens.access_token), None);
    assert_eq!(world.refresh(&app(), &refresh_token), Err(OAuthError::RefreshTokenExpired));
    assert_eq!(approved(&world.org.snapshot(), world.ada, "client"), None);
    assert_eq!(world.tx(|tx| revoke(tx, &refresh_token)), Err(OAuthError::TokenInvalid));
}

#[test]
fn revoking_an_access_token_leaves_the_refresh_token() {
    let world = World::new();
    let tokens = world.granted(&app());
    assert_eq!(world.tx(|tx| revoke(tx, &tokens.access_token)), Ok(()));
    assert_eq!(world.use_token(&tokens.access_token), None);
    assert!(world.refresh(&app(), tokens.refresh_token.as_deref().unwrap()).is_ok());
}

#[test]
fn an_inactive_or_unapproved_user_gets_no_token() {
    let world = World::new();
    let tokens = world.granted(&app());
    let closed = ConnectedApp { permitted_users: PermittedUsers::AdminApproved([].into()), ..app() };
    let token = tokens.refresh_token.unwrap();
    assert_eq!(world.refresh(&closed, &token), Err(OAuthError::NotAdminApproved));
    world.set(world.ada, "IsActive", false);
    assert_eq!(world.refresh(&app(), &token), Err(OAuthError::InactiveUser));
    assert_eq!(world.exchange(&app(), &world.code(None), None), Err(OAuthError::InactiveUser));
}

#[test]
fn who_may_use_the_api() {
    let profile = Id::from_number(*b"00e", *b"5g", 1);
    let set = Id::from_number(*b"0PS", *b"5g", 1);
    let assignment = Id::from_number(*b"0Pa", *b"5g", 1);
    let code =
        |world: &World| api_allowed(&world.org.snapshot(), world.ada).err().map(|error| error.code.as_str());

    let world = World::new();
    assert_eq!(code(&world), None, "nothing denies");
    world.set(profile, "PermissionsApiEnabled", false);
    world.set(world.ada, "ProfileId", profile);
    assert_eq!(code(&world), Some("API_CURRENTLY_DISABLED"));
    world.set(set, "PermissionsApiEnabled", true);
    world.set(assignment, "PermissionSetId", set);
    world.set(assignment, "AssigneeId", world.ada);
    assert_eq!(code(&world), None, "a permission set gives it");
    world.tx(|tx| tx.settings_mut().edition = Edition::Professional);
    assert_eq!(code(&world), Some("API_DISABLED_FOR_ORG"));
}

#[test]
fn a_session_without_the_api_scope_is_not_for_rest() {
    let world = World::new();
    let new = NewSession::for_app(world.ada, "client", "openid web".parse().unwrap());
    let token = world.tx(|tx| open_session(tx, world.org.random(), new));
    let found = world.use_token(&token).unwrap();
    let error = session_allowed(&world.org.snapshot(), &found).unwrap_err();
    assert_eq!((error.code.as_str(), error.code.http_status()), ("INVALID_SESSION_ID", 401));
}

#[test]
fn the_signature_is_the_one_that_clients_compute() {
    // By omniauth-salesforce's scheme; the ids are those of its tests, the expectation was computed with OpenSSL.
    let found = signature(
        "s",
        "https://login.salesforce.com/id/00Dd0000000d45TEBQ/005d0000000fyGPCCY",
        "1331142541514",
    );
    assert_eq!(found, "J/DpckHEVm5hj4C5wO2bvX1Px5f4KMsYIWCs2Yy7m6o=");
}
