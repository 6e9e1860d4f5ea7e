//! Where parcels are: events as they came, and what was made of them.

use super::DeskStore;
use super::sql::{Row, Sql, Value};
use crate::error::{Refused, StoreError};
use crate::pending::Pending;

/// Something that happened to a parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackEvent {
    /// Told apart by it: the same id is the same event.
    pub event_id: String,
    /// What happened, by its name.
    pub kind: String,
    /// When it happened.
    pub at: i64,
    /// When it was told.
    pub received_at: i64,
    /// Who told it: a carrier's name, `cbp`, `ledger`, a user's or a key's id.
    pub source: String,
    /// Where, as it was told.
    pub place: Option<String>,
    /// In which warehouse.
    pub warehouse: Option<String>,
    /// At which border crossing.
    pub crossing: Option<String>,
    /// Which hold, for one that begins or ends.
    pub hold: Option<String>,
    /// The deadline's rule that it meets.
    pub meets: Option<String>,
    /// In words.
    pub note: Option<String>,
}

/// Something due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The law's rule.
    pub rule: String,
    /// What is due.
    pub what: String,
    /// By when.
    pub due: i64,
}

/// What was made of a parcel's events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    /// The parcel.
    pub shipment_id: String,
    /// Where it is, by its name.
    pub state: String,
    /// Since when.
    pub since: i64,
    /// What holds it.
    pub held: Option<String>,
    /// The earliest deadline that is not met.
    pub due: Option<i64>,
    /// What is due then.
    pub due_what: Option<String>,
    /// The warehouse that was named last.
    pub warehouse: Option<String>,
    /// The border crossing that was named last.
    pub crossing: Option<String>,
}

/// What came of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Noted {
    /// It is new.
    New(Track),
    /// It was told before.
    Again(Track),
}

/// Makes a track of all events of a parcel and what is due of it. It runs within the transaction and
/// must rest on nothing else.
pub type Reckon = fn(&str, &[TrackEvent], &[Due]) -> Track;

/// Which parcels of a board.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// Only in this state.
    pub state: Option<String>,
    /// Only with a deadline that had passed at that moment.
    pub late_at: Option<i64>,
    /// Only held ones.
    pub held: bool,
    /// After this parcel, in the order of the ids.
    pub after: String,
    /// So many at most.
    pub limit: u32,
}

/// How many parcels are in a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateCount {
    /// The state.
    pub state: String,
    /// All of them.
    pub parcels: i64,
    /// With a deadline that has passed.
    pub late: i64,
    /// Held.
    pub held: i64,
}

/// One line of a day's report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayCount {
    /// The warehouse or the border crossing; nothing where none was told.
    pub place: Option<String>,
    /// What happened.
    pub kind: String,
    /// To how many parcels.
    pub parcels: i64,
}

/// The most events of a parcel: each is read again with every one that comes.
const MOST_EVENTS: i64 = 1000;

/// Without an order, for which SQLite would read all of the tenant's events by their time.
const EVENT: &str = "SELECT event_id, kind, at, received_at, source, place, warehouse, crossing,
    hold, meets, note FROM track_event WHERE tenant = $1 AND shipment_id = $2";

impl DeskStore {
    /// Begins to follow a parcel of the ledger, or gives it what is due now. `entry_number` is the
    /// one by which CBP names it.
    pub fn track(
        &self,
        tenant: &str,
        shipment_id: &str,
        entry_number: Option<String>,
        (event, due): (TrackEvent, Vec<Due>),
        reckon: Reckon,
    ) -> Pending<Track> {
        let (tenant, id) = (tenant.to_owned(), shipment_id.to_owned());
        self.write(move |sql| {
            let gone = "DELETE FROM track_deadline WHERE tenant = $1 AND shipment_id = $2";
            sql.execute(gone, &[(&tenant).into(), (&id).into()])?;
            let text = "INSERT INTO track_deadline (tenant, shipment_id, rule, what, due)
                VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (tenant, shipment_id, rule) DO NOTHING";
            for one in &due {
                let values = [
                    Value::from(&tenant),
                    (&id).into(),
                    (&one.rule).into(),
                    (&one.what).into(),
                    one.due.into(),
                ];
                sql.execute(text, &values)?;
            }
            insert(sql, &tenant, &id, &event)?;
            reckoned(sql, &tenant, &id, entry_number.as_ref(), reckon)
        })
    }

