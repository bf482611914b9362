//! The ports of a mock: HTTP always, TLS and the proxy where asked for. All lead to the same server.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    MockSfdc, StartError,
    api::pubsub,
    proxy,
    server::{Incomer, Server},
    tls,
};

/// What is to be open beside HTTP; a port of 0 is any that is free.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ports {
    pub tls: Option<u16>,
    pub proxy: Option<u16>,
    /// gRPC, plain or over TLS.
    pub pubsub: Option<u16>,
    /// Names of this machine that the certificate is for as well.
    pub names: Vec<String>,
}

/// Where a mock listens.
#[derive(Debug, Clone, Copy)]
pub struct Addresses {
    pub plain: SocketAddr,
    pub tls: Option<SocketAddr>,
    pub proxy: Option<SocketAddr>,
    pub pubsub: Option<SocketAddr>,
}

/// How a connection comes in.
#[derive(Clone)]
enum Door {
    Plain,
    Tls(TlsAcceptor),
    Proxy(Certified),
    PubSub(TlsAcceptor),
}

/// One certificate for both protocols.
#[derive(Clone)]
pub(crate) struct Certified {
    pub http1: TlsAcceptor,
    pub http2: TlsAcceptor,
}

/// Open ports that nobody answers on yet.
pub(crate) struct Listening {
    pub addresses: Addresses,
    doors: Vec<(TcpListener, Door)>,
}

impl Ports {
    pub async fn open(&self, plain: SocketAddr) -> Result<Listening, StartError> {
        let (listener, address) = bind(plain).await?;
        let mut listening = Listening {
            addresses: Addresses { plain: address, tls: None, proxy: None, pubsub: None },
            doors: vec![(listener, Door::Plain)],
        };
        if self.tls.is_none() && self.proxy.is_none() && self.pubsub.is_none() {
            return Ok(listening);
        }
        let config = tls::server_config(&self.names, &["http/1.1"])?;
        let mut grpc = config.clone();
        grpc.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let certified = Certified { http1: acceptor.clone(), http2: TlsAcceptor::from(Arc::new(grpc)) };
        if let Some(port) = self.pubsub {
            let (listener, address) = bind((plain.ip(), port).into()).await?;
            listening.addresses.pubsub = Some(address);
            listening.doors.push((listener, Door::PubSub(certified.http2.clone())));
        }
        if let Some(port) = self.tls {
            let (listener, address) = bind((plain.ip(), port).into()).await?;
            listening.addresses.tls = Some(address);
            listening.doors.push((listener, Door::Tls(acceptor)));
        }
        if let Some(port) = self.proxy {
            let (listener, address) = bind((plain.ip(), port).into()).await?;
            listening.addresses.proxy = Some(address);
            listening.doors.push((listener, Door::Proxy(certified)));
        }
        Ok(listening)
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |error| StartError::Listen { address, error };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

impl Listening {
    /// Serves until `stop` says so, then finishes nothing: connections that are held are dropped.
    pub fn serve(self, server: &Arc<Server>, stop: &watch::Receiver<bool>) {
        for (listener, door) in self.doors {
            tokio::spawn(accept(Arc::clone(server), listener, door, stop.clone()));
        }
    }
}

async fn accept(server: Arc<Server>, listener: TcpListener, door: Door, stop: watch::Receiver<bool>) {
    let mut stopped = stop.clone();
    // Dropped with all that are still open. A connection that asked at each step whether it is to stop would make others wait.
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            Some(_) = open.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    open.spawn(connection(Arc::clone(&server), stream, door.clone(), stop.clone()));
                }
                // Out of descriptors and the like: others may close theirs.
                Err(error) => tracing::warn!(%error, "cannot accept a connection"),
            },
        }
    }
}

async fn connection(server: Arc<Server>, stream: TcpStream, door: Door, stop: watch::Receiver<bool>) {
    // Answers are small and wait for nothing.
    let _ = stream.set_nodelay(true);
    let peer = stream.peer_addr().ok().map(|address| address.ip());
    let served = async move {
        match door {
            Door::Plain => server.serve(stream, Incomer { scheme: "http", peer }).await,
            Door::Tls(tls) => {
                server.serve(tls.accept(stream).await?, Incomer { scheme: "https", peer }).await;
            }
            // Some clients insist on TLS, which begins with this byte; others want none.
            Door::PubSub(tls) => {
                let mut first = [0];
                stream.peek(&mut first).await?;
                if first == [0x16] {
                    pubsub::serve(server, tls.accept(stream).await?, peer, stop).await;
                } else {
                    pubsub::serve(server, stream, peer, stop).await;
                }
            }
            Door::Proxy(tls) => {
                proxy::serve(server, stream, tls, stop).await.map_err(io::Error::other)?;
            }
        }
        Ok::<_, io::Error>(())
    };
    if let Err(error) = served.await {
        tracing::debug!(%error, "connection ended");
    }
}

/// As a client on this machine writes it: a server that listens on all addresses is reached at the loopback one as well.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => std::net::Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => std::net::Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

impl MockSfdc {
    /// `https://127.0.0.1:port`, where TLS was asked for.
    #[must_use]
    pub fn tls_url(&self) -> Option<String> {
        self.server.addresses.tls.map(|address| format!("https://{}", reachable(address)))
    }

    /// What `HTTPS_PROXY` is to be, where the proxy was asked for.
    #[must_use]
    pub fn proxy_url(&self) -> Option<String> {
        self.server.addresses.proxy.map(|address| format!("http://{}", reachable(address)))
    }

    /// `http://127.0.0.1:port` of the Pub/Sub API, where it was asked for; the port speaks TLS as well.
    #[must_use]
    pub fn pubsub_url(&self) -> Option<String> {
        self.server.addresses.pubsub.map(|address| format!("http://{}", reachable(address)))
    }

    /// The certificate that a client of TLS or of the proxy has to trust; the same for all mocks of a process.
    #[must_use]
    pub fn ca_pem(&self) -> Option<String> {
        self.server.ca_pem()
    }
}
