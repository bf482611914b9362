//! A deployment: the files of an archive, named by its `package.xml`, taken over into an org that stands, and what became of each
//! component. What cannot be taken is an error of its component; whether that undoes the rest is the caller's to say.

use mock_sfdc_org::{
    error::Error,
    id::Id,
    state::{State, Transaction},
};
use serde_json::Value;

use crate::{
    Files, Metadata, NotTaken,
    change::{delete, exists},
    definition::{definition, listed},
    files::without_folder,
    manifest::Manifest,
    project,
    source::Part,
    types::MetadataType,
};

/// Types that a file may bring and that change what else is there, but that are told nowhere by themselves.
const TAKEN_ALONG: &[&str] = &["BusinessProcess"];

const DESTRUCTIVE: [&str; 3] =
    ["destructiveChangesPre.xml", "destructiveChanges.xml", "destructiveChangesPost.xml"];

/// What became of one component.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "Salesforce says them one by one")]
pub struct Message {
    /// Empty for `package.xml`.
    pub kind: String,
    pub full_name: String,
    pub file: String,
    pub created: bool,
    pub changed: bool,
    pub deleted: bool,
    /// From 1; 0 where no line is meant.
    pub line: usize,
    pub id: Option<Id>,
    pub problem: Option<String>,
    /// The problem keeps nothing from being done.
    pub warning: bool,
}

impl Message {
    #[must_use]
    pub fn failed(&self) -> bool {
        self.problem.is_some() && !self.warning
    }
}

/// A component that an archive holds.
#[derive(Debug, Clone)]
struct Found {
    kind: &'static MetadataType,
    full_name: String,
    file: String,
    line: usize,
    /// As the org had it before.
    before: Option<Value>,
}

/// Takes the files over. Whatever fails is told; nothing is undone here.
pub fn deploy(tx: &mut Transaction, files: &Files) -> Result<Vec<Message>, Error> {
    let mut files = package(files)?;
    let manifest =
        manifest(&mut files, "package.xml")?.ok_or_else(|| Error::bad_archive("No package.xml found"))?;
    let [pre, with, post] = DESTRUCTIVE.map(|name| manifest_of(&mut files, name));
    let (pre, with, post) = (pre?, with?, post?);
    let mut messages = vec![Message {
        full_name: "package.xml".to_owned(),
        file: "package.xml".to_owned(),
        ..Message::default()
    }];
    destroy(tx, &pre, DESTRUCTIVE[0], &mut messages);
    destroy(tx, &with, DESTRUCTIVE[1], &mut messages);
    let found = found_in(&mut files, &manifest, tx.state(), &mut messages);
    let metadata = Metadata::read_for(&files, tx.state().schema());
    let report = metadata.apply_all(tx);
    let mut wrong: Vec<Vec<&NotTaken>> = vec![Vec::new(); found.len()];
    for not_taken in &report.not_taken {
        match owner(&found, not_taken) {
            Some(at) => wrong[at].push(not_taken),
            None => messages.push(unowned(not_taken, &manifest)),
        }
    }
    for (one, wrong) in found.iter().zip(wrong) {
        messages.push(told(one, &wrong, tx.state()));
    }
    missing(&found, &manifest, &mut messages);
    destroy(tx, &post, DESTRUCTIVE[2], &mut messages);
    Ok(messages)
}

/// The files below the folder that `package.xml` stands in.
fn package(files: &Files) -> Result<Files, Error> {
    let mut found = files.keys().filter_map(|path| path.strip_suffix("package.xml"));
    let folder = found.find(|folder| folder.is_empty() || folder.ends_with('/')).unwrap_or_default();
    if found.any(|other| other.ends_with('/')) {
        return Err(Error::not_emulated("several packages in one deployment"));
    }
    Ok(without_folder(files, folder))
}

fn manifest(files: &mut Files, name: &str) -> Result<Option<Manifest>, Error> {
    let Some(bytes) = files.remove(name) else { return Ok(None) };
    Manifest::read(&bytes).map(Some).map_err(|why| Error::bad_archive(&format!("{name}: {why}")))
}

fn manifest_of(files: &mut Files, name: &str) -> Result<Manifest, Error> {
    manifest(files, name).map(Option::unwrap_or_default)
}

/// Takes components away, those first that nothing needs any more.
fn destroy(tx: &mut Transaction, manifest: &Manifest, file: &str, messages: &mut Vec<Message>) {
    let told = |kind: &str, full_name: &str| Message {
        kind: kind.to_owned(),
        full_name: full_name.to_owned(),
        file: file.to_owned(),
        ..Message::default()
    };
    let mut waiting: Vec<(&str, &str, String)> =
        manifest.members().map(|(kind, member)| (kind, member, String::new())).collect();
    loop {
        let before = waiting.len();
        let mut still = Vec::new();
        for (name, member, _) in waiting {
            let gone = match MetadataType::find(name) {
                Some(kind) if exists(tx.state(), kind, member) => delete(tx, kind, member),
                // Salesforce warns of what is not there, and goes on.
                Some(_) => {
                    let problem = format!("No {name} named: {member} found");
                    messages.push(Message { problem: Some(problem), warning: true, ..told(name, member) });
                    continue;
                }
                None => Err(Error::not_emulated(format_args!("metadata of type {name}"))),
            };
            match gone {
                Ok(()) => messages.push(Message { deleted: true, ..told(name, member) }),
                Err(error) => still.push((name, member, error.message)),
            }
        }
        if still.len() == before || still.is_empty() {
            let failed = still.into_iter();
            messages.extend(
                failed
                    .map(|(name, member, problem)| Message { problem: Some(problem), ..told(name, member) }),
            );
            return;
        }
        waiting = still;
    }
}

