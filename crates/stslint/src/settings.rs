//! The values of a policy as program code, settings and JSON have them: `{"mode": "enforce", "mx": ["a", "b"]}`.
//!
//! A member is one of the four names, alone or in quotes, a sign, and literals. Nothing is evaluated: what is no literal, such as
//! a variable, is no value.

use crate::text::{Span, WSP, is_line_end};

/// The names, as a policy writes them (RFC 8461 §3.2).
pub(crate) const NAMES: [&str; 4] = ["version", "mode", "mx", "max_age"];

/// Longest list of hosts, in bytes.
const LIST: usize = 8192;

/// Longest text between two members of one object, in bytes.
const GAP: usize = 512;

/// Most lines between a member of a map and the key above it.
const MAP: usize = 40;

/// A name with its values.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// The name, as a policy writes it.
    pub(crate) name: &'static str,
    /// The name in the text, with its quotes.
    pub(crate) at: Span,
    /// Its literals, without quotes: several of a list.
    pub(crate) values: Vec<Span>,
    /// Where it ends.
    end: usize,
    /// Whether it is written as a policy does not write it: in quotes or brackets, as a list, with another sign.
    foreign: bool,
    /// Whether a value is in quotes.
    quoted: bool,
    /// Whether a value stands as a bare word on the line of its name.
    bare: bool,
}

impl Member {
    /// Where it ends.
    pub(crate) fn end(&self) -> usize {
        self.end
    }
}

/// The members of one object: each name once at most.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// In the order of the text.
    pub(crate) members: Vec<Member>,
    /// Whether a policy can be made of them: all is there but for the version, which is always the same.
    pub(crate) complete: bool,
}

impl Settings {
    /// The member of this name.
    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

/// The first object with values of a policy: with a mode, and hosts or the version.
pub(crate) fn find(text: &str) -> Option<Settings> {
    let mut group: Vec<Member> = Vec::new();
    let mut at = 0;
    while let Some((name, word)) = next_name(text, at) {
        // A quote that ends a value begins no name.
        let before = text[at..word.start].chars().next_back();
        at = word.end;
        let Some(member) = member(text, name, word, before) else { continue };
        at = member.end;
        let goes_on = group.last().is_some_and(|last| {
            let gap = &text.as_bytes()[last.end..member.at.start];
            gap.len() <= GAP && !gap.iter().any(|b| b"{}".contains(b))
        });
        let another = !goes_on || group.iter().any(|other| other.name == name);
        if another && let Some(settings) = settings(text, std::mem::take(&mut group)) {
            return Some(settings);
        }
        group.push(member);
    }
    settings(text, group)
}

/// The seconds of a lifetime with units, as settings have it: `7d`, `24h0m0s`. None for a plain number.
pub(crate) fn seconds(text: &str) -> Option<u64> {
    let (mut rest, mut seconds) = (text, 0_u64);
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = rest.split_at(digits);
        let unit_len = unit.bytes().take_while(u8::is_ascii_lowercase).count();
        let length = match &unit[..unit_len] {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86_400,
            "w" => 604_800,
            _ => return None,
        };
        seconds = seconds.checked_add(number.parse::<u64>().ok()?.checked_mul(length)?)?;
        rest = &unit[unit_len..];
    }
    (!text.is_empty()).then_some(seconds)
}

/// Whether a text has some of the values of a policy, and not all.
pub(crate) fn is_part(text: &str) -> bool {
    find(text).is_some_and(|settings| !settings.complete)
}

fn settings(text: &str, members: Vec<Member>) -> Option<Settings> {
    let quoted = members.iter().any(|member| member.quoted);
    let value = |name: &str| {
        let member = members.iter().find(|member| member.name == name)?;
        let value = &text[member.values.first()?.range()];
        // Among values in quotes, any other bare word is a variable.
        let known = value.bytes().all(|b| b.is_ascii_digit()) || is_mode(value);
        (known || !(member.bare && quoted)).then_some(value)
    };
    let mode = value("mode")?;
    let sts = value("version")
        .and_then(|version| version.get(..3))
        .is_some_and(|start| start.eq_ignore_ascii_case("sts"));
    let hosts = value("mx").is_some_and(|host| host.contains('.'));
    let nothing_wanted = mode.eq_ignore_ascii_case("none");
    let complete = value("max_age").is_some() && (value("mx").is_some() || nothing_wanted);
    let foreign = members.iter().any(|member| member.foreign);
    let is_ours = sts || is_mode(mode) && hosts;
    // Another `version` is that of something else.
    let keep = |member: &Member| member.name != "version" || sts;
    (is_ours && foreign).then(|| Settings {
        members: members.iter().filter(|member| keep(member)).cloned().collect(),
        complete,
    })
}

