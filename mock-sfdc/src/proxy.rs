//! A CONNECT proxy that leads Salesforce's host names to this mock, and nothing anywhere else: whoever can set `HTTPS_PROXY`
//! and a certificate authority needs to change nothing else.

use std::{convert::Infallible, net::IpAddr, sync::Arc};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, sync::watch};

use crate::{
    api::pubsub,
    hosts,
    listen::Certified,
    server::{Incomer, Server},
};

/// Answers on one connection until it is led on or closed.
pub(crate) async fn serve(
    server: Arc<Server>,
    stream: TcpStream,
    tls: Certified,
    stop: watch::Receiver<bool>,
) -> hyper::Result<()> {
    let peer = stream.peer_addr().ok().map(|address| address.ip());
    let service = service_fn(move |request: Request<Incoming>| {
        let answer = if let Some(text) = refusal(&request) {
            refuse(text)
        } else {
            tokio::spawn(lead(Arc::clone(&server), request, peer, tls.clone(), stop.clone()));
            Response::default()
        };
        async { Ok::<_, Infallible>(answer) }
    });
    hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
        .await
}

fn refusal(request: &Request<Incoming>) -> Option<String> {
    let led = hosts::NAMES.join(", ");
    if request.method() != Method::CONNECT {
        return Some(format!(
            "mock-sfdc: this is a proxy for CONNECT only; it leads {led} here, and plain HTTP nowhere"
        ));
    }
    let authority = request.uri().authority();
    let (name, port) = authority.map_or(("", None), |to| (to.host(), to.port_u16()));
    let grpc = is_pubsub(name) && port == Some(7443);
    let known = hosts::is_led_here(&name.to_ascii_lowercase()) && port == Some(443) || grpc;
    (!known).then(|| {
        let asked = authority.map_or("", |to| to.as_str());
        format!("mock-sfdc: this proxy does not lead to {asked}, only port 443 of {led} (7443 of the Pub/Sub API too)")
    })
}

fn refuse(text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text + "\n"));
    *response.status_mut() = StatusCode::FORBIDDEN;
    let kind = HeaderValue::from_static("text/plain;charset=UTF-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

fn is_pubsub(name: &str) -> bool {
    name.eq_ignore_ascii_case(hosts::PUBSUB)
}

/// What comes after the 200 is TLS, and ends here.
async fn lead(
    server: Arc<Server>,
    request: Request<Incoming>,
    peer: Option<IpAddr>,
    tls: Certified,
    mut stop: watch::Receiver<bool>,
) {
    let grpc = request.uri().host().is_some_and(is_pubsub);
    let led = async {
        let raw = hyper::upgrade::on(request).await?;
        if grpc {
            let stream = tls.http2.accept(TokioIo::new(raw)).await?;
            pubsub::serve(server, stream, peer, stop).await;
        } else {
            let stream = tls.http1.accept(TokioIo::new(raw)).await?;
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => {}
                () = server.serve(stream, Incomer { scheme: "https", peer }) => {}
            }
        }
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
    };
    if let Err(error) = led.await {
        tracing::debug!(%error, "a connection through the proxy ended");
    }
}
