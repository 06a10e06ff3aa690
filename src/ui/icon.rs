use super::element::{El, el};
use stslint::finding::Severity;
use stslint::render::words::State;

/// The shape that stands for a severity. Shapes differ, so that colour is never needed.
pub(crate) fn severity_icon(severity: Severity) -> El {
    match severity {
        Severity::Error => cross(),
        Severity::Warning => triangle(),
        Severity::Advice => shape("M8 1.5 14.5 8 8 14.5 1.5 8Z", "M8 4.8v3.6M8 10.9v.2"),
        Severity::Info => shape(CIRCLE, "M8 7.2v4M8 4.7v.2"),
    }
}

/// The shape that stands for a verdict.
pub(crate) fn state_icon(state: State) -> El {
    match state {
        State::Good => shape(CIRCLE, "m5 8.3 2.1 2.1L11.2 6"),
        State::NotLinted => severity_icon(Severity::Info),
        State::Review => triangle(),
        State::Broken => cross(),
    }
}

/// The sign that stands for a verdict in plain text, with a space behind it.
pub(crate) const fn state_sign(state: State) -> &'static str {
    match state {
        State::Good => "✓ ",
        State::NotLinted => "",
        State::Review => "! ",
        State::Broken => "✗ ",
    }
}

const CIRCLE: &str = "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Z";

fn cross() -> El {
    shape("M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3Z", "m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8")
}

fn triangle() -> El {
    shape("M8 1.6 15 14.4H1Z", "M8 6.2v4M8 12.2v.2")
}

fn shape(outline: &'static str, sign: &'static str) -> El {
    el("svg")
        .class("icon")
        .attr("viewBox", "0 0 16 16")
        .attr("aria-hidden", "true")
        .attr("focusable", "false")
        .child(el("path").class("icon-outline").attr("d", outline))
        .child(el("path").class("icon-sign").attr("d", sign))
}
