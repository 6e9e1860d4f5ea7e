//! What an entry summary (AE) counts and adds: totals against lines, repeats, order of numbers.

use super::Found;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

/// Judges one transaction.
pub(super) fn judge(found: &mut Found, transaction: Range<usize>) {
    let places = |found: &Found, record: &str| -> Vec<usize> {
        transaction
            .clone()
            .filter(|place| found.is(*place, record))
            .collect()
    };
    unique(found, &places(found, "40"), "line_item_identifier", "518");
    for line in lines_of(found, &transaction) {
        line_of(found, line);
    }
    bills(found, &transaction);
    cases(found, &transaction);
    for place in places(found, "34") {
        let two = ["accounting_class_code_1", "accounting_class_code_2"];
        let [one, other] = two.map(|field| found.text(place, field));
        if !one.is_empty() && one == other {
            let reason = "the same fee class twice";
            found.add_named(place, two[1], reason, "another class, or spaces", "254");
        }
    }
    let Some(total) = places(found, "90").first().copied() else {
        return;
    };
    let sum = |found: &Found, record: &str, field: &str| {
        let amounts = transaction.clone().filter(|place| found.is(*place, record));
        amounts
            .filter_map(|place| found.number(place, field))
            .fold(0, u64::saturating_add)
    };
    let duty = sum(found, "50", "duty_amount");
    compare(
        found,
        total,
        "grand_total_duty_amount",
        duty,
        "the duty of the 50 records",
        "722",
    );
    let tax = sum(found, "60", "ir_tax_amount");
    compare(
        found,
        total,
        "grand_total_ir_tax_amount",
        tax,
        "the tax of the 60 records",
        "724",
    );
    let other = sum(found, "61", "other_revenue_amount");
    let what = "the other revenue of the 61 records";
    compare(
        found,
        total,
        "grand_total_other_revenue_amount",
        other,
        what,
        "768",
    );
    fees(found, &transaction, total);
}

/// The lines of a summary: each from its 40 record to the next one, or to the totals.
fn lines_of(found: &Found, transaction: &Range<usize>) -> Vec<Range<usize>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    for place in transaction.clone() {
        if found.is(place, "40") {
            lines.push(place..place + 1);
        } else if ["88", "89", "90"].iter().any(|it| found.is(place, it)) {
            break;
        } else if let Some(line) = lines.last_mut() {
            line.end = place + 1;
        }
    }
    lines
}

fn line_of(found: &mut Found, line: Range<usize>) {
    let of = |found: &Found, record: &str| -> Vec<usize> {
        line.clone()
            .filter(|place| found.is(*place, record))
            .collect()
    };
    let (parties, fees) = (of(found, "47"), of(found, "62"));
    unique(found, &parties, "party_type_code", "520");
    unique(found, &fees, "accounting_class_code", "254");
    // Chapter 98 first, then 99, then the article: where there are several of chapter 98 the
    // order is not judged (dictionary, 852).
    let tariffs = of(found, "50");
    let rank = |number: &str| match number.get(..2) {
        Some("98") => 0,
        Some("99") => 1,
        _ => 2,
    };
    let ranks: Vec<(usize, u8)> = tariffs
        .iter()
        .map(|place| (*place, rank(found.text(*place, "hts_number"))))
        .collect();
    if ranks.iter().filter(|(_, rank)| *rank == 0).count() < 2 {
        for two in ranks.windows(2) {
            if two[1].1 < two[0].1 {
                let reason = "a number of chapter 98 or 99 behind a number it must precede";
                let right = "chapter 98, then chapter 99, then chapters 1 to 97";
                found.add_named(two[1].0, "hts_number", reason, right, "852");
            }
        }
    }
}

/// The parts of a manifest reference come as in-bond, master, house, sub-house.
fn bills(found: &mut Found, transaction: &Range<usize>) {
    let mut before = None;
    for place in transaction.clone() {
        if found.is(place, "22") {
            before = None;
        }
        if !found.is(place, "23") {
            continue;
        }
        let Some(rank) = "IMHS".find(found.text(place, "manifest_component_type_code")) else {
            continue;
        };
        if before.is_some_and(|before| rank <= before) {
            let reason = "out of the order I, M, H, S, or twice";
            let field = "manifest_component_type_code";
            found.add_named(
                place,
                field,
                reason,
                "each once, in the order I M H S",
                "187",
            );
        }
        before = Some(rank);
    }
}

/// What the 34 and 62 records owe by class: the sum, where the class comes first, and whether in
/// the header.
fn owed_by_class<'m>(
    found: &Found<'m>,
    transaction: &Range<usize>,
) -> BTreeMap<&'m str, (u64, usize, bool)> {
    let mut owed: BTreeMap<&str, (u64, usize, bool)> = BTreeMap::new();
    for place in transaction.clone() {
        let header = found.is(place, "34");
        let fields: &[(&str, &str)] = match () {
            () if header => &[
                ("accounting_class_code_1", "header_fee_amount_1"),
                ("accounting_class_code_2", "header_fee_amount_2"),
            ],
            () if found.is(place, "62") => &[("accounting_class_code", "user_fee_amount")],
            () => continue,
        };
        for (class, amount) in fields {
            let class = found.text(place, class);
            if let Some(amount) = found.number(place, amount).filter(|_| !class.is_empty()) {
                let entry = owed.entry(class).or_insert((0, place, header));
                entry.0 = entry.0.saturating_add(amount);
            }
        }
    }
    owed
}

