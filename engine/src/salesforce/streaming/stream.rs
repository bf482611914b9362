//! The long poll itself.

use super::event::{Delivery, Subscription};
use crate::salesforce::client::Client;
use crate::salesforce::error::Error;

/// One streaming session and its subscriptions.
#[derive(Debug)]
pub struct Stream {
    client: Client,
    subscriptions: Vec<Subscription>,
}

impl Stream {
    /// Shakes hands and subscribes.
    #[expect(clippy::unused_async, reason = "the long poll follows")]
    pub async fn open(client: Client, subscriptions: Vec<Subscription>) -> Result<Self, Error> {
        Ok(Self { client, subscriptions })
    }

    /// The next event. Commit its replay id with what it caused before asking again.
    #[expect(clippy::unused_async, reason = "the long poll follows")]
    pub async fn next(&mut self) -> Result<Delivery, Error> {
        let channels = self.subscriptions.len();
        let reason = format!("streaming {channels} channels of v{} is not there yet", self.client.version());
        Err(Error::refused("streaming.connect", reason))
    }

    /// Ends the session at the server.
    #[expect(clippy::unused_async, reason = "the long poll follows")]
    pub async fn close(self) -> Result<(), Error> {
        Ok(())
    }
}
