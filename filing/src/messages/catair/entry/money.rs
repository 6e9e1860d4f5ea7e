//! The fees of an entry and its totals: all from the decision, checked against it to the cent.
//!
//! Source: AE records 34, 62, 89 and 90, table 6, usage notes (n) to (r), (w), (x). Fees without a
//! class code are paid outside the entry (the express operator's fee by the bill): they are told
//! with the entry and stand in no record.

use super::build::Parcel;
use super::gather::{At, Gather};
use super::{ClassAmount, Line};
use deminimis_clearance::owed::{Fee, State};
use deminimis_law::kind::{self, FeeAmount, Rule};
use deminimis_law::money::Cents;

/// Classes that stand in record 34, for the entry as a whole (AE table 6).
const OF_ENTRY: [&str; 3] = ["311", "496", "500"];

/// A fee that the decision owes and that is not paid with the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// What it is called.
    pub fee: String,
    /// Who pays it.
    pub payer: String,
    /// The amount.
    pub amount: Cents,
}

/// The money of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Money {
    pub header_fees: Vec<ClassAmount>,
    pub fee_totals: Vec<ClassAmount>,
    pub duty: Cents,
    pub fees: Cents,
    pub elsewhere: Vec<Elsewhere>,
}

/// The fees of line `at`, counted from 0, that are reckoned line by line.
pub(super) fn of_line(parcel: Parcel<'_>, at: usize) -> Vec<ClassAmount> {
    let law = parcel.books.law;
    let fees = parcel.lines.get(at).map_or(&[][..], |line| &line.fees);
    let named = fees
        .iter()
        .filter_map(|fee| match &law.version(fee.rule).rule {
            Rule::Fee(rule) if !rule.class_code.is_empty() => Some(ClassAmount {
                class: rule.class_code.clone(),
                amount: fee.amount,
            }),
            _ => None,
        });
    named.collect()
}

/// The fees of the entry and its totals, as the decision has them, with every sum checked.
pub(super) fn of_entry(gather: &mut Gather<'_>, parcel: Parcel<'_>, lines: &[Line]) -> Money {
    let owed = &parcel.decision.owed;
    let mut money = Money {
        duty: owed.duty.known().unwrap_or_default(),
        ..Money::default()
    };
    for fee in owed.fees.iter().filter(|fee| fee.state == State::Charged) {
        let Rule::Fee(rule) = &parcel.books.law.version(fee.rule).rule else {
            continue;
        };
        let amount = fee.amount.known().unwrap_or_default();
        if rule.class_code.is_empty() {
            money.elsewhere.push(Elsewhere {
                fee: rule.fee.clone(),
                payer: rule.payer.clone(),
                amount,
            });
            continue;
        }
        let total = ClassAmount {
            class: rule.class_code.clone(),
            amount,
        };
        if OF_ENTRY.contains(&rule.class_code.as_str()) {
            money.header_fees.push(total.clone());
        } else {
            check_lines(gather, rule, fee, lines);
        }
        money.fees = money.fees.plus(amount);
        money.fee_totals.push(total);
    }
    check_totals(gather, parcel, lines, &money);
    money
}

/// A fee of lines: its total is the sum of the lines' shares, or one of the bounds of the entry.
fn check_lines(gather: &mut Gather<'_>, rule: &kind::Fee, fee: &Fee, lines: &[Line]) {
    let of_class = |line: &Line| {
        let fees = line
            .summary
            .as_ref()
            .map_or(&[][..], |summary| &summary.fees);
        let own = fees.iter().filter(|fee| fee.class == rule.class_code);
        own.fold(Cents(0), |sum, fee| sum.plus(fee.amount))
    };
    let sum = lines.iter().map(of_class).fold(Cents(0), Cents::plus);
    let total = fee.amount.known().unwrap_or_default();
    let bound = match rule.amount {
        FeeAmount::Share {
            minimum, maximum, ..
        } => total == minimum || Some(total) == maximum,
        FeeAmount::Flat(_) | FeeAmount::NotCovered => false,
    };
    if sum != total && !bound {
        let reason = format!(
            "the lines' shares of class {}, each rounded, come to {sum}, the decision's fee to \
             {total}",
            rule.class_code
        );
        let right = "sums that agree to the cent";
        gather.unsaid(At("89", "total_fee_amount_1"), "fees", None, &reason, right);
    }
}

/// What the records say adds up to what the decision says.
fn check_totals(gather: &mut Gather<'_>, parcel: Parcel<'_>, lines: &[Line], money: &Money) {
    let owed = &parcel.decision.owed;
    let tariffs = lines.iter().flat_map(|line| &line.tariffs);
    let duty = tariffs.filter_map(|tariff| tariff.duty);
    let duty = duty.fold(Cents(0), Cents::plus);
    let elsewhere = money.elsewhere.iter().map(|fee| fee.amount);
    let fees = elsewhere.fold(money.fees, Cents::plus);
    let entered: Cents = parcel
        .lines
        .iter()
        .fold(Cents(0), |sum, line| sum.plus(line.entered));
    for (field, said, decided) in [
        ("grand_total_duty_amount", duty, owed.duty.known()),
        ("grand_total_user_fee_amount", fees, owed.fee_total.known()),
        (
            "grand_total_duty_amount",
            duty.plus(fees),
            owed.total.known(),
        ),
    ] {
        if Some(said) != decided {
            let decided = decided.map_or("nothing known".to_owned(), |sum| sum.to_string());
            let reason = format!("the records come to {said}, the decision to {decided}");
            let right = "sums that agree to the cent";
            gather.unsaid(At("90", field), "owed", None, &reason, right);
        }
    }
    if entered != owed.entered {
        let reason = format!(
            "the lines come to {entered}, the decision to {}",
            owed.entered
        );
        let at = At("50", "value_of_goods_amount");
        gather.unsaid(at, "entered_value_usd", None, &reason, "sums that agree");
    }
}
