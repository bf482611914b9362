//! Refusals in OAuth's dialect: JSON, XML or a form, by the endpoint and by what was asked for (`contract/oauth.md` sections 2, 3, 6).

use http::{HeaderName, HeaderValue, StatusCode, header};
use mock_sfdc_org::{access::OAuthError, error::Error};
use serde_json::json;

use super::{form::Format, xml};
use crate::reply::Reply;

/// A refusal on its way to the wire: one of Salesforce's, or one of this mock for what it does not emulate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub error: &'static str,
    pub description: String,
    pub status: StatusCode,
}

impl From<OAuthError> for Refusal {
    fn from(error: OAuthError) -> Self {
        Self {
            error: error.error(),
            description: error.description().to_owned(),
            status: StatusCode::BAD_REQUEST,
        }
    }
}

impl Refusal {
    /// Salesforce has it, this mock does not: `error` is the code that a client would get where the feature is off.
    #[must_use]
    pub fn not_emulated(error: &'static str, what: &str) -> Self {
        let description = format!("mock-sfdc does not emulate {what}, see docs/FIDELITY.md");
        Self { error, description, status: StatusCode::BAD_REQUEST }
    }

    /// A parameter that says what cannot be.
    #[must_use]
    pub fn wrong_parameter(description: &str) -> Self {
        Self {
            error: "invalid_request",
            description: format!("mock-sfdc: {description}"),
            status: StatusCode::BAD_REQUEST,
        }
    }

    /// A parameter that nobody knows. Salesforce would drop it silently.
    #[must_use]
    pub fn unknown_parameter(name: &str, known: &[&str]) -> Self {
        Self::wrong_parameter(&format!("no parameter {name:?} here, known are {}", known.join(", ")))
    }

    #[must_use]
    pub fn reply(&self, format: Format) -> Reply {
        let pairs = [("error", self.error), ("error_description", self.description.as_str())];
        written(self.status, format, &pairs)
    }
}

/// Texts as an object in the format that was asked for. Nobody may keep it: it may hold tokens.
#[must_use]
pub fn written(status: StatusCode, format: Format, pairs: &[(&str, &str)]) -> Reply {
    let reply = match format {
        Format::Json => {
            let object = pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
            let text = serde_json::Value::Object(object.collect()).to_string();
            Reply::json(status, text)
        }
        Format::Xml => Reply::typed(status, "application/xml;charset=UTF-8", xml::flat("OAuth", pairs)),
        Format::UrlEncoded => {
            let text = pairs
                .iter()
                .map(|(name, value)| format!("{name}={}", percent(value)))
                .collect::<Vec<_>>()
                .join("&");
            Reply::typed(status, "application/x-www-form-urlencoded;charset=UTF-8", text)
        }
    };
    private(reply)
}

/// An answer that no cache may keep.
#[must_use]
pub fn private(mut reply: Reply) -> Reply {
    reply.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply.headers.insert(HeaderName::from_static("pragma"), HeaderValue::from_static("no-cache"));
    reply
}

/// Percent-encoded to the last character, a space as `%20`.
#[must_use]
pub fn percent(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
        .to_string()
        .replace("%5F", "_")
        .replace("%2D", "-")
        .replace("%2E", ".")
}

/// An error of the layers (a fault, a body too large) on an OAuth path.
#[must_use]
pub fn render(error: &Error) -> Reply {
    let status = StatusCode::from_u16(error.code.http_status()).unwrap_or(StatusCode::BAD_REQUEST);
    let code = error.code.as_str().to_lowercase();
    written(status, Format::Json, &[("error", &code), ("error_description", &error.message)])
}
