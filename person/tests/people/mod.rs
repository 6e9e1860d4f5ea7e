//! Made-up people of the United States with known duplicates: households that share surname and
//! house, fathers and sons, strangers in one apartment building, and each person written in several
//! ways. It knows nothing of how persons are matched.

mod lists;

use lists::{CITIES, GIVEN, NICKNAMES, STREETS, SURNAMES, VARIANTS};

/// A row, and whose it is.
#[derive(Clone, Debug)]
pub struct Made {
    /// The person's number: rows with one number are one person.
    pub person: usize,
    pub name: String,
    pub street: String,
    pub city: String,
    pub state: String,
    pub postal_code: String,
}

/// A small generator of random numbers (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// True `times` in a hundred.
    fn chance(&mut self, times: usize) -> bool {
        self.below(100) < times
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// As names go, the first are much more frequent than the last.
    fn pick_skewed<T: Copy>(&mut self, from: &[T]) -> T {
        let limit = 1 + self.below(from.len());
        from[self.below(limit)]
    }
}

#[derive(Clone)]
struct Person {
    given: &'static str,
    middle: Option<char>,
    surname: String,
    suffix: &'static str,
    house: Address,
}

#[derive(Clone)]
struct Address {
    number: usize,
    direction: &'static str,
    street: &'static str,
    kind: (&'static str, &'static str),
    unit: Option<usize>,
    place: (&'static str, &'static str, usize),
    zip: usize,
}

const KINDS: [(&str, &str); 6] = [
    ("Street", "St"),
    ("Avenue", "Ave"),
    ("Drive", "Dr"),
    ("Road", "Rd"),
    ("Lane", "Ln"),
    ("Boulevard", "Blvd"),
];

impl Address {
    fn any(dice: &mut Dice) -> Address {
        let place = dice.pick(CITIES);
        Address {
            number: 1 + dice.below(9900),
            direction: dice.pick(&["", "", "", "North", "West"]),
            street: dice.pick(STREETS),
            kind: dice.pick(&KINDS),
            unit: None,
            place,
            zip: place.2 + dice.below(40),
        }
    }
}

/// Rows of `households` households and what they share, in no order. `untidy` is how many rows in a
/// hundred are written with an error beyond abbreviations and case.
pub fn people(seed: u64, households: usize, untidy: usize) -> Vec<Made> {
    let mut dice = Dice(seed);
    let mut persons = Vec::new();
    let mut house = Address::any(&mut dice);
    for _ in 0..households {
        // One household in eight lives in the building of the one before, in another flat.
        if dice.chance(12) {
            house.unit = Some(house.unit.unwrap_or(0) + 1 + dice.below(9));
        } else {
            house = Address::any(&mut dice);
            house.unit = dice.chance(20).then(|| 1 + dice.below(80));
        }
        household(&mut dice, &house, &mut persons);
    }
    let mut rows = Vec::new();
    for (number, person) in persons.iter().enumerate() {
        for _ in 0..dice.pick(&[1, 1, 1, 2, 2, 3, 5]) {
            rows.push(written(&mut dice, number, person, untidy));
        }
    }
    for at in (1..rows.len()).rev() {
        let other = dice.below(at + 1);
        rows.swap(at, other);
    }
    rows
}

fn household(dice: &mut Dice, house: &Address, persons: &mut Vec<Person>) {
    let mut surname = dice.pick_skewed(SURNAMES).to_owned();
    if dice.chance(6) {
        surname = format!("{surname} {}", dice.pick(SURNAMES));
    }
    let mut names: Vec<&str> = Vec::new();
    for _ in 0..dice.pick(&[1, 1, 1, 2, 2, 3, 4]) {
        let given = dice.pick_skewed(GIVEN);
        if names.contains(&given) {
            continue;
        }
        names.push(given);
        let own = dice.chance(12);
        persons.push(Person {
            given,
            middle: dice
                .chance(30)
                .then(|| dice.pick(&['A', 'J', 'M', 'R', 'L'])),
            surname: if own {
                dice.pick(SURNAMES).to_owned()
            } else {
                surname.clone()
            },
            suffix: "",
            house: house.clone(),
        });
    }
    // A father and a son of one name.
    if dice.chance(3) {
        let father = persons.len() - 1;
        let mut son = persons[father].clone();
        persons[father].suffix = "Sr";
        son.suffix = "Jr";
        persons.push(son);
    }
}

fn written(dice: &mut Dice, number: usize, person: &Person, untidy: usize) -> Made {
    let house = &person.house;
    let mut given = person.given.to_owned();
    if dice.chance(8)
        && let Some((_, short)) = NICKNAMES.iter().find(|(long, _)| *long == person.given)
    {
        given = (*short).to_owned();
    }
    if dice.chance(20)
        && let Some((_, other)) = VARIANTS.iter().find(|(one, _)| *one == person.given)
    {
        given = (*other).to_owned();
    }
    let mut parts = vec![given];
    if let Some(middle) = person.middle.filter(|_| dice.chance(50)) {
        parts.push(middle.to_string());
    }
    parts.push(person.surname.clone());
    let mut street = vec![house.number.to_string()];
    if !house.direction.is_empty() {
        let short = &house.direction[..1];
        street.push(dice.pick(&[house.direction, short]).to_owned());
    }
    street.push(house.street.to_owned());
    street.push(dice.pick(&[house.kind.0, house.kind.1]).to_owned());
    if let Some(unit) = house.unit {
        let kind = dice.pick(&["Apt ", "Apartment ", "#", "Unit "]);
        street.push(format!("{kind}{unit}"));
    }
    let mut row = Made {
        person: number,
        name: parts.join(" "),
        street: street.join(" "),
        city: house.place.0.to_owned(),
        state: house.place.1.to_owned(),
        postal_code: format!("{:05}", house.zip),
    };
    if dice.chance(6) {
        row.name = format!("{}, {}", person.surname, parts[0]);
    }
    if !person.suffix.is_empty() {
        row.name = format!("{} {}", row.name, person.suffix);
    }
    if dice.chance(15) {
        row.postal_code = format!("{}-{:04}", row.postal_code, dice.below(9999));
    }
    if dice.chance(20) {
        row.name = row.name.to_uppercase();
        row.street = row.street.to_uppercase();
    }
    if dice.chance(untidy) {
        spoil(dice, &mut row);
        if dice.chance(25) {
            spoil(dice, &mut row);
        }
    }
    row
}

/// One error as people make them.
fn spoil(dice: &mut Dice, row: &mut Made) {
    match dice.below(9) {
        0..=2 => row.name = slip(dice, &row.name),
        3 | 4 => row.street = slip(dice, &row.street),
        5 => row.city = slip(dice, &row.city),
        6 => row.postal_code = slip(dice, &row.postal_code),
        7 => row.postal_code.clear(),
        _ => row.city.clear(),
    }
}

/// One letter left out, doubled, changed or exchanged with the next; never the first.
fn slip(dice: &mut Dice, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 4 {
        return text.to_owned();
    }
    let at = 1 + dice.below(letters.len() - 2);
    if letters[at].is_ascii_digit() {
        // A digit of a house or flat is not changed into another that may be a neighbour's.
        letters[at] = letters[at - 1].max('0');
        return match text.contains(' ') {
            true => text.to_owned(),
            false => letters.into_iter().collect(),
        };
    }
    match dice.below(4) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        2 => letters[at] = dice.pick(&['a', 'e', 'i', 'n', 'r', 's', 't']),
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}
