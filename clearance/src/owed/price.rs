//! The sums: every line, every fee, for one way of entering.

use super::amounts::{LineSum, Reckoned, missing};
use super::ask::{DutyGuess, UNKNOWNS};
use super::fees::{Bases, FeeBits};
use super::memory::DutyMemory;
use super::stack::{Pick, Stack};
use super::{Charge, Goods, OpenAmount, Owed, Span, Why, fees, mail, rounding};
use crate::decision::Unknown;
use crate::shipment::Line;
use deminimis_law::codes::Country;
use deminimis_law::duties::{Duties, DutyStretch};
use deminimis_law::facts::FactId;
use deminimis_law::money::Cents;
use deminimis_law::names::{EntryPath, Set};

/// Reckons what is owed if the parcel enters by `path`.
pub fn price(goods: Goods<'_>, path: EntryPath, memory: &mut DutyMemory, owed: &mut Owed) {
    reckon(goods, path, &DutyGuess::default(), memory, owed);
}

/// The same, and what each of the other paths would come to.
pub(super) fn price_all(
    goods: Goods<'_>,
    path: EntryPath,
    others: Set<EntryPath>,
    memory: &mut DutyMemory,
    owed: &mut Owed,
    spare: &mut Owed,
) {
    let counted = reckon(goods, path, &DutyGuess::default(), memory, owed);
    owed.paths.push((path, owed.total));
    for other in others.iter() {
        let total = match (&counted, same_duty(path, other)) {
            (Some((stretch, counted)), true) => {
                let mut total = owed.duty;
                fees::each(goods, stretch, other, counted, owed.duty, |fee, _| {
                    total = total.plus(fee.amount);
                });
                total
            }
            _ => {
                reckon(goods, other, &DutyGuess::default(), memory, spare);
                spare.total
            }
        };
        owed.paths.push((other, total));
    }
}

/// Whether two paths differ in their fees alone: they round values alike and bear the same duty.
fn same_duty(path: EntryPath, other: EntryPath) -> bool {
    let carrier = |path| path == EntryPath::MailCarrier;
    rounding::keeps_cents(path) == rounding::keeps_cents(other) && !carrier(path) && !carrier(other)
}

/// What would be owed if every line gave these answers.
#[must_use]
pub fn total_if(
    goods: Goods<'_>,
    path: EntryPath,
    guess: &DutyGuess,
    memory: &mut DutyMemory,
    owed: &mut Owed,
) -> Span {
    reckon(goods, path, guess, memory, owed);
    owed.total
}

/// Reckons what is owed, and hands each line's fees and what they are reckoned on to `each`.
pub(super) fn reckon_lines<'a>(
    goods: Goods<'a>,
    path: EntryPath,
    memory: &mut DutyMemory,
    owed: &mut Owed,
    each: impl FnMut(FeeBits, Bases),
) -> Option<&'a DutyStretch> {
    let reckoned = reckon_each(goods, path, &DutyGuess::default(), memory, owed, each);
    reckoned.map(|(stretch, _)| stretch)
}

fn reckon<'a>(
    goods: Goods<'a>,
    path: EntryPath,
    guess: &DutyGuess,
    memory: &mut DutyMemory,
    owed: &mut Owed,
) -> Option<(&'a DutyStretch, fees::Counted)> {
    reckon_each(goods, path, guess, memory, owed, |_, _| {})
}

fn reckon_each<'a>(
    goods: Goods<'a>,
    path: EntryPath,
    guess: &DutyGuess,
    memory: &mut DutyMemory,
    owed: &mut Owed,
    mut each: impl FnMut(FeeBits, Bases),
) -> Option<(&'a DutyStretch, fees::Counted)> {
    owed.clear(path);
    let Some(duties) = goods.law.duties() else {
        owed.leave_open(0, Why::Circle);
        return None;
    };
    if path == EntryPath::None {
        owed.leave_open(0, Why::NoPath);
        return None;
    }
    let stretch = duties.stretch(memory.begin(goods, duties));
    let mut counted = fees::Counted::default();
    for (at, line) in goods.shipment.lines.iter().enumerate() {
        let at = at as u16 + 1;
        let Some(value) = value(goods, line) else {
            owed.leave_open(at, Why::Unpriced);
            continue;
        };
        let entered = rounding::entered_value(value, path);
        owed.entered = owed.entered.plus(entered);
        let priced = Lined {
            goods,
            duties,
            line,
            at,
            value: entered,
        };
        let (fees, bases) = if path == EntryPath::MailCarrier {
            let fees = mail::line(&priced, stretch, guess, memory, owed);
            (fees, Bases::whole(entered))
        } else {
            priced.reckon(guess, memory, owed)
        };
        counted.add(goods.law, stretch, fees, bases);
        each(fees, bases);
    }
    if path == EntryPath::MailCarrier {
        mail::package(goods, owed);
    }
    fees::collect(goods, stretch, path, &counted, owed);
    owed.total = owed.duty.plus(owed.fee_total);
    Some((stretch, counted))
}

