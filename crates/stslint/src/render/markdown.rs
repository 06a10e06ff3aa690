//! A report for tickets and mails.
//!
//! Everything that stems from the input ends up in code spans and fenced blocks that it can't
//! close, so it stays text: no HTML, no links, no mentions of people.

use super::alike::{Alike, HERE, alike};
use super::changes::changes;
use super::{Positions, words};
use crate::finding::{Applicability, Arg, Finding, Severity};
use crate::rule::Rule;
use crate::text::Span;
use crate::text::push_visible;
use crate::{Artefact, Input, Report};
use std::borrow::Cow;

/// Most findings that are written out.
const FINDINGS: usize = 200;

/// Most places that are named of findings that say the same.
const PLACES: usize = 10;

/// Most changes that are shown for one fix.
const CHANGES: usize = 5;

/// Most bytes of input that are repeated.
const SOURCE: usize = 16 * 1024;

/// The name of an input above its report.
pub fn title(name: &str) -> String {
    let mut out = String::from("# ");
    push_code(name, &mut out);
    out.push_str("\n\n");
    out
}

/// The report as Markdown. `date` is shown as given (the engine has no clock).
pub fn markdown(input: &Input, report: &Report, date: &str) -> String {
    linked(input, report, date, None)
}

/// The same, where codes lead to the pages about their rules below `home`, the address of a folder.
pub fn linked(input: &Input, report: &Report, date: &str, home: Option<&str>) -> String {
    let mut out = String::new();
    let head = words::headline(input, report);
    out.push_str("## ");
    push_escaped(&head.title, &mut out);
    out.push_str("\n\n");
    push_escaped(&head.next, &mut out);
    out.push_str("\n\n");
    let each = words::each(input, report);
    for (name, one) in &each {
        out.push_str("* ");
        push_escaped(name, &mut out);
        out.push_str(": ");
        push_escaped(&one.title, &mut out);
        out.push('\n');
    }
    if !each.is_empty() {
        out.push('\n');
    }
    push_escaped(&words::taken_for(report), &mut out);
    if let Some(domain) = input.domain {
        out.push_str(" of ");
        push_code(domain, &mut out);
    }
    out.push_str(". ");
    out.push_str(&words::summary(report));
    out.push_str(". Checked with stslint ");
    out.push_str(env!("CARGO_PKG_VERSION"));
    if !date.is_empty() {
        out.push_str(", ");
        push_escaped(date, &mut out);
    }
    out.push_str(".\n");

    let positions = Positions::of(input.source, report);
    let mut room = FINDINGS;
    for artefact in &report.artefacts {
        let named = report.artefacts.len() > 1;
        push_artefact(input, artefact, named, home, &positions, &mut room, &mut out);
    }
    let groups = report.artefacts.iter().flat_map(|artefact| alike(&artefact.findings));
    let more: usize = groups.skip(FINDINGS).map(|group| group.count()).sum();
    if more > 0 {
        out.push_str("\n…and ");
        out.push_str(&more.to_string());
        out.push_str(" more findings.\n");
    }
    if report.artefacts.iter().any(|artefact| artefact.verdict().is_some()) {
        push_source(input.source, &mut out);
    }
    out
}

fn push_artefact(
    input: &Input,
    artefact: &Artefact,
    named: bool,
    home: Option<&str>,
    positions: &Positions,
    room: &mut usize,
    out: &mut String,
) {
    if named {
        out.push_str("\n### ");
        push_escaped(artefact.kind.title(), out);
        out.push('\n');
    }
    // Why, effect and help are the rule's: they are told once.
    let mut told: Vec<&'static str> = Vec::new();
    for group in alike(&artefact.findings) {
        if *room == 0 {
            return;
        }
        *room -= 1;
        let in_full = !told.contains(&group.first.rule.code);
        if in_full {
            told.push(group.first.rule.code);
        }
        push_findings(input.source, &group, in_full, home, positions, out);
    }
}

