//! Names that nobody else has: of events, transactions and schemas. They follow from what they name, so that two runs with
//! one seed see the same ones and an answer can name an event that its request published.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::id::Id;

/// 36 characters, as UUIDs are written.
pub(super) fn uuid(organization: Id, what: &str, number: u64) -> String {
    let digest = Sha256::digest(format!("{organization} {what} {number}"));
    let mut text = String::with_capacity(36);
    for (at, byte) in digest.iter().take(16).enumerate() {
        if [4, 6, 8, 10].contains(&at) {
            text.push('-');
        }
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    text
}

/// 22 characters, as the ids of schemas are.
pub(super) fn schema_id(shape: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(shape)[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_look_like_salesforces_and_repeat() {
        let org = Id::from_number(*b"00D", *b"5g", 1);
        let first = uuid(org, "transaction", 7);
        assert_eq!(first, uuid(org, "transaction", 7));
        assert_ne!(first, uuid(org, "transaction", 8));
        assert_eq!(first.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert_eq!(schema_id("Low_Ink__e").len(), 22);
    }
}
