//! The records of the enterprise API: a type for each object of the org, its elements in the order of the alphabet.

use std::{collections::BTreeMap, fmt::Write as _};

use mock_sfdc_org::schema::{Field, FieldType, Object, Schema};

use super::super::row::in_type_order;

/// `sObject`, `AggregateResult`, and all objects. Salesforce's own WSDL promises an id in each record, and leaves it out of
/// answers where it was not asked for: this one allows that, so that strict clients can read them.
pub fn objects(out: &mut String, schema: &Schema) {
    out.push_str(
        r###"<complexType name="sObject"><sequence><element name="fieldsToNull" type="xsd:string" nillable="true" minOccurs="0" maxOccurs="unbounded"/><element name="Id" type="tns:ID" nillable="true" minOccurs="0"/></sequence></complexType>
<complexType name="AggregateResult"><complexContent><extension base="ens:sObject"><sequence><any namespace="##targetNamespace" minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence></extension></complexContent></complexType>
"###,
    );
    let mut objects: Vec<&Object> = schema.objects().map(|object| &**object).collect();
    objects.sort_by_key(|object| object.name.as_str().to_lowercase());
    for object in objects {
        one(out, schema, object);
    }
}

fn one(out: &mut String, schema: &Schema, object: &Object) {
    let mut elements: BTreeMap<(bool, String), (String, String)> = BTreeMap::new();
    let mut add = |name: &str, kind: String| {
        elements.entry(in_type_order(name)).or_insert_with(|| (name.to_owned(), kind));
    };
    for (_, field) in object.visible_fields().filter(|(_, field)| !field.name.is("Id")) {
        add(field.name.as_str(), kind(field));
        if let (FieldType::Reference, Some(name)) = (field.kind, &field.relationship_name) {
            add(name.as_str(), parent(schema, field));
        }
    }
    for child in &object.child_relationships {
        if let Some(name) = &child.relationship_name {
            add(name.as_str(), "tns:QueryResult".to_owned());
        }
    }
    let _ = write!(
        out,
        r#"<complexType name="{}"><complexContent><extension base="ens:sObject"><sequence>"#,
        object.name
    );
    for (name, kind) in elements.values() {
        let _ = write!(out, r#"<element name="{name}" nillable="true" minOccurs="0" type="{kind}"/>"#);
    }
    out.push_str("</sequence></extension></complexContent></complexType>\n");
}

fn kind(field: &Field) -> String {
    field.soap_type.replace("urn:", "tns:")
}

/// A parent of one object has its type, one of several is a record of any.
fn parent(schema: &Schema, field: &Field) -> String {
    match field.reference_to.as_slice() {
        [only] => match schema.object(only.as_str()) {
            Some(object) => format!("ens:{}", object.name),
            None => "ens:sObject".to_owned(),
        },
        _ => "ens:sObject".to_owned(),
    }
}
