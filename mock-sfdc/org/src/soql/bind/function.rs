//! Functions of single values: `toLabel`, `FORMAT`, `DISTANCE`, `convertCurrency`; and what to say of a function that stands
//! where it cannot stand.

use compact_str::CompactString;
use rust_decimal::Decimal;

use super::super::ast::{Argument, Call, LiteralKind, Word};
use super::super::bound::Item;
use super::super::date_part::DatePart;
use super::super::distance::{Coordinates, Distance, Goal};
use super::super::expr::{Expr, Path, Place, Slot};
use super::super::format::Form;
use super::super::label::Labels;
use super::super::money::{Into, Money, Shown};
use super::super::parser::decode;
use super::names::Resolved;
use super::select::{SelectList, is_aggregate};
use super::{Bind, Binder, Scope, SoqlError};
use crate::{currency::ISO_CODE, error::Error, schema::FieldType};

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
        } else if let Some((word, converted, formatted)) = amount(call)
            && let resolved = self.field(scope, word)?
            && (converted || is_money(&resolved))
        {
            if !is_money(&resolved) {
                // FORMAT stands around it, or nothing does.
                let converting = match call.arguments.as_slice() {
                    [Argument::Call(inner)] => inner,
                    _ => call,
                };
                return Err(self.not_convertible(converting, &resolved));
            }
            let Slot::Field(Place::At(position)) = resolved.path.slot else {
                return Err(self.unsupported_call(call));
            };
            if formatted {
                self.formatted.set(true);
            }
            let shown = Shown { position, scale: resolved.field.scale, converted, formatted };
            (resolved, Show::Money(shown))
        } else if call.name.is("FORMAT") {
            let resolved = self.field(scope, self.one_field(call)?)?;
            let form = self.form(&resolved, call)?;
            (resolved, Show::Formatted(form))
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
            Show::Money(shown) => Item::Money { key, shown },
        });
        Ok(())
    }

    /// The labels of a field: picklists have them, and the names of record types could be translated.
    pub(super) fn labels(&self, resolved: &Resolved<'_>, call: &Call) -> Bind<Labels> {
        let record_type = resolved.owner.name.is("RecordType") && resolved.field.name.is("Name");
        if record_type {
            return Ok(Labels::none());
        }
        Labels::of(resolved.field)
            .ok_or_else(|| self.at(call.span, &Error::does_not_take_field("toLabel", &resolved.full_name())))
    }

    pub(super) fn form(&self, resolved: &Resolved<'_>, call: &Call) -> Bind<Form> {
        self.formatted.set(true);
        Form::of(resolved.field)
            .ok_or_else(|| self.at(call.span, &Error::does_not_take_field("FORMAT", &resolved.full_name())))
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
                return Err(self.at(unit.span, &Error::unknown_unit(other)));
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
            _ => Err(self.at(word.span, &Error::no_location(word))),
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
        Err(self.at(call.span, &Error::no_such_place()))
    }

    fn not_convertible(&self, call: &Call, resolved: &Resolved<'_>) -> SoqlError {
        if resolved.field.kind == FieldType::Currency {
            return self.single_currency(call);
        }
        self.at(call.span, &Error::does_not_take_field("convertCurrency", &resolved.full_name()))
    }

    /// `convertCurrency` where there is one currency, or of what has been converted already: aggregates are in the corporate one.
    pub(super) fn single_currency(&self, call: &Call) -> SoqlError {
        let aggregate = matches!(call.arguments.as_slice(), [Argument::Call(_)]);
        let error = if aggregate { Error::aggregate_converted(call) } else { Error::one_currency(call) };
        self.at(call.span, &error)
    }

    /// What to say of a function that cannot stand where it stands.
    pub(super) fn unsupported_call(&self, call: &Call) -> SoqlError {
        const OF_VALUES: [&str; 6] =
            ["FORMAT", "convertCurrency", "convertTimezone", "DISTANCE", "GEOLOCATION", "toLabel"];
        let name = &call.name;
        let error = if is_aggregate(call) || name.is("GROUPING") {
            Error::misplaced_function("aggregate function", name)
        } else if DatePart::named(&name.text).is_some() {
            Error::ungrouped_date_function(name)
        } else if OF_VALUES.iter().any(|known| name.is(known)) {
            Error::misplaced_function("function", name)
        } else {
            Error::unknown_function(name)
        };
        self.at(call.span, &error)
    }

    /// The argument of a function of one field.
    pub(super) fn one_field(&self, call: &'a Call) -> Bind<&'a Word> {
        match call.arguments.as_slice() {
            [Argument::Field(word)] => Ok(word),
            [Argument::Call(inner)] if inner.name.is("convertCurrency") => Err(self.single_currency(inner)),
            [Argument::Call(inner)] => Err(self.unsupported_call(inner)),
            _ => Err(self.at(call.span, &Error::takes_one_field(&call.name))),
        }
    }
}

enum Show {
    Label(Labels),
    Formatted(Form),
    Money(Shown),
}

/// The field whose amount `convertCurrency`, `FORMAT` or both of them show, and which of them do.
fn amount(call: &Call) -> Option<(&Word, bool, bool)> {
    let format = call.name.is("FORMAT");
    match call.arguments.as_slice() {
        [Argument::Field(word)] if format => Some((word, false, true)),
        [Argument::Field(word)] if call.name.is("convertCurrency") => Some((word, true, false)),
        [Argument::Call(inner)] if format && inner.name.is("convertCurrency") => {
            let [Argument::Field(word)] = inner.arguments.as_slice() else { return None };
            Some((word, true, true))
        }
        _ => None,
    }
}

/// Whether a field's amounts can be in one currency or another.
pub(super) fn is_money(resolved: &Resolved<'_>) -> bool {
    resolved.field.kind == FieldType::Currency
        && resolved.owner.field(ISO_CODE).is_some()
        && matches!(resolved.path.slot, Slot::Field(Place::At(_)))
}

/// The amount in the corporate currency, where there are others; else as it is.
pub(super) fn comparable(resolved: Resolved<'_>) -> Expr {
    if !is_money(&resolved) {
        return Expr::Field(resolved.path);
    }
    let scale = resolved.field.scale;
    Expr::Money(Box::new(Money { amount: resolved.path, scale, to: Into::Corporate }))
}
