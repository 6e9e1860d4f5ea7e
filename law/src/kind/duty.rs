//! `duty`: one heading of Chapter 99 or 98 that adds to, tops up, replaces or spares duty.
//!
//! The headings of one program form a family: of those whose condition a line meets, the one of the
//! lowest rank applies and no other. What depends on another program says so in its condition.

use crate::claim::Claim;
use crate::condition_text::Names;
use crate::error::LawError;
use crate::facts::{FactId, FactType};
use crate::money::Cents;
use crate::names::{FloorOver, Layer};
use crate::rate::Rate;
use crate::table::Table;
use serde::{Deserialize, Serialize};

/// A heading and what it charges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// The program, such as `301-china`; its headings exclude one another.
    pub program: String,
    /// Where it is reported.
    pub layer: Layer,
    /// Place in its program: the lowest whose condition holds applies.
    pub rank: u32,
    /// The heading to report; `None` where a table gives it or several come into question.
    pub heading: Option<Claim>,
    /// For a floor: the heading to report where column 1 already reaches it.
    pub heading_met: Option<Claim>,
    /// Headings of which one applies and which the sources do not tell apart.
    pub heading_candidates: Vec<Claim>,
    /// What is charged.
    pub charge: Charge,
    /// On what it is charged.
    pub base: Base,
    /// What was paid under it is being refunded.
    pub refundable: bool,
}

/// What a heading charges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Charge {
    /// A share of the base, on top of everything else.
    AdValorem(Rate),
    /// As much as column 1 lacks to the rate.
    Floor(Rate, FloorOver),
    /// Nothing: the heading spares what its program would charge.
    Exempt,
    /// What the dated table of this name says for the origin; no row, no charge.
    Table(String),
    /// It applies and its rate is not in hand.
    NotCovered,
}

/// On what a heading is charged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Base {
    /// The whole customs value of the line.
    Value,
    /// The value that a fact states.
    Content(FactId),
    /// The value without what other programs charge as content.
    WithoutContentOf(Vec<Program>),
    /// The value without what a fact states, of which at most a share of the value counts.
    Minus(FactId, Option<Rate>),
}

/// A program or heading as conditions name it: `232-steel`, `232-*`, `9903.94.01`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Program {
    /// The text without its star.
    pub text: String,
    /// Only the beginning must agree.
    pub begins: bool,
}

impl Program {
    pub(crate) fn parse(text: &str) -> Program {
        let begins = text.ends_with('*');
        let heading = text.starts_with("99") && text.contains('.');
        let text = text.strip_suffix('*').unwrap_or(text);
        Program {
            text: if heading {
                text.replace('.', "")
            } else {
                text.to_owned()
            },
            begins,
        }
    }

    /// Whether it names digits of headings rather than a program.
    #[must_use]
    pub fn is_heading(&self) -> bool {
        self.text.starts_with("99")
    }

    /// Whether it means this program or heading.
    #[must_use]
    pub fn means(&self, name: &str) -> bool {
        if self.begins {
            name.starts_with(&self.text)
        } else {
            name == self.text
        }
    }
}

impl Duty {
    pub(crate) fn read(table: &Table<'_>, names: &Names) -> Result<Duty, LawError> {
        let rank = table.integer("rank")?.map(u32::try_from).transpose();
        let read = Duty {
            program: table.need_text("program")?,
            layer: table.need_name("layer")?,
            rank: rank
                .ok()
                .flatten()
                .ok_or_else(|| table.error("rank", "must be a whole number of at least 0"))?,
            heading: heading(table, "heading")?,
            heading_met: heading(table, "heading_met")?,
            heading_candidates: table
                .texts("heading_candidates")?
                .into_iter()
                .map(|text| parse_heading(table, "heading_candidates", text))
                .collect::<Result<_, _>>()?,
            charge: charge(table)?,
            base: base(table, names)?,
            refundable: table.bool("refundable")?.unwrap_or(false),
        };
        let named = [
            read.heading.is_some(),
            !read.heading_candidates.is_empty(),
            matches!(read.charge, Charge::Table(_)),
        ];
        let count = named.iter().filter(|named| **named).count();
        let nameless = count == 0 && read.charge == Charge::NotCovered;
        if count != 1 && !nameless {
            let message = "give heading, or heading_candidates, or a table of rates";
            return Err(table.error("heading", message));
        }
        if read.heading_met.is_some() && !matches!(read.charge, Charge::Floor(..)) {
            return Err(table.error("heading_met", "belongs to a floor"));
        }
        Ok(read)
    }
}

fn heading<'a>(table: &Table<'a>, field: &'a str) -> Result<Option<Claim>, LawError> {
    let text = table.text(field)?;
    text.map(|text| parse_heading(table, field, text))
        .transpose()
}

fn parse_heading(table: &Table<'_>, field: &str, text: &str) -> Result<Claim, LawError> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    Claim::parse(text)
        .filter(|_| matches!(digits, 8 | 10) && text.starts_with("98") | text.starts_with("99"))
        .ok_or_else(|| {
            table.error(
                field,
                format!("`{text}` is not a heading such as 9903.88.15"),
            )
        })
}

