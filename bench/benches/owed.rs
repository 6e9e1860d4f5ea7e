//! `assess_into` on parcels that need an entry: their way of entering and all they owe, in
//! processor time of one thread, as lines a second.
//!
//! Memory warm: a thousand parcels in turn. Each once: a stream after as many others, and from cold.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use deminimis_bench::cpu::CpuTime;
use deminimis_bench::dutiable::{NOVEMBER, SPAN, Wanted, parcels};
use deminimis_clearance::rates::Rates;
use deminimis_clearance::shipment::Shipment;
use deminimis_clearance::{Books, DayContext, Scratch, assess_into};
use deminimis_law::Law;
use deminimis_tariff::Schedule;
use std::hint::black_box;
use std::sync::Arc;

/// Parcels that are assessed in turn.
const PARCELS: usize = 1_000;

/// Lines of a stream that is assessed once, after as many others.
const STREAM: usize = 60_000;

fn assess(books: Books<'_>, parcels: &[Shipment], scratch: &mut Scratch) {
    let day = DayContext::default();
    for shipment in parcels {
        black_box(assess_into(books, black_box(shipment), &day, scratch));
    }
}

fn law() -> Law {
    let book = deminimis_law_us::rulebook().unwrap_or_else(|damaged| panic!("{damaged}"));
    Law::compile_hashed(&Arc::new(book), None, deminimis_law_us::HASH.into())
}

fn warm(criterion: &mut Criterion<CpuTime>) {
    let (law, rates) = (law(), Rates::default());
    let books = Books {
        law: &law,
        tariff: Schedule::embedded(),
        rates: &rates,
    };
    let mut group = criterion.benchmark_group("owed, memory warm");
    group.sample_size(20);
    for lines in [1, 3, 20] {
        group.throughput(Throughput::Elements((PARCELS * lines) as u64));
        for (name, span, wanted) in [
            ("2025 to 2026, totals known", SPAN, Wanted::Known),
            ("2025 to 2026, some open", SPAN, Wanted::All),
            ("one month, totals known", NOVEMBER, Wanted::Known),
        ] {
            let parcels = parcels(&law, span, lines, PARCELS, wanted);
            group.bench_function(BenchmarkId::new(name, lines), |bencher| {
                let mut scratch = Scratch::default();
                // Parcels of several lines are kept when they are met again.
                for _ in 0..3 {
                    assess(books, &parcels, &mut scratch);
                }
                bencher.iter(|| assess(books, &parcels, &mut scratch));
            });
        }
    }
    group.finish();
}

fn once(criterion: &mut Criterion<CpuTime>) {
    let (law, rates) = (law(), Rates::default());
    let books = Books {
        law: &law,
        tariff: Schedule::embedded(),
        rates: &rates,
    };
    let mut group = criterion.benchmark_group("owed, each parcel once");
    group
        .sample_size(10)
        .sampling_mode(criterion::SamplingMode::Flat);
    for lines in [1, 3, 20] {
        let count = STREAM / lines;
        group.throughput(Throughput::Elements((count * lines) as u64));
        for (name, span) in [("2025 to 2026", SPAN), ("one month", NOVEMBER)] {
            let parcels = parcels(&law, span, lines, 2 * count, Wanted::All);
            let (before, measured) = parcels.split_at(count);
            for (when, before) in [("", before), (", from cold", &[])] {
                group.bench_function(
                    BenchmarkId::new(format!("{name}{when}"), lines),
                    |bencher| {
                        bencher.iter_batched_ref(
                            || {
                                let mut scratch = Scratch::default();
                                assess(books, before, &mut scratch);
                                scratch
                            },
                            |scratch| assess(books, measured, scratch),
                            BatchSize::PerIteration,
                        );
                    },
                );
            }
        }
    }
    group.finish();
}

criterion_group! {
    name = all;
    config = Criterion::default().with_measurement(CpuTime);
    targets = warm, once
}
criterion_main!(all);
