//! Records inside other texts: Markdown, program code, JSON of DNS providers, listings of panels.
//!
//! A record is found by its version and read in place. What stands around it tells where it begins, where it ends and which
//! name it is for.

use super::columns;
use super::family::Family;
use super::lines::{self, Question, Reading};
use super::owner::{self, Meant};
use super::strings::Strings;
use super::told;
use super::value::{
    find_ignoring_case, has_any, has_cells, holds_line, is_policy, starts_with_version,
};
use super::view::{CharString, Notation, Owner, Record, Told, Unquoted};
use crate::text::marks::{Quote, closing, closing_bracket};
use crate::text::{
    BLANK, Mapped, Span, WSP, begins, is_line_end, is_one_of, line_end, line_start, place,
};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Longest text in which records are looked for that are no lines, in bytes.
const LONG: usize = 1 << 16;

/// Most records that are read.
const MANY: usize = 500;

/// How far from a record its name is looked for, in lines.
const NEAR: usize = 12;

/// What is no part of a name, and stands around it.
const AROUND: &[char] = &['`', '|', '(', ')', '{', '}', '<', '>', '"', '\'', ',', '+', '#'];

/// Quotes that are part of the data, as they stand within those around it.
const INNER: &[char] = &['"', '\'', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}'];

/// Most lines of data in braces.
const LINES: usize = 8;

/// The longest text between two values of one list, in bytes.
const GAP: usize = 200;

/// What data of a record is put in, besides the marks that [`Quote`] knows.
const QUOTES: &[char] = &['{', '"', '\'', '`'];

/// How far the mark is looked for that closes a run of underscores, in bytes.
const EMPHASIS: usize = 1 << 10;

/// How far around a version is looked for its name and its data where other versions stand as near, in bytes. Without a bound, a line
/// of many versions would take the square of its length.
const FAR: usize = 1 << 12;

/// Reads the records in a text, as lines where they are lines and nothing else.
pub(super) fn read(text: &str) -> Reading<'_> {
    let reading = lines::read(text);
    if is_clean(text, &reading) { reading } else { carve(text) }
}

/// Whether the text holds the version of a record, and reading it line by line leaves some out or takes what is around them
/// for a part of them.
pub(crate) fn is_wrapped(text: &str) -> bool {
    if text.len() > LONG {
        return false;
    }
    let value = |line: &str| {
        let line = line.trim_start();
        let opening = line.trim_start_matches(&['\'', '\u{201c}', '\u{2018}'][..]);
        line.is_empty() || starts_with_version(opening) && !has_cells(line)
    };
    if text.split(is_line_end).all(value) {
        return false;
    }
    marks(text).next().is_some()
        && !is_clean(text, &lines::read(text))
        && !carve(text).records.is_empty()
}

/// Whether a text shows a record of which the data is the policy: somebody put that into DNS instead of a file.
pub(crate) fn holds_policy(text: &str) -> bool {
    let likely = text.len() <= LONG && find_ignoring_case(text, "stsv1") && names_ours(text);
    if !likely || marks(text).next().is_some() {
        return false;
    }
    let asked = text.lines().any(lines::asks);
    let ours = |record: &Record| match &record.owner {
        Some(owner) => owner::is_ours(&owner.name),
        None => asked && is_quoted(record),
    };
    let reading = lines::read(text);
    reading.records.iter().any(|record| ours(record) && is_policy(&record.text.text))
}

/// The family of the first version in a text.
pub(super) fn family(text: &str) -> Option<Family> {
    marks(text).find_map(|at| Family::of_data(&text[at..]))
}

