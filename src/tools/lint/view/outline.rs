use crate::state::State;
use crate::ui::element::{El, el};
use crate::ui::words::prose;
use stslint::Kind;
use stslint::outline::Note;

/// Parts that are listed; a policy with more has its own problems.
const LISTED: usize = 60;

/// What each part of the text means for senders.
pub(crate) fn outline(state: &State) -> El {
    let outline = &state.text.analysis.outline;
    let section = el("section").class("outline");
    // The commands for a domain stand in the verdict.
    let linted = state.text.analysis.report.artefacts.iter().any(|a| a.verdict().is_some());
    if state.text.is_blank() || state.text.too_big.is_some() || !linted || outline.is_empty() {
        return section;
    }
    let title = el("h2").key("title").attr("id", "outline-title").text("What it says");
    let mut section = section.attr("aria-labelledby", "outline-title").child(title);
    for (i, (kind, notes)) in outline.iter().enumerate() {
        section = section.child(artefact(*kind, notes, outline.len() > 1).number(i));
    }
    section
}

fn artefact(kind: Kind, notes: &[Note], named: bool) -> El {
    let mut parts = el("dl").class("parts");
    for (i, note) in notes.iter().take(LISTED).enumerate() {
        let value = el("strong").words(note.part.value());
        let part = el("div").class("part").number(i);
        let part = part.child(el("dt").child(el("code").words(note.part.title().to_owned())));
        parts =
            parts.child(part.child(el("dd").child(value).child(prose("span", &note.part.text()))));
    }
    let more = notes.len().saturating_sub(LISTED);
    el("div")
        .maybe(named.then(|| el("h3").text(kind.title())))
        .child(parts)
        .maybe((more > 0).then(|| el("p").class("hint").words(format!("… and {more} more"))))
}
