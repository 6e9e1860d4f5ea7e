//! Which person a command is about: by name and address, or by the key that decisions show.

use crate::commands::CommandError;
use crate::pass::PARTY_KIND;
use clap::Args;
use deminimis_person::{Key, PartyText, Scratch};

/// A person.
#[derive(Args, Debug)]
pub struct Who {
    /// The person's key, as decisions show it under person.key
    #[arg(long, value_name = "KEY", help_heading = "Person", conflicts_with_all = ["name", "street"])]
    key: Option<String>,
    /// Name, as on the bill
    #[arg(long, value_name = "TEXT", help_heading = "Person")]
    name: Option<String>,
    /// Street and number
    #[arg(long, value_name = "TEXT", help_heading = "Person")]
    street: Option<String>,
    /// City
    #[arg(long, value_name = "TEXT", help_heading = "Person")]
    city: Option<String>,
    /// State
    #[arg(long, value_name = "TEXT", help_heading = "Person")]
    state: Option<String>,
    /// Postal code
    #[arg(long, value_name = "TEXT", help_heading = "Person")]
    postal_code: Option<String>,
    /// Country, ISO 3166-1 alpha-2
    #[arg(long, value_name = "TEXT", help_heading = "Person")]
    country: Option<String>,
}

impl Who {
    /// The person's key by the exact rules.
    pub fn key(&self) -> Result<Key, CommandError> {
        if let Some(key) = &self.key {
            return Key::parse(key).ok_or_else(|| {
                CommandError::Usage("--key must be 32 hexadecimal digits".to_owned())
            });
        }
        let party = PartyText {
            name: self.name.as_deref(),
            street: self.street.as_deref(),
            city: self.city.as_deref(),
            state: self.state.as_deref(),
            postal_code: self.postal_code.as_deref(),
            country: self.country.as_deref(),
        };
        Key::of(&party, PARTY_KIND, None, &mut Scratch::new()).map_err(|error| {
            CommandError::Usage(format!("--key, or --name and an address: {error}"))
        })
    }
}
