"""The suites, each at one commit, and where the vectors stand in them.

`python3 suites.py FOLDER` prints a line of JSON for each vector (see `src/main.rs`). FOLDER has the repositories as
`owner+name`, each a repository of git; one that is not there is fetched from GitHub."""

import base64
import json
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from reading import Repository, line, python_value

SUITES = {}


def suite(name, commit):
    """Marks a function that gives the vectors of a repository, each as kind, name, what is given, what is expected."""

    def mark(vectors):
        SUITES[name] = commit, vectors
        return vectors

    return mark


def numbered(name, vectors):
    """The same vectors with names: that of the test and a number."""
    for nth, (kind, given, expected) in enumerate(vectors, 1):
        yield kind, f"{name} {nth}", given, expected


GOOD = {"valid": True}
BAD = {"valid": False}


def is_valid(good):
    return GOOD if good else BAD


def sts(record, expected):
    return "sts", [record], expected


def rpt(record, expected):
    return "rpt", [record], expected


def policy(body, expected):
    return "policy", body, expected


def match(patterns, name, expected):
    return "match", (patterns, name), is_valid(expected)


def report(body, expected):
    return "report", body, expected


def number(text):
    return int(text)


def json_files(repository, files, expected=GOOD):
    for path in files:
        yield "report", path, repository.bytes(path), expected


def packed(repository, path, expected=GOOD):
    return "report", path, (repository.bytes(path), {"packed": path.rsplit("/", 1)[-1]}), expected


# Go


@suite("mjl-/mox", "1c9587665b321199312e11b6a47a0480a9e2750f")
def mox(repository):
    source = repository.source("mtasts/parse_test.go")
    part = source.within("func TestRecord")
    good = [sts(v["r"], {**GOOD, "id": v["id"]}) for v in part.all(r"good\( §r , Record\{Version: § , ID: §id")]
    yield from numbered("mtasts TestRecord good", good)
    yield from numbered("mtasts TestRecord bad", [sts(v["r"], BAD) for v in part.all(r"\bbad\( §r \)")])
    part = source.within("func TestParsePolicy")
    good = []
    for v in part.all(r"good\( §p , Policy\{ Version: § , Mode: Mode(?P<mode>\w+) , MX: \[\]MX\{(?P<mx>.*?)\} , MaxAgeSeconds: (?P<age>\d+)".replace(".*?", r"[\s\S]*?")):
        mx = [("*." if "Wildcard" in one else "") + name for one, name in zip(re.findall(r"\{[^}]*«\d+»", v["mx"]), part.texts(v["mx"]))]
        good.append(policy(v["p"], {**GOOD, "mode": v["mode"].lower(), "max_age": number(v["age"]), "mx": mx}))
    yield from numbered("mtasts TestParsePolicy good", good)
    yield from numbered("mtasts TestParsePolicy bad", [policy(v["p"], BAD) for v in part.all(r"\bbad\( §p \)")])
    for test, kind in ("FuzzParseRecord", sts), ("FuzzParsePolicy", policy):
        seeds = [kind(v["x"], None) for v in source.within(f"func {test}").all(r"f\.Add\( §x \)")]
        yield from numbered(f"mtasts {test}", seeds)

    source = repository.source("mtasts/mtasts_test.go")
    part = source.within("func TestLookup")
    names = {}
    for v in part.all(r"§name : \{(?P<records>[^}]*)\}"):
        names[v["name"].removeprefix("_mta-sts.").rstrip(".")] = part.texts(v["records"])
    looked = []
    for v in part.all(r"test\( §name , (?P<want>nil|&Record\{Version: § , ID: §id \}) , (?P<error>\w+) \)"):
        if v["error"] != "ErrDNS" and v["name"] in names:
            expected = BAD if v["want"] == "nil" else {**GOOD, "id": v["id"]}
            looked.append(("sts", names[v["name"]], expected))
    yield from numbered("mtasts TestLookup", looked)
    part = source.within("func TestMatches")
    patterns = ["a.example", "*.b.example"]
    assert all(f"mx: {pattern}\n" in part.literals[int(re.search(r"ParsePolicy\(«(\d+)»", part.between)[1])] for pattern in patterns)
    matches = [match(patterns, v["name"], v["how"] == "match") for v in part.all(r"(?P<how>match|not)\( §name \)")]
    yield from numbered("mtasts TestMatches", matches)
    part = source.within("func TestFetch")
    fetched = []
    for v in part.all(r"test\(cert(?P<cert>\w+), § , (?P<status>\d+), §body , (?P<want>nil|&Policy), (?P<error>\w+)"):
        if v["cert"] == "ok":
            fetched.append(policy((v["body"], {"status": number(v["status"])}), is_valid(v["want"] != "nil")))
    yield from numbered("mtasts TestFetch", fetched)

    source = repository.source("tlsrpt/parse_test.go")
    part = source.within("func TestRecord")
    good = []
    for v in part.all(r"good\( §r , Record\{Version: § , RUAs: \[\]\[\]RUA(?P<rua>\{[^E)]*\})"):
        good.append(rpt(v["r"], {**GOOD, "rua": part.texts(v["rua"])}))
    yield from numbered("tlsrpt TestRecord good", good)
    yield from numbered("tlsrpt TestRecord bad", [rpt(v["r"], BAD) for v in part.all(r"\bbad\( §r \)")])
    seeds = [rpt(v["x"], None) for v in source.within("func FuzzParseRecord").all(r"f\.Add\( §x \)")]
    yield from numbered("tlsrpt FuzzParseRecord", seeds)
    part = repository.source("tlsrpt/lookup_test.go").within("func TestLookup")
    names = {}
    for v in part.all(r"§name : \{(?P<records>[^}]*)\}"):
        names[v["name"].removeprefix("_smtp._tls.").rstrip(".")] = part.texts(v["records"])
    looked = []
    for v in part.all(r"test\( §name , (?P<want>nil|&Record\{Version: § , RUAs: \[\]\[\]RUA\{\{ §rua \}\}\}) , (?P<error>\w+) \)"):
        if v["error"] != "ErrDNS" and v["name"] in names:
            expected = BAD if v["want"] == "nil" else {**GOOD, "rua": [v["rua"]]}
            looked.append(("rpt", names[v["name"]], expected))
    yield from numbered("tlsrpt TestLookup", looked)
    source = repository.source("tlsrpt/report_test.go")
    text = next(source.all(r"const reportJSON = §text"))["text"]
    yield "report", "tlsrpt reportJSON", text, {**GOOD, "organization-name": "Company-X"}
    for name in "tlsrptMessage", "tlsrptMessage2":
        mail = next(source.all(rf"var {name} = strings\.ReplaceAll\( §head \+ reportJSON \+ §tail , § , § \)"))
        mail = (mail["head"] + text + mail["tail"]).replace("\n", "\r\n")
        yield "report", f"tlsrpt {name}", (mail, {"packed": "message.eml"}), GOOD
    for path in repository.files("testdata/tlsreports"):
        yield packed(repository, path)


@suite("Zuplu/postfix-tlspol", "ffe1e2d1e86214e91ce37dcb48ad9819fd8b9159")
def postfix_tlspol(repository):
    source = repository.source("internal/mta-sts_test.go")
    part = source.within("func TestMtaStsRecordAvailable")
    for v in part.all(r"\{name: §name , answers: \[\]dns\.RR\{(?P<records>.*)\}(?P<want>, want: true)? \},"):
        records = ["".join(part.texts(record)) for record in re.findall(r"txt\(([^)]*)\)", v["records"])]
        yield "sts", f"TestMtaStsRecordAvailable {v['name']}", records, is_valid("want" in v)
    part = source.within("func TestParseMtaStsPolicy")
    named = list(part.all(r"t\.Run\( §name , func"))
    bodies = part.between.split("t.Run(")[1:]
    for v, body in zip(named, bodies):
        yield from postfix_tlspol_policies(part, v["name"], body)
    part = source.within("func TestMtaStsPolicyMediaType")
    text = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 86400\n"
    types = part.all(r"\{contentType: §type (?P<want>, want: true)?\}")
    yield from numbered(
        "TestMtaStsPolicyMediaType",
        [policy((text, {"type": v["type"] or None}), is_valid("want" in v)) for v in types],
    )
    seeds = source.within("func FuzzParseMtaStsPolicy").between.split("} {")[0]
    yield from numbered("FuzzParseMtaStsPolicy", [policy(text, None) for text in source.texts(seeds)])


