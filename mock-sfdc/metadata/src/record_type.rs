//! Record types: the values that each picklist offers in records of a kind. A business process says the same of the one picklist
//! that a record's progress stands in, so it becomes one more of these.

use mock_sfdc_org::{
    rules::record_types::{self, RecordType, RecordTypePicklist, RecordTypeValue},
    state::Transaction,
};
use serde_json::json;

use crate::{
    NotTaken, Report,
    object::ObjectParts,
    project::Metadata,
    source::{Part, unescape},
    xml::Element,
};

/// A record type of an object, with the values of its business process.
#[derive(Debug, Clone)]
pub struct RecordTypePart {
    /// `Lead.Partner`
    pub full_name: String,
    pub part: Part,
    process: Option<RecordTypePicklist>,
}

/// The record types of one object.
pub fn of_object<'a>(
    object: &'a str,
    parts: &'a ObjectParts,
) -> impl Iterator<Item = RecordTypePart> + use<'a> {
    parts.record_types.iter().map(move |part| {
        let wanted = part.element.text_of("businessProcess");
        let process = parts.business_processes.iter().find(|process| Some(process.name.as_str()) == wanted);
        RecordTypePart {
            full_name: format!("{object}.{}", part.name),
            part: part.clone(),
            process: process.map(|process| progress(object, &process.element)),
        }
    })
}

/// The values of a process, as those of the picklist that it is about.
fn progress(object: &str, process: &Element) -> RecordTypePicklist {
    let picklist = if object == "Opportunity" { "StageName" } else { "Status" };
    let value = |value: &Element| {
        Some(RecordTypeValue {
            full_name: unescape(value.text_of("fullName")?),
            default: value.flag("default"),
        })
    };
    RecordTypePicklist {
        picklist: picklist.to_owned(),
        values: process.all("values").filter_map(value).collect(),
    }
}

impl RecordTypePart {
    fn read(&self) -> Result<RecordType, String> {
        let mut said = self.part.element.to_json();
        said["fullName"] = json!(self.full_name);
        let mut read: RecordType = serde_json::from_value(said).map_err(|error| error.to_string())?;
        for picklist in &mut read.picklist_values {
            for value in &mut picklist.values {
                value.full_name = unescape(&value.full_name);
            }
        }
        read.picklist_values.extend(self.process.clone());
        Ok(read)
    }
}

impl Metadata {
    pub(crate) fn apply_record_types(&self, tx: &mut Transaction, report: &mut Report) {
        for one in &self.record_types {
            let savepoint = tx.savepoint();
            match one.read().and_then(|record_type| record_types::install(tx, record_type)) {
                Ok(_) => report.took("record types", 1),
                Err(why) => {
                    tx.roll_back_to(savepoint);
                    let what = format!("record type {}", one.full_name);
                    report.not_taken.push(NotTaken::new(&one.part.file, one.part.element.line, &what, &why));
                }
            }
        }
    }
}
