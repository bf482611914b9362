//! The command: what it is told, what it prints, and how it ends.

use std::{
    fs, io,
    io::Write as _,
    net::IpAddr,
    path::{Path, PathBuf},
};

use clap::Args;
use mock_sfdc::{MockSfdc, StartError};
use mock_sfdc_org::{Random, clock::Clock, value::DateTime};

#[derive(Debug, Args)]
pub struct Options {
    /// The port to listen on; 0 takes any that is free
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    bind: IpAddr,
    /// A fixture of an org instead of the demo org (fixtures/README.md)
    #[arg(long, value_name = "FILE")]
    org: Option<PathBuf>,
    /// Keeps the org in this file across restarts; --org and --metadata are then what a new file and a reset begin with
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// A folder of metadata for the org: a Salesforce DX project, the older form, or describes; may be said several times
    #[arg(long, value_name = "DIR")]
    metadata: Vec<PathBuf>,
    /// Writes the way in as shell lines, once it listens
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
    /// The token of the control API; without it one is made up
    #[arg(long, env = "SF_CONTROL_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    control_token: Option<String>,
    /// Ignores unknown query parameters, as Salesforce does, instead of refusing them
    #[arg(long)]
    lenient: bool,
    /// Posts outbound messages to other machines too, not only to this one
    #[arg(long)]
    allow_outbound: bool,
    /// Starts with a clock that stands at this moment, such as 2026-03-01T09:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment)]
    freeze_clock: Option<DateTime>,
}

fn moment(text: &str) -> Result<DateTime, String> {
    DateTime::parse(text).ok_or_else(|| "a moment such as 2026-03-01T09:00:00Z was expected".to_owned())
}

/// Why the command ends with an error.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("port {port} is in use; --port 0 takes any that is free")]
    PortInUse { port: u16 },
    #[error("{0}")]
    Start(StartError),
    #[error("cannot write {}: {error}", file.display())]
    EnvFile { file: PathBuf, error: io::Error },
    #[error("cannot wait for signals: {0}")]
    Signals(io::Error),
}

pub async fn run(options: Options) -> Result<(), ServeError> {
    let control_token = options.control_token.unwrap_or_else(|| random().text(32));
    let mut builder = MockSfdc::builder()
        .port(options.port)
        .bind(options.bind)
        .random(random().next())
        .control_token(control_token)
        .lenient(options.lenient)
        .allow_outbound(options.allow_outbound);
    if let Some(file) = &options.org {
        let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or("org");
        builder = builder.name(name).fixture(file);
    }
    if let Some(file) = &options.data {
        builder = builder.data(file);
    }
    for folder in &options.metadata {
        builder = builder.metadata(folder);
    }
    if let Some(at) = options.freeze_clock {
        builder = builder.clock(Clock::fixed(at));
    }
    // Before anything is announced: whoever reads the announcement may send a signal at once.
    let stop = stop_signal().map_err(ServeError::Signals)?;
    let mock = builder.start().await.map_err(|error| match error {
        StartError::Listen { address, error } if error.kind() == io::ErrorKind::AddrInUse => {
            ServeError::PortInUse { port: address.port() }
        }
        other => ServeError::Start(other),
    })?;
    let way_in = WayIn::of(&mock);
    if let Some(file) = &options.env_file {
        write_whole(file, &way_in.shell_lines())
            .map_err(|error| ServeError::EnvFile { file: file.clone(), error })?;
    }
    let report = mock.metadata();
    if !options.metadata.is_empty() || *report != mock_sfdc::Report::default() {
        print(&format!("{report}\n"));
    }
    print(&way_in.announcement());
    stop.await;
    print("mock-sfdc: stopped\n");
    Ok(())
}

/// A closed standard output is no reason to stop serving.
fn print(text: &str) {
    let _ = io::stdout().write_all(text.as_bytes());
    let _ = io::stdout().flush();
}

/// A process that serves people has secrets of its own each time.
fn random() -> Random {
    let nanos =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |age| age.as_nanos());
    Random::seeded(u64::try_from(nanos & u128::from(u64::MAX)).unwrap_or(0) ^ u64::from(std::process::id()))
}

