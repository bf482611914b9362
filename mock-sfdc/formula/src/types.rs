//! Types of expressions, and the words that Salesforce's errors have for them.

use std::fmt;

/// The type of an expression. Currency and percent are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// Of `NULL`: fits wherever a value does.
    Null,
    Text,
    Number,
    Boolean,
    Date,
    DateTime,
    Time,
    Location,
    Picklist,
    MultiPicklist,
    /// A record's id or a reference: a text, but for the functions that want a field.
    Id,
}

impl Type {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Null => "Null",
            Self::Text | Self::Id => "Text",
            Self::Number => "Number",
            Self::Boolean => "Boolean",
            Self::Date => "Date",
            Self::DateTime => "DateTime",
            Self::Time => "Time",
            Self::Location => "Location",
            Self::Picklist => "Picklist",
            Self::MultiPicklist => "Multi-Select Picklist",
        }
    }

    /// Whether a value of this type may stand where `wanted` is expected.
    #[must_use]
    pub fn fits(self, wanted: Self) -> bool {
        self == wanted || self == Self::Null || (self == Self::Id && wanted == Self::Text)
    }

    /// The type that both branches of an IF have, if there is one.
    #[must_use]
    pub fn common(self, other: Self) -> Option<Self> {
        match (self, other) {
            (one, other) if one == other => Some(one),
            (Self::Null, known) | (known, Self::Null) => Some(known),
            (Self::Text, Self::Id) | (Self::Id, Self::Text) => Some(Self::Text),
            _ => None,
        }
    }

    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Id)
    }

    #[must_use]
    pub fn is_picklist(self) -> bool {
        matches!(self, Self::Picklist | Self::MultiPicklist)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
