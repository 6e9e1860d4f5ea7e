#!/usr/bin/env python3
"""Compares what `deminimis` finds that lines owe with the same stack as SQL in DuckDB, in one run.

    cargo build --release -p deminimis-bench --bin dutiable
    python3 bench/duckdb/compare.py --program target/release/dutiable

The parcels are made up, of November 2026, and come to a known total. Both sides have them in memory,
read and typed: reading CSV is not counted. DuckDB runs on one thread, with tables of the law's own
lists, origins, rates and fees (`law.py`) and one query over all lines (`stack.sql`), in two ways: every
line by itself, and the kinds of lines first that headings cannot tell apart. The path and the value it
enters are given to it. Printed are how many lines and parcels come to equal cents, and lines a second
of processor time (user and system) of each, in turn, round after round; what the program's own names
mean stands in `bench/src/bin/dutiable.rs`. It fails if anything differs. DuckDB is installed into a
virtual environment the first time.
"""

import argparse
import csv
import datetime
import itertools
import os
import resource
import statistics
import string
import subprocess
import sys
import tempfile
from pathlib import Path

# What Python compiles of the files beside this one does not belong among the sources.
sys.dont_write_bytecode = True

from figures import cents, figures, parts
from law import OPEN, Law, claim_meets, table_rate

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FIRST, LAST = datetime.date(2026, 11, 1), datetime.date(2026, 11, 30)
OURS = 5  # Rates that the program prints each time it is asked.
COUNTRIES = ["".join(two) for two in itertools.product(string.ascii_uppercase, repeat=2)]


def environment(folder):
    """Makes sure that DuckDB is there, and goes on with the Python that has it."""
    python = folder / "bin" / "python"
    if Path(sys.prefix) == folder.resolve():
        return
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    if subprocess.run([python, "-c", "import duckdb"], capture_output=True).returncode:
        done = subprocess.run([python, "-m", "pip", "install", "--quiet", "duckdb"])
        if done.returncode:
            sys.exit("pip cannot get duckdb here: there is nothing to compare with")
    os.execv(python, [str(python), *sys.argv])


def insert(base, table, columns, rows):
    base.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        with open(path, "w", newline="") as file:
            csv.writer(file).writerows(rows)
        if path.stat().st_size:
            base.execute(f"COPY {table} FROM '{path}' (header false, nullstr '')")


