//! Custom fields: the rules that Salesforce's set-up screens apply to what a package or an administrator adds, and the few
//! words of a standard field that an administrator may change.

use serde_json::Value;

use super::build;
use super::format::{FieldDef, FieldWords};
use super::{Field, FieldType, Object, display_format, roll_up};
use crate::name::Name;

/// The length that describe gives a custom auto-number.
const AUTO_NUMBER_LENGTH: u32 = 30;

/// What describe tells of a formula that yields a text.
const FORMULA_TEXT_LENGTH: u32 = 1300;

/// describe's `precision` of a multi-select picklist is the height of its box on the page.
const VISIBLE_LINES: u8 = 4;

/// A master-detail is a reference that has a place among the masters: 0 or 1.
pub(super) fn is_master_detail(words: &FieldWords) -> bool {
    words.relationship_order.is_some()
}

/// A custom field as a package defines it, and what comes with it: a geolocation stands behind its two numbers.
pub(super) fn fields(name: &str, object: &Object, def: FieldDef) -> Result<Vec<Field>, String> {
    if def.0.kind == Some(FieldType::Location) {
        return geolocation(name, object, def);
    }
    if def.0.roll_up.is_some() {
        check_name(name)?;
        return roll_up::field(name, object, def).map(|field| vec![field]);
    }
    field(name, object, def).map(|field| vec![field])
}

fn field(name: &str, object: &Object, mut def: FieldDef) -> Result<Field, String> {
    check_name(name)?;
    let words = &mut def.0;
    let kind = words.kind.ok_or_else(|| "`type` is missing".to_owned())?;
    check_kind(kind)?;
    let formula = words.calculated_formula.is_some();
    if formula {
        check_formula(words, kind)?;
    } else if words.calculated == Some(true) {
        return Err(
            "`calculatedFormula` is missing: a field is calculated by a formula or a roll-up".to_owned()
        );
    }
    let master_detail = is_master_detail(words);
    let length_said = words.length.is_some();
    if master_detail && kind != FieldType::Reference {
        return Err(format!("relationshipOrder makes a master-detail of a reference; this is a {kind}"));
    }
    if master_detail && !object.custom {
        return Err(format!("{} is a standard object: it cannot be the detail of a master", object.name));
    }
    let reparentable = words.updateable;
    let auto_number = words.display_format.is_some();
    if auto_number {
        words.length = words.length.or(Some(AUTO_NUMBER_LENGTH));
    }
    if kind == FieldType::Multipicklist {
        words.precision = words.precision.or(Some(VISIBLE_LINES));
    }
    if let Some(formula) = &words.default_value_formula {
        words.default_value = constant(formula);
    }
    if words.default_value.is_some() || words.default_value_formula.is_some() {
        words.defaulted_on_create = Some(true);
    }
    let mut field = build::field(name, object.name.as_str(), &object.label, def)?;
    field.custom = true;
    if formula {
        compute(&mut field);
    }
    if field.external_id || field.unique {
        check_key(&field)?;
        field.id_lookup = field.external_id;
    }
    if field.kind == FieldType::Reference {
        if field.reference_to.is_empty() {
            return Err(
                "`referenceTo` is missing: a list with the object that the field refers to".to_owned()
            );
        }
        check_child_name(&field)?;
        field.search_prefilterable = true;
        if !field.nillable && !master_detail && !field.cascade_delete {
            // What may not be empty cannot be emptied: its parent stays.
            field.restricted_delete = true;
        }
        field.child.cascade_delete |= field.cascade_delete;
        field.child.restricted_delete |= field.restricted_delete;
    }
    if field.encryption_scheme.is_some() {
        check_shield(&field)?;
    }
    if field.kind == FieldType::EncryptedString {
        check_encrypted(&mut field, length_said)?;
    }
    if let Some(filter) = &field.lookup_filter
        && field.kind != FieldType::Reference
    {
        return Err(format!(
            "a lookup filter with {} items stands on a {}",
            filter.filter_items.len(),
            field.kind
        ));
    }
    if master_detail {
        field.nillable = false;
        field.updateable = reparentable.unwrap_or(false);
        field.cascade_delete = true;
        field.child.cascade_delete = true;
        field.permissionable = false;
    }
    if auto_number {
        check_display_format(&field)?;
        field.auto_number = true;
        field.createable = false;
        field.updateable = false;
        field.nillable = false;
        field.defaulted_on_create = true;
    }
    if !field.nillable && field.kind != FieldType::Boolean {
        // A field that every record must have is not hidden by field permissions.
        field.permissionable = false;
    }
    Ok(field)
}

