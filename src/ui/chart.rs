//! Charts, drawn by hand. Places are parts of the width, so that nothing is stretched at any width. What they show stands in
//! a table beside each.

use super::element::{El, el};

/// What one bar stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bar {
    /// The time, in words.
    pub(crate) label: String,
    /// Sessions that kept to the policy; none in a chart of failures only.
    pub(crate) well: Option<u64>,
    /// Sessions that failed.
    pub(crate) failed: u64,
    /// Whether anything is known of this time.
    pub(crate) known: bool,
}

/// Heights of both panels and the room above each for its words, in pixels.
const FAILED: f64 = 52.0;
const WELL: f64 = 60.0;
const WORDS: f64 = 20.0;

/// The least height of a bar that stands for something, in pixels.
const LEAST: f64 = 3.0;

/// Sessions over time: those that failed above those that did not, each with a scale of its own, as few failures would not
/// be seen beside many sessions.
pub(crate) fn sessions(id: &str, title: &str, about: &str, bars: &[Bar]) -> El {
    let failed = bars.iter().map(|bar| bar.failed).max().unwrap_or(0);
    let well = bars.iter().filter_map(|bar| bar.well).max();
    let upper = if failed > 0 { WORDS + FAILED } else { WORDS };
    let whole = if well.is_some() { upper + WORDS + WELL } else { upper };
    let hatch = ["hatch-", id].concat();
    let mut chart = named(id, title, about)
        .class("chart")
        .set("height", (whole + 1.0).to_string())
        .child(pattern(&hatch));
    let said = match failed {
        0 => "No failures".to_owned(),
        most => format!("Failed: up to {most}"),
    };
    if well.is_some() && failed > 0 {
        chart = chart.child(base(upper));
    }
    chart = chart.child(base(whole));
    for (number, bar) in bars.iter().enumerate() {
        let place = Place::of(number, bars.len());
        let mut group = el("g").child(el("title").words(told(bar)));
        // The whole height answers to the pointer.
        group = group.child(place.rect(0.0, whole).class("bar-ground"));
        if bar.failed > 0 {
            let height = height(bar.failed, failed, FAILED);
            let rect = place.rect(upper - height, height).class("bar-failed");
            group = group.child(rect.set("fill", format!("url(#{hatch})")));
        }
        if let (Some(some @ 1..), Some(most)) = (bar.well, well) {
            let height = height(some, most, WELL);
            group = group.child(place.rect(whole - height, height).class("bar-well"));
        }
        if !bar.known {
            group = group.child(place.rect(whole - 1.0, 2.0).class("bar-unknown"));
        }
        chart = chart.child(group);
    }
    // Last: the ground of a bar that is pointed at would cover them.
    chart = chart.child(words(13.0, &said));
    match well {
        Some(well) => {
            chart.child(words(upper + 16.0, &format!("Kept to the policy: up to {well}")))
        }
        None => chart,
    }
}

/// A few numbers over time, in a line of text: what they are stands in `about`.
pub(crate) fn small(id: &str, about: &str, values: &[u64]) -> El {
    const HEIGHT: f64 = 22.0;
    let most = values.iter().copied().max().unwrap_or(0);
    let hatch = ["hatch-", id].concat();
    let mut chart = el("svg")
        .class("spark")
        .attr("role", "img")
        .set("aria-label", about.to_owned())
        .set("height", (HEIGHT + 1.0).to_string())
        .child(pattern(&hatch))
        .child(base(HEIGHT));
    for (number, value) in values.iter().enumerate().filter(|(_, value)| **value > 0) {
        let height = height(*value, most, HEIGHT);
        let rect = Place::of(number, values.len()).rect(HEIGHT - height, height);
        chart = chart.child(rect.class("bar-failed").set("fill", format!("url(#{hatch})")));
    }
    chart
}

