//! Rules whose findings a link asks to set aside: by their codes, or what codes begin with. Pure.

use super::words::count;

/// Whether findings of a rule are set aside.
pub(crate) fn ignores(ignore: &[String], code: &str) -> bool {
    ignore.iter().any(|start| code.starts_with(&**start))
}

/// What was set aside, in words: nothing looks better than it is.
pub(crate) fn said(findings: usize, ignore: &[String]) -> String {
    let words = count(findings, "finding is ignored", "findings are ignored");
    format!("{words}, as the link asks for: {}", ignore.join(", "))
}