def load_law(base, law):
    """The tables of the law. What the query tests must be known before: it makes the sets."""
    masks = lambda bits: ", ".join(f"{bits.name}{at} BIGINT" for at in range(bits.words()))
    listed = {prefix for members in law.numbers.sets for prefix in members}
    for length in (2, 4, 6, 8, 10):
        own = [prefix for prefix in listed if len(prefix) == length]
        rows = ((int(one), *law.numbers.masks(lambda members: one in members)) for one in own)
        insert(base, f"prefixes_{length}", f"prefix BIGINT, {masks(law.numbers)}", rows)
    odd = {prefix for prefix in listed if len(prefix) not in (2, 4, 6, 8, 10)}
    if odd:
        sys.exit(f"prefixes of odd length: {odd}")
    of_column_2 = {code for one in law.column_2 for code in members(law, one["when"])}
    by_origin = [one["by_origin"] for one in law.headings if "by_origin" in one]
    if len(by_origin) > 1:
        sys.exit("more than one table of rates by origin")
    table = by_origin[0] if by_origin else {}
    rated = lambda code: table.get(code) or table.get("*")
    rows = (
        (
            code,
            *law.origins.masks(lambda members: code in members),
            code in of_column_2,
            table_rate(rated(code)) if rated(code) else None,
        )
        for code in COUNTRIES
    )
    columns = f"origin VARCHAR, {masks(law.origins)}, column_2 BOOLEAN, table_rate BIGINT"
    insert(base, "origins", columns, rows)
    symbols = {symbol for program, _, _ in law.programs for symbol in program["symbols"]}
    rows = (
        (claim, *law.claims.masks(lambda patterns: any(claim_meets(claim, one) for one in patterns)))
        for claim in sorted(symbols | law.exact_claims)
    )
    insert(base, "claims", f"claim VARCHAR, {masks(law.claims)}", rows)
    rows = {
        (symbol, code): (symbol, code, program["mpf_exempt"], first, last)
        for program, first, last in law.programs
        for symbol in program["symbols"]
        for code in members(law, program["when"])
    }
    columns = "symbol VARCHAR, origin VARCHAR, mpf_exempt BOOLEAN, first DATE, last DATE"
    insert(base, "programs", columns, rows.values())
    rates, special = figures(ROOT / "tariff" / "us" / "figures.tsv", FIRST)
    for length in (8, 10):
        own = ((int(one[0]), *one[1:], one[2:4] == (0, 0)) for one in rates if len(one[0]) == length)
        columns = (
            "number BIGINT, given BOOLEAN, general BIGINT, general_each BIGINT,"
            " column_2 BIGINT, column_2_each BIGINT, free BOOLEAN"
        )
        insert(base, f"rates_{length}", columns, own)
        own = {(int(one[0]), one[1]): one[2:] for one in special if len(one[0]) == length}
        rows = ((*key, *rate, rate == (0, 0)) for key, rate in own.items())
        columns = "number BIGINT, symbol VARCHAR, rate BIGINT, each BIGINT, free BOOLEAN"
        insert(base, f"special_{length}", columns, rows)


def members(law, when):
    """The origins of a program's condition, which speaks of nothing else."""
    ((key, names),) = when.items()
    held = set()
    for name in names:
        held |= set(law.group(name[1:])["origins"]) if name[0] == "@" else {name}
    return {"origin": held, "origin_not": set(COUNTRIES) - held}[key]


# How the query goes over the lines: each by itself, or first the kinds of lines that are alike in all
# that headings ask about, and then the sums of each line.
EACH = {
    "kinds": "",
    "own": "l.line, l.parcel, l.value_cents, l.quantity, l.entered",
    "source": "lines",
    "lined": "picked",
}
KINDS = {
    "kinds": "kinds AS (\n  SELECT number, origin, claim, {stretch} AS stretch,"
    " any_value(entered) AS entered\n  FROM lines GROUP BY ALL\n),\n",
    "own": "l.number, l.origin, l.claim, l.stretch, l.entered",
    "source": "kinds",
    "lined": "(SELECT *, {stretch} AS stretch FROM lines) JOIN picked USING (number, origin, claim, stretch)",
}


