//! `explain`: one parcel of a file, with every rule that spoke and what would change it.

use crate::commands::input::InputOptions;
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::out::style::Style;
use crate::pass::{Input, Inputs, Opening, Wishes, learn};
use crate::read::{Read, ReadError};
use crate::setup::Setup;
use clap::Args;
use deminimis_clearance::explain::Style as ExplainStyle;
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_office::papers::One;
use std::io::Write;
use std::path::PathBuf;

/// Explains one parcel.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The file that holds the parcel; `-` is standard input
    file: PathBuf,
    /// The parcel's id; not needed if the file holds one parcel
    #[arg(long, value_name = "ID")]
    shipment: Option<String>,
    /// Say it in words a consignee understands
    #[arg(long, conflicts_with = "json")]
    plain: bool,
    /// Write it as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    input: InputOptions,
}

/// Runs the command.
pub fn run(law: &LawOptions, args: ExplainArgs) -> Result<Ended, CommandError> {
    let setup = law.setup()?;
    let files = std::slice::from_ref(&args.file);
    let one = one(&setup, &args.input, files, args.shipment.as_deref())?;
    print(&setup, &args, &one)?;
    Ok(Ended::Well)
}

/// Reads the files for the parcel with an id, or for their only parcel.
pub(super) fn one(
    setup: &Setup,
    input: &InputOptions,
    files: &[PathBuf],
    id: Option<&str>,
) -> Result<One, CommandError> {
    let catalog = input.read_catalog(setup)?;
    let opening = input.opening(setup, catalog.as_ref())?;
    let inputs = Inputs::new(files)?;
    let mut refusal = None;
    let mut learned = learn(
        setup,
        &inputs,
        &opening,
        &Wishes::default(),
        |reject| {
            if reject.shipment_id.as_deref() == id {
                refusal = Some(format!(
                    "row {}: {} {}",
                    reject.row, reject.field, reject.reason
                ));
            }
            Ok(())
        },
        |_| Ok(()),
    )?;
    let parcels = learned.counts.shipments_accepted;
    if id.is_none() && parcels != 1 {
        let message = format!("the file holds {parcels} parcels: name one with --shipment ID");
        return Err(CommandError::Usage(message));
    }
    let Some((shipment, texts, index)) = find(&inputs, &opening.again(), id)? else {
        let id = id.unwrap_or_default();
        return Err(CommandError::Usage(match refusal {
            Some(reason) => format!("parcel `{id}` was refused: {reason}"),
            None => {
                let names: Vec<String> = inputs.iter().map(Input::name).collect();
                format!("no parcel `{id}` in {}", names.join(", "))
            }
        }));
    };
    let day = learned.days.of(index)?;
    Ok(One {
        shipment,
        texts,
        day,
    })
}

fn find<'a>(
    inputs: &'a Inputs,
    opening: &Opening<'a>,
    id: Option<&str>,
) -> Result<Option<(Shipment, Texts, u32)>, ReadError> {
    let (mut shipment, mut texts) = (Shipment::empty(), Texts::new());
    let mut index = 0;
    for input in inputs.iter() {
        let mut source = inputs.open(input, opening)?;
        while let Some(read) = source.next(&mut shipment, &mut texts)? {
            if let Read::Shipment { .. } = read {
                if id.is_none_or(|id| id == shipment.id) {
                    return Ok(Some((shipment, texts, index)));
                }
                index += 1;
            }
        }
    }
    Ok(None)
}

fn print(setup: &Setup, args: &ExplainArgs, one: &One) -> Result<(), CommandError> {
    let explained = one.explained(setup);
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &explained).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else if args.plain {
        write!(out, "{}", explained.plain())?;
    } else {
        let Style { width, colour } = Style::of_stdout();
        write!(out, "{}", explained.tree(ExplainStyle { width, colour }))?;
    }
    Ok(())
}