    /// Notes an event of a parcel that is followed; nothing for one that is not. The same event id
    /// with other words is refused.
    pub fn note(
        &self,
        tenant: &str,
        shipment_id: &str,
        event: TrackEvent,
        reckon: Reckon,
    ) -> Pending<Option<Noted>> {
        let (tenant, id) = (tenant.to_owned(), shipment_id.to_owned());
        self.write(move |sql| {
            let known = "SELECT shipment_id FROM track WHERE tenant = $1 AND shipment_id = $2";
            if sql.one(known, &[(&tenant).into(), (&id).into()])?.is_none() {
                return Ok(None);
            }
            let counted = "SELECT COUNT(*) FROM track_event
                WHERE tenant = $1 AND shipment_id = $2";
            let counted = sql.one(counted, &[(&tenant).into(), (&id).into()])?;
            if counted.map_or(Ok(0), |row| row.int(0))? >= MOST_EVENTS {
                return Err(Refused::TooManyEvents.into());
            }
            let fresh = insert(sql, &tenant, &id, &event)?;
            if !fresh {
                let kept = events(sql, &tenant, &id)?;
                let kept = kept.iter().find(|kept| kept.event_id == event.event_id);
                let same = |kept: &TrackEvent| {
                    TrackEvent {
                        received_at: event.received_at,
                        // Another key of the same sender may tell it again.
                        source: event.source.clone(),
                        ..kept.clone()
                    } == event
                };
                if !kept.is_some_and(same) {
                    return Err(Refused::OtherBody.into());
                }
            }
            let track = reckoned(sql, &tenant, &id, None, reckon)?;
            Ok(Some(match fresh {
                true => Noted::New(track),
                false => Noted::Again(track),
            }))
        })
    }

    /// The events of a parcel in the order of their time.
    pub fn track_events(&self, tenant: &str, shipment_id: &str) -> Pending<Vec<TrackEvent>> {
        let (tenant, id) = (tenant.to_owned(), shipment_id.to_owned());
        self.read(move |sql| events(sql, &tenant, &id))
    }

    /// What is due of a parcel.
    pub fn track_dues(&self, tenant: &str, shipment_id: &str) -> Pending<Vec<Due>> {
        let (tenant, id) = (tenant.to_owned(), shipment_id.to_owned());
        self.read(move |sql| dues(sql, &tenant, &id))
    }

    /// Where a parcel is; nothing for one that is not followed.
    pub fn track_of(&self, tenant: &str, shipment_id: &str) -> Pending<Option<Track>> {
        let values = [Value::from(tenant), shipment_id.into()];
        let text = "SELECT shipment_id, state, since, held, due, due_what, warehouse, crossing
            FROM track WHERE tenant = $1 AND shipment_id = $2";
        self.read(move |sql| {
            sql.one(text, &values)?
                .map(|row| track_row(&row))
                .transpose()
        })
    }

    /// The parcels of an entry, by the number under which CBP knows it.
    pub fn tracked_of_entry(&self, tenant: &str, entry_number: &str) -> Pending<Vec<String>> {
        let values = [Value::from(tenant), entry_number.into()];
        let text = "SELECT shipment_id FROM track WHERE tenant = $1 AND entry_number = $2
            ORDER BY shipment_id LIMIT 1000";
        self.read(move |sql| {
            let rows = sql.query(text, &values)?;
            rows.iter().map(|row| row.text(0)).collect()
        })
    }

