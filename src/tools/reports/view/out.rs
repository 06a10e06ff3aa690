//! The ways out: files for other programs, a summary for people, and a link.

use super::board::{BoardProps, STEP};
use crate::browser::{self, stream};
use crate::request::{Notice, Request};
use crate::route::Route;
use crate::tools::reports::state::Action;
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, Handler, button, el, handler, labelled};
use crate::ui::words::count;
use js_sys::Array;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::iter;
use std::rc::Rc;
use stslint::render::aggregate::{CSV_HEAD, csv_row, markdown};
use stslint::render::aggregate_json::Document;
use stslint::report::aggregate::{Aggregate, Day, Filter, Look, Row, Scope, Totals};
use stslint::report::readiness::Readiness;
use stslint::share::{self, MAX_FRAGMENT, MAX_SOURCE, Shared};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, HtmlInputElement};
use yew::{Callback, TargetCast};

/// Pieces of so many bytes go to the browser, which may put them on a disk.
const PIECE: usize = 1 << 20;

/// A file to save.
#[derive(Clone, Copy)]
enum Format {
    Csv,
    Json,
    Markdown,
    Ndjson,
}

/// Each with its label, name, media type and what it holds.
const FORMATS: [(Format, &str, &str, &str, &str); 4] = [
    (
        Format::Csv,
        "CSV",
        "tls-reports.csv",
        "text/csv",
        "A row for each report, policy and way to fail, for spreadsheets.",
    ),
    (
        Format::Ndjson,
        "NDJSON",
        "tls-reports.ndjson",
        "application/x-ndjson",
        "The same rows as JSON, one per line, for databases.",
    ),
    (
        Format::Json,
        "JSON",
        "tls-reports.json",
        "application/json",
        "The totals shown here, for programs.",
    ),
    (
        Format::Markdown,
        "Markdown",
        "tls-reports.md",
        "text/markdown",
        "A summary for tickets and mails.",
    ),
];

/// Saving and sharing, of what the filter lets through.
pub(super) fn section(totals: &Totals, props: &BoardProps) -> El {
    let mut list = el("ul").class("formats");
    for (format, label, name, media_type, about) in FORMATS {
        let save = save(format, name, media_type, props);
        let save = labelled(format!("Save {label}"), save);
        list =
            list.child(el("li").key(label).child(save).child(el("span").class("hint").text(about)));
    }
    let narrowed = props.filter != Filter::default();
    let note = match narrowed {
        true => "Files hold what the filter lets through.",
        false => "",
    };
    el("section")
        .class("out")
        .attr("aria-label", "Save or share")
        .child(el("h3").text("Save or share"))
        .child(list)
        .child(el("p").class("hint").flag("hidden", !narrowed).text(note))
        .child(link(totals, props))
}

/// A file's text, piece by piece; some are empty. Each takes no more than a moment.
fn text<'a>(
    format: Format,
    aggregate: &'a Aggregate,
    filter: &'a Filter,
    today: Day,
) -> Box<dyn Iterator<Item = String> + 'a> {
    let rows = aggregate.rows_by_report(filter);
    match format {
        Format::Csv => {
            let rows = rows.map(|rows| rows.map(|row| csv_row(&row)).collect());
            Box::new(iter::once(CSV_HEAD.to_owned()).chain(rows))
        }
        // A row and totals hold nothing that JSON can't say.
        Format::Ndjson => {
            let line = |row: Row| serde_json::to_string(&row).unwrap_or_default() + "\n";
            Box::new(rows.map(move |rows| rows.map(line).collect()))
        }
        Format::Json => summary(aggregate, filter, today, |totals, ready| {
            let document = Document::new(&totals).with_ready(&ready);
            serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
        }),
        Format::Markdown => summary(aggregate, filter, today, move |totals, ready| {
            markdown(&totals, &ready, Some(today))
        }),
    }
}

/// The text of totals, behind empty pieces for the reports on the way to them.
fn summary<'a>(
    aggregate: &'a Aggregate,
    filter: &'a Filter,
    today: Day,
    words: impl Fn(Totals<'a>, BTreeMap<&'a str, Readiness<'a>>) -> String + 'a,
) -> Box<dyn Iterator<Item = String> + 'a> {
    let mut look = Look::new([filter.clone()]).with_readiness(None, today);
    let looks = iter::from_fn(move || {
        if look.is_done() {
            return None;
        }
        Some(if look.go_on(aggregate, STEP) {
            let seen = aggregate.seen(&look);
            words(seen.totals(filter), seen.readiness_of_each(today))
        } else {
            String::new()
        })
    });
    Box::new(looks)
}

