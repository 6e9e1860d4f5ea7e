//! Every published or recomputed example of a check digit or code, run through what reads and what
//! builds it. The list says where each is from and how sure it is.

use deminimis_filing::identifiers::manufacturer_id::{
    Maker, ManufacturerId, city_part, name_part, number_part,
};
use deminimis_filing::identifiers::{Kind, air_waybill, check, container, entry_number, s10};

#[test]
fn every_vector_holds() {
    let mut rows = csv::Reader::from_reader(&include_bytes!("identifiers.csv")[..]);
    let mut run = 0;
    for row in rows.records() {
        let row = row.unwrap();
        let (kind, input, expected) = (&row[0], &row[1], &row[2]);
        assert_eq!(found(kind, input), expected, "{kind} {input}");
        run += 1;
    }
    assert_eq!(run, 37, "every row was run");
}

fn found(kind: &str, input: &str) -> String {
    let digit = |digit: Option<u8>| digit.unwrap().to_string();
    match kind {
        "entry_check_digit" => {
            let (filer, serial) = input.split_once(' ').unwrap();
            let found = digit(entry_number::check_digit(filer, serial));
            valid(Kind::EntryNumber, &format!("{filer}-{serial}-{found}"), 0);
            found
        }
        "s10_check_digit" => {
            let found = digit(s10::check_digit(input));
            valid(Kind::S10, &format!("RB{input}{found}US"), 0);
            found
        }
        "awb_mod7" => {
            let found = digit(air_waybill::check_digit(input));
            valid(Kind::AirWaybill, &format!("172-{input}{found}"), 0);
            found
        }
        "iso6346" => {
            let found = digit(container::check_digit(&input[..4], &input[4..]));
            valid(Kind::Container, &format!("{input}{found}"), 0);
            found
        }
        "mid_name" => name_part(input),
        "mid_number" => number_part(input),
        "mid_city" => city_part(input),
        "mid_full" => {
            let parts: Vec<&str> = input.split(" / ").collect();
            let maker = Maker {
                name: parts[0],
                street: parts[1],
                city: parts[2],
                country: parts[3],
                province: "",
            };
            let built = ManufacturerId::build(maker).unwrap().to_string();
            valid(Kind::ManufacturerId, &built, 0);
            built
        }
        other => {
            let offset: u8 = other
                .strip_prefix("entry_check_digit_offset+")
                .unwrap()
                .parse()
                .unwrap();
            let (filer, serial) = input.split_once(' ').unwrap();
            let built = entry_number::EntryNumber::build(filer, serial, offset).unwrap();
            valid(Kind::EntryNumber, &built.to_string(), offset);
            assert!(check(Kind::EntryNumber, &built.to_string(), 0).is_err());
            built.check().to_string()
        }
    }
}

fn valid(kind: Kind, text: &str, offset: u8) {
    assert_eq!(check(kind, text, offset).unwrap().written, text);
}
