//! The companions of objects: `<Object>History`, `<Object>Share`, `<Object>Feed` and `<Object>ChangeEvent`. They are so much
//! alike that a rule for each kind and one table say them all (contract/rest.md section 2, the recorded global describes).

use super::build;
use super::format::ObjectDef;
use super::{ChildSide, Field, FieldType, Object, ObjectUrl, PicklistValue, Schema, Scope};
use crate::name::Name;

/// Which companions an object has: `H`istory, `S`hare, `F`eed, `C`hange event. Behind it the key prefix of its shares, and
/// whether describe says that shares can be written: `w` all verbs, `c` create, `-` none.
const COMPANIONS: &[(&str, &str, Shares)] = &[
    ("Account", "HSFC", Some((*b"00r", 'w'))),
    ("AccountContactRole", "C", None),
    ("Asset", "HSFC", Some((*b"70a", 'c'))),
    ("Campaign", "HSFC", Some((*b"08s", 'w'))),
    ("CampaignMember", "C", None),
    ("CampaignMemberStatus", "C", None),
    ("Case", "HSFC", Some((*b"01n", 'w'))),
    ("Contact", "HSFC", Some((*b"03s", '-'))),
    ("ContactPointEmail", "HSC", None),
    ("ContentDocument", "HF", None),
    ("ContentVersion", "H", None),
    ("Contract", "HFC", None),
    ("Dashboard", "F", None),
    ("EmailMessage", "C", None),
    ("EmailTemplate", "C", None),
    ("Event", "FC", None),
    ("EventRelation", "C", None),
    ("Individual", "HSC", Some((*b"0T5", 'w'))),
    ("Lead", "HSFC", Some((*b"01o", 'w'))),
    ("Opportunity", "HSFC", Some((*b"00t", 'w'))),
    ("OpportunityContactRole", "C", None),
    ("Order", "HSFC", Some((*b"0Fy", '-'))),
    ("OrderItem", "HFC", None),
    ("Pricebook2", "HC", None),
    ("PricebookEntry", "H", None),
    ("Product2", "HFC", None),
    ("Quote", "HSFC", None),
    ("Report", "F", None),
    ("Solution", "HF", None),
    ("Task", "FC", None),
    ("Topic", "F", None),
    ("User", "SFC", Some((*b"0N2", 'w'))),
];

/// Records whose shares by hand would open nothing here.
const NOT_BY_HAND: [&str; 3] = ["ContactPointEmail", "Quote", "User"];

type Shares = Option<([u8; 3], char)>;

/// A kind of companion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Companion {
    History,
    Share,
    Feed,
    ChangeEvent,
}

impl Companion {
    fn of_letter(letter: char) -> Option<Self> {
        match letter {
            'H' => Some(Self::History),
            'S' => Some(Self::Share),
            'F' => Some(Self::Feed),
            'C' => Some(Self::ChangeEvent),
            _ => None,
        }
    }

    /// describe's `associateEntityType`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::History => "History",
            Self::Share => "Share",
            Self::Feed => "Feed",
            Self::ChangeEvent => "ChangeEvent",
        }
    }

    /// What the companion of an object is called: `Contact` and `ContactHistory`, `Invoice__c` and `Invoice__History`.
    #[must_use]
    pub fn name_for(self, parent: &str) -> String {
        if self == Self::History && parent.eq_ignore_ascii_case("Opportunity") {
            // OpportunityHistory is an object of its own: the stages that it passed.
            return "OpportunityFieldHistory".to_owned();
        }
        match parent.strip_suffix("__c") {
            Some(stem) => format!("{stem}__{}", self.as_str()),
            None => format!("{parent}{}", self.as_str()),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::ChangeEvent => "Change Event",
            same => same.as_str(),
        }
    }

    /// What the ids of its rows begin with where describe tells no prefix.
    const fn record_prefix(self) -> [u8; 3] {
        match self {
            Self::History => *b"017",
            Self::Share => *b"02c",
            Self::Feed => *b"0D5",
            Self::ChangeEvent => *b"000",
        }
    }

    /// The companion of this kind that belongs to `parent`.
    #[must_use]
    pub fn of(self, parent: &Object) -> Object {
        let mut object = self.frame(parent);
        object.fields = match self {
            Self::History => history(parent),
            Self::Share => share(parent),
            Self::Feed => feed(parent),
            Self::ChangeEvent => change_event(parent),
        };
        object
    }

    fn frame(self, parent: &Object) -> Object {
        let name = self.name_for(parent.name.as_str());
        let mut object = build::object(&name, &mut ObjectDef::default());
        object.label = match (self, parent.name.as_str()) {
            (Self::History, "Campaign" | "Opportunity") => format!("{} Field History", parent.label),
            (Self::Feed, "ContentDocument") => "ContentDocument Feed".to_owned(),
            _ => format!("{} {}", parent.label, self.words()),
        };
        object.label_plural.clone_from(&object.label);
        object.custom = false;
        object.key_prefix = None;
        object.record_prefix = self.record_prefix();
        object.associate_entity_type = Some(self.as_str().to_owned());
        object.associate_parent_entity = Some(parent.name.clone());
        object.compact_layoutable = false;
        object.layoutable = false;
        object.mru_enabled = false;
        object.search_layoutable = false;
        object.searchable = false;
        object.undeletable = false;
        object.createable = self == Self::Share;
        object.updateable = self == Self::Share;
        object.deletable = matches!(self, Self::Share | Self::Feed);
        object.queryable = self != Self::ChangeEvent;
        object.replicateable = matches!(self, Self::History | Self::Feed);
        object.triggerable = self == Self::ChangeEvent;
        object.record_type_infos = Vec::new();
        object.supported_scopes = vec![Scope {
            label: format!("All {}", object.label.to_lowercase()),
            name: "everything".to_owned(),
        }];
        object.urls = vec![ObjectUrl::RowTemplate, ObjectUrl::Describe, ObjectUrl::Sobject];
        match self {
            Self::Share if NOT_BY_HAND.iter().any(|name| parent.name.is(name)) => {
                object.writes_not_emulated = Some("sharing such records by hand".to_owned());
            }
            Self::Feed => object.writes_not_emulated = Some("Chatter".to_owned()),
            Self::ChangeEvent => object.urls.insert(1, ObjectUrl::EventSchema),
            Self::Share | Self::History => {}
        }
        object
    }
}

