//! Which field of a lead goes where: Salesforce's own mapping, then the administrator's (`contract/behaviour.md` section 4.3).

use std::sync::Arc;

use super::Conversion;
use crate::{
    error::Error,
    save::Draft,
    schema::{FieldType, Object},
    state::{Record, State},
    value::Value,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Account,
    Contact,
    Opportunity,
}

impl Target {
    fn name(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::Contact => "Contact",
            Self::Opportunity => "Opportunity",
        }
    }
}

pub(super) fn object(state: &State, target: Target) -> Result<Arc<Object>, Vec<Error>> {
    state.schema().object(target.name()).cloned().ok_or_else(|| vec![Error::invalid_cross_reference()])
}

/// Field of the lead; of the account, the contact, the opportunity. What is empty goes nowhere.
#[rustfmt::skip]
const STANDARD: &[(&str, &str, &str, &str)] = &[
    ("Company",           "Name",                   "",                       ""),
    ("Salutation",        "",                       "Salutation",             ""),
    ("FirstName",         "",                       "FirstName",              ""),
    ("MiddleName",        "",                       "MiddleName",             ""),
    ("LastName",          "",                       "LastName",               ""),
    ("Suffix",            "",                       "Suffix",                 ""),
    ("Title",             "",                       "Title",                  ""),
    ("Email",             "",                       "Email",                  ""),
    ("Phone",             "Phone",                  "Phone",                  ""),
    ("Fax",               "Fax",                    "Fax",                    ""),
    ("MobilePhone",       "",                       "MobilePhone",            ""),
    ("Website",           "Website",                "",                       ""),
    ("Industry",          "Industry",               "",                       ""),
    ("Rating",            "Rating",                 "",                       ""),
    ("AnnualRevenue",     "AnnualRevenue",          "",                       ""),
    ("NumberOfEmployees", "NumberOfEmployees",      "",                       ""),
    ("Description",       "",                       "Description",            ""),
    ("LeadSource",        "AccountSource",          "LeadSource",             "LeadSource"),
    ("DoNotCall",         "",                       "DoNotCall",              ""),
    ("HasOptedOutOfEmail","",                       "HasOptedOutOfEmail",     ""),
    ("HasOptedOutOfFax",  "",                       "HasOptedOutOfFax",       ""),
    ("IndividualId",      "",                       "IndividualId",           ""),
    ("CurrencyIsoCode",   "CurrencyIsoCode",        "CurrencyIsoCode",        "CurrencyIsoCode"),
    ("Street",            "BillingStreet",          "MailingStreet",          ""),
    ("City",              "BillingCity",            "MailingCity",            ""),
    ("State",             "BillingState",           "MailingState",           ""),
    ("StateCode",         "BillingStateCode",       "MailingStateCode",       ""),
    ("PostalCode",        "BillingPostalCode",      "MailingPostalCode",      ""),
    ("Country",           "BillingCountry",         "MailingCountry",         ""),
    ("CountryCode",       "BillingCountryCode",     "MailingCountryCode",     ""),
    ("Latitude",          "BillingLatitude",        "MailingLatitude",        ""),
    ("Longitude",         "BillingLongitude",       "MailingLongitude",       ""),
    ("GeocodeAccuracy",   "BillingGeocodeAccuracy", "MailingGeocodeAccuracy", ""),
];

/// Values by the name of their field. A field that the object does not have is left out.
#[derive(Debug, Default)]
pub(super) struct Filled(Vec<(String, Value)>);

/// What the lead gives to a record of the target.
pub(super) fn values(state: &State, conversion: &Conversion, target: Target) -> Filled {
    let mut filled = Filled::default();
    for (from, account, contact, opportunity) in STANDARD {
        let to = match target {
            Target::Account => account,
            Target::Contact => contact,
            Target::Opportunity => opportunity,
        };
        if !to.is_empty() {
            filled.put(to, conversion.value(from).clone());
        }
    }
    let own = &state.rules().lead_conversion().settings.object_mapping;
    for mapping in own.iter().filter(|own| own.output_object.eq_ignore_ascii_case(target.name())) {
        for pair in &mapping.mapping_fields {
            filled.put(&pair.output_field, conversion.value(&pair.input_field).clone());
        }
    }
    filled
}

impl Filled {
    /// A later value goes before an earlier one; an empty one changes nothing.
    pub(super) fn put(&mut self, field: &str, value: Value) {
        if !value.is_null() {
            self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(field));
            self.0.push((field.to_owned(), value));
        }
    }

    pub(super) fn into_pairs(self) -> Vec<(String, Value)> {
        self.0
    }

    /// Only what is empty in the record. A checkbox is never empty.
    pub(super) fn into_gaps_of(self, object: &Object, record: &Record) -> Self {
        let fits = |field: &str| {
            object.field(field).is_some_and(|(position, field)| {
                field.kind != FieldType::Boolean && record.get(position).is_null()
            })
        };
        Self(self.0.into_iter().filter(|(field, _)| fits(field)).collect())
    }

    /// All of it as a request, with the caller's own values over it.
    pub(super) fn over(self, object: &Object, own: &Draft) -> Draft {
        let mut draft = Draft::default();
        for (field, value) in self.0 {
            if let Some((position, _)) = object.field(&field) {
                draft.put(position, value);
            }
        }
        draft.overlay(own);
        draft
    }
}
