//! A faithful fake of Salesforce on a socket. Over the pure org core (`mock-sfdc-org`) stand the faces: REST, OAuth,
//! Streaming, and a control API for tests.

pub mod api;
pub mod call;
pub mod faults;
pub mod journal;
mod layers;
pub mod operation;
pub mod orgs;
pub mod reply;
pub mod route;
pub mod server;
pub mod verification;
pub mod which;

use std::{io, net::Ipv4Addr, sync::Arc};

use mock_sfdc_org::{Org, clock::Clock, schema::Schema, settings::Settings, state::State};
use tokio::sync::watch;

use crate::{
    orgs::{Orgs, Tenant},
    server::Server,
};

/// A Salesforce of its own, on a port of its own, for as long as it lives.
#[derive(Debug)]
pub struct MockSfdc {
    server: Arc<Server>,
    stop: watch::Sender<bool>,
}

impl MockSfdc {
    /// Starts with the demo org on a free port of the loopback address.
    pub async fn start() -> io::Result<Self> {
        let state = State::empty(Schema::default(), Settings::default());
        let org = Arc::new(Org::new(state.clone(), Clock::system(), 1));
        let listener = server::bind((Ipv4Addr::LOCALHOST, 0).into()).await?;
        let server = Arc::new(Server {
            orgs: Orgs::with_default(Tenant::new("demo", org, state)),
            control_token: "control".to_owned(),
            lenient: false,
            address: listener.local_addr()?,
        });
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(Arc::clone(&server).run(listener, stopped));
        Ok(Self { server, stop })
    }

    /// `http://127.0.0.1:port`
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    #[must_use]
    pub fn tenant(&self) -> Arc<Tenant> {
        self.server.orgs.default()
    }
}

impl Drop for MockSfdc {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}
