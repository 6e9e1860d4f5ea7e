//! `lint` flags what is wrong, and leaves alone what only looks so.

mod linting;

use deminimis_law::time::parse_timestamp;
use deminimis_office::lint::descriptions::Descriptions;
use deminimis_office::lint::{NoteFormat, NoteWriter, RULES, Severity};
use linting::{BOOK, Linted, file, lint_text, options};

fn described(description: &str) -> &'static str {
    described_at(description, "2026-02-01T12:00:00-05:00")
}

fn described_at(description: &str, at: &str) -> &'static str {
    let at = parse_timestamp(at).unwrap();
    Descriptions::new(&BOOK.words)
        .judge(description, None, at)
        .map_or("", |rule| rule.id)
}

#[rustfmt::skip]
const VAGUE: &[(&str, &str)] = &[
    ("gift", "description-vague"), ("GIFTS", "description-vague"), ("Gift.", "description-vague"),
    ("Daily Necessities", "description-vague"), ("accessories", "description-vague"),
    ("parts", "description-vague"), ("CONSOLIDATED", "description-vague"),
    ("1 pc gift", "description-vague"), ("gift x 2", "description-vague"),
    ("2 cartons of parts", "description-vague"), ("assorted gifts", "description-vague"),
    ("various accessories", "description-vague"), ("Gifts & accessories", "description-vague"),
    ("gift, gift, gift", "description-vague"), ("STC 10 ctn gifts", "description-vague"),
    ("FAK", "description-listed"), ("F.A.K.", "description-listed"), ("STC", "description-listed"),
    ("Freight of all kinds", "description-listed"), ("freight all kinds", "description-broad"),
    ("said to contain", "description-listed"), ("General cargo", "description-listed"),
    ("electronics", "description-listed"), ("Electronic Goods", "description-listed"),
    ("apparel", "description-listed"), ("Men's apparel", "description-listed"),
    ("Ladies' apparel", "description-listed"), ("wearing apparel", "description-listed"),
    ("Foodstuffs", "description-listed"), ("food", "description-listed"),
    ("Machinery", "description-listed"), ("machines", "description-listed"),
    ("tools", "description-listed"), ("Tiles", "description-listed"),
    ("plastic goods", "description-listed"), ("Leather articles", "description-listed"),
    ("Rubber Articles", "description-listed"), ("chemicals", "description-listed"),
    ("Chemicals, non-hazardous", "description-listed"), ("scrap", "description-listed"),
    ("No description", "description-listed"), ("equipment", "description-listed"),
    ("Blanket", "description-listed"), ("powder", "description-listed"),
    ("stuff", "description-listed"), ("thing", "description-listed"),
    ("Company business", "description-listed"), ("auto parts", "description-listed"),
    ("5 boxes machine parts", "description-broad"), ("clothes", "description-broad"),
    ("Women's clothing", "description-broad"), ("garments", "description-broad"),
    ("General merchandise", "description-broad"), ("merchandise", "description-broad"),
    ("goods", "description-broad"), ("products", "description-broad"), ("item", "description-broad"),
    ("personal items", "description-broad"), ("Personal effects", "description-broad"),
    ("household goods", "description-broad"), ("spare parts", "description-broad"),
    ("Sample", "description-broad"), ("commercial samples", "description-broad"),
    ("N/A", "description-broad"), ("none", "description-broad"), ("test", "description-broad"),
    ("misc.", "description-broad"), ("Miscellaneous items", "description-broad"),
    ("other", "description-broad"), ("see invoice", "description-broad"),
    ("As per invoice", "description-broad"), ("birthday gift", "description-broad"),
    ("gift set", "description-broad"), ("office supplies", "description-broad"),
    ("Phone accessories", "description-broad"), ("Car accessories", "description-broad"),
    ("electronic components", "description-broad"), ("plastic products", "description-broad"),
    ("beauty products", "description-broad"), ("home goods", "description-broad"),
    ("10 cartons", "description-broad"), ("2 pcs", "description-broad"),
    ("assorted", "description-broad"), ("parcel", "description-broad"),
    ("online order", "description-broad"), ("hardware", "description-broad"),
    ("POSTAGE", "description-broad"), ("Shipping & handling", "description-broad"),
    ("TV", "description-too-short"), ("x", "description-too-short"),
    ("12345", "description-no-letters"), ("---", "description-no-letters"),
    ("6109.10.0012", "description-no-letters"),
    ("AB-1234-XL", "description-code-only"), ("B07XJ8C8F5", "description-code-only"),
    ("SKU 88213", "description-code-only"), ("Model X200", "description-code-only"),
    ("Item No. 4471", "description-code-only"),
    ("Nike", "description-brand-only"), ("Louis Vuitton", "description-brand-only"),
    ("Samsung SM-G991", "description-brand-only"), ("adidas 42", "description-brand-only"),
    ("LEGO 10281", "description-brand-only"),
    ("帽子", "description-not-english"), ("женская обувь", "description-not-english"),
];

