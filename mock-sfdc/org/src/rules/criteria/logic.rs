//! Filter logic: `1 AND (2 OR 3)`, as criteria of every kind join their items by it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

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
            assert_eq!(logic.holds(&|at| met.contains(&(at + 1))), verdict, "{text}");
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
