//! Which requests are meant: how faults, expectations and the journal's readers name them.

use mock_sfdc_org::nearest::nearest;
use serde::{Deserialize, Serialize};

use crate::{
    journal::Entry,
    operation::{NO_METHOD, NO_PATH, NO_RESOURCE, Operation},
};

/// A name of the operation table, or the beginning of several (`rest.*`), narrowed down.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Which {
    pub operation: String,
    /// The object in the path, in any spelling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// A text that stands in the path, the query or the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
}

/// All names that a request can be recorded under.
pub fn names() -> impl Iterator<Item = &'static str> {
    let unknown: [&Operation; 3] = [&NO_RESOURCE, &NO_PATH, &NO_METHOD];
    Operation::all().chain(unknown).map(|operation| operation.name)
}

impl Which {
    #[must_use]
    pub fn operation(name: &str) -> Self {
        Self { operation: name.to_owned(), ..Self::default() }
    }

    /// Whether any operation has this name; the error names the nearest.
    pub fn check(&self) -> Result<(), String> {
        if names().any(|name| self.names(name)) {
            return Ok(());
        }
        let near = nearest(&self.operation, names());
        let hint = if near.is_empty() {
            "; GET /_mock lists all".to_owned()
        } else {
            format!("; did you mean {}?", near.join(" or "))
        };
        Err(format!("there is no operation {:?}{hint}", self.operation))
    }

    #[must_use]
    pub fn names(&self, operation: &str) -> bool {
        match self.operation.strip_suffix('*') {
            Some(beginning) => operation.starts_with(beginning),
            None => operation == self.operation,
        }
    }

    #[must_use]
    pub fn is_met_by(&self, entry: &Entry) -> bool {
        let object =
            |wanted: &String| entry.object.as_ref().is_some_and(|found| found.eq_ignore_ascii_case(wanted));
        self.names(entry.operation)
            && self.object.as_ref().is_none_or(object)
            && self.contains.as_ref().is_none_or(|text| entry.mentions(text))
    }
}

impl std::fmt::Display for Which {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.operation)?;
        if let Some(object) = &self.object {
            write!(f, " of {object}")?;
        }
        if let Some(text) = &self.contains {
            write!(f, " with {text:?}")?;
        }
        Ok(())
    }
}
