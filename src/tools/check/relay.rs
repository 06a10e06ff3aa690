//! A relay looks at policy hosts, and at mail hosts where it offers that, for pages that may not
//! (`stslint serve`). It tells facts; what they come to is the engine's business.

use super::state::Action;
use super::state::settings::{Relay, Settings, relay_address};
use crate::browser;
use crate::browser::network::{Get, Got, Nothing, get};
use crate::state::Dispatcher;
use serde_json::value::RawValue;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use stslint::live::check::{Ask, Reply};
use stslint::live::facts::{Fact, Facts, Hidden, Peer, Reason};
use stslint::live::read;
use stslint::render::live::hidden;
use stslint::text::visible;
use stslint_doh::relay::{About, Look, Problem, VERSION, What};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::AbortController;

/// How long a relay may take, in seconds: a little more than it gives a policy host.
const PATIENCE: u32 = 75;

/// Most bytes of its words that are shown.
const WORDS: usize = 200;

/// Most bytes of an answer: a policy of 64 KiB in base64, and a list of mail hosts.
const LIMIT: usize = 512 * 1024;

/// What is told of all mail hosts of a domain at once, while it is on its way.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers(Rc<RefCell<BTreeMap<String, Joined>>>);

/// One answer that several wait for.
#[derive(Clone, Debug)]
struct Joined {
    /// Says when it is there.
    arrival: js_sys::Promise,
    answer: Rc<OnceCell<Result<Rc<Facts>, Silence>>>,
}

/// Why a relay told nothing.
#[derive(Clone, Debug)]
pub(super) struct Silence {
    /// What that means for what was asked.
    pub(super) why: Hidden,
    /// Whether it wants to be asked again, and after how many seconds if it says so.
    pub(super) again: Option<Option<u32>>,
}

impl Relay {
    /// Whose it is, for people.
    pub(super) fn name(&self) -> Rc<str> {
        let by = match &*self.operator {
            "" => String::new(),
            operator => format!(", run by {operator}"),
        };
        match self.own {
            true => format!("the relay of this page{by}").into(),
            false => format!("the relay at {}{by}", self.url).into(),
        }
    }
}

/// Asks a relay about the policy host or a mail host of a domain.
pub(super) async fn look(
    answers: &Answers,
    relay: &Relay,
    domain: &str,
    ask: &Ask,
    controller: &AbortController,
) -> Result<Reply, Silence> {
    let unknown = |fact: Option<&Reason>| {
        let why = match fact {
            Some(Reason::NotObservable(why)) => Hidden::Told(shown(&hidden(why))),
            Some(Reason::Limit) => Hidden::RelayLimit,
            _ => Hidden::RelaySilent,
        };
        Ok(Reply::NotObservable(why))
    };
    match ask {
        Ask::Fetch { .. } => {
            let url = address(relay, What::Policy, domain);
            let facts = facts(&ask_relay(&url, controller).await?, domain)?;
            match facts.fetch {
                Fact::Known(fetch) => Ok(Reply::Fetch(fetch)),
                Fact::Unknown(reason) => unknown(Some(&reason)),
            }
        }
        Ask::Smtp { host } => {
            let url = address(relay, What::Mx, domain);
            let facts = joined(answers, url, domain, controller).await?;
            match facts.hosts.get(host).map(|host| &host.smtp) {
                Some(Fact::Known(smtp)) => Ok(Reply::Smtp(smtp.clone())),
                other => unknown(other.and_then(Fact::reason)),
            }
        }
        Ask::Dns { .. } => unknown(None),
    }
}

fn address(relay: &Relay, what: What, domain: &str) -> String {
    format!("{}relay/v1/{}?domain={domain}", relay.url, what.word())
}

