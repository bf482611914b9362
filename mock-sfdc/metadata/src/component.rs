//! One component as somebody sends it, over SOAP or in the `Metadata` of a Tooling row: a part of a project that has no file.

use mock_sfdc_org::{schema::Schema, state::Transaction};
use serde_json::Value;

use crate::{
    Metadata, NotTaken, Report,
    source::Part,
    types::{MetadataType, own_name, owner_of},
    xml::Element,
};

/// A component with its full name, `Lead.Region__c`.
#[derive(Debug, Clone)]
pub struct Component {
    pub kind: &'static MetadataType,
    pub full_name: String,
    pub element: Element,
}

impl Component {
    /// A component out of an element; nothing where it has no `fullName`.
    #[must_use]
    pub fn of_element(kind: &'static MetadataType, element: Element) -> Option<Self> {
        let full_name = element.text_of("fullName")?.to_owned();
        Some(Self { kind, full_name, element })
    }

    /// A component out of JSON in metadata's words.
    #[must_use]
    pub fn of_json(kind: &'static MetadataType, full_name: &str, said: &Value) -> Self {
        Self { kind, full_name: full_name.to_owned(), element: Element::of_json(kind.name, said) }
    }

    /// As a file of a project would hold it.
    fn part(&self) -> Part {
        let mut element = self.element.clone();
        let own = own_name(&self.full_name).to_owned();
        let part = |kind: &str, object: Option<String>, name: String, element: Element| Part {
            file: self.full_name.clone(),
            kind: kind.to_owned(),
            object,
            name,
            element,
        };
        let Some((_, tag)) = self.kind.parent else {
            element.children.retain(|child| child.name != "fullName");
            return part(self.kind.part, None, self.full_name.clone(), element);
        };
        let owner = owner_of(&self.full_name).to_owned();
        tag.clone_into(&mut element.name);
        element.children.retain(|child| child.name != "fullName");
        let name = Element { name: "fullName".to_owned(), text: own.clone(), ..Element::default() };
        element.children.insert(0, name);
        if self.kind.part.is_empty() {
            let of = self.kind.file_type();
            let file = Element { name: of.name.to_owned(), children: vec![element], ..Element::default() };
            return part(of.part, None, owner, file);
        }
        part(self.kind.part, Some(owner), own, element)
    }
}

impl Metadata {
    /// Components that are to come into an org which has this schema.
    #[must_use]
    pub fn of_components(components: &[Component], schema: &Schema) -> Self {
        Self::of_parts(components.iter().map(Component::part).collect(), schema)
    }

    /// Takes all of it over at once, into an org that stands.
    pub fn apply_all(&self, tx: &mut Transaction) -> Report {
        let mut report = Report::default();
        for moment in crate::Moment::ALL {
            report.add(self.apply(moment, tx));
        }
        // A field that was something else before may be what no filter can look at.
        if let Some(member) = tx.state().streams().event_channels().broken(tx.state().schema()) {
            let what = format!("event channel member {}", member.name());
            report.not_taken.push(NotTaken::new("", 0, &what, "it names a field that cannot become this"));
        }
        report
    }
}