/// Every companion that the table gives to an object of this schema.
pub(super) fn standard(schema: &Schema) -> Vec<Object> {
    let mut found = Vec::new();
    for (parent, letters, share) in COMPANIONS {
        let Some(parent) = schema.object(parent) else { continue };
        for kind in letters.chars().filter_map(Companion::of_letter) {
            let mut object = kind.of(parent);
            if let (Companion::Share, Some((prefix, writes))) = (kind, share) {
                object.key_prefix = Some(*prefix);
                object.record_prefix = *prefix;
                object.createable = *writes != '-';
                object.updateable = *writes == 'w';
                object.deletable = *writes == 'w';
            }
            found.push(object);
        }
    }
    found
}

fn well_known(names: &[&str], object: &str) -> Vec<Field> {
    names
        .iter()
        .filter_map(|name| Field::well_known(name, object, object))
        .map(|mut field| {
            field.apply_length();
            field
        })
        .collect()
}

fn read_only(name: &str, kind: FieldType, length: u32) -> Field {
    let mut field = Field::new(name, kind);
    if length > 0 {
        field.length = length;
    }
    field.apply_length();
    field.createable = false;
    field.updateable = false;
    field.permissionable = false;
    field
}

fn values(field: &mut Field, values: &[(&str, &str)]) {
    field.restricted_picklist = true;
    field.picklist_values = values
        .iter()
        .map(|(value, label)| PicklistValue {
            active: true,
            default_value: false,
            label: (*label).to_owned(),
            value: (*value).to_owned(),
            valid_for: None,
        })
        .collect();
}

/// `Account` has `AccountId`, a custom object `ParentId`; the parent lists its companions under `plural`.
fn parent_reference(name: &str, parent: &Object, plural: &str) -> Field {
    let mut field = read_only(name, FieldType::Reference, 18);
    field.reference_to = vec![parent.name.clone()];
    field.relationship_name = Some(Name::new(name.trim_end_matches("Id")));
    field.nillable = false;
    field.child = ChildSide {
        relationship_name: Some(Name::new(plural)),
        cascade_delete: true,
        restricted_delete: false,
        absent: false,
    };
    field
}

fn reference(name: &str, to: &[&str], relationship: Option<&str>) -> Field {
    let mut field = read_only(name, FieldType::Reference, 18);
    field.reference_to = to.iter().map(|name| Name::new(name)).collect();
    field.polymorphic_foreign_key = to.len() > 1;
    field.name_pointing = to.len() > 1;
    field.relationship_name = relationship.map(Name::new);
    field
}

fn own_reference(parent: &Object) -> String {
    if parent.custom { "ParentId".to_owned() } else { format!("{}Id", parent.name) }
}

fn history(parent: &Object) -> Vec<Field> {
    let mut fields = well_known(&["Id", "IsDeleted", "CreatedById", "CreatedDate"], "History");
    fields.insert(2, parent_reference(&own_reference(parent), parent, "Histories"));
    let mut field = read_only("Field", FieldType::Picklist, 40);
    "Changed Field".clone_into(&mut field.label);
    field.nillable = false;
    field.restricted_picklist = true;
    fields.push(field);
    fields.push(read_only("OldValue", FieldType::AnyType, 255));
    fields.push(read_only("NewValue", FieldType::AnyType, 255));
    fields
}

const LEVELS: &[(&str, &str)] = &[("Read", "Read Only"), ("Edit", "Read/Write"), ("All", "Owner")];
const LEVELS_BELOW: &[(&str, &str)] =
    &[("None", "Private"), ("Read", "Read Only"), ("Edit", "Read/Write"), ("All", "Owner")];
