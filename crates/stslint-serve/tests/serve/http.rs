//! The page and its headers, who may ask from where, health and metrics.

use crate::relay::{Setting, ask};
use serde_json::json;
use std::path::{Path, PathBuf};
use stslint_serve::{Origins, Source};

/// A page in a folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let write = |name: &str, text: &[u8]| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        std::fs::write(path, text).expect("it can be written");
    };
    write("index.html", b"<!doctype html><head><title>stslint</title></head>");
    write("app_bg.wasm", b"\0asm plain");
    write("app_bg.wasm.gz", b"gzip");
    write("app_bg.wasm.br", b"brotli");
    write("boot.js", b"1");
    write("rules.json", b"{}");
    write("rules/index.html", b"rules");
    write("rules/STS-POL-001.html", b"rule");
    let headers = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/_headers");
    write("_headers", &std::fs::read(headers).expect("it is there"));
    folder
}

#[test]
fn the_page_is_told_that_it_came_from_a_relay() {
    let folder = folder("told");
    let operator = "\"><script>alert(1)</script>";
    let relay = Setting::good()
        .with(|config| {
            config.page = Source::Folder(folder);
            config.operator = Some(operator.into());
        })
        .start();
    let told = relay.get("/").text();
    let meta = "<meta name=\"stslint-relay\" content=\"policy\" data-operator=\"&quot;>&lt;script>";
    assert!(told.contains(meta) && !told.contains("<script>"), "{told}");
    // Nothing else is changed, and no form of the file as it was is left.
    assert!(!relay.get("/rules/").text().contains("stslint-relay"));
    let packed = relay.get_with("/", &[("Accept-Encoding", "gzip, br")]);
    assert_eq!(packed.header("content-encoding"), "gzip");
}

#[test]
fn what_comes_uncompressed_is_sent_compressed() {
    let folder = folder("plain");
    let text = "a policy is text\n".repeat(100);
    for name in ["font.woff2", "long.css", "long.js", "long.svg", "long.wasm", "long.webmanifest"] {
        std::fs::write(folder.join(name), &text).expect("it can be written");
    }
    let relay = Setting::good().with(|config| config.page = Source::Folder(folder)).start();
    let ask = |path| relay.get_with(path, &[("Accept-Encoding", "gzip, br")]);
    for path in ["/long.css", "/long.js", "/long.svg", "/long.wasm", "/long.webmanifest"] {
        let packed = ask(path);
        assert_eq!(packed.header("content-encoding"), "gzip", "{path}");
        assert_eq!(packed.header("vary"), "accept-encoding");
        assert!(packed.body.starts_with(b"\x1f\x8b") && packed.body.len() < text.len() / 4);
        let plain = relay.get(path);
        assert_eq!(plain.text(), text);
        assert_ne!(plain.header("etag"), packed.header("etag"), "{path}");
    }
    assert_eq!(ask("/font.woff2").header("content-encoding"), "", "it is compressed in itself");
    assert_eq!(ask("/rules.json").header("content-encoding"), "", "it would not get smaller");
}

#[cfg(unix)]
#[test]
fn a_page_is_what_is_in_its_folder_and_not_hidden() {
    use std::os::unix::fs::symlink;
    let (folder, elsewhere) = (folder("hidden"), folder("elsewhere"));
    std::fs::create_dir_all(folder.join(".git")).expect("it can be made");
    for name in [".env", ".git/config"] {
        std::fs::write(folder.join(name), "secret").expect("it can be written");
    }
    for (to, name) in [
        (elsewhere.join("boot.js"), "out.js"),
        (elsewhere.clone(), "out"),
        (folder.clone(), "circle"),
        (folder.join("boot.js"), "in.js"),
    ] {
        let link = folder.join(name);
        let _ = std::fs::remove_file(&link);
        symlink(to, link).expect("a link");
    }
    // Neither has an end.
    let fifo = folder.join("fifo.js");
    let _ = std::fs::remove_file(&fifo);
    let made = std::process::Command::new("mkfifo").arg(&fifo).status().expect("there is mkfifo");
    assert!(made.success());
    let zeros = folder.join("zeros.js");
    let _ = std::fs::remove_file(&zeros);
    symlink("/dev/zero", zeros).expect("a link");
    let relay = Setting::good().with(|config| config.page = Source::Folder(folder)).start();
    assert_eq!(relay.get("/in.js").status, 200);
    for path in [
        "/.env",
        "/.git/config",
        "/out.js",
        "/out/boot.js",
        "/circle/boot.js",
        "/fifo.js",
        "/zeros.js",
    ] {
        assert_eq!(relay.get(path).status, 404, "{path}");
    }
}