/// Writes a file without holding up the page, and gives its pieces. `lasts` is called once where it takes longer.
async fn written(
    text: impl Iterator<Item = String>,
    lasts: impl FnOnce(),
) -> Result<Array, JsValue> {
    let (pieces, mut piece, mut lasts) = (Array::new(), String::new(), Some(lasts));
    let mut begun = browser::now();
    for text in text {
        piece += &text;
        if piece.len() >= PIECE {
            pieces.push(browser::piece(&piece)?.as_ref());
            piece.clear();
        }
        if browser::held_since(begun) {
            if let Some(lasts) = lasts.take() {
                lasts();
            }
            browser::pause().await;
            begun = browser::now();
        }
    }
    pieces.push(browser::piece(&piece)?.as_ref());
    Ok(pieces)
}

fn save(
    format: Format,
    name: &'static str,
    media_type: &'static str,
    props: &BoardProps,
) -> Handler {
    let (read, filter, today) = (Rc::clone(&props.read.0), props.filter.clone(), props.today);
    let (dispatcher, busy) = (props.dispatcher.clone(), Rc::new(Cell::new(false)));
    handler(move |_| {
        if busy.replace(true) {
            return;
        }
        let (read, filter, dispatcher) = (Rc::clone(&read), filter.clone(), dispatcher.clone());
        let busy = Rc::clone(&busy);
        spawn_local(async move {
            let text = text(format, &read.aggregate, &filter, today);
            let says = || dispatcher.emit(Action::Busy(format!("Writing {name}\u{a0}…")).into());
            let pieces = written(text, says).await;
            dispatcher.emit(Action::Busy(String::new()).into());
            busy.set(false);
            let saved = pieces.and_then(|it| browser::download_pieces(name, media_type, &it));
            if saved.is_err() {
                let words = "The browser refused the download.";
                dispatcher.emit(Request::Notice(Notice::problem(words)).into());
            }
        });
    })
}

/// A link that carries what reports come to.
fn link(totals: &Totals, props: &BoardProps) -> El {
    let dispatcher = props.dispatcher.clone();
    let chosen = move |event: Event| {
        let checked = event.target_unchecked_into::<HtmlInputElement>().checked();
        dispatcher.emit(Action::Sources(checked).into());
    };
    let tick = el("input")
        .attr("type", "checkbox")
        .attr("id", "reports-sources")
        .checked(props.sources)
        .on("change", Rc::new(chosen));
    let label = el("label")
        .attr("for", "reports-sources")
        .text("With the addresses that sessions came from, and the words of reporters");
    let (read, dispatcher) = (Rc::clone(&props.read.0), props.dispatcher.clone());
    let scope = if props.sources { Scope::WithSources } else { Scope::WithoutSources };
    let make = handler(move |_| {
        let (read, dispatcher) = (Rc::clone(&read), dispatcher.clone());
        spawn_local(async move {
            let link = packed(&read.aggregate, scope).await;
            let sources = scope == Scope::WithSources;
            dispatcher.emit(Action::Link(link, read.aggregate.len(), sources).into());
        });
    });
    let make = button("Make a link", make);
    let about = format!(
        "It carries what {} come to: who reports, days, domains, mail servers and their addresses, numbers, policies. Not the reports. It stands after #, \
         which browsers send to no server; whoever has the link can read it.",
        count(props.read.0.aggregate.len(), "report", "reports"),
    );
    let made = match &props.link {
        None => el("div").flag("hidden", true),
        Some(Err(why)) => el("p").class("problem").attr("role", "alert").text(why),
        Some(Ok(link)) => made(link),
    };
    el("div")
        .class("link")
        .flag("hidden", totals.reports == 0)
        .child(el("p").class("check").child(tick).child(label))
        .child(el("div").class("buttons").child(make))
        .child(el("p").class("hint").words(about))
        .child(made)
}

