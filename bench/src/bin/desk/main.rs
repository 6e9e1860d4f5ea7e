//! The desk under load and under attack, beside servers of the same stack that do less.
//!
//! `desk [PROGRAM]` starts the program (else the one beside this one) and the baselines, each on
//! one processor, and asks them from the other. Every parcel has an id and an idempotency key of its
//! own, and every answer is durable before it is given. What carries over to other machines are the
//! ratios. `desk --only load|overload|slow` runs one part.

#![expect(
    clippy::float_arithmetic,
    reason = "rates and ratios of measured times are not money"
)]

mod baseline;
mod client;
mod served;
mod slow;
mod source;

use client::{Plan, Tally, run};
use deminimis_bench::parcels::Span;
use served::Served;
use source::{DUTIABLE, Source};
use std::cell::RefCell;
use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::task::LocalSet;

/// Connections of the load, each with one request on its way.
const CONNECTIONS: usize = 512;
/// Times the servers are measured in turn.
const ROUNDS: usize = 3;
/// How long a server is asked before it is measured, and how long it is measured.
const WARM: Duration = Duration::from_secs(2);
const MEASURED: Duration = Duration::from_secs(6);
/// How long too much is asked.
const OVERLOAD: Duration = Duration::from_secs(60);
/// Connections of those who ask while others are slow.
const OTHERS: usize = 16;

type Done<T> = Result<T, Box<dyn Error>>;

