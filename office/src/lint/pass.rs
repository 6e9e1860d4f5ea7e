//! What is looked at in each shipment, and how a finding is worded. Nothing is judged here: the
//! rules' own modules say what is wrong.

use super::descriptions::Descriptions;
use super::parties::{Parties, Wrong};
use super::report::{Report, shown};
use super::rules::{self, Rule, Severity};
use super::values::{self, Label, Outlier, Place, UnitValue, Values};
use super::{Found, LintOptions, Note};
use deminimis_clearance::shipment::fields::{FieldId, Party, PartyField, id};
use deminimis_clearance::shipment::{Line, Shipment, Texts};
use deminimis_law::names::{EntryPath, Purpose};
use deminimis_law::time::Day;
use deminimis_tariff::{Known, Number};
use std::io;

/// One pass over a file.
pub(super) struct Pass<'p> {
    pub(super) file: &'p str,
    pub(super) options: &'p LintOptions<'p>,
    pub(super) descriptions: Descriptions,
    pub(super) parties: Parties,
    pub(super) values: Values,
    pub(super) wrong: Vec<Wrong>,
    pub(super) report: Report,
    pub(super) each: &'p mut dyn FnMut(Found) -> io::Result<()>,
}

/// Where a finding stands.
#[derive(Clone, Copy)]
struct At<'t> {
    row: u64,
    shipment_id: &'t str,
    /// Counted from 1.
    line: Option<u32>,
}

