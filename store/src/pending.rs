//! An answer that is not there before it is durable.

use crate::error::StoreError;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::oneshot;

/// An answer on its way. Threads wait for it, tasks await it. Dropping it withdraws nothing.
#[derive(Debug)]
pub struct Pending<T>(oneshot::Receiver<Result<T, StoreError>>);

/// The other end.
pub(crate) type Answer<T> = oneshot::Sender<Result<T, StoreError>>;

impl<T> Pending<T> {
    pub(crate) fn new() -> (Answer<T>, Self) {
        let (answer, receiver) = oneshot::channel();
        (answer, Self(receiver))
    }

    /// An answer that is there.
    #[must_use]
    pub fn ready(result: Result<T, StoreError>) -> Self {
        let (answer, pending) = Self::new();
        // The receiver lives: it is returned.
        let _ = answer.send(result);
        pending
    }

    /// Blocks until the answer is there. Not to be called from within an async task.
    ///
    /// # Errors
    /// As the request says; [`StoreError::Failure`] if the store went away first.
    pub fn wait(self) -> Result<T, StoreError> {
        self.0.blocking_recv().unwrap_or_else(|_| Err(gone()))
    }
}

impl<T> Future for Pending<T> {
    type Output = Result<T, StoreError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0)
            .poll(context)
            .map(|received| received.unwrap_or_else(|_| Err(gone())))
    }
}

fn gone() -> StoreError {
    StoreError::Failure("the store went away before it answered".into())
}