/// Whether the lines were read right: every version begins a record, and nothing of what is around is in one.
fn is_clean(text: &str, reading: &Reading) -> bool {
    let names = names_ours(text);
    let plain = |record: &Record| match &record.owner {
        None => !names,
        Some(owner) => {
            let key = owner.told == Told::InForm && text[owner.span.end..].starts_with(':');
            !owner.name.contains(AROUND) && !owner.name.contains("\\_") && !key
        }
    };
    let start = |record: &Record| {
        let data = &record.text.text;
        let rest = data.trim_start_matches(WSP);
        let rest = if is_quoted(record) { rest.trim_start_matches(INNER) } else { rest };
        record.text.span(Span::new(data.len() - rest.len(), data.len())).start
    };
    // What stands in front of a version within the quotes of a line with a name, or in the field of a form, is data too.
    let is_data = |record: &Record| {
        let for_us =
            |owner: &Owner| !matches!(owner::meant(&owner.name), Meant::Other | Meant::Wildcard);
        let in_form = || record.notation == Notation::Bare && holds_line(&record.text.text);
        record.owner.as_ref().is_some_and(for_us) && (is_quoted(record) || in_form())
    };
    let within = |record: &Record| {
        let data = &record.text;
        let places = marks(&data.text).map(|at| data.span(Span::new(at, at + 1)).start);
        places.filter(|_| is_data(record)).collect::<Vec<_>>()
    };
    let mut starts: BTreeSet<usize> = reading.records.iter().map(start).collect();
    starts.extend(reading.records.iter().flat_map(within));
    let live: BTreeSet<usize> = live(text).into_iter().collect();
    let ends = |record: &Record| {
        let data = record.text.text.trim_end();
        if is_quoted(record) && data.trim_start_matches(WSP).starts_with(INNER) {
            return true;
        }
        let open = |bracket: char| data.contains(bracket);
        !match data.chars().next_back() {
            Some(')') => !open('('),
            Some('}') => !open('{'),
            Some('>') => !open('<'),
            last => matches!(last, Some('`' | '|' | '\u{201d}' | '\'')),
        }
    };
    // Words in parentheses without a name: no line of a zone, but what somebody put in parentheses.
    let loose = |record: &Record| {
        let before = text[..start(record)].trim_end_matches(WSP);
        record.owner.is_none() && record.notation == Notation::Words && before.ends_with('(')
    };
    let ours = |record: &&Record| marks(&record.text.text).next().is_some();
    live.is_subset(&starts)
        && reading.records.iter().filter(ours).all(|record| {
            (live.contains(&start(record)) || is_data(record))
                && plain(record)
                && ends(record)
                && !loose(record)
        })
}

/// Whether a record stands in quotes, as zone files and the tools of DNS write it.
const fn is_quoted(record: &Record) -> bool {
    matches!(record.notation, Notation::Quoted) && record.unquoted.is_none()
}

/// Where the versions of records begin that are there: not those in comments, nor those that a change takes away. Where there is nothing
/// else, all.
fn live(text: &str) -> Vec<usize> {
    let all: Vec<usize> = marks(text).take(MANY).collect();
    let lead = |mark: usize| {
        let line = line_start(text, mark);
        text[line..mark].trim_start_matches(WSP)
    };
    let is_diff = all.iter().any(|mark| lead(*mark).starts_with('+'));
    let gone = |index: usize, mark: usize| {
        let before = index.checked_sub(1).map_or(0, |before| all[before]);
        // What is planned writes the new value behind an arrow.
        let is_replaced = all.get(index + 1).is_some_and(|next| {
            let between = text[mark..*next].trim_end_matches(&['"', '\'', '\\', ' '][..]);
            let arrow = ["->", "=>", "\u{2192}"].iter().any(|arrow| between.ends_with(arrow));
            // Lists have arrows between names and values.
            arrow && !names_ours(between) && !between.contains(is_line_end)
        });
        let next = all.get(index + 1).copied().unwrap_or(text.len());
        let object = text[mark..next].split('}').next().unwrap_or_default();
        // PowerDNS keeps records that it does not serve.
        let is_disabled = ["\"disabled\":true", "\"disabled\": true"];
        is_replaced
            || is_disabled.iter().any(|sign| object.contains(sign))
            || text[before..mark].contains("\"DELETE\"")
            || lead(mark).starts_with(&[';', '#'][..])
            || lead(mark).starts_with("//")
            || is_diff && lead(mark).starts_with('-')
    };
    let gone: Vec<bool> = all.iter().enumerate().map(|(index, mark)| gone(index, *mark)).collect();
    match gone.contains(&false) {
        true => all.into_iter().zip(gone).filter(|(_, gone)| !gone).map(|(mark, _)| mark).collect(),
        false => all,
    }
}

/// Whether one of the two names stands somewhere.
pub(super) fn names_ours(text: &str) -> bool {
    has_any(text, &["_mta-sts", "_smtp._tls"])
}

