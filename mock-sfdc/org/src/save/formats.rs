//! Step 2, second half: lengths, mail addresses, restricted picklists and the range of numbers, for what was given.

use jiff::{
    civil::{DateTime, Time},
    tz::TimeZone,
};
use rust_decimal::Decimal;

use super::Save;
use crate::{
    error::Error,
    schema::{Field, FieldType},
    value::Value,
};

pub(super) fn check(save: &mut Save<'_>) {
    let object = save.object.clone();
    for position in save.given.clone() {
        let Some(field) = object.field_at(position) else { continue };
        if save.options.truncate
            && let Some(cut) = cut(field, save.edit.get(position))
        {
            save.edit.set(position, cut);
        }
        let value = save.edit.get(position);
        match check_one(field, value) {
            Ok(None) => {}
            Ok(Some(canonical)) => save.edit.set(position, canonical),
            Err(error) => save.errors.push(error),
        }
    }
}

/// Refuses a value, or gives the spelling in which it is kept when that is another one.
fn check_one(field: &Field, value: &Value) -> Result<Option<Value>, Error> {
    let (name, label) = (field.name.as_str(), field.label.as_str());
    match (field.kind, value) {
        (FieldType::Picklist, Value::Text(text)) if field.restricted_picklist => {
            match field.picklist_value(text) {
                Some(known) if known.active => Ok(Some(Value::text(known.value.as_str()))),
                _ => Err(Error::bad_restricted_picklist(label, name, text)),
            }
        }
        (FieldType::Multipicklist, Value::Text(text)) => multipicklist(field, text).map(Some),
        (FieldType::Email, Value::Text(text)) => {
            too_long(field, text)?;
            if is_email(text) { Ok(None) } else { Err(Error::invalid_email(label, name, text)) }
        }
        (_, Value::Text(text)) => too_long(field, text).map(|()| None),
        (_, Value::Number(number)) => {
            in_range(field, *number)?;
            on_the_globe(field, *number).map(|()| None)
        }
        (_, Value::Date(date)) => in_time(field, date.to_datetime(Time::midnight())).map(|()| None),
        (_, Value::DateTime(at)) => in_time(field, TimeZone::UTC.to_datetime(at.timestamp())).map(|()| None),
        _ => Ok(None),
    }
}

/// A text that is too long for its field, cut to what fits. Salesforce cuts the fields that people write in, and no others.
fn cut(field: &Field, value: &Value) -> Option<Value> {
    let cuttable = matches!(
        field.kind,
        FieldType::String
            | FieldType::Textarea
            | FieldType::Email
            | FieldType::Phone
            | FieldType::EncryptedString
            | FieldType::Multipicklist
            | FieldType::Picklist
    );
    let text = value.as_text().filter(|_| cuttable && field.length > 0)?;
    let (end, _) = text.char_indices().nth(field.length as usize)?;
    Some(Value::text(&text[..end]))
}

fn too_long(field: &Field, text: &str) -> Result<(), Error> {
    let fits = field.length == 0
        || text.len() <= field.length as usize
        || text.chars().count() <= field.length as usize;
    if fits {
        Ok(())
    } else {
        Err(Error::string_too_long(&field.label, field.name.as_str(), text, field.length))
    }
}

/// Values are kept in the order of the picklist, each once, whatever the request's order.
fn multipicklist(field: &Field, text: &str) -> Result<Value, Error> {
    let given = text.split(';').map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    if field.restricted_picklist
        && let Some(unknown) = given.iter().find(|part| field.picklist_value(part).is_none())
    {
        return Err(Error::bad_restricted_picklist(&field.label, field.name.as_str(), unknown));
    }
    let place = |part: &&str| {
        field
            .picklist_values
            .iter()
            .position(|known| known.value.eq_ignore_ascii_case(part))
            .unwrap_or(usize::MAX)
    };
    let mut kept: Vec<&str> = Vec::new();
    for part in given {
        if !kept.iter().any(|known| known.eq_ignore_ascii_case(part)) {
            kept.push(part);
        }
    }
    kept.sort_by_key(place);
    Ok(Value::text(kept.join(";")))
}

/// The years that a query can name, too.
const YEARS: std::ops::RangeInclusive<i16> = 1700..=4000;

/// A moment outside of Salesforce's calendar is told as Java shows it.
fn in_time(field: &Field, at: DateTime) -> Result<(), Error> {
    if YEARS.contains(&at.year()) {
        return Ok(());
    }
    let shown = at.strftime("%a %b %d %H:%M:%S GMT %Y").to_string();
    Err(Error::date_out_of_range(&field.label, field.name.as_str(), &shown))
}

fn in_range(field: &Field, number: Decimal) -> Result<(), Error> {
    let whole_digits = match field.kind {
        FieldType::Int => u32::from(field.digits),
        _ => u32::from(field.precision).saturating_sub(field.scale.into()),
    };
    let limit =
        (1..=27).contains(&whole_digits).then(|| Decimal::from_i128_with_scale(10_i128.pow(whole_digits), 0));
    if limit.is_some_and(|limit| number.abs() >= limit) {
        let mut text = String::new();
        crate::value::write_double(number, &mut text);
        return Err(Error::number_outside_range(&field.label, field.name.as_str(), &text));
    }
    Ok(())
}

/// The halves of a geolocation and of an address have the bounds of the globe.
fn on_the_globe(field: &Field, number: Decimal) -> Result<(), Error> {
    if field.compound_field_name.is_none() {
        return Ok(());
    }
    let name = field.name.as_str().trim_end_matches("__s");
    let bound = match name {
        _ if name.ends_with("Latitude") => 90,
        _ if name.ends_with("Longitude") => 180,
        _ => return Ok(()),
    };
    if number.abs() <= Decimal::from(bound) {
        return Ok(());
    }
    let mut text = String::new();
    crate::value::write_double(number, &mut text);
    Err(Error::number_outside_range(&field.label, field.name.as_str(), &text))
}

/// The shape that Salesforce asks of a mail address: one `@`, a local part of allowed characters, a domain with a dot.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let local_ok = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
    let labels = domain.split('.').collect::<Vec<_>>();
    let label_ok = |label: &&str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    local_ok
        && labels.len() >= 2
        && labels.iter().all(label_ok)
        && labels.last().is_some_and(|last| last.len() >= 2)
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn mail_addresses() {
        for good in ["a@b.co", "ada.lovelace+1@mail.example.com", "o'neil@example.ie", "x_y-z@a-b.example"] {
            assert!(is_email(good), "{good}");
        }
        for bad in
            ["V", "a@b", "a b@c.de", "@c.de", "a@", "a@@b.de", "a@b..de", ".a@b.de", "a@-b.de", "a@b.d"]
        {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