def postfix_tlspol_policies(part, name, body):
    """A subtest either reads one policy, or one for each of a list."""
    name = f"TestParseMtaStsPolicy {name}"
    literals = part.texts(body)
    refused = "to be rejected", "to invalidate", "without version", "without max_age"
    good = not any(words in text for text in literals for words in refused)
    policies = [text for text in literals if text.startswith(("version: STSv1\n", "mode: enforce\n")) and "\n" in text.strip()]
    if "oversized" in name:
        policies = [policies[0] + "a" * 65536]
    elif "+extLine" in body or "+mode" in body:
        # Lines, or names of modes, that go into one policy.
        given = body[body.index("range []string{") : body.index("} {")]
        lines = part.texts(given)
        if "string([]byte{0xff})" in given:
            lines = lines[:-2] + [lines[-2] + "\udcff" + lines[-1]]
        if "strings.Repeat" in given:
            lines = lines[:-2] + ["a" * 33 + lines[-1]]
        [text] = policies
        if text.endswith("mode: "):
            tail = next(one for one in literals if one.startswith("\nmax_age"))
            policies = [text + line + tail for line in lines]
        else:
            policies = [text + line + "\n" for line in lines]
    if len(policies) == 1:
        yield "policy", name, policies[0], is_valid(good)
    else:
        yield from numbered(name, [policy(text, is_valid(good)) for text in policies])


@suite("albertito/chasquid", "ca2538b9745a448170dbd078c65b97c8821c33f9")
def chasquid(repository):
    source = repository.source("internal/sts/sts_test.go")
    text = next(source.within("func TestParsePolicy").all(r"const pol1 = §p"))["p"]
    yield "policy", "TestParsePolicy", text, {**GOOD, "mode": "enforce", "max_age": 123456, "mx": ["*.mail.example.com"]}
    policies = {v["name"]: v["p"] for v in source.all(r"\n\s+§name : §p ,")}
    yield "policy", "TestFetch domain.com", policies["domain.com"], GOOD
    yield "policy", "TestFetch version99", policies["version99"], BAD
    part = source.within("func TestCheckPolicy")
    checked = []
    halves = part.between.split("invalid := ")
    for half, good in zip(halves, (True, False)):
        for fields in re.findall(r"(?<!\w)(?:Policy)?\{(Version: [^{}]*(?:\{[^}]*\})?)\}", half):
            checked.append(policy(chasquid_policy(part, fields), is_valid(good)))
    yield from numbered("TestCheckPolicy", checked)
    part = source.within("func TestMatchDomain")
    matches = [
        match([v["pattern"]], "x" * 65536 + v["name"] if v.get("long") else v["name"], v["want"] == "true")
        for v in part.all(r"\{(?P<long>strings\.Repeat\( § , 65536 \) \+ )?§name , §pattern , (?P<want>true|false)\}")
    ]
    yield from numbered("TestMatchDomain", matches)
    part = source.within("func TestMXIsAllowed")
    for nth, v in enumerate(list(part.all(r"if (?P<no>!?)p\.MXIsAllowed\( §name \)"))[:3], 1):
        yield "match", f"TestMXIsAllowed {nth}", (["mx1", "mx2"], v["name"]), is_valid(bool(v["no"]))


def chasquid_policy(part, fields):
    """The policy that has these values."""
    text = lambda key: next(iter(part.texts(match[0])), None) if (match := re.search(rf"{key}: «\d+»", fields)) else None
    age = re.search(r"MaxAge: (\d+)( \* time\.(\w+))?", fields)
    lines = [f"version: {text('Version')}"]
    if text("Mode") is not None:
        lines.append(f"mode: {text('Mode')}")
    if names := re.search(r"MXs: \[\]string\{([^}]*)\}", fields):
        lines += [f"mx: {name}" for name in part.texts(names[1])]
    if age:
        lines.append(f"max_age: {int(age[1]) * {'Hour': 3600}.get(age[3], 1)}")
    return "\n".join(lines) + "\n"


@suite("foxcpp/go-mtasts", "1438da2e5932e01df35c6a8d1230c396a991049d")
def go_mtasts(repository):
    source = repository.source("mtasts_test.go")
    part = source.within("func TestReadDNSRecord")
    records = part.all(r"value: §r , (fail: (?P<fail>true)|id: §id)")
    yield from numbered("TestReadDNSRecord", [sts(v["r"], BAD if "fail" in v else {**GOOD, "id": v["id"]}) for v in records])
    part = source.within("func TestReadPolicy")
    policies = []
    for v in part.all(r"value: §p , (fail: (?P<fail>true)|policy: &Policy\{ Mode: Mode(?P<mode>\w+), MaxAge: (?P<age>\d+),( MX: \[\]string\{(?P<mx>[^}]*)\})?)"):
        expected = BAD
        if "fail" not in v:
            expected = {**GOOD, "mode": v["mode"].lower(), "max_age": number(v["age"]), "mx": part.texts(v.get("mx", ""))}
        policies.append(policy(v["p"], expected))
    yield from numbered("TestReadPolicy", policies)
    part = source.within("func TestPolicyMatch")
    matches = part.all(r"mx: §name , validMXs: \[\]string\{(?P<mx>[^}]*)\}, shouldMatch: (?P<want>true|false)")
    yield from numbered("TestPolicyMatch", [match(part.texts(v["mx"]), v["name"], v["want"] == "true") for v in matches])
    part = repository.source("cache_test.go")
    records = {v["r"] for v in part.all(r"TXT: \[\]string\{ §r \}")}
    yield from numbered("cache_test.go", [sts(record, GOOD) for record in sorted(records)])


@suite("EFForg/starttls-backend", "2d6eab052d9045bef2d44a67ed2522cfb3cd81c0")
def starttls_backend(repository):
    source = repository.source("checker/mta_sts_test.go")
    part = source.within("func TestValidateMTASTSRecord")
    records = part.all(r"\{\[\]string\{(?P<records>[^}]*)\}, (?P<want>Success|Failure)\}")
    yield from numbered("TestValidateMTASTSRecord", [("sts", part.texts(v["records"]), is_valid(v["want"] == "Success")) for v in records])
    part = source.within("func TestValidateMTASTSPolicyFile")
    policies = part.all(r"\{ §p , (?P<want>Success|Failure)\}")
    yield from numbered("TestValidateMTASTSPolicyFile", [policy(v["p"], is_valid(v["want"] == "Success")) for v in policies])
    part = source.within("func TestValidateMTASTSMXs")
    matches = part.all(r"\[\]string\{(?P<mx>[^}]*)\}, map\[string\]HostnameResult\{ §name : goodHostnameResult \}, (?P<want>Success|Failure)")
    yield from numbered("TestValidateMTASTSMXs", [match(part.texts(v["mx"]), v["name"], v["want"] == "Success") for v in matches])


