//! What is wrong with a formula, in Salesforce's words: those that its set-up pages and deployments show
//! (the labels of salesforce/formula-engine). Every text stands here once.

use thiserror::Error;

use crate::{
    limits::{MAX_COMPILED_SIZE, MAX_DEPTH, MAX_LENGTH},
    types::Type,
};

/// Why a text is no formula.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FormulaError {
    #[error("Syntax error")]
    Syntax,
    #[error("Syntax error. Missing {0}")]
    Missing(String),
    #[error("Syntax error. Found '{0}'")]
    Found(String),
    #[error("Syntax error. Extra '{0}'")]
    Extra(String),
    #[error("Field {0} does not exist. Check spelling.")]
    NoField(String),
    #[error("{domain} is an invalid object type for the {field} field. Check spelling.")]
    NoDomain { field: String, domain: String },
    #[error("Unknown function {0}. Check spelling.")]
    NoFunction(String),
    #[error("Function {0} may not be used in this type of formula")]
    NotAllowed(String),
    #[error("Incorrect number of parameters for {place}. Expected {expected}, received {received}")]
    ArgumentCount { place: String, expected: usize, received: usize },
    #[error("Incorrect parameter type for {place}. Expected {expected}, received {received}")]
    ArgumentType { place: String, expected: String, received: String },
    #[error("Incorrect argument type for {0}.")]
    IllegalType(String),
    #[error("Incorrect parameter for {place}. Expected {expected} field reference.")]
    WantsField { place: String, expected: String },
    #[error(
        "Incorrect parameter for function 'INCLUDES()'. Text Literal must be a valid value for this multi-select picklist field."
    )]
    NoSuchPick,
    #[error("Formula result is data type ({received}), incompatible with expected data type ({expected}).")]
    ResultType { received: Type, expected: String },
    #[error("Field {0} is a picklist field. Picklist fields are only supported in certain functions.")]
    Picklist(String),
    #[error(
        "Field {0} is a multi-select picklist field. Multi-select picklist fields are only supported in certain functions."
    )]
    MultiPicklist(String),
    #[error("You referenced an unsupported field type called \"{kind}\" using the following field: {field}")]
    UnsupportedField { kind: String, field: String },
    #[error("Error in referenced formula {field}, {error}")]
    Nested { field: String, error: Box<FormulaError> },
    #[error("Formula cannot use another formula field that directly or indirectly refers to itself. {0}")]
    Cycle(String),
    #[error("Formula is too long ({0} characters). Maximum length is {MAX_LENGTH} characters")]
    TooLong(usize),
    #[error(
        "Compiled formula is too big to execute ({0} characters). Maximum size is {MAX_COMPILED_SIZE} characters"
    )]
    TooBig(usize),
    #[error("Formula is nested too deeply: {MAX_DEPTH} levels at most")]
    TooDeep,
    /// Salesforce has it and this org has not.
    #[error("{0} is not emulated in formulas")]
    NotEmulated(String),
}

impl FormulaError {
    pub(crate) fn argument_type(place: String, expected: &[Type], received: &str) -> Self {
        let words: Vec<&str> = expected.iter().map(|kind| kind.as_str()).collect();
        Self::ArgumentType { place, expected: words.join(", "), received: received.to_owned() }
    }
}

/// Why a formula has no value for one record. A formula field then shows `#Error!`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EvalError {
    #[error("Division by zero")]
    DivisionByZero,
    #[error("The value '{0}' is not a valid number.")]
    NotANumber(String),
    #[error("Invalid date, time or moment: {0}")]
    InvalidDate(String),
    #[error("The value is outside of what {0} is defined for")]
    OutOfRange(&'static str),
    #[error("The number is too big")]
    Overflow,
    #[error("Invalid regular expression: {0}")]
    Regex(String),
    #[error("The text is longer than {0} characters")]
    TextTooLong(usize),
}