const CAUSES: &[(&str, &str)] = &[
    ("Owner", "Owner"),
    ("Manual", "Manual Sharing"),
    ("Rule", "Sharing Rule"),
    ("ImplicitChild", "Account Sharing"),
    ("ImplicitParent", "Associated record owner or sharing"),
    ("ImplicitPerson", "Person Contact"),
    ("Team", "Sales Team"),
    ("Territory", "Territory Assignment Rule"),
    ("TerritoryManual", "Territory Manual"),
    ("TerritoryRule", "Sales Territory Assignment Rule"),
    ("ManualTerritory", "Territory Manual Sharing"),
];

fn share(parent: &Object) -> Vec<Field> {
    let level = |name: String, levels: &[(&str, &str)]| {
        let mut field = read_only(&name, FieldType::Picklist, 40);
        field.createable = true;
        field.updateable = true;
        field.nillable = false;
        values(&mut field, levels);
        field
    };
    let access = if parent.custom { "AccessLevel".to_owned() } else { format!("{}AccessLevel", parent.name) };
    let mut fields = well_known(&["Id"], "Share");
    let mut to = parent_reference(&own_reference(parent), parent, "Shares");
    to.createable = true;
    fields.push(to);
    let mut with = reference("UserOrGroupId", &["Group", "User"], Some("UserOrGroup"));
    with.createable = true;
    with.nillable = false;
    with.child.cascade_delete = true;
    fields.push(with);
    fields.push(level(access, LEVELS));
    if parent.name.is("Account") {
        for below in ["Opportunity", "Case", "Contact"] {
            fields.push(level(format!("{below}AccessLevel"), LEVELS_BELOW));
        }
    }
    let mut cause = read_only("RowCause", FieldType::Picklist, 40);
    cause.createable = true;
    values(&mut cause, CAUSES);
    fields.push(cause);
    fields.extend(well_known(&["LastModifiedDate", "LastModifiedById"], "Share"));
    if parent.name.is("User") {
        fields.push(read_only("IsActive", FieldType::Boolean, 0));
    } else {
        fields.extend(well_known(&["IsDeleted"], "Share"));
    }
    fields
}

fn feed(parent: &Object) -> Vec<Field> {
    use FieldType as T;
    let mut fields = well_known(&["Id"], "Feed Item");
    fields.push(parent_reference("ParentId", parent, "Feeds"));
    let mut kind = read_only("Type", T::Picklist, 40);
    "Feed Item Type".clone_into(&mut kind.label);
    values(
        &mut kind,
        &[
            ("TrackedChange", "Tracked Change"),
            ("TextPost", "Text Post"),
            ("LinkPost", "Link Post"),
            ("ContentPost", "Content Post"),
        ],
    );
    fields.push(kind);
    fields.extend(well_known(
        &["CreatedById", "CreatedDate", "IsDeleted", "LastModifiedDate", "SystemModstamp"],
        "Feed Item",
    ));
    fields.push(read_only("CommentCount", T::Int, 0));
    fields.push(read_only("LikeCount", T::Int, 0));
    fields.push(read_only("Title", T::String, 255));
    fields.push(read_only("Body", T::Textarea, 10_000));
    fields.push(read_only("LinkUrl", T::Url, 1000));
    fields.push(read_only("IsRichText", T::Boolean, 0));
    fields.push(reference("RelatedRecordId", &["ContentVersion"], None));
    fields.push(reference("InsertedById", &["User"], Some("InsertedBy")));
    fields.push(reference("BestCommentId", &["FeedComment"], Some("BestComment")));
    fields
}

/// What an event does not carry: it is no record that is deleted, viewed or stamped.
const NOT_IN_EVENTS: [&str; 9] = [
    "IsDeleted",
    "MasterRecordId",
    "SystemModstamp",
    "LastActivityDate",
    "LastViewedDate",
    "LastReferencedDate",
    "PhotoUrl",
    "Id",
    "UserRecordAccess",
];

fn change_event(parent: &Object) -> Vec<Field> {
    let mut fields = well_known(&["Id"], "Change Event");
    let mut replay = read_only("ReplayId", FieldType::String, 1000);
    "Replay ID".clone_into(&mut replay.label);
    let mut header = read_only("ChangeEventHeader", FieldType::ComplexValue, 0);
    "Change Event Header".clone_into(&mut header.label);
    header.filterable = false;
    fields.extend([replay, header]);
    let carried = parent
        .fields
        .iter()
        .filter(|field| !field.calculated && !NOT_IN_EVENTS.iter().any(|not| field.name.is(not)));
    fields.extend(carried.cloned().map(|mut field| {
        field.createable = false;
        field.updateable = false;
        field.permissionable = false;
        field.nillable = field.kind != FieldType::Boolean;
        field.child = ChildSide { absent: field.child.absent, ..ChildSide::default() };
        field
    }));
    fields
}
