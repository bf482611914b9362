//! The search expression between the braces: words with wildcards, phrases, AND, OR, AND NOT and parentheses.
//!
//! Of the three operators AND NOT binds closest and OR least; words side by side are joined by AND.

use super::words::{fold, is_alone, is_mark, words};

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// Words that stand one behind the other in one field; mostly it is one word.
    Phrase(Vec<Pattern>),
    And(Vec<Term>),
    Or(Vec<Term>),
    /// The first and not the second.
    AndNot(Box<Term>, Box<Term>),
    Nothing,
}

/// A word with its wildcards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Letter(char),
    /// `?`
    One,
    /// `*`
    Any,
}

impl Pattern {
    /// Whether it is this word. Words are folded already.
    #[must_use]
    pub fn matches(&self, word: &str) -> bool {
        let word: Vec<char> = word.chars().collect();
        // Where to go on when what follows the last `*` does not fit.
        let (mut piece, mut letter, mut retry) = (0, 0, None);
        loop {
            match (self.0.get(piece), word.get(letter)) {
                (None, None) => return true,
                (Some(Piece::Any), _) => {
                    retry = Some((piece + 1, letter));
                    piece += 1;
                }
                (Some(Piece::Letter(wanted)), Some(found)) if wanted == found => {
                    piece += 1;
                    letter += 1;
                }
                (Some(Piece::One), Some(_)) => {
                    piece += 1;
                    letter += 1;
                }
                _ => match retry {
                    Some((after, from)) if from < word.len() => {
                        (piece, letter) = (after, from + 1);
                        retry = Some((after, from + 1));
                    }
                    _ => return false,
                },
            }
        }
    }
}

impl Term {
    /// All of these words, whatever they are: no operator, no wildcard.
    #[must_use]
    pub fn all_words(text: &str) -> Self {
        let words = words(text).into_iter();
        let words = words.map(|word| Self::Phrase(vec![Pattern(word.chars().map(Piece::Letter).collect())]));
        Self::and(words.collect())
    }

    fn and(mut terms: Vec<Self>) -> Self {
        match terms.len() {
            0 => Self::Nothing,
            1 => terms.swap_remove(0),
            _ => Self::And(terms),
        }
    }

    /// Whether a record has it. Each field is its words, in their order.
    #[must_use]
    pub fn is_in(&self, fields: &[Vec<String>]) -> bool {
        match self {
            Self::Phrase(patterns) => fields.iter().any(|words| has_phrase(words, patterns)),
            Self::And(terms) => terms.iter().all(|term| term.is_in(fields)),
            Self::Or(terms) => terms.iter().any(|term| term.is_in(fields)),
            Self::AndNot(wanted, unwanted) => wanted.is_in(fields) && !unwanted.is_in(fields),
            Self::Nothing => false,
        }
    }
}

fn has_phrase(words: &[String], patterns: &[Pattern]) -> bool {
    words.windows(patterns.len().max(1)).any(|window| {
        patterns.len() == window.len()
            && patterns.iter().zip(window).all(|(pattern, word)| pattern.matches(word))
    })
}

/// What is wrong with an expression; places are bytes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TermError {
    /// A character that has to be escaped.
    Reserved(usize, char),
    /// A quote or a parenthesis that is not closed, or closes nothing; an operator without its words.
    Unexpected(usize, String),
    /// Fewer than two letters.
    TooShort,
}

/// Parentheses inside each other. Ours.
pub const MAX_NESTING: usize = 100;

