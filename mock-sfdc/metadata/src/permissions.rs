//! Profiles and permission sets. Files of them name much that an org need not have, so each of their elements is taken by
//! itself. A file says only what differs: what it does not mention stays as the org has it.

use mock_sfdc_org::{
    access::{
        LoginHours,
        permissions::{
            self, FieldPermission, Holder, ObjectPermission, PermissionDefinition, UserPermission,
        },
    },
    rules::record_types::RecordTypeVisibility,
    state::Transaction,
};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::{NotTaken, Report, project::Metadata, source::Part, standing, xml::Element};

/// What these files say of pages, code and feeds, none of which are served.
const WITHOUT_EFFECT: &[&str] = &[
    "applicationVisibilities",
    "classAccesses",
    "custom",
    "description",
    "externalDataSourceAccesses",
    "flowAccesses",
    "fullName",
    "hasActivationRequired",
    "label",
    "layoutAssignments",
    "license",
    "pageAccesses",
    "tabSettings",
    "tabVisibilities",
    "userLicense",
];

impl Metadata {
    pub(crate) fn apply_permissions(&self, tx: &mut Transaction, report: &mut Report) {
        for part in &self.permissions {
            let kind = Kind::of(part);
            let word = kind.word();
            let holder = match holder(part, kind, tx) {
                Ok(holder) => holder,
                Err(why) => {
                    let what = format!("{word} {}", part.name);
                    report.not_taken.push(NotTaken::new(&part.file, part.element.line, &what, &why));
                    continue;
                }
            };
            report.took(kind.words(), 1);
            for element in &part.element.children {
                let savepoint = tx.savepoint();
                if let Err(why) = self.take_element(element, holder, tx) {
                    tx.roll_back_to(savepoint);
                    let about = about(element);
                    let what = format!("{}{about} of {word} {}", element.name, part.name);
                    report.not_taken.push(NotTaken::new(&part.file, element.line, &what, &why));
                }
            }
        }
    }

    fn take_element(&self, element: &Element, holder: Holder, tx: &mut Transaction) -> Result<(), String> {
        match element.name.as_str() {
            "objectPermissions" => {
                let mut said: ObjectPermission = read(element)?;
                said.object = self.names.own(&said.object);
                permissions::set_object(tx, holder, &said)
            }
            "fieldPermissions" => {
                let mut said: FieldPermission = read(element)?;
                said.field = self.names.own_path(&said.field);
                field_may_be_hidden(tx, &said.field)?;
                permissions::set_field(tx, holder, &said)
            }
            "userPermissions" => {
                let said: UserPermission = read(element)?;
                permissions::set_user_permission(tx, holder, &said.name, said.enabled)
            }
            "recordTypeVisibilities" => {
                let mut said: RecordTypeVisibility = read(element)?;
                said.record_type = self.names.own_path(&said.record_type);
                record_type(said, holder, tx)
            }
            "loginHours" => {
                let hours: LoginHours = read(element)?;
                let said =
                    PermissionDefinition { login_hours: Some(hours), ..PermissionDefinition::default() };
                permissions::write(tx, holder, &said)
            }
            "loginIpRanges" => {
                let range = read(element)?;
                let said =
                    PermissionDefinition { login_ip_ranges: vec![range], ..PermissionDefinition::default() };
                permissions::write(tx, holder, &said)
            }
            "customPermissions" => Err("custom permissions are not emulated".to_owned()),
            "customMetadataTypeAccesses" | "customSettingAccesses" => {
                Err("rights over custom settings and custom metadata are not emulated".to_owned())
            }
            known if WITHOUT_EFFECT.contains(&known) => Ok(()),
            _ => Err("this word is not known".to_owned()),
        }
    }
}

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Profile,
    PermissionSet,
    Muting,
}

