//! `explain`: one parcel of a file, with every rule that spoke and what would change it.

use crate::commands::input::InputOptions;
use crate::commands::law::LawOptions;
use crate::commands::{CommandError, Ended};
use crate::out::ENGINE;
use crate::out::style::Style;
use crate::pass::{Input, Inputs, Opening, Persons, Wishes, learn};
use crate::read::{Read, ReadError};
use crate::setup::Setup;
use clap::Args;
use deminimis_clearance::explain::{Explanation, Style as ExplainStyle, explain};
use deminimis_clearance::render::Known;
use deminimis_clearance::shipment::{Shipment, Texts};
use deminimis_clearance::{DayContext, Scratch, assess_into};
use deminimis_person::PERSON_RULES;
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
    let one = One::of(&setup, &args.input, files, args.shipment.as_deref())?;
    print(&setup, &args, &one)?;
    Ok(Ended::Well)
}

/// One parcel of the files given, with its day.
pub(super) struct One {
    /// What the law reads.
    pub shipment: Shipment,
    /// What was given, as text.
    pub texts: Texts,
    /// What its person's day holds besides.
    pub day: DayContext,
}

impl One {
    /// Reads the files for the parcel with an id, or for their only parcel.
    pub fn of(
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

    /// The decision with what it means and what would change it.
    pub fn explained(&self, setup: &Setup) -> Explanation {
        let (books, mut scratch) = (setup.books(), Scratch::default());
        let basis = assess_into(books, &self.shipment, &self.day, &mut scratch).person;
        let key = Persons::default()
            .of(&self.texts, basis)
            .map(|key| key.to_string());
        let known = known(setup, key.as_deref());
        let One {
            shipment,
            texts,
            day,
        } = self;
        explain(books, shipment, texts, day, known, &mut scratch)
    }
}

/// What is known of a person and of the program.
pub(super) fn known<'a>(setup: &'a Setup, person_key: Option<&'a str>) -> Known<'a> {
    Known {
        person_key,
        person_rules: PERSON_RULES,
        engine: ENGINE,
        rates_hash: setup.rates.hash(),
    }
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
