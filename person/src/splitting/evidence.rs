//! What speaks for and against a split lot, what it weighs, and why: one table.
//! It must not repeat what a parcel says: evidence is read by more people than parcels are.
//!
//! Weights are hundredths of the logarithm of odds, base 2: how much more often the sign is seen
//! on a split lot than on ordinary parcels. They are judgements and were not fitted to data; the
//! reasons say what they were judged by. A weight of 100 doubles the odds, one of 400 is 16 to 1.

use super::Kind;

/// One line of the table.
struct Line {
    /// For [`Kind::OneOrder`], [`Kind::CutUnderLimit`], [`Kind::RepeatedRun`] and
    /// [`Kind::ManyNames`]. Zero: it says nothing there and is not listed.
    weights: [i32; 4],
    words: &'static str,
    reason: &'static str,
}

macro_rules! evidence {
    ($($name:ident $weights:tt $words:literal, $reason:literal;)*) => {
        /// A sign that speaks for a split lot or against it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Evidence {
            $(#[doc = $words] $name,)*
        }

        impl Evidence {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Evidence] = &[$(Evidence::$name,)*];
        }

        const TABLE: &[Line] = &[$(Line { weights: $weights, words: $words, reason: $reason },)*];
    };
}

impl Evidence {
    /// What was seen, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        self.line().words
    }

    /// Why it weighs what it weighs.
    #[must_use]
    pub fn reason(self) -> &'static str {
        self.line().reason
    }

    /// What it weighs for a kind, in hundredths of the logarithm of the odds, base 2: above zero
    /// in favour, below against.
    #[must_use]
    pub fn weight(self, kind: Kind) -> i32 {
        self.line().weights[kind as usize]
    }

    fn line(self) -> &'static Line {
        &TABLE[self as usize]
    }
}

/// The odds before any sign is seen, of a group that meets what its kind asks for.
///
/// - One order: of parcels that share a seller and a person few are of one order.
/// - Cut: a person who buys from one seller twice within days mostly buys twice.
/// - Run: seller, person, following days and a sum above the limit seldom meet; of those that
///   do, most are what a good customer buys.
/// - Names: a household and a building share sellers, seldom with a sum above the limit.
pub(super) const PRIORS: [i32; 4] = [-600, -500, -300, -500];