fn push_findings(
    source: &[u8],
    group: &Alike,
    in_full: bool,
    home: Option<&str>,
    positions: &Positions,
    out: &mut String,
) {
    let finding = group.first;
    let rule = finding.rule;
    out.push_str("\n- **");
    out.push_str(match rule.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Advice => "Advice",
        Severity::Info => "Info",
    });
    out.push_str("** ");
    push_place(finding.span, positions, out);
    out.push(' ');
    push_rule(rule, home, out);
    out.push(' ');
    push_message(source, finding, out);
    out.push('\n');
    let labels = finding.labels.iter().map(|label| (label.span, label.text));
    let others = group.others.iter().map(|other| (other.span, HERE));
    for (span, text) in labels.chain(others.take(PLACES)) {
        out.push_str("  - ");
        push_place(span, positions, out);
        out.push(' ');
        push_ours(text, out);
        out.push('\n');
    }
    if group.others.len() > PLACES {
        out.push_str(&format!("  - and {} more places\n", group.count() - 1 - PLACES));
    }
    if in_full {
        for (name, text) in
            [("Why", rule.words().why), ("Effect", rule.words().effect), ("Do", rule.words().help)]
        {
            out.push_str("  - ");
            out.push_str(name);
            out.push_str(": ");
            push_ours(text, out);
            out.push('\n');
        }
        out.push_str("  - ");
        push_clause(rule, out);
        out.push('\n');
    }
    let Some(fix) = &finding.fix else { return };
    out.push_str("  - Fix");
    if fix.applicability == Applicability::Confirm {
        out.push_str(" (check first)");
    }
    out.push_str(": ");
    match &fix.title {
        Cow::Borrowed(ours) => push_ours(ours, out),
        // It repeats a value, maybe from the input.
        Cow::Owned(made) => push_code(&made.replace('`', ""), out),
    }
    out.push('\n');
    let (shown, count) = changes(source, &fix.edits, CHANGES);
    let mut diff = String::new();
    for change in &shown {
        for (sign, lines) in [("-", &change.old), ("+", &change.new)] {
            for line in lines {
                diff.push_str(sign);
                diff.push_str(line);
                diff.push('\n');
            }
        }
    }
    if count > shown.len() {
        diff.push_str("… and more like this\n");
    }
    out.push('\n');
    push_fenced(&diff, "diff", "    ", out);
}

/// The code of a rule, as a link where its page has an address.
fn push_rule(rule: &Rule, home: Option<&str>, out: &mut String) {
    let Some(home) = home else { return push_code(rule.code, out) };
    out.push('[');
    push_code(rule.code, out);
    out.push_str("](");
    // A round bracket or a space would end the link.
    let home = home.replace('(', "%28").replace(')', "%29").replace(' ', "%20");
    out.push_str(home.trim_end_matches('/'));
    out.push('/');
    out.push_str(&rule.page());
    out.push(')');
}

fn push_place(span: Span, positions: &Positions, out: &mut String) {
    let at = positions.get(span.start);
    out.push_str(&at.line.to_string());
    out.push(':');
    out.push_str(&at.column.to_string());
}

pub(super) fn push_clause(rule: &Rule, out: &mut String) {
    let Some(url) = rule.url() else { return push_ours(rule.words().clause, out) };
    // The first cited RFC with its first section makes the link, the rest stays text.
    let end = rule.words().clause.find(&[':', ';', ','][..]).unwrap_or(rule.words().clause.len());
    out.push('[');
    push_escaped(&rule.words().clause[..end], out);
    out.push_str("](");
    out.push_str(&url);
    out.push(')');
    push_ours(&rule.words().clause[end..], out);
}

/// A message: our words with code spans for what they name.
pub(super) fn push_message(source: &[u8], finding: &Finding, out: &mut String) {
    let mut rest = finding.rule.message;
    while let Some(at) = rest.find(&['`', '{'][..]) {
        push_escaped(&rest[..at], out);
        if rest.as_bytes()[at] == b'`' {
            let after = &rest[at + 1..];
            let end = after.find('`').unwrap_or(after.len());
            let mut code = String::new();
            finding.fill(&after[..end], source, &mut code);
            push_code(&code, out);
            rest = after.get(end + 1..).unwrap_or("");
            continue;
        }
        match argument(finding, &rest[at..]) {
            Some(Arg::Text(Cow::Borrowed(ours))) => push_ours(ours, out),
            Some(Arg::Number(number)) => out.push_str(&number.to_string()),
            Some(arg) => {
                let mut words = String::new();
                arg.render(source, &mut words);
                push_code(&words, out);
            }
            None => {}
        }
        rest = rest.get(at + 3..).unwrap_or("");
    }
    push_escaped(rest, out);
}

/// The argument that `{0}` or `{1}` stands for.
fn argument<'f>(finding: &'f Finding, placeholder: &str) -> Option<&'f Arg> {
    let digit = placeholder.as_bytes().get(1)?;
    finding.args.get(usize::from(digit.wrapping_sub(b'0')))
}

/// Words of ours, in which backticks mark code.
pub(super) fn push_ours(text: &str, out: &mut String) {
    for (i, part) in text.split('`').enumerate() {
        if i % 2 == 0 { push_escaped(part, out) } else { push_code(part, out) }
    }
}

