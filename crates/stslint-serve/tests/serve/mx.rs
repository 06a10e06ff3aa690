//! Mail hosts: STARTTLS and certificates, and nothing else.

use crate::relay::Setting;
use serde_json::json;
use stslint_testnet::ca::{self, Flaw};
use stslint_testnet::dns::{Record, Rtype, Say};
use stslint_testnet::servers::{self, Mail};

#[test]
fn each_mail_host_is_looked_at() {
    let mut setting = Setting::empty();
    let tls = |flaw| Mail::Tls(ca::server(&["good.example.net", "old.example.net"], flaw));
    let hosts = [
        ("good", "198.41.2.1", Some(tls(Flaw::None))),
        ("old", "198.41.2.2", Some(tls(Flaw::Expired))),
        ("plain", "198.41.2.3", Some(Mail::Plain)),
        ("gone", "198.41.2.4", None),
    ];
    let mut records = Vec::new();
    for (i, (name, ip, mail)) in hosts.into_iter().enumerate() {
        let host = format!("{name}.example.net");
        setting.world.say(&host, Rtype::A, Say::Records(vec![Record::A(ip)]));
        records.push(Record::Mx(i as u16, host));
        if let Some(mail) = mail {
            setting.route(&format!("{ip}:25"), servers::smtp(mail));
        }
    }
    setting.world.say("example.com", Rtype::MX, Say::Records(records));
    let told =
        setting.with(|config| config.mx = Some(25)).start().get("/relay/v1/mx?domain=example.com");
    assert_eq!(told.status, 200, "{}", told.text());
    let answer = told.json();
    let facts = &answer["facts"];
    assert_eq!(facts["mx"][0], json!([0, "good.example.net"]));
    let good = &facts["smtp"]["good.example.net"];
    assert_eq!((&good["starttls"], &good["certificate"]["trusted"]), (&json!(true), &json!(true)));
    assert_eq!(good["certificate"]["chain"], "trusted");
    let old = &facts["smtp"]["old.example.net"]["certificate"];
    assert_eq!(old["not_after"], "2021-06-30T00:00:00Z");
    assert_eq!(facts["smtp"]["plain.example.net"], json!({"starttls": false}));
    assert_eq!(facts["smtp"]["gone.example.net"]["status"], "unobservable");
    assert_eq!(answer["not_looked_up"].as_array().map(Vec::len), Some(1), "{answer}");
    assert_eq!(answer["not_looked_up"][0]["what"], "SMTP at gone.example.net, port 25");
    assert_eq!(answer["connected"]["good.example.net"], "198.41.2.1");
    stslint::live::read(&facts.to_string()).expect("the engine reads it");
}

#[test]
fn a_mail_host_whose_addresses_can_not_be_looked_up_is_not_looked_at() {
    let mut setting = Setting::empty();
    let mx = Record::Mx(10, "mail.example.net".into());
    setting.world.say("example.com", Rtype::MX, Say::Records(vec![mx]));
    setting.world.say("mail.example.net", Rtype::A, Say::Code(2));
    setting.world.say("mail.example.net", Rtype::AAAA, Say::Code(0));
    let told =
        setting.with(|config| config.mx = Some(25)).start().get("/relay/v1/mx?domain=example.com");
    let answer = told.json();
    let unseen = &answer["not_looked_up"];
    assert_eq!(unseen[0]["what"], "SMTP at mail.example.net, port 25", "{answer}");
    assert_eq!(unseen[0]["why"], "the look-up of its addresses fails");
    let smtp = &answer["facts"]["smtp"]["mail.example.net"];
    assert_eq!(smtp["reason"], "the look-up of its addresses fails");
}

#[test]
fn a_domain_without_mx_is_its_own_mail_host() {
    let mut setting = Setting::empty();
    setting.world.say("example.com", Rtype::A, Say::Records(vec![Record::A("198.41.2.9")]));
    setting.route("198.41.2.9:25", servers::smtp(Mail::Plain));
    let told =
        setting.with(|config| config.mx = Some(25)).start().get("/relay/v1/mx?domain=example.com");
    let facts = &told.json()["facts"];
    assert_eq!(facts["mx_status"], "nodata", "{facts}");
    assert_eq!(facts["apex_addresses"]["a"], json!(["198.41.2.9"]));
    assert_eq!(facts["smtp"]["example.com"], json!({"starttls": false}));
}
