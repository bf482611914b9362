//! `GET /services/data` and `GET /services/data/vNN.0`.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::{
    call::{Answer, ApiVersion, Call},
    operation::{Face, Operation},
    reply::Reply,
};

/// Every version that is served, oldest first.
pub fn list(call: &Call) -> Answer {
    let versions = (ApiVersion::OLDEST.0..=call.server.newest.0)
        .map(|number| {
            json!({
                "label": label(number),
                "url": format!("/services/data/v{number}.0"),
                "version": format!("{number}.0"),
            })
        })
        .collect::<Value>();
    Ok(Reply::json(StatusCode::OK, versions.to_string()))
}

/// Three releases a year, named after the year in which the season's Salesforce year falls: v31 is Summer '14.
fn label(number: u16) -> String {
    let release = number - 31;
    let season = ["Summer", "Winter", "Spring"][usize::from(release % 3)];
    let year = 14 + release.div_ceil(3);
    // One release was entered with a typographic apostrophe, and has kept it.
    let apostrophe = if number == 42 { '\u{2019}' } else { '\'' };
    format!("{season} {apostrophe}{year}")
}

/// The resources that this mock has, by name.
pub fn resources(call: &Call) -> Answer {
    const PREFIX: &str = "/services/data/{version}/";
    let mut found = Map::new();
    for operation in
        Operation::all().filter(|operation| operation.face == Face::Rest && !operation.is_refused())
    {
        let Some(path) = operation.path.strip_prefix(PREFIX) else { continue };
        if !path.contains('/') && !path.contains('{') {
            found.insert(path.to_owned(), json!(format!("/services/data/{}/{path}", call.version)));
        }
    }
    // jsforce and the Salesforce CLI look here for who they are.
    let organization = call.org().snapshot().settings().organization_id;
    found.insert(
        "identity".to_owned(),
        json!(format!("{}/id/{organization}/{}", call.login_url(&call.tenant), call.user()?)),
    );
    Ok(Reply::json(StatusCode::OK, Value::Object(found).to_string()))
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn releases_have_their_seasons() {
        for (number, text) in [
            (31, "Summer '14"),
            (32, "Winter '15"),
            (33, "Spring '15"),
            (42, "Spring \u{2019}18"),
            (66, "Spring '26"),
            (68, "Winter '27"),
        ] {
            assert_eq!(label(number), text);
        }
    }
}
