//! From the parcel to outcome, basis and path, in the order in which the law is asked.

use crate::assess::asking::Asking;
use crate::assess::rate_day;
use crate::assess::run::{Run, each_rule, each_rule_for_all_lines};
use crate::basis::{Candidate, Limit, choose};
use crate::decision::{Asked, Say, Unknown};
use crate::rates::Rates;
use deminimis_law::compile::RuleRef;
use deminimis_law::kind::{Kind, Path, Rule};
use deminimis_law::names::{
    Basis, Clock, Counts, Crossing, Effect, EntryPath, Outcome, PersonBasis, Set,
};
use deminimis_law::truth::Truth;

/// The best of several lawful paths: fewest filings, then the contract's order.
#[derive(Clone, Copy, Default)]
struct Best {
    path: Option<(u32, EntryPath, RuleRef)>,
    asked: Option<(EntryPath, RuleRef)>,
    lawful: Set<EntryPath>,
}

impl Best {
    fn offer(&mut self, path: &Path, rule: RuleRef, asked: Option<EntryPath>) {
        self.lawful.add(path.path);
        if asked == Some(path.path) {
            self.asked = Some((path.path, rule));
        }
        let offered = (path.filings, path.path, rule);
        if self
            .path
            .is_none_or(|best| (offered.0, offered.1) < (best.0, best.1))
        {
            self.path = Some(offered);
        }
    }

    /// The path the sender asked for if it is lawful, else the best.
    fn pick(&self) -> Option<(EntryPath, RuleRef)> {
        self.asked.or(self.path.map(|(_, path, rule)| (path, rule)))
    }
}

