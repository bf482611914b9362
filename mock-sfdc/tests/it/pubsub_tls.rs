//! The Pub/Sub API over TLS, as clients speak it that know no other way: on its own port, and behind the proxy by Salesforce's name.

use std::sync::Arc;

use hyper_util::rt::{TokioExecutor, TokioIo};
use mock_sfdc::{
    MockSfdc,
    pubsub::wire::{TopicInfo, TopicRequest},
};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use tonic::{Request, body::Body, client::Grpc};
use tonic_prost::ProstCodec;

const PUBLISHED: &str = "api.pubsub.salesforce.com";

/// What the service says of a topic to whoever trusts the mock's authority and calls the service `name`.
async fn topic(mock: &MockSfdc, stream: TcpStream, name: &str) -> TopicInfo {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(mock.ca_pem().unwrap().as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let server = ServerName::try_from(name.to_owned()).unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(server, stream).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let shaken = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await;
    let (sender, connection) = shaken.unwrap();
    tokio::spawn(connection);
    let service = tower::service_fn(move |request: http::Request<Body>| sender.clone().send_request(request));
    let mut grpc = Grpc::with_origin(service, format!("https://{name}").parse().unwrap());
    grpc.ready().await.unwrap();
    let mut request = Request::new(TopicRequest { topic_name: "/data/LeadChangeEvent".to_owned() });
    let tenant = mock.org().snapshot().settings().organization_id.to_string();
    let headers =
        [("accesstoken", mock.admin_token().to_owned()), ("instanceurl", mock.url()), ("tenantid", tenant)];
    for (key, value) in headers {
        request.metadata_mut().insert(key, value.parse().unwrap());
    }
    let path = http::uri::PathAndQuery::from_static("/eventbus.v1.PubSub/GetTopic");
    grpc.unary(request, path, ProstCodec::default()).await.unwrap().into_inner()
}

#[tokio::test]
async fn the_port_of_the_service_speaks_tls_too() {
    let mock = MockSfdc::builder().pubsub().start().await.unwrap();
    let address = mock.pubsub_url().unwrap().trim_start_matches("http://").to_owned();
    for name in ["127.0.0.1", "localhost", PUBLISHED] {
        let stream = TcpStream::connect(&address).await.unwrap();
        let found = topic(&mock, stream, name).await;
        assert!(found.can_subscribe && !found.can_publish, "{name}: {found:?}");
    }
}

#[tokio::test]
async fn behind_the_proxy_it_has_salesforces_name() {
    let mock = MockSfdc::builder().pubsub().proxy().start().await.unwrap();
    let proxy = mock.proxy_url().unwrap().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(proxy).await.unwrap();
    let ask = format!("CONNECT {PUBLISHED}:7443 HTTP/1.1\r\nHost: {PUBLISHED}:7443\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&head));
    assert_eq!(topic(&mock, stream, PUBLISHED).await.topic_name, "/data/LeadChangeEvent");
}
