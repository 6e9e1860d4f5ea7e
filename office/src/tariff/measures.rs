//! Which measures of the law touch a number on a day, and for goods of which origins: the headings
//! of chapters 98 and 99 whose condition may hold, with what is left of it.
//!
//! Nothing is reckoned here. Of the headings of one program the first whose condition holds applies.

use super::residue::{Known, Rest, rest};
use crate::law::{condition, or_list};
use crate::out::page::{Page, Style};
use deminimis_clearance::owed::words::dotted;
use deminimis_law::Law;
use deminimis_law::codes::Country;
use deminimis_law::compile::RuleRef;
use deminimis_law::condition::Cond;
use deminimis_law::duties::rate_row;
use deminimis_law::kind::{Charge, Duty, Rule};
use deminimis_law::lists::RateRow;
use deminimis_law::names::{Clock, FloorOver, Layer};
use deminimis_law::rate::Rate;
use deminimis_law::time::Moment;
use deminimis_tariff::Number;
use serde_json::{Value, json};
use std::io;

/// What a heading charges that exempts.
const SPARED: &str = "spared";
/// What a heading charges whose rate nobody has written down.
const NOT_IN_HAND: &str = "not in hand";

/// What a number is asked for.
#[derive(Clone, Copy)]
pub struct Goods {
    pub number: Number,
    pub at: Moment,
    /// Only goods of this origin.
    pub origin: Option<Country>,
}

/// A heading that may speak of the number.
pub struct Measure {
    pub program: String,
    pub id: String,
    layer: Layer,
    /// The heading, or those of which one is reported.
    pub headings: Vec<String>,
    /// What it charges, in a few words.
    pub charge: String,
    /// For goods of these, ascending.
    pub origins: Vec<Country>,
    /// What only the parcel can settle; none if it speaks of every parcel.
    left: Option<Cond>,
    cite: Vec<String>,
    confidence: &'static str,
    refundable: bool,
}

/// The measures in reporting order, those of a program in the order in which they are asked; none
/// where the law as known then cannot be ordered.
pub fn measures(law: &Law, goods: Goods) -> Option<Vec<Measure>> {
    let duties = law.duties()?;
    let stretch = duties.stretch(duties.place(Clock::EnteredAt, goods.at));
    let known = |origin, column_2| Known {
        law,
        number: goods.number,
        origin,
        at: goods.at,
        column_2,
    };
    let countries: Vec<Known<'_>> = Country::all()
        .filter(|country| goods.origin.is_none_or(|origin| origin == *country))
        .map(|country| {
            let mut rules = stretch.column_2.iter();
            let holds = |rule: &RuleRef| {
                rest(known(country, false), &law.version(*rule).when) == Rest::Holds
            };
            known(country, rules.any(holds))
        })
        .collect();
    let mut found = Vec::new();
    for family in &stretch.families {
        let mut open = countries.clone();
        for rule in &family.headings {
            let mut settled: Vec<Country> = Vec::new();
            for (left, row, origins) in spoken_of(law, *rule, &open) {
                if left.is_none() {
                    settled.extend(&origins);
                }
                found.extend(measure(law, *rule, left, row, origins));
            }
            open.retain(|known| !settled.contains(&known.origin));
        }
    }
    let place = |layer| stretch.layers.iter().position(|one| *one == layer);
    found.sort_by_key(|one| place(one.layer));
    Some(found)
}

/// Origins for which the same is left of a condition, and the same row of a table speaks.
type Alike<'a> = (Option<Cond>, Option<&'a RateRow>, Vec<Country>);

