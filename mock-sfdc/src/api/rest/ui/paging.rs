//! Collections that come a page at a time: a size, and a token that is the number of records before the page.

use mock_sfdc_org::{
    error::Error,
    id::Id,
    soql::{self, BindOptions, RunContext},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::call::Call;

/// What stands as it is in the address of a page.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'_').remove(b'-');

/// Which part of a collection is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    pub size: usize,
    pub offset: usize,
}

impl Paging {
    /// From the parameters `pageSize` and `pageToken`, or members of a body that are called so.
    pub fn read(size: Option<&str>, token: Option<&str>, usual: usize, most: usize) -> Result<Self, Error> {
        let number = |text: &str| text.parse::<usize>().map_err(|_| Error::illegal_page_number(text));
        let size = size.map(number).transpose()?.unwrap_or(usual);
        if !(1..=most).contains(&size) {
            return Err(Error::page_size_out_of_range("pageSize", most));
        }
        Ok(Self { size, offset: token.map(number).transpose()?.unwrap_or(0) })
    }

    pub fn of(call: &Call, usual: usize, most: usize) -> Result<Self, Error> {
        Self::read(call.query("pageSize"), call.query("pageToken"), usual, most)
    }

    /// The members that say where in the collection the page is. `address` is what stands behind `/ui-api/`, `parameters` what it
    /// is asked with besides its place.
    pub fn members(
        self,
        call: &Call,
        address: &str,
        parameters: &[(&str, String)],
        more: bool,
    ) -> Map<String, Value> {
        let given = parameters.iter().filter(|(_, value)| !value.is_empty());
        let given = given.map(|(name, value)| format!("{name}={}&", utf8_percent_encode(value, PLAIN)));
        let given = given.collect::<String>();
        let prefix = format!("/services/data/{}/ui-api/{address}?{given}", call.version);
        let url = |offset: usize| format!("{prefix}pageSize={}&pageToken={offset}", self.size);
        let next = more.then(|| self.offset + self.size);
        let previous = (self.offset > 0).then(|| self.offset.saturating_sub(self.size));
        let mut members = Map::new();
        members.insert("currentPageToken".to_owned(), json!(self.offset.to_string()));
        members.insert("currentPageUrl".to_owned(), json!(url(self.offset)));
        for (name, offset) in [("next", next), ("previous", previous)] {
            members.insert(format!("{name}PageToken"), json!(offset.map(|offset| offset.to_string())));
            members.insert(format!("{name}PageUrl"), json!(offset.map(url)));
        }
        members
    }

    /// The records of the page that a query finds, and whether there are more behind it.
    pub fn ids(self, call: &Call, query: &str) -> Result<(Vec<Id>, bool), Error> {
        let text = format!("{query} LIMIT {} OFFSET {}", self.size + 1, self.offset);
        let (state, viewer) = (call.org().snapshot(), call.viewer()?);
        let options = BindOptions { api_version: call.version.0.into() };
        let prepared = soql::prepare(&text, viewer.schema(), &options)?;
        let context = RunContext::for_user(&state, call.user()?, call.org().clock().now());
        let found = soql::run(&prepared, &state, &context)?;
        let mut ids: Vec<Id> = found.rows().filter_map(|row| Some(row.identity()?.1)).collect();
        let more = ids.len() > self.size;
        ids.truncate(self.size);
        Ok((ids, more))
    }
}
