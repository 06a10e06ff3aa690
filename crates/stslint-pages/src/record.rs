//! A record of all rules as plain text, so that a change of words, or of what an example raises, shows.

use std::fmt::Write as _;

use stslint::lint;
use stslint::registry::all;
use stslint::rule::Example;

use crate::input;

/// Lines of an example that are recorded.
const LINES: usize = 40;

/// Characters of a line that are recorded.
const WIDTH: usize = 160;

/// What all rules say, and their examples with what they raise.
pub fn record() -> String {
    let mut out = String::from("All rules, made by `cargo xtask rules`. A test compares.\n");
    for rule in all() {
        let words = rule.words();
        let fix = rule.fix.map(|fix| format!(", fix {fix:?}").to_lowercase()).unwrap_or_default();
        // A String takes any amount.
        let _ = write!(
            out,
            "\n{} {} {}{fix}\n{}\nwhy:    {}\neffect: {}\nhelp:   {}\nclause: {}\n",
            rule.code,
            rule.severity.word(),
            rule.name,
            rule.message,
            words.why,
            words.effect,
            words.help,
            words.clause
        );
        example(&mut out, "fails", &words.fails);
        if let Some(passes) = &words.passes {
            example(&mut out, "passes", passes);
        }
    }
    out
}

fn example(out: &mut String, what: &str, example: &Example) {
    let source = example.bytes();
    let report = lint(&input(example, &source));
    let codes: Vec<&str> = report.findings().map(|finding| finding.rule.code).collect();
    let about =
        [example.domain, example.file_name].map(|about| about.map(|about| format!(" {about}")));
    let about = about.map(Option::unwrap_or_default).concat();
    let raised = if codes.is_empty() { String::from("nothing") } else { codes.join(" ") };
    let _ = writeln!(out, "{what} ({}{about}) raises {raised}", example.declared.word());
    let text = String::from_utf8_lossy(&source);
    for line in text.split_inclusive('\n').take(LINES) {
        let visible = line.strip_suffix('\n').unwrap_or(line).chars().flat_map(visible);
        let line: String = visible.take(WIDTH).collect();
        let _ = writeln!(out, "  | {line}");
    }
    if text.len() > LINES * WIDTH || text.lines().count() > LINES {
        let _ = writeln!(out, "  … of {} bytes", source.len());
    }
}

/// A character as it is, or its escape if it can't be seen.
fn visible(c: char) -> impl Iterator<Item = char> {
    let quote = matches!(c, '"' | '\'' | '\\');
    quote.then_some(c).into_iter().chain((!quote).then(|| c.escape_debug()).into_iter().flatten())
}
