//! The trip as the caller gives it, and whether its values have the form the manual asks for.

use crate::identifiers::codes::schedule_d;
use crate::identifiers::control_number::trip_number;
use deminimis_law::time::Day;
use serde::{Deserialize, Serialize};

/// A value of a trip that does not have its form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} {value:?} {reason}")]
pub struct BadTrip {
    /// Where it stands, such as `truck.number` or `drivers[0].dateOfBirth`.
    pub field: String,
    /// The value; of a driver or passenger withheld.
    pub value: String,
    /// Why, and what would be right.
    pub reason: String,
}

/// What the caller says of a trip.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are those of the manual")]
pub struct Trip {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_id: Option<String>,
    pub company_key: String,
    pub operation: String,
    #[serde(default)]
    pub auto_send: bool,
    pub trip_number: String,
    pub us_port_of_arrival: String,
    pub estimated_arrival_date_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instruments_of_international_traffic_bond: Option<TrafficBond>,
    pub truck: Truck,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trailers: Vec<Trailer>,
    pub drivers: Vec<Crew>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passengers: Vec<Crew>,
}

/// Whose bond covers containers and other instruments of traffic.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names are those of the manual")]
pub struct TrafficBond {
    pub r#type: String,
}

/// The truck.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are those of the manual")]
pub struct Truck {
    pub number: String,
    pub r#type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vin_number: Option<String>,
    pub license_plates: Vec<Plate>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seal_numbers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dot_number: Option<String>,
}

/// A trailer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are those of the manual")]
pub struct Trailer {
    pub number: String,
    pub r#type: String,
    pub license_plates: Vec<Plate>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seal_numbers: Vec<String>,
}

/// A license plate.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are those of the manual")]
pub struct Plate {
    pub number: String,
    pub state_province: String,
}

/// A driver or passenger.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are those of the manual")]
pub struct Crew {
    pub first_name: String,
    pub last_name: String,
    pub gender: String,
    pub date_of_birth: String,
    pub citizenship_country: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fast_card_number: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub travel_documents: Vec<TravelDocument>,
}

/// A document of a driver or passenger.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are those of the manual")]
pub struct TravelDocument {
    pub r#type: String,
    pub number: String,
    pub country: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_province: Option<String>,
}

