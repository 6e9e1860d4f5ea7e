#!/usr/bin/env python3
"""Compares `deminimis person match` with Splink on DuckDB, in one run.

    cargo build --release -p deminimis
    python3 bench/person/compare.py --program target/release/deminimis FOLDER/dataset3.csv ...

FOLDER holds the FEBRL sets: rec_id `rec-N-org` and `rec-N-dup-K` are one person. Both see name and
address alone, no date of birth and no number. Printed are pairwise precision, recall and F1 of the
clusters that each makes, and the processor time (user and system, all threads, children) that each
takes, start included. Splink and DuckDB are installed into a virtual environment the first time.
"""

import argparse
import collections
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
MAP = [
    "id=rec_id",
    "name=given_name+surname",
    "street=street_number+address_1+address_2",
    "city=suburb",
    "postal_code=postcode",
]


def environment(folder):
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    have = subprocess.run([python, "-c", "import splink, duckdb"], capture_output=True)
    if have.returncode:
        done = subprocess.run([python, "-m", "pip", "install", "--quiet", "splink", "duckdb"])
        if done.returncode:
            sys.exit("pip cannot get splink and duckdb here: there is nothing to compare with")
    return python


def measured(command, **options):
    """Runs a command; its output, its processor time, and what the clock said."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, check=True, capture_output=True, text=True, **options)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, cpu, time.monotonic() - start


def person(identity):
    return identity.split("-")[1]


def quality(found, truth):
    """Precision, recall and F1 of a set of pairs."""
    right = sum(1 for a, b in found if person(a) == person(b))
    precision, recall = right / max(1, len(found)), right / max(1, truth)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def pairs_of(clusters):
    found = set()
    for members in clusters:
        members = sorted(members)
        found.update((a, b) for i, a in enumerate(members) for b in members[i + 1 :])
    return found


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file, skipinitialspace=True))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--environment", type=Path, default=HERE.parent.parent / "target" / "splink")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("sets", nargs="+", type=Path)
    args = parser.parse_args()
    program, python = str(Path(args.program).resolve()), str(environment(args.environment).absolute())
    for path in args.sets:
        counts = collections.Counter(person(row["rec_id"]) for row in rows_of(path))
        truth = sum(count * (count - 1) // 2 for count in counts.values())
        print(f"{path.name}: {sum(counts.values())} rows, {truth} true pairs")
        maps = [word for one in MAP for word in ("--map", one)]
        ours, theirs = [], []
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(args.rounds):
                command = [program, "person", "match", str(path.resolve()), *maps]
                text, cpu, clock = measured(command, cwd=folder)
                ours.append((cpu, clock))
                splink = [python, str(HERE / "splink_match.py"), str(path.resolve())]
                answer, cpu, clock = measured(splink, cwd=folder)
                theirs.append((cpu, clock))
        found = {(row["id_a"], row["id_b"]) for row in csv.DictReader(text.splitlines())}
        show("deminimis", quality(found, truth), ours)
        answer = json.loads(answer.splitlines()[-1])
        best = None
        for threshold, clusters in answer["clusters"].items():
            each = quality(pairs_of(clusters), truth)
            if best is None or each[2] > best[1][2]:
                best = (threshold, each)
        show(f"splink {answer['version']}, threshold {best[0]}", best[1], theirs)
        ratio = median(theirs) / median(ours)
        print(f"  processor time: splink takes {ratio:.1f} times as much\n")


def median(times):
    cpu = sorted(cpu for cpu, _ in times)
    return cpu[len(cpu) // 2]


def show(name, measures, times):
    precision, recall, f1 = measures
    spread = f"{min(times)[0]:.2f} to {max(times)[0]:.2f}"
    print(
        f"  {name:<28} precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}  "
        f"CPU {median(times):.2f} s ({spread})"
    )


if __name__ == "__main__":
    main()
