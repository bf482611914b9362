//! Parameters of a request, wherever they stand: in the query, in a form, or in a multipart form (the device flow of `sf`
//! sends that, `contract/oauth.md` section 1).

use http::Method;

use super::error::Refusal;
use crate::{
    call::{Call, pairs},
    multipart,
};

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Json,
    Xml,
    UrlEncoded,
}

/// The parameters of a request. A form goes before the query string.
#[derive(Debug, Clone)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    #[must_use]
    pub fn of(call: &Call) -> Self {
        let mut fields = if call.method == Method::POST { body(call) } else { Vec::new() };
        fields.extend(call.query.iter().cloned());
        Self(fields)
    }

    #[must_use]
    pub fn read(query: &str) -> Self {
        Self(pairs(query.as_bytes()))
    }

    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// As `get`; an empty text is as good as none.
    #[must_use]
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Refuses what is not in `known`, unless the server is lenient.
    pub fn only(&self, call: &Call, known: &[&str]) -> Result<(), Refusal> {
        let unknown = self.0.iter().find(|(name, _)| !known.contains(&name.as_str()));
        match unknown {
            Some((name, _)) if !call.server.lenient => Err(Refusal::unknown_parameter(name, known)),
            _ => Ok(()),
        }
    }

    /// As a query string, with another value for one of them.
    #[must_use]
    pub fn query_with(&self, name: &str, value: &str) -> String {
        let others = self.0.iter().filter(|(known, _)| known != name);
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(others);
        if !value.is_empty() {
            query.append_pair(name, value);
        }
        query.finish()
    }

    /// The format that the request asks for: by parameter, else by `Accept`, else JSON.
    pub fn format(&self, call: &Call) -> Result<Format, Refusal> {
        match self.filled("format") {
            Some("json") => Ok(Format::Json),
            Some("xml") => Ok(Format::Xml),
            Some("urlencoded") => Ok(Format::UrlEncoded),
            Some(other) => {
                Err(Refusal::not_emulated("invalid_request", &format!("the format {other:?} here")))
            }
            None => Ok(accepted(call.header("accept").unwrap_or_default())),
        }
    }
}

/// What of an `Accept` header comes first.
fn accepted(accept: &str) -> Format {
    let mut kinds = accept.split(',').map(|kind| kind.split(';').next().unwrap_or_default().trim());
    kinds
        .find_map(|kind| match kind {
            "application/json" => Some(Format::Json),
            "application/xml" | "text/xml" => Some(Format::Xml),
            "application/x-www-form-urlencoded" => Some(Format::UrlEncoded),
            _ => None,
        })
        .unwrap_or(Format::Json)
}

fn body(call: &Call) -> Vec<(String, String)> {
    let kind = call.header("content-type").unwrap_or_default();
    let Some(parts) = multipart::parts(kind, &call.body) else {
        // As servlets do it: what does not say that it is a form is none, and has no fields.
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let is_form = kind.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        return if is_form { call.form() } else { Vec::new() };
    };
    parts.into_iter().map(|part| (part.name, String::from_utf8_lossy(part.body).into_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_decides_where_no_parameter_does() {
        for (accept, format) in [
            ("", Format::Json),
            ("*/*", Format::Json),
            ("application/xml", Format::Xml),
            ("text/html, application/x-www-form-urlencoded;q=0.9", Format::UrlEncoded),
            ("application/json, application/xml", Format::Json),
        ] {
            assert_eq!(accepted(accept), format, "{accept}");
        }
    }

    #[test]
    fn a_query_is_written_again_without_one_of_its_parameters() {
        let fields = Fields::read("prompt=login+consent&state=a%26b");
        assert_eq!(fields.query_with("prompt", ""), "state=a%26b");
        assert_eq!(fields.query_with("prompt", "consent"), "state=a%26b&prompt=consent");
    }
}
