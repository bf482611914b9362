//! Which file is what. A project has one file a part (`objects/Lead/fields/Region__c.field-meta.xml`), the older form one file
//! an object (`objects/Lead.object`); names come from the path, and a `fullName` in the file goes before.

use crate::{files::Files, xml::Element};

/// The parts that an object's own file may hold, and that a project keeps in folders below the object.
pub const PARTS: &[(&str, &str)] = &[
    ("fields", "field"),
    ("recordTypes", "recordType"),
    ("validationRules", "validationRule"),
    ("businessProcesses", "businessProcess"),
    ("compactLayouts", "compactLayout"),
    ("fieldSets", "fieldSet"),
    ("indexes", "index"),
    ("listViews", "listView"),
    ("sharingReasons", "sharingReason"),
    ("webLinks", "webLink"),
];

/// The kinds of files that are taken over.
const TAKEN: &[&str] = &[
    "object",
    "field",
    "validationRule",
    "globalValueSet",
    "standardValueSet",
    "assignmentRules",
    "autoResponseRules",
    "duplicateRule",
    "matchingRule",
    "LeadConvertSetting",
    "queue",
    "group",
    "role",
    "md",
    "recordType",
    "businessProcess",
    "workflow",
    "profile",
    "permissionset",
    "mutingpermissionset",
    "permissionsetgroup",
    "platformEventChannel",
    "platformEventChannelMember",
    "sharingRules",
];

/// Kinds that are not, with the reason. What stands nowhere is told as unknown.
const LEFT: &[(&str, &str)] = &[
    ("cls", "Apex is not run; a Rust test may register a hook instead"),
    ("trigger", "Apex is not run; a Rust test may register a hook instead"),
    ("page", "Visualforce is not served"),
    ("component", "Visualforce is not served"),
    ("js", "components are pages of people"),
    ("cmp", "components are pages of people"),
    ("app", "components and apps are pages of people"),
    ("evt", "components are pages of people"),
    ("flow", "flows are not run; a Rust test may register a hook instead"),
    ("flowDefinition", "flows are not run; a Rust test may register a hook instead"),
    ("approvalProcess", "approvals are not emulated"),
    ("layout", "page layouts concern people only"),
    ("compactLayout", "page layouts concern people only"),
    ("fieldSet", "field sets concern pages and Apex only"),
    ("flexipage", "pages concern people only"),
    ("listView", "list views are not emulated"),
    ("webLink", "buttons and links concern people only"),
    ("quickAction", "quick actions are not emulated"),
    ("tab", "tabs concern people only"),
    ("labels", "labels concern pages and Apex only"),
    ("translation", "translations are not emulated"),
    ("objectTranslation", "translations are not emulated"),
    ("fieldTranslation", "translations are not emulated"),
    ("email", "the texts of e-mail templates are not read"),
    ("emailFolder", "the texts of e-mail templates are not read"),
    ("resource", "static resources are not served"),
    ("report", "reports and dashboards are not emulated"),
    ("reportFolder", "reports and dashboards are not emulated"),
    ("reportType", "reports and dashboards are not emulated"),
    ("dashboard", "reports and dashboards are not emulated"),
    ("dashboardFolder", "reports and dashboards are not emulated"),
    ("sharingReason", "reasons of Apex sharing are not emulated"),
    ("escalationRules", "escalation rules are not emulated"),
    ("entitlementProcess", "entitlements are not emulated"),
    ("milestoneType", "entitlements are not emulated"),
    ("customPermission", "custom permissions are not emulated"),
    ("settings", "settings of the org are said in its fixture"),
    ("connectedApp", "connected apps are said in the org's fixture: their secrets stand in no metadata"),
    ("namedCredential", "callouts are not emulated"),
    ("remoteSite", "callouts are not emulated"),
    ("cspTrustedSite", "callouts are not emulated"),
    ("index", "indexes are the org's own"),
    ("eventRelay", "events are not relayed to other systems"),
    ("platformEventSubscriberConfig", "Apex triggers of platform events are not run"),
    ("managedEventSubscription", "managed event subscriptions are said in the org's fixture"),
];

/// One part of a project.
#[derive(Debug, Clone)]
pub struct Part {
    pub file: String,
    pub kind: String,
    /// The object that it belongs to, for parts of objects.
    pub object: Option<String>,
    /// `fullName`, or what the path says.
    pub name: String,
    pub element: Element,
}

/// A path taken apart: the kind of metadata, and the name before it.
pub fn kind_of(path: &str) -> Option<(String, String)> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let (name, kind) = match file.strip_suffix("-meta.xml") {
        Some(stem) => stem.rsplit_once('.')?,
        None if is_old_form(path) => file.rsplit_once('.')?,
        None => return None,
    };
    Some((kind.to_owned(), unescape(name)))
}

