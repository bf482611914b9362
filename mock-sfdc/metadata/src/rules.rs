//! What an administrator configures beside the schema, each as a fragment of an org's fixture: fixtures speak metadata's words,
//! so most of it is the element itself.

use mock_sfdc_org::seed::Moment;
use serde_json::{Map, Value, json};

use crate::{names::Names, source::Part, xml::Element};

/// A piece of an org's fixture, and where it comes from.
#[derive(Debug, Clone)]
pub struct Fragment {
    pub file: String,
    pub line: usize,
    /// As people call it: `queue Inbound`.
    pub what: String,
    /// The plural under which what was taken is counted.
    pub kind: &'static str,
    /// The key of the fixture, and one item of its list.
    pub key: &'static str,
    pub value: Value,
    /// Users may need it, or it may name them.
    pub when: Moment,
}

/// Makes fragments of a file. What an element of it is not taken for is told by the org itself, when it reads the fragment.
pub fn fragments(part: &Part, names: &Names) -> Vec<Fragment> {
    let root = &part.element;
    let name = part.name.as_str();
    let one = |kind: &'static str, key: &'static str, what: String, value: Value, when: Moment| {
        vec![Fragment { file: part.file.clone(), line: root.line, what, kind, key, value, when }]
    };
    let each = |tag: &'static str,
                kind: &'static str,
                key: &'static str,
                word: &str,
                more: &dyn Fn(&Element, &mut Value)| {
        let make = |element: &Element| {
            let mut value = element.to_json();
            let own = element.text_of("fullName").unwrap_or("?");
            more(element, &mut value);
            Fragment {
                file: part.file.clone(),
                line: element.line,
                what: format!("{word} {own} of {name}"),
                kind,
                key,
                value,
                when: Moment::AfterPeople,
            }
        };
        root.all(tag).map(make).collect::<Vec<_>>()
    };
    let object = names.own(name);
    match part.kind.as_str() {
        "assignmentRules" => {
            each("assignmentRule", "assignment rules", "assignmentRules", "assignment rule", &|_, value| {
                set(value, "object", json!(object));
                rename(value, "fullName", "name");
                for entry in value["ruleEntry"].as_array_mut().into_iter().flatten() {
                    assignee(entry);
                }
                default_list(value, "ruleEntry");
            })
        }
        "autoResponseRules" => each(
            "autoResponseRule",
            "auto-response rules",
            "autoResponseRules",
            "auto-response rule",
            &|_, value| {
                set(value, "object", json!(object));
                rename(value, "fullName", "name");
                default_list(value, "ruleEntry");
            },
        ),
        "matchingRule" => {
            each("matchingRules", "matching rules", "matchingRules", "matching rule", &|element, value| {
                let own = element.text_of("fullName").unwrap_or_default();
                set(value, "fullName", json!(format!("{object}.{own}")));
            })
        }
        "duplicateRule" => {
            let mut value = root.to_json();
            set(&mut value, "fullName", json!(names.own_path(name)));
            one(
                "duplicate rules",
                "duplicateRules",
                format!("duplicate rule {name}"),
                value,
                Moment::AfterPeople,
            )
        }
        "sharingRules" => sharing_rules(part, &object),
        "permissionsetgroup" => one(
            "permission set groups",
            "permissionSetGroups",
            format!("permission set group {name}"),
            permission_set_group(name, root),
            Moment::BeforePeople,
        ),
        "queue" => {
            one("queues", "queues", format!("queue {name}"), queue(name, root, names), Moment::BeforePeople)
        }
        "LeadConvertSetting" => one(
            "lead conversion settings",
            "leadConvertSettings",
            "lead conversion settings".to_owned(),
            root.to_json(),
            Moment::AfterPeople,
        ),
        "group" => {
            let label = root.text_of("name").unwrap_or(name);
            let row = json!({"Group": [{"Name": label, "DeveloperName": name, "Type": "Regular"}]});
            one("public groups", "records", format!("group {name}"), row, Moment::BeforePeople)
        }
        "md" => one(
            "custom metadata records",
            "records",
            format!("custom metadata {name}"),
            record(name, root, names),
            Moment::BeforePeople,
        ),
        _ => Vec::new(),
    }
}

/// Whether it has been computed is nothing that it says.
fn permission_set_group(name: &str, root: &Element) -> Value {
    let mut value = root.to_json();
    set(&mut value, "name", json!(name));
    if let Some(members) = value.as_object_mut() {
        members.retain(|key, _| key != "status" && key != "hasActivationRequired");
    }
    value
}

