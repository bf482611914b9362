//! List views: what an object's list shows. Every object with a tab has one of all records, and one of the user's own; views
//! of other names say nothing here of what they filter.

use crate::{
    id::Id,
    schema::{FieldType, Object},
    state::State,
};

/// One row of `ListView`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListView {
    pub id: Id,
    pub developer_name: String,
    pub label: String,
}

/// What a view shows, in which order, of which records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub columns: Vec<Column>,
    /// `everything` or `mine`.
    pub scope: &'static str,
    /// The field by which it is sorted.
    pub order: String,
    pub query: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// `Name`, `Owner.Alias`
    pub path: String,
    pub label: String,
    pub kind: FieldType,
    pub sortable: bool,
    /// Read for links, and not shown.
    pub hidden: bool,
}

/// Fields that lists of standard objects show beside the name, where the object has them; the first few.
const LISTED: [&str; 15] = [
    "Company",
    "Subject",
    "BillingState",
    "State",
    "Phone",
    "Email",
    "Type",
    "Status",
    "StageName",
    "Priority",
    "Amount",
    "CloseDate",
    "StartDate",
    "ProductCode",
    "EffectiveDate",
];
const MOST_LISTED: usize = 4;
/// Read along, not shown: links and caches need them.
const HIDDEN: [&str; 4] = ["Id", "CreatedDate", "LastModifiedDate", "SystemModstamp"];

/// The views of an object, as the org has them.
#[must_use]
pub fn of(state: &State, object: &Object) -> Vec<ListView> {
    let Some(views) = state.schema().object("ListView") else { return Vec::new() };
    let Some((kind, _)) = views.field("SobjectType") else { return Vec::new() };
    let text = |record: &crate::state::Record, field: &str| {
        let position = views.field(field).map(|(position, _)| position);
        position.and_then(|position| record.get(position).as_text()).unwrap_or_default().to_owned()
    };
    let mut found = state
        .lookup(views, kind, &object.name.as_str().into())
        .iter()
        .map(|record| ListView {
            id: record.id(),
            developer_name: text(record, "DeveloperName"),
            label: text(record, "Name"),
        })
        .collect::<Vec<_>>();
    found.sort_by_key(|view| view.id);
    found
}

/// The names that the two views of an object have: `AllAccounts` and `MyAccounts`.
#[must_use]
pub fn names(object: &Object) -> [(String, String); 2] {
    let plural = &object.label_plural;
    ["All", "My"].map(|which| {
        let name = format!("{which}{}", plural.replace(|c: char| !c.is_ascii_alphanumeric(), ""));
        (name, format!("{which} {plural}"))
    })
}

/// What the view shows; `None` for one that this org cannot know.
#[must_use]
pub fn shown(object: &Object, view: &ListView) -> Option<Shown> {
    let [(all, _), (own, _)] = names(object);
    let scope = match &view.developer_name {
        name if *name == all => "everything",
        name if *name == own => "mine",
        _ => return None,
    };
    let (_, name) = object.name_field()?;
    let field = |name: &str, hidden: bool| {
        let (_, field) = object.field(name)?;
        Some(Column {
            path: field.name.as_str().to_owned(),
            label: field.label.clone(),
            kind: field.kind,
            sortable: field.sortable,
            hidden,
        })
    };
    let mut columns: Vec<Column> = field(name.name.as_str(), false).into_iter().collect();
    let listed = LISTED.iter().filter(|one| !name.name.is(one)).filter_map(|one| field(one, false));
    columns.extend(listed.take(MOST_LISTED));
    if object.field("OwnerId").is_some_and(|(_, owner)| owner.relationship_name.is_some()) {
        columns.push(Column {
            path: "Owner.Name".to_owned(),
            label: "Owner Name".to_owned(),
            kind: FieldType::String,
            sortable: true,
            hidden: false,
        });
    }
    columns.extend(HIDDEN.iter().filter_map(|one| field(one, true)));
    let order = name.name.as_str().to_owned();
    let paths = columns.iter().map(|column| column.path.as_str()).collect::<Vec<_>>().join(", ");
    let of = object.name.as_str();
    let using = if scope == "mine" { " USING SCOPE mine" } else { "" };
    let query =
        format!("SELECT {paths} FROM {of}{using} ORDER BY {order} ASC NULLS FIRST, Id ASC NULLS FIRST");
    Some(Shown { columns, scope, order, query })
}
