//! `ledger post`, `void`, `move`, `amend`: what became of parcels that have their place.

use super::look::{show, state_word};
use super::records::hex;
use super::{Amend, Ids, Look, Move};
use crate::commands::input::InputOptions;
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::law_cmd::Format;
use crate::law_cmd::page::Style as Ink;
use crate::ledger::{Answer, Desk, LedgerError, lost_words};
use crate::pass::{Inputs, Persons};
use crate::read::Read;
use crate::setup::Setup;
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_law::time::{Day, parse_when};
use deminimis_store::intake::{Lost, Parcel, Said};
use deminimis_store::{Kept, Receipt, Refused, StoreError};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

/// What became of one parcel.
struct Done {
    shipment_id: String,
    result: Result<Stood, String>,
}

/// A change that stands.
struct Stood {
    /// The position of its line.
    position: i64,
    /// Whether it was made now.
    fresh: bool,
    /// The answer, if the parcel was assessed.
    decision: Option<Value>,
}

fn open(law: &LawOptions, look: &Look) -> Result<(Arc<Setup>, Desk), CommandError> {
    let setup = Arc::new(law.setup()?);
    let desk = Desk::open(&look.place.place()?, &look.place.tenant, &setup, false)?;
    Ok((setup, desk))
}

/// Parcels arrived, or do not come.
pub fn state(law: &LawOptions, ids: &Ids, arrived: bool) -> Result<Ended, CommandError> {
    let (_, desk) = open(law, &ids.look)?;
    let request = |id: &String| match arrived {
        true => desk.intake.post(id),
        false => desk.intake.void(id),
    };
    let submit = |id| desk.ledger.submit(request(id));
    let pending: Vec<_> = ids.ids.iter().map(submit).collect();
    let mut all = Vec::new();
    for (id, pending) in ids.ids.iter().zip(pending) {
        all.push(done(&desk, id, None, pending.wait())?);
    }
    tell(&ids.look, if arrived { "post" } else { "void" }, &all)
}

/// A parcel arrives at another time.
pub fn move_to(law: &LawOptions, args: &Move) -> Result<Ended, CommandError> {
    let (setup, desk) = open(law, &args.look)?;
    let when = parse_when(&args.arrives_at, setup.law.zone()).map_err(|error| {
        CommandError::Usage(format!("--arrives-at `{}` {error}", args.arrives_at))
    })?;
    let said = Said {
        arrives_at: Some(args.arrives_at.clone()),
        entered_at: None,
    };
    let parcel = match &args.file {
        None => kept_parcel(&setup, &desk, &args.id, said)?,
        Some(file) => {
            let ids = HashSet::from([args.id.as_str()]);
            let change = |shipment: &mut Shipment| shipment.arrives_at = when;
            let from = (&args.input, file);
            let mut read = read(&setup, &desk, from, Some(&ids), &said, change)?;
            let file = file.display();
            let none = || CommandError::Usage(format!("no parcel `{}` in {file}", args.id));
            read.pop().ok_or_else(none)?
        }
    };
    let parcel = &parcel;
    let kept = kept(&desk, parcel)?;
    let result = match kept {
        Err(why) => Err(why),
        // A move that was made before is not made again, though it has no id of the sender's.
        Ok(kept) if args.event.is_none() && kept.arrival == parcel.arrival() => {
            let position = kept.position;
            Ok(Stood {
                position,
                fresh: false,
                decision: None,
            })
        }
        Ok(_) => {
            let event = match &args.event {
                Some(event) => format!("move {event}"),
                None => format!("move {}", unique()?),
            };
            let receipt = desk
                .ledger
                .submit(desk.intake.move_to(parcel, &event))
                .wait();
            done(&desk, &args.id, Some(parcel), receipt)?.result
        }
    };
    let shipment_id = args.id.clone();
    tell(
        &args.look,
        "move",
        &[Done {
            shipment_id,
            result,
        }],
    )
}

/// Parcels changed.
pub fn amend(law: &LawOptions, args: &Amend) -> Result<Ended, CommandError> {
    let (setup, desk) = open(law, &args.look)?;
    let read = read(
        &setup,
        &desk,
        (&args.input, &args.file),
        None,
        &Said::default(),
        |_| {},
    )?;
    let mut all = Vec::new();
    for parcel in &read {
        let shipment_id = parcel.shipment.id.clone();
        let result = match kept(&desk, parcel)? {
            Err(why) => Err(why),
            Ok(kept) if kept.arrival != parcel.arrival() => Err(format!(
                "arrives on {} in the ledger, and at another time in the file: move it first, or \
                 give arrives_at as the ledger has it",
                Day(kept.arrival.day)
            )),
            // Amended to what it was claimed as: there is nothing to do unless it changed between.
            Ok(_) => {
                let event = match &args.event {
                    Some(event) => format!("amend {event}"),
                    None => format!("amend {}", hex(&parcel.body_hash[..16])),
                };
                let receipt = desk.ledger.submit(desk.intake.amend(parcel, &event)).wait();
                done(&desk, &shipment_id, Some(parcel), receipt)?.result
            }
        };
        all.push(Done {
            shipment_id,
            result,
        });
    }
    tell(&args.look, "amend", &all)
}

