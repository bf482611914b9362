//! An org of a fixture, and short words for what tests do to it.

use std::sync::Arc;

use mock_sfdc_org::{
    Org,
    clock::Clock,
    error::{Error, ErrorCode},
    id::Id,
    save::{DmlOptions, Draft, coerce::Raw},
    schema::Object,
    seed,
    soql::{self, BindOptions, RunContext},
    value::{DateTime, Value, shown},
    verbs,
};

/// Wednesday, 2026-03-25, 12:00 UTC.
pub const NOON: DateTime = DateTime::from_millis(1_774_440_000_000);

pub struct World {
    pub org: Org,
    pub admin: Id,
}

/// Field and text; an empty text is null.
pub type Row<'a> = &'a [(&'a str, &'a str)];

impl World {
    /// The org of a fixture, at noon.
    pub fn new(fixture: &str) -> Self {
        let state =
            seed::load("test.json", fixture, NOON, &|_| None).unwrap_or_else(|error| panic!("{error}"));
        let admin = seed::administrator(state.settings());
        Self { org: Org::new(state, Clock::fixed(NOON), 1), admin }
    }

    pub fn object(&self, name: &str) -> Arc<Object> {
        Arc::clone(self.org.snapshot().schema().object(name).unwrap())
    }

    pub fn draft(&self, object: &str, row: Row<'_>) -> Draft {
        let object = self.object(object);
        let mut draft = Draft::default();
        for (field, text) in row {
            let raw = if text.is_empty() { Raw::Null } else { Raw::Text(text) };
            draft.set(&object, field, raw).unwrap();
        }
        draft
    }

    pub fn create_with(&self, object: &str, row: Row<'_>, options: &DmlOptions) -> Result<Id, Vec<Error>> {
        let draft = self.draft(object, row);
        self.org.transact(self.admin, |tx| verbs::create(tx, &self.object(object), draft, options))
    }

    pub fn create(&self, object: &str, row: Row<'_>) -> Result<Id, Vec<Error>> {
        self.create_with(object, row, &DmlOptions::default())
    }

    pub fn update(&self, object: &str, id: Id, row: Row<'_>) -> Result<Id, Vec<Error>> {
        let draft = self.draft(object, row);
        self.org.transact(self.admin, |tx| {
            verbs::update(tx, &self.object(object), id, draft, &DmlOptions::default())
        })
    }

    pub fn delete(&self, object: &str, id: Id) -> Result<(), Vec<Error>> {
        self.org.transact(self.admin, |tx| verbs::delete(tx, &self.object(object), id))
    }

    pub fn undelete(&self, object: &str, id: Id) -> Result<(), Vec<Error>> {
        self.org.transact(self.admin, |tx| verbs::undelete(tx, &self.object(object), id))
    }

    pub fn exists(&self, id: Id) -> bool {
        self.org.snapshot().find(id).is_some()
    }

    /// How many rows `queryAll` finds.
    pub fn count_all(&self, soql: &str) -> usize {
        let state = self.org.snapshot();
        let query = soql::prepare(soql, state.schema(), &BindOptions::default()).unwrap();
        let context = RunContext::for_user(&state, self.admin, self.org.clock().now());
        let all = RunContext { include_deleted: true, ..context };
        soql::run(&query, &state, &all).unwrap().total_size()
    }

    /// The one error of a create that is refused.
    pub fn refused(&self, object: &str, row: Row<'_>) -> (ErrorCode, String, Vec<String>) {
        let mut errors = self.create(object, row).unwrap_err();
        assert_eq!(errors.len(), 1, "{errors:?}");
        let error = errors.remove(0);
        (error.code, error.message, error.fields.unwrap_or_default())
    }

    pub fn get(&self, object: &str, id: Id, field: &str) -> Value {
        let object = self.object(object);
        let (position, _) = object.field(field).unwrap();
        self.org.snapshot().table(object.index).get(id).unwrap().get(position).clone()
    }

    pub fn text(&self, object: &str, id: Id, field: &str) -> String {
        shown(&self.get(object, id, field))
    }
}