fn is_mode(word: &str) -> bool {
    ["enforce", "testing", "none"].iter().any(|mode| mode.eq_ignore_ascii_case(word))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// The letters of a name, without case and signs.
fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(|b| !matches!(b, b'_' | b'-')).map(|b| b.to_ascii_lowercase())
}

/// The next word that is one of the names, in any case and with or without signs within: `maxAge`, `MAX-AGE`.
fn next_name(text: &str, from: usize) -> Option<(&'static str, Span)> {
    let mut at = from;
    loop {
        let start = at + text[at..].find(char::is_alphanumeric)?;
        let len = text[start..].find(|c| !is_word(c)).unwrap_or(text.len() - start);
        let word = Span::new(start, start + len);
        at = word.end;
        let plain = |name: &str| letters(&text[word.range()]).eq(letters(name));
        // From `mx` to `max_age` with two signs more.
        if (2..=9).contains(&len)
            && let Some(name) = NAMES.into_iter().find(|name| plain(name))
        {
            return Some((name, word));
        }
    }
}

fn member(text: &str, name: &'static str, word: Span, before: Option<char>) -> Option<Member> {
    let mut at = word;
    let quote = before.filter(|c| matches!(c, '"' | '\'' | '`'));
    // `"MODE=enforce"`, a variable of an environment.
    let variable = text[word.end..].starts_with('=') && is_upper(&text[word.range()]);
    match (quote, before) {
        (Some(quote), _) if text[word.end..].starts_with(quote) => {
            at = Span::new(word.start - 1, word.end + 1);
        }
        (Some(_), _) if !variable => return None,
        (None, Some('=')) if variable && text[..word.start].ends_with("Environment=") => {}
        (None, Some(c)) if !(c.is_whitespace() || "{([,;".contains(c)) => return None,
        _ => {}
    }
    let rest = text[at.end..].trim_start_matches(WSP);
    let sign = ["=>", ":=", ":", "="].into_iter().find(|sign| rest.starts_with(sign))?;
    let rest = &rest[sign.len()..];
    if rest.starts_with(&['=', ':', '/'][..]) {
        return None;
    }
    let value = rest.trim_start_matches(WSP);
    let start = text.len() - value.len();
    let made = |values: Vec<Span>, end: usize| Member {
        name,
        at,
        values,
        end,
        foreign: quote.is_some()
            || sign == "=>"
            || text[..at.start].trim_end_matches(WSP).ends_with('{')
            || !text[word.range()].eq_ignore_ascii_case(name),
        quoted: false,
        bare: false,
    };
    let first = value.chars().next()?;
    // `version: "STSv1"` or `mx:` with a list, at the start of a line, may be a policy as somebody wrote it by mistake.
    let odd = |member: Member| {
        let inside = text[..at.start].chars().next_back().is_some_and(|c| !is_line_end(c));
        let foreign = member.foreign || sign != ":" || inside || text[word.range()] != *name;
        Member { foreign, ..member }
    };
    if is_line_end(first) || first == '#' {
        let values = below(text, start);
        let end = values.last()?.end;
        return Some(odd(made(values, end)));
    }
    if let Some(literal) = literal(text, start) {
        return Some(odd(Member { quoted: true, ..made(vec![literal], literal.end + 1) }));
    }
    if let Some(open) = opening(value) {
        let (values, quoted, end) = list(text, start + open)?;
        return Some(odd(Member { quoted, bare: !quoted, ..made(values, end) }));
    }
    let stop = |c: char| c.is_whitespace() || ",;{}[]()\"'#".contains(c);
    let end = start + value.find(stop).unwrap_or(value.len());
    (end > start).then(|| {
        let first = Span::new(start, end);
        let values = if name == "mx" { hosts(text, first) } else { vec![first] };
        let end = values.last().map_or(end, |last| last.end);
        let member = made(values, end);
        // `Mode: enforce` on a line of its own, be it quoted, numbered or in a list, is a line of a policy with its name in
        // the wrong case.
        let mark = |c: char| WSP.contains(&c) || c.is_ascii_digit() || ">*-+.):|#".contains(c);
        let before = text[..at.start].trim_end_matches(mark);
        let line = before.chars().next_back().is_none_or(is_line_end);
        let alone = sign == ":" && line && !is_variable(text, word.start);
        let foreign = member.foreign || !alone && text[word.range()] != *name;
        Member { foreign, bare: true, ..member }
    })
}

