//! Answers that are sent while they are made: files, and events as they happen.

use crate::config::Limits;
use crate::places::Place;
use crate::problem::{Problem, failed};
use axum::body::Body;
use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// Bytes of a file that are read at once.
const PART: usize = 128 << 10;
/// Parts that wait for a slow client.
const AHEAD: usize = 4;

/// Where the parts of an answer go.
pub struct Parts {
    to: mpsc::Sender<io::Result<Bytes>>,
    patience: Duration,
}

impl Parts {
    /// Sends a part; whether somebody still takes them.
    pub async fn send(&self, part: impl Into<Bytes>) -> bool {
        let sent = timeout(self.patience, self.to.send(Ok(part.into()))).await;
        matches!(sent, Ok(Ok(())))
    }

    /// Breaks the answer off, so that nobody takes it for whole.
    async fn break_off(&self, error: io::Error) {
        // Who went away needs no telling.
        let _ = timeout(self.patience, self.to.send(Err(error))).await;
    }
}

/// The body of an answer whose parts come one by one.
struct Coming {
    parts: mpsc::Receiver<io::Result<Bytes>>,
    /// The bytes that are still to come, where that is known.
    left: Option<u64>,
}

impl HttpBody for Coming {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let next = self.parts.poll_recv(context);
        if let (Poll::Ready(Some(Ok(part))), Some(left)) = (&next, &mut self.left) {
            *left = left.saturating_sub(part.len() as u64);
        }
        next.map(|part| part.map(|part| part.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        self.left
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// A body, and where its parts go. A client that takes none for so long is given up.
pub fn coming(patience: Duration, length: Option<u64>) -> (Parts, Body) {
    let (to, parts) = mpsc::channel(AHEAD);
    let left = length;
    (Parts { to, patience }, Body::new(Coming { parts, left }))
}

/// The content of a file as a body. No thread waits for a slow client, and `place` is held until he
/// has all of it.
///
/// # Errors
/// The file cannot be opened.
pub async fn file(path: PathBuf, limits: &Limits, place: Place) -> Result<Body, Problem> {
    let open = move || {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok::<_, io::Error>((file, length))
    };
    let opened = spawn_blocking(open).await.map_err(|error| failed(&error))?;
    let (file, length) = opened.map_err(|error| failed(&error))?;
    Ok(open_file(file, length, limits, place))
}

/// The same of a file that is open, from where it stands.
pub fn open_file(mut file: File, length: u64, limits: &Limits, place: Place) -> Body {
    let (parts, body) = coming(limits.time, Some(length));
    tokio::spawn(async move {
        let _place = place;
        loop {
            let read = spawn_blocking(move || {
                let mut part = Vec::new();
                let read = (&mut file).take(PART as u64).read_to_end(&mut part);
                (file, read.map(|_| part))
            });
            let part = match read.await {
                Ok((same, Ok(part))) => {
                    file = same;
                    part
                }
                Ok((_, Err(error))) => return parts.break_off(error).await,
                Err(error) => return parts.break_off(io::Error::other(error)).await,
            };
            if part.is_empty() || !parts.send(part).await {
                return;
            }
        }
    });
    body
}
