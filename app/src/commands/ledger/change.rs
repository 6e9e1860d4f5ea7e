//! `ledger post`, `void`, `move`, `amend`: what became of parcels that have their place.

use super::look::show;
use super::{Amend, Ids, Look, Move};
use crate::commands::input::InputOptions;
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::ledger::{LedgerError, NotKept, OpenLedger, hex, person_key, state_word};
use crate::out::page::Format;
use crate::out::page::Style as Ink;
use crate::pass::{Inputs, Persons};
use crate::read::Read;
use crate::setup::Setup;
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_law::names::PersonBasis;
use deminimis_law::time::{Day, parse_when};
use deminimis_store::intake::{Parcel, Said};
use deminimis_store::{Content, Kept, Receipt, Refused, StoreError};
use serde_json::{Value, json};
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

fn open(law: &LawOptions, look: &Look) -> Result<(Arc<Setup>, OpenLedger), CommandError> {
    let setup = Arc::new(law.setup()?);
    let desk = look.desk(&setup)?;
    Ok((setup, desk))
}

/// How many requests are on their way at most: less than a store lets wait.
const WINDOW: usize = 1024;

/// Parcels arrived, or do not come.
pub fn state(law: &LawOptions, ids: &Ids, arrived: bool) -> Result<Ended, CommandError> {
    let (_, desk) = open(law, &ids.look)?;
    let request = |id: &String| match arrived {
        true => desk.intake.post(id),
        false => desk.intake.void(id),
    };
    let mut all = Vec::new();
    for ids in ids.ids.chunks(WINDOW) {
        let submit = |id| desk.ledger.submit(request(id));
        let pending: Vec<_> = ids.iter().map(submit).collect();
        for (id, pending) in ids.iter().zip(pending) {
            let received = desk.receipt(pending, || request(id));
            all.push(done(&desk, id, None, received)?);
        }
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
    let event = match &args.event {
        Some(event) => format!("move {event}"),
        None => format!("move {}", unique()?),
    };
    let result = match &args.file {
        None => moved_as_kept((&setup, &desk), args, &event, &said)?,
        Some(file) => {
            let mut found = None;
            let change = |shipment: &mut Shipment| shipment.arrives_at = when;
            let from = (&args.input, file);
            read(&setup, &desk, from, (&said, &change), |id, read| {
                if id == args.id && found.is_none() {
                    found = Some(read);
                }
                Ok(())
            })?;
            let file = file.display();
            let none = || CommandError::Usage(format!("no parcel `{}` in {file}", args.id));
            let refused = |why| CommandError::Refused(format!("{}: {file}: {why}", args.id));
            let parcel = found.ok_or_else(none)?.map_err(refused)?;
            let moved = moved(&desk, args, &event, &parcel, None)?;
            moved.unwrap_or_else(|Overtaken| Err(OVERTAKEN.to_owned()))
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

/// Somebody else changed the parcel between its reading and the request.
struct Overtaken;

/// What is said to who told a parcel anew while another did: only he knows whether it still holds.
const OVERTAKEN: &str = "was changed by another request at the same time, and the file may not have \
                         that change: look at it (deminimis ledger records list ID), and say again \
                         what is still to be changed";

/// How often a parcel is read anew that others change at the same time.
const READ_ANEW: usize = 8;

/// Moves a parcel as the ledger has it: what another changed of it meanwhile is read and moved with
/// it.
fn moved_as_kept(
    (setup, desk): (&Setup, &OpenLedger),
    args: &Move,
    event: &str,
    said: &Said,
) -> Result<Result<Stood, String>, CommandError> {
    for _ in 0..READ_ANEW {
        // Looked at before its records are read: they then have that decision or a later one.
        let seen = desk.shipment(&args.id)?.map(|kept| kept.decided);
        let parcel = kept_parcel(setup, desk, &args.id, said.clone())?;
        if let Ok(result) = moved(desk, args, event, &parcel, seen)? {
            return Ok(result);
        }
    }
    Ok(Err(
        "is changed by others all the time, and was not moved: ask again".to_owned(),
    ))
}

/// Moves a parcel that rests on the decision that was seen, or on that which stands when it is looked
/// at here.
fn moved(
    desk: &OpenLedger,
    args: &Move,
    event: &str,
    parcel: &Parcel,
    seen: Option<i64>,
) -> Result<Result<Result<Stood, String>, Overtaken>, LedgerError> {
    let kept = match kept(desk, parcel)? {
        Err(why) => return Ok(Ok(Err(why))),
        Ok(kept) => kept,
    };
    // A move that was made before is not made again, though it has no id of the sender's.
    if args.event.is_none() && kept.arrival == parcel.arrival() {
        return Ok(Ok(Ok(Stood {
            position: kept.position,
            fresh: false,
            decision: None,
        })));
    }
    let rests_on = Some(seen.unwrap_or(kept.decided));
    let request = || desk.intake.move_to(parcel, event, rests_on);
    match desk.receipt(desk.ledger.submit(request()), request) {
        Err(StoreError::Refused(Refused::Changed)) => Ok(Err(Overtaken)),
        receipt => Ok(Ok(done(desk, &args.id, Some(parcel), receipt)?.result)),
    }
}

/// Parcels changed.
pub fn amend(law: &LawOptions, args: &Amend) -> Result<Ended, CommandError> {
    let (setup, desk) = open(law, &args.look)?;
    let mut all = Vec::new();
    let (said, from) = (Said::default(), (&args.input, &args.file));
    read(&setup, &desk, from, (&said, &|_| {}), |id, read| {
        let result = match read {
            Err(why) => Err(why),
            Ok(parcel) => amended(&desk, &parcel, args.event.as_deref())?,
        };
        let shipment_id = id.to_owned();
        all.push(Done {
            shipment_id,
            result,
        });
        Ok(())
    })?;
    tell(&args.look, "amend", &all)
}

/// A parcel becomes what a file says of it now.
fn amended(
    desk: &OpenLedger,
    parcel: &Parcel,
    event: Option<&str>,
) -> Result<Result<Stood, String>, LedgerError> {
    let id = &parcel.shipment.id;
    let kept = match amendable(desk, parcel)? {
        Err(why) => return Ok(Err(why)),
        // Amended to what it was claimed as: there is nothing to do unless it changed between.
        Ok(kept) => kept,
    };
    let by_what_it_says = || hex(&parcel.body_hash[..16]);
    let name = event.map_or_else(by_what_it_says, str::to_owned);
    let name = format!("amend {name}");
    let request = || desk.intake.amend(parcel, &name, Some(kept.decided));
    let receipt = desk.receipt(desk.ledger.submit(request()), request);
    if receipt == Err(StoreError::Refused(Refused::Changed)) {
        // What it has become says best what is in the way: another day, for one that was moved.
        let again = amendable(desk, parcel)?;
        return Ok(Err(again.err().unwrap_or_else(|| OVERTAKEN.to_owned())));
    }
    let result = done(desk, id, Some(parcel), receipt)?.result;
    // What was said before is not said of a parcel that has become another one since.
    if event.is_none() && matches!(&result, Ok(stood) if !stood.fresh) {
        let latest = desk.records_of(id)?.pop();
        if latest.is_none_or(|latest| latest.event_id.as_deref() != Some(name.as_str())) {
            return Ok(Err(
                "was amended so before, and was changed since: to amend \
                           it so again, give --event with an id of your own"
                    .to_owned(),
            ));
        }
    }
    Ok(result)
}

/// A parcel as the ledger has it, or why it cannot become what the file says.
fn amendable(desk: &OpenLedger, parcel: &Parcel) -> Result<Result<Kept, String>, LedgerError> {
    Ok(kept(desk, parcel)?.and_then(|kept| {
        if kept.arrival == parcel.arrival() {
            return Ok(kept);
        }
        Err(format!(
            "arrives on {} in the ledger, and at another time in the file: move it first, or give \
             arrives_at as the ledger has it",
            Day(kept.arrival.day)
        ))
    }))
}

/// The parcel as the ledger has kept it, changed by what is said now.
fn kept_parcel(
    setup: &Setup,
    desk: &OpenLedger,
    id: &str,
    said: Said,
) -> Result<Parcel, CommandError> {
    let kept = desk.kept_parcel(setup, id, said.arrives_at)?;
    kept.map_err(|why| {
        let with_file = match why {
            NotKept::Unknown => "",
            NotKept::NoRecord | NotKept::Lost(_) => "; give the file that has it with --in",
        };
        CommandError::Refused(format!("{id}: {}{with_file}", why.words()))
    })
}

/// Reads the parcels of a file, changed as the command says, and tells each: its id, and the parcel
/// or why it is refused.
fn read(
    setup: &Setup,
    desk: &OpenLedger,
    (input, file): (&InputOptions, &PathBuf),
    (said, change): (&Said, &dyn Fn(&mut Shipment)),
    mut tell: impl FnMut(&str, Result<Parcel, String>) -> Result<(), LedgerError>,
) -> Result<(), CommandError> {
    let catalog = input.read_catalog(setup)?;
    let opening = input.opening(setup, catalog.as_ref())?;
    let inputs = Inputs::new(std::slice::from_ref(file))?;
    let mut persons = Persons::default();
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    for input in inputs.iter() {
        let mut source = inputs.open(input, &opening)?;
        while let Some(read) = source.next(&mut shipment, &mut texts)? {
            match read {
                Read::Refused(reject) => {
                    let (row, field, value) = (reject.row, &reject.field, &reject.value);
                    let why = format!("row {row}: {field} {value} {}", reject.reason);
                    let id = reject.shipment_id.as_deref().unwrap_or_default();
                    tell(id, Err(why))?;
                }
                Read::Shipment { .. } => {
                    change(&mut shipment);
                    let mut basis = PersonBasis::Consignee;
                    let person = |of| {
                        basis = of;
                        persons.of(&texts, of)
                    };
                    let mut parcel = desk.intake.take(&shipment, &texts, said, person);
                    desk.compare(setup, &mut parcel, &texts, basis)?;
                    tell(&shipment.id, Ok(parcel))?;
                }
            }
        }
    }
    Ok(())
}

/// A parcel as the ledger has it, or why it cannot be changed by what the file says.
fn kept(desk: &OpenLedger, parcel: &Parcel) -> Result<Result<Kept, String>, LedgerError> {
    let other = |what: &str| {
        let right = "void it, and enter it under another id";
        Ok(Err(format!("is {what} in the ledger: {right}")))
    };
    match desk.shipment(&parcel.shipment.id)? {
        None => Ok(Err(Refused::UnknownShipment.to_string())),
        Some(kept) if !is_for(desk, parcel, &kept)? => other("for another person"),
        Some(kept) if !parcel.has_marks_of(&kept) => other("of another order or master bill"),
        Some(kept) => Ok(Ok(kept)),
    }
}

/// Whether a parcel is for the person whom the ledger has it for: by his key, by one that was merged
/// into it, or because a human gave it to him and its sender says the same of it as before.
fn is_for(desk: &OpenLedger, parcel: &Parcel, kept: &Kept) -> Result<bool, LedgerError> {
    if kept.person == parcel.ledger_person || kept.person == desk.person_of(parcel.ledger_person)? {
        return Ok(true);
    }
    let Some(latest) = desk.records_of(&parcel.shipment.id)?.pop() else {
        return Ok(false);
    };
    let erased = latest
        .fields
        .iter()
        .any(|field| field.content == Content::Erased);
    let key = parcel.person.map(|key| key.to_string());
    Ok(!erased && person_key(&latest) == key.as_deref())
}

fn done(
    desk: &OpenLedger,
    id: &str,
    parcel: Option<&Parcel>,
    received: Result<Receipt, StoreError>,
) -> Result<Done, LedgerError> {
    let result = match received {
        Ok(receipt) => Ok(Stood {
            position: receipt.position,
            fresh: receipt.fresh,
            decision: match parcel {
                Some(parcel) => Some(desk.decision(parcel, &receipt)?),
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
