//! Parcels of fields, their decisions by the embedded law, and the programs that read documents back.

use deminimis_clearance::explain::{Explanation, explain};
use deminimis_clearance::rates::Rates;
use deminimis_clearance::render::{Known, Rendered, render};
use deminimis_clearance::shipment::build::PortZones;
use deminimis_clearance::shipment::{Builder, FieldId, Texts};
use deminimis_clearance::{Books, DayContext, Scratch, Shipment, assess_into};
use deminimis_filing::documents::{Fonts, Issue, Made, Parcel};
use deminimis_law::Law;
use deminimis_law::time::Day;
use deminimis_tariff::Schedule;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, LazyLock};

static LAW: LazyLock<Law> = LazyLock::new(|| {
    let book = Arc::new(deminimis_law_us::rulebook().expect("the embedded law reads"));
    Law::compile_hashed(&book, None, deminimis_law_us::HASH.into())
});
static RATES: LazyLock<Rates> = LazyLock::new(Rates::default);

fn books() -> Books<'static> {
    Books {
        law: &LAW,
        tariff: Schedule::embedded(),
        rates: &RATES,
    }
}

/// A parcel with its decision.
pub struct Case {
    pub shipment: Shipment,
    pub texts: Texts,
    pub decision: Rendered,
}

/// Fields of a line or of a shipment.
pub type Fields<'t> = Vec<(&'t str, String)>;

/// A shipment from Viet Nam by air, entered as an informal entry.
pub fn whole() -> Fields<'static> {
    [
        ("shipment_id", "PX-1002"),
        ("mode", "air"),
        ("arrives_at", "2026-09-20"),
        ("country_of_shipment", "VN"),
        ("consignee_name", "Dana Whitfield"),
        ("consignee_street", "418 Juniper Ct"),
        ("consignee_city", "Fort Collins"),
        ("consignee_state", "CO"),
        ("consignee_postal_code", "80521"),
        ("consignee_kind", "person"),
        ("shipper_name", "Saigon Loom Co"),
        ("shipper_street", "12 Nguyen Hue"),
        ("shipper_city", "Ho Chi Minh City"),
        ("shipper_country", "VN"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

/// Cotton shirts for so many dollars.
pub fn shirts(value: &str) -> Fields<'static> {
    [
        ("description", "Men's cotton T-shirts, knitted"),
        ("htsus_number", "6109.10.0012"),
        ("country_of_origin", "VN"),
        ("quantity", "5"),
        ("unit", "DOZ"),
        ("net_weight_kg", "1.250"),
        ("line_value", value),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}

/// The fields with one set to another value, or added.
pub fn with<'t>(mut fields: Fields<'t>, name: &'t str, value: &str) -> Fields<'t> {
    fields.retain(|(known, _)| *known != name);
    fields.push((name, value.to_owned()));
    fields
}

impl Case {
    /// Reads the fields as any file is read, and assesses the parcel alone on its day.
    pub fn new(whole: &Fields<'_>, lines: &[Fields<'_>]) -> Case {
        let ports = PortZones::default();
        let mut builder = Builder::new(&LAW.book().facts, LAW.zone(), &ports);
        let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
        let mut filling = builder.begin(&mut shipment, &mut texts);
        let mut set = |name: &str, at: usize, value: &str| {
            let field = FieldId::named(name).unwrap_or_else(|| panic!("no field {name}"));
            filling.set(field, at, value).expect("a good value");
        };
        for (name, value) in whole {
            set(name, 0, value);
        }
        for (at, line) in lines.iter().enumerate() {
            for (name, value) in line {
                set(name, at, value);
            }
        }
        filling.finish().expect("a whole parcel");
        let (day, mut scratch) = (DayContext::default(), Scratch::default());
        let decided = assess_into(books(), &shipment, &day, &mut scratch).clone();
        let decision = render(books(), &shipment, &day, &decided, KNOWN, &mut scratch);
        Case {
            shipment,
            texts,
            decision,
        }
    }

    pub fn parcel(&self) -> Parcel<'_> {
        Parcel {
            shipment: &self.shipment,
            texts: &self.texts,
            decision: &self.decision,
        }
    }

    pub fn explained(&self) -> Explanation {
        let day = DayContext::default();
        let scratch = &mut Scratch::default();
        explain(books(), &self.shipment, &self.texts, &day, KNOWN, scratch)
    }
}

const KNOWN: Known<'static> = Known {
    person_key: None,
    person_rules: "test",
    engine: "test",
    rates_hash: None,
};

pub fn fonts() -> Fonts {
    Fonts::embedded().expect("faces")
}

pub fn issue() -> Issue<'static> {
    Issue {
        date: Day::new(2026, 9, 20).expect("a day"),
        issuer: Some("Lakeshore Customs Brokers"),
        responsible: Some("Le Thi Hoa"),
    }
}

/// Whether the programs that read PDF and barcodes are there. Under `CI` they have to be.
pub fn readers() -> bool {
    let lacking = [
        ("pdftotext", "poppler-utils"),
        ("pdftoppm", "poppler-utils"),
        ("zbarimg", "zbar-tools"),
    ]
    .into_iter()
    .find(|(program, _)| Command::new(program).arg("--version").output().is_err());
    if let Some((program, package)) = lacking {
        assert!(
            std::env::var_os("CI").is_none(),
            "CI needs {program} of the package {package}"
        );
        eprintln!("SKIPPED: no {program} here, so NO DOCUMENT IS READ BACK");
        return false;
    }
    true
}

/// A document written to a folder of its own, which goes with it.
pub struct Written {
    folder: PathBuf,
}

impl Written {
    pub fn of(made: &Made) -> Written {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("deminimis-document-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("it.pdf"), &made.pdf).expect("a file");
        Written { folder }
    }

    fn run(&self, program: &str, args: &[&str]) -> String {
        let output = Command::new(program)
            .args(args)
            .current_dir(&self.folder)
            .output()
            .expect("the program runs");
        assert!(
            output.status.success(),
            "{program}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// The text in the order in which it is drawn.
    pub fn text(&self) -> String {
        self.run("pdftotext", &["-raw", "-enc", "UTF-8", "it.pdf", "-"])
    }

    /// What the file says of itself.
    pub fn info(&self) -> String {
        self.run("pdfinfo", &["it.pdf"])
    }

    /// The structure with its text, as a reader for the blind is told.
    pub fn structure(&self) -> String {
        self.run("pdfinfo", &["-struct-text", "it.pdf"])
    }

    /// The Code 128 barcodes of a page as it looks at 200 dots an inch.
    pub fn barcodes(&self) -> Vec<String> {
        self.run("pdftoppm", &["-r", "200", "-png", "it.pdf", "page"]);
        let mut pages: Vec<PathBuf> = std::fs::read_dir(&self.folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.extension().is_some_and(|it| it == "png"))
            .collect();
        pages.sort();
        let mut read = Vec::new();
        for page in pages {
            let page = page.to_string_lossy().into_owned();
            let output = Command::new("zbarimg")
                .args(["-q", "--raw", "-Sdisable", "-Scode128.enable", &page])
                .output()
                .expect("zbarimg runs");
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            read.extend(text.lines().map(str::to_owned));
        }
        read
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Text without spaces and breaks, which depend on where lines end.
pub fn squash(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace())
        .collect()
}

/// Whether each part stands in the text, wherever lines end.
#[track_caller]
pub fn has(text: &str, parts: &[&str]) {
    let all = squash(text);
    for part in parts {
        assert!(all.contains(&squash(part)), "no {part:?} in\n{text}");
    }
}
