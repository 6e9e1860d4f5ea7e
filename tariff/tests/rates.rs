//! The texts of rates as the schedule prints them, what is read, and what they come to: amounts
//! were worked out by hand from the text.

use deminimis_tariff::rate::{
    Amount, Exact, Program, Quantity, Rate, Ratio, Reason, Shape, Unit, ValueOf, read_special,
};
use proptest::prelude::*;
use std::cmp::Ordering;

/// `"12.5 kg"` as a quantity.
fn quantity(text: &str) -> Quantity {
    let (number, unit) = text.split_once(' ').unwrap();
    let places = number.split_once('.').map_or(0, |(_, part)| part.len());
    Quantity {
        unit: Unit::parse(unit).expect(unit),
        digits: number.replace('.', "").parse().unwrap(),
        places: u8::try_from(places).unwrap(),
    }
}

/// What a rate comes to: `numer/denom` cents, or what is missing.
fn comes_to(text: &str, base: i64, quantities: &[&str], values: &[(ValueOf, i64)]) -> String {
    let quantities: Vec<Quantity> = quantities.iter().map(|text| quantity(text)).collect();
    match Rate::read(text).amount(base, &quantities, values) {
        Amount::Known(exact) => match exact.parts() {
            (numer, 1) => numer.to_string(),
            (numer, denom) => format!("{numer}/{denom}"),
        },
        Amount::MissingQuantity(unit) => format!("no {unit}"),
        Amount::MissingValue(of) => format!("no value of {}", of.words()),
        Amount::NeedsPerson(reason) => format!("{reason:?}"),
    }
}

