//! Org-wide defaults: what an object's own file says of who reaches whose records.

use mock_sfdc_org::{access::permissions::SharingModel, state::Transaction};
use serde_json::json;

use crate::{NotTaken, Report, project::Metadata};

impl Metadata {
    /// Once the objects are there. There are no external users, so only the internal model counts.
    pub(crate) fn apply_sharing(&self, tx: &mut Transaction, report: &mut Report) {
        for part in &self.sharing {
            let Some(element) = part.element.child("sharingModel") else { continue };
            // An object that was left out is named already.
            let Some(object) = tx.state().schema().object(&self.names.own(&part.name)).cloned() else {
                continue;
            };
            match serde_json::from_value::<SharingModel>(json!(element.text.trim())) {
                Ok(model) => {
                    tx.set_sharing_model(&object, model);
                    report.took("sharing models", 1);
                }
                Err(error) => {
                    let what = format!("sharingModel of object {}", object.name);
                    report.not_taken.push(NotTaken::new(&part.file, element.line, &what, &error.to_string()));
                }
            }
        }
    }
}
