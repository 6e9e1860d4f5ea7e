//! Parcels to file: one whole parcel of each mode, and how a test changes it.

use deminimis_clearance::owed::{DutyMemory, Owed, entered_lines};
use deminimis_clearance::rates::Rates;
use deminimis_clearance::shipment::build::PortZones;
use deminimis_clearance::shipment::{Builder, FieldId, Shipment, Texts};
use deminimis_clearance::{Books, DayContext, Decision, Scratch, assess_into};
use deminimis_filing::messages::catair::entry::{
    Built, Contact, Filer, Form, NumberRange, Parcel, Refusal, build,
};
use deminimis_law::time::Day;
use deminimis_law::{Law, Rulebook};
use deminimis_tariff::Schedule;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

static BOOK: LazyLock<Arc<Rulebook>> =
    LazyLock::new(|| Arc::new(deminimis_law_us::rulebook().expect("the embedded law reads")));
static LAW: LazyLock<Law> =
    LazyLock::new(|| Law::compile_hashed(&BOOK, None, deminimis_law_us::HASH.into()));
static RATES: LazyLock<Rates> = LazyLock::new(Rates::default);

/// The day of transmission of every test: a Friday.
pub const SENT_ON: Day = Day(20_777);

/// The books with all law in hand.
pub fn books() -> Books<'static> {
    Books {
        law: &LAW,
        tariff: Schedule::embedded(),
        rates: &RATES,
    }
}

/// A filer with everything that a filing needs.
pub fn filer() -> Filer {
    let codes = [
        ("air", "40"),
        ("express", "40"),
        ("truck", "30"),
        ("rail", "21"),
        ("ocean", "11"),
    ];
    Filer {
        filer_code: "ABC".to_owned(),
        site_code: "2704".to_owned(),
        mode_of_transportation: codes
            .map(|(mode, code)| (mode.to_owned(), code.to_owned()))
            .into(),
        contact: Some(Contact {
            name: "Dana Reyes".to_owned(),
            phone: "310 555 0100".to_owned(),
        }),
        entry_numbers: Some(NumberRange {
            from: 1,
            to: 9,
            check_digit_offset: 0,
        }),
        ..Filer::default()
    }
}

/// A parcel as a sender writes it: fields of the parcel, and fields of each line.
#[derive(Clone, Debug)]
pub struct Sent {
    pub fields: BTreeMap<&'static str, String>,
    pub lines: Vec<BTreeMap<&'static str, String>>,
}

const OF_PARCEL: [(&str, &str); 42] = [
    ("shipment_id", "PX-1"),
    ("mode", "air"),
    ("arrives_at", "2026-11-20"),
    ("exported_on", "2026-11-18"),
    ("country_of_shipment", "CN"),
    ("country_of_export", "CN"),
    ("port_of_entry", "4701"),
    ("port_of_unlading", "4701"),
    ("carrier_code", "UA"),
    ("voyage_flight_trip", "089"),
    ("master_bill", "016-12345675"),
    ("house_bill", "HX00012345"),
    ("manifest_quantity", "1"),
    ("manifest_unit", "PCS"),
    ("gross_weight_kg", "0.4"),
    ("payment_type", "1"),
    ("importer_of_record_name", "Blue Harbor Imports"),
    ("importer_of_record_number", "12-3456789"),
    ("consignee_name", "Ana Lopez"),
    ("consignee_street", "12 Oak St"),
    ("consignee_city", "Austin"),
    ("consignee_state", "TX"),
    ("consignee_postal_code", "78701"),
    ("consignee_country", "US"),
    ("shipper_name", "Harbor Parcel Co"),
    ("shipper_country", "CN"),
    ("seller_name", "Bright Goods Ltd"),
    (
        "seller_street",
        "88 Nanjing Road, Building 4, Floor 12, Unit 1207",
    ),
    ("seller_city", "Shanghai"),
    ("seller_state", "SH"),
    ("seller_postal_code", "200001"),
    ("seller_country", "CN"),
    ("purchaser_name", "Ana Lopez"),
    ("purchaser_street", "12 Oak St"),
    ("purchaser_city", "Austin"),
    ("purchaser_state", "TX"),
    ("purchaser_postal_code", "78701"),
    ("purchaser_country", "US"),
    ("location_firms", "W123"),
    ("state_of_destination", "TX"),
    ("foreign_port_of_lading", "57035"),
    ("tracking_number", "1234567890"),
];

