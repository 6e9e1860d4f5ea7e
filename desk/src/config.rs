//! What an installation says of its desk.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// How the desk is run.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens. Without TLS it takes loopback addresses alone.
    pub listen: SocketAddr,
    /// The certificate and its key, both PEM.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// The data folder, for what is kept in files.
    pub home: PathBuf,
    /// What is refused to whoever asks for too much.
    pub limits: Limits,
}

/// Named limits, each with the answer that tells of it.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a request with one parcel or one form (413).
    pub body_bytes: usize,
    /// Bytes of a request with many parcels (413).
    pub many_bytes: usize,
    /// Parcels of one request (422).
    pub parcels: usize,
    /// Requests that are worked on at once (503).
    pub at_once: usize,
    /// Requests of one tenant that are worked on at once (429).
    pub at_once_of_tenant: usize,
    /// How long a request may take, its body included (408 while it is read, else 503).
    pub time: Duration,
    /// How long the head of a request may take.
    pub head_time: Duration,
    /// Connections at once; more wait to be taken.
    pub connections: usize,
    /// Bytes of the head of a request (431).
    pub head_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body_bytes: 1 << 20,
            many_bytes: 32 << 20,
            parcels: 10_000,
            at_once: 1024,
            at_once_of_tenant: 768,
            time: Duration::from_secs(30),
            head_time: Duration::from_secs(10),
            connections: 4096,
            head_bytes: 32 << 10,
        }
    }
}
