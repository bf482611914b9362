//! One POST, and what its answer says: `<Ack>true</Ack>` or why not.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use quick_xml::{Reader, events::Event};
use tokio::net::TcpStream;

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

/// The first `Ack` of the answer, whatever its prefix.
fn acknowledged(answer: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(answer).map_err(|error| error.to_string())?;
    let mut reader = Reader::from_str(text);
    let mut within = false;
    loop {
        match reader.read_event().map_err(|error| format!("org.xml.sax.SAXParseException: {error}"))? {
            Event::Start(start) => within = start.local_name().as_ref() == "Ack",
            Event::End(_) => within = false,
            Event::Text(text) if within => {
                return match text.trim() {
                    "true" | "1" => Ok(()),
                    _ => Err("SOAP response was a nack".to_owned()),
                };
            }
            Event::Eof => {
                return Err("org.xml.sax.SAXParseException: there is no Ack in the answer".to_owned());
            }
            _ => {}
        }
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
        for wrong in ["", "ok", "<a", &answer(""), &answer("<Ack></Ack> ")] {
            assert!(acknowledged(wrong.as_bytes()).unwrap_err().contains("SAXParseException"), "{wrong}");
        }
    }
}
