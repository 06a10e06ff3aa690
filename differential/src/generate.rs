//! Inputs: what the tests of the project have, as it is and mutated, and what a grammar with errors makes. The same seed
//! gives the same inputs as long as the tests stay as they are.

use crate::case::{Case, Kind, bytes_from_json};
use serde_json::Value;
use std::collections::HashSet;

/// Longer texts are asked about, but not mutated.
const MUTATED_AT_MOST: usize = 2_000;

/// Dice that fall the same way everywhere (SplitMix64).
pub struct Dice(u64);

impl Dice {
    /// Dice for a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        ((u128::from(z) * n as u128) >> 64) as usize
    }

    /// Whether this is the one time in `n`.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of a list.
    pub fn pick<'l, T: ?Sized>(&mut self, list: &[&'l T]) -> &'l T {
        list[self.below(list.len())]
    }

    /// One of the usual ones; one time in `n`, one of the others.
    fn mostly<'l>(&mut self, n: usize, usual: &[&'l str], others: &[&'l str]) -> &'l str {
        if self.one_in(n) { self.pick(others) } else { self.pick(usual) }
    }
}

/// The inputs of a kind: those of the tests, and `count` others, no two of them the same.
pub fn cases(kind: Kind, count: usize, seed: u64) -> Vec<Case> {
    let known = known(kind);
    let mut dice = Dice::new(seed ^ kind as u64);
    let mut seen: HashSet<Case> = known.iter().cloned().collect();
    let short: Vec<&Case> = known.iter().filter(|case| case.len() <= MUTATED_AT_MOST).collect();
    let mut cases = known.clone();
    while cases.len() < known.len() + count {
        // The tests have few names.
        let mut case = if dice.one_in(if kind == Kind::Names { 8 } else { 2 }) {
            let case = short[dice.below(short.len())].clone();
            mutated(case, 1, &mut dice)
        } else {
            made(kind, &mut dice)
        };
        if dice.one_in(3) {
            case = mutated(case, 2, &mut dice);
        }
        if let Case::Policy { media_type: Some(media_type), body, .. } = &mut case
            && !body.is_ascii()
            && dice.one_in(2)
        {
            // Who takes no others without being told should read these as well.
            *media_type = "text/plain; charset=utf-8".into();
        }
        if seen.insert(case.clone()) {
            cases.push(case);
        }
    }
    cases
}

