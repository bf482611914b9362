//! THE operation table: every wire operation by name. Faults, journal, limits and the table of real clients are keyed by that name, the
//! routes are built from it, and what Salesforce has but this mock does not emulate stands in it as well, to be refused by name.

mod bulk;
mod control;
mod oauth;
mod pubsub;
mod rest;
mod row;
mod soap;
mod streaming;
mod unknown;

use std::pin::Pin;

pub use self::unknown::{NO_CONTROL, NO_METHOD, NO_PATH, NO_RESOURCE};
use crate::{
    api,
    call::{Answer, Call},
};

/// The rows, in the order in which lists show them; each face's stand in its own file.
static TABLE: [&[Operation]; 9] = [
    rest::DATA,
    bulk::TWO,
    rest::MORE,
    oauth::ROWS,
    streaming::ROWS,
    soap::ROWS,
    bulk::ONE,
    pubsub::ROWS,
    control::ROWS,
];

/// Which dialect answers, errors included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    Rest,
    OAuth,
    Streaming,
    Soap,
    /// Bulk API 1.0; 2.0 is REST.
    Bulk,
    PubSub,
    Control,
}

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody; the handler may look for a session itself.
    Public,
    /// Whoever shows a valid session id.
    Session,
    /// Whoever shows the control token of this process.
    ControlToken,
}

/// The HTTP method of a row; `GET` answers `HEAD` too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Get,
    Post,
    Put,
    Patch,
    Delete,
    Any,
}

impl Verb {
    /// As a list shows it; `any` is for what is refused whatever the method.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Any => "any",
        }
    }
}

pub type Answering<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// What answers: most do so at once, a few (held connections) wait for something.
#[derive(Debug, Clone, Copy)]
pub enum Handler {
    Now(fn(&Call) -> Answer),
    Later(for<'a> fn(&'a Call) -> Answering<'a>),
}

/// One row of the table.
#[derive(Debug)]
pub struct Operation {
    pub name: &'static str,
    pub verb: Verb,
    /// `{name}` is one segment, percent-decoded; `{*rest}` at the end is the rest, be it empty.
    pub path: &'static str,
    pub face: Face,
    pub access: Access,
    /// The query parameters that it knows; `*` knows any.
    pub params: &'static [&'static str],
    pub handler: Handler,
}

impl Operation {
    /// Whether a request counts against the org's API requests (`contract/rest.md` section 1); a login does not.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        matches!(self.face, Face::Rest | Face::Soap | Face::Bulk) && self.access == Access::Session
    }

    /// What it reads of a body at most; a form of files may be larger than a text.
    #[must_use]
    pub fn most_body(&self, is_form: bool) -> usize {
        let usual = match self.face {
            Face::Control => MAX_CONTROL_BODY,
            _ if is_form && FORMS.contains(&self.name) => MAX_FORM,
            _ => MAX_BODY,
        };
        LARGE_BODIES.iter().find(|(name, _)| *name == self.name).map_or(usual, |(_, most)| *most)
    }

    /// Whether its body is data that may be too large for memory.
    #[must_use]
    pub fn takes_uploads(&self) -> bool {
        LARGE_BODIES.iter().any(|(name, _)| *name == self.name)
    }

    /// Whether it stands in the table only to be refused by name.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        let refusals = [api::not_emulated as fn(&Call) -> Answer, api::soap::unknown];
        matches!(self.handler, Handler::Now(handler) if refusals.iter().any(|known| std::ptr::fn_addr_eq(handler, *known)))
    }

    /// Every row.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        TABLE.into_iter().flatten()
    }

    /// The row of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::all().find(|operation| operation.name == name)
    }
}

/// The largest request of REST and of SOAP, files in base64 included, but for [`LARGE_BODIES`] and forms.
pub const MAX_BODY: usize = 50 * 1024 * 1024;

/// The largest form that brings files.
const MAX_FORM: usize = 500 * 1024 * 1024;

/// What may come as a form.
const FORMS: [&str; 5] = [
    "rest.sobject.create",
    "rest.sobject.update",
    "rest.sobject.upsert",
    "rest.collections.create",
    "rest.collections.update",
];

/// The control API takes whole orgs.
pub const MAX_CONTROL_BODY: usize = 1024 * 1024 * 1024;

/// Uploads of data: 150 MB a job of 2.0, ten million characters a batch of 1.0.
const LARGE_BODIES: &[(&str, usize)] =
    &[("bulk2.ingest.upload", 150 * 1024 * 1024), ("bulk1.batch.create", 40 * 1024 * 1024)];
