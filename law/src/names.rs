//! The closed lists of names the contract uses: modes, purposes, paths, bases, effects.
//!
//! Each list is written once; reading, writing, sets and schemas come from it.

use serde::{Deserialize, Serialize};

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[doc = concat!("`", $text, "`")] $variant),+ }

        impl $name {
            /// Every value, in the order of the contract.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The name as the contract writes it.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// Reads the contract's name; `None` for anything else.
            pub fn parse(text: &str) -> Option<$name> {
                match text { $($text => Some($name::$variant),)+ _ => None }
            }

            /// The value's bit in a [`Set`] of its list.
            pub const fn bit(self) -> u32 { 1 << self as u32 }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.pad(self.as_str())
            }
        }

        impl Named for $name {
            fn all() -> &'static [$name] { $name::ALL }
            fn text(self) -> &'static str { self.as_str() }
            fn mask(self) -> u32 { self.bit() }
        }
    };
}

/// What every closed list offers, so that a set and a reader are written once for all.
pub trait Named: Copy + 'static {
    /// Every value in the order of the contract.
    fn all() -> &'static [Self];
    /// The contract's name.
    fn text(self) -> &'static str;
    /// The bit in a [`Set`].
    fn mask(self) -> u32;
}

/// A set of values of one closed list, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Set<T> {
    /// One bit for each value, by its place in the list.
    pub bits: u32,
    #[serde(skip)]
    of: std::marker::PhantomData<T>,
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Set {
            bits: 0,
            of: std::marker::PhantomData,
        }
    }
}

impl<T: Named> Set<T> {
    /// The empty set.
    pub const EMPTY: Set<T> = Set {
        bits: 0,
        of: std::marker::PhantomData,
    };

    /// Whether `value` is in the set.
    #[must_use]
    pub fn has(self, value: T) -> bool {
        self.bits & value.mask() != 0
    }

    /// What both sets hold.
    #[must_use]
    pub fn both(self, other: Set<T>) -> Set<T> {
        Set {
            bits: self.bits & other.bits,
            ..self
        }
    }

    /// Adds `value`.
    pub fn add(&mut self, value: T) {
        self.bits |= value.mask();
    }

    /// Takes `value` out.
    pub fn remove(&mut self, value: T) {
        self.bits &= !value.mask();
    }

    /// What either set holds.
    #[must_use]
    pub fn union(self, other: Set<T>) -> Set<T> {
        Set {
            bits: self.bits | other.bits,
            of: std::marker::PhantomData,
        }
    }