/// The inputs of the tests: the vectors, the table of what software differs in, and what the models have of their own.
fn known(kind: Kind) -> Vec<Case> {
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests");
    let read = |path: &str| -> Value {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let mut rows = Vec::new();
    for file in ["vectors", "agreement"] {
        let Value::Array(list) = read(&format!("{tests}/{file}.json")) else { panic!("no list") };
        rows.extend(list);
    }
    let folder = std::fs::read_dir(format!("{tests}/senders")).expect("there are the models' rows");
    let mut files: Vec<String> =
        folder.flatten().map(|entry| entry.path().to_string_lossy().into_owned()).collect();
    files.sort();
    for file in files {
        let Value::Object(own) = read(&file) else { panic!("{file} has no rows") };
        rows.extend(own.into_iter().map(|(_, row)| row));
    }
    let mut seen = HashSet::new();
    let cases = rows.iter().filter_map(of_row).filter(|case| case.kind() == kind);
    cases.filter(|case| seen.insert(case.clone())).collect()
}

/// What a row of the tests asks, if it is for senders.
fn of_row(row: &Value) -> Option<Case> {
    let input = &row["input"];
    match row["kind"].as_str()? {
        "policy" | "policy-bytes" => {
            let text =
                bytes_from_json(input).or_else(|| repeated(input).map(String::into_bytes))?;
            Some(answer(&text).unwrap_or(Case::policy(text)))
        }
        "sts-txt" => Some(Case::Records(vec![
            input.as_str().map(str::to_owned).or_else(|| repeated(input))?.into_bytes(),
        ])),
        "sts-txt-rdata" => {
            let parsed = input.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
            let records = parsed.as_ref().unwrap_or(input).as_array()?.iter();
            let joined = records.map(|strings| {
                let strings = strings.as_array()?.iter();
                Some(strings.filter_map(Value::as_str).collect::<String>().into_bytes())
            });
            joined.collect::<Option<_>>().map(Case::Records)
        }
        "mx-match" => {
            let text = |key: &str| input[key].as_str().map(str::to_owned);
            Some(Case::Name { pattern: text("pattern")?, name: text("mx")? })
        }
        _ => None,
    }
}

/// A text that is a start with many equal units behind it.
fn repeated(input: &Value) -> Option<String> {
    let text = |key: &str| input[key].as_str().unwrap_or_default();
    let times = usize::try_from(input["times"].as_u64()?).ok()?;
    Some(text("start").to_owned() + &text("unit").repeat(times) + text("end"))
}

/// A policy with the head of an HTTP response before it.
fn answer(text: &[u8]) -> Option<Case> {
    let text = std::str::from_utf8(text).ok()?;
    let (head, body) = text.strip_prefix("HTTP/").and(text.split_once("\r\n\r\n"))?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let media_type = head.lines().find_map(|line| line.strip_prefix("Content-Type: "));
    let media_type = media_type.map(str::to_owned);
    Some(Case::Policy { status, media_type, body: body.as_bytes().to_vec() })
}

/// An input by the grammar, with errors.
fn made(kind: Kind, dice: &mut Dice) -> Case {
    match kind {
        Kind::Policies => {
            let body = policy(dice).into_bytes();
            if !dice.one_in(6) {
                return Case::policy(body);
            }
            let status =
                if dice.one_in(4) { [201, 204, 299, 301, 404][dice.below(5)] } else { 200 };
            let media_type = dice.mostly(2, TYPES, OTHER_TYPES);
            let media_type = (media_type != "none").then(|| media_type.to_owned());
            Case::Policy { status, media_type, body }
        }
        Kind::Records => {
            let several = if dice.one_in(5) { dice.below(4) } else { 1 };
            Case::Records((0..several).map(|_| record(dice).into_bytes()).collect())
        }
        Kind::Names => {
            let mut pattern = name(dice, "*.");
            if dice.one_in(2) {
                let mutated = String::from_utf8(mutated_bytes(pattern.clone().into_bytes(), dice));
                pattern = mutated.unwrap_or(pattern);
            }
            let name = if dice.one_in(4) {
                name(dice, "a.")
            } else {
                // A name that the pattern may stand for.
                let labels = ["mx", "MX", "a.b", "", "*", "xn--mx", "b\u{fc}cher", "mx_1"];
                let mut name = pattern.replacen('*', dice.pick(&labels), 1);
                match dice.below(6) {
                    0 => name.push('.'),
                    1 => name = name.to_uppercase(),
                    _ => {}
                }
                name
            };
            Case::Name { pattern, name }
        }
    }
}

const TYPES: &[&str] = &[
    "text/plain; charset=utf-8",
    "text/plain",
    "Text/Plain;charset=\"UTF-8\"",
    "text/plain; charset=us-ascii",
];
const OTHER_TYPES: &[&str] = &[
    "none",
    "",
    "text/html",
    "text/plain;",
    "text/plain ; format=flowed; charset=utf8",
    "text/plain; charset=iso-8859-1",
    "text/plain; charset=windows-1252",
    "text/plain; charset=latin1",
    "text/plain; charset",
    "text/plain; charset=",
    "text/plain; charset=UTF_8",
    "text/plain; charset=utf",
    "text/plain; charset=us_ascii",
    "text/plain; charset=utf-8-sig",
    "text/plain; charset=utf-8; charset=us-ascii",
    "text/plain; charset=us-ascii; charset=utf-8",
    "text/plain; charset = utf-8",
    "text/plain; charset='utf-8'",
    "text/plain;; charset=utf-8",
    "text/plain; charset=;charset=utf-8",
    "text/plain; charset;charset=utf-8",
    "text/plain; x=\"y;charset=latin1\"",
    "text/plain; charset=\"utf-8",
    "text/plain; charset=utf-8,latin1",
    "text/plain charset=utf-8",
    "text/plain; charset=koi8-r",
    "text/plain; charset=utf-16",
    "text/plain; charset=\"\"",
    "text/plain; charset=unknown",
    "text/plain, text/html",
    "application/octet-stream",
];

const ENDS: &[&str] = &["\r\n", "\n"];
const OTHER_ENDS: &[&str] = &[
    "\r", "\n\r", "\r\r\n", "\n\n", "\r\n\r\n", "\u{b}", "\u{c}", "\u{1c}", "\u{1d}", "\u{1e}",
    "\u{85}", "\u{2028}", "\u{2029}", "\\n", "\0", " ", "; ", "",
];

const SEPARATORS: &[&str] = &[": ", ":", ":  "];
const OTHER_SEPARATORS: &[&str] =
    &[" : ", "=", ";", ":\t", "::", "\u{ff1a}", " ", "", ":\u{a0}", ":\r\n ", "\t:", ": :"];

const INDENTS: &[&str] =
    &[" ", "\t", "  ", "\u{a0}", "\u{feff}", "\u{3000}", "#", ">", "\r", "\"", "\u{b}"];
const TRAILS: &[&str] =
    &[" ", "\t", ";", ".", ",", " # why", "\u{a0}", "\0", "\r", "\"", "\u{1f}", "\u{200b}"];

/// Keys, and how they are misspelt.
const KEYS: [(&str, &[&str]); 4] = [
    ("version", &["Version", "VERSION", "versions", "v", "ver\u{17f}ion", "version\u{200b}"]),
    ("mode", &["Mode", "MODE", "mod", "modes", "m\u{f6}de"]),
    ("mx", &["MX", "Mx", "mxs", "mx1", "m x"]),
    ("max_age", &["Max_Age", "MAX_AGE", "max-age", "maxage", "max age", "max_\u{e4}ge"]),
];

const VERSIONS: &[&str] = &[
    "stsv1",
    "STSV1",
    "STSv2",
    "STSv10",
    "STSv1;",
    "\"STSv1\"",
    "",
    "STSv1 STSv1",
    "\u{17f}TSv1",
    "v=STSv1",
];
const MODES: &[&str] = &["enforce", "testing", "none"];
const OTHER_MODES: &[&str] = &[
    "Enforce",
    "TESTING",
    "None",
    "enforced",
    "report",
    "",
    "enforce;",
    "te\u{17f}ting",
    "none none",
    "off",
];
const AGES: &[&str] = &["86400", "604800", "1209600", "31557600", "3600", "0"];
const OTHER_AGES: &[&str] = &[
    "",
    "-1",
    "-0",
    "+5",
    "+-5",
    "3599",
    "31557599",
    "31557601",
    "9999999999",
    "01234567890",
    "4294967296",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "99999999999999999999999999",
    "1e6",
    "1E3",
    ".5",
    "5.",
    "1.5",
    "86400.0",
    "31557600.5",
    "1e-400",
    "1e400",
    "0x10",
    "0X1F",
    "0b11",
    "0o17",
    "0x",
    "-0x5",
    "86_400",
    "8__6",
    "_86400",
    "86400_",
    "86,400",
    "86 400",
    "1d",
    "86400s",
    "inf",
    "Infinity",
    "+Infinity",
    "-Infinity",
    "NaN",
    "\u{663}\u{666}\u{660}\u{660}",
    "\u{ff18}\u{ff16}",
    "\u{b2}",
    "\"86400\"",
];

const HOSTS: &[&str] =
    &["mail.example.com", "mx1.example.net", "example.org", "a.b.example.com", "localhost"];
const OTHER_HOSTS: &[&str] = &[
    "",
    ".",
    "*",
    "*.",
    "MX.Example.COM",
    "mail.example.com.",
    "mail.example.com..",
    ".example.com",
    "a..example.com",
    "*.*.example.com",
    "mail.*.example.com",
    "*mail.example.com",
    "b\u{fc}cher.example",
    "B\u{dc}CHER.example",
    "stra\u{df}e.example",
    "xn--bcher-kva.example",
    "\u{130}stanbul.example",
    "\u{3c3}\u{3a3}.example",
    "\u{65e5}\u{672c}.example",
    "mail\u{3002}example",
    "mail.\u{1f4e7}.example",
    "192.0.2.1",
    "2001:db8::1",
    "[192.0.2.1]",
    "mx_1.example.com",
    "-mx.example.com",
    "mail.example.com:25",
    "mail.example.com, mx2.example.com",
    "mail.example.com mx2.example.com",
    "mail.example.com;",
    "10 mail.example.com",
    "<mail.example.com>",
    "hostname",
    "\u{200b}mail.example.com",
];

/// A host or pattern; sometimes with `wildcard` before it.
fn name(dice: &mut Dice, wildcard: &str) -> String {
    let host = dice.mostly(3, HOSTS, OTHER_HOSTS);
    if dice.one_in(3) { format!("{wildcard}{host}") } else { host.to_owned() }
}

fn policy(dice: &mut Dice) -> String {
    let mut fields = vec![0, 1];
    fields.extend((0..dice.below(4)).map(|_| 2));
    fields.push(3);
    match dice.below(8) {
        0 => {
            let (a, b) = (dice.below(fields.len()), dice.below(fields.len()));
            fields.swap(a, b);
        }
        1 => {
            fields.remove(dice.below(fields.len()));
        }
        2 => {
            let again = fields[dice.below(fields.len())];
            fields.insert(dice.below(fields.len() + 1), again);
        }
        3 => fields.insert(dice.below(fields.len() + 1), 4),
        _ => {}
    }
    let mut text = String::from(if dice.one_in(25) { "\u{feff}" } else { "" });
    let end = dice.mostly(15, ENDS, OTHER_ENDS);
    let last = fields.len() - 1;
    for (nth, field) in fields.into_iter().enumerate() {
        if dice.one_in(25) {
            text += dice.pick(INDENTS);
        }
        if let Some((key, misspelt)) = KEYS.get(field) {
            text += if dice.one_in(25) { dice.pick(misspelt) } else { key };
            text += dice.mostly(20, SEPARATORS, OTHER_SEPARATORS);
        }
        match field {
            0 => text += dice.mostly(15, &["STSv1"], VERSIONS),
            1 => text += dice.mostly(10, MODES, OTHER_MODES),
            2 => text += &name(dice, "*."),
            3 if dice.one_in(100) => {
                // Python has a limit of digits, others have none.
                let zeros = [10, 4_298, 4_299, 4_300, 5_000][dice.below(5)];
                text += &"0".repeat(zeros);
                text += "60";
            }
            3 => text += dice.mostly(6, AGES, OTHER_AGES),
            _ => {
                text += dice.pick(&[
                    "",
                    " ",
                    "# why",
                    "# why: so",
                    "note: 1",
                    ":",
                    "::",
                    "a",
                    "\u{a0}",
                    "x:\u{e9}",
                ]);
            }
        }
        if dice.one_in(25) {
            text += dice.pick(TRAILS);
        }
        match (nth == last, dice.one_in(25)) {
            (true, _) if dice.one_in(4) => {}
            (_, true) => text += dice.pick(OTHER_ENDS),
            (_, false) => text += end,
        }
    }
    text
}

const IDS: &[&str] = &["20260101000000Z", "1", "20261129T101010", "a1B2c3"];
const OTHER_IDS: &[&str] = &[
    "",
    " ",
    "a b",
    "a\tb",
    "a-b",
    "a_b.c",
    "a=b",
    "=",
    "12345678901234567890123456789012",
    "123456789012345678901234567890123",
    "\u{e9}",
    "\u{1f4e7}",
    "\"1\"",
    "'1'",
    "\"1;2\"",
    "(1)",
    "1(2)3",
    "1\\2",
    "1\\;2",
    "1\\\u{1f4e7}",
    "1:2",
    "1,2",
    "\u{a0}1",
    "1\u{2003}",
    "\u{130}",
];

fn record(dice: &mut Dice) -> String {
    if dice.one_in(15) {
        let others = [
            "",
            "v=spf1 -all",
            "v=TLSRPTv1; rua=mailto:a@example.com",
            "STSv1",
            "v",
            ";",
            "=",
            "id=1",
        ];
        return dice.pick(&others).to_owned();
    }
    let mut fields = vec![0, 1];
    match dice.below(8) {
        0 => fields.swap(0, 1),
        1 => {
            fields.remove(dice.below(2));
        }
        2 => fields.insert(dice.below(3), 0),
        3 => fields.insert(dice.below(3), 1),
        4 => fields.insert(dice.below(3), 2),
        _ => {}
    }
    let mut text = String::from(if dice.one_in(15) { dice.pick(INDENTS) } else { "" });
    let last = fields.len() - 1;
    for (nth, field) in fields.into_iter().enumerate() {
        match field {
            0 => {
                text +=
                    dice.mostly(15, &["v"], &["V", "v ", "version", "\u{2174}", "v\u{a0}", "\tv"])
            }
            1 => {
                text += dice.mostly(
                    15,
                    &["id"],
                    &["ID", "Id", "id ", "i d", "i", "\u{131}d", "idd", "ident"],
                )
            }
            _ => {
                text += dice.pick(&[
                    "",
                    "note",
                    "p",
                    "l",
                    "h",
                    "a.b",
                    "iid",
                    "value",
                    "header",
                    "__proto__",
                    "'",
                ])
            }
        }
        text += dice.mostly(12, &["="], &[" = ", ":", "", "==", "=\t", "= ", " =", "\u{ff1d}"]);
        match field {
            0 => text += dice.mostly(12, &["STSv1"], VERSIONS),
            1 => text += dice.mostly(3, IDS, OTHER_IDS),
            _ => text += dice.pick(&["", "1", "x y", "(a)", "\u{e9}", "\"a;b\"", "a=b"]),
        }
        if nth < last || dice.one_in(2) {
            text += dice.mostly(
                12,
                &["; ", ";"],
                &[" ; ", ",", " ", ";;", ";\t", ":", "\u{37e}", ";\u{a0}", "; ;"],
            );
        }
    }
    if dice.one_in(15) {
        text += dice.pick(TRAILS);
    }
    text
}

/// What is put into texts.
const PIECES: &[&str] = &[
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    ":",
    " ",
    "\t",
    "\u{a0}",
    "\u{2028}",
    "\u{feff}",
    "\u{85}",
    "\u{1c}",
    "\u{1a}",
    "\u{fffd}",
    "*",
    "*.",
    ".",
    "-",
    "_",
    "0",
    "1",
    "9999999999",
    "+",
    "x",
    "\u{e9}",
    "\u{df}",
    "\u{130}",
    "=",
    ";",
    ",",
    "\"",
    "'",
    "(",
    ")",
    "\\",
    "#",
    "mode",
    "mx",
    "max_age",
    "version",
    "STSv1",
    "enforce",
    "testing",
    "none",
    "mode: none\n",
    "mx: b.example\n",
    "max_age: 5\n",
    "\0",
    "\u{b}",
    "\u{7f}",
    "[",
    "xn--",
    "v=",
    "id=",
    "id=2;",
    "v=STSv1;",
    "\u{1f4e7}",
    "\u{301}",
];

/// With one to `most` mutations.
fn mutated(case: Case, most: usize, dice: &mut Dice) -> Case {
    let mut case = case;
    for _ in 0..=dice.below(most) {
        case = match case {
            Case::Policy { status, media_type, body } => {
                Case::Policy { status, media_type, body: mutated_bytes(body, dice) }
            }
            Case::Records(mut records) if records.is_empty() || dice.one_in(12) => {
                match dice.below(3) {
                    0 if !records.is_empty() => {
                        let again = records[dice.below(records.len())].clone();
                        records.push(again);
                    }
                    1 => records.insert(0, record(dice).into_bytes()),
                    _ => records.push(record(dice).into_bytes()),
                }
                Case::Records(records)
            }
            Case::Records(mut records) => {
                let nth = dice.below(records.len());
                records[nth] = mutated_bytes(std::mem::take(&mut records[nth]), dice);
                Case::Records(records)
            }
            Case::Name { pattern, name } => {
                // Names are texts.
                let text = |text: String, dice: &mut Dice| {
                    let bytes = mutated_bytes(text.clone().into_bytes(), dice);
                    String::from_utf8(bytes).unwrap_or(text)
                };
                match dice.one_in(2) {
                    true => Case::Name { pattern: text(pattern, dice), name },
                    false => Case::Name { pattern, name: text(name, dice) },
                }
            }
        };
    }
    case
}

/// A place where a character begins, or the end.
fn place(text: &[u8], dice: &mut Dice) -> usize {
    let mut at = dice.below(text.len() + 1);
    while text.get(at).is_some_and(|byte| byte & 0xC0 == 0x80) {
        at += 1;
    }
    at
}

fn mutated_bytes(mut text: Vec<u8>, dice: &mut Dice) -> Vec<u8> {
    let (a, b) = (place(&text, dice), place(&text, dice));
    let (a, b) = (a.min(b), a.max(b));
    match dice.below(20) {
        // A piece more, or instead of a character.
        0..=5 => drop(text.splice(a..a, dice.pick(PIECES).bytes())),
        6..=8 => drop(text.splice(a..(a + 1).min(text.len()), dice.pick(PIECES).bytes())),
        9 | 10 => drop(text.splice(a..b.min(a + 1 + dice.below(3)), [])),
        11 => {
            for byte in &mut text[a..b] {
                *byte ^= if byte.is_ascii_alphabetic() { 0x20 } else { 0 };
            }
        }
        12 => text.truncate(b),
        13 => {
            // A byte that is no text.
            let byte = 128 + dice.below(128) as u8;
            text.insert(a, byte);
        }
        14 => {
            // Other line ends.
            let end = dice.pick(OTHER_ENDS);
            let replaced = String::from_utf8_lossy(&text).replace("\r\n", "\n").replace('\n', end);
            text = replaced.into_bytes();
        }
        _ => {
            // Lines, or the fields of a record, change places or come twice.
            let by = if text.contains(&b'\n') { b'\n' } else { b';' };
            let mut lines: Vec<&[u8]> = text.split(|byte| *byte == by).collect();
            let (a, b) = (dice.below(lines.len()), dice.below(lines.len()));
            if dice.one_in(2) {
                lines.swap(a, b)
            } else {
                lines.insert(a, lines[b])
            }
            text = lines.join(&by);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_inputs_and_no_two_of_them_are_the_same() {
        for kind in Kind::ALL {
            let first = cases(kind, 500, 1);
            assert_eq!(first, cases(kind, 500, 1));
            assert_ne!(first, cases(kind, 500, 2));
            let distinct: HashSet<&Case> = first.iter().collect();
            assert_eq!(distinct.len(), first.len());
            assert!(first.len() >= 500 && first.iter().all(|case| case.kind() == kind));
        }
    }

    #[test]
    fn the_inputs_of_the_tests_are_read() {
        let of = |kind| known(kind).len();
        assert!(of(Kind::Policies) > 200, "{}", of(Kind::Policies));
        assert!(of(Kind::Records) > 60, "{}", of(Kind::Records));
        assert!(of(Kind::Names) > 15, "{}", of(Kind::Names));
        let types = known(Kind::Policies).into_iter().filter(|case| {
            matches!(case, Case::Policy { status, media_type, .. } if *status != 200 || media_type.is_none())
        });
        assert!(types.count() > 2);
    }

    /// As many as asked for say what the RFC says, so that both ways are taken.
    #[test]
    fn many_policies_are_good() {
        let cases = cases(Kind::Policies, 2_000, 1);
        let is_good = |case: &&Case| {
            let Case::Policy { body, .. } = case else { return false };
            std::str::from_utf8(body).is_ok_and(|text| stslint::policy::values(text).mode.is_some())
        };
        let good = cases.iter().filter(is_good).count();
        assert!((400..1_700).contains(&good), "{good}");
    }
}