/// Each fee class: the totals of the 89 records against the 34 and 62 records, and all of them
/// against the 90 record. The merchandise processing fee (499) may be its minimum or maximum
/// instead of its sum, so that one is compared with the grand total only.
fn fees(found: &mut Found, transaction: &Range<usize>, total: usize) {
    let owed = owed_by_class(found, transaction);
    let mut all = 0_u64;
    let mut said: HashSet<&str> = HashSet::new();
    for place in transaction
        .clone()
        .filter(|it| found.is(*it, "89"))
        .collect::<Vec<_>>()
    {
        for number in 1..=5 {
            let class = found.text(place, &format!("accounting_class_code_{number}"));
            let field = format!("total_fee_amount_{number}");
            let Some(amount) = found.number(place, &field).filter(|_| !class.is_empty()) else {
                continue;
            };
            all = all.saturating_add(amount);
            said.insert(class);
            match owed.get(class) {
                None => {
                    let reason = format!("no record 34 or 62 has class {class}");
                    found.add_named(place, &field, reason, "no total for this class", "717");
                }
                Some((sum, ..)) if class != "499" && *sum != amount => {
                    let code = match class {
                        "311" => "731",
                        "496" => "730",
                        "500" => "732",
                        "501" => "719",
                        _ => "720",
                    };
                    let reason = format!("the 34 and 62 records of class {class} add to {sum}");
                    let right = format!("{sum:>11}");
                    found.add_named(place, &field, reason, right, code);
                }
                Some(_) => {}
            }
        }
    }
    for (class, (_, place, header)) in &owed {
        if !said.contains(class) {
            let code = if *header { "715" } else { "716" };
            let field = if *header {
                "accounting_class_code_1"
            } else {
                "accounting_class_code"
            };
            let reason = format!("no record 89 totals class {class}");
            found.add_named(*place, field, reason, "its total in a record 89", code);
        }
    }
    let what = "the totals of the 89 records";
    compare(
        found,
        total,
        "grand_total_user_fee_amount",
        all,
        what,
        "726",
    );
}

/// Antidumping and countervailing cases: A and C, by bond or in cash, against 88 and 90.
fn cases(found: &mut Found, transaction: &Range<usize>) {
    let sum = |found: &Found, kind: &str, claim: Option<&str>| {
        let cases = transaction.clone().filter(|place| {
            found.is(*place, "53")
                && found.text(*place, "case_number").starts_with(kind)
                && claim.is_none_or(|it| found.text(*place, "bond_cash_claim_code") == it)
        });
        cases
            .filter_map(|place| found.number(place, "duty_amount"))
            .fold(0, u64::saturating_add)
    };
    let any = transaction.clone().any(|place| found.is(place, "53"));
    let totals = transaction.clone().find(|place| found.is(*place, "88"));
    match totals {
        Some(place) if !any => {
            let reason = "no record 53 has a case to be totalled";
            found.add(place, (1, 2), reason, "no record 88", "727");
        }
        Some(place) => {
            for (field, kind, claim, code) in [
                ("total_bonded_ad_duty_amount", "A", "B", "737"),
                ("total_cash_deposit_ad_duty_amount", "A", "C", "739"),
                ("total_bonded_cv_duty_amount", "C", "B", "741"),
                ("total_cash_deposit_cv_duty_amount", "C", "C", "743"),
            ] {
                let sum = sum(found, kind, Some(claim));
                compare(found, place, field, sum, "the duty of the 53 records", code);
            }
        }
        None if any => {
            let place = transaction.clone().rfind(|it| found.is(*it, "53"));
            let reason = "no record 88 totals this case";
            found.add(
                place.unwrap_or(transaction.start),
                (1, 2),
                reason,
                "a record 88",
                "735",
            );
        }
        None => {}
    }
    if let Some(place) = transaction.clone().find(|place| found.is(*place, "90")) {
        for (field, kind, code) in [
            ("grand_total_ad_duty_amount", "A", "745"),
            ("grand_total_cv_duty_amount", "C", "747"),
        ] {
            let sum = sum(found, kind, None);
            compare(found, place, field, sum, "the duty of the 53 records", code);
        }
    }
}

/// A total against the sum of what it totals. An empty total is right where there is nothing.
fn compare(found: &mut Found, place: usize, field: &str, sum: u64, what: &str, code: &str) {
    let text = found.text(place, field);
    let said = if text.is_empty() {
        Some(0)
    } else {
        text.parse().ok()
    };
    if said.is_some_and(|said: u64| said != sum) {
        let reason = format!("{what} add to {sum}");
        found.add_named(place, field, reason, format!("{sum:>11}"), code);
    }
}

/// Values that may come once among these records.
pub(super) fn unique(found: &mut Found, places: &[usize], field: &str, code: &str) {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for place in places {
        let value = found.text(*place, field);
        let earlier = *seen.entry(value).or_insert(*place);
        if earlier != *place && !value.is_empty() {
            let reason = format!("record {} has the same value", earlier + 1);
            found.add_named(*place, field, reason, "a value of its own", code);
        }
    }
}
