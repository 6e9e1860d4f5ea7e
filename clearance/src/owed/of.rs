//! What a decided parcel owes.

use super::ask::DutyGuess;
use super::price::price_all;
use super::{DutyMemory, Goods, Owed, Why, open_questions, price};
use crate::assess::{Books, Clocks};
use crate::decision::{Asked, Decision, Unknown};
use crate::shipment::Shipment;
use deminimis_law::Law;
use deminimis_law::names::{EntryPath, Outcome, Set};
use deminimis_law::truth::Truth;

/// Reckons what is owed by the way the decision names, and by every other lawful one. What enters
/// free owes nothing; what may not enter is not reckoned.
pub fn owe(
    books: Books<'_>,
    shipment: &Shipment,
    memory: &mut DutyMemory,
    decision: &mut Decision,
    spare: &mut Owed,
) {
    let (outcome, path) = (decision.outcome, decision.path);
    let owed = &mut decision.owed;
    match outcome {
        Outcome::Free => owed.clear(path),
        Outcome::Prohibited => {
            owed.clear(path);
            owed.leave_open(0, Why::NoPath);
        }
        Outcome::EntryRequired | Outcome::NeedsPerson => {
            let mut own = Set::EMPTY;
            own.add(path);
            let (clocks, others) = (Clocks::of(shipment), decision.lawful.without(own));
            price_all(
                goods(books, shipment, &clocks),
                path,
                others,
                memory,
                owed,
                spare,
            );
        }
    }
}

/// What would be owed by a path.
pub fn owe_by(
    books: Books<'_>,
    shipment: &Shipment,
    path: EntryPath,
    memory: &mut DutyMemory,
    owed: &mut Owed,
) {
    let clocks = Clocks::of(shipment);
    price(goods(books, shipment, &clocks), path, memory, owed);
}

/// For each line, whether a heading of Chapter 99 charges it; nothing where no rule that decides how
/// a parcel enters reads it.
pub fn bear_duty(
    books: Books<'_>,
    shipment: &Shipment,
    memory: &mut DutyMemory,
    bear: &mut Vec<Truth>,
) {
    bear.clear();
    let law = books.law;
    let entered = shipment.entry_when().moment;
    let Some(duties) = law.duties().filter(|_| law.reads_what_is_owed(entered)) else {
        return;
    };
    let clocks = Clocks::of(shipment);
    let goods = goods(books, shipment, &clocks);
    memory.begin(goods, duties);
    for line in &shipment.lines {
        let guess = DutyGuess::default();
        let (stack, picks) = memory.stack(goods, duties, line, line.value, &guess);
        let no_article = stack.paid.open == Some(Why::HeadingAsNumber);
        let charges = picks.iter().map(|pick| match pick.is_additional() {
            true if pick.open => Truth::Unknown,
            additional => additional.into(),
        });
        let unknown = if no_article {
            Truth::Unknown
        } else {
            Truth::No
        };
        bear.push(charges.fold(unknown, Truth::or));
    }
}

/// Asks for what the amount hangs on. Where the schedule of the day is in hand and the amount is
/// not known for want of a fact or of law, a person must find it; the path stands.
pub fn ask_for_amounts(law: &Law, decision: &mut Decision) {
    let Decision {
        owed,
        questions,
        outcome,
        ..
    } = decision;
    let has = |why: fn(&Why) -> bool| owed.open.iter().any(|open| why(&open.why));
    let unknown = owed.total.known().is_none() && !has(|why| matches!(why, Why::NoSchedule));
    let material = has(|why| {
        matches!(
            why,
            Why::Unknown(Unknown::Fact(_))
                | Why::NotCovered(_)
                | Why::NoNumber
                | Why::HeadingAsNumber
                | Why::RateText(_)
                | Why::Quantity(_)
                | Why::Part(_)
        )
    });
    if *outcome == Outcome::EntryRequired && unknown && material {
        *outcome = Outcome::NeedsPerson;
    }
    for (line, fact, hangs) in open_questions(owed) {
        let asked = Asked {
            what: Unknown::Fact(fact),
            line,
            material: hangs && unknown,
        };
        let same = |known: &&mut Asked| known.what == asked.what && known.line == asked.line;
        if let Some(known) = questions.iter_mut().find(same) {
            known.material |= asked.material;
        } else if hangs || law.book().facts[usize::from(fact.0)].asked {
            questions.push(asked);
        }
    }
}

fn goods<'a>(books: Books<'a>, shipment: &'a Shipment, clocks: &'a Clocks) -> Goods<'a> {
    Goods {
        law: books.law,
        tariff: books.tariff,
        rates: books.rates,
        shipment,
        clocks,
    }
}

impl Owed {
    /// The lawful path that comes to less than the one reckoned, if one does for certain.
    #[must_use]
    pub fn cheaper(&self) -> Option<EntryPath> {
        let own = self.total.known()?;
        let known = self
            .paths
            .iter()
            .filter_map(|(path, total)| Some((total.known()?, *path)));
        let least = known.min_by_key(|(total, _)| *total)?;
        (least.0 < own).then_some(least.1)
    }
}
