//! Which rate of the schedule a line pays: column 1 general or special, or column 2.

use super::ask::Asker;
use super::{Column, Goods, Why};
use crate::decision::Unknown;
use crate::shipment::Line;
use deminimis_law::claim::Claim;
use deminimis_law::duties::DutyStretch;
use deminimis_law::kind::Rule;
use deminimis_law::truth::Truth;
use deminimis_tariff::rate::{Program, Rate};
use deminimis_tariff::{Article, Number, RateRef};

/// Numbers of chapters 98 and 99 name no article: they are claimed beside one that does.
const FIRST_CHAPTER_OF_CLAIMS: u8 = 98;

/// The rate of the schedule that a line pays, or why it is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Paid {
    /// The column.
    pub column: Column,
    /// Its rate.
    pub rate: Option<RateRef>,
    /// The general rate, for floors and for claims that would raise the duty.
    pub general: Option<RateRef>,
    /// Why the rate is not known.
    pub open: Option<Why>,
    /// The line is entered under a program that spares the merchandise processing fee.
    pub mpf_exempt: bool,
    /// A program that the line claims and that serves it, whatever the column prints for it.
    pub program: Option<Claim>,
    /// The column 1 rate that the line pays is `Free`.
    pub free: bool,
    /// An excise tax may be due.
    pub excise: bool,
    /// The rates are carried on from the last release in hand.
    pub carried: bool,
}

impl Paid {
    /// Whether anything bounds what the schedule charges.
    pub fn is_bounded(&self) -> bool {
        let unbounded = [Why::NoNumber, Why::HeadingAsNumber, Why::NoSchedule];
        self.open.is_none_or(|why| !unbounded.contains(&why))
    }
}

/// Reads the schedule for a line. `ignored` hears of claims that open nothing.
pub(super) fn paid(
    goods: Goods<'_>,
    line: &Line,
    stretch: &DutyStretch,
    asker: &mut Asker<'_>,
    mut ignored: impl FnMut(Claim),
) -> Paid {
    let mut paid = Paid::default();
    let day = goods.shipment.entry_when().day.0;
    let number = line.number.filter(|number| number.len() >= 8);
    let article = number.and_then(|number| goods.tariff.article(number, day));
    let of_no_article = |number: Number| number.chapter() >= FIRST_CHAPTER_OF_CLAIMS;
    paid.open = match (number, &article) {
        _ if line.number.is_some_and(of_no_article) => Some(Why::HeadingAsNumber),
        (None, _) => Some(Why::NoNumber),
        (_, Some(_)) => None,
        _ if day < goods.tariff.embedded_days().0 => Some(Why::NoSchedule),
        _ => Some(Why::NoNumber),
    };
    if let Some(article) = &article {
        paid.general = Some(article.general);
        paid.rate = Some(article.general);
        paid.excise = article.excise;
        paid.carried = article.carried;
    }
    for rule in &stretch.column_2 {
        match asker.ask(&goods.law.version(*rule).when) {
            Truth::Yes => {
                paid.column = Column::Two(*rule);
                paid.rate = article.map(|article| article.column_2);
                return paid;
            }
            Truth::No => {}
            Truth::Unknown => {
                let origin = Unknown::Fact(goods.law.origin_fact());
                paid.open = paid.open.or(Some(Why::Unknown(origin)));
            }
        }
    }
    for claim in &line.claims {
        if !claim
            .as_str()
            .starts_with(|first: char| first.is_ascii_alphabetic())
        {
            continue;
        }
        if !special(goods, *claim, article.as_ref(), stretch, asker, &mut paid) {
            ignored(*claim);
        }
    }
    let rate = paid.rate.map(|rate| goods.tariff.rate(rate));
    paid.free = matches!(rate, Some(Rate::Free));
    paid
}

/// Takes up a claimed program; whether it serves the line at all.
fn special(
    goods: Goods<'_>,
    claim: Claim,
    article: Option<&Article<'_>>,
    stretch: &DutyStretch,
    asker: &mut Asker<'_>,
    paid: &mut Paid,
) -> bool {
    let serves = stretch.programs.iter().find_map(|rule| {
        let version = goods.law.version(*rule);
        let Rule::Program(program) = &version.rule else {
            return None;
        };
        let serves = program.symbols.contains(&claim) && asker.ask(&version.when) == Truth::Yes;
        serves.then_some((*rule, program.mpf_exempt))
    });
    let Some((rule, mpf_exempt)) = serves else {
        return false;
    };
    let column = article.zip(Program::parse(claim.as_str()));
    let rate = column.and_then(|(article, program)| article.special.of(program));
    let free =
        article.is_some_and(|article| matches!(goods.tariff.rate(article.general), Rate::Free));
    // Where the general rate is free the special column is blank, and the claim still says that the
    // goods originate.
    if rate.is_none() && !free && article.is_some() {
        return false;
    }
    paid.program = Some(claim);
    paid.mpf_exempt |= mpf_exempt;
    if let Some(rate) = rate {
        paid.column = Column::Special(rule, claim);
        paid.rate = Some(rate);
    }
    true
}
