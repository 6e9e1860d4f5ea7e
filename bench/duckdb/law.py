"""Reads the law's own files into what SQL needs: tables of prefixes, origins, claims, rates and fees,
and one SQL condition for each heading. Nothing here is reckoned, and nothing is read of our results.

Sets of numbers, origins and claims become bits: a line meets a set if a bit of its mask is set.
"""

import csv
import datetime
import re
import tomllib

from figures import day, holds, parts

WORD = 62  # Bits of one mask: a BIGINT without its sign.
OPEN = 4  # See `Law.packed`.
SUBJECT = 40  # The first bit of a heading's answers to `subject_to`.
YES, NO, UNKNOWN = "TRUE", "FALSE", "CAST(NULL AS BOOLEAN)"


def days_of(first, last):
    return [first + datetime.timedelta(n) for n in range((last - first).days + 1)]


def instruments(path):
    """The instruments of one file, as `law/src/inherit.rs` passes fields down."""
    with open(path, "rb") as file:
        whole = tomllib.load(file)
    if "instrument" not in whole:
        return [whole] if "kind" in whole else []
    shared = {k: v for k, v in whole.items() if k not in ("instrument", "case", "common", "version")}
    read = []
    for own in whole["instrument"]:
        own = {**shared, **own}
        down = {k: own.pop(k) for k in ("program", "layer", "rank", "heading", "fee") if k in own}
        common = whole.get("common", {})
        own["version"] = [{**down, **common, **version} for version in own["version"]]
        read.append(own)
    return read


