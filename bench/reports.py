"""Reads all mails in a folder with parsedmarc and adds their sessions up: `cargo xtask bench reports`."""

import pathlib
import sys

import parsedmarc

reports = failed = 0
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.eml")):
    report = parsedmarc.parse_report_file(path, offline=True, always_use_local_files=True)
    assert report["report_type"] == "smtp_tls", path
    reports += 1
    for policy in report["report"]["policies"]:
        failed += policy["failed_session_count"]
print(reports, failed)
