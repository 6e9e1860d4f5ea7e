//! What events mean: the state of a parcel, how long it was in each, what holds it and what is due.

use deminimis_store::desk::{Due, Track, TrackEvent};

/// Where a parcel is, in the order in which a parcel goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It is known and has its place in the ledger.
    Booked,
    /// It is on its way.
    InTransit,
    /// It is in the United States.
    Arrived,
    /// It was filed with CBP.
    Filed,
    /// CBP took the filing.
    Accepted,
    /// CBP or another agency holds it.
    Held,
    /// It may go.
    Released,
    /// It is on its last way.
    OutForDelivery,
    /// The consignee has it.
    Delivered,
    /// It may not enter.
    Refused,
    /// It went back.
    Returned,
    /// Nobody knows where it is.
    Lost,
    /// It does not come.
    Cancelled,
}

impl State {
    /// All states, in their order.
    pub const ALL: [State; 13] = [
        State::Booked,
        State::InTransit,
        State::Arrived,
        State::Filed,
        State::Accepted,
        State::Held,
        State::Released,
        State::OutForDelivery,
        State::Delivered,
        State::Refused,
        State::Returned,
        State::Lost,
        State::Cancelled,
    ];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            State::Booked => "booked",
            State::InTransit => "in_transit",
            State::Arrived => "arrived",
            State::Filed => "filed",
            State::Accepted => "accepted",
            State::Held => "held",
            State::Released => "released",
            State::OutForDelivery => "out_for_delivery",
            State::Delivered => "delivered",
            State::Refused => "refused",
            State::Returned => "returned",
            State::Lost => "lost",
            State::Cancelled => "cancelled",
        }
    }

    /// The state of this name.
    #[must_use]
    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether nothing is done any more: a hold or a deadline says nothing then.
    #[must_use]
    pub fn is_end(self) -> bool {
        self >= State::Delivered
    }
}

/// What can happen to a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// It goes into a state.
    Enters(State),
    /// Cargo data was sent to CBP.
    ManifestFiled,
    /// The entry summary was filed.
    SummaryFiled,
    /// Duty was paid.
    DutyPaid,
    /// A hold begins; an examination is one.
    Hold,
    /// A hold ends.
    HoldRemoved,
    /// Something else, in words.
    Note,
}

impl Kind {
    /// All kinds, by their names.
    pub const ALL: [(&'static str, Kind); 18] = [
        ("booked", Kind::Enters(State::Booked)),
        ("in_transit", Kind::Enters(State::InTransit)),
        ("arrived", Kind::Enters(State::Arrived)),
        ("entry_filed", Kind::Enters(State::Filed)),
        ("entry_accepted", Kind::Enters(State::Accepted)),
        ("released", Kind::Enters(State::Released)),
        ("out_for_delivery", Kind::Enters(State::OutForDelivery)),
        ("delivered", Kind::Enters(State::Delivered)),
        ("refused", Kind::Enters(State::Refused)),
        ("returned", Kind::Enters(State::Returned)),
        ("lost", Kind::Enters(State::Lost)),
        ("cancelled", Kind::Enters(State::Cancelled)),
        ("manifest_filed", Kind::ManifestFiled),
        ("summary_filed", Kind::SummaryFiled),
        ("duty_paid", Kind::DutyPaid),
        ("hold", Kind::Hold),
        ("hold_removed", Kind::HoldRemoved),
        ("note", Kind::Note),
    ];

    /// The kind of this name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Kind> {
        let found = Kind::ALL.into_iter().find(|(name, _)| *name == text);
        found.map(|(_, kind)| kind)
    }

    /// Whether it meets a deadline of this rule, where the event does not name the rule itself. A
    /// rule that is not here is met by an event that names it.
    fn meets(self, rule: &str) -> bool {
        let rule = rule.strip_prefix("deadline.").unwrap_or(rule);
        match self {
            Kind::ManifestFiled => {
                matches!(
                    rule,
                    "air" | "isf" | "ocean" | "rail" | "truck" | "truck-fast"
                )
            }
            Kind::Enters(State::Filed | State::Accepted) => matches!(rule, "entry" | "entry-86"),
            Kind::SummaryFiled => matches!(rule, "entry-summary" | "entry-summary-informal"),
            Kind::DutyPaid => matches!(rule, "mail-carrier-payment" | "mail-worksheet"),
            Kind::Enters(_) | Kind::Hold | Kind::HoldRemoved | Kind::Note => false,
        }
    }
}

/// A time in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The state.
    pub state: State,
    /// From when, in seconds of UTC since 1970.
    pub from: i64,
    /// Until when; nothing for where it is now.
    pub until: Option<i64>,
}