/// Where the versions of records begin.
fn marks(text: &str) -> impl Iterator<Item = usize> {
    const VERSIONS: [&str; 7] =
        ["sts", "mta-sts", "mtasts", "tlsrp", "tls-rp", "tls_rp", "smtp-tls"];
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'v', b'V', bytes).filter(move |at| {
        let before = at.checked_sub(1).map(|before| bytes[before]);
        let apart = before.is_none_or(|b| !(b.is_ascii_alphanumeric() || b"-_.".contains(&b)));
        // `_v=STSv1; id=1_`
        let emphasis = || {
            let end = text.floor_char_boundary(at + EMPHASIS);
            let rest = &text[*at..line_end(&text[..end], *at)];
            let quote = Quote::behind(&text[..*at]).filter(Quote::is_emphasis);
            before == Some(b'_') && quote.is_some_and(|quote| quote.end(rest).is_some())
        };
        let value = text[at + 1..]
            .trim_start_matches(WSP)
            .strip_prefix('=')
            .map(|rest| rest.trim_start_matches(WSP));
        let begins = |value: &str| VERSIONS.iter().any(|version| begins(value, version));
        value.is_some_and(begins) && (apart || emphasis())
    })
}

/// Finds records by their versions.
fn carve(text: &str) -> Reading<'_> {
    let mut reading = Reading { tool_output: true, ..Reading::default() };
    let marks = live(text);
    // Where the record before ends.
    let mut before = 0;
    // Whether values stand in front of their names.
    let mut values_first = false;
    let asked = text.lines().any(lines::asks);
    let mut scopes = Scopes {
        text,
        seen: 0,
        asked: 0,
        question: Question::default(),
        behind: 0,
        known: Vec::new(),
    };
    let names = names_ours(text);
    let head = text.split_inclusive(is_line_end).find(|line| columns::is_header(line));
    let table = head.map(|head| place(text, head).start);
    for (index, mark) in marks.iter().copied().enumerate() {
        if mark < before {
            continue;
        }
        let next = marks.get(index + 1).copied().unwrap_or(text.len());
        let front = &text[..text.ceil_char_boundary(next.max(mark + FAR))];
        let (mut record, end) =
            printed(front, mark).filter(|_| asked).unwrap_or_else(|| data(front, mark));
        // Not one within the data.
        let next = marks[index..].iter().copied().find(|next| *next >= end).unwrap_or(text.len());
        let line = line_start(text, mark);
        scopes.pass(Span::new(before, mark));
        let from = before.max(far(text, mark));
        let ahead = name_in(text, Span::new(line.max(from), mark), true);
        // Where several things are asked for, the names are those of no certain answer.
        let top = back(text, line, from.max(scopes.behind));
        let above = || name_in(text, Span::new(top, line), true);
        // The name in a line of a zone is that of the record behind it.
        let of_it = |owner: &Owner| {
            next == text.len() || !is_zone_line(text[owner.span.end..next].trim_end_matches('"'))
        };
        let end_of_line = line_end(text, end).min(next);
        let behind = name_in(text, Span::new(end.min(next), end_of_line), false).filter(of_it);
        let below =
            || name_in(text, Span::new(end_of_line, forth(text, end, next)), false).filter(of_it);
        if index == 0 {
            values_first = ahead.is_none() && above().is_none();
        }
        if record.notation == Notation::Bare
            && table.is_none_or(|table| mark < table)
            && let Some(unquoted) = unquoted(text, Span::new(mark, end), ahead.as_ref())
        {
            record = unquoted;
        }
        let near = ahead.is_some() || behind.is_some();
        let last: Option<&Record> = reading.records.last();
        let listed = || last?.owner.clone().filter(|_| is_list(text, before, mark));
        // A name that is no one's may be that to which a CNAME record leads.
        let maybe = |owner: &Owner| names && owner::meant(&owner.name) == Meant::Other;
        let answered = scopes.question.wrong().filter(|owner| !(near || maybe(owner)));
        record.owner = answered.or_else(|| match values_first {
            true => behind.or_else(below).or(ahead).or_else(above),
            false => ahead.or(behind).or_else(listed).or_else(above).or_else(below),
        });
        if record.owner.is_none()
            && let Some((name, span)) = told::name(text, from, record.span, next)
        {
            let name = name.into();
            record.owner = Some(Owner { name, span, told: Told::InForm });
        }
        // A sentence that speaks of the version is no record.
        let quoted = text[..mark].trim_end_matches(WSP).ends_with(QUOTES)
            || Quote::behind(&text[line..mark]).is_some_and(|quote| quote.is_mark());
        if has_any(&record.text.text, &["id", "rua"]) || near || quoted && record.owner.is_some() {
            record.scope = scopes.at(Span::new(before, mark), record.owner.as_ref());
            reading.records.push(record);
            before = end;
        }
    }
    // Several values in front of one name.
    for index in (1..reading.records.len()).rev().filter(|_| values_first) {
        let [one, other] = [index - 1, index].map(|at| &reading.records[at]);
        if one.owner.is_none() && is_list(text, one.span.end, other.span.start) {
            reading.records[index - 1].owner = other.owner.clone();
        }
    }
    reading
}

