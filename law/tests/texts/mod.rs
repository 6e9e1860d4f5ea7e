//! Texts of law that are well, and the ways in which each is broken.

pub const FACTS: &str = r#"[[fact]]
name = "country_of_origin"
type = "text"
absence = "material"
cite = ["19 USC 1304"]
means = "The country of origin"

[[fact]]
name = "htsus_number"
type = "text"
absence = "material"
cite = ["HTSUS"]
means = "The number"

[[fact]]
name = "tobacco"
type = "bool"
absence = "derived"
numbers = ["24"]
without_number = "ask"
cite = ["19 CFR 10.153"]
means = "A tobacco product"

[[fact]]
name = "steel_usd"
type = "usd"
absence = "material"
cite = ["HTSUS"]
means = "The value of the steel"
"#;

pub const LIMIT: &str = r#"id = "s321.value-limit"
kind = "value-limit"
title = "Value limit"
checked = 2026-10-12

[[version]]
effective = 2016-03-10
published = 2016-02-24
confidence = "C2"
cite = ["19 USC 1321(a)(2)(C)"]
basis = "section_321_c"
limit_usd = "800.00"
reason = "within the limit"
reason_over = "over the limit"

[[case]]
why = "a parcel"
given = [{ like = "air-parcel" }]
expect = [{ outcome = "free" }]
"#;

pub const FEE: &str = r#"id = "fee.test"
kind = "fee"
title = "A fee"
checked = 2026-10-12

[[version]]
effective = 2016-03-10
published = 2016-02-24
confidence = "C2"
cite = ["19 CFR 24.23"]
fee = "MPF"
payer = "importer of record"
per = "entry"
paths = ["entry-11"]
flat_usd = "2.00"
reason = "two dollars"
"#;

pub const EXCLUSION: &str = r#"id = "exclusion.test"
kind = "exclusion"
title = "Goods not served"
selects_on = "entered_at"
checked = 2026-10-12
[[version]]
effective = 2016-03-10
published = 2016-02-24
confidence = "C2"
cite = ["19 CFR 10.153"]
bases = ["section_321_c"]
when = { origin = ["CN"] }
reason = "not served"
"#;

pub const GROUP: &str = r#"id = "group.test"
kind = "group"
title = "A group"
checked = 2026-10-12
[[version]]
effective = 2016-03-10
published = 2016-02-24
confidence = "C2"
cite = ["EO 14195"]
origins = ["CN", "HK"]
"#;

pub const LIST: &str = "prefix,from,until,condition,cite\n2203,2026-09-29,,,Proc. 11061\n";