impl Kind {
    fn of(part: &Part) -> Self {
        match part.kind.as_str() {
            "profile" => Self::Profile,
            "mutingpermissionset" => Self::Muting,
            _ => Self::PermissionSet,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::PermissionSet => "permission set",
            Self::Muting => "muting permission set",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Profile => "profiles",
            Self::PermissionSet => "permission sets",
            Self::Muting => "muting permission sets",
        }
    }

    fn find(self, tx: &Transaction, name: &str) -> Option<Holder> {
        match self {
            Self::Profile => Holder::profile(tx, name),
            Self::PermissionSet => Holder::permission_set(tx, name),
            Self::Muting => Holder::muting(tx, name),
        }
    }
}

/// Of which object, field or permission an element speaks.
fn about(element: &Element) -> String {
    let named = ["object", "field", "name", "recordType", "startAddress"];
    named.iter().find_map(|key| element.text_of(key)).map(|name| format!(" {name}")).unwrap_or_default()
}

fn read<T: DeserializeOwned>(element: &Element) -> Result<T, String> {
    serde_json::from_value(element.to_json()).map_err(|error| error.to_string())
}

/// The profile or permission set of the file; a new one if the org has none of its name.
fn holder(part: &Part, kind: Kind, tx: &mut Transaction) -> Result<Holder, String> {
    let text = |name: &str| part.element.text_of(name);
    let label = if kind == Kind::Muting { "MasterLabel" } else { "Label" };
    if let Some(known) = kind.find(tx, &part.name) {
        if kind != Kind::Profile {
            // A muting permission set keeps no description.
            let description = text("description").filter(|_| kind == Kind::PermissionSet);
            let said = [(label, text("label")), ("Description", description)];
            let said = said.into_iter().filter_map(|(field, said)| Some((field.to_owned(), json!(said?))));
            standing::rewrite(tx, known.set, &said.collect())?;
        }
        return Ok(known);
    }
    let shown = text("label").unwrap_or(&part.name);
    let piece = match kind {
        Kind::Profile => {
            let mut profile = json!({"name": part.name, "objectPermissions": []});
            if let Some(licence) = text("userLicense") {
                profile["userLicense"] = json!(licence);
            }
            json!({ "profiles": [profile] })
        }
        Kind::PermissionSet => {
            let mut set = json!({"name": part.name, "label": shown});
            for word in ["description", "license"] {
                if let Some(said) = text(word) {
                    set[word] = json!(said);
                }
            }
            json!({ "permissionSets": [set] })
        }
        Kind::Muting => {
            let row = json!({"DeveloperName": part.name, "MasterLabel": shown});
            json!({"records": {"MutingPermissionSet": [row]}})
        }
    };
    mock_sfdc_org::seed::add(tx, &part.file, &piece.to_string()).map_err(|mistake| mistake.problem)?;
    kind.find(tx, &part.name).ok_or_else(|| "the org did not take it".to_owned())
}

/// Salesforce refuses rows for fields that nobody can be kept from.
fn field_may_be_hidden(tx: &Transaction, path: &str) -> Result<(), String> {
    let schema = tx.state().schema();
    let found = path.split_once('.').and_then(|(object, field)| schema.object(object)?.field(field));
    match found {
        Some((_, field)) if !field.permissionable => {
            Err(format!("You cannot deploy to a required field: {path}"))
        }
        _ => Ok(()),
    }
}

fn record_type(said: RecordTypeVisibility, holder: Holder, tx: &mut Transaction) -> Result<(), String> {
    let Some(profile) = holder.profile else {
        return Err("record types of permission sets are not emulated".to_owned());
    };
    let types = tx.state().rules().record_types();
    // Every user has the master type.
    let master = said.record_type.ends_with(".Master");
    if !master && types.find(&said.record_type).is_none() {
        return Err(format!("there is no record type {}", said.record_type));
    }
    let mut all = types.visibilities(profile).to_vec();
    all.retain(|known| !known.record_type.eq_ignore_ascii_case(&said.record_type));
    all.push(said);
    tx.rules_mut().record_types_mut().set_visibilities(profile, all);
    Ok(())
}
