//! Envelopes as clients write them, and those that are none.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use mock_sfdc::MockSfdc;
use mock_sfdc_org::id::Id;

use crate::{
    client,
    people::{self, PASSWORD, SECURITY_TOKEN, USERNAME},
    soap::{call, call_at, element, inner, org},
};

const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const PARTNER: &str = "urn:partner.soap.sforce.com";

/// Posts these bytes with these headers.
async fn post(mock: &MockSfdc, headers: &[(&str, &str)], body: Vec<u8>) -> (u16, String) {
    let mut request = client().post(format!("{}/services/Soap/u/62.0", mock.url())).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn send(mock: &MockSfdc, text: &str) -> (u16, String) {
    let headers = [("content-type", "text/xml; charset=UTF-8"), ("SOAPAction", "\"\"")];
    post(mock, &headers, text.as_bytes().to_vec()).await
}

fn envelope(session: &str) -> String {
    format!(
        r#"<e:Envelope xmlns:e="{SOAP}"><e:Header><SessionHeader xmlns="{PARTNER}"><sessionId>{session}</sessionId></SessionHeader></e:Header><e:Body><query xmlns="{PARTNER}"><queryString>SELECT Name FROM User WHERE Name != 'é'</queryString></query></e:Body></e:Envelope>"#
    )
}

#[tokio::test]
async fn whatever_xml_says_the_same_is_understood() {
    let (mock, session) = org().await;
    let good = envelope(&session);
    for text in [
        good.replace("xmlns:e=", "xmlns:soap-env.1=")
            .replace("<e:", "<soap-env.1:")
            .replace("</e:", "</soap-env.1:"),
        good.replace("<e:", "<").replace("</e:", "</").replace("xmlns:e=", "xmlns="),
        good.replace(&session, &format!("\n  {session}\t")),
        good.replace(&session, &format!("<![CDATA[{session}]]>")),
        good.replace('!', "&#33;"),
        good.replace('!', "<!-- x -->!<?x y?>"),
        format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<?x y?><!-- z -->{good}\n<!-- z -->\n"),
        good.replace(
            "<e:Header>",
            "<e:Header><x:Trace xmlns:x='urn:x' e:mustUnderstand='0'><x:id>1</x:id></x:Trace>",
        ),
    ] {
        let (status, answer) = send(&mock, &text).await;
        assert_eq!(status, 200, "{text}: {answer}");
        assert!(answer.contains("<size>"), "{answer}");
    }
}

#[tokio::test]
async fn other_encodings_are_read_where_they_are_said() {
    let (mock, session) = org().await;
    let plain = envelope(&session);
    let latin = |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<_>>();
    let declared = format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{plain}");
    let mut wide = b"\xFF\xFE".to_vec();
    wide.extend(plain.encode_utf16().flat_map(u16::to_le_bytes));
    let said = "text/xml; charset=ISO-8859-1";
    for (kind, body, status) in [
        (said, latin(&plain), 200),
        ("text/xml", latin(&declared), 200),
        ("text/xml; charset=utf-8", latin(&declared), 500),
        ("text/xml; charset=utf-16", wide.clone(), 200),
        ("TEXT/XML", wide, 200),
        ("text/xml; charset=\"utf-8\"", plain.clone().into_bytes(), 200),
        ("text/xml; charset=windows-1251", plain.into_bytes(), 500),
    ] {
        let answer = post(&mock, &[("content-type", kind), ("SOAPAction", "")], body).await;
        assert_eq!(answer.0, status, "{kind}: {}", answer.1);
    }
}

#[tokio::test]
async fn what_is_no_request_is_a_fault_of_the_client() {
    let (mock, session) = org().await;
    let good = envelope(&session);
    let wrong = [
        (String::new(), "The body is no SOAP envelope: it has no element"),
        (format!("{good}more"), "The body is no SOAP envelope: text stands outside of the root"),
        (format!("{good}{good}"), "The body is no SOAP envelope: a second root stands behind the first"),
        (format!("<!DOCTYPE x>{good}"), "The body is no SOAP envelope: a DTD is not allowed"),
        (good.replace("<query ", "<q:query "), "The body is no SOAP envelope: "),
        (good.replace("<e:Header>", "<e:Header x='1' x='2'>"), "The body is no SOAP envelope: "),
        (
            good.replace(SOAP, "http://www.w3.org/2003/05/soap-envelope"),
            "The body is no SOAP envelope: Unexpected element.",
        ),
        (
            good.replace("</e:Body>", "<getUserInfo/></e:Body>"),
            "Element {}getUserInfo invalid at this location",
        ),
        (
            good.replace("<e:Body>", "<e:Body>text"),
            "The body is no SOAP envelope: the text &quot;text&quot; is invalid",
        ),
        (good.replace("<e:Body>", "<e:Header/><e:Body>"), "The body is no SOAP envelope: Element {"),
        (
            good.replace("</query>", "<more/></query>"),
            "Element {urn:partner.soap.sforce.com}more invalid at this location",
        ),
        (
            good.replace(&format!("<query xmlns=\"{PARTNER}\">"), "<query>"),
            "No operation available for request {}query, please check the WSDL for the service.",
        ),
        (
            good.replace("<query xmlns=\"urn:partner", "<query xmlns=\"urn:enterprise"),
            "No operation available for request {urn:enterprise.soap.sforce.com}query, please check",
        ),
        (
            good.replace("<e:Header>", "<e:Header><x:Security xmlns:x='urn:x' e:mustUnderstand='1'/>"),
            "the header {urn:x}Security must be understood and is not",
        ),
        (
            good.replace("queryString", "a").replace("<a>", "<a>&lol;"),
            "The body is no SOAP envelope: it uses an entity",
        ),
    ];
    for (text, said) in &wrong {
        let (status, answer) = send(&mock, text).await;
        assert_eq!((status, element(&answer, "faultcode")), (500, "soapenv:Client"), "{text}: {answer}");
        assert!(element(&answer, "faultstring").starts_with(said), "{said}: {answer}");
        assert!(!answer.contains("<detail>"), "{answer}");
    }
}

#[tokio::test]
async fn what_the_headers_of_http_must_say() {
    let (mock, session) = org().await;
    let body = envelope(&session).into_bytes();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&vec![b' '; 60 << 20]).unwrap();
    let bomb = packed.finish().unwrap();
    let (kind, action) = (("content-type", "text/xml"), ("SOAPAction", "\"\""));
    let missing = "SOAPAction HTTP header missing";
    let type_wanted = "content-type of the request should be text/xml";
    for (headers, body, said) in [
        (vec![kind], body.clone(), missing),
        (vec![action], body.clone(), type_wanted),
        (vec![("content-type", "application/soap+xml; charset=utf-8"), action], body.clone(), type_wanted),
        (vec![("content-type", "application/json"), action], body.clone(), type_wanted),
        (
            vec![kind, action, ("content-encoding", "gzip")],
            body.clone(),
            "The request body is not valid gzip",
        ),
        (
            vec![kind, action, ("content-encoding", "br")],
            body,
            "Content type with Content-Encoding br not supported",
        ),
        (
            vec![kind, action, ("content-encoding", "gzip")],
            bomb,
            "EXCEEDED_MAX_SIZE_REQUEST: Exceeded max size limit of 52428800",
        ),
    ] {
        let (status, answer) = post(&mock, &headers, body).await;
        assert_eq!(status, 500, "{headers:?}");
        assert!(element(&answer, "faultstring").starts_with(said), "{headers:?}: {answer}");
    }
}

