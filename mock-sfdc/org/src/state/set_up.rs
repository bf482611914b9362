//! What a transaction changes beside rows: settings, schema, rules, channels, mail.

use super::Transaction;
use crate::{
    access::{
        Access,
        permissions::{PermissionSettings, SharingModel},
    },
    bulk::Jobs,
    hooks::Hooks,
    id::Id,
    mail::Mail,
    outbound::Outbound,
    rules::{
        RuleMistake, Rules, assignment::AssignmentRule, auto_response::AutoResponseRule, workflow::Workflow,
    },
    schema::{Companion, Object, Schema},
    settings::Settings,
    streaming::{self, EventChannel, ManagedSubscription, Streams},
    time_triggers::TimeTriggers,
};

impl Transaction {
    pub fn send_mail(&mut self, mail: Mail) {
        self.state_mut().push_mail(mail);
    }

    pub fn settings_mut(&mut self) -> &mut Settings {
        self.state_mut().settings_mut()
    }

    pub fn access_mut(&mut self) -> &mut Access {
        self.state_mut().access_mut()
    }

    /// Sets the org-wide default of an object. A custom object has shares from the moment that it is not open to all, and records
    /// that their parent decides over have none to write.
    pub fn set_sharing_model(&mut self, object: &Object, model: SharingModel) {
        self.permissions_mut().sharing.insert(object.name.clone(), model);
        let name = Companion::Share.name_for(object.name.as_str());
        let writes = model != SharingModel::ControlledByParent;
        let mut shares = match self.state().standing.schema.object(&name) {
            Some(known) if known.deletable == writes && known.createable == writes => return,
            Some(known) => Object::clone(known),
            None if object.custom
                && object.field("OwnerId").is_some()
                && matches!(model, SharingModel::Private | SharingModel::Read) =>
            {
                Companion::Share.of(object)
            }
            None => return,
        };
        shares.createable = writes;
        shares.updateable = writes;
        shares.deletable = writes;
        let schema = self.state().standing.schema.with_objects(vec![shares]);
        self.set_schema(schema);
    }

    /// Sharing, licences, doors: see [`PermissionSettings`].
    pub fn permissions_mut(&mut self) -> &mut PermissionSettings {
        self.state_mut().permissions_mut()
    }

    pub fn rules_mut(&mut self) -> &mut Rules {
        self.state_mut().rules_mut()
    }

    /// Sets the entries of the assignment rule whose record is `id`.
    pub fn set_assignment_rule(&mut self, id: Id, rule: AssignmentRule) -> Result<(), RuleMistake> {
        let schema = &self.state().standing.schema;
        let object = self.state().find(id).and_then(|(rows, record)| {
            let name = record.get(rows.field("SobjectType")?.0).as_text()?;
            schema.object(name)
        });
        let object = object.ok_or_else(|| RuleMistake::at("", format!("{id} is no assignment rule")))?;
        let compiled = rule.compile(schema, object)?;
        self.rules_mut().put_assignment_rule(id, compiled);
        Ok(())
    }

    /// Sets an object's auto-response rule; an inactive one takes nothing away.
    pub fn set_auto_response_rule(
        &mut self,
        object: &Object,
        rule: AutoResponseRule,
    ) -> Result<(), RuleMistake> {
        let active = rule.active;
        let compiled = rule.compile(&self.state().standing.schema, object)?;
        if active {
            self.rules_mut().put_auto_response_rule(object.index, compiled);
        }
        Ok(())
    }

    pub fn hooks_mut(&mut self) -> &mut Hooks {
        self.state_mut().hooks_mut()
    }

    /// Sets the workflow of an object: rules and actions, in place of those that it had.
    pub fn set_workflow(&mut self, object: &Object, workflow: Workflow) -> Result<(), RuleMistake> {
        let standing = &self.state().standing;
        let compiled = workflow.compile(&standing.schema, object, standing.settings.pod)?;
        self.rules_mut().put_workflow(object.index, compiled);
        Ok(())
    }

    pub fn outbound_mut(&mut self) -> &mut Outbound {
        self.state_mut().outbound_mut()
    }

    pub fn time_triggers_mut(&mut self) -> &mut TimeTriggers {
        self.state_mut().time_triggers_mut()
    }

    pub fn bulk_mut(&mut self) -> &mut Jobs {
        self.state_mut().bulk_mut()
    }

    /// Puts a channel of events in the place of the one with its name, or says what is wrong with it.
    pub fn set_event_channel(&mut self, channel: EventChannel) -> Result<(), String> {
        let state = self.state();
        let most = state.streams().setup().allocations(state.settings()).captured_objects as usize;
        let schema = state.schema().clone();
        self.state_mut().streams_mut().event_channels_mut().put(&schema, most, channel)
    }

    /// Puts a managed subscription in the place of the one with its name, or says what is wrong with it.
    pub fn set_managed_subscription(&mut self, subscription: ManagedSubscription) -> Result<(), String> {
        streaming::check_managed(self.state(), &subscription)?;
        self.state_mut().streams_mut().managed_mut().put(subscription);
        Ok(())
    }

    pub fn streams_mut(&mut self) -> &mut Streams {
        self.state_mut().streams_mut()
    }

    pub fn set_schema(&mut self, schema: Schema) {
        self.state_mut().set_schema(schema);
    }
}
