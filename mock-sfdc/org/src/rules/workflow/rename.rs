//! Users of a fork have other usernames: actions that name a user follow.

use super::{
    LookupValueType, TaskAssigneeType, Workflow,
    compiled::{CompiledWorkflow, NewValue},
};

impl CompiledWorkflow {
    pub(crate) fn rename_users(&mut self, renamed: &impl Fn(&str) -> String) {
        self.source.rename_users(renamed);
        for update in &mut self.updates {
            if let NewValue::Named(LookupValueType::User, name) = &mut update.value {
                *name = renamed(name);
            }
        }
        for message in &mut self.messages {
            rename(&mut message.definition.integration_user, renamed);
        }
    }
}

impl Workflow {
    fn rename_users(&mut self, renamed: &impl Fn(&str) -> String) {
        for update in &mut self.field_updates {
            if update.lookup_value_type == Some(LookupValueType::User) {
                rename(&mut update.lookup_value, renamed);
            }
        }
        for task in &mut self.tasks {
            if task.assigned_to_type == TaskAssigneeType::User {
                rename(&mut task.assigned_to, renamed);
            }
        }
        for recipient in self.alerts.iter_mut().flat_map(|alert| &mut alert.recipients) {
            if recipient.kind == "user" {
                rename(&mut recipient.recipient, renamed);
            }
        }
        for message in &mut self.outbound_messages {
            rename(&mut message.integration_user, renamed);
        }
    }
}

fn rename(name: &mut Option<String>, renamed: &impl Fn(&str) -> String) {
    if let Some(name) = name {
        *name = renamed(name);
    }
}
