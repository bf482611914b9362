//! Files: a version makes its document, or is the newest of the document that it names; who owns a file, and where it was first
//! published, is linked to it.

use std::fmt::Write as _;

use md5::{Digest as _, Md5};

use super::{Save, SaveKind, beside, prices::field_of};
use crate::{error::Error, id::Id, value::Value};

pub(super) fn version(save: &mut Save<'_>) {
    if save.options.seeding {
        return;
    }
    if save.kind == SaveKind::Update {
        if save.is_changed("VersionData") {
            content(save);
        }
        return;
    }
    let missing: Vec<&str> = ["PathOnClient", "VersionData"]
        .into_iter()
        .filter(|field| save.value("ContentUrl").is_null() && save.value(field).is_null())
        .collect();
    if !missing.is_empty() {
        save.errors.push(Error::required_fields_missing(&missing));
        return;
    }
    let path = save.value("PathOnClient").as_text().unwrap_or_default().to_owned();
    let file = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    if save.value("Title").is_null() {
        save.set("Title", stem);
    }
    save.set("FileExtension", extension);
    save.set("FileType", file_type(extension));
    content(save);
    save.set("IsLatest", true);
    let number = save.value("ContentDocumentId").as_id().map_or(1, |document| outdate(save, document) + 1);
    save.set("VersionNumber", number.to_string().as_str());
    let place = save.value("FirstPublishLocationId").as_id();
    save.set("PublishStatus", if place.is_some() { "P" } else { "R" });
}

/// What follows from the file itself, be it new or another one in its place.
fn content(save: &mut Save<'_>) {
    if let Value::Blob(bytes) = save.value("VersionData") {
        let size = Value::Number(bytes.len().into());
        let digest = Md5::digest(bytes).iter().fold(String::with_capacity(32), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        save.set("ContentSize", size);
        save.set("Checksum", digest.as_str());
    }
    let (now, user) = (save.tx.now().whole_seconds(), save.tx.user());
    save.set("ContentModifiedDate", now);
    save.set("ContentModifiedById", user);
}

fn file_type(extension: &str) -> &'static str {
    match extension.to_ascii_lowercase().as_str() {
        "txt" => "TEXT",
        "csv" => "CSV",
        "pdf" => "PDF",
        "png" => "PNG",
        "jpg" | "jpeg" => "JPG",
        "gif" => "GIF",
        "xml" => "XML",
        "html" | "htm" => "HTML",
        "json" => "JSON",
        "zip" => "ZIP",
        "doc" => "WORD",
        "docx" => "WORD_X",
        "xls" => "EXCEL",
        "xlsx" => "EXCEL_X",
        "ppt" => "POWER_POINT",
        "pptx" => "POWER_POINT_X",
        _ => "UNKNOWN",
    }
}

/// The versions that the document had are no longer the newest. Answers how many there were.
fn outdate(save: &mut Save<'_>, document: Id) -> usize {
    let object = save.object.clone();
    let (Some((link, _)), Some((latest, _))) = (object.field("ContentDocumentId"), object.field("IsLatest"))
    else {
        return 0;
    };
    let versions = save.tx.state().lookup(&object, link, &document.into());
    for version in versions.iter().filter(|version| version.get(latest).is_true()) {
        let mut edit = version.edit(object.fields.len());
        edit.set(latest, false);
        save.tx.put(&object, &edit);
    }
    versions.len()
}

/// Step 7, once the version has its id: its document and the links to it. The newest version's document follows it.
pub(super) fn document(save: &mut Save<'_>) {
    let old = save.kind == SaveKind::Update && !save.value("IsLatest").is_true();
    if old || save.options.seeding || !save.is("ContentVersion") {
        return;
    }
    let schema = save.tx.state().schema().clone();
    let (Some(documents), Some(links)) =
        (schema.object("ContentDocument"), schema.object("ContentDocumentLink"))
    else {
        return;
    };
    let copied = [
        "Title",
        "OwnerId",
        "FileType",
        "FileExtension",
        "ContentSize",
        "ContentModifiedDate",
        "PublishStatus",
    ];
    let mut values: Vec<(&str, Value)> =
        copied.iter().map(|field| (*field, save.value(field).clone())).collect();
    values.push(("LatestPublishedVersionId", save.edit.id().into()));
    if let Some(known) = save.value("ContentDocumentId").as_id() {
        let Some(record) = save.tx.state().table(documents.index).get(known).cloned() else { return };
        let mut edit = record.edit(documents.fields.len());
        for (field, value) in values.into_iter().filter(|(field, _)| *field != "OwnerId") {
            if let Some((position, _)) = documents.field(field) {
                edit.set(position, value);
            }
        }
        edit.stamp(documents.field("SystemModstamp").map(|(at, _)| at), save.tx.now().whole_seconds());
        save.tx.put(documents, &edit);
        return;
    }
    let document = beside::insert(save.tx, documents, values);
    save.set("ContentDocumentId", document);
    let owner = save.value("OwnerId").clone();
    let place = save.value("FirstPublishLocationId").clone();
    let owner_link = (owner != place).then_some((owner, "I"));
    let place_link = (!place.is_null()).then_some((place, "V"));
    for (entity, share) in owner_link.into_iter().chain(place_link) {
        let values = vec![
            ("ContentDocumentId", document.into()),
            ("LinkedEntityId", entity),
            ("ShareType", share.into()),
            ("Visibility", "AllUsers".into()),
        ];
        beside::insert(save.tx, links, values);
    }
}

/// A link: of a document that is there, once to each record.
pub(super) fn link(save: &mut Save<'_>) {
    if save.kind == SaveKind::Update || save.options.seeding {
        return;
    }
    let (Some(document), entity) =
        (save.value("ContentDocumentId").as_id(), save.value("LinkedEntityId").clone())
    else {
        return;
    };
    let object = save.object.clone();
    let (Some((link, _)), Some((to, _))) =
        (object.field("ContentDocumentId"), object.field("LinkedEntityId"))
    else {
        return;
    };
    let known = save.tx.state().lookup(&object, link, &document.into());
    if let Some(same) = known.iter().find(|row| *row.get(to) == entity) {
        let error = Error::duplicate_value("LinkedEntityId", same.id());
        save.errors.push(error);
        return;
    }
    if save.value("ShareType").is_null() {
        save.set("ShareType", "V");
    }
    if save.value("Visibility").is_null() {
        let outside = field_of(save.tx.state(), document, "SharingPrivacy").is_null();
        save.set("Visibility", if outside { "AllUsers" } else { "InternalUsers" });
    }
}
