//! Who the persons of a run's parcels may be: by the parties that the run has and those that the
//! ledger has kept of their days.
//!
//! Who is compared is found before anything is claimed, by keyed hashes of what two spellings of one
//! person share; what those who are alike have on the day is read by the ledger with the claim. All is
//! bounded: of what is too much nobody is compared, and that is told.

use crate::ledger::{Apart, LedgerError, OpenLedger, RunError, builder};
use crate::pass::{Bounds, LinkBuilder, LinkTally, PassError, Persons, comparable};
use crate::setup::Setup;
use deminimis_clearance::day::party_of;
use deminimis_clearance::shipment::Texts;
use deminimis_law::names::PersonBasis;
use deminimis_law::time::Day;
use deminimis_person::Key;
use deminimis_person::matching::Anchors;
use deminimis_store::intake::{Parcel, recall};
use deminimis_store::{BlockingKey, KeptRecord, PersonKey, State};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many keys are asked for at once.
const PAGE: usize = 1_000;

/// What more kept persons of a day share says too little of any of them.
const MOST_OF_A_KEY: u32 = 100;

/// The most kept persons of a day whose parties are read for a run.
const MOST_OF_A_DAY: usize = 10_000;

/// As many days are told by name.
const MOST_TOLD: usize = 5;

/// As many parcels of a kept person are looked at for spellings.
pub(super) const MOST_SPELLINGS: usize = 4;

/// The most others with whom one person is counted together.
const MOST_TOGETHER: usize = 64;

/// The parties of a run.
pub struct Near {
    parties: LinkBuilder,
    days: BTreeMap<Day, OfDay>,
    persons: Persons,
}

/// What is looked for on a day, and whom the run itself has there.
#[derive(Default)]
struct OfDay {
    keys: BTreeSet<[u8; 16]>,
    persons: BTreeSet<PersonKey>,
}

/// What is to be told of a run.
#[derive(Default)]
pub struct NearTally {
    links: LinkTally,
    /// Days with too many kept persons to be read, and how many; the first few.
    unread: Vec<(Day, usize)>,
    /// How many such days there are.
    unread_days: u64,
    /// Parcels whose person may be one of too many.
    too_many: u64,
}

impl NearTally {
    /// What is said below a table; empty if there is nothing to say.
    #[must_use]
    pub fn said(&self) -> String {
        let mut said = self.links.said();
        if self.links.persons > 0 {
            said.push_str(" persons alike: deminimis ledger alike tells who they are, and why\n");
        }
        for (day, count) in &self.unread {
            said.push_str(&format!(
                " persons alike: {count} persons that the ledger has on {day} share something with \
                 these, too many to be read: compared among these alone\n"
            ));
        }
        let more = self.unread_days - self.unread.len() as u64;
        if more > 0 {
            said.push_str(&format!(" persons alike: and so on {more} more days\n"));
        }
        if self.too_many > 0 {
            let (count, most) = (self.too_many, MOST_TOGETHER);
            said.push_str(&format!(
                " persons alike: {count} parcels have no second total: their persons may be more \
                 than {most} others\n"
            ));
        }
        said
    }
}

impl Default for Near {
    fn default() -> Near {
        Near {
            parties: LinkBuilder::new(Bounds::default().records),
            days: BTreeMap::new(),
            persons: Persons::default(),
        }
    }
}

impl Near {
    /// Takes the party of a parcel that has a part in what alike persons count, and gives the parcel
    /// the keys by which it is found.
    ///
    /// # Errors
    /// A temporary file cannot be written.
    pub fn add(
        &mut self,
        desk: &OpenLedger,
        parcel: &mut Parcel,
        texts: &Texts,
        basis: PersonBasis,
    ) -> Result<(), PassError> {
        let Some(key) = parcel.person.filter(|_| parcel.counts_if_linked()) else {
            return Ok(());
        };
        let given = texts.party(party_of(basis));
        self.persons.of(texts, basis);
        let compared = self.persons.compared();
        parcel.alike.keys = keys(desk, comparable(key, &given, &compared).anchors);
        let day = Day(parcel.arrival().day);
        let of_day = self.days.entry(day).or_default();
        of_day
            .keys
            .extend(parcel.alike.keys.iter().map(|key| key.0));
        of_day.persons.insert(parcel.ledger_person);
        self.parties.add((key, day), &given, &compared)
    }

