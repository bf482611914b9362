//! Which reader an upload has, and where uploads lie: for batches as they come, and for those that an image brings back.

use std::sync::Arc;

use mock_sfdc_org::{
    bulk::{self, Content, ContentType, JobType, Spec, Store},
    image::Loader,
};

use super::content::{csv::Csv, json, rows::Rows, xml};
use crate::spool::Spools;

#[derive(Debug, Default)]
pub struct Formats(Arc<Spools>);

/// A loader of images that can read what was sent to jobs.
#[must_use]
pub fn loader() -> Loader {
    Loader::with(Arc::new(Formats::default()))
}

impl bulk::Formats for Formats {
    fn store(&self) -> Arc<dyn Store> {
        Arc::new(self.0.spool())
    }

    fn content(&self, spec: &Spec, sent: Arc<dyn Store>) -> Arc<dyn Content> {
        content(spec, sent, &self.0)
    }
}

/// What was sent to a job of this kind.
#[must_use]
pub fn content(spec: &Spec, sent: Arc<dyn Store>, spools: &Arc<Spools>) -> Arc<dyn Content> {
    match (spec.kind, spec.content) {
        (JobType::Classic, ContentType::Json) => Arc::new(Rows::new(sent, spools, "JSON", json::read)),
        (JobType::Classic, ContentType::Xml) => Arc::new(Rows::new(sent, spools, "XML", xml::read)),
        (JobType::Classic, _) => Arc::new(Csv::new(sent, b',', None)),
        _ => Arc::new(Csv::new(sent, spec.delimiter.byte(), Some(spec.line_ending))),
    }
}