evidence! {
    // What ties the parcels to one order.
    SameOrder [1100, 100, 50, 0]
        "one order number of one seller",
        "a seller's number for one recipient is hardly ever used twice";
    SameOrderInParts [1050, 200, 100, 0]
        "order numbers that differ in a counting part at the end alone",
        "senders count the parcels of an order so; some number all orders of a customer so";
    SaysSeveral [650, 100, 50, 100]
        "the sender says that the order comes in several parcels",
        "the sender's own word, though it often counts parcels for other recipients";
    SaysWhySplit [450, 50, 0, 0]
        "the sender gives a reason for several parcels",
        "who gives a reason says that there are several";
    SameTotal [300, 100, 50, 150]
        "one total is given for the whole order",
        "two orders seldom have one total to the cent, except of one article";
    OrdersInSequence [0, 350, 150, 200]
        "order numbers that follow one another",
        "written one after the other; a seller with few orders gives such numbers to strangers too";
    BillsInSequence [600, 300, 0, 50]
        "house bills that follow one another",
        "written together for one person; a batch of separate orders is handled so too";
    SameMaster [0, 50, 0, 50]
        "one master bill",
        "sent together; a master bill covers thousands of parcels";
    OrderedTogether [750, 300, 50, 250]
        "ordered on one day",
        "one intent is usually one day's; large sales bring many orders on one day";
    OrderedClose [0, 0, 50, 150]
        "ordered within three days",
        "one intent may take some days; so does any other shopping";
    LinkedPersons [0, 0, 0, 300]
        "the names are taken for one person by name and address",
        "found by rules of their own that are right 99 times in 100";
    OneName [0, 0, 0, 350]
        "one name, written in several ways",
        "names that agree in a word and else in first letters are seldom two persons of one address";
    OneEmail [0, 0, 0, 250]
        "one e-mail address under several names",
        "one who orders for others uses it too, so it is no proof";
    TaggedEmail [0, 0, 0, 450]
        "one mailbox, its address written in several ways",
        "a mailbox is one person's, who takes trouble to make it look like several";
    OneUnit [0, 0, 0, 250]
        "one unit of a building",
        "neighbours have units of their own, but for an office's";
    SeveralNames [0, 0, 0, 150]
        "three names or more",
        "two of one household often buy together, three seldom";
    // What the values show.
    FarAboveLimit [0, 100, 150, 100]
        "together more than twice the limit",
        "the more is gained, the likelier the purpose; larger sums come by chance less often";
    JustUnder [0, 350, 100, 150]
        "each part is within 15 hundredths under the limit",
        "prices seldom lie so by themselves, and several at once hardly ever";
    AllButRestJustUnder [0, 250, 50, 50]
        "all parts but one are within 15 hundredths under the limit",
        "what remains after cutting full parts; or one dear article and one cheap";
    NearLimit [0, 150, 100, 100]
        "each part is at least six tenths of the limit",
        "what an even cut of a larger order gives; dear articles cost as much";
    Sizeable [0, 0, 150, 150]
        "each part is at least two fifths of the limit",
        "who cuts to stay within a limit uses it; of ordinary parcels few are worth so much";
    NoTwoFit [0, 150, 350, 350]
        "no two of the parts would have been within the limit together",
        "no part could have been spared: what a cut needs, and chance seldom gives";
    NarrowBand [0, 250, 100, 50]
        "values within 5 hundredths of the limit from one another, and not of one price",
        "an even cut; articles of one kind cost alike too";
    SaidToAvoid [600, 600, 600, 600]
        "the sender says that it was split to stay under the limit",
        "the purpose itself, from who must know; a slip of the form is possible";
    // What the goods and days show.
    SameGoods [50, 100, 150, 150]
        "similar goods",
        "parts of one lot are alike; but a seller's goods mostly are alike anyway";
    SeveralDays [0, 50, 0, 0]
        "on more than one day",
        "only on different days does each part have a limit of its own";
    AdjacentDays [0, 0, 150, 0]
        "on days that follow one another without a gap",
        "one a day is what a limit by the day invites; chance leaves gaps";
    SeveralParcels [0, 100, 100, 0]
        "three parcels or more",
        "chance brings two together often, three seldom";
    OneDay [0, 0, 0, 100]
        "all on one day",
        "the day's own sum counts them for one person; for several names this is what gains";
    OnlyHere [0, 0, 0, 250]
        "all persons but one have no other parcel",
        "made-up persons have none; not said of a file in which most persons have none";
    // What speaks against it.
    WithinLimit [-50, 0, 0, 0]
        "the order as a whole is within the limit: splitting it gained nothing",
        "who gains nothing had no reason to split; what is known of the order stays known";
    BarelyAbove [0, -300, -300, -150]
        "together less than a quarter above the limit",
        "small sums meet the limit by chance far more often than large ones, and little is gained";
    PartAbove [-100, 0, 0, 0]
        "one part is above the limit by itself",
        "who splits to stay within it leaves no such part";
    Restocked [-100, -100, -100, -100]
        "the sender says that a part was not in stock or lay elsewhere",
        "a lawful purpose, if true, so that an order is never told as likely split to avoid; anyone can write it";
    CarrierLimit [-100, -100, -100, -100]
        "the sender says that one parcel would have been too large",
        "a lawful purpose, if true, so that an order is never told as likely split to avoid; anyone can write it";
    Replaced [-1500, -300, -500, -300]
        "the number says that a parcel was sent in place of another",
        "what is sent again is no second part; such a mark is easily made up";
    SellersDiffer [-250, 0, 0, -350]
        "the sellers' names differ",
        "one long number of two sellers is one name written in two ways, or a marketplace's number; who buys here and there has no lot to split";
    SeveralRecipients [-200, 0, 0, 0]
        "the parcels of the order go to several names",
        "an order for several persons, each with a limit of their own";
    OrderedApart [-400, -300, -250, -250]
        "ordered more than three days from one another",
        "separate orders are counted separately, and dates of order are not chosen by who ships";
    WeeksApart [0, -300, 0, 0]
        "more than a week between two that follow one another",
        "parts cut for the limit lie ready together; what is restocked takes weeks";
    InSale [0, -200, -450, -200]
        "mostly ordered on days on which far more is ordered than usual",
        "a sale: many buy more than they would, and on the same days";
    UnrelatedOrders [0, -350, 0, -50]
        "order numbers that have nothing in common",
        "separate orders, or numbers that are given at random";
    OtherGoods [0, -200, -150, -150]
        "goods that have nothing in common",
        "who cuts a lot has parts that are alike; a large shop sells anything";
    EqualValues [0, -700, -200, -250]
        "values that are equal, but for what rounding leaves",
        "units of one article, which several may want; an even cut seldom comes out so";
    TwoFit [0, -350, -200, -250]
        "two of the parts would have been within the limit together",
        "to stay within the limit fewer parts would have done";
    SmallPart [0, -200, -500, -400]
        "a part is below a third of the limit",
        "a small part gains little: what is bought by the way, or what remains of a cut";
    SellersPrices [0, -300, -50, -100]
        "the seller's other parcels are near the limit too",
        "it is what the seller's goods cost";
    SellersDear [0, 0, 0, -150]
        "a third of the seller's other parcels are two fifths of the limit or more",
        "where that is what its goods cost, several of one house buy them without a purpose; of a run it says little that the person's own parcels do not";
    ListPrices [0, -300, -100, -150]
        "most parts cost what others pay for such goods",
        "a part is then an article as it is sold; who buys one a day to stay within the limit pays list prices too";
    ManyReturn [0, -50, -100, 0]
        "many buyers of this seller get parcels on following days",
        "it is how the seller ships or how its customers buy";
    RegularBuyer [0, -150, -450, 0]
        "the person buys from this seller at other times as well",
        "some of a regular customer's orders fall together by chance";
    LongRun [0, 0, -300, 0]
        "for more than two weeks on end",
        "a habit or a business, whose sum passes any limit in time";
    DayAlreadyAbove [0, -100, -100, 0]
        "on one day alone the parcels are above the limit",
        "who spread them to gain would not have done so";
    OwnEmails [0, 0, -150, -300]
        "e-mail addresses of several mailboxes",
        "several persons, or one who orders as a guest; mailboxes are made up less often than names";
    Building [0, 0, 0, -200]
        "eight persons or more at the address: a building or an office",
        "neighbours use the same large sellers";
    OtherUnits [0, 0, 0, -350]
        "different units of the address",
        "two units are two households; a unit is easily made up";
    OtherSellers [0, 0, 0, -250]
        "most of the persons have parcels from other sellers",
        "they live there: a household";
    OneSurname [0, 0, 0, -100]
        "one surname and other given names",
        "a family; who makes up names may keep the surname";
    Gifts [-50, -50, -50, -200]
        "gifts, as the sender says",
        "given to each person of a family; a word that anyone can write";
    Forwarder [0, -50, -100, -300]
        "the address, name or mailbox is a forwarder's or serves as many as one",
        "many customers share it, and the person is whoever is behind it";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_sign_says_something_of_its_own() {
        let mut said = BTreeSet::new();
        for (at, evidence) in Evidence::ALL.iter().enumerate() {
            assert_eq!(*evidence as usize, at);
            assert!(said.insert(evidence.words()), "{evidence:?}");
            assert!(!evidence.reason().is_empty(), "{evidence:?}");
            let weights = Kind::ALL.map(|kind| evidence.weight(kind));
            assert!(weights.iter().any(|weight| *weight != 0), "{evidence:?}");
        }
        assert_eq!(said.len(), TABLE.len());
    }

    #[test]
    fn nothing_speaks_for_one_kind_and_against_another() {
        for evidence in Evidence::ALL {
            let weights = Kind::ALL.map(|kind| evidence.weight(kind));
            let both = weights.iter().any(|weight| *weight > 0)
                && weights.iter().any(|weight| *weight < 0);
            assert!(!both, "{evidence:?}");
        }
    }

    #[test]
    fn a_reason_that_anyone_can_give_hides_nothing() {
        for reason in [Evidence::Restocked, Evidence::CarrierLimit] {
            for kind in Kind::ALL {
                let avoided = Evidence::SaidToAvoid.weight(kind);
                assert!(reason.weight(kind) + avoided > 0, "{reason:?}, {kind:?}");
            }
            let order = [Evidence::SameOrder, reason];
            let weights = order.iter().map(|sign| sign.weight(Kind::OneOrder));
            let score = PRIORS[Kind::OneOrder as usize] + weights.sum::<i32>();
            assert!(score >= crate::splitting::POSSIBLE, "{reason:?}: {score}");
        }
    }
}
