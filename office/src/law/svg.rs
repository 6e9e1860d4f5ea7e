//! The picture of the timeline: modes and origins down, years across, a band for what was possible.
//!
//! Nothing is told by colour alone: bands carry letters and, where duty or a person comes in, a
//! pattern; each has a title that says it in words. Lengths are tenths of a pixel, no floats.

use super::condition_words::mode_word;
use super::probe::{
    FIRST_YEAR, History, LAST_YEAR, ORIGINS, PLAIN, Period, Possible, window, year_start,
};
use super::timeline::{Event, events};
use crate::out::page::{boundary, wrap};
use deminimis_law::Law;
use deminimis_law::names::{EntryPath, Outcome};
use deminimis_law::time::Moment;
use std::fmt::Write;

const WIDTH: i64 = 12_000;
const LEFT: i64 = 1_200;
const RIGHT: i64 = 11_800;
const TOP: i64 = 1_420;
const ROW: i64 = 280;
const BAND: i64 = 220;
const HEADING: i64 = 380;
const LINE: i64 = 230;
/// The least width of a year; the rest of the page goes to years by what changed in them.
const LEAST_YEAR: i64 = 440;
/// A letter fits a band of this width for each character, and a margin.
const LETTER: i64 = 85;
/// The least width of a band, however short its time.
const THIN: i64 = 12;
const MARKER: i64 = 230;
const INK: &str = "#1a1a1a";

/// How what was possible looks.
struct Look {
    fill: &'static str,
    pattern: Option<&'static str>,
    letters: String,
}

/// Where each year stands on the page.
struct Axis {
    /// Start of each year and of the one after the last: the moment and its place.
    years: Vec<(Moment, i64)>,
}

impl Axis {
    fn new(law: &Law, histories: &[History], events: &[Event]) -> Axis {
        let starts: Vec<Moment> = (FIRST_YEAR..=LAST_YEAR + 1)
            .map(|year| year_start(law, year))
            .collect();
        let periods = histories.iter().flat_map(|history| &history.periods);
        let mut changes: Vec<Moment> = periods.map(|period| period.from).collect();
        changes.extend(events.iter().map(|event| event.at));
        changes.sort_unstable();
        changes.dedup();
        let of_year = |span: &[Moment]| {
            let inside = |at: &&Moment| span[0] < **at && **at < span[1];
            changes.iter().filter(inside).count() as i64
        };
        let counts: Vec<i64> = starts.windows(2).map(of_year).collect();
        let spare = RIGHT - LEFT - LEAST_YEAR * counts.len() as i64;
        let all = counts.iter().sum::<i64>().max(1);
        let (mut years, mut at, mut before) = (Vec::new(), LEFT, 0);
        for (start, count) in starts.iter().zip(counts.iter().chain([&0])) {
            years.push((*start, at + spare * before / all));
            at += LEAST_YEAR;
            before += count;
        }
        Axis { years }
    }

    fn place(&self, at: Moment) -> i64 {
        let after = self.years.partition_point(|(start, _)| *start <= at);
        let (Some(year), Some(next)) = (
            after.checked_sub(1).and_then(|place| self.years.get(place)),
            self.years.get(after),
        ) else {
            return if after == 0 {
                LEFT
            } else {
                self.years.last().map_or(RIGHT, |year| year.1)
            };
        };
        year.1 + (next.1 - year.1) * (at.0 - year.0.0) / (next.0.0 - year.0.0).max(1)
    }
}

