//! Salesforce's host names, and what a request to one of them means (`contract/oauth.md` section 1). A client comes by them
//! through the CONNECT proxy, or where a name server leads them here.
//!
//! Any other host is an address of this mock: it may log in every org, and all URLs of an answer begin with it.

use std::sync::Arc;

use crate::orgs::{Orgs, Tenant};

/// What the certificate is for and the proxy leads here; a `*` is one label.
pub const NAMES: &[&str] = &[
    "login.salesforce.com",
    "test.salesforce.com",
    "*.my.salesforce.com",
    "*.sandbox.my.salesforce.com",
    "*.develop.my.salesforce.com",
    "*.scratch.my.salesforce.com",
    PUBSUB,
];

/// The Pub/Sub API, of every org.
pub const PUBSUB: &str = "api.pubsub.salesforce.com";

const MY_DOMAIN: &str = ".my.salesforce.com";

/// A host, without its port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host<'a> {
    /// `login.salesforce.com`: every org but sandboxes logs in here.
    Login,
    /// `test.salesforce.com`: every sandbox does.
    Test,
    /// An org's own: `acme` of `acme.my.salesforce.com`, `acme--uat` of `acme--uat.sandbox.my.salesforce.com`.
    MyDomain(&'a str),
    Other(&'a str),
}

impl<'a> Host<'a> {
    /// Of a `Host` header. Host names have no case, but clients write them in lower case.
    #[must_use]
    pub fn read(header: &'a str) -> Self {
        let name = match header.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|c| c.is_ascii_digit()) => name,
            _ => header,
        };
        match name {
            "login.salesforce.com" => Self::Login,
            "test.salesforce.com" => Self::Test,
            _ => match name.strip_suffix(MY_DOMAIN) {
                Some(label) => Self::MyDomain(label.split('.').next().unwrap_or_default()),
                None => Self::Other(name),
            },
        }
    }

    /// The org that the name belongs to.
    #[must_use]
    pub fn org(self, orgs: &Orgs) -> Option<Arc<Tenant>> {
        match self {
            Self::Login | Self::Test => None,
            Self::MyDomain(label) => Some(orgs.of_my_domain(label)),
            Self::Other(name) => orgs.named(name.split('.').next()?),
        }
    }

    /// Whether users of this org log in here.
    #[must_use]
    pub fn admits(self, orgs: &Orgs, tenant: &Arc<Tenant>) -> bool {
        let sandbox = || tenant.org.snapshot().settings().sandbox;
        match self {
            Self::Login => !sandbox(),
            Self::Test => sandbox(),
            Self::MyDomain(label) => Arc::ptr_eq(&orgs.of_my_domain(label), tenant),
            Self::Other(_) => true,
        }
    }

    /// A login host belongs to no org, so some flows are not to be had there.
    #[must_use]
    pub fn is_login_host(self) -> bool {
        matches!(self, Self::Login | Self::Test)
    }
}

/// Whether the proxy leads this name here.
#[must_use]
pub fn is_led_here(name: &str) -> bool {
    NAMES.iter().any(|known| match known.strip_prefix('*') {
        Some(rest) => name.strip_suffix(rest).is_some_and(|label| !label.is_empty() && !label.contains('.')),
        None => name == *known,
    })
}

/// `https://acme.my.salesforce.com` for a request that came by one of Salesforce's names; any other `base` stays.
#[must_use]
pub fn instance_url(base: &str, orgs: &Orgs, tenant: &Tenant) -> String {
    let (scheme, host) = base.split_once("://").unwrap_or(("https", base));
    if let Host::Other(_) = Host::read(host) {
        return base.to_owned();
    }
    let label = orgs.my_domain(tenant);
    let kind = if tenant.org.snapshot().settings().sandbox { ".sandbox" } else { "" };
    format!("{scheme}://{label}{kind}{MY_DOMAIN}{}", port(host))
}

/// Where identity URLs begin: a login host for a request that came by one of Salesforce's names.
#[must_use]
pub fn login_url(base: &str, tenant: &Tenant) -> String {
    let (scheme, host) = base.split_once("://").unwrap_or(("https", base));
    if let Host::Other(_) = Host::read(host) {
        return base.to_owned();
    }
    let name = if tenant.org.snapshot().settings().sandbox { "test" } else { "login" };
    format!("{scheme}://{name}.salesforce.com{}", port(host))
}

fn port(host: &str) -> String {
    host.rsplit_once(':').map_or(String::new(), |(_, port)| format!(":{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_host_is() {
        for (header, host) in [
            ("login.salesforce.com", Host::Login),
            ("login.salesforce.com:443", Host::Login),
            ("test.salesforce.com", Host::Test),
            ("acme.my.salesforce.com", Host::MyDomain("acme")),
            ("acme--uat.sandbox.my.salesforce.com:443", Host::MyDomain("acme--uat")),
            ("127.0.0.1:8080", Host::Other("127.0.0.1")),
            ("[::1]:8080", Host::Other("[::1]")),
            ("[::1]", Host::Other("[::1]")),
            ("uat.localhost", Host::Other("uat.localhost")),
        ] {
            assert_eq!(Host::read(header), host, "{header}");
        }
    }

    #[test]
    fn which_names_are_led_here() {
        for (name, led) in [
            ("login.salesforce.com", true),
            ("acme.my.salesforce.com", true),
            ("acme--uat.sandbox.my.salesforce.com", true),
            ("acme--uat.my.salesforce.com", true),
            (".my.salesforce.com", false),
            ("a.b.my.salesforce.com", false),
            ("salesforce.com", false),
            ("na1.salesforce.com", false),
            ("login.salesforce.com.evil.example", false),
            ("127.0.0.1", false),
        ] {
            assert_eq!(is_led_here(name), led, "{name}");
        }
    }
}
