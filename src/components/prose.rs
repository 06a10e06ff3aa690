use yew::prelude::*;

/// Words of the engine, where code stands between backticks.
pub(crate) fn prose(text: &str) -> Html {
    let parts = text.split('`').enumerate().map(|(i, part)| match i % 2 {
        0 => html! { { part.to_owned() } },
        _ => html! { <code>{ part.to_owned() }</code> },
    });
    html! { <>{ for parts }</> }
}

/// A number with a word for what is counted.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A size in MiB, with one decimal.
pub(crate) fn mib(bytes: usize) -> String {
    let tenths = bytes.div_ceil(104_858);
    format!("{}.{} MiB", tenths / 10, tenths % 10)
}