/// The data of a zone line that lacks the quotes it needs.
fn unquoted<'a>(text: &'a str, data: Span, owner: Option<&Owner<'a>>) -> Option<Record<'a>> {
    let (before, behind) = (&text[..data.start], &text[data.end..]);
    // To zone files an apostrophe is no quote, nor is a typographic one (RFC 1035 §5.1).
    let (open, close) = (before.chars().next_back()?, behind.chars().next());
    let closes = |c: char| open == '\'' && c == open || closing(open).contains(&c);
    let quotes = close.filter(|c| closes(*c)).map(|c| (open.len_utf8(), c.len_utf8()));
    let quotes = quotes.filter(|(open, _)| before[..before.len() - open].ends_with(" IN TXT "));
    let (open, close) = quotes.unwrap_or_default();
    let owner = owner.filter(|owner| {
        let between = &before[owner.span.end..data.start - open];
        is_zone_line(between) && !columns::is_cell(text, owner.span)
    })?;
    if text[data.range()].contains('\\') {
        return None;
    }
    let mut strings = Strings::default();
    strings.string(&Mapped::identity(text), data.start - open, |_, at| at >= data.end + close);
    let record = strings.into_record(Some(owner.clone()));
    Some(Record { unquoted: Some(Unquoted::Both), ..record })
}

/// In answer to which question, and in whose zone, records stand.
struct Scopes<'a> {
    text: &'a str,
    /// Up to where questions were counted.
    seen: usize,
    asked: usize,
    /// The last question.
    question: Question<'a>,
    /// Where the last line ends that asks several things.
    behind: usize,
    /// The number of the question, and the zone.
    known: Vec<(usize, &'a str)>,
}

impl<'a> Scopes<'a> {
    /// Reads the questions in a piece of the text.
    fn pass(&mut self, piece: Span) {
        let mut at = self.seen.max(piece.start);
        for line in self.text[at..piece.end].split_inclusive(is_line_end) {
            let span = Span::new(at, at + line.len());
            at = span.end;
            if self.question.pass(self.text, span) {
                self.asked += 1;
                self.behind = if self.question.several { at } else { self.behind };
            }
        }
        self.seen = piece.end;
    }

    /// The number of the scope of a record of this name, behind a piece of the text.
    fn at(&mut self, piece: Span, owner: Option<&Owner<'a>>) -> usize {
        self.asked += usize::from(self.question.several && owner.is_none());
        // Names that say no domain may be those of several.
        let is_whole =
            |owner: &Owner| owner.name.contains('.') && owner::key(&owner.name) != "_smtp._tls";
        let zone = host_in(self.text, piece).filter(|_| !owner.is_some_and(is_whole));
        let last = self.known.last().map_or("", |(_, zone)| zone);
        let scope = (self.asked, zone.unwrap_or(last));
        self.known.iter().position(|known| *known == scope).unwrap_or_else(|| {
            self.known.push(scope);
            self.known.len() - 1
        })
    }
}

/// Whether what stands between two values is what stands between those of one list.
fn is_list(text: &str, from: usize, to: usize) -> bool {
    const WORDS: &str = "content contents data false in is items record records rdata strings text true ttl txt type value values";
    let gap = text.get(from..to).filter(|gap| gap.len() <= GAP);
    gap.is_some_and(|gap| {
        let mut words = gap.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let known = |word: &str| {
            word.bytes().all(|b| b.is_ascii_digit()) || is_one_of(&word.to_ascii_lowercase(), WORDS)
        };
        words.all(known)
    })
}

/// The last name of a domain in a piece of the text that is no name of a record.
fn host_in(text: &str, piece: Span) -> Option<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    text[piece.range()].rsplit(|c| !is_part(c)).find(|word| {
        let mut labels = word.rsplit('.');
        let top = labels.next().unwrap_or_default();
        // In program code the name of a zone is a variable: `var.zone_a`.
        let is_top = top.len() > 1 && top.starts_with(|c: char| c.is_ascii_alphabetic());
        is_top
            && labels.next().is_some_and(|label| !label.is_empty())
            && !word.starts_with(['_', '.'])
    })
}