    /// Finds who may be one, and tells each parcel.
    ///
    /// # Errors
    /// The ledger or a temporary file cannot be read.
    pub fn find(
        mut self,
        desk: &OpenLedger,
        setup: &Setup,
        parcels: &mut [Parcel],
    ) -> Result<NearTally, RunError> {
        let mut tally = NearTally::default();
        for (day, of_day) in std::mem::take(&mut self.days) {
            let found = kept_near(desk, day, &of_day)?;
            if found.len() > MOST_OF_A_DAY {
                tally.unread_days += 1;
                if tally.unread.len() < MOST_TOLD {
                    tally.unread.push((day, found.len()));
                }
                continue;
            }
            for person in found {
                self.add_kept((desk, setup), person, day)?;
            }
        }
        let apart = Apart::of(desk)?;
        let (mut links, told) = self.parties.link_but(|one, other| apart.are(one, other))?;
        tally.links = told;
        let mut readings: HashMap<u32, Vec<Key>> = HashMap::new();
        let mut of: HashMap<(Key, Day), Vec<u32>> = HashMap::new();
        while let Some(link) = links.next()? {
            let key = Key(link.person);
            for reading in &link.readings {
                readings.entry(*reading).or_default().push(key);
            }
            of.insert((key, link.day), link.readings);
        }
        for parcel in parcels {
            let day = Day(parcel.arrival().day);
            let Some(key) = parcel.person else { continue };
            let Some(theirs) = of.get(&(key, day)) else {
                continue;
            };
            let others = |reading: &u32| -> Vec<PersonKey> {
                let all = readings.get(reading).into_iter().flatten();
                let others = all.filter(|one| **one != key);
                others.map(|one| desk.intake.ledger_person(*one)).collect()
            };
            let found: Vec<Vec<PersonKey>> = theirs.iter().map(others).collect();
            match found.iter().map(Vec::len).sum::<usize>() <= MOST_TOGETHER {
                true => parcel.alike.readings = found,
                false => tally.too_many += 1,
            }
        }
        Ok(tally)
    }

    /// Takes the parties that are kept of a person's parcels of a day. Of who was erased nothing is
    /// known.
    fn add_kept(
        &mut self,
        (desk, setup): (&OpenLedger, &Setup),
        person: PersonKey,
        day: Day,
    ) -> Result<(), RunError> {
        let parcels = desk.parcels(person, Some(day.0))?.into_iter();
        let parcels = parcels.filter(|one| one.state != State::Voided);
        for standing in parcels.take(MOST_SPELLINGS) {
            let Some(record) = desk.records_of(&standing.shipment_id)?.pop() else {
                continue;
            };
            let kept = kept_party(desk, setup, &record, &mut self.persons);
            if let Some((_, key, texts, basis)) = kept {
                let given = texts.party(party_of(basis));
                let compared = self.persons.compared();
                self.parties.add((key, day), &given, &compared)?;
            }
        }
        Ok(())
    }
}

/// The keys by which a party is found.
fn keys(desk: &OpenLedger, anchors: Anchors) -> Vec<BlockingKey> {
    let places = (0_u8..).zip(anchors.0).filter(|(_, anchor)| *anchor != 0);
    let key = |(place, anchor): (u8, u32)| {
        // Another rule for anchors would make other keys: the number says which it was.
        let mut text = b"anchor 1 ".to_vec();
        text.push(place);
        text.extend(anchor.to_be_bytes());
        desk.keys.installation.blocking(&text)
    };
    places.map(key).collect()
}