/// Reads an expression. `operators`: whether AND, OR and NOT mean something.
pub fn parse(text: &str, operators: bool) -> Result<Term, TermError> {
    let tokens = tokens(text, operators)?;
    let letters: usize = tokens.iter().map(|(_, token)| token.letters()).sum();
    let whole_word = tokens.iter().any(|(_, token)| matches!(token, Token::Words(_, true)));
    if letters < 2 && !whole_word {
        return Err(TermError::TooShort);
    }
    let mut reader = Reader { tokens: &tokens, at: 0, end: text.len(), depth: 0 };
    let term = reader.or()?;
    match reader.tokens.get(reader.at) {
        None => Ok(term),
        Some(_) => Err(reader.unexpected()),
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// Words one behind the other; true where a single one is a word in its script.
    Words(Vec<Pattern>, bool),
    And,
    Or,
    Not,
    Open,
    Close,
}

impl Token {
    fn letters(&self) -> usize {
        let Self::Words(patterns, _) = self else { return 0 };
        patterns
            .iter()
            .flat_map(|pattern| &pattern.0)
            .filter(|piece| matches!(piece, Piece::Letter(_)))
            .count()
    }

    fn text(&self) -> &'static str {
        match self {
            Self::Words(..) => "a word",
            Self::And => "AND",
            Self::Or => "OR",
            Self::Not => "NOT",
            Self::Open => "(",
            Self::Close => ")",
        }
    }
}

/// Characters that mean nothing today and have to be escaped all the same.
const RESERVED: [char; 14] = ['&', '|', '!', '{', '}', '[', ']', '^', '~', ':', '\'', '+', '-', '\\'];

fn tokens(text: &str, operators: bool) -> Result<Vec<(usize, Token)>, TermError> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            '(' => tokens.push((at, Token::Open)),
            ')' => tokens.push((at, Token::Close)),
            '"' => {
                let mut words = Words::default();
                loop {
                    match rest.next() {
                        Some((_, '"')) => break,
                        Some((_, '\\')) => words.plain(rest.next().map_or(' ', |(_, c)| c)),
                        Some((_, c)) => words.take(c),
                        None => return Err(TermError::Unexpected(text.len(), "<EOF>".to_owned())),
                    }
                }
                tokens.extend(words.token().map(|token| (at, token)));
            }
            c if c.is_whitespace() => {}
            _ => {
                let mut words = Words::default();
                let mut next = Some((at, c));
                let mut end = at;
                while let Some((at, c)) = next {
                    if c == '\\' {
                        words.plain(rest.next().map_or(' ', |(_, c)| c));
                    } else if RESERVED.contains(&c) {
                        return Err(TermError::Reserved(at, c));
                    } else {
                        words.take(c);
                    }
                    end = at + c.len_utf8();
                    next = rest.next_if(|(_, c)| !c.is_whitespace() && !matches!(c, '(' | ')' | '"'));
                }
                let operator = match text[at..end].to_ascii_uppercase().as_str() {
                    "AND" => Some(Token::And),
                    "OR" => Some(Token::Or),
                    "NOT" => Some(Token::Not),
                    _ => None,
                };
                let token = operator.filter(|_| operators).or_else(|| words.token());
                tokens.extend(token.map(|token| (at, token)));
            }
        }
    }
    Ok(tokens)
}

/// Words of one quoted phrase, or of one run without spaces: `ann@acme.example` is three in a row.
#[derive(Default)]
struct Words {
    done: Vec<Pattern>,
    word: Vec<Piece>,
    alone: bool,
}

impl Words {
    /// A character that may be a wildcard. One at the beginning of a word is none: nothing is found by the ends of words.
    fn take(&mut self, c: char) {
        match c {
            '*' if self.word.is_empty() => {}
            '*' if self.word.last() == Some(&Piece::Any) => {}
            '*' => self.word.push(Piece::Any),
            '?' if !self.word.is_empty() => self.word.push(Piece::One),
            c => self.plain(c),
        }
    }

    fn plain(&mut self, c: char) {
        if is_alone(c) {
            self.close();
            self.alone = true;
            self.done.push(Pattern(vec![Piece::Letter(c)]));
        } else if c.is_alphanumeric() {
            let mut folded = String::new();
            fold(c, &mut folded);
            self.word.extend(folded.chars().map(Piece::Letter));
        } else if !is_mark(c) {
            self.close();
        }
    }

    fn close(&mut self) {
        if !self.word.is_empty() {
            self.done.push(Pattern(std::mem::take(&mut self.word)));
        }
    }

    fn token(mut self) -> Option<Token> {
        self.close();
        (!self.done.is_empty()).then_some(Token::Words(self.done, self.alone))
    }
}

