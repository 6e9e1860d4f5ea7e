//! Clients who take their time: a third does not end the head, a third not the body, and a third
//! asks for much and reads nothing. Whoever is cut off comes again.

use crate::client::beside;
use crate::served::Served;
use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// How many there are.
pub const CLIENTS: usize = 500;
/// How long they wait between two bytes.
const PAUSE: Duration = Duration::from_secs(1);
/// How often one of them asks at once for an answer that he does not read.
const TIMES: usize = 60;

/// The slow clients.
pub struct Slow {
    tasks: Vec<JoinHandle<()>>,
    connected: Rc<Cell<usize>>,
}

impl Slow {
    /// How many are connected now.
    pub fn now(&self) -> usize {
        self.connected.get()
    }

    /// Sends them away.
    pub fn end(self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Begins to be slow.
pub fn begin(server: &Served) -> Slow {
    let connected = Rc::new(Cell::new(0));
    let one = |at: usize| {
        let (address, connected) = (server.address, Rc::clone(&connected));
        let head = format!(
            "POST /v1/shipments HTTP/1.1\r\nhost: desk\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: 900\r\n",
            server.key
        );
        beside(async move {
            loop {
                connected.set(connected.get() + 1);
                // Whoever is cut off has what he wanted.
                let _ = match at % 3 {
                    0 => drip(address, head.as_bytes(), b"x-slow: ").await,
                    1 => drip(address, format!("{head}\r\n").as_bytes(), b"{").await,
                    _ => unread(address).await,
                };
                connected.set(connected.get() - 1);
                sleep(PAUSE).await;
            }
        })
    };
    Slow {
        tasks: (0..CLIENTS).map(one).collect(),
        connected,
    }
}

/// Sends the first part at once, and the rest byte by byte.
async fn drip(to: SocketAddr, first: &[u8], rest: &[u8]) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(to).await?;
    stream.write_all(first).await?;
    stream.write_all(rest).await?;
    let mut answer = [0; 64];
    loop {
        tokio::select! {
            // An answer or the end: he was cut off.
            _ = stream.read(&mut answer) => return Ok(()),
            () = sleep(PAUSE) => stream.write_all(b" ").await?,
        }
    }
}

/// Asks for much and reads none of it, until nothing more is taken.
async fn unread(to: SocketAddr) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(to).await?;
    let one = b"GET /openapi.json HTTP/1.1\r\nhost: desk\r\n\r\n";
    stream.write_all(&one.repeat(TIMES)).await?;
    loop {
        sleep(PAUSE).await;
        // Breaks once the server has cut the connection.
        stream.write_all(b"\r\n").await?;
    }
}
