//! Workflow rules and their actions, in the words of Salesforce's metadata (`Workflow`, a file an object), as
//! `contract/behaviour.md` section 3 has them. [`compiled`] is how they are asked.

pub(crate) mod compiled;
mod rename;

pub use self::compiled::Message;

use serde::{Deserialize, Serialize};

use super::criteria::{CriteriaItem, FilterLogic};

/// Everything of one object.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Workflow {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<WorkflowRule>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub field_updates: Vec<WorkflowFieldUpdate>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<WorkflowAlert>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<WorkflowTask>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outbound_messages: Vec<WorkflowOutboundMessage>,
}

/// When a rule is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorkflowTriggerType {
    #[serde(rename = "onCreateOnly")]
    OnCreateOnly,
    /// On an update only where the record did not meet the criteria before.
    #[serde(rename = "onCreateOrTriggeringUpdate")]
    OnCreateOrTriggeringUpdate,
    #[serde(rename = "onAllChanges")]
    OnAllChanges,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkflowRule {
    pub full_name: String,
    #[serde(default)]
    pub active: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub trigger_type: WorkflowTriggerType,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria_items: Vec<CriteriaItem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boolean_filter: Option<FilterLogic>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<WorkflowActionReference>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workflow_time_triggers: Vec<WorkflowTimeTrigger>,
}

/// An action by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkflowActionReference {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: WorkflowActionType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorkflowActionType {
    Alert,
    FieldUpdate,
    FlowAction,
    KnowledgePublish,
    OutboundMessage,
    Send,
    Task,
}

/// Actions that wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkflowTimeTrigger {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<WorkflowActionReference>,
    /// From the moment in this field, or else from the moment at which the rule fired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset_from_field: Option<String>,
    /// Before that moment when it is negative.
    pub time_length: i64,
    pub workflow_time_trigger_unit: WorkflowTimeUnit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorkflowTimeUnit {
    Hours,
    Days,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkflowFieldUpdate {
    pub full_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub field: String,
    pub operation: FieldUpdateOperation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub literal_value: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lookup_value: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lookup_value_type: Option<LookupValueType>,
    /// Whether a new owner is told by mail.
    #[serde(default)]
    pub notify_assignee: bool,
    #[serde(default)]
    pub protected: bool,
    /// Whether a change asks all rules of the object again.
    #[serde(default)]
    pub reevaluate_on_change: bool,
    /// The lookup to the parent whose field it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_object: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldUpdateOperation {
    Formula,
    Literal,
    Null,
    NextValue,
    PreviousValue,
    LookupValue,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LookupValueType {
    User,
    Queue,
    RecordType,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkflowTask {
    pub full_name: String,
    pub subject: String,
    pub assigned_to_type: TaskAssigneeType,
    /// The username, for a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// In days.
    pub due_date_offset: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset_from_field: Option<String>,
    #[serde(default)]
    pub notify_assignee: bool,
    pub priority: String,
    #[serde(default)]
    pub protected: bool,
    pub status: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TaskAssigneeType {
    User,
    Owner,
    Creator,
    AccountOwner,
    Role,
    AccountTeam,
    AccountCreator,
    OpportunityTeam,
    PartnerUser,
    CustomerPortalUser,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkflowAlert {
    pub full_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cc_emails: Vec<String>,
    #[serde(default)]
    pub protected: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<WorkflowEmailRecipient>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_address: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sender_type: Option<SenderType>,
    /// `Folder/Template`
    pub template: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SenderType {
    CurrentUser,
    DefaultWorkflowUser,
    OrgWideEmailAddress,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkflowEmailRecipient {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// `owner`, `user`, `email` and others; those that are not emulated are refused by their name.
    #[serde(rename = "type")]
    pub kind: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkflowOutboundMessage {
    pub full_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `42.0`
    pub api_version: serde_json::Number,
    pub endpoint_url: String,
    pub fields: Vec<String>,
    #[serde(default)]
    pub include_session_id: bool,
    /// The username whose session is sent along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integration_user: Option<String>,
    #[serde(default)]
    pub protected: bool,
    #[serde(default)]
    pub use_dead_letter_queue: bool,
}
