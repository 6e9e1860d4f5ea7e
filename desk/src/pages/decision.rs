//! A decision as the pages read it: what the contract says of it, of which they show a part.

use serde::Deserialize;

/// A decision. A field that is not there is nothing, never a failure: an old
/// answer of the ledger is read by a later program.
#[derive(Deserialize)]
#[serde(default)]
pub(super) struct Decision {
    pub(super) outcome: String,
    pub(super) basis: Option<String>,
    pub(super) entry_path: String,
    pub(super) alternatives: Vec<Alternative>,
    pub(super) day_total_usd: Option<String>,
    pub(super) day_all_usd: Option<String>,
    pub(super) cbp_expected: Option<String>,
    pub(super) findings: Vec<Finding>,
    pub(super) assumed: Vec<Assumed>,
    pub(super) questions: Vec<Question>,
    pub(super) entered_value_usd: Option<String>,
    pub(super) owed: Option<Owed>,
    pub(super) deadlines: Vec<Deadline>,
    pub(super) records_until: Option<String>,
    pub(super) law: Law,
}

macro_rules! read {
    ($($name:ident {$($field:ident: $kind:ty),* $(,)?})*) => {$(
        #[derive(Default, Deserialize)]
        #[serde(default)]
        pub(super) struct $name {$(pub(super) $field: $kind),*}
    )*};
}
read! {
    Alternative {
        entry_path: String,
        free: bool,
        owed_usd: Option<String>,
        range_low_usd: Option<String>,
        range_high_usd: Option<String>,
        cheapest: bool,
        filer: String,
        bond: String,
        time: String,
        needs: Vec<String>,
    }
    Finding {
        rule: String,
        effect: String,
        reason: String,
        line: Option<u16>,
        cite: Vec<String>,
        effective: String,
        published: String,
        published_basis: Option<String>,
        confidence: String,
    }
    Assumed { line: Option<u16>, means: String, cite: Vec<String> }
    Question {
        line: Option<u16>,
        question: String,
        decides: bool,
        answers: Vec<Answer>,
        cite: Vec<String>,
    }
    Answer {
        answer: String,
        outcome: Option<String>,
        entry_path: Option<String>,
        owed_usd: Option<String>,
        range_low_usd: Option<String>,
        range_high_usd: Option<String>,
    }
    Owed {
        duty_usd: Option<String>,
        tax_usd: Option<String>,
        fees_usd: Option<String>,
        total_usd: Option<String>,
        range_low_usd: Option<String>,
        range_high_usd: Option<String>,
        lines: Vec<OwedLine>,
        fees: Vec<Fee>,
        note: Option<String>,
    }
    OwedLine { line: Option<u16>, charges: Vec<Charge> }
    Charge {
        heading: Option<String>,
        heading_candidates: Vec<String>,
        program: String,
        state: String,
        rate: String,
        base_usd: String,
        amount_usd: Option<String>,
        reason: String,
        cite: Vec<String>,
    }
    Fee {
        fee: String,
        class_code: Option<String>,
        state: String,
        rate: String,
        base_usd: String,
        amount_usd: Option<String>,
        reason: String,
        cite: Vec<String>,
    }
    Deadline {
        what: String,
        due: Option<String>,
        or_due: Option<String>,
        cite: Vec<String>,
    }
    Law { rulebook: String, engine: String, read_at: String, known_at: Option<String>,
        checked_until: Option<String>, tariff: Tariff }
    Tariff { release: String }
}

impl Default for Decision {
    fn default() -> Decision {
        Decision {
            outcome: "unreadable".to_owned(),
            basis: None,
            entry_path: String::new(),
            alternatives: Vec::new(),
            day_total_usd: None,
            day_all_usd: None,
            cbp_expected: None,
            findings: Vec::new(),
            assumed: Vec::new(),
            questions: Vec::new(),
            entered_value_usd: None,
            owed: None,
            deadlines: Vec::new(),
            records_until: None,
            law: Law::default(),
        }
    }
}
