//! Recognising the engine's own writes when the org reports them back.
//!
//! The connected user is often a person too (the document asks for a System Admin), so "changed by our user" proves
//! nothing. Two facts do:
//! - A record is created exactly once: a `created` event of a record that the engine created is the echo.
//! - After an update the engine reads the record's `SystemModstamp`. The first event that carries our user and that
//!   stamp is the echo, and the mark is used up by it, so that a person's change in the same instant still counts.
//!
//! An echo makes a Sales Entry like every event (the document says that each event does) and the status rules read the
//! record as they always do, since a flow in the org may have set a status in the same save; an echo never adds
//! a referral, and never asks for a review. Nothing flows back to the org from an event, so no loop can arise.

/// What is known of the engine's own last write to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnWrite<'a> {
    /// The engine created the record.
    pub created_by_engine: bool,
    /// The stamp of the engine's last update that has not come back yet.
    pub stamp: Option<&'a str>,
}

/// An event as far as recognising it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen<'a> {
    pub created: bool,
    pub modified_by: Option<&'a str>,
    pub stamp: Option<&'a str>,
}

/// Is this event the echo of the engine's own write?
#[must_use]
pub fn is_echo(own: &OwnWrite<'_>, engine_user: &str, seen: &Seen<'_>) -> bool {
    if seen.created {
        return own.created_by_engine;
    }
    own.stamp.is_some() && own.stamp == seen.stamp && seen.modified_by == Some(engine_user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_creation_is_recognised_by_the_link_alone() {
        let own = OwnWrite { created_by_engine: true, stamp: None };
        let seen = Seen { created: true, modified_by: None, stamp: None };
        assert!(is_echo(&own, "005A", &seen));
        assert!(!is_echo(&OwnWrite { created_by_engine: false, stamp: None }, "005A", &seen));
    }

    #[test]
    fn an_update_is_recognised_by_user_and_stamp() {
        let own = OwnWrite { created_by_engine: false, stamp: Some("T1") };
        let update = |user, stamp| Seen { created: false, modified_by: Some(user), stamp: Some(stamp) };
        assert!(is_echo(&own, "005A", &update("005A", "T1")));
        assert!(!is_echo(&own, "005A", &update("005B", "T1")), "another user at the same instant");
        assert!(!is_echo(&own, "005A", &update("005A", "T2")), "the same user, later");
        let used_up = OwnWrite { created_by_engine: true, stamp: None };
        assert!(!is_echo(&used_up, "005A", &Seen { created: false, modified_by: Some("005A"), stamp: None }));
    }
}