impl Run<'_> {
    /// Outcome, basis, path, person, totals and the findings that led there.
    pub fn decide(&mut self, rates: &Rates) {
        self.values(rates);
        self.coverage();
        self.find_rules(Asking::OfClass);
        self.person();
        self.agencies();
        self.bans();
        let open = self.limits();
        self.exclusions();
        self.suspensions();
        self.choose_paths(open);
    }

    fn values(&mut self, rates: &Rates) {
        let day = rate_day(self.shipment);
        for (at, line) in self.shipment.lines.iter().enumerate() {
            let value = rates.cents(line.fair_retail_value, line.currency, day);
            let entered = rates.cents(line.value, line.currency, day);
            match value.zip(entered) {
                Some((value, entered)) => {
                    self.out.value = self.out.value.plus(value);
                    self.out.entered_value = self.out.entered_value.plus(entered);
                }
                None => {
                    self.gap = true;
                    self.out.unpriced = true;
                    let line = at as u16 + 1;
                    self.ask_about(Asked {
                        what: Unknown::ExchangeRate,
                        line,
                        material: true,
                    });
                }
            }
        }
    }

    /// Dates outside what an instrument covers go to a person.
    fn coverage(&mut self) {
        let law = self.law;
        for clock in Clock::ALL {
            let read = self.clocks.read[*clock as usize].moment;
            for at in law.uncovered(*clock, read) {
                self.gap = true;
                let rule = RuleRef {
                    instrument: *at,
                    version: 0,
                };
                self.find(rule, Effect::Asks, Say::Gap, 0, read.0);
            }
        }
    }

    fn person(&mut self) {
        let mut best: Option<(u32, PersonBasis, RuleRef)> = None;
        each_rule(self, Kind::Person, |run, rule, _, truth| {
            if let Rule::Person(person) = &run.law.version(rule).rule
                && truth == Truth::Yes
                && best.is_none_or(|(order, ..)| person.order < order)
            {
                best = Some((person.order, person.person, rule));
            }
        });
        let Some((_, person, rule)) = best else {
            return;
        };
        self.out.person = person;
        if person != PersonBasis::Consignee {
            self.find(rule, Effect::Flags, Say::Reason, 0, 0);
        }
    }

    fn agencies(&mut self) {
        self.agency_data = Truth::No;
        each_rule(self, Kind::Agency, |run, rule, line, truth| {
            let Rule::Agency(agency) = &run.law.version(rule).rule else {
                return;
            };
            if agency.data {
                run.agency_data = run.agency_data.or(truth);
            }
            if truth == Truth::Yes {
                run.find(rule, agency.effect, Say::Reason, line, 0);
            }
        });
    }

    fn bans(&mut self) {
        each_rule(self, Kind::Ban, |run, rule, line, truth| {
            if truth == Truth::Yes {
                run.prohibited = true;
                run.find(rule, Effect::Prohibits, Say::Reason, line, 0);
            }
        });
    }

    fn exclusions(&mut self) {
        each_rule(self, Kind::Exclusion, |run, rule, line, truth| {
            let Rule::Exclusion(exclusion) = &run.law.version(rule).rule else {
                return;
            };
            if truth != Truth::Yes {
                return;
            }
            if exclusion.effect == Effect::Denies {
                // What the master bill alone denies is kept apart: the walk of the day asks it.
                if !run.law.version(rule).by_bill {
                    run.denied = run.denied.union(exclusion.bases);
                }
                run.denied_paths = run.denied_paths.union(exclusion.paths);
            }
            run.find(rule, exclusion.effect, Say::Reason, line, 0);
        });
        self.exclusions_by_bill();
    }

    fn exclusions_by_bill(&mut self) {
        for place in 0..self.articles.runs.len() {
            let runs = self.articles.runs[place];
            for at in runs[Kind::Exclusion as usize]..runs[Kind::Exclusion as usize + 1] {
                let Some(rule) = self.articles.memory.entry(at).rule() else {
                    continue;
                };
                let version = self.law.version(rule);
                if let (true, Rule::Exclusion(exclusion)) = (version.by_bill, &version.rule)
                    && exclusion.effect == Effect::Denies
                    && self.ask_if_bill_over(rule, place as u16)
                {
                    self.denied_by_bill = self.denied_by_bill.union(exclusion.bases);
                }
            }
        }
    }

    fn suspensions(&mut self) {
        each_rule(self, Kind::Suspension, |run, rule, line, truth| {
            let Rule::Suspension(suspension) = &run.law.version(rule).rule else {
                return;
            };
            if truth == Truth::Yes {
                run.denied = run.denied.union(suspension.bases);
                run.find(rule, Effect::Denies, Say::Reason, line, 0);
            }
        });
    }

    /// The bases whose own conditions every line meets, and their limits.
    fn limits(&mut self) -> Set<Basis> {
        let mut open = Set::EMPTY;
        each_rule_for_all_lines(self, Kind::ValueLimit, |run, rule, truth| {
            let Rule::ValueLimit(limit) = &run.law.version(rule).rule else {
                return;
            };
            let slot = &mut run.out.limits[limit.basis as usize];
            if truth == Truth::No && slot.is_some() {
                return;
            }
            if truth == Truth::Yes {
                open.add(limit.basis);
            }
            *slot = Some(Limit {
                rule,
                count_rule: None,
                limit: limit.limit,
                counts: Counts::Exempted,
                crossing: Crossing::ThatOne,
                max_shipments: None,
            });
        });
        each_rule_for_all_lines(self, Kind::DayCount, |run, rule, truth| {
            let Rule::DayCount(count) = &run.law.version(rule).rule else {
                return;
            };
            if let (Truth::Yes, Some(limit)) = (truth, &mut run.out.limits[count.basis as usize]) {
                (limit.counts, limit.crossing) = (count.counts, count.crossing);
                limit.count_rule = Some(rule);
                limit.max_shipments = count.max_shipments;
            }
        });
        open
    }

    fn choose_paths(&mut self, open: Set<Basis>) {
        let asked = self.shipment.entry_path;
        let mut free = [Best::default(); Basis::ALL.len()];
        let mut dutiable = Best::default();
        each_rule_for_all_lines(self, Kind::EntryPath, |run, rule, truth| {
            let Rule::Path(path) = &run.law.version(rule).rule else {
                return;
            };
            if truth != Truth::Yes || run.denied_paths.has(path.path) {
                return;
            }
            if path.free_for.is_empty() {
                dutiable.offer(path, rule, asked.or(run.cheaper));
            }
            for basis in path.free_for.iter() {
                free[basis as usize].offer(path, rule, asked);
            }
        });
        let mut with_path = Set::EMPTY;
        for basis in open.without(self.denied).iter() {
            if free[basis as usize].path.is_some() {
                with_path.add(basis);
            }
        }
        // A dutiable path that the sender asked for and may take gives up the exemption, unless
        // the same path is also a free one.
        let elected = dutiable.asked.filter(|(path, _)| {
            Some(*path) == asked
                && !with_path
                    .iter()
                    .any(|basis| free[basis as usize].lawful.has(*path))
        });
        let mut candidate = Candidate {
            open: with_path,
            closed_by_bill: self.denied_by_bill,
            value: self.out.value,
            undecided: None,
        };
        if self.prohibited || self.gap || elected.is_some() {
            candidate.open = Set::EMPTY;
        }
        let could_be = choose(
            &Candidate {
                open: with_path,
                ..candidate
            },
            &self.out.limits,
            self.day,
        );
        let chosen = choose(&candidate, &self.out.limits, self.day);
        self.out.candidate = candidate;
        self.settle(chosen.basis, &free, &dutiable);
        self.limit_findings(open, with_path);
        if let (Some(_), Some((_, rule))) = (could_be.basis, elected) {
            self.find(rule, Effect::Flags, Say::Elected, 0, 0);
        }
        self.closed_findings(asked);
    }

    fn settle(&mut self, basis: Option<Basis>, free: &[Best; Basis::ALL.len()], dutiable: &Best) {
        let best = basis.map_or(dutiable, |basis| &free[basis as usize]);
        self.out.lawful = best.lawful.union(dutiable.lawful);
        let picked = best.pick();
        self.out.outcome = if self.prohibited {
            Outcome::Prohibited
        } else if self.gap || picked.is_none() {
            Outcome::NeedsPerson
        } else if basis.is_some() {
            Outcome::Free
        } else {
            Outcome::EntryRequired
        };
        if self.out.outcome == Outcome::NeedsPerson {
            self.out.needs_person();
        }
        if !matches!(self.out.outcome, Outcome::Free | Outcome::EntryRequired) {
            self.out.lawful = Set::EMPTY;
            return;
        }
        self.out.basis = basis;
        if let Some((path, rule)) = picked {
            (self.out.path, self.out.path_rule) = (path, Some(rule));
        }
    }

    /// What each open basis says of the day: within its limit, above it, or without a free path.
    fn limit_findings(&mut self, open: Set<Basis>, with_path: Set<Basis>) {
        let (value, day) = (self.out.value, self.day);
        let shown = self.out.basis.unwrap_or(Basis::Section321C);
        // Without a value in dollars no limit can be said to be kept or passed.
        let open = if self.out.unpriced { Set::EMPTY } else { open };
        for basis in open.iter() {
            let Some(limit) = self.out.limits[basis as usize] else {
                continue;
            };
            let total = limit.total(basis, value, day);
            if !limit.is_exceeded(basis, value, day) {
                self.find(limit.rule, Effect::Allows, Say::Reason, 0, total.0);
                if !with_path.has(basis) && !self.denied.has(basis) && !self.prohibited {
                    self.find(limit.rule, Effect::Denies, Say::NoFreePath, 0, 0);
                }
            } else if value > limit.limit {
                self.find(limit.rule, Effect::Denies, Say::Over, 0, total.0);
            } else {
                // Alone it would be within the limit: what denies it is how the day counts.
                let too_many = limit.max_shipments.is_some() && total <= limit.limit;
                let say = if too_many { Say::TooMany } else { Say::Reason };
                self.find(
                    limit.count_rule.unwrap_or(limit.rule),
                    Effect::Denies,
                    say,
                    0,
                    total.0,
                );
            }
        }
        self.out.day_all = day.all.plus(value);
        self.out.day_total = value;
        if let Some(limit) = self.out.limits[shown as usize] {
            self.out.day_total = limit.total(shown, value, day);
        }
        self.out.day_total_if_linked = day.counted_if_linked.map(|linked| linked.plus(value));
    }

    /// Why the path the sender asked for is closed, if it is.
    fn closed_findings(&mut self, asked: Option<EntryPath>) {
        let Some(asked) = asked.filter(|asked| *asked != self.out.path) else {
            return;
        };
        if self.out.lawful.has(asked) || self.prohibited {
            return;
        }
        let (law, at) = (self.law, self.out.read_at);
        for (place, instrument) in law.book().instruments.iter().enumerate() {
            if instrument.kind != Kind::EntryPath {
                continue;
            }
            let place = place as u16;
            let rule = law
                .in_force_at(place, at)
                .or_else(|| law.first_known(place));
            if let Some(rule) = rule
                && matches!(&law.version(rule).rule, Rule::Path(path) if path.path == asked)
            {
                self.find(rule, Effect::Denies, Say::Closed, 0, 0);
                return;
            }
        }
    }
}
