//! One request on its way to its handler: everything that a handler may ask for, already taken apart.

use std::{fmt, io, net::IpAddr, sync::Arc, time::Instant};

use bytes::Bytes;
use http::{HeaderMap, Method, Uri, header::AsHeaderName};
use mock_sfdc_org::{
    Org, Unit, Work, access::permissions::Viewer, error::Error, id::Id, near::Near, state::Transaction,
    value::DateTime,
};

use crate::{
    api::soap::{self, envelope::Request},
    header,
    hosts::{self, Host},
    journal::MOST_BODY,
    operation::{Face, Operation},
    orgs::Tenant,
    reply::Reply,
    route::Params,
    server::Server,
    spool::Spool,
};

/// What a handler gives back: an answer, or an error that its face will render.
pub type Answer = Result<Reply, Error>;

/// Who is behind a request.
pub use mock_sfdc_org::access::SessionInfo as Session;

/// `v66.0`
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApiVersion(pub u16);

impl ApiVersion {
    /// Summer '14: what came before is retired.
    pub const OLDEST: Self = Self(31);
    /// Spring '26: the last one whose behaviour is known here. A server may take more for it.
    pub const NEWEST: Self = Self(66);

    /// Reads `v66.0`, exactly so; whether it is served is for the version layer to say.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = text.strip_prefix('v')?.strip_suffix(".0")?;
        let plain = !number.starts_with('0') && number.bytes().all(|c| c.is_ascii_digit());
        plain.then(|| number.parse().ok().map(Self)).flatten()
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}.0", self.0)
    }
}

/// A request, taken apart.
#[derive(Debug)]
pub struct Call {
    pub operation: &'static Operation,
    pub server: Near<Server>,
    pub tenant: Near<Tenant>,
    /// The org of the tenant, for this go at the request: what it does here can wait for locked rows.
    pub org: Org,
    /// Set by the session layer where the operation asks for one.
    pub session: Option<Session>,
    /// Of the path; the newest one where the path has none.
    pub version: ApiVersion,
    pub params: Params,
    /// Decoded, in the order of the request.
    pub query: Vec<(String, String)>,
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    /// `http://host:port` as the caller wrote it: `instance_url` and all other absolute URLs begin with it.
    pub base: String,
    /// The address that it comes from.
    pub peer: Option<IpAddr>,
    /// Plain, whatever encoding it came in.
    pub body: Bytes,
    /// An upload of data stands here, and the body is empty.
    pub upload: Option<Result<Arc<Spool>, Error>>,
    /// What SOAP reads in the body, before anything is known of the call.
    pub envelope: Option<Result<Request, Error>>,
    /// The body was larger than the server reads.
    pub overflow: bool,
    /// Its number in the journal.
    pub entry: u64,
    /// The number of the composite request that it is part of.
    pub within: Option<u64>,
    /// When it arrived, by the org's clock.
    pub at: DateTime,
    /// The same by the machine's clock.
    pub began: Instant,
    /// What a 405 lists.
    pub allowed: String,
    /// The transaction that it shares with others of its composite request.
    pub unit: Option<Arc<Unit>>,
}

