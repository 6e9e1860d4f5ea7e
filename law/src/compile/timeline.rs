//! Which rules can speak when: each clock cut into stretches within which no rule changes.

use super::{Law, RuleRef};
use crate::condition::Cond;
use crate::kind::{Kind, Rule};
use crate::names::{Clock, Mode};
use crate::time::Moment;
use crate::truth::Truth;

/// The stretches of one clock between which no rule changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Timeline {
    /// Starts of the stretches after the first.
    pub bounds: Vec<Moment>,
    /// For each stretch and mode, the rules that can speak.
    pub stretches: Vec<[ByKind; Mode::ALL.len()]>,
}

/// The rules of one stretch and mode.
#[derive(Clone, Debug, Default)]
pub(super) struct ByKind {
    pub rules: Vec<RuleRef>,
    /// One of them reads what [`crate::bands::Bands`] do not hold.
    pub unheld: bool,
    /// Two runs for each kind: rules about the shipment, then rules about a line.
    pub starts: [u16; 2 * Kind::ASKED + 1],
}

impl Law {
    /// Cuts a clock where some rule, or what a rule reads, changes.
    pub(super) fn timeline(&self, clock: Clock) -> Timeline {
        let of_clock = |at: &usize| {
            let instrument = &self.book.instruments[*at];
            let asked = instrument.kind.speaks() && !instrument.kind.is_of_duty();
            instrument.selects_on == clock && asked
        };
        let instruments: Vec<usize> = (0..self.book.instruments.len()).filter(of_clock).collect();
        let mut bounds: Vec<Moment> = Vec::new();
        for at in &instruments {
            bounds.extend(self.in_force[*at].bounds());
            for version in &self.book.instruments[*at].versions {
                // Lists of numbers change too often to be bounds; they are read by date where asked.
                version.when.walk(&mut |part| {
                    if let Cond::Origin(set) | Cond::ShippedFrom(set) = part {
                        bounds.extend(self.origin_set_of(*set).bounds());
                    }
                });
            }
        }
        bounds.extend(self.uncovered[clock as usize].bounds());
        if clock == Clock::EnteredAt {
            // Why a path is closed is read at the moment of entry, whatever its own clock.
            let is_path = |at: &usize| self.book.instruments[*at].kind == Kind::EntryPath;
            let paths = (0..self.book.instruments.len()).filter(is_path);
            bounds.extend(paths.flat_map(|at| self.in_force[at].bounds()));
        }
        bounds.sort_unstable();
        bounds.dedup();
        let starts = std::iter::once(Moment::MIN).chain(bounds.iter().copied());
        let stretches = starts
            .map(|at| self.stretch_rules(&instruments, at))
            .collect();
        Timeline { bounds, stretches }
    }

    fn stretch_rules(&self, instruments: &[usize], at: Moment) -> [ByKind; Mode::ALL.len()] {
        std::array::from_fn(|mode| {
            let mut by_kind = ByKind::default();
            for run in 0..2 * Kind::ASKED {
                by_kind.starts[run] = by_kind.rules.len() as u16;
                let of_kind = |at: &&usize| self.book.instruments[**at].kind as usize == run / 2;
                for instrument in instruments.iter().filter(of_kind) {
                    let Some(rule) = self.in_force_at(*instrument as u16, at) else {
                        continue;
                    };
                    let version = self.version(rule);
                    let lifted =
                        matches!(&version.rule, Rule::Suspension(suspension) if suspension.lifted);
                    let of_scope = usize::from(version.by_line) == run % 2;
                    if of_scope && !lifted && for_mode(&version.when, Mode::ALL[mode]) != Truth::No
                    {
                        by_kind.unheld |= self.bands.unheld().contains(&rule);
                        by_kind.rules.push(rule);
                    }
                }
            }
            by_kind.starts[2 * Kind::ASKED] = by_kind.rules.len() as u16;
            by_kind
        })
    }
}

/// What can be said of a condition when only the mode is known.
fn for_mode(cond: &Cond, mode: Mode) -> Truth {
    match cond {
        Cond::All(parts) => parts
            .iter()
            .fold(Truth::Yes, |all, part| all.and(for_mode(part, mode))),
        Cond::Any(parts) => parts
            .iter()
            .fold(Truth::No, |any, part| any.or(for_mode(part, mode))),
        Cond::Not(part) => for_mode(part, mode).not(),
        Cond::Mode(modes) => modes.has(mode).into(),
        _ => Truth::Unknown,
    }
}
