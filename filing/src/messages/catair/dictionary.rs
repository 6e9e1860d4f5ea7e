//! CBP's published condition texts: the error dictionary, and the batch conditions of the guide.
//!
//! A code of the dictionary may mean different things in different applications (001 to 016 are
//! used by several queries), so a look-up gives every text of a code.

use std::sync::LazyLock;

const ERRORS: &str = include_str!("../../../layouts/errors.csv");

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Condition {
    /// Three characters.
    pub code: String,
    /// Control identifier of the record that the explanation names first; empty if it names none.
    pub record: String,
    /// The first columns it names of that record.
    pub columns: Option<(usize, usize)>,
    /// The narrative text, as an answer carries it, in capital letters.
    pub text: String,
    /// What the dictionary says about it; empty for conditions of the guide.
    pub explanation: String,
    /// Where it stands.
    pub source: String,
}

/// The dictionary is part of the program, and a test reads every row of it.
static CONDITIONS: LazyLock<Vec<Condition>> =
    LazyLock::new(|| read().expect("errors.csv is read by tests"));

/// Every condition of a code.
pub fn conditions(code: &str) -> &'static [Condition] {
    let all = CONDITIONS.as_slice();
    let from = all.partition_point(|it| it.code.as_str() < code);
    let until = all.partition_point(|it| it.code.as_str() <= code);
    &all[from..until]
}

/// Number of conditions.
pub fn len() -> usize {
    CONDITIONS.len()
}

/// The condition whose explanation names exactly these columns of the record and whose text
/// contains those words: how the code of a wrong number or of a missing value is found.
pub(super) fn about(record: &str, columns: (usize, usize), words: &str) -> Option<&'static str> {
    let same = |it: &&Condition| {
        it.record == record && it.columns == Some(columns) && it.text.contains(words)
    };
    CONDITIONS.iter().find(same).map(|it| it.code.as_str())
}

fn read() -> Result<Vec<Condition>, String> {
    let mut reader = csv::Reader::from_reader(ERRORS.as_bytes());
    let mut conditions = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| error.to_string())?;
        let [
            code,
            record,
            start,
            end,
            text,
            explanation,
            _updated,
            source,
        ] = std::array::from_fn(|place| row.get(place).unwrap_or_default().to_owned());
        let columns = start.parse().ok().zip(end.parse().ok());
        conditions.push(Condition {
            code,
            record,
            columns,
            text,
            explanation,
            source,
        });
    }
    if conditions.windows(2).all(|two| two[0].code <= two[1].code) {
        Ok(conditions)
    } else {
        Err("errors.csv is not in the order of its codes".to_owned())
    }
}