@suite("rest-mail/go-mtasts", "c1beeb1cfe4d3112c96add707d39b1d5d52bb9ef")
def rest_mail(repository):
    source = repository.source("policy_test.go")
    for test in "TestParsePolicy", "TestParsePolicyDuplicateFieldsFirstWins", "TestParsePolicyMaxAgeRange":
        part = source.within(f"func {test}(")
        for v in part.all(r"t\.Run\( §name , func\(t \*testing\.T\) \{ (body := §p|if _, err := ParsePolicy\(\[\]byte\( §q )(?P<rest>(?:(?!t\.Run)[\s\S])*)"):
            expected = dict(GOOD)
            if mode := re.search(r"p\.Mode != Mode(\w+)", v["rest"]):
                expected["mode"] = mode[1].lower()
            if age := re.search(r"p\.MaxAge != (\d+)", v["rest"]):
                expected["max_age"] = number(age[1])
            if names := re.search(r"p\.MX, \[\]string\{([^}]*)\}", v["rest"]):
                expected["mx"] = part.texts(names[1])
            yield "policy", f"{test} {v['name']}", v.get("p") or v["q"], expected
        for v in part.all(r"(?:(?<=[{,\n])) §name : §p ,"):
            yield "policy", f"{test} {v['name']}", v["p"], BAD
    part = source.within("func TestMatchesMX")
    patterns = part.texts(re.search(r"MX: \[\]string\{([^}]*)\}", part.between)[1])
    matches = [match(patterns, v["name"], v["want"] == "true") for v in part.all(r"\{ §name , (?P<want>true|false) \}")]
    yield from numbered("TestMatchesMX", matches)
    source = repository.source("httpfetch_test.go")
    for test, good in ("RejectsNonTextPlain", False), ("AcceptsTextPlain", True):
        part = source.within(f"func TestHTTPFetch{test}")
        text = next(part.all(r"validBody := §p"))["p"]
        types = part.texts(re.search(r"range \[\]string\{([^}]*)\}", part.between)[1])
        given = [policy((text, {"type": one.strip() or None}), is_valid(good)) for one in types]
        yield from numbered(f"TestHTTPFetch{test}", given)
    source = repository.source("resolver_test.go")
    records = {v["r"] for v in source.all(r"f\.txt\[[^\]]*\] = \[\]string\{ §r \}")}
    given = [sts(record, is_valid(record.startswith("v=STSv1"))) for record in sorted(records)]
    yield from numbered("resolver_test.go records", given)
    policies = {v["p"] for v in source.all(r"f\.policies\[[^\]]*\] = §p")}
    given = [policy(text, is_valid(text.startswith("version"))) for text in sorted(policies)]
    yield from numbered("resolver_test.go policies", given)


@suite("isseis/tlsrpt-digest", "e5f07eb6962271219d8d3d5fd0eb7c964bb06fe8")
def tlsrpt_digest(repository):
    source = repository.source("internal/tlsrpt/tlsrpt_test.go")
    text = next(source.all(r"func minimalValidJSON\(\) \[\]byte \{ return \[\]byte\( §r \)"))["r"]
    yield "report", "minimalValidJSON", text, {**GOOD, "organization-name": "Example Corp", "report-id": "report-001"}
    yield "report", "TestParseJSON_InvalidJSON", "not json", BAD
    part = source.within("func TestParse_MissingRequiredField")
    for v in part.all(r"name: §name , field: § , json: §r ,"):
        yield "report", f"TestParse_MissingRequiredField {v['name']}", v["r"], BAD
    for test in "TestParse_PoliciesFields", "TestParse_FailureDetails":
        part = source.within(f"func {test}")
        text = next(part.all(r"data := \[\]byte\( §r \)"))["r"]
        expected = {**GOOD, "policies": [{"policy-domain": "example.com"}]}
        if "Failure" in test:
            fields = {
                "ResultType": "result-type",
                "SendingMTAIP": "sending-mta-ip",
                "ReceivingMXHostname": "receiving-mx-hostname",
                "ReceivingIP": "receiving-ip",
                "AdditionalInformation": "additional-information",
                "FailureReasonCode": "failure-reason-code",
            }
            detail = {fields[v["key"]]: v["value"] for v in part.all(r"assert\.Equal\(t, §value , fd\.(?P<key>\w+)\)")}
            expected["policies"][0]["failure-details"] = [detail]
        else:
            expected["policies"][0] |= {"policy-type": "sts", "mx-host": ["*.mail.example.com"], "success": 10, "failure": 2}
        yield "report", test, text, expected
    for path in repository.files("testdata", ".eml"):
        yield packed(repository, path)


@suite("whitworth-org/bedrock", "e6ce2ee51f17c4c540af848bfa884d3e9398db1f")
def bedrock(repository):
    part = repository.source("internal/checks/email/mtasts_test.go").within("func TestParseSTSPolicy")
    pattern = r"name: §name , body: §p , (wantErr: (?P<bad>true)|mode: §mode , maxAge: (?P<age>\d+))"
    for v in part.all(pattern):
        expected = BAD if "bad" in v else {**GOOD, "mode": v["mode"], "max_age": number(v["age"])}
        yield "policy", f"TestParseSTSPolicy {v['name']}", v["p"], expected
    part = repository.source("internal/checks/email/mtasts_test.go").within("func TestExtractSTSID")
    records = [sts(v["r"], {**GOOD, "id": v["id"]} if v["id"] else BAD) for v in part.all(r"\{ §r , §id \}")]
    yield from numbered("TestExtractSTSID", records)
    part = repository.source("internal/checks/email/tlsrpt_test.go").within("func TestParseTLSRPT")
    for v in part.all(r"name: §name , raw: §r , (wantErr: (?P<bad>true)|want: \[\]string\{(?P<rua>[^}]*)\})"):
        expected = BAD if "bad" in v else {**GOOD, "rua": part.texts(v["rua"])}
        yield "rpt", f"TestParseTLSRPT {v['name']}", [v["r"]], expected


# Rust


@suite("stalwartlabs/mail-auth", "0e93300e5c77b5e83ea5562d9a7e781278514fa2")
def mail_auth(repository):
    source = repository.source("src/mta_sts/parse.rs")
    part = source.within("fn mta_sts_record_parse")
    yield from numbered("mta_sts_record_parse", [sts(v["r"], {**GOOD, "id": v["id"]}) for v in part.all(r"\( §r , MtaSts \{ id: §id \.to_string")])
    part = source.within("fn tlsrpt_parse")
    records = []
    for v in part.all(r"\( §r , TlsRpt \{ rua: vec!\[(?P<rua>[^\]]*)\]"):
        uris = re.findall(r"(Mail|Http)\( *\n? *«(\d+)»", v["rua"])
        rua = [("mailto:" if how == "Mail" else "") + part.literals[int(uri)] for how, uri in uris]
        records.append(rpt(v["r"], {**GOOD, "rua": rua}))
    yield from numbered("tlsrpt_parse", records)
    yield from json_files(repository, repository.files("resources/tlsrpt", ".json"))
    for path in repository.files("resources/tlsrpt", ".eml"):
        yield packed(repository, path)


@suite("stalwartlabs/stalwart", "d72608f3e2d530c6560aaf2c7c290afd72671b82")
def stalwart(repository):
    source = repository.source("crates/smtp/src/outbound/mta_sts/parse.rs")
    part = source.within("fn mx_patterns_are_a_labels")
    text = "".join(part.texts(re.search(r"concat!\(([^)]*)\)", part.between)[1]))
    yield "policy", "mx_patterns_are_a_labels", text, GOOD
    patterns = re.findall(r"mx: (.*)\n", text)
    matches = [match(patterns, v["name"], not v["no"]) for v in part.all(r"assert!\((?P<no>!?)policy\.verify\( §name ")]
    yield from numbered("mx_patterns_are_a_labels", matches)
    for path in repository.files("tests/resources/smtp/reports"):
        if path.rsplit("/", 1)[-1].startswith("tls"):
            yield packed(repository, path)
    source = repository.source("tests/src/smtp/outbound/mta_sts.rs")
    records = {text for text in source.literals if text.startswith(("v=STSv1", "v=TLSRPTv1"))}
    for kind, begin in (sts, "v=STSv1"), (rpt, "v=TLSRPTv1"):
        given = [kind(text, GOOD) for text in sorted(records) if text.startswith(begin)]
        yield from numbered(f"tests/src/smtp/outbound/mta_sts.rs {begin}", given)
    written = re.findall(r"concat!\(([^)]*)\)|«\d+»\.to_string\(\)", source.between)
    policies = ["".join(source.texts(part)) for part in written]
    given = [policy(text, GOOD) for text in policies if text.startswith("version:")]
    yield from numbered("tests/src/smtp/outbound/mta_sts.rs", given)


@suite("KumoCorp/kumomta", "3ebc1e8585e0e989cfcf50a93c94a803610249e8")
def kumomta(repository):
    source = repository.source("crates/mta-sts/src/dns.rs")
    text = next(source.within("fn test_parse_dns_record").all(r"with_txt\( § , §r "))["r"]
    yield "sts", "test_parse_dns_record", [text], {**GOOD, "id": "20190429T010101"}
    source = repository.source("crates/mta-sts/src/policy.rs")
    text = next(source.all(r"const SAMPLE_POLICY: &str = §p"))["p"]
    expected = {**GOOD, "mode": "enforce", "max_age": 604800, "mx": ["mail.example.com", "*.example.net", "backupmx.example.com"]}
    yield "policy", "parse_policy", text, expected
    part = source.within("fn name_matching")
    matches = [match([v["pattern"]], v["name"], not v["no"]) for v in part.all(r"assert!\((?P<no>!?)name_match\( §name , §pattern \)")]
    yield from numbered("name_matching", matches)


