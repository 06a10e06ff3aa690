//! The recipes for hosting in the servers that they are for: as they are offered, they give what senders want. What a recipe
//! names as wrong is found.

use super::daemon::Daemon;
use super::web;
use crate::network::Network;
use crate::network::dns::{Record, Say};
use crate::{closed_port, codes};
use domain::base::Rtype;
use serde_json::{Value, json};
use stslint::build::{
    id,
    wanted::{Published, Wanted},
};
use stslint::policy::Mode;

const DOMAIN: &str = "acme-mail.net";

/// The policy that the engine offers.
fn policy() -> String {
    let mode = Mode::Enforce;
    let wanted = Wanted {
        domain: DOMAIN,
        mx: &["mail.acme-mail.net"],
        mode,
        max_age: mode.usual_max_age(),
        rua: &[],
        id: &id::fresh(1_790_812_800, None).expect("a good time"),
        published: Published::default(),
        to_ascii: None,
    };
    wanted.write().expect("nothing is wrong with it").policy
}

/// The domain with this web server.
fn network(web: &Daemon) -> Network {
    let mut network = Network::empty();
    network.records(DOMAIN);
    let addresses = Say::Records(vec![Record::A("192.0.2.10")]);
    network.world.say(&format!("mta-sts.{DOMAIN}"), Rtype::A, addresses);
    network.world.say(
        &format!("mail.{DOMAIN}"),
        Rtype::A,
        Say::Records(vec![Record::A("192.0.2.25")]),
    );
    network.route("192.0.2.10:443", web.address);
    network
}

/// A recipe as it is offered gives the policy byte for byte, and nothing is to be said about it.
#[track_caller]
fn is_good(word: &str, edits: &[[&str; 2]]) {
    let policy = policy();
    let web = web::start(word, DOMAIN, &policy, edits);
    let said = network(&web).check(&[DOMAIN]);
    assert_eq!((said.code, codes(&said)), (0, vec![]), "{said:?}\n{}", web.log());
    assert_eq!(said.states(), ["ok", "ok", "ok", "not known", "ok"], "{said:?}");
    assert!(said.err.is_empty(), "{said:?}");
    let said = network(&web).check(&[DOMAIN, "--format", "json"]);
    let document: Value = serde_json::from_str(&said.out).expect("JSON");
    let http = &document["checks"][0]["facts"]["http"];
    assert_eq!((&http["status"], &http["body"]), (&json!(200), &json!(policy)), "{http:#}");
    // Caddy adds the charset, which says what senders take it for anyway (RFC 8461 §3.2).
    let types = [json!("text/plain"), json!("text/plain; charset=utf-8")];
    assert!(types.contains(&http["headers"]["content-type"]), "{http:#}");
    assert_eq!(http["tls"], "1.3", "{http:#}");
    assert_eq!(http["certificate"]["names"], json!([format!("mta-sts.{DOMAIN}")]), "{http:#}");
}

/// What is found where a recipe has something in it that is known to be wrong.
#[track_caller]
fn finds(word: &str, edits: &[[&str; 2]], expected: &[&str]) {
    let web = web::start(word, DOMAIN, &policy(), edits);
    let said = network(&web).check(&[DOMAIN]);
    assert_eq!(codes(&said), expected, "{said:?}\n{}", web.log());
    // STS-POL-021 is about something that is as good.
    let expected = if expected == ["STS-POL-021"] { (0, "ok") } else { (2, "problem") };
    assert_eq!((said.code, said.states()[1]), expected, "{said:?}");
}

#[test]
#[ignore = "needs nginx: cargo xtask test stack"]
fn the_recipe_for_nginx_is_good() {
    is_good("nginx", &[]);
}

#[test]
#[ignore = "needs Caddy: cargo xtask test stack"]
fn the_recipe_for_caddy_is_good() {
    is_good("caddy", &[]);
}

#[test]
#[ignore = "needs Apache: cargo xtask test stack"]
fn the_recipe_for_apache_is_good() {
    is_good("apache", &[]);
}

#[test]
#[ignore = "needs HAProxy: cargo xtask test stack"]
fn the_recipe_for_haproxy_is_good() {
    is_good("haproxy", &[]);
}