    /// What this set holds and the other does not.
    #[must_use]
    pub fn without(self, other: Set<T>) -> Set<T> {
        Set {
            bits: self.bits & !other.bits,
            of: std::marker::PhantomData,
        }
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// The values in the order of the contract.
    pub fn iter(self) -> impl Iterator<Item = T> {
        T::all()
            .iter()
            .copied()
            .filter(move |value| self.has(*value))
    }
}

names! {
    /// How the parcel crosses the border.
    Mode {
        /// By air, not express.
        Air = "air",
        /// Express consignment (19 CFR 128).
        Express = "express",
        /// By truck.
        Truck = "truck",
        /// By rail.
        Rail = "rail",
        /// By sea.
        Ocean = "ocean",
        /// The international postal network.
        Mail = "mail",
        /// Carried by a person.
        HandCarried = "hand_carried",
    }
}

names! {
    /// Why the parcel is sent.
    Purpose {
        /// Sold, or to be sold.
        Sale = "sale",
        /// A gift (19 USC 1321(a)(2)(A)).
        Gift = "gift",
        /// Goods sent back.
        Return = "return",
        /// A sample.
        Sample = "sample",
        /// Documents.
        Documents = "documents",
        /// Personal effects.
        PersonalEffects = "personal_effects",
    }
}

names! {
    /// Where the goods come from in customs terms.
    CustomsStatus {
        /// Straight from abroad.
        Direct = "direct",
        /// Withdrawn from a foreign-trade zone.
        FromFtz = "from_ftz",
        /// Withdrawn from a bonded warehouse.
        FromBondedWarehouse = "from_bonded_warehouse",
        /// Moving in bond.
        InBond = "in_bond",
    }
}

names! {
    /// The postal carrier's election for mail duty (EO 14324 sec. 3).
    PostalMethod {
        /// By value.
        AdValorem = "ad_valorem",
        /// A fixed amount a package.
        Specific = "specific",
    }
}

names! {
    /// Why an order came in several lots.
    SplitReason {
        /// Part was not in stock.
        BackOrder = "back_order",
        /// Stock lay in different places.
        StockLocation = "stock_location",
        /// The carrier's size or weight limit.
        CarrierLimit = "carrier_limit",
        /// To stay under the limit: the only one that denies by itself.
        ToStayUnderLimit = "to_stay_under_limit",
        /// Not known.
        Unknown = "unknown",
    }
}

names! {
    /// What supports the declared value.
    ValueEvidence {
        /// An invoice.
        Invoice = "invoice",
        /// A receipt.
        Receipt = "receipt",
        /// A listing.
        Listing = "listing",
        /// The bill of lading or waybill.
        Bill = "bill",
        /// Only said.
        Oral = "oral",
    }
}

names! {
    /// The class of a postal item.
    PostalServiceClass {
        /// Letter post.
        Letter = "letter",
        /// Parcel post.
        Parcel = "parcel",
        /// Express mail service.
        Ems = "ems",
    }
}

names! {
    /// What a party is.
    PartyKind {
        /// A natural person.
        Person = "person",
        /// A business.
        Business = "business",
        /// A store of a chain.
        Store = "store",
        /// A warehouse.
        Warehouse = "warehouse",
    }
}

names! {
    /// Who pays the duty under the terms of sale.
    DutyTerms {
        /// Delivered duty paid.
        Ddp = "ddp",
        /// Delivered duty unpaid.
        Ddu = "ddu",
    }
}

names! {
    /// What the law says of a parcel, by precedence from the last to the first.
    Outcome {
        /// May enter free.
        Free = "free",
        /// Needs an entry, with duty where duty is owed.
        EntryRequired = "entry_required",
        /// A person must decide.
        NeedsPerson = "needs_person",
        /// May not enter.
        Prohibited = "prohibited",
    }
}

names! {
    /// Why a parcel is free, in the order in which they are tried.
    Basis {
        /// Documents without monetary value.
        Documents = "documents",
        /// 19 USC 1321(a)(2)(A).
        Gift321A = "gift_321_a",
        /// 19 USC 1321(a)(2)(B).
        Personal321B = "personal_321_b",
        /// 19 USC 1321(a)(2)(C).
        Section321C = "section_321_c",
        /// 50 USC 1702(b).
        Informational1702B = "informational_1702b",
    }
}

names! {
    /// How the parcel enters, in the contract's order (it breaks ties).
    EntryPath {
        /// Release from the manifest.
        ManifestRelease = "manifest-release",
        /// Entry type 86.
        Entry86 = "entry-86",
        /// Informal entry.
        Entry11 = "entry-11",
        /// Informal quota entry.
        Entry12 = "entry-12",
        /// Formal consumption entry.
        Entry01 = "entry-01",
        /// Formal quota entry.
        Entry02 = "entry-02",
        /// Formal anti-dumping or countervailing entry.
        Entry03 = "entry-03",
        /// Foreign-trade zone consumption entry.
        Entry06 = "entry-06",
        /// Formal quota and anti-dumping entry.
        Entry07 = "entry-07",
        /// Informal mail entry (test).
        Entry13 = "entry-13",
        /// Mail entry prepared by CBP.
        MailEntry = "mail-entry",
        /// Duty paid by the postal carrier or a qualified party.
        MailCarrier = "mail-carrier",
        /// Postal informal entry by worksheet.
        MailWorksheet = "mail-worksheet",
        /// No entry at all.
        None = "none",
    }
}

names! {
    /// What a rule does when it speaks.
    Effect {
        /// Opens a basis or path.
        Allows = "allows",
        /// Closes a basis or path.
        Denies = "denies",
        /// Something must be done.
        Requires = "requires",
        /// The goods may not enter.
        Prohibits = "prohibits",
        /// Worth a look.
        Flags = "flags",
        /// Something must be known.
        Asks = "asks",
    }
}

names! {
    /// Which party is the one person of the day.
    PersonBasis {
        /// The consignee on the bill.
        Consignee = "consignee",
        /// The named owner.
        Owner = "owner",
        /// The purchaser.
        Purchaser = "purchaser",
        /// The single store of a chain.
        Store = "store",
        /// The warehouse that receives unsold goods.
        Warehouse = "warehouse",
    }
}

names! {
    /// How well a fact of the law is supported.
    Confidence {
        /// Three or more independent sources.
        C3 = "C3+",
        /// Two independent sources.
        C2 = "C2",
        /// One source.
        S = "S",
        /// Common knowledge of the field, not checked against a source.
        M = "M",
        /// Derived by arithmetic or logic.
        D = "D",
        /// Not settled.
        Open = "open",
    }
}

names! {
    /// Which date of the parcel picks the version of an instrument.
    Clock {
        /// When the entry is made.
        EnteredAt = "entered_at",
        /// Importation.
        ArrivesAt = "arrives_at",
        /// When the filing was transmitted.
        FiledAt = "filed_at",
        /// Loading on the conveyance that arrived.
        LoadedAt = "loaded_at",
        /// Exportation.
        ExportedOn = "exported_on",
    }
}

names! {
    /// What counts toward a person's day.
    Counts {
        /// Only parcels that entered free on this basis.
        Exempted = "exempted",
        /// Everything imported.
        All = "all",
    }
}

names! {
    /// What happens when the day's total crosses the limit.
    Crossing {
        /// Only the parcel that crosses is denied.
        ThatOne = "that-one",
        /// That parcel and every later one.
        FromCrossing = "from-crossing",
        /// Every parcel of the day.
        WholeDay = "whole-day",
    }
}

names! {
    /// A field whose presence a rule may ask for.
    Given {
        /// The owner.
        Owner = "owner",
        /// The purchaser.
        Purchaser = "purchaser",
        /// The seller.
        Seller = "seller",
        /// The importer of record.
        ImporterOfRecord = "importer_of_record",
        /// The bond.
        Bond = "bond",
        /// The filing time.
        FiledAt = "filed_at",
        /// The loading time.
        LoadedAt = "loaded_at",
        /// The entry time.
        EnteredAt = "entered_at",
        /// The filer code.
        FilerCode = "filer_code",
        /// The house bill.
        HouseBill = "house_bill",
        /// The master bill.
        MasterBill = "master_bill",
        /// The order.
        OrderId = "order_id",
        /// The postal item's number.
        S10Number = "s10_number",
        /// The power of attorney.
        PowerOfAttorney = "power_of_attorney",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for path in EntryPath::ALL {
            assert_eq!(EntryPath::parse(path.as_str()), Some(*path));
        }
        assert_eq!(Mode::parse("AIR"), None);
    }

    #[test]
    fn a_set_keeps_the_contracts_order() {
        let mut set = Set::<Basis>::EMPTY;
        set.add(Basis::Section321C);
        set.add(Basis::Gift321A);
        let listed: Vec<_> = set.iter().collect();
        assert_eq!(listed, [Basis::Gift321A, Basis::Section321C]);
        assert_eq!(set.without(set), Set::EMPTY);
    }
}

names! {
    /// Where a charge is reported on a line.
    Layer {
        /// A provision of Chapter 98.
        Chapter98 = "chapter-98",
        /// Section 301.
        Section301 = "301",
        /// Section 338.
        Section338 = "338",
        /// International Emergency Economic Powers Act.
        Ieepa = "ieepa",
        /// Section 122.
        Section122 = "122",
        /// Section 232.
        Section232 = "232",
        /// Section 201.
        Section201 = "201",
        /// A heading of Chapter 99 in place of the rate of Chapters 1 to 97.
        Replacement = "replacement",
        /// The rate of Chapters 1 to 97.
        Schedule = "schedule",
    }
}

names! {
    /// Over which rate of column 1 a floor tops up.
    FloorOver {
        /// The general rate, whatever special rate is claimed.
        General = "general",
        /// The rate that the line pays.
        GeneralOrSpecial = "general-or-special",
    }
}

names! {
    /// For what a fee is collected.
    FeePer {
        /// The entry.
        Entry = "entry",
        /// The bill of lading or waybill.
        Bill = "bill",
        /// The postal item.
        PostalItem = "postal-item",
    }
}
