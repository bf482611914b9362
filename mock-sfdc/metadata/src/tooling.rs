//! The objects of the Tooling API: components as rows. Their fields are data (`tooling.json`, in the words of the standard objects),
//! their rows are made of the org's definitions when a query asks for them; no table keeps any.

use mock_sfdc_org::{
    id::Id,
    schema::{FieldSight, Object, ObjectSight, PackageError, Schema},
    soql,
    state::{Edit, State},
    streaming::ManagedSubscription,
    value::Value as Cell,
};
use serde_json::{Value, json};

use crate::{
    definition::{definition, is_custom, listed, names},
    types::{MetadataType, own_name, owner_of},
};

mod event_channels;

pub use self::event_channels::enriched_by_id;

const OBJECTS: &str = include_str!("tooling.json");

/// The types whose components are rows.
pub const TOOLING_TYPES: &[&str] = &[
    "CustomField",
    "CustomObject",
    "PlatformEventChannel",
    "PlatformEventChannelMember",
    "StandardValueSet",
    "ValidationRule",
    "WorkflowAlert",
    "WorkflowFieldUpdate",
    "WorkflowOutboundMessage",
    "WorkflowRule",
    "WorkflowTask",
];

/// The org's own objects that the Tooling API shows too.
const SHARED: &[&str] = &[
    "ApexClass",
    "ApexComponent",
    "ApexLog",
    "ApexPage",
    "ApexTrigger",
    "AsyncApexJob",
    "BusinessProcess",
    "EmailTemplate",
    "EntityDefinition",
    "FieldDefinition",
    "Group",
    "Name",
    "Organization",
    "PermissionSet",
    "PermissionSetGroup",
    "Profile",
    "QueueSobject",
    "RecordType",
    "StaticResource",
    "User",
    "UserRole",
];

/// Not metadata that an org of ours takes or gives, but rows that subscribers look up.
const MANAGED: &str = "ManagedEventSubscription";

/// Fields that members of event channels add, each a row that can be taken away.
pub const ENRICHED_FIELD: &str = "EnrichedField";

/// The org as the Tooling API sees it: its schema with more objects, and what of it has a name there.
#[derive(Debug)]
pub struct Tooling {
    whole: Schema,
    pub schema: Schema,
}

impl Tooling {
    pub fn of(state: &State) -> Result<Self, PackageError> {
        let whole = state.schema().with_set_up_objects("tooling.json", OBJECTS)?;
        let sight = |object: &Object| {
            let name = object.name.as_str();
            let own = TOOLING_TYPES.contains(&name);
            let enriched = name == ENRICHED_FIELD;
            if !own && !enriched && name != MANAGED && !SHARED.contains(&name) {
                return ObjectSight::Hidden;
            }
            // What Apex and pages are made of is not emulated; people are made elsewhere.
            ObjectSight::Seen { create: own, edit: own, delete: own || enriched }
        };
        let schema = whole.seen(sight, |_, _, _| FieldSight::Editable);
        Ok(Self { whole, schema })
    }

    /// The org with the rows of one of these objects, for a query over it.
    #[must_use]
    pub fn fill(&self, state: &State, object: &Object) -> State {
        let kind = MetadataType::find(object.name.as_str());
        let kind = kind.filter(|kind| TOOLING_TYPES.contains(&kind.name));
        let rows: Vec<Edit> = match kind {
            Some(kind) => {
                let names = own_names(state, kind).into_iter();
                names.filter_map(|name| row(state, &self.whole, object, kind, &name)).collect()
            }
            None if object.name == *MANAGED => managed(state, object),
            None if object.name == *ENRICHED_FIELD => event_channels::enriched_rows(state, object),
            None => Vec::new(),
        };
        let rows = rows.into_iter().map(|edit| (object.index, edit));
        soql::with_entities(state.beside(self.whole.clone(), rows))
    }
}

/// The components that are rows: of objects and fields the custom ones.
fn own_names(state: &State, kind: &MetadataType) -> Vec<String> {
    let mut all = names(state, kind);
    if kind.name == "CustomObject" {
        all.retain(|name| state.schema().object(name).is_some_and(|object| is_custom(object)));
    }
    all
}

/// The full name of a component by the id of its row.
#[must_use]
pub fn by_id(state: &State, kind: &'static MetadataType, id: Id) -> Option<String> {
    own_names(state, kind).into_iter().find(|name| listed(state, kind, name).id == id)
}

