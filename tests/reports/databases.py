"""Loads what `stslint report` says of reports into DuckDB and ClickHouse, by the recipes of the command's README, and compares
the sums with the totals: `cargo xtask databases`."""

import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import chdb
import duckdb

command, readme, reports = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])


def report(form):
    done = subprocess.run([command, "report", "--format", form, reports], stdout=subprocess.PIPE)
    assert done.returncode == 1, f"the reports have failures, but the exit code is {done.returncode}"
    return done.stdout


recipe = re.search(
    r'\nstslint report --format ndjson reports/ > (\S+)\nduckdb -c "(.+)"\nclickhouse local -q "(.+)"\n',
    readme.read_text(encoding="utf-8"),
)
assert recipe, "the README has no recipes"
name, for_duckdb, for_clickhouse = recipe.groups()

totals = json.loads(report("json"))
wanted = collections.Counter()
for domain in totals["domains"]:
    for failure in domain["failures"]:
        wanted[domain["domain"], failure["kind"], failure["result_type"]] += failure["sessions"]

with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    pathlib.Path(name).write_bytes(report("ndjson"))
    found = {
        "DuckDB": duckdb.sql(for_duckdb).fetchall(),
        "ClickHouse": json.loads(chdb.query(for_clickhouse, "JSONCompact").bytes())["data"],
    }
    described = duckdb.sql(f"DESCRIBE SELECT * FROM '{name}'").fetchall()
    os.chdir("/")

for database, rows in found.items():
    sums = {tuple(key): int(sessions) for *key, sessions in rows}
    assert sums == wanted, f"{database}: {len(sums)} sums, {len(wanted)} wanted"
types = {column: kind for column, kind, *_ in described}
for column, kind in [("day", "DATE"), ("start", "TIMESTAMP WITH TIME ZONE"), ("sessions", "BIGINT"), ("failed", "BOOLEAN")]:
    assert types[column] == kind, f"{column} is {types[column]}"
print(f"DuckDB {duckdb.__version__}, chdb {chdb.__version__}: {len(wanted)} sums are those of stslint, of {totals['reports']} reports")
