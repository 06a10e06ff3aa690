//! Names that people give to the file of a policy by mistake.

use crate::finding::{Finding, Severity};
use crate::input::POLICY_FILE;
use crate::rule::{Example, Rule, Words, words};
use crate::text::Span;

/// The letters and digits of a name, in lower case.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether what has this name is to be the file of a policy: the name that policies have, or nearly so. Under some names
/// that are nearly right stand pages and notes; those say for themselves what they are.
pub(crate) fn names_policy(name: &str) -> bool {
    let plain = plain(name);
    ["mtaststxt", "mtaststxttxt", "mtststxt", "mtasttxt"].contains(&plain.as_str())
}

/// A name that people give to the file of a policy by mistake.
fn is_nearly(name: &str) -> bool {
    let others = ["mtasts", "mtaststext", "mtastshtml", "mtaststxthtml", "mtastsmd"];
    names_policy(name) || others.contains(&plain(name).as_str())
}

/// What to say of the name of a policy's file, if it is nearly the right one.
pub(crate) fn file_name(name: &str) -> Option<Finding> {
    (name != POLICY_FILE && is_nearly(name)).then(|| {
        let mut findings = Vec::new();
        Finding::add(&mut findings, &FILE_NAME, Span::at(0)).text(name.to_owned());
        findings.remove(0)
    })
}

/// What to say of an address of a policy whose path is nearly the right one.
pub(crate) fn address(source: &[u8]) -> Option<Finding> {
    let text = str::from_utf8(source).ok()?;
    let trimmed = text.trim();
    let at = text.len() - text.trim_start().len();
    let (_, rest) = trimmed.split_once("://")?;
    let path = rest.find('/').map(|slash| trimmed.len() - rest.len() + slash)?;
    let whole = &trimmed[path..];
    let end = whole.find(&['?', '#'][..]).unwrap_or(whole.len());
    let (folder, name) = whole[..end].rsplit_once('/')?;
    let meant = is_nearly(name)
        && (folder != "/.well-known" || name != POLICY_FILE)
        && !trimmed.contains(char::is_whitespace);
    meant.then(|| {
        let span = Span::new(at + path, at + path + end);
        let mut findings = Vec::new();
        Finding::add(&mut findings, &FILE_NAME, span).text(whole[..end].to_owned());
        findings.remove(0)
    })
}

pub(super) static FILE_NAME: Rule = Rule {
    code: "INPUT-006",
    name: "file-name",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is not what senders ask for; that is `/.well-known/mta-sts.txt`",
    words: words(Words {
        why: "Senders ask for exactly this path on the host `mta-sts` below the domain. Windows hides file extensions, so what \
          looks like `mta-sts.txt` may be `mta-sts.txt.txt`.",
        effect: "Published under another name, senders find no policy.",
        help: "Name the file `mta-sts.txt` and put it in the folder `.well-known`.",
        clause: "RFC 8461 §3.3: the policy is fetched from the path .well-known/mta-sts.txt",
        fails: Example::policy(GOOD).in_file("mta-sts.txt.txt"),
        passes: Some(Example::policy(GOOD).in_file("mta-sts.txt")),
    }),
};

/// A good policy, for examples.
const GOOD: &str =
    "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 1209600\r\n";

#[cfg(test)]
mod pictures {
    #[test]
    fn file_name() {
        crate::carets::policy().in_file("mta-sts.txt.txt").shows(
            r"
            version: STSv1
            | INPUT-006
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }
}
