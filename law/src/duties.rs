//! The duties in force, stretch by stretch: which programs are asked in which order, and which of
//! their headings by rank.
//!
//! A program that another one depends on (`subject_to`, content) is asked before it. The order may
//! change with time, so it is found anew for each stretch; a circle is refused when law is loaded.

use crate::codes::Country;
use crate::compile::{Law, RuleRef};
use crate::condition::Cond;
use crate::kind::{Base, Charge, Duty, Kind, MailDuty, MailRate, Program, Rule};
use crate::lists::{RateRow, RateTable};
use crate::names::{Clock, Layer};
use crate::time::Moment;

/// How many fees the law may hold: for a line they are marked by bits. More are refused when law is
/// loaded, whatever their dates, so that no date of knowledge can bring more into force at once.
pub const FEES: usize = u32::BITS as usize;

/// What is in force of all duty law between two moments at which any of it changes.
#[derive(Clone, Debug, Default)]
pub struct DutyStretch {
    /// Programs in the order in which they are asked.
    pub families: Vec<Family>,
    /// Where column 2 applies.
    pub column_2: Vec<RuleRef>,
    /// Special programs.
    pub programs: Vec<RuleRef>,
    /// What the carrier of the mail pays.
    pub mail: Vec<RuleRef>,
    /// Fees.
    pub fees: Vec<RuleRef>,
    /// In which order layers are reported.
    pub layers: Vec<Layer>,
}

/// The headings of one program, lowest rank first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// The program's name, by its place in [`Duties::names`].
    pub program: u16,
    /// Its headings.
    pub headings: Vec<RuleRef>,
}

/// All duty law, compiled.
#[derive(Clone, Debug, Default)]
pub struct Duties {
    /// Names of programs.
    pub names: Vec<String>,
    /// For each clock, the moments at which a condition of a duty may change its answer.
    bounds: [Vec<Moment>; Clock::ALL.len()],
    /// One more than the bounds of the moment of entry.
    stretches: Vec<DutyStretch>,
}

/// The stretch of each clock in which a parcel lies, as duties see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DutyMark(pub [u16; Clock::ALL.len()]);

/// Programs that depend on one another in a circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Circle(pub Vec<String>, pub Moment);

impl Duties {
    /// The stretch of a clock that holds `at`.
    #[must_use]
    pub fn place(&self, clock: Clock, at: Moment) -> u16 {
        self.bounds[clock as usize].partition_point(|bound| *bound <= at) as u16
    }

    /// What is in force in a stretch of the moment of entry.
    #[must_use]
    pub fn stretch(&self, place: u16) -> &DutyStretch {
        &self.stretches[place as usize]
    }

    /// The moments of entry at which something changes.
    #[must_use]
    pub fn entry_bounds(&self) -> &[Moment] {
        &self.bounds[Clock::EnteredAt as usize]
    }
}

/// The row of a table of rates for an origin: its own, else the one for every other.
#[must_use]
pub fn rate_row(
    table: &RateTable,
    origin: Country,
    at: Moment,
    known_at: Option<Moment>,
) -> Option<(u16, &RateRow)> {
    let holds = |row: &RateRow| {
        row.from <= at
            && at < row.until
            && known_at.is_none_or(|known_at| row.published <= known_at)
    };
    let of = |wanted: Option<Country>| {
        let rows = (0_u16..).zip(&table.rows);
        rows.filter(|(_, row)| row.origin == wanted && holds(row))
            .max_by_key(|(_, row)| row.published)
    };
    of(Some(origin)).or_else(|| of(None))
}

/// Compiles the duties of a law whose sets and versions in force are known.
pub(crate) fn compile(law: &Law) -> Result<Duties, Circle> {
    let book = law.book();
    let mut duties = Duties::default();
    for instrument in book.instruments.iter().filter(|one| one.kind == Kind::Duty) {
        for version in &instrument.versions {
            if let Rule::Duty(duty) = &version.rule
                && !duties.names.contains(&duty.program)
            {
                duties.names.push(duty.program.clone());
            }
        }
    }
    duties.names.sort_unstable();
    duties.bounds = bounds(law);
    let entry = &duties.bounds[Clock::EnteredAt as usize];
    let starts = std::iter::once(Moment::MIN).chain(entry.iter().copied());
    let stretches: Result<_, _> = starts.map(|at| stretch(law, &duties.names, at)).collect();
    duties.stretches = stretches?;
    Ok(duties)
}

fn bounds(law: &Law) -> [Vec<Moment>; Clock::ALL.len()] {
    let mut bounds: [Vec<Moment>; Clock::ALL.len()] = Default::default();
    let entry = Clock::EnteredAt as usize;
    for (place, instrument) in (0_u16..).zip(&law.book().instruments) {
        if !instrument.kind.is_of_duty() {
            continue;
        }
        bounds[entry].extend(law.changes(place));
        let covers = instrument
            .covers_from
            .iter()
            .chain(&instrument.covers_until);
        bounds[entry].extend(covers.map(|written| written.moment));
        for version in &instrument.versions {
            let spares = match &version.rule {
                Rule::Fee(fee) => fee.spares.as_ref(),
                Rule::Duty(Duty {
                    charge: Charge::Table(name),
                    ..
                }) => {
                    for row in rows(law, name) {
                        bounds[entry].extend([row.from, row.until]);
                    }
                    None
                }
                _ => None,
            };
            for cond in spares.into_iter().chain([&version.when]) {
                cond.walk(&mut |part| match part {
                    Cond::Number(set) => bounds[entry].extend(law.number_set_of(*set).bounds()),
                    Cond::Origin(set) | Cond::ShippedFrom(set) => {
                        bounds[entry].extend(law.origin_set_of(*set).bounds());
                    }
                    Cond::Before(clock, moment) => bounds[*clock as usize].push(*moment),
                    _ => {}
                });
            }
        }
    }
    for bounds in &mut bounds {
        bounds.retain(|bound| *bound > Moment::MIN && *bound < Moment::MAX);
        bounds.sort_unstable();
        bounds.dedup();
    }
    bounds
}

