//! What is sold, by whom and for how much, and how sellers number their orders.

use super::dice::Dice;
use super::lists::{SELLERS, SHOP_FIRST, SHOP_LAST};
use super::world::World;

/// A kind of goods, as sellers describe it.
pub struct Good {
    pub number: &'static str,
    pub words: [&'static str; 3],
    /// The usual price of one, in dollars.
    pub dollars: (i64, i64),
    /// Prices at which nearly all of it is sold, in dollars, if it has such.
    pub points: &'static [i64],
}

const fn good(
    number: &'static str,
    words: [&'static str; 3],
    dollars: (i64, i64),
    points: &'static [i64],
) -> Good {
    Good {
        number,
        words,
        dollars,
        points,
    }
}

#[rustfmt::skip]
pub const GOODS: &[Good] = &[
    good("8517.13.0000", ["Smartphone 256GB", "mobile phone unlocked", "Cell phone, dual SIM"], (199, 999), &[199, 299, 399, 499, 599, 699, 749, 799, 800, 899]),
    good("8518.30.2000", ["Wireless earbuds", "bluetooth headphones", "Headset over-ear"], (18, 240), &[]),
    good("8525.89.4000", ["Mirrorless camera body", "digital camera", "Action camera 4K"], (180, 1200), &[449, 599, 799, 999]),
    good("8471.30.0100", ["Laptop computer 14 inch", "notebook PC", "Tablet 11 in"], (240, 1300), &[399, 599, 799, 1099]),
    good("8504.40.9580", ["USB-C charger 65W", "power adapter", "Charger set"], (9, 45), &[]),
    good("6109.10.0012", ["Cotton T-shirt", "tee shirt mens", "T-shirts knitted cotton"], (6, 35), &[]),
    good("6204.43.4030", ["Women's dress polyester", "evening dress", "Dress woven"], (15, 190), &[]),
    good("6110.20.2079", ["Knit sweater cotton", "hoodie", "Sweatshirt"], (14, 80), &[]),
    good("6403.99.9065", ["Leather shoes", "womens boots leather", "Shoes, leather upper"], (35, 320), &[]),
    good("4202.21.9000", ["Leather handbag", "hand bag women", "Shoulder bag"], (40, 780), &[]),
    good("7117.19.9000", ["Fashion necklace", "imitation jewelry", "Earrings set"], (3, 40), &[]),
    good("7113.11.5000", ["Silver bracelet 925", "sterling silver ring", "Silver pendant"], (20, 260), &[]),
    good("9102.12.8000", ["Digital wrist watch", "mens watch", "Wristwatch steel"], (40, 790), &[]),
    good("9503.00.0073", ["Building blocks set", "toy figure", "Plastic toys"], (8, 160), &[]),
    good("9504.50.0000", ["Handheld game console", "video game console", "Game machine"], (60, 499), &[199, 299, 349, 499]),
    good("9004.10.0000", ["Sunglasses", "sun glasses polarized", "Eyewear"], (7, 180), &[]),
    good("9001.30.0000", ["Contact lenses 90 pack", "daily lenses", "Contact lenses"], (45, 160), &[]),
    good("3304.99.5000", ["Face serum", "skin care cream", "Cosmetic set"], (8, 95), &[]),
    good("2106.90.9998", ["Dietary supplement", "vitamin capsules", "Protein powder"], (15, 110), &[]),
    good("8714.99.8000", ["Bicycle derailleur", "bike parts", "Carbon wheel set bicycle"], (25, 790), &[]),
    good("9507.30.8000", ["Fishing reel", "reel, spinning", "Fishing tackle"], (20, 310), &[]),
    good("9207.10.0055", ["Synthesizer keyboard", "electric piano", "Drum machine"], (150, 1100), &[299, 449, 699, 799]),
    good("6302.31.9020", ["Bed sheet set cotton", "duvet cover", "Bedding set"], (22, 140), &[]),
    good("6911.10.8010", ["Porcelain plates", "dinnerware", "Tea set porcelain"], (18, 220), &[]),
    good("9405.21.8010", ["LED desk lamp", "table lamp", "Lamp"], (15, 170), &[]),
    good("8708.99.8180", ["Car suspension part", "auto parts", "Control arm set"], (30, 480), &[]),
];

/// Who sells: one warehouse, though it may have two names.
pub struct Seller {
    pub name: String,
    pub other_name: Option<String>,
    pub goods: Vec<usize>,
    pub consolidator: usize,
    numbering: usize,
    /// Whether orders, their totals and the buyers' mailboxes come with its data.
    pub gives_orders: bool,
    pub gives_totals: bool,
    pub gives_email: bool,
}

/// Every seller, the busy first.
pub fn market(dice: &mut Dice, world: &World) -> Vec<Seller> {
    let mut sellers: Vec<Seller> = Vec::new();
    for (name, other, sold) in SELLERS {
        let goods = if sold.is_empty() {
            (0..GOODS.len()).collect()
        } else {
            sold.to_vec()
        };
        let other = (!other.is_empty()).then(|| (*other).to_owned());
        sellers.push(seller(dice, world, (*name).to_owned(), other, goods, true));
    }
    for first in SHOP_FIRST {
        for _ in 0..3 {
            let name = format!("{first} {}", dice.pick(SHOP_LAST));
            if sellers.iter().all(|known| known.name != name) {
                let other = dice.chance(10).then(|| format!("{first} Official"));
                let goods = assortment(dice);
                sellers.push(seller(dice, world, name, other, goods, false));
            }
        }
    }
    sellers
}

fn assortment(dice: &mut Dice) -> Vec<usize> {
    // Neighbours in the list of goods are of one trade.
    let first = dice.below(GOODS.len() - 2);
    (first..first + 3).collect()
}

fn seller(
    dice: &mut Dice,
    world: &World,
    name: String,
    other_name: Option<String>,
    goods: Vec<usize>,
    large: bool,
) -> Seller {
    // Large sellers have long numbers; only small shops count from 1000.
    let numbering = dice.pick(if large {
        &[0, 2, 3, 4]
    } else {
        &[0, 1, 1, 2, 3]
    });
    let gives_orders = !dice.chance(world.silent_sellers);
    Seller {
        name,
        other_name,
        goods,
        consolidator: dice.below(12),
        numbering,
        gives_orders,
        gives_totals: gives_orders && dice.chance(70),
        gives_email: dice.chance(80),
    }
}

impl Seller {
    /// A number for an order of this day, as this seller writes them.
    pub fn order_number(&self, dice: &mut Dice, day: i32) -> String {
        let day = i64::from(day);
        match self.numbering {
            0 => format!(
                "{}-{:07}-{:07}",
                dice.between((111, 114)),
                dice.between((0, 9_999_999)),
                dice.between((0, 9_999_999))
            ),
            // The numbers of one small shop are those of others too.
            1 => format!("#{}", 1_000 + (day - 19_700) * 90 + dice.between((0, 89))),
            2 => format!("SO-{day}-{:04}", dice.between((1, 9_999))),
            3 => format!("{:010X}", dice.next() % 0x00ff_ffff_ffff),
            _ => (8_000_000_000_000 + day * 1_000_000 + dice.between((0, 999_999))).to_string(),
        }
    }

    /// The seller's name, as carriers' data has it.
    pub fn written(&self, dice: &mut Dice, other: bool) -> String {
        let name = self.other_name.as_ref().filter(|_| other);
        let name = name.unwrap_or(&self.name);
        match dice.below(20) {
            0 => name.to_uppercase(),
            1 => name.replace(" Co Ltd", " Co., Ltd."),
            2 => name.replace(" Co Ltd", ""),
            _ => name.clone(),
        }
    }

    /// One of its goods; where `dear`, one of which a few come near the limit, if it has such.
    pub fn good(&self, dice: &mut Dice, dear: bool) -> usize {
        let wanted: Vec<usize> = self
            .goods
            .iter()
            .copied()
            .filter(|at| GOODS[*at].dollars.1 >= 240)
            .collect();
        if dear && !wanted.is_empty() {
            return dice.pick(&wanted);
        }
        // Of two things people more often buy the cheaper.
        let (one, other) = (dice.pick(&self.goods), dice.pick(&self.goods));
        if dice.chance(70) {
            std::cmp::min_by_key(one, other, |at| GOODS[*at].dollars.1)
        } else {
            one
        }
    }
}

/// What one or several of a kind cost, in cents.
pub fn price(dice: &mut Dice, world: &World, good: usize) -> i64 {
    let good = &GOODS[good];
    let dollars = if good.points.is_empty() {
        let (low, high) = good.dollars;
        // Cheap ones are more frequent than dear ones.
        let top = dice.between((low, high));
        let one = dice.between((low, top)) * world.price_percent / 100;
        let pieces = if one < 40 {
            dice.pick(&[1, 1, 1, 2, 2, 3, 5])
        } else {
            1
        };
        one * pieces
    } else if world.price_percent == 100 {
        dice.pick(good.points)
    } else {
        // Dearer goods keep to prices that end in 49 or 99.
        (dice.pick(good.points) * world.price_percent / 100 + 1) / 50 * 50 - 1
    };
    ending(dice, dollars)
}

/// Dollars with the cents of a price.
fn ending(dice: &mut Dice, dollars: i64) -> i64 {
    match dice.below(10) {
        0..=4 => dollars * 100 + 99,
        5 | 6 => dollars * 100,
        7 => dollars * 100 + 95,
        8 => dollars * 100 + 50,
        _ => dollars * 100 + dice.between((1, 98)),
    }
}

/// A value between two, mostly with the cents of a price as honest ones have.
pub fn value_between(dice: &mut Dice, (low, high): (i64, i64)) -> i64 {
    let value = dice.between((low, high));
    if dice.chance(25) {
        return value;
    }
    ending(dice, value / 100).clamp(low, high)
}
