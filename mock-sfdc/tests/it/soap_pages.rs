//! How an org looks, and its pages, over SOAP: what REST says, in the types of the WSDL.

use crate::soap::{call, element, inner, org};

const CONTACT: &str = "<sObjectType>Contact</sObjectType>";
const MASTER: &str = "012000000000000AAA";

#[tokio::test]
async fn tabs_stand_in_a_set() {
    let (mock, session) = org().await;
    let (status, text) = call(&mock, &session, "", "<describeTabs/>").await;
    assert_eq!(status, 200, "{text}");
    assert_eq!((element(&text, "label"), element(&text, "selected")), ("Sales", "true"));
    let account = format!(
        r"<tabs><colors><color>5867E8</color><context>primary</context><theme>theme4</theme></colors><custom>false</custom><iconUrl>{0}/img/icon/t4v35/standard/account.svg</iconUrl><icons><contentType>image/svg+xml</contentType><height>0</height><theme>theme4</theme><url>{0}/img/icon/t4v35/standard/account.svg</url><width>0</width></icons><label>Accounts</label><miniIconUrl>{0}/img/icon/t4v35/standard/account.svg</miniIconUrl><name>standard-Account</name><sobjectName>Account</sobjectName><url>{0}/001/o</url></tabs>",
        mock.url()
    );
    assert!(text.contains(&account), "{text}");
    let (_, all) = call(&mock, &session, "", "<describeAllTabs/>").await;
    assert_eq!(all.matches("<result>").count(), text.matches("<tabs>").count());
}

#[tokio::test]
async fn themes_are_of_some_objects_or_of_all() {
    let (mock, session) = org().await;
    let (_, text) =
        call(&mock, &session, "", "<describeTheme><sobjectType>lead</sobjectType></describeTheme>").await;
    assert_eq!(
        inner(&text),
        format!(
            "<result><themeItems><colors><color>FF538A</color><context>primary</context><theme>theme4</theme></colors><icons><contentType>image/svg+xml</contentType><height>0</height><theme>theme4</theme><url>{}/img/icon/t4v35/standard/lead.svg</url><width>0</width></icons><name>Lead</name></themeItems></result>",
            mock.url()
        )
    );
    let (_, all) = call(&mock, &session, "", "<describeGlobalTheme/>").await;
    assert!(inner(&all).starts_with("<result><global><encoding>UTF-8</encoding>"), "{all}");
    assert_eq!(all.matches("<sobjects>").count(), mock.tenant().org.snapshot().schema().objects().count());
    assert!(all.contains("<theme><themeItems>"), "{all}");
    let (status, text) =
        call(&mock, &session, "", "<describeTheme><sobjectType>Nope</sobjectType></describeTheme>").await;
    assert!(status == 500 && text.contains("sf:InvalidSObjectFault"), "{text}");
    let menu = |kind: &str| {
        format!("<describeAppMenu><appMenuType>{kind}</appMenuType><networkId/></describeAppMenu>")
    };
    let (status, text) = call(&mock, &session, "", &menu("AppSwitcher")).await;
    assert_eq!((status, inner(&text)), (200, "<result></result>"));
    assert_eq!(call(&mock, &session, "", &menu("Nope")).await.0, 500);
}

