//! One POST, and what its answer says: `<Ack>true</Ack>` or why not.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::xml::{self, Token};

/// No answer nests deeper.
const MAX_DEPTH: usize = 32;
/// Java's words for an answer that is none.
const PROLOG: &str = "Content is not allowed in prolog.";
/// How long Salesforce waits for an endpoint.
const PATIENCE: Duration = Duration::from_mins(1);

/// Posts a message and waits for its `Ack`.
pub(super) async fn post(endpoint: &str, body: String, anywhere: bool) -> Result<(), String> {
    match tokio::time::timeout(PATIENCE, exchange(endpoint, body, anywhere)).await {
        Ok(answer) => acknowledged(&answer?),
        Err(_) => Err("java.net.SocketTimeoutException: Read timed out".to_owned()),
    }
}

async fn exchange(endpoint: &str, body: String, anywhere: bool) -> Result<Bytes, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{endpoint}: {error}");
    let url = url::Url::parse(endpoint).map_err(|error| failed(&error))?;
    if url.scheme() != "http" {
        return Err(failed(
            &"this mock posts over http only; PUT …/outbound/endpoints sends a message elsewhere",
        ));
    }
    let (host, port) = (url.host_str().unwrap_or_default(), url.port().unwrap_or(80));
    let addresses = tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await;
    let addresses = addresses.map_err(|error| failed(&error))?;
    let allowed = addresses.filter(|address| anywhere || address.ip().is_loopback()).collect::<Vec<_>>();
    if allowed.is_empty() {
        return Err(failed(&"is no address of this machine; --allow-outbound posts to others"));
    }
    let stream = TcpStream::connect(&*allowed).await.map_err(|error| failed(&error))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| failed(&error))?;
    tokio::spawn(connection);
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let request = Request::post(path)
        .header(header::HOST, &url[url::Position::BeforeHost..url::Position::AfterPort])
        .header(header::CONTENT_TYPE, "text/xml; charset=utf-8")
        .header("SOAPAction", "\"\"")
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| failed(&error))?;
    let answer = sender.send_request(request).await.map_err(|error| failed(&error))?;
    let status = answer.status();
    if !status.is_success() {
        return Err(format!("({}){}", status.as_u16(), status.canonical_reason().unwrap_or_default()));
    }
    Ok(answer.into_body().collect().await.map_err(|error| failed(&error))?.to_bytes())
}

/// The `Ack` of the answer, whatever its prefix. All of the answer must be XML: what breaks off behind its `Ack` is none.
fn acknowledged(answer: &[u8]) -> Result<(), String> {
    let unreadable = |what: &str| format!("org.xml.sax.SAXParseException: {what}");
    let (mut within, mut ack) = (false, None::<String>);
    let read = xml::walk(answer, None, MAX_DEPTH, |token| {
        match token {
            Token::Open(tag) => within = tag.name == "Ack",
            Token::Close => within = false,
            Token::Text(text) if within => ack.get_or_insert_default().push_str(text),
            Token::Text(_) => {}
        }
        Ok(())
    });
    read.map_err(|what| unreadable(if what == xml::OUTSIDE { PROLOG } else { &what }))?;
    match ack.as_deref().map(str::trim) {
        Some("true" | "1") => Ok(()),
        Some("false" | "0") => Err("SOAP response was a nack".to_owned()),
        Some(other) => Err(unreadable(&format!("{other:?} is no value of Ack"))),
        None => Err(unreadable("there is no Ack in the answer")),
    }
}

#[cfg(test)]
mod tests {
    use super::acknowledged;

    #[test]
    fn only_an_ack_is_an_ack() {
        let answer = |ack: &str| {
            format!(
                "<s:Envelope xmlns:s=\"x\"><s:Body><n:notificationsResponse xmlns:n=\"y\">{ack}</n:notificationsResponse></s:Body></s:Envelope>"
            )
        };
        assert_eq!(acknowledged(answer("<n:Ack>true</n:Ack>").as_bytes()), Ok(()));
        assert_eq!(acknowledged(answer("<Ack> true </Ack>").as_bytes()), Ok(()));
        let nack = Err("SOAP response was a nack".to_owned());
        assert_eq!(acknowledged(answer("<Ack>false</Ack>").as_bytes()), nack);
        assert_eq!(acknowledged(answer("<Ack><![CDATA[true]]></Ack>").as_bytes()), Ok(()));
        assert!(
            acknowledged(b"ok")
                .unwrap_err()
                .ends_with("SAXParseException: Content is not allowed in prolog.")
        );
        let whole = answer("<Ack>true</Ack>");
        let broken = &whole[..whole.len() - 1];
        for wrong in [
            "",
            "ok",
            "<a",
            &answer(""),
            &answer("<Ack></Ack> "),
            &answer("<Ack>yes</Ack>"),
            broken,
            "<Ack>true</Ack>ok",
        ] {
            assert!(acknowledged(wrong.as_bytes()).unwrap_err().contains("SAXParseException"), "{wrong}");
        }
    }
}
