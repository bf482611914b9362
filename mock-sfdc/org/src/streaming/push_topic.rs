//! The object `PushTopic`: what a save checks beyond what every save checks (`contract/streaming.md` section 5).

use super::{NotifyForFields, TopicQuery};
use crate::{
    error::{Error, ErrorCode},
    id::KeyPrefix,
    schema::Object,
    state::{Edit, State},
    value::Value,
};

/// Its name and the beginning of its ids.
pub const OBJECT: &str = "PushTopic";
pub const PREFIX: KeyPrefix = *b"0IF";

/// `ApiVersion` must be above this.
const VERSION_FLOOR: i64 = 20;

/// Everything that is wrong with a push topic on its way into the org: `new` when it is being created.
#[must_use]
pub fn validate(state: &State, object: &Object, record: &Edit, new: bool) -> Vec<Error> {
    let check = Check { state, object, record };
    let mut errors = Vec::new();
    if new {
        errors.extend(check.allocation());
    }
    errors.extend(check.duplicate_name());
    errors.extend(check.api_version());
    let mode = check.notify_for_fields();
    match (TopicQuery::bind(state, check.text("Query")), mode) {
        (Err(broken), mode) => {
            errors.extend(broken);
            errors.extend(mode.err());
        }
        (Ok(_), Err(error)) => errors.push(error),
        (Ok(query), Ok(mode)) => errors.extend(fields_for(mode, &query)),
    }
    errors
}

struct Check<'a> {
    state: &'a State,
    object: &'a Object,
    record: &'a Edit,
}

impl Check<'_> {
    fn value(&self, name: &str) -> &Value {
        self.object.field(name).map_or(&Value::Null, |(position, _)| self.record.get(position))
    }

    fn text(&self, name: &str) -> &str {
        self.value(name).as_text().unwrap_or_default()
    }

    fn label(&self, name: &str) -> &str {
        self.object.field(name).map_or("", |(_, field)| field.label.as_str())
    }

    fn allocation(&self) -> Option<Error> {
        let most = self.state.streams().setup().allocations(self.state.settings()).push_topics;
        let have = self.state.table(self.object.index).len();
        (have >= most as usize).then(|| {
            Error::plain(
                ErrorCode::LimitExceeded,
                format!("Your organization has reached its limit of {most} push topics"),
            )
        })
    }

    /// Channels tell cases apart, names may not: two topics that differ in case only would be told from each other by nobody.
    fn duplicate_name(&self) -> Option<Error> {
        let (position, _) = self.object.field("Name")?;
        let others = self.state.lookup(self.object, position, self.value("Name"));
        let other = others.iter().find(|other| other.id() != self.record.id())?;
        Some(Error::duplicate_value("Name", other.id()))
    }

    fn api_version(&self) -> Option<Error> {
        let version = self.value("ApiVersion").as_number()?;
        (version <= VERSION_FLOOR.into()).then(|| {
            Error::number_outside_range(self.label("ApiVersion"), "ApiVersion", &version.to_string())
        })
    }

    fn notify_for_fields(&self) -> Result<NotifyForFields, Error> {
        let text = self.text("NotifyForFields");
        if text.is_empty() {
            return Ok(NotifyForFields::Referenced);
        }
        NotifyForFields::parse(text).ok_or_else(|| {
            Error::bad_restricted_picklist(self.label("NotifyForFields"), "NotifyForFields", text)
        })
    }
}

/// Each mode needs a field that can change. Unconfirmed wording.
fn fields_for(mode: NotifyForFields, query: &TopicQuery) -> Option<Error> {
    let (selects, compares) = (query.selects_more_than_id(), query.compares_more_than_id());
    let missing = match mode {
        NotifyForFields::All => None,
        NotifyForFields::Referenced => {
            (!selects && !compares).then_some("the SELECT list or the WHERE clause")
        }
        NotifyForFields::Select => (!selects).then_some("the SELECT list"),
        NotifyForFields::Where => (!compares).then_some("the WHERE clause"),
    }?;
    let message =
        format!("NotifyForFields '{}' needs at least one field other than Id in {missing}", mode.as_str());
    Some(Error::on_fields(ErrorCode::InvalidField, message, ["NotifyForFields"]))
}