struct Reader<'a> {
    tokens: &'a [(usize, Token)],
    at: usize,
    end: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    fn unexpected(&self) -> TermError {
        let here = self.tokens.get(self.at);
        TermError::Unexpected(
            here.map_or(self.end, |(at, _)| *at),
            here.map_or("<EOF>", |(_, token)| token.text()).to_owned(),
        )
    }

    fn or(&mut self) -> Result<Term, TermError> {
        let mut terms = vec![self.and()?];
        while self.take(&Token::Or) {
            terms.push(self.and()?);
        }
        Ok(if terms.len() == 1 { terms.swap_remove(0) } else { Term::Or(terms) })
    }

    fn and(&mut self) -> Result<Term, TermError> {
        let mut term = self.simple()?;
        loop {
            let and = self.take(&Token::And);
            if and && self.take(&Token::Not) {
                term = Term::AndNot(Box::new(term), Box::new(self.simple()?));
                continue;
            }
            let more = matches!(self.peek(), Some(Token::Words(..) | Token::Open));
            if !and && !more {
                return Ok(term);
            }
            let next = self.simple()?;
            match &mut term {
                Term::And(terms) => terms.push(next),
                _ => term = Term::And(vec![term, next]),
            }
        }
    }

    fn simple(&mut self) -> Result<Term, TermError> {
        if self.take(&Token::Open) {
            self.depth += 1;
            if self.depth > MAX_NESTING {
                let text = format!("nested deeper than {MAX_NESTING} levels");
                return Err(TermError::Unexpected(self.end, text));
            }
            let inner = self.or()?;
            self.depth -= 1;
            return if self.take(&Token::Close) { Ok(inner) } else { Err(self.unexpected()) };
        }
        match self.peek() {
            Some(Token::Words(patterns, _)) => {
                let term = Term::Phrase(patterns.clone());
                self.at += 1;
                Ok(term)
            }
            _ => Err(self.unexpected()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(expression: &str, text: &str) -> bool {
        parse(expression, true).unwrap().is_in(&[words(text)])
    }

    #[test]
    fn expressions_find_what_they_say() {
        for (expression, text, expected) in [
            ("ames", "Ann Ames", true),
            ("ame", "Ann Ames", false),
            ("ame*", "Ann Ames", true),
            ("a?es", "Ann Ames", true),
            ("a*s", "Ann Ames", true),
            // No word is found by its end.
            ("*mes", "Ann Ames", false),
            ("ames ann", "Ann Ames", true),
            ("\"ames ann\"", "Ann Ames", false),
            ("\"ann ames\"", "Ann Ames", true),
            ("ann AND bob", "Ann Ames", false),
            ("ann OR bob", "Ann Ames", true),
            ("ann and not bob", "Ann Ames", true),
            ("ann AND NOT ames", "Ann Ames", false),
            ("bob OR (ann AND ames)", "Ann Ames", true),
            // AND NOT first, OR last.
            ("ann OR bob AND NOT ames", "Ann Ames", true),
            ("ann@acme.example", "mail: Ann@Acme.example", true),
            ("elodie", "Élodie", true),
            ("東京", "東京タワー", true),
            ("why not\\?", "Why not?", true),
            ("sf\\{la\\}", "SF {LA}", true),
        ] {
            assert_eq!(found(expression, text), expected, "{expression} in {text}");
        }
    }

    #[test]
    fn mistakes_have_their_places() {
        for (expression, error) in [
            ("John|jane", TermError::Reserved(4, '|')),
            ("a", TermError::TooShort),
            ("a*", TermError::TooShort),
            ("  ", TermError::TooShort),
            ("(ann", TermError::Unexpected(4, "<EOF>".to_owned())),
            ("ann)", TermError::Unexpected(3, ")".to_owned())),
            ("\"ann", TermError::Unexpected(4, "<EOF>".to_owned())),
            ("ann AND", TermError::Unexpected(7, "<EOF>".to_owned())),
            ("OR ann", TermError::Unexpected(0, "OR".to_owned())),
        ] {
            assert_eq!(parse(expression, true), Err(error), "{expression}");
        }
        assert!(parse("OR ann", false).is_ok());
        assert!(parse("東", true).is_ok());
    }
}
