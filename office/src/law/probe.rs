//! What was possible when, found by asking the assessment about plain parcels at every moment at
//! which any rule may change. Nothing of the law is written here.

use super::condition_words::path_word;
use deminimis_clearance::rates::Rates;
use deminimis_clearance::shipment::Line;
use deminimis_clearance::{Books, DayContext, Scratch, Shipment, assess_into};
use deminimis_law::Law;
use deminimis_law::codes::{Country, Currency};
use deminimis_law::condition::Cond;
use deminimis_law::names::{Clock, EntryPath, Mode, Outcome, Purpose, Set};
use deminimis_law::time::{Day, Moment};
use deminimis_tariff::{Number, Schedule};

/// The first year that a history shows.
pub const FIRST_YEAR: i32 = 2016;
/// The last year that a history shows.
pub const LAST_YEAR: i32 = 2027;

/// A plain cotton T-shirt: an article of which no agency asks anything.
const PLAIN_NUMBER: &str = "6109.10.0012";

/// The alternatives told beside a free path.
const BESIDE_FREE: [EntryPath; 1] = [EntryPath::Entry86];
/// The alternatives told beside a dutiable path.
const BESIDE_DUTIABLE: [EntryPath; 4] = [
    EntryPath::Entry11,
    EntryPath::Entry13,
    EntryPath::MailCarrier,
    EntryPath::MailWorksheet,
];

/// Goods of one origin, standing for all that the law treats alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginGroup {
    /// What the goods are called.
    pub title: &'static str,
    /// The origin that stands for the group.
    pub origin: &'static str,
}

/// The origins that are compared.
pub const ORIGINS: [OriginGroup; 2] = [
    OriginGroup {
        title: "Goods of China or Hong Kong",
        origin: "CN",
    },
    OriginGroup {
        title: "Goods of other origins (here Vietnam)",
        origin: "VN",
    },
];

/// A parcel that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// What it is called.
    pub title: &'static str,
    /// Its value in cents.
    pub cents: i64,
    /// Why it is sent.
    pub purpose: Purpose,
}

/// The parcel of the timeline.
pub const PLAIN: Probe = Probe {
    title: "$40 sale",
    cents: 4_000,
    purpose: Purpose::Sale,
};

/// The parcels of a comparison of two moments.
pub const PROBES: [Probe; 4] = [
    PLAIN,
    Probe {
        title: "$900 sale",
        cents: 90_000,
        purpose: Purpose::Sale,
    },
    Probe {
        title: "$3,000 sale",
        cents: 300_000,
        purpose: Purpose::Sale,
    },
    Probe {
        title: "$80 gift",
        cents: 8_000,
        purpose: Purpose::Gift,
    },
];

/// What the law lets a parcel do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Possible {
    /// May it enter free?
    pub outcome: Outcome,
    /// The best path.
    pub path: EntryPath,
    /// The simple alternatives that are lawful too; a formal entry always is and is not told.
    pub also: Set<EntryPath>,
}

/// A stretch of time in which the same is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its first moment.
    pub from: Moment,
    /// The first moment after it.
    pub until: Moment,
    /// What is possible.
    pub possible: Possible,
}

/// What was possible for one mode and origin, without gaps from first to last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The mode.
    pub mode: Mode,
    /// The origin.
    pub origin: OriginGroup,
    /// The periods in order; neighbours differ.
    pub periods: Vec<Period>,
}

impl Possible {
    /// In a few words: `free: release from the manifest, or entry type 86`.
    #[must_use]
    pub fn words(&self) -> String {
        let also: String = self
            .also
            .iter()
            .map(|path| format!(", or {}", path_word(path)))
            .collect();
        let path = path_word(self.path);
        match self.outcome {
            Outcome::Free => format!("free: {path}{also}"),
            Outcome::EntryRequired => format!("dutiable: {path}{also}"),
            Outcome::NeedsPerson => "a person must decide".to_owned(),
            Outcome::Prohibited => "prohibited".to_owned(),
        }
    }
}

/// Asks the assessment about plain parcels.
pub struct Asker<'a> {
    law: &'a Law,
    tariff: &'a Schedule,
    rates: Rates,
    scratch: Scratch,
}