fn row(
    state: &State,
    schema: &Schema,
    object: &Object,
    kind: &'static MetadataType,
    full_name: &str,
) -> Option<Edit> {
    let said = definition(state, kind, full_name)?;
    let about = listed(state, kind, full_name);
    let mut edit = Edit::new(about.id, object.fields.len());
    let mut put = |field: &str, cell: Cell| {
        if let Some((position, _)) = object.field(field) {
            edit.set(position, cell);
        }
    };
    let (owner, own) = (owner_of(full_name), own_name(full_name));
    let stem = own.strip_suffix("__c").unwrap_or(own);
    let (namespace, bare) = stem.split_once("__").map_or((None, stem), |(space, bare)| (Some(space), bare));
    for field in ["DeveloperName", "Name", "ValidationName", "MasterLabel", "DurableId"] {
        put(field, bare.into());
    }
    put("NamespacePrefix", namespace.map_or(Cell::Null, Cell::from));
    put("ManageableState", "unmanaged".into());
    put("EntityDefinitionId", owner.into());
    put("TableEnumOrId", table(state, owner));
    put("SourceTableEnumOrId", table(state, owner));
    put("Language", "en_US".into());
    for (field, word) in WORDS {
        if let Some(value) = said.get(*word) {
            put(field, cell(value));
        }
    }
    if let Some(field) = said["field"].as_str() {
        put("FieldDefinitionId", format!("{owner}.{field}").as_str().into());
    }
    for (field, cell) in event_channels::cells(state, kind, full_name) {
        put(field, cell);
    }
    put("FullName", full_name.into());
    put("Metadata", said.to_string().as_str().into());
    put("Id", about.id.into());
    put("CreatedById", about.created_by.into());
    put("CreatedDate", Cell::DateTime(about.created));
    put("LastModifiedById", about.modified_by.into());
    put("LastModifiedDate", Cell::DateTime(about.modified));
    put("SystemModstamp", Cell::DateTime(about.modified));
    // `EntityDefinition.QualifiedApiName` leads to a row of that object.
    if let Some((position, _)) = object.parent_relationship("EntityDefinition") {
        edit.set(
            position,
            soql::entity_id(schema, state.settings().pod, owner).map_or(Cell::Null, Cell::from),
        );
    }
    Some(edit)
}

/// The managed event subscriptions, as their subscribers find them.
fn managed(state: &State, object: &Object) -> Vec<Edit> {
    let subscriptions = state.streams().managed().all();
    let row = |one: &ManagedSubscription| {
        let id = one.id(state.settings().pod);
        let mut edit = Edit::new(id, object.fields.len());
        let label = one.label.as_ref().unwrap_or(&one.full_name);
        let metadata = json!({
            "defaultReplay": one.default_replay, "errorRecoveryReplay": one.error_recovery_replay,
            "label": label, "state": one.state, "topicName": one.topic_name, "urls": null,
        });
        let cells: [(&str, Cell); 6] = [
            ("Id", id.into()),
            ("DeveloperName", one.full_name.as_str().into()),
            ("MasterLabel", label.as_str().into()),
            ("Language", "en_US".into()),
            ("FullName", one.full_name.as_str().into()),
            ("Metadata", metadata.to_string().as_str().into()),
        ];
        for (field, cell) in cells {
            if let Some((position, _)) = object.field(field) {
                edit.set(position, cell);
            }
        }
        edit
    };
    subscriptions.map(row).collect()
}

/// Fields that say the same as a word of the definition.
const WORDS: &[(&str, &str)] = &[
    ("Active", "active"),
    ("ApiVersion", "apiVersion"),
    ("Description", "description"),
    ("DueDateOffset", "dueDateOffset"),
    ("EndpointUrl", "endpointUrl"),
    ("ErrorDisplayField", "errorDisplayField"),
    ("ErrorMessage", "errorMessage"),
    ("InlineHelpText", "inlineHelpText"),
    ("Length", "length"),
    ("LiteralValue", "literalValue"),
    ("Precision", "precision"),
    ("Priority", "priority"),
    ("RelationshipLabel", "relationshipLabel"),
    ("Scale", "scale"),
    ("SenderType", "senderType"),
    ("Status", "status"),
    ("Subject", "subject"),
    ("SummaryOperation", "summaryOperation"),
];

fn cell(value: &Value) -> Cell {
    match value {
        Value::Bool(flag) => Cell::Bool(*flag),
        Value::String(text) => text.as_str().into(),
        Value::Number(number) => number.to_string().parse().map_or(Cell::Null, Cell::Number),
        _ => Cell::Null,
    }
}

/// A standard object by its name, a custom one by the id of its definition.
fn table(state: &State, object: &str) -> Cell {
    let known = state.schema().object(object).filter(|object| is_custom(object));
    let kind = MetadataType::find("CustomObject");
    match (known, kind) {
        (Some(known), Some(kind)) => listed(state, kind, known.name.as_str()).id.short().into(),
        _ => object.into(),
    }
}
