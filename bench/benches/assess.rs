//! `assess_into`, `render` and what a start does, in processor time.
//!
//! A thousand parcels a turn: divide criterion's figure by a thousand, or read its rate.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use deminimis_bench::cpu::CpuTime;
use deminimis_bench::parcels::{Maker, Span, shipments};
use deminimis_clearance::rates::Rates;
use deminimis_clearance::render::{Known, render};
use deminimis_clearance::shipment::Shipment;
use deminimis_clearance::{Books, DayContext, Scratch, assess_into};
use deminimis_law::Law;
use deminimis_law::money::Cents;
use deminimis_law::names::Basis;
use deminimis_tariff::Schedule;
use std::hint::black_box;
use std::sync::Arc;

/// Parcels that are assessed in turn.
const PARCELS: usize = 1_000;

/// Parcels of a stream that is assessed once, after as many others.
const STREAM: usize = 50_000;

/// Parcels with their days; one in thirty is not the first of its person's day.
fn parcels(law: &Law, span: Span, lines: usize, count: usize) -> Vec<(Shipment, DayContext)> {
    let made = Maker::new(span, count as u64).of_lines(lines).take(count);
    let day = |at: usize| {
        let mut day = DayContext::default();
        if at.is_multiple_of(30) {
            day.counted[Basis::Section321C as usize] = Cents(40_000);
            (day.all, day.shipments_before) = (Cents(40_000), 1);
        }
        day
    };
    shipments(law, made)
        .into_iter()
        .enumerate()
        .map(|(at, shipment)| (shipment, day(at)))
        .collect()
}

fn assess(criterion: &mut Criterion<CpuTime>) {
    let law = law();
    let rates = Rates::default();
    let books = Books {
        law: &law,
        tariff: Schedule::embedded(),
        rates: &rates,
    };
    let mut group = criterion.benchmark_group("assess_into");
    group.throughput(Throughput::Elements(PARCELS as u64));
    for lines in [1, 3] {
        let years = parcels(&law, Span::YEARS, lines, PARCELS);
        let month = parcels(&law, Span::MONTH, lines, PARCELS);
        let runs = [
            (
                "2015 to 2026, memory warm",
                &years,
                Scratch::default as fn() -> Scratch,
            ),
            ("2015 to 2026, no memory", &years, Scratch::without_memory),
            ("one month, memory warm", &month, Scratch::default),
        ];
        for (name, parcels, scratch) in runs {
            group.bench_with_input(
                BenchmarkId::new(name, lines),
                parcels,
                |bencher, parcels| {
                    // Criterion begins each sample here: what is warm must be warm before it.
                    let mut scratch = scratch();
                    for (shipment, day) in parcels.iter().chain(parcels) {
                        black_box(assess_into(books, shipment, day, &mut scratch));
                    }
                    bencher.iter(|| {
                        for (shipment, day) in parcels {
                            black_box(assess_into(books, black_box(shipment), day, &mut scratch));
                        }
                    });
                },
            );
        }
    }
    group.finish();
}

/// Parcels that come once, as in a file: the memory knows only what others before them were like.
fn stream(criterion: &mut Criterion<CpuTime>) {
    let law = law();
    let rates = Rates::default();
    let books = Books {
        law: &law,
        tariff: Schedule::embedded(),
        rates: &rates,
    };
    let mut group = criterion.benchmark_group("assess_into, each parcel once");
    group.throughput(Throughput::Elements(STREAM as u64));
    group
        .sample_size(10)
        .sampling_mode(criterion::SamplingMode::Flat);
    for lines in [1, 3] {
        for (name, span) in [("2015 to 2026", Span::YEARS), ("one month", Span::MONTH)] {
            let parcels = parcels(&law, span, lines, 2 * STREAM);
            let (before, measured) = parcels.split_at(STREAM);
            let assess = |parcels: &[(Shipment, DayContext)], scratch: &mut Scratch| {
                for (shipment, day) in parcels {
                    black_box(assess_into(books, black_box(shipment), day, scratch));
                }
            };
            group.bench_function(BenchmarkId::new(name, lines), |bencher| {
                bencher.iter_batched_ref(
                    || {
                        let mut scratch = Scratch::default();
                        assess(before, &mut scratch);
                        scratch
                    },
                    |scratch| assess(measured, scratch),
                    BatchSize::PerIteration,
                );
            });
            group.bench_function(
                BenchmarkId::new(format!("{name}, from cold"), lines),
                |bencher| {
                    bencher.iter_batched_ref(
                        Scratch::default,
                        |scratch| assess(measured, scratch),
                        BatchSize::PerIteration,
                    );
                },
            );
        }
    }
    group.finish();
}