const OF_LINE: [(&str, &str); 13] = [
    ("description", "cotton T-shirt, knitted, for women"),
    ("htsus_number", "6109.10.0012"),
    ("country_of_origin", "CN"),
    ("quantity", "6"),
    ("unit", "No."),
    ("net_weight_kg", "0.9"),
    ("line_value", "40.00"),
    ("manufacturer_name", "Ningbo Knitting Mill"),
    ("manufacturer_street", "5 Mill Lane"),
    ("manufacturer_city", "Ningbo"),
    ("manufacturer_postal_code", "315000"),
    ("manufacturer_country", "CN"),
    ("related_parties", "false"),
];

/// A whole parcel by air from China: six T-shirts for 40 dollars.
pub fn by_air() -> Sent {
    let own = |list: &[(&'static str, &str)]| {
        let pairs = list
            .iter()
            .map(|(field, value)| (*field, (*value).to_owned()));
        pairs.collect()
    };
    Sent {
        fields: own(&OF_PARCEL),
        lines: vec![own(&OF_LINE)],
    }
}

impl Sent {
    /// Sets a field of the parcel or of its first line; an empty value takes it away.
    pub fn with(mut self, field: &'static str, value: &str) -> Sent {
        let known = FieldId::named(field).expect(field);
        let fields = match known.is_line() {
            true => &mut self.lines[0],
            false => &mut self.fields,
        };
        fields.insert(field, value.to_owned());
        self
    }

    /// Adds a line like the first, with other fields.
    pub fn and_line(mut self, other: &[(&'static str, &str)]) -> Sent {
        let mut line = self.lines[0].clone();
        line.extend(
            other
                .iter()
                .map(|(field, value)| (*field, (*value).to_owned())),
        );
        self.lines.push(line);
        self
    }

    /// The parcel as the assessment reads it, and its texts.
    pub fn read(&self) -> (Shipment, Texts) {
        let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
        let ports = PortZones::default();
        let mut builder = Builder::new(&BOOK.facts, LAW.zone(), &ports);
        let mut filling = builder.begin(&mut shipment, &mut texts);
        for (field, value) in &self.fields {
            filling
                .set(FieldId::named(field).expect(field), 0, value)
                .expect(field);
        }
        for (at, line) in self.lines.iter().enumerate() {
            for (field, value) in line {
                filling
                    .set(FieldId::named(field).expect(field), at, value)
                    .expect(field);
            }
        }
        filling.finish().expect("a whole parcel");
        (shipment, texts)
    }

    /// Its decision.
    pub fn decide(&self) -> Decision {
        let (shipment, _) = self.read();
        let day = DayContext::default();
        assess_into(books(), &shipment, &day, &mut Scratch::default()).clone()
    }

    /// Its entry by a filer, or every reason why there is none.
    pub fn file_by(&self, filer: &Filer, form: Form) -> Result<Built, Refusal> {
        let (shipment, texts) = self.read();
        let decision = self.decide();
        let (mut memory, mut owed) = (DutyMemory::new(true), Owed::default());
        let lines = entered_lines(books(), &shipment, decision.path, &mut memory, &mut owed);
        let parcel = Parcel {
            books: books(),
            shipment: &shipment,
            texts: &texts,
            decision: &decision,
            lines: &lines,
        };
        build(parcel, filer, form, SENT_ON)
    }

    /// The same by the filer of the tests.
    pub fn file(&self, form: Form) -> Result<Built, Refusal> {
        self.file_by(&filer(), form)
    }
}