/// Tenths of a pixel as SVG writes them.
fn px(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The picture as SVG text, 1200 pixels wide.
#[must_use]
pub fn picture(law: &Law, histories: &[History]) -> String {
    let (first, last) = window(law);
    let events = events(law, first, last);
    let axis = Axis::new(law, histories, &events);
    let rows = histories.len() as i64;
    let bottom = TOP + HEADING * ORIGINS.len() as i64 + ROW * rows;
    let mut body = String::new();
    let (mut y, mut letters) = (TOP, String::new());
    years(&mut body, &mut letters, &axis, bottom);
    for origin in ORIGINS {
        text(&mut body, (200, y + 270), "b", origin.title);
        y += HEADING;
        for history in histories.iter().filter(|history| history.origin == origin) {
            let anchor = (LEFT - 100, y + 165);
            text(&mut body, anchor, "r", mode_word(history.mode));
            for period in &history.periods {
                let span = (axis.place(period.from), axis.place(period.until));
                band(
                    &mut body,
                    &told(law, history, period),
                    period.possible,
                    span,
                    y,
                );
                lettered(&mut letters, period.possible, span, y);
            }
            y += ROW;
        }
    }
    markers(&mut body, &axis, &events, bottom);
    // Letters and years last, so that no line crosses them.
    body.push_str(&letters);
    let end = legend(&mut body, law, &axis, histories, bottom + 500);
    let end = event_list(&mut body, law, &events, end + 150);
    page(&body, end + 100)
}

fn page(body: &str, height: i64) -> String {
    let title = format!(
        "What United States law let a plain {} do, {FIRST_YEAR} to {LAST_YEAR}",
        PLAIN.title
    );
    let rows: Vec<String> = ORIGINS
        .iter()
        .map(|origin| format!("“{}”", origin.title))
        .collect();
    let desc = format!(
        "Rows: modes of transport, under {}. Columns: years. Each band says whether the parcel could \
         enter free and by which path; hover over it or read the legend below.",
        rows.join(" and ")
    );
    let scale = "One parcel to one person, nothing else that day. Years are drawn wider the more \
                 changed in them; a thin line is a stretch of days. Eastern time.";
    let (width, height) = (px(WIDTH), px(height));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"title desc\">\n\
         <title id=\"title\">{title}</title>\n<desc id=\"desc\">{desc}</desc>\n\
         <style>{STYLE}</style>\n{PATTERNS}\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <text class=\"h\" x=\"20\" y=\"34\">{title}</text>\n\
         <text class=\"n\" x=\"20\" y=\"56\">{scale}</text>\n{body}</svg>\n",
        title = escape(&title),
        desc = escape(&desc),
    )
}

const STYLE: &str = "text{font-family:system-ui,'DejaVu Sans',Arial,sans-serif;font-size:13px;\
fill:#1a1a1a}.h{font-size:20px;font-weight:bold}.b{font-size:15px;font-weight:bold}\
.r{text-anchor:end}.l,.y{paint-order:stroke;stroke:#ffffff;stroke-width:3px;\
stroke-linejoin:round}.l{text-anchor:middle;font-weight:bold}.k{text-anchor:middle;font-size:11px;\
font-weight:bold}";

const PATTERNS: &str = "<defs>\n\
<pattern id=\"rise\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\">\
<path d=\"M-1,8 L8,-1\" stroke=\"#1a1a1a\" stroke-opacity=\"0.45\"/></pattern>\n\
<pattern id=\"fall\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\">\
<path d=\"M-1,-1 L8,8\" stroke=\"#1a1a1a\" stroke-opacity=\"0.45\"/></pattern>\n\
<pattern id=\"level\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
<path d=\"M0,3 H6\" stroke=\"#1a1a1a\" stroke-opacity=\"0.45\"/></pattern>\n\
<pattern id=\"upright\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
<path d=\"M3,0 V6\" stroke=\"#1a1a1a\" stroke-opacity=\"0.45\"/></pattern>\n\
<pattern id=\"cross\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\">\
<path d=\"M0,0 L7,7 M0,7 L7,0\" stroke=\"#1a1a1a\" stroke-opacity=\"0.55\"/></pattern>\n\
<pattern id=\"dots\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
<circle cx=\"3\" cy=\"3\" r=\"1.2\" fill=\"#1a1a1a\" fill-opacity=\"0.6\"/></pattern>\n</defs>\n";

