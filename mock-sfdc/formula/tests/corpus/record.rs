//! A record of named fields, for the runners.

use std::collections::BTreeMap;

use mock_sfdc_formula::{
    Blanks, Context, FieldRef, Fields, Formula, Lookup, Resolved, Subject, Type, Unresolved, Value,
};

/// Fields by name, each with its type and the formula behind it.
#[derive(Debug, Default)]
pub struct Known {
    pub names: Vec<String>,
    pub kinds: BTreeMap<String, Type>,
}

impl Fields for Known {
    fn field(&mut self, path: &str) -> Result<Resolved, Unresolved> {
        if path.eq_ignore_ascii_case("$System.originDateTime") {
            return Ok(Resolved::Constant(Value::DateTime(-2_208_988_800_000), Type::DateTime));
        }
        let name = path.to_lowercase();
        let kind = *self.kinds.get(&name).ok_or(Unresolved::Unknown)?;
        let slot = self.names.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        Ok(Resolved::Field(FieldRef { slot, kind, own: true, size: 0 }))
    }

    fn lookup(&mut self, _: &str, _: &str) -> Result<Lookup, Unresolved> {
        Err(Unresolved::Unknown)
    }
}

/// The values of one row.
#[derive(Debug)]
pub struct Row<'a> {
    pub names: &'a [String],
    pub values: &'a BTreeMap<String, Value>,
}

impl Subject for Row<'_> {
    fn field(&self, slot: usize) -> Value {
        self.names.get(slot).and_then(|name| self.values.get(name)).cloned().unwrap_or_default()
    }

    /// 2026-03-25, noon.
    fn now(&self) -> i64 {
        1_774_440_000_000
    }
}

/// Compiles and evaluates at once; an error of either is a text.
pub fn evaluate(
    text: &str,
    known: &mut Known,
    blanks: Blanks,
    values: &BTreeMap<String, Value>,
) -> Result<Value, String> {
    let formula = Formula::compile(text, known, Context::FormulaField, blanks);
    // Nothing of this is a record, so what is for saves only is tried there.
    let formula = formula.or_else(|_| Formula::compile(text, known, Context::Validation, blanks));
    let formula = formula.map_err(|error| format!("compile: {error}"))?;
    formula.evaluate(&Row { names: &known.names, values }).map_err(|error| format!("Error: {error}"))
}
