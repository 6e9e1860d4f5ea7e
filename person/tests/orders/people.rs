//! Where people live and how they write their names: houses, towers, dormitories, offices, mail
//! stores and the warehouses of forwarders, whose clients share one street line.

use super::dice::Dice;
use super::lists::{CITIES, FORWARDERS, GIVEN, HALLS, KINDS, MAIL_HOSTS, SHORT, STREETS, SURNAMES};
use super::world::World;
use std::ops::Range;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    House,
    Tower,
    Dormitory,
    Office,
    MailStore,
    Forwarder,
}

/// Neighbours under one street number, by their places in the list of persons.
pub struct Dwelling {
    pub kind: Kind,
    pub people: Range<usize>,
}

#[derive(Clone)]
pub struct Person {
    pub number: usize,
    pub given: String,
    pub middle: Option<char>,
    pub surname: String,
    pub email: String,
    pub home: Home,
}

#[derive(Clone)]
pub struct Home {
    /// House number and direction, before the street's kind.
    pub street: String,
    pub street_kind: (&'static str, &'static str),
    /// What the flat is called in this building, and its number; both empty in a house.
    pub unit_word: &'static str,
    pub unit: String,
    pub city: &'static str,
    pub state: &'static str,
    pub zip: usize,
}

/// A party as a label has it.
#[derive(Clone)]
pub struct Written {
    pub name: String,
    pub street: String,
    pub city: String,
    pub state: String,
    pub postal_code: String,
}

/// `count` persons in their dwellings.
pub fn settle(dice: &mut Dice, world: &World, count: usize) -> (Vec<Dwelling>, Vec<Person>) {
    let kinds = [
        Kind::House,
        Kind::Tower,
        Kind::Dormitory,
        Kind::Office,
        Kind::MailStore,
        Kind::Forwarder,
    ];
    let (mut dwellings, mut persons) = (Vec::new(), Vec::new());
    let mut forwarders = 0;
    while persons.len() < count {
        let mut kind = kinds[dice.weighted(&world.dwellings)];
        if kind == Kind::Forwarder && forwarders == FORWARDERS.len() {
            kind = Kind::House;
        }
        let wanted = match kind {
            Kind::House => dice.pick(&[1, 1, 2, 2, 2, 3, 4, 5]),
            Kind::Tower => dice.between((6, 36)) as usize,
            Kind::Dormitory => dice.between((8, 30)) as usize,
            Kind::Office => dice.between((3, 12)) as usize,
            Kind::MailStore => dice.between((2, 10)) as usize,
            // A warehouse of some hundred clients, or less where the whole world is small.
            Kind::Forwarder => (dice.between((60, 240)) as usize).min(count / 20 + 2),
        };
        let first = persons.len();
        let home = building(dice, kind, forwarders);
        forwarders += usize::from(kind == Kind::Forwarder);
        inhabit(dice, kind, &home, wanted.min(count - first), &mut persons);
        dwellings.push(Dwelling {
            kind,
            people: first..persons.len(),
        });
    }
    (dwellings, persons)
}

fn building(dice: &mut Dice, kind: Kind, forwarders: usize) -> Home {
    if kind == Kind::Forwarder {
        let (street, city, state, zip, _) = FORWARDERS[forwarders];
        return Home {
            street: street.to_owned(),
            street_kind: ("", ""),
            unit_word: "Ste",
            unit: FORWARDERS[forwarders].4.to_owned(),
            city,
            state,
            zip,
        };
    }
    let (city, state, zip) = CITIES[dice.skewed(CITIES.len())];
    let side = dice.pick(&["", "", "", "", "N ", "S ", "W ", "SE "]);
    Home {
        street: format!(
            "{} {side}{}",
            dice.between((2, 9_800)),
            STREETS[dice.skewed(STREETS.len())]
        ),
        street_kind: dice.pick(KINDS),
        unit_word: match kind {
            Kind::House => "",
            Kind::Tower => dice.pick(&["Apt", "Apt", "Unit", "#"]),
            Kind::Dormitory => dice.pick(&["Box", "Rm"]),
            Kind::Office => dice.pick(&["Ste", "Fl"]),
            Kind::MailStore => dice.pick(&["PMB", "#"]),
            Kind::Forwarder => "Ste",
        },
        unit: match kind {
            Kind::Dormitory => dice.pick(HALLS).to_owned(),
            Kind::Office => (100 * dice.between((1, 20))).to_string(),
            _ => String::new(),
        },
        city,
        state,
        zip: zip + dice.below(30),
    }
}

