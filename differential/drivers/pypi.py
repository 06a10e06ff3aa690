"""Says what postfix-mta-sts-resolver makes of policies and records: a line of JSON for each line of JSON, the release first. The
package does all of it itself, but DNS and HTTPS give what the line says."""

import asyncio
import importlib.metadata
import io
import json
import logging
import sys
import types

import aiohttp
import aiohttp.helpers
import multidict
from postfix_mta_sts_resolver import resolver

RECORD = "v=STSv1; id=1;"
POLICY = "version: STSv1\nmode: none\nmax_age: 0\n"


def to_bytes(given):
    return given.encode() if isinstance(given, str) else bytes.fromhex(given["hex"])


class Dns:
    """A resolver for one name."""

    def __init__(self, records):
        self.records = records

    async def query(self, name, kind):
        return [types.SimpleNamespace(text=to_bytes(record)) for record in self.records]


class Response(aiohttp.helpers.HeadersMixin):
    """An answer whose media type aiohttp reads, and its content."""

    def __init__(self, line):
        self.status = line.get("status", 200)
        body = to_bytes(line.get("policy", POLICY))
        media_type = line.get("type", "text/plain")
        self.headers = multidict.CIMultiDict({"Content-Length": str(len(body))})
        if media_type is not None:
            self.headers["Content-Type"] = media_type
        self._headers = self.headers
        self.body = io.BytesIO(body)
        self.content = self

    async def read(self, size):
        return self.body.read(size)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        pass


class Session:
    """An HTTP client that has one answer."""

    line = {}

    def __init__(self, **options):
        pass

    def get(self, url, **options):
        return Response(self.line)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        pass


async def answer(asked, line):
    asked._resolver = Dns(line.get("records", [RECORD]))
    Session.line = line
    status, result = await asked.resolve("example.com")
    if "records" in line:
        return {"found": result[0]} if result else {"nothing": status.name}
    if not result:
        return {"rejected": status.name}
    return {"accepted": {key: result[1][key] for key in ("mode", "mx", "max_age")}}


async def main():
    asked = resolver.STSResolver(loop=asyncio.get_running_loop())
    for text in sys.stdin:
        print(json.dumps(await answer(asked, json.loads(text))), flush=True)


logging.disable(logging.CRITICAL)
aiohttp.ClientSession = Session
print(json.dumps({"version": importlib.metadata.version("postfix-mta-sts-resolver")}), flush=True)
asyncio.run(main())