/// The components of the archive. Files that the manifest does not name stay out, with a warning, as Salesforce leaves them.
fn found_in(
    files: &mut Files,
    manifest: &Manifest,
    state: &State,
    messages: &mut Vec<Message>,
) -> Vec<Found> {
    let mut found = Vec::new();
    let mut unnamed = Vec::new();
    for (path, bytes) in files.iter() {
        let Some(part) = project::part(path, bytes, &mut Vec::new()) else {
            if !is_known(files, path) {
                let problem = "mock-sfdc does not know this kind of file".to_owned();
                let name = path.rsplit('/').next().unwrap_or(path).to_owned();
                messages.push(Message {
                    full_name: name,
                    file: path.clone(),
                    problem: Some(problem),
                    ..Message::default()
                });
            }
            continue;
        };
        let here = components(&part, state);
        let named = here.iter().any(|one| manifest.names(one.kind.name, &one.full_name));
        if here.is_empty()
            || named
            || TAKEN_ALONG.iter().any(|kind| manifest.types.iter().any(|(name, _)| name == kind))
        {
            found.extend(here);
        } else {
            let problem = "The file is in the archive, but package.xml does not name it".to_owned();
            let first = &here[0];
            messages.push(Message {
                kind: first.kind.name.to_owned(),
                full_name: first.full_name.clone(),
                file: path.clone(),
                problem: Some(problem),
                warning: true,
                ..Message::default()
            });
            unnamed.push(path.clone());
        }
    }
    for path in unnamed {
        files.remove(&path);
    }
    found
}

/// Whether reading the project will say something of the file: code is told by what stands beside it.
fn is_known(files: &Files, path: &str) -> bool {
    crate::source::kind_of(path).is_some() || files.contains_key(&format!("{path}-meta.xml"))
}

/// A file's own component, and those that stand in it.
fn components(part: &Part, state: &State) -> Vec<Found> {
    let Some(kind) = MetadataType::of_part(&part.kind) else { return Vec::new() };
    let found = |kind: &'static MetadataType, full_name: String, line: usize| Found {
        kind,
        before: definition(state, kind, &full_name),
        full_name,
        file: part.file.clone(),
        line,
    };
    let own = match &part.object {
        Some(object) => format!("{object}.{}", part.name),
        None => part.name.clone(),
    };
    let mut all = vec![found(kind, own, 0)];
    for child in kind.children() {
        let Some((_, tag)) = child.parent else { continue };
        for element in part.element.all(tag) {
            let name = element.text_of("fullName").unwrap_or("?");
            all.push(found(child, format!("{}.{name}", part.name), element.line));
        }
    }
    all
}

/// The component that a problem is about: the last one in its file that begins before it.
fn owner(found: &[Found], problem: &NotTaken) -> Option<usize> {
    let here =
        found.iter().enumerate().filter(|(_, one)| one.file == problem.file && one.line <= problem.line);
    here.max_by_key(|(_, one)| one.line).map(|(at, _)| at)
}

/// A problem of a file that holds no component of the org's types.
fn unowned(problem: &NotTaken, manifest: &Manifest) -> Message {
    let name = crate::source::kind_of(&problem.file).map_or_else(String::new, |(_, name)| name);
    let kind = manifest.members().find(|(_, member)| *member == name || *member == "*").map(|(kind, _)| kind);
    Message {
        kind: kind.unwrap_or_default().to_owned(),
        full_name: name,
        file: problem.file.clone(),
        line: problem.line,
        problem: Some(problem.said()),
        ..Message::default()
    }
}

fn told(one: &Found, wrong: &[&NotTaken], state: &State) -> Message {
    let mut message = Message {
        kind: one.kind.name.to_owned(),
        full_name: one.full_name.clone(),
        file: one.file.clone(),
        ..Message::default()
    };
    if let Some(first) = wrong.first() {
        message.line = first.line;
        message.problem = Some(wrong.iter().map(|one| one.said()).collect::<Vec<_>>().join("; "));
        return message;
    }
    match definition(state, one.kind, &one.full_name) {
        Some(now) => {
            message.created = one.before.is_none();
            message.changed = one.before.as_ref() != Some(&now);
            message.id = Some(listed(state, one.kind, &one.full_name).id);
        }
        // What a file of rules for an object holds may be nothing at all.
        None if one.kind.children().next().is_some() => {}
        None => message.problem = Some("the org did not take it".to_owned()),
    }
    message
}

/// What the manifest names and the archive has not.
fn missing(found: &[Found], manifest: &Manifest, messages: &mut Vec<Message>) {
    for (kind, member) in manifest.members() {
        let here = found.iter().any(|one| one.kind.name == kind && one.full_name == member);
        let told = messages.iter().any(|one| one.full_name == member);
        if member == "*" || here || told || TAKEN_ALONG.contains(&kind) {
            continue;
        }
        let problem = match MetadataType::find(kind) {
            Some(_) => format!(
                "An object '{member}' of type {kind} was named in package.xml, but was not found in zipped directory"
            ),
            None => Error::not_emulated(format_args!("metadata of type {kind}")).message,
        };
        messages.push(Message {
            kind: kind.to_owned(),
            full_name: member.to_owned(),
            file: "package.xml".to_owned(),
            problem: Some(problem),
            ..Message::default()
        });
    }
}
