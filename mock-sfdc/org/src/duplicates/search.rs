//! The search: which stored records a rule takes for the one that is being saved.

use super::{
    matching_rule::{BlankValueBehavior, MatchingMethod, MatchingRule, MatchingRuleItem},
    outcome::{MatchEngine, MatchRecord, MatchResult},
    rule::{DuplicateRule, ObjectMapping},
    subject::{Row, Subject},
};
use crate::{
    access::permissions::Viewer,
    id::Id,
    schema::Object,
    state::{Edit, Shared, State},
};

/// Salesforce tells of no more in one answer.
const MOST_MATCHES: usize = 100;

/// What the matching rules of `rule` find for a record on its way; without those that find nothing. With a `viewer`, only
/// among the records that this user sees.
#[must_use]
pub fn find(
    state: &State,
    rule: &DuplicateRule,
    object: &Object,
    record: &Edit,
    viewer: Option<&Viewer>,
) -> Vec<MatchResult> {
    rule.duplicate_rule_match_rules
        .iter()
        .filter_map(|asked| {
            let target = state.schema().object(&asked.match_rule_sobject_type)?;
            let matching = state.rules().matching_rule(target.name.as_str(), &asked.matching_rule)?;
            let source = Subject { state, object, row: Row::Saved(record) };
            let mapping = Mapping { own: asked.object_mapping.as_ref(), from: object, to: target };
            let mut records = Search { state, target, matching, source, mapping, viewer }.run(record.id());
            records.truncate(MOST_MATCHES);
            (!records.is_empty()).then(|| MatchResult {
                entity_type: target.name.as_str().to_owned(),
                engine: if matching.is_exact() { MatchEngine::Exact } else { MatchEngine::Fuzzy },
                rule: matching.developer_name().to_owned(),
                records,
            })
        })
        .collect()
}

/// From a field of the searched object to the saved record's field that is compared with it.
struct Mapping<'a> {
    own: Option<&'a ObjectMapping>,
    from: &'a Object,
    to: &'a Object,
}

/// What Salesforce's set-up page proposes between leads, contacts and accounts.
const USUAL: &[(&str, &str)] = &[
    ("Lead.Company", "Contact.Account.Name"),
    ("Lead.Street", "Contact.MailingStreet"),
    ("Lead.City", "Contact.MailingCity"),
    ("Lead.State", "Contact.MailingState"),
    ("Lead.PostalCode", "Contact.MailingPostalCode"),
    ("Lead.Country", "Contact.MailingCountry"),
    ("Lead.Company", "Account.Name"),
    ("Lead.Street", "Account.BillingStreet"),
    ("Lead.City", "Account.BillingCity"),
    ("Lead.State", "Account.BillingState"),
    ("Lead.PostalCode", "Account.BillingPostalCode"),
    ("Contact.Account.Name", "Account.Name"),
];

impl Mapping<'_> {
    fn source_field(&self, field: &str) -> String {
        if self.from.name == self.to.name {
            return field.to_owned();
        }
        if let Some(own) = self.own {
            let found = own.mapping_fields.iter().find(|pair| pair.output_field.eq_ignore_ascii_case(field));
            return found.map_or_else(String::new, |pair| pair.input_field.clone());
        }
        let (from, to) = (self.from.name.as_str(), self.to.name.as_str());
        let of = |object: &str, text: &str| {
            text.split_once('.').filter(|(name, _)| *name == object).map(|(_, field)| field.to_owned())
        };
        USUAL
            .iter()
            .flat_map(|(one, other)| [(*one, *other), (*other, *one)])
            .find_map(|(one, other)| {
                (of(to, other)?.eq_ignore_ascii_case(field)).then(|| of(from, one)).flatten()
            })
            .unwrap_or_else(|| field.to_owned())
    }
}

struct Search<'a> {
    state: &'a State,
    target: &'a Object,
    matching: &'a MatchingRule,
    source: Subject<'a>,
    mapping: Mapping<'a>,
    viewer: Option<&'a Viewer>,
}