/// The value of a line in dollars.
pub(super) fn value(goods: Goods<'_>, line: &Line) -> Option<Cents> {
    let shipment = goods.shipment;
    let day = shipment.exported_on.unwrap_or(shipment.arrives_at.day);
    goods.rates.cents(line.value, line.currency, day)
}

/// A line with the value it is entered at.
#[derive(Clone, Copy)]
pub(super) struct Lined<'a> {
    pub goods: Goods<'a>,
    pub duties: &'a Duties,
    pub line: &'a Line,
    pub at: u16,
    pub value: Cents,
}

impl Lined<'_> {
    /// Adds the line's charges and what they come to; gives the fees that concern it, and on what
    /// they are reckoned.
    fn reckon(
        &self,
        guess: &DutyGuess,
        memory: &mut DutyMemory,
        owed: &mut Owed,
    ) -> (FeeBits, Bases) {
        let (first, opened) = (owed.charges.len(), owed.open.len());
        let (stack, picks) = memory.stack(self.goods, self.duties, self.line, self.value.0, guess);
        let sum = self.once(stack, picks, guess, &mut owed.charges, &mut owed.open);
        owed.carried |= stack.paid.carried;
        if !stack.plain {
            let ignored = stack.ignored.iter().flatten();
            owed.ignored.extend(ignored.map(|claim| (self.at, *claim)));
        }
        let (fees, branch) = (stack.fees, self.branch(stack, &sum, guess));
        let mut duty = sum.duty;
        if let Some(branch) = branch {
            duty = self.span(branch, guess, memory, 0);
            if duty.known().is_some() {
                // Every answer comes to the same: the charges of one of them are shown.
                owed.charges.truncate(first);
                owed.open.truncate(opened);
                if let Some(guess) = branch.first(guess) {
                    let (stack, picks) =
                        memory.stack(self.goods, self.duties, self.line, self.value.0, &guess);
                    self.once(stack, picks, &guess, &mut owed.charges, &mut owed.open);
                }
            }
        }
        owed.duty = owed.duty.plus(duty);
        let hangs_on = |fact| OpenAmount {
            line: self.at,
            why: missing(fact),
        };
        let bases = Bases {
            entered: self.value,
            dutiable: sum.dutiable.map_err(hangs_on),
        };
        (fees, bases)
    }

    fn reckoned<'s>(
        &'s self,
        stack: &'s Stack,
        picks: &'s [Pick],
        guess: &'s DutyGuess,
    ) -> Reckoned<'s> {
        Reckoned {
            goods: self.goods,
            line: self.line,
            at: self.at,
            value: self.value,
            paid: &stack.paid,
            shares: stack.shares,
            picks,
            guess,
        }
    }

    /// The charges under one set of answers.
    fn once(
        &self,
        stack: &Stack,
        picks: &[Pick],
        guess: &DutyGuess,
        charges: &mut Vec<Charge>,
        open: &mut Vec<OpenAmount>,
    ) -> LineSum {
        let line = self.at;
        let mut note = |why: Why| {
            let one = OpenAmount { line, why };
            if !open.contains(&one) {
                open.push(one);
            }
        };
        if !stack.plain {
            for why in stack.asked.items.iter().flatten() {
                note(*why);
            }
        }
        let reckoned = self.reckoned(stack, picks, guess);
        let mut sum = reckoned.charges(|charge| charges.push(charge), &mut note);
        if let Some(fact) = sum.content {
            note(missing(fact));
        }
        if let Some(fact) = sum.unclaimed {
            note(Why::Unclaimed(fact));
        }
        if !stack.plain && stack.asked.full {
            sum.duty.high = None;
        }
        sum
    }

    /// What must be tried to bound the line, if anything.
    fn branch(&self, stack: &Stack, sum: &LineSum, guess: &DutyGuess) -> Option<Branch> {
        if self.line.origin.is_none() && guess.origin.is_none() {
            // Without a rate of the schedule nothing bounds the line, whatever its origin.
            return stack.paid.is_bounded().then_some(Branch::Origin);
        }
        if stack.plain && sum.content.is_none() {
            return None;
        }
        let law = self.goods.law;
        let fact = |why: Why| match why {
            Why::Unknown(Unknown::Fact(fact)) => Some(fact),
            _ => None,
        };
        let mut facts = stack.material().filter_map(fact).chain(sum.content);
        let answered = |fact: FactId| {
            guess
                .facts
                .iter()
                .flatten()
                .any(|(known, _)| *known == fact)
        };
        facts
            .find(|fact| {
                *fact != law.origin_fact() && *fact != law.number_fact() && !answered(*fact)
            })
            .map(Branch::Fact)
    }

    /// The least and the most over every answer.
    fn span(
        &self,
        branch: Branch,
        guess: &DutyGuess,
        memory: &mut DutyMemory,
        depth: usize,
    ) -> Span {
        if depth > UNKNOWNS {
            return Span::UNBOUNDED;
        }
        let mut span: Option<Span> = None;
        let mut take = |next: Span| span = Some(span.map_or(next, |span| span.or(next)));
        match branch {
            Branch::Origin => {
                let mut at = 0;
                while let Some(origin) = memory.origin(self.goods, self.duties, at) {
                    let guess = DutyGuess {
                        origin: Some(origin),
                        ..*guess
                    };
                    take(self.under(&guess, memory, depth));
                    at += 1;
                }
            }
            Branch::Fact(fact) => {
                for answer in [false, true] {
                    match with(guess, fact, answer) {
                        Some(guess) => take(self.under(&guess, memory, depth)),
                        None => take(Span::UNBOUNDED),
                    }
                }
            }
        }
        span.unwrap_or_default()
    }

    fn under(&self, guess: &DutyGuess, memory: &mut DutyMemory, depth: usize) -> Span {
        // Counted without being kept: only the sums are wanted.
        let (stack, picks) = memory.stack(self.goods, self.duties, self.line, self.value.0, guess);
        let reckoned = self.reckoned(stack, picks, guess);
        let mut sum = reckoned.charges(|_| {}, |_| {});
        if !stack.plain && stack.asked.full {
            sum.duty.high = None;
        }
        match self.branch(stack, &sum, guess) {
            Some(branch) => self.span(branch, guess, memory, depth + 1),
            None => sum.duty,
        }
    }
}