/// A formula field is read and never written.
fn compute(field: &mut Field) {
    field.calculated = true;
    field.createable = false;
    field.updateable = false;
    field.nillable = field.kind != FieldType::Boolean;
    field.defaulted_on_create = field.kind == FieldType::Boolean;
    field.groupable = false;
    if field.kind == FieldType::String {
        field.length = FORMULA_TEXT_LENGTH;
        field.apply_length();
    }
}

fn check_name(name: &str) -> Result<(), String> {
    let stem = name.strip_suffix("__c").ok_or_else(|| {
        format!(
            "`{name}` is no name for a custom field: it must end in `__c`, and standard ones cannot be added"
        )
    })?;
    check_stem(name, stem)
}

/// What stands before the suffix: a namespace at most, and one word.
pub(super) fn check_stem(name: &str, stem: &str) -> Result<(), String> {
    let namespaces = stem.matches("__").count();
    let spelled = stem.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && stem.starts_with(|c: char| c.is_ascii_alphabetic())
        && !stem.ends_with('_');
    if spelled && namespaces <= 1 {
        return Ok(());
    }
    Err(format!(
        "`{name}` is no API name: letters, digits and single underscores, a letter first, after at most one namespace"
    ))
}

fn check_kind(kind: FieldType) -> Result<(), String> {
    use FieldType as T;
    let offered = [
        T::String,
        T::Textarea,
        T::Picklist,
        T::Multipicklist,
        T::Reference,
        T::Boolean,
        T::Currency,
        T::Double,
        T::Percent,
        T::Phone,
        T::Date,
        T::Datetime,
        T::Time,
        T::Url,
        T::Email,
        T::EncryptedString,
        T::Location,
    ];
    if offered.contains(&kind) {
        return Ok(());
    }
    let offered: Vec<&str> = offered.iter().map(|kind| kind.as_str()).collect();
    Err(format!("no custom field has the type {kind}; expected one of {}", offered.join(", ")))
}

/// What cannot be computed, and what a computed field cannot be.
fn check_formula(words: &FieldWords, kind: FieldType) -> Result<(), String> {
    use FieldType as T;
    let kinds = [T::Boolean, T::Currency, T::Date, T::Datetime, T::Double, T::Percent, T::String, T::Time];
    if !kinds.contains(&kind) {
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        return Err(format!("a formula cannot yield a {kind}; expected one of {}", kinds.join(", ")));
    }
    for (key, given) in [
        ("defaultValue", words.default_value.is_some()),
        ("defaultValueFormula", words.default_value_formula.is_some()),
        ("displayFormat", words.display_format.is_some()),
        ("externalId", words.external_id == Some(true)),
        ("unique", words.unique == Some(true)),
        ("nillable", words.nillable == Some(false)),
    ] {
        if given {
            return Err(format!("a formula field has no `{key}`: it is computed"));
        }
    }
    Ok(())
}

/// The value of a default formula that needs no evaluation: a number, a text in quotes, TRUE or FALSE.
fn constant(formula: &str) -> Option<Value> {
    let text = formula.trim();
    if let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))
        && !inner.contains(['"', '\\'])
    {
        return Some(Value::String(inner.to_owned()));
    }
    match text.to_ascii_uppercase().as_str() {
        "TRUE" => Some(Value::Bool(true)),
        "FALSE" => Some(Value::Bool(false)),
        _ => serde_json::from_str(text).ok().filter(Value::is_number),
    }
}

