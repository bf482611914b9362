//! `types.txt` and `operations.txt`, read once: what answers are laid out by and WSDLs are made of.

use std::sync::LazyLock;

/// How often an element stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occurs {
    Once,
    Optional,
    Any,
    AtLeastOnce,
}

/// An element of a type, a parameter of an operation, or what it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub name: &'static str,
    /// A built-in type of XML Schema, or one of `types.txt`.
    pub kind: &'static str,
    pub nillable: bool,
    pub occurs: Occurs,
    /// The version of the API that has it first.
    pub since: u16,
}

/// A complex type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Type {
    pub name: &'static str,
    pub base: Option<&'static str>,
    /// It is an element of its own, in a header.
    pub header: bool,
    /// The version of the API that has it first.
    pub since: u16,
    pub members: Vec<Member>,
}

impl Type {
    /// The elements that a version has.
    pub fn members_of(&self, version: u16) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |member| member.since <= version)
    }
}

/// An operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub name: &'static str,
    pub parameters: Vec<Member>,
    pub result: Option<Member>,
    pub headers: Vec<&'static str>,
}

static TYPES: LazyLock<Vec<Type>> =
    LazyLock::new(|| entries(include_str!("types.txt")).filter_map(read_type).collect());

static OPERATIONS: LazyLock<Vec<Signature>> =
    LazyLock::new(|| entries(include_str!("operations.txt")).filter_map(read_operation).collect());

/// All types, in the order of the file.
#[must_use]
pub fn types() -> &'static [Type] {
    &TYPES
}

/// The type of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Type> {
    TYPES.iter().find(|kind| kind.name == name)
}

/// All operations, in the order of the file.
#[must_use]
pub fn operations() -> &'static [Signature] {
    &OPERATIONS
}

/// An entry a line; a line that begins with a blank goes on with the one before.
fn entries(text: &'static str) -> impl Iterator<Item = &'static str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .match_indices('\n')
            .map(|(at, _)| at + 1)
            .find(|at| !rest[*at..].starts_with(' '))
            .unwrap_or(rest.len());
        let (entry, after) = rest.split_at(end);
        rest = after;
        Some(entry.trim())
    })
    .filter(|entry| !entry.is_empty() && !entry.starts_with('#'))
}

fn read_type(entry: &'static str) -> Option<Type> {
    let (head, members) = entry.split_once('=')?;
    let (name, base) = match head.split_once('<') {
        Some((name, base)) => (name.trim(), Some(base.trim())),
        None => (head.trim(), None),
    };
    let (name, since) = since(name);
    Some(Type {
        name: name.trim_start_matches('@'),
        base,
        header: name.starts_with('@'),
        since,
        members: read_members(members),
    })
}

fn read_operation(entry: &'static str) -> Option<Signature> {
    let (name, rest) = entry.split_once('(')?;
    let (parameters, rest) = rest.split_once(')')?;
    let (result, headers) = rest.split_once(':')?;
    let result = result.trim();
    Some(Signature {
        name,
        parameters: read_members(parameters),
        result: (!result.is_empty()).then(|| member("result", result)),
        headers: headers.split_whitespace().collect(),
    })
}

fn read_members(text: &'static str) -> Vec<Member> {
    text.split(',')
        .filter_map(|part| {
            let (name, kind) = part.trim().split_once(char::is_whitespace)?;
            Some(member(name, kind.trim()))
        })
        .collect()
}

/// `name^43`: there since version 43; without a mark always.
fn since(marked: &'static str) -> (&'static str, u16) {
    let (name, version) = marked.split_once('^').unwrap_or((marked, "0"));
    (name, version.parse().unwrap_or(u16::MAX))
}

fn member(name: &'static str, marked: &'static str) -> Member {
    let (marked, since) = since(marked);
    let kind = marked.trim_end_matches(['~', '?', '*', '+']);
    let marks = &marked[kind.len()..];
    let occurs = match marks.chars().last() {
        Some('?') => Occurs::Optional,
        Some('*') => Occurs::Any,
        Some('+') => Occurs::AtLeastOnce,
        _ => Occurs::Once,
    };
    Member { name, kind, nillable: marks.starts_with('~'), occurs, since }
}