fn made(link: &Rc<str>) -> El {
    let characters = link.chars().count();
    let advice = share::length_advice(characters).unwrap_or_default();
    let copied = Rc::clone(link);
    el("div")
        .class("made share")
        .child(
            el("textarea")
                .attr("readonly", "")
                .attr("rows", "4")
                .attr("aria-label", "Link")
                .attr("spellcheck", "false")
                .value(link.to_string()),
        )
        .child(
            el("div")
                .class("section-head")
                .child(el("p").class("hint").words(format!("{characters} characters. {advice}")))
                .child(copy_button(
                    "Copy the link",
                    true,
                    Callback::from(move |()| copied.to_string()),
                )),
        )
}

/// The address of the page with what reports come to in it.
async fn packed(aggregate: &Aggregate, scope: Scope) -> Result<Rc<str>, &'static str> {
    const TOO_MUCH: &str = "That is too much for a link, which can carry 1 MiB. Give fewer reports, or save the JSON and send that.";
    let bytes = aggregate.to_bytes(scope);
    if bytes.len() > MAX_SOURCE {
        return Err(TOO_MUCH);
    }
    let body = stream::pack(&bytes).await.map_err(|_| {
        "This browser can’t pack data into links (it has no CompressionStream). Update it, or save the Markdown."
    })?;
    let fragment = share::encode(&Shared { reports: true, body: Some(body), ..Shared::default() });
    if fragment.len() > MAX_FRAGMENT {
        return Err(TOO_MUCH);
    }
    Ok((browser::page_address() + &Route::Shared(fragment).fragment()).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use stslint::report::content;

    fn aggregate() -> Aggregate {
        let report = r#"{"organization-name":"G","report-id":"1","date-range":{"start-datetime":"2026-10-18T00:00:00Z"},"policies":[
            {"policy":{"policy-type":"sts","policy-domain":"a.example","policy-string":["mode: testing"]},"summary":
            {"total-successful-session-count":4,"total-failure-session-count":3},"failure-details":[{"result-type":
            "certificate-expired","receiving-mx-hostname":"mx.a.example","sending-mta-ip":"192.0.2.1","failed-session-count":1}]},
            {"policy":{"policy-type":"tlsa","policy-domain":"a.example"},"summary":{"total-successful-session-count":7}}]}"#;
        let mut all = Aggregate::default();
        all.add(&content(report).expect("a report"), &[]);
        all
    }

    fn of(format: Format, filter: &Filter) -> String {
        text(format, &aggregate(), filter, Day(20_745)).collect()
    }

    #[test]
    fn rows_are_those_of_the_command_without_what_is_not_kept() {
        let csv = of(Format::Csv, &Filter::default());
        let lines: Vec<&str> = csv.lines().collect();
        assert!(lines[0].starts_with("organization,contact,report_id"));
        assert_eq!(
            lines[1..],
            [
                "G,,,,,2026-10-18,0,sts,a.example,a.example,testing,4,3,true,,2,,,,,,",
                "G,,,,,2026-10-18,0,sts,a.example,a.example,testing,4,3,true,certificate-expired,1,mx.a.example,,,192.0.2.1,,",
                "G,,,,,2026-10-18,1,tlsa,a.example,a.example,,7,,false,,,,,,,,",
            ]
        );
        let ndjson = of(Format::Ndjson, &Filter::default());
        assert_eq!(ndjson.lines().count(), 3);
        assert!(
            ndjson.lines().all(|line| line.starts_with('{') && line.ends_with('}')),
            "{ndjson}"
        );
    }

    #[test]
    fn files_follow_the_filter() {
        let cause = Filter { cause: Some(stslint::report::Cause::Unsaid), ..Filter::default() };
        assert_eq!(of(Format::Ndjson, &cause).lines().count(), 1);
        // Nor does a policy without failures from there have a row.
        let address = Filter { address: Some("192.0.2.1".into()), ..Filter::default() };
        assert_eq!(of(Format::Ndjson, &address).lines().count(), 1);
        let none = Filter { domain: Some("b.example".into()), ..Filter::default() };
        assert_eq!(of(Format::Csv, &none).lines().count(), 1);
        assert!(of(Format::Json, &none).contains("\"domains\": []"));
        assert!(of(Format::Markdown, &Filter::default()).contains("Certificate expired"));
    }
}
