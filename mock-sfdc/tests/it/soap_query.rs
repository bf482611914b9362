//! `query`, `queryAll`, `queryMore`, `search` and `retrieve` over SOAP: bytes as recorded (`contract/soap.md` section 4).

use mock_sfdc_org::value::DateTime;

use crate::{
    people::seed,
    soap::{call, call_at, element, inner, org},
};

fn query(soql: &str) -> String {
    format!("<query><queryString>{soql}</queryString></query>")
}

#[tokio::test]
async fn rows_are_written_as_recorded() {
    let (mock, session) = org().await;
    let account = seed(&mock, "Account", &[("Name", "Navy & Sons"), ("NumberOfEmployees", "7")]);
    let contact = seed(&mock, "Contact", &[("LastName", "Hopper"), ("AccountId", &account.to_string())]);
    let (status, text) =
        call(&mock, &session, "", &query("SELECT Id, FirstName, Account.Name FROM Contact")).await;
    assert_eq!(status, 200);
    assert_eq!(
        text,
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:sf="urn:sobject.partner.soap.sforce.com"><soapenv:Header><LimitInfoHeader><limitInfo><current>1</current><limit>15000</limit><type>API REQUESTS</type></limitInfo></LimitInfoHeader></soapenv:Header><soapenv:Body><queryResponse><result xsi:type="QueryResult"><done>true</done><queryLocator xsi:nil="true"/><records xsi:type="sf:sObject"><sf:type>Contact</sf:type><sf:Id>{contact}</sf:Id><sf:Id>{contact}</sf:Id><sf:FirstName xsi:nil="true"/><sf:Account xsi:type="sf:sObject"><sf:type>Account</sf:type><sf:Id xsi:nil="true"/><sf:Name>Navy &amp; Sons</sf:Name></sf:Account></records><size>1</size></result></queryResponse></soapenv:Body></soapenv:Envelope>"#
        )
    );
}

