//! What changed in the product, seen as a person sees it: the lists of its API, compared with what they showed before.

use std::collections::BTreeMap;

use serde_json::Value;

use super::cells;
use super::product::Product;
use crate::story::{Line, Source};

/// What the product showed last, by kind and id: the story tells what differs since.
#[derive(Debug, Default)]
pub struct Seen(BTreeMap<(&'static str, String), Value>);

/// The lists that a story looks at, and what one item of them is called.
const LISTS: &[(&str, &str)] =
    &[("referrals", "Referral"), ("sales-entries", "Sales Entry"), ("outbox", "Outbox item")];

/// Fields that change with every write and tell nothing.
const NOISE: &[&str] = &["id", "updated_at", "created_at", "history", "links"];

impl Seen {
    /// One line for each new or changed item.
    pub async fn differences(&mut self, product: &Product, at: i64) -> Vec<Line> {
        let mut lines = Vec::new();
        for (path, title) in LISTS {
            // A story is told about failures too: what cannot be read then is left out.
            for item in product.list(path).await.unwrap_or_default() {
                let key = (*path, cells::text(&item["id"]));
                let before = self.0.insert(key, item.clone()).unwrap_or(Value::Null);
                let changes = changes(&before, &item);
                if !changes.is_empty() {
                    let text = format!("{title} {}: {}", cells::text(&item["id"]), changes.join(", "));
                    lines.push(Line { at, source: Source::Product, text });
                }
            }
        }
        lines
    }
}

fn changes(before: &Value, after: &Value) -> Vec<String> {
    let fields = after.as_object().into_iter().flatten().filter(|(name, _)| !NOISE.contains(&name.as_str()));
    fields
        .filter_map(|(name, value)| match before.get(name) {
            Some(old) if old == value => None,
            Some(old) => Some(format!("{name} {} -> {}", cells::text(old), cells::text(value))),
            None if value.is_null() || *value == Value::Bool(false) => None,
            None => Some(format!("{name} {}", cells::text(value))),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let before = json!({"id": "1", "status": "Pending", "email": "a"});
        let after = json!({"id": "1", "status": "Approved", "email": "a", "note": null, "updated_at": 5});
        assert_eq!(changes(&before, &after), ["status Pending -> Approved"]);
        assert_eq!(
            changes(&Value::Null, &before),
            ["email a", "status Pending"].map(String::from).to_vec().into_iter().rev().collect::<Vec<_>>()
        );
    }
}