/// Whether what stands between a name and its data is what zone files have there.
fn is_zone_line(between: &str) -> bool {
    let mut words = between.split_ascii_whitespace();
    let known =
        |word: &str| word.eq_ignore_ascii_case("in") || word.bytes().all(|b| b.is_ascii_digit());
    words.next_back().is_some_and(|last| last.eq_ignore_ascii_case("txt")) && words.all(known)
}

/// How far in front of a version something may stand that belongs to it.
fn far(text: &str, mark: usize) -> usize {
    text.floor_char_boundary(mark.saturating_sub(FAR))
}

/// The start of the lines in front of one. Blank lines do not count: a policy that was taken out left some.
pub(super) fn back(text: &str, line: usize, limit: usize) -> usize {
    let limit = limit.min(line);
    let lines = text[limit..line].rsplit(is_line_end).filter(|line| !line.trim().is_empty());
    lines.take(NEAR).last().map_or(limit, |line| place(text, line).start)
}

/// The end of the lines behind one.
pub(super) fn forth(text: &str, at: usize, limit: usize) -> usize {
    let from = line_end(text, at).min(limit);
    let lines = text[from..limit].split(is_line_end).filter(|line| !line.trim().is_empty());
    lines.take(NEAR).last().map_or(from, |line| place(text, line).end)
}

/// A name of one of the two records in a piece of the text: the last one, or the first one.
fn name_in<'a>(text: &'a str, piece: Span, last: bool) -> Option<Owner<'a>> {
    let is_part = |c: char| c.is_alphanumeric() || "-._*\\".contains(c);
    let mut words = text[piece.range()].split(|c| !is_part(c));
    let owner = |word: &'a str| {
        // Emphasis may be around it, as in Markdown.
        let word = word.trim_matches('*');
        let name: Cow<str> =
            if word.contains('\\') { word.replace('\\', "").into() } else { word.into() };
        let ours =
            name.starts_with('_') && !matches!(owner::meant(&name), Meant::Other | Meant::Wildcard);
        ours.then(|| Owner { name, span: place(text, word), told: Told::Plainly })
    };
    if last { words.rev().find_map(owner) } else { words.find_map(owner) }
}

/// The record whose version stands at a place behind other data, where a tool printed its quotes at the start of a line.
fn printed<'a>(text: &str, mark: usize) -> Option<(Record<'a>, usize)> {
    let lead = text[line_start(text, mark)..mark].trim_start_matches(WSP);
    let data = lead.strip_prefix('"').filter(|data| !data.is_empty() && !data.contains('"'))?;
    let mut strings = Strings::default();
    let end = strings.side_by_side(&Mapped::identity(text), mark - data.len() - 1);
    (!strings.open).then(|| (strings.into_record(None), end))
}

/// The record whose version begins at a place, and where it ends.
fn data(text: &str, mark: usize) -> (Record<'_>, usize) {
    let before = text[..mark].trim_end_matches(WSP);
    let line = line_start(text, mark).max(far(text, mark));
    // What `dig +short` prints of data that begins with a quote; in JSON the same are quotes around it.
    let own = (text[line..mark].trim_matches(WSP) == "\"\\\"" && !text.contains(&['{', '['][..]))
        .then(|| &before[..before.len() - 2]);
    if before.ends_with('"') && (own.is_some() || !before.ends_with("\\\"")) {
        let mut strings = Strings::default();
        let end = strings.side_by_side(&Mapped::identity(text), own.unwrap_or(before).len() - 1);
        if !strings.open {
            return (strings.into_record(None), end);
        }
    }
    if before.ends_with('{')
        && let Some(record) = in_braces(text, mark)
    {
        let end = record.span.end;
        return (record, end);
    }
    let rest = &text[mark..line_end(text, mark)];
    let ascii = match before.chars().next_back() {
        Some('"') if before.ends_with("\\\"") => Some("\\\""),
        Some('\'') => Some("'"),
        Some('`') => Some("`"),
        _ => None,
    };
    if ascii == Some("\\\"")
        && let Some(record) = json_strings(text, mark)
    {
        let end = record.span.end;
        return (record, end);
    }
    let quote = Quote::behind(&text[line..mark]).filter(|_| ascii.is_none());
    let closed = match (ascii, &quote) {
        (Some(closing), _) => rest.find(closing),
        (None, Some(quote)) => quote.end(rest).map(|end| end.start),
        (None, None) => None,
    };
    let end = closed.unwrap_or_else(|| {
        let stop =
            |c: char| matches!(c, '`' | '|' | '\t' | '<' | '"' | '}' | '\u{2502}' | '\u{201d}');
        let data = columns::without(&rest[..rest.find(stop).unwrap_or(rest.len())]);
        let data = &data[..closing_bracket(&text[line..mark], data).unwrap_or(data.len())];
        data.trim_end_matches(&[' ', ','][..]).trim_end_matches(WSP).len()
    });
    let lead = text[line..mark].trim_end_matches(WSP);
    let quoted = closed.is_some() || ascii.is_some() || quote.is_some_and(|quote| quote.is_mark());
    let sentence = !quoted
        && lead.contains(char::is_alphabetic)
        && !lead.ends_with(&[':', '|', '=', '>', '"', '\u{2192}', '{'][..])
        && !ends_in_name(lead);
    let end = if sentence { end_in_sentence(&rest[..end]) } else { end };
    // A comma at the end of the line belongs to a value that goes on behind it.
    let whole = Span::new(mark, mark + rest.trim_end_matches(WSP).len());
    let tail = rest[end..].trim_matches(&[' ', '\t', ','][..]);
    let is_open = closed.is_none() && !sentence && tail.is_empty();
    let mut more = columns::goes_on(text, whole).filter(|_| is_open);
    let mut piece = if more.is_some() { whole } else { Span::new(mark, mark + end) };
    let mut made = Mapped::empty();
    let mut plain = mark;
    // Some tools want a backslash in front of each semicolon; it is theirs.
    for (at, _) in text[piece.range()].match_indices("\\;") {
        made.push_verbatim(&text[plain..mark + at], plain);
        plain = mark + at + 1;
    }
    made.push_verbatim(&text[plain..piece.end], plain);
    while let Some(next) = more {
        made.push_verbatim(&text[next.range()], next.start);
        piece.end = next.end;
        more = columns::goes_on(text, piece);
    }
    made.push_for("", Span::at(piece.end));
    (Record::bare(piece, made), piece.end)
}