/// One broken file: which text, what of it is replaced by what, and what is said of it.
pub type Row = (
    &'static str,
    &'static str,
    &'static str,
    (usize, &'static str),
    &'static str,
);

#[rustfmt::skip]
pub const BROKEN: &[Row] = &[
    // The file and the instrument.
    (LIMIT, "title =", "title ", (3, "toml"), ""),
    (LIMIT, "kind = \"value-limit\"", "kind = \"threshold\"", (2, "kind"), "`threshold` is not a kind"),
    (LIMIT, "id = \"s321.value-limit\"\n", "", (1, "id"), "is required"),
    (LIMIT, "title = \"Value limit\"\n", "", (1, "title"), "is required"),
    (LIMIT, "title = \"Value limit\"", "title = \" \"", (3, "title"), "not empty"),
    (LIMIT, "checked = 2026-10-12\n", "", (1, "checked"), "is required"),
    (LIMIT, "checked = 2026-10-12", "checked = 2026-10-12\nchecker = \"me\"", (5, "checker"), "is not a field"),
    (EXCLUSION, "\"entered_at\"", "\"landed_at\"", (4, "selects_on"), "`landed_at` is not one of entered_at, arrives_at"),
    (GROUP, "[[version]]", "[[versions]]", (1, "version"), "is required"),
    // Dates.
    (LIMIT, "effective = 2016-03-10\n", "", (6, "effective"), "is required"),
    (LIMIT, "effective = 2016-03-10", "effective = 2016-03-10T00:00:00", (7, "effective"), "no offset"),
    (LIMIT, "effective = 2016-03-10", "effective = 07:32:00", (7, "effective"), "is not a date"),
    (LIMIT, "effective = 2016-03-10", "effective = \"2016-02-30\"", (7, "effective"), "`2016-02-30`"),
    (LIMIT, "effective = 2016-03-10", "effective = 2016", (7, "effective"), "must be a date"),
    (LIMIT, "published = 2016-02-24\n", "", (6, "published"), "is required"),
    (LIMIT, "published = 2016-02-24", "published = 2016-02-24\nuntil = 2016-03-10", (9, "until"), "after effective"),
    (LIMIT, "published = 2016-02-24", "published = 2016-02-24\nuntil = 2015-01-01", (9, "until"), "after effective"),
    (LIMIT, "published = 2016-02-24", "published = 2016-02-24\npublished_basis = \"guess\"", (9, "published_basis"), "only be unknown"),
    // Citations and words.
    (LIMIT, "cite = [\"19 USC 1321(a)(2)(C)\"]\n", "", (6, "cite"), "needs a citation"),
    (LIMIT, "cite = [\"19 USC 1321(a)(2)(C)\"]", "cite = []", (10, "cite"), "needs a citation"),
    (LIMIT, "cite = [\"19 USC 1321(a)(2)(C)\"]", "cite = [\"\"]", (10, "cite"), "not empty"),
    (LIMIT, "cite = [\"19 USC 1321(a)(2)(C)\"]", "cite = \"19 USC 1321\"", (10, "cite"), "list of texts"),
    (LIMIT, "reason = \"within the limit\"\n", "", (6, "reason"), "is required"),
    (LIMIT, "reason_over = \"over the limit\"\n", "", (6, "reason_over"), "is required"),
    (LIMIT, "confidence = \"C2\"", "confidence = \"sure\"", (9, "confidence"), "`sure` is not one of C3+"),
    (EXCLUSION, "reason = \"not served\"", "reason = \"not served\"\nopen = \"material\"", (6, "question"), "must be asked"),
    (EXCLUSION, "reason = \"not served\"", "reason = \"not served\"\nopen = \"maybe\"", (14, "open"), "material or stands"),
    // Amounts and names.
    (LIMIT, "\"800.00\"", "800.00", (12, "limit_usd"), "is a float"),
    (LIMIT, "\"800.00\"", "800", (12, "limit_usd"), "must be text"),
    (LIMIT, "\"800.00\"", "\"$800\"", (12, "limit_usd"), "`$800` is not a plain decimal"),
    (LIMIT, "\"800.00\"", "\"800.001\"", (12, "limit_usd"), "more decimals"),
    (LIMIT, "\"800.00\"", "\"-1\"", (12, "limit_usd"), "is negative"),
    (LIMIT, "\"section_321_c\"", "\"section_321\"", (11, "basis"), "`section_321` is not one of documents"),
    (EXCLUSION, "bases = [\"section_321_c\"]\n", "", (6, "bases"), "must name the bases or paths"),
    (EXCLUSION, "bases = [\"section_321_c\"]", "bases = [\"section_321_c\"]\neffect = \"allows\"", (12, "effect"), "must be denies or flags"),
    (EXCLUSION, "reason = \"not served\"", "reason = \"not served\"\ntext_of_law = \"see above\"", (14, "text_of_law"), "is not a field"),
    // Conditions.
    (EXCLUSION, "origin = [\"CN\"]", "colour = [\"red\"]", (12, "colour"), "is not a condition"),
    (EXCLUSION, "origin = [\"CN\"]", "origin = [\"China\"]", (12, "origin"), "`China` is not an ISO 3166-1"),
    (EXCLUSION, "origin = [\"CN\"]", "origin = [\"@group.nowhere\"]", (12, "when"), "`@group.nowhere` is neither a group nor a list"),
    (EXCLUSION, "origin = [\"CN\"]", "shipped_from = [\"@group.nowhere\"]", (12, "when"), "`@group.nowhere` is neither a group nor a list"),
    (EXCLUSION, "origin = [\"CN\"]", "not = { any = [{ number = [\"@group.nowhere\"] }] }", (12, "when"), "is neither a group nor a list"),
    (EXCLUSION, "origin = [\"CN\"]", "origin = [\"@exclusion.test\"]", (12, "when"), "is neither a group nor a list"),
    (EXCLUSION, "origin = [\"CN\"]", "number = [\"6\"]", (12, "number"), "`6` is not a prefix"),
    (EXCLUSION, "origin = [\"CN\"]", "number = [\"6109.10\"]", (12, "number"), "is not a prefix"),
    (EXCLUSION, "origin = [\"CN\"]", "number = [\"61091000121\"]", (12, "number"), "is not a prefix"),
    (EXCLUSION, "origin = [\"CN\"]", "fact = { colour = true }", (12, "colour"), "is not a fact of facts.toml"),
    (EXCLUSION, "origin = [\"CN\"]", "fact = { tobacco = \"yes\" }", (12, "tobacco"), "does not fit its type"),
    (EXCLUSION, "origin = [\"CN\"]", "fact = { steel_usd = true }", (12, "steel_usd"), "does not fit its type"),
    (EXCLUSION, "origin = [\"CN\"]", "fact = { steel_usd = { at_least = \"1.005\" } }", (12, "at_least"), "more decimals"),
    (EXCLUSION, "origin = [\"CN\"]", "fact = { steel_usd = { at_most = \"1.00\" } }", (12, "at_least"), "is required"),
    (EXCLUSION, "origin = [\"CN\"]", "path = [\"entry-11\"]", (12, "when"), "not yet decided"),
    (EXCLUSION, "origin = [\"CN\"]", "any_line = { basis = [\"documents\"] }", (12, "when"), "not yet decided"),
    (EXCLUSION, "origin = [\"CN\"]", "day_over_limit = true", (12, "when"), "only bill_over_limit"),
    (EXCLUSION, "origin = [\"CN\"]", "mode = [\"drone\"]", (12, "mode"), "`drone` is not one of air"),
    (EXCLUSION, "origin = [\"CN\"]", "claim = [\"a;b\"]", (12, "claim"), "`a;b` is not a code"),
    (EXCLUSION, "origin = [\"CN\"]", "claim = [\"9903.88.15.01.02.3\"]", (12, "claim"), "is not a code"),
    (EXCLUSION, "origin = [\"CN\"]", "entered_before = 2025-05-02T00:01:00", (12, "entered_before"), "no offset"),
    (EXCLUSION, "origin = [\"CN\"]", "value_over_usd = 5", (12, "value_over_usd"), "must be text"),
    (EXCLUSION, "origin = [\"CN\"]", "order_parcels_at_least = -1", (12, "order_parcels_at_least"), "whole number"),
    (EXCLUSION, "origin = [\"CN\"]", "accompanied = \"yes\"", (12, "accompanied"), "true or false"),
    // Kinds.
    (GROUP, "origins = [\"CN\", \"HK\"]", "origins = [\"CN\"]\nnumbers = [\"24\"]", (10, "origins"), "exactly one of"),
    (GROUP, "origins = [\"CN\", \"HK\"]", "list = \"nowhere\"", (10, "list"), "`nowhere` is not a file"),
    (GROUP, "origins = [\"CN\", \"HK\"]", "numbers = [\"2A\"]", (10, "numbers"), "`2A` is not a prefix"),
    // Cases.
    (LIMIT, "why = \"a parcel\"\n", "", (16, "why"), "is required"),
    (LIMIT, "expect = [{ outcome = \"free\" }]\n", "", (16, "expect"), "is required"),
    (LIMIT, "expect = [{ outcome = \"free\" }]", "expect = [{}]", (19, "expect"), "expects nothing"),
    (LIMIT, "expect = [{ outcome = \"free\" }]", "expect = [{ outcome = \"free\" }, { outcome = \"free\" }]", (19, "expect"), "one entry for each shipment"),
    (LIMIT, "given = [{ like = \"air-parcel\" }]\n", "", (16, "given"), "is required"),
    (LIMIT, "given = [{ like", "because = 1\ngiven = [{ like", (18, "because"), "is not a field"),
    (LIMIT, "\"air-parcel\" }", "\"air-parcel\", line_value = 42.00 }", (18, "line_value"), "is a float"),
];

/// A version of a kind: its own fields, from line 11 on, and what is said of them.
pub type KindRow = (
    &'static str,
    &'static str,
    (usize, &'static str),
    &'static str,
);

#[rustfmt::skip]
pub const KINDS: &[KindRow] = &[
    ("suspension", "", (5, "bases"), "is required"),
    ("suspension", "bases = [\"section_321_c\"]\nstate = \"paused\"", (12, "state"), "suspended or lifted"),
    ("flag", "effect = \"denies\"", (11, "effect"), "a flag only flags"),
    ("question", "", (5, "question"), "must be asked"),
    ("question", "question = \"Who?\"\nanswers = [\"I\"]", (12, "answers"), "at least two answers"),
    ("day-count", "basis = \"section_321_c\"\ncounts = \"some\"", (12, "counts"), "`some` is not one of exempted, all"),
    ("day-count", "basis = \"section_321_c\"\ncounts = \"all\"\ncrossing = \"whole-day\"\nmax_shipments = -1", (14, "max_shipments"), "must be a count"),
    ("deadline", "what = \"x\"", (5, "due"), "is required"),
    ("deadline", "what = \"x\"\ndue = { at_arrival = true, before_entry = true }", (12, "due"), "exactly one way"),
    ("deadline", "what = \"x\"\ndue = { at_arrival = false }", (12, "at_arrival"), "must be true"),
    ("deadline", "what = \"x\"\ndue = { after_arrival_days = 0 }", (12, "after_arrival_days"), "at least 1"),
    ("deadline", "what = \"x\"\ndue = { next_month_day = 31 }", (12, "next_month_day"), "too large"),
    ("deadline", "what = \"x\"\ndue = { next_full_moon = 1 }", (12, "next_full_moon"), "is not a way to reckon"),
    ("record-period", "what = \"x\"\norder = 1\nyears = 5\ndays = 3", (13, "years"), "either years or days"),
    ("record-period", "what = \"x\"\nyears = 5", (5, "order"), "whole number"),
    ("person", "person = \"owner\"", (5, "order"), "whole number"),
    ("person", "person = \"owner\"\norder = 1\nwhen = { person = [\"owner\"] }", (13, "when"), "not yet decided"),
    ("agency", "agency = \"FDA\"\neffect = \"denies\"", (12, "effect"), "requires or flags"),
    ("agency", "agency = \"F/D/A\"", (11, "agency"), "letters"),
    ("agency", "agency = \"FDA\"\nwhen = { agency_data = true }", (12, "when"), "not yet decided"),
    ("ban", "bases = [\"section_321_c\"]", (11, "bases"), "is not a field that belongs here"),
    ("fee", "", (5, "rate"), "exactly one of flat_usd, rate, not_covered"),
    ("fee", "flat_usd = \"2.00\"\nnot_covered = true", (5, "rate"), "exactly one of flat_usd, rate, not_covered"),
    ("fee", "rate = \"1 %\"\nflat_usd = \"2.00\"", (11, "rate"), "exactly one of flat_usd, rate, not_covered"),
    ("fee", "not_covered = false", (11, "not_covered"), "can only be true"),
    ("fee", "not_covered = true", (5, "paths"), "is required"),
    ("entry-path", "path = \"entry-99\"\nfilings = 1", (11, "path"), "`entry-99` is not one of"),
    ("entry-path", "path = \"entry-11\"\nfilings = -1", (12, "filings"), "count of filings"),
    ("entry-path", "path = \"entry-11\"\nfilings = 1\nfiler = \"x\"", (5, "reason_closed"), "is required"),
];