fn rows<'a>(law: &'a Law, name: &str) -> &'a [RateRow] {
    let table = law.book().rates.iter().find(|table| table.name == name);
    table.map_or(&[], |table| &table.rows)
}

/// What is in force of one program: its headings by rank, and the programs it depends on.
#[derive(Clone, Default)]
struct Members<'a> {
    headings: Vec<(u32, RuleRef)>,
    needs: Vec<&'a Program>,
}

fn stretch(law: &Law, names: &[String], at: Moment) -> Result<DutyStretch, Circle> {
    let mut stretch = DutyStretch::default();
    let mut families: Vec<Members<'_>> = vec![Members::default(); names.len()];
    let count = law.book().instruments.len() as u16;
    for rule in (0..count).filter_map(|place| law.in_force_at(place, at)) {
        let version = law.version(rule);
        match &version.rule {
            Rule::Duty(duty) => {
                let place = names.binary_search(&duty.program).unwrap_or_default();
                families[place].headings.push((duty.rank, rule));
                depends(&version.when, &mut families[place].needs);
                if let Base::WithoutContentOf(programs) = &duty.base {
                    families[place].needs.extend(programs);
                }
            }
            Rule::Column2 => stretch.column_2.push(rule),
            Rule::Program(_) => stretch.programs.push(rule),
            Rule::MailDuty(_) => stretch.mail.push(rule),
            Rule::Fee(_) => stretch.fees.push(rule),
            Rule::ReportingOrder(order) => stretch.layers.clone_from(&order.layers),
            _ => {}
        }
    }
    // In the order of their class codes, those without one last.
    stretch
        .fees
        .sort_by_key(|rule| match &law.version(*rule).rule {
            Rule::Fee(fee) => (fee.class_code.is_empty(), fee.class_code.clone()),
            _ => (true, String::new()),
        });
    if stretch.layers.is_empty() {
        stretch.layers = Layer::ALL.to_vec();
    }
    let needs = |at: usize| needed(law, names, &families, at);
    for program in order(names, needs, at)? {
        let mut headings = families[program as usize].headings.clone();
        headings.sort_unstable();
        if !headings.is_empty() {
            stretch.families.push(Family {
                program,
                headings: headings.into_iter().map(|(_, rule)| rule).collect(),
            });
        }
    }
    Ok(stretch)
}

fn depends<'a>(cond: &'a Cond, on: &mut Vec<&'a Program>) {
    match cond {
        Cond::All(parts) | Cond::Any(parts) => parts.iter().for_each(|part| depends(part, on)),
        Cond::Not(part) | Cond::AnyLine(part) => depends(part, on),
        Cond::SubjectTo(programs) => on.extend(programs),
        _ => {}
    }
}

/// The programs that a program must be asked after.
fn needed(law: &Law, names: &[String], families: &[Members<'_>], at: usize) -> Vec<usize> {
    let means = |wanted: &Program, place: usize| {
        if !wanted.is_heading() {
            return wanted.means(&names[place]);
        }
        families[place]
            .headings
            .iter()
            .any(|(_, rule)| match &law.version(*rule).rule {
                Rule::Duty(duty) => duty_headings(law, duty).any(|heading| wanted.means(heading)),
                _ => false,
            })
    };
    let wanted = &families[at].needs;
    (0..names.len())
        .filter(|place| *place != at && wanted.iter().any(|wanted| means(wanted, *place)))
        .collect()
}

/// Every heading that a rule may report.
fn duty_headings<'a>(law: &'a Law, duty: &'a Duty) -> impl Iterator<Item = &'a str> {
    let own = duty
        .heading
        .iter()
        .chain(&duty.heading_met)
        .chain(&duty.heading_candidates);
    let table = match &duty.charge {
        Charge::Table(name) => rows(law, name),
        _ => &[],
    };
    let rows = table
        .iter()
        .flat_map(|row| std::iter::once(&row.heading).chain(&row.heading_met));
    own.chain(rows).map(|heading| heading.as_str())
}

/// Programs so that each comes after those it needs; by name where that leaves a choice.
fn order(
    names: &[String],
    needs: impl Fn(usize) -> Vec<usize>,
    at: Moment,
) -> Result<Vec<u16>, Circle> {
    let needs: Vec<Vec<usize>> = (0..names.len()).map(needs).collect();
    let mut order: Vec<u16> = Vec::new();
    while order.len() < names.len() {
        let open = (0..names.len()).filter(|place| !order.contains(&(*place as u16)));
        let ready = |place: &usize| {
            needs[*place]
                .iter()
                .all(|need| order.contains(&(*need as u16)))
        };
        match open.clone().find(ready) {
            Some(place) => order.push(place as u16),
            None => return Err(Circle(open.map(|place| names[place].clone()).collect(), at)),
        }
    }
    Ok(order)
}

impl MailDuty {
    /// The programs whose rates it adds up, if it does.
    #[must_use]
    pub fn programs(&self) -> &[Program] {
        match &self.ad_valorem {
            MailRate::Fixed(_) => &[],
            MailRate::SumOf(programs) => programs,
        }
    }
}
