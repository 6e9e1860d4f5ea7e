//! Long names, many lines and other scripts: they fit or go on, and nothing is cut.

use crate::support::{
    Case, Fields, Written, fonts, has, issue, readers, shirts, squash, whole, with,
};
use deminimis_clearance::explain::grouped;
use deminimis_filing::documents::{
    Made, cn22, cn23, commercial_invoice, decision_letter, entry_summary, packing_list,
};

fn many(count: usize) -> Vec<Fields<'static>> {
    (0..count)
        .map(|at| {
            let words =
                format!("Article {at:04} of a kind, with a description that takes some room");
            with(
                shirts(&format!("{}.{:02}", 1000 + at, at % 100)),
                "description",
                &words,
            )
        })
        .collect()
}

#[test]
fn of_999_lines_every_description_and_amount_is_found() {
    if !readers() {
        return;
    }
    let case = Case::new(&with(whole(), "s10_number", "RB123456785US"), &many(999));
    let (fonts, parcel, issue) = (fonts(), case.parcel(), issue());
    let documents = [
        ("invoice", commercial_invoice(&fonts, &parcel, &issue)),
        ("packing list", packing_list(&fonts, &parcel, &issue)),
        ("CN23", cn23(&fonts, &parcel, &issue)),
        ("CN22", cn22(&fonts, &parcel, &issue)),
        ("entry summary", entry_summary(&fonts, &parcel, &issue)),
    ];
    for (kind, made) in documents {
        let made = made.expect(kind);
        assert!(made.pages > 10, "{kind}: {} pages", made.pages);
        let text = squash(&Written::of(&made).text());
        for at in 0..999 {
            let words = squash(&format!(
                "Article {at:04} of a kind, with a description that takes some room"
            ));
            assert!(text.contains(&words), "{kind}: no {words}");
            let amount = grouped(&format!("{}.{:02}", 1000 + at, at % 100));
            let shown = ["packing list", "entry summary"].contains(&kind) || text.contains(&amount);
            assert!(shown, "{kind}: no {amount}");
        }
        assert!(
            text.contains(&format!("Page{0}of{0}", made.pages)),
            "{kind}"
        );
    }
}

#[test]
fn the_heading_of_a_table_stands_on_each_of_its_pages() {
    if !readers() {
        return;
    }
    let case = Case::new(&whole(), &many(200));
    let made = packing_list(&fonts(), &case.parcel(), &issue()).expect("made");
    let text = Written::of(&made).text();
    let heads = squash(&text).matches("Grosskg").count();
    assert!(made.pages > 3);
    assert_eq!(heads, made.pages, "{text}");
}

/// Words of 2,048 bytes, the most a description may have.
fn longest() -> String {
    let mut words = String::new();
    for at in 0.. {
        let next = format!("word{at} ");
        if words.len() + next.len() > 2_048 {
            break;
        }
        words.push_str(&next);
    }
    words.trim_end().to_owned()
}

#[test]
fn the_longest_values_of_all_fields_are_whole() {
    if !readers() {
        return;
    }
    let one_word = "W".repeat(256);
    let mut fields = whole();
    for name in [
        "consignee_name",
        "consignee_street",
        "consignee_care_of",
        "shipper_name",
    ] {
        fields = with(fields, name, &one_word);
    }
    fields = with(fields, "consignee_city", &"C".repeat(128));
    fields = with(fields, "s10_number", "RB123456785US");
    let long = longest();
    let line = with(shirts("99999999.99"), "description", &long);
    let line = with(line, "sku", &"S".repeat(128));
    let case = Case::new(&fields, &[line]);
    let (fonts, parcel, issue) = (fonts(), case.parcel(), issue());
    let letter = decision_letter(&fonts, &parcel, &case.explained(), &issue);
    let documents: [(&str, Made); 5] = [
        (
            "invoice",
            commercial_invoice(&fonts, &parcel, &issue).expect("made"),
        ),
        (
            "packing list",
            packing_list(&fonts, &parcel, &issue).expect("made"),
        ),
        ("CN22", cn22(&fonts, &parcel, &issue).expect("made")),
        ("CN23", cn23(&fonts, &parcel, &issue).expect("made")),
        ("letter", letter.expect("made")),
    ];
    for (kind, made) in documents {
        let text = squash(&Written::of(&made).text());
        // Words of several columns may stand between the parts of a long one.
        let count = text.matches('W').count();
        assert!(count >= 3 * 256, "{kind}: {count} letters of the names");
        for word in long.split(' ') {
            assert!(text.contains(word), "{kind}: no {word}");
        }
    }
}

#[test]
fn names_of_other_scripts_are_drawn_and_found() {
    if !readers() {
        return;
    }
    let names = [
        "男式棉质T恤衫，针织，浅蓝色",
        "綿のTシャツ、ニット",
        "면 티셔츠",
        "קמיסה מכותנה",
        "قميص قطني للرجال",
        "सूती कमीज",
        "เสื้อยืดผ้าฝ้าย",
        "Βαμβακερό πουκάμισο",
        "Хлопковая рубашка",
        "Áo thun cotton nam, dệt kim",
    ];
    let lines: Vec<Fields<'_>> = names
        .iter()
        .map(|name| with(shirts("10.00"), "description", name))
        .collect();
    let fields = with(whole(), "consignee_name", "محمد بن علي");
    let case = Case::new(&fields, &lines);
    let made = commercial_invoice(&fonts(), &case.parcel(), &issue()).expect("made");
    assert!(made.unshown.is_empty(), "{:?}", made.unshown);
    let text = Written::of(&made).text();
    for name in names.iter().chain(&["محمد بن علي"]) {
        for word in name.split_whitespace() {
            assert!(squash(&text).contains(word), "no {word} in\n{text}");
        }
    }
}

#[test]
fn a_character_without_a_face_is_shown_by_its_number_and_told() {
    if !readers() {
        return;
    }
    let line = with(
        shirts("10.00"),
        "description",
        "Plush \u{1f9f8} bear \u{202e}toy",
    );
    let case = Case::new(&whole(), &[line]);
    let made = commercial_invoice(&fonts(), &case.parcel(), &issue()).expect("made");
    assert_eq!(made.unshown, [('\u{202e}', 1), ('\u{1f9f8}', 1)]);
    has(
        &Written::of(&made).text(),
        &["Plush [U+1F9F8] bear [U+202E]toy"],
    );
}
