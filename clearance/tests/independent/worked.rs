//! Worked cases, each reckoned by hand from its citation.

use crate::cell::{Cell, Kind, Minute, Reading};
use crate::read::{read, reason};
use crate::text::{summer, winter};

fn cell(number: u64, origin: &[u8; 2], entered: Minute) -> Cell {
    Cell {
        number,
        origin: *origin,
        entered,
        vessel: false,
        loaded: None,
        claim: None,
        chapter_98: None,
    }
}

/// Program, heading and rate of what is added or topped up.
fn due(reading: &Reading) -> Vec<(&'static str, &'static str, u32)> {
    let charges = reading.charges.iter();
    let due = charges.filter(|charge| matches!(charge.kind, Kind::Additive | Kind::Floor));
    due.map(|charge| (charge.program, charge.headings, charge.rate_ppm))
        .collect()
}

/// A cotton T-shirt of China, through three years.
#[test]
fn chinese_shirt() {
    let at = |moment| read(&cell(6_109_100_012, b"CN", moment));
    let four_a = ("301-china", "9903.88.15", 75_000);
    assert_eq!(
        due(&at(summer(2026, 7, 24))),
        [four_a, ("301-forced-labor", "9903.05.31", 125_000)]
    );
    assert_eq!(
        due(&at(summer(2026, 3, 15))),
        [four_a, ("122", "9903.03.01", 100_000)]
    );
    let emergency = |fentanyl, reciprocal: (&'static str, u32)| {
        [
            four_a,
            ("ieepa-fentanyl", "9903.01.24", fentanyl),
            ("ieepa-reciprocal", reciprocal.0, reciprocal.1),
        ]
    };
    let december = at(winter(2025, 12, 15));
    assert_eq!(due(&december), emergency(100_000, ("9903.01.25", 100_000)));
    let april = at(summer(2025, 4, 10));
    assert_eq!(due(&april), emergency(200_000, ("9903.01.63", 1_250_000)));
    let minute_before = at(summer(2025, 4, 10) - 1);
    assert_eq!(
        due(&minute_before),
        emergency(200_000, ("9903.01.63", 840_000))
    );
    assert_eq!(
        due(&at(winter(2020, 2, 14) - 1)),
        [("301-china", "9903.88.15", 150_000)]
    );
}

/// Hong Kong is not China for section 301, and is for the emergency duties.
#[test]
fn hong_kong_shirt() {
    let at = |moment| due(&read(&cell(6_109_100_012, b"HK", moment)));
    assert_eq!(
        at(summer(2025, 9, 1)),
        [
            ("ieepa-fentanyl", "9903.01.24", 200_000),
            ("ieepa-reciprocal", "9903.01.25", 100_000)
        ]
    );
    assert_eq!(
        at(summer(2026, 8, 1)),
        [("301-forced-labor", "9903.05.43", 125_000)]
    );
}

/// Nothing is collected in the minute between the emergency duties and section 122.
#[test]
fn minute_between_programs() {
    let at = |moment| due(&read(&cell(6_109_100_012, b"VN", moment)));
    let end = winter(2026, 2, 24);
    assert_eq!(at(end - 2), [("ieepa-reciprocal", "9903.02.69", 200_000)]);
    assert_eq!(at(end - 1), []);
    assert_eq!(at(end), [("122", "9903.03.01", 100_000)]);
}

/// Brazil: section 301 twice, and section 122 beside it for two days.
#[test]
fn brazilian_shirt() {
    let at = |moment| due(&read(&cell(6_109_100_012, b"BR", moment)));
    let brazil = ("301-brazil", "9903.05.01", 250_000);
    assert_eq!(
        at(summer(2026, 7, 22)),
        [("122", "9903.03.01", 100_000), brazil]
    );
    assert_eq!(
        at(summer(2026, 7, 24)),
        [brazil, ("301-forced-labor", "9903.05.27", 125_000)]
    );
    assert_eq!(
        at(summer(2025, 9, 1)),
        [
            ("ieepa-reciprocal", "9903.02.09", 100_000),
            ("ieepa-brazil", "9903.01.77", 400_000)
        ]
    );
    // 8803 and the like are free of it only as articles of civil aircraft, which must be claimed.
    let tires = read(&cell(4_011_300_010, b"BR", summer(2025, 9, 1)));
    assert_eq!(
        tires.charge("ieepa-brazil").map(|due| due.rate_ppm),
        Some(400_000)
    );
    assert!(tires.unclaimed > 0);
}

