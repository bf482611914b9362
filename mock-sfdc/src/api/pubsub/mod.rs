//! The Pub/Sub face: gRPC over HTTP/2 on a port of its own (`contract/pubsub.md`). It translates messages; which event goes to
//! whom, and what may be published, is decided in `mock_sfdc_org::streaming` and `verbs`, as for every other face.
//!
//! The plumbing is what a generator would have written: five lines a method. Each call is in the journal under its row of the
//! operation table, and faults find it there; a stream counts as answered when it begins.

mod avro;
mod caller;
mod managed;
mod publish;
mod status;
mod stream;
mod subscribe;
mod topic;
pub mod wire;

use std::{convert::Infallible, net::IpAddr, sync::Arc, time::Duration};

use http::{Request, Response};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use mock_sfdc_org::error::Error;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
};
use tonic::{Code, Status, Streaming, body::Body, server::Grpc};
use tonic_prost::ProstCodec;

use self::caller::Caller;
use crate::{
    call::{Answer, Call},
    server::Server,
};

/// What stands before a method's name in its path.
const SERVICE: &str = "/eventbus.v1.PubSub/";

/// Over HTTP/1.1 on the main port nothing of this can be answered.
pub fn elsewhere(call: &Call) -> Answer {
    let what = format_args!(
        "{} here: the Pub/Sub API speaks gRPC on its own port (--pubsub-port)",
        call.operation.name
    );
    Err(Error::not_emulated(what))
}

/// Serves one connection, until it ends or `stop` says so.
pub(crate) async fn serve<S>(
    server: Arc<Server>,
    stream: S,
    peer: Option<IpAddr>,
    mut stop: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request| answer(Arc::clone(&server), peer, request));
    let connection = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(Duration::from_mins(1)))
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        _ = stop.wait_for(|stop| *stop) => {}
        done = connection => if let Err(error) = done {
            tracing::debug!(%error, "connection ended");
        },
    }
}

/// One call: its caller, and then its method.
async fn answer(
    server: Arc<Server>,
    peer: Option<IpAddr>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let method = request.uri().path().strip_prefix(SERVICE).unwrap_or_default().to_owned();
    let Some(operation) = caller::operation(&method) else {
        return Ok(
            Status::new(Code::Unimplemented, format!("unknown method {}", request.uri().path())).into_http()
        );
    };
    let caller = match Caller::admit(&server, operation, &request, peer).await {
        Ok(caller) => Arc::new(caller),
        Err(status) => return Ok(status.into_http()),
    };
    let unary = |caller: Arc<Caller>| move |status: status::Refusal| status.into_status(&caller.rpc_id);
    Ok(match method.as_str() {
        "GetTopic" => {
            let get = tower::service_fn(move |request: tonic::Request<wire::TopicRequest>| {
                let answer = topic::get_topic(&caller, request.into_inner()).map(tonic::Response::new);
                std::future::ready(answer.map_err(unary(Arc::clone(&caller))))
            });
            Grpc::new(ProstCodec::default()).unary(get, request).await
        }
        "GetSchema" => {
            let get = tower::service_fn(move |request: tonic::Request<wire::SchemaRequest>| {
                let answer = topic::get_schema(&caller, &request.into_inner()).map(tonic::Response::new);
                std::future::ready(answer.map_err(unary(Arc::clone(&caller))))
            });
            Grpc::new(ProstCodec::default()).unary(get, request).await
        }
        "Publish" => {
            let publish = tower::service_fn(move |request: tonic::Request<wire::PublishRequest>| {
                let answer = publish::once(&caller, &request.into_inner()).map(tonic::Response::new);
                std::future::ready(answer.map_err(unary(Arc::clone(&caller))))
            });
            fitting(Grpc::new(ProstCodec::default()).unary(publish, request).await)
        }
        "PublishStream" => {
            let publish =
                tower::service_fn(move |request: tonic::Request<Streaming<wire::PublishRequest>>| {
                    std::future::ready(Ok(tonic::Response::new(publish::stream(
                        Arc::clone(&caller),
                        request.into_inner(),
                    ))))
                });
            Grpc::new(ProstCodec::default()).streaming(publish, request).await
        }
        "Subscribe" => {
            let subscribe =
                tower::service_fn(move |request: tonic::Request<Streaming<wire::FetchRequest>>| {
                    std::future::ready(Ok(tonic::Response::new(subscribe::stream(
                        Arc::clone(&caller),
                        request.into_inner(),
                    ))))
                });
            Grpc::new(ProstCodec::default()).streaming(subscribe, request).await
        }
        "ManagedSubscribe" => {
            let subscribe =
                tower::service_fn(move |request: tonic::Request<Streaming<wire::ManagedFetchRequest>>| {
                    std::future::ready(Ok(tonic::Response::new(managed::stream(
                        Arc::clone(&caller),
                        request.into_inner(),
                    ))))
                });
            Grpc::new(ProstCodec::default()).streaming(subscribe, request).await
        }
        _ => status::Refusal::NotEmulated(format!("{method} of the Pub/Sub API"))
            .into_status(&caller.rpc_id)
            .into_http(),
    })
}

/// A request above gRPC's 4 MB never comes to the service.
fn fitting(answer: Response<Body>) -> Response<Body> {
    match Status::from_header_map(answer.headers()) {
        Some(status) if status.code() == Code::OutOfRange => {
            status::Refusal::RequestTooBig.into_status("").into_http()
        }
        _ => answer,
    }
}
