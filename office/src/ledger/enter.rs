//! A file's parcels entered in the ledger: read, claimed in the order of the day, written in the
//! order of the file.
//!
//! The parcels are held in memory, for the order of the day is not that of the file; the answers
//! are not, they lie in a temporary file until all are there.

use crate::ledger::{Answer, Erasures, Form, LedgerError, Near, NearTally, OpenLedger, RunError};
use crate::pass::second::Tally;
use crate::pass::{Inputs, Opening, PassError, Persons, Wishes, add_counts};
use crate::read::{Counts, Read, Reject, RejectReason};
use crate::setup::Setup;
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_law::names::PersonBasis;
use deminimis_store::intake::{Parcel, RefusedDays, Said, foresee};
use deminimis_store::{Pending, Receipt, Refused, StoreError};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Seek, SeekFrom, Write};

/// How many requests are on their way at most: less than a store lets wait.
const WINDOW: usize = 4096;

/// The parcels of a run, each told of the others.
pub struct FileParcels {
    parcels: Vec<Parcel>,
    places: Vec<At>,
    files: Vec<String>,
    counts: Counts,
    near: Near,
}

/// Where a parcel stands.
struct At {
    file: u32,
    row: u64,
    rows: u32,
}

/// Answers on disk, by the parcel's place in the file.
struct Spool {
    file: BufWriter<File>,
    length: u64,
    /// Begin and length; nothing for a parcel that was refused.
    spans: Vec<Option<(u64, usize)>>,
}

/// What came of entering a run's parcels.
pub struct Entered {
    spool: Spool,
    /// The outcomes.
    pub tally: Tally,
    /// What was read, with refusals of the ledger among the rejects.
    pub counts: Counts,
    /// Parcels entered now.
    pub fresh: u64,
    /// Parcels that had their answer before.
    pub again: u64,
    /// Those of them whose person was erased since: their answers tell of nobody.
    pub erased: u64,
    /// Who may be one.
    pub alike: NearTally,
}

impl FileParcels {
    /// Reads the parcels of a run. `said` is what the command line says of all of them; `progress` is
    /// told how many were read, and ends the run where it fails.
    ///
    /// # Errors
    /// A file cannot be read, or a refusal not be written.
    pub fn read(
        desk: &OpenLedger,
        inputs: &Inputs,
        opening: &Opening<'_>,
        (wishes, said): (&Wishes, &Said),
        mut refuse: impl FnMut(&Reject) -> io::Result<()>,
        mut progress: impl FnMut(u64) -> io::Result<()>,
    ) -> Result<FileParcels, PassError> {
        let mut all = FileParcels {
            parcels: Vec::new(),
            places: Vec::new(),
            files: inputs.iter().map(crate::pass::Input::name).collect(),
            counts: Counts::default(),
            near: Near::default(),
        };
        let mut persons = Persons::default();
        let mut refused = RefusedDays::new();
        let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
        for (file, input) in inputs.iter().enumerate() {
            let Some(mut source) = inputs.open_among(input, opening, &mut refuse)? else {
                continue;
            };
            while let Some(read) = source.next(&mut shipment, &mut texts)? {
                match read {
                    Read::Refused(reject) => {
                        if let Some((person, day)) = persons.of_reject(&reject) {
                            *refused.entry(person).or_default().entry(day).or_default() += 1;
                        }
                        refuse(&reject)?;
                    }
                    Read::Shipment { row, rows } => {
                        wishes.apply(&mut shipment);
                        let mut basis = PersonBasis::Consignee;
                        let person = |of| {
                            basis = of;
                            persons.of(&texts, of)
                        };
                        let mut parcel = desk.intake.take(&shipment, &texts, said, person);
                        all.near.add(desk, &mut parcel, &texts, basis)?;
                        all.parcels.push(parcel);
                        let file = file as u32;
                        all.places.push(At { file, row, rows });
                        progress(all.parcels.len() as u64)?;
                    }
                }
            }
            add_counts(&mut all.counts, source.counts());
        }
        foresee(&mut all.parcels, &refused);
        Ok(all)
    }

