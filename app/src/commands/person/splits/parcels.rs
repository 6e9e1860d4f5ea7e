//! The parcels of files as they are looked at for split lots: each with the limit of the law of its
//! own day, and with its person.

use crate::commands::CommandError;
use crate::commands::person::rows::row_of;
use crate::pass::{Inputs, Opening, Persons, add_counts, comparable};
use crate::read::{Counts, Read, ReadError, Reject};
use crate::setup::Setup;
use deminimis_clearance::day::{counts_if_linked, party_of};
use deminimis_clearance::shipment::fields::{FieldId, Party, PartyField, id};
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_clearance::{DayContext, Scratch, assess_into};
use deminimis_law::money::Cents;
use deminimis_law::names::{Basis, Mode};
use deminimis_law::time::{Day, Moment};
use deminimis_person::matching::{Row, match_people};
use deminimis_person::splitting::{Parcel, SplitReason};
use deminimis_person::{Key, PartyText, Scratch as Compared};
use std::collections::BTreeMap;
use std::io;

/// The most persons among whom likely spellings of one are looked for.
const MOST_MATCHED: usize = 100_000;

const ORDERED_ON: Option<FieldId> = FieldId::named("ordered_on");

/// A parcel to be looked at.
pub struct Held {
    pub shipment_id: String,
    pub day: Day,
    pub entered: Moment,
    pub mode: Mode,
    pub value: Cents,
    pub limit: Cents,
    key: Key,
    /// The party as its key compared it.
    compared: Compared,
    /// Name, street, city, state, postal code, country, e-mail address, telephone number.
    party: [String; 8],
    /// Seller, order, master bill, house bill, description, number in the schedule.
    texts: [String; 6],
    ordered_on: Option<Day>,
    order_total: Option<Cents>,
    order_parcels: Option<u32>,
    split_reason: Option<SplitReason>,
}

/// What files hold.
#[derive(Default)]
pub struct Gathered {
    /// The parcels that a limit applies to.
    pub held: Vec<Held>,
    pub counts: Counts,
    /// Persons who are taken for one with another spelling of them.
    pub linked: BTreeMap<Key, u32>,
    /// Spellings were not looked for: there are too many persons.
    pub unmatched: bool,
}

impl Gathered {
    /// Reads files; `refuse` is handed what cannot be read.
    pub fn read(
        setup: &Setup,
        inputs: &Inputs,
        opening: &Opening<'_>,
        mut refuse: impl FnMut(&Reject) -> io::Result<()>,
    ) -> Result<Gathered, CommandError> {
        let mut all = Gathered::default();
        let mut scratch = Scratch::default();
        let mut persons = Persons::default();
        let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
        for input in inputs.iter() {
            let mut source = match inputs.open(input, opening) {
                Ok(source) => source,
                Err(ReadError::Empty { .. }) if inputs.len() > 1 => continue,
                Err(error) => return Err(error.into()),
            };
            while let Some(read) = source.next(&mut shipment, &mut texts)? {
                match read {
                    Read::Shipment { .. } => {
                        let of = (&mut shipment, &texts);
                        all.held.extend(held(setup, of, &mut persons, &mut scratch));
                    }
                    Read::Refused(reject) => refuse(&reject)?,
                }
            }
            add_counts(&mut all.counts, source.counts());
        }
        all.link();
        Ok(all)
    }

    /// Who is surely one person under several spellings. Uncertain matches link nobody here.
    fn link(&mut self) {
        let mut rows: BTreeMap<Key, &Held> = BTreeMap::new();
        for held in &self.held {
            let known = rows.entry(held.key).or_insert(held);
            if held.party < known.party {
                *known = held;
            }
        }
        if rows.len() > MOST_MATCHED {
            self.unmatched = true;
            return;
        }
        let keys: Vec<Key> = rows.keys().copied().collect();
        let ids: Vec<String> = keys.iter().map(Key::to_string).collect();
        let rows = rows.values().zip(&ids);
        let rows: Vec<Row<'_>> = rows.map(|(held, id)| held.row(id)).collect();
        for (members, cluster) in match_people(&rows).clusters.iter().zip(0..) {
            let members = members.iter().map(|member| (keys[*member], cluster));
            self.linked.extend(members);
        }
    }