/// One request for all who ask the same while it is on its way.
async fn joined(
    answers: &Answers,
    url: String,
    domain: &str,
    controller: &AbortController,
) -> Result<Rc<Facts>, Silence> {
    let known = answers.0.borrow().get(&url).cloned();
    let joined = known.unwrap_or_else(|| {
        let answer = Rc::new(OnceCell::new());
        let (here, all, controller) = (Rc::clone(&answer), answers.clone(), controller.clone());
        let (asked, domain) = (url.clone(), domain.to_owned());
        let arrival = future_to_promise(async move {
            let came = ask_relay(&asked, &controller).await;
            let came = came.and_then(|text| facts(&text, &domain)).map(Rc::new);
            all.0.borrow_mut().remove(&asked);
            here.get_or_init(|| came);
            Ok(JsValue::UNDEFINED)
        });
        let joined = Joined { arrival, answer };
        answers.0.borrow_mut().insert(url, joined.clone());
        joined
    });
    // It never fails: what came is in the cell.
    let _ = JsFuture::from(joined.arrival).await;
    let lost = || Silence { why: Hidden::RelaySilent, again: None };
    joined.answer.get().cloned().unwrap_or_else(|| Err(lost()))
}

/// The body of a relay's answer.
async fn ask_relay(url: &str, controller: &AbortController) -> Result<String, Silence> {
    let silent = |why| Silence { why, again: None };
    let accept = "application/json";
    let request = Get { url, accept, limit: LIMIT, seconds: PATIENCE, follow: false };
    let got = get(request, controller).await.map_err(|nothing| {
        silent(match nothing {
            Nothing::Offline => Hidden::Offline,
            Nothing::TooLong => Hidden::Late(Peer::Relay, PATIENCE),
            Nothing::Redirect | Nothing::Unreadable => Hidden::Unreadable(Peer::Relay),
        })
    })?;
    let text = String::from_utf8_lossy(&got.body).into_owned();
    if got.status == 200 {
        return Ok(text);
    }
    Err(problem(&got, &text))
}

/// What a relay says instead of looking.
fn problem(got: &Got, text: &str) -> Silence {
    let told: Option<Problem> = serde_json::from_str(text).ok();
    let why = match &told {
        Some(problem) => Hidden::RelayRefuses(shown(&problem.detail)),
        None => Hidden::RelayStatus(got.status),
    };
    let told = told.filter(|_| matches!(got.status, 429 | 503));
    Silence { why, again: told.map(|problem| problem.retry_after) }
}

/// The facts in a relay's answer about a domain. What it says of another one is worth nothing for this.
fn facts(text: &str, domain: &str) -> Result<Facts, Silence> {
    let silent = || Silence { why: Hidden::RelayForeign, again: None };
    let look: Look<&RawValue> = serde_json::from_str(text).map_err(|_| silent())?;
    if look.relay != VERSION {
        return Err(silent());
    }
    let facts = read(look.facts.get()).map_err(|_| silent())?;
    if look.domain != domain || facts.domain != domain {
        let why = Hidden::Told("the relay’s answer is about another domain".into());
        return Err(Silence { why, again: None });
    }
    Ok(facts)
}

/// Foreign words as a person may read them, and not too many.
fn shown(text: &str) -> String {
    visible(&text[..text.floor_char_boundary(WORDS)])
}

/// The relay that the page came from, as the server wrote into it.
pub(super) fn own() -> Option<Relay> {
    let (offers, operator) = browser::own_relay()?;
    Some(Relay {
        url: browser::home().into(),
        own: true,
        mx: offers.split(' ').any(|offer| offer == What::Mx.word()),
        operator: shown(&operator).into(),
    })
}

/// Gets to know the relay that the settings name, and takes the settings over.
pub(super) fn meet(dispatcher: &Dispatcher, settings: Settings) {
    let Some(url) = relay_address(&settings.relay_text) else {
        let settings = Settings { relay: own(), relay_problem: None, ..settings };
        return dispatcher.emit(Action::Settings(settings).into());
    };
    let waiting =
        Settings { relay: None, relay_problem: Some("it is being asked".into()), ..settings };
    dispatcher.emit(Action::Settings(waiting.clone()).into());
    let dispatcher = dispatcher.clone();
    spawn_local(async move {
        let settings = match introduced(&url).await {
            Ok(relay) => Settings { relay: Some(relay), relay_problem: None, ..waiting },
            Err(why) => Settings { relay: None, relay_problem: Some(why.into()), ..waiting },
        };
        dispatcher.emit(Action::Relay(Box::new(settings)).into());
    });
}

