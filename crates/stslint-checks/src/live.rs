//! What must hold of what a live check is told: certificates, what people paste, answers of DNS, what relays say, facts.

use crate::{Case, Outcome, ensure, linting, shown};
use base64ct::{Base64, Encoding};
use serde_json::value::RawValue;
use stslint::Kind;
use stslint::live::check::{Ask, Check, DnsReply, Options, RecordKind, Reply, Scope};
use stslint::live::facts::Facts;
use stslint::live::{judge, paste, read};
use stslint::render::facts::InBytes;
use stslint_doh::relay::{About, Look, Problem};
use stslint_doh::{MAX_LINKS, decode};

/// The domain that is checked.
const DOMAIN: &str = "example.com";

/// So often new questions come up in a check at the most, and twice that.
const ROUNDS: usize = 32;

/// A certificate is read or not; its names are no longer than it is.
pub fn certificate(der: &[u8]) -> Outcome {
    let pem = Base64::encode_string(der);
    let text = format!(
        "CONNECTED(00000003)\n-----BEGIN CERTIFICATE-----\n{pem}\n-----END CERTIFICATE-----\n"
    );
    let Ok(smtp) = paste::smtp(&text) else { return Ok(()) };
    let names = smtp.certificate.names.unwrap_or_default();
    // A byte that is no text becomes a character of three bytes.
    let length: usize = names.iter().map(String::len).sum();
    ensure!(length <= 3 * der.len(), "{length} bytes of names in {} bytes", der.len());
    Ok(())
}

/// What people paste from curl and openssl is read or refused; what is read can be judged and written down.
pub fn pasted(text: &[u8]) -> Outcome {
    let mut check = new_check();
    for line_ends_lost in [true, false] {
        if let Ok(fetch) = paste::fetch(text, line_ends_lost) {
            let host = format!("mta-sts.{DOMAIN}");
            check.tell(Ask::Fetch { host }, Reply::Fetch(fetch));
        }
    }
    if let Ok(smtp) = paste::smtp(&String::from_utf8_lossy(text)) {
        check.tell(Ask::Smtp { host: format!("mx.{DOMAIN}") }, Reply::Smtp(smtp));
    }
    can_be_written(&check.facts())
}

/// An answer of DNS is read or refused within bounds. A check that is told the same to each of its questions comes to an end.
pub fn dns(bytes: &[u8]) -> Outcome {
    let (settings, message) = bytes.split_first().unwrap_or((&b'@', &[]));
    let kinds =
        [RecordKind::A, RecordKind::Aaaa, RecordKind::Mx, RecordKind::Tlsa, RecordKind::Txt];
    let kind = kinds[usize::from(settings & 7) % kinds.len()];
    let name = ["example.com", "_mta-sts.example.com"][usize::from(settings & 8 != 0)];
    let query = stslint_doh::live::query(name, kind, settings & 16 != 0).ok_or("a good name")?;
    let answer = decode(&query, message);
    if let Ok(answer) = &answer {
        ensure!(answer.chain.len() <= MAX_LINKS, "{} links", answer.chain.len());
        // A record takes eleven bytes at least.
        ensure!(answer.records.len() <= message.len() / 11, "{} records", answer.records.len());
    }
    let reply = stslint_doh::live::reply(answer);
    let mut check = new_check();
    for _ in 0..ROUNDS {
        let questions = check.questions();
        if questions.is_empty() {
            return can_be_written(&check.facts());
        }
        for (id, ask) in questions {
            let asked = matches!(&ask, Ask::Dns { kind: asked, .. } if *asked == kind);
            let nothing = Reply::Dns(DnsReply::default());
            check.answer(id, if asked { reply.clone() } else { nothing });
        }
    }
    Err(format!("the check does not come to an end: {}", shown(bytes)))
}

