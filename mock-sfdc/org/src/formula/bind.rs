//! Finds what a formula names: fields of the record and of its parents, and the globals that begin with `$`.

use mock_sfdc_formula::{
    FieldRef, Fields, FormulaError, Lookup, Resolved, Type, Unresolved, Value as FormulaValue,
};

use super::{
    Purpose,
    source::{Root, Slot, Source, Step},
    value::type_of,
};
use crate::{
    schema::{Field, FieldType, Object, Schema},
    value::DateTime,
};

/// References that one path may follow.
const MAX_STEPS: usize = 10;

/// Characters of a text area that is still a short one.
const SHORT_TEXT: u32 = 255;

/// 1900-01-01T00:00:00Z, which is what `$System.OriginDateTime` means.
const ORIGIN: DateTime = DateTime::from_millis(-2_208_988_800_000);

/// Globals that Salesforce has and this org does not.
const NOT_EMULATED: [&str; 7] =
    ["$Api", "$CustomMetadata", "$Label", "$Permission", "$Setup", "$Flow", "$Client"];

pub(super) struct Binder<'a> {
    schema: &'a Schema,
    object: &'a Object,
    purpose: Purpose,
    sources: Vec<Source>,
}

type Found<T> = Result<T, Unresolved>;

impl<'a> Binder<'a> {
    pub fn new(schema: &'a Schema, object: &'a Object, purpose: Purpose) -> Self {
        Self { schema, object, purpose, sources: Vec::new() }
    }

    pub fn into_sources(self) -> Vec<Source> {
        self.sources
    }

    fn slot(&mut self, source: Source) -> usize {
        if let Some(known) = self.sources.iter().position(|known| *known == source) {
            return known;
        }
        self.sources.push(source);
        self.sources.len() - 1
    }

    /// The root of a path, the object there, and the names that are left to follow.
    fn root<'b>(&self, names: &'b [&'b str]) -> Found<(Root, Vec<Step>, &'a Object, &'b [&'b str])> {
        let [global, rest @ ..] = names else { return Err(Unresolved::Unknown) };
        if !global.starts_with('$') {
            return Ok((Root::Record, Vec::new(), self.object, names));
        }
        if let Some(known) = NOT_EMULATED.iter().find(|known| known.eq_ignore_ascii_case(global)) {
            return Err(Unresolved::NotEmulated((*known).to_owned()));
        }
        let schema = self.schema;
        let object = |name: &str| schema.object(name).map(AsRef::as_ref).ok_or(Unresolved::Unknown);
        let (root, from, reference) = match global.to_ascii_lowercase().as_str() {
            "$user" => return Ok((Root::User, Vec::new(), object("User")?, rest)),
            "$organization" => {
                let only = object("Organization")?;
                return Ok((Root::Only(only.index), Vec::new(), only, rest));
            }
            "$profile" => (Root::User, object("User")?, "ProfileId"),
            "$userrole" => (Root::User, object("User")?, "UserRoleId"),
            "$recordtype" => (Root::Record, self.object, "RecordTypeId"),
            _ => return Err(Unresolved::Unknown),
        };
        let (at, field) = from.field(reference).ok_or(Unresolved::Unknown)?;
        let target = field.reference_to.first().ok_or(Unresolved::Unknown)?;
        let target = object(target.as_str())?;
        Ok((root, vec![Step { at, to: target.index }], target, rest))
    }

    /// The reference that `name` follows from `object`; `Owner:User` names one of several targets.
    fn step(&self, object: &'a Object, name: &str) -> Found<(Step, &'a Object)> {
        let (relationship, domain) = match name.split_once(':') {
            Some((relationship, domain)) => (relationship, Some(domain)),
            None => (name, None),
        };
        let (at, field) = object.parent_relationship(relationship).ok_or(Unresolved::Unknown)?;
        let wanted = match domain {
            // A queue is a group.
            Some(domain) if domain.eq_ignore_ascii_case("Queue") => "Group",
            Some(domain) => domain,
            None if field.reference_to.len() == 1 => field.reference_to[0].as_str(),
            None => return Err(Unresolved::Unknown),
        };
        let target = self.schema.object(wanted).filter(|_| field.refers_to(wanted));
        let target = target.ok_or_else(|| Unresolved::NoDomain {
            field: relationship.to_owned(),
            domain: domain.unwrap_or(wanted).to_owned(),
        })?;
        Ok((Step { at, to: target.index }, target))
    }

    /// What is read of a field, its type, and the size of the formula behind it.
    fn end(&self, object: &'a Object, name: &str) -> Found<(Slot, Type, usize)> {
        let (position, field) = object.field(queue_alias(object, name)).ok_or(Unresolved::Unknown)?;
        self.refuse_unsupported(field)?;
        let kind = field.kind;
        let Some(wanted) = type_of(kind) else { return Err(Unresolved::Unsupported(word(field))) };
        let (slot, size) = if field.calculated_formula.is_some() {
            let size = field.formula.as_ref().map_or(0, super::RecordFormula::size);
            (Slot::Formula(position, kind), size)
        } else if kind == FieldType::Id {
            (Slot::Id(position), 0)
        } else if kind == FieldType::Location {
            let part = |suffix: &str| {
                let parts = object.fields.iter().enumerate();
                let mut mine =
                    parts.filter(|(_, part)| part.compound_field_name.as_ref() == Some(&field.name));
                mine.find(|(_, part)| part.name.as_str().ends_with(suffix)).map(|(at, _)| at)
            };
            let (Some(latitude), Some(longitude)) = (part("Latitude__s"), part("Longitude__s")) else {
                return Err(Unresolved::Unsupported(word(field)));
            };
            (Slot::Location(latitude, longitude), 0)
        } else {
            (Slot::Field(position, kind), 0)
        };
        Ok((slot, wanted, size))
    }

    fn refuse_unsupported(&self, field: &Field) -> Found<()> {
        let long = field.kind == FieldType::Textarea && field.length > SHORT_TEXT;
        let formula_field = matches!(self.purpose, Purpose::FormulaField { .. });
        let encrypted = field.kind == FieldType::EncryptedString;
        // Validation rules read what is encrypted; what workflow asks and writes does not.
        let plain = !matches!(self.purpose, Purpose::ValidationRule);
        if (formula_field && long) || (plain && encrypted) {
            return Err(Unresolved::Unsupported(word(field)));
        }
        Ok(())
    }
}

