//! What all streams have in common: each is answered by a task of its own, and the refusal that ends it is its last word.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Status, Streaming};

use super::{caller::Caller, status::Refusal};

/// How many answers of one stream wait for a slow reader before it is asked to read.
const WAITING: usize = 4;

/// What comes out of a stream.
pub type Answered<A> = ReceiverStream<Result<A, Status>>;

/// Where a stream's answers go in.
pub type Answers<A> = mpsc::Sender<Result<A, Status>>;

/// The next request, none when the client has ended the stream; one that is too big ends it as an error.
pub async fn next<Q>(requests: &mut Streaming<Q>) -> Result<Option<Q>, Refusal> {
    match requests.message().await {
        Ok(request) => Ok(request),
        Err(status) if status.code() == Code::OutOfRange => Err(Refusal::RequestTooBig),
        Err(_) => Ok(None),
    }
}

/// Has `serve` answer until either side ends the stream.
pub fn answered<A, F>(caller: Arc<Caller>, serve: impl FnOnce(Arc<Caller>, Answers<A>) -> F) -> Answered<A>
where
    A: Send + 'static,
    F: Future<Output = Result<(), Refusal>> + Send + 'static,
{
    let (answers, receiver) = mpsc::channel(WAITING);
    let served = serve(Arc::clone(&caller), answers.clone());
    tokio::spawn(async move {
        if let Err(refusal) = served.await {
            let _ = answers.send(Err(refusal.into_status(&caller.rpc_id))).await;
        }
    });
    ReceiverStream::new(receiver)
}
