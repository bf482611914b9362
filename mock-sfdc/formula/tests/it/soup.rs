//! Any text whatever: it may be refused, and its evaluation may fail, but neither panics nor takes long. What is well typed
//! compiles.

use mock_sfdc_formula::{Blanks, Context, Formula, Type, Value};
use proptest::prelude::*;

use crate::world::{World, compile};

const CONTEXTS: [Context; 5] = [
    Context::FormulaField,
    Context::DefaultValue,
    Context::Validation,
    Context::Criteria,
    Context::FieldUpdate,
];

const TOKENS: &[&str] = &[
    "(",
    ")",
    ",",
    "+",
    "-",
    "*",
    "/",
    "^",
    "&",
    "=",
    "<>",
    "<",
    ">=",
    "&&",
    "||",
    "!",
    "NOT",
    "NULL",
    "TRUE",
    "0",
    "1",
    "99999999999999999999",
    "0.5",
    "\"\"",
    "\"a\"",
    "'",
    "\"",
    "/*",
    "*/",
    "\\",
    "é",
    "Name",
    "Seven",
    "NoNumber",
    "Day",
    "At",
    "Clock",
    "Status",
    "Colours",
    "Place",
    "Id",
    "Nothing",
    "$User.FirstName",
    "IF(",
    "CASE(",
    "IFS(",
    "TEXT(",
    "LEFT(",
    "MID(",
    "FIND(",
    "LPAD(",
    "ROUND(",
    "DATE(",
    "ADDMONTHS(",
    "REGEX(",
    "ISCHANGED(",
    "VLOOKUP(",
    "FORMATDURATION(",
    "DISTANCE(",
    "MAX(",
    "IN(",
    "ISPICKVAL(",
    "INCLUDES(",
];

fn evaluate_all(formula: &Formula) {
    for new in [false, true] {
        let _ = formula.evaluate(&World { new });
    }
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|n| format!("({n})")),
        (-50..50).prop_map(|n| format!("({n})")),
        (0..1_000_000u32).prop_map(|n| format!("0.{n}")),
        Just("Seven".to_owned()),
        Just("NoNumber".to_owned()),
        Just("79228162514264337593543950335".to_owned()),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9 éß.:-]{0,8}".prop_map(|text| format!("\"{text}\"")),
        Just("Name".to_owned()),
        Just("NoText".to_owned()),
        Just("\"2026-02-28 10:20:30\"".to_owned()),
        Just("TEXT(Status)".to_owned()),
    ]
}

fn moment(kind: Type) -> BoxedStrategy<String> {
    let fields: &'static [&'static str] = match kind {
        Type::Date => &["Day", "NoDay", "TODAY()", "DATE(1, 1, 1)", "DATE(9999, 12, 31)"],
        Type::DateTime => &["At", "NoAt", "NOW()"],
        _ => &["Clock", "NoClock", "TIMENOW()"],
    };
    prop::sample::select(fields).prop_map(str::to_owned).boxed()
}

/// A template's holes are filled from left to right: `n` is a number, `t` a text, `b` a test, `d` a date, `m` a moment, `c` a
/// time.
const TEMPLATES: &[(Type, &str)] = &[
    (Type::Number, "(#n + #n * #n)"),
    (Type::Number, "(#n / #n - #n)"),
    (Type::Number, "(#n ^ #n)"),
    (Type::Number, "MOD(#n, #n)"),
    (Type::Number, "ROUND(#n, #n)"),
    (Type::Number, "TRUNC(#n, #n)"),
    (Type::Number, "MAX(FLOOR(#n), CEILING(#n), MFLOOR(#n), MCEILING(#n))"),
    (Type::Number, "ATAN2(EXP(#n), LN(#n))"),
    (Type::Number, "SQRT(LOG(#n))"),
    (Type::Number, "LEN(#t)"),
    (Type::Number, "FIND(#t, #t, #n)"),
    (Type::Number, "VALUE(#t)"),
    (Type::Number, "(#d - #d)"),
    (Type::Number, "(#m - #m)"),
    (Type::Number, "(#c - #c)"),
    (Type::Number, "UNIXTIMESTAMP(#m)"),
    (Type::Number, "ISOWEEK(#d)"),
    (Type::Number, "HOUR(#c)"),
    (Type::Number, "DISTANCE(GEOLOCATION(#n, #n), GEOLOCATION(#n, #n), \"km\")"),
    (Type::Number, "IF(#b, #n, #n)"),
    (Type::Number, "CASE(#n, #n, #n, #n)"),
    (Type::Text, "(#t & #t)"),
    (Type::Text, "LEFT(#t, #n)"),
    (Type::Text, "RIGHT(#t, #n)"),
    (Type::Text, "MID(#t, #n, #n)"),
    (Type::Text, "LPAD(#t, #n, #t)"),
    (Type::Text, "RPAD(#t, #n, #t)"),
    (Type::Text, "SUBSTITUTE(#t, #t, #t)"),
    (Type::Text, "CHR(#n)"),
    (Type::Text, "TEXT(#n)"),
    (Type::Text, "TEXT(#d)"),
    (Type::Text, "TEXT(#m)"),
    (Type::Text, "JSENCODE(HTMLENCODE(URLENCODE(#t)))"),
    (Type::Text, "CASESAFEID(REVERSE(INITCAP(#t)))"),
    (Type::Text, "FORMATDURATION(#n, #b)"),
    (Type::Text, "FORMATDURATION(#m, #m)"),
    (Type::Boolean, "(#n < #n && NOT(#b))"),
    (Type::Boolean, "(#t = #t || #d >= #d)"),
    (Type::Boolean, "REGEX(#t, #t & #t)"),
    (Type::Boolean, "CONTAINS(#t, #t)"),
    (Type::Boolean, "ISBLANK(#m)"),
    (Type::Boolean, "IN(#n, #n, #n)"),
    (Type::Date, "(#d + #n)"),
    (Type::Date, "DATE(#n, #n, #n)"),
    (Type::Date, "ADDMONTHS(#d, #n)"),
    (Type::Date, "DATEVALUE(#t)"),
    (Type::Date, "DATEVALUE(#m)"),
    (Type::DateTime, "(#m - #n)"),
    (Type::DateTime, "ADDMONTHS(#m, #n)"),
    (Type::DateTime, "FROMUNIXTIME(#n)"),
    (Type::DateTime, "DATETIMEVALUE(#t)"),
    (Type::Time, "(#c + #n)"),
    (Type::Time, "TIMEVALUE(#t)"),
    (Type::Time, "TIMEVALUE(#m)"),
];