fn inhabit(dice: &mut Dice, kind: Kind, base: &Home, count: usize, persons: &mut Vec<Person>) {
    let mut family = SURNAMES[dice.skewed(SURNAMES.len())];
    // In some houses everyone has a name of their own: flatmates, or lodgers.
    let strangers = kind != Kind::House || dice.chance(14);
    let mut unit = String::new();
    let one_mailbox = kind == Kind::House && dice.chance(15);
    let first = persons.len();
    for at in 0..count {
        if strangers || dice.chance(10) {
            family = SURNAMES[dice.skewed(SURNAMES.len())];
        }
        // Couples in towers share a flat and mostly a surname.
        let shares = kind == Kind::Tower && at > 0 && dice.chance(25);
        if shares && dice.chance(60) {
            let neighbour: &Person = &persons[first + at - 1];
            family = SURNAMES
                .iter()
                .find(|s| **s == neighbour.surname)
                .unwrap_or(&family);
        }
        if !shares {
            unit = match kind {
                Kind::House => String::new(),
                Kind::Tower => format!(
                    "{}{}",
                    dice.between((1, 24)),
                    dice.pick(&["A", "B", "C", "D"])
                ),
                Kind::Dormitory => format!("{} {}", base.unit, dice.between((101, 940))),
                Kind::Office => base.unit.clone(),
                Kind::MailStore => dice.between((100, 480)).to_string(),
                Kind::Forwarder => format!("{}{}", base.unit, dice.between((10_000, 99_999))),
            };
        }
        let mut given = GIVEN[dice.skewed(GIVEN.len())].to_owned();
        if kind == Kind::House && at > 0 && family == persons[first].surname && dice.chance(3) {
            // Father and son, of one name.
            given.clone_from(&persons[first].given);
        }
        let number = persons.len();
        let email = match kind {
            // A forwarder gives its own mailbox for every client.
            Kind::Forwarder if dice.chance(65) => {
                format!("receiving@{}.example", base.unit.to_lowercase())
            }
            _ if one_mailbox && at > 0 => persons[first].email.clone(),
            _ => mailbox(dice, &given, family),
        };
        persons.push(Person {
            number,
            given,
            middle: dice
                .chance(35)
                .then(|| dice.pick(&['A', 'C', 'E', 'J', 'L', 'M', 'R', 'T'])),
            surname: family.to_owned(),
            email,
            home: Home {
                unit: unit.clone(),
                ..base.clone()
            },
        });
    }
}

/// A mailbox of a person of this name.
pub fn mailbox(dice: &mut Dice, given: &str, surname: &str) -> String {
    let given = given
        .to_lowercase()
        .replace(|c: char| !c.is_ascii_alphabetic(), "");
    let surname = surname
        .to_lowercase()
        .replace(|c: char| !c.is_ascii_alphabetic(), "");
    let host = dice.pick(MAIL_HOSTS);
    let number = dice.between((1, 999));
    match dice.below(3) {
        0 => format!("{given}.{surname}{number}@{host}"),
        1 => format!("{}{surname}{number}@{host}", &given[..1]),
        _ => format!("{surname}{given}{number}@{host}"),
    }
}

/// A person as they write themselves on one of their labels.
pub fn write(dice: &mut Dice, world: &World, person: &Person) -> Written {
    let mut given = person.given.clone();
    if dice.chance(8)
        && let Some((_, short)) = SHORT.iter().find(|(long, _)| *long == given)
    {
        given = (*short).to_owned();
    }
    let mut name = match (dice.below(100), person.middle) {
        (0..30, Some(middle)) => format!("{given} {middle} {}", person.surname),
        (30..35, _) => format!("{}. {}", initial(&given), person.surname),
        (35..39, _) => format!("{}, {given}", person.surname),
        (39..41, _) => given.clone(),
        _ => format!("{given} {}", person.surname),
    };
    if person.home.street_kind.0.is_empty() && dice.chance(30) {
        // Clients of a forwarder put their number behind their name.
        name = format!("{name} {}", person.home.unit);
    }
    let mut written = address(dice, &person.home);
    written.name = name;
    type_in(dice, world, written)
}

/// A party as it comes out of somebody's hands: in capitals, or with an error.
pub fn type_in(dice: &mut Dice, world: &World, mut written: Written) -> Written {
    if dice.chance(15) {
        written.name = written.name.to_uppercase();
        written.street = written.street.to_uppercase();
        written.city = written.city.to_uppercase();
    } else if dice.chance(4) {
        written.name = written.name.to_lowercase();
    }
    if dice.chance(world.untidy) {
        spoil(dice, &mut written);
    }
    written
}

pub fn initial(given: &str) -> String {
    given.chars().take(1).collect()
}

/// The address alone, without a name.
pub fn address(dice: &mut Dice, home: &Home) -> Written {
    let kind = match dice.below(10) {
        0..3 => home.street_kind.0,
        3..9 => home.street_kind.1,
        _ => "",
    };
    let mut street = home.street.clone();
    if !kind.is_empty() {
        street = format!("{street} {kind}");
    }
    // Flats are left out, or called something else.
    let omitted = if home.unit_word == "Ste" { 15 } else { 25 };
    if !home.unit_word.is_empty() && !dice.chance(omitted) {
        let comma = dice.pick(&["", "", ","]);
        street = match dice.below(10) {
            0 => format!("{street}{comma} #{}", home.unit),
            1 => format!("{street} Unit {}", home.unit),
            _ => format!("{street}{comma} {} {}", home.unit_word, home.unit),
        };
    }
    let mut postal_code = format!("{:05}", home.zip);
    if dice.chance(18) {
        postal_code = format!("{postal_code}-{:04}", 1_000 + home.zip % 97);
    }
    Written {
        name: String::new(),
        street,
        city: home.city.to_owned(),
        state: home.state.to_owned(),
        postal_code,
    }
}

/// One error as hands make them.
fn spoil(dice: &mut Dice, row: &mut Written) {
    match dice.below(8) {
        0..3 => row.name = slip(dice, &row.name),
        3 | 4 => row.street = slip(dice, &row.street),
        5 => row.city = slip(dice, &row.city),
        6 => row.postal_code.truncate(4),
        _ => row.postal_code.clear(),
    }
}

/// One letter left out, doubled, or exchanged with the next. Digits stay: another house number is
/// another house.
fn slip(dice: &mut Dice, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = 1 + dice.below(letters.len().max(3) - 2);
    if letters.len() < 4 || !letters[at].is_alphabetic() || !letters[at + 1].is_alphabetic() {
        return text.to_owned();
    }
    match dice.below(3) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}
