//! What is owed as steps of a staircase: each charge begins where the one before ended. It draws
//! the amounts of a decision and reckons none.

use super::charges::Amounts;
use deminimis_clearance::explain::dollars_of;
use deminimis_law::money::Cents;

/// Charges that have a step of their own; the table beside the picture has all.
const MOST: usize = 16;
/// Where the steps begin and how much room they have, in units of the picture.
const LEFT: i64 = 250;
const ROOM: i64 = 360;
/// The height of a step with the room below it.
const HEIGHT: i64 = 30;

/// The picture.
pub struct Waterfall {
    /// Its name on the page.
    pub id: String,
    pub steps: Vec<Step>,
    pub height: i64,
    pub width: i64,
    /// Where the amounts stand: right of all steps.
    pub amounts_at: i64,
    /// What it shows, in words.
    pub about: String,
}

/// One step.
pub struct Step {
    pub words: String,
    pub amount: String,
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub text_y: i64,
    /// `duty`, `fee`, `rest` or `total`.
    pub kind: &'static str,
}

/// The picture of charges and their total; none where the total is not known or there is nothing
/// to draw.
pub fn waterfall(charges: &[Amounts], total: Option<&str>, id: &str) -> Option<Waterfall> {
    let total_cents = total.and_then(cents).filter(|total| *total > 0)?;
    let all: Option<Vec<(&Amounts, i64)>> = charges
        .iter()
        .map(|charge| Some((charge, charge.amount.as_deref().and_then(cents)?)))
        .collect();
    let shown: Vec<(&Amounts, i64)> = all?.into_iter().filter(|(_, cents)| *cents > 0).collect();
    // Wide enough for both ends, whatever the amounts.
    let place = |cents: i64| {
        let share = i128::from(cents) * i128::from(ROOM) / i128::from(total_cents);
        i64::try_from(share).unwrap_or(ROOM).clamp(0, ROOM)
    };
    let mut steps = Vec::new();
    let mut so_far = 0_i64;
    let mut add = |words: String, amount: String, (from, to): (i64, i64), kind| {
        let y = steps.len() as i64 * HEIGHT;
        steps.push(Step {
            words,
            amount,
            x: LEFT + place(from),
            y: y + 4,
            // What is owed at all is seen.
            width: (place(to) - place(from)).max(2),
            text_y: y + 19,
            kind,
        });
    };
    for (charge, cents) in shown.iter().take(MOST) {
        let amount = charge.amount.as_deref().map(dollars_of).unwrap_or_default();
        let to = so_far.saturating_add(*cents);
        add(charge.words.clone(), amount, (so_far, to), charge.kind);
        so_far = to;
    }
    if shown.len() > MOST {
        let words = format!("{} more, in the table", shown.len() - MOST);
        add(words, String::new(), (so_far, total_cents), "rest");
    }
    let amount = dollars_of(&Cents(total_cents).to_string());
    let about = format!("{amount} in all, of {} charges", shown.len());
    add("Total".to_owned(), amount, (0, total_cents), "total");
    Some(Waterfall {
        id: id.to_owned(),
        height: steps.len() as i64 * HEIGHT + 4,
        width: LEFT + ROOM + 110,
        amounts_at: LEFT + ROOM + 100,
        steps,
        about,
    })
}

fn cents(text: &str) -> Option<i64> {
    Cents::parse(text).ok().map(|cents| cents.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charge(amount: &str) -> Amounts {
        Amounts {
            words: "general".to_owned(),
            amount: Some(amount.to_owned()),
            kind: "duty",
        }
    }

    #[test]
    fn each_step_begins_where_the_one_before_ended() {
        let charges = ["6.60", "0.00", "3.00", "2.40"].map(charge);
        let drawn = waterfall(&charges, Some("12.00"), "c").unwrap();
        let steps: Vec<(i64, i64)> = drawn
            .steps
            .iter()
            .map(|step| (step.x, step.width))
            .collect();
        assert_eq!(steps, [(250, 198), (448, 90), (538, 72), (250, 360)]);
        assert_eq!(drawn.steps[3].amount, "$12.00");
        assert_eq!(drawn.height, 124);
    }

    #[test]
    fn what_is_not_known_is_not_drawn() {
        assert!(waterfall(&[charge("1.00")], None, "c").is_none());
        assert!(waterfall(&[charge("0.00")], Some("0.00"), "c").is_none());
        let open = Amounts {
            amount: None,
            ..charge("")
        };
        assert!(waterfall(&[charge("1.00"), open], Some("1.00"), "c").is_none());
    }

    #[test]
    fn many_charges_end_in_one_step_and_large_ones_stay_inside() {
        let charges: Vec<Amounts> = (0..999).map(|_| charge("9000000000.00")).collect();
        let drawn = waterfall(&charges, Some("9000000000.00"), "c").unwrap();
        assert_eq!(drawn.steps.len(), MOST + 2);
        for step in &drawn.steps {
            assert!(step.x >= LEFT && step.x + step.width <= LEFT + ROOM + 2);
        }
    }
}
