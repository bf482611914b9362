//! How serde reads a SOAP type: as one of those that are known, which live as long as the program.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serializer, de::Error};

use super::build::SOAP_TYPES;

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
pub(super) fn serialize<S: Serializer>(name: &&'static str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(name)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    let text = Cow::<str>::deserialize(deserializer)?;
    SOAP_TYPES
        .iter()
        .find(|known| **known == text)
        .copied()
        .ok_or_else(|| D::Error::custom(format!("{text:?} is no SOAP type")))
}
