//! A look at what was connected: which org, which edition, which user with which licence.

use std::fmt;

use crate::salesforce::soql::{Condition, Select};
use crate::salesforce::{Client, Effect, Error, ErrorKind, Record};

/// `Organization.OrganizationType` in Salesforce's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition(pub String);

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the org says about itself and about the connected user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    pub organization_id: String,
    pub organization_name: Option<String>,
    pub edition: Edition,
    pub is_sandbox: bool,
    pub instance_name: Option<String>,
    pub user_id: String,
    pub username: String,
    pub profile: Option<String>,
    pub profile_id: Option<String>,
    /// The user licence's name, for instance `Salesforce` or `Salesforce Integration`.
    pub licence: Option<String>,
}

const OPERATION: &str = "connection.inspect";

/// Reads the identity, the organization and the user.
pub async fn inspect(client: &Client) -> Result<Inspection, Error> {
    let identity = client.identity().await?;
    let organization = one(
        client,
        &Select::from("Organization").fields(["Id", "Name", "OrganizationType", "IsSandbox", "InstanceName"]),
    )
    .await?;
    let user = one(
        client,
        &Select::from("User")
            .fields(["Id", "Username", "ProfileId", "Profile.Name", "Profile.UserLicense.Name"])
            .filter(Condition::equal("Id", identity.user_id.as_str())),
    )
    .await?;
    let text = |record: &Record, path: &str| record.text(path).map(ToOwned::to_owned);
    let edition = text(&organization, "OrganizationType").ok_or_else(|| missing("OrganizationType"))?;
    Ok(Inspection {
        organization_id: text(&organization, "Id").ok_or_else(|| missing("Organization.Id"))?,
        organization_name: text(&organization, "Name"),
        edition: Edition(edition),
        is_sandbox: organization.bool("IsSandbox").unwrap_or(false),
        instance_name: text(&organization, "InstanceName"),
        username: text(&user, "Username").unwrap_or(identity.username),
        user_id: identity.user_id,
        profile_id: text(&user, "ProfileId"),
        profile: text(&user, "Profile.Name"),
        licence: text(&user, "Profile.UserLicense.Name"),
    })
}

async fn one(client: &Client, select: &Select) -> Result<Record, Error> {
    let records = client.query(&select.to_string()).await?;
    records.into_iter().next().ok_or_else(|| missing("a record"))
}

fn missing(what: &str) -> Error {
    let detail = format!("the org does not tell {what}");
    Error::new(OPERATION, Effect::Read, ErrorKind::Malformed { detail })
}
