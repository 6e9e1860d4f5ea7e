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
/// - One order: most parcels that share anything are ordinary trade.
/// - Cut: a person who buys from one seller twice within days mostly buys twice.
/// - Run: that seller, person, following days and a sum above the limit meet is rare already.
/// - Names: a household and a building share sellers, seldom with a sum above the limit.
pub(super) const PRIORS: [i32; 4] = [-600, -700, -250, -500];

evidence! {
    // What ties the parcels to one order.
    SameOrder [900, 200, 150, 500]
        "one order number of one seller",
        "a seller's number for one recipient is hardly ever used twice; under several names it ties them together";
    SameOrderInParts [750, 250, 150, 450]
        "order numbers that differ in a counting part at the end alone",
        "senders count the parcels of an order so; some number all orders of a customer so";
    SaysSeveral [450, 150, 100, 150]
        "the sender says that the order comes in several parcels",
        "the sender's own word, though it often counts parcels for other recipients";
    SameTotal [300, 150, 150, 200]
        "one total is given for the whole order",
        "two orders seldom have one total to the cent, except of one article";
    OrdersInSequence [0, 400, 250, 350]
        "order numbers that follow one another",
        "written one after the other; a seller with few orders gives such numbers to strangers too";
    BillsInSequence [50, 100, 50, 100]
        "house bills that follow one another",
        "handed over together; sorted by place, strangers' parcels follow one another as well";
    SameMaster [0, 50, 0, 50]
        "one master bill",
        "sent together; a master bill covers thousands of parcels";
    OrderedTogether [150, 400, 400, 250]
        "ordered on one day",
        "one intent is usually one day's; large sales bring many orders on one day";
    OrderedClose [0, 150, 100, 50]
        "ordered on two days that follow one another",
        "an order near midnight has two dates";
    LinkedPersons [0, 0, 0, 500]
        "the names are taken for one person by name and address",
        "found by rules of their own that are right 99 times in 100";
    OneEmail [0, 0, 0, 500]
        "one e-mail address under several names",
        "one who orders for others uses it too, so it is no proof";
    NamesAlike [0, 0, 0, 100]
        "names alike in a word and in all first letters",
        "a name written otherwise; brothers and sisters are alike too";
    SeveralNames [0, 0, 0, 150]
        "three names or more",
        "two of one household often buy together, three seldom";
    // What the values show.
    AboveLimit [200, 0, 0, 0]
        "the order is above the limit",
        "only then does splitting gain anything";
    FarAboveLimit [0, 100, 100, 100]
        "together more than twice the limit",
        "the more is gained, the likelier the purpose; larger sums come by chance less often";
    JustUnder [100, 400, 150, 200]
        "each part is within 15 hundredths under the limit",
        "prices seldom lie so by themselves, and several at once hardly ever";
    AllButRestJustUnder [50, 250, 50, 50]
        "all parts but one are within 15 hundredths under the limit",
        "what remains after cutting full parts; or one dear article and one cheap";
    NearLimit [0, 150, 100, 100]
        "each part is at least six tenths of the limit",
        "what an even cut of a larger order gives; dear articles cost as much";
    NarrowBand [0, 150, 100, 100]
        "values within 5 hundredths of the limit from one another, and not equal",
        "an even cut; articles of one kind cost alike too";
    SaidToAvoid [600, 600, 600, 600]
        "the sender says that it was split to stay under the limit",
        "the purpose itself, from who must know; a slip of the form is possible";
    // What the goods and days show.
    SameGoods [50, 150, 150, 200]
        "similar goods",
        "parts of one lot are alike; but a seller's goods mostly are alike anyway";
    SeveralDays [50, 100, 0, 0]
        "on more than one day",
        "only on different days does each part have a limit of its own";
    AdjacentDays [0, 0, 200, 0]
        "on days that follow one another without a gap",
        "one a day is what a limit by the day invites; chance leaves gaps";
    SeveralParcels [0, 150, 200, 0]
        "three parcels or more",
        "chance brings two together often, three seldom";
    ManyParcels [0, 0, 150, 0]
        "five parcels or more",
        "chance brings so many together still less often";
    OneDay [-100, 0, 0, 200]
        "all on one day",
        "the day's own sum counts them for one person; for several names this is what gains";
    SeenNowhereElse [0, 0, 0, 50]
        "no name has a parcel from any other seller",
        "made-up names have none; in a short file real ones have none either";
    // What speaks against it.
    WithinLimit [-900, 0, 0, 0]
        "the order as a whole is within the limit",
        "splitting gained nothing";
    PartAbove [-300, 0, 0, 0]
        "one part is above the limit by itself",
        "who splits to stay within it leaves no such part";
    Restocked [-500, -250, -150, -150]
        "the sender says that a part was not in stock or lay elsewhere",
        "a lawful purpose, if true, leaves an order likely no more than possible; anyone can write it";
    CarrierLimit [-500, -150, -100, -100]
        "the sender says that one parcel would have been too large",
        "a lawful purpose, if true; anyone can write it";
    SellersDiffer [-250, 0, 0, 0]
        "the sellers' names differ",
        "one long number of two sellers is one name written in two ways, or a marketplace's number";
    SeveralRecipients [-200, 0, 0, 0]
        "the parcels of the order go to several names",
        "an order for several persons, each with a limit of their own";
    OrderedApart [-400, -300, -100, -200]
        "ordered on different days",
        "separate orders are counted separately, and dates of order are not chosen by who ships";
    UnrelatedOrders [0, -50, 0, -50]
        "order numbers that have nothing in common",
        "separate orders, or numbers that are given at random";
    OtherGoods [0, -200, -150, -250]
        "goods that have nothing in common",
        "who cuts a lot has parts that are alike; a large shop sells anything";
    EqualValues [0, -50, 0, 0]
        "values that are equal to the cent",
        "units of one article; an even cut gives them too";
    SmallParts [-100, 0, -250, -150]
        "no part is above a fifth of the limit",
        "to stay within the limit fewer parts would have done";
    SellersPrices [0, -300, -50, -100]
        "the seller's other parcels are near the limit too",
        "it is what the seller's goods cost";
    ManyReturn [0, -50, -150, 0]
        "many buyers of this seller get parcels on following days",
        "it is how the seller ships or how its customers buy";
    RegularBuyer [0, -100, -200, 0]
        "the person buys from this seller at other times as well",
        "some of a regular customer's orders fall together by chance";
    LongRun [0, 0, -300, 0]
        "for more than two weeks on end",
        "a habit or a business, whose sum passes any limit in time";
    DayAlreadyAbove [0, -100, -200, 0]
        "on one day alone the parcels are above the limit",
        "who spread them to gain would not have done so";
    Building [0, 0, 0, -350]
        "eight names or more at the address: a building or an office",
        "neighbours use the same large sellers";
    OtherUnits [0, 0, 0, -300]
        "different units of the address",
        "two units are two households; a unit is easily made up";
    OtherSellers [0, 0, 0, -200]
        "most of the names have parcels from other sellers",
        "they live there: a household";
    OneSurname [0, 0, 0, -100]
        "one surname and other given names",
        "a family; who makes up names may keep the surname";
    OtherEmails [0, 0, 0, -200]
        "each name has an e-mail address of its own",
        "several persons; addresses are made up less often than names";
    Gifts [-50, -50, -50, -200]
        "gifts, as the sender says",
        "given to each person of a family; a word that anyone can write";
    Forwarder [0, -50, -100, -300]
        "the address or name is a forwarder's or warehouse's",
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
    fn only_the_day_speaks_for_one_kind_and_against_another() {
        for evidence in Evidence::ALL {
            let weights = Kind::ALL.map(|kind| evidence.weight(kind));
            let both = weights.iter().any(|weight| *weight > 0)
                && weights.iter().any(|weight| *weight < 0);
            assert_eq!(both, *evidence == Evidence::OneDay, "{evidence:?}");
        }
    }

    #[test]
    fn a_reason_that_anyone_can_give_hides_nothing() {
        for reason in [Evidence::Restocked, Evidence::CarrierLimit] {
            for kind in Kind::ALL {
                let avoided = Evidence::SaidToAvoid.weight(kind);
                assert!(reason.weight(kind) + avoided > 0, "{reason:?}, {kind:?}");
            }
            let order = [Evidence::SameOrder, Evidence::AboveLimit, reason];
            let weights = order.iter().map(|sign| sign.weight(Kind::OneOrder));
            let score = PRIORS[Kind::OneOrder as usize] + weights.sum::<i32>();
            assert!(score >= crate::splitting::POSSIBLE, "{reason:?}: {score}");
        }
    }
}