fn main() -> Done<()> {
    let mut given = env::args_os().skip(1);
    let (mut program, mut only) = (None, None);
    while let Some(word) = given.next() {
        match word.to_str() {
            Some("baseline") => {
                let home = given.next().ok_or("baseline HOME")?;
                return baseline::serve(Path::new(&home));
            }
            Some("--only") => only = given.next().and_then(|part| part.into_string().ok()),
            _ => program = Some(PathBuf::from(word)),
        }
    }
    let own = env::current_exe()?;
    let program = program.unwrap_or_else(|| own.with_file_name("deminimis"));
    let pinned = Command::new("taskset")
        .args(["-cp", "1", &std::process::id().to_string()])
        .output()?;
    if !pinned.status.success() {
        return Err("two processors are needed, one for each side".into());
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let wants = |part: &str| only.as_deref().is_none_or(|only| only == part);
    LocalSet::new().block_on(&runtime, async {
        if wants("load") {
            load(&program, &own).await?;
        }
        if wants("overload") {
            overload(&program).await?;
        }
        if wants("slow") {
            slow_clients(&program).await?;
        }
        Ok(())
    })
}

/// What is asked of one server.
struct Side {
    name: &'static str,
    path: &'static str,
    rates: Vec<f64>,
    costs: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
}

impl Side {
    fn new(name: &'static str, path: &'static str) -> Side {
        Side {
            name,
            path,
            rates: Vec::new(),
            costs: Vec::new(),
            p50: Vec::new(),
            p99: Vec::new(),
        }
    }

    fn take(&mut self, tally: &Tally) {
        self.rates.push(tally.rate());
        self.costs.push(tally.cost());
        self.p50.push(tally.percentile(0.50));
        self.p99.push(tally.percentile(0.99));
    }

    fn show(&self) {
        let middle = |values: &[f64]| deminimis_bench::median(values);
        let (least, most) = deminimis_bench::spread(&self.rates);
        println!(
            "  {:<34} {:>7.0}/s ({least:.0} to {most:.0})  {:>6.0} µs of server CPU  p50 {:>6.1} ms  p99 {:>6.1} ms",
            self.name,
            middle(&self.rates),
            middle(&self.costs),
            middle(&self.p50),
            middle(&self.p99),
        );
    }
}

/// The load: parcels entered, beside the echo and beside a commit for each request.
async fn load(program: &Path, own: &Path) -> Done<()> {
    println!("load, {CONNECTIONS} connections, {ROUNDS} rounds of {MEASURED:?}");
    let (real, base) = (Served::real(program)?, Served::baseline(own)?);
    let mut sides = [
        Side::new("entered, October 2026", "/v1/shipments"),
        Side::new("entered, April 2025", "/v1/shipments"),
        Side::new("echo", "/v1/echo"),
        Side::new("a bare row, a commit a request", "/v1/commit"),
        Side::new("entered one by one, April 2025", "/v1/one"),
    ];
    let sources = [("D", DUTIABLE), ("F", Span::MONTH)]
        .map(|(name, span)| Rc::new(RefCell::new(Source::new(name, span))));
    for _ in 0..ROUNDS {
        for (at, side) in sides.iter_mut().enumerate() {
            let server = if at < 2 { &real } else { &base };
            let source = &sources[usize::from(at > 0)];
            let plan = Plan {
                path: side.path,
                connections: CONNECTIONS,
                warm: WARM,
                measured: MEASURED,
            };
            let tally = run(server, &plan, source).await?;
            tally.must_be_well(side.name)?;
            side.take(&tally);
        }
    }
    sides.iter().for_each(Side::show);
    let [dutiable, free, echo, row, one] = sides;
    let over = |name: &str, above: &[f64], below: &[f64], goal: &str| {
        let ratios: Vec<f64> = above.iter().zip(below).map(|(a, b)| a / b).collect();
        let (least, most) = deminimis_bench::spread(&ratios);
        let middle = deminimis_bench::median(&ratios);
        println!("  {name:<44} {middle:>6.2} ({least:.2} to {most:.2}; to be {goal})");
    };
    for entered in [&dutiable, &free] {
        println!("  {}", entered.name);
        over(
            "rate over echo",
            &entered.rates,
            &echo.rates,
            "at least 0.5",
        );
        over(
            "server CPU a request over echo",
            &entered.costs,
            &echo.costs,
            "at most 2.5",
        );
        over(
            "rate over a bare row with its own commit",
            &entered.rates,
            &row.rates,
            "at least 8",
        );
    }
    over(
        "rate over the same one by one",
        &free.rates,
        &one.rates,
        "at least 8",
    );
    Ok(())
}

/// Ten times as many connections as the load has, none of which waits when it is refused; then the
/// load again.
async fn overload(program: &Path) -> Done<()> {
    let server = Served::real(program)?;
    let source = Rc::new(RefCell::new(Source::new("D", DUTIABLE)));
    let mut plan = Plan {
        path: "/v1/shipments",
        connections: CONNECTIONS,
        warm: WARM,
        measured: Duration::from_secs(15),
    };
    println!(
        "overload, {} connections for {OVERLOAD:?}",
        CONNECTIONS * 10
    );
    let before = run(&server, &plan, &source).await?;
    before.must_be_well("before")?;
    let memory = server.memory()?;
    (plan.connections, plan.warm, plan.measured) = (CONNECTIONS * 10, Duration::ZERO, OVERLOAD);
    let during = run(&server, &plan, &source).await?;
    let most = server.memory()?;
    (plan.connections, plan.measured) = (CONNECTIONS, Duration::from_secs(15));
    let after = run(&server, &plan, &source).await?;
    let asked = during.served + during.shed;
    println!(
        "  before {:.0}/s, p50 {:.1} ms, p99 {:.1} ms; {} MB at most",
        before.rate(),
        before.percentile(0.50),
        before.percentile(0.99),
        memory / 1024,
    );
    println!(
        "  during {:.0} asked a second ({:.1} times what it does), {:.0}/s served with p50 {:.1} ms and \
         p99 {:.1} ms, {:.1} % shed, {} of them without Retry-After, {} broken off, {} others; {} MB \
         at most",
        asked as f64 / during.seconds,
        asked as f64 / during.seconds / before.rate(),
        during.rate(),
        during.percentile(0.50),
        during.percentile(0.99),
        during.shed as f64 * 100.0 / (asked as f64).max(1.0),
        during.shed_silently,
        during.lost,
        during.other,
        most / 1024,
    );
    let mut recovered = None;
    for (second, (rate, p99)) in after.by_second().into_iter().enumerate() {
        let well = rate >= before.rate() * 0.8 && p99 <= before.percentile(0.99) * 1.25;
        if well && recovered.is_none() {
            recovered = Some(second + 1);
        }
        println!(
            "  after, second {:>2}: {rate:>6.0}/s, p99 {p99:>7.1} ms",
            second + 1
        );
    }
    match recovered {
        Some(second) => {
            println!("  as before (0.8 of the rate, 1.25 of the p99) by second {second}; to be 5")
        }
        None => println!("  not as before within 15 s; to be 5"),
    }
    Ok(())
}

/// Five hundred clients who take their time with heads, bodies and answers, and some who do not.
async fn slow_clients(program: &Path) -> Done<()> {
    let server = Served::real(program)?;
    let source = Rc::new(RefCell::new(Source::new("D", DUTIABLE)));
    let plan = Plan {
        path: "/v1/shipments",
        connections: OTHERS,
        warm: WARM,
        measured: Duration::from_secs(20),
    };
    println!("{} slow clients beside {OTHERS} others", slow::CLIENTS);
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let quiet = run(&server, &plan, &source).await?;
        quiet.must_be_well("alone")?;
        let slow = slow::begin(&server);
        let loud = run(&server, &plan, &source).await?;
        loud.must_be_well("beside slow clients")?;
        println!(
            "  alone {:.0}/s, p50 {:.1} ms, p99 {:.1} ms; beside {} slow ones {:.0}/s, p50 {:.1} ms, p99 {:.1} ms; {} MB at most",
            quiet.rate(),
            quiet.percentile(0.50),
            quiet.percentile(0.99),
            slow.now(),
            loud.rate(),
            loud.percentile(0.50),
            loud.percentile(0.99),
            server.memory()? / 1024,
        );
        slow.end();
        alone.push(quiet.percentile(0.99));
        beside.push(loud.percentile(0.99));
    }
    let ratios: Vec<f64> = beside.iter().zip(&alone).map(|(a, b)| a / b).collect();
    let (least, most) = deminimis_bench::spread(&ratios);
    println!(
        "  p99 of the others, beside over alone {:.2} ({least:.2} to {most:.2}; to be at most 2)",
        deminimis_bench::median(&ratios)
    );
    Ok(())
}
