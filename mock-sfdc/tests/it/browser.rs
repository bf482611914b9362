//! A browser and an app behind it: what a person clicks, and what the app sends.

use mock_sfdc::MockSfdc;
use mock_sfdc_org::id::Id;
use reqwest::{Response, header};
use serde_json::{Value, json};

use crate::people::{self, CALLBACK, CLIENT_ID, CLIENT_SECRET, PASSWORD, SECURITY_TOKEN, USERNAME};

/// The example of RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub type Pairs<'a> = &'a [(&'a str, &'a str)];

/// A browser: it keeps cookies, and follows redirects by hand.
pub struct Browser {
    pub mock: MockSfdc,
    pub ada: Id,
    pub http: reqwest::Client,
}

impl Browser {
    pub async fn new() -> Self {
        let (mock, ada) = people::mock().await;
        crate::client();
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(0);
        Self { mock, ada, http: http.build().unwrap() }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.mock.url())
    }

    pub fn request(extra: Pairs<'_>) -> String {
        let mut pairs = vec![("response_type", "code"), ("client_id", CLIENT_ID), ("redirect_uri", CALLBACK)];
        for (name, value) in extra {
            pairs.retain(|(known, _)| known != name);
            pairs.push((name, value));
        }
        pairs.retain(|(_, value)| *value != "-");
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }

    pub async fn authorize(&self, extra: Pairs<'_>) -> Response {
        let url = self.url(&format!("/services/oauth2/authorize?{}", Self::request(extra)));
        self.http.get(url).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, form: Pairs<'_>) -> Response {
        self.http.post(self.url(path)).form(form).send().await.unwrap()
    }

    /// Fills in the form of a page and presses a button of it.
    pub async fn submit(&self, page: &str, fill: Pairs<'_>) -> Response {
        let action = between(page, "action=\"", "\"");
        let mut form = fill.to_vec();
        let hidden = page.split("<input type=\"hidden\" ").skip(1).map(|input| {
            (between(input, "name=\"", "\""), between(input, "value=\"", "\"").replace("&amp;", "&"))
        });
        let hidden = hidden.collect::<Vec<_>>();
        form.extend(hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        self.post(&action, &form).await
    }

    pub async fn log_in(&self, page: Response) -> Response {
        let page = page.text().await.unwrap();
        let answer = self.submit(&page, &[("username", USERNAME), ("pw", PASSWORD)]).await;
        assert_eq!(answer.status(), 302);
        self.http.get(location(&answer)).send().await.unwrap()
    }

    /// The whole dance, to the code.
    pub async fn code(&self, extra: Pairs<'_>) -> String {
        let consent = self.log_in(self.authorize(extra).await).await.text().await.unwrap();
        let back = self.submit(&consent, &[("save", "Allow")]).await;
        query(&location(&back), "code").unwrap()
    }

    pub async fn token(&self, form: Pairs<'_>) -> (u16, Value) {
        let answer = self.post("/services/oauth2/token", form).await;
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub async fn exchange(&self, code: &str, verifier: Option<&str>) -> (u16, Value) {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", CLIENT_ID),
            ("client_secret", CLIENT_SECRET),
            ("redirect_uri", CALLBACK),
        ];
        form.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        self.token(&form).await
    }

    pub async fn password(&self, password: &str) -> (u16, Value) {
        self.token(&[
            ("grant_type", "password"),
            ("client_id", CLIENT_ID),
            ("client_secret", CLIENT_SECRET),
            ("username", USERNAME),
            ("password", password),
        ])
        .await
    }

    pub async fn refresh(&self, refresh_token: &str) -> (u16, Value) {
        self.token(&[
            ("grant_type", "refresh_token"),
            ("client_id", CLIENT_ID),
            ("client_secret", CLIENT_SECRET),
            ("refresh_token", refresh_token),
            ("code_verifier", "jsforce sends it here as well"),
        ])
        .await
    }

    /// An access token by password.
    pub async fn session(&self) -> String {
        text(&self.password(&format!("{PASSWORD}{SECURITY_TOKEN}")).await.1, "access_token")
    }

    pub async fn get(&self, path: &str, token: &str) -> (u16, String) {
        let answer = self.http.get(self.url(path)).bearer_auth(token).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub async fn limits(&self, token: &str) -> u16 {
        self.get("/services/data/v66.0/limits", token).await.0
    }
}

pub fn between(text: &str, from: &str, to: &str) -> String {
    text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).unwrap().0.to_owned()
}

pub fn location(answer: &Response) -> String {
    answer.headers()[header::LOCATION].to_str().unwrap().to_owned()
}

pub fn query(location: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(location).unwrap();
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

pub fn text(answer: &Value, key: &str) -> String {
    answer[key].as_str().unwrap_or_else(|| panic!("no {key} in {answer}")).to_owned()
}

pub fn keys(answer: &Value) -> Vec<&str> {
    answer.as_object().unwrap().keys().map(String::as_str).collect()
}

pub fn refused(error: &str, description: &str) -> (u16, Value) {
    (400, json!({ "error": error, "error_description": description }))
}