fn look(possible: Possible) -> Look {
    let mut letters = letter(possible.outcome, possible.path).to_owned();
    for path in possible.also.iter() {
        letters.push('+');
        letters.push_str(letter(possible.outcome, path));
    }
    let (fill, pattern) = match (possible.outcome, possible.path) {
        (Outcome::Free, EntryPath::None) => ("#cdeccd", None),
        (Outcome::Free, _) if possible.also.is_empty() => ("#a5d8a5", None),
        (Outcome::Free, _) => ("#74c476", None),
        (Outcome::EntryRequired, EntryPath::MailCarrier) => ("#9ecae1", Some("fall")),
        (Outcome::EntryRequired, EntryPath::MailWorksheet) => ("#c6c3e8", Some("level")),
        (Outcome::EntryRequired, EntryPath::Entry13) if !possible.also.is_empty() => {
            ("#c994c7", Some("upright"))
        }
        (Outcome::EntryRequired, EntryPath::Entry13) => ("#e3c1e6", Some("upright")),
        (Outcome::EntryRequired, EntryPath::MailEntry) => ("#f3e3a4", Some("cross")),
        (Outcome::EntryRequired, _) => ("#fdc086", Some("rise")),
        (Outcome::NeedsPerson, _) => ("#e0e0e0", Some("dots")),
        (Outcome::Prohibited, _) => ("#f4a09a", Some("cross")),
    };
    Look {
        fill,
        pattern,
        letters,
    }
}

fn letter(outcome: Outcome, path: EntryPath) -> &'static str {
    match (outcome, path) {
        (Outcome::NeedsPerson, _) => "?",
        (Outcome::Prohibited, _) => "X",
        (_, EntryPath::ManifestRelease) => "M",
        (_, EntryPath::MailEntry) => "P",
        (_, EntryPath::MailCarrier) => "C",
        (_, EntryPath::MailWorksheet) => "W",
        (_, EntryPath::None) => "F",
        // The number of the entry type.
        (_, path) => path.as_str().strip_prefix("entry-").unwrap_or("E"),
    }
}

fn text(body: &mut String, (x, y): (i64, i64), class: &str, said: &str) {
    // Writing to a string does not fail.
    let said = escape(said);
    let _ = writeln!(
        body,
        "<text class=\"{class}\" x=\"{}\" y=\"{}\">{said}</text>",
        px(x),
        px(y)
    );
}

fn years(body: &mut String, labels: &mut String, axis: &Axis, bottom: i64) {
    for (place, pair) in axis.years.windows(2).enumerate() {
        let (from, until) = (pair[0].1, pair[1].1);
        if place % 2 == 0 {
            let _ = writeln!(
                body,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#f1f1f1\"/>",
                px(from),
                px(TOP - 250),
                px(until - from),
                px(bottom - TOP + 500)
            );
        }
        let year = (FIRST_YEAR + place as i32).to_string();
        text(labels, (from + 50, TOP - 70), "y", &year);
        text(labels, (from + 50, bottom + 190), "y", &year);
    }
}

fn told(law: &Law, history: &History, period: &Period) -> String {
    format!(
        "{}, by {}, {} to {}: {}",
        history.origin.title,
        mode_word(history.mode),
        boundary(law, period.from),
        boundary(law, period.until),
        period.possible.words()
    )
}

fn band(body: &mut String, said: &str, possible: Possible, (from, until): (i64, i64), y: i64) {
    let _ = writeln!(body, "<g><title>{}</title>", escape(said));
    swatch(body, &look(possible), (from, y), (until - from).max(THIN));
    body.push_str("</g>\n");
}

fn fits(letters: &str, (from, until): (i64, i64)) -> bool {
    until - from >= LETTER * letters.chars().count() as i64 + 60
}