/// The hosts of a list without brackets, as a variable of an environment has them: behind commas, or behind blanks where the line
/// has nothing else.
fn hosts(text: &str, first: Span) -> Vec<Span> {
    let line = text[first.end..].find(is_line_end).map_or(text.len(), |len| first.end + len);
    let line = line.min(text.floor_char_boundary(first.end + LIST));
    let (mut values, mut sure) = (vec![first], 1);
    let mut at = first.end;
    loop {
        let rest = &text[at..line];
        let word = rest.trim_start_matches(&[' ', '\t', ',', ';'][..]);
        let gap = &rest[..rest.len() - word.len()];
        let len = word.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.*".contains(c)));
        let len = len.unwrap_or(word.len());
        let host = &word[..len];
        let goes_on =
            word[len..].starts_with(|c: char| !(c.is_whitespace() || ",;\"'`".contains(c)));
        if gap.is_empty() || !host.contains('.') || goes_on {
            break;
        }
        values.push(Span::new(line - word.len(), line - word.len() + len));
        at = line - word.len() + len;
        if gap.contains(&[',', ';'][..]) && sure + 1 == values.len() {
            sure += 1;
        }
    }
    let rest = text[at..line].trim_matches(WSP);
    if !(rest.is_empty() || rest.starts_with(&['#', '"', '\'', '`'][..])) {
        values.truncate(sure);
    }
    values
}

fn is_upper(name: &str) -> bool {
    !name.contains(|c: char| c.is_ascii_lowercase())
}

/// Whether a name stands in a map of variables for an environment: in upper case on an indented line, below `environment:` or
/// another key.
pub(crate) fn is_variable(text: &str, at: usize) -> bool {
    let word = &text[at..];
    let word = &word[..word.find(|c| !is_word(c)).unwrap_or(word.len())];
    let start = text[..at].rfind(is_line_end).map_or(0, |end| end + 1);
    let depth = at - start;
    let indent = |line: &str| line.len() - line.trim_start_matches(WSP).len();
    if !is_upper(word) || depth == 0 || indent(&text[start..at]) != depth {
        return false;
    }
    let above = text[..start]
        .lines()
        .rev()
        .take(MAP)
        .find(|line| indent(line) < depth || line.trim().is_empty());
    let key = above.and_then(|line| line.trim().strip_suffix(':')).unwrap_or_default();
    let is_key = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.".contains(c);
    !key.is_empty() && key.chars().all(is_key)
}

/// The string literal that begins at a place, without its quotes: on one line and without escapes.
fn literal(text: &str, at: usize) -> Option<Span> {
    let quote = text[at..].chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let start = at + 1;
    let stop = |c: char| c == quote || c == '\\' || is_line_end(c);
    let end = start + text[start..].find(stop)?;
    text[end..].starts_with(quote).then(|| Span::new(start, end))
}

/// Where a list opens: `[`, `(`, `{`, with the type that some languages put in front, as in `[]string{`.
fn opening(value: &str) -> Option<usize> {
    let array = value.strip_prefix("[]");
    let is_type = |c: char| c.is_alphanumeric() || "_.!".contains(c);
    let open = array.unwrap_or(value).trim_start_matches(is_type);
    let before = &value[..value.len() - open.len()];
    // `mail.{domain}` is a host that was never filled in.
    let braces = open.starts_with('{') && (before.is_empty() || array.is_some());
    (braces || open.starts_with(&['[', '('][..])).then_some(before.len())
}