def query(law, way):
    """The query, with what the law's files say of each heading and fee, and the columns of what
    headings charge."""
    columns = {program: f"pick_{at}" for at, program in enumerate(law.program_names())}
    steps, before, held = [], "paid", "0"
    levels = law.levels()
    for at, programs in enumerate(levels):
        name = "picked" if at + 1 == len(levels) else f"picked_{at}"
        picks = ",\n    ".join(
            f"-- {program}\n    {law.pick(program, held)} AS {columns[program]}" for program in programs
        )
        own = " | ".join([f"held_{at - 1}"][:at] + [columns[program] for program in programs])
        inner = f"(SELECT *,\n    {picks}\n  FROM {before})"
        steps.append(f"{name} AS (\n  SELECT *, {own} AS held_{at}\n  FROM {inner}\n)")
        before, held = name, f"held_{at}"
    counts, amounts = fees(law)
    charges = {}
    for program, name in columns.items():
        some, floors = law.charges(program)
        if some:
            topped, added = f"topped({name}, value_cents, paid, of_general)", f"added({name}, value_cents)"
            charges[name.replace("pick", "charge")] = topped if floors else added
    every = lambda bits: [f"{bits.name}{at}" for at in range(bits.words())]
    beginnings = ("n2", "n4", "n6", "n8", "n10")
    numbers = [
        " | ".join(f"coalesce({one}.{mask}, 0)" for one in beginnings) + f" AS {mask}"
        for mask in every(law.numbers)
    ]
    filled = {
        "number_masks": ",\n    ".join(numbers),
        "origin_masks": ", ".join(f"o.{mask}" for mask in every(law.origins)),
        "claim_masks": ", ".join(f"coalesce(c.{mask}, 0) AS {mask}" for mask in every(law.claims)),
        "levels": ",\n".join(steps),
        "kept_masks": ", ".join(every(law.origins) + every(law.claims)),
        "picks": ", ".join(name.replace("charge", "pick") for name in charges),
        "charges": ",\n    ".join(f"{amount} AS {name}" for name, amount in charges.items()),
        "open": f"({held} & {OPEN}) <> 0",
        "sum": " + ".join(charges),
        "fee_counts": ",\n    ".join(counts),
        "fee_sum": " + ".join(amounts),
    }
    if any("mode" in step or "at_express_hub" in step for step in steps):
        sys.exit("a heading asks about the parcel: then lines of a kind are not alike")
    text = (HERE / "stack.sql").read_text()
    filled["stretch"] = " + ".join(f"(entered >= DATE '{day}')::INT" for day in law.changes()) or "0"
    for key, value in {**way, **filled}.items():
        text = text.replace("{" + key + "}", value)
    return text, [name.replace("charge", "pick") for name in charges]


def fees(law):
    """For each fee what the lines that count for it come to, each rounded, and its amount."""
    counts, amounts = [], []
    for at, (fee, first, last) in enumerate(law.fees):
        when = dict(fee.get("when", {}))
        if "postal_service_class" in when:
            continue  # The parcels of the benchmark name no class.
        spared = ["l.mpf_exempt"] if fee.get("spares_programs") else []
        spared += [law.condition(fee["spares"], None)] if "spares" in fee else []
        counting = "NOT (" + " OR ".join(spared) + ")" if spared else "TRUE"
        if "flat_usd" in fee:
            of_line, amount = "l.value_cents", str(cents(fee["flat_usd"]))
        else:
            of_line = f"cents(CAST(l.value_cents AS BIGINT) * {parts(fee['rate'])})"
            amount = f"greatest(CAST(base_{at} AS BIGINT), {cents(fee.get('minimum_usd', '0'))})"
            if "maximum_usd" in fee:
                amount = f"least({amount}, {cents(fee['maximum_usd'])})"
        counts.append(f"sum({of_line}) FILTER ({counting}) AS base_{at}")
        due = [f"base_{at} IS NOT NULL", f"path IN ({', '.join(repr(one) for one in fee['paths'])})"]
        due += [law.condition(when, None)] if when else []
        due += ["duty_cents > 0"] if fee.get("with_duty_only") else []
        due += [f"entered BETWEEN DATE '{first}' AND DATE '{last}'"]
        amounts.append(f"\n    CASE WHEN {' AND '.join(due)} THEN {amount} ELSE 0 END")
    return counts, amounts


def load_parcels(base, folder):
    read = lambda name: f"read_csv('{folder / name}', header = true, all_varchar = true)"
    base.execute(
        f"""CREATE OR REPLACE TABLE lines AS SELECT line::BIGINT AS line, parcel::BIGINT AS parcel,
            number::BIGINT AS number, origin, entered::DATE AS entered,
            value_cents::BIGINT AS value_cents, quantity::BIGINT AS quantity,
            coalesce(claim, '') AS claim FROM {read('lines.csv')};
        CREATE OR REPLACE TABLE parcels AS SELECT parcel::BIGINT AS parcel, entered::DATE AS entered,
            mode, path, at_express_hub::BOOLEAN AS at_express_hub FROM {read('parcels.csv')};
        CREATE OR REPLACE TABLE our_lines AS SELECT line::BIGINT AS line,
            duty_cents::BIGINT AS duty_cents, coalesce(charges, '') AS charges
            FROM {read('our-lines.csv')};
        CREATE OR REPLACE TABLE our_parcels AS SELECT parcel::BIGINT AS parcel,
            fee_cents::BIGINT AS fee_cents FROM {read('our-parcels.csv')}"""
    )
    several = base.execute("SELECT count(*) FROM lines WHERE contains(claim, ' ')").fetchone()[0]
    if several:
        sys.exit(f"{several} lines claim more than one thing, which the tables do not hold")


