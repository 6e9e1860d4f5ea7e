//! How fast CBP's messages are read and written, beside copying the same bytes.
//!
//! `catair [MEBIBYTES]` makes a batch of entry summaries, then takes turns: copying its bytes,
//! reading it, reading it with every field of every record, writing it, and making every record
//! again field by field and writing that. One core; processor time; medians of the turns.

#![expect(
    clippy::float_arithmetic,
    reason = "rates and ratios of measured times are not money"
)]

use deminimis_bench::{cpu, median, spread};
use deminimis_filing::messages::catair::{Message, Record, decode, encode, layout};
use std::error::Error;
use std::hint::black_box;

/// Turns of which the median is taken.
const TURNS: usize = 15;

fn main() -> Result<(), Box<dyn Error>> {
    let mebibytes = std::env::args().nth(1).map_or(Ok(16), |it| it.parse())?;
    let bytes = batch(mebibytes << 20)?;
    let message = decode(&bytes);
    let megabytes = bytes.len() as f64 / 1e6;
    println!(
        "{} records, {megabytes:.1} MB, {TURNS} turns",
        message.lines.len()
    );
    let mut copy = vec![0_u8; bytes.len()];
    let mut times: [Vec<f64>; 5] = Default::default();
    for _ in 0..TURNS {
        let work: [&mut dyn FnMut() -> usize; 5] = [
            &mut || {
                copy.copy_from_slice(black_box(&bytes));
                black_box(&copy).len()
            },
            &mut || decode(black_box(&bytes)).lines.len(),
            &mut || fields(&decode(black_box(&bytes))),
            &mut || encode(black_box(&message)).len(),
            &mut || encode(&again(black_box(&message))).len(),
        ];
        for (times, work) in times.iter_mut().zip(work) {
            let (seconds, done) = cpu::seconds(work);
            black_box(done);
            times.push(seconds);
        }
    }
    let copied = median(&times[0]);
    let names = [
        "copy",
        "decode",
        "decode, every field",
        "encode",
        "make every field, encode",
    ];
    for (name, times) in names.iter().zip(&times) {
        let (least, most) = spread(times);
        println!(
            "{name:<26} {:>9.0} MB/s  ({:.0} to {:.0})  {:>7.1} times the copy",
            megabytes / median(times),
            megabytes / most,
            megabytes / least,
            median(times) / copied,
        );
    }
    Ok(())
}

/// Adds up the lengths of all fields, so that each is read.
fn fields(message: &Message) -> usize {
    let lines = message.lines.iter();
    let of_line = lines.flat_map(|line| {
        let fields = line.layout().map_or(&[][..], |it| &it.fields);
        fields
            .iter()
            .map(|field| line.get(field.name).map_or(0, str::len))
    });
    of_line.sum()
}

/// Every record made from its fields.
fn again(message: &Message) -> Message<'static> {
    let mut made = Message {
        lines: Vec::with_capacity(message.lines.len()),
    };
    for line in &message.lines {
        let Some(layout) = line.layout() else {
            continue;
        };
        let mut record = Record::new(layout);
        for field in &layout.fields {
            let value = line.get(field.name).unwrap_or_default();
            // The batch is made by this program: a field that does not take its value is a fault.
            record
                .set(field.name, value)
                .expect("the batch's own values");
        }
        made.push(record);
    }
    made
}

/// A batch of informal entry summaries of one line.
fn batch(size: usize) -> Result<Vec<u8>, Box<dyn Error>> {
    let record = |section: &str, tag: &str, fields: &[(&str, &str)]| {
        let layout = layout(section, tag).ok_or_else(|| format!("no record {tag}"))?;
        let mut record = Record::new(layout);
        for (field, value) in fields {
            record
                .set(field, value)
                .map_err(|error| error.to_string())?;
        }
        Ok::<Record, String>(record)
    };
    let mut message = Message::default();
    let batch = [
        ("application_identifier_code", "AE"),
        ("sender_receiver_id_code", "N01"),
    ];
    message.push(record("IN", "A", &batch)?);
    let block = [
        ("application_identifier_code", "AE"),
        ("processing_filer_code", "N01"),
    ];
    message.push(record("IN", "B", &block)?);
    let mut number = 0_u32;
    while message.lines.len() * 81 < size {
        number += 1;
        let entry = format!("{:08}", number % 100_000_000);
        for (tag, fields) in [
            (
                "10",
                &[
                    ("summary_filing_action_request_code", "A"),
                    ("entry_filer_code", "N01"),
                    ("entry_number", entry.as_str()),
                    ("district_port_of_entry", "4701"),
                    ("entry_type_code", "11"),
                    ("mode_of_transportation_code", "40"),
                    ("electronic_signature", "X"),
                    ("payment_type_code", "1"),
                ][..],
            ),
            (
                "11",
                &[
                    ("importer_of_record_number", "12-3456789"),
                    ("us_state_of_destination_code", "NY"),
                ],
            ),
            (
                "34",
                &[
                    ("accounting_class_code_1", "311"),
                    ("header_fee_amount_1", "277"),
                ],
            ),
            (
                "40",
                &[
                    ("line_item_identifier", "001"),
                    ("country_of_origin_code", "CN"),
                ],
            ),
            (
                "44",
                &[("commercial_description_text", "COTTON T-SHIRTS, KNITTED")],
            ),
            (
                "50",
                &[
                    ("hts_number", "6109100012"),
                    ("duty_amount", "660"),
                    ("value_of_goods_amount", "40"),
                    ("quantity_1", "100"),
                    ("unit_of_measure_code_1", "DOZ"),
                ],
            ),
            (
                "89",
                &[
                    ("accounting_class_code_1", "311"),
                    ("total_fee_amount_1", "277"),
                ],
            ),
            (
                "90",
                &[
                    ("grand_total_duty_amount", "660"),
                    ("grand_total_user_fee_amount", "277"),
                ],
            ),
        ] {
            message.push(record("AE", tag, fields)?);
        }
    }
    Ok(encode(&message))
}
