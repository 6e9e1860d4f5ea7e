//! What speaks for and against a group, and the finding that comes of it.
//! It must not form groups. Each sign is looked for in every kind; the table says where it counts.

use super::alike::{is_name_of, most_frequent};
use super::evidence::PRIORS;
use super::facts::{Fact, Facts};
use super::habits::Habits;
use super::text::{NONE, Number};
use super::{Evidence, Finding, Kind, LISTED, POSSIBLE, SplitReason};
use Evidence as E;

/// As sure as a finding can be.
const MOST: i32 = 2000;
/// Just under the limit: at least so many hundredths of it.
const JUST_UNDER: i64 = 85;
/// Near the limit.
const NEAR: i64 = 60;
/// A good part of the limit, and a part so small that it gains little.
const SIZEABLE: i64 = 40;
const SMALL: i64 = 33;
/// Below so many hundredths of the limit a sum is little above it.
const BARELY: i128 = 125;
/// Values are alike if they differ by no more hundredths of the limit.
const BAND: i64 = 5;
/// Values that differ by less than one in so many parts of the limit are one price, rounded.
const ROUNDING: i128 = 1000;
/// Numbers follow one another if no more lie between them, for other buyers order meanwhile.
pub(super) const NEXT: u64 = 3;
/// Days after which a run is a habit.
const LONG: i64 = 14;
const WEEK: i64 = 7;
/// Orders of one intent are no further apart, in days.
const CLOSE: i64 = 3;
/// From so many persons on, an address is a building's.
pub(super) const BUILDING: u32 = 8;
/// Fewer persons show nothing of a seller.
const ENOUGH: u32 = 8;

/// Whether a value is within the limit and at least so many hundredths of it.
pub(super) fn reaches(fact: &Fact, hundredths: i64) -> bool {
    let (value, limit) = (i128::from(fact.value), i128::from(fact.limit));
    value <= limit && value * 100 >= limit * i128::from(hundredths)
}

/// Whether a parcel is just under its limit or at it.
pub(super) fn is_just_under(fact: &Fact) -> bool {
    reaches(fact, JUST_UNDER)
}

/// Whether a parcel is a good part of its limit and within it.
pub(super) fn is_dear(fact: &Fact) -> bool {
    reaches(fact, SIZEABLE)
}

/// Whether a parcel is near its limit and within it.
pub(super) fn is_near(fact: &Fact) -> bool {
    reaches(fact, NEAR)
}

/// The sum of values, as much as fits.
pub(super) fn sum<'f>(facts: impl Iterator<Item = &'f Fact>) -> i64 {
    facts.fold(0, |sum, fact| sum.saturating_add(fact.value))
}

/// Parcels that are looked at together.
pub(super) struct Group {
    /// By day, then shipment number.
    pub members: Vec<u32>,
    value: i64,
    limit: i64,
    /// Days of arrival, each once, in order.
    days: Vec<i64>,
}

impl Group {
    pub fn of(facts: &Facts, mut members: Vec<u32>) -> Group {
        members.sort_unstable();
        let group = || members.iter().map(|at| facts.fact(*at));
        let mut days: Vec<i64> = group().map(|fact| i64::from(fact.day)).collect();
        days.dedup();
        Group {
            value: sum(group()),
            limit: group().map(|fact| fact.limit).max().unwrap_or(0),
            days,
            members,
        }
    }
}

/// A group on its way to a finding.
pub(super) struct Case<'c> {
    kind: Kind,
    habits: &'c Habits,
    group: &'c Group,
    facts: Vec<&'c Fact>,
    said: Vec<Evidence>,
}