/// By what the parties of parcels are found, as their latest records have them.
fn found_by<'a>(
    desk: &OpenLedger,
    setup: &Setup,
    ids: impl Iterator<Item = &'a String>,
) -> Result<BTreeSet<[u8; 16]>, LedgerError> {
    let (mut persons, mut all) = (Persons::default(), BTreeSet::new());
    for id in ids {
        let Some(record) = desk.records_of(id)?.pop() else {
            continue;
        };
        if let Some((_, key, texts, basis)) = kept_party(desk, setup, &record, &mut persons) {
            let given = texts.party(party_of(basis));
            let party = comparable(key, &given, &persons.compared());
            all.extend(keys(desk, party.anchors).iter().map(|key| key.0));
        }
    }
    Ok(all)
}

/// Keeps again by what a person is found, from the parcels that are that person's now: a split forgets
/// it, because by which parcel each key came is not kept.
///
/// # Errors
/// The ledger cannot be read or written.
pub fn find_again(desk: &OpenLedger, setup: &Setup, person: PersonKey) -> Result<(), RunError> {
    let parcels = desk.parcels(person, None)?;
    let all = found_by(desk, setup, parcels.iter().map(|one| &one.shipment_id))?;
    let keys = all.into_iter().map(BlockingKey).collect();
    let kept = desk.ledger.block(desk.intake.tenant(), person, keys).wait();
    Ok(kept.map_err(|error| desk.failed(error))?)
}

/// The party of a kept parcel that has a part in what alike persons count: its parcel, its key, and
/// where it stands in which texts. `persons` was asked for it last. Nothing where it does not read any
/// more.
pub fn kept_party(
    desk: &OpenLedger,
    setup: &Setup,
    record: &KeptRecord,
    persons: &mut Persons,
) -> Option<(Parcel, Key, Texts, PersonBasis)> {
    let recalled = recall(record, &mut builder(setup)).ok()?;
    let mut basis = PersonBasis::Consignee;
    let person = |of| {
        basis = of;
        persons.of(&recalled.texts, of)
    };
    let parcel = desk.intake.take_kept(&recalled, person).ok()?;
    let key = parcel.person.filter(|_| parcel.counts_if_linked())?;
    Some((parcel, key, recalled.texts, basis))
}

/// Parcels of a person on a day, of which their parties are read: `most` of those that stand.
pub(super) fn spellings(
    desk: &OpenLedger,
    person: PersonKey,
    day: Day,
    most: usize,
) -> Result<Vec<String>, RunError> {
    let parcels = desk.parcels(person, Some(day.0))?.into_iter();
    let standing = parcels.filter(|one| one.state != State::Voided);
    Ok(standing.map(|one| one.shipment_id).take(most).collect())
}

/// The kept persons of a day who share with a person something by which he is found, himself not
/// among them; `own` are parcels of his on that day.
pub(super) fn neighbours(
    (desk, setup): (&OpenLedger, &Setup),
    (person, day): (PersonKey, Day),
    own: &[String],
) -> Result<BTreeSet<PersonKey>, RunError> {
    let of_day = OfDay {
        keys: found_by(desk, setup, own.iter())?,
        ..OfDay::default()
    };
    let mut found = kept_near(desk, day, &of_day)?;
    found.remove(&person);
    Ok(found)
}

/// The kept persons of a day who share a key with the run's, without those whom the run has itself.
fn kept_near(desk: &OpenLedger, day: Day, of_day: &OfDay) -> Result<BTreeSet<PersonKey>, RunError> {
    let tenant = desk.intake.tenant();
    let keys: Vec<BlockingKey> = of_day.keys.iter().map(|key| BlockingKey(*key)).collect();
    let mut found = BTreeSet::new();
    for page in keys.chunks(PAGE) {
        let rows = desk
            .ledger
            .alike_on(tenant, day.0, page.to_vec(), MOST_OF_A_KEY + 1);
        let rows = rows.wait().map_err(|error| desk.failed(error))?;
        for shared in rows.chunk_by(|one, other| one.0 == other.0) {
            if shared.len() > MOST_OF_A_KEY as usize {
                continue;
            }
            for (_, person) in shared.iter().filter(|one| !of_day.persons.contains(&one.1)) {
                found.insert(desk.person_of(*person)?);
            }
        }
    }
    Ok(found)
}
