//! `package.xml`, and the manifests of what is to go: types and the names of their components.

use crate::xml::{self, Element};

/// What a manifest names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// In the order of the file, with the names below each.
    pub types: Vec<(String, Vec<String>)>,
    /// `66.0`
    pub version: Option<String>,
}

impl Manifest {
    /// Reads a file.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        xml::parse(bytes).map(|root| Self::of(&root)).map_err(|error| error.to_string())
    }

    /// A `Package`, wherever it stands.
    #[must_use]
    pub fn of(package: &Element) -> Self {
        let types = package.all("types").filter_map(|types| {
            let members = types.all("members").map(|member| member.text.trim().to_owned());
            Some((types.text_of("name")?.to_owned(), members.collect()))
        });
        Self { types: types.collect(), version: package.text_of("version").map(str::to_owned) }
    }

    /// Every component that is named, with its type.
    pub fn members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.types
            .iter()
            .flat_map(|(name, members)| members.iter().map(move |one| (name.as_str(), one.as_str())))
    }

    /// Whether it names a component, be it by `*`.
    #[must_use]
    pub fn names(&self, kind: &str, full_name: &str) -> bool {
        self.members().any(|(known, member)| known == kind && (member == full_name || member == "*"))
    }
}
