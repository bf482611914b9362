//! Criteria as assignment rules, workflow and duplicate rules share them: items with an operation, joined by AND or by a
//! filter logic (`contract/behaviour.md` section 2.5).

use std::{cmp::Ordering, fmt, str::FromStr};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    id::Id,
    schema::Object,
    state::Edit,
    value::{DateTime, Value, parse_date},
};

/// The operations of Salesforce's metadata (`FilterOperation`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FilterOperation {
    Equals,
    NotEqual,
    LessThan,
    GreaterThan,
    LessOrEqual,
    GreaterOrEqual,
    Contains,
    NotContain,
    StartsWith,
    Includes,
    Excludes,
}

/// One line of a criteria list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CriteriaItem {
    /// `Lead.Rating`, or `Rating`.
    pub field: String,
    pub operation: FilterOperation,
    /// A list separated by commas means any of them; with the negative operations none of them. Empty means blank.
    #[serde(default)]
    pub value: String,
}

/// `1 AND (2 OR 3)`, with the numbers of the items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FilterLogic {
    text: String,
    root: Node,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Item(usize),
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
}

/// Whether a record meets the items; without items every record does.
#[must_use]
pub fn meets(items: &[CriteriaItem], logic: Option<&FilterLogic>, object: &Object, record: &Edit) -> bool {
    let item = |at: usize| items.get(at).is_some_and(|item| item.meets(object, record));
    match logic {
        None => (0..items.len()).all(item),
        Some(logic) => logic.root.eval(&item),
    }
}

impl Node {
    fn eval(&self, item: &impl Fn(usize) -> bool) -> bool {
        match self {
            Self::Item(number) => item(number - 1),
            Self::Not(inner) => !inner.eval(item),
            Self::And(all) => all.iter().all(|node| node.eval(item)),
            Self::Or(any) => any.iter().any(|node| node.eval(item)),
        }
    }

    fn highest(&self) -> usize {
        match self {
            Self::Item(number) => *number,
            Self::Not(inner) => inner.highest(),
            Self::And(nodes) | Self::Or(nodes) => nodes.iter().map(Self::highest).max().unwrap_or(0),
        }
    }
}

impl CriteriaItem {
    /// What is wrong with this item for `object`, if anything: an unknown field, or a value that does not fit it.
    pub fn check(&self, object: &Object) -> Result<(), String> {
        let name = self.field_name(object);
        if object.field(name).is_none() {
            return Err(format!("{} has no field {name}", object.name.as_str()));
        }
        Ok(())
    }

    fn field_name(&self, object: &Object) -> &str {
        match self.field.split_once('.') {
            Some((owner, field)) if object.name.is(owner) => field,
            _ => &self.field,
        }
    }

    fn meets(&self, object: &Object, record: &Edit) -> bool {
        use FilterOperation as Op;
        let Some((position, _)) = object.field(self.field_name(object)) else { return false };
        let value = record.get(position);
        let mut parts = self.value.split(',').map(str::trim);
        match self.operation {
            Op::Equals => parts.any(|part| equals(value, part)),
            Op::NotEqual => !parts.any(|part| equals(value, part)),
            Op::LessThan => compare(value, &self.value) == Some(Ordering::Less),
            Op::GreaterThan => compare(value, &self.value) == Some(Ordering::Greater),
            Op::LessOrEqual => matches!(compare(value, &self.value), Some(Ordering::Less | Ordering::Equal)),
            Op::GreaterOrEqual => {
                matches!(compare(value, &self.value), Some(Ordering::Greater | Ordering::Equal))
            }
            Op::Contains => parts.any(|part| folded(value).contains(&part.to_lowercase())),
            Op::NotContain => !parts.any(|part| folded(value).contains(&part.to_lowercase())),
            Op::StartsWith => parts.any(|part| folded(value).starts_with(&part.to_lowercase())),
            Op::Includes => parts.any(|part| includes(value, part)),
            Op::Excludes => !parts.any(|part| includes(value, part)),
        }
    }
}

fn folded(value: &Value) -> String {
    value.as_text().unwrap_or_default().to_lowercase()
}

fn includes(value: &Value, part: &str) -> bool {
    value.as_text().unwrap_or_default().split(';').any(|one| one.trim().eq_ignore_ascii_case(part))
}

fn equals(value: &Value, text: &str) -> bool {
    match value {
        Value::Null => text.is_empty(),
        Value::Bool(flag) => {
            text.eq_ignore_ascii_case(if *flag { "true" } else { "false" })
                || text == if *flag { "1" } else { "0" }
        }
        Value::Text(known) => known.to_lowercase() == text.to_lowercase(),
        Value::Id(id) => Id::parse(text) == Some(*id),
        _ => compare(value, text) == Some(Ordering::Equal),
    }
}