/// The dates of what is nowhere wide enough for its letters.
fn if_thin(law: &Law, axis: &Axis, histories: &[History], possible: Possible) -> Option<String> {
    let letters = look(possible).letters;
    let periods = histories.iter().flat_map(|history| &history.periods);
    let mut alike = periods
        .filter(|period| period.possible == possible)
        .peekable();
    let first = *alike.peek()?;
    let thin = alike.all(|one| !fits(&letters, (axis.place(one.from), axis.place(one.until))));
    let (from, until) = (boundary(law, first.from), boundary(law, first.until));
    thin.then(|| format!(" ({from} to {until})"))
}

fn lettered(body: &mut String, possible: Possible, (from, until): (i64, i64), y: i64) {
    let letters = look(possible).letters;
    if fits(&letters, (from, until)) {
        text(body, (i64::midpoint(from, until), y + 160), "l", &letters);
    }
}

fn swatch(body: &mut String, look: &Look, (x, y): (i64, i64), width: i64) {
    let place = format!(
        "x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
        px(x),
        px(y),
        px(width),
        px(BAND)
    );
    // An outline would cover what is thin.
    let outline = if width > 3 * THIN { "0.7" } else { "0" };
    let _ = writeln!(
        body,
        "<rect {place} fill=\"{}\" stroke=\"{INK}\" stroke-width=\"{outline}\"/>",
        look.fill
    );
    if let Some(pattern) = look.pattern {
        let _ = writeln!(body, "<rect {place} fill=\"url(#{pattern})\"/>");
    }
}

/// Numbered marks of the suspensions; marks that would touch are moved apart, their lines are not.
fn markers(body: &mut String, axis: &Axis, events: &[Event], bottom: i64) {
    let mut least = LEFT;
    for (place, event) in events.iter().enumerate() {
        let x = axis.place(event.at);
        let mark = x.max(least);
        least = mark + MARKER;
        let _ = writeln!(
            body,
            "<path d=\"M{mark},{} L{x},{} M{x},{} V{}\" fill=\"none\" stroke=\"{INK}\" \
             stroke-dasharray=\"3 3\" stroke-width=\"0.9\"/>\n\
             <circle cx=\"{mark}\" cy=\"{}\" r=\"10\" fill=\"#ffffff\" stroke=\"{INK}\"/>",
            px(920),
            px(TOP - 240),
            px(TOP - 40),
            px(bottom),
            px(820),
            mark = px(mark),
            x = px(x),
        );
        text(body, (mark, 860), "k", &(place + 1).to_string());
    }
}

/// What the bands mean, two to a line; gives the height reached.
fn legend(body: &mut String, law: &Law, axis: &Axis, histories: &[History], from: i64) -> i64 {
    let mut kinds: Vec<Possible> = Vec::new();
    for period in histories.iter().flat_map(|history| &history.periods) {
        if !kinds.contains(&period.possible) {
            kinds.push(period.possible);
        }
    }
    kinds.sort_by_key(|possible| (possible.outcome, possible.path, possible.also.bits));
    text(body, (200, from), "b", "What was possible");
    let lines = (kinds.len() as i64 + 1) / 2;
    for (place, possible) in kinds.iter().enumerate() {
        let place = place as i64;
        let (column, line) = (place / lines, place % lines);
        let (x, y) = (200 + 5_200 * column, from + 120 + 280 * line);
        let look = look(*possible);
        swatch(body, &look, (x, y), 600);
        text(body, (x + 300, y + 160), "l", &look.letters);
        let dates = if_thin(law, axis, histories, *possible).unwrap_or_default();
        text(
            body,
            (x + 720, y + 160),
            "n",
            &format!("{}{dates}", possible.words()),
        );
    }
    from + 120 + 280 * lines + 200
}

fn event_list(body: &mut String, law: &Law, events: &[Event], from: i64) -> i64 {
    text(body, (200, from), "b", "Suspensions");
    let mut y = from + LINE + 20;
    for (place, event) in events.iter().enumerate() {
        let said = format!("{}: {}", boundary(law, event.at), event.titles.join("; "));
        text(body, (400, y), "r", &(place + 1).to_string());
        for line in wrap(&said, 150) {
            text(body, (500, y), "n", &line);
            y += LINE;
        }
    }
    y
}