/// What a relay says is read or refused, and is the same when it is written and read again.
pub fn relay(bytes: &[u8]) -> Outcome {
    let text = String::from_utf8_lossy(bytes);
    let text: &str = &text;
    if let Ok(about) = serde_json::from_str::<About>(text) {
        let again =
            serde_json::to_string(&about).ok().and_then(|text| serde_json::from_str(&text).ok());
        ensure!(again.as_ref() == Some(&about), "{about:?} became {again:?}");
    }
    if let Ok(problem) = serde_json::from_str::<Problem>(text) {
        let again = serde_json::to_string(&problem).ok();
        let again = again.and_then(|text| serde_json::from_str(&text).ok());
        ensure!(again.as_ref() == Some(&problem), "{problem:?} became {again:?}");
    }
    let Ok(look) = serde_json::from_str::<Look<&RawValue>>(text) else { return Ok(()) };
    match read(look.facts.get()) {
        Ok(facts) => can_be_written(&facts),
        Err(problems) => {
            ensure!(!problems.is_empty(), "refused without a reason: {}", shown(bytes));
            Ok(())
        }
    }
}

/// Facts are linted without harm, wherever they come from, and are the same when they are written and read again.
pub fn facts(bytes: &[u8]) -> Outcome {
    linting::check(&Case::new(Some(Kind::Live.into()), bytes))?;
    let Ok(text) = str::from_utf8(bytes) else { return Ok(()) };
    read(text).map_or(Ok(()), |facts| can_be_written(&facts))
}

fn new_check() -> Check {
    let options = Options { scope: Scope::Domain, fetch: false, smtp: false, by_address: false };
    Check::new(1, DOMAIN, options).expect("a domain name")
}

/// Facts can be judged, and written so that what is read is written alike.
fn can_be_written(facts: &Facts) -> Outcome {
    let _ = judge(facts);
    let write = |facts: &Facts| serde_json::to_string(&InBytes(facts)).map_err(|e| e.to_string());
    let once = write(facts)?;
    let again = read(&once).map_err(|problems| format!("{once} is not read: {problems:?}"))?;
    let twice = write(&again)?;
    ensure!(once == twice, "{once} becomes {twice}");
    Ok(())
}

/// Certificates to start from: one, cuts of it, and one with a change.
pub(crate) fn certificates() -> Vec<(String, Vec<u8>)> {
    let (_, rest) = S_CLIENT.split_once("-----BEGIN CERTIFICATE-----").expect("there is one");
    let (body, _) = rest.split_once("-----END CERTIFICATE-----").expect("it ends");
    let der = Base64::decode_vec(&body.split_whitespace().collect::<String>()).expect("Base64");
    let mut seeds = vec![("whole".to_owned(), der.clone())];
    for end in [1, 4, 60, 120, 200, der.len() - 1] {
        seeds.push((format!("cut-{end}"), der[..end].to_vec()));
    }
    seeds
}

/// Outputs of the commands to start from.
pub(crate) fn outputs() -> Vec<(String, Vec<u8>)> {
    let texts = [
        ("openssl", S_CLIENT),
        (
            "openssl-no-starttls",
            "CONNECTED(00000003)\nDidn't find STARTTLS in server response, trying anyway...\n",
        ),
        ("openssl-refused", "40A7:error:8000006F:system library:BIO_connect:Connection refused"),
        (
            "curl",
            "HTTP/2 200 \r\ncontent-type: text/plain\r\n\r\nversion: STSv1\r\nmode: none\r\nmax_age: 86400\r\n",
        ),
        (
            "curl-redirect",
            "HTTP/1.1 301 Moved\nLocation: /x\n\nHTTP/1.1 200 OK\n\nversion: STSv1\n",
        ),
        ("curl-expired", "curl: (60) SSL certificate problem: certificate has expired"),
        (
            "curl-name",
            "curl: (60) SSL: no alternative certificate subject name matches target host name 'x'",
        ),
        ("policy", "version: STSv1\nmode: none\nmax_age: 86400\n"),
    ];
    texts.map(|(id, text)| (id.to_owned(), text.as_bytes().to_vec())).to_vec()
}

