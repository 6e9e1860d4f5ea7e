//! The words of which people, streets and shops are made, the frequent first.

#[rustfmt::skip]
pub const GIVEN: &[&str] = &[
    "Michael", "Maria", "Jennifer", "David", "Jose", "Emily", "Christopher", "Ashley", "Daniel", "Jessica",
    "Wei", "Matthew", "Sarah", "Juan", "Amanda", "Joshua", "Linda", "Andrew", "Priya", "Kevin",
    "Laura", "Mohammed", "Brian", "Michelle", "Luis", "Stephanie", "Thomas", "Ngoc", "Rachel", "Eric",
    "Fatima", "Jin", "Rebecca", "Carlos", "Angela", "Tyler", "Xiu", "Kimberly", "Ravi", "Megan",
    "Alejandra", "Patrick", "Yuki", "Diego", "Natalia", "Samuel", "Thanh", "Grace", "Omar", "Valentina",
    "Hector", "Olivia", "Sergei", "Amara", "Noah", "Elena", "Deepak", "Zoë", "Marcus", "Renée",
    "Tomasz", "Ingrid", "Kofi", "Svetlana", "Mateo", "Leilani", "Ahmed", "Bridget", "Hiroko", "Jamal",
];

#[rustfmt::skip]
pub const SURNAMES: &[&str] = &[
    "Smith", "Garcia", "Johnson", "Nguyen", "Brown", "Martinez", "Williams", "Lee", "Jones", "Rodriguez",
    "Davis", "Chen", "Miller", "Patel", "Lopez", "Wilson", "Kim", "Gonzalez", "Anderson", "Wang",
    "Taylor", "Hernandez", "Thomas", "Tran", "Moore", "Singh", "Martin", "Perez", "Jackson", "Liu",
    "Thompson", "Ramirez", "White", "Pham", "Harris", "Sanchez", "Clark", "Torres", "Lewis", "Park",
    "Robinson", "Flores", "Walker", "Khan", "Young", "Rivera", "Allen", "Cohen", "King", "Diaz",
    "Wright", "Ali", "Scott", "Reyes", "Hill", "Morales", "Green", "Gupta", "Adams", "Ortiz",
    "Baker", "Novak", "O'Connor", "Ivanov", "Petersen", "Kowalczyk", "Mendoza", "Castillo", "Yamada", "Okoye",
    "Haddad", "St. Clair", "De Leon", "Van Houten", "Abdullah", "Schmidt", "Bianchi", "Lindqvist", "Boateng", "Quispe",
    "Muñoz", "Ferreira", "Delacroix", "Whitaker", "Stanton", "Hollis", "Marchetti", "Brandt", "Osei", "Tanaka",
];

pub const SHORT: &[(&str, &str)] = &[
    ("Michael", "Mike"),
    ("Jennifer", "Jen"),
    ("David", "Dave"),
    ("Christopher", "Chris"),
    ("Daniel", "Dan"),
    ("Jessica", "Jess"),
    ("Matthew", "Matt"),
    ("Joshua", "Josh"),
    ("Andrew", "Andy"),
    ("Stephanie", "Steph"),
    ("Thomas", "Tom"),
    ("Rebecca", "Becky"),
    ("Kimberly", "Kim"),
    ("Samuel", "Sam"),
    ("Alejandra", "Ale"),
    ("Patrick", "Pat"),
];

#[rustfmt::skip]
pub const STREETS: &[&str] = &[
    "Main", "Oak", "Maple", "Park", "Cedar", "Washington", "Pine", "Lake", "Hill", "Walnut",
    "Spring", "River", "Ridge", "Church", "Willow", "Jackson", "Mill", "Sunset", "Railroad", "Jefferson",
    "Center", "Highland", "Forest", "Chestnut", "Meadow", "Adams", "Birch", "Valley View", "Orchard", "Prospect",
    "Juniper", "Stone Creek", "Quail Run", "Larkspur", "Camino Verde", "Harbor", "Mockingbird", "Bluebonnet", "2nd", "14th",
    "77th", "113th", "Martin Luther King", "Cesar Chavez", "Saint Andrews", "Old Post", "Copper Canyon", "Heron", "Tallgrass", "Windmill",
];

pub const KINDS: &[(&str, &str)] = &[
    ("Street", "St"),
    ("Avenue", "Ave"),
    ("Drive", "Dr"),
    ("Lane", "Ln"),
    ("Road", "Rd"),
    ("Court", "Ct"),
    ("Boulevard", "Blvd"),
    ("Circle", "Cir"),
    ("Way", "Way"),
];