#[tokio::test]
async fn a_layout_says_of_what_type_its_components_are() {
    let (mock, session) = org().await;
    let ask = |more: &str| format!("<describeLayout>{CONTACT}{more}</describeLayout>");
    let (status, text) = call(&mock, &session, "", &ask("")).await;
    assert_eq!(status, 200, "{text}");
    let body = inner(&text);
    assert!(
        body.starts_with("<result><layouts><detailLayoutSections><collapsed>false</collapsed><columns>2</columns><heading>Contact Information</heading><layoutRows><layoutItems><editableForNew>true</editableForNew>"),
        "{}", &body[..2000]
    );
    assert!(body.contains(r#"<layoutComponents xsi:type="FieldComponent"><displayLines>1</displayLines><tabOrder>1</tabOrder><type>Field</type><value>AccountId</value><field><aggregatable>"#));
    assert!(body.contains(r#"<value>Name</value><components xsi:type="FieldComponent">"#));
    assert!(body.contains("</components><fieldType>string</fieldType></layoutComponents>"));
    assert!(body.contains(&format!("<recordTypeId>{MASTER}</recordTypeId></recordTypeMappings><recordTypeSelectorRequired>false</recordTypeSelectorRequired></result>")), "{}", &body[body.len() - 600..]);
    let id = format!("<layoutName/><recordTypeIds>{MASTER}</recordTypeIds>");
    assert_eq!(call(&mock, &session, "", &ask(&id)).await.1.matches("<recordTypeMappings>").count(), 1);
    // Users have a layout of a name, and the page is theirs.
    let of_user = |more: &str| ask(more).replace("Contact", "User");
    let named = call(&mock, &session, "", &of_user("<layoutName>UserAlt</layoutName>")).await;
    assert_eq!(inner(&named.1), inner(&call(&mock, &session, "", &of_user("")).await.1));
    for (body, fault) in [
        (
            ask("<layoutName>Other</layoutName>"),
            "FUNCTIONALITY_NOT_ENABLED: mock-sfdc does not emulate the named layout Other of Contact",
        ),
        (ask("<recordTypeIds>nonsense</recordTypeIds>"), "MALFORMED_ID"),
        (ask("<recordTypeIds>012000000000001AAA</recordTypeIds>"), "INVALID_CROSS_REFERENCE_KEY"),
        (ask("").replace("Contact", "LeadStatus"), "INVALID_TYPE_FOR_OPERATION"),
        (ask("").replace("Contact", "Nope"), "INVALID_TYPE"),
        (
            "<describeSoftphoneLayout/>".to_owned(),
            "FUNCTIONALITY_NOT_ENABLED: mock-sfdc does not emulate soap.describeSoftphoneLayout",
        ),
    ] {
        let (status, text) = call(&mock, &session, "", &body).await;
        assert_eq!(status, 500);
        assert!(element(&text, "faultstring").starts_with(fault), "{body}: {text}");
    }
}

#[tokio::test]
async fn compact_approval_and_search_layouts() {
    let (mock, session) = org().await;
    let (_, text) =
        call(&mock, &session, "", &format!("<describeCompactLayouts>{CONTACT}</describeCompactLayouts>"))
            .await;
    assert!(text.contains("<fieldItems><editableForNew>true</editableForNew>"), "{text}");
    assert!(text.contains("<compactLayoutName>SYSTEM</compactLayoutName>"), "{text}");
    let body = "<describePrimaryCompactLayouts><sObjectTypes>Account</sObjectTypes><sObjectTypes>Lead</sObjectTypes></describePrimaryCompactLayouts>";
    let (_, text) = call(&mock, &session, "", body).await;
    assert_eq!(text.matches("<result>").count(), 2);
    assert!(text.contains("<name>SYSTEM</name><objectType>Lead</objectType></result>"), "{text}");

    let approval = |more: &str| format!("<describeApprovalLayout>{CONTACT}{more}</describeApprovalLayout>");
    let (_, text) = call(&mock, &session, "", &approval("")).await;
    assert_eq!(inner(&text), "<result></result>");
    let named = approval("<approvalProcessNames>Big</approvalProcessNames>");
    assert_eq!(call(&mock, &session, "", &named).await.0, 500);

    let body = "<describeSearchLayouts><sObjectType>Account</sObjectType></describeSearchLayouts>";
    let (_, text) = call(&mock, &session, "", body).await;
    assert_eq!(
        inner(&text),
        r#"<result><errorMsg xsi:nil="true"/><label>Search Results</label><limitRows>25</limitRows><objectType>Account</objectType><searchColumns><field>Account.Name</field><format xsi:nil="true"/><label>Account Name</label><name>Name</name></searchColumns></result>"#
    );
    let (_, text) = call(&mock, &session, "", "<describeSearchScopeOrder/>").await;
    assert!(
        inner(&text).starts_with("<result><keyPrefix>001</keyPrefix><name>Account</name></result>"),
        "{text}"
    );
    let entities = |only: &str| {
        format!(
            "<describeSearchableEntities><includeOnlyEntitiesWithTabs>{only}</includeOnlyEntitiesWithTabs></describeSearchableEntities>"
        )
    };
    let (_, all) = call(&mock, &session, "", &entities("false")).await;
    let (_, few) = call(&mock, &session, "", &entities("true")).await;
    assert!(few.contains("<label>Lead</label><name>Lead</name><pluralLabel>Leads</pluralLabel>"), "{few}");
    assert!(all.matches("<result>").count() > few.matches("<result>").count());
}
