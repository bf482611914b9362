//! From a path to a row of the operation table. The routes are a tree of segments: a literal one goes before a parameter, a
//! parameter before the rest; a trailing slash changes nothing (`contract/rest.md` section 1).
//!
//! A tree of its own because three things have to come out of it that a general router hides: the methods that a path
//! allows (the text of a 405), parameters decoded after the split, and rows that overlap at will.

use std::{collections::BTreeMap, sync::LazyLock};

use compact_str::CompactString;
use http::Method;
use percent_encoding::percent_decode_str;

use crate::operation::{Face, NO_CONTROL, NO_METHOD, NO_PATH, NO_RESOURCE, Operation, Verb};

/// The parameters of a path, by their names in the table.
pub type Params = Vec<(&'static str, CompactString)>;

/// What a path led to.
#[derive(Debug)]
pub struct Found {
    pub operation: &'static Operation,
    pub params: Params,
    /// What the path allows, as a 405 lists it.
    pub allowed: String,
}

#[derive(Debug, Default)]
struct Node {
    literals: BTreeMap<&'static str, Node>,
    /// By the name of an object in small letters: `/sobjects/user` is `/sobjects/User`.
    objects: BTreeMap<String, Node>,
    param: Option<Box<Node>>,
    rest: Option<Vec<Row>>,
    here: Vec<Row>,
}

/// An operation, and where its parameters stand in the path.
#[derive(Debug)]
struct Row {
    operation: &'static Operation,
    places: Vec<Place>,
}

/// The number of a segment, and the parameter that it is; `*name` goes on to the end.
type Place = (usize, &'static str);

impl Row {
    fn of(operation: &'static Operation) -> Self {
        let named = |segment: &'static str| segment.strip_prefix('{')?.strip_suffix('}');
        let places = segments(operation.path).enumerate();
        Self { operation, places: places.filter_map(|(at, segment)| Some((at, named(segment)?))).collect() }
    }
}

static TREE: LazyLock<Node> = LazyLock::new(|| {
    let mut root = Node::default();
    for operation in Operation::all() {
        root.add(operation);
    }
    root
});

impl Node {
    fn add(&mut self, operation: &'static Operation) {
        let mut node = self;
        let mut is_object = false;
        for segment in segments(operation.path) {
            let is_name = std::mem::replace(&mut is_object, segment == "sobjects");
            match segment.strip_prefix('{') {
                Some(name) if name.starts_with('*') => {
                    node.rest.get_or_insert_default().push(Row::of(operation));
                    return;
                }
                Some(_) => node = node.param.get_or_insert_default(),
                None if is_name => node = node.objects.entry(segment.to_ascii_lowercase()).or_default(),
                None => node = node.literals.entry(segment).or_default(),
            }
        }
        node.here.push(Row::of(operation));
    }

    fn find(&self, path: &str) -> Option<&[Row]> {
        let rest_here = || self.rest.as_deref();
        let Some((first, rest)) = split_first(path) else {
            return if self.here.is_empty() { rest_here() } else { Some(&self.here) };
        };
        let by_literal = || self.literals.get(first)?.find(rest);
        let by_object = || {
            let named = !self.objects.is_empty();
            named.then(|| self.objects.get(&first.to_ascii_lowercase()))??.find(rest)
        };
        let by_param = || self.param.as_ref()?.find(rest);
        by_literal().or_else(by_object).or_else(by_param).or_else(rest_here)
    }
}

/// The first segment of a path, and what stands behind it.
fn split_first(path: &str) -> Option<(&str, &str)> {
    let path = path.trim_start_matches('/');
    (!path.is_empty()).then(|| path.split_once('/').unwrap_or((path, "")))
}

fn segments(mut path: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let (first, rest) = split_first(path)?;
        path = rest;
        Some(first)
    })
}

/// The row that answers; always one, if only to refuse. `.json` and `.xml` behind the last segment say how the answer is
/// written, unless that segment is a value.
#[must_use]
pub fn find(method: &Method, path: &str) -> Found {
    let whole = found(method, path);
    let resource = path.strip_suffix(".json").or_else(|| path.strip_suffix(".xml"));
    match resource {
        Some(resource)
            if path.starts_with("/services/data") && !whole.operation.path.ends_with("{value}") =>
        {
            found(method, resource)
        }
        _ => whole,
    }
}

fn found(method: &Method, path: &str) -> Found {
    // What is no text names nothing.
    let is_text = !path.contains('%') || percent_decode_str(path).decode_utf8().is_ok();
    let Some(rows) = TREE.find(path).filter(|_| is_text) else {
        let mut first = segments(path);
        let operation = match (first.next(), first.next(), first.next()) {
            (Some("_mock"), _, _) => &NO_CONTROL,
            (Some("services"), Some("data"), Some(_)) => &NO_RESOURCE,
            _ => &NO_PATH,
        };
        return Found { operation, params: params(&Row::of(operation).places, path), allowed: String::new() };
    };
    let Some(row) = rows.iter().find(|row| answers(row.operation.verb, method)) else {
        let refusal = if rows[0].operation.face == Face::Control { &NO_CONTROL } else { &NO_METHOD };
        return Found { operation: refusal, params: params(&rows[0].places, path), allowed: allowed(rows) };
    };
    // A handler may find that the method is not meant for what is asked.
    let refuses = row.operation.name == UNLISTED;
    let allowed = if refuses { allowed(rows) } else { String::new() };
    Found { operation: row.operation, params: params(&row.places, path), allowed }
}

