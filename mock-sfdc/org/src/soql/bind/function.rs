//! Functions of single values: `toLabel`, `FORMAT`, `DISTANCE`, `convertCurrency`; and what to say of a function that stands
//! where it cannot stand.

use compact_str::CompactString;
use rust_decimal::Decimal;

use super::super::ast::{Argument, Call, LiteralKind, Word};
use super::super::bound::Item;
use super::super::date_part::DatePart;
use super::super::distance::{Coordinates, Distance, Goal};
use super::super::expr::{Path, Place, Slot};
use super::super::format::Form;
use super::super::label::Labels;
use super::super::parser::decode;
use super::names::Resolved;
use super::select::{SelectList, is_aggregate};
use super::{Bind, Binder, Scope, SoqlError};
use crate::{error::ErrorCode, schema::FieldType};

impl<'a> Binder<'a> {
    /// A function in the SELECT list of a query over records.
    pub(super) fn select_call(
        &self,
        list: &mut SelectList,
        call: &'a Call,
        alias: Option<&'a Word>,
        scope: &Scope<'a>,
    ) -> Bind<()> {
        if call.name.is("DISTANCE") {
            let distance = self.distance(call, scope)?;
            let key = alias.map_or_else(|| list.unnamed(), |alias| alias.text.clone());
            list.unique(&key)?;
            list.shape.items.push(Item::Distance { key, distance });
            return Ok(());
        }
        let (resolved, show) = if call.name.is("toLabel") {
            let resolved = self.field(scope, self.one_field(call)?)?;
            let labels = self.labels(&resolved, call)?;
            (resolved, Show::Label(labels))
        } else if call.name.is("FORMAT") {
            let resolved = self.field(scope, self.one_field(call)?)?;
            let form = self.form(&resolved, call)?;
            (resolved, Show::Formatted(form))
        } else if call.name.is("convertCurrency") {
            self.field(scope, self.one_field(call)?)?;
            return Err(self.single_currency(call));
        } else {
            return Err(self.unsupported_call(call));
        };
        let key = alias.map_or_else(|| CompactString::from(resolved.name()), |alias| alias.text.clone());
        let full = alias.map_or_else(|| resolved.full_name(), |alias| alias.text.to_string());
        list.unique(&full)?;
        let slot = resolved.path.slot.clone();
        list.place(&resolved).push(match show {
            Show::Label(labels) => Item::Label { key, slot, labels },
            Show::Formatted(form) => Item::Formatted { key, slot, form },
        });
        Ok(())
    }

    /// The labels of a field: picklists have them, and the names of record types could be translated.
    pub(super) fn labels(&self, resolved: &Resolved<'_>, call: &Call) -> Bind<Labels> {
        let record_type = resolved.owner.name.is("RecordType") && resolved.field.name.is("Name");
        if record_type {
            return Ok(Labels::none());
        }
        Labels::of(resolved.field).ok_or_else(|| {
            let text = format!("toLabel does not take field '{}'", resolved.full_name());
            self.at(call.span, ErrorCode::InvalidField, &text)
        })
    }

    pub(super) fn form(&self, resolved: &Resolved<'_>, call: &Call) -> Bind<Form> {
        self.formatted.set(true);
        Form::of(resolved.field).ok_or_else(|| {
            let text = format!("FORMAT does not take field '{}'", resolved.full_name());
            self.at(call.span, ErrorCode::InvalidField, &text)
        })
    }

    pub(super) fn distance(&self, call: &'a Call, scope: &Scope<'a>) -> Bind<Distance> {
        let [Argument::Field(from), to, Argument::Literal(unit)] = call.arguments.as_slice() else {
            return Err(self.unsupported_call(call));
        };
        let LiteralKind::Text(raw) = &unit.kind else { return Err(self.unsupported_call(call)) };
        let miles = match decode(raw).as_ref() {
            "mi" => true,
            "km" => false,
            other => {
                let text = format!("DISTANCE takes the units 'mi' and 'km', not '{other}'");
                return Err(self.at(unit.span, ErrorCode::MalformedQuery, &text));
            }
        };
        let from = self.coordinates(from, scope)?;
        let to = match to {
            Argument::Field(word) => Goal::Field(self.coordinates(word, scope)?),
            Argument::Call(place) => self.point(place)?,
            Argument::Literal(_) => return Err(self.unsupported_call(call)),
        };
        Ok(Distance { from, to, miles })
    }