fn compare(value: &Value, text: &str) -> Option<Ordering> {
    let text = text.trim();
    match value {
        Value::Number(number) => Some(number.cmp(&text.parse::<Decimal>().ok()?)),
        Value::Date(date) => Some(date.cmp(&parse_date(text)?)),
        Value::DateTime(at) => Some(at.cmp(&DateTime::parse(text)?)),
        Value::Text(known) => Some(known.to_lowercase().as_str().cmp(text.to_lowercase().as_str())),
        _ => None,
    }
}

/// Salesforce allows some two dozen operands; this is far above, and keeps recursion shallow.
const MOST_NESTING: usize = 50;

impl FromStr for FilterLogic {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut reader = Reader { tokens: tokens(text)?, at: 0, depth: 0 };
        let root = reader.any()?;
        match reader.peek() {
            None => Ok(Self { text: text.to_owned(), root }),
            Some(token) => Err(format!("filter logic {text:?}: {token} stands where the logic should end")),
        }
    }
}

impl FilterLogic {
    /// The verdict, when `met` says which items are met, counted from 0.
    #[must_use]
    pub fn holds(&self, met: &impl Fn(usize) -> bool) -> bool {
        self.root.eval(met)
    }

    /// The highest item number that it names.
    #[must_use]
    pub fn highest_item(&self) -> usize {
        self.root.highest()
    }
}

impl TryFrom<String> for FilterLogic {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<FilterLogic> for String {
    fn from(logic: FilterLogic) -> Self {
        logic.text
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Number(usize),
    And,
    Or,
    Not,
    Open,
    Close,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::And => f.write_str("AND"),
            Self::Or => f.write_str("OR"),
            Self::Not => f.write_str("NOT"),
            Self::Open => f.write_str("("),
            Self::Close => f.write_str(")"),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    spaced
        .split_whitespace()
        .map(|word| match word.to_ascii_uppercase().as_str() {
            "AND" => Ok(Token::And),
            "OR" => Ok(Token::Or),
            "NOT" => Ok(Token::Not),
            "(" => Ok(Token::Open),
            ")" => Ok(Token::Close),
            number => match number.parse() {
                Ok(number) if number > 0 => Ok(Token::Number(number)),
                _ => Err(format!(
                    "filter logic {text:?}: {word:?} is neither an item's number nor AND, OR, NOT"
                )),
            },
        })
        .collect()
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, token: &Token) -> bool {
        let here = self.peek() == Some(token);
        self.at += usize::from(here);
        here
    }

    fn any(&mut self) -> Result<Node, String> {
        let mut nodes = vec![self.all()?];
        while self.take(&Token::Or) {
            nodes.push(self.all()?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Or(nodes) })
    }

    fn all(&mut self) -> Result<Node, String> {
        let mut nodes = vec![self.one()?];
        while self.take(&Token::And) {
            nodes.push(self.one()?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::And(nodes) })
    }

    fn one(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > MOST_NESTING {
            return Err(format!("filter logic: nested deeper than {MOST_NESTING}"));
        }
        let node = match self.tokens.get(self.at).cloned() {
            Some(Token::Number(number)) => {
                self.at += 1;
                Node::Item(number)
            }
            Some(Token::Not) => {
                self.at += 1;
                Node::Not(Box::new(self.one()?))
            }
            Some(Token::Open) => {
                self.at += 1;
                let inner = self.any()?;
                if !self.take(&Token::Close) {
                    return Err("filter logic: a parenthesis is not closed".to_owned());
                }
                inner
            }
            Some(token) => return Err(format!("filter logic: {token} stands where an item's number should")),
            None => return Err("filter logic: it ends where an item's number should stand".to_owned()),
        };
        self.depth -= 1;
        Ok(node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filter_logic_binds_and_before_or() {
        let table: [(&str, &[usize], bool); 6] = [
            ("1", &[1], true),
            ("1 AND 2 OR 3", &[3], true),
            ("1 AND (2 OR 3)", &[3], false),
            ("1 and (2 or 3)", &[1, 3], true),
            ("NOT 1 AND 2", &[2], true),
            ("NOT (1 AND 2)", &[1, 2], false),
        ];
        for (text, met, verdict) in table {
            let logic: FilterLogic = text.parse().unwrap();
            assert_eq!(logic.root.eval(&|at| met.contains(&(at + 1))), verdict, "{text}");
        }
    }

    #[test]
    fn filter_logic_says_what_is_wrong() {
        for (text, part) in [
            ("", "it ends"),
            ("1 AND", "it ends"),
            ("(1", "not closed"),
            ("1 2", "2 stands where the logic should end"),
            ("1 XOR 2", "\"XOR\""),
            ("0", "\"0\""),
        ] {
            let error = text.parse::<FilterLogic>().unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
        assert!("(".repeat(1000).parse::<FilterLogic>().is_err());
    }
}
