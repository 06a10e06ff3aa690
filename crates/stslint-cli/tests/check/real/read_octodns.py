# Reads a zone of a folder as OctoDNS does, and writes its records as lines of a zone file: folder, zone.
import sys

from octodns.provider.yaml import YamlProvider
from octodns.zone import Zone

folder, name = sys.argv[1:]
# What this release does by itself; said, as another one may do otherwise.
provider = YamlProvider("test", folder, escaped_semicolons=True)
zone = Zone(name, [])
provider.populate(zone)
for record in zone.records:
    rrset = record.to_rrset()
    for rdata in rrset.rdatas:
        print(rrset.name, rrset.ttl, "IN", record._type, rdata)
