//! What is left of the condition of a duty once number, origin and moment of entry are known: the
//! part that only the parcel and its claims can settle.

use deminimis_law::Law;
use deminimis_law::codes::Country;
use deminimis_law::condition::{Cond, FactTest};
use deminimis_law::facts::Absence;
use deminimis_law::names::Clock;
use deminimis_law::sets::Lies;
use deminimis_law::time::Moment;
use deminimis_tariff::Number;

/// What is known.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pub law: &'a Law,
    pub number: Number,
    pub origin: Country,
    pub at: Moment,
    /// Whether goods of the origin pay column 2.
    pub column_2: bool,
}

/// What is left of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rest {
    Holds,
    Fails,
    If(Cond),
}

impl From<bool> for Rest {
    fn from(holds: bool) -> Rest {
        if holds { Rest::Holds } else { Rest::Fails }
    }
}

/// What is left of `cond`.
pub fn rest(known: Known<'_>, cond: &Cond) -> Rest {
    let Known { law, at, .. } = known;
    match cond {
        Cond::All(parts) => several(known, parts, Rest::Holds, Rest::Fails, Cond::All),
        Cond::Any(parts) => several(known, parts, Rest::Fails, Rest::Holds, Cond::Any),
        Cond::Not(part) => match rest(known, part) {
            Rest::Holds => Rest::Fails,
            Rest::Fails => Rest::Holds,
            Rest::If(left) => Rest::If(Cond::Not(Box::new(left))),
        },
        Cond::Number(set) => {
            let set = law.number_set_of(*set).at(at);
            lies(set.holds(known.number.range10()), cond)
        }
        Cond::Origin(set) => law.origin_set_of(*set).at(at).has(known.origin).into(),
        Cond::Column2 => known.column_2.into(),
        Cond::Before(Clock::EnteredAt, moment) => (at < *moment).into(),
        Cond::Fact(fact, FactTest::Is(wanted)) => {
            let absence = &law.book().facts[usize::from(fact.0)].absence;
            if !matches!(absence, Absence::Derived { .. }) {
                return Rest::If(cond.clone());
            }
            match law.fact_numbers(*fact).holds(known.number.range10()) {
                Lies::Inside => (*wanted).into(),
                Lies::Outside => (!*wanted).into(),
                Lies::Across => Rest::If(cond.clone()),
            }
        }
        _ => Rest::If(cond.clone()),
    }
}

fn lies(place: Lies, cond: &Cond) -> Rest {
    match place {
        Lies::Inside => Rest::Holds,
        Lies::Outside => Rest::Fails,
        Lies::Across => Rest::If(cond.clone()),
    }
}

/// Parts under one `all` or `any`: a part that says `ends` settles it, parts that say `goes_on` fall
/// away.
fn several(
    known: Known<'_>,
    parts: &[Cond],
    goes_on: Rest,
    ends: Rest,
    joined: fn(Vec<Cond>) -> Cond,
) -> Rest {
    let mut left = Vec::new();
    for part in parts {
        match rest(known, part) {
            Rest::If(part) => left.push(part),
            settled if settled == ends => return ends,
            _ => {}
        }
    }
    // A part and its opposite: so a law file ends a heading that has no end of its own.
    let opposed = |part: &Cond| matches!(part, Cond::Not(inner) if left.contains(inner));
    if left.iter().any(opposed) {
        return ends;
    }
    match left.len() {
        0 => goes_on,
        1 => Rest::If(left.remove(0)),
        _ => Rest::If(joined(left)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use deminimis_law::claim::{Claim, ClaimPattern};
    use std::sync::Arc;

    #[test]
    fn what_is_known_falls_away_and_the_rest_stays() {
        let law = Law::compile(&Arc::new(deminimis_law_us::rulebook().unwrap()), None);
        let known = Known {
            law: &law,
            number: Number::parse("2204.21.50.05").unwrap(),
            origin: Country::parse("FR").unwrap(),
            at: Moment(1_780_000_000),
            column_2: false,
        };
        let claim = Cond::Claim(vec![ClaimPattern::Exactly(Claim::parse("S").unwrap())]);
        let before = |at| Cond::Before(Clock::EnteredAt, Moment(at));
        let all = |parts| rest(known, &Cond::All(parts));
        let any = |parts| rest(known, &Cond::Any(parts));
        let not = |part| Cond::Not(Box::new(part));
        assert_eq!(all(vec![]), Rest::Holds);
        assert_eq!(any(vec![]), Rest::Fails);
        let left = all(vec![not(Cond::Column2), claim.clone()]);
        assert_eq!(left, Rest::If(claim.clone()));
        assert_eq!(all(vec![Cond::Column2, claim.clone()]), Rest::Fails);
        assert_eq!(any(vec![before(1_780_000_001), claim.clone()]), Rest::Holds);
        let left = any(vec![before(1_780_000_000), not(claim.clone())]);
        assert_eq!(left, Rest::If(not(claim.clone())));
        // By air and not by air is never.
        let opposed = vec![claim.clone(), not(claim.clone())];
        assert_eq!(all(opposed.clone()), Rest::Fails);
        assert_eq!(any(opposed), Rest::Holds);
        // A beverage of heading 2204 is alcohol, whatever the line says.
        let alcohol = law
            .book()
            .facts
            .iter()
            .position(|fact| fact.name == "alcohol");
        let fact = deminimis_law::facts::FactId(u16::try_from(alcohol.unwrap()).unwrap());
        let alcohol = |wanted| Cond::Fact(fact, FactTest::Is(wanted));
        assert_eq!(all(vec![alcohol(true), alcohol(false)]), Rest::Fails);
        assert_eq!(all(vec![alcohol(true), claim.clone()]), Rest::If(claim));
    }
}