/// The states that a parcel went through. Events of one moment go in the order of the states.
#[must_use]
pub fn stays(events: &[TrackEvent]) -> Vec<Stay> {
    let mut happened: Vec<(i64, Order, &TrackEvent, Kind)> = events
        .iter()
        .filter_map(|event| Kind::parse(&event.kind).map(|kind| (event, kind)))
        .filter_map(|(event, kind)| Some((event.at, Order::of(kind)?, event, kind)))
        .collect();
    happened.sort_by(|a, b| (a.0, a.1, &a.2.event_id).cmp(&(b.0, b.1, &b.2.event_id)));
    let (mut stays, mut place): (Vec<Stay>, State) = (Vec::new(), State::Booked);
    let mut holds: Vec<&str> = Vec::new();
    for (at, _, event, kind) in happened {
        let hold = event.hold.as_deref().unwrap_or_default();
        match kind {
            // Told of late: where it is already says more.
            Kind::Enters(State::Booked) if !stays.is_empty() => continue,
            // Posted in the ledger after it went further: the ledger tells what was, when it is seen.
            Kind::Enters(State::Released)
                if event.source == "ledger" && place > State::Released =>
            {
                holds.clear();
            }
            Kind::Enters(state) => {
                place = state;
                // What is released is held by nobody; a hold after that is a new one.
                if state == State::Released {
                    holds.clear();
                }
            }
            Kind::Hold if !holds.contains(&hold) => holds.push(hold),
            // One that names none ends all.
            Kind::HoldRemoved => holds.retain(|open| !hold.is_empty() && *open != hold),
            _ => {}
        }
        let state = match holds.is_empty() || place.is_end() {
            true => place,
            false => State::Held,
        };
        if stays.last().is_none_or(|stay| stay.state != state) {
            if let Some(last) = stays.last_mut() {
                last.until = Some(at);
            }
            let until = None;
            stays.push(Stay {
                state,
                from: at,
                until,
            });
        }
    }
    stays
}

/// The order of what happens in one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Order(u8);

impl Order {
    /// Nothing for what changes no state.
    fn of(kind: Kind) -> Option<Order> {
        match kind {
            Kind::Enters(state) => Some(Order(state as u8 * 2)),
            Kind::Hold => Some(Order(State::Held as u8 * 2)),
            Kind::HoldRemoved => Some(Order(State::Held as u8 * 2 + 1)),
            Kind::ManifestFiled | Kind::SummaryFiled | Kind::DutyPaid | Kind::Note => None,
        }
    }
}

/// What is made of a parcel's events, and kept for the board.
#[must_use]
pub fn reckon(shipment_id: &str, events: &[TrackEvent], dues: &[Due]) -> Track {
    let stays = stays(events);
    let now = stays.last();
    let state = now.map_or(State::Booked, |stay| stay.state);
    let since = now.map_or_else(
        || events.first().map_or(0, |event| event.at),
        |stay| stay.from,
    );
    let met = |due: &Due| {
        events
            .iter()
            .any(|event| match (&event.meets, Kind::parse(&event.kind)) {
                (Some(rule), _) => *rule == due.rule,
                (None, Some(kind)) => kind.meets(&due.rule),
                (None, None) => false,
            })
    };
    let open = dues.iter().filter(|due| !state.is_end() && !met(due));
    let next = open.min_by_key(|due| due.due);
    let last = |of: fn(&TrackEvent) -> Option<&String>| {
        let told = events.iter().filter(|event| of(event).is_some());
        let last = told.max_by_key(|event| (event.at, event.received_at));
        last.and_then(of).cloned()
    };
    Track {
        shipment_id: shipment_id.to_owned(),
        state: state.as_str().to_owned(),
        since,
        held: (state == State::Held).then(|| open_holds(events)),
        due: next.map(|due| due.due),
        due_what: next.map(|due| due.what.clone()),
        warehouse: last(|event| event.warehouse.as_ref()),
        crossing: last(|event| event.crossing.as_ref()),
    }
}