    /// A page of the board, in the order of the parcels' ids.
    pub fn board(&self, tenant: &str, board: &Board) -> Pending<Vec<Track>> {
        let values = [
            Value::from(tenant),
            (&board.after).into(),
            board.state.as_ref().map_or(Value::Null, Value::from),
            i64::from(board.held).into(),
            board.late_at.unwrap_or(0).into(),
            i64::from(board.limit).into(),
        ];
        // Nothing was due in 1970: that moment stands for none.
        let text = "SELECT shipment_id, state, since, held, due, due_what, warehouse, crossing
            FROM track WHERE tenant = $1 AND shipment_id > $2
            AND (CAST($3 AS TEXT) IS NULL OR state = $3)
            AND ($4 = CAST(0 AS BIGINT) OR held IS NOT NULL)
            AND ($5 = CAST(0 AS BIGINT) OR due < $5)
            ORDER BY shipment_id LIMIT $6";
        self.read(move |sql| {
            let rows = sql.query(text, &values)?;
            rows.iter().map(track_row).collect()
        })
    }

    /// How many parcels are in each state at a moment.
    pub fn board_counts(&self, tenant: &str, now: i64) -> Pending<Vec<StateCount>> {
        let values = [Value::from(now), tenant.into()];
        let text = "SELECT state, COUNT(*),
            COUNT(CASE WHEN due < $1 THEN 1 END), COUNT(held)
            FROM track WHERE tenant = $2 GROUP BY state ORDER BY state";
        self.read(move |sql| {
            let rows = sql.query(text, &values)?;
            let count = |row: &Row| {
                Ok(StateCount {
                    state: row.text(0)?,
                    parcels: row.int(1)?,
                    late: row.int(2)?,
                    held: row.int(3)?,
                })
            };
            rows.iter().map(count).collect()
        })
    }

    /// What happened between two moments, by warehouse or by border crossing.
    pub fn day_counts(
        &self,
        tenant: &str,
        (from, until): (i64, i64),
        by_crossing: bool,
    ) -> Pending<Vec<DayCount>> {
        let values = [Value::from(tenant), from.into(), until.into()];
        let text = match by_crossing {
            true => {
                "SELECT crossing, kind, COUNT(DISTINCT shipment_id) FROM track_event
                WHERE tenant = $1 AND at >= $2 AND at < $3
                GROUP BY crossing, kind ORDER BY crossing, kind"
            }
            false => {
                "SELECT warehouse, kind, COUNT(DISTINCT shipment_id) FROM track_event
                WHERE tenant = $1 AND at >= $2 AND at < $3
                GROUP BY warehouse, kind ORDER BY warehouse, kind"
            }
        };
        self.read(move |sql| {
            let rows = sql.query(text, &values)?;
            let count = |row: &Row| {
                Ok(DayCount {
                    place: row.maybe_text(0)?,
                    kind: row.text(1)?,
                    parcels: row.int(2)?,
                })
            };
            rows.iter().map(count).collect()
        })
    }

    /// Up to which line a reader has followed the ledger.
    pub fn followed(&self, reader: &str) -> Pending<i64> {
        let reader = Value::from(reader);
        let text = "SELECT position FROM followed WHERE reader = $1";
        self.read(move |sql| {
            let row = sql.one(text, std::slice::from_ref(&reader))?;
            row.map_or(Ok(0), |row| row.int(0))
        })
    }

    /// Notes how far a reader has followed the ledger.
    pub fn set_followed(&self, reader: &str, position: i64) -> Pending<()> {
        let values = [Value::from(reader), position.into()];
        let text = "INSERT INTO followed (reader, position) VALUES ($1, $2)
            ON CONFLICT (reader) DO UPDATE SET position = excluded.position";
        self.write(move |sql| sql.execute(text, &values).map(drop))
    }
}

fn maybe(text: Option<&String>) -> Value {
    text.map_or(Value::Null, Value::from)
}