fn spoken_of<'a>(law: &'a Law, rule: RuleRef, open: &[Known<'_>]) -> Vec<Alike<'a>> {
    let version = law.version(rule);
    let Rule::Duty(duty) = &version.rule else {
        return Vec::new();
    };
    let table = match &duty.charge {
        Charge::Table(name) => law.book().rates.iter().find(|table| table.name == *name),
        _ => None,
    };
    let mut alike: Vec<Alike<'a>> = Vec::new();
    for known in open {
        let left = match rest(*known, &version.when) {
            Rest::Fails => continue,
            Rest::Holds => None,
            Rest::If(cond) => Some(cond),
        };
        let row = table.and_then(|table| {
            rate_row(table, known.origin, known.at, law.known_at()).map(|(_, row)| row)
        });
        if table.is_some() && row.is_none() {
            continue;
        }
        let same = |one: &&mut Alike<'a>| one.0 == left && charges_alike(one.1, row);
        match alike.iter_mut().find(same) {
            Some(one) => one.2.push(known.origin),
            None => alike.push((left, row, vec![known.origin])),
        }
    }
    alike
}

/// Whether two rows of a table charge the same under the same heading.
fn charges_alike(one: Option<&RateRow>, other: Option<&RateRow>) -> bool {
    let what = |row: &RateRow| (row.heading, row.heading_met, row.floor, row.rate);
    one.map(what) == other.map(what)
}

fn measure(
    law: &Law,
    rule: RuleRef,
    left: Option<Cond>,
    row: Option<&RateRow>,
    origins: Vec<Country>,
) -> Option<Measure> {
    let version = law.version(rule);
    let Rule::Duty(duty) = &version.rule else {
        return None;
    };
    let own = duty.heading.iter().chain(&duty.heading_met);
    let of_row = row.map(|row| std::iter::once(&row.heading).chain(&row.heading_met));
    let headings = own
        .chain(&duty.heading_candidates)
        .chain(of_row.into_iter().flatten());
    let cite = match row {
        Some(row) => &row.cite,
        None => &version.cite,
    };
    Some(Measure {
        program: duty.program.clone(),
        id: law.instrument(rule).id.clone(),
        layer: duty.layer,
        headings: headings.map(|one| dotted(one.as_str())).collect(),
        charge: charge(duty, row),
        origins,
        left,
        cite: cite.clone(),
        confidence: version.confidence.as_str(),
        refundable: duty.refundable,
    })
}

fn charge(duty: &Duty, row: Option<&RateRow>) -> String {
    match (&duty.charge, row) {
        (_, Some(row)) => match row.floor {
            None => row.rate.to_string(),
            Some(over) => floor(row.rate, over),
        },
        (Charge::AdValorem(rate), None) => rate.to_string(),
        (Charge::Floor(rate, over), None) => floor(*rate, *over),
        (Charge::Exempt, None) => SPARED.to_owned(),
        (Charge::Table(_), None) => "the rate of the origin".to_owned(),
        (Charge::NotCovered, None) => NOT_IN_HAND.to_owned(),
    }
}

fn floor(rate: Rate, over: FloorOver) -> String {
    match over {
        FloorOver::General => format!("up to {rate} with the general rate"),
        FloorOver::GeneralOrSpecial => format!("up to {rate} with column 1"),
    }
}

/// How many headings of one line are named each.
const MOST_HEADINGS: usize = 12;

/// Writes the measures, program by program.
pub fn write(law: &Law, goods: Goods, found: &[Measure], page: &mut Page<'_>) -> io::Result<()> {
    page.gap()?;
    let of = goods
        .origin
        .map_or_else(String::new, |origin| format!(" on goods of {origin}"));
    page.say(
        0,
        Style::Bold,
        &format!("Measures of chapters 98 and 99{of}"),
    )?;
    if found.is_empty() {
        return page.say(2, Style::Plain, "none in the law in hand");
    }
    for program in found.chunk_by(|a, b| a.program == b.program) {
        page.say(2, Style::Bold, &program[0].program)?;
        let (every, some): (Vec<_>, Vec<_>) =
            program.iter().partition(|one| one.is_by_claim_alone());
        for one in some {
            let heading = match one.headings.as_slice() {
                [] => one.id.clone(),
                some => or_list(some),
            };
            let mut said = format!("{heading}  {}", one.charge);
            if goods.origin.is_none() {
                said.push_str("  ");
                said.push_str(&origins(law, goods.at, &one.origins));
            }
            page.say(4, Style::Id, &said)?;
            if let Some(left) = &one.left {
                page.say(8, Style::Plain, &format!("if {}", condition(law, left)))?;
            }
            let refunded = if one.refundable { "; refunded" } else { "" };
            let cite = format!("{} ({}{refunded})", one.cite.join("; "), one.confidence);
            page.say(8, Style::Dim, &cite)?;
        }
        for charge in [SPARED, NOT_IN_HAND] {
            let of_charge = every.iter().filter(|one| one.charge == charge);
            let mut headings: Vec<&str> = of_charge
                .flat_map(|one| one.headings.iter().map(String::as_str))
                .collect();
            headings.sort_unstable();
            headings.dedup();
            let listed = match headings.as_slice() {
                [] => continue,
                [first, .., last] if headings.len() > MOST_HEADINGS => {
                    format!("{} headings, {first} to {last}", headings.len())
                }
                all => all.join(", "),
            };
            page.say(
                4,
                Style::Plain,
                &format!("{charge} where claimed: {listed}"),
            )?;
        }
    }
    page.say(
        0,
        Style::Dim,
        "of a program the first heading whose condition holds applies, and no other",
    )
}

/// The measures for a program to read.
pub fn json(law: &Law, found: &[Measure]) -> Value {
    let one = |one: &Measure| {
        let origins: Vec<&str> = one.origins.iter().map(Country::as_str).collect();
        json!({
            "program": one.program,
            "rule": one.id,
            "layer": one.layer.as_str(),
            "headings": one.headings,
            "charge": one.charge,
            "origins": origins,
            "if": one.left.as_ref().map(|left| condition(law, left)),
            "cite": one.cite,
            "confidence": one.confidence,
            "refundable": one.refundable,
        })
    };
    found.iter().map(one).collect()
}

impl Measure {
    /// Whether it hangs on nothing but a claim and charges nothing that is known: such headings are
    /// many, and are named in one line.
    fn is_by_claim_alone(&self) -> bool {
        let known = !matches!(self.charge.as_str(), SPARED | NOT_IN_HAND);
        !known && matches!(&self.left, Some(Cond::Claim(_)))
    }
}

/// Origins in words: groups of the law by their titles, and what is left by its code.
fn origins(law: &Law, at: Moment, all: &[Country]) -> String {
    let others: Vec<Country> = Country::all().filter(|one| !all.contains(one)).collect();
    if others.is_empty() {
        return "every origin".to_owned();
    }
    if others.len() < all.len() {
        return format!("every origin but {}", listed(law, at, &others));
    }
    listed(law, at, all)
}

/// The least group that is called by its title.
const GROUP: usize = 5;

fn listed(law: &Law, at: Moment, all: &[Country]) -> String {
    let count = law.book().instruments.len();
    let in_force = (0..count).filter_map(|place| law.in_force_at(u16::try_from(place).ok()?, at));
    let mut groups: Vec<(&str, &[Country])> = in_force
        .filter_map(|rule| match &law.version(rule).rule {
            Rule::Group(group) if group.origins.len() >= GROUP => Some((
                law.instrument(rule).title.as_str(),
                group.origins.as_slice(),
            )),
            _ => None,
        })
        .collect();
    groups.sort_by_key(|(_, origins)| std::cmp::Reverse(origins.len()));
    let mut left = all.to_vec();
    let mut said = Vec::new();
    for (title, origins) in groups {
        if origins.iter().all(|origin| left.contains(origin)) {
            left.retain(|origin| !origins.contains(origin));
            said.push(format!("{title} ({})", origins.len()));
        }
    }
    said.extend(left.iter().map(Country::to_string));
    said.join(", ")
}