/// The data in braces that is broken into several lines, as the narrow columns of PowerShell have it.
fn in_braces(text: &str, mark: usize) -> Option<Record<'_>> {
    let (mut made, mut at) = (Mapped::empty(), mark);
    for _ in 0..LINES {
        let line = &text[at..line_end(text, at)];
        let close = line.find('}');
        let part = line[..close.unwrap_or(line.len())].trim_end_matches(WSP);
        made.push_verbatim(part, at);
        let end = at + part.len();
        if close.is_some() {
            made.push_for("", Span::at(end));
            return (at > mark).then(|| Record::bare(Span::new(mark, end), made));
        }
        let rest = text[at + line.len()..].trim_start_matches(BLANK);
        at = text.len() - rest.len();
        if rest.is_empty() || line_start(text, at) == at {
            return None;
        }
    }
    None
}

/// Several character-strings in a JSON string, the first of which begins at a place, behind its quote.
fn json_strings(text: &str, mark: usize) -> Option<Record<'_>> {
    const QUOTE: &str = "\\\"";
    let (mut made, mut strings) = (Mapped::empty(), Vec::new());
    let (mut from, end_of_line) = (mark, line_end(text, mark));
    let end = loop {
        let end = from + text[from..end_of_line].find(QUOTE)?;
        let start = made.text.len();
        made.push_verbatim(&text[from..end], from);
        strings.push(CharString {
            source: Span::new(from, end),
            text: Span::new(start, made.text.len()),
        });
        let behind = &text[end + QUOTE.len()..end_of_line];
        let Some(next) = behind.trim_start_matches(WSP).strip_prefix(QUOTE) else { break end };
        from = end_of_line - next.len();
    };
    made.push_for("", Span::at(end));
    let record = Record::bare(Span::new(mark, end), made);
    (strings.len() > 1).then_some(Record { strings, notation: Notation::JsonQuoted, ..record })
}

/// Whether a text ends in a name of one of the two records, with nothing behind it but what zones and lists have in front of data.
fn ends_in_name(lead: &str) -> bool {
    let Some(owner) = name_in(lead, Span::new(0, lead.len()), true) else { return false };
    is_list(lead, owner.span.end, lead.len())
}

/// How long a record is that stands in a sentence: words that have no `=` go on with the sentence.
fn end_in_sentence(rest: &str) -> usize {
    let mut end = rest.len();
    for (at, _) in rest.match_indices(' ') {
        let next = rest[at..].trim_start().split(' ').next().unwrap_or_default();
        if !next.contains('=') {
            end = at;
            break;
        }
    }
    rest[..end].trim_end_matches(&['.', ',', ' ', ')', '?', '!'][..]).len()
}
