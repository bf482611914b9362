//! "Other Notes on Fields": reading what the set-up asks for, from the record that triggered an event and from those that
//! the relation table gives it (RR-29, RR-30).

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::config::{ContactMatching, ReferralUpdate};
use crate::{
    context::{Connected, Context},
    failure::Result,
    salesforce::{
        Record,
        soql::{Condition, Select},
    },
    store::EntryValues,
    sync::relation::{Object, Reach, is_relational, only_one, reach},
};

/// Contacts of one account that are looked at.
const MOST_CONTACTS: u32 = 200;
/// Where an entry keeps the contacts of the triggering record's account.
pub const ACCOUNT_CONTACTS: &str = "AccountContacts";

/// What was read for an event.
#[derive(Debug)]
pub struct Gathered {
    pub values: EntryValues,
    pub modstamp: Option<String>,
    pub modified_by: Option<String>,
    pub fingerprint: String,
}

/// Fields by which people and companies are told apart, read whether or not a mapping asks for them.
fn own_fields(object: Object) -> &'static [&'static str] {
    match object {
        Object::Lead => &[
            "Id",
            "FirstName",
            "LastName",
            "Email",
            "Company",
            "Phone",
            "IsConverted",
            "ConvertedContactId",
            "ConvertedOpportunityId",
        ],
        Object::Contact => &["Id", "FirstName", "LastName", "Email", "Phone", "AccountId"],
        Object::Account => &["Id", "Name"],
        Object::Opportunity => &["Id", "Name", "AccountId"],
    }
}

/// Reads the triggering record and its relations as they are now; nothing if the record is gone.
pub async fn gather(
    ctx: &Context,
    account: &str,
    connected: &Connected,
    setup: &ReferralUpdate,
    trigger: Object,
    id: &str,
) -> Result<Option<Gathered>> {
    let reader = Reader { ctx, account, connected, wanted: setup.fields_by_object() };
    let Some(own) = reader.read(trigger, id, true).await? else {
        return Ok(None);
    };
    let mut values = EntryValues::new();
    for object in reader.objects(trigger) {
        let record = if object == trigger {
            Some(own.clone())
        } else {
            match reader.related(trigger, object, id, &own).await? {
                Some(related) => reader.read(object, &related, false).await?,
                None => None,
            }
        };
        values.insert(object.as_str().to_owned(), record.map(|record| reader.with_nulls(object, record)));
    }
    if setup.contact_matching == ContactMatching::AccountContacts {
        let contacts = reader.account_contacts(trigger, id, &own).await?;
        values.insert(ACCOUNT_CONTACTS.to_owned(), Some(contacts));
    }
    Ok(Some(Gathered {
        modstamp: own.text("SystemModstamp").map(ToOwned::to_owned),
        modified_by: own.text("LastModifiedById").map(ToOwned::to_owned),
        fingerprint: fingerprint(&own),
        values,
    }))
}

/// Tells two states of a record apart, as far as the set-up reads them.
#[must_use]
pub fn fingerprint(record: &Record) -> String {
    let text = record.fields().fold(String::new(), |text, (name, value)| format!("{text}{name}={value}\n"));
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// The select list for a triggering record, so that a poll reads what [`gather`] reads.
pub async fn trigger_fields(
    ctx: &Context,
    account: &str,
    connected: &Connected,
    setup: &ReferralUpdate,
    object: Object,
) -> Result<Vec<String>> {
    Reader { ctx, account, connected, wanted: setup.fields_by_object() }.available(object, true).await
}

struct Reader<'a> {
    ctx: &'a Context,
    account: &'a str,
    connected: &'a Connected,
    wanted: BTreeMap<Object, BTreeSet<String>>,
}