impl Call {
    /// The org as this call works on it. Handlers of what may stand within a composite request go by this way alone.
    #[must_use]
    pub fn org(&self) -> Work<'_> {
        Work::on(&self.org, self.unit.as_deref())
    }

    /// A path parameter; the table says which there are.
    #[must_use]
    pub fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// The first query parameter of this name.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A header as text; `None` when absent or not text.
    #[must_use]
    pub fn header(&self, name: impl AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The data that was sent, wherever it is.
    pub fn upload(&self) -> Result<Arc<Spool>, Error> {
        let in_memory = || Arc::clone(&self.server.spools).holding(&self.body).map(Arc::new).map_err(unkept);
        self.upload.clone().unwrap_or_else(in_memory)
    }

    /// As much of the body as the journal keeps.
    #[must_use]
    pub fn head(&self) -> Bytes {
        match &self.upload {
            Some(Ok(upload)) => upload.head(MOST_BODY).unwrap_or_default().into(),
            _ => self.body.clone(),
        }
    }

    /// Who acts; behind the session layer always somebody.
    pub fn user(&self) -> Result<Id, Error> {
        self.session.as_ref().map(|session| session.user).ok_or_else(Error::session_invalid)
    }

    /// The caller with all that the caller may do and see; what has names for the caller is [`Viewer::schema`].
    pub fn viewer(&self) -> Result<Arc<Viewer>, Error> {
        let viewer = self.org().snapshot().viewer(self.user()?);
        Ok(match self.default_namespace() {
            Some(namespace) => Arc::new(viewer.in_namespace(namespace)),
            None => viewer,
        })
    }

    /// The namespace whose names may be written without it.
    #[must_use]
    pub fn default_namespace(&self) -> Option<&str> {
        self.call_option("defaultNamespace")
    }

    /// `Sforce-Call-Options: client=x, defaultNamespace=acme`, and SOAP's header of the same members.
    fn call_option(&self, wanted: &str) -> Option<&str> {
        let in_header = || {
            let options = self.header(&header::CALL_OPTIONS)?.split(',');
            options.filter_map(|option| option.split_once('=')).find_map(|(name, value)| {
                let value = value.trim();
                (name.trim().eq_ignore_ascii_case(wanted) && !value.is_empty()).then_some(value)
            })
        };
        soap::call_option(self, wanted).or_else(in_header)
    }

    /// Where an org's APIs are, for who asks by this host: `instance_url`, `serverUrl`.
    #[must_use]
    pub fn instance_url(&self, tenant: &Tenant) -> String {
        hosts::instance_url(&self.base, &self.server.orgs, tenant)
    }

    /// What identity URLs of an org's users begin with.
    #[must_use]
    pub fn login_url(&self, tenant: &Tenant) -> String {
        hosts::login_url(&self.base, tenant)
    }

    /// Whether users of an org log in at the host that was asked.
    #[must_use]
    pub fn admits(&self, tenant: &Arc<Tenant>) -> bool {
        self.host().admits(&self.server.orgs, tenant)
    }

    /// The host that was asked.
    #[must_use]
    pub fn host(&self) -> Host<'_> {
        Host::read(self.base.split_once("://").map_or("", |(_, host)| host))
    }

    /// Runs `work` in one transaction of the caller, within the caller's permissions; change events tell of this API.
    pub fn transact<T, E>(
        &self,
        user: Id,
        work: impl FnOnce(&mut Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        let origin = self.origin();
        self.org().transact_as(user, |tx| {
            tx.set_origin(origin);
            work(tx)
        })
    }

    /// How a change event names the API that was asked: `com/salesforce/api/rest/66.0;client=MyApp`.
    #[must_use]
    pub fn origin(&self) -> String {
        let api = match self.operation.face {
            Face::Soap => "soap",
            _ if self.operation.name.starts_with("bulk") || self.operation.name.starts_with("rest.jobs") => {
                "bulkapi"
            }
            _ => "rest",
        };
        let client = self.call_option("client");
        let client = client.map(|client| format!(";client={client}")).unwrap_or_default();
        format!("com/salesforce/api/{api}/{}.0{client}", self.version.0)
    }

    /// The fields of an `application/x-www-form-urlencoded` body, in their order.
    #[must_use]
    pub fn form(&self) -> Vec<(String, String)> {
        pairs(&self.body)
    }
}

/// What a caller is told whose data cannot be kept.
#[must_use]
#[allow(clippy::needless_pass_by_value, reason = "this is what map_err hands over")]
pub fn unkept(error: io::Error) -> Error {
    Error::store_failed(&error.to_string())
}

/// `a=1&b=2`, decoded.
#[must_use]
pub fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_read_exactly() {
        assert_eq!(ApiVersion::parse("v66.0"), Some(ApiVersion(66)));
        for text in ["66.0", "v66", "v66.1", "v066.0", "v.0", "vX.0", "V66.0", "v66.0 ", "v-1.0", "v99999.0"]
        {
            assert_eq!(ApiVersion::parse(text), None, "{text}");
        }
    }
}
