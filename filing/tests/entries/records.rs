//! What stands in which columns: a parcel by air, a formal entry by sea, a cargo release.

use super::goods::by_air;
use super::{by_hand, entry, lines};
use deminimis_filing::messages::catair::entry::{ClassAmount, Form};
use deminimis_law::money::Cents;

/// The lines that begin with a record's identifier.
fn of<'a>(lines: &'a [String], record: &str) -> Vec<&'a str> {
    let own = lines.iter().filter(|line| line.starts_with(record));
    own.map(String::as_str).collect()
}

#[test]
fn a_parcel_by_air_is_a_summary_with_release() {
    let sent = by_air();
    let decision = sent.decide();
    let said = entry(&sent, Form::Summary);
    let lines = lines(&said);
    let number = format!("{}{}", said.filer, "  ") + &said.number;
    assert_eq!(
        lines[0],
        format!("10A{number} 4701            1140 XA          1")
    );
    assert_eq!(
        lines[1],
        "1112-3456789                             112026112026       TX"
    );
    assert_eq!(lines[2], "20UA  4701112026W123");
    assert_eq!(lines[3], "21089");
    assert_eq!(lines[4], "22       1PCS");
    assert_eq!(lines[5], "23M    01612345675");
    assert_eq!(lines[6], "23H    HX00012345");
    let fee = decision.owed.fees[0].amount.known().expect("a flat fee");
    assert_eq!(of(&lines, "34"), [format!("34311{:>8}", fee.0)]);
    assert_eq!(
        of(&lines, "SE3"),
        [
            "SE30SE BRIGHT GOODS LTD",
            "SE351588 NANJING ROAD, BUILDING 4, FLOOR 1512, UNIT 1207",
            "SE36SHANGHAI                           SH       200001         CN",
            "SE30BY ANA LOPEZ",
            "SE351512 OAK ST",
            "SE36AUSTIN                             TX       78701          US",
            "SE30CN ANA LOPEZ",
            "SE351512 OAK ST",
            "SE36AUSTIN                             TX       78701          US",
        ]
    );
    assert_eq!(
        of(&lines, "40"),
        ["40  001 CNCN111826                 057035         0    N"]
    );
    assert_eq!(of(&lines, "44"), ["44COTTON T-SHIRT, KNITTED, FOR WOMEN"]);
    assert_eq!(
        of(&lines, "SE5"),
        [
            "SE50MF NINGBO KNITTING MILL",
            "SE55155 MILL LANE",
            "SE56NINGBO                                      315000         CN",
        ]
    );
    // Chapter 99 first, the article's own number with its value and quantities last.
    let duty = of(&lines, "50");
    assert_eq!(
        duty,
        [
            "5099038815          300          0             X",
            "5099030531          500          0             X",
            "506109100012        660         40           50DOZ          90KG",
        ]
    );
    let total = decision.owed.duty.known().expect("known duty");
    assert_eq!(total, Cents(1460));
    assert_eq!(of(&lines, "89"), [format!("89311{:>11}", fee.0)]);
    assert_eq!(
        of(&lines, "90"),
        [format!(
            "90{:>11} {:>11} {zero:>11} {zero:>11} {zero:>11}",
            total.0,
            fee.0,
            zero = 0
        )]
    );
    assert_eq!(lines.len(), 27, "{lines:#?}");
}

#[test]
fn a_formal_entry_by_sea_states_bond_and_fees_by_line() {
    let sent = by_air()
        .with("mode", "ocean")
        .with("carrier_code", "MAEU")
        .with("conveyance_name", "Sea Lark")
        .with("voyage_flight_trip", "12W")
        .with("master_bill", "MAEU123456789")
        .with("house_bill", "")
        .with("country_of_origin", "VN")
        .with("line_value", "9000.00")
        .with("line_charges_usd", "250.00")
        .with("bond_type", "single")
        .with("bond_surety_code", "036")
        .with("bond_amount_usd", "50000.00")
        .with("manufacturer_id", "VNSAITEX12HOC")
        .with("consignee_name", "Blue Harbor Imports")
        .with("importer_of_record_postal_code", "78701");
    let said = entry(&sent, Form::Summary);
    let lines = lines(&said);
    assert_eq!(of(&lines, "31"), ["319B 036     50000"]);
    assert_eq!(of(&lines, "23"), ["23MMAEU123456789"]);
    assert_eq!(of(&lines, "47"), ["47MVNSAITEX12HOC"]);
    assert_eq!(
        of(&lines, "SE30CN"),
        ["SE30CN                                    EI 12-3456789"]
    );
    assert!(lines[1].starts_with("1112-3456789  12-3456789"));
    let summary = said.summary.as_ref().expect("a summary");
    let fees = said.lines[0]
        .summary
        .as_ref()
        .expect("a line of it")
        .fees
        .clone();
    let amount = |class: &str, cents| ClassAmount {
        class: class.to_owned(),
        amount: Cents(cents),
    };
    // 0.3464 % of 9,000 is under the least fee of an entry; 0.125 % has no bounds.
    assert_eq!(fees, [amount("499", 3118), amount("501", 1125)]);
    assert_eq!(of(&lines, "62"), ["62499    3118", "62501    1125"]);
    assert_eq!(
        summary.fee_totals,
        [amount("499", 3458), amount("501", 1125)]
    );
    assert_eq!(summary.fees, Cents(4583));
    let owed = sent.decide().owed;
    assert_eq!(owed.total.known(), Some(summary.duty.plus(summary.fees)));
}