/// City, state, the first of its ZIP codes.
#[rustfmt::skip]
pub const CITIES: &[(&str, &str, usize)] = &[
    ("Los Angeles", "CA", 90004), ("Houston", "TX", 77006), ("Brooklyn", "NY", 11203), ("Chicago", "IL", 60607), ("Phoenix", "AZ", 85003),
    ("Queens", "NY", 11372), ("San Diego", "CA", 92101), ("Dallas", "TX", 75201), ("San Jose", "CA", 95110), ("Austin", "TX", 78702),
    ("Jacksonville", "FL", 32204), ("Columbus", "OH", 43201), ("Charlotte", "NC", 28202), ("Seattle", "WA", 98102), ("Denver", "CO", 80203),
    ("Nashville", "TN", 37203), ("Portland", "OR", 97202), ("Las Vegas", "NV", 89101), ("Boston", "MA", 2115), ("Albuquerque", "NM", 87102),
    ("Fresno", "CA", 93702), ("Saint Paul", "MN", 55102), ("Fort Wayne", "IN", 46802), ("Jersey City", "NJ", 7302), ("Reno", "NV", 89501),
    ("Spokane", "WA", 99201), ("Fort Smith", "AR", 72901), ("Mount Vernon", "NY", 10550), ("Salem", "OR", 97301), ("Edison", "NJ", 8817),
];

/// Where forwarders have their warehouses: street, city, state, ZIP code, the letters of a client.
pub const FORWARDERS: &[(&str, &str, &str, usize, &str)] = &[
    ("8420 NW 41st St", "Doral", "FL", 33166, "DX"),
    ("19200 NE Sandy Park Blvd", "Portland", "OR", 97230, "PBX"),
    ("64 Reads Landing Way", "New Castle", "DE", 19720, "MYB"),
    ("2750 Airfreight Pkwy", "Laredo", "TX", 78045, "LRD"),
    ("15800 S Cargo Row Ave", "Gardena", "CA", 90248, "CR"),
];

pub const HALLS: &[&str] = &[
    "Alder Hall",
    "Whitcomb Hall",
    "North Tower",
    "Founders Hall",
];

pub const MAIL_HOSTS: &[&str] = &[
    "mail.example",
    "post.example",
    "inbox.example",
    "letters.example",
    "campus.example",
];

/// Words of which the names of small shops are made.
#[rustfmt::skip]
pub const SHOP_FIRST: &[&str] = &[
    "Lumen", "Kaito", "Fern & Fox", "Blue Heron", "Atelier Vidal", "Nordlys", "Tidewater", "Saffron", "Old Quarter", "Paper Crane",
    "Moonstone", "Basalt", "Little Harbour", "Red Lantern", "Silk Road", "Alpenglow", "Kiri", "Verde", "Highmoor", "Copperleaf",
    "Juniper Row", "Suhail", "Tramontana", "Loom & Last", "Orchid Bay", "Northwind", "Sakura", "Clover", "Monsoon", "Amberline",
];

pub const SHOP_LAST: &[&str] = &[
    "Studio",
    "Trading",
    "Supply",
    "Goods Ltd",
    "Workshop",
    "Outlet",
    "Collective",
];

/// Sellers of many parcels, another name under which the same warehouse sells, if it has one, and
/// what they sell, by place in the list of goods; all of it where nothing is said.
#[rustfmt::skip]
pub const SELLERS: &[(&str, &str, &[usize])] = &[
    ("Yunwei Global Marketplace", "", &[]),
    ("Pearl Delta Direct", "", &[]),
    ("Shenzhen Brightpath Electronics Co Ltd", "Brightpath Official Store", &[0, 1, 4]),
    ("Hanoi Thread House", "", &[5, 6, 7, 22]),
    ("Guangzhou Meilan Fashion Co Ltd", "Meilan Boutique", &[6, 7, 9, 10]),
    ("Tokyo Hobby Annex", "", &[13, 14]),
    ("Northfield Optics UK Ltd", "", &[15, 16]),
    ("Ningbo Haoyu Home Products Co", "Cozy Nest Store", &[22, 23, 24]),
    ("Maison Perrault SARL", "", &[8, 9]),
    ("Dongguan Fasttrack Digital Ltd", "FT Digital Outlet", &[0, 2, 3, 4]),
    ("Seoul Glow Cosmetics", "K Glow Mall", &[17, 18]),
    ("Alpine Cycle Parts GmbH", "", &[19]),
    ("Istanbul Leather Works", "Bosphorus Bags", &[8, 9]),
    ("Jaipur Gem Exports", "Pink City Jewels", &[10, 11]),
    ("Vancouver Vitamin Depot", "", &[18]),
    ("Yiwu Sunrise Import Export Co", "Sunrise Wholesale", &[4, 5, 10, 13, 24, 25]),
    ("Lisbon Tile & Home", "", &[23, 24]),
    ("Kowloon Watch Exchange", "KWX Timepieces", &[12]),
    ("Melbourne Wool Co", "", &[7, 22]),
    ("Osaka Lens & Camera", "OLC Photo", &[2]),
];
