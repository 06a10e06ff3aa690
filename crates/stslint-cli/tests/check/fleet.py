"""Runs the SQL of a document in DuckDB, block after block, in the folder in which this is started, and prints for each its heading
and what it gives, as JSON."""

import json
import re
import sys

import duckdb

database = duckdb.connect()
# Nothing is fetched.
database.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
heading, found = "", []
with open(sys.argv[1], encoding="utf-8") as document:
    for part in re.finditer(r"^#+ ([^\n]+)$|^```sql\n(.+?)^```$", document.read(), re.M | re.S):
        if part[1]:
            heading = part[1]
            continue
        found.append([heading, database.execute(part[2]).fetchall()])
print(json.dumps(found, default=str))
