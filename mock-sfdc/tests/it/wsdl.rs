//! The WSDLs: what is emulated stands in them, and nothing else; the enterprise one has the org's objects.

use std::collections::BTreeSet;

use mock_sfdc::{
    MockSfdc,
    operation::{Face, Operation},
};

use crate::{client, soap::org};

async fn get(mock: &MockSfdc, path: &str) -> (u16, String) {
    let answer = client().get(format!("{}/services/wsdl/{path}", mock.url())).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// What stands between `before` and the next quote, each time.
fn names<'a>(text: &'a str, before: &str) -> BTreeSet<&'a str> {
    text.split(before).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[tokio::test]
async fn the_operations_are_those_of_the_table() {
    let (mock, _) = org().await;
    let (status, text) = get(&mock, "partner").await;
    assert_eq!(status, 200);
    let (_, port) = text.split_once("<portType").unwrap();
    let port = port.split_once("</portType>").unwrap().0;
    let emulated: BTreeSet<&str> = Operation::all()
        .filter(|row| row.face == Face::Soap && !row.is_refused())
        .filter_map(|row| row.name.strip_prefix("soap."))
        .filter(|name| !name.starts_with("wsdl.") && *name != "unknown")
        .collect();
    assert_eq!(names(port, "<operation name=\""), emulated);
    assert!(text.contains("<complexType name=\"sObject\"><sequence><element name=\"type\""));
    assert!(text.contains(&format!("location=\"{}/services/Soap/u/66.0\"", mock.url())));
}

#[tokio::test]
async fn every_type_that_is_used_is_defined() {
    let (mock, _) = org().await;
    for path in ["partner", "enterprise"] {
        let (_, text) = get(&mock, path).await;
        let schemas: Vec<&str> = text.split("<schema ").skip(1).collect();
        for (prefix, schema) in [("ens", schemas[0]), ("tns", schemas[1]), ("fns", schemas[2])] {
            let mut defined = names(schema, "<complexType name=\"");
            defined.extend(names(schema, "<simpleType name=\""));
            for used in ["type=\"", "base=\""] {
                for name in names(&text, &format!("{used}{prefix}:")) {
                    let is_port = ["Soap", "SoapBinding"].contains(&name);
                    assert!(is_port || defined.contains(name), "{path}: {prefix}:{name}");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_enterprise_wsdl_has_a_type_for_each_object() {
    let (mock, _) = org().await;
    let (status, text) = get(&mock, "enterprise?version=58.0").await;
    assert_eq!(status, 200);
    let (_, lead) = text.split_once("<complexType name=\"Lead\">").unwrap();
    let lead = lead.split_once("</complexType>").unwrap().0;
    for element in [
        r#"<element name="AnnualRevenue" nillable="true" minOccurs="0" type="xsd:double"/>"#,
        r#"<element name="Address" nillable="true" minOccurs="0" type="tns:address"/>"#,
        r#"<element name="ConvertedAccount" nillable="true" minOccurs="0" type="ens:Account"/>"#,
        r#"<element name="Owner" nillable="true" minOccurs="0" type="ens:sObject"/>"#,
        r#"<element name="CampaignMembers" nillable="true" minOccurs="0" type="tns:QueryResult"/>"#,
    ] {
        assert!(lead.contains(element), "{element}: {lead}");
    }
    let objects = mock.tenant().org.snapshot().schema().objects().count();
    assert_eq!(text.matches("<extension base=\"ens:sObject\">").count(), objects + 1);
    assert!(text.contains(&format!("location=\"{}/services/Soap/c/58.0\"", mock.url())));
    assert!(!text.contains("name=\"\""), "a child without a name is no element");
    assert_eq!(get(&mock, "partner?version=30.0").await.0, 500);
    let (_, new) = get(&mock, "partner?version=64.0").await;
    let (_, old) = get(&mock, "partner?version=35.0").await;
    for (element, since) in [("aggregatable", 36), ("polymorphicForeignKey", 41), ("encrypted", 34)] {
        let element = format!(r#"<element name="{element}" "#);
        assert!(new.contains(&element), "{element}");
        assert_eq!(old.contains(&element), since <= 35, "{element}");
    }
}
