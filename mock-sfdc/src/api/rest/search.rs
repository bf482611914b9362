//! `/search?q=` and `/parameterizedSearch` (`contract/rest.md` section 2, Search).

use http::StatusCode;
use mock_sfdc_org::{
    error::Error,
    soql::{BindOptions, RunContext},
    sosl::{self, PreparedSearch, ast::FieldGroup},
};
use serde::Deserialize;

use super::{body, json, query, shape::objects};
use crate::{
    call::{Answer, Call},
    reply::Reply,
};

/// From this version on the rows stand in an object; before, they are the answer.
const IN_AN_OBJECT_SINCE: u16 = 37;

/// `GET /search?q=FIND {…}`
pub fn search(call: &Call) -> Answer {
    let text = call.query("q").unwrap_or_default();
    answer(call, &sosl::prepare(text, call.viewer()?.schema(), &options(call))?)
}

/// What `parameterizedSearch` takes, as a body; as parameters it is the same.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Parameters {
    q: Option<String>,
    #[serde(rename = "in")]
    group: Option<String>,
    fields: Vec<String>,
    #[serde(deserialize_with = "objects")]
    sobjects: Vec<Wanted>,
    overall_limit: Option<usize>,
    default_limit: Option<usize>,
    /// Nothing corrects spelling here, whatever is asked for.
    spell_correction: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Wanted {
    name: String,
    fields: Vec<String>,
    limit: Option<usize>,
}

/// `GET /parameterizedSearch?q=…&sobject=Account&Account.fields=id,name`
pub fn by_parameters(call: &Call) -> Answer {
    let mut asked = Parameters::default();
    let objects = call.query.iter().filter(|(name, _)| name == "sobject");
    asked.sobjects = objects.map(|(_, value)| Wanted { name: value.clone(), ..Wanted::default() }).collect();
    for (name, value) in &call.query {
        let of_object = name.split_once('.');
        match name.as_str() {
            "q" => asked.q = Some(value.clone()),
            "in" => asked.group = Some(value.clone()),
            "fields" => asked.fields = list(value),
            "overallLimit" => asked.overall_limit = Some(number(name, value)?),
            "defaultLimit" => asked.default_limit = Some(number(name, value)?),
            "spellCorrection" => asked.spell_correction = Some(value == "true"),
            "sobject" => {}
            _ => {
                let wanted = of_object.and_then(|(object, what)| {
                    let wanted =
                        asked.sobjects.iter_mut().find(|wanted| wanted.name.eq_ignore_ascii_case(object))?;
                    Some((wanted, what))
                });
                match wanted {
                    Some((wanted, "fields")) => wanted.fields = list(value),
                    Some((wanted, "limit")) => wanted.limit = Some(number(name, value)?),
                    _ => return Err(Error::not_emulated(format_args!("parameterizedSearch?{name}="))),
                }
            }
        }
    }
    by(call, asked)
}

/// `POST /parameterizedSearch`
pub fn by_body(call: &Call) -> Answer {
    by(call, body::parsed(call)?)
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

fn number(name: &str, text: &str) -> Result<usize, Error> {
    text.parse().map_err(|_| Error::invalid_search(format_args!("{name} takes a number, not {text}")))
}

fn by(call: &Call, asked: Parameters) -> Answer {
    let words = asked.q.unwrap_or_default();
    let group = asked.group.as_deref().map_or(Some(FieldGroup::All), FieldGroup::named);
    let group = group.ok_or_else(|| Error::invalid_search("in takes ALL, NAME, EMAIL, PHONE or SIDEBAR"))?;
    if words.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
        return Err(Error::search_term_too_short(&words));
    }
    if asked.sobjects.is_empty() && !asked.fields.is_empty() {
        return Err(Error::invalid_search("fields needs sobject"));
    }
    let wanted = asked.sobjects.into_iter().map(|wanted| {
        let fields = if wanted.fields.is_empty() { asked.fields.clone() } else { wanted.fields };
        (wanted.name, fields, wanted.limit.or(asked.default_limit))
    });
    let viewer = call.viewer()?;
    let schema = viewer.schema();
    let found = sosl::of_words(&words, group, wanted.collect(), asked.overall_limit, schema, &options(call))?;
    answer(call, &found)
}

fn options(call: &Call) -> BindOptions {
    BindOptions { api_version: call.version.0.into() }
}

fn answer(call: &Call, search: &PreparedSearch) -> Answer {
    let state = call.org().snapshot();
    let context = RunContext::for_user(&state, call.user()?, call.org().clock().now());
    let found = sosl::run(search, &state, &context)?;
    let object = call.version.0 >= IN_AN_OBJECT_SINCE;
    let mut out = Vec::with_capacity(4096);
    out.extend_from_slice(if object { b"{\"searchRecords\":[" } else { b"[" });
    for row in found.rows() {
        json::comma(&mut out);
        query::write_row(&mut out, call, row)?;
    }
    out.extend_from_slice(if object { b"]}" } else { b"]" });
    Ok(Reply::json(StatusCode::OK, out))
}