impl Search<'_> {
    fn run(&self, own: Id) -> Vec<MatchRecord> {
        let given = |field: &str| self.source.text(&self.mapping.source_field(field));
        let items = &self.matching.matching_rule_items;
        let values = items.iter().map(|item| given(&item.field_name)).collect::<Vec<_>>();
        let keys = self.keys(&given);
        if !self.matching.match_keys.is_empty() && keys.iter().all(Option::is_none) {
            return Vec::new();
        }
        let swapped = self.swapped(&values);
        let converted = self.target.field("IsConverted").map(|(position, _)| position);
        let mut found = Vec::new();
        for row in self.candidates(&values) {
            // A converted lead is nobody's duplicate: the contact is.
            let is_converted = converted.is_some_and(|position| row.get(position).is_true());
            let seen = self.viewer.is_none_or(|viewer| viewer.sees(self.state, self.target.index, &row));
            if row.id() == own || is_converted || !seen {
                continue;
            }
            let other = Subject { state: self.state, object: self.target, row: Row::Stored(&row) };
            let field = |name: &str| other.text(name);
            if !self.matching.match_keys.is_empty() && !share(&keys, &self.keys(&field)) {
                continue;
            }
            let confidence = self
                .score(&values, &other)
                .or_else(|| swapped.as_ref().and_then(|values| self.score(values, &other)));
            if let Some(confidence) = confidence {
                found.push(MatchRecord { id: row.id(), confidence });
                if found.len() == MOST_MATCHES {
                    break;
                }
            }
        }
        found
    }

    fn keys(&self, field: &dyn Fn(&str) -> Option<String>) -> Vec<Option<String>> {
        let object = self.target.name.as_str();
        self.matching.match_keys.iter().map(|key| key.of(object, field)).collect()
    }

    /// First and last name exchanged, as people do who type them into the wrong boxes. Salesforce's own rules look for that.
    fn swapped(&self, values: &[Option<String>]) -> Option<Vec<Option<String>>> {
        let items = &self.matching.matching_rule_items;
        if self.matching.match_keys.is_empty() {
            return None;
        }
        let value_of = |method| {
            let at = items.iter().position(|item| item.matching_method == method)?;
            values[at].clone()
        };
        let (first, last) = (value_of(MatchingMethod::FirstName)?, value_of(MatchingMethod::LastName)?);
        let exchange = |(item, value): (&MatchingRuleItem, &Option<String>)| match item.matching_method {
            MatchingMethod::FirstName => Some(last.clone()),
            MatchingMethod::LastName => Some(first.clone()),
            _ => value.clone(),
        };
        Some(items.iter().zip(values).map(exchange).collect())
    }

    /// Rows that may match: by an index where every match must be equal in an indexed field, else all.
    fn candidates(&self, values: &[Option<String>]) -> Vec<Shared> {
        let table = self.state.table(self.target.index);
        let indexed = self.matching.boolean_filter.is_none().then(|| {
            self.matching.matching_rule_items.iter().zip(values).find_map(|(item, value)| {
                let exact = item.matching_method == MatchingMethod::Exact;
                let (position, _) = self.target.field(&item.field_name).filter(|_| exact)?;
                table.index(position)?;
                Some((position, value.as_deref()?))
            })
        });
        match indexed.flatten() {
            Some((position, value)) => self.state.lookup(self.target, position, &value.into()),
            None => table.rows().cloned().collect(),
        }
    }

    /// The mean score of the fields that match, if the equation holds.
    fn score(&self, values: &[Option<String>], other: &Subject<'_>) -> Option<f64> {
        let items = &self.matching.matching_rule_items;
        let scores = items
            .iter()
            .zip(values)
            .map(|(item, value)| compared(item, value.as_deref(), other.text(&item.field_name).as_deref()))
            .collect::<Vec<_>>();
        let met = |at: usize| scores.get(at).is_some_and(Option::is_some);
        let holds = match &self.matching.boolean_filter {
            Some(logic) => logic.holds(&met),
            None => scores.iter().all(Option::is_some),
        };
        let matched = scores.iter().flatten().copied().collect::<Vec<_>>();
        let count = u32::try_from(matched.len()).map_or(f64::MAX, f64::from);
        (holds && !matched.is_empty()).then(|| matched.iter().sum::<f64>() / count)
    }
}

fn compared(item: &MatchingRuleItem, one: Option<&str>, other: Option<&str>) -> Option<f64> {
    match (one, other, item.blank_value_behavior) {
        (Some(one), Some(other), _) => item.matching_method.matches(one, other),
        (None, None, BlankValueBehavior::MatchBlanks) | (_, _, BlankValueBehavior::Ignored) => Some(100.0),
        _ => None,
    }
}

fn share(one: &[Option<String>], other: &[Option<String>]) -> bool {
    one.iter().zip(other).any(|(one, other)| one.is_some() && one == other)
}