/// `X.object`, `X.queue`: metadata without `-meta.xml`. Code (`X.cls`) has its `-meta.xml` beside it, and counts once.
pub fn is_old_form(path: &str) -> bool {
    const CODE: &[&str] =
        &["cls", "trigger", "page", "component", "js", "cmp", "app", "evt", "email", "resource", "index"];
    let mut steps = path.rsplit('/');
    let (file, folder) = (steps.next().unwrap_or(path), steps.next());
    file.rsplit_once('.').is_some_and(|(_, kind)| {
        // Everybody's notes end in `.md` too.
        if kind == "md" && folder != Some("customMetadata") {
            return false;
        }
        TAKEN.contains(&kind) || LEFT.iter().any(|(left, _)| *left == kind && !CODE.contains(&kind))
    })
}

/// Why files of this kind are left out; `None` for those that are taken.
pub fn why_left(kind: &str) -> Option<&'static str> {
    if TAKEN.contains(&kind) {
        return None;
    }
    Some(
        LEFT.iter()
            .find(|(left, _)| *left == kind)
            .map_or("this kind of metadata is not known", |(_, why)| why),
    )
}

/// The object whose folder a file stands in: `…/objects/Lead/fields/X.field-meta.xml`.
pub fn object_of(path: &str) -> Option<&str> {
    let mut parts = path.split('/').rev();
    let (_, folder, object) = (parts.next()?, parts.next()?, parts.next()?);
    (parts.next()? == "objects" && PARTS.iter().any(|(known, _)| *known == folder)).then_some(object)
}

/// Salesforce writes what a file system forbids in names as `%2E`.
pub fn unescape(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = (*first == b'%').then(|| tail.get(..2)).flatten();
        if let Some(byte) = code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok())
        {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| name.to_owned())
}

/// The project file says which folders are packages, and the namespace.
#[derive(Debug, Default)]
pub struct Project {
    pub namespace: Option<String>,
    folders: Vec<String>,
}

impl Project {
    /// Reads `sfdx-project.json` if it is there. `Err` says what is wrong with it.
    pub fn of(files: &Files) -> Result<Self, String> {
        let Some(bytes) = files.get("sfdx-project.json") else { return Ok(Self::default()) };
        let json: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let folders = json["packageDirectories"].as_array().into_iter().flatten();
        let folders = folders.filter_map(|folder| folder["path"].as_str());
        let namespace = json["namespace"].as_str().filter(|namespace| !namespace.is_empty());
        Ok(Self {
            namespace: namespace.map(str::to_owned),
            folders: folders.map(|path| path.trim_start_matches("./").trim_matches('/').to_owned()).collect(),
        })
    }

    /// Whether a file stands in a folder that belongs to a package.
    pub fn has(&self, path: &str) -> bool {
        let inside = |folder: &String| {
            folder.is_empty() || path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        self.folders.is_empty() || self.folders.iter().any(inside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_what_a_file_is() {
        for (path, kind, name) in [
            ("a/objects/Lead/fields/X__c.field-meta.xml", "field", "X__c"),
            ("objects/Lead.object", "object", "Lead"),
            ("src/classes/A.cls-meta.xml", "cls", "A"),
            ("duplicateRules/Lead.A%2EB.duplicateRule-meta.xml", "duplicateRule", "Lead.A.B"),
            ("x/100%25.queue-meta.xml", "queue", "100%"),
        ] {
            assert_eq!(kind_of(path), Some((kind.to_owned(), name.to_owned())), "{path}");
        }
        for path in ["README.md", "classes/A.cls", "package.xml", "package.json"] {
            assert_eq!(kind_of(path), None, "{path}");
        }
        assert_eq!(object_of("a/objects/Lead/fields/X__c.field-meta.xml"), Some("Lead"));
        assert_eq!(object_of("objects/Lead/Lead.object-meta.xml"), None);
    }

    #[test]
    fn a_project_file_says_which_folders_count() {
        let mut files = Files::new();
        let json =
            br#"{"namespace": "acme", "packageDirectories": [{"path": "./force-app/"}, {"path": "more"}]}"#;
        files.insert("sfdx-project.json".to_owned(), json.to_vec());
        let project = Project::of(&files).unwrap();
        assert_eq!(project.namespace.as_deref(), Some("acme"));
        assert!(project.has("force-app/a.xml") && project.has("more/b") && !project.has("moreover/b"));
    }
}