impl<'a> Asker<'a> {
    /// Asks this law.
    #[must_use]
    pub fn new(law: &'a Law, tariff: &'a Schedule) -> Asker<'a> {
        Asker {
            law,
            tariff,
            rates: Rates::default(),
            scratch: Scratch::default(),
        }
    }

    /// What is possible for a parcel that is loaded, filed, arrives and is entered at `at`.
    pub fn ask(&mut self, probe: Probe, mode: Mode, origin: OriginGroup, at: Moment) -> Possible {
        let Some(shipment) = parcel(self.law, probe, mode, origin, at) else {
            // Only a number or code above that is misspelled gets here; a person is the safe answer.
            return Possible {
                outcome: Outcome::NeedsPerson,
                path: EntryPath::None,
                also: Set::EMPTY,
            };
        };
        let books = Books {
            law: self.law,
            tariff: self.tariff,
            rates: &self.rates,
        };
        let decision = assess_into(books, &shipment, &DayContext::default(), &mut self.scratch);
        let beside: &[EntryPath] = match decision.outcome {
            Outcome::Free => &BESIDE_FREE,
            _ => &BESIDE_DUTIABLE,
        };
        let mut also = Set::EMPTY;
        for path in beside.iter().filter(|path| decision.lawful.has(**path)) {
            also.add(*path);
        }
        also.remove(decision.path);
        Possible {
            outcome: decision.outcome,
            path: decision.path,
            also,
        }
    }
}

fn parcel(
    law: &Law,
    probe: Probe,
    mode: Mode,
    origin: OriginGroup,
    at: Moment,
) -> Option<Shipment> {
    let origin = Country::parse(origin.origin)?;
    let when = law.zone().exact(at);
    let mut shipment = Shipment::empty();
    shipment.id.push('1');
    shipment.mode = mode;
    shipment.purpose = probe.purpose;
    shipment.country_of_shipment = origin;
    shipment.arrives_at = when;
    // Without these a rule on goods in transit would ask, and the answer would be a person's.
    (shipment.loaded_at, shipment.filed_at) = (Some(when), Some(at));
    shipment.exported_on = Some(when.day);
    shipment.lines.push(Line {
        origin: Some(origin),
        number: Number::parse(PLAIN_NUMBER).ok(),
        value: probe.cents,
        fair_retail_value: probe.cents,
        currency: Currency::parse("USD")?,
        quantity: Some(1_000),
        measures: Default::default(),
        claims: Vec::new(),
        facts: Vec::new(),
        pga: Vec::new(),
        pga_disclaim: Vec::new(),
    });
    Some(shipment)
}

/// The moments from `from` (included) to `until` (not) at which any rule may begin to say
/// something else, `from` first.
#[must_use]
pub fn boundaries(law: &Law, from: Moment, until: Moment) -> Vec<Moment> {
    let mut bounds: Vec<Moment> = vec![from];
    for clock in Clock::ALL {
        bounds.extend(law.bounds(*clock));
    }
    for instrument in &law.book().instruments {
        let covers = [instrument.covers_from, instrument.covers_until];
        bounds.extend(covers.iter().flatten().map(|written| written.moment));
        for version in &instrument.versions {
            bounds.push(version.effective.moment);
            version.when.walk(&mut |part| {
                if let Cond::Before(_, moment) = part {
                    bounds.push(*moment);
                }
            });
        }
    }
    for row in law.book().lists.iter().flat_map(|list| &list.entries) {
        bounds.extend([row.from, row.until]);
    }
    bounds.retain(|bound| from <= *bound && *bound < until);
    bounds.sort_unstable();
    bounds.dedup();
    bounds
}

/// From the first moment of [`FIRST_YEAR`] to the end of [`LAST_YEAR`], Eastern.
#[must_use]
pub fn window(law: &Law) -> (Moment, Moment) {
    (year_start(law, FIRST_YEAR), year_start(law, LAST_YEAR + 1))
}

/// The first moment of a year, Eastern.
#[must_use]
pub fn year_start(law: &Law, year: i32) -> Moment {
    law.zone()
        .midnight(Day::new(year, 1, 1).unwrap_or_default())
}

/// The history of the plain parcel for each origin and mode.
#[must_use]
pub fn histories(law: &Law, tariff: &Schedule) -> Vec<History> {
    let (first, last) = window(law);
    let bounds = boundaries(law, first, last);
    let mut asker = Asker::new(law, tariff);
    let mut histories = Vec::new();
    for origin in ORIGINS {
        for mode in Mode::ALL {
            let mut periods: Vec<Period> = Vec::new();
            for (place, from) in bounds.iter().enumerate() {
                let until = bounds.get(place + 1).copied().unwrap_or(last);
                let possible = asker.ask(PLAIN, *mode, origin, *from);
                match periods.last_mut() {
                    Some(period) if period.possible == possible => period.until = until,
                    _ => periods.push(Period {
                        from: *from,
                        until,
                        possible,
                    }),
                }
            }
            histories.push(History {
                mode: *mode,
                origin,
                periods,
            });
        }
    }
    histories
}
