//! Those who ask: connections that stay, each with one request on its way, whose next one is sent
//! when the answer is there.

use crate::Done;
use crate::served::Served;
use crate::source::Source;
use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::{JoinSet, spawn_local};
use tokio::time::{sleep, sleep_until, timeout};

/// How long an answer may take before its client gives up.
const PATIENCE: Duration = Duration::from_secs(90);

/// What is asked.
pub struct Plan {
    /// The path.
    pub path: &'static str,
    /// How many ask at once.
    pub connections: usize,
    /// How long before it counts.
    pub warm: Duration,
    /// How long it counts.
    pub measured: Duration,
}

/// What came of it.
#[derive(Default)]
pub struct Tally {
    /// When it began to count.
    from: Option<Instant>,
    /// Seconds that count.
    pub seconds: f64,
    /// Answers with status 200.
    pub served: u64,
    /// Answers with status 429 or 503.
    pub shed: u64,
    /// Those of them that do not say when to come again.
    pub shed_silently: u64,
    /// Other answers.
    pub other: u64,
    /// Connections that broke off or were not taken.
    pub lost: u64,
    /// What was answered with the first other status.
    odd: Option<String>,
    /// Of each that was served, when it was, and how long it took, in microseconds.
    times: Vec<(u32, u32)>,
    /// Seconds of processor time that the server used.
    used: f64,
}

impl Tally {
    /// Requests that were served in a second.
    pub fn rate(&self) -> f64 {
        self.served as f64 / self.seconds
    }

    /// Microseconds of the server's processor time for each answer.
    pub fn cost(&self) -> f64 {
        self.used * 1e6 / ((self.served + self.shed + self.other) as f64).max(1.0)
    }

    /// Milliseconds within which so many of those served were.
    pub fn percentile(&self, share: f64) -> f64 {
        percentile(self.times.iter().map(|(_, took)| *took).collect(), share)
    }

    /// Of each second the rate and the milliseconds within which 99 of 100 were served.
    pub fn by_second(&self) -> Vec<(f64, f64)> {
        let mut seconds = vec![Vec::new(); self.seconds as usize];
        for (at, took) in &self.times {
            if let Some(second) = seconds.get_mut((at / 1_000_000) as usize) {
                second.push(*took);
            }
        }
        let shown = seconds.into_iter();
        shown
            .map(|times| (times.len() as f64, percentile(times, 0.99)))
            .collect()
    }

    /// That all was served.
    pub fn must_be_well(&self, name: &str) -> Done<()> {
        if self.shed + self.other + self.lost > 0 || self.served == 0 {
            return Err(format!(
                "{name}: {} served, {} shed, {} others, {} broken off; {}",
                self.served,
                self.shed,
                self.other,
                self.lost,
                self.odd.as_deref().unwrap_or_default()
            )
            .into());
        }
        Ok(())
    }

    fn take(&mut self, begun: Instant, answer: io::Result<Answer<'_>>) {
        let now = Instant::now();
        let Some(from) = self.from.filter(|from| *from <= now) else {
            return;
        };
        match answer {
            Err(_) => self.lost += 1,
            Ok(answer) if answer.status == 200 => {
                self.served += 1;
                let micros = |time: Duration| u32::try_from(time.as_micros()).unwrap_or(u32::MAX);
                self.times.push((micros(now - from), micros(now - begun)));
            }
            Ok(answer) if matches!(answer.status, 429 | 503) => {
                self.shed += 1;
                self.shed_silently += u64::from(!answer.says_when);
            }
            Ok(answer) => {
                self.other += 1;
                self.odd
                    .get_or_insert_with(|| String::from_utf8_lossy(answer.whole).into_owned());
            }
        }
    }
}

fn percentile(mut times: Vec<u32>, share: f64) -> f64 {
    times.sort_unstable();
    let at = (times.len() as f64 * share) as usize;
    let last = times.len().saturating_sub(1);
    times
        .get(at.min(last))
        .map_or(0.0, |time| f64::from(*time) / 1000.0)
}

/// An answer as it came.
struct Answer<'a> {
    status: u16,
    says_when: bool,
    whole: &'a [u8],
}

/// Asks, and counts what is answered in the time that counts.
pub async fn run(server: &Served, plan: &Plan, source: &Rc<RefCell<Source>>) -> Done<Tally> {
    let begun = Instant::now();
    let from = begun + plan.warm;
    let until = from + plan.measured;
    let tally = Rc::new(RefCell::new(Tally {
        from: Some(from),
        ..Tally::default()
    }));
    let mut clients = JoinSet::new();
    for _ in 0..plan.connections {
        let (tally, source) = (Rc::clone(&tally), Rc::clone(source));
        let (key, address, path) = (server.key.clone(), server.address, plan.path);
        clients.spawn_local(async move {
            let (mut request, mut answer) = (Vec::new(), Vec::new());
            while Instant::now() < until {
                let Ok(mut stream) = TcpStream::connect(address).await else {
                    tally.borrow_mut().lost += 1;
                    sleep(Duration::from_millis(50)).await;
                    continue;
                };
                let _ = stream.set_nodelay(true);
                let mut whole = true;
                while whole && Instant::now() < until {
                    source.borrow_mut().write(path, &key, &mut request);
                    let begun = Instant::now();
                    let answered = exchange(&mut stream, &request, &mut answer).await;
                    whole = answered.is_ok();
                    if Instant::now() < until {
                        tally.borrow_mut().take(begun, answered);
                    }
                }
            }
        });
    }
    sleep_until(from.into()).await;
    let before = server.used()?;
    sleep_until(until.into()).await;
    let used = server.used()? - before;
    let seconds = from.elapsed().as_secs_f64();
    // Nobody waits for the last answers: what comes next begins at once.
    clients.shutdown().await;
    let mut told = tally.take();
    (told.used, told.seconds) = (used, seconds);
    Ok(told)
}

/// Sends a request and reads its answer to the end.
async fn exchange<'a>(
    stream: &mut TcpStream,
    request: &[u8],
    answer: &'a mut Vec<u8>,
) -> io::Result<Answer<'a>> {
    let whole = async {
        stream.write_all(request).await?;
        answer.clear();
        let head = loop {
            if stream.read_buf(answer).await? == 0 {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
            }
            if let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = String::from_utf8_lossy(&answer[..head]);
        let length = text
            .split("\r\n")
            .find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length
            .and_then(|length| length.parse().ok())
            .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
        let status = text.get(9..12).and_then(|status| status.parse().ok());
        let says_when = text.contains("\r\nretry-after: ");
        while answer.len() < head + length {
            if stream.read_buf(answer).await? == 0 {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
            }
        }
        Ok((status.unwrap_or(0), says_when))
    };
    let slow = |_| io::Error::from(io::ErrorKind::TimedOut);
    let (status, says_when) = timeout(PATIENCE, whole).await.map_err(slow)??;
    Ok(Answer {
        status,
        says_when,
        whole: answer,
    })
}

/// Does something beside what is measured.
pub fn beside(work: impl Future<Output = ()> + 'static) -> tokio::task::JoinHandle<()> {
    spawn_local(work)
}
