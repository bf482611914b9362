//! JSON objects that become structs. serde takes an array for one as well, its items being the members in their order; Salesforce
//! does not, and what stands there was not meant so.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

/// A `T` that stands there as an object.
#[derive(Debug)]
pub struct Shaped<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Shaped<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
            type Value = T;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members))
            }
        }

        deserializer.deserialize_map(Object(PhantomData)).map(Self)
    }
}

/// A list of such objects.
pub fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Vec::<Shaped<T>>::deserialize(deserializer).map(|list| list.into_iter().map(|one| one.0).collect())
}

/// What a mismatch is about, in the words of Salesforce's parser.
#[derive(Debug, PartialEq, Eq)]
pub struct Mismatch<'a> {
    pub wanted: &'static str,
    pub token: &'static str,
    /// A scalar whole, of the others their bracket.
    pub shown: &'a str,
}

/// Reads serde's `invalid type: string "yes", expected a boolean`.
pub fn mismatch(reason: &str) -> Option<Mismatch<'_>> {
    let said = reason.strip_prefix("invalid type: ").or_else(|| reason.strip_prefix("invalid value: "))?;
    let (found, wanted) = said.rsplit_once(", expected ")?;
    let quoted = |quote: char| {
        let (begin, end) = (found.find(quote)? + 1, found.rfind(quote)?);
        found.get(begin..end)
    };
    let (token, shown) = match found.split([' ', '`']).next()? {
        "null" => ("VALUE_NULL", "null"),
        "map" => ("START_OBJECT", "{"),
        "sequence" => ("START_ARRAY", "["),
        "string" => ("VALUE_STRING", quoted('"')?),
        "boolean" if quoted('`')? == "true" => ("VALUE_TRUE", "true"),
        "boolean" => ("VALUE_FALSE", "false"),
        "integer" => ("VALUE_NUMBER_INT", quoted('`')?),
        "floating" => ("VALUE_NUMBER_FLOAT", quoted('`')?),
        _ => return None,
    };
    let wanted = match wanted {
        "a boolean" => "boolean",
        "a string" => "string",
        "a sequence" => "list",
        "an object" | "a map" => "object",
        "usize" | "u64" | "u32" => "int",
        _ => return None,
    };
    Some(Mismatch { wanted, token, shown })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Point {
        x: usize,
        #[serde(default)]
        named: Option<String>,
    }

    #[derive(Debug, Deserialize)]
    struct Line {
        #[serde(deserialize_with = "objects")]
        points: Vec<Point>,
    }

    #[test]
    fn an_array_is_no_object() {
        let line: Shaped<Line> = serde_json::from_str(r#"{"points":[{"x":1,"named":"a"}]}"#).unwrap();
        assert_eq!((line.0.points[0].x, line.0.points[0].named.as_deref()), (1, Some("a")));
        for wrong in [r"[[]]", r#"{"points":[[1,"a"]]}"#, r#"{"points":[{"x":1,"y":2}]}"#] {
            assert!(serde_json::from_str::<Shaped<Line>>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_mismatch_has_the_words_of_the_parser() {
        for (json, said) in [
            (r#"{"points":[[1]]}"#, ("object", "START_ARRAY", "[")),
            (r#"{"points":{}}"#, ("list", "START_OBJECT", "{")),
            (r#"{"points":[{"x":"a \"b\""}]}"#, ("int", "VALUE_STRING", r#"a \"b\""#)),
            (r#"{"points":[{"x":-1}]}"#, ("int", "VALUE_NUMBER_INT", "-1")),
            (r#"{"points":[{"x":1.5}]}"#, ("int", "VALUE_NUMBER_FLOAT", "1.5")),
            (r#"{"points":[{"x":null}]}"#, ("int", "VALUE_NULL", "null")),
            (r#"{"points":[{"x":1,"named":false}]}"#, ("string", "VALUE_FALSE", "false")),
        ] {
            let error = serde_json::from_str::<Shaped<Line>>(json).unwrap_err().to_string();
            let (wanted, token, shown) = said;
            let reason = error.split(" at line ").next().unwrap_or_default();
            assert_eq!(mismatch(reason), Some(Mismatch { wanted, token, shown }), "{json}: {error}");
        }
    }
}