/// Answers of DNS to start from: none, an address, a mail host, an alias, a text, a TLSA record, an error with words.
pub(crate) fn answers() -> Vec<(String, Vec<u8>)> {
    // Flags, name, type, and the records with type, owner as a pointer to the question (RFC 1035 §4.1.4), and data.
    type Sample<'s> = (&'s str, u8, [u8; 2], &'s [u8], &'s [(u8, &'s [u8])]);
    const APEX: &[u8] = b"\x07example\x03com\0";
    const OWNER: &[u8] = b"\x08_mta-sts\x07example\x03com\0";
    let samples: [Sample; 7] = [
        ("nothing", b'@', [0x81, 0x80], APEX, &[]),
        ("nxdomain", b'@', [0x81, 0xa3], APEX, &[]),
        ("address", b'@', [0x81, 0xa0], APEX, &[(1, &[192, 0, 2, 1])]),
        ("mx", b'B', [0x81, 0xa0], APEX, &[(15, b"\0\x0a\x02mx\xc0\x0c")]),
        ("alias", b'@', [0x81, 0x80], APEX, &[(5, b"\x01a\xc0\x0c")]),
        (
            "tlsa",
            b'C',
            [0x81, 0xa0],
            APEX,
            &[(52, b"\x03\x01\x01abcdefghijklmnopqrstuvwxyzabcdef")],
        ),
        (
            "txt",
            b'L',
            [0x81, 0x80],
            OWNER,
            &[(16, b"\x13v=STSv1; id=2026112;"), (16, b"\x01x\x01y")],
        ),
    ];
    let types = [1u8, 28, 15, 52, 16];
    let message = |(id, settings, flags, name, records): Sample| {
        let asked = types[usize::from(settings & 7) % types.len()];
        let mut bytes =
            vec![settings, 0, 0, flags[0], flags[1], 0, 1, 0, records.len() as u8, 0, 0, 0, 0];
        bytes.extend(name);
        bytes.extend([0, asked, 0, 1]);
        for (rtype, data) in records {
            bytes.extend([0xc0, 0x0c, 0, *rtype, 0, 1, 0, 0, 1, 0x2c, 0, data.len() as u8]);
            bytes.extend(*data);
        }
        (id.to_owned(), bytes)
    };
    samples.map(message).to_vec()
}

/// What relays say, to start from: with the facts of the vectors.
pub(crate) fn relays() -> Vec<(String, Vec<u8>)> {
    let about = r#"{"relay":1,"name":"stslint","stslint":"0.1.0","operator":null,"offers":["policy","mx"],"resolver":"9.9.9.9","cache_seconds":60}"#;
    let problem = r#"{"title":"Too Many Requests","status":429,"code":"busy","detail":"Come again.","request":"1","retry_after":5}"#;
    let look = |(id, facts): (String, Vec<u8>)| {
        let head = r#"{"relay":1,"stslint":"0.1.0","request":"1","what":"policy","domain":"example.com","looked_up":"2026-11-28T00:00:00Z","age":0,"resolver":"9.9.9.9","seconds":{"names":0.1,"all":0.2},"connected":{"mta-sts.example.com":"192.0.2.1"},"refused":[],"not_looked_up":[],"facts":"#;
        (id, [head.as_bytes(), &facts, b"}"].concat())
    };
    let mut seeds: Vec<_> = facts_of_vectors().into_iter().map(look).collect();
    seeds.push(("about".into(), about.into()));
    seeds.push(("problem".into(), problem.into()));
    seeds
}

/// The facts of the vectors.
pub(crate) fn facts_of_vectors() -> Vec<(String, Vec<u8>)> {
    let live = crate::vectors::all().into_iter().filter(|vector| vector["kind"] == "live");
    live.filter_map(|vector| {
        Some((vector["id"].as_str()?.to_owned(), vector["input"].to_string().into_bytes()))
    })
    .collect()
}

/// What `openssl s_client` prints of a mail host.
const S_CLIENT: &str = include_str!("../../stslint/tests/data/s_client.txt");
