//! Rows of reports as CSV (RFC 4180).
//!
//! Reports are written by anybody, and spreadsheets run what begins like a formula. Such a text gets an apostrophe in front. A
//! terminal obeys control characters: they are written visibly, but for tabs and line ends.

use crate::report::aggregate::Row;
use crate::text::push_visible;
use crate::time::rfc3339;

/// The first line: the names of the columns, which are those of the JSON rows.
pub const HEAD: &str = "organization,contact,report_id,start,end,day,policy,kind,domain,policy_domain,mode,success,failure,\
failed,result_type,sessions,mx,helo,receiving_ip,sending_ip,reason,more\r\n";

/// A row with its line end.
pub fn row(row: &Row) -> String {
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    let failed = row.failed.as_ref();
    let cells = [
        row.organization.as_deref().map(cell),
        row.contact.as_deref().map(cell),
        row.report_id.as_deref().map(cell),
        row.start.and_then(rfc3339),
        row.end.and_then(rfc3339),
        row.day.map(|day| day.to_string()),
        row.policy.map(|policy| policy.to_string()),
        row.kind.map(|kind| kind.word().to_owned()),
        row.domain.as_deref().map(cell),
        row.policy_domain.as_deref().map(cell),
        row.mode.map(|mode| mode.word().to_owned()),
        number(row.success),
        number(row.failure),
        Some(failed.is_some().to_string()),
        failed.and_then(|failed| failed.result_type.as_deref()).map(cell),
        number(failed.and_then(|failed| failed.sessions)),
        failed.and_then(|failed| failed.mx.as_deref()).map(cell),
        failed.and_then(|failed| failed.helo.as_deref()).map(cell),
        failed.and_then(|failed| failed.receiving_ip).map(|ip| ip.to_string()),
        failed.and_then(|failed| failed.sending_ip).map(|ip| ip.to_string()),
        failed.and_then(|failed| failed.reason.as_deref()).map(cell),
        failed.and_then(|failed| failed.more.as_deref()).map(cell),
    ];
    cells.map(Option::unwrap_or_default).join(",") + "\r\n"
}

/// A text in a cell: no formula, nothing unseen, and in quotes where it has to be.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let mut seen = String::from(if formula { "'" } else { "" });
    for c in text.chars() {
        match c {
            '\t' | '\r' | '\n' => seen.push(c),
            _ => push_visible(c, &mut seen),
        }
    }
    let text = seen;
    match text.contains([',', '"', '\r', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_no_formulas_and_stay_in_their_place() {
        for (text, wanted) in [
            ("Google Inc.", "Google Inc."),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\t=1", "'\t=1"),
            ("a\r\nb", "\"a\r\nb\""),
            ("\u{1b}]0;x\u{7}\u{9b}31m\u{202e},", "\"<U+001B>]0;x<U+0007><U+009B>31m<U+202E>,\""),
        ] {
            assert_eq!(cell(text), wanted);
        }
    }

    #[test]
    fn a_row_has_as_many_cells_as_the_head() {
        let text = r#"{"organization-name":"=1,2","date-range":{"start-datetime":"2026-10-01T00:00:00Z","end-datetime":
            "2026-10-02T00:00:00Z"},"report-id":"7","policies":[{"policy":{"policy-type":"sts","policy-domain":"a.example"},
            "summary":{"total-successful-session-count":1,"total-failure-session-count":2}}]}"#;
        let content = crate::report::content(text).expect("a report");
        let rows: Vec<String> =
            crate::report::aggregate::rows(&content).map(|row| super::row(&row)).collect();
        let wanted = "\"'=1,2\",,7,2026-10-01T00:00:00Z,2026-10-02T00:00:00Z,2026-10-01,0,sts,a.example,a.example,,1,2,true,,2,,,,,,\r\n";
        assert_eq!(rows, [wanted]);
        // A comma is in the first cell.
        assert_eq!(HEAD.matches(',').count() + 1, wanted.matches(',').count());
    }
}
