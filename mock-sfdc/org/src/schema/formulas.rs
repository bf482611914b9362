//! Formula fields and default values that are formulas: compiled when they come into the schema, those that others refer
//! to first, so that a formula counts with the size of all that it is made of.

use std::collections::{BTreeMap, BTreeSet};

use super::{Object, ObjectIx, Schema};
use crate::formula::{FormulaError, Purpose, RecordFormula};

/// An object, and the position of a field in it.
type Place = (ObjectIx, usize);

/// A field whose formula is none.
#[derive(Debug)]
pub(super) struct WrongFormula {
    pub object: String,
    pub field: String,
    pub error: FormulaError,
}

impl Schema {
    /// This schema and objects that were part of one before: their formulas compiled again, or the first that is none any more.
    pub(crate) fn with_stored(&self, objects: Vec<Object>) -> Result<Self, String> {
        let mut schema = self.with_objects(objects);
        match schema.compile_formulas().first() {
            None => Ok(schema),
            Some(WrongFormula { object, field, error }) => Err(format!("{object}.{field}: {error}")),
        }
    }

    /// Compiles every formula that has not been yet, and tells of those that cannot be.
    pub(super) fn compile_formulas(&mut self) -> Vec<WrongFormula> {
        let new = self.uncompiled();
        let mut wrong = Vec::new();
        let mut needs: BTreeMap<Place, BTreeSet<Place>> = BTreeMap::new();
        for place in &new {
            match self.compile(*place) {
                Ok(formula) => {
                    let needed = formula.formula_fields().filter(|needed| new.contains(needed)).collect();
                    needs.insert(*place, needed);
                }
                Err(error) => wrong.push(error),
            }
        }
        while wrong.is_empty() && !needs.is_empty() {
            let ready = needs.iter().find(|(_, needed)| needed.is_empty()).map(|(place, _)| *place);
            let Some(place) = ready else {
                wrong.extend(self.circle(&needs));
                break;
            };
            match self.compile(place) {
                Ok(formula) => {
                    if let Some(field) = self.field_mut(place) {
                        field.formula = Some(formula);
                    }
                }
                Err(error) => wrong.push(error),
            }
            needs.remove(&place);
            for needed in needs.values_mut() {
                needed.remove(&place);
            }
        }
        wrong
    }

    /// Compiles every formula again, and tells which fields have one that is none any more.
    pub(super) fn compile_formulas_anew(&mut self) -> Vec<String> {
        let mut places = Vec::new();
        for object in self.objects() {
            let has =
                object.fields.iter().enumerate().filter(|(_, field)| field.custom && field.formula.is_some());
            places.extend(has.map(|(position, _)| (object.index, position)));
        }
        for place in places {
            if let Some(field) = self.field_mut(place) {
                field.formula = None;
            }
        }
        let wrong = self.compile_formulas().into_iter();
        wrong.map(|wrong| format!("{}.{}", wrong.object, wrong.field)).collect()
    }

    fn uncompiled(&self) -> BTreeSet<Place> {
        let mut places = BTreeSet::new();
        for object in self.objects() {
            for (position, field) in object.fields.iter().enumerate() {
                if field.formula.is_none() && field.custom && field.formula_text().is_some() {
                    places.insert((object.index, position));
                }
            }
        }
        places
    }

    fn compile(&self, (object, position): Place) -> Result<RecordFormula, WrongFormula> {
        let wrong = |object: &str, field: &str, error| WrongFormula {
            object: object.to_owned(),
            field: field.to_owned(),
            error,
        };
        let unknown = || wrong("", "", FormulaError::Syntax);
        let object = self.by_index(object).ok_or_else(unknown)?;
        let field = object.field_at(position).ok_or_else(unknown)?;
        let purpose = if field.calculated_formula.is_some() {
            let blank_as_zero = field.formula_treat_null_number_as_zero;
            Purpose::FormulaField { kind: field.kind, blank_as_zero }
        } else {
            Purpose::DefaultValue(field.kind)
        };
        RecordFormula::compile(self, object, field.formula_text().unwrap_or_default(), purpose)
            .map_err(|error| wrong(object.name.as_str(), field.name.as_str(), error))
    }

    /// The errors of formulas that wait for each other.
    fn circle(&self, needs: &BTreeMap<Place, BTreeSet<Place>>) -> Vec<WrongFormula> {
        let name = |place: &Place| {
            let object = self.by_index(place.0)?;
            Some((object.name.to_string(), object.field_at(place.1)?.name.to_string()))
        };
        let names: Vec<(String, String)> = needs.keys().filter_map(name).collect();
        let all = names.iter().map(|(_, field)| field.as_str()).collect::<Vec<_>>().join(", ");
        let wrong = |(object, field)| WrongFormula { object, field, error: FormulaError::Cycle(all.clone()) };
        names.into_iter().map(wrong).collect()
    }
}
