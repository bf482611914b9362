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

use crate::way_in::WayIn;

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
    /// Speaks TLS too, on this port; 0 takes any that is free
    #[arg(long, value_name = "PORT")]
    tls_port: Option<u16>,
    /// A name or an address of this machine that the certificate is for as well, such as the service's in a compose file
    #[arg(long, value_name = "NAME")]
    tls_name: Vec<String>,
    /// Opens a proxy on this port, for `HTTPS_PROXY`: it leads login.salesforce.com, test.salesforce.com and
    /// *.my.salesforce.com here, and nothing anywhere else
    #[arg(long, value_name = "PORT")]
    proxy_port: Option<u16>,
    /// Serves the Pub/Sub API (gRPC) on this port, plain and over TLS; 0 takes any that is free
    #[arg(long, value_name = "PORT")]
    pubsub_port: Option<u16>,
    /// Writes the certificate that clients of TLS and of the proxy have to trust
    #[arg(long, value_name = "FILE")]
    write_ca: Option<PathBuf>,
    /// Writes the way in as shell lines, once it listens
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
    /// The token of the control API; without it one is made up
    #[arg(long, env = "SF_CONTROL_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    control_token: Option<String>,
    /// Ignores unknown query parameters, as Salesforce does, instead of refusing them
    #[arg(long)]
    lenient: bool,
    /// Serves versions up to this one, such as 68: those after 66 do what 66 does, for clients that ask for no other
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(66..=99))]
    newest_version: Option<u16>,
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
    Write { file: PathBuf, error: io::Error },
    #[error(
        "--write-ca and --tls-name want --tls-port, --proxy-port or --pubsub-port: there is no certificate without"
    )]
    NoTls,
    #[error("cannot wait for signals: {0}")]
    Signals(io::Error),
}

pub async fn run(options: Options) -> Result<(), ServeError> {
    let speaks_tls = [options.tls_port, options.proxy_port, options.pubsub_port].iter().any(Option::is_some);
    if !speaks_tls && (options.write_ca.is_some() || !options.tls_name.is_empty()) {
        return Err(ServeError::NoTls);
    }
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
    if let Some(number) = options.newest_version {
        builder = builder.newest_version(number);
    }
    if let Some(port) = options.tls_port {
        builder = builder.tls_port(port);
    }
    if let Some(port) = options.proxy_port {
        builder = builder.proxy_port(port);
    }
    if let Some(port) = options.pubsub_port {
        builder = builder.pubsub_port(port);
    }
    for name in options.tls_name {
        builder = builder.tls_name(name);
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
    let write = |file: &Path, text: &str, mode: u32| {
        write_whole(file, text, mode).map_err(|error| ServeError::Write { file: file.to_owned(), error })
    };
    if let (Some(file), Some(pem)) = (&options.write_ca, mock.ca_pem()) {
        write(file, &pem, FOR_ALL)?;
    }
    let way_in = WayIn::of(&mock, options.write_ca.as_deref());
    if let Some(file) = &options.env_file {
        write(file, &way_in.shell_lines(), FOR_OWNER)?;
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

/// Secrets are for the owner of their file, a certificate is for other users and containers too.
const FOR_OWNER: u32 = 0o600;
const FOR_ALL: u32 = 0o644;

/// Whoever waits for the file finds it whole.
#[cfg_attr(not(unix), expect(unused_variables, reason = "there are no modes"))]
fn write_whole(file: &Path, text: &str, mode: u32) -> io::Result<()> {
    let name =
        file.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "this names no file"))?;
    let draft = file.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    options.open(&draft)?.write_all(text.as_bytes())?;
    fs::rename(&draft, file)
}
