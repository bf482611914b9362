//! The administrator's browser: follows the authorization to the org's login page, fills the forms in, and comes back to
//! the engine. It keeps cookies, follows redirects, and reads forms from the pages, as a person would.

use std::collections::BTreeMap;

use regex::Regex;
use reqwest::{Method, StatusCode, Url, redirect};

use crate::failure::Failure;

/// What the administrator does on the consent page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    Allow,
    Deny,
}

/// Where the browser ended up.
#[derive(Debug, Clone)]
pub struct Page {
    pub url: Url,
    pub status: StatusCode,
    pub text: String,
}

/// Login, consent, return: three pages and the redirects between them; more means going round in circles.
const PAGES: usize = 8;

/// A browser without a history.
#[derive(Debug)]
pub struct Browser {
    http: reqwest::Client,
    username: String,
    password: String,
}

impl Browser {
    pub fn new(username: &str, password: &str) -> Result<Self, Failure> {
        let http = super::http::with_cookies(redirect::Policy::limited(10))?;
        Ok(Self { http, username: username.to_owned(), password: password.to_owned() })
    }

    /// Opens the address, logs in, answers the consent page, and stops at the first page without a form.
    pub async fn authorize(&self, address: &str, consent: Consent) -> Result<Page, Failure> {
        let mut page = self.open(self.http.get(address)).await?;
        for _ in 0..PAGES {
            let forms = forms(&page.text);
            let Some(form) = forms.iter().find(|form| wanted(form, consent)).or_else(|| forms.first()) else {
                return Ok(page);
            };
            page = self.submit(&page, form, consent).await?;
        }
        Err(Failure::new(format!("the login does not come to an end; the last page is {}", page.url)))
    }

    async fn submit(&self, page: &Page, form: &Form, consent: Consent) -> Result<Page, Failure> {
        let target =
            page.url.join(&form.action).map_err(|e| Failure::new(format!("{}: {e}", form.action)))?;
        let mut fields: Vec<(String, String)> = Vec::new();
        for input in &form.inputs {
            let name = input.get("name").cloned().unwrap_or_default();
            let value = match (name.as_str(), input.get("type").map(String::as_str)) {
                ("", _) => continue,
                ("username" | "un", _) => self.username.clone(),
                ("password" | "pw", _) => self.password.clone(),
                (_, Some("submit")) if !meant(input, consent) => continue,
                _ => input.get("value").cloned().unwrap_or_default(),
            };
            fields.push((name, value));
        }
        let request = match form.method {
            Method::GET => self.http.get(target).query(&fields),
            _ => self.http.post(target).form(&fields),
        };
        self.open(request).await
    }

    async fn open(&self, request: reqwest::RequestBuilder) -> Result<Page, Failure> {
        let answer = request.send().await?;
        Ok(Page { url: answer.url().clone(), status: answer.status(), text: answer.text().await? })
    }
}

#[derive(Debug)]
struct Form {
    action: String,
    method: Method,
    inputs: Vec<BTreeMap<String, String>>,
}

/// Is this form, or one of its buttons, the one to press for that consent?
fn wanted(form: &Form, consent: Consent) -> bool {
    let submits = |i: &&BTreeMap<String, String>| i.get("type").is_some_and(|kind| kind == "submit");
    form.inputs.iter().filter(submits).any(|input| meant(input, consent))
}

fn meant(button: &BTreeMap<String, String>, consent: Consent) -> bool {
    let text = button.values().map(|value| value.to_lowercase()).collect::<Vec<_>>().join(" ");
    let denies = ["deny", "cancel", "decline"].iter().any(|word| text.contains(word));
    denies == (consent == Consent::Deny)
}

/// The forms of a page; its own pages are plain enough to be read without a whole HTML parser.
fn forms(page: &str) -> Vec<Form> {
    let form = pattern(r"(?is)<form\b([^>]*)>(.*?)</form>");
    let element = pattern(r"(?is)<(input|button)\b([^>]*)>(?:([^<]*)</button>)?");
    form.captures_iter(page)
        .map(|found| {
            let own = attributes(&found[1]);
            let inputs = element.captures_iter(&found[2]).map(|input| {
                let mut attributes = attributes(&input[2]);
                if input[1].eq_ignore_ascii_case("button") {
                    attributes.entry("type".into()).or_insert_with(|| "submit".into());
                    let label = input.get(3).map_or("", |label| label.as_str()).trim().to_owned();
                    attributes.insert("label".into(), label);
                }
                attributes
            });
            let method = own.get("method").map_or("get", String::as_str).to_uppercase();
            Form {
                action: own.get("action").cloned().unwrap_or_default(),
                method: if method == "GET" { Method::GET } else { Method::POST },
                inputs: inputs.collect(),
            }
        })
        .collect()
}

fn attributes(text: &str) -> BTreeMap<String, String> {
    let attribute = pattern(r#"(?s)([a-zA-Z-]+)\s*=\s*"([^"]*)""#);
    attribute.captures_iter(text).map(|a| (a[1].to_lowercase(), decoded(&a[2]))).collect()
}

fn decoded(text: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is a constant")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_with_their_hidden_fields_and_buttons() {
        let page = r#"<form action="/next?a=1&amp;b=2" method="post"><input type="hidden" name="t" value="x&amp;y">
            <input name="username"><button name="choice" value="allow">Allow</button>
            <button name="choice" value="deny">Deny</button></form>"#;
        let forms = forms(page);
        assert_eq!((forms.len(), forms[0].action.as_str(), forms[0].inputs.len()), (1, "/next?a=1&b=2", 4));
        assert_eq!(forms[0].inputs[0]["value"], "x&y");
        assert!(meant(&forms[0].inputs[2], Consent::Allow) && !meant(&forms[0].inputs[2], Consent::Deny));
        assert!(meant(&forms[0].inputs[3], Consent::Deny));
    }
}
