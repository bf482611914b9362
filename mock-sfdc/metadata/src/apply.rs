//! From a project to an org: first its objects and fields, then what users need, then what names users. Each piece is taken by
//! itself: what the org refuses is named, and the rest goes on.

pub use mock_sfdc_org::seed::Moment;
use mock_sfdc_org::{
    changed_fields::{self, Unfit},
    id::Id,
    schema::{PackageError, Schema},
    state::{Record, State, Transaction},
    value::Value,
};
use serde_json::{Map, json};

use crate::{
    NotTaken, Report,
    project::Metadata,
    rules::{self, Fragment},
    source::Part,
    standing, values,
};

impl Metadata {
    /// Takes over what belongs to this moment, and says what became of it. Everything that the files themselves made impossible
    /// is told with the first moment.
    pub fn apply(&self, moment: Moment, tx: &mut Transaction) -> Report {
        let mut report = Report::default();
        match moment {
            Moment::Schema => {
                report.add(self.report.clone());
                for part in &self.value_sets {
                    let grown = tx.state().schema().with_global_value_set(values::global(part));
                    tx.set_schema(grown);
                    report.took("global value sets", 1);
                }
                self.apply_schema(tx, &mut report);
                self.apply_sharing(tx, &mut report);
            }
            Moment::BeforePeople => {
                self.apply_meanings(tx, &mut report);
                self.apply_roles(tx, &mut report);
                self.apply_record_types(tx, &mut report);
                self.apply_permissions(tx, &mut report);
            }
            Moment::AfterPeople => self.apply_workflows(tx, &mut report),
            // What a seed does is nobody's news.
            Moment::AfterRecords => self.apply_event_channels(tx, &mut report),
        }
        for fragment in self.fragments.iter().filter(|fragment| fragment.when == moment) {
            if let Some(again) = again(fragment, tx) {
                match again {
                    Ok(()) => report.took(fragment.kind, 1),
                    Err(why) => {
                        let (file, line, what) = (&fragment.file, fragment.line, &fragment.what);
                        report.not_taken.push(NotTaken::new(file, line, what, &why));
                    }
                }
                continue;
            }
            let whole =
                ["records", "leadConvertSettings", "validationRules", "sharingRules"].contains(&fragment.key);
            let piece = if whole { fragment.value.clone() } else { json!([fragment.value]) };
            let piece = json!({ fragment.key: piece }).to_string();
            match mock_sfdc_org::seed::add(tx, &fragment.file, &piece) {
                Ok(()) => report.took(fragment.kind, 1),
                Err(mistake) => {
                    let why = match mistake.problem.strip_prefix("unknown key `") {
                        Some(rest) if rest.starts_with(fragment.key) => {
                            format!("the org has no {} yet", fragment.kind)
                        }
                        _ => why(&mistake, fragment.key),
                    };
                    report.not_taken.push(NotTaken::new(&fragment.file, fragment.line, &fragment.what, &why));
                }
            }
        }
        if moment == Moment::AfterPeople {
            self.apply_members(tx, &mut report);
        }
        report
    }

    fn apply_schema(&self, tx: &mut Transaction, report: &mut Report) {
        let before = tx.state().schema().clone();
        let mut package = self.package();
        let mut unfit = Vec::new();
        let changed = loop {
            let changed = before.change_leniently("the project", &package.to_string());
            let Ok((schema, _)) = &changed else { break changed };
            match changed_fields::take_over(tx, schema.clone()) {
                Ok(()) => break changed,
                Err(fields) => {
                    for one in fields {
                        leave_out(&mut package, &one);
                        unfit.push(one);
                    }
                }
            }
        };
        for one in &unfit {
            let what = format!("field {}.{}", one.object, one.field);
            let (file, line) = self.place(&one.object, Some(&one.field));
            report.not_taken.push(NotTaken::new(&file, line, &what, &one.why));
        }
        match changed {
            Ok((schema, left_out)) => {
                for mistake in &left_out {
                    report.not_taken.push(self.left_out(mistake, &before));
                }
                let new = |object: &&std::sync::Arc<mock_sfdc_org::schema::Object>| {
                    before.object(object.name.as_str()).is_none()
                };
                report.took("custom objects", schema.objects().filter(new).count());
                let fields = |schema: &Schema| -> usize {
                    schema
                        .objects()
                        .map(|object| object.fields.iter().filter(|field| field.custom).count())
                        .sum()
                };
                report.took("custom fields", fields(&schema).saturating_sub(fields(&before)));
            }
            Err(mistake) => {
                report.not_taken.push(NotTaken::new(
                    &mistake.file,
                    0,
                    "objects and fields",
                    &mistake.to_string(),
                ));
            }
        }
    }

    /// Where the files say something of an object or a field.
    fn place(&self, object: &str, field: Option<&str>) -> (String, usize) {
        let places = &self.definitions.places;
        let of_field = field.and_then(|field| places.get(&format!("{object}.{field}").to_lowercase()));
        of_field.or_else(|| places.get(&object.to_lowercase())).cloned().unwrap_or_default()
    }