@suite("goliajp/mailrs", "e1ab08c3094627fc73e3e2f2f70a0289cf65e5d1")
def mailrs(repository):
    source = repository.source("crates/mta-sts/src/policy.rs")
    constants = {v["name"]: v["p"] for v in source.all(r"const (?P<name>\w+_POLICY): &str = §p")}
    for test in source.tests():
        name = re.search(r"fn (\w+)", test.between)
        given = re.search(r"let body = «(\d+)»|Policy::parse\((\w+)\)", test.between)
        if not name or not given:
            continue
        text = test.literals[int(given[1])] if given[1] else constants.get(given[2])
        expected = BAD if "Err(" in test.between else dict(GOOD)
        if mode := re.search(r"p\.mode, PolicyMode::(\w+)", test.between):
            expected["mode"] = mode[1].lower()
        if names := re.search(r"p\.mx, vec!\[([^\]]*)\]", test.between):
            expected["mx"] = test.texts(names[1])
        if age := re.search(r"p\.max_age, (\d+)", test.between):
            expected["max_age"] = number(age[1])
        if text is not None:
            yield "policy", f"policy {name[1]}", text, expected
    for path, reader, kind in ("crates/mta-sts/src/record.rs", "StsRecord", "sts"), ("crates/tls-rpt/src/record.rs", "TlsRptRecord", "rpt"):
        for test in repository.source(path).tests():
            name = re.search(r"fn (\w+)", test.between)
            given = next(test.all(rf"{reader}::parse\( §r "), None)
            if "format!(" in test.between:
                given = {"r": "v=STSv1; id=" + "x" * 33}
            if not name or not given:
                continue
            expected = BAD if "Err(" in test.between else dict(GOOD)
            if found := next(test.all(r"r\.id, §id"), None):
                expected["id"] = found["id"]
            rua = re.findall(r"RuaEndpoint::(Mailto|Https)\(\s*«(\d+)»", test.between)
            if rua:
                expected["rua"] = [("mailto:" if how == "Mailto" else "") + test.literals[int(uri)] for how, uri in rua]
            yield kind, f"{path.split('/')[1]} record {name[1]}", [given["r"]], expected
    source = repository.source("crates/postmaster/src/tlsrpt.rs")
    records = source.all(r"assert!\((?P<no>!?)validate_tlsrpt_record\( §r \)")
    yield from numbered("postmaster validate", [rpt(v["r"], is_valid(not v["no"])) for v in records])
    records = source.all(r"extract_tlsrpt_rua\( §r \); assert_eq!\(uris, vec!\[(?P<rua>[^\]]*)\]")
    yield from numbered("postmaster extract", [rpt(v["r"], {**GOOD, "rua": source.texts(v["rua"])}) for v in records])


@suite("cry-inc/dmarc-report-viewer", "64d5eafaa13a7af410333b29a9794ab9eee342d2")
def dmarc_report_viewer(repository):
    yield from json_files(repository, repository.files("testdata/smtp-tls-reports", ".json"))


@suite("kravietz/tlsrpt-rs", "660a584c842a7155eb550da6df076720907d601e")
def tlsrpt_rs(repository):
    yield from json_files(repository, repository.files("tlsrpt/fixtures", ".json"))


@suite("nerou42/network-journal", "56db3237aa30c6dc68b26f6b80b625851b8531bd")
def network_journal(repository):
    for test in repository.source("src/reports/smtp_tls.rs").tests():
        name, given = re.search(r"fn (parse_\w+)", test.between), next(test.all(r"let json = §r"), None)
        if not name or not given:
            continue
        texts = {v["key"]: v["text"] for v in test.all(r"(?P<key>organization_name|report_id|contact_info): §text")}
        counts = re.findall(r"total_(?:successful|failure)_session_count: (\d+)", test.between)
        expected = {**GOOD, **{key.replace("_", "-"): text for key, text in texts.items()}}
        expected["policies"] = [{"success": number(counts[0]), "failure": number(counts[1])}]
        yield "report", name[1], given["r"], expected


# Python


@suite("Snawoot/postfix-mta-sts-resolver", "a000619e838fbf80406774e90ef5b993fb65f6b4")
def postfix_mta_sts_resolver(repository):
    source = repository.source("tests/test_utils.py")
    # What their splitting of a record into fields gives; it is a record where those are `v` and `id`.
    records = []
    for found in re.finditer(r"\(«(\d+)», \{([^}]*)\}\)", source.between):
        fields = source.texts(found[2])
        expected = {**GOOD, "id": fields[3]} if fields else BAD
        records.append(sts(source.literals[int(found[1])], expected))
    yield from numbered("test_parse_mta_sts_record", records)
    text = "version: STSv1\nmode: enforce\nmx: mail.loc\nmax_age: 86400"
    types = source.all(r"\( §type , (?P<want>True|False)\)")
    yield from numbered("test_is_plaintext", [policy((text, {"type": v["type"]}), is_valid(v["want"] == "True")) for v in types])
    dns = repository.bytes("tests/dnsmasq.conf.appendix").decode()
    records = dict(re.findall(r'^txt-record=_mta-sts\.(\S+?),"(.*)"$', dns, re.M))
    web = repository.bytes("tests/nginx.conf").decode()
    served = {}
    for server in web.split("server_name mta-sts.")[1:]:
        if found := re.search(r'return (\d+) "(.*)";', server):
            name = server.split(";", 1)[0]
            more = {"status": int(found[1]), "type": "text/html" if "text/html" in server else "text/plain"}
            served[name] = found[2].replace("\\n", "\n"), more
    source = repository.source("tests/test_resolver.py")
    statuses = {v["name"]: v["status"] for v in source.all(r"\( §name , FR\.(?P<status>\w+)\)")}
    for name, record in records.items():
        if name.startswith("bad-cert") or name not in statuses and name != "fast-expire.loc":
            continue
        yield "sts", f"{name} record", [record], is_valid(not name.startswith("bad-record"))
        if name in served:
            yield "policy", f"{name} policy", served[name], is_valid(statuses.get(name, "VALID") == "VALID")


@suite("domainaware/checkdmarc", "d4866ca25b092790667aae2c595ef1e4375077d8")
def checkdmarc(repository):
    for path, kind in ("tests/test_mta_sts.py", "sts"), ("tests/test_smtp_tls_reporting.py", "rpt"):
        for test in repository.source(path).tests():
            name = re.search(r"def (test\w+)", test.between)
            given = next(test.all(r"(?P<what>record|policy|valid_policy) = (\( )?§text"), None)
            if not name or not given:
                continue
            what = "policy" if "policy" in given["what"] else kind
            expected = BAD if "assertRaises" in test.between else dict(GOOD)
            for v in test.all(r"result\[§\]\[ §key \], (§text|(?P<number>\d+)|\[(?P<list>[^\]]*)\])"):
                if v["key"] in ("mode", "id"):
                    expected[v["key"]] = v["text"]
                elif v["key"] == "max_age":
                    expected["max_age"] = number(v["number"])
                elif v["key"] == "mx":
                    expected["mx"] = test.texts(v["list"])
            text = given["text"]
            yield what, name[1], text if what == "policy" else [text], expected
    part = repository.source("tests/test_mta_sts.py").within("def testMxInMtaStsPatterns")
    matches = part.all(r"assert(?P<want>True|False)\( checkdmarc\.mta_sts\.mx_in_mta_sts_patterns\( §name , \[(?P<mx>[^\]]*)\]")
    yield from numbered("testMxInMtaStsPatterns", [match(part.texts(v["mx"]), v["name"], v["want"] == "True") for v in matches])


