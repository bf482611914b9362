//! The daemon.

use std::{io::IsTerminal as _, path::PathBuf, process::ExitCode, sync::Arc};

use clap::{Parser, Subcommand};
use engine::{Engine, Seed, clock::SystemClock, config::Config};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// Keeps a referral product and Salesforce orgs in step.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the HTTP API and keep the orgs in step, until SIGTERM or Ctrl-C.
    ///
    /// The configuration is a TOML file (an example with every key: fixtures/connectors/engine.toml); a variable such as
    /// `ENGINE_LISTEN` or `ENGINE_SALESFORCE__CLIENT_SECRET` goes before the file. `RUST_LOG` chooses what is logged
    /// (default: info).
    Serve {
        /// The configuration file.
        #[arg(long, value_name = "FILE", env = "ENGINE_CONFIG")]
        config: PathBuf,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // Colours are for people: a log in a file has none.
    let is_seen = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(is_seen).with_writer(std::io::stderr).init();
    let Command::Serve { config } = Arguments::parse().command;
    match serve(&config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("engine: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(file: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut config = Config::load(file)?;
    let listener = TcpListener::bind(&config.listen)
        .await
        .map_err(|error| format!("listen {}: {error}", config.listen))?;
    // With port 0 only the bound address says where browsers come back to.
    config.listen = listener.local_addr()?.to_string();
    let address = config.listen.clone();
    let data = config.data.display().to_string();
    let mut engine = Engine::start(config, Arc::new(SystemClock), Seed::Os).await?;
    engine.run();
    let api = engine.api();
    println!(
        "The engine listens on http://{address} (API document: http://{address}/openapi.json); its data is in {data}."
    );
    axum::serve(listener, api).with_graceful_shutdown(told_to_stop()).await?;
    engine.stop().await;
    println!("The engine has stopped.");
    Ok(())
}

async fn told_to_stop() {
    let ctrl_c = async {
        // Without a handler the default one ends the process, which is as well.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = ctrl_c => {}
        () = terminate => {}
    }
}
