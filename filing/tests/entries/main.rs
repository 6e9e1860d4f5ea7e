//! Entries from decisions: record by record, every refusal by its columns, and back again.

mod any;
mod goods;
mod records;
mod refusals;

use deminimis_filing::identifiers::entry_number::EntryNumber;
use deminimis_filing::messages::catair::entry::{
    Batch, Entry, Form, NotTaken, Numbers, NumbersError, read, write,
};
use deminimis_filing::messages::catair::lint::lint;
use deminimis_filing::messages::catair::{Message, decode, decode_as, encode};
use goods::{SENT_ON, Sent, by_air, filer};

/// The entry of a parcel that can be filed, with a number.
fn entry(sent: &Sent, form: Form) -> Entry {
    let built = sent
        .file(form)
        .unwrap_or_else(|refusal| panic!("{refusal}"));
    let number = EntryNumber::build("ABC", "1234567", 0).expect("a number");
    built.numbered(&number).entry
}

/// The records of an entry, as lines of text without the blanks at their ends.
fn lines(entry: &Entry) -> Vec<String> {
    let records = write(entry).expect("the entry fits its records");
    let text = |record: &deminimis_filing::messages::catair::Record| {
        let text = String::from_utf8(record.as_bytes().to_vec()).expect("ASCII");
        text.trim_end().to_owned()
    };
    records.iter().map(text).collect()
}

/// Writes an entry and reads the bytes back.
fn round(entry: &Entry) -> Entry {
    let mut message = Message::default();
    for record in write(entry).expect("the entry fits its records") {
        message.push(record);
    }
    let bytes = encode(&message);
    let back = decode_as(entry.form().application(), &bytes);
    read(&back.lines).unwrap_or_else(|error| panic!("{error}\n{}", lines(entry).join("\n")))
}

/// Puts an entry into a batch of its own and judges the bytes: nothing may be found.
fn assert_clean(entry: &Entry) {
    let filer = filer();
    let mut batch = Batch::new(&filer, entry.form(), SENT_ON, "PASSWD");
    batch.add(entry).unwrap_or_else(|error| panic!("{error}"));
    let bytes = encode(&batch.message().expect("an envelope"));
    let report = lint(&decode(&bytes));
    let text = String::from_utf8_lossy(&bytes);
    assert!(report.findings.is_empty(), "{:#?}\n{text}", report.findings);
}

#[test]
fn a_batch_is_the_same_for_the_same_entries() {
    let filer = filer();
    let (first, second) = (by_air(), by_air().with("port_of_entry", "2720"));
    let message = || {
        let mut batch = Batch::new(&filer, Form::Summary, SENT_ON, "PASSWD");
        for sent in [&first, &second, &first] {
            batch.add(&entry(sent, Form::Summary)).expect("of the form");
        }
        assert_eq!(batch.len(), 3);
        encode(&batch.message().expect("an envelope"))
    };
    let bytes = message();
    assert_eq!(message(), bytes);
    let text = String::from_utf8(bytes.clone()).expect("ASCII");
    let envelope: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with(['A', 'B', 'Y', 'Z']))
        .map(str::trim_end)
        .collect();
    assert_eq!(
        envelope,
        [
            "A2704ABCPASSWD112026     AE",
            "B  2720ABCAE",
            "Y  2720ABCAE",
            "B  4701ABCAE",
            "Y  4701ABCAE",
            "Z2704ABC      112026",
        ]
    );
    let message = decode(&bytes);
    let batches = message.batches();
    let blocks: Vec<usize> = batches[0]
        .blocks
        .iter()
        .map(|it| it.transactions.len())
        .collect();
    assert_eq!(blocks, [1, 2]);
    let release = entry(&by_air(), Form::Release);
    let mut batch = Batch::new(&filer, Form::Summary, SENT_ON, "PASSWD");
    assert!(batch.add(&release).is_err(), "another form");
    let mut near = filer.clone();
    near.processing_port = Some("1001".to_owned());
    let batch = Batch::new(&near, Form::Summary, SENT_ON, "PASSWD");
    assert!(
        batch.takes("4701").is_ok(),
        "districts 10 and 47 go together"
    );
    assert!(batch.takes("2720").is_err());
}