/// Text; base in cents; quantities; cents owed.
#[rustfmt::skip]
const PLAIN: &[(&str, i64, &[&str], &str)] = &[
    // Free and ad valorem.
    ("Free", 10_000, &[], "0"),
    ("free", 10_000, &[], "0"),
    (" Free ", 10_000, &[], "0"),
    ("6.8%", 10_000, &[], "680"),
    ("16.5%", 4_000, &[], "660"),
    ("3.7% ", 10_000, &[], "370"),
    ("33 1/3%", 10_000, &[], "10000/3"),
    ("33  1/3 %", 300, &[], "100"),
    ("1/2%", 10_000, &[], "50"),
    ("2.5% <u></u>", 10_000, &[], "250"),
    ("20%<il></il>", 10_000, &[], "2000"),
    ("15 percent", 10_000, &[], "1500"),
    ("5% ad valorem", 10_000, &[], "500"),
    ("0%", 10_000, &[], "0"),
    ("37% 1/", 10_000, &[], "3700"),
    ("37% 1/ 2/", 10_000, &[], "3700"),
    ("100%", 1, &[], "1"),
    ("6.8%", 1, &[], "17/250"),
    // By weight.
    ("6.6¢/kg", 0, &["10 kg"], "66"),
    ("4.4¢/kg", 0, &["2.5 kg"], "11"),
    ("2.2¢/kg ", 0, &["10 kg"], "22"),
    ("$1.646/kg", 0, &["1 kg"], "823/5"),
    ("10.6¢/g", 0, &["10 g"], "106"),
    ("10.6¢/g", 0, &["1 carat"], "53/25"),
    ("$1.24/t", 0, &["2 t"], "248"),
    ("39.7¢/t", 0, &["1000 kg"], "397/10"),
    ("4.4¢/kg", 0, &["500 g"], "11/5"),
    ("$0.01/kg", 0, &["3 kg"], "3"),
    ("55.1¢/clean kg", 0, &["2 cy kg"], "551/5"),
    ("3.7¢/kg on drained weight", 0, &["10 kg on drained weight"], "37"),
    ("22¢/kg on drained weght + 45%", 100, &["1 kg on drained weight"], "67"),
    ("2.1¢/kg on entire contents of container", 0, &["10 kg on entire contents of container"], "21"),
    ("5¢/kg on contents and container", 0, &["3 kg on contents and container"], "15"),
    ("0.2¢/kg, including weight of container", 0, &["5 kg, including weight of container"], "1"),
    ("$1.32/t, including weight of container", 0, &["2 t, including weight of container"], "264"),
    ("3.6606¢/kg of total sugars", 0, &["10 kg ttl sug"], "18303/500"),
    ("16.9¢/kg of total sugars + 5.1%", 1_000, &["10 kg ttl sug"], "220"),
    ("39.9¢/kg of total sugars+ 6%", 100, &["1 kg ttl sug"], "459/10"),
    ("$40/kg of anhydrous morphine content", 0, &["0.5 kg amc"], "2000"),
    ("1.7¢/kg on lead content", 0, &["10 Pb kg"], "17"),
    ("2.2¢/kg on manganese content", 0, &["10 Mn kg"], "22"),
    ("37.5¢/kg on tungsten content", 0, &["2 W kg"], "75"),
    ("$1.10/kg on tungsten content", 0, &["2 W kg"], "220"),
    ("17.6¢/kg on tungsten content + 3.8%", 1_000, &["10 W kg"], "214"),
    ("12.8¢/kg on molybdenum content + 1.8%", 1_000, &["10 Mo kg"], "146"),
    ("17.8¢/kg on molybdenum content", 0, &["10 Mo kg"], "178"),
    ("4.4¢/kg on silicon content", 0, &["10 Si kg"], "44"),
    ("14.8¢/kg on magnesium content + 3.5%", 1_000, &["10 Mg kg"], "183"),
    ("0.7¢/kg on copper content + 0.7¢/kg on lead content", 0, &["10 Cu kg", "20 Pb kg"], "21"),
    ("8.8¢/kg on copper content + 3.3¢/kg on lead content + 3.7¢/kg on zinc content", 0,
        &["10 Cu kg", "10 Pb kg", "10 Zn kg"], "158"),
    // By volume.
    ("0.34¢/liter", 0, &["100 liters"], "34"),
    ("4.5¢/ liter", 0, &["2 liters"], "9"),
    ("$1.59/liter", 0, &["2 liters"], "318"),
    ("6.3¢/liter", 0, &["1 m3"], "6300"),
    ("18.9¢/pf.liter", 0, &["10 pf.liters"], "189"),
    ("$1.32/pf. liter", 0, &["10 pf.liters"], "1320"),
    ("4.4¢/liter + 31.4¢/pf. liter", 0, &["10 liters", "1 pf.liters"], "377/5"),
    ("18.5¢/liter + $1.32/pf. liter", 0, &["2 liters", "1 pf.liters"], "169"),
    ("3.1¢/liter + 22.1¢/pf. liter on ethyl alcohol content", 0, &["10 liters", "10 pf.liters"], "252"),
    ("18.5¢/ liter + $1.32/pf. liter on ethyl alcohol content", 0, &["2 liters", "1 pf.liters"], "169"),
    ("23.5¢/liter + 14.9%", 1_000, &["2 liters"], "196"),
    ("27.6¢/liter+ 17.5%", 1_000, &["5 liters"], "313"),
    ("5.25¢/bbl", 0, &["4 bbl"], "21"),
    ("$1.05/bbl", 0, &["4 bbl"], "420"),
    // By length and area.
    ("10¢/m", 0, &["3 m"], "30"),
    ("10¢/m", 0, &["50 cm"], "5"),
    ("3.3¢/lin. m", 0, &["10 lin. m"], "33"),
    ("38¢/m2", 0, &["2 m2"], "76"),
    ("38¢/m<sup>2</sup>", 0, &["2 m\u{b2}"], "76"),
    ("$1.13/m3", 0, &["2 m3"], "226"),
    ("$1.13/m<sup>3</sup>", 0, &["2 m3"], "226"),
    ("14.5¢/m2 + 0.4%", 1_000, &["2 m2"], "33"),
    ("$2.13/m2 + 5%", 1_000, &["1 m2"], "263"),
    ("86.1¢/m2 of recording surface", 0, &["10 m2 of recording surface"], "861"),
    ("86.1¢/m2of recording surface", 0, &["10 m2 of recording surface"], "861"),
    // By number.
    ("0.9¢ each", 0, &["10 No."], "9"),
    ("$10.75 each", 0, &["2 No."], "2150"),
    ("0.9¢ each", 0, &["10 pcs"], "9"),
    ("$3/head", 0, &["2 No."], "600"),
    ("68¢/head", 0, &["2 No."], "136"),
    ("2.8¢/doz.", 0, &["5 doz."], "14"),
    ("2.8¢/doz.", 0, &["60 No."], "14"),
    ("96¢/doz. + 1.4%", 1_000, &["1 doz."], "110"),
    ("$16/doz. + 25%", 1_000, &["6 No."], "1050"),
    ("6.5¢/gross", 0, &["2 gross"], "13"),
    ("6.5¢/gross", 0, &["288 No."], "13"),
    ("14¢/gross + 4.3%", 1_000, &["1 gross"], "57"),
    ("$1.44/gross + 25%", 1_000, &["1 gross"], "394"),
    ("20¢/gross of immediate containers", 0, &["2 gross of immediate containers"], "40"),
    ("76¢/pr. + 32%", 1_000, &["1 prs."], "396"),
    ("$1.58/pr. + 66%", 1_000, &["1 doz. prs."], "2556"),
    ("$6/1000", 0, &["500 No."], "300"),
    ("$1.50/1000", 0, &["2 thousands"], "300"),
    ("89.6¢/1000", 0, &["1000 No."], "448/5"),
    ("$2/1,000 + 60%", 1_000, &["1000 No."], "800"),
    ("20¢/thousand + 3.5%", 1_000, &["1 thousands"], "55"),
    ("$2.50/thou- sand + 40%", 1_000, &["1 thousands"], "650"),
    ("10¢/1,000 pins + 3.5%", 1_000, &["1 thousands"], "45"),
    ("$1/1,000 pins + 35%", 1_000, &["1 thousands"], "450"),
    ("10¢/pack + 20%", 1_000, &["3 pack"], "230"),
    ("0.3¢/line/ gross + 4.6%", 1_000, &["10 gr.lines"], "49"),
    ("1.75¢/line/ gross + 25%", 1_000, &["4 gr.lines"], "257"),
    // Sums.
    ("46.3¢/kg + 14.9%", 1_000, &["10 kg"], "612"),
    ("39.9¢/kg +6%", 1_000, &["10 kg"], "459"),
    ("$1.104/kg + 14.9%", 1_000, &["1 kg"], "1297/5"),
    ("$1.035/kg +13.6%", 1_000, &["2 kg"], "343"),
    ("$9.92/kg+ 25%", 100, &["1 kg"], "1017"),
    ("2.2¢/kg  +  33.5%", 1_000, &["10 kg"], "357"),
    ("22¢/kg on drained weight+45%", 100, &["1 kg on drained weight"], "67"),
    ("5.7¢/kg on drained weight +8%", 100, &["10 kg on drained weight"], "65"),
    ("37.5¢ each + 45%", 1_000, &["2 No."], "525"),
    ("$4.50 each + 65%", 1_000, &["1 No."], "1100"),
    ("13.5¢/kg + 6.3% + 1.9¢/article", 1_000, &["2 kg", "10 No."], "109"),
    ("88.2¢/kg + 55% + 12.5¢/ article", 100, &["5 kg", "2 No."], "521"),
    ("17¢ each + 2.5% + 1¢/jewel", 1_000, &["1 No.", "17 Jwls."], "59"),
    ("$4.50 each + 65% + 25¢/jewel", 1_000, &["1 No.", "4 Jwls."], "1200"),
    // Bounds.
    ("2¢/kg, but not less than 10%", 1_000, &["10 kg"], "100"),
    ("20¢/kg but not less than 10%", 1_000, &["10 kg"], "200"),
    ("20¢/kg but not more than 10%", 1_000, &["10 kg"], "100"),
    ("2¢/kg but not less than 10% nor more than 15%", 1_000, &["10 kg"], "100"),
    // Sugar: at 96 degrees 3.6606 - 4 * 0.020668 = 3.577928; at 50 the least; never more than full.
    (SUGAR, 0, &["1000 kg", "96 degree"], "447241/125"),
    (SUGAR, 0, &["1000 kg", "50 degree"], "1571927/500"),
    (SUGAR, 0, &["1000 kg", "97.5 degree"], "360893/100"),
    (SUGAR, 0, &["1000 kg", "101 degree"], "18303/5"),
    // What is not given is asked for, and never nought.
    ("4.4¢/kg", 1_000, &[], "no kg"),
    ("4.4¢/kg", 1_000, &["3 liters"], "no kg"),
    ("3.7¢/kg on drained weight", 0, &["10 kg"], "no kg on drained weight"),
    ("1.7¢/kg on lead content", 0, &["10 kg"], "no Pb kg"),
    ("96¢/doz. + 1.4%", 1_000, &["3 kg"], "no doz."),
    ("76¢/pr. + 32%", 1_000, &["2 No."], "no prs."),
    (SUGAR, 0, &["1000 kg"], "no degree"),
    ("6.8%", -1, &[], "NotAnAmount"),
    ("100%", i64::MAX, &[], "9223372036854775807"),
];

