//! Statements that go out together: the server does them one after the other, and nothing waits for
//! an answer in between.
//!
//! What comes later may rest on what comes earlier: locks before what is read under them, rows
//! before the commit. That holds because every statement is prepared before the first is sent; one
//! that were prepared on the way would let those behind it overtake.

use crate::error::StoreError;
use deadpool_postgres::{Client, GenericClient};
use std::borrow::Cow;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

type Value<'a> = Box<dyn ToSql + Sync + Send + 'a>;

/// A statement with its values.
pub(super) struct Ask<'a> {
    sql: Cow<'static, str>,
    with: Vec<Value<'a>>,
}

impl<'a> Ask<'a> {
    pub(super) fn new(sql: impl Into<Cow<'static, str>>) -> Self {
        Self {
            sql: sql.into(),
            with: Vec::new(),
        }
    }

    /// The same with its next value.
    pub(super) fn with(mut self, value: impl ToSql + Sync + Send + 'a) -> Self {
        self.with.push(Box::new(value));
        self
    }

    /// Sends it alone.
    pub(super) async fn send(self, client: &impl GenericClient) -> Result<Vec<Row>, StoreError> {
        let with: Vec<&(dyn ToSql + Sync)> = self.with.iter().map(|one| &**one as _).collect();
        let statement = client.prepare_cached(&self.sql).await?;
        Ok(client.query(&statement, &with).await?)
    }
}

/// Sends them all, in their order, and gives the rows of each. The first that fails is told; in a
/// transaction nothing behind it has any effect then, and a commit does not commit.
pub(super) async fn send(client: &Client, asks: &[Ask<'_>]) -> Result<Vec<Vec<Row>>, StoreError> {
    let (mut statements, mut values) = (Vec::new(), Vec::new());
    for ask in asks {
        statements.push(client.prepare_cached(&ask.sql).await?);
        let with: Vec<&(dyn ToSql + Sync)> = ask.with.iter().map(|one| &**one as _).collect();
        values.push(with);
    }
    let ready = statements.iter().zip(&values);
    let sent = ready.map(|(statement, with)| client.query(statement, with));
    all(sent.collect()).await.map_err(StoreError::from)
}

/// Waits for all, asking each in its order, so that they are sent in their order.
async fn all<T, E>(futures: Vec<impl Future<Output = Result<T, E>>>) -> Result<Vec<T>, E> {
    type Slot<F, T> = (Pin<Box<F>>, Option<T>);
    let mut slots: Vec<Slot<_, T>> = futures
        .into_iter()
        .map(|one| (Box::pin(one), None))
        .collect();
    poll_fn(move |context| {
        let mut waits = false;
        for (future, done) in slots.iter_mut().filter(|one| one.1.is_none()) {
            match future.as_mut().poll(context) {
                Poll::Ready(Ok(value)) => *done = Some(value),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => waits = true,
            }
        }
        if waits {
            return Poll::Pending;
        }
        Poll::Ready(Ok(slots.drain(..).filter_map(|(_, done)| done).collect()))
    })
    .await
}