#[test]
fn what_lint_would_refuse_is_not_written() {
    let filer = filer();
    let mut batch = Batch::new(&filer, Form::Summary, SENT_ON, "PASSWD");
    let sent = by_air().with("country_of_export", "US");
    let told = batch.add(&entry(&sent, Form::Summary));
    let Err(NotTaken::Unsound(problems)) = told else {
        panic!("{told:?}");
    };
    let place = problems[0].place();
    assert!(place.starts_with("record 40 columns 11-12"), "{place}");
    assert!(batch.is_empty());
}

#[test]
fn a_claimed_heading_keeps_all_its_digits() {
    let sent = by_air().with("claims", "9801.00.1097");
    let numbers: Vec<String> = entry(&sent, Form::Summary).lines[0]
        .tariffs
        .iter()
        .map(|tariff| tariff.number.clone())
        .collect();
    assert_eq!(numbers[0], "9801001097", "{numbers:?}");
}

#[test]
fn numbers_are_allotted_once_and_in_order() {
    let mut filer = filer();
    let range = filer.entry_numbers.as_mut().expect("a range");
    (range.from, range.to) = (8, 9);
    let mut numbers = Numbers::new(&filer, None).expect("a range");
    let first = numbers.of(None).expect("the first");
    assert_eq!(first.serial(), "0000008");
    // A number that was looked at and not taken is still there.
    assert_eq!(numbers.of(None).as_ref(), Ok(&first));
    numbers.take(&first);
    let own = EntryNumber::build("ABC", "5550000", 0)
        .expect("a number")
        .to_string();
    let taken = numbers.of(Some(&own)).expect("the parcel's own");
    numbers.take(&taken);
    assert_eq!(numbers.of(Some(&own)), Err(NumbersError::Twice));
    assert_eq!(
        numbers.of(Some(&first.to_string())),
        Err(NumbersError::Allotted)
    );
    let last = numbers.of(None).expect("the last");
    assert_eq!(last.serial(), "0000009");
    numbers.take(&last);
    assert_eq!(numbers.of(None), Err(NumbersError::UsedUp(9)));
    let wrong = numbers.of(Some("ABC-5550000-0"));
    assert!(matches!(wrong, Err(NumbersError::Wrong(_))), "{wrong:?}");
}

#[test]
fn a_filer_without_a_range_files_numbers_that_parcels_bring() {
    let mut filer = filer();
    filer.entry_numbers = None;
    let numbers = Numbers::new(&filer, None).expect("no range is needed");
    assert_eq!(numbers.of(None), Err(NumbersError::NoRange));
    assert!(Numbers::new(&filer, Some(5)).is_err());
}

#[test]
fn a_built_entry_is_read_back_equal_in_both_forms() {
    let formal = by_air()
        .with("mode", "ocean")
        .with("line_value", "9000.00")
        .with("country_of_origin", "VN")
        .with("conveyance_name", "Sea Lark")
        .with("master_bill", "MAEU123456789")
        .with("house_bill", "")
        .with("bond_type", "continuous")
        .with("bond_surety_code", "036")
        .with("manufacturer_id", "VNSAITEX12HOC")
        .with("line_charges_usd", "250.00")
        .with("consignee_name", "Blue Harbor Imports")
        .with("importer_of_record_postal_code", "78701");
    for sent in [by_air(), formal, by_hand()] {
        for form in [Form::Summary, Form::Release] {
            let entry = entry(&sent, form);
            assert_eq!(entry.form(), form);
            assert_eq!(round(&entry), entry);
            assert_clean(&entry);
        }
    }
}

/// The same goods in a bag.
fn by_hand() -> Sent {
    by_air()
        .with("mode", "hand_carried")
        .with("master_bill", "")
        .with("house_bill", "")
        .with("line_value", "1200.00")
}