fn insert(
    sql: &mut dyn Sql,
    tenant: &str,
    id: &str,
    event: &TrackEvent,
) -> Result<bool, StoreError> {
    let text = "INSERT INTO track_event (tenant, shipment_id, event_id, kind, at, received_at,
        source, place, warehouse, crossing, hold, meets, note)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (tenant, shipment_id, event_id) DO NOTHING";
    let values = [
        Value::from(tenant),
        id.into(),
        (&event.event_id).into(),
        (&event.kind).into(),
        event.at.into(),
        event.received_at.into(),
        (&event.source).into(),
        maybe(event.place.as_ref()),
        maybe(event.warehouse.as_ref()),
        maybe(event.crossing.as_ref()),
        maybe(event.hold.as_ref()),
        maybe(event.meets.as_ref()),
        maybe(event.note.as_ref()),
    ];
    Ok(sql.execute(text, &values)? > 0)
}

/// The events of a parcel in the order of their time.
fn events(sql: &mut dyn Sql, tenant: &str, id: &str) -> Result<Vec<TrackEvent>, StoreError> {
    let rows = sql.query(EVENT, &[tenant.into(), id.into()])?;
    let event = |row: &Row| {
        Ok(TrackEvent {
            event_id: row.text(0)?,
            kind: row.text(1)?,
            at: row.int(2)?,
            received_at: row.int(3)?,
            source: row.text(4)?,
            place: row.maybe_text(5)?,
            warehouse: row.maybe_text(6)?,
            crossing: row.maybe_text(7)?,
            hold: row.maybe_text(8)?,
            meets: row.maybe_text(9)?,
            note: row.maybe_text(10)?,
        })
    };
    let mut events: Vec<_> = rows.iter().map(event).collect::<Result<_, StoreError>>()?;
    let order = |event: &TrackEvent| (event.at, event.received_at);
    events.sort_by(|a, b| {
        order(a)
            .cmp(&order(b))
            .then_with(|| a.event_id.cmp(&b.event_id))
    });
    Ok(events)
}

fn dues(sql: &mut dyn Sql, tenant: &str, id: &str) -> Result<Vec<Due>, StoreError> {
    let text = "SELECT rule, what, due FROM track_deadline
        WHERE tenant = $1 AND shipment_id = $2 ORDER BY due, rule";
    let rows = sql.query(text, &[tenant.into(), id.into()])?;
    let due = |row: &Row| {
        Ok(Due {
            rule: row.text(0)?,
            what: row.text(1)?,
            due: row.int(2)?,
        })
    };
    rows.iter().map(due).collect()
}

/// Makes the track of a parcel anew and keeps it. An entry's number stays until another is told.
fn reckoned(
    sql: &mut dyn Sql,
    tenant: &str,
    id: &str,
    entry_number: Option<&String>,
    reckon: Reckon,
) -> Result<Track, StoreError> {
    let (events, dues) = (events(sql, tenant, id)?, dues(sql, tenant, id)?);
    let track = reckon(id, &events, &dues);
    let text = "INSERT INTO track (tenant, shipment_id, entry_number, state, since, held, due,
        due_what, warehouse, crossing) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (tenant, shipment_id) DO UPDATE SET
        entry_number = COALESCE(excluded.entry_number, track.entry_number),
        state = excluded.state, since = excluded.since, held = excluded.held,
        due = excluded.due, due_what = excluded.due_what, warehouse = excluded.warehouse,
        crossing = excluded.crossing";
    let values = [
        Value::from(tenant),
        id.into(),
        maybe(entry_number),
        (&track.state).into(),
        track.since.into(),
        maybe(track.held.as_ref()),
        track.due.into(),
        maybe(track.due_what.as_ref()),
        maybe(track.warehouse.as_ref()),
        maybe(track.crossing.as_ref()),
    ];
    sql.execute(text, &values)?;
    Ok(track)
}

fn track_row(row: &Row) -> Result<Track, StoreError> {
    Ok(Track {
        shipment_id: row.text(0)?,
        state: row.text(1)?,
        since: row.int(2)?,
        held: row.maybe_text(3)?,
        due: row.maybe_int(4)?,
        due_what: row.maybe_text(5)?,
        warehouse: row.maybe_text(6)?,
        crossing: row.maybe_text(7)?,
    })
}