/// The built-in types of XML Schema that these use.
pub const BUILT_IN: [&str; 10] =
    ["string", "boolean", "int", "long", "double", "dateTime", "date", "time", "base64Binary", "anyType"];

/// Types that the WSDL defines beside those of `types.txt`.
pub const SIMPLE: [&str; 5] = ["ID", "QueryLocator", "StatusCode", "fieldType", "soapType"];

/// Types of one word among several.
pub const WORDS: &[(&str, &[&str])] = &[
    ("AppMenuType", &["AppSwitcher", "Salesforce1", "NetworkTabs"]),
    ("differenceType", &["DIFFERENT", "NULL", "SAME", "SIMILAR"]),
    ("EmailPriority", &["Highest", "High", "Normal", "Low", "Lowest"]),
    ("FeedLayoutFilterType", &["AllUpdates", "FeedItemType", "Custom"]),
    (
        "layoutComponentType",
        &[
            "ReportChart",
            "Field",
            "Separator",
            "SControl",
            "EmptySpace",
            "VisualforcePage",
            "ExpandedLookup",
            "AuraComponent",
            "Canvas",
            "CustomLink",
            "AnalyticsCloud",
        ],
    ),
    ("listViewIsSoqlCompatible", &["TRUE", "FALSE", "ALL"]),
    ("orderByDirection", &["ascending", "descending"]),
    ("orderByNullsPosition", &["first", "last"]),
    ("SendEmailOptOutPolicy", &["SEND", "FILTER", "REJECT"]),
    ("ShareAccessLevel", &["Read", "Edit", "All"]),
    ("soqlConjunction", &["and", "or"]),
    ("TabOrderType", &["LeftToRight", "TopToBottom"]),
    ("UiBehavior", &["Edit", "Required", "Readonly"]),
    ("WebLinkPosition", &["fullScreen", "none", "topLeft"]),
    ("WebLinkType", &["url", "sControl", "javascript", "page", "flow"]),
    ("WebLinkWindowType", &["newWindow", "sidebar", "noSidebar", "replace", "onClickJavaScript"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_with_their_marks() {
        let merge = find("MergeRequest").unwrap();
        let ids = &merge.members[2];
        assert_eq!((ids.name, ids.kind, ids.occurs), ("recordToMergeIds", "ID", Occurs::AtLeastOnce));
        let records = &find("QueryResult").unwrap().members[2];
        assert_eq!((records.nillable, records.occurs), (true, Occurs::Any));
        assert_eq!(find("SingleEmailMessage").unwrap().base, Some("Email"));
        let field = find("Field").unwrap();
        let of = |version| field.members_of(version).map(|member| member.name).collect::<Vec<_>>();
        assert!(!of(35).contains(&"aggregatable") && of(36).contains(&"aggregatable"));
        assert!(types().iter().flat_map(|kind| &kind.members).all(|member| member.since <= 66));
        assert!(find("SetPasswordResult").unwrap().members.is_empty());
        let upsert = operations().iter().find(|operation| operation.name == "upsert").unwrap();
        assert_eq!(upsert.parameters.len(), 2);
        assert!(upsert.headers.contains(&"OwnerChangeOptions"));
        assert_eq!(operations().iter().find(|operation| operation.name == "logout").unwrap().result, None);
    }

    #[test]
    fn every_type_that_is_named_is_there() {
        let known = |kind: &str| {
            let simple = SIMPLE.contains(&kind) || WORDS.iter().any(|(name, _)| *name == kind);
            find(kind).is_some() || BUILT_IN.contains(&kind) || simple || kind == "sObject"
        };
        for kind in types() {
            assert!(kind.base.is_none_or(known), "{}", kind.name);
            for member in &kind.members {
                assert!(known(member.kind), "{} {}", kind.name, member.kind);
            }
        }
        for operation in operations() {
            for member in operation.parameters.iter().chain(&operation.result) {
                assert!(known(member.kind), "{} {}", operation.name, member.kind);
            }
            for header in &operation.headers {
                assert!(find(header).is_some_and(|kind| kind.header), "{header}");
            }
        }
    }
}