#[tokio::test]
async fn a_session_header_of_another_namespace_is_none() {
    let (mock, session) = org().await;
    let good = envelope(&session);
    for other in ["", "urn:enterprise.soap.sforce.com"] {
        let header = format!("<SessionHeader xmlns=\"{other}\">");
        let text = good.replace(&format!("<SessionHeader xmlns=\"{PARTNER}\">"), &header);
        let (_, answer) = send(&mock, &text).await;
        assert_eq!(element(&answer, "faultcode"), "sf:INVALID_SESSION_ID", "{other}");
    }
    let (_, answer) = call_at(&mock, "c/62.0", &session, "", "<getServerTimestamp/>").await;
    assert!(answer.contains("<timestamp>"), "{answer}");
}

#[tokio::test]
async fn a_login_takes_two_arguments_and_headers_that_there_are() {
    let (mock, _) = people::mock().await;
    let login = |more: &str| {
        format!(
            "<login><username>{USERNAME}</username><password>{PASSWORD}{SECURITY_TOKEN}</password>{more}</login>"
        )
    };
    assert_eq!(call(&mock, "", "", &login("")).await.0, 200);
    for (header, more, said) in [
        ("", "<orgId>1</orgId>", "Element {urn:partner.soap.sforce.com}orgId invalid at this location"),
        (
            "<FooHeader/>",
            "",
            "FUNCTIONALITY_NOT_ENABLED: mock-sfdc does not emulate the SOAP header FooHeader",
        ),
        (
            "<LoginScopeHeader><orgId>1</orgId></LoginScopeHeader>",
            "",
            "Element {urn:partner.soap.sforce.com}orgId invalid at this location",
        ),
    ] {
        let (status, text) = call(&mock, "", header, &login(more)).await;
        assert_eq!(status, 500, "{text}");
        assert!(element(&text, "faultstring").starts_with(said), "{text}");
    }
}

