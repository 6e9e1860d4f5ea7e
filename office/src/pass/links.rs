//! Who on a day may be one person although the exact key tells them apart.
//!
//! The parties of parcels that could count are set aside by day, beyond a limit on disk, and one
//! day's parties at a time are compared. A day with more parties than are held for it is passed
//! over, and that is told: nobody is linked on it.

use crate::pass::PassError;
use crate::pass::persons::comparable;
use crate::pass::sorter::{Item, Sorted, Sorter};
use deminimis_clearance::day::Linked;
use deminimis_clearance::shipment::texts::PartyRef;
use deminimis_law::time::Day;
use deminimis_person::matching::{Anchors, Party, Row, link_day_but};
use deminimis_person::{Key, Normalised};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// Stands between the parts of a party; it is taken out of them.
const SEPARATOR: char = '\u{1f}';

/// The most rows of parties that are held for one day.
const MOST_OF_A_DAY: usize = 250_000;

/// As many days that were passed over are told by name.
const MOST_TOLD: usize = 5;

/// A party on a day, in the order of days and within a day of persons.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Someone {
    day: Day,
    person: [u8; 16],
    anchors: [u32; 6],
    /// Name, street, city, state, postal code, country, e-mail address, telephone number.
    parts: Box<str>,
}

impl Item for Someone {
    fn lead(&self) -> u64 {
        let [a, b, c, d, ..] = self.person;
        // The sign bit is turned, so that earlier days are lesser numbers.
        let day = u64::from(self.day.0.cast_unsigned() ^ 1 << 31);
        day << 32 | u64::from(u32::from_be_bytes([a, b, c, d]))
    }
}

impl Someone {
    fn party(&self) -> Party<'_> {
        let mut parts = self.parts.split(SEPARATOR);
        let mut part = || parts.next().unwrap_or_default();
        Party {
            key: Key(self.person),
            anchors: Anchors(self.anchors),
            row: Row {
                id: "",
                name: part(),
                street: part(),
                city: part(),
                state: part(),
                postal_code: part(),
                country: part(),
                email: part(),
                phone: part(),
            },
        }
    }
}

/// A person who on a day may be another, in the order of persons and within a person of days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The person's key.
    pub person: [u8; 16],
    /// The day.
    pub day: Day,
    /// The readings of the day in which the person stands, in ascending order. Those who may be one
    /// person in one of them share its number, which no other day has.
    pub readings: Vec<u32>,
    /// Who else the person may be.
    pub with: Vec<Linked>,
}

impl Ord for Link {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.person, self.day).cmp(&(other.person, other.day))
    }
}

impl PartialOrd for Link {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Item for Link {
    fn lead(&self) -> u64 {
        super::days::lead_of(&self.person)
    }
}

/// What is to be told of links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkTally {
    /// Persons on a day who may be another of that day.
    pub persons: u64,
    /// The days on which there are any.
    pub days: u64,
    /// Days that were passed over, with how many rows of parties they have: the first few.
    pub passed_over: Vec<(Day, usize)>,
    /// How many days were passed over.
    pub days_passed_over: u64,
}

impl LinkTally {
    /// What is said of it below a table; empty if there is nothing to say.
    #[must_use]
    pub fn said(&self) -> String {
        let mut said = String::new();
        if self.persons > 0 {
            // Writing to memory cannot fail.
            let _written = writeln!(
                said,
                " persons alike: {} on {} {} may be another person of the day: never merged, but \
                 counted together in day_total_if_linked_usd",
                self.persons,
                self.days,
                if self.days == 1 { "day" } else { "days" },
            );
        }
        for (day, rows) in &self.passed_over {
            let _written = writeln!(
                said,
                " persons alike: not looked for on {day}, whose {rows} parties are too many"
            );
        }
        let more = self.days_passed_over - self.passed_over.len() as u64;
        if more > 0 {
            let _written = writeln!(said, " persons alike: nor on {more} more such days");
        }
        said
    }