@suite("domainaware/parsedmarc", "6358c364018af0815b59087eef99ff914bb6fa51")
def parsedmarc(repository):
    yield from json_files(repository, repository.files("samples/smtp_tls", ".json"))
    for path in repository.files("samples/smtp_tls", ".eml"):
        yield packed(repository, path)
    script = repository.bytes("tests/test_init.py").decode()
    for name, body in re.findall(r"\n    def (test\w+)\(self\):\n(.*?)(?=\n    def |\nclass |\Z)", script, re.S):
        if "parse_smtp_tls_report_json" not in body:
            continue
        good = "assertRaises" not in body
        if found := re.search(r"json\.dumps\((.*?)\)\s*(?:\.encode|\n +(?:result|with|parsed))", body, re.S):
            yield "report", name, json.dumps(python_value(found[1].strip())), is_valid(good)
        elif found := re.search(r'parse_smtp_tls_report_json\("([^"]*)"\)', body):
            yield "report", name, found[1], is_valid(good)


@suite("t0kubetsu/mailvalidator", "97ba41f9427e19d317201da9482ca0de0e0976ca")
def mailvalidator(repository):
    seen = set()
    for path, kind in ("mta_sts", "sts"), ("tlsrpt", "rpt"):
        for test in repository.source(f"tests/checks/test_{path}.py").tests():
            name = re.search(r"def (test_\w+)", test.between)
            quoted = [text.strip('"') for text in test.texts(test.between) if text.startswith('"v=')]
            quoted = [text.replace('{"A" * 33}', "A" * 33) for text in quoted]
            statuses = set(re.findall(r"Status\.(\w+)", test.between))
            if not name or not statuses or "_parse_dns_record" in "".join(test.texts(test.between)):
                continue
            refused = bool(statuses & {"ERROR", "NOT_FOUND"})
            policy_given = next(test.all(r"\bpolicy = (\( )?§p"), None)
            if quoted and tuple(quoted) not in seen and not (kind == "sts" and (policy_given or "_fetch_policy" not in "".join(test.texts(test.between)))):
                seen.add(tuple(quoted))
                fetch = "connection refused" in test.texts(test.between)
                yield kind, f"{path} {name[1]} record", quoted, is_valid(fetch or not refused)
            if policy_given and policy_given["p"] not in seen:
                seen.add(policy_given["p"])
                yield "policy", f"{path} {name[1]}", policy_given["p"], is_valid(not refused)


@suite("trollByte/dmarc", "d35b961a4826adf50673c8aeda54824e47892b6c")
def trollbyte(repository):
    source = repository.source("backend/tests/unit/test_mta_sts_service.py")
    valid = next(source.all(r"VALID_POLICY_TEXT = \( §p"))["p"]
    yield "policy", "test_parse_valid_policy", valid, {**GOOD, "mode": "enforce", "max_age": 604800}
    for test in source.tests():
        name = re.search(r"def (test_\w+)", test.between)
        if not name:
            continue
        records = [v["r"].strip('"') for v in test.all(r"to_text\.return_value = §r")]
        if records:
            expected = BAD if "result is None" in test.between else dict(GOOD)
            if found := next(test.all(r"result\.id == §id"), None):
                expected["id"] = found["id"]
            yield "sts", name[1], records, expected
        if v := next(test.all(r"\b(text|bad_mode) = §p"), None):
            expected = BAD if "result is None" in test.between else dict(GOOD)
            if mode := re.search(r"result\.mode == STSMode\.(\w+)", test.between):
                expected["mode"] = mode[1].lower()
            yield "policy", name[1], v["p"], expected
        v = next(test.all(r"policy_mx = \[(?P<mx>[^\]]*)\] actual_mx = \[(?P<names>[^\]]+)\]"), None)
        if v:
            # All hosts have to be covered; where they are not, it is over the last one.
            good = "is True" in test.between
            names = test.texts(v["names"])
            for host in names if good else names[-1:]:
                more = f" {host}" if good and len(names) > 1 else ""
                yield "match", f"{name[1]}{more}", (test.texts(v["mx"]), host), is_valid(good)


@suite("sys4/tlsrpt-rr-parser", "688e4619e40658e4538adf31aae332d9e7708429")
def tlsrpt_rr_parser(repository):
    for test in repository.source("tests/test_tlsrpt_parsing.py").tests():
        name, given = re.search(r"def (test\w+)", test.between), next(test.all(r"TXT_RECORD = §r"), None)
        if name and given:
            uris = [v["uri"] for v in test.all(r"tlsrpt_uri\[\d\] == §uri")]
            expected = BAD if test.has("parsed is None") else {**GOOD, **({"rua": uris} if uris else {})}
            yield "rpt", name[1], [given["r"]], expected


@suite("sys4/tlsrpt-reporter", "1252b75c0f546536914adb1b3a6ee921a54e2be0")
def tlsrpt_reporter(repository):
    for test in repository.source("tests/test_parse_tlsrpt_record.py").tests():
        name, given = re.search(r"def (test\w+)", test.between), next(test.all(r"parse_tlsrpt_record\( §r \)"), None)
        if name and given:
            uris = [v["uri"] for v in test.all(r"ruas\[\d\], §uri")]
            yield "rpt", name[1], [given["r"]], BAD if "assertRaises" in test.between else {**GOOD, "rua": uris}


# Ruby


@suite("mailpiece/mta_sts", "10806109b21af5b91062a579078a9888c2485797")
def mailpiece(repository):
    source = repository.source("test/policy_test.rb")
    for test in source.tests():
        name = re.search(r"def test_(\w+)", test.between)
        if not name:
            continue
        read = list(test.all(r"parse\((served\()? ?§p "))
        for nth, v in enumerate(read, 1):
            expected = BAD if "assert_invalid" in test.between else dict(GOOD)
            if "assert_invalid" not in test.between:
                if mode := re.search(r"assert_equal :(\w+),", test.between):
                    expected["mode"] = mode[1]
                if names := re.search(r"assert_equal \[([^\]]*)\], (policy|parse\([^)]*\))\.mx", test.between):
                    expected["mx"] = test.texts(names[1])
                if age := re.search(r"assert_equal (\d+), ", test.between):
                    expected["max_age"] = number(age[1])
            more = f" {nth}" if len(read) > 1 else ""
            yield "policy", f"policy {name[1]}{more}", v["p"], expected
        asked = list(test.all(r"(?P<how>assert|refute) policy\(mx: \[(?P<mx>[^\]]*)\]\)\.allows\?\( §name \)"))
        for nth, v in enumerate(asked, 1):
            more = f" {nth}" if len(asked) > 1 else ""
            yield "match", f"policy {name[1]}{more}", (test.texts(v["mx"]), v["name"]), is_valid(v["how"] == "assert")
    source = repository.source("test/report_test.rb")
    for test in source.tests():
        name = re.search(r"def test_(\w+)", test.between)
        read = list(test.all(r"\bparse\((served\()? ?§r "))
        for nth, v in enumerate(read, 1):
            expected = BAD if "assert_invalid" in test.between else dict(GOOD)
            if expected is not BAD and (uris := re.search(r"assert_equal \[([^\]]*)\], (report|parse\([^)]*\))\.rua", test.between)):
                expected["rua"] = test.texts(uris[1])
            more = f" {nth}" if len(read) > 1 else ""
            yield "rpt", f"report {name[1]}{more}", [v["r"]], expected
    yield from mailpiece_lookups(repository)


