//! Answers that exist as data, written in the order of their type (`wsdl/types.txt`): describes, and what else is no record.

use serde_json::Value as Json;

use super::{
    answer::Elements,
    wsdl::model::{self, Member, Occurs, Type},
};

/// The elements of a value of this type. What may be missing is only written where it says something; what may be nil is
/// nil where there is nothing; a flag that nothing is known of is false.
pub fn write(out: &mut Elements, kind: &Type, value: &Json) {
    if let Some(base) = kind.base.and_then(model::find) {
        write(out, base, value);
    }
    for member in &kind.members {
        element(out, member, value.get(member.name).unwrap_or(&Json::Null));
    }
}

fn element(out: &mut Elements, member: &Member, value: &Json) {
    match (member.occurs, value) {
        (Occurs::Any | Occurs::AtLeastOnce, Json::Array(items)) => {
            for item in items {
                one(out, member, item);
            }
        }
        (Occurs::Any | Occurs::AtLeastOnce | Occurs::Optional, Json::Null) => {}
        // As anyType even `false` says something: a default value.
        (Occurs::Optional, Json::Bool(false)) if member.kind == "boolean" => {}
        (_, Json::Null) if member.nillable => out.nil(member.name),
        (_, Json::Null) if member.kind == "boolean" => out.flag(member.name, false),
        _ => one(out, member, value),
    }
}

fn one(out: &mut Elements, member: &Member, value: &Json) {
    if let Some(kind) = model::find(member.kind) {
        let mut inner = Elements::default();
        write(&mut inner, kind, value);
        out.around(member.name, &inner);
        return;
    }
    let text = match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    };
    // The types of compound fields have another prefix in REST.
    let text = match text.as_str() {
        "urn:address" if member.kind == "soapType" => "tns:address",
        "urn:location" if member.kind == "soapType" => "tns:location",
        text => text,
    };
    if member.kind == "anyType" {
        out.open(member.name, any_type(value));
        out.0.push_str(&quick_xml::escape::escape(text));
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
        write(&mut out, model::find("MergeResult").unwrap(), &value);
        assert_eq!(
            out.0,
            r#"<errors><message>a&lt;b</message><statusCode>X</statusCode></errors><id xsi:nil="true"/><success>true</success><updatedRelatedIds>2</updatedRelatedIds><updatedRelatedIds>3</updatedRelatedIds>"#
        );
    }

    #[test]
    fn what_says_nothing_is_left_out_where_it_may_be() {
        let mut out = Elements::default();
        let value = json!({"cascadeDelete": false, "relationshipName": null, "soapType": "urn:address", "defaultValue": false, "externalId": true});
        write(&mut out, model::find("Field").unwrap(), &value);
        assert!(!out.0.contains("cascadeDelete") && !out.0.contains("relationshipName"), "{}", out.0);
        assert!(out.0.contains(r#"<defaultValue xsi:type="xsd:boolean">false</defaultValue>"#), "{}", out.0);
        assert!(out.0.contains("<externalId>true</externalId>"), "{}", out.0);
        assert!(out.0.contains("<soapType>tns:address</soapType>"), "{}", out.0);
        assert!(out.0.contains("<createable>false</createable>"), "{}", out.0);
    }
}