#[test]
#[ignore = "needs lighttpd: cargo xtask test stack"]
fn the_recipe_for_lighttpd_is_good() {
    is_good("lighttpd", &[]);
}

/// Where the recipe for nginx gives the policy, and how.
const NGINX_PLACE: &str = "location = /.well-known/mta-sts.txt";
const NGINX_TYPE: &str = "types {}\n        default_type text/plain;";

#[test]
#[ignore = "needs nginx: cargo xtask test stack"]
fn what_is_wrong_with_nginx_is_found() {
    let policy = policy();
    let escaped = policy.replace('\r', "\\r").replace('\n', "\\n");
    let two = format!("add_header Content-Type text/plain;\n        return 200 \"{escaped}\";");
    let mixed = policy.trim_end().replace("\r\n", "\n");
    let mixed = format!("default_type text/plain;\n        return 200 \"{mixed}\\r\\n\";");
    let dots = "location ~ /\\. {\n        deny all;\n    }\n    location = /other.txt";
    let redirect = format!("{NGINX_TYPE}\n        return 301 https://www.{DOMAIN}$request_uri;");
    let page = "default_type text/html;\n        return 200 '<!doctype html><title>Hello</title>';";
    finds("nginx", &[[NGINX_TYPE, &two]], &["LIVE-049"]);
    finds("nginx", &[[NGINX_TYPE, &mixed]], &["STS-POL-021"]);
    finds("nginx", &[[NGINX_PLACE, dots]], &["LIVE-003", "LIVE-047"]);
    finds("nginx", &[[NGINX_TYPE, &redirect]], &["LIVE-003", "LIVE-046"]);
    // Neither is named there, and both are as common: no media type, and a page for every address.
    finds("nginx", &[[NGINX_TYPE, ""]], &["LIVE-049"]);
    let all = [[NGINX_PLACE, "location = /other.txt"], ["return 404;", page]];
    finds("nginx", &all, &["STS-POL-006", "LIVE-003", "LIVE-049"]);
}

#[test]
#[ignore = "needs Caddy: cargo xtask test stack"]
fn what_is_wrong_with_caddy_is_found() {
    let indented: String = policy().lines().map(|line| format!("\t\t\t{line}\n")).collect();
    let respond = format!("header Content-Type text/plain\n\t\trespond `\n{indented}\t\t`");
    finds(
        "caddy",
        &[["file_server", &respond]],
        &["STS-POL-021", "STS-POL-023", "STS-POL-025", "LIVE-003"],
    );
}

#[test]
#[ignore = "needs Apache: cargo xtask test stack"]
fn what_is_wrong_with_apache_is_found() {
    let nobody = closed_port();
    let proxy = format!("SSLEngine on\n    ProxyPass / http://{nobody}/");
    finds("apache", &[["SSLEngine on", &proxy]], &["LIVE-003", "LIVE-047"]);
    // What the recipe says against that.
    let around = format!(
        "SSLEngine on\n    ProxyPass /.well-known/mta-sts.txt !\n    ProxyPass / http://{nobody}/"
    );
    is_good("apache", &[["SSLEngine on", &around]]);
}

#[test]
#[ignore = "needs HAProxy: cargo xtask test stack"]
fn what_is_wrong_with_haproxy_is_found() {
    let acl = "    acl mta_sts_host";
    let redirect =
        |condition: &str| format!("    http-request redirect scheme https{condition}\n{acl}");
    finds("haproxy", &[[acl, &redirect("")]], &["LIVE-003", "LIVE-046"]);
    is_good("haproxy", &[[acl, &redirect(" unless { ssl_fc }")]]);
}

#[test]
#[ignore = "needs lighttpd: cargo xtask test stack"]
fn what_is_wrong_with_lighttpd_is_found() {
    let root = "    server.document-root";
    let deny = format!("    $HTTP[\"url\"] =~ \"/\\.\" {{ url.access-deny = ( \"\" ) }}\n{root}");
    finds("lighttpd", &[[root, &deny]], &["LIVE-003", "LIVE-047"]);
    let redirect =
        format!("    url.redirect = ( \"\" => \"https://www.{DOMAIN}${{url.path}}\" )\n{root}");
    finds("lighttpd", &[[root, &redirect]], &["LIVE-003", "LIVE-046"]);
}
