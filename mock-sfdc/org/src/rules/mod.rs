//! What an administrator configures to happen on a save: assignment rules, and in time the others of Salesforce's order.

/// All configured rules of an org.
#[derive(Debug, Clone, Default)]
pub struct Rules {}