/// Text as it is: every character that Markdown could take for a mark is escaped.
fn push_escaped(text: &str, out: &mut String) {
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`'
                | '*'
                | '_'
                | '{'
                | '}'
                | '['
                | ']'
                | '<'
                | '>'
                | '#'
                | '|'
                | '~'
                | '&'
                | '@'
        ) {
            out.push('\\');
        }
        if c.is_control() { out.push(' ') } else { push_visible(c, out) }
    }
}

/// A code span that holds any text (CommonMark §6.1): delimited by more backticks than it has.
pub(super) fn push_code(text: &str, out: &mut String) {
    if text.is_empty() {
        out.push_str("(empty)");
        return;
    }
    let fence = "`".repeat(longest_run(text, '`') + 1);
    // A space at both ends is taken off again, so text that has one at an end needs another.
    let pad = text.starts_with(&['`', ' '][..]) || text.ends_with(&['`', ' '][..]);
    out.push_str(&fence);
    if pad {
        out.push(' ');
    }
    for c in text.chars() {
        push_visible(c, out);
    }
    if pad {
        out.push(' ');
    }
    out.push_str(&fence);
}

fn push_source(source: &[u8], out: &mut String) {
    let cut = source.len().min(SOURCE);
    let text = String::from_utf8_lossy(&source[..cut]);
    let text =
        if cut < source.len() { text.trim_end_matches(char::REPLACEMENT_CHARACTER) } else { &text };
    let mut shown = String::with_capacity(text.len());
    let mut hidden = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\t' => shown.push(c),
            '\r' if chars.peek() == Some(&'\n') => {}
            _ => {
                let before = shown.len();
                push_visible(c, &mut shown);
                hidden |= shown.len() > before + c.len_utf8();
                if c == '\r' {
                    shown.push('\n');
                }
            }
        }
    }
    out.push_str("\n### Input\n\n");
    if hidden {
        out.push_str("Characters that can't be seen are written as `<U+…>`.\n\n");
    }
    push_fenced(&shown, "text", "", out);
    if cut < source.len() {
        out.push_str("\nCut: the first ");
        out.push_str(&cut.to_string());
        out.push_str(" of ");
        out.push_str(&source.len().to_string());
        out.push_str(" bytes.\n");
    }
}

/// A fenced block that holds any text (CommonMark §4.5): its fence is longer than any run inside.
pub(super) fn push_fenced(text: &str, language: &str, indent: &str, out: &mut String) {
    let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
    out.push_str(indent);
    out.push_str(&fence);
    out.push_str(language);
    out.push('\n');
    for line in text.split_terminator('\n') {
        out.push_str(indent);
        out.push_str(line);
        out.push('\n');
    }
    out.push_str(indent);
    out.push_str(&fence);
    out.push('\n');
}