/// What is tried next.
#[derive(Clone, Copy)]
enum Branch {
    Origin,
    Fact(FactId),
}

impl Branch {
    fn first(self, guess: &DutyGuess) -> Option<DutyGuess> {
        match self {
            Branch::Origin => Country::all().next().map(|origin| DutyGuess {
                origin: Some(origin),
                ..*guess
            }),
            Branch::Fact(fact) => with(guess, fact, false),
        }
    }
}

/// The same answers and one more, if there is room.
fn with(guess: &DutyGuess, fact: FactId, answer: bool) -> Option<DutyGuess> {
    let mut guess = *guess;
    *guess.facts.iter_mut().find(|slot| slot.is_none())? = Some((fact, answer));
    Some(guess)
}

impl Owed {
    /// Empties it for the next parcel, keeping its buffers.
    pub fn clear(&mut self, path: EntryPath) {
        self.charges.clear();
        self.fees.clear();
        self.open.clear();
        self.ignored.clear();
        self.paths.clear();
        (self.duty, self.fee_total, self.total) = (Span::NOTHING, Span::NOTHING, Span::NOTHING);
        (self.path, self.carried, self.entered) = (Some(path), false, Cents(0));
    }

    /// Notes what keeps the total from being known; nothing bounds it from above.
    pub(super) fn leave_open(&mut self, line: u16, why: Why) {
        self.open.push(OpenAmount { line, why });
        self.duty.high = None;
        self.total.high = None;
    }
}