    /// The parcels in the order of the file, and what was read.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Parcel>, Counts) {
        (self.parcels, self.counts)
    }

    /// The most letters that an id has.
    #[must_use]
    pub fn longest_id(&self) -> usize {
        let ids = self.parcels.iter().map(|parcel| &parcel.shipment.id);
        ids.map(|id| id.chars().count()).max().unwrap_or(16)
    }

    /// Claims every parcel, told who its person may be. What the ledger refuses goes to the rejects.
    /// `progress` is told how many are answered; where it fails, the run ends and what was entered
    /// stays. `beside` says what stands beside an answer ([`Answer::push_beside`]).
    ///
    /// # Errors
    /// The ledger failed, in which case the same run can be repeated; a file cannot be written.
    pub fn enter(
        mut self,
        (desk, setup): (&OpenLedger, &Setup),
        form: &Form,
        mut refuse: impl FnMut(&Reject) -> io::Result<()>,
        (mut beside, mut progress): (impl Beside, impl FnMut(u64) -> io::Result<()>),
    ) -> Result<Entered, RunError> {
        let near = std::mem::take(&mut self.near);
        let alike = near.find(desk, setup, &mut self.parcels)?;
        let mut order: Vec<usize> = (0..self.parcels.len()).collect();
        order.sort_by(|a, b| {
            let key = |at: &usize| self.parcels[*at].order_key();
            key(a).cmp(&key(b))
        });
        let mut entering = Entering {
            desk,
            form,
            spool: Spool::new(self.parcels.len())?,
            tally: Tally::default(),
            fresh: 0,
            again: 0,
            erased: 0,
            erasures: desk.erasures()?,
            text: Vec::new(),
        };
        let mut waiting: VecDeque<(usize, Pending<Receipt>)> = VecDeque::new();
        let (mut refused, mut answered) = (Vec::new(), 0);
        let mut next = order.into_iter();
        loop {
            while waiting.len() < WINDOW
                && let Some(at) = next.next()
            {
                let request = desk.intake.claim(&self.parcels[at]);
                waiting.push_back((at, desk.ledger.submit(request)));
            }
            let Some((at, pending)) = waiting.pop_front() else {
                break;
            };
            match entering.receive(&self.parcels[at], at, pending, &mut beside)? {
                None => {}
                Some(reason) => refused.push((at, reason)),
            }
            answered += 1;
            if let Err(stop) = progress(answered) {
                // What was sent to the ledger stays: what stands beside its answers is said too.
                for (at, pending) in waiting {
                    entering.receive(&self.parcels[at], at, pending, &mut beside)?;
                }
                return Err(stop.into());
            }
        }
        // In the order of the file, as all refusals.
        refused.sort_by_key(|(at, _)| *at);
        for (at, reason) in refused {
            refuse(&self.reject(at, reason))?;
        }
        let Entering {
            spool,
            tally,
            fresh,
            again,
            erased,
            ..
        } = entering;
        Ok(Entered {
            spool,
            tally,
            counts: self.counts,
            fresh,
            again,
            erased,
            alike,
        })
    }

    fn reject(&mut self, at: usize, reason: Refused) -> Reject {
        let (place, parcel) = (&self.places[at], &self.parcels[at]);
        self.counts.shipments_accepted -= 1;
        self.counts.shipments_rejected += 1;
        self.counts.rows_accepted -= u64::from(place.rows);
        self.counts.rows_rejected += u64::from(place.rows);
        let (field, value, why) = refusal(reason, &parcel.shipment.id);
        Reject {
            file: self.files[place.file as usize].clone(),
            row: place.row,
            rows: place.rows,
            shipment_id: Some(parcel.shipment.id.clone()),
            field: field.to_owned(),
            line: None,
            value,
            reason: RejectReason::Rule(why),
            consignee: None,
        }
    }
}

/// The field, its value and the reason, as a sentence that says who acts.
fn refusal(reason: Refused, id: &str) -> (&'static str, String, String) {
    let id = id.to_owned();
    match reason {
        Refused::OtherBody => (
            "shipment_id",
            id,
            "is in the ledger with another body; nothing was changed. The sender must give another \
             parcel another id, or amend this one (deminimis ledger amend)"
                .to_owned(),
        ),
        Refused::BadValue => (
            "line_value",
            String::new(),
            "is above what a ledger adds up; the sender must correct it".to_owned(),
        ),
        Refused::BadId(_)
        | Refused::UnknownShipment
        | Refused::WrongState(_)
        | Refused::Changed
        | Refused::TooManyAlike
        | Refused::BadRecord
        | Refused::NoKeys
        | Refused::AlreadyOne
        | Refused::NotUnderHead
        | Refused::NotEmpty
        | Refused::BadLine(_)
        | Refused::BadExport
        | Refused::TooManyEvents
        | Refused::Elsewhere(_)
        | Refused::Exists => (
            "shipment_id",
            id,
            format!("cannot be entered in the ledger: {reason}; the sender must correct it"),
        ),
    }
}

