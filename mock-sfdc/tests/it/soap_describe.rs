//! Describes over SOAP: what REST says, in the types of the WSDL (`contract/soap.md` section 3).

use crate::soap::{call, call_at, element, inner, org};

#[tokio::test]
async fn an_object_is_described_in_the_order_of_the_wsdl() {
    let (mock, session) = org().await;
    let body = "<describeSObject><sObjectType>Lead</sObjectType></describeSObject>";
    let (status, text) = call(&mock, &session, "", body).await;
    assert_eq!(status, 200);
    let described = inner(&text);
    assert!(
        described.starts_with(
            r#"<result><activateable>false</activateable><associateEntityType xsi:nil="true"/>"#
        ),
        "{described}"
    );
    // Version 66 of what Data Loader was answered in version 8.
    let field = r"<fields><aggregatable>true</aggregatable><aiPredictionField>false</aiPredictionField><autoNumber>false</autoNumber><byteLength>18</byteLength><calculated>false</calculated><caseSensitive>false</caseSensitive><createable>false</createable><custom>false</custom><defaultedOnCreate>true</defaultedOnCreate><deprecatedAndHidden>false</deprecatedAndHidden><digits>0</digits><filterable>true</filterable><groupable>true</groupable><idLookup>true</idLookup><label>Lead ID</label><length>18</length><name>Id</name><nameField>false</nameField><nillable>false</nillable><permissionable>false</permissionable><polymorphicForeignKey>false</polymorphicForeignKey><precision>0</precision><queryByDistance>false</queryByDistance><restrictedPicklist>false</restrictedPicklist><scale>0</scale><searchPrefilterable>false</searchPrefilterable><soapType>tns:ID</soapType><sortable>true</sortable><type>id</type><unique>false</unique><updateable>false</updateable></fields>";
    assert!(described.contains(field), "{}", &described[..4000]);
    assert!(described.contains(r#"<defaultValue xsi:type="xsd:boolean">false</defaultValue>"#));
    assert!(described.contains("<soapType>tns:address</soapType>"));
    assert!(described.contains("<keyPrefix>00Q</keyPrefix>"));
    assert!(text.contains(r#"xmlns:xsd="http://www.w3.org/2001/XMLSchema""#));
}

#[tokio::test]
async fn several_objects_and_all_of_them() {
    let (mock, session) = org().await;
    let body = "<describeSObjects><sObjectType>Contact</sObjectType><sObjectType>account</sObjectType></describeSObjects>";
    let (_, text) = call(&mock, &session, "", body).await;
    assert_eq!(text.matches("<result>").count(), 2);
    assert!(text.contains("<name>Account</name>") && text.contains("<keyPrefix>003</keyPrefix>"));

    let (_, text) = call(&mock, &session, "", "<describeGlobal/>").await;
    assert_eq!((element(&text, "encoding"), element(&text, "maxBatchSize")), ("UTF-8", "200"));
    let objects = mock.tenant().org.snapshot().schema().objects().count();
    assert_eq!(text.matches("<sobjects>").count(), objects);

    let unknown = "<describeSObject><sObjectType>Nonsense</sObjectType></describeSObject>";
    let (status, text) = call(&mock, &session, "", unknown).await;
    assert_eq!(status, 500);
    assert!(text.contains("sf:InvalidSObjectFault") && text.contains("<sf:row>-1</sf:row>"), "{text}");
    let many = "<sObjectType>Lead</sObjectType>".repeat(101);
    let (_, text) = call(&mock, &session, "", &format!("<describeSObjects>{many}</describeSObjects>")).await;
    assert!(text.contains("EXCEEDED_MAX_TYPES_LIMIT"), "{text}");
}

#[tokio::test]
async fn an_old_version_is_told_what_it_knows() {
    let (mock, session) = org().await;
    let body = "<describeSObject><sObjectType>Lead</sObjectType></describeSObject>";
    let (_, text) = call_at(&mock, "u/31.0", &session, "", body).await;
    assert!(
        inner(&text).starts_with("<result><activateable>false</activateable><childRelationships>"),
        "{text}"
    );
    assert!(text.contains("<fields><autoNumber>false</autoNumber><byteLength>18</byteLength>"), "{text}");
    assert!(text.contains("<soapType>urn:address</soapType>"), "{text}");
    let (_, text) = call_at(&mock, "u/31.0", &session, "", "<getUserInfo/>").await;
    assert!(!text.contains("chatterExternal") && text.contains("<userUiSkin>"), "{text}");
}
