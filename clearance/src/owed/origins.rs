//! One country for each way in which duties treat origins between two changes of the law: what an
//! origin that is not given may come to.

use super::Goods;
use deminimis_law::codes::Country;
use deminimis_law::compile::RuleRef;
use deminimis_law::condition::Cond;
use deminimis_law::duties::{DutyStretch, rate_row};
use deminimis_law::kind::{Charge, Rule};
use deminimis_law::names::Clock;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The classes of a stretch. Headings may differ within one; rates and conditions do not.
pub(super) fn classes(goods: Goods<'_>, stretch: &DutyStretch) -> Vec<Country> {
    let families = stretch.families.iter().flat_map(|family| &family.headings);
    let others = stretch.column_2.iter().chain(&stretch.programs);
    let others = others.chain(&stretch.mail).chain(&stretch.fees);
    let rules: Vec<RuleRef> = families.chain(others).copied().collect();
    let mut seen = HashSet::new();
    Country::all()
        .filter(|origin| seen.insert(treatment(goods, &rules, *origin)))
        .collect()
}

/// A mark of how the rules treat an origin.
fn treatment(goods: Goods<'_>, rules: &[RuleRef], origin: Country) -> u64 {
    let law = goods.law;
    let at = goods.clocks.read[Clock::EnteredAt as usize].moment;
    let mut mark = DefaultHasher::new();
    let mut named = |cond: &Cond| {
        cond.walk(&mut |part| {
            if let Cond::Origin(set) = part {
                law.origin_set_of(*set).at(at).has(origin).hash(&mut mark);
            }
        });
    };
    for rule in rules {
        let version = law.version(*rule);
        named(&version.when);
        if let Rule::Fee(fee) = &version.rule {
            fee.spares.iter().for_each(&mut named);
        }
    }
    for rule in rules {
        if let Rule::Duty(duty) = &law.version(*rule).rule
            && let Charge::Table(name) = &duty.charge
            && let Some(table) = law.book().rates.iter().find(|table| table.name == *name)
        {
            let row = rate_row(table, origin, at, law.known_at());
            row.map(|(_, row)| (row.rate, row.floor.map(|over| over as u8)))
                .hash(&mut mark);
        }
    }
    mark.finish()
}