#[tokio::test]
async fn what_a_row_may_hold() {
    let (mock, session) = org().await;
    let account = seed(
        &mock,
        "Account",
        &[("Name", "A"), ("AnnualRevenue", "100"), ("NumberOfEmployees", "7"), ("BillingCity", "London")],
    );
    seed(
        &mock,
        "Contact",
        &[("LastName", "X"), ("AccountId", &account.to_string()), ("Birthdate", "1906-12-09")],
    );
    for (soql, records) in [
        (
            "SELECT NumberOfEmployees, AnnualRevenue, IsDeleted FROM Account",
            r#"<sf:type>Account</sf:type><sf:Id xsi:nil="true"/><sf:NumberOfEmployees>7</sf:NumberOfEmployees><sf:AnnualRevenue>100.0</sf:AnnualRevenue><sf:IsDeleted>false</sf:IsDeleted>"#,
        ),
        (
            "SELECT Birthdate FROM Contact",
            r#"<sf:type>Contact</sf:type><sf:Id xsi:nil="true"/><sf:Birthdate>1906-12-09</sf:Birthdate>"#,
        ),
        (
            "SELECT BillingAddress FROM Account",
            r#"<sf:type>Account</sf:type><sf:Id xsi:nil="true"/><sf:BillingAddress xsi:type="address"><latitude xsi:nil="true"/><longitude xsi:nil="true"/><city>London</city><country xsi:nil="true"/><countryCode xsi:nil="true"/><geocodeAccuracy xsi:nil="true"/><postalCode xsi:nil="true"/><state xsi:nil="true"/><stateCode xsi:nil="true"/><street xsi:nil="true"/></sf:BillingAddress>"#,
        ),
        (
            "SELECT Name, (SELECT LastName FROM Contacts), (SELECT Id FROM Cases) FROM Account",
            r#"<sf:type>Account</sf:type><sf:Id xsi:nil="true"/><sf:Name>A</sf:Name><sf:Contacts xsi:type="QueryResult"><done>true</done><queryLocator xsi:nil="true"/><records xsi:type="sf:sObject"><sf:type>Contact</sf:type><sf:Id xsi:nil="true"/><sf:LastName>X</sf:LastName></records><size>1</size></sf:Contacts><sf:Cases xsi:nil="true"/>"#,
        ),
        (
            "SELECT Name, COUNT(Id) n, SUM(AnnualRevenue) FROM Account GROUP BY Name",
            r#"<sf:type>AggregateResult</sf:type><sf:Id xsi:nil="true"/><sf:Name xsi:type="xsd:string">A</sf:Name><sf:n xsi:type="xsd:int">1</sf:n><sf:expr0 xsi:type="xsd:double">100.0</sf:expr0>"#,
        ),
    ] {
        let (_, text) = call(&mock, &session, "", &query(soql)).await;
        let (_, found) =
            text.split_once(r#"<records xsi:type="sf:sObject">"#).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(found.rsplit_once("</records>").unwrap().0, records, "{soql}");
    }
    let (_, text) = call(&mock, &session, "", &query("SELECT COUNT() FROM Account")).await;
    assert_eq!(
        inner(&text),
        r#"<result xsi:type="QueryResult"><done>true</done><queryLocator xsi:nil="true"/><size>1</size></result>"#
    );
}

#[tokio::test]
async fn the_enterprise_api_has_types_leaves_out_what_is_empty_and_sorts() {
    let (mock, session) = org().await;
    let account = seed(&mock, "Account", &[("Name", "A")]);
    seed(&mock, "Contact", &[("LastName", "X"), ("AccountId", &account.to_string())]);
    let soql = query("SELECT LastName, FirstName, Account.Name, Id FROM Contact");
    let (_, text) = call_at(&mock, "c/62.0/00D5g0000000001/0DF000000000001", &session, "", &soql).await;
    let id = element(&text, "sf:Id");
    assert_eq!(
        inner(&text),
        format!(
            r#"<result><done>true</done><queryLocator xsi:nil="true"/><records xsi:type="sf:Contact"><sf:Id>{id}</sf:Id><sf:Account xsi:type="sf:Account"><sf:Name>A</sf:Name></sf:Account><sf:LastName>X</sf:LastName></records><size>1</size></result>"#
        )
    );
    assert!(text.contains(r#"xmlns:sf="urn:sobject.enterprise.soap.sforce.com""#));
}

#[tokio::test]
async fn pages_are_as_large_as_asked_and_go_on_where_they_stopped() {
    let (mock, session) = org().await;
    for number in 0..450 {
        seed(&mock, "Account", &[("Name", &format!("A{number}"))]);
    }
    let options = "<QueryOptions><batchSize>200</batchSize></QueryOptions>";
    let (_, text) = call(&mock, &session, options, &query("SELECT Id FROM Account")).await;
    assert_eq!((element(&text, "done"), element(&text, "size")), ("false", "450"));
    assert_eq!(text.matches("<records ").count(), 200);
    let locator = element(&text, "queryLocator");
    let more = |locator: &str| format!("<queryMore><queryLocator>{locator}</queryLocator></queryMore>");
    let (_, text) = call(&mock, &session, options, &more(locator)).await;
    assert_eq!((element(&text, "done"), text.matches("<records ").count()), ("false", 200));
    let (_, text) = call(&mock, &session, "", &more(element(&text, "queryLocator"))).await;
    assert_eq!((element(&text, "done"), text.matches("<records ").count()), ("true", 50));
    // The default is 500.
    let (_, text) = call(&mock, &session, "", &query("SELECT Id FROM Account")).await;
    assert_eq!((element(&text, "done"), text.matches("<records ").count()), ("true", 450));

    for (header, body, fault) in [
        ("", more("01g5g0000000099AAA-200"), "sf:InvalidQueryLocatorFault"),
        ("", more("nonsense"), "sf:InvalidQueryLocatorFault"),
        (
            "<QueryOptions><batchSize>10</batchSize></QueryOptions>",
            query("SELECT Id FROM Account"),
            "INVALID_BATCH_SIZE",
        ),
    ] {
        let (status, text) = call(&mock, &session, header, &body).await;
        assert_eq!(status, 500);
        assert!(text.contains(fault), "{text}");
    }
}

#[tokio::test]
async fn a_wrong_query_is_a_fault_that_says_where() {
    let (mock, session) = org().await;
    let (status, text) =
        call(&mock, &session, "", &query("select adfId, Name, Account.Name from Contact")).await;
    assert_eq!(status, 500);
    // Recorded: WWW::Salesforce's own test of what Salesforce answers.
    assert_eq!(
        text,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:sf=\"urn:fault.partner.soap.sforce.com\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body><soapenv:Fault><faultcode>sf:INVALID_FIELD</faultcode><faultstring>INVALID_FIELD: \nselect adfId, Name, Account.Name from Contact\n       ^\nERROR at Row:1:Column:8\nNo such column &apos;adfId&apos; on entity &apos;Contact&apos;. If you are attempting to use a custom field, be sure to append the &apos;__c&apos; after the custom field name. Please reference your WSDL or the describe call for the appropriate names.</faultstring><detail><sf:InvalidFieldFault xsi:type=\"sf:InvalidFieldFault\"><sf:exceptionCode>INVALID_FIELD</sf:exceptionCode><sf:exceptionMessage>\nselect adfId, Name, Account.Name from Contact\n       ^\nERROR at Row:1:Column:8\nNo such column &apos;adfId&apos; on entity &apos;Contact&apos;. If you are attempting to use a custom field, be sure to append the &apos;__c&apos; after the custom field name. Please reference your WSDL or the describe call for the appropriate names.</sf:exceptionMessage><sf:row>1</sf:row><sf:column>8</sf:column></sf:InvalidFieldFault></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    );
    for (soql, fault) in [
        ("SELECT Id FROM Nonsense", "sf:InvalidSObjectFault"),
        ("SELECT Id, FROM Account", "<sf:row>1</sf:row>"),
        ("SELEKT", "sf:MalformedQueryFault"),
        ("", "SOQL statements cannot be empty or null"),
    ] {
        let (status, text) = call(&mock, &session, "", &query(soql)).await;
        assert_eq!(status, 500, "{soql}");
        assert!(text.contains(fault), "{soql}: {text}");
    }
}

#[tokio::test]
async fn query_all_finds_what_was_deleted() {
    let (mock, session) = org().await;
    let account = seed(&mock, "Account", &[("Name", "A")]);
    call(&mock, &session, "", &format!("<delete><ids>{account}</ids></delete>")).await;
    for (operation, size) in [("query", "0"), ("queryAll", "1")] {
        let body = format!(
            "<{operation}><queryString>SELECT Id, IsDeleted FROM Account</queryString></{operation}>"
        );
        let (_, text) = call(&mock, &session, "", &body).await;
        assert_eq!(element(&text, "size"), size, "{operation}");
        assert!(text.contains(&format!("<{operation}Response>")));
    }
}

#[tokio::test]
async fn records_are_retrieved_in_the_order_of_their_ids() {
    let (mock, session) = org().await;
    let [one, other] = ["A", "B"].map(|name| seed(&mock, "Account", &[("Name", name)]));
    let body = format!(
        "<retrieve><fieldList>Name, Phone</fieldList><sObjectType>Account</sObjectType><ids>{other}</ids><ids>001000000000099AAA</ids><ids>{one}</ids></retrieve>"
    );
    let (_, text) = call(&mock, &session, "", &body).await;
    let row = |name: &str| {
        format!(
            r#"<result xsi:type="sf:sObject"><sf:type>Account</sf:type><sf:Id xsi:nil="true"/><sf:Name>{name}</sf:Name><sf:Phone xsi:nil="true"/></result>"#
        )
    };
    assert_eq!(inner(&text), format!(r#"{}<result xsi:nil="true"/>{}"#, row("B"), row("A")));
    for (fields, object, id, fault) in [
        ("Name", "Nonsense", one.to_string(), "sf:InvalidSObjectFault"),
        ("Nonsense", "Account", one.to_string(), "sf:InvalidFieldFault"),
        ("(SELECT Id FROM Contacts)", "Account", one.to_string(), "sf:InvalidFieldFault"),
        ("Name", "Account", "nonsense".to_owned(), "sf:InvalidIdFault"),
    ] {
        let body = format!(
            "<retrieve><fieldList>{fields}</fieldList><sObjectType>{object}</sObjectType><ids>{id}</ids></retrieve>"
        );
        let (status, text) = call(&mock, &session, "", &body).await;
        assert_eq!(status, 500);
        assert!(text.contains(fault), "{fields} {object}: {text}");
    }
}

#[tokio::test]
async fn a_search_answers_records_of_several_objects() {
    let (mock, session) = org().await;
    seed(&mock, "Account", &[("Name", "Lovelace Engines")]);
    seed(&mock, "Lead", &[("LastName", "Lovelace"), ("Company", "Engines")]);
    let body = "<search><searchString>FIND {lovelace} RETURNING Account(Name), Lead(LastName)</searchString></search>";
    let (_, text) = call(&mock, &session, "", body).await;
    let (_, records) = inner(&text).split_once("</queryId>").unwrap();
    assert_eq!(
        records,
        r#"<searchRecords><record xsi:type="sf:sObject"><sf:type>Account</sf:type><sf:Id xsi:nil="true"/><sf:Name>Lovelace Engines</sf:Name></record></searchRecords><searchRecords><record xsi:type="sf:sObject"><sf:type>Lead</sf:type><sf:Id xsi:nil="true"/><sf:LastName>Lovelace</sf:LastName></record></searchRecords></result>"#
    );
    let (_, text) =
        call(&mock, &session, "", "<search><searchString>FIND lovelace</searchString></search>").await;
    assert!(text.contains("sf:MalformedSearchFault"), "{text}");
}

#[tokio::test]
async fn what_changed_and_what_went_in_a_span() {
    let (mock, session) = org().await;
    let noon = mock.clock().now().whole_minutes();
    let and = |minutes: i64| DateTime::from_millis(noon.millis() + minutes * 60_000);
    mock.clock().freeze_at(noon);
    let [kept, gone] = ["A", "B"].map(|name| seed(&mock, "Account", &[("Name", name)]));
    mock.clock().freeze_at(and(5));
    call(&mock, &session, "", &format!("<delete><ids>{gone}</ids></delete>")).await;
    mock.clock().freeze_at(and(10));
    let span = |operation: &str, start: i64, end: i64| {
        let (start, end) = (and(start).to_zulu(), and(end).to_zulu());
        format!(
            "<{operation}><sObjectType>Account</sObjectType><startDate>{start}</startDate><endDate>{end}</endDate></{operation}>"
        )
    };
    let (_, text) = call(&mock, &session, "", &span("getUpdated", 0, 8)).await;
    assert_eq!(
        inner(&text),
        format!(
            "<result><ids>{kept}</ids><latestDateCovered>{}</latestDateCovered></result>",
            and(8).to_zulu()
        )
    );
    let (_, text) = call(&mock, &session, "", &span("getDeleted", 0, 8)).await;
    assert_eq!(
        inner(&text),
        format!(
            "<result><deletedRecords><deletedDate>{}</deletedDate><id>{gone}</id></deletedRecords><earliestDateAvailable>{}</earliestDateAvailable><latestDateCovered>{}</latestDateCovered></result>",
            and(5).to_zulu(),
            and(10 - 15 * 1440).to_zulu(),
            and(8).to_zulu()
        )
    );
    for (body, fault) in [
        (
            span("getUpdated", 8, 8),
            "INVALID_REPLICATION_DATE: endDate must be at least one minute greater than startDate",
        ),
        (
            span("getDeleted", -40 * 1440, 8),
            "INVALID_REPLICATION_DATE: startDate cannot be more than 30 days ago",
        ),
        ("<getUpdated><sObjectType>Nonsense</sObjectType></getUpdated>".to_owned(), "INVALID_TYPE"),
    ] {
        let (status, text) = call(&mock, &session, "", &body).await;
        assert_eq!(status, 500);
        assert!(element(&text, "faultstring").starts_with(fault), "{text}");
    }
}

#[tokio::test]
async fn files_are_base64_both_ways() {
    let (mock, session) = org().await;
    let account = seed(&mock, "Account", &[("Name", "A")]);
    let body = format!(
        "<create><sObjects><type>Attachment</type><Name>a.txt</Name><ParentId>{account}</ParentId><Body>SGkgdGhlcmU=</Body></sObjects></create>"
    );
    let (_, text) = call(&mock, &session, "", &body).await;
    assert_eq!(element(&text, "success"), "true", "{text}");
    let (_, text) = call(&mock, &session, "", &query("SELECT Body, BodyLength FROM Attachment")).await;
    assert_eq!((element(&text, "sf:Body"), element(&text, "sf:BodyLength")), ("SGkgdGhlcmU=", "8"));
}
