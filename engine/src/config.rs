//! The engine's own configuration: a TOML file, and `ENGINE_…` variables of the environment over it (`ENGINE_LISTEN`,
//! `ENGINE_SALESFORCE__CLIENT_SECRET`). Unknown keys are refused. What a customer chooses in the product's set-up
//! screens is not here: it comes over the API and lives in the store.

use std::path::{Path, PathBuf};

use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the API listens; port 0 takes any free one.
    #[serde(default = "default_listen")]
    pub listen: String,
    /// How browsers reach this engine. Salesforce sends people back to `<public_url>/oauth/callback`, which has to be a
    /// callback URL of the connected app. Without it: `http://` and the address it listens on.
    pub public_url: Option<Url>,
    /// The `SQLite` file; made when it is not there.
    pub data: PathBuf,
    /// What callers of the API present as bearer token.
    pub api_token: SecretString,
    /// 32 bytes in base64 (`openssl rand -base64 32`): tokens are encrypted with it in the file.
    pub encryption_key: SecretString,
    pub salesforce: SalesforceConfig,
    #[serde(default)]
    pub referral_rock: ReferralRockConfig,
}

/// The connected app, and how it is used.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SalesforceConfig {
    /// Where people log in; a connection may name another one.
    #[serde(default = "default_login_url")]
    pub login_url: Url,
    pub client_id: String,
    pub client_secret: SecretString,
    #[serde(default = "default_scopes")]
    pub scopes: Vec<String>,
    #[serde(default = "default_api_version")]
    pub api_version: String,
    /// For a whole call, answer included.
    #[serde(default = "default_timeout")]
    pub request_timeout_seconds: u64,
    /// Send tokens over plain HTTP to other machines too; loopback is always allowed.
    #[serde(default)]
    pub allow_plain_http: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReferralRockConfig {
    /// Where the product's pages are: members and referrals are linked from the org.
    pub url: Url,
    /// How far before the high-water mark changes are read again when events were lost.
    pub poll_overlap_seconds: i64,
}

impl Default for ReferralRockConfig {
    fn default() -> Self {
        Self { url: url("https://app.referralrock.example"), poll_overlap_seconds: 300 }
    }
}

/// For texts of this file only.
fn url(text: &'static str) -> Url {
    Url::parse(text).expect("a constant of this file is a URL")
}

fn default_listen() -> String {
    "127.0.0.1:8090".to_owned()
}

fn default_login_url() -> Url {
    url("https://login.salesforce.com")
}

fn default_scopes() -> Vec<String> {
    vec!["api".to_owned(), "refresh_token".to_owned()]
}

fn default_api_version() -> String {
    "v66.0".to_owned()
}

fn default_timeout() -> u64 {
    60
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the configuration {file}: there is no such file")]
    Missing { file: String },
    #[error("the configuration {file}: {source}")]
    Wrong { file: String, source: Box<figment::Error> },
}

impl Config {
    /// Reads the file, then the environment.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let name = file.display().to_string();
        if !file.is_file() {
            return Err(ConfigError::Missing { file: name });
        }
        Figment::new()
            .merge(Toml::file_exact(file))
            .merge(Env::prefixed("ENGINE_").split("__"))
            .extract()
            .map_err(|source| ConfigError::Wrong { file: name, source: Box::new(source) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, Box<figment::Error>> {
        Figment::new().merge(Toml::string(text)).extract().map_err(Box::new)
    }

    const LEAST: &str = r#"
        data = "engine.sqlite"
        api_token = "secret-token"
        encryption_key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        [salesforce]
        client_id = "app"
        client_secret = "shh"
    "#;

    #[test]
    fn the_least_configuration_and_its_defaults() {
        let config = load(LEAST).unwrap();
        assert_eq!(config.listen, "127.0.0.1:8090");
        assert_eq!(config.salesforce.scopes, ["api", "refresh_token"]);
        assert_eq!(config.referral_rock.poll_overlap_seconds, 300);
        assert!(!format!("{config:?}").contains("shh"), "secrets do not print");
    }

    #[test]
    fn the_example_is_a_whole_configuration() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/connectors/engine.toml");
        let config = load(&std::fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(config.public_url.unwrap().as_str(), "http://127.0.0.1:8090/");
    }

    #[test]
    fn a_wrong_key_is_named() {
        let error = load(&format!("lissten = \"x\"\n{LEAST}")).unwrap_err().to_string();
        assert!(error.contains("lissten"), "{error}");
    }
}
