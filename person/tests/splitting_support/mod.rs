//! Parcels for tests of the finding of split lots, and how well findings meet labels.

use deminimis_person::splitting::{Finding, Kind, Level, Parcel, SplitReason};
use deminimis_person::{Key, PartyText, Scratch};
use std::collections::{BTreeMap, BTreeSet};

/// A parcel that owns its texts.
#[derive(Clone, Debug)]
pub struct Made {
    pub shipment_id: String,
    pub day: i32,
    pub value_cents: i64,
    pub limit_cents: Option<i64>,
    pub linked_person: Option<u32>,
    pub name: String,
    pub street: String,
    pub city: String,
    pub state: String,
    pub postal_code: String,
    pub email: String,
    pub seller: String,
    pub order_id: String,
    pub ordered_on: Option<i32>,
    pub order_total_cents: Option<i64>,
    pub order_parcels: Option<u32>,
    pub split_reason: Option<SplitReason>,
    pub master_bill: String,
    pub house_bill: String,
    pub description: String,
    pub htsus_number: String,
}

/// Their persons, in the same order.
pub struct Persons(Vec<(Key, Scratch)>);

impl Persons {
    pub fn of(made: &[Made]) -> Persons {
        let person = |made: &Made| {
            let party = PartyText {
                name: Some(&made.name),
                street: Some(&made.street),
                city: Some(&made.city),
                state: Some(&made.state),
                postal_code: Some(&made.postal_code),
                country: Some("US"),
            };
            let mut scratch = Scratch::new();
            let key = Key::of(&party, "person", None, &mut scratch).unwrap();
            (key, scratch)
        };
        Persons(made.iter().map(person).collect())
    }

    /// The parcels as they are looked at; `index` is the place in `made`.
    pub fn parcels<'a>(&'a self, made: &'a [Made]) -> Vec<Parcel<'a>> {
        made.iter()
            .zip(&self.0)
            .enumerate()
            .map(|(index, (made, (key, scratch)))| Parcel {
                index,
                shipment_id: &made.shipment_id,
                day: made.day,
                value_cents: made.value_cents,
                limit_cents: made.limit_cents,
                person: *key,
                linked_person: made.linked_person,
                party: scratch.last(),
                email: &made.email,
                seller: &made.seller,
                order_id: &made.order_id,
                ordered_on: made.ordered_on,
                order_total_cents: made.order_total_cents,
                order_parcels: made.order_parcels,
                split_reason: made.split_reason,
                master_bill: &made.master_bill,
                house_bill: &made.house_bill,
                description: &made.description,
                htsus_number: &made.htsus_number,
            })
            .collect()
    }
}

/// How findings of one kind that are at least so sure meet the labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// Labelled groups of the kind, those of which a finding of the kind holds half and at least
    /// two parcels, and those that findings of any kind hold so.
    pub groups: u64,
    pub found: u64,
    pub found_by_any: u64,
    /// Findings of the kind; those of which more than half is one group of the kind; and those of
    /// which more than half is labelled, but not so.
    pub findings: u64,
    pub right: u64,
    pub of_another: u64,
    /// Parcels without a label, and those that findings of the kind hold which accuse, that is, are
    /// of the level and so not mere information.
    pub clean: u64,
    pub accused: u64,
}

impl Quality {
    /// Right among the findings, in thousandths.
    pub fn precision(&self) -> u64 {
        self.right * 1000 / self.findings.max(1)
    }

    /// Found among the groups, in thousandths.
    pub fn recall(&self) -> u64 {
        self.found * 1000 / self.groups.max(1)
    }

    /// Accused among the parcels without a label, in hundred thousandths.
    pub fn false_alarms(&self) -> u64 {
        self.accused * 100_000 / self.clean.max(1)
    }
}

/// A parcel's label: the kind of its group and the number of the group.
pub type Label = Option<(Kind, u32)>;

/// Whether a finding is as sure as a level asks, whether or not anything follows from it.
pub fn is_sure(finding: &Finding, level: Level) -> bool {
    level < Level::Likely || finding.is_likely()
}

/// The parcels without a label that findings of a level hold, of one kind or of any: accused.
fn accused(labels: &[Label], findings: &[Finding], kind: Option<Kind>, level: Level) -> u64 {
    let accuse = |finding: &&Finding| {
        finding.level() >= level && kind.is_none_or(|kind| finding.kind == kind)
    };
    let held = findings
        .iter()
        .filter(accuse)
        .flat_map(|finding| &finding.parcels);
    let innocent: BTreeSet<&usize> = held.filter(|at| labels[**at].is_none()).collect();
    innocent.len() as u64
}

/// The parcels without a label that are accused of anything.
pub fn accused_of_any(labels: &[Label], findings: &[Finding], level: Level) -> u64 {
    accused(labels, findings, None, level)
}

/// Measures findings of a kind that are as sure as a level asks against the labels of all parcels.
pub fn measure(labels: &[Label], findings: &[Finding], kind: Kind, level: Level) -> Quality {
    let mut quality = Quality::default();
    let mut sizes = BTreeMap::new();
    for label in labels.iter().flatten() {
        *sizes.entry(*label).or_insert(0_usize) += 1;
    }
    let sure = || findings.iter().filter(|finding| is_sure(finding, level));
    let held = |finding: &Finding, label: (Kind, u32)| {
        let of_group = |at: &&usize| labels[**at] == Some(label);
        finding.parcels.iter().filter(of_group).count()
    };
    for (label, size) in sizes.iter().filter(|(label, _)| label.0 == kind) {
        let holds = |finding: &Finding| {
            let held = held(finding, *label);
            held * 2 >= *size && held >= 2.min(*size)
        };
        quality.groups += 1;
        quality.found += u64::from(sure().any(|finding| finding.kind == kind && holds(finding)));
        quality.found_by_any += u64::from(sure().any(holds));
    }
    for finding in sure().filter(|finding| finding.kind == kind) {
        let most = |count: usize| count * 2 > finding.parcels.len();
        let own: Vec<(Kind, u32)> = finding
            .parcels
            .iter()
            .filter_map(|at| labels[*at])
            .collect();
        let right = own
            .iter()
            .any(|label| label.0 == kind && most(held(finding, *label)));
        quality.findings += 1;
        quality.right += u64::from(right);
        quality.of_another += u64::from(!right && most(own.len()));
    }
    quality.accused = accused(labels, findings, Some(kind), level);
    quality.clean = labels.iter().filter(|label| label.is_none()).count() as u64;
    quality
}
