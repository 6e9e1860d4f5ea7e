//! What a score rests on, in words.
//! It must not repeat names or addresses: evidence is read by more people than the rows are.

use super::compare::{Level, Names, Places};
use super::score::{Judge, SHARED_BUILDING, initials_differ};

impl Judge<'_> {
    /// What speaks for and against two records being one person.
    pub fn evidence(&self, a: u32, b: u32) -> String {
        let compared = self.compared(a, b);
        let mut said = vec![of_names(&compared.names)];
        of_places(&compared.places, &mut said);
        let (a, b) = (self.record(a), self.record(b));
        if initials_differ(a, b) {
            said.push("other initials".to_owned());
        }
        if a.residents.max(b.residents) >= SHARED_BUILDING {
            said.push("many names at the address".to_owned());
        }
        if a.generation != b.generation {
            said.push("one is a Jr., Sr. or numbered, the other not so".to_owned());
        }
        if a.legal != b.legal && a.legal.0.is_some() && b.legal.0.is_some() {
            said.push("companies of another legal form".to_owned());
        }
        if !a.native.is_empty() && !b.native.is_empty() && a.native != b.native {
            said.push("written otherwise in their own script".to_owned());
        }
        said.join("; ")
    }
}

fn of_names(names: &Names) -> String {
    let name = match (names.given, names.surname) {
        (Level::Missing, Level::Missing) => "no name in one of them".to_owned(),
        (Level::Same, Level::Same) => "same name".to_owned(),
        (given, surname) => {
            format!(
                "{}, {}",
                level("given name", given),
                level("surname", surname)
            )
        }
    };
    match names.swapped {
        true => format!("{name}, given name and surname exchanged"),
        false => name,
    }
}

fn level(what: &str, level: Level) -> String {
    match level {
        Level::Same => format!("same {what}"),
        Level::Familiar => format!("{what} in a short form"),
        Level::Near(1) => format!("{what} differs by one letter"),
        Level::Near(apart) => format!("{what} differs by {apart} letters"),
        Level::Sound => format!("{what} sounds the same"),
        Level::Initial => format!("{what} agrees with an initial"),
        Level::Alike => format!("{what} alike but another"),
        Level::Different => format!("{what} differs"),
        Level::Missing => format!("{what} missing in one"),
    }
}

fn of_places(places: &Places, said: &mut Vec<String>) {
    let parts = [
        ("postcode", places.postcode),
        ("house number", places.house),
        ("unit", places.unit),
        ("city", places.city),
        ("state", places.state),
        ("e-mail", places.email),
        ("telephone", places.phone),
        ("country", places.country),
    ];
    let mut same: Vec<&str> = Vec::new();
    if places.street == Some(1000) {
        same.push("street");
    }
    let is = |wanted| parts.iter().filter(move |(_, level)| *level == wanted);
    same.extend(is(Level::Same).map(|(what, _)| *what));
    if !same.is_empty() {
        said.push(format!("same {}", and(&same)));
    }
    match places.street {
        Some(600..1000) => said.push("street spelled otherwise".to_owned()),
        Some(300..600) => said.push("street partly the same".to_owned()),
        Some(..300) => said.push("street differs".to_owned()),
        _ => {}
    }
    if places.kind_differs {
        said.push("another kind of street".to_owned());
    }
    if places.direction_differs {
        said.push("another direction".to_owned());
    }
    for (what, _) in is(Level::Near(1)) {
        said.push(match *what {
            "city" => "city spelled otherwise".to_owned(),
            what => format!("{what} differs by one digit or an exchange"),
        });
    }
    for (what, _) in is(Level::Different) {
        said.push(format!("{what} differs"));
    }
}

/// `a`, `a and b`, `a, b and c`.
fn and(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
