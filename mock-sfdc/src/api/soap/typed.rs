//! Answers that exist as data, written in the order of their type (`wsdl/types.txt`): describes, and what else is no record.

use serde_json::Value as Json;

use super::{
    answer::Elements,
    wsdl::model::{self, Member, Occurs, Type},
};

/// The member of a value that says which of several types it is of, as `xsi:type` does for the client.
pub const KIND: &str = "xsi:type";

/// Since this version the types of compound fields are the WSDL's own.
const OWN_TYPES: u16 = 35;

/// The elements of a value of this type. What may be missing is only written where it says something; what may be nil is
/// nil where there is nothing; a flag that nothing is known of is false. What the version did not have yet is left out.
pub fn write(out: &mut Elements, kind: &Type, value: &Json, version: u16) {
    if let Some(base) = kind.base.and_then(model::find) {
        write(out, base, value, version);
    }
    for member in kind.members_of(version) {
        element(out, member, value.get(member.name).unwrap_or(&Json::Null), version);
    }
}

fn element(out: &mut Elements, member: &Member, value: &Json, version: u16) {
    match (member.occurs, value) {
        (Occurs::Any | Occurs::AtLeastOnce, Json::Array(items)) => {
            for item in items {
                one(out, member, item, version);
            }
        }
        (Occurs::Any | Occurs::AtLeastOnce | Occurs::Optional, Json::Null) => {}
        // As anyType even `false` says something: a default value.
        (Occurs::Optional, Json::Bool(false)) if member.kind == "boolean" => {}
        (_, Json::Null) if member.nillable => out.nil(member.name),
        (_, Json::Null) if member.kind == "boolean" => out.flag(member.name, false),
        _ => one(out, member, value, version),
    }
}

fn one(out: &mut Elements, member: &Member, value: &Json, version: u16) {
    if let Some(kind) = model::find(member.kind) {
        let own = value.get(KIND).and_then(Json::as_str).and_then(model::find);
        let own = own.filter(|own| own.since <= version);
        match own {
            Some(own) => out.open(member.name, own.name),
            None => out.0.extend(["<", member.name, ">"]),
        }
        write(out, own.unwrap_or(kind), value, version);
        out.close(member.name);
        return;
    }
    let text = match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    };
    // The types of compound fields have another prefix in REST, and had it here.
    let text = match text.as_str() {
        "urn:address" if member.kind == "soapType" && version >= OWN_TYPES => "tns:address",
        "urn:location" if member.kind == "soapType" && version >= OWN_TYPES => "tns:location",
        text => text,
    };
    if member.kind == "anyType" {
        out.open(member.name, any_type(value));
        out.0.push_str(&crate::xml_text::escape(text));
        out.close(member.name);
    } else {
        out.text(member.name, text);
    }
}

fn any_type(value: &Json) -> &'static str {
    match value {
        Json::Bool(_) => "xsd:boolean",
        Json::Number(number) if number.is_f64() => "xsd:double",
        Json::Number(_) => "xsd:int",
        _ => "xsd:string",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn elements_stand_in_the_order_of_their_type() {
        let mut out = Elements::default();
        let value = json!({"size": 1, "updatedRelatedIds": ["2", "3"], "success": true, "id": null, "errors": [{"message": "a<b", "statusCode": "X", "fields": []}]});
        write(&mut out, model::find("MergeResult").unwrap(), &value, 66);
        assert_eq!(
            out.0,
            r#"<errors><message>a&lt;b</message><statusCode>X</statusCode></errors><id xsi:nil="true"/><success>true</success><updatedRelatedIds>2</updatedRelatedIds><updatedRelatedIds>3</updatedRelatedIds>"#
        );
    }

    #[test]
    fn what_says_nothing_is_left_out_where_it_may_be() {
        let mut out = Elements::default();
        let value = json!({"cascadeDelete": false, "relationshipName": null, "soapType": "urn:address", "defaultValue": false, "externalId": true});
        write(&mut out, model::find("Field").unwrap(), &value, 66);
        assert!(!out.0.contains("cascadeDelete") && !out.0.contains("relationshipName"), "{}", out.0);
        assert!(out.0.contains(r#"<defaultValue xsi:type="xsd:boolean">false</defaultValue>"#), "{}", out.0);
        assert!(out.0.contains("<externalId>true</externalId>"), "{}", out.0);
        assert!(out.0.contains("<soapType>tns:address</soapType>"), "{}", out.0);
        assert!(out.0.contains("<createable>false</createable>"), "{}", out.0);
    }

    #[test]
    fn what_a_version_did_not_have_is_left_out() {
        let field = |version| {
            let mut out = Elements::default();
            let value = json!({"aggregatable": true, "soapType": "urn:address", "name": "A"});
            write(&mut out, model::find("Field").unwrap(), &value, version);
            out.0
        };
        assert!(field(36).starts_with("<aggregatable>true</aggregatable><autoNumber>"), "{}", field(36));
        assert!(
            field(34).starts_with("<autoNumber>") && field(34).contains("<soapType>urn:address</soapType>")
        );
        let mut out = Elements::default();
        let row = json!({"layoutComponents": [{KIND: "FieldComponent", "value": "A", "type": "Field"}]});
        write(&mut out, model::find("DescribeLayoutItem").unwrap(), &row, 31);
        assert!(
            out.0.contains("<layoutComponents><displayLines>") && !out.0.contains("<field>"),
            "{}",
            out.0
        );
    }
}