    /// A mistake in the package that was made of the files, as a mistake in its file.
    fn left_out(&self, mistake: &PackageError, schema: &Schema) -> NotTaken {
        let mut steps = mistake.path.split('.');
        let (object, field) = (steps.nth(1).unwrap_or_default(), steps.nth(1));
        let name = field.map_or_else(|| object.to_owned(), |field| format!("{object}.{field}"));
        let (file, line) = self.place(object, field);
        let why = match (field, schema.object(object)) {
            (Some(field), Some(known)) if !field.contains("__") && known.field(field).is_none() => {
                format!("the org's {object} has no such standard field")
            }
            (None, None) if !object.contains("__") => "the org has no such standard object".to_owned(),
            _ => mistake.problem.clone(),
        };
        let what = if field.is_some() { format!("field {name}") } else { format!("object {name}") };
        NotTaken::new(&file, line, &what, &why)
    }

    fn apply_meanings(&self, tx: &mut Transaction, report: &mut Report) {
        for (object, rows) in &self.meanings {
            let rows = serde_json::Value::Array(rows.clone()).to_string();
            if let Err(mistake) = mock_sfdc_org::seed::set_meanings(tx, object, object, &rows) {
                let what = format!("what the values of {object} mean");
                report.not_taken.push(NotTaken::new(object, 0, &what, &mistake.problem));
            }
        }
    }

    /// Those above come first.
    fn apply_roles(&self, tx: &mut Transaction, report: &mut Report) {
        let mut waiting: Vec<&Part> = self.roles.iter().collect();
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut still = Vec::new();
            for role in waiting {
                let parent = role.element.text_of("parentRole");
                let above = parent.map(|name| find(tx.state(), "UserRole", "DeveloperName", name));
                if above == Some(None) {
                    still.push(role);
                    continue;
                }
                match self::role(tx, role, above.flatten()) {
                    Ok(()) => report.took("roles", 1),
                    Err(why) => report.not_taken.push(left_role(role, &why)),
                }
            }
            if still.len() == before {
                let why = "there is no role above it of the name that it gives";
                report.not_taken.extend(still.into_iter().map(|role| left_role(role, why)));
                return;
            }
            waiting = still;
        }
    }

    fn apply_members(&self, tx: &mut Transaction, report: &mut Report) {
        for part in &self.members {
            let Some(group_id) = group(tx.state(), Some(&part.name)) else { continue };
            for (object, name) in rules::members(&part.element) {
                let field = if object == "User" { "Username" } else { "DeveloperName" };
                let what = format!("member {name} of {} {}", part.kind, part.name);
                let line = part.element.line;
                let Some(member) = find(tx.state(), object, field, &name) else {
                    let why = "the org has no such user or group; users are said in its fixture";
                    report.not_taken.push(NotTaken::new(&part.file, line, &what, why));
                    continue;
                };
                let row = json!({"GroupId": group_id.to_string(), "UserOrGroupId": member.to_string()});
                let piece = json!({"records": {"GroupMember": [row]}}).to_string();
                match mock_sfdc_org::seed::add(tx, &part.file, &piece) {
                    Ok(()) => report.took("members of queues and groups", 1),
                    Err(mistake) => {
                        report.not_taken.push(NotTaken::new(&part.file, line, &what, &mistake.problem));
                    }
                }
            }
        }
    }
}

/// What a role says of the children of accounts that its members own, and where its row keeps it.
pub(crate) const LEVELS_BELOW: &[(&str, &str)] = &[
    ("caseAccessLevel", "CaseAccessForAccountOwner"),
    ("contactAccessLevel", "ContactAccessForAccountOwner"),
    ("opportunityAccessLevel", "OpportunityAccessForAccountOwner"),
];

/// Takes a field out of a package.
fn leave_out(package: &mut serde_json::Value, unfit: &Unfit) {
    let objects = package["objects"].as_object_mut().into_iter().flatten();
    for (_, object) in objects.filter(|(name, _)| name.eq_ignore_ascii_case(&unfit.object)) {
        if let Some(fields) = object["fields"].as_object_mut() {
            fields.retain(|name, _| !name.eq_ignore_ascii_case(&unfit.field));
        }
    }
}

/// A role under the one above it.
fn role(tx: &mut Transaction, role: &Part, above: Option<Id>) -> Result<(), String> {
    let label = role.element.text_of("name").unwrap_or(&role.name);
    let mut row = Map::from_iter([("Name".to_owned(), json!(label))]);
    row.insert("ParentRoleId".to_owned(), json!(above.map(|above| above.to_string())));
    for (said, field) in LEVELS_BELOW {
        if let Some(level) = role.element.text_of(said) {
            row.insert((*field).to_owned(), json!(level));
        }
    }
    if let Some(known) = find(tx.state(), "UserRole", "DeveloperName", &role.name) {
        return standing::rewrite(tx, known, &row);
    }
    row.insert("DeveloperName".to_owned(), json!(role.name));
    let piece = json!({"records": {"UserRole": [row]}}).to_string();
    mock_sfdc_org::seed::add(tx, &role.file, &piece).map_err(|mistake| mistake.problem)
}

