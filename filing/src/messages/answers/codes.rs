//! What the codes of status notifications mean.
//!
//! One transcription of the status notification chapter (revision 36, September 2025) is the only
//! source: every meaning here is as weak as that.

use serde::Serialize;

/// What a status code means for the state of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// The goods or their bill came a step further.
    Progress,
    /// A hold of that name began.
    Hold(&'static str),
    /// A hold of that name ended.
    HoldEnded(&'static str),
    /// Something is wrong with a bill and must be put right.
    BillTrouble,
    /// CBP looks at the entry.
    Review,
    /// Documents are asked for.
    Documents,
    /// May be admitted, not yet released.
    Admissible,
    /// Released.
    Released,
    /// The release date changed.
    ReleaseDateChanged,
    /// Not released, or no longer.
    NotReleased,
    /// Not released because the goods may be free under the de minimis limit and came as an entry
    /// of another type, or the other way round.
    WithheldDeMinimis,
    /// The entry is cancelled.
    Cancelled,
    /// The entry will be cancelled unless something is done.
    CancelSoon,
    /// Told for information.
    Information,
}

/// Four codes of which the source tells only what they are about together.
const CORRECTION: &str = "read the text: a correction or cancellation is asked about or refused";

/// (record, code, meaning, what to do).
const CODES: [(&str, &str, Meaning, &str); 52] = [
    (
        "SO50",
        "91",
        Meaning::BillTrouble,
        "check the bill: it is not on a manifest yet",
    ),
    ("SO50", "92", Meaning::Progress, ""),
    ("SO50", "93", Meaning::Progress, ""),
    ("SO50", "94", Meaning::Progress, ""),
    ("SO50", "95", Meaning::Progress, ""),
    (
        "SO50",
        "51",
        Meaning::Hold("manifest, CBP"),
        "wait, or ask the carrier what CBP wants",
    ),
    (
        "SO50",
        "52",
        Meaning::Hold("manifest, agriculture"),
        "wait, or ask the carrier",
    ),
    (
        "SO50",
        "53",
        Meaning::Hold("CBP"),
        "wait for CBP, or ask the port",
    ),
    ("SO50", "54", Meaning::HoldEnded("manifest, CBP"), ""),
    (
        "SO50",
        "55",
        Meaning::HoldEnded("manifest, agriculture"),
        "",
    ),
    ("SO50", "56", Meaning::HoldEnded("CBP"), ""),
    (
        "SO50",
        "57",
        Meaning::BillTrouble,
        "check the split shipment: it does not qualify",
    ),
    (
        "SO50",
        "58",
        Meaning::BillTrouble,
        "correct the quantity: it is over the manifest's",
    ),
    (
        "SO50",
        "59",
        Meaning::BillTrouble,
        "check the in-bond number: it does not match",
    ),
    (
        "SO50",
        "61",
        Meaning::BillTrouble,
        "ask the carrier: the bill was deleted",
    ),
    (
        "SO50",
        "62",
        Meaning::BillTrouble,
        "ask the carrier: the bill was deleted after arrival",
    ),
    (
        "SO50",
        "63",
        Meaning::BillTrouble,
        "ask the carrier: the in-bond was deleted after release",
    ),
    (
        "SO50",
        "74",
        Meaning::BillTrouble,
        "use another type of bill: this one is not eligible",
    ),
    ("SO60", "01", Meaning::Information, ""),
    (
        "SO60",
        "03",
        Meaning::Review,
        "wait: an intensive examination is pending",
    ),
    (
        "SO60",
        "04",
        Meaning::NotReleased,
        "ask the port: the goods are detained",
    ),
    ("SO60", "22", Meaning::ReleaseDateChanged, ""),
    (
        "SO60",
        "23",
        Meaning::Cancelled,
        "file anew under another number if the goods are to enter",
    ),
    (
        "SO60",
        "25",
        Meaning::CancelSoon,
        "act within 7 days, or the entry is cancelled",
    ),
    (
        "SO60",
        "26",
        Meaning::CancelSoon,
        "check the bill: no match for 30 days",
    ),
    (
        "SO60",
        "28",
        Meaning::CancelSoon,
        "check the bill: no match for 60 days",
    ),
    (
        "SO60",
        "29",
        Meaning::NotReleased,
        "find out why, and correct the entry",
    ),
    (
        "SO60",
        "30",
        Meaning::WithheldDeMinimis,
        "the de minimis limit may be met: file by the type that fits",
    ),
    (
        "SO60",
        "33",
        Meaning::NotReleased,
        "file another type: the country is not eligible for entry type 86",
    ),
    (
        "SO60",
        "34",
        Meaning::WithheldDeMinimis,
        "the release is withheld because the de minimis limit is met: file by the type that fits",
    ),
    ("SO60", "70", Meaning::Review, "wait for the quota"),
    ("SO60", "71", Meaning::Review, "wait for the quota"),
    ("SO60", "72", Meaning::Review, "wait for the quota"),
    ("SO60", "73", Meaning::Review, "wait for the quota"),
    ("SO60", "75", Meaning::NotReleased, "give the port of entry"),
    (
        "SO60",
        "76",
        Meaning::NotReleased,
        "file the entry summary: none is active",
    ),
    (
        "SO60",
        "79",
        Meaning::NotReleased,
        "choose another port: not permitted at this one",
    ),
    ("SO60", "80", Meaning::Information, ""),
    ("SO60", "81", Meaning::Information, ""),
    ("SO60", "82", Meaning::Information, ""),
    ("SO60", "83", Meaning::Information, ""),
    ("SO60", "84", Meaning::Review, CORRECTION),
    ("SO60", "85", Meaning::Review, CORRECTION),
    ("SO60", "86", Meaning::Review, CORRECTION),
    ("SO60", "87", Meaning::Review, CORRECTION),
    ("SO60", "88", Meaning::Information, ""),
    (
        "SO60",
        "89",
        Meaning::NotReleased,
        "correct the port: it differs from the manifest's",
    ),
    ("SO60", "90", Meaning::Review, "wait: CBP reviews the entry"),
    (
        "SO60",
        "96",
        Meaning::Documents,
        "send the documents that CBP asks for",
    ),
    ("SO60", "97", Meaning::Admissible, ""),
    ("SO60", "98", Meaning::Released, ""),
    (
        "SO60",
        "99",
        Meaning::NotReleased,
        "ask the port: the release is suspended",
    ),
];

/// The meaning of a code of a status record, and what to do about it (empty if nothing). A code
/// that is not in the list is told for information.
#[must_use]
pub fn meaning_of_status(record: &str, code: &str) -> (Meaning, &'static str) {
    let known = CODES
        .iter()
        .find(|(of, known, ..)| *of == record && *known == code);
    known.map_or(
        (
            Meaning::Information,
            "look the code up: it is not in the list",
        ),
        |(.., meaning, todo)| (*meaning, *todo),
    )
}