def compare(base, law, picks):
    """Prints how many lines and parcels come to equal cents, and what differs; whether all that both
    reckon are equal."""
    one = lambda text: base.execute(text).fetchone()
    lines = one("SELECT count(*) FROM our_lines")[0]
    found, equal = one(
        """SELECT count(*), count(*) FILTER (s.duty_cents = o.duty_cents)
        FROM our_lines o JOIN owed_lines s USING (line)"""
    )
    print(f"  lines {lines:,}: {found:,} reckoned by both, {equal:,} with equal duty in cents")
    left = base.execute(
        """SELECT number, count(*) FROM lines WHERE line NOT IN (SELECT line FROM owed_lines)
        GROUP BY number ORDER BY 2 DESC, 1 LIMIT 8"""
    ).fetchall()
    if left:
        print(f"  left out by the SQL, {lines - found:,} lines, the most of these numbers:", left)
    names = {}
    for heading in law.headings:
        names.setdefault(heading["id"], heading.get("heading", "").replace(".", ""))
    tables = [heading for heading in law.headings if "by_origin" in heading]
    insert(base, "names", "id BIGINT, name VARCHAR", names.items())
    rows = [
        (heading["id"], origin, row["heading"].replace(".", ""))
        for heading in tables
        for origin, row in heading["by_origin"].items()
    ]
    insert(base, "table_names", "id BIGINT, origin VARCHAR, name VARCHAR", rows)
    each = " UNION ALL ".join(
        f"SELECT line, {pick} >> 27 & 8191 AS id, {charge} AS amount FROM owed_lines WHERE {charge} > 0"
        for pick in picks
        for charge in [pick.replace("pick", "charge")]
    )
    same = one(
        f"""WITH charges AS (
            SELECT c.line, coalesce(t.name, n.name) AS name, c.amount
            FROM ({each}) c JOIN lines l USING (line) LEFT JOIN names n USING (id)
            LEFT JOIN table_names t ON t.id = c.id AND t.origin = l.origin
            UNION ALL SELECT line, format('{{:010d}}', l.number), s.of_schedule
            FROM owed_lines s JOIN lines l USING (line) WHERE s.of_schedule > 0),
        told AS (SELECT line, string_agg(name || '=' || amount, ' ' ORDER BY name) AS charges
            FROM charges GROUP BY line)
        SELECT count(*) FILTER (coalesce(t.charges, '') = o.charges)
        FROM owed_lines s JOIN our_lines o USING (line) LEFT JOIN told t USING (line)"""
    )[0]
    print(f"  {same:,} with the same headings and the same cents under each")
    parcels = one(
        """SELECT count(*), count(*) FILTER (s.fee_cents = o.fee_cents)
        FROM our_parcels o JOIN owed_parcels s USING (parcel)
        WHERE parcel NOT IN (SELECT parcel FROM lines WHERE line NOT IN (SELECT line FROM owed_lines))"""
    )
    print(f"  parcels reckoned whole by both {parcels[0]:,}, {parcels[1]:,} with equal fees in cents")
    odd = base.execute(
        """SELECT l.number, l.origin, l.claim, any_value(l.value_cents), any_value(o.charges),
            any_value(s.duty_cents), count(*)
        FROM our_lines o JOIN owed_lines s USING (line) JOIN lines l USING (line)
        WHERE s.duty_cents <> o.duty_cents GROUP BY ALL ORDER BY 7 DESC LIMIT 10"""
    ).fetchall()
    for row in odd:
        print("  differs:", *row)
    return found == equal == same and parcels[0] == parcels[1]