fn answers(verb: Verb, method: &Method) -> bool {
    match verb {
        Verb::Any => true,
        Verb::Get => method == Method::GET || method == Method::HEAD,
        Verb::Post => method == Method::POST,
        Verb::Put => method == Method::PUT,
        Verb::Patch => method == Method::PATCH,
        Verb::Delete => method == Method::DELETE,
    }
}

/// What stands at the address of a row for the sake of one field of it; Salesforce does not list it for the others.
const UNLISTED: &str = "rest.sobject.create_by_id";

/// As Salesforce lists them: `HEAD,GET,POST`.
fn allowed(rows: &[Row]) -> String {
    let listed = rows.iter().map(|row| row.operation).filter(|row| row.name != UNLISTED);
    let mut verbs: Vec<Verb> = listed.map(|row| row.verb).collect();
    verbs.sort_unstable();
    verbs
        .into_iter()
        .map(|verb| match verb {
            Verb::Get | Verb::Any => "HEAD,GET",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Patch => "PATCH",
            Verb::Delete => "DELETE",
        })
        .collect::<Vec<_>>()
        .join(",")
}

fn params(places: &[Place], path: &str) -> Params {
    let mut found = Params::with_capacity(places.len());
    let (mut at, mut left) = (0, path);
    for (place, name) in places {
        while at < *place {
            left = split_first(left).map_or("", |(_, rest)| rest);
            at += 1;
        }
        found.push(match name.strip_prefix('*') {
            Some(name) => (name, decode(&segments(left).collect::<Vec<_>>().join("/"))),
            None => (*name, decode(split_first(left).map_or("", |(first, _)| first))),
        });
    }
    found
}

/// Percent-decoded.
fn decode(segment: &str) -> CompactString {
    percent_decode_str(segment).decode_utf8_lossy().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_rows() {
        for (method, path, name) in [
            ("GET", "/services/data", "rest.versions"),
            ("GET", "/services/data/", "rest.versions"),
            ("HEAD", "/services/data/v66.0/limits", "rest.limits"),
            ("POST", "/services/data/v66.0/sobjects/Account/", "rest.sobject.create"),
            ("GET", "/services/data/v66.0/sobjects/Account/describe", "rest.sobject.describe"),
            (
                "GET",
                "/services/data/v66.0/sobjects/Account/describe/softphoneLayout",
                "rest.sobject.describe.more",
            ),
            ("GET", "/services/data/v66.0/sobjects/Account/001000000000001", "rest.sobject.get"),
            ("PATCH", "/services/data/v66.0/sobjects/Account/Ext__c/a%2Fb", "rest.sobject.upsert"),
            ("GET", "/services/data/v66.0/sobjects/user/005000000000001/password", "rest.user.password"),
            ("GET", "/services/data/v66.0/sobjects/user/005000000000001", "rest.sobject.get"),
            ("GET", "/services/data/v66.0/query/?q=x".split('?').next().unwrap(), "rest.query"),
            ("GET", "/services/data/v66.0/composite", "rest.composite.list"),
            ("POST", "/services/data/v66.0/composite/", "rest.composite"),
            ("POST", "/services/data/v66.0/composite/tree/Account", "rest.composite.tree"),
            ("PATCH", "/services/data/v66.0/composite/sobjects/Account/Ext__c", "rest.collections.upsert"),
            ("POST", "/services/data/v66.0/composite/nonsense", "rest.composite.more"),
            ("GET", "/services/data/v66.0/nonsense", "rest.unknown_resource"),
            ("PATCH", "/services/data/v66.0/sobjects/Account/Ext__c/%ff", "rest.unknown_resource"),
            ("GET", "/nonsense", "unknown_path"),
            ("GET", "/", "unknown_path"),
            ("PUT", "/services/data/v66.0/sobjects/Account", "rest.unknown_method"),
            ("GET", "/services/data/v66.0/limits.xml", "rest.limits"),
            ("GET", "/services/data/v66.0/sobjects/Account/Ext__c/a.xml", "rest.sobject.get_by_key"),
        ] {
            let method: Method = method.parse().unwrap();
            assert_eq!(find(&method, path).operation.name, name, "{method} {path}");
        }
    }

    #[test]
    fn parameters_are_decoded_after_the_split() {
        let found = find(&Method::PATCH, "/services/data/v66.0/sobjects/Account/Ext__c/a%2Fb%20c");
        assert_eq!(found.params[3], ("value", "a/b c".into()));
    }

    #[test]
    fn a_wrong_method_names_the_right_ones() {
        let found = find(&Method::PATCH, "/services/data/v66.0/sobjects/Account");
        assert_eq!(found.allowed, "HEAD,GET,POST");
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = Operation::all().map(|operation| operation.name).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