#[test]
fn the_page_comes_with_types_headers_and_forms() {
    let folder = folder("page");
    let relay = Setting::good().with(|config| config.page = Source::Folder(folder)).start();
    let plain = relay.get("/app_bg.wasm");
    assert_eq!((plain.status, plain.body.as_slice()), (200, &b"\0asm plain"[..]));
    for (path, media_type) in [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/app_bg.wasm", "application/wasm"),
        ("/boot.js", "text/javascript; charset=utf-8"),
        ("/rules.json", "application/json"),
        ("/rules/", "text/html; charset=utf-8"),
        ("/rules/STS-POL-001.html", "text/html; charset=utf-8"),
        ("/?q=1", "text/html; charset=utf-8"),
    ] {
        let told = relay.get(path);
        assert_eq!((told.status, told.header("content-type")), (200, media_type), "{path}");
        // As the page's own file says, word by word.
        let text = std::fs::read_to_string(
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/_headers"),
        );
        let text = text.expect("it is there");
        for line in text.lines().filter(|line| line.starts_with(' ')) {
            let (name, value) = line.trim().split_once(": ").expect("a field");
            assert_eq!(told.header(&name.to_ascii_lowercase()), value, "{path}");
        }
    }
    let form = |accept: &str| relay.get_with("/app_bg.wasm", &[("Accept-Encoding", accept)]);
    for (accept, coding, body) in [
        ("gzip, deflate, br", "br", "brotli"),
        ("gzip", "gzip", "gzip"),
        ("br;q=0, gzip", "gzip", "gzip"),
        ("identity", "", "\0asm plain"),
    ] {
        let told = form(accept);
        assert_eq!((told.header("content-encoding"), told.text().as_str()), (coding, body));
        assert_eq!(told.header("vary"), "accept-encoding");
        let tag = told.header("etag").to_owned();
        let ask = |tag: &str| {
            let headers = [("Accept-Encoding", accept), ("If-None-Match", tag)];
            relay.get_with("/app_bg.wasm", &headers).status
        };
        assert_eq!(ask(&tag), 304);
        assert_eq!(ask(&format!("\"other\", W/{tag}")), 304);
        assert_eq!(ask("\"other\""), 200);
    }
    assert_ne!(form("br").header("etag"), form("gzip").header("etag"));

    let head = relay.ask("HEAD", "/app_bg.wasm", &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), "10");
    assert_eq!(relay.ask("HEAD", "/relay/v1/", &[]).status, 200);
    let moved = relay.get("/rules");
    assert_eq!((moved.status, moved.header("location")), (308, "/rules/"));
    for path in ["/missing", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/_headers", "//", "/rules//"]
    {
        assert_eq!(relay.get_raw(path).status, 404, "{path}");
    }
    assert_eq!(relay.ask("POST", "/", &[]).status, 405);
    let told = relay.ask("POST", "/relay/v1/policy?domain=example.com", &[]);
    assert_eq!(told.status, 405, "{}", told.text());
}

#[test]
fn a_relay_tells_who_it_is() {
    let relay = Setting::good().with(|config| config.operator = Some("Me".into())).start();
    for path in ["/relay/v1/", "/relay/v1", "/relay/v1/about"] {
        let told = relay.get(path);
        assert_eq!(told.header("content-type"), "application/json", "{path}");
        let about = told.json();
        assert_eq!((&about["relay"], &about["name"]), (&json!(1), &json!("stslint")));
        assert_eq!((&about["operator"], &about["offers"]), (&json!("Me"), &json!(["policy"])));
    }
    let told = relay.get("/relay/v1/mx?domain=example.com");
    assert_eq!((told.status, told.json()["code"].as_str()), (404, Some("mx-off")));
    let told = relay.get("/relay/v1/nothing");
    assert_eq!((told.status, told.json()["code"].as_str()), (404, Some("not-found")));
    assert_eq!(relay.get("/").status, 404, "there is no page");
    let relay = Setting::good().with(|config| config.mx = Some(25)).start();
    assert_eq!(relay.get("/relay/v1/").json()["offers"], json!(["policy", "mx"]));
}

