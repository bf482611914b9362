//! How much of a formula Salesforce takes.

/// Characters of a formula's text.
pub const MAX_LENGTH: usize = 3_900;

/// Characters of a compiled formula, those of the formula fields that it names included. Salesforce counts the SQL that it
/// makes, which nobody outside can; here a formula counts as its text without comments and blanks.
pub const MAX_COMPILED_SIZE: usize = 5_000;

/// Parentheses, functions and signs inside one another. Salesforce has no such limit of its own; a stack has.
pub const MAX_DEPTH: usize = 200;