    fn coordinates(&self, word: &'a Word, scope: &Scope<'a>) -> Bind<Coordinates> {
        let resolved = self.field(scope, word)?;
        let part = |suffix: &str| {
            let of_it = |name: &str| name.trim_end_matches("__s").ends_with(suffix);
            let position = resolved.owner.fields.iter().position(|part| {
                part.compound_field_name.as_ref() == Some(&resolved.field.name) && of_it(part.name.as_str())
            })?;
            Some(Path { steps: resolved.path.steps.clone(), slot: Slot::Field(Place::At(position)) })
        };
        let place = matches!(resolved.field.kind, FieldType::Location | FieldType::Address);
        match (part("Latitude"), part("Longitude")) {
            (Some(latitude), Some(longitude)) if place => Ok(Coordinates { latitude, longitude }),
            _ => {
                let text = format!("DISTANCE needs a location, and '{word}' is none");
                Err(self.at(word.span, ErrorCode::InvalidField, &text))
            }
        }
    }

    fn point(&self, call: &Call) -> Bind<Goal> {
        let degrees = |argument: &Argument, most: u32| {
            let Argument::Literal(literal) = argument else { return None };
            let (LiteralKind::Integer(text) | LiteralKind::Decimal(text)) = &literal.kind else {
                return None;
            };
            let number: Decimal = super::literal::decimal(text)?;
            (number.abs() <= Decimal::from(most)).then_some(number)
        };
        if let [latitude, longitude] = call.arguments.as_slice()
            && let (Some(latitude), Some(longitude)) = (degrees(latitude, 90), degrees(longitude, 180))
        {
            return Ok(Goal::Point(latitude, longitude));
        }
        let text = "GEOLOCATION takes a latitude from -90 to 90 and a longitude from -180 to 180";
        Err(self.at(call.span, ErrorCode::NumberOutsideValidRange, text))
    }

    /// `convertCurrency` where there is one currency.
    pub(super) fn single_currency(&self, call: &Call) -> SoqlError {
        let text = format!("{call} needs an org with multiple currencies");
        self.at(call.span, ErrorCode::MalformedQuery, &text)
    }

    /// What to say of a function that cannot stand where it stands.
    pub(super) fn unsupported_call(&self, call: &Call) -> SoqlError {
        const OF_VALUES: [&str; 6] =
            ["FORMAT", "convertCurrency", "convertTimezone", "DISTANCE", "GEOLOCATION", "toLabel"];
        let name = &call.name;
        let text = if is_aggregate(call) || name.is("GROUPING") {
            format!("aggregate function {name} cannot be used here")
        } else if DatePart::named(&name.text).is_some() {
            format!("date function {name} can be selected only when it is grouped by")
        } else if OF_VALUES.iter().any(|known| name.is(known)) {
            format!("function {name} cannot be used here")
        } else {
            format!("unknown function: {name}")
        };
        self.at(call.span, ErrorCode::MalformedQuery, &text)
    }

    /// The argument of a function of one field.
    pub(super) fn one_field(&self, call: &'a Call) -> Bind<&'a Word> {
        match call.arguments.as_slice() {
            [Argument::Field(word)] => Ok(word),
            [Argument::Call(inner)] if inner.name.is("convertCurrency") => Err(self.single_currency(inner)),
            [Argument::Call(inner)] => Err(self.unsupported_call(inner)),
            _ => {
                let text = format!("{} takes one field", call.name);
                Err(self.at(call.span, ErrorCode::MalformedQuery, &text))
            }
        }
    }
}

enum Show {
    Label(Labels),
    Formatted(Form),
}
