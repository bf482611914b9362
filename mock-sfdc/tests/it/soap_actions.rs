//! List views and quick actions over SOAP: what REST says of them, in the types of the WSDL.

use crate::soap::{call, call_at, element, inner, org};

#[tokio::test]
async fn list_views_are_described_and_shown() {
    let (mock, session) = org().await;
    let account = r"<sObjects><type>Account</type><Name>! Acme</Name></sObjects>";
    let (status, text) = call(&mock, &session, "", &format!("<create>{account}</create>")).await;
    assert_eq!(status, 200, "{text}");
    let body = "<describeSObjectListViews><sObjectType>Account</sObjectType><recentsOnly>false</recentsOnly>\
                <isSoqlCompatible>ALL</isSoqlCompatible><limit>20</limit><offset>0</offset></describeSObjectListViews>";
    let (status, text) = call(&mock, &session, "", body).await;
    assert_eq!(status, 200, "{text}");
    assert_eq!(text.matches("<describeSoqlListViews>").count(), 2);
    assert!(
        inner(&text).starts_with(
            r"<result><describeSoqlListViews><columns><ascendingLabel>A-Z</ascendingLabel><descendingLabel>Z-A</descendingLabel><fieldNameOrPath>Name</fieldNameOrPath><hidden>false</hidden>"
        ),
        "{text}"
    );
    assert!(
        text.contains(
            r#"<scope>mine</scope><sobjectType>Account</sobjectType><whereCondition xsi:type="SoqlConditionGroup"><conjunction>and</conjunction></whereCondition>"#
        ),
        "{text}"
    );
    let id = element(&text, "id").to_owned();
    let body = format!(
        "<describeSoqlListViews><request><listViewParams><developerNameOrId>{id}</developerNameOrId><sobjectType>Account</sobjectType></listViewParams>\
         <listViewParams><developerNameOrId>MyAccounts</developerNameOrId><sobjectType>Account</sobjectType></listViewParams></request></describeSoqlListViews>"
    );
    let (_, text) = call(&mock, &session, "", &body).await;
    assert_eq!(text.matches("<describeSoqlListViews>").count(), 2, "{text}");

    let execute = |more: &str| {
        format!(
            "<executeListView><request><developerNameOrId>AllAccounts</developerNameOrId><limit>1</limit>{more}<sobjectType>Account</sobjectType></request></executeListView>"
        )
    };
    let (status, text) = call(&mock, &session, "", &execute("")).await;
    assert_eq!(status, 200, "{text}");
    assert!(
        text.contains(
            "<records><columns><fieldNameOrPath>Name</fieldNameOrPath><value>! Acme</value></columns>"
        ),
        "{text}"
    );
    assert_eq!((element(&text, "developerName"), element(&text, "size")), ("AllAccounts", "1"));
    let other = "<orderBy><fieldNameOrPath>Phone</fieldNameOrPath></orderBy>";
    for (body, said) in [
        (execute(other), "another order than the view&apos;s own"),
        (execute("").replace("AllAccounts", "Nothing"), "INVALID_CROSS_REFERENCE_KEY"),
    ] {
        let (status, text) = call(&mock, &session, "", &body).await;
        assert!(status == 500 && text.contains(said), "{text}");
    }
}

#[tokio::test]
async fn quick_actions_are_described_and_done() {
    let (mock, session) = org().await;
    let body =
        "<describeAvailableQuickActions><contextType>Account</contextType></describeAvailableQuickActions>";
    let (status, text) = call(&mock, &session, "", body).await;
    assert_eq!(status, 200, "{text}");
    assert!(
        text.contains(
            "<result><actionEnumOrId>NewContact</actionEnumOrId><label>New Contact</label><name>NewContact</name><type>Create</type></result>"
        ),
        "{text}"
    );
    let body = "<describeQuickActions><quickActions>Account.NewContact</quickActions><quickActions>LogACall</quickActions></describeQuickActions>";
    let (_, text) = call(&mock, &session, "", body).await;
    assert!(
        inner(&text).starts_with(
            r#"<result><accessLevelRequired xsi:nil="true"/><actionEnumOrId>NewContact</actionEnumOrId><canvasApplicationId xsi:nil="true"/>"#
        ),
        "{text}"
    );
    assert!(text.contains("<contextSobjectType>Account</contextSobjectType>"), "{text}");
    assert!(
        text.contains(
            "<defaultValues><defaultValue>Call</defaultValue><field>Subject</field></defaultValues>"
        ),
        "{text}"
    );
    let create = "<create><sObjects><type>Account</type><Name>Acme</Name></sObjects></create>";
    let account = element(&call(&mock, &session, "", create).await.1, "id").to_owned();
    let action = |name: &str, fields: &str| {
        format!(
            "<quickActions><contextId>{account}</contextId><quickActionName>{name}</quickActionName><records><type>Contact</type>{fields}</records></quickActions>"
        )
    };
    let body = format!(
        "<performQuickActions>{}{}</performQuickActions>",
        action("NewContact", "<LastName>Lovelace</LastName>"),
        action("Account.NewContact", "<FirstName>Ada</FirstName>")
    );
    let (status, text) = call(&mock, &session, "", &body).await;
    assert_eq!(status, 200, "{text}");
    let contact = element(&text, "ids").to_owned();
    assert!(
        inner(&text).starts_with(&format!(
            "<result><contextId>{account}</contextId><created>true</created><ids>{contact}</ids><success>true</success></result>\
             <result><contextId>{account}</contextId><created>false</created><errors>"
        )),
        "{text}"
    );
    assert!(text.contains("REQUIRED_FIELD_MISSING"), "{text}");
    let query = format!(
        "<query><queryString>SELECT AccountId FROM Contact WHERE Id = '{contact}'</queryString></query>"
    );
    let (_, text) = call(&mock, &session, "", &query).await;
    assert_eq!(element(&text, "sf:AccountId"), account);
    // The enterprise API writes the record's type as an attribute.
    let body = "<performQuickActions><quickActions><contextId xsi:nil=\"true\"/><quickActionName>NewLead</quickActionName>\
                <records xsi:type=\"Lead\"><LastName>B</LastName><Company>C</Company></records></quickActions></performQuickActions>";
    let (status, text) = call_at(&mock, "c/66.0", &session, "", body).await;
    assert!(status == 200 && text.contains("<created>true</created>"), "{text}");
    let unknown = "<describeQuickActions><quickActions>Nothing</quickActions></describeQuickActions>";
    let (status, text) = call(&mock, &session, "", unknown).await;
    assert!(status == 500 && text.contains("INVALID_CROSS_REFERENCE_KEY"), "{text}");
}