def mailpiece_lookups(repository):
    source = repository.source("test/lookup_test.rb")
    policy_id = next(source.all(r"POLICY_ID = §id"))["id"]
    for test in source.tests():
        name = re.search(r"def test_(\w+)", test.between)
        if not name or "known:" in test.between:
            continue
        if zone := re.search(r"txt: \[([^\]]*)\]", test.between):
            records = [text.replace("#{POLICY_ID}", policy_id) for text in test.texts(zone[1])]
            expected = {**GOOD, "id": policy_id} if "result.found?" in test.between else BAD
            yield "sts", f"lookup {name[1]}", records, expected
        for v in test.all(r"«\d+» => §p "):
            if v["p"].startswith("version"):
                yield "policy", f"lookup {name[1]}", v["p"], is_valid("permerror" not in test.between)
    part = source.within("def test_an_id_outside_the_grammar_is_no_id_at_all")
    ids = ["a" * 33, *part.texts(part.between[: part.between.index("each")])[1:]]
    yield from numbered("lookup an_id_outside_the_grammar", [sts(f"v=STSv1; id={one}", BAD) for one in ids])
    source = repository.source("test/reporting_test.rb")
    constants = {"RUA": next(source.all(r"RUA = §uri"))["uri"]}
    constants["RECORD"] = f"v=TLSRPTv1; rua={constants['RUA']}"
    unrelated = source.texts(re.search(r"UNRELATED = \[([^\]]*)\]", source.between)[1])
    for test in source.tests():
        name = re.search(r"def test_(\w+)", test.between)
        zones = re.findall(r"reporting\(zone: tlsrpt\(([^)]*)\)\)", test.between)
        if not name or len(zones) != 1 or "record in" in zones[0] or zones[0] == "record":
            continue
        records = []
        for part in re.findall(r"«\d+»|\*UNRELATED|RECORD", zones[0]):
            records += unrelated if part == "*UNRELATED" else [constants["RECORD"]] if part == "RECORD" else test.texts(part)
        records = [record.replace("#{RUA}", constants["RUA"]) for record in records]
        yield "rpt", f"reporting {name[1]}", records, is_valid("result.found?" in test.between)
    part = source.within("def test_a_record_that_names_nowhere_to_report")
    records = part.texts(re.search(r"\[([^\]]*)\]\.each", part.between)[1])
    yield from numbered("reporting a_record_that_names_nowhere", [rpt(record, BAD) for record in records])


# Java


def mimecast_suite(base):
    def vectors(repository):
        source = repository.source(f"{base}/assets/StsPolicyTest.java")
        for test in source.tests():
            name = re.search(r"void (\w+)\(", test.between)
            given = next(test.all(r"String policyBody = §p"), None)
            # With settings of their own, a policy is another question.
            if not name or not given or "new Config()" in test.between:
                continue
            expected = is_valid(test.has(r"assertTrue\( policy\.isValid"))
            for v in test.all(r"assertEquals\( (§mode , policy\.getMode|(?P<age>\d+), policy\.getMaxAge)"):
                if expected is not BAD:
                    expected = {**expected, **({"mode": v["mode"]} if "mode" in v else {"max_age": number(v["age"])})}
            if name[1] == "string":
                continue
            yield "policy", f"StsPolicyTest {name[1]}", given["p"], expected
            names = re.findall(r"mx: (.*)\r\n", given["p"])
            if name[1] == "matchMxEnforce":
                matches = test.all(r"assert(?P<want>True|False)\( policy\.matchMx\( §name \)")
                yield from numbered(f"StsPolicyTest {name[1]}", [match(names, v["name"], v["want"] == "True") for v in matches])
        for path, reader, kind in ("StsRecordTest", "StsRecord\\( § ,", "sts"), ("StsReportTest", "StsReport\\(", "rpt"):
            for test in repository.source(f"{base}/assets/{path}.java").tests():
                name = re.search(r"void (\w+)\(", test.between)
                read = list(test.all(rf"new {reader} §r \)"))
                for nth, v in enumerate(read, 1):
                    more = f" {nth}" if len(read) > 1 else ""
                    expected = is_valid(name[1] == "valid")
                    if kind == "sts" and name[1] == "valid":
                        expected = {**GOOD, "id": "19840507T234501"}
                    yield kind, f"{path} {name[1]}{more}", [v["r"]], expected
        for test in repository.source(f"{base}/assets/StsPolicyValidatorTest.java").tests():
            name = re.search(r"void (\w+)\(", test.between)
            if name and name[1] in ("valid", "wrongCode", "longBody", "noHeader"):
                given = next(test.all(r"String policyBody = §p"), {"p": "isInvalidPolicy " * 4001})
                code = re.search(r"setCode\((\d+)\)", test.between)
                media = None if name[1] == "noHeader" else "text/plain"
                given = given["p"], {"status": int(code[1]), "type": media}
                yield "policy", f"StsPolicyValidatorTest {name[1]}", given, is_valid(name[1] == "valid")

    return vectors


suite("mimecast/mta-sts", "518d7a65c65cab321c8f223842a2c1478a26f2a4")(mimecast_suite("src/test/java/com/mimecast/mtasts"))


# C#


@suite("dmarc-analyzer-net/DmarcAnalyzerApp", "93d5977239f8933333eb728b0e3d69603fcfd45c")
def dmarc_analyzer(repository):
    source = repository.source("src/api.tests/MtaStsParserTests.cs")
    gmail = next(source.all(r"string GmailPolicy = §p"))["p"]
    for test in source.tests():
        name = re.search(r"public void (\w+)", test.between)
        if not name:
            continue
        name = name[1]
        lines = list(test.all(r"\[InlineData\( §a (, §b )?(, (?P<want>true|false))?\)\]"))
        if name.startswith("StsRecord"):
            good = test.has(r"MtaStsRecordStatus\.Found")
            if lines:
                given = [sts(v["a"], {**GOOD, "id": v["b"]} if good else BAD) for v in lines]
                yield from numbered(name, given)
            elif found := re.search(r"ParseStsRecord\(\s*\[([^\]]+)\]", test.between):
                yield "sts", name, test.texts(found[1]), is_valid(good)
        elif name.startswith("Policy"):
            texts = [v["a"] for v in lines] or [v["p"] for v in test.all(r"ParsePolicy\( §p \)")]
            if "GmailPolicy" in test.between:
                texts = [gmail.replace("\n", "\r\n") if "Replace" in test.between else gmail]
            expected = is_valid(test.has(r"Assert\.True\(policy\.Valid"))
            if expected is GOOD and (mode := next(test.all(r"Assert\.Equal\( §mode , policy\.Mode"), None)):
                expected = {**GOOD, "mode": mode["mode"]}
            yield from numbered(name, [policy(text, expected) for text in texts])
        elif name == "MxPattern_Table":
            yield from numbered(name, [match([v["a"]], v["b"], v["want"] == "true") for v in lines])
    fixtures = {
        "rfc8460": {**GOOD, "organization-name": "Company-X", "policies": [{"policy-type": "sts", "policy-domain": "company-y.example", "success": 5326, "failure": 303}]},
        "google": {**GOOD, "policies": [{"policy-domain": "acme.example"}, {"policy-domain": "beta.example"}, {"policy-domain": "acme.example"}]},
        "lenient": {**GOOD, "policies": [{"policy-type": "sts", "success": 42, "failure": 7}]},
        "successonly": {**GOOD, "policies": [{"success": 5000, "failure": 0, "failure-details": []}]},
    }
    for name, expected in fixtures.items():
        path = f"src/api.tests/Fixtures/sample-{name}-tls.json"
        yield "report", path, repository.bytes(path), expected
    source = repository.source("src/api.tests/TlsRptReportParserTests.cs")
    part = source.within("public void Rfc8460Example_ParsesEveryField")
    for test in source.tests():
        name = re.search(r"public void (\w+)", test.between)
        if name and name[1] == "UnusableReports_Throw":
            yield from numbered(name[1], [report(v["r"], BAD) for v in test.all(r"\[InlineData\( §r \)\]")])
        elif name and name[1] in ("MissingPoliciesArray_StoresTheReportWithAMessage", "OffsetTimestamps_NormalizeToUtc"):
            expected = {**GOOD, "start": 1785542400, "end": 1785628799} if "Offset" in name[1] else GOOD
            yield "report", name[1], next(test.all(r"FromText\( §r \)"))["r"], expected


