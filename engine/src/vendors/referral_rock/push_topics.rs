//! "Ensure Push Topics are being sent": the topics of Referral Update, one for each triggering object (RR-13).

use crate::{
    context::Context,
    failure::Result,
    salesforce::{
        Client, Fields, WriteOptions,
        soql::{Condition, Select},
    },
    sync::relation::Object,
};

/// Topic names hold at most 25 characters.
#[must_use]
pub fn topic_name(object: Object) -> &'static str {
    match object {
        Object::Lead => "ReferralRockLead",
        Object::Contact => "ReferralRockContact",
        Object::Account => "ReferralRockAccount",
        Object::Opportunity => "ReferralRockOpportunity",
    }
}

#[must_use]
pub fn channel(object: Object) -> String {
    format!("/topic/{}", topic_name(object))
}

/// Which object a channel of ours is about.
#[must_use]
pub fn object_of(channel: &str) -> Option<Object> {
    Object::ALL.into_iter().find(|object| self::channel(*object) == channel)
}

/// Only what recognising an event takes: the fields themselves are read when it is processed, as they are then.
fn query(object: Object) -> String {
    format!("SELECT Id, CreatedDate, LastModifiedById, SystemModstamp FROM {object}")
}

/// What stood otherwise than it should.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ensured {
    /// Their topics were not there: all that these tell is ours.
    pub made: Vec<Object>,
    /// Somebody had changed them or turned them off.
    pub mended: Vec<Object>,
}

/// Makes the topics that are missing, and mends those that somebody changed. Twice is the same as once. Returns what it
/// had to do.
pub async fn ensure(ctx: &Context, client: &Client) -> Result<Ensured> {
    let names = Object::ALL.map(topic_name);
    let existing = client
        .query(
            &Select::from("PushTopic")
                .fields(["Id", "Name", "Query", "IsActive", "NotifyForFields"])
                .filter(Condition::any_of("Name", names))
                .to_string(),
        )
        .await?;
    let mut done = Ensured::default();
    for object in Object::ALL {
        let name = topic_name(object);
        let fields = Fields::new()
            .with("Query", query(object))
            .with("IsActive", true)
            .with("NotifyForFields", "All")
            .with("NotifyForOperationCreate", true)
            .with("NotifyForOperationUpdate", true)
            .with("NotifyForOperationDelete", false)
            .with("NotifyForOperationUndelete", false);
        let found = existing.iter().find(|record| record.text("Name") == Some(name));
        match found.and_then(|record| record.id().map(|id| (record, id))) {
            None => {
                let fields = fields.with("Name", name).with("ApiVersion", f64::from(ctx.version().number()));
                client.create("PushTopic", &fields, &WriteOptions::default()).await?;
                done.made.push(object);
            }
            Some((record, id)) => {
                let as_ours = record.text("Query") == Some(query(object).as_str())
                    && record.bool("IsActive") == Some(true)
                    && record.text("NotifyForFields") == Some("All");
                if !as_ours {
                    client.update("PushTopic", id, &fields, &WriteOptions::default()).await?;
                    done.mended.push(object);
                }
            }
        }
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_and_channels_lead_back() {
        for object in Object::ALL {
            assert!(topic_name(object).len() <= 25);
            assert_eq!(object_of(&channel(object)), Some(object));
        }
        assert_eq!(object_of("/topic/Other"), None);
    }
}
