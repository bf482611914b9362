//! What can be wrong with a query: a code, the finished message, and where. `contract/errors.md` section 3 is the list.

use std::fmt;

use super::ast::Span;
use super::caret;
use crate::error::{Error, ErrorCode, Place};

/// A query that cannot be answered. `message` is complete: snippet, caret and position included where Salesforce shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoqlError {
    pub code: ErrorCode,
    pub message: String,
    /// Where in the query, for tools that mark it themselves.
    pub span: Option<Span>,
    /// As the message says it.
    pub place: Option<Place>,
}

impl SoqlError {
    /// No caret block: the statement as a whole is wrong.
    pub(crate) fn plain(code: ErrorCode, text: impl Into<String>) -> Self {
        Self { code, message: text.into(), span: None, place: None }
    }

    /// The grammar or the lexer stumbled: the caret stands one character left of the token.
    pub(crate) fn grammar(query: &str, span: Span, text: &str) -> Self {
        let message = caret::grammar_message(query, span.start as usize, text);
        let (row, column) = caret::line_and_column(query, span.start as usize);
        let place = (row > 1 || column > 0).then_some(Place { row, column });
        Self { code: ErrorCode::MalformedQuery, message, span: Some(span), place }
    }

    /// The statement parses, but names or types are wrong: the caret stands under the token's first character.
    pub(crate) fn semantic(query: &str, span: Span, error: &Error) -> Self {
        let message = caret::semantic_message(query, span.start as usize, &error.message);
        let (row, column) = caret::line_and_column(query, span.start as usize);
        Self { code: error.code, message, span: Some(span), place: Some(Place { row, column: column + 1 }) }
    }

    /// The message as versions before 55 word it: the unexpected token without quotes.
    #[must_use]
    pub fn message_before_55(&self) -> String {
        const MARK: &str = "unexpected token: '";
        match self.message.rfind(MARK) {
            Some(at) => {
                let (head, rest) = self.message.split_at(at);
                let token = &rest[MARK.len()..];
                format!("{head}unexpected token: {}", token.strip_suffix('\'').unwrap_or(token))
            }
            None => self.message.clone(),
        }
    }
}

impl fmt::Display for SoqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for SoqlError {}

/// The statement as a whole is wrong: no caret block.
impl From<Error> for SoqlError {
    fn from(error: Error) -> Self {
        Self::plain(error.code, error.message)
    }
}

impl From<SoqlError> for Error {
    fn from(error: SoqlError) -> Self {
        let place = error.place;
        Self { place, ..Self::plain(error.code, error.message) }
    }
}