@suite("EvotecIT/DomainDetective", "e8e8ccfcb51c3543a34b5ffda52255f8e0996749")
def domain_detective(repository):
    source = repository.source("DomainDetective.Tests/TestMTASTSAnalysis.cs")
    for test in source.tests():
        name = re.search(r"public (async Task|void) (\w+)\(", test.between)
        if not name:
            continue
        if v := next(test.all(r"(var|const string) policy = §p"), None):
            expected = is_valid(test.has(r"Assert\.True\(analysis\.PolicyValid"))
            if name[2].startswith("Cached"):
                expected = GOOD
            yield "policy", name[2], v["p"], expected
        if v := next(test.all(r"DataRaw = §r"), None):
            expected = is_valid(test.has(r"Assert\.True\(analysis\.DnsRecordValid") or name[2].startswith("Cached"))
            if found := next(test.all(r"Assert\.Equal\( §id , analysis\.PolicyId"), None):
                expected = {**GOOD, "id": found["id"]}
            yield "sts", f"{name[2]} record", [v["r"]], expected
    source = repository.source("DomainDetective.Tests/TestTLSRPTAnalysis.cs")
    for test in source.tests():
        name = re.search(r"public async Task (\w+)\(", test.between)
        if not name:
            continue
        records = [v["r"] for v in test.all(r"var record = §r")]
        records = records or [text for text in test.texts(test.between) if text.startswith("v=")]
        expected = is_valid(test.has(r"Assert\.True\([\w.]*PolicyValid") or name[1] == "PercentEncodedRuaIsDecoded")
        yield "rpt", name[1], records, expected
    yield "report", "Data/tlsrpt.json", repository.bytes("DomainDetective.Tests/Data/tlsrpt.json"), {"policies": [{"success": 90, "failure": 10}]}
    yield "report", "Data/tlsrpt-invalid.json", repository.bytes("DomainDetective.Tests/Data/tlsrpt-invalid.json"), BAD


@suite("ukncsc/MailCheck.Public.MtaSts", "15faefd62dd2b13a287211ba9e41c4bf2d79583c")
def mailcheck_mta_sts(repository):
    base = "src/MailCheck.MtaSts"
    for path in repository.files(f"{base}.Poller.Test/Integration", "Tests.cs"):
        source = repository.source(path)
        for test in source.tests():
            name = re.search(r"public async Task (\w+)\(", test.between)
            given = next(test.all(r"SetUpDnsClient\( § , §r \)"), None)
            if not name:
                continue
            name = f"{path.rsplit('/', 1)[-1][:-8]} {name[1]}"
            cases = [v["x"] for v in test.all(r"\[TestCase\( §x \)\]")]
            expected = is_valid(test.has(r"Assert\.AreEqual\(0, result\.AdvisoryMessages\.Count"))
            if given and cases:
                yield from numbered(name, [sts(re.sub(r"\{\w+\}", lambda _: case, given["r"]), expected) for case in cases])
            elif given:
                text = given["r"]
                if values := next(test.all(r"validValues = §x"), None):
                    text = text.replace("{validValues}", values["x"])
                yield "sts", name, [text], expected
            elif name.endswith("MultipleRecordsIsInvalid"):
                records = [v["r"] for v in test.all(r"new\[\] \{ §r \}, new")]
                yield "sts", name, records, BAD
    around = {
        "MaxAge": "version: STSv1\r\nmode: none\r\n{}\r\n",
        "Mode": "version: STSv1\r\n{}\r\nmx: mx.example.com\r\nmax_age: 86400\r\n",
        "Mx": "version: STSv1\r\nmode: enforce\r\n{}\r\nmax_age: 86400\r\n",
        "Version": "{}\r\nmode: none\r\nmax_age: 86400\r\n",
    }
    for key, text in around.items():
        path = f"{base}.PolicyFetcher.Test/Parsing/{key}ParserTests.cs"
        for test in repository.source(path).tests():
            name = re.search(r"public void (\w+)\(", test.between)
            if not name:
                continue
            good = "Successfully" in name[1]
            lines = [v["x"] for v in test.all(r"string line = §x")]
            cases = [f"{v['k']}: {v['x']}" for v in test.all(r"\[TestCase\( §k , §x \)\]")]
            yield from numbered(f"{key}Parser {name[1]}", [policy(text.format(one), is_valid(good)) for one in lines + cases])


@suite("ukncsc/MailCheck.Public.TlsRpt", "76e8a33fa219bb602d743df43e7fcae1ca2051cd")
def mailcheck_tls_rpt(repository):
    base = "src/MailCheck.TlsRpt"
    source = repository.source(f"{base}.Reports.Processor.Test/Parser/JsonReportFactoryTests.cs")
    for test in source.tests():
        name = re.search(r"public void (CreateMapsKnownProperties\w*)\(", test.between)
        if not name:
            continue
        bad = "BadReport" in name[1]
        yield from numbered(name[1], [mailcheck_report(source, bad, v["policy"], v["result"]) for v in test.all(r"\[TestCase\( §policy , [\w.]+, §result ,")])


def mailcheck_report(source, bad, policy_type, result_type):
    """Their template, which is in a JSON with single quotes, with the kind of a policy and of a failure in it."""
    part = source.within("GetBadRawReport(string" if bad else "GetRawReport(string")
    start, middle, end = next(map(dict.values, part.all(r"string json = §a \+ rawPolicyType \+ §b \+ rawResultType \+ §c")))
    text = f"{start}{policy_type}{middle}{result_type}{end}"
    data = python_value(text.strip())
    expected = {
        "organization-name": "testOrganisationName",
        "report-id": "testReportId",
        "contact-info": "testContactInfo",
        "start": 946684800,
        "end": 946771199,
        "policies": [
            {
                "policy-type": policy_type,
                "policy-string": ["testPolicyString1", "testPolicyString2"],
                "success": 111,
                "failure": 222,
                "failure-details": [{"result-type": result_type, "failed-session-count": 333}],
            }
        ],
    }
    return report(json.dumps(data), expected)


# JavaScript and TypeScript


@suite("schmug/dmarc.mx", "caf27b9268677f4c5f523852679efdfb9be3e7f7")
def dmarc_mx(repository):
    source = repository.source("test/mta-sts.test.ts")
    valid = next(source.all(r"const validPolicy = §p"))["p"]
    seen = set()
    for test in source.tests():
        name = next(test.all(r"(it|test)\( §name ,"), None)
        entries = re.search(r"entries: \[([^\]]*)\]", test.between)
        if not name or not entries:
            continue
        name = name["name"]
        records = test.texts(entries[1])
        unread = re.search(r"dns_record\)\.toBeNull", test.between)
        if tuple(records) not in seen:
            seen.add(tuple(records))
            yield "sts", f"mta-sts {name} record", records, is_valid(not unread)
        given = next(test.all(r"mockFetchPolicy\( (§p|(?P<constant>validPolicy)) \)"), None)
        if not given:
            continue
        text = given.get("p", valid)
        expected = BAD if "No MX patterns" in "".join(test.texts(test.between)) else dict(GOOD)
        if expected is not BAD:
            for v in test.all(r"policy\?\.(?P<key>mode|max_age)\)\.toBe\( (§text|(?P<number>\d+)) \)"):
                expected[v["key"]] = v.get("text") or number(v["number"])
            if names := re.search(r"policy\?\.mx\)\.toEqual\(\[([^\]]*)\]", test.between):
                expected["mx"] = test.texts(names[1])
        yield "policy", f"mta-sts {name}", text, expected
    for test in repository.source("test/tls-rpt.test.ts").tests():
        name = next(test.all(r"(it|test)\( §name ,"), None)
        entries = re.search(r"entries: \[([^\]]*)\]", test.between)
        status = next(test.all(r"result\.status\)\.toBe\( §status \)"), {}).get("status")
        if name and entries:
            expected = is_valid(status != "warn")
            yield "rpt", f"tls-rpt {name['name']}", test.texts(entries[1]), expected
    source = repository.source("test/mx-mta-sts-consistency.test.ts")
    matches = source.all(r"mxMatchesPattern\( §name , §pattern \)\)\.toBe\( (?P<want>true|false)")
    yield from numbered("mxMatchesPattern", [match([v["pattern"]], v["name"], v["want"] == "true") for v in matches])


@suite("Neztore/tls-rpt-monitor", "45c9bd6e5639c4dd4ad63d7fae19a5b69750a798")
def tls_rpt_monitor(repository):
    text = repository.bytes("test/fixtures/microsoft-report.json").decode()
    yield "report", "microsoft-report.json", text, GOOD
    path = "test/fixtures/microsoft-report.json.gz"
    yield packed(repository, path)
    script = repository.bytes("test/validate.test.mjs").decode()
    for name, body in re.findall(r"\n    test\('([^']*)', \(\) => \{\n(.*?)\n    \}\);", script, re.S):
        for nth, data in enumerate(tls_rpt_monitor_reports(json.loads(text), body), 1):
            title = f"{name} {nth}" if "all valid" in name else name
            yield "report", f"validateReport {title}", json.dumps(data), is_valid(name.startswith("accepts"))


