//! What differs between the two worlds: how often people do a thing, what it costs, what is left
//! out of the data and how those who evade go about it. Rates are in a hundred unless said.

/// The figures of one world.
pub struct World {
    /// The first day of arrival, in days since 1970, and how many days follow it.
    pub first_day: i32,
    pub days: i32,
    /// Days of great sales, on which orders are placed.
    pub sales: [i32; 2],
    /// Prices against the list of goods.
    pub price_percent: i64,
    /// Weights of house, tower, dormitory, office, mail store, forwarder.
    pub dwellings: [usize; 6],
    /// Orders that leave in several parcels, and orders sent to another person as a gift.
    pub parted: usize,
    pub gifts: usize,
    /// Persons, in a thousand, who buy in one of the ways that look like evasion and are not.
    pub subscribers: usize,
    pub resellers: usize,
    pub bidders: usize,
    pub registries: usize,
    /// Persons who order much on a day of sales.
    pub sprees: usize,
    /// Rows left without a field although the seller gives it.
    pub no_order: usize,
    pub no_total: usize,
    pub no_email: usize,
    pub no_number: usize,
    pub no_master: usize,
    /// Sellers who never give orders.
    pub silent_sellers: usize,
    /// Names and addresses with an error of the hand.
    pub untidy: usize,
    /// Evasive groups for a thousand persons, and weights of cut order, run, many names.
    pub evasive: usize,
    pub evasions: [usize; 3],
    /// Weights of parts close to the limit, equal parts, unlike parts; the least unlike part.
    pub cuts: [usize; 3],
    pub least_part: i64,
    /// Cut orders whose labels are printed one after the other.
    pub one_printing: usize,
    /// The longest wait between two parts of a cut order, between two parcels of a run, and between
    /// the first and the last parcel of one buyer's names.
    pub cut_gap: i32,
    pub run_gap: i32,
    pub names_span: i32,
    /// The least and the greatest value of a parcel of a run.
    pub run_values: (i64, i64),
    /// Weights of names varied by initials, by relatives, by invention.
    pub names: [usize; 3],
    /// Evasive parcels sold under the seller's other name, and with an invented flat.
    pub other_shop: usize,
    pub invented_flat: usize,
}

impl World {
    /// The spring of 2024.
    pub fn usual() -> World {
        World {
            first_day: 19_814,
            days: 120,
            sales: [19_858, 19_892],
            price_percent: 100,
            dwellings: [640, 45, 12, 18, 20, 2],
            parted: 6,
            gifts: 4,
            subscribers: 35,
            resellers: 14,
            bidders: 6,
            registries: 5,
            sprees: 60,
            no_order: 6,
            no_total: 30,
            no_email: 25,
            no_number: 25,
            no_master: 12,
            silent_sellers: 15,
            untidy: 4,
            evasive: 20,
            evasions: [34, 33, 33],
            cuts: [55, 30, 15],
            least_part: 60_000,
            one_printing: 60,
            cut_gap: 2,
            run_gap: 1,
            names_span: 2,
            run_values: (38_000, 79_999),
            names: [35, 35, 30],
            other_shop: 25,
            invented_flat: 25,
        }
    }

    /// The spring of 2025: fewer evade and with more care, prices are higher, data is poorer.
    pub fn shifted() -> World {
        World {
            first_day: 20_100,
            days: 100,
            sales: [20_130, 20_165],
            price_percent: 130,
            dwellings: [480, 80, 20, 22, 34, 5],
            parted: 10,
            gifts: 7,
            subscribers: 55,
            resellers: 25,
            bidders: 11,
            registries: 8,
            sprees: 110,
            no_order: 18,
            no_total: 55,
            no_email: 50,
            no_number: 45,
            no_master: 35,
            silent_sellers: 35,
            untidy: 9,
            evasive: 12,
            evasions: [25, 35, 40],
            cuts: [20, 20, 60],
            least_part: 42_000,
            one_printing: 35,
            cut_gap: 6,
            run_gap: 4,
            names_span: 7,
            run_values: (17_000, 76_000),
            names: [15, 30, 55],
            other_shop: 45,
            invented_flat: 45,
        }
    }
}