#[rustfmt::skip]
const PRECISE: &[&str] = &[
    "Men's cotton T-shirts, knitted", "Gift wrapping paper", "Gift cards of paper", "Paperboard gift boxes",
    "Holiday gift hamper of tea and biscuits", "Bicycle brake parts, steel", "Car brake pads and shoes",
    "Hand tools: steel wrenches", "Hand wrenches", "Ceramic floor tiles", "Copper pipes",
    "100% polyester blanket", "PVC pipes", "Welding rods", "Plastic scrap, PET bottles", "Baseball caps",
    "New auto parts: door handles", "Wireless headphones", "USB-C cable", "LED light bulb E27",
    "3D printer filament PLA", "iPhone 12 silicone case", "Kitchen knife, wooden handle", "Toys",
    "Toy building blocks for ages 3 to 12", "Ball point pens", "Eau de parfum, 100 ml", "Lipstick",
    "Hardbound novels", "Leather handbag", "Tomato seed packets", "Shoes", "Pet food, dry, for dogs",
    "Metal working machinery", "Sewing machine", "Computer monitor", "Mobile phone", "Phone case",
    "Hair clips of plastic", "Stainless steel vacuum bottles", "Steel wire, galvanized", "Whey protein powder",
    "Baby bottle", "Electric kettle", "Garden hose, rubber", "Glass vase", "Paper napkins",
    "Wooden toy train", "Nike running shoes", "LEGO building set, plastic bricks", "Sony camera lens",
    "Adidas men's socks, cotton", "Screws, box of 25", "WHITE HANGING HEART T-LIGHT HOLDER",
    "SMALL GLASS HEART TRINKET POT", "BAG 250g SWIRLY MARBLES", "SET OF 3 CAKE TINS PANTRY DESIGN",
    "VINTAGE HEADS AND TAILS CARD GAME", "PACK OF 72 RETROSPOT CAKE CASES", "JUMBO BAG RED RETROSPOT",
    "Signed contract papers", "Book", "Hat", "Tea", "Pen", "Rug", "Oranges", "Packaged rice", "Postage stamps, unused", "Discount coupons, printed",
   
    "Motorcycle, 1,250 cc", "Samples of cotton fabric, 20 cm", "Spare wheel for a bicycle, 700C",
    "Sample pack of face cream", "Mixed nuts, roasted", "Assorted chocolates", "General ledger books, blank",
    "Order books, paper", "Home textile: cotton bed sheets", "Test tubes of glass", "Thing ring, sterling silver",
    "Canvas tote bag", "Consolidated annual report, printed", "Unknown Pleasures vinyl record", "Silver ring 925",
    "Vitamin C tablets 500 mg", "A4 paper, 500 sheets", "Batteries AA, alkaline", "Crème pour le visage",
    "Men's 2-piece suit, wool", "Polyurethane medical gloves", "Iron pipes", "STC 40 cartons ceramic mugs",
    "Clothing labels, woven", "Parts for pumps: steel impellers", "Accessories case for GoPro, nylon",
];

