//! What a list is asked to show of its records, and in which order: parameters of a GET, or a body that has the same by name.

use mock_sfdc_org::{error::Error, id::Id, schema::Object};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    listed,
    paging::Paging,
    records::{View, own},
};
use crate::{
    api::rest::body,
    call::{ApiVersion, Call},
};

/// Since this version up to five fields order a list, before it one does.
const SEVERAL_ORDERS_SINCE: ApiVersion = ApiVersion(63);
const MOST_ORDERS: usize = 5;

/// What is asked for. Another member of a body is refused: what filters a list (`where`, `searchTerm`) is not known here.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Selection {
    pub fields: Vec<String>,
    pub optional_fields: Vec<String>,
    page_size: Option<usize>,
    page_token: Option<String>,
    pub sort_by: Vec<String>,
}

impl Selection {
    /// `?fields=&optionalFields=&pageSize=&pageToken=&sortBy=`
    pub fn of_parameters(call: &Call, most: usize) -> Result<(Self, Paging), Error> {
        let list = |name: &str| listed(call.query(name).unwrap_or_default()).map(str::to_owned).collect();
        let selection = Self {
            fields: list("fields"),
            optional_fields: list("optionalFields"),
            sort_by: list("sortBy"),
            ..Self::default()
        };
        Ok((selection, Paging::of(call, 50, most)?))
    }

    pub fn of_body(call: &Call, most: usize) -> Result<(Self, Paging), Error> {
        let selection: Self = body::parsed(call)?;
        let size = selection.page_size.map(|size| size.to_string());
        let paging = Paging::read(size.as_deref(), selection.page_token.as_deref(), 50, most)?;
        Ok((selection, paging))
    }

    /// The part of it that is about this object: fields may be written with the object that has them.
    #[must_use]
    pub fn of_object(&self, object: &Object) -> Self {
        let own = |list: &[String]| {
            let meant = |name: &&String| name.split_once('.').is_none_or(|(of, _)| object.name.is(of));
            list.iter().filter(meant).cloned().collect()
        };
        Self {
            fields: own(&self.fields),
            optional_fields: own(&self.optional_fields),
            page_size: self.page_size,
            page_token: self.page_token.clone(),
            sort_by: self.sort_by.clone(),
        }
    }

    /// The same without orders by fields that the object has not.
    #[must_use]
    pub fn with_known_orders(mut self, object: &Object) -> Self {
        self.sort_by.retain(|text| {
            let name =
                own(object, text.strip_prefix('-').unwrap_or(text)).first().copied().unwrap_or_default();
            match name.split_once('.') {
                Some((parent, _)) => object.parent_relationship(parent).is_some(),
                None => object.field(name).is_some_and(|(_, field)| field.sortable),
            }
        });
        self
    }

    /// `ORDER BY` of what is asked for, else of the list's own order.
    pub fn order(&self, call: &Call, object: &Object, usual: &[&str]) -> Result<String, Error> {
        let several = call.version >= SEVERAL_ORDERS_SINCE;
        let taken = if several { MOST_ORDERS } else { 1 };
        let mut orders = Vec::new();
        for text in self.sort_by.iter().take(taken) {
            let (name, direction) =
                text.strip_prefix('-').map_or((text.as_str(), "ASC"), |name| (name, "DESC"));
            let name = own(object, name).first().copied().unwrap_or_default();
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "_.".contains(c)) {
                return Err(Error::no_such_column_on(name, object.name.as_str()));
            }
            orders.push(format!("{name} {direction} NULLS FIRST"));
        }
        if orders.is_empty() {
            orders.extend(usual.iter().map(|name| format!("{name} ASC NULLS FIRST")));
        }
        if !orders.iter().any(|order| order.starts_with("Id ")) {
            orders.push("Id ASC NULLS FIRST".to_owned());
        }
        Ok(format!("ORDER BY {}", orders.join(", ")))
    }

    /// The records, with the fields that are asked for and `shown` besides.
    pub fn records(
        &self,
        view: &View<'_>,
        object: &Object,
        ids: &[Id],
        shown: &[String],
    ) -> Result<Vec<Value>, Error> {
        let (fields, optional) = (self.fields.join(","), self.optional_fields.join(","));
        let wanted = shown.iter().map(String::as_str).chain(own(object, &fields)).collect::<Vec<_>>();
        let optional = own(object, &optional);
        let found = ids.iter().filter_map(|id| view.find(*id));
        found.map(|(object, record)| view.with_optional(&object, &record, &wanted, &optional)).collect()
    }

    /// The parameters, as the addresses of other pages have them.
    pub fn parameters(&self) -> [(&'static str, String); 3] {
        [
            ("fields", self.fields.join(",")),
            ("optionalFields", self.optional_fields.join(",")),
            ("sortBy", self.sort_by.join(",")),
        ]
    }

    /// What a collection says of the request that it answers.
    pub fn echo(&self, paging: Paging, sort_by: &[String]) -> Value {
        json!({
            "fields": self.fields,
            "optionalFields": self.optional_fields,
            "pageSize": paging.size,
            "sortBy": sort_by,
        })
    }
}
