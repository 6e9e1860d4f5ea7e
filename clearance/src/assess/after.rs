//! What follows from the decision: the path's own finding, flags, questions, deadlines, records.

use crate::assess::asking::Asking;
use crate::assess::readings::unchecked;
use crate::assess::run::{Run, each_rule};
use crate::decision::{Asked, DueAt, Finding, Say, Unknown};
use deminimis_law::Law;
use deminimis_law::compile::RuleRef;
use deminimis_law::kind::{Kind, Rule};
use deminimis_law::names::{Effect, Outcome};
use deminimis_law::time::Day;
use deminimis_law::truth::Truth;

impl Run<'_> {
    /// Everything that is asked once outcome, basis and path are known.
    pub fn follow(&mut self) {
        if let Some(rule) = self.out.path_rule {
            let free = self.out.outcome == Outcome::Free;
            let effect = if free {
                Effect::Allows
            } else {
                Effect::Requires
            };
            self.find(rule, effect, Say::Reason, 0, 0);
        }
        self.find_rules(Asking::OfDecided);
        each_rule(self, Kind::Flag, |run, rule, line, truth| {
            if truth != Truth::Yes {
                return;
            }
            run.find(rule, Effect::Flags, Say::Reason, line, 0);
            let names_disposition = matches!(&run.law.version(rule).rule, Rule::Flag(flag) if flag.cbp_expected.is_some());
            if names_disposition && run.out.cbp_expected.is_none() {
                run.out.cbp_expected = Some(rule);
            }
        });
        each_rule(self, Kind::Question, |run, rule, line, truth| {
            if truth == Truth::Yes {
                run.find(rule, Effect::Asks, Say::Reason, line, 0);
                run.ask_about(Asked {
                    what: Unknown::Rule(rule),
                    line,
                    material: false,
                });
            }
        });
        if matches!(self.out.outcome, Outcome::Free | Outcome::EntryRequired) {
            each_rule(self, Kind::Deadline, |run, rule, _, truth| {
                let known = run.out.deadlines.iter().any(|known| known.rule == rule);
                if truth == Truth::Yes && !known {
                    let due = run.dates().due(rule);
                    run.out.deadlines.push(DueAt { rule, due });
                }
            });
        }
        self.records();
        self.checked();
    }

    fn records(&mut self) {
        let mut best: Option<(u32, RuleRef)> = None;
        each_rule(self, Kind::RecordPeriod, |run, rule, _, truth| {
            if let Rule::RecordPeriod(period) = &run.law.version(rule).rule
                && truth == Truth::Yes
                && best.is_none_or(|(order, _)| period.order < order)
            {
                best = Some((period.order, rule));
            }
        });
        let Some((_, rule)) = best else { return };
        let until = self.dates().records_until(rule);
        self.out.records = until.map(|until| (until, rule));
    }

    /// A parcel later than the day to which a rule was checked says so.
    fn checked(&mut self) {
        let Some((day, rule)) = earliest_checked(self.law, &self.out.findings) else {
            return;
        };
        self.out.checked_until = day;
        if self.shipment.entry_when().day > day {
            self.out.findings.push(unchecked(day, rule));
        }
    }
}

/// The earliest day to which a rule that spoke was checked, and the first such rule.
pub fn earliest_checked(law: &Law, findings: &[Finding]) -> Option<(Day, RuleRef)> {
    let mut earliest: Option<(Day, RuleRef)> = None;
    for finding in findings {
        let checked = law.instrument(finding.rule).checked;
        if earliest.is_none_or(|(day, _)| checked < day) {
            earliest = Some((checked, finding.rule));
        }
    }
    earliest
}
