//! Classic encrypted text: what everybody reads who may not "View Encrypted Data". The kinds of masks are metadata's
//! `maskType`; describe says the same words.

use super::{Field, FieldType};

impl Field {
    /// The text as those read it who may not view encrypted data; `None` for fields that hide nothing.
    #[must_use]
    pub fn masked(&self, text: &str) -> Option<String> {
        if self.kind != FieldType::EncryptedString {
            return None;
        }
        let cover = self.mask.as_deref().and_then(|mask| mask.chars().next()).unwrap_or('*');
        // A social security number keeps its last four, as do cards and Canadian insurance numbers; a British one keeps none.
        let shown = match self.mask_type.as_deref() {
            Some("lastFour" | "creditCard" | "ssn" | "sin") => 4,
            _ => 0,
        };
        let length = text.chars().count();
        // Separators that a kind writes stay: 123-45-6789 is ***-**-6789.
        let keeps_separators = matches!(self.mask_type.as_deref(), Some("creditCard" | "ssn" | "sin"));
        let covered = |(at, letter): (usize, char)| {
            let open = at + shown >= length || keeps_separators && matches!(letter, '-' | ' ');
            if open { letter } else { cover }
        };
        Some(text.chars().enumerate().map(covered).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_hides_what_it_hides() {
        for (kind, cover, text, read) in [
            (None, None, "secret", "******"),
            (Some("all"), Some("X"), "secret", "XXXXXX"),
            (Some("lastFour"), Some("*"), "AB123456", "****3456"),
            (Some("creditCard"), Some("*"), "4111-1111-1111-1234", "****-****-****-1234"),
            (Some("ssn"), Some("X"), "123-45-6789", "XXX-XX-6789"),
            (Some("nino"), Some("*"), "AB 12", "*****"),
            (Some("lastFour"), Some("*"), "é1", "é1"),
        ] {
            let mut field = Field::new("Secret__c", FieldType::EncryptedString);
            field.mask_type = kind.map(str::to_owned);
            field.mask = cover.map(str::to_owned);
            assert_eq!(field.masked(text).as_deref(), Some(read), "{kind:?}");
        }
        assert_eq!(Field::new("Open__c", FieldType::String).masked("open"), None);
    }
}
