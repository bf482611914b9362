//! What a feature of the org adds to the standard objects: person accounts, several currencies, teams. A feature is chosen when
//! the org is made, and stays.

use std::{collections::BTreeSet, sync::Arc};

use super::{Field, FieldType, Object, PicklistValue, Schema, package::Origin};
use crate::{currency::ISO_CODE, name::Name, settings::Feature};

const PERSON_ACCOUNTS: (&str, &str) =
    ("person-accounts.json", include_str!("../../schema/features/person-accounts.json"));

const MULTI_CURRENCY: (&str, &str) =
    ("multi-currency.json", include_str!("../../schema/features/multi-currency.json"));

const ACCOUNT_TEAMS: (&str, &str) =
    ("account-teams.json", include_str!("../../schema/features/account-teams.json"));

const OPPORTUNITY_TEAMS: (&str, &str) =
    ("opportunity-teams.json", include_str!("../../schema/features/opportunity-teams.json"));

/// The object whose fields people bring to accounts, and how they are called there.
const PERSON_SUFFIX: &str = "__pc";

impl Schema {
    /// This schema with what the features bring.
    ///
    /// # Panics
    /// Never outside a broken build: a test loads the embedded files.
    #[must_use]
    pub fn with_features(&self, features: &BTreeSet<Feature>) -> Self {
        let mut schema = self.clone();
        if features.contains(&Feature::PersonAccounts) {
            schema = schema.with_embedded(PERSON_ACCOUNTS);
            // Either name is a name now, and a lead without a company becomes a person.
            schema.make_nillable("Account", "Name");
            schema.make_nillable("Lead", "Company");
        }
        if features.contains(&Feature::MultiCurrency) {
            schema = schema.with_embedded(MULTI_CURRENCY);
        }
        for (feature, file) in
            [(Feature::AccountTeams, ACCOUNT_TEAMS), (Feature::OpportunityTeams, OPPORTUNITY_TEAMS)]
        {
            if features.contains(&feature) {
                schema = schema.with_embedded(file);
            }
        }
        schema.grown(features)
    }

    /// What features add to fields and objects that came later: a custom field of Contact is one of Account, too.
    #[must_use]
    pub fn grown(&self, features: &BTreeSet<Feature>) -> Self {
        let mut schema = self.clone();
        if features.contains(&Feature::PersonAccounts) {
            schema = schema.with_person_fields();
        }
        if features.contains(&Feature::MultiCurrency) {
            let known = self.object("User").and_then(|users| Some(users.field(ISO_CODE)?.1));
            let codes = known.map(|field| {
                field.picklist_values.iter().map(|value| value.value.clone()).collect::<Vec<_>>()
            });
            schema = schema.with_currencies(&codes.unwrap_or_default());
        }
        schema
    }

    /// This schema in an org that has these currencies: records of most objects say in which one their amounts are.
    #[must_use]
    pub fn with_currencies(&self, codes: &[String]) -> Self {
        let values: Arc<[PicklistValue]> = codes.iter().map(|code| currency_value(code)).collect();
        let grown = self.objects().filter(|object| has_currency(object)).map(|object| {
            let mut grown = Object::clone(object);
            put_currency(&mut grown, ISO_CODE, "Currency ISO Code", &values);
            if grown.name.is("User") {
                put_currency(&mut grown, "DefaultCurrencyIsoCode", "Default Currency ISO Code", &values);
            }
            grown
        });
        self.with_objects(grown.collect::<Vec<_>>())
    }

    fn with_embedded(&self, file: (&str, &str)) -> Self {
        match self.load(&[file], Origin::Feature) {
            Ok(schema) => schema,
            Err(mistake) => panic!("an embedded feature has a mistake: {mistake}"),
        }
    }

    fn make_nillable(&mut self, object: &str, field: &str) {
        let place = self.object(object).and_then(|object| Some((object.index, object.field(field)?.0)));
        if let Some(field) = place.and_then(|place| self.field_mut(place)) {
            field.nillable = true;
        }
    }

    fn with_person_fields(&self) -> Self {
        let (Some(contact), Some(account)) = (self.object("Contact"), self.object("Account")) else {
            return self.clone();
        };
        let missing = contact
            .fields
            .iter()
            .filter(|field| field.custom && !field.is_formula() && field.roll_up.is_none())
            .filter_map(|field| person_field(field, account))
            .collect::<Vec<_>>();
        if missing.is_empty() {
            return self.clone();
        }
        self.with_fields("Account", missing).unwrap_or_else(|| self.clone())
    }
}

/// Which objects have a currency: what has amounts, what people make, and a few that Salesforce gives one all the same.
fn has_currency(object: &Object) -> bool {
    const OTHERS: [&str; 13] = [
        "Account",
        "Asset",
        "Campaign",
        "CampaignMember",
        "Case",
        "Contact",
        "Contract",
        "Event",
        "Lead",
        "OpportunityContactRole",
        "Product2",
        "Task",
        "User",
    ];
    let amounts = object.fields.iter().any(|field| field.kind == FieldType::Currency);
    object.field(ISO_CODE).is_some()
        || (object.key_prefix.is_some()
            && (object.custom || amounts || OTHERS.iter().any(|name| object.name.is(name))))
}

fn put_currency(object: &mut Object, name: &str, label: &str, values: &Arc<[PicklistValue]>) {
    let known = object.fields.iter_mut().find(|field| field.name.is(name));
    if let Some(field) = known {
        field.picklist_values = Arc::clone(values);
        return;
    }
    let mut field = Field::new(name, FieldType::Picklist);
    label.clone_into(&mut field.label);
    field.length = 3;
    field.apply_length();
    field.defaulted_on_create = true;
    field.permissionable = false;
    field.restricted_picklist = true;
    field.picklist_values = Arc::clone(values);
    object.fields.push(field);
}

fn currency_value(code: &str) -> PicklistValue {
    PicklistValue {
        active: true,
        default_value: false,
        label: code.to_owned(),
        value: code.to_owned(),
        valid_for: None,
    }
}

/// `Region__c` of a contact is `Region__pc` of a person account.
#[must_use]
pub fn person_name(field: &str) -> Option<String> {
    field.strip_suffix("__c").map(|stem| format!("{stem}{PERSON_SUFFIX}"))
}

fn person_field(field: &Field, account: &Object) -> Option<Field> {
    let name = person_name(field.name.as_str())?;
    if account.field(&name).is_some() {
        return None;
    }
    let mut own = field.clone();
    own.name = Name::new(&name);
    // The contact keeps the key; a required field is required of contacts alone.
    own.unique = false;
    own.auto_number = false;
    own.nillable = own.kind != FieldType::Boolean;
    own.relationship_name = field
        .relationship_name
        .as_ref()
        .and_then(|name| name.as_str().strip_suffix("__r"))
        .map(|stem| Name::from(format!("{stem}__pr")));
    own.controller_name = None;
    own.compound_field_name = None;
    own.child.absent = true;
    own.child.cascade_delete = false;
    own.child.restricted_delete = false;
    Some(own)
}
