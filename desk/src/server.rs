//! The server: takes connections within limits, ends with all that it acknowledged done.

use crate::auth::{INVITATION, kept_invitation};
use crate::batches;
use crate::patient::Patient;
use crate::peer::Peer;
use crate::problem::Problem;
use crate::router::service;
use crate::state::{Desk, OpenError};
use crate::tracking::drop::watch;
use crate::tracking::follow::follow;
use crate::webhooks;
use deminimis_office::ledger::now;
use deminimis_store::StoreError;
use deminimis_store::desk::Role;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// How long the end waits for requests that are on their way.
const LAST_WORDS: Duration = Duration::from_secs(40);

/// Why the desk does not serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The ledger or the store cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address cannot be listened at.
    #[error("{0}: {1}")]
    Listen(SocketAddr, io::Error),
    /// Without TLS, an address that others reach.
    #[error(
        "{0} is reached by others and no TLS is configured: give --tls-cert and --tls-key, or listen \
         at a loopback address behind a server that has TLS"
    )]
    Bare(SocketAddr),
    /// The certificate or its key cannot be used.
    #[error("{0}: {1}")]
    Tls(PathBuf, String),
    /// No invitation could be made.
    #[error("{0}")]
    Invite(String),
}

/// Serves until `end` is there; then takes no more, and waits for what is on its way. `ready` is
/// told where it listens and, where nobody has used the installation yet, the path of a link by
/// which the first admin comes in, once.
///
/// # Errors
/// It cannot begin.
pub async fn serve(
    desk: Arc<Desk>,
    end: impl Future<Output = ()>,
    ready: impl FnOnce(SocketAddr, Option<String>),
) -> Result<(), ServeError> {
    let routes = service(&desk);
    serve_routes(desk, routes, end, ready).await
}

/// The same with routes of the caller's own, which [`crate::router::guarded`] has made.
///
/// # Errors
/// It cannot begin.
pub async fn serve_routes(
    desk: Arc<Desk>,
    routes: axum::Router,
    end: impl Future<Output = ()>,
    ready: impl FnOnce(SocketAddr, Option<String>),
) -> Result<(), ServeError> {
    let config = &desk.config;
    let tls = config
        .tls
        .as_ref()
        .map(|files| tls(&files.0, &files.1))
        .transpose()?;
    if tls.is_none() && !config.listen.ip().is_loopback() {
        return Err(ServeError::Bare(config.listen));
    }
    let listen = |error| ServeError::Listen(config.listen, error);
    let listener = TcpListener::bind(config.listen).await.map_err(listen)?;
    let first = first_admin(&desk).await?;
    let works = [batches::begin(&desk), webhooks::begin(&desk)];
    ready(listener.local_addr().map_err(listen)?, first);
    let mut background = JoinSet::new();
    background.spawn(follow(Arc::clone(&desk)));
    background.spawn(watch(Arc::clone(&desk)));
    let places = Arc::new(Semaphore::new(config.limits.connections));
    let service = TowerToHyperService::new(routes);
    let graceful = GracefulShutdown::new();
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(config.limits.head_time)
        .max_buf_size(config.limits.head_bytes)
        .half_close(false);
    tokio::pin!(end);
    loop {
        let place = Arc::clone(&places).acquire_owned();
        let taken = async {
            // The semaphore is never closed.
            let place = place.await;
            (listener.accept().await, place)
        };
        let (taken, place) = tokio::select! {
            taken = taken => taken,
            () = &mut end => break,
        };
        let (stream, peer) = match taken {
            Ok(taken) => taken,
            Err(_) => {
                // Out of descriptors, or a client that went at once: there is nothing to answer.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        let peer = Peer {
            address: peer.ip(),
            is_secure: tls.is_some(),
        };
        let service = from(peer, config.behind_proxy, service.clone());
        let builder = builder.clone();
        let (watcher, tls) = (graceful.watcher(), tls.clone());
        let (time, patience) = (config.limits.head_time, config.limits.time);
        tokio::spawn(async move {
            let _place = place;
            let Some(stream) = opened(stream, tls, time).await else {
                return;
            };
            let stream = TokioIo::new(Patient::new(stream, patience));
            let connection = builder.serve_connection(stream, service);
            // A client that breaks off is no failure of ours.
            let _ = watcher.watch(connection).await;
        });
    }
    drop(listener);
    desk.end();
    // Who does not end by himself is cut off: what was acknowledged is durable.
    let _ = timeout(LAST_WORDS, graceful.shutdown()).await;
    for work in works {
        work.end(LAST_WORDS).await;
    }
    Ok(())
}

type Routes = TowerToHyperService<axum::Router>;

/// The service for one connection, whose requests know where they come from.
fn from(
    peer: Peer,
    behind_proxy: bool,
    routes: Routes,
) -> impl Service<
    Request<Incoming>,
    Response = <Routes as Service<Request<Incoming>>>::Response,
    Error = <Routes as Service<Request<Incoming>>>::Error,
    Future: Send,
> {
    service_fn(move |mut request: Request<Incoming>| {
        let peer = peer.of(request.headers(), behind_proxy);
        request.extensions_mut().insert(peer);
        routes.call(request)
    })
}

/// A connection, plain or under TLS.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

async fn opened(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    time: Duration,
) -> Option<Box<dyn Stream>> {
    // Answers are small and written whole.
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else {
        return Some(Box::new(stream));
    };
    let stream = timeout(time, tls.accept(stream)).await.ok()?.ok()?;
    Some(Box::new(stream))
}

fn tls(certificate: &PathBuf, key: &PathBuf) -> Result<TlsAcceptor, ServeError> {
    let of = |path: &PathBuf, error: &dyn std::fmt::Display| {
        ServeError::Tls(path.clone(), error.to_string())
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(|all| all.collect::<Result<Vec<_>, _>>())
        .map_err(|error| of(certificate, &error))?;
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| of(key, &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| of(certificate, &error))?
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .map_err(|error| of(certificate, &error))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// The path of the first admin's link, where the installation has no tenant yet.
async fn first_admin(desk: &Desk) -> Result<Option<String>, ServeError> {
    if desk.store.has_tenants().await? {
        return Ok(None);
    }
    desk.store.add_tenant("default", now()).await?;
    let refused = |problem: Problem| ServeError::Invite(problem.detail().to_owned());
    let (invitation, hash, path) = kept_invitation("default", Role::Admin).map_err(refused)?;
    desk.store
        .invite(&hash, &invitation, now() + INVITATION)
        .await?;
    Ok(Some(path))
}
