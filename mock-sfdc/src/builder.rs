//! How a [`MockSfdc`] is to be: which org, which time, which port.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use mock_sfdc_org::{
    Org,
    access::{NewSession, SessionKind, adopt_session, open_session},
    clock::Clock,
    hooks::{HookContext, HookPoint},
    image::Imported,
    seed,
    settings::{Edition, Settings},
    state::State,
};
use tokio::sync::watch;

use crate::{
    call::ApiVersion,
    data::{DataError, DataFile},
    fixtures::{self, FixtureError, Project},
    listen::Ports,
    mock::MockSfdc,
    orgs::{Orgs, Tenant},
    outbound::Outgoing,
    server::Server,
    tls::TlsError,
};

/// Why a mock did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot listen on {address}: {error}")]
    Listen { address: SocketAddr, error: io::Error },
    #[error("{0}")]
    Fixture(#[from] FixtureError),
    #[error("{0}")]
    Data(#[from] DataError),
    #[error("{0}")]
    Tls(#[from] TlsError),
    #[error("hook {name}: {problem}")]
    Hook { name: String, problem: String },
}

/// Where the org comes from.
enum Seed {
    Demo,
    File(PathBuf),
    State(Box<State>),
}

type Change = Box<dyn FnOnce(&mut Settings) + Send>;

/// A trigger or a flow on its way into the org.
#[derive(Clone)]
struct Hook {
    object: String,
    point: HookPoint,
    name: String,
    run: Arc<dyn Fn(&mut HookContext<'_>) + Send + Sync>,
}

impl Hook {
    fn register(&self, org: &Org) -> Result<(), StartError> {
        let run = Arc::clone(&self.run);
        let registered = org.on_save(&self.object, self.point, &self.name, move |context| run(context));
        registered.map_err(|problem| StartError::Hook { name: self.name.clone(), problem })
    }
}

/// Made by [`MockSfdc::builder`]; what is not said is as in the demo org, on a free port of the loopback address.
pub struct Builder {
    name: String,
    seed: Seed,
    metadata: Vec<PathBuf>,
    clock: Option<Clock>,
    data: Option<PathBuf>,
    random: u64,
    changes: Vec<Change>,
    hooks: Vec<Hook>,
    address: SocketAddr,
    control_token: String,
    lenient: bool,
    newest: ApiVersion,
    outbound_anywhere: bool,
    ports: Ports,
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("name", &self.name)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            name: "demo".to_owned(),
            seed: Seed::Demo,
            metadata: Vec::new(),
            clock: None,
            data: None,
            random: 1,
            changes: Vec::new(),
            hooks: Vec::new(),
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            control_token: "control".to_owned(),
            lenient: false,
            newest: ApiVersion::NEWEST,
            outbound_anywhere: false,
            ports: Ports::default(),
        }
    }
}

impl Builder {
    /// The name of its org in the control API and before `.localhost`.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The org of a fixture file, or of an export; a mistake in it comes out of [`Builder::start`].
    #[must_use]
    pub fn fixture(mut self, file: impl AsRef<Path>) -> Self {
        self.seed = Seed::File(file.as_ref().to_owned());
        self
    }

    /// A project's metadata in the org: a Salesforce DX project, a folder of the older form, or describes. May be said several
    /// times. What the org cannot take over is told by [`MockSfdc::metadata`]; a folder that cannot be read comes out of
    /// [`Builder::start`].
    #[must_use]
    pub fn metadata(mut self, folder: impl AsRef<Path>) -> Self {
        self.metadata.push(folder.as_ref().to_owned());
        self
    }

    /// An org that is already there: a seed that was read before, a state of another org.
    #[must_use]
    pub fn state(mut self, state: State) -> Self {
        self.seed = Seed::State(Box::new(state));
        self
    }

    /// The clock of the org; share it with what is tested.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Where the org's randomness (tokens, codes) begins.
    #[must_use]
    pub fn random(mut self, seed: u64) -> Self {
        self.random = seed;
        self
    }

    #[must_use]
    pub fn edition(self, edition: Edition) -> Self {
        self.settings(move |settings| {
            settings.edition = edition;
            settings.daily_api_requests = settings.usual_daily_api_requests();
        })
    }

    /// Changes what an administrator would.
    #[must_use]
    pub fn settings(mut self, change: impl FnOnce(&mut Settings) + Send + 'static) -> Self {
        self.changes.push(Box::new(change));
        self
    }

    /// A trigger or a flow, written in Rust: it runs at this point of every save of the object, in forks and after resets too.
    /// `name` is what its errors carry. An object that the org does not have comes out of [`Builder::start`].
    #[must_use]
    pub fn hook(
        mut self,
        object: impl Into<String>,
        point: HookPoint,
        name: impl Into<String>,
        run: impl Fn(&mut HookContext<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.hooks.push(Hook { object: object.into(), point, name: name.into(), run: Arc::new(run) });
        self
    }

    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.address.set_port(port);
        self
    }

    #[must_use]
    pub fn bind(mut self, address: IpAddr) -> Self {
        self.address.set_ip(address);
        self
    }

    #[must_use]
    pub fn control_token(mut self, token: impl Into<String>) -> Self {
        self.control_token = token.into();
        self
    }

    /// Keeps the default org in this file, and goes on with what it holds: what was acknowledged outlives a kill. A reset goes
    /// back to the fixture, not to the file.
    #[must_use]
    pub fn data(mut self, file: impl AsRef<Path>) -> Self {
        self.data = Some(file.as_ref().to_owned());
        self
    }

    /// Ignores unknown query parameters, as Salesforce does, instead of refusing them.
    #[must_use]
    pub fn lenient(mut self, lenient: bool) -> Self {
        self.lenient = lenient;
        self
    }

    /// Serves the versions up to this one (66 without it): those after 66 do what 66 does.
    #[must_use]
    pub fn newest_version(mut self, number: u16) -> Self {
        self.newest = ApiVersion(number);
        self
    }

    /// Posts outbound messages to other machines too; without it only to this one.
    #[must_use]
    pub fn allow_outbound(mut self, anywhere: bool) -> Self {
        self.outbound_anywhere = anywhere;
        self
    }

    /// Speaks TLS too, on a free port: [`MockSfdc::tls_url`], [`MockSfdc::ca_pem`].
    #[must_use]
    pub fn tls(self) -> Self {
        self.tls_port(0)
    }

    #[must_use]
    pub fn tls_port(mut self, port: u16) -> Self {
        self.ports.tls = Some(port);
        self
    }

    /// A name or an address, beside those of this machine and Salesforce, that the certificate is for.
    #[must_use]
    pub fn tls_name(mut self, name: impl Into<String>) -> Self {
        self.ports.names.push(name.into());
        self
    }

    /// Opens a proxy on a free port that leads Salesforce's host names here: [`MockSfdc::proxy_url`], [`MockSfdc::ca_pem`].
    #[must_use]
    pub fn proxy(self) -> Self {
        self.proxy_port(0)
    }

    #[must_use]
    pub fn proxy_port(mut self, port: u16) -> Self {
        self.ports.proxy = Some(port);
        self
    }

    /// Serves the Pub/Sub API on a free port: [`MockSfdc::pubsub_url`].
    #[must_use]
    pub fn pubsub(self) -> Self {
        self.pubsub_port(0)
    }

    #[must_use]
    pub fn pubsub_port(mut self, port: u16) -> Self {
        self.ports.pubsub = Some(port);
        self
    }

    /// Listens, and serves from now on.
    pub async fn start(self) -> Result<MockSfdc, StartError> {
        let projects: Vec<Project> =
            self.metadata.iter().map(|folder| Project::read(folder)).collect::<Result<_, _>>()?;
        let mut clock = self.clock;
        let (first, metadata) = match self.seed {
            Seed::Demo => fixtures::demo_with(&projects)?,
            Seed::File(file) => match fixtures::export_in(&file)? {
                Some(Imported { state, clock: setting }) => {
                    clock = clock.or_else(|| Some(Clock::with(setting)));
                    fixtures::add_projects(state, &projects)
                }
                None => fixtures::from_file_with(&file, &projects)?,
            },
            Seed::State(state) => fixtures::add_projects(*state, &projects),
        };
        let opened = match &self.data {
            None => None,
            Some(file) => Some(DataFile::open(file).await?),
        };
        let (file, held) = opened.map_or((None, None), |(file, held)| (Some(file), held));
        let kept = held.is_some();
        let (state, clock) = match held {
            Some(held) => (held.state, clock.unwrap_or(held.clock)),
            None => (first.clone(), clock.unwrap_or_else(Clock::system)),
        };
        // What was random before the restart must not come again.
        let random = self.random.wrapping_add(state.log().next_seq());
        let org = Arc::new(Org::new(state, clock.clone(), random));
        let admin = seed::administrator(org.snapshot().settings());
        let session = || NewSession::of(admin, SessionKind::Given);
        // Before the seed is taken: the administrator's session outlives every reset.
        let Ok(token) = org.transact(admin, |tx| {
            for change in self.changes {
                change(tx.settings_mut());
            }
            Ok::<_, std::convert::Infallible>(open_session(tx, org.random(), session()))
        });
        self.hooks.iter().try_for_each(|hook| hook.register(&org))?;
        let seed = if kept {
            let first = Org::new(first, clock, random);
            self.hooks.iter().try_for_each(|hook| hook.register(&first))?;
            let Ok(_) = first.transact(admin, |tx| {
                Ok::<_, std::convert::Infallible>(adopt_session(tx, &token, session()))
            });
            State::clone(&first.snapshot())
        } else {
            State::clone(&org.snapshot())
        };
        if let Some(file) = file {
            file.follow(&org)?;
        }
        let listening = self.ports.open(self.address).await?;
        let server = Arc::new(Server {
            orgs: Orgs::with_default(Tenant::new(self.name, org, seed)),
            control_token: self.control_token,
            lenient: self.lenient,
            newest: self.newest,
            addresses: listening.addresses,
            spools: Arc::default(),
        });
        let base = format!("http://{}", server.addresses.plain);
        server.orgs.deliver(&Outgoing { base, anywhere: self.outbound_anywhere });
        let (stop, stopped) = watch::channel(false);
        listening.serve(&server, &stopped);
        let tenant = server.orgs.default();
        Ok(MockSfdc { server, tenant, stop, admin, token, asked: Mutex::default(), metadata })
    }
}
