//! Several names at one address.

use crate::lots::{found, kinds, made, names, only};
use crate::splitting_support::Made;
use deminimis_person::splitting::{Evidence as E, Kind, Level};

#[test]
fn several_names_at_one_address() {
    let finding = only(&names(), Kind::ManyNames);
    assert_eq!(finding.level(), Level::Likely);
    for evidence in [E::OneDay, E::SeveralNames, E::SameGoods, E::OrderedTogether] {
        assert!(finding.in_favour.contains(&evidence), "{finding:?}");
    }
    // Each sign against it lowers the score.
    type Change = fn(usize, &mut Made);
    let changes: [(E, Change); 4] = [
        (E::Gifts, |_, parcel| {
            parcel.description = "birthday gift, shoes".to_owned()
        }),
        (E::OwnEmails, |at, parcel| {
            parcel.email = format!("p{at}@example.com")
        }),
        (E::OtherUnits, |at, parcel| {
            parcel.street = format!("12 Oak St Apt {at}")
        }),
        (E::OneSurname, |at, parcel| {
            parcel.name = ["Ana Lopez", "Rosa Lopez", "Mia Lopez"][at].to_owned()
        }),
    ];
    for (evidence, change) in changes {
        let mut file = names();
        file.iter_mut()
            .enumerate()
            .for_each(|(at, parcel)| change(at, parcel));
        let mut changed = found(&file);
        changed.retain(|finding| finding.kind == Kind::ManyNames);
        if let [changed] = &changed[..] {
            assert!(
                changed.against.contains(&evidence),
                "{evidence:?}: {changed:?}"
            );
            assert!(changed.score < finding.score, "{evidence:?}");
        }
    }
    // And together they clear it.
    let mut family = names();
    for (at, parcel) in family.iter_mut().enumerate() {
        for (_, change) in changes {
            change(at, parcel);
        }
    }
    assert!(found(&family).is_empty());
}

#[test]
fn names_that_are_linked_or_share_an_email() {
    let finding = only(&names(), Kind::ManyNames);
    let mut linked = names();
    linked
        .iter_mut()
        .for_each(|parcel| parcel.linked_person = Some(7));
    let linked = only(&linked, Kind::ManyNames);
    assert!(linked.in_favour.contains(&E::LinkedPersons), "{linked:?}");
    let mut email = names();
    email
        .iter_mut()
        .for_each(|parcel| parcel.email = " Ana@Example.com".to_owned());
    let email = only(&email, Kind::ManyNames);
    assert!(email.in_favour.contains(&E::OneEmail), "{email:?}");
    assert!(linked.score > finding.score && email.score > finding.score);
}

#[test]
fn names_that_ordered_together_may_arrive_apart() {
    let mut apart = names();
    apart[2].day += 5;
    assert_eq!(only(&apart, Kind::ManyNames).of, 3);
    for (number, parcel) in (0_i32..).zip(&mut apart) {
        parcel.ordered_on = Some(19_980 + number * 2);
    }
    assert!(!kinds(&apart).contains(&Kind::ManyNames) || only(&apart, Kind::ManyNames).of == 2);
}

#[test]
fn one_name_in_several_spellings_is_seen_across_sellers() {
    let mut spelled = names();
    for (at, parcel) in spelled.iter_mut().enumerate() {
        parcel.name = ["Ana Lopez", "Lopez, Ana", "A. Lopez"][at].to_owned();
        parcel.seller = ["Blue Sky Store", "Red Hill Shop", "Red Hill Shop"][at].to_owned();
    }
    let finding = only(&spelled, Kind::ManyNames);
    assert_eq!(finding.of, 3);
    assert!(finding.in_favour.contains(&E::OneName), "{finding:?}");
    assert!(finding.against.contains(&E::SellersDiffer), "{finding:?}");
    assert!(!finding.against.contains(&E::OneSurname), "{finding:?}");
}

#[test]
fn tags_of_a_mailbox_and_mailboxes_of_many() {
    let mut tagged = names();
    for (at, parcel) in tagged.iter_mut().enumerate() {
        parcel.email = format!("ana+{at}@example.com");
    }
    let finding = only(&tagged, Kind::ManyNames);
    assert!(finding.in_favour.contains(&E::TaggedEmail), "{finding:?}");
    // The mailbox of a forwarder is many customers'.
    for number in 100..120 {
        tagged.push(Made {
            name: format!("Customer{number} Of{number}"),
            street: format!("{number} Pine Rd"),
            email: "ana@example.com".to_owned(),
            ..made(number)
        });
    }
    let shared = only(&tagged, Kind::ManyNames);
    assert!(!shared.in_favour.contains(&E::TaggedEmail), "{shared:?}");
    assert!(shared.against.contains(&E::Forwarder), "{shared:?}");
}
