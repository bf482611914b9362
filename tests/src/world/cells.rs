//! What a cell of a table means: a plain value, another record, something of the product, a moment, or nothing.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use super::World;
use super::product;
use crate::failure::{Failure, Outcome};

/// The cell for an empty field.
pub const NOTHING: &str = "nothing";

/// `Account "Acme"`, `referral "grace@example.com"`.
static NAMED: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"^([A-Za-z_]+) "([^"]*)"$"#).expect("the pattern is a constant"));

/// A record to send: empty cells are left out.
pub async fn body(
    world: &mut World,
    object: &str,
    row: &[(String, String)],
) -> Result<Map<String, Value>, Failure> {
    let mut body = Map::new();
    for (field, cell) in row {
        let value = match cell.as_str() {
            "" => continue,
            NOTHING => Value::Null,
            cell => {
                let text = resolved(world, cell).await?;
                world.org.admin.typed(object, field, &text).await?
            }
        };
        body.insert(field.clone(), value);
    }
    Ok(body)
}

/// The cell's text, with names replaced by the ids they stand for.
pub async fn resolved(world: &mut World, cell: &str) -> Result<String, Failure> {
    if cell == "now" {
        return Ok(crate::story::moment(world.now()).replacen(' ', "T", 1) + "Z");
    }
    if cell == "today" {
        return Ok(crate::story::moment(world.now()).split(' ').next().unwrap_or_default().to_owned());
    }
    let Some(named) = NAMED.captures(cell) else { return Ok(cell.to_owned()) };
    let (kind, name) = (named[1].to_owned(), named[2].to_owned());
    match kind.as_str() {
        "referral" => Ok(product::id(&world.product().await?.referral(&name).await?).to_owned()),
        "member" => Ok(product::id(&world.product().await?.member(&name).await?).to_owned()),
        "Queue" => world.org.admin.id_of("Queue", &name).await,
        _ if kind.starts_with(|c: char| c.is_ascii_uppercase()) => {
            let object = world.org.admin.object_name(&kind).await?;
            world.org.admin.id_of(&object, &name).await
        }
        _ => Ok(cell.to_owned()),
    }
}

/// Compares what a table expects with a value that was found.
pub async fn compare(world: &mut World, what: &str, wanted: &str, found: &Value) -> Outcome {
    let shown = text(found);
    let (part, wanted) = wanted.strip_prefix("contains ").map_or((false, wanted), |rest| (true, rest));
    let wanted = resolved(world, wanted).await?;
    let wanted = wanted.trim_matches('"');
    let fits = if part { shown.contains(wanted) } else { same(found, &shown, wanted) };
    if fits {
        return Ok(());
    }
    let expected = if part { format!("contains {wanted}") } else { wanted.to_owned() };
    Err(Failure::mismatch(what, expected, shown))
}

fn same(found: &Value, shown: &str, wanted: &str) -> bool {
    let numbers = || Some((shown.parse::<f64>().ok()?, wanted.parse::<f64>().ok()?));
    let yes_no = |flag: bool| if flag { ["true", "yes", "on"] } else { ["false", "no", "off"] };
    match found {
        Value::Null => wanted == NOTHING || wanted.is_empty(),
        Value::Bool(flag) => yes_no(*flag).contains(&wanted),
        Value::Number(_) => numbers().is_some_and(|(a, b)| (a - b).abs() < 1e-9),
        _ => shown == wanted || is_same_id(shown, wanted),
    }
}

/// Ids come with 15 characters or with 18.
fn is_same_id(a: &str, b: &str) -> bool {
    let lengths = (a.len(), b.len());
    matches!(lengths, (15, 18) | (18, 15))
        && a.is_char_boundary(15)
        && b.is_char_boundary(15)
        && a[..15] == b[..15]
}

/// A value as a table shows it.
#[must_use]
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => NOTHING.to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A member of a JSON object by its name in any case; null where there is none.
#[must_use]
pub fn member<'v>(value: &'v Value, name: &str) -> &'v Value {
    let members = value.as_object();
    let found = members.and_then(|m| m.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)));
    found.map_or(&Value::Null, |(_, value)| value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_compared_as_people_write_them() {
        for (found, wanted, fits) in [
            (json!(1200.0), "1200", true),
            (json!("1200.0"), "1200", false),
            (json!(null), "nothing", true),
            (json!(""), "nothing", false),
            (json!(true), "yes", true),
            (json!(true), "false", false),
            (json!("00Q000000000001"), "00Q000000000001AAA", true),
            (json!("00Q000000000001"), "00Q000000000002AAA", false),
        ] {
            assert_eq!(same(&found, &text(&found), wanted), fits, "{found} {wanted}");
        }
    }
}