impl Reader<'_> {
    /// Every object that a mapping asks for, the trigger, and what identifies people and companies.
    fn objects(&self, trigger: Object) -> Vec<Object> {
        let identity = |object| match trigger {
            Object::Lead => false,
            _ => matches!(object, Object::Contact | Object::Account),
        };
        let asked = |object| object == trigger || self.wanted.contains_key(&object) || identity(object);
        Object::ALL.into_iter().filter(|object| asked(*object)).collect()
    }

    /// The fields that can be read: there, and not encrypted (an encrypted value cannot be used: RR-31).
    async fn available(&self, object: Object, trigger: bool) -> Result<Vec<String>> {
        let mut fields: Vec<&str> = own_fields(object).to_vec();
        if trigger {
            fields.extend(["CreatedDate", "LastModifiedById", "SystemModstamp"]);
        }
        let configured = self.wanted.get(&object).into_iter().flatten().map(String::as_str);
        for field in configured.filter(|field| !is_relational(field)) {
            if !fields.iter().any(|known| known.eq_ignore_ascii_case(field)) {
                fields.push(field);
            }
        }
        let client = &self.connected.client;
        let describe = self.ctx.describe(self.account, client, object.as_str(), &fields).await?;
        let readable = |name: &&str| {
            describe.field(name).is_some_and(|field| !field.encrypted && field.kind != "encryptedstring")
        };
        Ok(fields.into_iter().filter(readable).map(ToOwned::to_owned).collect())
    }

    async fn read(&self, object: Object, id: &str, trigger: bool) -> Result<Option<Record>> {
        let fields = self.available(object, trigger).await?;
        let query = Select::from(object.as_str()).fields(fields).filter(Condition::equal("Id", id)).limit(1);
        Ok(self.connected.client.query(&query.to_string()).await?.into_iter().next())
    }

    /// The one related record that the table gives, if it gives one.
    async fn related(
        &self,
        trigger: Object,
        wanted: Object,
        id: &str,
        own: &Record,
    ) -> Result<Option<String>> {
        let ids = |records: Vec<Record>, field: &str| {
            only_one(
                records
                    .iter()
                    .filter_map(|record| record.text(field).map(ToOwned::to_owned))
                    .collect::<Vec<_>>(),
            )
        };
        let client = &self.connected.client;
        match reach(trigger, wanted) {
            Reach::Itself => Ok(Some(id.to_owned())),
            Reach::Parent { lookup } => Ok(own.text(lookup).map(ToOwned::to_owned)),
            Reach::OnlyChild { lookup } => {
                let query =
                    Select::from(wanted.as_str()).field("Id").filter(Condition::equal(lookup, id)).limit(2);
                Ok(ids(client.query(&query.to_string()).await?, "Id"))
            }
            Reach::OnlyByRole { here, there } => {
                let query =
                    Select::from("OpportunityContactRole").field(there).filter(Condition::equal(here, id));
                Ok(ids(client.query(&query.to_string()).await?, there))
            }
            Reach::Nothing => Ok(None),
        }
    }

    /// The fields as the set-up names them; what cannot be read, and every path through a relationship, is null.
    fn with_nulls(&self, object: Object, record: Record) -> Map<String, Value> {
        let mut map: Map<String, Value> = record.into_map();
        map.shift_remove("attributes");
        for field in self.wanted.get(&object).into_iter().flatten() {
            if !map.keys().any(|known| known.eq_ignore_ascii_case(field)) {
                map.insert(field.clone(), Value::Null);
            }
        }
        map
    }

    /// "If you would like to include contacts linked to the account of the triggered object" (RR-20).
    async fn account_contacts(&self, trigger: Object, id: &str, own: &Record) -> Result<Map<String, Value>> {
        let of = match trigger {
            Object::Lead => None,
            Object::Account => Some(id.to_owned()),
            Object::Contact | Object::Opportunity => own.text("AccountId").map(ToOwned::to_owned),
        };
        let Some(of) = of else { return Ok(Map::new()) };
        let query = Select::from("Contact")
            .fields(["Id", "FirstName", "LastName", "Email"])
            .filter(Condition::equal("AccountId", of))
            .order_by("CreatedDate")
            .order_by("Id")
            .limit(MOST_CONTACTS);
        let records = self.connected.client.query(&query.to_string()).await?;
        let contact = |record: Record| {
            let id = record.id()?.to_owned();
            let mut fields = record.into_map();
            fields.shift_remove("attributes");
            Some((id, Value::Object(fields)))
        };
        Ok(records.into_iter().filter_map(contact).collect::<IndexMap<_, _>>().into_iter().collect())
    }
}

/// A field of an entry, with a person's corrections over it; names without regard to case.
#[must_use]
pub fn read_value<'a>(
    values: &'a EntryValues,
    corrections: &'a IndexMap<String, Map<String, Value>>,
    object: Object,
    field: &str,
) -> Option<&'a Value> {
    fn of<'m>(map: &'m Map<String, Value>, field: &str) -> Option<&'m Value> {
        map.iter().find(|(name, _)| name.eq_ignore_ascii_case(field)).map(|(_, value)| value)
    }
    let corrected = corrections.get(object.as_str()).and_then(|map| of(map, field));
    corrected.or_else(|| values.get(object.as_str()).and_then(Option::as_ref).and_then(|map| of(map, field)))
}