    /// The parcels as they are looked at; `index` is the place in `held`.
    pub fn parcels(&self) -> Vec<Parcel<'_>> {
        let linked = |held: &Held| self.linked.get(&held.key).copied();
        let held = self.held.iter().enumerate();
        held.map(|(index, held)| held.parcel(index, linked(held)))
            .collect()
    }
}

impl Held {
    fn row<'a>(&'a self, id: &'a str) -> Row<'a> {
        row_of(id, &self.party)
    }

    fn parcel(&self, index: usize, linked_person: Option<u32>) -> Parcel<'_> {
        let [
            seller,
            order_id,
            master_bill,
            house_bill,
            description,
            htsus_number,
        ] = &self.texts;
        Parcel {
            index,
            shipment_id: &self.shipment_id,
            day: self.day.0,
            value_cents: self.value.0,
            limit_cents: Some(self.limit.0),
            person: self.key,
            linked_person,
            party: self.compared.last(),
            email: &self.party[6],
            seller,
            order_id,
            ordered_on: self.ordered_on.map(|day| day.0),
            order_total_cents: self.order_total.map(|total| total.0),
            order_parcels: self.order_parcels,
            split_reason: self.split_reason,
            master_bill,
            house_bill,
            description,
            htsus_number,
        }
    }
}

/// A parcel with its limit; `None` where the exemption is out of its reach or nobody is its person.
///
/// Whether the exemption is in reach is asked as if no reason of a split had been given: one that is
/// refused for its reason is what is looked for.
fn held(
    setup: &Setup,
    (shipment, texts): (&mut Shipment, &Texts),
    persons: &mut Persons,
    scratch: &mut Scratch,
) -> Option<Held> {
    let said = shipment.split_reason.take();
    let decision = assess_into(setup.books(), shipment, &DayContext::default(), scratch);
    let limits = decision.limits;
    let candidate = &decision.candidate;
    let limit = limits[Basis::Section321C as usize]?.limit;
    let above = candidate.value > limit && !candidate.open.is_empty();
    let in_reach = counts_if_linked(candidate, &limits) || above || candidate.undecided.is_some();
    if !in_reach || decision.unpriced {
        return None;
    }
    let person = party_of(decision.person);
    let key = persons.of(texts, decision.person)?;
    let given = texts.party(person);
    let row = comparable(key, &given, &persons.compared()).row;
    let mut compared = Compared::new();
    let party = PartyText {
        name: given.name,
        street: given.street,
        city: given.city,
        state: given.state,
        postal_code: given.postal_code,
        country: given.country,
    };
    // The key itself is known: what is wanted is the party as it was compared.
    Key::of(&party, "", None, &mut compared).ok()?;
    let text = |field| texts.get(field).unwrap_or_default().to_owned();
    let line = |field| texts.line(field, 0).unwrap_or_default().to_owned();
    let seller = match texts.get(Party::Seller.field(PartyField::Name)) {
        Some(seller) => seller.to_owned(),
        None => text(id::SHIPPER_NAME),
    };
    Some(Held {
        shipment_id: shipment.id.clone(),
        day: shipment.arrives_at.day,
        entered: shipment.entry_when().moment,
        mode: shipment.mode,
        value: candidate.value,
        limit,
        key,
        compared,
        party: [
            row.name,
            row.street,
            row.city,
            row.state,
            row.postal_code,
            row.country,
            row.email,
            row.phone,
        ]
        .map(str::to_owned),
        texts: [
            seller,
            text(id::ORDER_ID),
            text(id::MASTER_BILL),
            text(id::HOUSE_BILL),
            line(id::DESCRIPTION),
            line(id::HTSUS_NUMBER),
        ],
        ordered_on: ORDERED_ON
            .and_then(|field| texts.get(field))
            .and_then(Day::parse),
        order_total: shipment.order_total,
        order_parcels: shipment.order_parcels,
        split_reason: said.and_then(|said| SplitReason::parse(said.as_str())),
    })
}