#[test]
fn descriptions_that_name_no_article_are_flagged() {
    let wrong: Vec<_> = VAGUE
        .iter()
        .filter(|(text, rule)| described(text) != *rule)
        .collect();
    let got: Vec<_> = wrong.iter().map(|(text, _)| described(text)).collect();
    assert!(wrong.is_empty(), "{wrong:?} gave {got:?}");
    assert!(VAGUE.len() >= 60);
}

#[test]
fn precise_descriptions_are_left_alone() {
    let wrong: Vec<_> = PRECISE
        .iter()
        .map(|text| (text, described(text)))
        .filter(|(_, id)| !id.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(PRECISE.len() >= 60);
}

#[test]
fn what_cbp_names_since_a_day_was_merely_broad_before() {
    for (at, rule) in [
        ("2024-03-31T23:59:00-04:00", "description-broad"),
        ("2024-04-01T00:00:00-04:00", "description-vague"),
    ] {
        assert_eq!(described_at("assorted gifts", at), rule, "{at}");
        // The older list begins nowhere.
        assert_eq!(described_at("FAK", at), "description-listed", "{at}");
    }
    let none = Descriptions::new(&[]).judge(
        "gift",
        None,
        parse_timestamp("2026-02-01T12:00:00Z").unwrap(),
    );
    assert_eq!(none, None, "a law without the lists names no word");
}

#[test]
fn a_description_that_is_the_stock_number_is_flagged_unless_it_is_words() {
    let mut judge = Descriptions::new(&BOOK.words);
    let at = parse_timestamp("2026-02-01T12:00:00-05:00").unwrap();
    let mut with = |text, sku| {
        let rule = judge.judge(text, Some(sku), at);
        rule.map_or("", |rule| rule.id)
    };
    assert_eq!(with("KETTLE4711", "kettle4711"), "description-code-only");
    assert_eq!(with("TEAPOT-BLUE", "TEAPOT-BLUE"), "");
    assert_eq!(with("Kettle 4711", "4711"), "");
}

#[test]
fn numbers_are_held_against_the_schedule_of_the_day() {
    let on = |number, day| {
        file()
            .home()
            .with(&[("htsus_number", number), ("arrives_at", day)])
            .lint()
    };
    assert_eq!(on("6109.10.0012", "2026-02-01").rules(), [""; 0]);
    assert_eq!(on("6109.10.00", "2026-02-01").rules(), ["hts-short"]);
    assert_eq!(on("9903.01.24", "2026-02-01").rules(), [""; 0]);
    let wrong = on("6109.10.0021", "2026-02-01");
    assert_eq!(wrong.rules(), ["hts-unknown"]);
    assert!(
        wrong.notes[0].message.contains("6109.10.0012"),
        "{}",
        wrong.notes[0].message
    );
    assert_eq!(wrong.notes[0].severity, Severity::Warning);
    let early = on("6109.10.0021", "2011-02-01");
    assert_eq!(
        (early.rules(), early.notes[0].severity),
        (vec!["hts-unknown"], Severity::Advice)
    );
    let manifest = [
        ("htsus_number", "6109.10.00"),
        ("entry_path", "manifest-release"),
        ("arrives_at", "2024-05-10"),
    ];
    assert_eq!(file().home().with(&manifest).lint().rules(), [""; 0]);
}

#[test]
fn values_about_persons_are_withheld_unless_asked_for() {
    let input = file().home().with(&[
        ("consignee_name", "unknown Zebulon@example.com"),
        ("description", "gift"),
    ]);
    let linted = input.lint();
    assert_eq!(linted.rules(), ["name-email", "description-vague"]);
    assert_eq!(linted.notes[0].value, None);
    assert_eq!(linted.notes[1].value.as_deref(), Some("gift"));
    let everything = linted.written(NoteFormat::Json)
        + &linted.written(NoteFormat::Csv)
        + &linted.written(linting::TABLE);
    assert!(!everything.contains("Zebulon"), "{everything}");
    let shown = lint_text(
        &input.csv(),
        &deminimis_office::lint::LintOptions {
            show_values: true,
            ..options()
        },
    );
    assert_eq!(
        shown.notes[0].value.as_deref(),
        Some("unknown Zebulon@example.com")
    );
    let mail = file()
        .home()
        .with(&[("description", "ana@example.com 12")])
        .lint();
    assert!(mail.notes.iter().all(|note| note.value.is_none()));
}

#[test]
fn every_finding_says_where_who_and_what_would_be_right() {
    let linted = file().home().with(&[("description", "gift")]).lint();
    let note = &linted.notes[0];
    assert_eq!(
        (
            note.file.as_str(),
            note.row,
            note.shipment_id.as_str(),
            note.line
        ),
        ("a.csv", 2, "P1", Some(1))
    );
    assert_eq!(
        note.message,
        "description is one that CBP names as too vague. For the seller: say what the article is, of what it is \
         made and for what it is used, in plain English: \"men's cotton T-shirts, knitted\"."
    );
    assert!(note.rule.cite.iter().any(|cite| cite.contains("60011750")));
    assert!(RULES.len() >= 30);
}

#[test]
fn the_four_forms_say_the_same() {
    let linted = file()
        .home()
        .with(&[("description", "=gift"), ("shipment_id", "=1+1")])
        .lint();
    assert_eq!(linted.rules(), ["description-vague"]);
    let whole: serde_json::Value = serde_json::from_str(&linted.written(NoteFormat::Json)).unwrap();
    assert_eq!(whole["notes"][0]["rule"], "description-vague");
    assert_eq!(whole["summary"][0]["reject"], 1);
    assert_eq!(whole["summary"][0]["shipments_judged"], 1);
    let line: serde_json::Value =
        serde_json::from_str(&linted.written(NoteFormat::NdJson)).unwrap();
    assert_eq!(line, whole["notes"][0]);
    let csv = linted.written(NoteFormat::Csv);
    assert!(csv.starts_with(
        "file,row,shipment_id,line,field,severity,rule,value,message,who,cite\na.csv,2,'=1+1,1,"
    ));
    assert!(csv.contains("'=gift"), "{csv}");
    let table = linted.written(linting::TABLE);
    assert!(
        table.starts_with("a.csv:2  =1+1 line 1  description  reject: description-vague"),
        "{table}"
    );
    assert!(table.contains("1 finding: 1 reject"), "{table}");
    let nothing: Linted = file().home().lint();
    for format in [NoteFormat::Json, NoteFormat::NdJson, NoteFormat::Csv] {
        let text = nothing.written(format);
        assert!(
            text.lines().count() <= 1 + usize::from(format == NoteFormat::Json),
            "{text}"
        );
    }
    assert!(serde_json::from_str::<serde_json::Value>(&nothing.written(NoteFormat::Json)).is_ok());
}

#[test]
fn a_table_shows_the_first_findings_and_counts_the_rest() {
    let text: String = (0..50)
        .map(|at| {
            file()
                .home()
                .with(&[("shipment_id", &format!("P{at}")), ("description", "gift")])
                .row(at == 0)
        })
        .collect();
    let linted = lint_text(&text, &options());
    let mut writer = NoteWriter::new(Vec::new(), NoteFormat::Table { most: 3, width: 60 });
    for note in &linted.notes {
        writer.note(note).unwrap();
    }
    let table = String::from_utf8(writer.finish().unwrap()).unwrap();
    assert_eq!(table.matches("reject: description-vague").count(), 3);
    assert!(
        table.ends_with("47 findings more; --format csv lists all\n"),
        "{table}"
    );
    assert!(
        table.lines().all(|line| line.chars().count() <= 100),
        "{table}"
    );
}

#[test]
fn a_refused_shipment_is_handed_out_and_counted() {
    let text = file().home().row(true)
        + &file()
            .home()
            .with(&[("shipment_id", "P2"), ("line_value", "1e999")])
            .row(false);
    let linted = lint_text(&text, &options());
    assert_eq!(
        (linted.refused, linted.report.counts.shipments_rejected),
        (1, 1)
    );
    assert!(linted.report.counts.balance());
}