#[tokio::test]
async fn flags_are_words_of_xml_and_headers_have_the_members_that_they_have() {
    let (mock, session) = org().await;
    let create = "<create><sObjects><type>Account</type><Name>A</Name></sObjects></create>";
    let yes = "'yes' is not a valid value for the type xsd:boolean";
    for (header, body, said) in [
        ("<AllOrNoneHeader><allOrNone>yes</allOrNone></AllOrNoneHeader>", create, yes),
        (
            "<AllOrNoneHeader><all>true</all></AllOrNoneHeader>",
            create,
            "Element {urn:partner.soap.sforce.com}all invalid at this location",
        ),
        (
            "<AllOrNoneHeader><allOrNone>true</allOrNone></AllOrNoneHeader><AllOrNoneHeader/>",
            create,
            "Element {urn:partner.soap.sforce.com}AllOrNoneHeader invalid at this location",
        ),
        (
            "",
            "<convertLead><leadConverts><leadId>00Q5g0000000001EAA</leadId><doNotCreateOpportunity>yes</doNotCreateOpportunity></leadConverts></convertLead>",
            yes,
        ),
        (
            "",
            "<merge><request><masterRecord><type>Lead</type></masterRecord><losers>1</losers></request></merge>",
            "Element {urn:partner.soap.sforce.com}losers invalid at this location",
        ),
    ] {
        let (status, text) = call(&mock, &session, header, body).await;
        assert_eq!((status, element(&text, "faultcode")), (500, "soapenv:Client"), "{header} {body}: {text}");
        assert_eq!(element(&text, "faultstring").replace("&apos;", "'"), said);
    }
    for flag in ["true", "1", " false ", ""] {
        let header = format!("<AllOrNoneHeader><allOrNone>{flag}</allOrNone></AllOrNoneHeader>");
        assert_eq!(call(&mock, &session, &header, create).await.0, 200, "{flag:?}");
    }
}

/// One record to create, and what its result holds, or the fault.
async fn create(mock: &MockSfdc, session: &str, values: &str) -> String {
    let body = format!("<create><sObjects>{values}</sObjects></create>");
    let (status, text) = call(mock, session, "", &body).await;
    if status == 200 { inner(&text).to_owned() } else { element(&text, "faultstring").to_owned() }
}

#[tokio::test]
async fn a_record_says_each_thing_once() {
    let (mock, session) = org().await;
    let lead = "<type>Lead</type><LastName>A</LastName><Company>B</Company>";
    for (more, name) in [
        ("<LastName>C</LastName>", "LastName"),
        ("<lastname>C</lastname>", "lastname"),
        ("<type>Contact</type>", "type"),
        ("<fieldsToNull>Phone</fieldsToNull><Phone>1</Phone>", "Phone"),
    ] {
        let said = create(&mock, &session, &format!("{lead}{more}")).await;
        assert_eq!(said, format!("INVALID_FIELD: {name} is specified more than once"), "{more}");
    }
    let both = "<Owner><type>User</type><Username>a@b.example</Username></Owner><OwnerId>0055g0000000001AAA</OwnerId>";
    let said = create(&mock, &session, &format!("{lead}{both}")).await;
    assert_eq!(
        said,
        "INVALID_FIELD: Cannot specify both an external ID reference Owner and a salesforce id, OwnerId"
    );

    // What a query answered says the id twice, and may come back so.
    let made = create(&mock, &session, &format!("{lead}<type>Lead</type>")).await;
    let id = Id::parse(element(&made, "id")).unwrap();
    for record in [format!("<Id>{id}</Id><Id>{id}</Id>"), format!("<id>\n{id} </id>")] {
        let body = format!("<update><sObjects><type>Lead</type>{record}<Phone>1</Phone></sObjects></update>");
        let (_, text) = call(&mock, &session, "", &body).await;
        assert!(text.contains("<success>true</success>"), "{text}");
    }
}

#[tokio::test]
async fn white_space_around_values_says_nothing() {
    let (mock, session) = org().await;
    let values = "<type> Lead </type><LastName> A </LastName><Company>B</Company><HasOptedOutOfFax> true\n</HasOptedOutOfFax><AnnualRevenue> 12 </AnnualRevenue>";
    let made = create(&mock, &session, values).await;
    let id = element(&made, "id");
    let body = format!(
        "<retrieve><fieldList>LastName, HasOptedOutOfFax, AnnualRevenue</fieldList><sObjectType>Lead</sObjectType><ids> {id} </ids></retrieve>"
    );
    let (_, text) = call(&mock, &session, "", &body).await;
    let said =
        ["LastName", "HasOptedOutOfFax", "AnnualRevenue"].map(|name| element(&text, &format!("sf:{name}")));
    assert_eq!(said, ["A", "true", "12.0"]);
}
