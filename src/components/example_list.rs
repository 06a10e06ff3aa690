use crate::examples;
use stslint::examples::Group;
use yew::prelude::*;

/// The examples: links, so that they work before the page has started, too.
pub(crate) fn example_list() -> Html {
    let list = |group: Group| {
        examples::all().filter(move |entry| entry.0.group == group).map(|entry| {
            html! {
                <li key={entry.0.title}>
                    <a href={entry.href()}>{ entry.0.title }</a>
                    <span>{ entry.0.about }</span>
                </li>
            }
        })
    };
    html! {
        <div class="examples">
            <h3 key="mistakes">{ "What goes wrong" }</h3>
            <ul key="mistakes-list">{ for list(Group::Mistake) }</ul>
            <h3 key="good">{ "What works" }</h3>
            <ul key="good-list">{ for list(Group::Good) }</ul>
        </div>
    }
}