def tls_rpt_monitor_reports(data, body):
    """Their report with what the test changes in it: members are replaced, or left out."""
    first = data["policies"][0]
    members = {
        "microsoftReport;": data,
        "microsoftReport.policies[0].policy;": first["policy"],
        "microsoftReport.policies[0]['failure-details'][0];": first["failure-details"][0],
    }
    if found := re.search(r"const \{ '?([\w-]+)'?: _, \.\.\.\w+ \} = (\S+)", body):
        del members[found[2]][found[1]]
        return [data]
    if "delete report.policies[0].summary" in body:
        del first["summary"]
        return [data]
    if "policies: [policy, policy]" in body:
        return [{**data, "policies": [first, first]}]
    if found := re.search(r"const report = (\{\n\s+'organization-name'.*?\n\s+\});", body, re.S):
        kinds = ["tlsa", "sts", "no-policy-found"] if "policyType" in found[1] else [""]
        return [python_value(found[1].replace("policyType", repr(kind))) for kind in kinds]
    if found := re.search(r"validateReport\(\{ ?\s*\.\.\.microsoftReport,(.*?)\}\);\n", body, re.S):
        return [{**data, **python_value("{" + re.sub(r"\bpolicies:", "'policies':", found[1]) + "}")}]
    if found := re.search(r"validateReport\(with(\w+)\((\{.*?\})\)\);", body, re.S):
        places = {"Policy": first, "PolicySubfield": first["policy"], "FailureDetail": first["failure-details"][0]}
        change = re.sub(r"([{,]\s*)(\w+):", r"\1'\2':", found[2])
        places[found[1]].update(python_value(change))
        return [data]
    if found := re.search(r"'failure-details': (\[\{.*?\}\]),", body, re.S):
        first["failure-details"] = python_value(found[1])
        return [data]
    return []


@suite("happyDomain/happydomain", "cc92809555a63e5a911a860129691684501be858")
def happydomain(repository):
    source = repository.source("internal/usecase/mta_sts_policy_test.go")
    for test in source.tests():
        name = re.search(r"func (TestParseMTASTSBody_\w+)", test.between)
        given = next(test.all(r"parseMTASTSBody\( §p "), None) or next(test.all(r"body := §p"), None)
        # Their reader takes what it finds; only whole policies have an answer.
        if name and given and all(key in given["p"].lower() for key in ("version", "mode", "max_age")):
            expected = dict(GOOD) if "not-a-number" not in given["p"] else BAD
            if mode := next(test.all(r"resp\.Mode != §mode"), None):
                if expected is not BAD:
                    expected["mode"] = mode["mode"]
            yield "policy", name[1], given["p"], expected
    base = "web/src/lib/services"
    for kind, folder in ("sts", "svcs.MTA_STS"), ("rpt", "svcs.TLS_RPT"):
        for test in repository.source(f"{base}/{folder}/compliance.test.ts").tests():
            name = next(test.all(r"(it|test)\( §name ,"), None)
            given = next(test.all(r"\brun\( §r (\+ §letter \.repeat\((?P<times>\d+)\))?\)"), None)
            if name and given and given["r"]:
                record = given["r"] + given.get("letter", "") * number(given.get("times", "0"))
                yield kind, f"{folder} {name['name']}", [record], is_valid(test.has(r"toEqual\(\[\]\)"))
    source = repository.source(f"{base}/svcs.MTA_STS/model.test.ts")
    for test in source.tests():
        name = next(test.all(r"(it|test)\( §name ,"), None)
        v = next(test.all(r"parseMTASTS\( §r \); expect\(result\)\.toEqual\(\{ v: § , id: §id ,"), None)
        # Ids of another form than the RFC has it are only split off here.
        if name and v and v["id"].isalnum():
            yield "sts", f"parseMTASTS {name['name']}", [v["r"]], {**GOOD, "id": v["id"]}
    source = repository.source(f"{base}/svcs.TLS_RPT/model.test.ts")
    for test in source.tests():
        name = next(test.all(r"(it|test)\( §name ,"), None)
        v = next(test.all(r"parseTLSRPT\( §r \); expect\(result\)\.toEqual\(\{ v: § , rua: \[(?P<rua>[^\]]+)\]"), None)
        if name and v:
            yield "rpt", f"parseTLSRPT {name['name']}", [v["r"]], {**GOOD, "rua": test.texts(v["rua"])}


# PHP and Perl


@suite("SilverDay/dmarccheck", "e60f0a51bbfeb8743cc65864658d48612b3501c3")
def dmarccheck(repository):
    path = "tests/fixtures/sample-tls-rpt-report.json"
    expected = {
        **GOOD,
        "organization-name": "google inc.",
        "report-id": "2026080100000-abcdef@google.com",
        "start": 1785542400,
        "end": 1785628799,
        "policies": [
            {"policy-domain": "silverday.de", "policy-type": "sts", "success": 5326, "failure": 3},
            {"policy-domain": "tourl.at", "policy-type": "tlsa", "failure": 0, "failure-details": []},
        ],
    }
    yield "report", path, repository.bytes(path), expected
    script = repository.bytes("tests/TlsRptParserTest.php").decode()
    for name, body in re.findall(r"public function (test\w+)\(\): void\n(.*?)(?=\n    public function |\Z)", script, re.S):
        if found := re.search(r"<<<JSON\n(.*?)\n\s*JSON;", body, re.S):
            # It goes on with what it can use; what it leaves out, it warns of.
            yield "report", name, found[1], is_valid(not re.search(r"assertCount\(\d+, \$report->warnings", body))
        elif found := re.search(r"parse\('([^']*)'\)", body):
            yield "report", name, found[1], BAD


@suite("marcbradshaw/mail-tls-rpt", "590b05837a9a4ef7e86501bc2dc301668c54eeca")
def mail_tls_rpt(repository):
    said = json.loads(repository.bytes("t/data/expected.json"))
    expected = {**GOOD, **{key: said[key] for key in ("organization-name", "contact-info", "report-id")}}
    yield "report", "t/data/report.json", repository.bytes("t/data/report.json"), expected
    yield packed(repository, "t/data/email.eml")
    given = base64.b64decode(repository.bytes("t/data/report.json.gz.b64"))
    yield "report", "t/data/report.json.gz.b64", (given, {"packed": "report.json.gz"}), expected
    expected = {**GOOD, "organization-name": "Company-X", "policies": [{"success": 5326, "failure": 303}]}
    for path in "t/02-data-full.t", "t/02-csv.t", "t/02-text-full.t", "t/02-prometheus.t":
        text = next(repository.source(path).all(r"my \$json = §r"), None)
        if text:
            yield "report", path, text["r"], expected


# Fixtures without a test of their own


@suite("phi-ag/mta-sts-exporter", "2293d78ffcbba68b7c3b65544694712910fbe01e")
def mta_sts_exporter(repository):
    yield from json_files(repository, repository.files("examples", ".json"))


@suite("robalexdev/tlsrpt-be", "285137db19ebbda1d4f9755321504e3bafccb755")
def tlsrpt_be(repository):
    yield from json_files(repository, ["report.json", "report-2.json"])


def folder_of(folder, name, commit):
    """The repository below the folder; a commit that it lacks is fetched."""
    place = pathlib.Path(folder) / name.replace("/", "+")
    git = ["git", f"--git-dir={place}"]
    if not place.exists():
        subprocess.run([*git, "init", "--quiet", "--bare"], check=True)
    there = [*git, "cat-file", "-e", f"{commit}^{{commit}}"]
    if subprocess.run(there, stderr=subprocess.DEVNULL).returncode != 0:
        print(f"peers: fetching {name}", file=sys.stderr)
        fetch = ["fetch", "--quiet", "--depth", "1", f"https://github.com/{name}", commit]
        subprocess.run([*git, *fetch], check=True)
    return place


def main(folder, only=None):
    for name, (commit, vectors) in SUITES.items():
        if only and only != name:
            continue
        repository = Repository(folder_of(folder, name, commit), commit)
        seen = set()
        for kind, title, given, expected in vectors(repository):
            assert title not in seen, f"{name}: two vectors are called {title}"
            seen.add(title)
            print(line(f"{name}@{commit}", kind, title, given, expected))


if __name__ == "__main__":
    main(*sys.argv[1:])
