//! A connection whose client must take what it is sent: one that reads nothing would keep its answer
//! in memory for as long as it likes.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// A stream that breaks off where nothing of what is written is taken for some time.
pub struct Patient<S> {
    stream: S,
    time: Duration,
    /// When it breaks off; nothing while the client takes what it is sent.
    until: Option<Pin<Box<Sleep>>>,
}

impl<S> Patient<S> {
    /// Waits so long.
    pub fn new(stream: S, time: Duration) -> Patient<S> {
        Patient {
            stream,
            time,
            until: None,
        }
    }

    /// What came of writing, or the end of the patience.
    fn judged<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.until = None;
            return written;
        }
        let time = self.time;
        let until = self.until.get_or_insert_with(|| Box::pin(sleep(time)));
        match until.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judged(written, context)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.judged(flushed, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let ended = Pin::new(&mut self.stream).poll_shutdown(context);
        self.judged(ended, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.judged(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn who_takes_nothing_is_cut_off_and_who_takes_slowly_is_not() {
        let time = Duration::from_millis(200);
        let (ours, theirs) = duplex(4);
        let mut ours = Patient::new(ours, time);
        let error = ours
            .write_all(b"more than there is room for")
            .await
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        drop(theirs);

        let (ours, mut theirs) = duplex(4);
        let mut ours = Patient::new(ours, time);
        let slow = tokio::spawn(async move {
            let mut taken = Vec::new();
            // Longer in all than the patience lasts, never as long at once.
            for _ in 0..8 {
                tokio::time::sleep(Duration::from_millis(50)).await;
                let mut part = [0; 4];
                let some = theirs.read(&mut part).await.unwrap();
                taken.extend_from_slice(&part[..some]);
            }
            taken
        });
        ours.write_all(&[7; 32]).await.unwrap();
        assert_eq!(slow.await.unwrap(), [7; 32]);
    }
}
