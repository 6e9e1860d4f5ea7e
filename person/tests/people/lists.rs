//! The words that made-up people are made of, the frequent first.

#[rustfmt::skip]
pub const GIVEN: &[&str] = &[
    "James", "Maria", "Robert", "Mary", "Michael", "Patricia", "William", "Jennifer", "David", "Jose",
    "Elizabeth", "Mohammed", "Daniel", "Susan", "Joseph", "Margaret", "Thomas", "Karen", "Carlos", "Linh",
    "Wei", "Anthony", "Olga", "Katarzyna", "Yusuf", "Ngoc", "Dmitri", "Zoë", "André", "Beatriz",
    "Priya", "Rajesh", "Ana", "Luis", "Fatima", "Chloe", "Ivan", "Sofia", "Hannah", "Kwame",
    "Mei", "Hiroshi", "Soo-jin", "Aaliyah", "Tyrone", "Brandon", "Nicole", "Samantha", "Alexander", "Victoria",
    "Guadalupe", "Jesús", "Björn", "Łukasz", "Siobhan", "Declan", "Ingrid", "Thaddeus", "Ximena", "Oluwaseun",
];

#[rustfmt::skip]
pub const SURNAMES: &[&str] = &[
    "Smith", "Garcia", "Johnson", "Nguyen", "Williams", "Rodriguez", "Brown", "Lopez", "Jones", "Kim",
    "Miller", "Hernandez", "Davis", "Patel", "Martinez", "Lee", "Gonzalez", "Wilson", "Chen", "Anderson",
    "Thomas", "Tran", "Taylor", "Moore", "Singh", "Jackson", "Perez", "White", "Sanchez", "Clark",
    "Ramirez", "Lewis", "Kowalski", "O'Brien", "Müller", "Nowak", "Ivanova", "Petrov", "Haddad", "Khan",
    "Okafor", "Mensah", "Yamamoto", "Park", "Fitzgerald", "MacDonald", "Castellanos", "Whitfield", "Satterfield", "Quinlan",
    "Vasquez", "Delgado", "Peña", "Núñez", "Schwartz", "Goldberg", "Van Dyke", "De La Cruz", "Szczepański", "Papadopoulos",
    "Abernathy", "Bergstrom", "Callahan", "Dombrowski", "Eriksen", "Faulkner", "Gallagher", "Hutchinson", "Iyer", "Jankowski",
];

/// Given names and their short forms.
#[rustfmt::skip]
pub const NICKNAMES: &[(&str, &str)] = &[
    ("James", "Jim"), ("Robert", "Bob"), ("Michael", "Mike"), ("Patricia", "Pat"), ("William", "Bill"),
    ("Jennifer", "Jenny"), ("David", "Dave"), ("Elizabeth", "Liz"), ("Daniel", "Dan"), ("Susan", "Sue"),
    ("Joseph", "Joe"), ("Margaret", "Peggy"), ("Thomas", "Tom"), ("Anthony", "Tony"), ("Samantha", "Sam"),
    ("Alexander", "Alex"), ("Victoria", "Vicky"), ("Guadalupe", "Lupe"), ("Jose", "Pepe"),
];

/// Given names and another way in which the same person writes them.
#[rustfmt::skip]
pub const VARIANTS: &[(&str, &str)] = &[
    ("Mohammed", "Muhammad"), ("Yusuf", "Yousef"), ("Dmitri", "Dmitry"), ("Zoë", "Zoe"), ("André", "Andre"),
    ("Jesús", "Jesus"), ("Björn", "Bjorn"), ("Łukasz", "Lukasz"), ("Soo-jin", "Soo Jin"), ("Fatima", "Fatimah"),
];

#[rustfmt::skip]
pub const STREETS: &[&str] = &[
    "Main", "Oak", "Maple", "Cedar", "Park", "Washington", "Lake", "Hill", "Elm", "Martin Luther King",
    "Jefferson", "Sunset", "Highland", "Church", "Meadow Brook", "Cherry", "Willow Creek", "Lincoln", "Franklin", "Magnolia",
    "Cottonwood", "Saint Charles", "Camino Real", "Peachtree", "Ocean View", "Stonegate", "Fox Hollow", "Rio Grande", "5th", "42nd",
];

/// City, state, the first of its ZIP codes.
#[rustfmt::skip]
pub const CITIES: &[(&str, &str, usize)] = &[
    ("Austin", "TX", 78701), ("Houston", "TX", 77002), ("Miami", "FL", 33101), ("Chicago", "IL", 60601),
    ("Los Angeles", "CA", 90001), ("San Jose", "CA", 95110), ("New York", "NY", 10001), ("Brooklyn", "NY", 11201),
    ("Boston", "MA", 2108), ("Saint Louis", "MO", 63101), ("Fort Worth", "TX", 76101), ("Phoenix", "AZ", 85001),
    ("Seattle", "WA", 98101), ("Denver", "CO", 80201), ("Atlanta", "GA", 30301), ("Salt Lake City", "UT", 84101),
];