fn check_key(field: &Field) -> Result<(), String> {
    use FieldType as T;
    if matches!(field.kind, T::String | T::Double | T::Email) {
        return Ok(());
    }
    Err(format!("a {} can be neither unique nor an external id; string, double and email can", field.kind))
}

fn check_child_name(field: &Field) -> Result<(), String> {
    match &field.child.relationship_name {
        Some(name) if !name.as_str().ends_with("__r") => {
            Err(format!("childRelationship names `{name}`: the name of a custom relationship ends in `__r`"))
        }
        _ => Ok(()),
    }
}

fn check_display_format(field: &Field) -> Result<(), String> {
    let format = field.display_format.as_deref().unwrap_or_default();
    if field.kind != FieldType::String {
        return Err(format!("displayFormat makes an auto-number of a string; this is a {}", field.kind));
    }
    display_format::check(format)
}

/// Shield encrypts texts, dates and the like; nothing that the database computes with.
fn check_shield(field: &Field) -> Result<(), String> {
    use FieldType as T;
    let kinds = [T::String, T::Textarea, T::Email, T::Phone, T::Url, T::Date, T::Datetime, T::Picklist];
    if kinds.contains(&field.kind) && !field.unique && !field.external_id && !field.is_formula() {
        return Ok(());
    }
    Err(format!("{} cannot be encrypted: it is a {}, a key, or computed", field.name, field.kind))
}

/// Classic encryption: 175 characters at most, and describe says how it is hidden.
fn check_encrypted(field: &mut Field, length_said: bool) -> Result<(), String> {
    const LONGEST: u32 = 175;
    const KINDS: [&str; 6] = ["all", "creditCard", "ssn", "lastFour", "sin", "nino"];
    if length_said && field.length > LONGEST {
        return Err(format!("an encrypted text has {LONGEST} characters at most, not {}", field.length));
    }
    let kind = field.mask_type.get_or_insert_with(|| KINDS[0].to_owned());
    if !KINDS.contains(&kind.as_str()) {
        return Err(format!("there is no maskType `{kind}`; expected one of {}", KINDS.join(", ")));
    }
    field.mask.get_or_insert_with(|| "*".to_owned());
    field.encrypted = true;
    Ok(())
}

/// `Office__c` stands behind `Office__Latitude__s` and `Office__Longitude__s`, which are written.
fn geolocation(name: &str, object: &Object, mut def: FieldDef) -> Result<Vec<Field>, String> {
    check_name(name)?;
    let words = &mut def.0;
    let (scale, nillable) = (words.scale.take().unwrap_or(15), words.nillable.take().unwrap_or(true));
    if scale > 15 {
        return Err(format!("a geolocation has 15 decimal places at most, not {scale}"));
    }
    let stem = name.trim_end_matches("__c");
    let mut compound = build::field(name, object.name.as_str(), &object.label, def)?;
    compound.custom = true;
    let part = |axis: &str| {
        let mut part = Field::new(&format!("{stem}__{axis}__s"), FieldType::Double);
        part.label = format!("{} ({axis})", compound.label);
        part.compound_field_name = Some(Name::new(name));
        part.custom = true;
        part.scale = scale;
        // Three digits before the point hold 180.
        part.precision = scale + 3;
        part.nillable = nillable;
        part.permissionable = nillable;
        part.display_location_in_decimal = compound.display_location_in_decimal;
        part
    };
    Ok(vec![part("Latitude"), part("Longitude"), compound])
}

