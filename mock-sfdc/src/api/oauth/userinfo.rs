//! `/services/oauth2/userinfo`: the claims of `OpenID` Connect (`contract/oauth.md` section 6).

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    error::{Refusal, private},
    form::{Fields, Format},
    granted::identity_url,
    person::{Person, Word, known_asker, photo},
};
use crate::{
    call::{Answer, Call},
    orgs::Tenant,
    reply::Reply,
};

const KNOWN: &[&str] = &["oauth_token", "access_token", "format"];

pub fn userinfo(call: &Call) -> Answer {
    let fields = Fields::of(call);
    Ok(match understood(call, &fields) {
        Ok(()) => look(call).unwrap_or_else(Word::reply),
        Err(refusal) => refusal.reply(Format::Json),
    })
}

fn understood(call: &Call, fields: &Fields) -> Result<(), Refusal> {
    fields.only(call, KNOWN)?;
    match fields.filled("format") {
        None | Some("json") => Ok(()),
        Some(other) => Err(Refusal::not_emulated("invalid_request", &format!("the format {other:?} here"))),
    }
}

fn look(call: &Call) -> Result<Reply, Word> {
    let (tenant, session) = known_asker(call)?;
    let person = Person::find(&tenant, session.user).ok_or(Word(StatusCode::FORBIDDEN, "Bad_OAuth_Token"))?;
    Ok(private(Reply::json(StatusCode::OK, told(call, &tenant, &person).to_string())))
}

fn told(call: &Call, tenant: &Tenant, person: &Person) -> Value {
    let base = call.instance_url(tenant);
    let base = base.as_str();
    let organization = person.state().settings().organization_id;
    let address = [
        ("street_address", "Street"),
        ("locality", "City"),
        ("region", "State"),
        ("postal_code", "PostalCode"),
        ("country", "Country"),
    ];
    let address = address.iter().filter_map(|(claim, field)| {
        person.text(field).map(|text| ((*claim).to_owned(), Value::String(text)))
    });
    json!({
        "sub": identity_url(call, tenant, person.id),
        "user_id": person.id,
        "organization_id": organization,
        "preferred_username": person.json("Username"),
        "nickname": person.json("CommunityNickname"),
        "name": person.name(),
        "email": person.json("Email"),
        "email_verified": true,
        "given_name": person.json("FirstName"),
        "family_name": person.json("LastName"),
        "zoneinfo": person.time_zone(),
        "photos": { "picture": photo(base, 'F'), "thumbnail": photo(base, 'T') },
        "profile": format!("{base}/{}", person.id),
        "picture": photo(base, 'F'),
        "address": Value::Object(address.collect()),
        "urls": person.urls(base, "{version}"),
        "active": person.is_active(),
        "user_type": person.user_type(),
        "language": person.language(),
        "locale": person.locale(),
        "utcOffset": person.utc_offset(),
        "updated_at": person.modified(),
        "is_app_installed": true,
    })
}
