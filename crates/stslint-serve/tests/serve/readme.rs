//! What the README documents is what the relay answers.

use crate::relay::{Setting, text_plain};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::mem::discriminant;
use std::time::Duration;
use stslint_doh::relay::{About, Look, Problem};
use stslint_serve::{Rate, Resolver};
use stslint_testnet::ca::Flaw;

/// The documents in the README: who a relay is, a look, a problem.
fn documented() -> [Value; 3] {
    let documents = include_str!("../../README.md").split("```json\n").skip(1).map(|rest| {
        let text = rest.split("```").next().expect("a first part");
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
    });
    documents.collect::<Vec<_>>().try_into().expect("three documents")
}

/// An answer is as documented. What is another one each time, at these places, is of the same type.
fn assert_documented(mut answer: Value, documented: &Value, others: &[&str]) {
    for place in others {
        let theirs = documented.pointer(place).expect("it is documented");
        let ours = answer.pointer_mut(place).unwrap_or_else(|| panic!("{place} is missing"));
        assert_eq!(discriminant(ours), discriminant(theirs), "{place}");
        ours.clone_from(theirs);
    }
    assert_eq!(answer, *documented);
}

/// Reads a document as this type, and writes it again.
fn through<T: Serialize + DeserializeOwned>(document: &Value) -> Value {
    let read: T = serde_json::from_value(document.clone()).expect("it is of this type");
    serde_json::to_value(read).expect("it can be written")
}

#[test]
fn answers_are_as_the_readme_has_them() {
    let [about, look, problem] = documented();
    let text = |place: &str| look.pointer(place).and_then(Value::as_str).expect("a text");
    let facts = stslint::live::read(&look["facts"].to_string()).expect("the engine reads it");
    let fetch = facts.fetch.known().expect("it was fetched");
    let stslint::live::facts::Fetched::Response(response) = &fetch.outcome else {
        panic!("there is an answer")
    };
    let policy = response.body.as_deref().and_then(|body| str::from_utf8(body).ok());
    let mut setting = Setting::with_host(Flaw::None, text_plain(policy.expect("a policy")));
    let url = std::mem::take(&mut setting.world).serve_http();
    let relay = setting
        .with(|config| {
            config.resolver = Resolver::Https { name: text("/resolver").into(), url };
            config.operator = about["operator"].as_str().map(str::to_owned);
            config.mx = Some(25);
            config.limits.client = Rate { burst: 1, every: Duration::from_secs(1000) };
        })
        .start();
    assert_documented(relay.get("/relay/v1/").json(), &about, &["/stslint"]);
    let others = [
        "/stslint",
        "/request",
        "/looked_up",
        "/seconds/names",
        "/seconds/all",
        "/facts/date",
        "/facts/http/certificate/not_before",
        "/facts/http/certificate/not_after",
        "/facts/http/certificate/issuer",
        "/facts/http/seconds",
    ];
    assert_documented(relay.policy(text("/domain")), &look, &others);
    let told = relay.get("/relay/v1/policy?domain=example.com");
    assert_documented(told.json(), &problem, &["/request", "/retry_after"]);
}

#[test]
fn those_who_ask_read_what_the_readme_has() {
    let [about, look, problem] = documented();
    assert_eq!(through::<About>(&about), about);
    assert_eq!(through::<Look<Value>>(&look), look);
    assert_eq!(through::<Problem>(&problem), problem);
}
