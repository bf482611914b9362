//! The HTTP client underneath: TLS, timeouts, bounded answers; no redirects, no cookies (streaming keeps its own).

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use super::error::{Effect, Error, ErrorKind, Sent};

const OPERATION: &str = "http.client";
/// Shorter than the other side's patience: a create on a connection that is just being closed would be ambiguous.
const IDLE_CONNECTION: Duration = Duration::from_secs(20);

/// How the engine reaches Salesforce.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    pub user_agent: String,
    pub connect_timeout: Duration,
    /// For a whole call, answer included. Salesforce ends its own work on a synchronous call after 10 minutes at most.
    pub request_timeout: Duration,
    /// Added to how long the server says it may hold a streaming connect.
    pub streaming_grace: Duration,
    /// PEM file with further certificate authorities, for a proxy that re-signs.
    pub extra_root_ca: Option<PathBuf>,
    /// `http://user:password@proxy:3128`: the way out of a network that has no other. The environment's proxy variables
    /// are not read.
    pub proxy: Option<SecretString>,
    /// Answers larger than this are refused.
    pub max_response_bytes: usize,
    /// Tokens travel over plain HTTP to loopback only, unless this is set.
    pub allow_plain_http: bool,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            user_agent: concat!("referral-engine/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_mins(2),
            streaming_grace: Duration::from_secs(30),
            extra_root_ca: None,
            proxy: None,
            max_response_bytes: 64 * 1024 * 1024,
            allow_plain_http: false,
        }
    }
}

/// A client with its options; cheap to clone.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
    options: HttpOptions,
}

/// Builds the client that everything else is given.
pub fn http_client(options: &HttpOptions) -> Result<Http, Error> {
    // Fails when the process has installed a provider already, which then serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(Http { client: build(options)?, options: options.clone() })
}

fn build(options: &HttpOptions) -> Result<reqwest::Client, Error> {
    let mut builder = reqwest::Client::builder()
        .user_agent(&options.user_agent)
        .connect_timeout(options.connect_timeout)
        .pool_idle_timeout(IDLE_CONNECTION)
        .redirect(reqwest::redirect::Policy::none())
        .gzip(true);
    if let Some(proxy) = &options.proxy {
        // The error would quote the URL, which may hold a password.
        let proxy = reqwest::Proxy::all(proxy.expose_secret())
            .map_err(|_| Error::refused(OPERATION, "the proxy is no URL such as http://proxy:3128"))?;
        builder = builder.proxy(proxy);
    }
    if let Some(path) = &options.extra_root_ca {
        let pem = std::fs::read(path).map_err(|error| {
            Error::refused(OPERATION, format!("extra root CA {}: {error}", path.display()))
        })?;
        let certificates = reqwest::Certificate::from_pem_bundle(&pem).map_err(|error| {
            Error::refused(OPERATION, format!("extra root CA {}: {error}", path.display()))
        })?;
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().map_err(|error| Error::refused(OPERATION, format!("no HTTP client: {}", chain(&error))))
}

/// A whole answer in memory.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Http {
    pub(crate) fn options(&self) -> &HttpOptions {
        &self.options
    }

    pub(crate) fn request(&self, method: reqwest::Method, url: Url) -> reqwest::RequestBuilder {
        self.client.request(method, url).timeout(self.options.request_timeout)
    }

    /// Tokens and client secrets are not sent in the clear to another machine.
    pub(crate) fn check(&self, operation: &'static str, url: &Url) -> Result<(), Error> {
        let local = match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        match url.scheme() {
            "https" => Ok(()),
            "http" if local || self.options.allow_plain_http => Ok(()),
            _ => Err(Error::refused(
                operation,
                format!("{} is not https: tokens are not sent there", url.origin().ascii_serialization()),
            )),
        }
    }

    /// Sends, and reads the answer up to the limit.
    pub(crate) async fn send(
        &self,
        operation: &'static str,
        effect: Effect,
        request: reqwest::RequestBuilder,
    ) -> Result<Answer, Error> {
        let broke = |error: &reqwest::Error| Error::new(operation, effect, transport(error));
        let mut response = request.send().await.map_err(|error| broke(&error))?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| broke(&error))? {
            if body.len() + chunk.len() > self.options.max_response_bytes {
                let limit_bytes = self.options.max_response_bytes;
                return Err(Error::new(operation, effect, ErrorKind::TooLarge { limit_bytes }));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body })
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("options", &self.options).finish_non_exhaustive()
    }
}

fn transport(error: &reqwest::Error) -> ErrorKind {
    // Only a failed connect (or a request that could not be built) proves that nothing left this machine.
    let sent = if error.is_connect() || error.is_builder() { Sent::No } else { Sent::Maybe };
    if error.is_timeout() {
        ErrorKind::Timeout { sent }
    } else {
        ErrorKind::Transport { sent, message: chain(error) }
    }
}

/// reqwest's own words stop at "error sending request"; the cause is further down. URLs stay out of it: they hold data.
fn chain(error: &reqwest::Error) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = cause {
        let text = error.to_string();
        if texts.last() != Some(&text) {
            texts.push(text);
        }
        cause = error.source();
    }
    if texts.is_empty() { "the request failed".to_owned() } else { texts.join(": ") }
}
