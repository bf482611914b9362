//! What identity URL and userinfo tell of a user, and who may ask (`contract/oauth.md` section 6).

use std::sync::Arc;

use http::StatusCode;
use mock_sfdc_org::{Snapshot, access, id::Id, state::State, value::Value};
use serde_json::{Value as Json, json};

use super::error::private;
use crate::{
    call::{Call, Session},
    layers::session::token,
    orgs::Tenant,
    reply::Reply,
};

/// The bare word that these two resources refuse with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word(pub StatusCode, pub &'static str);

impl Word {
    #[must_use]
    pub fn reply(self) -> Reply {
        private(Reply::typed(self.0, "text/plain;charset=UTF-8", self.1))
    }
}

/// Who asks: by header, or by `oauth_token` or `access_token` in query or form.
pub fn asker(call: &Call) -> Result<(Arc<Tenant>, Session), Word> {
    let fields = super::form::Fields::of(call);
    let by_header = call.header("authorization").and_then(token);
    let text = by_header.or_else(|| fields.filled("oauth_token")).or_else(|| fields.filled("access_token"));
    let text = text.ok_or(Word(StatusCode::FORBIDDEN, "Missing_OAuth_Token"))?;
    let tenant = call.server.orgs.mentioned_in(text).unwrap_or_else(|| Arc::clone(call.tenant.shared()));
    let session = tenant.session_from(text, call.peer);
    let session = session.ok_or(Word(StatusCode::FORBIDDEN, "Bad_OAuth_Token"))?;
    Ok((tenant, session))
}

/// As `asker`, and the token may be used to learn who its user is.
pub fn known_asker(call: &Call) -> Result<(Arc<Tenant>, Session), Word> {
    let (tenant, session) = asker(call)?;
    if session.scopes.reach_identity() {
        Ok((tenant, session))
    } else {
        Err(Word(StatusCode::FORBIDDEN, "Invalid_Scope"))
    }
}

/// A user's record, read by field name.
pub struct Person {
    state: Snapshot,
    pub id: Id,
}

impl Person {
    /// The user of this id, if the org has one.
    #[must_use]
    pub fn find(tenant: &Tenant, id: Id) -> Option<Self> {
        let state = tenant.org.snapshot();
        (id.prefix() == *b"005" && state.find(id).is_some()).then_some(Self { state, id })
    }

    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    #[must_use]
    pub fn is_active(&self) -> bool {
        access::is_active(&self.state, self.id)
    }

    #[must_use]
    pub fn value(&self, field: &str) -> Value {
        let found = self.state.find(self.id).and_then(|(object, record)| {
            let (position, _) = object.field(field)?;
            Some(record.get(position).clone())
        });
        found.unwrap_or_default()
    }

    #[must_use]
    pub fn text(&self, field: &str) -> Option<String> {
        self.value(field).as_text().map(str::to_owned)
    }

    /// A text or null.
    #[must_use]
    pub fn json(&self, field: &str) -> Json {
        self.text(field).map_or(Json::Null, Json::String)
    }

    /// First and last name as Salesforce joins them.
    #[must_use]
    pub fn name(&self) -> String {
        let parts = [self.text("FirstName"), self.text("LastName")];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// `Standard` in the record, `STANDARD` here.
    #[must_use]
    pub fn user_type(&self) -> String {
        self.text("UserType").unwrap_or_else(|| "Standard".to_owned()).to_uppercase()
    }

    /// The user's time zone, else the org's.
    #[must_use]
    pub fn time_zone(&self) -> String {
        self.text("TimeZoneSidKey").unwrap_or_else(|| self.state.settings().time_zone.clone())
    }

    #[must_use]
    pub fn language(&self) -> String {
        self.text("LanguageLocaleKey").unwrap_or_else(|| self.state.settings().language.clone())
    }

    #[must_use]
    pub fn locale(&self) -> String {
        self.text("LocaleSidKey").unwrap_or_else(|| self.state.settings().locale.clone())
    }

    /// Milliseconds east of Greenwich, without daylight saving: Java's raw offset.
    #[must_use]
    pub fn utc_offset(&self) -> i64 {
        let Ok(zone) = jiff::tz::TimeZone::get(&self.time_zone()) else { return 0 };
        // The latest January and July of the record: one of both is standard time anywhere.
        ["2024-01-01T00:00:00Z", "2024-07-01T00:00:00Z"]
            .iter()
            .filter_map(|at| at.parse::<jiff::Timestamp>().ok())
            .map(|at| zone.to_offset_info(at))
            .find(|info| !info.dst().is_dst())
            .map_or(0, |info| i64::from(info.offset().seconds()) * 1_000)
    }

    /// In whole seconds, as both resources write it.
    #[must_use]
    pub fn modified(&self) -> Json {
        let at = self.value("LastModifiedDate").as_datetime();
        at.map_or(Json::Null, |at| json!(at.whole_seconds().timestamp().to_string()))
    }

    /// Where the APIs are. `version` stands for itself unless the request names one.
    #[must_use]
    pub fn urls(&self, base: &str, version: &str) -> Json {
        let org = self.state.settings().organization_id;
        let data = format!("{base}/services/data/v{version}");
        json!({
            "enterprise": format!("{base}/services/Soap/c/{version}/{org}"),
            "metadata": format!("{base}/services/Soap/m/{version}/{org}"),
            "partner": format!("{base}/services/Soap/u/{version}/{org}"),
            "rest": format!("{data}/"),
            "sobjects": format!("{data}/sobjects/"),
            "search": format!("{data}/search/"),
            "query": format!("{data}/query/"),
            "recent": format!("{data}/recent/"),
            "tooling_soap": format!("{base}/services/Soap/T/{version}/{org}"),
            "tooling_rest": format!("{data}/tooling/"),
            "profile": format!("{base}/{}", self.id),
            "feeds": format!("{data}/chatter/feeds"),
            "groups": format!("{data}/chatter/groups"),
            "users": format!("{data}/chatter/users"),
            "feed_items": format!("{data}/chatter/feed-items"),
            "feed_elements": format!("{data}/chatter/feed-elements"),
            "custom_domain": base,
        })
    }
}

/// The picture of a user who has none: `F`ull size or `T`humbnail.
#[must_use]
pub fn photo(base: &str, size: char) -> String {
    format!("{base}/profilephoto/005/{size}")
}
