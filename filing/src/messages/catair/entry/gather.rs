//! Takes values for records from the parcel, and notes every one that is missing or does not fit.
//!
//! A value is tried in the record's own columns as soon as it is taken, so that an entry without
//! problems can be written, and all problems of a parcel are known at once. Letters become capitals,
//! as the guides ask, and runs of blanks one blank; nothing else is changed and nothing is cut.

use super::problem::Problem;
use crate::messages::catair::{FieldLayout, Record, layout};
use deminimis_clearance::shipment::{FieldId, Texts};
use deminimis_law::time::Day;

/// A field of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct At(pub &'static str, pub &'static str);

/// What is gathered so far.
pub(super) struct Gather<'a> {
    texts: &'a Texts,
    /// The application whose records are filled.
    application: &'static str,
    pub problems: Vec<Problem>,
}

impl<'a> Gather<'a> {
    pub fn new(texts: &'a Texts, application: &'static str) -> Gather<'a> {
        Gather {
            texts,
            application,
            problems: Vec::new(),
        }
    }

    /// The parcel's text of a field, as records write it. `line` counts from 0.
    pub fn text(&self, field: FieldId, line: Option<usize>) -> Option<String> {
        let text = self.texts.at(field, line.unwrap_or(0))?;
        Some(plain(text)).filter(|text| !text.is_empty())
    }

    /// A value that must be there.
    pub fn must(&mut self, at: At, field: FieldId, line: Option<usize>) -> String {
        match self.text(field, line) {
            Some(text) => self.fit(at, field.name(), line, text),
            None => {
                self.missing(at, field.name(), line, &right_of(field));
                String::new()
            }
        }
    }

    /// A value that may be there.
    pub fn may(&mut self, at: At, field: FieldId, line: Option<usize>) -> Option<String> {
        let text = self.text(field, line)?;
        Some(self.fit(at, field.name(), line, text))
    }

    /// A value with a form of its own besides the record's.
    pub fn formed(
        &mut self,
        at: At,
        from: &str,
        line: Option<usize>,
        value: &str,
        form: Result<(), String>,
    ) {
        let Err(right) = form else {
            return;
        };
        let Some(field) = self.field(at) else {
            return;
        };
        let personal = is_personal(from);
        let problem = Problem {
            value: match personal {
                true => "(withheld)".to_owned(),
                false => value.to_owned(),
            },
            reason: "has another form".to_owned(),
            ..Problem::missing(at.0, field, from, right)
        };
        self.problems.push(problem.on(line));
    }

    /// The value, noted if the record does not take it.
    pub fn fit(&mut self, at: At, from: &str, line: Option<usize>, value: String) -> String {
        let Some(layout) = layout(self.application, at.0) else {
            return value;
        };
        if let Err(error) = Record::new(layout).set(at.1, &value) {
            let problem = Problem::misfit(error, from, is_personal(from));
            self.problems.push(problem.on(line));
        }
        value
    }

    /// Notes that nothing gives a field.
    pub fn missing(&mut self, at: At, from: &str, line: Option<usize>, right: &str) {
        if let Some(field) = self.field(at) {
            let problem = Problem::missing(at.0, field, from, right.to_owned());
            self.problems.push(problem.on(line));
        }
    }

    /// Notes what the record cannot say of a value that was given.
    pub fn unsaid(&mut self, at: At, from: &str, line: Option<usize>, reason: &str, right: &str) {
        if let Some(field) = self.field(at) {
            let problem = Problem {
                reason: reason.to_owned(),
                ..Problem::missing(at.0, field, from, right.to_owned())
            };
            self.problems.push(problem.on(line));
        }
    }

    /// A day that must be there and fall in the century that six digits can name.
    pub fn must_day(&mut self, at: At, from: &str, line: Option<usize>, day: Option<Day>) -> Day {
        let Some(day) = day else {
            self.missing(at, from, line, "a day YYYY-MM-DD");
            return Day(0);
        };
        if !(2000..2100).contains(&day.ymd().0) {
            let right = Err("a day of the years 2000 to 2099".to_owned());
            self.formed(at, from, line, &day.to_string(), right);
        }
        day
    }

    fn field(&self, at: At) -> Option<&'static FieldLayout> {
        let field = layout(self.application, at.0).and_then(|layout| layout.field(at.1));
        debug_assert!(field.is_some(), "record {} has no field {}", at.0, at.1);
        field
    }
}

/// Text as records hold it: capitals, one blank between words.
pub(super) fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_ascii_uppercase()
}

/// What the contract says of a field, for a sentence that says what would be right.
pub(super) fn right_of(field: FieldId) -> String {
    let doc = field.get().doc.trim_end_matches('.');
    let mut letters = doc.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// Names, streets and numbers of persons are not repeated in messages. An importer's number may be
/// a person's Social Security number.
fn is_personal(from: &str) -> bool {
    // The consignee of a formal entry may be the importer, whose number it then has.
    ["importer_of_record_number", "[filing] consignee_number"].contains(&from)
        || FieldId::named(from).is_some_and(|field| field.get().is_personal())
}

/// Words of a text put into parts of at most `width` characters, in order; `None` if one word is
/// longer. The parts joined by blanks are the text.
pub(super) fn parts(text: &str, width: usize) -> Option<Vec<String>> {
    let mut parts: Vec<String> = Vec::new();
    for word in text.split(' ') {
        if word.len() > width {
            return None;
        }
        match parts.last_mut() {
            Some(last) if last.len() + 1 + word.len() <= width => {
                last.push(' ');
                last.push_str(word);
            }
            _ => parts.push(word.to_owned()),
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_put_into_parts_without_losing_any() {
        let text = "12 OAK STREET APARTMENT 7 REAR BUILDING";
        let cut = parts(text, 20).expect("no word is long");
        assert_eq!(cut, ["12 OAK STREET", "APARTMENT 7 REAR", "BUILDING"]);
        assert_eq!(cut.join(" "), text);
        assert_eq!(parts("A VERYLONGWORD", 8), None);
    }

    #[test]
    fn text_is_capitals_with_single_blanks() {
        assert_eq!(plain("  Ana   lopez "), "ANA LOPEZ");
    }
}