const SUGAR: &str = "3.6606¢/kg less 0.020668¢/kg for each degree under 100 degrees (and fractions \
                     of a degree in proportion) but not less than 3.143854¢/kg";

#[test]
fn rates_come_to_what_was_worked_out_by_hand() {
    for (text, base, quantities, owed) in PLAIN {
        assert_eq!(comes_to(text, *base, quantities, &[]), *owed, "{text}");
    }
    let texts: std::collections::BTreeSet<_> = PLAIN.iter().map(|row| row.0).collect();
    assert!(texts.len() > 110, "{}", texts.len());
}

/// The text of a rate, values of parts, and what is owed.
type OnParts = (&'static str, &'static [(ValueOf, i64)], &'static str);

/// Rates on parts of a value, for one article worth $100.
#[rustfmt::skip]
const PARTS: &[OnParts] = &[
    ("98¢ each + 3% on the case", &[(ValueOf::Case, 1_000)], "128"),
    ("$11.50 each + 45% on the case", &[(ValueOf::Case, 1_000)], "1600"),
    ("75¢ each + 6% on the case + 14% on the strap, band or bracelet",
        &[(ValueOf::Case, 1_000), (ValueOf::StrapBandOrBracelet, 500)], "205"),
    ("$4.75 each + 45% on the case + 80% on the strap, band or bracelet",
        &[(ValueOf::Case, 1_000), (ValueOf::StrapBandOrBracelet, 500)], "1325"),
    ("$5.75 each + 45% on the case +80% on the strap, band or bracelet",
        &[(ValueOf::Case, 1_000), (ValueOf::StrapBandOrBracelet, 500)], "1425"),
    ("44¢ each + 6% on the case + 14% on the strap, band or bracelet + 5.3% on the battery",
        &[(ValueOf::Case, 1_000), (ValueOf::StrapBandOrBracelet, 500), (ValueOf::Battery, 100)], "1793/10"),
    ("$2.70 each + 45% on the case + 35% on thebattery",
        &[(ValueOf::Case, 1_000), (ValueOf::Battery, 100)], "755"),
    ("36¢ each + 5.3% on the battery", &[(ValueOf::Battery, 1_000)], "89"),
    ("40¢ each + 5% on the case and strap, band or bracelet",
        &[(ValueOf::CaseAndStrapBandOrBracelet, 1_000)], "90"),
    ("41¢ each + 5% on case and strap, band or bracelet + 4.2% on the battery",
        &[(ValueOf::CaseAndStrapBandOrBracelet, 1_000), (ValueOf::Battery, 1_000)], "133"),
    ("7.5¢ each + 3.2% on the movement + 2.6% on the battery",
        &[(ValueOf::Movement, 1_000), (ValueOf::Battery, 1_000)], "131/2"),
    ("3.9% on the movement and case+ 5.3% on the battery",
        &[(ValueOf::MovementAndCase, 1_000), (ValueOf::Battery, 1_000)], "92"),
    ("3.1% on the movement + 4.2% on the battery",
        &[(ValueOf::Movement, 1_000), (ValueOf::Battery, 1_000)], "73"),
    ("3.9% on the apparatus + 5.3% on the battery",
        &[(ValueOf::Apparatus, 1_000), (ValueOf::Battery, 1_000)], "92"),
    ("43¢ each + 2.8¢/jewel over 7 + 3.7% on the case", &[(ValueOf::Case, 1_000)], "108"),
    ("4.7% on the value of the rifle + 20% on the value of the telescopic sight, if any",
        &[(ValueOf::Rifle, 9_000), (ValueOf::TelescopicSight, 1_000)], "623"),
    ("2.5% on the value of the lead content", &[(ValueOf::LeadContent, 1_000)], "25"),
    ("6.5% on the entire set", &[(ValueOf::EntireSet, 10_000)], "650"),
    ("3 percent of the fair retail value", &[(ValueOf::FairRetail, 10_000)], "300"),
    ("5% on the full value of the imported article", &[(ValueOf::FullImportedArticle, 10_000)], "500"),
    ("98¢ each + 3% on the case", &[], "no value of the case"),
    ("6.5% on the entire set", &[], "no value of the entire set"),
];

#[test]
fn parts_of_a_value_are_asked_for() {
    for (text, values, owed) in PARTS {
        let quantities = &["1 No.", "10 jewel over 7"];
        assert_eq!(comes_to(text, 10_000, quantities, values), *owed, "{text}");
    }
}

/// Texts that are no figures, and why.
const WORDS: &[(&str, Reason)] = &[
    ("", Reason::NoRate),
    ("\n", Reason::NoRate),
    ("Free, under bond", Reason::Conditional),
    ("See additional U.S. note 1", Reason::SeeNote),
    ("See 9822.04.25", Reason::SeeHeading),
    (
        "The rate applicable to the natural juice in heading 2009",
        Reason::AnotherRate,
    ),
    (
        "The rate applicable, to each article in the absence of this subheading",
        Reason::AnotherRate,
    ),
    (
        "The rate of duty appli- cable to that article in the set subject to the high- est rate of duty",
        Reason::AnotherRate,
    ),
    (
        "The rate applicable in the absence of this subheading",
        Reason::ApplicableSubheading,
    ),
    (
        "The duty provided inthe applicable subheading+ 25%",
        Reason::ApplicableSubheading,
    ),
    (
        "[The duty provided in the applicable subheading + 100%]",
        Reason::ApplicableSubheading,
    ),
    (
        "The duty provided in subheadings 8716.39.00, 8716.90.30 or 8716.90.50 + 100%",
        Reason::AnotherRate,
    ),
    (
        "A duty upon the value of the repairs or alterations (see U.S. note 3 of this subchapter)",
        Reason::PartOfValue,
    ),
    ("50 percent of the cost of such parts", Reason::PartOfValue),
    (
        "4.3% + 1.7¢/jewel + 0.2¢ for each other piece or part, but if consisting in part of a plate",
        Reason::WatchPieces,
    ),
    ("No change.", Reason::NoChange),
    ("37% /", Reason::Unread),
    (":", Reason::Unread),
    ("4.4¢/furlong", Reason::Unread),
    ("4.4¢", Reason::Unread),
    ("4.4", Reason::Unread),
    ("%", Reason::Unread),
    ("$/kg", Reason::Unread),
    ("-5%", Reason::Unread),
    ("5% + ", Reason::Unread),
    ("5% on", Reason::Unread),
    ("5% on the moon", Reason::Unread),
    ("1 1/0%", Reason::Unread),
    ("1% + 1% + 1% + 1% + 1%", Reason::Unread),
    ("5% but not less than", Reason::Unread),
    ("99999999999999999999%", Reason::Unread),
    (
        "3¢/kg less 1¢/liter for each degree under 100 degrees (and fractions of a degree in proportion) but not less than 1¢/kg",
        Reason::Unread,
    ),
];

#[test]
fn what_is_no_figure_goes_to_a_person() {
    for (text, reason) in WORDS {
        assert_eq!(Rate::read(text), Rate::NeedsPerson(*reason), "{text}");
        assert_eq!(comes_to(text, 10_000, &[], &[]), format!("{reason:?}"));
    }
}

/// Special texts, and their parts as `programs: rate`.
#[rustfmt::skip]
const SPECIAL: &[(&str, &[&str])] = &[
    ("", &[]),
    ("Free (A+,AU,BH)", &["A+,AU,BH: Free"]),
    ("Free \n(A+, AU,  BH)", &["A+,AU,BH: Free"]),
    ("Free(A, AU)", &["A,AU: Free"]),
    ("Free (A,AU,SG)8.8¢/liter(JO)", &["A,AU,SG: Free", "JO: 8.8¢ per liters"]),
    ("Free (A*,E IL)", &["A*,E,IL: Free"]),
    ("Free (MA,.OM,P)", &["MA,OM,P: Free"]),
    ("Free(A+,AU,BH,,CL)", &["A+,AU,BH,CL: Free"]),
    ("Free (BH,CL) 7.2¢/kg (CO,KR) See 9822.04.20 (AU) See 9823.05.01-9823.05.06 (S+)", &[
        "BH,CL: Free", "CO,KR: 7.2¢ per kg", "AU: SeeHeading", "S+: SeeHeading"]),
    ("Free (BH) See 9919.04.50, 9919.04.67 (PA (PA)", &["BH: Free", "PA: SeeHeading"]),
    ("80.4¢/kg +6.4% (S+)", &["S+: 80.4¢ per kg + 6.4%"]),
    ("Free (AU)The rate applicable to the natural juice in heading 2009 (A*,D)", &[
        "AU: Free", "A*,D: AnotherRate"]),
    ("Free (AU) A duty upon the value of such processing (see U.S. note 3 of this subchapter) (B,C,)", &[
        "AU: Free", "B,C: PartOfValue"]),
    ("Free", &[": NoProgram"]),
    ("15%", &[": NoProgram"]),
    ("Free (See U.S. note 4 of this subchapter)", &[": Conditional"]),
    ("No change (A) Free (CA,IL, MX) See U.S. note 3(e) (CO,PE)", &[
        "A: NoChange", "CA,IL,MX: Free", "CO,PE: SeeNote"]),
    ("Free (XX)", &[": Unread"]),
    ("Free (A) 5% (A)", &[": Unread"]),
    ("Free (A) 5%", &[": Unread"]),
    ("(A)", &[": Unread"]),
    ("Free (A", &[": Unread"]),
];

#[test]
fn special_columns_are_read_by_program() {
    for (text, meant) in SPECIAL {
        let parts = read_special(text);
        let parts = parts.iter().map(|part| match part.rate {
            Rate::NeedsPerson(reason) => format!("{}: {reason:?}", part.programs),
            rate => format!("{}: {rate}", part.programs),
        });
        assert_eq!(parts.collect::<Vec<_>>(), *meant, "{text}");
    }
    let korea = Program::parse("KR").unwrap();
    assert!(read_special(SPECIAL[8].0)[1].programs.contains(korea));
}

#[test]
fn shapes_are_told_apart() {
    for (text, shape) in [
        ("Free", Shape::Free),
        ("33 1/3%", Shape::AdValorem),
        ("4.4¢/kg", Shape::Specific),
        ("4.4¢/kg + 1%", Shape::Compound),
        ("4.4¢/liter + 31.4¢/pf. liter", Shape::Compound),
        ("6.5% on the entire set", Shape::PartOfValue),
        (SUGAR, Shape::PerDegree),
        ("No change", Shape::NeedsPerson),
    ] {
        assert_eq!(Rate::read(text).shape(), shape, "{text}");
    }
}

#[test]
fn a_floor_is_compared_without_rounding() {
    let fifteen = Ratio::decimal("15").unwrap();
    for (text, base, kilograms, order) in [
        ("15%", 333, "0 kg", Ordering::Equal),
        ("14.999999%", 333, "0 kg", Ordering::Less),
        // 15 percent of $10.00 is 150 cents: 50 cents by weight and 10 percent.
        ("50¢/kg + 10%", 1_000, "1 kg", Ordering::Equal),
        ("50¢/kg + 10%", 1_000, "0.999999 kg", Ordering::Less),
        ("50¢/kg + 10%", 999, "1 kg", Ordering::Greater),
    ] {
        let given = [quantity(kilograms)];
        let compared = Rate::read(text).compare_with_percent(fifteen, base, &given, &[]);
        assert_eq!(compared, Ok(order), "{text} {base} {kilograms}");
    }
    let missing = Rate::read("4.4¢/kg").compare_with_percent(fifteen, 100, &[], &[]);
    assert_eq!(missing, Err(Amount::MissingQuantity(Unit::KILOGRAM)));
}

#[test]
fn what_is_too_large_is_said() {
    let huge = |places| Quantity {
        unit: Unit::parse("t").unwrap(),
        digits: i64::MAX,
        places,
    };
    let rate = Rate::read("0.0000001¢/kg + 9999999999999999¢/g");
    let owed = rate.amount(1, &[huge(0)], &[]);
    assert_eq!(owed, Amount::NeedsPerson(Reason::TooLarge));
    let owed = Rate::read("1¢/t").amount(1, &[huge(19)], &[]);
    assert_eq!(owed, Amount::NeedsPerson(Reason::NotAnAmount));
}

/// Pieces from which texts like those of rates are put together.
fn piece() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "Free",
        "4.4¢/kg",
        "33 1/3%",
        "$1.50/1000",
        " + ",
        "each",
        " on the case",
        "/",
        "%",
        "¢",
        "$",
        " ",
        "(A,AU)",
        "(",
        ")",
        "See 9822.04.25",
        "1/",
        "but not less than",
        "<sup>2</sup>",
        "<",
        ">",
        "less",
        "for each degree under",
        "100 degrees",
        ",",
        ".",
        "99999999999",
        "\u{a0}",
    ];
    prop_oneof![
        4 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => "\\PC{0,3}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_read_or_goes_to_a_person(text in text(), base in any::<i64>(), digits in any::<i64>(), places in any::<u8>()) {
        let rate = Rate::read(&text);
        let given = [Quantity { unit: Unit::KILOGRAM, digits, places }];
        if let Amount::Known(exact) = rate.amount(base, &given, &[(ValueOf::Case, base)]) {
            prop_assert!(exact >= Exact::ZERO);
        }
        for part in read_special(&text) {
            prop_assert!(!part.programs.is_empty() || matches!(part.rate, Rate::NeedsPerson(_)));
        }
    }

    /// Only a text that says so is free.
    #[test]
    fn nothing_is_free_by_accident(text in text()) {
        if Rate::read(&text) == Rate::Free {
            prop_assert!(text.to_lowercase().contains("free"));
        }
    }

    #[test]
    fn spacing_does_not_matter(row in proptest::sample::select(PLAIN), wide in 1..4_usize) {
        let spaced = row.0.replace(" + ", &format!("{}+{}", " ".repeat(wide - 1), " ".repeat(wide)));
        prop_assert_eq!(Rate::read(&spaced), Rate::read(row.0));
    }

    /// Half up: the rounded amount is less than one cent from the exact one, on the right side.
    #[test]
    fn rounding_is_to_the_nearest_cent(numer in 0..1_000_000_000_i64, denom in 1..1_000_000_i64) {
        let exact = Exact::new(i128::from(numer), i128::from(denom)).unwrap();
        let cents = exact.half_up_to_the_cent().unwrap();
        let twice = i128::from(numer) * 2 - i128::from(cents) * 2 * i128::from(denom);
        prop_assert!(-i128::from(denom) <= twice && twice < i128::from(denom));
    }
}
