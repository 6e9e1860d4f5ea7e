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

/// What a code of record SO50 means, and what to do.
fn of_bill(code: &str) -> Option<(Meaning, &'static str)> {
    use Meaning::*;
    Some(match code {
        "91" => (BillTrouble, "check the bill: it is not on a manifest yet"),
        "92" | "93" | "94" | "95" => (Progress, ""),
        "51" => (
            Hold("manifest, CBP"),
            "wait, or ask the carrier what CBP wants",
        ),
        "52" => (Hold("manifest, agriculture"), "wait, or ask the carrier"),
        "53" => (Hold("CBP"), "wait for CBP, or ask the port"),
        "54" => (HoldEnded("manifest, CBP"), ""),
        "55" => (HoldEnded("manifest, agriculture"), ""),
        "56" => (HoldEnded("CBP"), ""),
        "57" => (BillTrouble, "check the split shipment: it does not qualify"),
        "58" => (
            BillTrouble,
            "correct the quantity: it is over the manifest's",
        ),
        "59" => (BillTrouble, "check the in-bond number: it does not match"),
        "61" => (BillTrouble, "ask the carrier: the bill was deleted"),
        "62" => (
            BillTrouble,
            "ask the carrier: the bill was deleted after arrival",
        ),
        "63" => (
            BillTrouble,
            "ask the carrier: the in-bond was deleted after release",
        ),
        "74" => (
            BillTrouble,
            "use another type of bill: this one is not eligible",
        ),
        _ => return None,
    })
}

/// What a code of record SO60 means, and what to do.
fn of_release(code: &str) -> Option<(Meaning, &'static str)> {
    use Meaning::*;
    Some(match code {
        "01" | "80" | "81" | "82" | "83" | "88" => (Information, ""),
        "03" => (Review, "wait: an intensive examination is pending"),
        "04" => (NotReleased, "ask the port: the goods are detained"),
        "22" => (ReleaseDateChanged, ""),
        "23" => (
            Cancelled,
            "file anew under another number if the goods are to enter",
        ),
        "25" => (CancelSoon, "act within 7 days, or the entry is cancelled"),
        "26" => (CancelSoon, "check the bill: no match for 30 days"),
        "28" => (CancelSoon, "check the bill: no match for 60 days"),
        "29" => (NotReleased, "find out why, and correct the entry"),
        "30" => (
            WithheldDeMinimis,
            "the de minimis limit may be met: file by the type that fits",
        ),
        "33" => (
            NotReleased,
            "file another type: the country is not eligible for entry type 86",
        ),
        "34" => (
            WithheldDeMinimis,
            "the release is withheld because the de minimis limit is met: file by the type that fits",
        ),
        "70" | "71" | "72" | "73" => (Review, "wait for the quota"),
        "75" => (NotReleased, "give the port of entry"),
        "76" => (NotReleased, "file the entry summary: none is active"),
        "79" => (
            NotReleased,
            "choose another port: not permitted at this one",
        ),
        "84" | "85" | "86" | "87" => (Review, CORRECTION),
        "89" => (
            NotReleased,
            "correct the port: it differs from the manifest's",
        ),
        "90" => (Review, "wait: CBP reviews the entry"),
        "96" => (Documents, "send the documents that CBP asks for"),
        "97" => (Admissible, ""),
        "98" => (Released, ""),
        "99" => (NotReleased, "ask the port: the release is suspended"),
        _ => return None,
    })
}

/// The meaning of a code of a status record, and what to do about it (empty if nothing). A code
/// that is not in the list is told for information.
#[must_use]
pub fn meaning_of_status(record: &str, code: &str) -> (Meaning, &'static str) {
    let known = match record {
        "SO50" => of_bill(code),
        "SO60" => of_release(code),
        _ => None,
    };
    known.unwrap_or((
        Meaning::Information,
        "look the code up: it is not in the list",
    ))
}