#[test]
fn a_cargo_release_says_value_and_parties_and_no_duty() {
    let said = entry(&by_air(), Form::Release);
    let lines = lines(&said);
    assert_eq!(
        lines[0],
        format!(
            "SE10AABC  {} 11EI 12-3456789  40000000000404701  4701",
            said.number
        )
    );
    assert_eq!(lines[1], "SE11       W123                        089");
    assert_eq!(
        lines[2],
        "SE13DANA REYES                              310 555 0100"
    );
    assert_eq!(
        of(&lines, "SE15"),
        [
            "SE15M    01612345675                                                    N",
            "SE15H    HX00012345                                        00000001     N",
        ]
    );
    assert_eq!(
        of(&lines, "SE40"),
        ["SE40001CN COTTON T-SHIRT, KNITTED, FOR WOMEN"]
    );
    assert_eq!(
        of(&lines, "SE60"),
        [
            "SE6099038815  0000000000",
            "SE6099030531  0000000000",
            "SE6061091000120000000040",
        ]
    );
}

#[test]
fn goods_carried_by_hand_name_their_arrival() {
    let lines_of = |form| lines(&entry(&by_hand(), form));
    let summary = lines_of(Form::Summary);
    assert_eq!(of(&summary, "23"), ["23M    HANDCARRIED"]);
    assert_eq!(of(&summary, "SE16"), ["SE16UA  089  11202600000001PCS"]);
    assert_eq!(of(&summary, "SE20"), ["SE20NAMY"]);
    let release = lines_of(Form::Release);
    assert_eq!(
        of(&release, "SE15"),
        ["SE15R    HANDCARRIED                                                    Y"]
    );
    assert_eq!(of(&release, "SE16"), ["SE16UA  089  11202600000001PCS"]);
}

#[test]
fn an_express_hub_is_named_and_its_own_fee_stands_outside() {
    let sent = by_air()
        .with("mode", "express")
        .with("at_express_hub", "true");
    let built = sent
        .file(Form::Summary)
        .unwrap_or_else(|refusal| panic!("{refusal}"));
    let summary = built.entry.summary.as_ref().expect("a summary");
    assert!(built.entry.express);
    assert!(summary.fee_totals.is_empty());
    let owed = sent.decide().owed;
    let elsewhere: Cents = built
        .elsewhere
        .iter()
        .fold(Cents(0), |sum, fee| sum.plus(fee.amount));
    assert_eq!(owed.fee_total.known(), Some(elsewhere));
    assert_ne!(elsewhere, Cents(0));
    let release = sent.with("master_bill", "").with("house_bill", "");
    let lines = lines(&entry(&release, Form::Release));
    assert_eq!(
        of(&lines, "SE15"),
        ["SE15T    1234567890                                        00000001     N"]
    );
    assert_eq!(of(&lines, "SE20"), ["SE20EXPY"]);
}

#[test]
fn a_long_description_goes_on_in_further_records() {
    let long = "hand woven cotton table runner with fringe ".repeat(4);
    let sent = by_air().with("description", &long);
    let said = entry(&sent, Form::Summary);
    let lines = lines(&said);
    let parts = of(&lines, "44");
    assert!(parts.len() > 2, "{parts:?}");
    assert!(parts.iter().all(|part| part.len() <= 72));
    let joined: Vec<_> = parts.iter().map(|part| &part[2..]).collect();
    assert_eq!(joined.join(" "), long.trim().to_ascii_uppercase());
    assert_eq!(super::round(&said), said);
    super::assert_clean(&said);
}