impl<'c> Case<'c> {
    pub fn of(kind: Kind, facts: &'c Facts, habits: &'c Habits, group: &'c Group) -> Case<'c> {
        Case {
            kind,
            habits,
            group,
            facts: group.members.iter().map(|at| facts.fact(*at)).collect(),
            said: Vec::new(),
        }
    }

    /// The finding, if what speaks for it is enough.
    pub fn finding(mut self) -> Option<Finding> {
        let (first, last) = (self.facts.first()?, self.facts.last()?);
        let days = (first.day, last.day);
        self.of_order();
        self.of_values();
        self.of_days();
        self.of_goods();
        self.of_names();
        self.of_habits();
        self.said.sort_unstable();
        let over_limit = self.is_over_limit();
        let kind = self.kind;
        let weight = |evidence: &Evidence| evidence.weight(kind);
        let score = PRIORS[kind as usize] + self.said.iter().map(weight).sum::<i32>();
        let (in_favour, against) = self
            .said
            .iter()
            .filter(|evidence| weight(evidence) != 0)
            .partition(|evidence| weight(evidence) > 0);
        (score >= POSSIBLE).then(|| Finding {
            kind,
            parcels: self
                .facts
                .iter()
                .take(LISTED)
                .map(|fact| fact.index)
                .collect(),
            of: self.facts.len(),
            days,
            value_cents: self.group.value,
            limit_cents: self.group.limit,
            over_limit,
            score: score.min(MOST),
            in_favour,
            against,
        })
    }

    /// Whether the parcels, or the order as the sender values it, are above the limit.
    fn is_over_limit(&self) -> bool {
        let total = self.facts.iter().filter_map(|fact| fact.total).max();
        self.group.value.max(total.unwrap_or(0)) > self.group.limit
    }

    fn say(&mut self, evidence: Evidence, holds: bool) {
        if holds {
            self.said.push(evidence);
        }
    }

    fn several(&self) -> bool {
        self.facts.len() > 1
    }

    fn any(&self, holds: impl Fn(&Fact) -> bool) -> bool {
        self.facts.iter().any(|fact| holds(fact))
    }

    fn all(&self, holds: impl Fn(&Fact) -> bool) -> bool {
        self.facts.iter().all(|fact| holds(fact))
    }

    /// How many parcels it holds for.
    fn count(&self, holds: impl Fn(&Fact) -> bool) -> usize {
        self.facts.iter().filter(|fact| holds(fact)).count()
    }

    /// Whether there are several parcels, and all have one mark.
    fn one(&self, of: impl Fn(&Fact) -> u64) -> bool {
        let first = self.facts.first().map_or(NONE, |fact| of(fact));
        self.several() && first != NONE && self.all(|fact| of(fact) == first)
    }

    /// The marks that there are, each once, and how many parcels have one.
    fn different(&self, of: impl Fn(&Fact) -> u64) -> (usize, usize) {
        let mut marks: Vec<u64> = self.facts.iter().map(|fact| of(fact)).collect();
        marks.retain(|mark| *mark != NONE);
        let have = marks.len();
        marks.sort_unstable();
        marks.dedup();
        (marks.len(), have)
    }

    fn of_order(&mut self) {
        let numbers = self.different(|fact| fact.order.whole);
        let orders = self.different(|fact| fact.order.base);
        // Parts whose number is missing are tied to the others by something else.
        let same = numbers.0 == 1 && numbers.1 > 1;
        let in_parts = !same && orders.0 == 1 && orders.1 > 1;
        let sequence = !same && !in_parts && self.follow(|fact| &fact.order);
        let known = self.several() && self.all(|fact| fact.order.whole != NONE);
        self.say(E::SameOrder, same);
        self.say(E::SameOrderInParts, in_parts);
        self.say(E::OrdersInSequence, sequence);
        let total = self.facts.first().and_then(|fact| fact.total);
        let one_total = total.is_some() && self.all(|fact| fact.total == total);
        // What a number says already is not counted again.
        let told = same || in_parts;
        self.say(E::SameTotal, one_total && self.several() && !told);
        let (sellers, _) = self.different(|fact| fact.seller);
        self.say(E::SellersDiffer, sellers > 1);
        self.say(E::SaysSeveral, !told && self.any(|fact| fact.said > 1));
        let why = self.several() && self.any(|fact| fact.reason.is_some());
        self.say(E::SaysWhySplit, !told && why);
        // The rest must be more than the one parcel that was replaced.
        let replaced = self.count(|fact| fact.order.replaces);
        self.say(E::Replaced, replaced > 0 && self.facts.len() - replaced < 2);
        let bills = self.follow(|fact| &fact.bill);
        self.say(E::BillsInSequence, bills);
        // Some give numbers at random, and bills in their order.
        let tied = same || in_parts || sequence || bills;
        self.say(E::UnrelatedOrders, known && !tied);
        self.say(E::SameMaster, self.one(|fact| fact.master));
        let gave = |reason| self.any(|fact| fact.reason == Some(reason));
        let avoid = gave(SplitReason::ToStayUnderLimit);
        let restocked = gave(SplitReason::BackOrder) || gave(SplitReason::StockLocation);
        let carrier = gave(SplitReason::CarrierLimit);
        self.say(E::SaidToAvoid, avoid);
        self.say(E::Restocked, restocked);
        self.say(E::CarrierLimit, carrier);
    }

    /// Whether numbers are of one series, all different, and follow one another.
    fn follow(&self, of: impl Fn(&Fact) -> &Number) -> bool {
        let series = self.facts.first().map(|fact| of(fact).series);
        if !self.several()
            || self
                .facts
                .iter()
                .any(|fact| Some(of(fact).series) != series)
        {
            return false;
        }
        let numbers: Option<Vec<u64>> = self.facts.iter().map(|fact| of(fact).at).collect();
        let Some(mut numbers) = numbers else {
            return false;
        };
        numbers.sort_unstable();
        let mut steps = numbers.windows(2).map(|pair| pair[1] - pair[0]);
        steps.all(|step| (1..=NEXT).contains(&step))
    }

    fn of_values(&mut self) {
        let (value, limit) = (i128::from(self.group.value), i128::from(self.group.limit));
        self.say(E::WithinLimit, !self.is_over_limit());
        self.say(E::FarAboveLimit, value > 2 * limit);
        self.say(E::BarelyAbove, value * 100 < limit * BARELY);
        let part_above = self.any(|fact| fact.value > fact.limit);
        self.say(E::PartAbove, part_above);
        if !self.several() {
            return;
        }
        let full = self.count(is_just_under);
        let all = full == self.facts.len();
        let but_one = full + 1 == self.facts.len();
        let near = self.all(is_near);
        self.say(E::JustUnder, all);
        self.say(E::AllButRestJustUnder, but_one);
        self.say(E::NearLimit, near && !all);
        let least = |fact: &Fact, hundredths| fact.value > fact.limit || reaches(fact, hundredths);
        self.say(E::Sizeable, self.all(|fact| least(fact, SIZEABLE)));
        self.say(E::SmallPart, !self.all(|fact| least(fact, SMALL)));
        let mut values: Vec<i128> = self
            .facts
            .iter()
            .map(|fact| i128::from(fact.value))
            .collect();
        values.sort_unstable();
        // Of two parts this says nothing that their sum does not.
        if let [first, second, _, ..] = values[..] {
            self.say(E::NoTwoFit, first + second > limit);
            self.say(E::TwoFit, first + second <= limit);
        }
        let spread = values[values.len() - 1] - values[0];
        let equal = spread * ROUNDING <= limit;
        let narrow = !equal && spread * 100 <= limit * i128::from(BAND);
        self.say(E::NarrowBand, narrow);
        self.say(E::EqualValues, equal);
    }

    fn of_days(&mut self) {
        let ordered = self.facts.iter().filter_map(|fact| fact.ordered_on);
        let mut ordered: Vec<i64> = ordered.map(i64::from).collect();
        ordered.sort_unstable();
        if let [first, .., last] = ordered[..] {
            let spread = last - first;
            self.say(E::OrderedTogether, spread == 0);
            self.say(E::OrderedClose, (1..=CLOSE).contains(&spread));
            // Parts of a run may be ordered one by one as they arrive.
            let (first, last) = (self.group.days.first(), self.group.days.last());
            let span = last.zip(first).map_or(0, |(last, first)| last - first);
            let in_step = self.kind == Kind::RepeatedRun && spread <= span;
            self.say(E::OrderedApart, spread > CLOSE && !in_step);
        }
        let in_sale = self.count(|fact| self.habits.in_sale(fact));
        self.say(E::InSale, in_sale * 2 > self.facts.len());
        let days = &self.group.days;
        let (count, span) = (days.len(), days[days.len() - 1] - days[0]);
        let adjacent = count > 1 && days.windows(2).all(|pair| pair[1] - pair[0] == 1);
        self.say(E::SeveralDays, count > 1);
        self.say(
            E::WeeksApart,
            days.windows(2).any(|pair| pair[1] - pair[0] > WEEK),
        );
        self.say(E::AdjacentDays, adjacent);
        self.say(E::OneDay, count == 1 && self.several());
        self.say(E::LongRun, span > LONG);
        self.say(E::SeveralParcels, self.facts.len() >= 3);
        let limit = self.group.limit;
        let mut days = self.facts.chunk_by(|a, b| a.day == b.day);
        let already = count > 1 && days.any(|day| sum(day.iter().copied()) > limit);
        self.say(E::DayAlreadyAbove, already);
    }

    /// Goods are similar if two thirds of those that are described share a heading or a word.
    fn of_goods(&mut self) {
        let described = self.count(|fact| fact.heading != NONE || !fact.goods.is_empty());
        let headings = self.facts.iter().map(|fact| fact.heading);
        let words = self
            .facts
            .iter()
            .flat_map(|fact| fact.goods.iter().copied());
        let shared = most_frequent(headings.filter(|heading| *heading != NONE).collect());
        let shared = shared.max(most_frequent(words.collect()));
        let known = described * 2 > self.facts.len() && described > 1;
        self.say(
            E::SameGoods,
            known && shared > 1 && shared * 3 >= described * 2,
        );
        self.say(E::OtherGoods, known && shared <= 1.max(described / 4));
        let gifts = self.any(|fact| fact.gift);
        self.say(E::Gifts, gifts);
    }

    fn of_names(&mut self) {
        let (keys, _) = self.different(|fact| fact.key);
        let (persons, _) = self.different(|fact| fact.person);
        let (names, _) = self.different(|fact| fact.full_name);
        self.say(E::SeveralRecipients, persons > 1 && names > 1);
        self.say(E::LinkedPersons, keys > 1 && persons == 1);
        let (emails, with_email) = self.different(|fact| fact.email);
        let (mailboxes, _) = self.different(|fact| fact.mailbox);
        let shared = |fact: &Fact| self.habits.of_mailbox(fact) >= BUILDING;
        let shared = self.any(shared);
        self.say(E::OneEmail, emails == 1 && with_email > 1 && !shared);
        self.say(E::TaggedEmail, mailboxes == 1 && emails > 1 && !shared);
        self.say(E::OwnEmails, mailboxes > 1);
        let (units, with_unit) = self.different(|fact| fact.unit);
        let few = |fact: &Fact| self.habits.of_unit(fact) < BUILDING;
        let one_unit = units == 1 && with_unit > 1 && self.all(few);
        self.say(E::OneUnit, one_unit);
        self.say(E::OtherUnits, units > 1);
        let fullest = |fact: &&&Fact| fact.name.iter().filter(|word| !word.alone).count();
        let fullest = self.facts.iter().max_by_key(fullest);
        let one_name = fullest
            .is_some_and(|full| names > 1 && self.all(|fact| is_name_of(&fact.name, &full.name)));
        let surname = self.facts.first().and_then(|fact| fact.name.last());
        let family = names > 1 && surname.is_some() && self.all(|fact| fact.name.last() == surname);
        self.say(E::OneName, one_name);
        self.say(E::SeveralNames, names > 2 && !one_name);
        self.say(E::OneSurname, family && !one_name);
        let forwarder = self.any(|fact| fact.forwarder);
        self.say(E::Forwarder, forwarder || shared);
    }

    fn of_habits(&mut self) {
        let Some(first) = self.facts.first() else {
            return;
        };
        let seller = self.habits.seller(first);
        // The group's own parcels are no sign of what is usual.
        let is_lone = |fact: &Fact| self.habits.bought(fact) == 1;
        let own = self.count(is_lone) as u32;
        let own_just_under = self.count(|fact| is_lone(fact) && is_just_under(fact)) as u32;
        let lone = seller.lone.saturating_sub(own);
        let just_under = seller.lone_just_under.saturating_sub(own_just_under);
        let prices = lone >= ENOUGH && just_under.saturating_mul(3) >= lone;
        let lone_dear = self.count(|fact| is_lone(fact) && is_dear(fact)) as u32;
        let dear = seller.lone_dear.saturating_sub(lone_dear);
        let dear = !prices && lone >= ENOUGH && dear.saturating_mul(3) >= lone;
        let returning = seller.returning.saturating_sub(1);
        let often = seller.buyers >= ENOUGH && returning.saturating_mul(4) >= seller.buyers;
        let bought = self.habits.bought(first) as usize;
        let regular = bought > self.facts.len();
        // The names of the group may be made up.
        let (persons, _) = self.different(|fact| fact.person);
        let others = (self.habits.residents(first) as usize).saturating_sub(persons);
        let building = others >= BUILDING as usize;
        let mut by_person: Vec<&Fact> = self.facts.clone();
        by_person.sort_by_key(|fact| fact.person);
        let (mut count, mut elsewhere, mut with_others) = (0, 0, 0);
        for person in by_person.chunk_by(|a, b| a.person == b.person) {
            count += 1;
            elsewhere += usize::from(self.habits.sellers_of(person[0]) > 1);
            with_others += usize::from(self.habits.parcels_of(person[0]) as usize > person.len());
        }
        self.say(E::SellersPrices, prices);
        self.say(E::SellersDear, dear);
        let listed = self.count(|fact| self.habits.is_list_price(fact));
        self.say(E::ListPrices, listed * 2 > self.facts.len());
        self.say(E::ManyReturn, often);
        self.say(E::RegularBuyer, regular);
        self.say(E::Building, building);
        self.say(E::OtherSellers, count > 1 && elsewhere * 2 > count);
        let known = self.habits.most_return;
        self.say(E::OnlyHere, known && count > 1 && with_others < 2);
    }
}
