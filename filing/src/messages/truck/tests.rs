//! A trip's values against the forms of the manual; each wrong one is told, none of a person
//! repeated. Shipments are tested with whole parcels, in the program's own tests.

use super::*;

fn trip() -> serde_json::Value {
    serde_json::json!({
        "companyKey": "c-9000-key", "operation": "CREATE", "tripNumber": "ABCDTRIP0001",
        "usPortOfArrival": "0901", "estimatedArrivalDateTime": "2026-11-20 14:30:00",
        "truck": {"number": "T1", "type": "TR", "licensePlates": [{"number": "TEMP1", "stateProvince": "ON"}]},
        "trailers": [{"number": "TL1", "type": "TL", "licensePlates": [{"number": "TL123", "stateProvince": "ON"}]}],
        "drivers": [{"firstName": "Ann", "lastName": "Roy", "gender": "F", "dateOfBirth": "1980-02-03", "citizenshipCountry": "CA"}],
    })
}

fn wrong(change: impl Fn(&mut serde_json::Value)) -> Vec<BadTrip> {
    let mut json = trip();
    change(&mut json);
    serde_json::from_value::<Trip>(json).unwrap().check()
}

#[test]
fn a_good_trip_is_written_as_the_manual_names_it() {
    let trip: Trip = serde_json::from_value(trip()).unwrap();
    assert_eq!(trip.check(), []);
    assert_eq!(trip.loaded_on(), ("TRAILER", "TL1"));
    let written = serde_json::to_value(AceTrip::new(&trip, &[])).unwrap();
    assert_eq!(written["data"], "ACE_TRIP");
    assert_eq!(written["tripNumber"], "ABCDTRIP0001");
    assert_eq!(written["truck"]["licensePlates"][0]["stateProvince"], "ON");
    assert_eq!(written["shipments"], serde_json::json!([]));
}

#[test]
fn each_wrong_value_is_told_by_its_place() {
    for (place, value, field) in [
        ("/companyKey", "", "companyKey"),
        ("/operation", "create", "operation"),
        ("/tripNumber", "ABCD", "tripNumber"),
        ("/usPortOfArrival", "901", "usPortOfArrival"),
        (
            "/estimatedArrivalDateTime",
            "2026-11-20T14:30:00",
            "estimatedArrivalDateTime",
        ),
        (
            "/estimatedArrivalDateTime",
            "2026-02-30 14:30:00",
            "estimatedArrivalDateTime",
        ),
        ("/truck/number", "123456789012345678", "truck.number"),
        ("/truck/type", "TRUCK", "truck.type"),
        (
            "/truck/licensePlates/0/number",
            "12345678901",
            "truck.licensePlates[0].number",
        ),
        ("/trailers/0/type", "T", "trailers[0].type"),
        ("/drivers/0/gender", "female", "drivers[0].gender"),
        (
            "/drivers/0/dateOfBirth",
            "03/02/1980",
            "drivers[0].dateOfBirth",
        ),
        (
            "/drivers/0/citizenshipCountry",
            "CAN",
            "drivers[0].citizenshipCountry",
        ),
    ] {
        let found = wrong(|json| *json.pointer_mut(place).unwrap() = value.into());
        let fields: Vec<&str> = found.iter().map(|bad| bad.field.as_str()).collect();
        assert_eq!(fields, [field], "{place} {value}");
        assert!(!field.starts_with("drivers") || found[0].value == "(withheld)");
    }
    assert_eq!(
        wrong(|json| json["drivers"] = serde_json::json!([]))[0].field,
        "drivers"
    );
    assert_eq!(wrong(|json| json["operation"] = "x".into()).len(), 1);
}

#[test]
fn a_key_that_the_manual_does_not_have_is_refused() {
    let mut json = trip();
    json["section321"] = true.into();
    assert!(serde_json::from_value::<Trip>(json).is_err());
}