/// The sharing rules of an object, each by itself.
fn sharing_rules(part: &Part, object: &str) -> Vec<Fragment> {
    let of = |tag: &'static str| {
        part.element.all(tag).map(move |element| Fragment {
            file: part.file.clone(),
            line: element.line,
            what: format!("sharing rule {} of {}", element.text_of("fullName").unwrap_or("?"), part.name),
            kind: "sharing rules",
            key: "sharingRules",
            value: json!({ object: { tag: [element.to_json()] } }),
            when: Moment::AfterPeople,
        })
    };
    let others = ["sharingGuestRules", "sharingTerritoryRules"].into_iter().flat_map(of);
    of("sharingCriteriaRules").chain(of("sharingOwnerRules")).chain(others).collect()
}

/// A validation rule of an object. Records that stand before it need not obey.
pub fn validation_rule(object: &str, part: &Part) -> Fragment {
    let mut rule = part.element.to_json();
    set(&mut rule, "fullName", json!(part.name));
    Fragment {
        file: part.file.clone(),
        line: part.element.line,
        what: format!("validation rule {object}.{}", part.name),
        kind: "validation rules",
        key: "validationRules",
        value: json!({ object: [rule] }),
        when: Moment::AfterRecords,
    }
}

fn set(value: &mut Value, key: &str, to: Value) {
    if let Value::Object(members) = value {
        members.insert(key.to_owned(), to);
    }
}

fn rename(value: &mut Value, from: &str, to: &str) {
    if let Value::Object(members) = value
        && let Some(said) = members.remove(from)
    {
        members.insert(to.to_owned(), said);
    }
}

fn default_list(value: &mut Value, key: &str) {
    if let Value::Object(members) = value {
        members.entry(key.to_owned()).or_insert_with(|| json!([]));
    }
}

/// Metadata writes the kind of an assignee beside its name.
fn assignee(entry: &mut Value) {
    let Value::Object(members) = entry else { return };
    let kind = members.remove("assignedToType").and_then(|kind| kind.as_str().map(str::to_owned));
    if let (Some(kind), Some(name)) = (kind, members.remove("assignedTo")) {
        members.insert("assignedTo".to_owned(), json!({ kind: name }));
    }
}

fn queue(name: &str, root: &Element, names: &Names) -> Value {
    let objects: Vec<String> =
        root.all("queueSobject").filter_map(|one| Some(names.own(one.text_of("sobjectType")?))).collect();
    let mut queue = json!({
        "name": root.text_of("name").unwrap_or(name), "developerName": name, "objects": objects,
    });
    if let Some(email) = root.text_of("email") {
        queue["email"] = json!(email);
    }
    queue
}

/// Who is in a queue or a group: users by name, groups by developer name.
#[must_use]
pub fn members(root: &Element) -> Vec<(&'static str, String)> {
    const KINDS: [(&str, &str, &str, &str); 2] =
        [("queueMembers", "users", "user", "User"), ("queueMembers", "publicGroups", "publicGroup", "Group")];
    KINDS
        .into_iter()
        .flat_map(|(members, list, one, object)| {
            root.all(members)
                .flat_map(move |members| members.all(list))
                .flat_map(move |list| list.all(one))
                .map(move |one| (object, one.text.trim().to_owned()))
        })
        .collect()
}

/// `Rate.Standard` with its values: a row of `Rate__mdt`.
fn record(name: &str, root: &Element, names: &Names) -> Value {
    let (kind, developer_name) = name.split_once('.').unwrap_or((name, name));
    let object = names.own(&format!("{}__mdt", kind.trim_end_matches("__mdt")));
    let label = root.text_of("label").unwrap_or(developer_name);
    let mut row = Map::new();
    for (field, value) in [
        ("DeveloperName", developer_name),
        ("QualifiedApiName", developer_name),
        ("MasterLabel", label),
        ("Label", label),
        ("Language", "en_US"),
    ] {
        row.insert(field.to_owned(), json!(value));
    }
    for value in root.all("values") {
        let Some(field) = value.text_of("field") else { continue };
        let value = value.text_of("value").map_or(Value::Null, |text| json!(text));
        row.insert(names.own(field), value);
    }
    json!({ object: [row] })
}
