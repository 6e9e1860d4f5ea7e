//! The first pass: reads every parcel, tells persons apart, and learns what their days hold.

use crate::pass::drafts::{Counted, Drafts};
use crate::pass::second::{Decided, Sink};
use crate::pass::{Held, Inputs, Learned, Opening, PassError, Persons, Wishes, days, links};
use crate::read::{Counts, Read, Reject};
use crate::setup::Setup;
use deminimis_clearance::day::{counts_if_linked, day_record, party_of};
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_clearance::{DayContext, Scratch, assess_into};
use std::io;

/// The first pass: reads every parcel, tells persons apart, and walks their days. `progress` is told
/// how many parcels were read; where it fails, the pass ends.
pub fn learn(
    setup: &Setup,
    inputs: &Inputs,
    opening: &Opening<'_>,
    wishes: &Wishes,
    refuse: impl FnMut(&Reject) -> io::Result<()>,
    progress: impl FnMut(u64) -> io::Result<()>,
) -> Result<Learned, PassError> {
    learn_and_draft(setup, inputs, opening, wishes, None, refuse, progress)
}

/// The same, and writes each parcel as if it were alone on its day. The second pass must be given
/// the same writer, whose text may not depend on which parcel is the first.
pub fn learn_and_draft(
    setup: &Setup,
    inputs: &Inputs,
    opening: &Opening<'_>,
    wishes: &Wishes,
    sink: Option<&dyn Sink>,
    mut refuse: impl FnMut(&Reject) -> io::Result<()>,
    mut progress: impl FnMut(u64) -> io::Result<()>,
) -> Result<Learned, PassError> {
    let mut learner = Learner::new(setup, wishes, sink);
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    let mut counts = Counts::default();
    for input in inputs.iter() {
        let Some(mut source) = inputs.open_among(input, opening, &mut refuse)? else {
            continue;
        };
        while let Some(read) = source.next(&mut shipment, &mut texts)? {
            match read {
                Read::Refused(reject) => {
                    learner.refused(&reject);
                    refuse(&reject)?;
                }
                Read::Shipment { .. } => {
                    wishes.apply(&mut shipment);
                    learner.take(&shipment, &texts)?;
                    progress(u64::from(learner.index))?;
                }
            }
        }
        add_counts(&mut counts, source.counts());
    }
    learner.finish(counts)
}

/// What is learned so far.
struct Learner<'a> {
    setup: &'a Setup,
    wishes: &'a Wishes,
    /// Where drafts are written, if they are.
    sink: Option<(&'a dyn Sink, Drafts)>,
    days: days::Builder,
    links: links::Builder,
    persons: Persons,
    held: Option<Vec<Held>>,
    held_lines: usize,
    scratch: Scratch,
    spare: Scratch,
    text: Vec<u8>,
    alone: DayContext,
    /// The place of the next parcel.
    index: u32,
}

impl<'a> Learner<'a> {
    fn new(setup: &'a Setup, wishes: &'a Wishes, sink: Option<&'a dyn Sink>) -> Learner<'a> {
        Learner {
            setup,
            wishes,
            sink: sink.map(|sink| (sink, Drafts::new())),
            days: days::Builder::new(wishes.bounds.records),
            links: links::Builder::new(wishes.bounds.records),
            persons: Persons::default(),
            held: Some(Vec::new()),
            held_lines: 0,
            scratch: Scratch::default(),
            spare: Scratch::default(),
            text: Vec::new(),
            alone: DayContext::default(),
            index: 0,
        }
    }

    fn refused(&mut self, reject: &Reject) {
        if let Some((key, day)) = self.persons.of_reject(reject) {
            self.days.refused(key, day);
        }
    }

    fn take(&mut self, shipment: &Shipment, texts: &Texts) -> Result<(), PassError> {
        let books = self.setup.books();
        let decision = assess_into(books, shipment, &self.alone, &mut self.scratch);
        let person = self.persons.of(texts, decision.person);
        if let Some(person) = person {
            let mut record = day_record(shipment, texts, decision, books.law);
            record.index = self.index;
            if counts_if_linked(&decision.candidate, &decision.limits) {
                let given = texts.party(party_of(decision.person));
                let on = (person, record.day);
                self.links.add(on, &given, &self.persons.compared())?;
            }
            self.days.add(person, record, decision.limits)?;
        }
        if let Some((sink, drafts)) = &mut self.sink {
            let decided = Decided {
                books,
                shipment,
                day: &self.alone,
                decision,
                person,
                first: self.index == 0,
            };
            self.text.clear();
            sink.parcel(&decided, &mut self.spare, &mut self.text);
            drafts.push(Counted::of(decision), &self.text)?;
        }
        self.held_lines += shipment.lines.len();
        if self.held_lines > self.wishes.bounds.held_lines {
            self.held = None;
        }
        if let Some(held) = &mut self.held {
            held.push(Held {
                shipment: shipment.clone(),
                person,
            });
        }
        self.index += 1;
        Ok(())
    }

    fn finish(self, counts: Counts) -> Result<Learned, PassError> {
        let drafts = self.sink.map(|(_, drafts)| drafts.finish());
        let (linked, links) = self.links.link()?;
        Ok(Learned {
            held: self.held,
            days: self.days.walk(linked)?,
            links,
            drafts: drafts.transpose()?,
            counts,
            scratch: self.scratch,
        })
    }
}

/// Adds what another file held.
pub fn add_counts(sum: &mut Counts, one: Counts) {
    sum.rows_read += one.rows_read;
    sum.rows_accepted += one.rows_accepted;
    sum.rows_rejected += one.rows_rejected;
    sum.shipments_read += one.shipments_read;
    sum.shipments_accepted += one.shipments_accepted;
    sum.shipments_rejected += one.shipments_rejected;
}
