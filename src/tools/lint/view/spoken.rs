use crate::state::State;
use crate::ui::icon::state_sign;

/// What to say about the text as it is.
pub(crate) fn spoken(state: &State) -> String {
    // What the larger build comes to say, it says itself; that it can't be loaded is an alert.
    if state.text.is_blank() || state.text.is_beyond() {
        return String::new();
    }
    if let Some(size) = state.text.too_big {
        return format!("The text is too big to check: {size} characters.");
    }
    if let Some(words) = state.chunks.check.loaded().and_then(|check| (check.spoken)(state)) {
        return words;
    }
    let analysis = &state.text.analysis;
    if let Some(item) = state.lint.current.filter(|_| !state.lint.reveal.in_list)
        && let Some(finding) = analysis.finding(item)
    {
        let line = analysis.position(finding.span.start).line;
        let message = finding.message(&state.text.linted.bytes);
        let (word, count) = (finding.rule.severity.word(), analysis.len());
        return format!("{word} {} of {count}, line {line}: {message}", item + 1);
    }
    format!("{} {}.", analysis.headline.title, analysis.summary)
}

/// The text and its state, for the title of the tab; none where there is none.
pub(crate) fn title(state: &State) -> Option<String> {
    let analysis = &state.text.analysis;
    if state.text.is_blank() || state.text.names_domains() {
        return None;
    }
    let kinds: Vec<&str> =
        analysis.report.artefacts.iter().map(|artefact| artefact.kind.title()).collect();
    if kinds.is_empty() {
        return None;
    }
    Some([state_sign(analysis.headline.state), &kinds.join(", ")].concat())
}