fn leaf(kind: Type) -> BoxedStrategy<String> {
    match kind {
        Type::Number => number().boxed(),
        Type::Text => text().boxed(),
        Type::Boolean => prop::sample::select(&["TRUE", "Yes", "No", "NoDay = Day"][..])
            .prop_map(|test| format!("({test})"))
            .boxed(),
        kind => moment(kind),
    }
}

/// An expression of the type, at most so many levels deep.
fn expression(kind: Type, levels: u32) -> BoxedStrategy<String> {
    if levels == 0 {
        return leaf(kind);
    }
    let of_kind: Vec<&'static str> =
        TEMPLATES.iter().filter(|(result, _)| *result == kind).map(|(_, text)| *text).collect();
    let filled = prop::sample::select(of_kind).prop_flat_map(move |template| {
        let holes: Vec<BoxedStrategy<String>> = template
            .split('#')
            .skip(1)
            .map(|rest| {
                let kind = match rest.as_bytes()[0] {
                    b'n' => Type::Number,
                    b't' => Type::Text,
                    b'b' => Type::Boolean,
                    b'd' => Type::Date,
                    b'm' => Type::DateTime,
                    _ => Type::Time,
                };
                prop_oneof![leaf(kind), expression(kind, levels - 1)].boxed()
            })
            .collect();
        holes.prop_map(move |holes| {
            let mut parts = template.split('#');
            let mut out = parts.next().unwrap_or_default().to_owned();
            for (part, hole) in parts.zip(holes) {
                out.push_str(&hole);
                out.push_str(&part[1..]);
            }
            out
        })
    });
    filled.boxed()
}

fn typed() -> impl Strategy<Value = (Type, String)> {
    const KINDS: &[Type] = &[Type::Number, Type::Text, Type::Boolean, Type::Date, Type::DateTime, Type::Time];
    prop::sample::select(KINDS).prop_flat_map(|kind| (Just(kind), expression(kind, 2)))
}

fn fits(value: &Value, kind: Type) -> bool {
    matches!(
        (value, kind),
        (Value::Null, _)
            | (Value::Number(_), Type::Number)
            | (Value::Text(_), Type::Text)
            | (Value::Bool(_), Type::Boolean)
            | (Value::Date(_), Type::Date)
            | (Value::DateTime(_), Type::DateTime)
            | (Value::Time(_), Type::Time)
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn soups_of_tokens(soup in prop::collection::vec(prop::sample::select(TOKENS), 0..40), blank in any::<bool>()) {
        let text = soup.join(" ");
        for context in CONTEXTS {
            let blanks = if blank { Blanks::Blank } else { Blanks::Zero };
            if let Ok(formula) = compile(&text, context, blanks) {
                evaluate_all(&formula);
            }
        }
    }

    #[test]
    fn any_characters(text in "\\PC{0,60}") {
        if let Ok(formula) = compile(&text, Context::Validation, Blanks::Blank) {
            evaluate_all(&formula);
        }
    }

    #[test]
    fn what_is_well_typed_compiles_and_yields_its_type((kind, text) in typed()) {
        for blanks in [Blanks::Blank, Blanks::Zero] {
            let formula = compile(&text, Context::Validation, blanks)
                .map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
            prop_assert_eq!(formula.kind(), kind, "{}", text);
            if let Ok(value) = formula.evaluate(&World::default()) {
                prop_assert!(fits(&value, kind), "{text}: {value:?}");
            }
        }
    }
}
