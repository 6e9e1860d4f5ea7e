//! Business days, counted once for the years whose holidays are in hand.

use crate::time::Day;

/// The business days of the years in hand.
#[derive(Clone, Debug, Default)]
pub(super) struct Calendar(Vec<Run>);

/// Years in hand that follow one another.
#[derive(Clone, Debug)]
struct Run {
    first: Day,
    /// For each day, how many business days there are up to and including it.
    counts: Vec<u32>,
    business: Vec<Day>,
}

impl Calendar {
    /// The calendar of the years in which some holiday is in hand.
    pub fn of(mut holidays: Vec<Day>) -> Calendar {
        holidays.sort_unstable();
        let mut years: Vec<i32> = holidays.iter().map(|day| day.ymd().0).collect();
        years.dedup();
        let runs = years.chunk_by(|year, next| *next == year + 1);
        Calendar(runs.filter_map(|years| Run::of(years, &holidays)).collect())
    }

    /// Whether offices are open; `None` where that year's holidays are not in hand.
    pub fn is_business_day(&self, day: Day) -> Option<bool> {
        let run = self.0.iter().find(|run| run.place(day).is_some())?;
        Some(run.business.binary_search(&day).is_ok())
    }

    /// The business day `count` business days after `day`, and `None` where the holidays of the
    /// years in between are not in hand.
    pub fn business_days_after(&self, day: Day, count: u32) -> Option<Day> {
        if count == 0 {
            return Some(day);
        }
        let next = day.plus(1);
        let run = self.0.iter().find(|run| run.place(next).is_some())?;
        let before = run.place(day).map_or(0, |place| run.counts[place]);
        let at = before as usize + count as usize - 1;
        run.business.get(at).copied()
    }
}

impl Run {
    fn of(years: &[i32], holidays: &[Day]) -> Option<Run> {
        let first = Day::new(*years.first()?, 1, 1)?;
        let last = Day::new(*years.last()?, 12, 31)?;
        let mut run = Run {
            first,
            counts: Vec::new(),
            business: Vec::new(),
        };
        for day in (first.0..=last.0).map(Day) {
            if !day.is_weekend() && holidays.binary_search(&day).is_err() {
                run.business.push(day);
            }
            run.counts.push(run.business.len() as u32);
        }
        Some(run)
    }

    fn place(&self, day: Day) -> Option<usize> {
        let place = usize::try_from(i64::from(day.0) - i64::from(self.first.0)).ok()?;
        (place < self.counts.len()).then_some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts day by day, as the words of a rule do.
    fn counted(holidays: &[Day], day: Day, count: u32) -> Option<Day> {
        let open = |day: Day| {
            let in_hand = holidays.iter().any(|known| known.ymd().0 == day.ymd().0);
            in_hand.then(|| !day.is_weekend() && !holidays.contains(&day))
        };
        let mut at = day;
        for _ in 0..count {
            at = at.plus(1);
            while !open(at)? {
                at = at.plus(1);
            }
        }
        Some(at)
    }

    #[test]
    fn counting_by_table_is_counting_by_hand() {
        let day = |year, month, day| Day::new(year, month, day).unwrap();
        // 2022 is not in hand.
        let holidays = vec![
            day(2024, 12, 25),
            day(2021, 1, 1),
            day(2023, 7, 4),
            day(2024, 1, 1),
            day(2021, 12, 24),
        ];
        let calendar = Calendar::of(holidays.clone());
        let last = day(2025, 1, 10);
        let mut at = day(2020, 12, 20);
        while at < last {
            for count in [0, 1, 2, 10] {
                let by_hand = counted(&holidays, at, count);
                assert_eq!(
                    calendar.business_days_after(at, count),
                    by_hand,
                    "{at} {count}"
                );
            }
            at = at.plus(1);
        }
        assert_eq!(calendar.is_business_day(day(2024, 12, 25)), Some(false));
        assert_eq!(calendar.is_business_day(day(2024, 12, 24)), Some(true));
        assert_eq!(calendar.is_business_day(day(2022, 3, 1)), None);
        assert_eq!(calendar.is_business_day(day(2024, 12, 28)), Some(false));
    }
}