impl Trip {
    /// Checks every value; all that are wrong are told.
    #[must_use]
    pub fn check(&self) -> Vec<BadTrip> {
        let mut found = Found(Vec::new());
        if let Some(id) = &self.send_id {
            found.text("sendId", id, 1, 68);
        }
        let before = found.0.len();
        found.text("companyKey", &self.company_key, 1, 30);
        for bad in &mut found.0[before..] {
            bad.value.clear();
        }
        found.one_of(
            "operation",
            &self.operation,
            &["CREATE", "UPDATE", "DELETE"],
        );
        found.form(
            "tripNumber",
            &self.trip_number,
            trip_number(&self.trip_number).map_err(|wrong| wrong.reason),
        );
        let port = schedule_d(&self.us_port_of_arrival);
        found.form(
            "usPortOfArrival",
            &self.us_port_of_arrival,
            port.map_err(|wrong| wrong.reason),
        );
        let time = &self.estimated_arrival_date_time;
        let good =
            jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", time).is_ok() && time.len() == 19;
        found.form(
            "estimatedArrivalDateTime",
            time,
            if good {
                Ok("")
            } else {
                Err("is not of the form YYYY-MM-DD HH:MM:SS".to_owned())
            },
        );
        if let Some(bond) = &self.instruments_of_international_traffic_bond {
            found.one_of(
                "instrumentsOfInternationalTrafficBond.type",
                &bond.r#type,
                &["CARRIER", "IMPORTER"],
            );
        }
        self.truck.check(&mut found);
        for (at, trailer) in self.trailers.iter().enumerate() {
            found.text(&format!("trailers[{at}].number"), &trailer.number, 1, 17);
            found.text(&format!("trailers[{at}].type"), &trailer.r#type, 2, 2);
            if trailer.license_plates.is_empty() {
                let field = format!("trailers[{at}].licensePlates");
                found.say(&field, "", "is empty: a trailer has a plate".to_owned());
            }
            found.plates(
                &format!("trailers[{at}]"),
                &trailer.license_plates,
                &trailer.seal_numbers,
            );
        }
        if self.drivers.is_empty() {
            found.say("drivers", "", "is empty: a trip has a driver".to_owned());
        }
        for (what, crew) in [("drivers", &self.drivers), ("passengers", &self.passengers)] {
            for (at, person) in crew.iter().enumerate() {
                person.check(&format!("{what}[{at}]"), &mut found);
            }
        }
        found.0
    }

    /// Whether a trailer or, without a number, the truck carries the goods.
    #[must_use]
    pub fn loaded_on(&self) -> (&'static str, &str) {
        match self.trailers.first() {
            Some(trailer) => ("TRAILER", &trailer.number),
            None => ("TRUCK", &self.truck.number),
        }
    }
}

impl Truck {
    fn check(&self, found: &mut Found) {
        found.text("truck.number", &self.number, 1, 17);
        found.text("truck.type", &self.r#type, 2, 2);
        if let Some(vin) = &self.vin_number {
            found.text("truck.vinNumber", vin, 17, 17);
        }
        if let Some(dot) = &self.dot_number {
            found.text("truck.dotNumber", dot, 1, 8);
        }
        if self.license_plates.is_empty() {
            found.say(
                "truck.licensePlates",
                "",
                "is empty: a truck has a plate".to_owned(),
            );
        }
        found.plates("truck", &self.license_plates, &self.seal_numbers);
    }
}

impl Crew {
    /// No value of a person is repeated.
    fn check(&self, at: &str, found: &mut Found) {
        let before = found.0.len();
        found.text(&format!("{at}.firstName"), &self.first_name, 1, 60);
        found.text(&format!("{at}.lastName"), &self.last_name, 1, 60);
        found.one_of(&format!("{at}.gender"), &self.gender, &["M", "F"]);
        let born = Day::parse(&self.date_of_birth)
            .map(|_| "")
            .ok_or_else(|| "is not of the form YYYY-MM-DD".to_owned());
        found.form(&format!("{at}.dateOfBirth"), &self.date_of_birth, born);
        found.country(
            &format!("{at}.citizenshipCountry"),
            &self.citizenship_country,
        );
        if let Some(card) = &self.fast_card_number {
            found.text(&format!("{at}.fastCardNumber"), card, 14, 14);
        }
        for (place, document) in self.travel_documents.iter().enumerate() {
            let at = format!("{at}.travelDocuments[{place}]");
            found.text(&format!("{at}.type"), &document.r#type, 1, 30);
            found.text(&format!("{at}.number"), &document.number, 1, 30);
            if let Some(state) = &document.state_province {
                found.text(&format!("{at}.stateProvince"), state, 2, 3);
            }
            found.country(&format!("{at}.country"), &document.country);
        }
        for bad in &mut found.0[before..] {
            "(withheld)".clone_into(&mut bad.value);
        }
    }
}

/// What was found wrong.
struct Found(Vec<BadTrip>);

impl Found {
    fn say(&mut self, field: &str, value: &str, reason: String) {
        let value = value.chars().take(80).collect();
        self.0.push(BadTrip {
            field: field.to_owned(),
            value,
            reason,
        });
    }

    fn text(&mut self, field: &str, value: &str, least: usize, most: usize) {
        let count = value.chars().count();
        if count < least || count > most || value.chars().any(char::is_control) {
            let meant = if least == most {
                format!("{least}")
            } else {
                format!("{least} to {most}")
            };
            self.say(
                field,
                value,
                format!("has {count} characters: {meant} are meant"),
            );
        }
    }

    fn one_of(&mut self, field: &str, value: &str, list: &[&str]) {
        if !list.contains(&value) {
            self.say(field, value, format!("is not one of {}", list.join(", ")));
        }
    }

    fn form<T>(&mut self, field: &str, value: &str, judged: Result<T, String>) {
        if let Err(reason) = judged {
            self.say(field, value, reason);
        }
    }

    fn country(&mut self, field: &str, value: &str) {
        if deminimis_law::codes::Country::parse(value).is_none() {
            self.say(
                field,
                value,
                "is not an ISO 3166-1 code of two letters".to_owned(),
            );
        }
    }

    fn plates(&mut self, at: &str, plates: &[Plate], seals: &[String]) {
        for (place, plate) in plates.iter().enumerate() {
            let at = format!("{at}.licensePlates[{place}]");
            self.text(&format!("{at}.number"), &plate.number, 1, 10);
            self.text(&format!("{at}.stateProvince"), &plate.state_province, 2, 3);
        }
        for (place, seal) in seals.iter().enumerate() {
            self.text(&format!("{at}.sealNumbers[{place}]"), seal, 1, 15);
        }
    }
}
