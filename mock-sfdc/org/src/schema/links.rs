//! The links in describes: to an object's resources, its pages, and the layouts of its record types.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::{Object, ObjectUrl, RecordTypeInfo};

/// Where the links of a describe lead.
#[derive(Clone, Copy, Debug)]
pub struct Links<'a> {
    /// As in the path: `v59.0`.
    pub version: &'a str,
    /// Scheme and host of the org, for the links that a person opens.
    pub instance_url: &'a str,
}

/// describe's `recordTypeInfos`, each with the link to its layout.
pub(super) struct RecordTypes<'a> {
    pub object: &'a Object,
    pub links: Links<'a>,
}

impl Serialize for RecordTypes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let infos = &self.object.record_type_infos;
        let mut seq = serializer.serialize_seq(Some(infos.len()))?;
        for info in infos {
            seq.serialize_element(&RecordType { info, object: self.object, links: self.links })?;
        }
        seq.end()
    }
}

struct RecordType<'a> {
    info: &'a RecordTypeInfo,
    object: &'a Object,
    links: Links<'a>,
}

impl Serialize for RecordType<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let layout =
            format!("{}/describe/layouts/{}", path(self.object, self.links), self.info.record_type_id);
        let mut map = serializer.serialize_map(Some(8))?;
        map.serialize_entry("active", &self.info.active)?;
        map.serialize_entry("available", &self.info.available)?;
        map.serialize_entry("defaultRecordTypeMapping", &self.info.default_record_type_mapping)?;
        map.serialize_entry("developerName", &self.info.developer_name)?;
        map.serialize_entry("master", &self.info.master)?;
        map.serialize_entry("name", &self.info.name)?;
        map.serialize_entry("recordTypeId", &self.info.record_type_id)?;
        map.serialize_entry("urls", &serde_json::json!({ "layout": layout }))?;
        map.end()
    }
}

/// describe's `urls`: all, or those that the global describe gives.
pub(super) struct Urls<'a> {
    pub object: &'a Object,
    pub links: Links<'a>,
    pub all: bool,
}

impl Serialize for Urls<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for url in &self.object.urls {
            if self.all || url.in_global() {
                map.serialize_entry(url.key(), &url.link(self.object, self.links))?;
            }
        }
        map.end()
    }
}

pub(super) fn prefix_text(object: &Object) -> Option<&str> {
    object.key_prefix.as_ref().and_then(|prefix| std::str::from_utf8(prefix).ok())
}

fn path(object: &Object, links: Links<'_>) -> String {
    format!("/services/data/{}/sobjects/{}", links.version, object.name)
}

impl ObjectUrl {
    /// The key in describe's `urls`, and what follows the object's path.
    const fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::ApprovalLayouts => ("approvalLayouts", "/describe/approvalLayouts"),
            Self::CaseArticleSuggestions => ("caseArticleSuggestions", "/suggestedArticles"),
            Self::CaseRowArticleSuggestions => ("caseRowArticleSuggestions", "/{ID}/suggestedArticles"),
            Self::CompactLayouts => ("compactLayouts", "/describe/compactLayouts"),
            Self::Describe => ("describe", "/describe"),
            Self::EventSchema => ("eventSchema", "/eventSchema"),
            Self::EventSeriesUpdates => ("eventSeriesUpdates", "/{ID}/fromThisEventOnwards"),
            Self::Layouts => ("layouts", "/describe/layouts"),
            Self::Listviews => ("listviews", "/listviews"),
            Self::NamedLayouts => ("namedLayouts", "/describe/namedLayouts/{LayoutName}"),
            Self::PasswordUtilities => ("passwordUtilities", "/{ID}/password"),
            Self::Push => ("push", "/{ID}/push"),
            Self::QuickActions => ("quickActions", "/quickActions"),
            Self::RowTemplate => ("rowTemplate", "/{ID}"),
            Self::Sobject => ("sobject", ""),
            Self::UiDetailTemplate => ("uiDetailTemplate", "/{ID}"),
            Self::UiEditTemplate => ("uiEditTemplate", "/{ID}/e"),
            Self::UiNewRecord => ("uiNewRecord", "/e"),
        }
    }

    /// The key in describe's `urls`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        self.parts().0
    }

    const fn is_page(self) -> bool {
        matches!(self, Self::UiDetailTemplate | Self::UiEditTemplate | Self::UiNewRecord)
    }

    /// Global describe leaves out what only the object's own describe links to.
    const fn in_global(self) -> bool {
        !self.is_page()
    }

    fn link(self, object: &Object, links: Links<'_>) -> String {
        let (_, rest) = self.parts();
        match self {
            Self::UiNewRecord => {
                format!("{}/{}{rest}", links.instance_url, prefix_text(object).unwrap_or_default())
            }
            _ if self.is_page() => format!("{}{rest}", links.instance_url),
            _ => format!("{}{rest}", path(object, links)),
        }
    }
}