fn longest_run(text: &str, of: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == of { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Edit;
    use crate::input::Form;
    use crate::rule::{Example, Words, words};
    use crate::{Kind, Parsed, policy};
    use proptest::prelude::*;

    static RULE: Rule = Rule {
        code: "STS-POL-900",
        name: "test",
        severity: Severity::Error,
        breaks_grammar: true,
        fix: Some(Applicability::Confirm),
        message: "The mode is {0} for `mx: {1}`, not <b>",
        words: words(Words {
            why: "Because of `_mta-sts` and *this*.",
            effect: "None.",
            help: "Nothing.",
            clause: "RFC 8461 §3.2: modes",
            fails: Example::policy(""),
            passes: None,
        }),
    };

    fn report(findings: Vec<Finding>) -> Report {
        let parsed = Parsed::Policy(policy::Values::default());
        Report {
            form: Form::Bare,
            artefacts: vec![Artefact { kind: Kind::Policy, parsed, findings }],
        }
    }

    #[test]
    fn a_finding_is_written_with_place_words_clause_and_fix() {
        let source = b"version: STSv1\nmode: a`@b`\n";
        let span = Span::new(21, 26);
        let mut finding = Finding::new(&RULE, span);
        finding
            .arg(Arg::Source(span))
            .arg(Arg::Text("*.example".into()))
            .confirm("Write `x`", vec![Edit::replace(span, "x")]);
        let out = markdown(&Input::new(source), &report(vec![finding]), "2026-11-21");
        let want = "- **Error** 2:7 `STS-POL-900` The mode is `` a`@b` `` for `mx: *.example`, not \\<b\\>\n  \
                    - Why: Because of `_mta-sts` and \\*this\\*.\n  \
                    - Effect: None.\n  \
                    - Do: Nothing.\n  \
                    - [RFC 8461 §3.2](https://www.rfc-editor.org/rfc/rfc8461#section-3.2): modes\n  \
                    - Fix (check first): Write `x`\n\n    \
                    ```diff\n    \
                    -mode: a`@b`\n    \
                    +mode: x\n    \
                    ```\n";
        assert!(out.contains(want), "{out}");
        assert!(out.contains(&format!("stslint {}, 2026-11-21.", env!("CARGO_PKG_VERSION"))));
        assert!(out.contains("```text\nversion: STSv1\nmode: a`@b`\n```\n"), "{out}");
    }

    #[test]
    fn a_code_leads_to_the_page_about_its_rule() {
        let out = linked(
            &Input::new(b"x"),
            &report(vec![Finding::new(&RULE, Span::at(0))]),
            "",
            Some("https://a.example/lint (2)/"),
        );
        let want = " [`STS-POL-900`](https://a.example/lint%20%282%29/rules/STS-POL-900.html) The ";
        assert!(out.contains(want), "{out}");
    }

    #[test]
    fn the_input_cannot_leave_its_block() {
        let source = b"````\r```\r\n<script>\0\xe2\x80\xae";
        let out = markdown(&Input::new(source), &report(Vec::new()), "");
        let block = "`````text\n````<U+000D>\n```\n<script><U+0000><U+202E>\n`````\n";
        assert!(out.ends_with(block), "{out}");
        assert!(out.contains("`<U+…>`"));
    }

    #[test]
    fn what_is_wrong_at_several_places_is_said_once() {
        let findings = (0..14).map(|at| Finding::new(&RULE, Span::at(at))).collect();
        let out = markdown(&Input::new(&[b'x'; 20]), &report(findings), "");
        assert_eq!(out.matches("**Error**").count(), 1);
        assert!(out.contains("\n  - 1:2 and here\n") && out.contains("\n  - and 3 more places\n"));
    }

    #[test]
    fn long_reports_are_cut() {
        let numbered = |number| {
            let mut finding = Finding::new(&RULE, Span::at(0));
            finding.arg(Arg::Number(number));
            finding
        };
        let findings = (0..203).map(numbered).collect();
        let source = "x".repeat(20_000);
        let out = markdown(&Input::new(source.as_bytes()), &report(findings), "");
        assert_eq!(out.matches("**Error**").count(), 200);
        assert!(out.contains("…and 3 more findings."));
        assert!(out.contains("Cut: the first 16384 of 20000 bytes."));
    }

    proptest! {
        #[test]
        fn no_input_becomes_active(
            parts in proptest::collection::vec(
                proptest::sample::select(vec![
                    &b"version: STSv1"[..], b"mode: ", b"enforce", b"mx: ", b"max_age: 86400", b"v=STSv1",
                    b"; ", b"id=", b"rua=", b"mailto:", b"<img src=x>", b"@a", b"`", b"```", b"](x)",
                    b"{0}", b"\r\n", b"\n", b"\r", b" ", b"\xff", b"\xc2\xa0", b"HTTP/1.1 200\r\n\r\n",
                    b"_mta-sts.a.example. IN TXT ", b"\"",
                ]),
                0..24,
            )
        ) {
            let source = parts.concat();
            let input = Input::new(&source);
            let report = crate::lint(&input);
            for note in crate::outline::outline(&input, &report).into_iter().flatten() {
                prop_assert!(note.span.start <= note.span.end && note.span.end <= source.len());
            }
            let out = markdown(&input, &report, "2026-11-21");
            // Outside of fences every `<` is escaped or in a code span on one line.
            let mut fence: Option<&str> = None;
            for line in out.lines() {
                let bare = line.trim_start();
                let ticks = &bare[..bare.len() - bare.trim_start_matches('`').len()];
                match fence {
                    Some(open) if bare == open => fence = None,
                    None if ticks.len() > 2 && !bare[ticks.len()..].contains('`') => fence = Some(ticks),
                    None => prop_assert!(!outside_code(line).contains("<img"), "{}", line),
                    Some(_) => {}
                }
            }
            prop_assert_eq!(fence, None);
        }
    }

    /// A line without its code spans and escaped characters.
    fn outside_code(line: &str) -> String {
        let mut out = String::new();
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            match c {
                '\\' => rest = rest.get(2..).unwrap_or(""),
                '`' => {
                    let run = rest.len() - rest.trim_start_matches('`').len();
                    let after = &rest[run..];
                    let close = (0..after.len()).find(|i| {
                        after.as_bytes()[*i..].iter().take_while(|b| **b == b'`').count() == run
                            && (*i == 0 || after.as_bytes()[i - 1] != b'`')
                    });
                    rest = close.map_or(after, |i| &after[i + run..]);
                }
                _ => {
                    out.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        out
    }
}
