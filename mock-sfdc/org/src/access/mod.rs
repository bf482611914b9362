//! Who may come in: logins, sessions and connected apps.

/// Everything about access that an org remembers.
#[derive(Debug, Clone, Default)]
pub struct Access {}
