//! The yardstick: SQLite in memory, the same columns, the same indexes, statements prepared once.

use rusqlite::{Connection, Statement, params, types::ValueRef};

use crate::leads::{self, Answer, Key, Lead};

/// Filled columns of a lead that was saved, in the order of the object's fields. Texts compare as Salesforce compares them.
const TABLE: &str = "
CREATE TABLE Lead (
    Id TEXT PRIMARY KEY, IsDeleted INTEGER, LastName TEXT COLLATE NOCASE, FirstName TEXT COLLATE NOCASE,
    Name TEXT COLLATE NOCASE, Title TEXT COLLATE NOCASE, Company TEXT COLLATE NOCASE, City TEXT COLLATE NOCASE,
    Country TEXT COLLATE NOCASE, Phone TEXT COLLATE NOCASE, Email TEXT COLLATE NOCASE, LeadSource TEXT COLLATE NOCASE,
    Status TEXT COLLATE NOCASE, Industry TEXT COLLATE NOCASE, Rating TEXT COLLATE NOCASE, AnnualRevenue INTEGER,
    NumberOfEmployees INTEGER, OwnerId TEXT, IsConverted INTEGER, IsUnreadByOwner INTEGER, CreatedDate INTEGER,
    CreatedById TEXT, LastModifiedDate INTEGER, LastModifiedById TEXT, SystemModstamp INTEGER, Ref__c TEXT COLLATE NOCASE
);";

const INDEXES: &str = "
CREATE INDEX LeadName ON Lead (Name);
CREATE INDEX LeadEmail ON Lead (Email);
CREATE INDEX LeadOwner ON Lead (OwnerId);
CREATE INDEX LeadStamp ON Lead (SystemModstamp);
CREATE INDEX LeadRef ON Lead (Ref__c);";

/// A database with leads.
#[derive(Debug)]
pub struct Theirs {
    connection: Connection,
}

impl Theirs {
    /// # Panics
    /// When SQLite refuses what is written here.
    #[must_use]
    pub fn with_leads(count: u64) -> Self {
        let connection = Connection::open_in_memory().expect("memory");
        connection.pragma_update(None, "temp_store", "MEMORY").expect("a pragma");
        connection.execute_batch(&format!("{TABLE}{INDEXES}BEGIN")).expect("a table");
        let insert = format!("INSERT INTO Lead VALUES ({})", vec!["?"; 26].join(", "));
        let mut statement = connection.prepare(&insert).expect("a statement");
        for number in 1..=count {
            let lead = Lead::number(number);
            let moment = leads::moment(number).millis();
            let owner = lead.owner.to_string();
            statement
                .execute(params![
                    leads::id(number).to_string(),
                    false,
                    lead.last_name,
                    lead.first_name,
                    lead.name(),
                    lead.title,
                    lead.company,
                    lead.city,
                    lead.country,
                    lead.phone,
                    lead.email,
                    lead.lead_source,
                    "Open - Not Contacted",
                    lead.industry,
                    lead.rating,
                    lead.annual_revenue.cast_signed(),
                    lead.number_of_employees.cast_signed(),
                    owner,
                    false,
                    true,
                    moment,
                    owner,
                    moment,
                    owner,
                    moment,
                    lead.external_id,
                ])
                .expect("a row");
        }
        drop(statement);
        connection.execute_batch("COMMIT; ANALYZE").expect("a commit");
        Self { connection }
    }

    /// What its pages take.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let number =
            |pragma: &str| self.connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        (number("page_count").unwrap_or(0) * number("page_size").unwrap_or(0)).cast_unsigned()
    }

    /// # Panics
    /// When the statement is wrong.
    #[must_use]
    pub fn prepared(&self, key: Key) -> Statement<'_> {
        self.connection.prepare(key.sql()).expect("a statement")
    }

    /// Looks lead `number` up by a key.
    pub fn run_key(&self, statement: &mut Statement<'_>, key: Key, number: u64) -> Answer {
        let Some(text) = key.text(number) else {
            return Self::run_moments(statement, Key::moments(number));
        };
        Self::run_text(statement, &text)
    }

    /// The same with a key that is made already, so that only the query is timed.
    pub fn run_text(statement: &mut Statement<'_>, text: &str) -> Answer {
        answer(statement, [text])
    }

    pub fn run_moments(statement: &mut Statement<'_>, (from, to): (i64, i64)) -> Answer {
        answer(statement, [from, to])
    }

    /// A question without parameters; the connection keeps the statement.
    ///
    /// # Panics
    /// When the statement is wrong.
    #[must_use]
    pub fn run(&self, sql: &str) -> Answer {
        answer(&mut self.connection.prepare_cached(sql).expect("a statement"), [])
    }
}

/// Steps through all rows and reads each cell where it lies.
fn answer(statement: &mut Statement<'_>, parameters: impl rusqlite::Params) -> Answer {
    let columns = statement.column_count();
    let mut rows = statement.query(parameters).expect("rows");
    let mut answer = Answer::default();
    while let Some(row) = rows.next().expect("a row") {
        answer.rows += 1;
        answer.bytes += (0..columns)
            .map(|column| match row.get_ref(column) {
                Ok(ValueRef::Text(text)) => text.len(),
                _ => 0,
            })
            .sum::<usize>();
    }
    answer
}
