//! The comparison as bars: one a model, of duty, fees, freight and handling, each parcel on average.

use super::tell::{Told, cheapest, part};
use super::ways::Sums;
use crate::chart::{Drawing, Scale};
use crate::out::style::dollars;
use deminimis_clearance::owed::Span;
use deminimis_law::money::Cents;

const WIDTH: i64 = 11_000;
const LEFT: i64 = 1_400;
const RIGHT: i64 = 9_300;
const TOP: i64 = 800;
const ROW: i64 = 560;
const BAR: i64 = 320;

/// The parts of a bar: what, how it is filled, and the amount.
fn parts(sums: &Sums) -> [(&'static str, &'static str, Cents); 5] {
    let spread = |span: Span| span.high.map_or(0, |high| high.0 - span.low.0);
    [
        ("duty", "#9ecae1", sums.duty.low),
        ("fees", "#fdc086", sums.fees.low),
        ("freight", "#a5d8a5", sums.freight),
        ("handling, storage, entries", "#c6c3e8", sums.keeping),
        (
            "up to this, if answers are the dearest",
            "url(#cross)",
            Cents(spread(sums.total())),
        ),
    ]
}

fn each(amount: i64, sums: &Sums) -> Cents {
    part(Cents(amount), 1, sums.parcels)
}

/// The picture as SVG text.
pub fn picture(told: &Told) -> String {
    let ends = told.models.iter().map(|(_, sums)| {
        let all: i64 = parts(sums).iter().map(|part| part.2.0).sum();
        each(all, sums)
    });
    let scale = Scale::to(ends.max().unwrap_or_default());
    let bottom = TOP + ROW * told.models.len() as i64;
    let mut drawing = Drawing::default();
    for mark in 0..=scale.marks {
        let amount = Cents(mark * scale.mark);
        let x = LEFT + scale.height(amount, RIGHT - LEFT);
        drawing.line((x, TOP - 80), (x, bottom), "0.4", "2 4");
        drawing.text((x, TOP - 140), "m", &dollars(amount));
    }
    let best = cheapest(told);
    for (place, (model, sums)) in told.models.iter().enumerate() {
        let y = TOP + ROW * place as i64;
        drawing.text((LEFT - 120, y + 210), "r", &model.name);
        // Ends and not lengths are rounded, so that parts stay together.
        let (mut from, mut so_far) = (LEFT, 0);
        for (what, fill, amount) in parts(sums) {
            so_far += amount.0;
            let to = LEFT + scale.height(each(so_far, sums), RIGHT - LEFT);
            if to > from {
                let said = format!("{}: {what} {}", model.name, dollars(each(amount.0, sums)));
                drawing.area((from, y), (to - from, BAR), fill, &said);
            }
            from = to;
        }
        let total = each(sums.total().low.0, sums);
        let mark = if best == Some(place) {
            ", cheapest"
        } else {
            ""
        };
        let open = if sums.total().known().is_none() {
            " or more"
        } else {
            ""
        };
        let said = format!("{}{open}, {} days{mark}", dollars(total), model.days);
        drawing.text((from + 80, y + 210), "b", &said);
    }
    for (place, (what, fill, _)) in told
        .models
        .first()
        .map(|one| parts(&one.1))
        .iter()
        .flatten()
        .enumerate()
    {
        let place = place as i64;
        let (x, y) = (LEFT + place % 3 * 3_000, bottom + 200 + place / 3 * 280);
        drawing.area((x, y), (400, 200), fill, what);
        drawing.text((x + 500, y + 150), "n", what);
    }
    let title = "What a parcel costs to land, on average";
    let desc = "One bar a way of shipping, of duty, fees, freight and handling.";
    drawing.page(title, desc, (WIDTH, bottom + 900))
}