/// Parcels whose origin is not given: every way in which the law treats an origin is tried.
fn unknown_origin(criterion: &mut Criterion<CpuTime>) {
    let law = law();
    let rates = Rates::default();
    let books = Books {
        law: &law,
        tariff: Schedule::embedded(),
        rates: &rates,
    };
    let mut parcels = parcels(&law, Span::YEARS, 1, PARCELS);
    parcels
        .iter_mut()
        .for_each(|(shipment, _)| shipment.lines[0].origin = None);
    let mut group = criterion.benchmark_group("assess_into");
    group.throughput(Throughput::Elements(PARCELS as u64));
    group.bench_function("2015 to 2026, origin not given/1", |bencher| {
        let mut scratch = Scratch::default();
        for (shipment, day) in &parcels {
            black_box(assess_into(books, shipment, day, &mut scratch));
        }
        bencher.iter(|| {
            for (shipment, day) in &parcels {
                black_box(assess_into(books, black_box(shipment), day, &mut scratch));
            }
        });
    });
    group.finish();
}

fn rendering(criterion: &mut Criterion<CpuTime>) {
    let law = law();
    let rates = Rates::default();
    let books = Books {
        law: &law,
        tariff: Schedule::embedded(),
        rates: &rates,
    };
    let mut group = criterion.benchmark_group("render");
    group.throughput(Throughput::Elements(PARCELS as u64));
    group.sample_size(20);
    for lines in [1, 3] {
        let parcels = parcels(&law, Span::YEARS, lines, PARCELS);
        let (mut scratch, mut spare) = (Scratch::default(), Scratch::default());
        group.bench_function(BenchmarkId::new("assess and render", lines), |bencher| {
            bencher.iter(|| {
                for (shipment, day) in &parcels {
                    let decision = assess_into(books, black_box(shipment), day, &mut scratch);
                    let known = Known {
                        person_key: None,
                        person_rules: "",
                        engine: "bench",
                        rates_hash: None,
                    };
                    black_box(render(books, shipment, day, decision, known, &mut spare));
                }
            });
        });
    }
    group.finish();
}

fn start(criterion: &mut Criterion<CpuTime>) {
    let book = Arc::new(rulebook());
    let mut group = criterion.benchmark_group("start");
    group.sample_size(20);
    group.bench_function("rulebook from bytes", |bencher| {
        bencher.iter(|| black_box(rulebook()))
    });
    group.bench_function("compile the law", |bencher| {
        bencher.iter(|| {
            black_box(Law::compile_hashed(
                &book,
                None,
                deminimis_law_us::HASH.into(),
            ))
        });
    });
    group.finish();
}

fn rulebook() -> deminimis_law::Rulebook {
    deminimis_law_us::rulebook().unwrap_or_else(|damaged| panic!("{damaged}"))
}

fn law() -> Law {
    Law::compile_hashed(&Arc::new(rulebook()), None, deminimis_law_us::HASH.into())
}

criterion_group! {
    name = all;
    config = Criterion::default().with_measurement(CpuTime);
    targets = assess, stream, unknown_origin, rendering, start
}
criterion_main!(all);
