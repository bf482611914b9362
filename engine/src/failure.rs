//! Why something that was asked of the engine was not done, in words for whoever asked.

use crate::{connection::CallbackError, salesforce, secret::VaultError, store::StoreError};

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("There is no {what}.")]
    NotFound { what: String },
    /// The rules do not allow it as things stand.
    #[error("{0}")]
    Conflict(String),
    /// What was sent is wrong, each place in one text.
    #[error("{}", .0.join(" "))]
    Invalid(Vec<String>),
    #[error("The account is not connected to Salesforce. Connect it first.")]
    NotConnected,
    #[error(transparent)]
    Callback(#[from] CallbackError),
    #[error(transparent)]
    Salesforce(#[from] salesforce::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("The stored set-up cannot be read: {0}")]
    Setup(#[from] serde_json::Error),
}

impl Failure {
    #[must_use]
    pub fn no(what: &str, id: &str) -> Self {
        Self::NotFound { what: format!("{what} `{id}`") }
    }

    pub fn conflict(text: impl Into<String>) -> Self {
        Self::Conflict(text.into())
    }
}

pub type Result<T, E = Failure> = std::result::Result<T, E>;
