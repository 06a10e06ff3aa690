//! What a policy host served, in a transcript of the command that fetched it.
//!
//! The text below `curl https://mta-sts.…/.well-known/mta-sts.txt` is the file that senders get (RFC 8461 §3.3): whatever stands
//! in it around a policy is a part of the file, and no quotation.

use super::lines::{is_progress, is_prompt, is_rule};
use super::policy::Text;
use super::{decode, wrappers};
use crate::http;
use crate::input::POLICY_PATH;
use crate::record::TOOLS;
use crate::text::{Mapped, Span, WSP, begins, is_one_of};

/// Most lines of one command.
const LINES: usize = 20;

/// An answer of a policy host.
pub(super) struct Served {
    /// The answer: with its headers, if the command printed them.
    pub(super) made: Mapped<'static>,
    /// What the command printed, in the text.
    pub(super) printed: Span,
    /// What stands around.
    pub(super) wrapper: &'static str,
}

/// The first answer of a policy host in a transcript.
pub(super) fn find(text: &str) -> Option<Served> {
    if !text.contains(POLICY_PATH) {
        return None;
    }
    let base = Mapped::identity(text);
    let text = Text::of(&base);
    let count = text.lines.len();
    let (first, url) = (0..count).find_map(|index| fetch(&text, index))?;
    let fence = (0..first).rev().find(|index| text.line(*index).starts_with("```"));
    let ends = |index: &usize| {
        text.is_typed(*index) || fence.is_some() && text.line(*index).starts_with("```")
    };
    let end = (first..count).find(ends).unwrap_or(count);
    // Within a page, the end of the answer is not known.
    if first >= end || decode::is_html(&text.text[..text.lines[first].start]) {
        return None;
    }
    let printed = Span::new(text.lines[first].start, text.end_of(end - 1));
    let made = text.verbose(end).unwrap_or_else(|| {
        text.stripped(first, end, |index| {
            (!is_progress(text.line(index))).then(|| text.lines[index])
        })
    });
    let made = part(&made, Span::new(behind_upgrade(&made.text, url), made.text.len()));
    let made = text.without_prompt(part(&made, Span::new(0, end_of_file(&made))));
    let start = made.text.trim_start();
    let has_head = start.starts_with("HTTP/");
    let is_answer = has_head
        || start.starts_with(&['<', '{', '['][..])
        || begins(start, "v=sts")
        || Text::of(&made).has_fields();
    is_answer.then(|| Served {
        wrapper: wrappers::TRANSCRIPTS[usize::from(!has_head)],
        made,
        printed,
    })
}

/// The line below a command that prints the file of a policy, and the address that it fetches; or that of a request which was
/// printed.
fn fetch<'b>(text: &Text<'b, '_>, index: usize) -> Option<(usize, &'b str)> {
    let line = text.line(index);
    let request = line.strip_prefix("> GET ").or_else(|| line.strip_prefix("GET "));
    if request.is_some_and(|request| request.starts_with(POLICY_PATH)) {
        return Some((index + 1, ""));
    }
    if !is_prompt(line) || line.starts_with(&[' ', '\t', '>'][..]) {
        return None;
    }
    // A command goes on behind a backslash.
    let last = (index..text.lines.len()).take(LINES).find(|at| !text.line(*at).ends_with('\\'))?;
    let command = text.text[text.lines[index].start..text.lines[last].end].trim_end();
    // `; echo` ends the last line.
    let alone = command.strip_suffix("echo").map(str::trim_end);
    let alone = alone.and_then(|alone| alone.strip_suffix("&&").or(alone.strip_suffix(';')));
    let command = alone.unwrap_or(command);
    let words = || command.split_whitespace();
    let program = words()
        .position(|word| ["curl", "curl.exe", "wget", "http", "https", "xh"].contains(&word))?;
    // What another command of the line printed stands in front of the file.
    if words().take(program).any(|word| is_one_of(word, TOOLS)) {
        return None;
    }
    let options = || words().skip(program + 1);
    let is_url = |word: &&str| word.trim_matches(&['"', '\''][..]).ends_with(POLICY_PATH);
    let url = options().find(is_url)?.trim_matches(&['"', '\''][..]);
    let program = words().nth(program)?;
    // What goes to another program or into a file is not printed, and PowerShell has a `curl` that prints an object.
    let elsewhere: &[&str] = match program {
        "wget" => &[],
        _ => &["o", "O", "d", "w", "output", "remote-name", "download", "write-out"],
    };
    let elsewhere = options().any(|word| {
        word.contains('|')
            || word.starts_with(&['>', '<', '&', ';'][..])
            || word.starts_with('-') && elsewhere.contains(&word.trim_start_matches('-'))
    });
    let object = program == "curl" && line.starts_with("PS ");
    let quiet = || {
        ["-qO-", "-qO -", "-q -O-", "-q -O -", "-O- -q"]
            .iter()
            .any(|option| command.contains(option))
    };
    let prints = program != "wget" || quiet();
    (prints && !elsewhere && !object).then_some((last + 1, url))
}

/// Where the first answer of the policy host begins: behind that of a web server that sends an `http` address to the same one
/// with `https`. Senders begin there (RFC 8461 §3.3).
fn behind_upgrade(text: &str, url: &str) -> usize {
    let Some(rest) = url.strip_prefix("http://") else { return 0 };
    let mut at = 0;
    while text[at..].starts_with("HTTP/") {
        let head = &text[at..];
        let len = head.find("\n\n").map(|len| len + 2);
        let len = len.into_iter().chain(head.find("\r\n\r\n").map(|len| len + 4)).min();
        let len = len.unwrap_or(head.len());
        let to = head[..len].lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("location").then(|| value.trim())
        });
        if to.and_then(|to| to.strip_prefix("https://")) != Some(rest) {
            break;
        }
        at += len;
    }
    at
}

/// Where the file ends in what was printed. People go on below it in words of their own.
fn end_of_file(made: &Mapped) -> usize {
    let (_, body) = http::answer(&made.text, 0, &mut |_, _, _| {});
    let text = Text::of(made);
    let begins = text.lines.partition_point(|line| line.start < body);
    let is_blank = |index: usize| text.line(index).trim().is_empty();
    let words = |index: usize| {
        let begins = text.line(index).trim_start_matches(WSP).starts_with(char::is_alphabetic);
        begins && !text.has_field(index)
    };
    let mut fields = false;
    for index in begins..text.lines.len() {
        fields |= text.has_field(index);
        // Of several blank lines the first one tells.
        let ends = || match is_blank(index) {
            true if index > begins && is_blank(index - 1) => false,
            true => (index + 1..text.lines.len()).find(|at| !is_blank(*at)).is_none_or(words),
            false => is_rule(text.line(index)),
        };
        if fields && ends() {
            return text.lines[index].start;
        }
    }
    made.text.len()
}

/// A piece of a made text.
fn part(made: &Mapped, piece: Span) -> Mapped<'static> {
    let mut part = Mapped::empty();
    part.push_part(made, piece);
    part.end_at(made.span(Span::at(piece.end)).start);
    part
}
