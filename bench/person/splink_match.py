"""Links a FEBRL set with Splink on DuckDB, by name and address alone; run by compare.py.

As Splink's own guide has it for this kind of data: blocking rules on parts of name and address, u
by random sampling, m by expectation maximisation from two blocking rules, clusters at thresholds.
Prints one JSON object: the version, and for each threshold the clusters as lists of rec_id.
"""

import json
import logging
import sys

import duckdb
import splink
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

logging.getLogger("splink").setLevel(logging.ERROR)

THRESHOLDS = (0.5, 0.9, 0.99, 0.999)


def main(path):
    connection = duckdb.connect()
    columns = "given_name surname street_number address_1 address_2 suburb postcode state".split()
    header = [name.strip() for name in open(path).readline().split(",")]
    names = ", ".join(f"'{name}': 'VARCHAR'" for name in header)
    parts = ", ".join(f"nullif(trim({name}), '') as {name}" for name in columns)
    connection.execute(
        f"create table people as select trim(rec_id) as unique_id, {parts} "
        f"from read_csv('{path}', header=true, columns={{{names}}})"
    )
    api = DuckDBAPI(connection)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.ForenameSurnameComparison("given_name", "surname"),
            cl.DamerauLevenshteinAtThresholds("street_number", [1]),
            cl.JaroWinklerAtThresholds("address_1", [0.95, 0.88, 0.7]),
            cl.JaroWinklerAtThresholds("address_2", [0.95, 0.88, 0.7]),
            cl.JaroWinklerAtThresholds("suburb", [0.95, 0.88]),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
            cl.ExactMatch("state"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("given_name", "surname"),
            block_on("surname", "postcode"),
            block_on("given_name", "postcode"),
            block_on("street_number", "postcode"),
            block_on("street_number", "address_1"),
            block_on("address_1", "postcode"),
            block_on("suburb", "surname"),
            block_on("suburb", "given_name"),
            block_on("address_2", "postcode"),
            block_on("suburb", "address_2"),
        ],
    )
    linker = Linker(api.register("people"), settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("given_name", "surname", "postcode"), block_on("address_1", "street_number")],
        recall=0.7,
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6)
    training.estimate_parameters_using_expectation_maximisation(block_on("postcode"))
    training.estimate_parameters_using_expectation_maximisation(block_on("given_name", "surname"))
    predictions = linker.inference.predict(threshold_match_probability=0.2)
    clusters = {}
    for threshold in THRESHOLDS:
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predictions, threshold_match_probability=threshold
        )
        groups = {}
        for row in found.as_record_list():
            groups.setdefault(row["cluster_id"], []).append(row["unique_id"])
        clusters[str(threshold)] = [group for group in groups.values() if len(group) > 1]
    print(json.dumps({"version": splink.__version__, "clusters": clusters}))


if __name__ == "__main__":
    main(sys.argv[1])