/// The literals of a list that opens at a place, whether they are in quotes, and where it ends. None if anything else is in it.
fn list(text: &str, open: usize) -> Option<(Vec<Span>, bool, usize)> {
    let close = match text.as_bytes()[open] {
        b'[' => ']',
        b'(' => ')',
        _ => '}',
    };
    let (mut at, mut values, mut quoted) = (open + 1, Vec::new(), false);
    while at - open < LIST {
        let rest = &text[at..];
        let c = rest.chars().next()?;
        if c == close {
            return Some((values, quoted, at + 1));
        }
        if let Some(literal) = literal(text, at) {
            values.push(literal);
            quoted = true;
            at = literal.end + 1;
        } else if c == '#' || rest.starts_with("//") {
            at += rest.find(is_line_end).unwrap_or(rest.len());
        } else if c.is_whitespace() || c == ',' {
            at += c.len_utf8();
        } else {
            let stop = |c: char| c.is_whitespace() || ",;{}[]()\"'#".contains(c);
            let len = rest.find(stop).unwrap_or(rest.len());
            if len == 0 {
                return None;
            }
            values.push(Span::new(at, at + len));
            at += len;
        }
    }
    None
}

/// The items of a list of YAML on the lines below.
fn below(text: &str, at: usize) -> Vec<Span> {
    let mut values = Vec::new();
    let mut at = at + text[at..].find(is_line_end).unwrap_or(text.len() - at);
    while at < text.len() && values.len() < LIST {
        let rest = &text[at..];
        let line = rest.trim_start();
        let Some(item) = line.strip_prefix("- ").map(str::trim_start) else { break };
        let start = text.len() - item.len();
        let value = literal(text, start).unwrap_or_else(|| {
            let stop = |c: char| c.is_whitespace() || c == '#';
            Span::new(start, start + item.find(stop).unwrap_or(item.len()))
        });
        let end = text[value.end..].find(is_line_end).map_or(text.len(), |end| value.end + end);
        values.push(value);
        at = end;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that are found, as one text, and whether they are all.
    fn found(text: &str) -> Option<(String, bool)> {
        find(text).map(|settings| {
            let values = settings.members.iter().flat_map(|member| {
                member
                    .values
                    .iter()
                    .map(|value| format!("{}={}", member.name, &text[value.range()]))
            });
            (values.collect::<Vec<_>>().join(" "), settings.complete)
        })
    }

    #[test]
    fn values_are_found_as_programs_write_them() {
        let whole = "version=STSv1 mode=enforce mx=a.example mx=*.b.example max_age=604800";
        for text in [
            r#"{"version": "STSv1", "mode": "enforce", "mx": ["a.example", "*.b.example"], "max_age": 604800}"#,
            "{version: 'STSv1', mode: 'enforce', mx: ['a.example', '*.b.example'], maxAge: 604800}",
            "p = dict(version='STSv1', mode='enforce', mx=('a.example', '*.b.example'), max_age=604800)",
            "['version' => 'STSv1', 'mode' => 'enforce', 'mx' => ['a.example', '*.b.example'], 'max_age' => 604800]",
            "version = \"STSv1\"\nmode = \"enforce\"\nmx = [ \"a.example\" # one\n \"*.b.example\" ]\nmax_age = 604800",
            "Policy{Version: \"STSv1\", Mode: \"enforce\", MX: []string{\"a.example\", \"*.b.example\"}, MaxAge: 604800}",
            "mta:\n  version: STSv1\n  mode: enforce\n  mx:\n    - a.example\n    - \"*.b.example\" # all\n  max_age: 604800",
            "{version: STSv1, mode: enforce, mx: [a.example, *.b.example], max_age: 604800}",
            "Version: STSv1\nMode: enforce\nMX: [a.example, *.b.example]\nMax_age: 604800\n",
            "version = STSv1\nMode = enforce\nmx = [a.example, *.b.example]\nmax_age = 604800\n",
            "run -e VERSION=STSv1 -e MODE=enforce -e MX=a.example,*.b.example -e MAX_AGE=604800 mta.sts",
            "- VERSION=STSv1\n- MODE=enforce\n- MX=a.example, *.b.example\n- MAX_AGE=604800\n",
            "- VERSION=STSv1\n- MODE=enforce\n- MX=a.example *.b.example # both\n- MAX_AGE=604800\n",
            "- \"VERSION=STSv1\"\n- \"MODE=enforce\"\n- \"MX=a.example,*.b.example\"\n- \"MAX_AGE=604800\"\n",
            "[Service]\nEnvironment=VERSION=STSv1\nEnvironment=MODE=enforce\nEnvironment=MX=a.example;*.b.example\nEnvironment=MAX_AGE=604800\n",
            "environment:\n  VERSION: STSv1\n  MODE: enforce\n  MX: a.example,*.b.example\n  MAX_AGE: 604800\n",
        ] {
            assert_eq!(found(text), Some((whole.to_owned(), true)), "{text}");
        }
    }

    #[test]
    fn lifetimes_may_have_units() {
        for (text, expected) in [
            ("7d", Some(604_800)),
            ("24h0m0s", Some(86_400)),
            ("1w", Some(604_800)),
            ("604800", None),
            ("", None),
            ("d", None),
            ("7 d", None),
            ("99999999999999999999d", None),
            ("18446744073709551615w", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_missing_is_known() {
        for (text, values, complete) in [
            ("sts:\n  mode: enforce\n  mx:\n  - a.example\n", "mode=enforce mx=a.example", false),
            (
                "{\"mode\": \"none\", \"version\": \"STSv1\", \"max_age\": 86400}",
                "mode=none version=STSv1 max_age=86400",
                true,
            ),
            // The hosts are a variable.
            (
                "{version: 'STSv1', mode: 'enforce', mx: hosts, maxAge: 604800}",
                "version=STSv1 mode=enforce mx=hosts max_age=604800",
                false,
            ),
            // The version is that of something else.
            (
                "version: 3\nsts:\n  mode: enforce\n  mx: [a.example]\n  maxAge: 1\n",
                "mode=enforce mx=a.example max_age=1",
                true,
            ),
        ] {
            assert_eq!(found(text), Some((values.to_owned(), complete)), "{text}");
        }
    }

    #[test]
    fn policies_and_other_settings_are_not_taken_for_them() {
        for text in [
            "version: STSv1\nmode: enforce\nmx: a.example\nmax_age: 604800\n",
            "version: \"STSv1\"\nmode: \"enforce\"\nmx: \"a.example\"\nmax_age: \"604800\"\n",
            "version: STSv1\nmode: enforce\nmx:\n  - a.example\n  - b.example\nmax_age: 604800\n",
            "version: STSv1\nmode: enforce\nmx: [a.example, b.example]\nmax_age: 604800\n",
            "version = STSv1\nmode = enforce\nmx = a.example\nmax_age = 604800\n",
            "\"version: STSv1\"\n\"mode: enforce\"\n\"mx: a.example\"\n\"max_age: 604800\"\n",
            "return \"version: STSv1\\nmode: enforce\\nmx: a.example\\nmax_age: 604800\\n\";",
            "Our policy:\n\nVersion: STSv1\nMode: enforce\nMX: mail.example.com\nMax_age: 604800\n",
            "Our policy:\n\nVersion: STSv1\nMode: enforce\nMX: mail.example.com\n",
            "1\tMode: enforce\n2\tMX: mail.example.com\n",
            "The policy:\n* Mode: enforce\n* MX: mail.example.com\n",
            "> MODE: enforce\n> MX: mail.example.com\n> VERSION: STSv1\n",
            "Our policy:\n\n    version: STSv1\n    mode: enforce\n    mx: a.example\n    max_age: 604800\n",
            "{\"mode\": \"production\", \"version\": \"1.2.3\", \"mx\": 10}",
            "cookie({mode: 'none', maxAge: 3600})",
            "services:\n  web:\n    mode: enforce\n    version: 3\n",
            "",
            " version: STSv1\n-mode: testing\n+mode: enforce\n mx: a.example\n max_age: 604800\n",
            "data:\n  mta-sts.txt: |\n    version: STSv1\n    mode: enforce\n    mx: mail.{domain}\n    max_age: 1\n",
            "Policy:\n  VERSION: STSv1\n  MODE: enforce\n  MX: a.example\n",
            "policy:\n\n  VERSION: STSv1\n  MODE: enforce\n  MX: a.example\n",
            "mx: [",
            "mx: [\"a",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
