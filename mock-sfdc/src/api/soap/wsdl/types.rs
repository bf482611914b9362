//! The schemas of a WSDL: simple types, the types of `types.txt`, faults, and the record of the partner API.

use std::fmt::Write as _;

use mock_sfdc_org::{
    error::{ErrorCode, Soap},
    schema::FieldType,
};

use super::model::{self, BUILT_IN, Member, Occurs, Type};

/// The faults, each with what it extends.
pub const FAULTS: &[(&str, &str)] = &[
    ("ApiQueryFault", "ApiFault"),
    ("LoginFault", "ApiFault"),
    ("InvalidQueryLocatorFault", "ApiFault"),
    ("InvalidNewPasswordFault", "ApiFault"),
    ("InvalidIdFault", "ApiFault"),
    ("UnexpectedErrorFault", "ApiFault"),
    ("InvalidFieldFault", "ApiQueryFault"),
    ("InvalidSObjectFault", "ApiQueryFault"),
    ("MalformedQueryFault", "ApiQueryFault"),
    ("MalformedSearchFault", "ApiQueryFault"),
];

/// One element of a sequence.
pub fn element(out: &mut String, member: &Member) {
    let prefix = match member.kind {
        "sObject" => "ens",
        kind if BUILT_IN.contains(&kind) => "xsd",
        _ => "tns",
    };
    let _ = write!(out, r#"<element name="{}" type="{prefix}:{}""#, member.name, member.kind);
    if member.nillable {
        out.push_str(r#" nillable="true""#);
    }
    out.push_str(match member.occurs {
        Occurs::Once => "/>",
        Occurs::Optional => r#" minOccurs="0"/>"#,
        Occurs::Any => r#" minOccurs="0" maxOccurs="unbounded"/>"#,
        Occurs::AtLeastOnce => r#" minOccurs="1" maxOccurs="unbounded"/>"#,
    });
}

/// Ids, codes and the words of describes.
pub fn simple(out: &mut String) {
    out.push_str(
        r#"<simpleType name="ID"><restriction base="xsd:string"><length value="18"/><pattern value="[a-zA-Z0-9]{18}"/></restriction></simpleType>
<simpleType name="QueryLocator"><restriction base="xsd:string"/></simpleType>
<simpleType name="json"><restriction base="xsd:string"/></simpleType>
"#,
    );
    codes(out, "StatusCode");
    words(out, "fieldType", FieldType::ALL.iter().map(|kind| kind.as_str()));
    // Of those that have a prefix of another document in REST, SOAP has the types itself.
    let mut soap_types: Vec<String> =
        FieldType::ALL.iter().map(|kind| kind.soap_type().replace("urn:", "tns:")).collect();
    soap_types.sort_unstable();
    soap_types.dedup();
    words(out, "soapType", soap_types.iter().map(String::as_str));
    for (name, all) in model::WORDS {
        words(out, name, all.iter().copied());
    }
    out.push_str(r#"<complexType name="location"><sequence><element name="latitude" type="xsd:double" nillable="true"/><element name="longitude" type="xsd:double" nillable="true"/></sequence></complexType>
<complexType name="address"><complexContent><extension base="tns:location"><sequence>"#);
    for part in
        ["city", "country", "countryCode", "geocodeAccuracy", "postalCode", "state", "stateCode", "street"]
    {
        let _ = write!(out, r#"<element name="{part}" type="xsd:string" nillable="true"/>"#);
    }
    out.push_str("</sequence></extension></complexContent></complexType>\n");
}

/// The codes that this org can answer.
fn codes(out: &mut String, name: &str) {
    let codes = ErrorCode::ALL.iter().filter(|code| code.soap() != Soap::Client);
    words(out, name, codes.map(|code| code.as_str()));
}

fn words<'a>(out: &mut String, name: &str, words: impl Iterator<Item = &'a str>) {
    let _ = write!(out, r#"<simpleType name="{name}"><restriction base="xsd:string">"#);
    for word in words {
        let _ = write!(out, r#"<enumeration value="{word}"/>"#);
    }
    out.push_str("</restriction></simpleType>\n");
}

/// The types of `types.txt` as a version has them; headers are elements.
pub fn complex(out: &mut String, version: u16) {
    for kind in model::types().iter().filter(|kind| kind.since <= version) {
        let header = kind.header;
        let _ = if header {
            write!(out, r#"<element name="{}"><complexType>"#, kind.name)
        } else {
            write!(out, r#"<complexType name="{}">"#, kind.name)
        };
        content(out, kind, version);
        out.push_str(if header { "</complexType></element>\n" } else { "</complexType>\n" });
    }
}

fn content(out: &mut String, kind: &Type, version: u16) {
    if let Some(base) = kind.base {
        let _ = write!(out, r#"<complexContent><extension base="tns:{base}">"#);
    }
    out.push_str("<sequence>");
    for member in kind.members_of(version) {
        element(out, member);
    }
    out.push_str("</sequence>");
    if kind.base.is_some() {
        out.push_str("</extension></complexContent>");
    }
}

/// What every record is in the partner API: a type, an id, and anything.
pub fn partner_record(out: &mut String) {
    out.push_str(
        r###"<complexType name="sObject"><sequence><element name="type" type="xsd:string"/><element name="fieldsToNull" type="xsd:string" nillable="true" minOccurs="0" maxOccurs="unbounded"/><element name="Id" type="tns:ID" nillable="true"/><any namespace="##targetNamespace" minOccurs="0" maxOccurs="unbounded" processContents="lax"/></sequence></complexType>
"###,
    );
}

pub fn faults(out: &mut String) {
    codes(out, "ExceptionCode");
    out.push_str(
        r#"<complexType name="ApiFault"><sequence><element name="exceptionCode" type="fns:ExceptionCode"/><element name="exceptionMessage" type="xsd:string"/><element name="extendedErrorDetails" type="tns:ExtendedErrorDetails" nillable="true" minOccurs="0" maxOccurs="unbounded"/></sequence></complexType>
<element name="fault" type="fns:ApiFault"/>
"#,
    );
    for (fault, base) in FAULTS {
        let _ = write!(
            out,
            r#"<complexType name="{fault}"><complexContent><extension base="fns:{base}"><sequence>"#
        );
        if *fault == "ApiQueryFault" {
            out.push_str(r#"<element name="row" type="xsd:int"/><element name="column" type="xsd:int"/>"#);
        }
        let _ = write!(
            out,
            r#"</sequence></extension></complexContent></complexType>
<element name="{fault}" type="fns:{fault}"/>
"#
        );
    }
}
