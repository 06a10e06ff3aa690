use super::examples;
use crate::ui::element::{El, el, link};
use stslint::examples::Group;

/// The examples: links, so that they work before the page has started, too.
pub(crate) fn example_list() -> El {
    el("div")
        .class("examples")
        .child(el("h3").text("What goes wrong"))
        .child(list(Group::Mistake))
        .child(el("h3").text("What works"))
        .child(list(Group::Good))
}

fn list(group: Group) -> El {
    let mut list = el("ul");
    for entry in examples::all().filter(|entry| entry.0.group == group) {
        let item = el("li").key(entry.0.title).child(link(entry.href(), entry.0.title));
        list = list.child(item.child(el("span").text(entry.0.about)));
    }
    list
}