/// Says what stands beside the answer of a parcel.
pub trait Beside: FnMut(&Parcel, &Receipt, &Answer<'_>) -> io::Result<String> {}
impl<F: FnMut(&Parcel, &Receipt, &Answer<'_>) -> io::Result<String>> Beside for F {}

/// Nothing stands beside an answer.
///
/// # Errors
/// None.
pub fn nothing(_: &Parcel, _: &Receipt, _: &Answer<'_>) -> io::Result<String> {
    Ok(String::new())
}

/// What is going on while parcels are entered.
struct Entering<'a> {
    desk: &'a OpenLedger,
    form: &'a Form,
    spool: Spool,
    tally: Tally,
    fresh: u64,
    again: u64,
    erased: u64,
    erasures: Erasures,
    text: Vec<u8>,
}

impl Entering<'_> {
    /// Takes a parcel's receipt, or the reason why it has none.
    fn receive(
        &mut self,
        parcel: &Parcel,
        at: usize,
        pending: Pending<Receipt>,
        beside: &mut impl Beside,
    ) -> Result<Option<Refused>, RunError> {
        let again = || self.desk.intake.claim(parcel);
        let receipt = match self.desk.receipt(pending, again) {
            Ok(receipt) => receipt,
            Err(StoreError::Refused(reason)) => return Ok(Some(reason)),
            Err(error) => return Err(self.desk.failed(error).into()),
        };
        *if receipt.fresh {
            &mut self.fresh
        } else {
            &mut self.again
        } += 1;
        let unread = || LedgerError::Answer {
            place: self.desk.place.clone(),
            shipment_id: parcel.shipment.id.clone(),
        };
        let answer = Answer::read(&receipt.answer).ok_or_else(unread)?;
        self.tally.count(answer.counted().ok_or_else(unread)?);
        let (id, position) = (&parcel.shipment.id, receipt.position);
        let erased = !receipt.fresh && self.desk.is_erased(&self.erasures, id, position)?;
        self.erased += u64::from(erased);
        self.text.clear();
        let person = parcel.person.filter(|_| !erased);
        let beside = beside(parcel, &receipt, &answer)?;
        self.form.push(&answer, person, &beside, &mut self.text);
        self.spool.put(at, &self.text)?;
        Ok(None)
    }
}

impl Spool {
    fn new(parcels: usize) -> io::Result<Spool> {
        Ok(Spool {
            file: BufWriter::new(tempfile::tempfile()?),
            length: 0,
            spans: vec![None; parcels],
        })
    }

    fn put(&mut self, at: usize, text: &[u8]) -> io::Result<()> {
        self.file.write_all(text)?;
        self.spans[at] = Some((self.length, text.len()));
        self.length += text.len() as u64;
        Ok(())
    }
}

impl Entered {
    /// Writes the answers in the order of the file.
    ///
    /// # Errors
    /// The answers cannot be read back or written.
    pub fn write(self, form: &Form, out: &mut dyn Write) -> io::Result<()> {
        let file = self.spool.file.into_inner();
        let mut file = BufReader::new(file.map_err(io::IntoInnerError::into_error)?);
        let (between, after) = form.around();
        let (mut text, mut place) = (Vec::new(), None);
        out.write_all(form.head().as_bytes())?;
        for (begin, length) in self.spool.spans.into_iter().flatten() {
            match place {
                None => {}
                Some(_) => out.write_all(between.as_bytes())?,
            }
            if place != Some(begin) {
                file.seek(SeekFrom::Start(begin))?;
            }
            text.resize(length, 0);
            file.read_exact(&mut text)?;
            out.write_all(&text)?;
            place = Some(begin + length as u64);
        }
        out.write_all(after.as_bytes())
    }
}