#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Whoever waits for the file finds it whole, and only its owner reads the secrets in it.
fn write_whole(file: &Path, text: &str) -> io::Result<()> {
    let name =
        file.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "this names no file"))?;
    let draft = file.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&draft)?.write_all(text.as_bytes())?;
    fs::rename(&draft, file)
}

/// Everything that a client needs.
struct WayIn {
    url: String,
    control_url: String,
    control_token: String,
    credentials: mock_sfdc::Credentials,
    access_token: String,
    refresh_token: String,
}

impl WayIn {
    fn of(mock: &MockSfdc) -> Self {
        let tokens = mock.tokens();
        Self {
            // A client on this machine reaches a server that listens on all addresses as well.
            url: mock.url().replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:"),
            control_url: mock
                .control_url()
                .replace("//0.0.0.0:", "//127.0.0.1:")
                .replace("//[::]:", "//[::1]:"),
            control_token: mock.control_token().to_owned(),
            credentials: mock.credentials(),
            access_token: mock.admin_token().to_owned(),
            refresh_token: tokens.and_then(|tokens| tokens.refresh_token).unwrap_or_default(),
        }
    }

    fn shell_lines(&self) -> String {
        let who = &self.credentials;
        [
            ("SF_BASE_URL", &self.url),
            ("SF_CONTROL_URL", &self.control_url),
            ("SF_CONTROL_TOKEN", &self.control_token),
            ("SF_USERNAME", &who.username),
            ("SF_PASSWORD", &who.password),
            ("SF_SECURITY_TOKEN", &who.security_token),
            ("SF_CLIENT_ID", &who.client_id),
            ("SF_CLIENT_SECRET", &who.client_secret),
            ("SF_ACCESS_TOKEN", &self.access_token),
            ("SF_REFRESH_TOKEN", &self.refresh_token),
        ]
        .into_iter()
        .map(|(name, value)| [name, "=", &quoted(value), "\n"].concat())
        .collect()
    }

    fn announcement(&self) -> String {
        let Self { url, control_url, control_token, credentials: who, access_token: token, .. } = self;
        format!(
            "\
mock-sfdc is a Salesforce on {url}

  user           {username}
  password       {password}
  security token {security_token}
  client id      {client_id}
  client secret  {client_secret}
  control API    {control_url}  (X-Mock-Token: {control_token})

Log in and query with curl:

  TOKEN=$(curl -s {url}/services/oauth2/token -d grant_type=password -d client_id={client_id} -d client_secret={client_secret} \\
    -d username={username} -d password={password}{security_token} | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')
  curl -s -G {url}/services/data/v66.0/query -H \"Authorization: Bearer $TOKEN\" --data-urlencode 'q=SELECT Id, Name FROM Account'

Salesforce CLI:

  SF_ACCESS_TOKEN='{token}' sf org login access-token --instance-url {url} --no-prompt --alias mock

Python (pip install simple-salesforce), which writes https by itself, so its session is taught http:

  import requests
  from simple_salesforce import Salesforce
  class Http(requests.adapters.HTTPAdapter):
      def send(self, request, **options):
          request.url = request.url.replace('https:', 'http:', 1)
          return super().send(request, **options)
  session = requests.Session()
  session.mount('{https_url}', Http())
  sf = Salesforce(instance_url='{url}', session_id='{token}', session=session)
  print(sf.query('SELECT Id, Name FROM Account'))

JavaScript (npm install jsforce):

  const jsforce = require('jsforce');
  const conn = new jsforce.Connection({{ instanceUrl: '{url}', accessToken: '{token}', version: '66.0' }});
  conn.query('SELECT Id, Name FROM Account').then((found) => console.log(found.records));

Ctrl-C stops it.
",
            https_url = url.replacen("http:", "https:", 1),
            username = who.username,
            password = who.password,
            security_token = who.security_token,
            client_id = who.client_id,
            client_secret = who.client_secret,
        )
    }
}

/// As a shell reads it back.
fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "!.:/@_-+=%".contains(c);
    if value.chars().all(plain) { value.to_owned() } else { format!("'{}'", value.replace('\'', "'\\''")) }
}
