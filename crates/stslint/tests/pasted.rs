//! Texts as people paste them: what is found, which codes above advice, and what it or the wrapper is called.

use stslint::{Input, lint};
use stslint_checks::told::loud;

/// A text, the kinds of what is found in it, its errors and warnings, and the name of what it is or of what stands around; or
/// the code that says so.
const TEXTS: &[(&str, &str, &str, &str)] = &[
    (
        "$ curl -iL https://mta-sts.acme-mail.net/.well-known/mta-sts.txt\nHTTP/1.1 301 Moved Permanently\nLocation: https://www.acme-mail.net/\n\nHTTP/2 200\ncontent-type: text/plain\n\nversion: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 604800\n",
        "policy",
        "LIVE-046",
        "A transcript of curl",
    ),
    (
        "user@host:~$ curl https://mta-sts.acme-mail.net/.well-known/mta-sts.txt\nversion: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 1209600\nuser@host:~$ ",
        "policy",
        "",
        "A transcript of a command line",
    ),
    (
        "location = /.well-known/mta-sts.txt {\n    default_type text/plain;\n    return 200 \"version: STSv1\\nmode: enforce\\nmx: mail.acme-mail.net\\nmax_age: 1209600\\n\";\n}\n",
        "policy",
        "",
        "A configuration of nginx",
    ),
    (
        "  return 200 'version: STSv1\nmode: enforce\nmx: mx1.acme-mail.net\nmx: mx2.acme-mail.net\nmax_age: 1209600\n';\n",
        "policy",
        "",
        "A configuration of nginx",
    ),
    (
        "export default {\n  async fetch(request) {\n    return new Response(`version: STSv1\nmode: enforce\nmx: *.acme-mail.net\nmax_age: 1209600`, {headers: {'content-type': 'text/plain'}});\n  }\n}",
        "policy",
        "",
        "JavaScript",
    ),
    (
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  mta-sts.txt: |-\n    version: STSv1\n    mode: testing\n    mx: mail.acme-mail.net\n    max_age: 604800\n",
        "policy",
        "",
        "YAML",
    ),
    (
        "{\"result\":[{\"id\":\"37\",\"zone_name\":\"acme-mail.net\",\"name\":\"_mta-sts.acme-mail.net\",\"type\":\"TXT\",\"content\":\"v=STSv1; id=20250101\",\"proxiable\":false,\"ttl\":1},{\"id\":\"38\",\"name\":\"_smtp._tls.acme-mail.net\",\"type\":\"TXT\",\"content\":\"\\\"v=TLSRPTv1; rua=mailto:a@acme-mail.net\\\"\",\"ttl\":1}],\"success\":true}",
        "sts-txt rpt-txt",
        "",
        "JSON of a DNS provider",
    ),
    (
        "{\n \"Changes\": [{\n  \"Action\": \"UPSERT\",\n  \"ResourceRecordSet\": {\n   \"Name\": \"_mta-sts.acme-mail.net.\",\n   \"Type\": \"TXT\",\n   \"TTL\": 300,\n   \"ResourceRecords\": [{\"Value\": \"\\\"v=STSv1; id=20240101T010101;\\\"\"}]\n  }\n }]\n}",
        "sts-txt",
        "",
        "JSON of a DNS provider",
    ),
    (
        "PS C:\\> Resolve-DnsName -Type TXT _mta-sts.acme-mail.net\n\nName                                     Type   TTL   Section    Strings\n----                                     ----   ---   -------    -------\n_mta-sts.acme-mail.net                        TXT    3600  Answer     {v=STSv1; id=20210101}\n",
        "sts-txt",
        "",
        "",
    ),
    (
        "Name    : _mta-sts.acme-mail.net\nType    : TXT\nTTL     : 300\nSection : Answer\nStrings : {v=STSv1; id=20210101;}\n",
        "sts-txt",
        "",
        "An object of PowerShell",
    ),
    (
        "- **version**: STSv1\n- **mode**: enforce\n- **mx**: mail.acme-mail.net\n- **max_age**: 604800\n",
        "policy",
        "",
        "Markdown",
    ),
    (
        "On Monday Bob wrote:\n> version: STSv1\n> mode: testing\n> mx: mail.acme-mail.net\n> max_age: 604800\n\nthat looks ok?\n",
        "policy",
        "",
        "A quoted mail",
    ),
    (
        "The record is \u{201c}v=STSv1; id=20240101\u{201d} at _mta-sts.acme-mail.net",
        "sts-txt",
        "",
        "Quotation marks",
    ),
    ("\u{201e}v=TLSRPTv1; rua=mailto:tls@acme-mail.net\u{201c}", "rpt-txt", "", "Quotation marks"),
    (
        "Hi, my mta-sts record is v=STSv1; id=20240101 and gmail still says no policy",
        "sts-txt",
        "",
        "Another text",
    ),
    (
        "Hello,\n\nmy policy:\n\nversion: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 604800\n\nThe TXT: _mta-sts IN TXT \"v=STSv1; id=1\"\n\nThanks",
        "policy sts-txt",
        "",
        "Another text",
    ),
    (
        "acme-mail.net.\t3600\tIN\tMX\t10 mail.acme-mail.net.",
        "unknown",
        "",
        "An answer of DNS that holds no TXT record",
    ),
    (
        "acme-mail.net mail is handled by 10 mail.acme-mail.net.",
        "unknown",
        "",
        "An answer of DNS that holds no TXT record",
    ),
    (
        "CONNECTED(00000003)\ndepth=2 C = US\nverify error:num=20:unable to get local issuer certificate\n---\nCertificate chain\n",
        "unknown",
        "",
        "A certificate, or what openssl says of one",
    ),
    (
        "Jan 10 10:00:00 mx postfix/smtp[999]: 4A: to=<a@acme-mail.net>, relay=none, delay=0.1, dsn=4.7.5, status=deferred (Server certificate not trusted)",
        "unknown",
        "",
        "INPUT-002",
    ),
    (
        "550 5.7.5 Remote certificate failed MTA-STS validation. Reason: <CertificateExpired>",
        "unknown",
        "",
        "INPUT-002",
    ),
    (
        "version: '3'\nservices:\n  mta-sts:\n    image: mta-sts\n    ports:\n      - 80:80\n",
        "unknown",
        "",
        "A file of settings in YAML",
    ),
    (
        "smtp_tls_policy_maps = socketmap:inet:127.0.0.1:8461:postfix\n",
        "unknown",
        "",
        "A mail server's configuration",
    ),
    ("https://mta-sts.acme-mail.net/.well-known/mta_sts.txt", "domain", "INPUT-006", ""),
    (
        "---\nlayout: null\npermalink: /.well-known/mta-sts.txt\n---\nversion: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 604800\n",
        "policy",
        "",
        "Front matter",
    ),
    (
        "version: STSv1^M$\nmode: enforce^M$\nmx: mail.acme-mail.net^M$\nmax_age: 604800^M$\n",
        "policy",
        "",
        "The marks of an editor",
    ),
    (
        "1 version: STSv1\n2 mode: enforce\n3 mx: mail.acme-mail.net\n4 max_age: 604800\n",
        "policy",
        "",
        "Numbered lines",
    ),
    (
        "version \u{2192} STSv1\nmode \u{2192} testing\nmx \u{2192} mail.acme-mail.net\nmax_age \u{2192} 604800\n",
        "policy",
        "",
        "An arrow between name and value",
    ),
    (
        "<html><body><p>My record: <code>v=STSv1; id=20240101;</code> for <code>_mta-sts.acme-mail.net</code></p></body></html>",
        "sts-txt",
        "",
        "HTML source",
    ),
    (
        "_mta-sts:\n  type: TXT\n  value: v=STSv1\\; id=20240101\n_smtp._tls:\n  type: TXT\n  value: v=TLSRPTv1\\; rua=mailto:a@acme-mail.net\n",
        "sts-txt rpt-txt",
        "",
        "A panel",
    ),
    (
        "resource \"aws_s3_object\" \"p\" {\n  key = \"mta-sts.txt\"\n  content = <<-EOT\n    version: STSv1\n    mode: enforce\n    mx: mail.acme-mail.net\n    max_age: 604800\n  EOT\n}\n",
        "policy",
        "",
        "Terraform",
    ),
    (
        "<VirtualHost *:443>\n ServerName mta-sts.acme-mail.net\n</VirtualHost>",
        "unknown",
        "",
        "A web server's configuration",
    ),
    (
        "How do I set up MTA-STS for acme-mail.net with Office 365?",
        "unknown",
        "",
        "A question about MTA-STS, or a text that tells of it",
    ),
    (
        "New-DnsRecord -Name _mta-sts -Type TXT -Value 'v=STSv1; id=20240101'",
        "sts-txt",
        "",
        "Another text",
    ),
    (
        "az network dns record-set txt add-record -g rg -z acme-mail.net -n _mta-sts -v \"v=STSv1; id=20240101\"",
        "sts-txt",
        "",
        "Another text",
    ),
    (
        "Type\tName\tContent\tTTL\nTXT\t_mta-sts\tv=STSv1; id=20240101\tAuto\nTXT\t_smtp._tls\t\"v=TLSRPTv1; rua=mailto:a@acme-mail.net\"\tAuto\n",
        "sts-txt rpt-txt",
        "",
        "",
    ),
    (
        "diff --git a/mta-sts.txt b/mta-sts.txt\n--- a/mta-sts.txt\n+++ b/mta-sts.txt\n@@ -1,4 +1,4 @@\n version: STSv1\n-mode: testing\n+mode: enforce\n mx: mail.acme-mail.net\n max_age: 604800\n",
        "policy",
        "",
        "A diff",
    ),
    (
        "{\"policy\": \"version: STSv1\\nmode: enforce\\nmx: mail.acme-mail.net\\nmax_age: 604800\\n\"}",
        "policy",
        "",
        "JSON",
    ),
    (
        "MTA-STS record: v=STSv1; id=20240101\nMTA-STS policy:\nversion: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 604800\n",
        "policy sts-txt",
        "",
        "Another text",
    ),
    (
        "StatusCode        : 200\nStatusDescription : OK\nContent           : version: STSv1\n                    mode: enforce\n                    mx: mail.acme-mail.net\n                    max_age: 604800\n\nRawContent        : HTTP/1.1 200 OK\n                    Content-Type: text/plain\n",
        "policy",
        "",
        "An object of PowerShell",
    ),
    ("HTTP/1.1 404 Not Found\nServer: nginx\nContent-Type: text/html\n", "policy", "LIVE-047", ""),
    (
        "$ curl -I https://mta-sts.acme-mail.net/.well-known/mta-sts.txt\nHTTP/2 200\ncontent-type: text/plain\ncontent-length: 80\n",
        "policy",
        "",
        "A transcript of curl",
    ),
    (
        "$ curl -v https://mta-sts.acme-mail.net/.well-known/mta-sts.txt\n* Could not resolve host: mta-sts.acme-mail.net\ncurl: (6) Could not resolve host: mta-sts.acme-mail.net\n",
        "unknown",
        "",
        "What was typed at a command line",
    ),
    (
        "<p>version: STSv1<br>mode: enforce<br>mx: mail.acme-mail.net<br>max_age: 604800</p>",
        "policy",
        "",
        "HTML source",
    ),
    (
        "version: STSv1\nmode: enforce\nmx: \\*.acme-mail.net\nmax\\_age: 604800\n",
        "policy",
        "",
        "Markdown",
    ),
    (
        "Here is it:\n\n```\nversion: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 604800\n```\n\nAnd the TXT is\n\n```\n_mta-sts.acme-mail.net. IN TXT \"v=STSv1; id=20240101\"\n```\n",
        "policy sts-txt",
        "",
        "Markdown",
    ),
    (
        "Your message to a@acme-mail.net couldn't be delivered.\nRemote server returned '550 5.4.8 MX hosts of 'acme-mail.net' failed MTA-STS validation'",
        "unknown",
        "",
        "INPUT-002",
    ),
    (
        "From: noreply-smtp-tls-reporting@google.com\nSubject: Report Domain: acme-mail.net Submitter: google.com\nContent-Type: multipart/report; boundary=x\n\n--x\nContent-Type: text/plain\n\nThis is an aggregate TLS report\n",
        "unknown",
        "",
        "A mail",
    ),
    (
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "unknown",
        "",
        "A certificate, or what openssl says of one",
    ),
    (
        "- name: mta-sts\n  community.dns.hetzner_dns_record:\n    record: _mta-sts\n    type: TXT\n    value: \"v=STSv1; id=20240101;\"\n",
        "sts-txt",
        "",
        "YAML",
    ),
    (
        "      - \"traefik.http.routers.mta.rule=Host(`mta-sts.acme-mail.net`)\"\n",
        "unknown",
        "",
        "A question about MTA-STS, or a text that tells of it",
    ),
    (
        "mta-sts.acme-mail.net {\n\trespond /.well-known/mta-sts.txt \"version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 604800\n\"\n}\n",
        "policy",
        "",
        "A configuration of Caddy",
    ),
    (
        "echo \"version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 604800\" > mta-sts.txt",
        "policy",
        "",
        "A script of a shell",
    ),
    (
        "printf 'version: STSv1\\r\\nmode: enforce\\r\\nmx: mail.acme-mail.net\\r\\nmax_age: 604800\\r\\n' > mta-sts.txt",
        "policy",
        "",
        "A script of a shell",
    ),
    (
        "| Host | Type | Value |\n|---|---|---|\n| _mta-sts | TXT | v=STSv1; id=20240101 |\n| _smtp._tls | TXT | v=TLSRPTv1; rua=mailto:a@acme-mail.net |\n",
        "sts-txt rpt-txt",
        "",
        "A Markdown table",
    ),
    (
        "\u{2502} _mta-sts \u{2502} TXT \u{2502} v=STSv1; id=20240101 \u{2502}\n",
        "sts-txt",
        "",
        "A Markdown table",
    ),
    (
        "_smtp._tls.acme-mail.net \u{2192} v=TLSRPTv1; rua=mailto:a@acme-mail.net",
        "rpt-txt",
        "",
        "An arrow between name and value",
    ),
    (
        "_mta-sts.acme-mail.net. 300 IN CNAME _mta-sts.mx.cloudflare.net.",
        "unknown",
        "",
        "An answer of DNS that holds no TXT record",
    ),
    (
        "acme-mail.net secure match=mail.acme-mail.net servername=hostname",
        "unknown",
        "",
        "A text of another kind",
    ),
    (
        "<!DOCTYPE html>\n<html><head><title>x</title></head><body><pre>version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 604800\n</pre></body></html>",
        "policy",
        "",
        "HTML source",
    ),
    (
        "POLICY = {\"version\": \"STSv1\", \"mode\": \"enforce\", \"mx\": [\"a.acme-mail.net\",\"b.acme-mail.net\"], \"max_age\": 604800}\n",
        "policy",
        "",
        "INPUT-007 Program code",
    ),
    (
        "from flask import Flask\n\nPOLICY = {\n    'version': 'STSv1',\n    'mode': 'enforce',\n    'mx': [\n        'a.acme-mail.net',\n        'b.acme-mail.net',\n    ],\n    'max_age': 604800,\n}\n",
        "policy",
        "",
        "INPUT-007 Python",
    ),
    (
        "const policy = {\n  version: 'STSv1',\n  mode: \"enforce\",\n  mx: [\"a.acme-mail.net\", \"b.acme-mail.net\"],\n  max_age: 604800,\n};\n",
        "policy",
        "",
        "INPUT-007 JavaScript",
    ),
    (
        "export default { version: \"STSv1\", mode: \"testing\", mx: [\"a.acme-mail.net\"], max_age: 86400 }\n",
        "policy",
        "",
        "INPUT-007 JavaScript",
    ),
    (
        "{\"version\": \"STSv1\", \"mode\": \"enforce\", \"mx\": [\"a.acme-mail.net\",\"b.acme-mail.net\"], \"max_age\": 604800}\n",
        "policy",
        "",
        "INPUT-007 JSON",
    ),
    (
        "{\n  \"domain\": \"acme-mail.net\",\n  \"mta_sts\": {\n    \"version\": \"STSv1\",\n    \"mode\": \"enforce\",\n    \"mx\": [\n      \"a.acme-mail.net\",\n      \"b.acme-mail.net\"\n    ],\n    \"max_age\": 604800\n  }\n}\n",
        "policy",
        "",
        "INPUT-007 JSON",
    ),
    (
        "locals {\n  mta_sts = {\n    version = \"STSv1\"\n    mode    = \"enforce\"\n    mx      = [\"a.acme-mail.net\", \"b.acme-mail.net\"]\n    max_age = 604800\n  }\n}\n",
        "policy",
        "",
        "INPUT-007 Terraform",
    ),
    (
        "module \"mta_sts\" {\n  source  = \"git::https://code.acme-mail.net/terraform-mta-sts\"\n  domain  = \"acme-mail.net\"\n  mode    = \"enforce\"\n  mx      = [\"a.acme-mail.net\", \"b.acme-mail.net\"]\n  max_age = 604800\n}\n",
        "policy",
        "",
        "INPUT-007 Terraform",
    ),
    (
        "image:\n  tag: 1.2.3\nmtaSts:\n  enabled: true\n  mode: enforce\n  maxAge: 604800\n  mx:\n    - a.acme-mail.net\n    - b.acme-mail.net\n",
        "policy",
        "",
        "INPUT-007 YAML",
    ),
    (
        "mta-sts:\n  policy:\n    version: STSv1\n    mode: enforce\n    mx:\n      - a.acme-mail.net\n      - \"*.acme-mail.net\"\n    max_age: 604800\n",
        "policy",
        "",
        "INPUT-007 YAML",
    ),
    (
        "policy:\n  version: \"STSv1\"\n  mode: \"enforce\"\n  mx: [\"a.acme-mail.net\", \"b.acme-mail.net\"]\n  max_age: 604800\n",
        "policy",
        "",
        "INPUT-007 YAML",
    ),
    (
        "mta_sts: {version: STSv1, mode: enforce, mx: [a.acme-mail.net, b.acme-mail.net], max_age: 604800}\n",
        "policy",
        "",
        "INPUT-007 YAML",
    ),
    (
        "var policy = mtasts.Policy{\n\tVersion: \"STSv1\",\n\tMode:    \"enforce\",\n\tMX:      []string{\"a.acme-mail.net\", \"b.acme-mail.net\"},\n\tMaxAge:  604800,\n}\n",
        "policy",
        "",
        "INPUT-007 Go",
    ),
    (
        "$policy = [\n  'version' => 'STSv1',\n  'mode' => 'enforce',\n  'mx' => ['a.acme-mail.net', 'b.acme-mail.net'],\n  'max_age' => 604800,\n];\n",
        "policy",
        "",
        "INPUT-007 PHP",
    ),
    (
        "services.mta-sts = {\n  version = \"STSv1\";\n  mode = \"enforce\";\n  mx = [ \"a.acme-mail.net\" \"b.acme-mail.net\" ];\n  max_age = 604800;\n};\n",
        "policy",
        "",
        "INPUT-007",
    ),
    (
        "[mta_sts]\nversion = \"STSv1\"\nmode = \"enforce\"\nmx = [\"a.acme-mail.net\", \"b.acme-mail.net\"]\nmax_age = 604800\n",
        "policy",
        "",
        "INPUT-007 TOML",
    ),
    (
        "policy = dict(version=\"STSv1\", mode=\"enforce\", mx=[\"a.acme-mail.net\"], max_age=604800)\n",
        "policy",
        "",
        "INPUT-007 Python",
    ),
    (
        "{\"version\": \"STSv1\", \"mode\": \"enforce\", \"mx\": \"a.acme-mail.net\", \"max_age\": \"604800\"}\n",
        "policy",
        "",
        "INPUT-007 JSON",
    ),
    (
        "policy = {\"version\": \"STSv2\", \"mode\": \"enforced\", \"mx\": [\"10 a.acme-mail.net\", \"https://b.acme-mail.net\"], \"max_age\": \"1 week\"}\n",
        "policy",
        "STS-POL-041 STS-POL-051 STS-POL-061 STS-POL-090 STS-POL-093",
        "INPUT-007 Program code",
    ),
    (
        "mtaSts:\n  mode: enforce\n  mx:\n    - a.acme-mail.net\n",
        "unknown",
        "",
        "Some of the values of a policy",
    ),
    (
        "const policy = { version: 'STSv1', mode: 'enforce', mx: hosts, max_age: 604800 };\n",
        "unknown",
        "",
        "Some of the values of a policy",
    ),
    ("[code]v=STSv1; id=20260101[/code]", "sts-txt", "", "The markup of a forum"),
    ("{code}v=STSv1; id=20260101{code}", "sts-txt", "", "The markup of a wiki"),
    ("[v=STSv1; id=20260101](https://x.example)", "sts-txt", "", "Markdown"),
    ("\u{ab} v=STSv1; id=20260101 \u{bb}", "sts-txt", "", "Quotation marks"),
    ("\u{ab}\u{a0}v=STSv1; id=20260101\u{a0}\u{bb}", "sts-txt", "", "Quotation marks"),
    ("\u{2039}v=TLSRPTv1; rua=mailto:tls@acme-mail.net\u{203a}", "rpt-txt", "", ""),
    ("\u{300e}v=TLSRPTv1; rua=mailto:tls@acme-mail.net\u{300f}", "rpt-txt", "", ""),
    ("\u{3010}v=TLSRPTv1; rua=mailto:tls@acme-mail.net\u{3011}", "rpt-txt", "", ""),
    ("\u{300a}v=TLSRPTv1; rua=mailto:tls@acme-mail.net\u{300b}", "rpt-txt", "", ""),
    ("\u{201a}v=TLSRPTv1; rua=mailto:tls@acme-mail.net\u{2018}", "rpt-txt", "", ""),
    ("\u{bb}v=TLSRPTv1; rua=mailto:tls@acme-mail.net\u{ab}", "rpt-txt", "", ""),
    ("\u{ff62}v=TLSRPTv1; rua=mailto:tls@acme-mail.net\u{ff63}", "rpt-txt", "", ""),
    ("**v=STSv1; id=20260101**", "sts-txt", "", "Markdown"),
    ("*v=STSv1; id=20260101*", "sts-txt", "", "Markdown"),
    ("__v=TLSRPTv1; rua=mailto:tls_reports@acme-mail.net__", "rpt-txt", "", "Markdown"),
    ("Ours is ~~v=STSv1; id=20260101~~ now", "sts-txt", "", "Markdown"),
    ("(v=STSv1; id=20260101)", "sts-txt", "", ""),
    ("(see v=STSv1; id=20260101), and so on", "sts-txt", "", ""),
    ("[code]v=STSv1; id=2026-01-01[/code]", "sts-txt", "STS-TXT-022", "The markup of a forum"),
    ("**v=STSv1; id=2026*01**", "sts-txt", "STS-TXT-022", "Markdown"),
    (
        "['version: STSv1','mode: enforce','mx: mail.acme-mail.net','max_age: 604800'].join('\\n')",
        "policy",
        "",
        "JavaScript",
    ),
    (
        "const lines = ['version: STSv1','mode: enforce'].concat(['mx: mail.acme-mail.net','max_age: 604800'])",
        "policy",
        "",
        "JavaScript",
    ),
    (
        "POLICY = [\"version: STSv1\", \"mode: enforce\", \"mx: mail.acme-mail.net\", \"max_age: 604800\"]\n",
        "policy",
        "",
        "",
    ),
    (
        "lines := []string{\"version: STSv1\", \"mode: enforce\", \"mx: mail.acme-mail.net\", \"max_age: 604800\"}\n",
        "policy",
        "",
        "Go",
    ),
    (
        "String.join(\"\\n\", \"version: STSv1\", \"mode: enforce\", \"mx: mail.acme-mail.net\", \"max_age: 604800\");\n",
        "policy",
        "",
        "Java",
    ),
    (
        "[\"version: STSv1\",\"mode: enforce\",\"mx: mail.acme-mail.net\",\"max_age: 604800\"]\n",
        "policy",
        "",
        "JSON",
    ),
    (
        "const p = 'version: STSv1\\n' + 'mode: enforce\\n' + 'mx: mail.acme-mail.net\\n' + 'max_age: 604800\\n';\n",
        "policy",
        "",
        "JavaScript",
    ),
    (
        "const p = 'version: STSv1\\nmode: enforce\\n' +\n  'mx: mail.acme-mail.net\\nmax_age: 604800\\n';\n",
        "policy",
        "",
        "JavaScript",
    ),
    (
        "printf '%s\\n' 'version: STSv1' 'mode: enforce' 'mx: mail.acme-mail.net' 'max_age: 604800' > mta-sts.txt\n",
        "policy",
        "",
        "A script of a shell",
    ),
    (
        "a = 'version: STSv1\\nmode: enforce\\nmx: a.acme-mail.net\\nmax_age: 604800\\n'\nb = 'version: STSv1\\nmode: none\\nmax_age: 86400\\n'\n",
        "policy",
        "",
        "",
    ),
    (
        "**version: STSv1**\n**mode: enforce**\n**mx: mail.acme-mail.net**\n**max_age: 604800**\n",
        "policy",
        "",
        "Markdown",
    ),
    (
        "Ours:\n\n**version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 604800**\n\nGood?\n",
        "policy",
        "",
        "Markdown",
    ),
    (
        "[code]version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 604800[/code]",
        "policy",
        "",
        "The markup of a forum",
    ),
    (
        "{noformat}\nversion: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 604800\n{noformat}\n",
        "policy",
        "",
        "The markup of a wiki",
    ),
    (
        "\u{ab}\u{a0}version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 604800\u{a0}\u{bb}",
        "policy",
        "",
        "Quotation marks",
    ),
    (
        "\u{201c}version: STSv1\u{201d}\n\u{201c}mode: enforce\u{201d}\n\u{201c}mx: mail.acme-mail.net\u{201d}\n\u{201c}max_age: 604800\u{201d}\n",
        "policy",
        "STS-POL-014 STS-POL-014 STS-POL-014 STS-POL-014 STS-POL-014 STS-POL-014 STS-POL-014 STS-POL-014 STS-POL-015 STS-POL-015 STS-POL-015 STS-POL-015",
        "",
    ),
    (
        "const P: &str = \"version: STSv1\\n\\\n    mode: enforce\\n\\\n    mx: mail.acme-mail.net\\n\\\n    max_age: 604800\\n\";\n",
        "policy",
        "",
        "Rust",
    ),
    (
        "<dl>\n<dt>version</dt><dd>STSv1</dd>\n<dt>mode</dt>\n<dd>enforce</dd>\n<dt><code>mx</code></dt><dd><code>*.acme-mail.net</code></dd><dt>max_age</dt><dd>604800</dd></dl>",
        "policy",
        "",
        "HTML source",
    ),
    ("version\nSTSv1\nmode\nenforce\nmx\nmail.acme-mail.net\nmax_age\n604800\n", "policy", "", ""),
    (
        "mta-sts.txt:1:version: STSv1\nmta-sts.txt:2:mode: enforce\nmta-sts.txt:3:mx: mail.acme-mail.net\nmta-sts.txt:4:max_age: 604800\n",
        "policy",
        "",
        "What grep printed",
    ),
    (
        "| version | **STSv1** |\n| mode | **enforce** |\n| mx | `*.acme-mail.net` |\n| max_age | 604800 |\n",
        "policy",
        "",
        "A Markdown table",
    ),
    // A row below a name that stands alone is a row, and not the value of that name.
    (
        "version | STSv1\nmode\nmax_age | 604800\nmx | a.acme-mail.net\n",
        "policy",
        "STS-POL-050",
        "",
    ),
];

#[test]
fn what_is_inside_is_found_and_what_is_around_is_named() {
    let mut wrong = Vec::new();
    for (text, kinds, codes, name) in TEXTS {
        let to_ascii = Some(stslint_checks::to_ascii as stslint::ToAscii);
        let input = Input { to_ascii, ..Input::new(text.as_bytes()) };
        let report = lint(&input);
        let found: Vec<&str> =
            report.artefacts.iter().map(|artefact| artefact.kind.word()).collect();
        let loud = loud(&report);
        let said = report.findings().filter(|finding| finding.rule.code.starts_with("INPUT-"));
        let said: Vec<String> = said
            .map(|finding| [finding.rule.code, " ", &finding.message(text.as_bytes())].concat())
            .collect();
        let named = name.is_empty() || said.iter().any(|said| said.contains(name));
        if found.join(" ") != *kinds || loud.join(" ") != *codes || !named {
            wrong.push(format!("{text}\n{found:?} {loud:?} {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