/// The parcel as the ledger has kept it, changed by what is said now.
fn kept_parcel(setup: &Setup, desk: &Desk, id: &str, said: Said) -> Result<Parcel, CommandError> {
    let refused = |why: &str| {
        let with_file = "give the file that has it with --in";
        CommandError::Refused(format!("{id}: {why}; {with_file}"))
    };
    let kept = desk.latest(setup, id)?;
    let kept = kept.ok_or_else(|| refused("the ledger has no record of it"))?;
    let lost = |lost: Lost| refused(&lost_words(&lost));
    let mut kept = kept.map_err(lost)?;
    kept.said.arrives_at = said.arrives_at;
    let mut persons = Persons::default();
    let person = |basis| persons.of(&kept.texts, basis);
    desk.intake.take_kept(&kept, person).map_err(lost)
}

/// Reads the parcels of a file, all or those with an id, changed as the command says.
fn read(
    setup: &Setup,
    desk: &Desk,
    (input, file): (&InputOptions, &PathBuf),
    ids: Option<&HashSet<&str>>,
    said: &Said,
    change: impl Fn(&mut Shipment),
) -> Result<Vec<Parcel>, CommandError> {
    let catalog = input.read_catalog(setup)?;
    let opening = input.opening(setup, catalog.as_ref())?;
    let inputs = Inputs::new(std::slice::from_ref(file))?;
    let mut persons = Persons::default();
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    let mut parcels = Vec::new();
    for input in inputs.iter() {
        let mut source = inputs.open(input, &opening)?;
        while let Some(read) = source.next(&mut shipment, &mut texts)? {
            match read {
                Read::Refused(reject) => {
                    let id = reject.shipment_id.as_deref().unwrap_or_default();
                    if ids.is_none_or(|ids| ids.contains(id)) {
                        return Err(CommandError::Refused(format!(
                            "{} row {}: {} {} {}",
                            reject.file, reject.row, reject.field, reject.value, reject.reason
                        )));
                    }
                }
                Read::Shipment { .. } => {
                    if ids.is_none_or(|ids| ids.contains(shipment.id.as_str())) {
                        change(&mut shipment);
                        let person = |basis| persons.of(&texts, basis);
                        parcels.push(desk.intake.take(&shipment, &texts, said, person));
                    }
                }
            }
        }
    }
    Ok(parcels)
}

/// A parcel as the ledger has it, or why it cannot be changed by what the file says.
fn kept(desk: &Desk, parcel: &Parcel) -> Result<Result<Kept, String>, LedgerError> {
    let found = desk
        .ledger
        .shipment(desk.intake.tenant(), &parcel.shipment.id)
        .wait()
        .map_err(|error| desk.failed(error))?;
    Ok(match found {
        None => Err(Refused::UnknownShipment.to_string()),
        Some(kept) if kept.person != parcel.ledger_person => Err(
            "is for another person in the ledger: void it, and enter it under another id"
                .to_owned(),
        ),
        Some(kept) => Ok(kept),
    })
}

fn done(
    desk: &Desk,
    id: &str,
    parcel: Option<&Parcel>,
    received: Result<Receipt, StoreError>,
) -> Result<Done, LedgerError> {
    let result = match received {
        Ok(receipt) => Ok(Stood {
            position: receipt.position,
            fresh: receipt.fresh,
            decision: match parcel {
                Some(parcel) => Some(decision(desk, parcel, &receipt)?),
                None => None,
            },
        }),
        Err(StoreError::Refused(Refused::WrongState(state))) => Err(format!(
            "is not possible: the parcel is {}",
            state_word(state)
        )),
        Err(StoreError::Refused(reason)) => Err(reason.to_string()),
        Err(error) => return Err(desk.failed(error)),
    };
    Ok(Done {
        shipment_id: id.to_owned(),
        result,
    })
}

fn decision(desk: &Desk, parcel: &Parcel, receipt: &Receipt) -> Result<Value, LedgerError> {
    let mut text = Vec::new();
    let read = Answer::read(&receipt.answer).and_then(|answer| {
        answer.push_json(parcel.person, &mut text);
        serde_json::from_slice(&text).ok()
    });
    read.ok_or_else(|| LedgerError::Answer {
        place: desk.place.clone(),
        shipment_id: parcel.shipment.id.clone(),
    })
}

/// An event's id where the sender gives none.
pub fn unique() -> Result<String, CommandError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(hex(&bytes))
}

/// Shows what became of each parcel.
fn tell(look: &Look, verb: &str, all: &[Done]) -> Result<Ended, CommandError> {
    let refused = all.iter().any(|one| one.result.is_err());
    if look.format.format == Format::Json {
        let one = |one: &Done| match &one.result {
            Ok(stood) => json!({ "shipment_id": one.shipment_id, "event": verb, "done": true,
                "fresh": stood.fresh, "position": stood.position, "decision": stood.decision }),
            Err(why) => json!({ "shipment_id": one.shipment_id, "event": verb, "done": false,
                "reason": why }),
        };
        let all: Vec<Value> = all.iter().map(one).collect();
        show(|page| page.json(&Value::Array(all)))?;
    } else {
        let row = |one: &Done| {
            let (result, says) = match &one.result {
                Err(why) => ("refused".to_owned(), why.clone()),
                Ok(stood) => {
                    let result = if stood.fresh { "done" } else { "done before" };
                    let outcome = stood.decision.as_ref().map(|decision| &decision["outcome"]);
                    let outcome = outcome.and_then(Value::as_str).unwrap_or_default();
                    (result.to_owned(), outcome.replace('_', " "))
                }
            };
            vec![one.shipment_id.clone(), verb.to_owned(), result, says]
        };
        let rows: Vec<_> = all.iter().map(row).collect();
        let styles = [Ink::Id, Ink::Plain, Ink::Plain, Ink::Plain];
        show(|page| page.table(0, &styles, &rows))?;
    }
    Ok(if refused { Ended::Refused } else { Ended::Well })
}
