//! What rules of duty say beyond their dates, in words.

use super::condition_words::{or_list, path_word};
use super::rule_words::Said;
use deminimis_clearance::owed::words::dotted;
use deminimis_law::claim::Claim;
use deminimis_law::kind::{
    Charge, Duty, Fee, FeeAmount, MailDuty, MailRate, Program, ReportingOrder, SpecialProgram,
};
use deminimis_law::names::{FloorOver, Layer};
use deminimis_law::rate::Rate;

/// What the law charges where nobody has its figure.
const NOT_IN_HAND: &str = "an amount that is not in hand";

/// The fields of a heading.
pub fn duty(duty: &Duty) -> Vec<Said> {
    let mut said = vec![("program", duty.program.clone())];
    let headings = duty.heading.iter().chain(&duty.heading_candidates);
    let headings: Vec<_> = headings.map(|heading| dotted(heading.as_str())).collect();
    if !headings.is_empty() {
        said.push(("heading", or_list(&headings)));
    }
    if let Some(met) = duty.heading_met {
        said.push(("if met", dotted(met.as_str())));
    }
    said.push(("charges", charge(&duty.charge)));
    said.push((
        "place",
        format!("asked at place {} of its program", duty.rank),
    ));
    if duty.refundable {
        said.push(("refund", "what was paid is being refunded".to_owned()));
    }
    said
}

fn charge(charge: &Charge) -> String {
    match charge {
        Charge::AdValorem(rate) => format!("{rate} on top of column 1"),
        Charge::Floor(rate, over) => format!("what {} lacks to {rate}", over_word(*over)),
        Charge::Exempt => "nothing: it spares the line".to_owned(),
        Charge::Table(name) => format!("the rate of the origin (list {name})"),
        Charge::NotCovered => NOT_IN_HAND.to_owned(),
    }
}

fn over_word(over: FloorOver) -> &'static str {
    match over {
        FloorOver::General => "the general rate of column 1",
        FloorOver::GeneralOrSpecial => "the rate paid in column 1",
    }
}

/// The fields of a special program.
pub fn program(program: &SpecialProgram) -> Vec<Said> {
    let symbols: Vec<_> = program.symbols.iter().map(Claim::as_str).collect();
    let spared = if program.mpf_exempt { "spared" } else { "due" };
    vec![
        ("claimed by", symbols.join(", ")),
        ("processing fee", spared.to_owned()),
    ]
}

/// The fields of mail duty.
pub fn mail(duty: &MailDuty) -> Vec<Said> {
    let by_value = match &duty.ad_valorem {
        MailRate::Fixed(rate) => rate.to_string(),
        MailRate::SumOf(programs) => {
            let names: Vec<_> = programs.iter().map(name).collect();
            format!("the rates of {} together", names.join(" and "))
        }
    };
    let mut said = vec![("by value", by_value)];
    let step = |(below, usd): &(Option<Rate>, _)| match below {
        Some(below) => format!("${usd} below {below}"),
        None => format!("${usd} else"),
    };
    let steps: Vec<_> = duty.specific.iter().map(step).collect();
    if !steps.is_empty() {
        said.push(("a package", steps.join(", ")));
    }
    said
}

/// A program as conditions name it.
pub fn name(program: &Program) -> String {
    let star = if program.begins { "…" } else { "" };
    let text = match program.is_heading() {
        true => dotted(&program.text),
        false => program.text.clone(),
    };
    text + star
}

/// The fields of a fee.
pub fn fee(fee: &Fee) -> Vec<Said> {
    let amount = match fee.amount {
        FeeAmount::Flat(flat) => format!("${flat}"),
        FeeAmount::Share {
            rate,
            minimum,
            maximum,
        } => {
            let most = maximum.map_or(String::new(), |maximum| format!(", at most ${maximum}"));
            let of = match fee.on_dutiable_value {
                true => "the dutiable value",
                false => "the value",
            };
            format!("{rate} of {of}, at least ${minimum}{most}")
        }
        FeeAmount::NotCovered => NOT_IN_HAND.to_owned(),
    };
    let paths: Vec<_> = fee
        .paths
        .iter()
        .map(|path| path_word(path).to_owned())
        .collect();
    let mut said = vec![("fee", fee.fee.clone())];
    if !fee.class_code.is_empty() {
        said.push(("class code", fee.class_code.clone()));
    }
    said.extend([
        ("amount", format!("{amount} for each {}", fee.per)),
        ("payer", fee.payer.clone()),
        ("paths", or_list(&paths)),
    ]);
    said
}

/// The order of reporting.
pub fn order(order: &ReportingOrder) -> Vec<Said> {
    let layers: Vec<_> = order
        .layers
        .iter()
        .map(|layer| Layer::as_str(*layer))
        .collect();
    vec![("order", layers.join(", "))]
}
