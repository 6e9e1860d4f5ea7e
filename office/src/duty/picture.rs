//! The history of a total as a step chart.
//!
//! Time runs across, dollars run up. A box is what is owed; its upper part with slanted lines is being
//! refunded. Dots: the parcel is free, and the box is what an entry would come to. Crossed: something
//! is not in hand, so that the box is the least it may be.

use super::over::{Point, Span, Step, outcome_word};
use super::table::span_words;
use crate::chart::{Drawing, Scale};
use crate::out::page::boundary;
use crate::out::style::dollars;
use deminimis_law::Law;
use deminimis_law::money::Cents;
use deminimis_law::names::Outcome;
use deminimis_law::time::{Day, Moment};

const WIDTH: i64 = 12_000;
const LEFT: i64 = 1_000;
const RIGHT: i64 = 11_800;
const TOP: i64 = 700;
const BOTTOM: i64 = 4_700;

/// The picture as SVG text.
pub fn picture(law: &Law, title: &str, span: Span, steps: &[Step]) -> String {
    let most = steps
        .iter()
        .map(|step| shown(&step.point))
        .max()
        .unwrap_or_default();
    let scale = Scale::to(most);
    let mut drawing = Drawing::default();
    amounts(&mut drawing, scale);
    years(&mut drawing, law, span);
    for step in steps {
        draw(&mut drawing, law, span, scale, step);
    }
    drawing.line((LEFT, BOTTOM), (RIGHT, BOTTOM), "1.2", "");
    legend(&mut drawing);
    let title = format!("What is owed on {title}");
    let desc = "A step chart: time across, dollars of duty and fees upwards. Each step has a title with \
                its dates and amount.";
    drawing.page(&title, desc, (WIDTH, BOTTOM + 1_500))
}

/// The amount that a step is drawn to: the most, where something bounds it.
fn shown(point: &Point) -> Cents {
    point.total.high.unwrap_or(point.total.low)
}

fn place(span: Span, at: Moment) -> i64 {
    let all = i128::from(span.until.0 - span.from.0).max(1);
    let passed = i128::from(at.0.clamp(span.from.0, span.until.0) - span.from.0);
    LEFT + i64::try_from(passed * i128::from(RIGHT - LEFT) / all).unwrap_or_default()
}

fn amounts(drawing: &mut Drawing, scale: Scale) {
    for mark in 0..=scale.marks {
        let amount = Cents(mark * scale.mark);
        let y = BOTTOM - scale.height(amount, BOTTOM - TOP);
        drawing.line((LEFT, y), (RIGHT, y), "0.4", "2 4");
        drawing.text((LEFT - 80, y + 45), "r", &dollars(amount));
    }
}

fn years(drawing: &mut Drawing, law: &Law, span: Span) {
    let zone = law.zone();
    let (first, last) = (zone.day(span.from).ymd().0, zone.day(span.until).ymd().0);
    // Names of years keep a distance of forty pixels.
    let every = ((last - first) / 24 + 1).max(1);
    for year in first..=last {
        let Some(day) = Day::new(year, 1, 1) else {
            continue;
        };
        let at = zone.midnight(day);
        if at < span.from || at >= span.until || (year - first) % every != 0 {
            continue;
        }
        let x = place(span, at);
        drawing.line((x, TOP), (x, BOTTOM), "0.4", "2 4");
        drawing.text((x, BOTTOM + 220), "m", &year.to_string());
    }
}

fn draw(drawing: &mut Drawing, law: &Law, span: Span, scale: Scale, step: &Step) {
    let point = &step.point;
    let (x, end) = (place(span, step.from), place(span, step.until));
    // A law of a day must be seen, however long the span.
    let width = (end - x).max(12);
    let said = told(law, step);
    let box_of = |drawing: &mut Drawing, from: Cents, to: Cents, fill: &str| {
        let high = scale.height(to, BOTTOM - TOP);
        let low = scale.height(from, BOTTOM - TOP);
        drawing.area((x, BOTTOM - high), (width, high - low), fill, &said);
    };
    if !point.not_covered.is_empty() || point.outcome == Outcome::Prohibited {
        drawing.area((x, TOP), (width, BOTTOM - TOP), "url(#cross)", &said);
    }
    let fill = match point.outcome {
        Outcome::Free => "url(#dots)",
        Outcome::EntryRequired => "#9ecae1",
        Outcome::NeedsPerson | Outcome::Prohibited => "#e0e0e0",
    };
    let low = point.total.low;
    let firm = Cents(low.0.saturating_sub(point.refundable.0).max(0));
    box_of(drawing, Cents(0), firm, fill);
    box_of(drawing, firm, low, "url(#rise)");
    if let Some(high) = point.total.high.filter(|high| *high > low) {
        box_of(drawing, low, high, "url(#level)");
    }
    let y = BOTTOM - scale.height(shown(point), BOTTOM - TOP);
    drawing.line((x, y), (x + width, y), "1.6", "");
}

fn told(law: &Law, step: &Step) -> String {
    let point = &step.point;
    let mut said = format!(
        "{} to {}: {}, {}",
        boundary(law, step.from),
        boundary(law, step.until),
        outcome_word(point.outcome),
        span_words(point.total)
    );
    if point.refundable > Cents(0) {
        said.push_str(&format!(", {} being refunded", dollars(point.refundable)));
    }
    if !point.not_covered.is_empty() {
        said.push_str(&format!(", not in hand: {}", point.not_covered.join(", ")));
    }
    said
}

fn legend(drawing: &mut Drawing) {
    let entries = [
        ("#9ecae1", "owed on entry"),
        ("url(#rise)", "of it being refunded"),
        ("url(#level)", "up to this, if answers are the dearest"),
        (
            "url(#dots)",
            "free; an entry made all the same would owe this",
        ),
        (
            "url(#cross)",
            "something is not in hand: the least it may be",
        ),
        ("#e0e0e0", "a person must decide, or it may not enter"),
    ];
    for (place, (fill, said)) in entries.into_iter().enumerate() {
        let place = place as i64;
        let (x, y) = (LEFT + place % 2 * 5_400, BOTTOM + 450 + place / 2 * 280);
        drawing.area((x, y), (500, 200), fill, said);
        drawing.text((x + 620, y + 150), "n", said);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::px;

    #[test]
    fn places_stay_within_the_picture() {
        let span = Span {
            from: Moment(0),
            until: Moment(1_000),
        };
        assert_eq!(place(span, Moment(-5)), LEFT);
        assert_eq!(place(span, Moment(500)), (LEFT + RIGHT) / 2);
        assert_eq!(place(span, Moment(5_000)), RIGHT);
        assert_eq!(px(place(span, Moment(0))), "100.0");
    }
}