    fn pass_over(&mut self, day: Day, rows: usize) {
        self.days_passed_over += 1;
        if self.passed_over.len() < MOST_TOLD {
            self.passed_over.push((day, rows));
        }
    }
}

/// Collects the parties of days.
pub struct Builder {
    parties: Sorter<Someone>,
    bound: usize,
    most_of_a_day: usize,
    text: String,
}

impl Builder {
    /// Holds at most `bound` parties in memory while they are collected.
    pub fn new(bound: usize) -> Builder {
        Builder {
            parties: Sorter::new(bound),
            bound,
            most_of_a_day: MOST_OF_A_DAY,
            text: String::new(),
        }
    }

    /// Adds the party of a parcel, as given and as its key compared it.
    pub fn add(
        &mut self,
        (person, day): (Key, Day),
        given: &PartyRef<'_>,
        compared: &Normalised<'_>,
    ) -> Result<(), PassError> {
        let party = comparable(person, given, compared);
        let row = &party.row;
        let text = &mut self.text;
        text.clear();
        for part in [
            row.name,
            row.street,
            row.city,
            row.state,
            row.postal_code,
            row.country,
            row.email,
            row.phone,
        ] {
            let pieces = part.split(SEPARATOR);
            pieces.for_each(|piece| text.push_str(piece));
            text.push(SEPARATOR);
        }
        self.parties.push(Someone {
            day,
            person: person.0,
            anchors: party.anchors.0,
            parts: text.as_str().into(),
        })
    }

    /// Links the parties of each day.
    pub fn link(self) -> Result<(Sorted<Link>, LinkTally), PassError> {
        self.link_but(|_, _| false)
    }

    /// The same, but of two keys that are `apart` nothing is said.
    pub fn link_but(
        self,
        apart: impl Fn(Key, Key) -> bool,
    ) -> Result<(Sorted<Link>, LinkTally), PassError> {
        let mut sorted = self.parties.sorted()?;
        let mut links = Links {
            links: Sorter::new(self.bound),
            tally: LinkTally::default(),
            readings: 0,
        };
        let mut next = sorted.next()?;
        while let Some(first) = next.take() {
            let (day, mut rows) = (first.day, 1);
            let mut parties = vec![first];
            loop {
                next = sorted.next()?;
                let Some(one) = next.take_if(|one| one.day == day) else {
                    break;
                };
                if parties.last() == Some(&one) {
                    continue;
                }
                rows += 1;
                // Of a day with too many the last alone is kept, to tell what is given twice.
                if parties.len() > self.most_of_a_day {
                    parties.pop();
                }
                parties.push(one);
            }
            if rows > self.most_of_a_day {
                links.tally.pass_over(day, rows);
            } else {
                links.day(day, &parties, &apart)?;
            }
        }
        Ok((links.links.sorted()?, links.tally))
    }
}

/// The links found so far.
struct Links {
    links: Sorter<Link>,
    tally: LinkTally,
    /// How many readings the days before have.
    readings: u32,
}

impl Links {
    fn day(
        &mut self,
        day: Day,
        parties: &[Someone],
        apart: &impl Fn(Key, Key) -> bool,
    ) -> Result<(), PassError> {
        let rows: Vec<Party<'_>> = parties.iter().map(Someone::party).collect();
        let Ok(linked) = link_day_but(&rows, apart) else {
            self.tally.pass_over(day, rows.len());
            return Ok(());
        };
        self.tally.persons += linked.len() as u64;
        self.tally.days += u64::from(!linked.is_empty());
        let mut next = self.readings;
        for one in linked {
            let readings: Vec<u32> = one.readings.iter().map(|at| self.readings + at).collect();
            next = next.max(readings.iter().map(|at| at + 1).max().unwrap_or(0));
            let with = one.with.into_iter().map(|with| Linked {
                key: with.key.to_string(),
                score: with.score,
                evidence: with.evidence,
            });
            self.links.push(Link {
                person: one.key.0,
                day,
                readings,
                with: with.collect(),
            })?;
        }
        self.readings = next;
        Ok(())
    }
}
