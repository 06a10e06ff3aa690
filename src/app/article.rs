use crate::request::{Article, Request};
use crate::route::Route;
use crate::state::{State, View};
use crate::ui::element::{button, el};
use yew::Html;

/// What is read in place of the text, with the way back to it.
pub(crate) fn article(view: View) -> Html {
    let Some(article) = view.state.article else { return el("div").flag("hidden", true).into() };
    let title = el("h2").attr("id", "article-title").attr("tabindex", "-1");
    let back = button(way_back(view.state), view.act(Request::Leave));
    let chunks = &view.state.chunks;
    let (reports, rules) = (chunks.reports.loaded(), chunks.rules.loaded());
    let (senders, share) = (chunks.senders.loaded(), chunks.share.loaded());
    let build = chunks.build.loaded();
    // With a key: it is never made of another one's content.
    let body = match article {
        Article::Examples => el("div").key("examples").maybe(share.map(|share| (share.examples)())),
        Article::Reports => {
            el("div").key("reports").maybe(reports.map(|reports| (reports.view)(view)))
        }
        Article::Rule(code) => {
            el("div").key(code).maybe(rules.map(|rules| (rules.rule)(code, view)))
        }
        Article::Rules => el("div").key("rules").maybe(rules.map(|rules| (rules.list)(view))),
        Article::Plan => el("div").key("plan").maybe(build.map(|build| (build.plan)(view))),
        Article::Setup => el("div").key("setup").maybe(build.map(|build| (build.view)(view))),
        Article::Senders => {
            el("div").key("senders").maybe(senders.map(|senders| (senders.view)(view)))
        }
    };
    let head = el("div").class("section-head").key("head");
    el("div").child(head.child(title.text(article.title())).child(back)).child(body).into()
}

fn way_back(state: &State) -> &'static str {
    match state.places.route {
        Route::Desk(_) => "Back to the check",
        Route::List => "Back to the list",
        _ if state.text.is_blank() => "To the start",
        _ => "Back to the text",
    }
}
