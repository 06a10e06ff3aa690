//! The table as files for other programs.

use super::super::written;
use super::{DomainList, RowState, word};

/// The table as CSV (RFC 4180): the rows that are done.
pub(crate) fn csv(list: &DomainList) -> String {
    let mut out = String::from(
        "domain,result,summary,policy,tls_reports,dane,errors,warnings,checked,resolver\r\n",
    );
    for row in &list.rows {
        let RowState::Done(facts, summary) = &row.state else { continue };
        let time = facts.now.and_then(stslint::time::rfc3339).unwrap_or_default();
        let resolver = facts.resolver.clone().unwrap_or_default();
        let cells = [
            row.domain.clone(),
            summary.word().into(),
            summary.title.clone(),
            summary.policy().into(),
            word(summary.tlsrpt).into(),
            word(summary.dane).into(),
            summary.errors.to_string(),
            summary.warnings.to_string(),
            time,
            resolver,
        ];
        let cells: Vec<String> = cells.iter().map(|cell| csv_cell(cell)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

/// A cell that no spreadsheet takes for a formula.
fn csv_cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// The facts of all rows that are done, one domain on each line of an array.
pub(crate) fn json(list: &DomainList) -> String {
    let facts = list.rows.iter().filter_map(|row| match &row.state {
        RowState::Done(facts, _) => Some(written(facts)),
        _ => None,
    });
    format!("[\n{}\n]\n", facts.collect::<Vec<_>>().join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_text_in_every_spreadsheet() {
        assert_eq!(csv_cell("a.example"), "a.example");
        assert_eq!(csv_cell("say \"a, b\""), "\"say \"\"a, b\"\"\"");
        for formula in ["=1+1", "+1", "-1", "@a"] {
            assert_eq!(csv_cell(formula), format!("'{formula}"));
        }
    }
}
