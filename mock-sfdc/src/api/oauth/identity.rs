//! `/id/{organization}/{user}`: the identity URL (`contract/oauth.md` section 6), its fields in the recorded order.

use http::StatusCode;
use mock_sfdc_org::id::Id;
use serde_json::{Map, Value, json};

use super::{
    error::{Refusal, private},
    form::{Fields, Format},
    granted::identity_url,
    person::{Person, Word, known_asker, photo},
    script, xml,
};
use crate::{
    call::{Answer, ApiVersion, Call},
    orgs::Tenant,
    reply::Reply,
};

const KNOWN: &[&str] = &["oauth_token", "access_token", "format", "version", "callback"];

pub fn identity(call: &Call) -> Answer {
    let fields = Fields::of(call);
    let shape = fields.only(call, KNOWN).and_then(|()| Shape::of(call, &fields));
    Ok(match shape {
        Ok(shape) => look(call, &fields, shape).unwrap_or_else(Word::reply),
        Err(refusal) => refusal.reply(Format::Json),
    })
}

/// How a person is told.
#[derive(Clone, Copy)]
enum Shape<'a> {
    Json,
    Xml,
    /// To the function that a script has named.
    Call(&'a str),
}

impl<'a> Shape<'a> {
    fn of(call: &Call, fields: &'a Fields) -> Result<Self, Refusal> {
        let callback = script::callback(fields)?;
        match (fields.filled("format"), callback) {
            (Some("jsonp"), Some(name)) => return Ok(Self::Call(name)),
            (Some("jsonp"), None) => {
                return Err(Refusal::wrong_parameter("the format jsonp needs a callback"));
            }
            (Some("urlencoded"), _) => {
                return Err(Refusal::not_emulated("invalid_request", "the format \"urlencoded\" here"));
            }
            (_, Some(_)) => {
                return Err(Refusal::wrong_parameter("callback goes with the format jsonp"));
            }
            _ => {}
        }
        Ok(match fields.format(call)? {
            Format::Xml => Self::Xml,
            Format::Json | Format::UrlEncoded => Self::Json,
        })
    }
}

fn look(call: &Call, fields: &Fields, shape: Shape<'_>) -> Result<Reply, Word> {
    let (tenant, session) = known_asker(call)?;
    let organization = tenant.org.snapshot().settings().organization_id;
    if Id::parse(call.param("organization")) != Some(organization) {
        return Err(Word(StatusCode::FORBIDDEN, "Wrong_Org"));
    }
    let bad_id = Word(StatusCode::NOT_FOUND, "Bad_Id");
    let user = Id::parse(call.param("user")).ok_or(bad_id)?;
    let person = Person::find(&tenant, user).ok_or(bad_id)?;
    if !person.is_active() {
        return Err(Word(StatusCode::NOT_FOUND, "Inactive"));
    }
    let version = version(call, fields)?;
    let told = told(call, &tenant, &person, user == session.user, &version);
    Ok(private(match shape {
        Shape::Xml => {
            Reply::typed(StatusCode::OK, "application/xml;charset=UTF-8", xml::nested("user", &told))
        }
        Shape::Call(name) => script::reply(name, &Value::Object(told)),
        Shape::Json => Reply::json(StatusCode::OK, Value::Object(told).to_string()),
    }))
}

/// `version=latest` or a number fills the `{version}` of the URLs.
fn version(call: &Call, fields: &Fields) -> Result<String, Word> {
    match fields.filled("version") {
        None => Ok("{version}".to_owned()),
        Some("latest") => Ok(format!("{}.0", call.server.newest.0)),
        Some(text) => {
            let known = ApiVersion::parse(&format!("v{text}")).filter(|version| call.server.serves(*version));
            known.map(|_| text.to_owned()).ok_or(Word(StatusCode::NOT_ACCEPTABLE, "Invalid_Version"))
        }
    }
}

fn told(call: &Call, tenant: &Tenant, person: &Person, asserted: bool, version: &str) -> Map<String, Value> {
    let base = call.instance_url(tenant);
    let base = base.as_str();
    let organization = person.state().settings().organization_id;
    let told = json!({
        "id": identity_url(call, tenant, person.id),
        "asserted_user": asserted,
        "user_id": person.id,
        "organization_id": organization,
        "username": person.json("Username"),
        "nick_name": person.json("CommunityNickname"),
        "display_name": person.name(),
        "email": person.json("Email"),
        "email_verified": true,
        "first_name": person.json("FirstName"),
        "last_name": person.json("LastName"),
        "timezone": person.time_zone(),
        "photos": { "picture": photo(base, 'F'), "thumbnail": photo(base, 'T') },
        "addr_street": person.json("Street"),
        "addr_city": person.json("City"),
        "addr_state": person.json("State"),
        "addr_country": person.json("Country"),
        "addr_zip": person.json("PostalCode"),
        "mobile_phone": person.json("MobilePhone"),
        "mobile_phone_verified": false,
        "is_lightning_login_user": false,
        "status": { "created_date": null, "body": null },
        "urls": person.urls(base, version),
        "active": person.is_active(),
        "user_type": person.user_type(),
        "language": person.language(),
        "locale": person.locale(),
        "utcOffset": person.utc_offset(),
        "last_modified_date": person.modified(),
    });
    if let Value::Object(told) = told { told } else { Map::new() }
}