/// Asks a relay who it is.
async fn introduced(url: &Rc<str>) -> Result<Relay, String> {
    let controller = AbortController::new().map_err(|_| "this browser can’t ask it".to_owned())?;
    let text = ask_relay(&format!("{url}relay/v1/"), &controller).await;
    let text = text.map_err(|silence| hidden(&silence.why).into_owned())?;
    let about: Option<About> = serde_json::from_str(&text).ok();
    let Some(about) = about.filter(About::is_ours) else {
        return Err("what answers there is not a relay of stslint".into());
    };
    Ok(Relay {
        url: Rc::clone(url),
        own: false,
        mx: about.offers(What::Mx),
        operator: shown(about.operator.as_deref().unwrap_or_default()).into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn got(status: u16) -> Got {
        Got { status, headers: Vec::new(), body: Vec::new() }
    }

    #[test]
    fn facts_about_another_domain_are_refused() {
        let look = |asked: &str, seen: &str| {
            format!(
                r#"{{"relay":{VERSION},"stslint":"0.1.0","request":"1","what":"policy","domain":"{asked}",
                "looked_up":"2026-11-29T00:00:00Z","age":0,"resolver":"a resolver","seconds":{{"names":0.1,"all":0.2}},
                "connected":{{}},"refused":[],"not_looked_up":[],"facts":{{"domain":"{seen}"}}}}"#
            )
        };
        let answer = facts(&look("a.example", "a.example"), "a.example");
        assert_eq!(answer.map(|facts| facts.domain).ok().as_deref(), Some("a.example"));
        for text in [look("b.example", "b.example"), look("a.example", "b.example")] {
            let silence = facts(&text, "a.example").expect_err("it is about another domain");
            assert_eq!(hidden(&silence.why), "the relay’s answer is about another domain");
        }
    }

    #[test]
    fn what_a_relay_says_is_told_and_nothing_is_held_against_the_domain() {
        let told = |code, detail, rest| {
            format!(
                r#"{{"title":"","status":400,"code":"{code}","detail":"{detail}","request":"1"{rest}}}"#
            )
        };
        let too_often = told("client-limit", "Too often.", r#","retry_after":3"#);
        let silence = problem(&got(429), &too_often);
        assert_eq!(
            (&*hidden(&silence.why), silence.again),
            ("the relay says: Too often.", Some(Some(3)))
        );
        let silence = problem(&got(400), &told("bad-domain", "No.", ""));
        assert_eq!(silence.again, None);
        // Somebody else stands in between.
        let silence = problem(&got(503), "<html>");
        assert_eq!(
            (&*hidden(&silence.why), silence.again),
            ("the relay answers with HTTP status 503", None)
        );
    }

    #[test]
    fn nothing_that_a_relay_says_is_unseen_or_turns_the_text_around() {
        assert_eq!(shown("a\u{202e}b\u{7}\u{200b}"), "a<U+202E>b<U+0007><U+200B>");
        assert_eq!(shown(&"\u{fc}".repeat(500)).chars().count(), WORDS / 2);
    }

    #[test]
    fn facts_are_read_from_answers_of_this_version_only() {
        let of = |version, named: &str, seen: &str| {
            format!(
                r#"{{"relay":{version},"stslint":"0.1.0","request":"1","what":"policy","domain":"{named}","looked_up":"2026-11-25T15:00:00Z","age":0,"resolver":"","seconds":{{"names":0.012,"all":1}},"connected":{{"mta-sts.example.com":"2001:db8::1"}},"refused":[],"not_looked_up":[],"to come":{{}},"facts":{{"domain":"{seen}","http":{{"status":200,"body_base64":"QQ=="}}}}}}"#
            )
        };
        let answer = |version| of(version, "example.com", "example.com");
        let facts_of =
            |text: &str| facts(text, "example.com").ok().map(|facts| facts.fetch.known().is_some());
        assert_eq!(facts_of(&answer(1)), Some(true));
        assert_eq!(facts_of(&answer(2)), None);
        assert_eq!(facts_of("<html>"), None);
        assert_eq!(facts_of(&of(1, "example.net", "example.net")), None);
        assert_eq!(facts_of(&of(1, "example.com", "example.net")), None);
    }
}