#[test]
fn pages_of_others_may_ask_only_where_that_is_said() {
    const TARGET: &str = "/relay/v1/policy?domain=example.com";
    let friend = "https://lint.example.org";
    let foreign = |origin| [("Origin", origin), ("Sec-Fetch-Site", "cross-site")];
    let own = Setting::good().start();
    assert_eq!(own.get(TARGET).status, 200);
    assert_eq!(own.get_with(TARGET, &[("Sec-Fetch-Site", "same-origin")]).status, 200);
    let told = own.get_with(TARGET, &foreign(friend));
    assert_eq!((told.status, told.json()["code"].as_str()), (403, Some("foreign-page")));
    // An image in somebody's page has no Origin.
    assert_eq!(own.get_with(TARGET, &[("Sec-Fetch-Site", "cross-site")]).status, 403);
    assert_eq!(own.get_with(TARGET, &[("Sec-Fetch-Site", "same-site")]).status, 403);

    let list = Setting::good()
        .with(|config| config.origins = Origins::List(vec![friend.to_owned()]))
        .start();
    let told = list.get_with(TARGET, &foreign(friend));
    assert_eq!((told.status, told.header("access-control-allow-origin")), (200, friend));
    assert!(told.header("access-control-expose-headers").contains("retry-after"));
    let told = list.get_with(TARGET, &foreign("https://evil.example"));
    assert_eq!((told.status, told.header("access-control-allow-origin")), (403, ""));
    let about = list.get_with("/relay/v1/", &foreign(friend));
    assert_eq!((about.status, about.header("access-control-allow-origin")), (200, friend));
    let preflight = list.ask(
        "OPTIONS",
        TARGET,
        &[("Origin", friend), ("Access-Control-Request-Method", "GET")],
    );
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (200, friend));

    // Browsers leave Fetch Metadata out over plain HTTP, and some know none.
    let evil = [("Origin", "https://evil.example")];
    for relay in [&list, &Setting::good().start()] {
        assert_eq!(relay.get_with(TARGET, &evil).json()["code"], "foreign-page");
        assert_eq!(relay.get_with(TARGET, &[("Origin", "null")]).status, 403);
        let own = format!("http://{}", relay.address);
        assert_eq!(relay.get_with(TARGET, &[("Origin", &own)]).status, 200);
    }
    assert_eq!(list.get_with(TARGET, &[("Origin", friend)]).status, 200);

    let any = Setting::good().with(|config| config.origins = Origins::Any).start();
    let told = any.get_with(TARGET, &foreign("https://anybody.example"));
    assert_eq!((told.status, told.header("access-control-allow-origin")), (200, "*"));
    // What goes wrong can be read too.
    let told = any.get_with("/relay/v1/policy?domain=x", &foreign("https://anybody.example"));
    assert_eq!((told.status, told.header("access-control-allow-origin")), (400, "*"));
}

#[test]
fn health_and_metrics_tell_no_names() {
    let relay = Setting::good().start();
    assert_eq!(relay.get("/healthz").text(), "ok\n");
    relay.policy("example.com");
    relay.policy("example.com");
    let told = relay.get("/metrics");
    assert!(told.header("content-type").starts_with("application/openmetrics-text"));
    let text = told.text();
    for line in [
        "stslint_requests_total{route=\"policy\",status=\"200\"} 2",
        "stslint_looks_total{what=\"policy\",outcome=\"answer\"} 1",
        "stslint_cache_hits_total 1",
        "stslint_look_seconds_count 1",
        "stslint_cache_entries 1",
        "stslint_looks_under_way 0",
    ] {
        assert!(text.contains(line), "no {line} in\n{text}");
    }
    assert!(text.ends_with("# EOF\n"));
    assert!(!text.contains("example") && !text.contains("127.0.0.1"), "{text}");
    // Each has an id of its own, whatever a client says.
    let id = |headers: &[(&str, &str)]| {
        relay.get_with("/healthz", headers).header("x-request-id").to_owned()
    };
    let given = [("X-Request-Id", "mine")];
    let ids = [id(&given), id(&given)];
    assert!(ids[0] != ids[1] && ids.iter().all(|id| id.len() == 16), "{ids:?}");

    // Elsewhere, if the operator wants.
    let aside = ([127, 0, 0, 1], free_port()).into();
    let relay = Setting::good().with(|config| config.metrics = Some(aside)).start();
    assert_eq!(relay.get("/metrics").status, 404);
    assert!(ask(aside, "GET", "/metrics", &[]).text().contains("# EOF"));
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