class Bits:
    """Sets that lines are tested for, each a bit of one of a few masks."""

    def __init__(self, name):
        self.name, self.sets = name, {}

    def test(self, members):
        place = self.sets.setdefault(members, len(self.sets))
        return f"(({self.name}{place // WORD} & {1 << place % WORD}) <> 0)"

    def words(self):
        return max(1, -(-len(self.sets) // WORD))

    def masks(self, has):
        """One number a mask, of the sets for which `has` holds."""
        masks = [0] * self.words()
        for members, place in self.sets.items():
            if has(members):
                masks[place // WORD] |= 1 << place % WORD
        return masks


class Law:
    def __init__(self, root, first, last):
        self.root, self.days = root, days_of(first, last)
        self.numbers, self.origins, self.claims = Bits("number_"), Bits("origin_"), Bits("claim_")
        self.facts = {}
        read = []
        for path in sorted(root.rglob("*.toml")):
            if path.name == "facts.toml":
                with open(path, "rb") as file:
                    self.facts.update({fact["name"]: fact for fact in tomllib.load(file)["fact"]})
            elif path.parent.name != "cases":
                read += instruments(path)
        self.groups = {one["id"]: one for one in read if one["kind"] == "group"}
        self.lists, self.exact_claims = {}, set()
        of = lambda kind: [one for one in read if one["kind"] == kind]
        self.headings = []
        for at, one in enumerate(of("duty")):
            for version, begins, ends in self.in_force(one):
                self.headings.append({**version, "id": at + 1, "from": begins, "until": ends})
        self.headings = [one for one in self.headings if not never(one.get("when", {}))]
        for one in self.headings:
            self.give_rates(one)
        self.asked = sorted({names for one in self.headings for names in asked_of(one.get("when", {}))})
        if SUBJECT + len(self.asked) > 63 or max(one["id"] for one in self.headings) >= 1 << 13:
            raise SystemExit("a heading no longer fits into one number")
        self.fees = [(v, b, e) for one in of("fee") for v, b, e in self.in_force(one)]
        self.programs = [(v, b, e) for one in of("program") for v, b, e in self.in_force(one)]
        self.column_2 = [v for one in of("column-2") for v, _, _ in self.in_force(one)]

    def in_force(self, instrument):
        """Its versions in force on some day, each with its first and last day: of those that hold
        the latest published."""
        runs = []
        for at in self.days:
            held = None
            for version in instrument["version"]:
                if holds(day(version["effective"]), day(version.get("until")), at):
                    if held is None or day(version["published"]) >= day(held["published"]):
                        held = version
            if held is None:
                continue
            if runs and runs[-1][0] is held:
                runs[-1][2] = at
            else:
                runs.append([held, at, at])
        return runs

    def changes(self):
        """The days on which a heading or a program begins or ends."""
        spans = [(one["from"], one["until"]) for one in self.headings]
        spans += [(first, last) for _, first, last in self.programs]
        starts = {first for first, _ in spans} | {last + datetime.timedelta(1) for _, last in spans}
        return sorted(starts & set(self.days[1:]))

    def steady(self, of_day, what):
        """What is the same on every day; a list that changes within the days is refused."""
        first = of_day(self.days[0])
        if any(of_day(at) != first for at in self.days):
            raise SystemExit(f"{what} changes within the days: choose others")
        return first

    def group(self, name):
        """The version of a group that is in force on every day."""
        runs = self.in_force(self.groups[name])
        if len(runs) != 1 or runs[0][1:] != [self.days[0], self.days[-1]]:
            raise SystemExit(f"{name} changes within the days: choose others")
        return runs[0][0]

    def prefixes(self, name):
        """The prefixes of a list, or of a group of numbers."""
        if name not in self.lists:
            if name in self.groups:
                group = self.group(name)
                self.lists[name] = (
                    self.prefixes(group["list"]) if "list" in group else frozenset(group["numbers"])
                )
            else:
                rows = self.rows(name)
                of_day = lambda at: frozenset(
                    row["prefix"] for row in rows if holds(day(row["from"]), day(row["until"]), at)
                )
                self.lists[name] = self.steady(of_day, name)
        return self.lists[name]

    def rows(self, name):
        with open(self.root / "lists" / f"{name}.csv", newline="") as file:
            return list(csv.DictReader(line for line in file if not line.startswith("#")))

    def number_set(self, names):
        members = set()
        for name in names:
            members |= self.prefixes(name[1:]) if name[0] == "@" else {name}
        return self.numbers.test(frozenset(members))

    def origin_set(self, names):
        members = set()
        for name in names:
            if name[0] == "@":
                members |= set(self.group(name[1:])["origins"])
            else:
                members.add(name)
        return self.origins.test(frozenset(members))

    def claim_set(self, names):
        patterns = frozenset(name.replace(".", "") for name in names)
        self.exact_claims |= {name for name in patterns if not is_beginning(name)}
        return self.claims.test(patterns)

    def give_rates(self, one):
        """What a heading charges by origin: parts per million, and whether it is a floor."""
        if "rates" not in one:
            return
        rows = self.rows(one["rates"])
        held = lambda at: [r for r in rows if holds(day(r["from"]), day(r["until"]), at)]
        one["by_origin"] = {}
        for row in sorted(self.steady(held, one["rates"]), key=lambda row: row["published"]):
            one["by_origin"][row["origin"]] = row

    def condition(self, when, held):
        """A condition as SQL. `held` is the column of what has been picked so far. What is not known
        is NULL, which SQL carries through AND, OR and NOT as the law does."""
        said = []
        for key, value in when.items():
            if key in ("all", "any"):
                join = every if key == "all" else either
                said.append(join([self.condition(part, held) for part in value]))
            elif key == "not":
                said.append(negated(self.condition(value, held)))
            elif key == "number":
                said.append(self.number_set(value))
            elif key == "origin":
                said.append(self.origin_set(value))
            elif key == "origin_not":
                said.append(negated(self.origin_set(value)))
            elif key == "claim":
                said.append(self.claim_set(value))
            elif key == "entered_free_under":
                said.append(f"(column_1_free AND program IN ({quoted(value)}))")
            elif key == "column_2":
                said.append("column_2" if value else "NOT column_2")
            elif key == "fact":
                said += [self.fact(name, test) for name, test in value.items()]
            elif key == "fact_stated":
                said.append(NO)  # The lines of the benchmark state no facts.
            elif key == "subject_to":
                said.append(self.subject_to(value, held))
            elif key == "mode":
                said.append(f"mode IN ({quoted(value)})")
            elif key == "at_express_hub":
                said.append(key if value else f"NOT {key}")
            elif key == "accompanied":
                said.append(NO if value else YES)  # None of the parcels is carried by a traveler.
            else:
                raise SystemExit(f"a condition that is not written as SQL: {key}")
        return every(said)

    def fact(self, name, test):
        """What a fact that no line states comes to."""
        fact = self.facts[name]
        as_given = lambda given: given == test if isinstance(test, bool) else given
        if fact["absence"] == "claim":
            return YES if as_given(False) else NO
        if fact["absence"] == "presumed":
            return YES if as_given(fact["value"] == "true") else NO
        if fact["absence"] == "derived":
            inside = self.number_set(fact["numbers"])
            return inside if as_given(True) else negated(inside)
        return UNKNOWN

    def subject_to(self, names, held):
        return f"(({held} & {1 << SUBJECT + self.asked.index(tuple(names))}) <> 0)"

    def program_names(self):
        return sorted({one["program"] for one in self.headings})

    def needs(self, program):
        """The programs that the headings of this one ask about."""
        own = [one for one in self.headings if one["program"] == program]
        asked = {name for one in own for names in asked_of(one.get("when", {})) for name in names}
        return {
            one["program"]
            for one in self.headings
            if one["program"] != program and is_any(asked, one)
        }

    def levels(self):
        """Programs in steps, each after those it asks about."""
        left, done, levels = set(self.program_names()), set(), []
        while left:
            ready = {program for program in left if self.needs(program) <= done}
            if not ready:
                raise SystemExit("programs ask about one another in a circle")
            levels.append(sorted(ready))
            left, done = left - ready, done | ready
        return levels

    def pick(self, program, held):
        """The heading of a program that applies, as SQL: of those that hold the lowest rank."""
        cases = []
        own = [one for one in self.headings if one["program"] == program]
        for one in sorted(own, key=lambda one: one["rank"]):
            when = self.condition(one.get("when", {}), held)
            if when == NO:
                continue
            if (one["from"], one["until"]) != (self.days[0], self.days[-1]):
                when = f"({when} AND entered BETWEEN DATE '{one['from']}' AND DATE '{one['until']}')"
            if "by_origin" in one:
                when, gives = f"({when} AND table_rate IS NOT NULL)", f"{self.name(one)} + table_rate"
            else:
                gives = self.packed(one)
            cases.append(f"WHEN {when} THEN {gives}")
            if UNKNOWN in when:
                cases.append(f"WHEN {when} IS NULL THEN {self.name(one) | OPEN}")
        return "CASE " + "\n      ".join(cases) + " ELSE 0 END" if cases else "0"

    def name(self, one):
        """A heading's place, and what it answers to those who ask about it."""
        answers = (1 << SUBJECT + at for at, names in enumerate(self.asked) if is_any(names, one))
        return sum(answers, one["id"] << 27)

    def packed(self, one):
        """A heading as one number: its kind (0 exempt, 1 on top, 2 a floor over what is paid, 3 a
        floor over the general rate), whether its amount is open, its rate in parts per million, its
        place, and its answers."""
        if is_open(one):
            kind, rate = OPEN, 0
        elif "exempt" in one:
            kind, rate = 0, 0
        elif "floor" in one:
            kind, rate = 2 if one["floor_over"] == "general-or-special" else 3, parts(one["floor"])
        else:
            kind, rate = 1, parts(one["rate"])
        return self.name(one) | rate << 3 | kind

    def charges(self, program):
        """Whether a program charges anything at all, and whether by a floor."""
        own = [one for one in self.headings if one["program"] == program and not is_open(one)]
        forms = {row["form"] for one in own for row in one.get("by_origin", {}).values()}
        floors = any("floor" in one for one in own) or any(form != "additive" for form in forms)
        return any("rate" in one or "floor" in one or "by_origin" in one for one in own), floors


def is_meant(name, one):
    """Whether `subject_to` means a heading: by its own digits, or by a program that it charges for."""
    if not name.startswith("99"):
        charges = "exempt" not in one
        begins = one["program"].startswith(name[:-1]) if name.endswith("*") else one["program"] == name
        return charges and begins
    wanted = name.replace(".", "")
    held = [one.get("heading"), one.get("heading_met"), *one.get("heading_candidates", [])]
    held += [row["heading"] for row in one.get("by_origin", {}).values()]
    held = [heading.replace(".", "") for heading in held if heading]
    if wanted.endswith("*"):
        return any(heading.startswith(wanted[:-1]) for heading in held)
    return wanted in held


def is_open(one):
    """Headings whose amount the query leaves open: those of Chapter 98, without a rate in hand, or on
    a part of the value. What a fact may take off the value is nothing here, since the lines state no
    facts."""
    parts_of_value = ("not_covered", "base_content", "base_without_content_of")
    return one["layer"] == "chapter-98" or any(key in one for key in parts_of_value)


def is_any(names, one):
    return any(is_meant(name, one) for name in names)


def asked_of(when):
    """What a condition asks other programs, each list of names once."""
    for key, value in when.items():
        if key == "subject_to":
            yield tuple(value)
        elif isinstance(value, dict):
            yield from asked_of(value)
        elif key in ("all", "any"):
            for part in value:
                yield from asked_of(part)


def table_rate(row):
    kinds = {"additive": 1, "floor-general-or-special": 2, "floor-general": 3}
    return parts(row["rate"]) << 3 | kinds[row["form"]]


def never(when):
    """Conditions that the law writes where a heading has ended."""
    return when == {"mode": ["air"], "not": {"mode": ["air"]}}


def is_beginning(pattern):
    return pattern.endswith("*") and not re.fullmatch(r"[A-Z]\*", pattern)


def claim_meets(claim, pattern):
    if not is_beginning(pattern):
        return claim == pattern
    return claim.startswith(pattern[:-1])


def every(said):
    """All of some conditions, without those that hold always."""
    said = [one for one in said if one != YES]
    if NO in said:
        return NO
    return "(" + " AND ".join(said) + ")" if len(said) > 1 else (said or [YES])[0]


def either(said):
    """Any of some conditions, without those that never hold."""
    said = [one for one in said if one != NO]
    if YES in said:
        return YES
    return "(" + " OR ".join(said) + ")" if len(said) > 1 else (said or [NO])[0]


def negated(said):
    return {YES: NO, NO: YES, UNKNOWN: UNKNOWN}.get(said, f"NOT {said}")


def quoted(names):
    return ", ".join(f"'{name}'" for name in names)