def output(command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def used():
    now = resource.getrusage(resource.RUSAGE_SELF)
    return now.ru_utime + now.ru_stime


def repeat(base, times):
    """Gives DuckDB the same parcels several times over, so that planning a query counts for little."""
    for table, keys in (("lines", ("line", "parcel")), ("parcels", ("parcel",))):
        moved = ", ".join(f"{key} + {10**9} * time AS {key}" for key in keys)
        base.execute(
            f"""CREATE OR REPLACE TABLE {table} AS SELECT * EXCLUDE (time) REPLACE ({moved})
            FROM {table}, (SELECT range AS time FROM range({times}))"""
        )


def measure(base, queries, program, sizes, rounds):
    """Lines a second of processor time of each, in turn."""
    lines, count, times = sizes
    every = {}
    ours = subprocess.Popen(
        [program, "measure", str(lines), str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    for _ in range(rounds):
        print(file=ours.stdin)
        for _ in range(OURS):
            name, rate = ours.stdout.readline().split()
            every.setdefault(name, []).append(float(rate))
        for name, text in zip(("sql-lines", "sql-kinds"), queries):
            start = used()
            base.execute(text)
            every.setdefault(name, []).append(lines * count * times / (used() - start))
    ours.stdin.close()
    if ours.wait():
        sys.exit("the program failed")
    for name, rates in every.items():
        ratios = [
            sorted(rate / sql for rate, sql in zip(rates, every[way])) for way in ("sql-lines", "sql-kinds")
        ]
        shown = "  ".join(
            f"{statistics.median(some):.2f} ({some[0]:.2f} to {some[-1]:.2f})" for some in ratios
        )
        print(
            f"  {name:<12} {statistics.median(rates):>12,.0f} lines/s"
            f" ({min(rates):,.0f} to {max(rates):,.0f})  ratios to both ways: {shown}"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(ROOT / "target" / "release" / "dutiable"))
    parser.add_argument("--environment", type=Path, default=ROOT / "target" / "duckdb")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lines", type=int, default=300_000, help="lines of each run")
    parser.add_argument("--repeat", type=int, default=4, help="times DuckDB is given the same lines")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 3, 20])
    parser.add_argument("--show", action="store_true", help="print the query and stop")
    args = parser.parse_args()
    environment(args.environment)
    import duckdb

    law = Law(ROOT / "law" / "us", FIRST, LAST)
    text, picks = query(law, EACH)
    by_kind, _ = query(law, KINDS)
    if args.show:
        print(text)
        return
    program = str(Path(args.program).resolve())
    base = duckdb.connect(":memory:")
    base.execute("SET threads = 1")
    load_law(base, law)
    print(f"DuckDB {duckdb.__version__}, {len(law.headings)} headings of {len(law.program_names())} programs")
    equal = True
    for lines in ["numbers", *args.sizes]:
        count = 0 if lines == "numbers" else args.lines // lines
        with tempfile.TemporaryDirectory() as folder:
            said = output([program, "write", folder, str(lines), *([str(count)] if count else [])])
            load_parcels(base, Path(folder))
        print(f"{count:,} parcels of {lines}" if count else "Every number", said.strip(), sep=": ")
        for name, way in (("line by line", text), ("kinds of lines first", by_kind)):
            print(f"  SQL {name}:")
            base.execute(way)
            equal &= compare(base, law, picks)
        if count:
            repeat(base, args.repeat)
            measure(base, (text, by_kind), program, (lines, count, args.repeat), args.rounds)
    if not equal:
        sys.exit("the two do not come to the same")


if __name__ == "__main__":
    main()
