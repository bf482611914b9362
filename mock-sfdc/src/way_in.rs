//! What a client needs to come in, as the command prints it and as the env file has it.

use std::{
    fmt::Write as _,
    path::{self, Path},
};

use mock_sfdc::MockSfdc;

/// Everything that a client needs.
pub struct WayIn {
    url: String,
    control_url: String,
    control_token: String,
    credentials: mock_sfdc::Credentials,
    access_token: String,
    refresh_token: String,
    tls_url: Option<String>,
    ca_file: Option<String>,
    proxy: Option<String>,
    pubsub_url: Option<String>,
}

impl WayIn {
    /// `ca_file` is where the certificate was written.
    pub fn of(mock: &MockSfdc, ca_file: Option<&Path>) -> Self {
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
            tls_url: mock.tls_url(),
            // Whoever reads it may stand in another folder.
            ca_file: ca_file
                .map(|file| path::absolute(file).unwrap_or_else(|_| file.to_owned()).display().to_string()),
            proxy: mock.proxy_url(),
            pubsub_url: mock.pubsub_url(),
        }
    }

    /// What `--env-file` writes: only what there is.
    pub fn shell_lines(&self) -> String {
        let who = &self.credentials;
        let always = [
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
        ];
        let asked_for = [
            ("SF_BASE_URL_TLS", &self.tls_url),
            ("SF_CA_FILE", &self.ca_file),
            ("SF_PROXY", &self.proxy),
            ("SF_PUBSUB_URL", &self.pubsub_url),
        ];
        let asked_for =
            asked_for.into_iter().filter_map(|(name, value)| value.as_ref().map(|value| (name, value)));
        always
            .into_iter()
            .chain(asked_for)
            .map(|(name, value)| [name, "=", &quoted(value), "\n"].concat())
            .collect()
    }

    /// What the command prints once it listens.
    pub fn announcement(&self) -> String {
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
{tls}
Log in and query with curl:

  TOKEN=$(curl -s {url}/services/oauth2/token -d grant_type=password -d client_id={client_id} -d client_secret={client_secret} \\
    -d username={username} -d password={password}{security_token} | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')
  curl -s -G {url}/services/data/v66.0/query -H \"Authorization: Bearer $TOKEN\" --data-urlencode 'q=SELECT Id, Name FROM Account'

Salesforce CLI:

  SF_ACCESS_TOKEN='{token}' sf org login access-token --instance-url {url} --no-prompt --alias mock

Python (pip install simple-salesforce), which writes https by itself, so its session is taught http; with --tls-port or
--proxy-port it needs no teaching (docs/CLIENTS.md):

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
            tls = self.over_tls(),
            https_url = url.replacen("http:", "https:", 1),
            username = who.username,
            password = who.password,
            security_token = who.security_token,
            client_id = who.client_id,
            client_secret = who.client_secret,
        )
    }

    /// The lines about TLS and the proxy, where there is one of them.
    fn over_tls(&self) -> String {
        let mut text = String::new();
        let mut line = |name: &str, value: &str| text.extend(["  ", name, " ", value, "\n"]);
        if let Some(url) = &self.tls_url {
            line("TLS           ", url);
        }
        if let Some(url) = &self.proxy {
            line("proxy         ", url);
        }
        if self.tls_url.is_none() && self.proxy.is_none() {
            return text;
        }
        let pem = format!("{}/ca.pem", self.control_url);
        line("CA            ", self.ca_file.as_ref().unwrap_or(&pem));
        if let Some(proxy) = &self.proxy {
            let ca = self.ca_file.as_deref().unwrap_or("ca.pem");
            text.push_str("\nA program that is written for login.salesforce.com, unchanged:\n\n");
            let _ = writeln!(
                text,
                "  export HTTPS_PROXY={proxy} SSL_CERT_FILE={ca} REQUESTS_CA_BUNDLE={ca} NODE_EXTRA_CA_CERTS={ca}"
            );
        }
        text
    }
}

/// As a shell reads it back.
fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "!.:/@_-+=%".contains(c);
    if value.chars().all(plain) { value.to_owned() } else { format!("'{}'", value.replace('\'', "'\\''")) }
}
