//! The order of records, their loops and how often each may come, by `grammar.csv`.
//!
//! A transaction is walked with a stack of open groups. A record belongs to the innermost group
//! that still takes it; the groups below it are closed, and what they lack is found then. A record
//! that no open group takes is out of sequence, and the walk goes on as if it were not there.

use super::Found;
use crate::messages::catair::layout::Application;
use crate::messages::catair::table;
use std::ops::Range;
use std::sync::LazyLock;

const GRAMMAR: &str = include_str!("../../../../layouts/grammar.csv");

/// The text, which is part of the edition's hash.
pub(in crate::messages::catair) const DATA: &str = GRAMMAR;

/// One row: what a group holds, in order.
struct Element {
    application: &'static str,
    group: &'static str,
    element: &'static str,
    is_group: bool,
    min: usize,
    max: usize,
    source: &'static str,
}

/// Read by a test, as the other tables are.
static ELEMENTS: LazyLock<Vec<Element>> =
    LazyLock::new(|| read().expect("grammar.csv is read by tests"));

fn read() -> Result<Vec<Element>, String> {
    let rows = table::rows::<7>("grammar", GRAMMAR);
    rows.map(|row| {
        let [application, group, element, kind, min, max, source] = row?;
        let is_group = match kind {
            "record" => false,
            "group" => true,
            other => return Err(format!("grammar.csv: kind {other}")),
        };
        let count = |text: &str| {
            text.parse()
                .map_err(|_| format!("grammar.csv: count {text}"))
        };
        let (min, max) = (count(min)?, count(max)?);
        Ok(Element {
            application,
            group,
            element,
            is_group,
            min,
            max,
            source,
        })
    })
    .collect()
}

fn of_group(application: &str, group: &str) -> Vec<&'static Element> {
    let same = |it: &&Element| it.application == application && it.group == group;
    ELEMENTS.iter().filter(same).collect()
}

/// An open group: which of its elements is next, and how often that one has come.
struct Open {
    elements: Vec<&'static Element>,
    at: usize,
    count: usize,
}

impl Open {
    fn new(application: &str, group: &str) -> Open {
        Open {
            elements: of_group(application, group),
            at: 0,
            count: 0,
        }
    }

    /// The place of the element, from the present one on, that a record can be, and whether the
    /// record is not one too many there.
    fn place_of(&self, application: &str, tag: &str) -> Option<(usize, bool)> {
        let can = |place: &usize| begins(application, self.elements[*place], tag);
        let room = |place: &usize| *place != self.at || self.count < self.elements[*place].max;
        let mut places = (self.at..self.elements.len()).filter(can);
        let first = places.next()?;
        let roomy = std::iter::once(first).chain(places).find(room);
        Some(roomy.map_or((first, false), |place| (place, true)))
    }
}

/// Whether an element can begin with a record: itself, or the first record of its group.
fn begins(application: &str, element: &Element, tag: &str) -> bool {
    if element.is_group {
        let first = of_group(application, element.element);
        return first
            .first()
            .is_some_and(|first| begins(application, first, tag));
    }
    match element.element.strip_suffix('*') {
        Some(prefix) => tag.starts_with(prefix),
        None => element.element == tag,
    }
}

/// Judges the order within one transaction. Applications without a grammar are not judged.
pub(super) fn judge(found: &mut Found, application: &Application, transaction: Range<usize>) {
    // CBP answers a release with the records it got and puts SE90 between them.
    let answers = application.application == "SX";
    let name = if answers {
        "SE"
    } else {
        application.application
    };
    let mut stack = vec![Open::new(name, "transaction")];
    if stack[0].elements.is_empty() {
        return;
    }
    // The last record that had its place: behind it stands what is missing.
    let mut last = transaction.start;
    for place in transaction.clone() {
        let Some(layout) = found.line(place).layout() else {
            continue;
        };
        if answers && layout.record == "SE90" {
            continue;
        }
        if step(found, name, &mut stack, (last, place), layout.record) {
            last = place;
        }
    }
    // An answer to a release holds only the records that CBP speaks of.
    if answers {
        if !found.is(transaction.end - 1, "SE90") {
            let place = transaction.end - 1;
            let right = "a record SE90 at the end of the answer";
            found.add(
                place,
                (1, 4),
                "the disposition of the release is missing",
                right,
                "X37",
            );
        }
        return;
    }
    while let Some(open) = stack.pop() {
        close(found, &open, last);
    }
}

/// Gives a record to its group; `false` where no group takes it.
fn step(
    found: &mut Found,
    name: &str,
    stack: &mut Vec<Open>,
    (last, place): (usize, usize),
    tag: &str,
) -> bool {
    let Some(depth) = owner(name, stack, tag) else {
        let right = format!("its place in the {name} message");
        let reason = format!("record {tag} is out of sequence");
        found.add(place, (1, tag.len()), reason, right, "X35");
        return false;
    };
    while stack.len() > depth + 1 {
        if let Some(open) = stack.pop() {
            close(found, &open, last);
        }
    }
    enter(found, name, stack, (last, place), tag);
    true
}

/// The depth of the group that takes a record: the innermost that can without going over its
/// maximum, else the innermost that can at all.
fn owner(name: &str, stack: &[Open], tag: &str) -> Option<usize> {
    let place = |depth: &usize| stack[*depth].place_of(name, tag);
    let takes = |depth: &usize| place(depth).is_some_and(|(_, room)| room);
    let can = |depth: &usize| place(depth).is_some();
    let depths = || (0..stack.len()).rev();
    depths().find(takes).or_else(|| depths().find(can))
}

fn enter(
    found: &mut Found,
    name: &str,
    stack: &mut Vec<Open>,
    (last, place): (usize, usize),
    tag: &str,
) {
    let Some(open) = stack.last_mut() else { return };
    let Some((at, _)) = open.place_of(name, tag) else {
        return;
    };
    let mut lacks = Vec::new();
    if at != open.at {
        let present = (open.elements[open.at], open.count);
        let skipped = open.elements[open.at + 1..at]
            .iter()
            .map(|element| (*element, 0));
        lacks = std::iter::once(present).chain(skipped).collect();
        (open.at, open.count) = (at, 0);
    }
    open.count += 1;
    let (element, count) = (open.elements[at], open.count);
    for (element, count) in lacks {
        lack(found, element, count, last);
    }
    if count == element.max + 1 {
        let what = if element.is_group { "group" } else { "record" };
        let reason = format!(
            "{what} {} comes more than {} times",
            element.element, element.max
        );
        let right = format!("at most {}", element.max);
        found
            .add(place, (1, tag.len()), reason, right, "X36")
            .source = element.source;
    }
    if element.is_group {
        stack.push(Open::new(name, element.element));
        enter(found, name, stack, (last, place), tag);
    }
}

/// What a group that is left lacks.
fn close(found: &mut Found, open: &Open, last: usize) {
    for (at, element) in open.elements.iter().enumerate().skip(open.at) {
        let count = if at == open.at { open.count } else { 0 };
        lack(found, element, count, last);
    }
}

fn lack(found: &mut Found, element: &Element, count: usize, place: usize) {
    if count < element.min {
        let what = if element.is_group { "group" } else { "record" };
        let reason = format!("{what} {} is missing behind this record", element.element);
        let right = format!("at least {} in the {}", element.min, element.group);
        let length = found.line(place).tag().len().max(1);
        found.add(place, (1, length), reason, right, "X37").source = element.source;
    }
}