impl Pass<'_> {
    pub(super) fn shipment(
        &mut self,
        shipment: &Shipment,
        texts: &Texts,
        row: u64,
        rows: u32,
    ) -> io::Result<()> {
        let before = self.report.notes();
        let at = At {
            row,
            shipment_id: &shipment.id,
            line: None,
        };
        self.shipment_parties(shipment, texts, at)?;
        // In CSV each row is a line; in JSON a shipment of several lines is one row.
        let by_row = rows as usize == shipment.lines.len();
        for (index, line) in shipment.lines.iter().enumerate() {
            let at = At {
                row: if by_row { row + index as u64 } else { row },
                line: Some(index as u32 + 1),
                ..at
            };
            self.line(shipment, line, texts, index, at)?;
        }
        self.report.shipments_with_notes += u64::from(self.report.notes() > before);
        Ok(())
    }

    fn shipment_parties(
        &mut self,
        shipment: &Shipment,
        texts: &Texts,
        at: At<'_>,
    ) -> io::Result<()> {
        for party in Party::ALL {
            if party == Party::Manufacturer || !texts.gives(party) {
                continue;
            }
            let domestic = matches!(
                party,
                Party::Consignee | Party::DeliveredTo | Party::Purchaser | Party::ImporterOfRecord
            );
            self.wrong.clear();
            self.parties
                .judge(texts.party(party), domestic, &mut self.wrong);
            self.tell_wrong(party, texts, 0, at)?;
        }
        let street = |party: Party| texts.get(party.field(PartyField::Street));
        if street(Party::Consignee)
            .or(street(Party::DeliveredTo))
            .is_none()
        {
            let field = Party::Consignee.field(PartyField::Street);
            self.tell(&rules::ADDRESS_MISSING, None, field, at, None, "")?;
        }
        // One who moves house, or gets a thing back, is both.
        let both = shipment.accompanied
            || matches!(shipment.purpose, Purpose::PersonalEffects | Purpose::Return);
        if shipment.shipper_is_consignee && !both {
            let name = texts.get(id::SHIPPER_NAME);
            self.tell(&rules::SAME_PARTY, None, id::SHIPPER_NAME, at, name, "")?;
        }
        Ok(())
    }

    fn tell_wrong(
        &mut self,
        party: Party,
        texts: &Texts,
        line: usize,
        at: At<'_>,
    ) -> io::Result<()> {
        let wrong = std::mem::take(&mut self.wrong);
        for (field, rule) in &wrong {
            let field = party.field(*field);
            self.tell(rule, None, field, at, texts.at(field, line), "")?;
        }
        self.wrong = wrong;
        Ok(())
    }

    fn line(
        &mut self,
        shipment: &Shipment,
        line: &Line,
        texts: &Texts,
        index: usize,
        at: At<'_>,
    ) -> io::Result<()> {
        let description = texts.line(id::DESCRIPTION, index).unwrap_or_default();
        let sku = texts.line(id::SKU, index);
        let entered = shipment.entry_when().moment;
        if let Some(rule) = self.descriptions.judge(description, sku, entered)
            && !is_plain_purpose(shipment.purpose, description)
        {
            self.tell(rule, None, id::DESCRIPTION, at, Some(description), "")?;
        }
        self.wrong.clear();
        self.parties
            .judge(texts.manufacturer(index), false, &mut self.wrong);
        self.tell_wrong(Party::Manufacturer, texts, index, at)?;
        if line.value == 0 && line.fair_retail_value == 0 && shipment.purpose != Purpose::Documents
        {
            let text = texts.line(id::LINE_VALUE, index);
            self.tell(&rules::VALUE_ZERO, None, id::LINE_VALUE, at, text, "")?;
        }
        if let Some(number) = line.number {
            self.number(shipment, number, texts.line(id::HTSUS_NUMBER, index), at)?;
        }
        let label = Label {
            sku,
            description,
            unit: UNIT.and_then(|unit| texts.line(unit, index)),
        };
        self.values.add(line, label, || Place {
            row: at.row,
            line: index as u32 + 1,
            shipment_id: shipment.id.as_str().into(),
        });
        Ok(())
    }

    fn number(
        &mut self,
        shipment: &Shipment,
        number: Number,
        text: Option<&str>,
        at: At<'_>,
    ) -> io::Result<()> {
        let day = shipment.entry_when().day;
        let schedule = self.options.schedule;
        let rule = match schedule.knows(number, day.0) {
            Known::Yes
                if number.len() < 10 && shipment.entry_path != Some(EntryPath::ManifestRelease) =>
            {
                return self.tell(&rules::HTS_SHORT, None, id::HTSUS_NUMBER, at, text, "");
            }
            Known::Yes | Known::Special => return Ok(()),
            Known::No => &rules::HTS_UNKNOWN,
            Known::OnlyOtherDates { .. } => &rules::HTS_OTHER_DATE,
        };
        let near = schedule.candidates(number, day.0);
        let near: Vec<String> = near.iter().map(ToString::to_string).collect();
        let mut more = match near.as_slice() {
            [] => String::new(),
            [one] => format!("; perhaps {one}"),
            several => format!("; perhaps one of {}", several.join(", ")),
        };
        // Numbers that ended before the releases in hand cannot be told from wrong ones.
        let early = day < FIRST_RELEASE;
        if early {
            more.push_str(
                "; the releases in hand begin later than that day, so it may have been right",
            );
        }
        let severity = early.then_some(Severity::Advice);
        self.tell(rule, severity, id::HTSUS_NUMBER, at, text, &more)
    }

    pub(super) fn outlier(&mut self, outlier: Outlier) -> io::Result<()> {
        let rule = if outlier.below {
            &rules::VALUE_LOW
        } else {
            &rules::VALUE_HIGH
        };
        let severity = (outlier.known == values::Known::Description).then_some(Severity::Advice);
        let shown = |unit: UnitValue| unit.shown(outlier.currency);
        let same = match outlier.known {
            values::Known::Sku => "with this stock number",
            values::Known::Description => "with this description and number",
        };
        let mut more = format!(
            ": {} a unit, where the median of the {} lines {same} is {}",
            shown(outlier.unit),
            outlier.lines,
            shown(outlier.median)
        );
        if outlier.more > 0 {
            more.push_str(&format!("; {} further lines say the same", outlier.more));
        }
        let at = At {
            row: outlier.place.row,
            shipment_id: &outlier.place.shipment_id,
            line: Some(outlier.place.line),
        };
        self.tell(rule, severity, id::LINE_VALUE, at, None, &more)
    }

    /// Hands out a finding. `more` goes behind what the rule says is wrong.
    fn tell(
        &mut self,
        rule: &'static Rule,
        severity: Option<Severity>,
        field: FieldId,
        at: At<'_>,
        value: Option<&str>,
        more: &str,
    ) -> io::Result<()> {
        let severity = severity.unwrap_or(rule.severity);
        self.report.count(rule, severity);
        let show = self.options.show_values || !is_personal(field, value);
        let note = Note {
            file: self.file.to_owned(),
            row: at.row,
            shipment_id: at.shipment_id.to_owned(),
            line: at.line,
            field: field.name(),
            rule,
            severity,
            value: value.filter(|_| show).map(shown),
            message: format!(
                "{} {}{more}. For the {}: {}.",
                field.name(),
                rule.what,
                rule.who,
                rule.right
            ),
        };
        (self.each)(Found::Note(note))
    }
}

const UNIT: Option<FieldId> = FieldId::named("unit");

/// The first day of the releases in hand (2025 Basic); open windows reach behind it.
const FIRST_RELEASE: Day = Day(20_089);

/// Whether a value is not to be repeated: whatever is about a party, and whatever looks like an
/// e-mail address.
fn is_personal(field: FieldId, value: Option<&str>) -> bool {
    let of_party = |party: &Party| {
        let (first, last) = (
            party.field(PartyField::Name),
            party.field(PartyField::CareOf),
        );
        (first..=last).contains(&field)
    };
    let mail = value.is_some_and(|value| value.contains('@'));
    field.get().is_personal() || mail || Party::ALL.iter().any(of_party)
}

/// Whether a description that names only a purpose agrees with that purpose: household goods of
/// one who moves are declared as such.
fn is_plain_purpose(purpose: Purpose, description: &str) -> bool {
    let lower = description.to_ascii_lowercase();
    purpose == Purpose::PersonalEffects
        && [
            "personal effects",
            "used personal effects",
            "household goods and personal effects",
        ]
        .contains(&lower.as_str())
}