/// The holds that have begun and not ended, in words.
fn open_holds(events: &[TrackEvent]) -> String {
    let mut sorted: Vec<(&TrackEvent, Kind)> = events
        .iter()
        .filter_map(|event| Some((event, Kind::parse(&event.kind)?)))
        .filter(|(_, kind)| Order::of(*kind).is_some())
        .collect();
    sorted.sort_by_key(|(event, kind)| (event.at, Order::of(*kind), event.event_id.as_str()));
    let mut open: Vec<(&str, &TrackEvent)> = Vec::new();
    for (event, kind) in sorted {
        let hold = event.hold.as_deref().unwrap_or_default();
        match kind {
            Kind::Hold if open.iter().all(|(known, _)| *known != hold) => {
                open.push((hold, event));
            }
            Kind::HoldRemoved => open.retain(|(known, _)| !hold.is_empty() && *known != hold),
            Kind::Enters(State::Released) => open.clear(),
            _ => {}
        }
    }
    let named = open.iter().map(|(hold, event)| match &event.note {
        // Of its own rules the house says which, and by how much.
        Some(why) if event.event_id == crate::policy::EVENT => format!("{hold}: {why}"),
        _ if hold.is_empty() => format!("hold, told by {}", event.source),
        _ => (*hold).to_owned(),
    });
    named.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(at: i64, kind: &str, hold: Option<&str>) -> TrackEvent {
        TrackEvent {
            event_id: format!("{kind} {at} {hold:?}"),
            kind: kind.to_owned(),
            at,
            received_at: 1000 - at,
            source: "carrier".to_owned(),
            place: None,
            warehouse: None,
            crossing: None,
            hold: hold.map(str::to_owned),
            meets: None,
            note: None,
        }
    }

    fn states(events: &[TrackEvent]) -> Vec<(&'static str, i64)> {
        let stays = stays(events);
        stays
            .iter()
            .map(|stay| (stay.state.as_str(), stay.from))
            .collect()
    }

    #[test]
    fn the_order_in_which_events_come_says_nothing() {
        let told = [
            event(10, "booked", None),
            event(20, "in_transit", None),
            event(30, "arrived", None),
            event(40, "entry_filed", None),
            event(50, "hold", Some("CBP exam")),
            event(60, "hold", Some("FDA")),
            event(70, "hold_removed", Some("CBP exam")),
            event(80, "released", None),
            event(90, "delivered", None),
        ];
        let right = [
            ("booked", 10),
            ("in_transit", 20),
            ("arrived", 30),
            ("filed", 40),
            ("held", 50),
            ("released", 80),
            ("delivered", 90),
        ];
        assert_eq!(states(&told), right);
        // Every turn and its mirror, each also with every event twice.
        for turn in 0..told.len() {
            let mut other = told.to_vec();
            other.rotate_left(turn);
            assert_eq!(states(&other), right);
            other.reverse();
            other.extend(told.to_vec());
            assert_eq!(states(&other), right);
            assert_eq!(reckon("P", &other, &[]), reckon("P", &told, &[]));
        }
        let held = reckon("P", &told[..7], &[]);
        assert_eq!(
            (held.state.as_str(), held.held.as_deref()),
            ("held", Some("FDA"))
        );
        assert_eq!(held.since, 50);
    }

    #[test]
    fn a_hold_without_a_name_ends_all() {
        let mut told = vec![
            event(1, "arrived", None),
            event(2, "hold", Some("A")),
            event(3, "hold", None),
        ];
        assert_eq!(
            reckon("P", &told, &[]).held.unwrap(),
            "A; hold, told by carrier"
        );
        told.push(event(4, "hold_removed", None));
        assert_eq!(states(&told), [("arrived", 1), ("held", 2), ("arrived", 4)]);
    }

    #[test]
    fn a_parcel_that_is_entered_late_is_where_it_was() {
        let told = [event(50, "booked", None), event(20, "delivered", None)];
        assert_eq!(states(&told), [("delivered", 20)]);
    }

    #[test]
    fn a_parcel_that_is_posted_late_stays_delivered() {
        let mut post = event(50, "released", None);
        post.source = "ledger".to_owned();
        let told = [event(20, "delivered", None), post];
        assert_eq!(states(&told), [("delivered", 20)]);
    }

    #[test]
    fn in_one_moment_the_further_state_counts() {
        let told = [event(5, "released", None), event(5, "arrived", None)];
        assert_eq!(reckon("P", &told, &[]).state, "released");
    }

    #[test]
    fn a_deadline_is_met_by_its_event_or_by_name() {
        let due = |rule: &str, due| Due {
            rule: rule.to_owned(),
            what: rule.to_owned(),
            due,
        };
        let dues = [
            due("deadline.air", 10),
            due("deadline.entry", 20),
            due("house.rule", 30),
        ];
        let mut told = vec![event(1, "booked", None)];
        let next = |told: &[TrackEvent]| reckon("P", told, &dues).due;
        assert_eq!(next(&told), Some(10));
        told.push(event(2, "manifest_filed", None));
        assert_eq!(next(&told), Some(20));
        told.push(event(3, "entry_filed", None));
        assert_eq!(next(&told), Some(30));
        let mut named = event(4, "note", None);
        named.meets = Some("house.rule".to_owned());
        told.push(named);
        assert_eq!(next(&told), None);
        // Nothing is due of what does not come.
        assert_eq!(next(&[event(1, "cancelled", None)]), None);
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state));
        }
        for (name, kind) in Kind::ALL {
            assert_eq!(Kind::parse(name), Some(kind));
        }
        assert_eq!(Kind::parse("held"), None);
    }
}
