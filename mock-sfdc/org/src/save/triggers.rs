//! Steps 3, 4, 8 and 14: the flows and triggers that a test has registered ([`crate::hooks`]).

use super::{Save, SaveKind, formats, owner, references};
use crate::hooks::{HookContext, HookPoint};

pub(super) fn before_save_flows(save: &mut Save<'_>) {
    before_point(save, HookPoint::BeforeSaveFlow);
}

pub(super) fn before(save: &mut Save<'_>) {
    if !save.options.unvalidated {
        before_point(save, HookPoint::BeforeTrigger);
    }
}

pub(super) fn after(save: &mut Save<'_>) {
    after_point(save, HookPoint::AfterTrigger);
}

pub(super) fn after_save_flows(save: &mut Save<'_>) {
    after_point(save, HookPoint::AfterSaveFlow);
}

/// What it sets is checked as a request's own values are.
fn before_point(save: &mut Save<'_>, point: HookPoint) {
    let given = save.given.len();
    if call(save, point) && save.errors.is_empty() && save.given.len() > given {
        for check in [formats::check, references::check, owner::check] {
            check(save);
        }
    }
}

/// The record is stored before, so that what it does to others finds it, and read again after: it may have changed it.
fn after_point(save: &mut Save<'_>, point: HookPoint) {
    if call(save, point) && save.errors.is_empty() {
        save.reload();
    }
}

/// Whether anything was registered there.
fn call(save: &mut Save<'_>, point: HookPoint) -> bool {
    if save.options.seeding || save.tx.state().hooks().is_empty() {
        return false;
    }
    let hooks = save.tx.state().hooks().at(save.object.index, point);
    for hook in &hooks {
        if point.is_after() {
            save.store();
        }
        let mut given = Vec::new();
        let mut errors = Vec::new();
        hook.call(HookContext {
            hook: hook.name(),
            point,
            insert: save.kind == SaveKind::Insert,
            object: &save.object,
            before: save.before.as_ref(),
            tx: save.tx,
            edit: &mut save.edit,
            given: &mut given,
            errors: &mut errors,
        });
        given.retain(|position| !save.given.contains(position));
        save.given.append(&mut given);
        save.errors.append(&mut errors);
        save.note(|| format!("{} {:?} ran", point.as_str(), hook.name()));
    }
    !hooks.is_empty()
}