/// A number as part of the largest, for a cell of a table that has the number as well.
pub(crate) fn share(value: u64, most: u64) -> El {
    let part = if most == 0 { 0.0 } else { value as f64 * 100.0 / most as f64 };
    el("svg")
        .class("share-bar")
        .attr("height", "8")
        .attr("aria-hidden", "true")
        .child(el("rect").class("bar-ground").attr("width", "100%").attr("height", "8"))
        .child(
            el("rect").class("bar-share").set("width", percent(part.max(1.0))).attr("height", "8"),
        )
}

/// An image with a title and a description.
fn named(id: &str, title: &str, about: &str) -> El {
    let (of_title, of_about) = ([id, "-title"].concat(), [id, "-about"].concat());
    el("svg")
        .attr("role", "img")
        .set("aria-labelledby", [&of_title, " ", &of_about].concat())
        .child(el("title").set("id", of_title).words(title.to_owned()))
        .child(el("desc").set("id", of_about).words(about.to_owned()))
}

/// Lines across, so that failures differ by more than colour.
fn pattern(id: &str) -> El {
    let line = el("path").class("hatch").attr("d", "M-1 1 1-1M0 6 6 0M5 7 7 5");
    let pattern = el("pattern")
        .set("id", id.to_owned())
        .attr("width", "6")
        .attr("height", "6")
        .attr("patternUnits", "userSpaceOnUse")
        .child(el("rect").class("hatch-ground").attr("width", "6").attr("height", "6"))
        .child(line);
    el("defs").child(pattern)
}

fn words(y: f64, words: &str) -> El {
    el("text").set("y", y.to_string()).words(words.to_owned())
}

fn base(y: f64) -> El {
    let y = (y + 0.5).to_string();
    el("line").class("base").attr("x2", "100%").set("y1", y.clone()).set("y2", y)
}

fn told(bar: &Bar) -> String {
    let Bar { label, well, failed, known } = bar;
    match (known, well) {
        (false, _) => format!("{label}: no report"),
        (true, None) => format!("{label}: {failed} failed"),
        (true, Some(well)) => format!("{label}: {failed} failed, {well} kept to the policy"),
    }
}

fn height(value: u64, most: u64, whole: f64) -> f64 {
    ((value as f64 / most.max(1) as f64 * whole).max(LEAST) * 10.0).round() / 10.0
}

fn percent(part: f64) -> String {
    format!("{part:.2}%")
}

/// Where a bar stands, in parts of a hundred of the width.
struct Place {
    left: f64,
    width: f64,
}

impl Place {
    fn of(number: usize, all: usize) -> Self {
        let step = 100.0 / all.max(1) as f64;
        // Few bars are no blocks.
        let width = (step * 0.82).min(6.0);
        Self { left: step * number as f64 + (step - width) / 2.0, width }
    }

    fn rect(&self, y: f64, height: f64) -> El {
        el("rect")
            .set("x", percent(self.left))
            .set("width", percent(self.width))
            .set("y", y.to_string())
            .set("height", height.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_in_their_order_and_are_never_too_low_to_see() {
        let places: Vec<Place> = (0..30).map(|number| Place::of(number, 30)).collect();
        assert!(places.windows(2).all(|pair| pair[0].left + pair[0].width < pair[1].left));
        assert!(places.iter().all(|place| place.left >= 0.0 && place.left + place.width <= 100.0));
        assert_eq!(height(1, 1_000_000, WELL), LEAST);
        assert_eq!(height(7, 7, WELL), WELL);
    }

    #[test]
    fn what_is_not_known_is_no_zero() {
        let bar = Bar { label: "2026-10-01".into(), ..Bar::default() };
        assert_eq!(told(&bar), "2026-10-01: no report");
        assert_eq!(
            told(&Bar { known: true, failed: 1, well: Some(2), ..bar.clone() }),
            "2026-10-01: 1 failed, 2 kept to the policy"
        );
        assert_eq!(told(&Bar { known: true, failed: 1, ..bar }), "2026-10-01: 1 failed");
    }
}