/// The grace for goods afloat asks for the moment of loading, and only of goods that came by vessel.
#[test]
fn goods_afloat() {
    let mut goods = cell(6_109_100_012, b"VN", summer(2025, 8, 20));
    let full = [("ieepa-reciprocal", "9903.02.69", 200_000)];
    assert_eq!(due(&read(&goods)), full);
    goods.vessel = true;
    assert_eq!(read(&goods).open("ieepa-reciprocal"), Some(reason::LOADED));
    goods.loaded = Some(summer(2025, 8, 7));
    assert_eq!(due(&read(&goods)), full);
    goods.loaded = Some(summer(2025, 8, 7) - 1);
    let kept = [("ieepa-reciprocal", "9903.01.25", 100_000)];
    assert_eq!(due(&read(&goods)), kept);
    goods.entered = summer(2025, 10, 5);
    assert_eq!(due(&read(&goods)), full);
    // Brazil's own rate is the ten percent: the moment decides nothing there, but does for the forty.
    goods = cell(6_109_100_012, b"BR", summer(2025, 8, 20));
    goods.vessel = true;
    let reading = read(&goods);
    assert_eq!(due(&reading), [("ieepa-reciprocal", "9903.02.09", 100_000)]);
    assert_eq!(reading.open("ieepa-brazil"), Some(reason::LOADED));
}

/// Steel of chapter 72 is whole; an article outside the metal chapters depends on weight.
#[test]
fn metals() {
    let coil = |origin, moment| read(&cell(7_208_101_500, origin, moment));
    let june = due(&coil(b"DE", summer(2025, 6, 4)));
    let heading = "9903.81.87/9903.81.88/9903.81.89/9903.81.90/9903.81.93";
    assert_eq!(june, [("232-steel", heading, 500_000)]);
    let british = coil(b"GB", summer(2025, 6, 4));
    assert_eq!(
        british.charge("232-steel").map(|due| due.rate_ppm),
        Some(250_000)
    );
    let later = coil(b"DE", summer(2026, 8, 1));
    assert_eq!(due(&later), [("232-metals-2026", "9903.82.02", 500_000)]);
    let before = coil(b"DE", summer(2024, 1, 2));
    assert_eq!(before.open("232-steel"), Some(reason::NOT_HELD));
    let aluminum = read(&cell(7_601_106_030, b"RU", summer(2026, 8, 1)));
    assert_eq!(
        due(&aluminum),
        [("232-metals-2026", "9903.85.67/9903.85.68", 2_000_000)]
    );
    let mower = read(&cell(8_433_110_050, b"DE", summer(2026, 8, 1)));
    assert_eq!(mower.open("232-metals-2026"), Some(reason::WEIGHT));
    assert_eq!(mower.open("301-forced-labor"), Some(reason::SECURITY));
}

/// Canadian goods: the emergency duty before metals, then metals before it; no relief from section 338.
#[test]
fn canadian_goods() {
    let mut coil = cell(7_208_101_500, b"CA", summer(2025, 5, 1));
    assert_eq!(
        due(&read(&coil)),
        [("ieepa-fentanyl", "9903.01.10", 250_000)]
    );
    coil.claim = Some("S");
    assert_eq!(
        read(&coil).charge("232-steel").map(|due| due.rate_ppm),
        Some(250_000)
    );
    coil.claim = None;
    coil.entered = summer(2025, 6, 4);
    let after = read(&coil);
    assert_eq!(
        after.charge("232-steel").map(|due| due.rate_ppm),
        Some(500_000)
    );
    assert_eq!(
        after.charge("ieepa-fentanyl").map(|due| due.kind),
        Some(Kind::Exempt)
    );
    let mut gin = cell(2_208_500_030, b"CA", summer(2026, 9, 16));
    gin.claim = Some("S");
    let gin = read(&gin);
    assert_eq!(
        gin.charge("338-canada").map(|due| due.rate_ppm),
        Some(500_000)
    );
    assert_eq!(
        gin.charge("301-forced-labor").map(|due| due.kind),
        Some(Kind::Exempt)
    );
}

/// Floors, and origins with a list of their own.
#[test]
fn floors_and_lists() {
    let german = read(&cell(6_109_100_012, b"DE", summer(2026, 8, 1)));
    let floor = german
        .charge("301-forced-labor")
        .expect("the Union has a floor");
    assert_eq!((floor.kind, floor.rate_ppm), (Kind::Floor, 100_000));
    assert_eq!(floor.headings, "9903.05.38/9903.05.39");
    let russian = read(&cell(6_109_100_012, b"RU", summer(2026, 8, 1)));
    assert_eq!(due(&russian), []);
    assert!(russian.charge("column-2").is_some());
    let mut nicaraguan = cell(6_109_100_012, b"NI", winter(2027, 1, 1));
    assert!(due(&read(&nicaraguan)).contains(&("301-nicaragua", "9903.89.01", 100_000)));
    nicaraguan.claim = Some("P");
    let claimed = read(&nicaraguan);
    assert!(!due(&claimed).iter().any(|due| due.0 == "301-nicaragua"));
    assert_eq!(claimed.open("301-forced-labor"), Some(reason::TEXTILE));
}
