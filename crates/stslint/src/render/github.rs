//! Annotations of GitHub Actions: one workflow command a line, which the runner shows at the place.
//!
//! The runner takes each line that starts with `::` for a command, so nothing that stems from an
//! input may start a line: line ends and what ends a property are escaped as the runner undoes it.

use super::Positions;
use crate::finding::Severity;
use crate::text::push_visible;
use crate::{Input, Report};

/// A command for each finding. `name` is the path of the file.
pub fn annotations(name: &str, input: &Input, report: &Report) -> String {
    let mut out = String::new();
    let positions = Positions::of(input.source, report);
    for finding in report.findings() {
        let rule = finding.rule;
        out.push_str(match rule.severity {
            Severity::Error => "::error file=",
            Severity::Warning => "::warning file=",
            Severity::Advice | Severity::Info => "::notice file=",
        });
        push_property(name, &mut out);
        let (start, end) = (positions.get(finding.span.start), positions.get(finding.span.end));
        // A place that ends with its line does not reach into the next.
        let ends_line = end.column == 1 && end.line > start.line;
        let last = end.line - usize::from(ends_line);
        out.push_str(&format!(",line={},endLine={last}", start.line));
        // Columns are for places on one line; with others the annotation is refused.
        if start.line == last {
            let column = if ends_line { start.column } else { end.column };
            out.push_str(&format!(",col={},endColumn={column}", start.column));
        }
        out.push_str(",title=");
        push_property(&format!("{} {}", rule.code, rule.name), &mut out);
        out.push_str("::");
        let message = finding.message(input.source);
        push_data(&message, &mut out);
        for (name, part) in [("Effect", rule.words().effect), ("Do", rule.words().help)] {
            out.push_str("%0A");
            push_data(&format!("{name}: {part}"), &mut out);
        }
        out.push('\n');
    }
    out
}

/// A command that says that an input can't be read, and why.
pub fn unreadable(name: &str, reason: &str) -> String {
    about(Severity::Error, "stslint", &[&format!("can't read {name}: {reason}")])
}

/// A command that says how many findings in a file are ignored.
pub fn ignored(name: &str, what: &str) -> String {
    about(Severity::Info, "stslint", &[&format!("{name}: ignored: {what}")])
}

/// A command about something that is no place in a file. Its lines may hold text from outside.
pub fn about(severity: Severity, title: &str, lines: &[&str]) -> String {
    let mut out = String::from(match severity {
        Severity::Error => "::error title=",
        Severity::Warning => "::warning title=",
        Severity::Advice | Severity::Info => "::notice title=",
    });
    push_property(title, &mut out);
    out.push_str("::");
    for (i, line) in lines.iter().enumerate() {
        out.push_str(if i == 0 { "" } else { "%0A" });
        push_data(line, &mut out);
    }
    out.push('\n');
    out
}

/// The text of a command. Characters that can't be seen are written as code points.
fn push_data(text: &str, out: &mut String) {
    for c in text.chars() {
        if c == '%' { out.push_str("%25") } else { push_visible(c, out) }
    }
}

/// The value of a property: exact, since the runner looks for the file, but for what would steer a terminal.
fn push_property(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            ':' => out.push_str("%3A"),
            ',' => out.push_str("%2C"),
            c if c.is_control() => push_visible(c, out),
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_finding_is_one_command() {
        let source = b"version: STSv1\nmode: En%force\n";
        let report = crate::lint(&Input::new(source));
        let out = annotations("a,b:c%.txt", &Input::new(source), &report);
        let want = "::error file=a%2Cb%3Ac%25.txt,line=2,endLine=2,col=7,endColumn=15,\
                    title=STS-POL-051 mode-invalid::`En%25force` is ";
        assert!(out.lines().any(|line| line.starts_with(want)), "{out}");
        // The place is the end of the line.
        let crlf = "line=1,endLine=1,col=15,endColumn=15,title=STS-POL-021 line-endings-not-crlf::";
        assert!(out.contains(crlf), "{out}");
        assert_eq!(out.lines().count(), report.findings().count());
        let advice = out.lines().filter(|line| line.starts_with("::notice ")).count();
        assert!(out.lines().all(|line| line.contains("%0A")) && advice < out.lines().count());
    }

    proptest! {
        #[test]
        fn no_input_makes_a_second_command(
            name in proptest::collection::vec(
                proptest::sample::select(vec!["a", "\n", "\r", "::error::x", ",", ":", "%0A", "::", "\u{2028}"]),
                0..6,
            ),
            parts in proptest::collection::vec(
                proptest::sample::select(vec![
                    &b"version: STSv1"[..], b"mode: ", b"mx: ", b"max_age: 1", b"v=STSv1; id=",
                    b"\r\n::stop-commands::x\r\n", b"\n", b"\r", b"%0A::error::x", b"##[error]x", b"\xff",
                    b"\xc2\x85", b"\xe2\x80\xa8", b"{\"a\":\"\\n::error::x\"",
                ]),
                0..16,
            )
        ) {
            let source = parts.concat();
            let input = Input::new(&source);
            let report = crate::lint(&input);
            let mut out = annotations(&name.concat(), &input, &report);
            out.push_str(&unreadable(&name.concat(), &name.concat()));
            // The runner's own line ends are CR, LF and CR LF.
            let lines: Vec<&str> = out.split_terminator(['\r', '\n']).collect();
            prop_assert_eq!(lines.len(), report.findings().count() + 1);
            for line in lines {
                let (properties, text) = line[2..].split_once("::").expect("a command");
                let level = properties.split(' ').next();
                prop_assert!(matches!(level, Some("error" | "warning" | "notice")), "{}", line);
                // What the runner undoes: only escapes of ours are left.
                for escape in text.split('%').skip(1).chain(properties.split('%').skip(1)) {
                    let known = ["0A", "0D", "25", "2C", "3A"];
                    prop_assert!(known.iter().any(|known| escape.starts_with(known)), "{}", line);
                }
            }
        }
    }
}