fn charge(table: &Table<'_>) -> Result<Charge, LawError> {
    let given = [
        table.rate("rate")?.map(Charge::AdValorem),
        match table.rate("floor")? {
            Some(rate) => Some(Charge::Floor(rate, table.need_name("floor_over")?)),
            None => None,
        },
        table
            .text("rates")?
            .map(|name| Charge::Table(name.to_owned())),
        table.truth("exempt")?.map(|()| Charge::Exempt),
        table.truth("not_covered")?.map(|()| Charge::NotCovered),
    ];
    let mut given = given.into_iter().flatten();
    match (given.next(), given.next()) {
        (Some(charge), None) => Ok(charge),
        _ => Err(table.error(
            "rate",
            "give exactly one of rate, floor, rates, exempt, not_covered",
        )),
    }
}

fn base(table: &Table<'_>, names: &Names) -> Result<Base, LawError> {
    let fact = |field| -> Result<Option<FactId>, LawError> {
        let Some(name) = table.text(field)? else {
            return Ok(None);
        };
        let known = crate::facts::find(&names.facts, name);
        let usd = known.filter(|id| names.facts[id.0 as usize].kind == FactType::Usd);
        let wrong = || table.error(field, format!("`{name}` is not a fact in dollars"));
        usd.map(Some).ok_or_else(wrong)
    };
    let at_most = table.rate("base_minus_at_most")?;
    let without: Vec<Program> = table
        .texts("base_without_content_of")?
        .into_iter()
        .map(Program::parse)
        .collect();
    match (
        fact("base_content")?,
        fact("base_minus")?,
        without.is_empty(),
    ) {
        (None, None, true) if at_most.is_none() => Ok(Base::Value),
        (Some(content), None, true) if at_most.is_none() => Ok(Base::Content(content)),
        (None, Some(fact), true) => Ok(Base::Minus(fact, at_most)),
        (None, None, false) if at_most.is_none() => Ok(Base::WithoutContentOf(without)),
        _ => Err(table.error("base_content", "give at most one kind of base")),
    }
}

/// `program`: a special program whose symbol opens the special rates of column 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialProgram {
    /// The symbols that claim it.
    pub symbols: Vec<Claim>,
    /// Entries under it are spared the merchandise processing fee.
    pub mpf_exempt: bool,
}

impl SpecialProgram {
    pub(crate) fn read(table: &Table<'_>) -> Result<SpecialProgram, LawError> {
        let symbol = |text| {
            Claim::parse(text)
                .ok_or_else(|| table.error("symbols", format!("`{text}` is not a symbol")))
        };
        let symbols: Vec<_> = table
            .texts("symbols")?
            .into_iter()
            .map(symbol)
            .collect::<Result<_, _>>()?;
        if symbols.is_empty() {
            return Err(table.missing("symbols"));
        }
        Ok(SpecialProgram {
            symbols,
            mpf_exempt: table
                .bool("mpf_exempt")?
                .ok_or_else(|| table.missing("mpf_exempt"))?,
        })
    }
}

/// `mail-duty`: what the carrier of the mail pays in place of all other duties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailDuty {
    /// The rate by value.
    pub ad_valorem: MailRate,
    /// The fixed amounts a package by the rate of its goods, ascending; empty where there is no
    /// such method. An amount serves rates below its bound, the last one all others.
    pub specific: Vec<(Option<Rate>, Cents)>,
    /// What was paid under it is being refunded.
    pub refundable: bool,
}

/// The rate of mail duty by value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MailRate {
    /// One rate for all goods.
    Fixed(Rate),
    /// The sum of what these programs charge on the goods.
    SumOf(Vec<Program>),
}

impl MailDuty {
    pub(crate) fn read(table: &Table<'_>) -> Result<MailDuty, LawError> {
        let of: Vec<_> = table
            .texts("rate_of")?
            .into_iter()
            .map(Program::parse)
            .collect();
        let ad_valorem = match (table.rate("rate")?, of.is_empty()) {
            (Some(rate), true) => MailRate::Fixed(rate),
            (None, false) => MailRate::SumOf(of),
            _ => return Err(table.error("rate", "give either rate or rate_of")),
        };
        let mut specific = Vec::new();
        for step in table.tables("specific")? {
            specific.push((step.rate("below")?, step.need_usd("usd")?));
            step.finish()?;
        }
        let rising = specific.is_sorted_by(|a, b| a.0.is_some() && (b.0.is_none() || a.0 < b.0));
        if !rising || specific.last().is_some_and(|last| last.0.is_some()) {
            return Err(table.error("specific", "must rise, and the last amount has no bound"));
        }
        Ok(MailDuty {
            ad_valorem,
            specific,
            refundable: table.bool("refundable")?.unwrap_or(false),
        })
    }
}

/// `reporting-order`: in which order charges of a line are reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportingOrder {
    /// Every layer, first to last.
    pub layers: Vec<Layer>,
}

impl ReportingOrder {
    pub(crate) fn read(table: &Table<'_>) -> Result<ReportingOrder, LawError> {
        let layers: Vec<Layer> = table.list("layers")?;
        let all = Layer::ALL.iter().all(|layer| layers.contains(layer));
        if !all || layers.len() != Layer::ALL.len() {
            return Err(table.error("layers", "must name every layer once"));
        }
        Ok(ReportingOrder { layers })
    }
}