/// What the org has already is said anew: `None` where it has it not.
fn again(fragment: &Fragment, tx: &mut Transaction) -> Option<Result<(), String>> {
    let said = &fragment.value;
    if fragment.key == "queues" {
        let known = group(tx.state(), said["developerName"].as_str())?;
        return Some(queue_again(tx, known, said));
    }
    if fragment.key == "permissionSetGroups" {
        let known = find(tx.state(), "PermissionSetGroup", "DeveloperName", said["name"].as_str()?)?;
        return Some(group_of_sets_again(tx, known, said));
    }
    if fragment.key != "records" {
        return None;
    }
    let (object, rows) = said.as_object()?.iter().next()?;
    let row = rows.get(0)?.as_object()?;
    let known = find(tx.state(), object, "DeveloperName", row.get("DeveloperName")?.as_str()?)?;
    let kept = ["DeveloperName", "QualifiedApiName", "Language", "Type", "Label"];
    let anew = row.iter().filter(|(name, _)| !kept.contains(&name.as_str()));
    let anew = anew.map(|(name, value)| (name.clone(), value.clone())).collect();
    Some(standing::rewrite(tx, known, &anew))
}

/// A queue that is there: its name and address, for which objects it is; who is in it is said afterwards.
fn queue_again(tx: &mut Transaction, queue: Id, said: &serde_json::Value) -> Result<(), String> {
    let email = said.get("email").cloned().unwrap_or_default();
    let values = Map::from_iter([("Name".to_owned(), said["name"].clone()), ("Email".to_owned(), email)]);
    standing::rewrite(tx, queue, &values)?;
    standing::clear(tx, "QueueSobject", "QueueId", queue)?;
    standing::clear(tx, "GroupMember", "GroupId", queue)?;
    let objects = said["objects"].as_array().into_iter().flatten();
    let rows: Vec<serde_json::Value> =
        objects.map(|object| json!({"QueueId": queue.to_string(), "SobjectType": object})).collect();
    let piece = json!({"records": {"QueueSobject": rows}}).to_string();
    mock_sfdc_org::seed::add(tx, "a queue", &piece).map_err(|mistake| mistake.problem)
}

/// A permission set group that is there: what it is called, and which sets it has.
fn group_of_sets_again(tx: &mut Transaction, known: Id, said: &serde_json::Value) -> Result<(), String> {
    let mut values = Map::new();
    for (word, field) in [("label", "MasterLabel"), ("description", "Description")] {
        if let Some(text) = said.get(word) {
            values.insert(field.to_owned(), text.clone());
        }
    }
    standing::rewrite(tx, known, &values)?;
    standing::clear(tx, "PermissionSetGroupComponent", "PermissionSetGroupId", known)?;
    let kinds = [
        ("permissionSets", "PermissionSet", "Name"),
        ("mutingPermissionSets", "MutingPermissionSet", "DeveloperName"),
    ];
    let mut rows = Vec::new();
    for (word, object, field) in kinds {
        for name in said[word].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str) {
            let part = find(tx.state(), object, field, name);
            let part = part.ok_or_else(|| format!("there is no {word} {name:?}"))?;
            rows.push(
                json!({"PermissionSetGroupId": known.to_string(), "PermissionSetId": part.to_string()}),
            );
        }
    }
    let piece = json!({"records": {"PermissionSetGroupComponent": rows}}).to_string();
    mock_sfdc_org::seed::add(tx, "a permission set group", &piece).map_err(|mistake| mistake.problem)
}

fn left_role(role: &Part, why: &str) -> NotTaken {
    NotTaken::new(&role.file, role.element.line, &format!("role {}", role.name), why)
}

fn group(state: &State, developer_name: Option<&str>) -> Option<Id> {
    find(state, "Group", "DeveloperName", developer_name?)
}

fn find(state: &State, object: &str, field: &str, name: &str) -> Option<Id> {
    let object = state.schema().object(object)?;
    let (position, _) = object.field(field)?;
    state.lookup(object, position, &Value::from(name)).first().map(Record::id)
}

/// The mistake without the place in our own words: `ruleEntry[0].criteriaItems[1]` is the file's.
fn why(mistake: &PackageError, key: &str) -> String {
    let inner =
        mistake.path.strip_prefix(key).unwrap_or(&mistake.path).trim_start_matches("[0]").trim_matches('.');
    if inner.is_empty() { mistake.problem.clone() } else { format!("{inner}: {}", mistake.problem) }
}