/// A custom field becomes what is said of it now, in its place. Whether records hold values that it could not is another
/// question: `changed_fields` asks it.
pub(super) fn redefine(name: &str, object: &mut Object, at: usize, def: FieldDef) -> Result<(), String> {
    let known = object.fields[at].clone();
    let said = fields(name, object, def)?;
    for field in said {
        // The halves of a geolocation come before the whole.
        let Some(at) = object.fields.iter().position(|known| known.name == field.name) else {
            return Err(format!("{} cannot become a geolocation: it is a {}", known.name, known.kind));
        };
        let before = &object.fields[at];
        // What is computed and what is stored do not become each other, in Salesforce's words.
        let computed = |field: &Field| match (field.is_formula(), field.roll_up.is_some()) {
            (true, _) => Some("Formula"),
            (_, true) => Some("Summary"),
            _ => None,
        };
        match (computed(before), computed(&field)) {
            (was, is) if was == is => {}
            (Some(was), _) => return Err(format!("Cannot update a field from a {was} to something else")),
            (None, is) => {
                return Err(format!(
                    "Cannot update a field to a {} from something else",
                    is.unwrap_or_default()
                ));
            }
        }
        let fixed = [FieldType::Location, FieldType::EncryptedString, FieldType::Reference];
        if before.kind != field.kind && (fixed.contains(&before.kind) || fixed.contains(&field.kind)) {
            return Err(format!("the type cannot be changed from {} to {}", before.kind, field.kind));
        }
        if before.reference_to != field.reference_to
            || before.relationship_order.is_some() != field.relationship_order.is_some()
        {
            return Err("a relationship keeps its kind, and the object that it leads to".to_owned());
        }
        object.fields[at] = Field { relationship_name: before.relationship_name.clone(), ..field };
    }
    Ok(())
}

/// A standard field keeps what it is; an administrator may change its label, help, values and whether it may be empty.
pub(super) fn change(known: &Field, mut def: FieldDef) -> Result<Field, String> {
    if known.custom {
        return Err(format!("there is a field {} already", known.name));
    }
    let words = std::mem::take(&mut def.0);
    let mut field = known.clone();
    let label = words.label.clone();
    let help = words.inline_help_text.clone();
    let (restricted, track, filter) =
        (words.restricted_picklist, words.track_history, words.lookup_filter.clone());
    let scheme = words.encryption_scheme;
    let set = words.global_value_set.clone();
    let values =
        words.picklist_values.as_ref().map(|values| values.iter().map(|entry| entry.0.clone()).collect());
    let left = FieldWords {
        label: None,
        inline_help_text: None,
        restricted_picklist: None,
        track_history: None,
        lookup_filter: None,
        picklist_values: None,
        encryption_scheme: None,
        global_value_set: None,
        ..words
    };
    if format!("{left:?}") != format!("{:?}", FieldWords::default()) {
        return Err(format!(
            "{} is a standard field: only label, inlineHelpText, picklistValues, restrictedPicklist, lookupFilter, trackHistory and encryptionScheme can be said of it",
            known.name
        ));
    }
    if let Some(label) = label {
        field.label = label;
    }
    if let Some(scheme) = scheme {
        check_shield(&field)?;
        field.encrypt(scheme);
    }
    field.inline_help_text = help.or(field.inline_help_text);
    field.track_history = track.unwrap_or(field.track_history);
    if let Some(filter) = filter {
        field.filtered_lookup_info = filter.active.then(|| filter.info());
        field.lookup_filter = Some(filter.into());
    }
    if let Some(values) = values {
        if !field.kind.is_picklist() {
            return Err(format!("a field of type {} has no picklist values", field.kind));
        }
        field.picklist_values = values;
        field.global_value_set = set;
        let default = field.default_picklist_value().map(|value| Value::String(value.value.clone()));
        field.defaulted_on_create = default.is_some() || field.nillable && field.defaulted_on_create;
        field.default_value = default;
    }
    field.restricted_picklist = restricted.unwrap_or(field.restricted_picklist);
    Ok(field)
}
