//! `/query` and `/queryAll`, page by page.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde::Deserialize;

use super::answer::parse;
use super::path::encode;
use crate::salesforce::client::{Call, Client};
use crate::salesforce::error::{Effect, Error};
use crate::salesforce::http::Answer;
use crate::salesforce::record::Record;

/// Salesforce answers 414 or 431 beyond 16,384 bytes of URI and headers; the headers need their share.
const LONGEST_PATH: usize = 15_000;
/// A query that is collected whole stops here; page through larger ones.
const MOST_RECORDS: usize = 50_000;

/// Where the next page is. Opaque; bound to the user, and good for minutes to days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locator(String);

/// One page of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Of the whole query, on every page; for `COUNT()` the count.
    pub total: u64,
    pub records: Vec<Record>,
    pub next: Option<Locator>,
    /// When the org answered, by its own `Date` header: whole seconds.
    pub answered_at: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    total_size: u64,
    done: bool,
    next_records_url: Option<String>,
    records: Vec<Record>,
}

impl Client {
    /// All records, whatever the number of pages; refused beyond 50,000.
    pub async fn query(&self, soql: &str) -> Result<Vec<Record>, Error> {
        self.collect(self.query_page(soql).await?).await
    }

    /// As `query`, with what is in the recycle bin or archived.
    pub async fn query_all(&self, soql: &str) -> Result<Vec<Record>, Error> {
        self.collect(self.first_page("queryAll", soql).await?).await
    }

    /// The first page.
    pub async fn query_page(&self, soql: &str) -> Result<Page, Error> {
        self.first_page("query", soql).await
    }

    /// The page after.
    pub async fn query_more(&self, locator: &Locator) -> Result<Page, Error> {
        self.page("rest.query_more", locator.0.clone()).await
    }

    async fn first_page(&self, resource: &str, soql: &str) -> Result<Page, Error> {
        let path = self.data_path(&format!("/{resource}?q={}", encode(soql)));
        if path.len() > LONGEST_PATH {
            let reason =
                format!("the query is too long for a URL: {} bytes, at most {LONGEST_PATH}", path.len());
            return Err(Error::refused("rest.query", reason));
        }
        self.page("rest.query", path).await
    }

    async fn page(&self, operation: &'static str, path: String) -> Result<Page, Error> {
        let answer = self.call(&Call::get(operation, path)).await?;
        let body: Body = parse(operation, Effect::Read, &answer)?;
        let next = match (body.done, body.next_records_url) {
            (true, _) => None,
            (false, Some(url)) => Some(Locator(url)),
            (false, None) => {
                let detail = "there are more records (done is false), but no nextRecordsUrl";
                return Err(Error::malformed(operation, Effect::Read, detail));
            }
        };
        Ok(Page { total: body.total_size, records: body.records, next, answered_at: answered_at(&answer) })
    }

    async fn collect(&self, first: Page) -> Result<Vec<Record>, Error> {
        let total = usize::try_from(first.total).unwrap_or(usize::MAX);
        if first.next.is_some() && total > MOST_RECORDS {
            let reason =
                format!("the query finds {total} records, more than {MOST_RECORDS}: page through them");
            return Err(Error::refused("rest.query", reason));
        }
        let mut records = first.records;
        let mut next = first.next;
        while let Some(locator) = next {
            let page = self.query_more(&locator).await?;
            if page.records.is_empty() || records.len() + page.records.len() > MOST_RECORDS {
                let detail = "the pages of the query do not come to an end";
                return Err(Error::malformed("rest.query_more", Effect::Read, detail));
            }
            records.extend(page.records);
            next = page.next;
        }
        Ok(records)
    }
}

fn answered_at(answer: &Answer) -> Option<Timestamp> {
    let date = answer.headers.get("date")?.to_str().ok()?;
    rfc2822::DateTimeParser::new().parse_timestamp(date).ok()
}
