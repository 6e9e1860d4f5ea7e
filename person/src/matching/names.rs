//! Short and familiar forms of given names. A form may belong to several names; two names are
//! taken for one person's if they stand in one group.
//! It must not hold names that are merely alike (spelling is compared elsewhere), nor a name's form
//! in another language: Mary and Maria may be two of one family.

/// Names that one person goes by.
#[rustfmt::skip]
const GROUPS: &[&[&str]] = &[
    &["ABIGAIL", "ABBY", "GAIL"],
    &["ALBERT", "AL", "BERT"],
    &["ALEJANDRO", "ALEX"],
    &["ALEKSANDR", "SASHA"],
    &["ALEXANDER", "ALEX", "SASHA", "XANDER"],
    &["ALEXANDRA", "ALEX", "SASHA"],
    &["ANDREW", "ANDY", "DREW"],
    &["ANNA", "ANN", "ANNE", "ANNIE"],
    &["ANTHONY", "TONY"],
    &["ANTONIO", "TONO"],
    &["BARBARA", "BARB", "BARBIE"],
    &["BENJAMIN", "BEN", "BENNY"],
    &["CATHERINE", "KATHERINE", "KATHRYN", "KATE", "KATIE", "CATHY", "KATHY"],
    &["CHARLES", "CHARLIE", "CHUCK"],
    &["CHRISTINA", "CHRISTINE", "CHRIS", "TINA", "CRISTINA"],
    &["CHRISTOPHER", "CHRIS", "KRIS"],
    &["CYNTHIA", "CINDY"],
    &["DANIEL", "DAN", "DANNY"],
    &["DAVID", "DAVE", "DAVEY"],
    &["DEBORAH", "DEBRA", "DEB", "DEBBIE"],
    &["DMITRI", "DIMA", "DMITRY"],
    &["DONALD", "DON", "DONNIE"],
    &["DOROTHY", "DOT", "DOTTIE"],
    &["EDUARDO", "LALO"],
    &["EDWARD", "ED", "EDDIE", "TED", "NED"],
    &["ELIZABETH", "LIZ", "BETH", "BETTY", "LIZZIE", "ELIZA", "LIBBY", "ELISABETH"],
    &["ENRIQUE", "KIKE"],
    &["EUGENE", "GENE"],
    &["FRANCES", "FRAN"],
    &["FRANCIS", "FRANK", "FRANKIE"],
    &["FRANCISCO", "PACO", "PANCHO"],
    &["FREDERICK", "FRED", "FREDDIE"],
    &["GABRIEL", "GABE"],
    &["GERALD", "GERRY", "JERRY"],
    &["GREGORY", "GREG"],
    &["GUADALUPE", "LUPE", "LUPITA"],
    &["HENRY", "HANK", "HARRY"],
    &["IGNACIO", "NACHO"],
    &["IVAN", "VANYA"],
    &["JACOB", "JAKE"],
    &["JAMES", "JIM", "JIMMY", "JAMIE"],
    &["JENNIFER", "JENNY", "JEN"],
    &["JESSICA", "JESS", "JESSIE"],
    &["JESUS", "CHUY"],
    &["JOHN", "JACK", "JOHNNY", "JON"],
    &["JONATHAN", "JON", "JONNY"],
    &["JOSE", "PEPE"],
    &["JOSEPH", "JOE", "JOEY"],
    &["JOSHUA", "JOSH"],
    &["JUDITH", "JUDY"],
    &["KATARZYNA", "KASIA"],
    &["KENNETH", "KEN", "KENNY"],
    &["KIMBERLY", "KIM"],
    &["LAWRENCE", "LARRY", "LAURENCE"],
    &["LEONARD", "LEN", "LENNY", "LEO"],
    &["MALGORZATA", "GOSIA"],
    &["MARGARET", "PEGGY", "MAGGIE", "MEG", "MARGE"],
    &["MARIA", "MASHA", "MARIYA"],
    &["MARY", "MOLLY", "POLLY"],
    &["MATTHEW", "MATT"],
    &["MICHAEL", "MIKE", "MICK", "MICKEY"],
    &["MIKHAIL", "MISHA"],
    &["NATALIA", "NATASHA"],
    &["NATHANIEL", "NATHAN", "NATE"],
    &["NICHOLAS", "NICK", "NICKY", "NICOLAS"],
    &["NIKOLAI", "KOLYA"],
    &["PAMELA", "PAM"],
    &["PATRICIA", "PAT", "PATTY", "TRISH", "TRICIA"],
    &["PATRICK", "PAT", "PADDY"],
    &["PETER", "PETE"],
    &["PHILIP", "PHIL"],
    &["RAYMOND", "RAY"],
    &["REBECCA", "BECKY", "BECCA"],
    &["RICHARD", "RICK", "DICK", "RICH", "RICKY"],
    &["ROBERT", "BOB", "ROB", "BOBBY", "ROBBIE", "BERT"],
    &["RONALD", "RON", "RONNIE"],
    &["SAMANTHA", "SAM"],
    &["SAMUEL", "SAM", "SAMMY"],
    &["SERGEI", "SERYOZHA"],
    &["STEPHEN", "STEVE"],
    &["SUSAN", "SUE", "SUSIE", "SUZANNE"],
    &["TATIANA", "TANYA"],
    &["TERESA", "TERRY", "TESS", "THERESA"],
    &["THEODORE", "TED", "TEDDY", "THEO"],
    &["THOMAS", "TOM", "TOMMY"],
    &["TIMOTHY", "TIM"],
    &["VALENTINA", "VAL"],
    &["VICTORIA", "VICKY", "VICKI", "TORI"],
    &["VLADIMIR", "VOVA", "VOLODYA"],
    &["WILLIAM", "BILL", "WILL", "BILLY", "WILLIE", "LIAM"],
    &["YEKATERINA", "KATYA", "EKATERINA"],
    &["YEVGENY", "ZHENYA"],
    &["ZACHARY", "ZACH", "ZACK"],
];

/// The groups that a name stands in: at most four, by number from 1, zero for none.
pub(super) fn groups(name: &[u8]) -> [u8; 4] {
    let mut found = [0; 4];
    let holds = |group: &&[&str]| group.iter().any(|one| one.as_bytes() == name);
    let numbers = GROUPS.iter().zip(1_u8..).filter(|(group, _)| holds(group));
    for (place, (_, number)) in found.iter_mut().zip(numbers) {
        *place = number;
    }
    found
}

/// Whether two names stand in one group.
pub(super) fn meet(a: [u8; 4], b: [u8; 4]) -> bool {
    a.iter().any(|group| *group != 0 && b.contains(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_meet() {
        let one = |a: &str, b: &str| meet(groups(a.as_bytes()), groups(b.as_bytes()));
        for (a, b) in [
            ("WILLIAM", "BILL"),
            ("PEGGY", "MARGARET"),
            ("SAM", "SAMUEL"),
        ] {
            assert!(one(a, b) && one(b, a), "{a} {b}");
        }
        for (a, b) in [
            ("WILLIAM", "ROBERT"),
            ("SAMUEL", "SAMANTHA"),
            ("XYZ", "XYZ"),
        ] {
            assert!(!one(a, b), "{a} {b}");
        }
    }

    #[test]
    fn no_name_stands_in_more_groups_than_are_kept() {
        for name in GROUPS.iter().flat_map(|group| group.iter()) {
            let holds = |group: &&&[&str]| group.contains(name);
            assert!(GROUPS.iter().filter(holds).count() <= 4, "{name}");
        }
        assert!(GROUPS.len() < 256);
    }
}
