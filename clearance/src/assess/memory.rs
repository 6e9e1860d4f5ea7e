//! What may be remembered: which rules about a line can speak for an article at all, given its
//! number and origin. Never an answer, never an amount; bounded, and the caller's.

use crate::assess::view::{Asking, Touched, View};
use crate::shipment::Line;
use deminimis_law::codes::Country;
use deminimis_law::compile::{RuleRef, Scope};
use deminimis_law::kind::Kind;
use deminimis_law::names::{Clock, Mode};
use deminimis_law::truth::Truth;
use deminimis_law::{Law, Stretch};
use deminimis_tariff::Number;
use std::collections::HashMap;

/// How many articles are remembered before it starts anew.
const ARTICLES: usize = 4096;
/// How many rules they may hold together.
const RULES: usize = 1 << 17;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Article {
    stretch: Stretch,
    mode: Mode,
    origin: Option<Country>,
    number: Option<Number>,
}

/// The articles of the parcel at hand, and the memory they come from.
pub struct Articles {
    /// For each line, where its rules stand in the memory.
    pub runs: Vec<Runs>,
    /// What is remembered from parcel to parcel.
    pub memory: Memory,
}

/// Where the rules of one article stand, by kind.
pub type Runs = [u32; Kind::ALL.len() + 1];

/// The rules that can speak for articles seen before.
pub struct Memory {
    known: HashMap<Article, Runs>,
    rules: Vec<RuleRef>,
    keeps: bool,
    law: u64,
}

impl Memory {
    /// An empty memory; with `keeps` false every article is worked out anew.
    pub fn new(keeps: bool) -> Memory {
        Memory {
            known: HashMap::with_capacity(ARTICLES),
            rules: Vec::with_capacity(RULES),
            keeps,
            law: 0,
        }
    }

    /// Makes room before a parcel, so that its own articles stay while it is assessed.
    pub fn make_room(&mut self, law: &Law, lines: usize) {
        let most_rules = law.book().instruments.len();
        let full =
            self.known.len() + lines > ARTICLES || self.rules.len() + lines * most_rules > RULES;
        if full || !self.keeps || self.law != law.mark() {
            self.law = law.mark();
            self.known.clear();
            self.rules.clear();
        }
    }

    /// The rule at a place of [`Runs`].
    pub fn rule(&self, place: u32) -> RuleRef {
        self.rules[place as usize]
    }

    /// The rules about a line that can speak for `line`.
    pub fn article(&mut self, law: &Law, line: &Line, view: &View<'_>, stretch: Stretch) -> Runs {
        let article = Article {
            stretch,
            mode: view.shipment.mode,
            origin: line.origin,
            number: line.number,
        };
        if let Some(runs) = self.known.get(&article) {
            return *runs;
        }
        let mut runs = Runs::default();
        for kind in Kind::ALL {
            runs[*kind as usize] = self.rules.len() as u32;
            for clock in Clock::ALL {
                let stretch = stretch.0[*clock as usize];
                for rule in law.rules(*kind, Scope::Line, *clock, stretch, article.mode) {
                    let at = view.clocks.read[*clock as usize].moment;
                    let view = View {
                        line: Some(line),
                        at,
                        asking: Asking::ByArticle,
                        ..*view
                    };
                    if view.ask(&law.version(*rule).when, &mut Touched::default()) != Truth::No {
                        self.rules.push(*rule);
                    }
                }
            }
        }
        runs[Kind::ALL.len()] = self.rules.len() as u32;
        if self.keeps {
            self.known.insert(article, runs);
        }
        runs
    }
}
