//! Errors of passwords. The texts are our own sentences (`docs/FIDELITY.md`), the codes those of the WSDL.

use super::{Error, ErrorCode};

impl Error {
    #[must_use]
    pub fn password_too_short(least: usize) -> Self {
        let message = format!("Your password must be at least {least} characters long.");
        Self::plain(ErrorCode::InvalidNewPassword, message)
    }

    #[must_use]
    pub fn password_too_plain() -> Self {
        Self::plain(ErrorCode::InvalidNewPassword, "Your password must include letters and numbers")
    }

    #[must_use]
    pub fn password_repeated() -> Self {
        Self::plain(ErrorCode::InvalidNewPassword, "invalid repeated password")
    }

    /// The known text of a session that came of an expired password.
    #[must_use]
    pub fn password_expired() -> Self {
        let message = "The users password has expired, you must call SetPassword before attempting any other API operations";
        Self::plain(ErrorCode::InvalidOperationWithExpiredPassword, message)
    }

    #[must_use]
    pub fn old_password_wrong() -> Self {
        Self::plain(ErrorCode::InvalidOldPassword, "Your old password is invalid.")
    }
}