/// As set-up pages call the type.
fn word(field: &Field) -> String {
    match field.kind {
        FieldType::Textarea if field.html_formatted => "Rich Text Area".to_owned(),
        FieldType::Textarea => "Long Text Area".to_owned(),
        FieldType::EncryptedString => "Text (Encrypted)".to_owned(),
        FieldType::Address => "Address".to_owned(),
        FieldType::Base64 => "Base64".to_owned(),
        kind => kind.as_str().to_owned(),
    }
}

/// Formulas call a queue's name `QueueName`.
fn queue_alias<'b>(object: &Object, name: &'b str) -> &'b str {
    if object.name.is("Group") && name.eq_ignore_ascii_case("QueueName") { "Name" } else { name }
}

impl Fields for Binder<'_> {
    fn field(&mut self, path: &str) -> Found<Resolved> {
        if path.eq_ignore_ascii_case("$System.OriginDateTime") {
            return Ok(Resolved::Constant(FormulaValue::DateTime(ORIGIN.millis()), Type::DateTime));
        }
        let names: Vec<&str> = path.split('.').collect();
        let (root, mut steps, mut object, rest) = self.root(&names)?;
        let [parents @ .., name] = rest else { return Err(Unresolved::Unknown) };
        if parents.len() > MAX_STEPS {
            return Err(Unresolved::Unknown);
        }
        for parent in parents {
            let (step, target) = self.step(object, parent)?;
            steps.push(step);
            object = target;
        }
        let (slot, kind, size) = self.end(object, name)?;
        let own = root == Root::Record && steps.is_empty();
        let source = Source::Path { root, steps: steps.into(), object: object.index, slot };
        Ok(Resolved::Field(FieldRef { slot: self.slot(source), kind, own, size }))
    }

    /// `$ObjectType.Zip__c.Fields.State__c`, with the object's name field as the key.
    fn lookup(&mut self, wanted: &str, key: &str) -> Found<Lookup> {
        let (object, wanted_at) = self.described(wanted)?;
        let (same, key_at) = self.described(key)?;
        let place = "function 'VLOOKUP()'".to_owned();
        if object.index != same.index || !object.fields[key_at].name_field {
            let expected = "a custom object's name".to_owned();
            return Err(Unresolved::Wrong(FormulaError::WantsField { place, expected }));
        }
        let field = &object.fields[wanted_at];
        let kind = type_of(field.kind).ok_or_else(|| Unresolved::Unsupported(word(field)))?;
        // What is looked up is a text like others: no picklist function can name it.
        let kind = if kind.is_picklist() { Type::Text } else { kind };
        let source =
            Source::Lookup { object: object.index, key: key_at, wanted: wanted_at, kind: field.kind };
        Ok(Lookup { slot: self.slot(source), kind })
    }

    fn has_pick(&self, slot: usize, value: &str) -> bool {
        let Some(Source::Path { object, slot: Slot::Field(position, _), .. }) = self.sources.get(slot) else {
            return true;
        };
        let field = self.schema.by_index(*object).and_then(|object| object.field_at(*position));
        field.is_none_or(|field| field.picklist_values.is_empty() || field.picklist_value(value).is_some())
    }
}

impl<'a> Binder<'a> {
    fn described(&self, path: &str) -> Found<(&'a Object, usize)> {
        let names: Vec<&str> = path.split('.').collect();
        let [global, object, fields, field] = names.as_slice() else { return Err(Unresolved::Unknown) };
        if !global.eq_ignore_ascii_case("$ObjectType") || !fields.eq_ignore_ascii_case("Fields") {
            return Err(Unresolved::Unknown);
        }
        let object: &Object = self.schema.object(object).ok_or(Unresolved::Unknown)?;
        let (position, _) = object.field(field).ok_or(Unresolved::Unknown)?;
        Ok((object, position))
    }
}
