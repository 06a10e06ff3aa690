"""Checks domains with checkdmarc, one after the other as its command does, and prints the seconds that each took. The port of the
resolver on this machine comes as argument, the domains on standard input."""

import json
import logging
import sys
import time

from checkdmarc import check_domains
from checkdmarc.mta_sts import check_mta_sts
from checkdmarc.smtp import check_mx
from checkdmarc.smtp_tls_reporting import check_smtp_tls_reporting
from dns.nameserver import Do53Nameserver

logging.disable(logging.CRITICAL)
nameservers = [Do53Nameserver("127.0.0.1", int(sys.argv[1]))]
domains = sys.stdin.read().split()
# Half of them each: what was asked once is in its cache.
half = len(domains) // 2

start = time.monotonic()
for domain in domains[:half]:
    assert check_mta_sts(domain, nameservers=nameservers)["valid"] is False
    assert len(check_mx(domain, nameservers=nameservers)["hosts"]) == 1
    check_smtp_tls_reporting(domain, nameservers=nameservers)
these = time.monotonic()
for domain in domains[half:]:
    # A list of one, as the results of many stay in memory.
    result = check_domains([domain], nameservers=nameservers)
    assert len(result["mx"]["hosts"]) == 1
end = time.monotonic()
print(json.dumps([(these - start) / half, (end - these) / (len(domains) - half)]))
