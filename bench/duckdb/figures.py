"""Reads dates, rates and amounts as the law's files and the schedule write them, in whole numbers."""

import datetime
import re


def day(value):
    """The day of a date, of a moment, or of a cell of a list."""
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value) if value else None
    return value.date() if isinstance(value, datetime.datetime) else value


def holds(begins, ends, at):
    return (begins is None or begins <= at) and (ends is None or at < ends)


def parts(text):
    """`12.5 %` as parts per million, exactly."""
    whole, _, rest = text.rstrip("% ").partition(".")
    if len(rest) > 4:
        raise ValueError(f"{text}: finer than a part per million")
    return int(whole) * 10_000 + int(rest.ljust(4, "0"))


def cents(text):
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0"))


def figures(path, at):
    """Rates of the schedule on a day: a row a number with whether it has its own, the general rate and
    that of column 2; and special rates by number and symbol. A rate is a share of the value in parts
    per million and thousandths of a cent a piece; any other rate is None."""
    texts, rates, special = {}, [], []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("#") or line.startswith("number\t"):
                continue
            cells = line.rstrip("\n").split("\t")
            if line.startswith("@"):
                texts[cells[0]] = cells[1]
                continue
            number, begins, ends, _, general, of_special, column_2 = cells[:7]
            if not holds(day(begins), day(ends), at):
                continue
            rates.append((number, bool(general), *share(general), *share(column_2)))
            for rate, symbols in re.findall(r"([^()]+?)\s*\(([^)]*)\)", texts.get(of_special, of_special)):
                for symbol in symbols.split(","):
                    special.append((number, symbol.strip(), *share(rate.strip())))
    return rates, special


def share(text):
    if text == "Free":
        return 0, 0
    found = re.fullmatch(r"(?:(\d+)(?:\.(\d{1,3}))?¢ each \+ )?(\d+(?:\.\d{1,4})?)%", text)
    if not found:
        return None, None
    whole, rest, percent = found.groups()
    return parts(percent), int(whole or 0) * 1000 + int((rest or "").ljust(3, "0"))
