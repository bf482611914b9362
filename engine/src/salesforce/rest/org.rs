//! About the org and the connected user: versions, limits, identity.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::answer::parse;
use crate::salesforce::client::{Call, Client};
use crate::salesforce::error::{Effect, Error};
use crate::salesforce::version::ApiVersion;

/// One entry of `GET /services/data`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub label: String,
    pub version: ApiVersion,
}

/// One entry of `GET /limits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Limit {
    pub max: i64,
    pub remaining: i64,
}

/// The identity URL's answer, as far as the engine reads it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Identity {
    pub user_id: String,
    pub organization_id: String,
    pub username: String,
    #[serde(default)]
    pub display_name: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub active: Option<bool>,
    #[serde(default)]
    pub user_type: Option<String>,
    #[serde(default)]
    pub language: Option<String>,
    #[serde(default)]
    pub locale: Option<String>,
}

/// `GET /services/oauth2/userinfo`, as far as the engine reads it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UserInfo {
    pub user_id: String,
    pub organization_id: String,
    pub preferred_username: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub zoneinfo: Option<String>,
    /// Set for a user with the Salesforce Integration licence.
    #[serde(default)]
    pub is_salesforce_integration_user: Option<bool>,
}

impl Client {
    /// The versions that the org answers, oldest first.
    pub async fn versions(&self) -> Result<Vec<Version>, Error> {
        const OPERATION: &str = "rest.versions";
        #[derive(Deserialize)]
        struct Item {
            label: String,
            version: String,
        }
        let answer = self.call(&Call::get(OPERATION, "/services/data".to_owned())).await?;
        let items: Vec<Item> = parse(OPERATION, Effect::Read, &answer)?;
        let version = |item: Item| {
            let version =
                item.version.parse().map_err(|error| Error::malformed(OPERATION, Effect::Read, error))?;
            Ok(Version { label: item.label, version })
        };
        items.into_iter().map(version).collect()
    }

    /// The org's allowances by name. Entries of another shape (per app, inside an entry) are passed over.
    pub async fn limits(&self) -> Result<IndexMap<String, Limit>, Error> {
        const OPERATION: &str = "rest.limits";
        let answer = self.call(&Call::get(OPERATION, self.data_path("/limits"))).await?;
        let body: IndexMap<String, Value> = parse(OPERATION, Effect::Read, &answer)?;
        let limit = |value: &Value| {
            Some(Limit { max: value.get("Max")?.as_i64()?, remaining: value.get("Remaining")?.as_i64()? })
        };
        Ok(body.iter().filter_map(|(name, value)| Some((name.clone(), limit(value)?))).collect())
    }

    /// Who is connected, from the identity URL that came with the tokens.
    pub async fn identity(&self) -> Result<Identity, Error> {
        const OPERATION: &str = "rest.identity";
        let access = self.session().access().await?;
        // The identity URL names the login host. Its path is asked of the instance, so that the token stays there.
        let path = Url::parse(&access.identity_url)
            .map_err(|error| Error::malformed(OPERATION, Effect::Read, format!("the identity URL: {error}")))?
            .path()
            .to_owned();
        parse(OPERATION, Effect::Read, &self.call(&Call::get(OPERATION, path)).await?)
    }

    pub async fn user_info(&self) -> Result<UserInfo, Error> {
        const OPERATION: &str = "rest.user_info";
        let call = Call::get(OPERATION, "/services/oauth2/userinfo".to_owned());
        parse(OPERATION, Effect::Read, &self.call(&call).await?)
    }
}
