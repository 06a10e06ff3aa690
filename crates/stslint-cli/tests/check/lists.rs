//! Lists of domains: the order of what comes, parts, going on where a run ended, and what is never done at the same time.

use super::network::{Network, Said, ca, dns, interrupt, servers, text_plain};
use ca::Flaw;
use dns::{Record, Say};
use domain::base::Rtype;
use serde_json::Value;
use servers::Mail;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;
use stslint_testnet::POLICY;

/// A file of this test alone.
fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("lists");
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    let _ = fs::remove_file(&path); // It may not be there.
    path
}

fn rows(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}

fn numbers(text: &str) -> Vec<u64> {
    rows(text).iter().map(|row| row["number"].as_u64().expect("a number")).collect()
}

fn list(count: usize) -> String {
    (1..=count).map(|i| format!("d{i}.example\n")).collect()
}

fn check(args: &[&str], list: &str) -> Said {
    Network::good().check_with(&[&["--file", "-", "--format", "ndjson"], args].concat(), list)
}

#[test]
fn each_entry_is_a_row_with_its_number_and_line() {
    let said = check(
        &["--jobs", "2"],
        "example.com\n\n# nothing\nb.example, c.example\nex ample\nexample.com\nd.example",
    );
    let mut all = rows(&said.out);
    all.sort_by_key(|row| row["number"].as_u64());
    let place = |row: &Value| {
        let text = row["domain"].as_str().or(row["text"].as_str()).expect("what it is about");
        (row["number"].as_u64().unwrap_or(0), row["line"].as_u64().unwrap_or(0), text.to_owned())
    };
    let expected = [
        (1, 1, "example.com"),
        (2, 4, "b.example"),
        (3, 4, "c.example"),
        (4, 5, "ex ample"),
        (5, 7, "d.example"),
    ];
    let expected = expected.map(|(number, line, text)| (number, line, text.to_owned()));
    assert_eq!(all.iter().map(place).collect::<Vec<_>>(), expected);
    assert_eq!(said.code, 64, "{said:?}");
    assert!(said.err.contains("-, line 5: ex ample is not a domain name"), "{said:?}");
}

#[test]
fn text_and_json_keep_the_order_of_the_list() {
    let names: Vec<String> = (1..=40).map(|i| format!("d{i}.example")).collect();
    let said =
        Network::good().check_with(&["--file", "-", "--format", "json", "--jobs", "3"], &list(40));
    let document: Value = serde_json::from_str(&said.out).expect("JSON");
    let checks = document["checks"].as_array().expect("checks");
    let order: Vec<&str> = checks.iter().filter_map(|check| check["domain"].as_str()).collect();
    assert_eq!(order, names);
    assert_eq!(document["not_checked"], serde_json::json!([]));
    let said = Network::good().check_with(&["--file", "-", "--jobs", "3"], &list(40));
    let order: Vec<&str> =
        said.out.lines().filter(|line| line.contains(", asked through ")).collect();
    assert!(order.iter().zip(&names).all(|(line, name)| line.starts_with(&format!("{name},"))));
    assert_eq!(order.len(), 40);
}

#[test]
fn parts_are_disjoint_and_complete() {
    let mut seen = BTreeSet::new();
    for part in ["1/3", "2/3", "3/3"] {
        let said = check(&["--shard", part], &(list(30) + "ex ample\n"));
        let numbers = numbers(&said.out);
        assert!(!numbers.is_empty() && numbers.len() < 31, "{part}: {said:?}");
        assert!(numbers.into_iter().all(|number| seen.insert(number)), "{part} has some of others");
    }
    assert_eq!(seen, (1..=31).collect());
}

#[test]
fn a_run_goes_on_where_one_ended() {
    let path = file("resumed.ndjson");
    let name = path.to_str().expect("a good name");
    let resume = ["--resume", name];
    // The first run gets not far: it is as if it had ended in the middle of a row.
    let said = check(&resume, &list(3));
    assert_eq!((said.code, said.out.as_str()), (0, ""), "{said:?}");
    let whole = fs::read_to_string(&path).expect("rows");
    let torn = whole.clone() + "{\"schema\":1,\"number\":4,\"li";
    fs::write(&path, &torn).expect("written");
    let said = check(&resume, &(list(5) + "ex ample\n"));
    assert_eq!(said.code, 64, "{said:?}");
    let text = fs::read_to_string(&path).expect("rows");
    assert!(text.starts_with(&whole), "what was there stays");
    let mut all = numbers(&text);
    all.sort_unstable();
    assert_eq!(all, [1, 2, 3, 4, 5, 6]);
    // All is done: the exit code is that of the whole list.
    let said = check(&resume, &(list(5) + "ex ample\n"));
    assert_eq!(said.code, 64, "{said:?}");
    assert_eq!(fs::read_to_string(&path).expect("rows"), text);
}

#[test]
fn a_run_goes_on_with_its_own_list_only() {
    let path = file("other.ndjson");
    let name = path.to_str().expect("a good name");
    check(&["--resume", name], &list(3));
    let text = fs::read_to_string(&path).expect("rows");
    let said = check(&["--resume", name], "other.example\nd2.example\n");
    assert_eq!(said.code, 66, "{said:?}");
    assert!(said.err.contains("has rows of another list: entry 1 of this one"), "{said:?}");
    let said = check(&["--resume", name, "--smtp"], &list(3));
    assert_eq!(said.code, 66, "{said:?}");
    assert!(said.err.contains("that run was without --smtp"), "{said:?}");
    let open = fs::File::open(&path).expect("rows");
    open.lock().expect("nobody else has it");
    let said = check(&["--resume", name], &list(3));
    assert_eq!(said.code, 66, "{said:?}");
    assert!(said.err.contains("another run is writing it"), "{said:?}");
    drop(open);
    fs::write(&path, "version: STSv1\n").expect("written");
    let said = check(&["--resume", name], &list(3));
    assert_eq!(said.code, 66, "{said:?}");
    assert!(said.err.contains("line 1 is no row"), "{said:?}");
    assert_eq!(fs::read_to_string(&path).expect("it stays"), "version: STSv1\n");
    assert!(text.ends_with('\n'));
}

#[test]
fn what_could_not_be_looked_up_is_looked_up_again() {
    let path = file("again.ndjson");
    let name = path.to_str().expect("a good name");
    let args = ["--file", "-", "--format", "ndjson", "--resume", name];
    let dead = ["--resolver", &format!("http://{}/dns-query", super::closed_port())];
    let said = Network::good().with(&dead).check_with(&args, &list(4));
    assert_eq!(said.code, 69, "{said:?}");
    assert_eq!(check(&["--resume", name], &list(4)).code, 0);
    let rows = rows(&fs::read_to_string(&path).expect("rows"));
    assert_eq!(rows.len(), 8);
    assert!(rows[..4].iter().all(|row| row["complete"] == false));
    let last: BTreeSet<u64> = rows[4..]
        .iter()
        .filter(|row| row["complete"] == true)
        .filter_map(|row| row["number"].as_u64())
        .collect();
    assert_eq!(last, (1..=4).collect());
}

#[test]
fn a_file_that_has_no_rows_is_left_alone() {
    for content in ["example.com", "{\"a\": 1}\n", "{\"schema\":1,\"a\"", "{"] {
        let path = file("own.txt");
        fs::write(&path, content).expect("written");
        let said = check(&["--resume", path.to_str().expect("a good name")], &list(1));
        // What may be the beginning of a row is one that was being written.
        let is_row = content.starts_with("{\"schema") || content == "{";
        assert_eq!(said.code, if is_row { 0 } else { 66 }, "{content}: {said:?}");
        let left = fs::read_to_string(&path).expect("it is there");
        assert_eq!(left == content, !is_row, "{content}");
    }
}

#[test]
fn what_does_not_go_together_is_said() {
    let path = file("both.ndjson");
    let name = path.to_str().expect("a good name");
    for args in [
        &["--format", "ndjson", "--resume", name, "--save", "rows.ndjson"][..],
        &["--format", "ndjson", "--share"],
        &["--format", "junit", "--share"],
    ] {
        let said = Network::good().check_with(&[&["--file", "-"], args].concat(), &list(2));
        assert_eq!((said.code, &said.out[..]), (64, ""), "{args:?}: {said:?}");
        assert!(!said.err.is_empty());
    }
}

#[test]
fn a_list_of_nothing_is_no_good_news() {
    for format in ["text", "ndjson", "junit", "prometheus"] {
        let args = ["--file", "-", "--format", format];
        let said = Network::good().check_with(&args, "# nothing\n");
        assert_eq!(said.code, 66, "{said:?}");
        assert!(said.err.contains("there is no domain in -"), "{said:?}");
    }
    let said = Network::good().check_with(&["--file", "-", "--format", "nagios"], "");
    assert_eq!(said.code, 3, "{said:?}");
    // None of it in this part is another matter.
    let parts: Vec<_> = ["1/2", "2/2"].map(|part| check(&["--shard", part], &list(1))).into();
    assert!(parts.iter().all(|said| said.code == 0 && said.err.is_empty()), "{parts:?}");
}

#[test]
fn a_host_that_many_share_is_left_alone_when_it_asks_for_that() {
    let asked = Arc::new(AtomicUsize::new(0));
    let mut network = Network::empty();
    let names: Vec<String> = (1..=3).map(|i| format!("mta-sts.d{i}.example")).collect();
    let tls = ca::server(&names.iter().map(String::as_str).collect::<Vec<_>>(), Flaw::None);
    let count = Arc::clone(&asked);
    let address = servers::http(Some(tls), move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => servers::Reply::http("429 Too Many Requests", &[("Retry-After", "1")], b""),
        _ => text_plain(POLICY),
    });
    network.route("192.0.2.10:443", address);
    for i in 1..=3 {
        alias(&mut network, i, "policies.hosted.example");
    }
    let args = ["--file", "-", "--format", "ndjson", "--timeout", "5"];
    let said = network.check_with(&args, &list(3));
    assert!(rows(&said.out).iter().all(|row| row["policy"] == "present"), "{said:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 4);
    // For longer than there is time: that says nothing about the domains.
    let mut network = Network::empty();
    let tls = ca::server(&names.iter().map(String::as_str).collect::<Vec<_>>(), Flaw::None);
    let busy = |_: &str| servers::Reply::http("503 Busy", &[("Retry-After", "9999")], b"");
    network.route("192.0.2.10:443", servers::http(Some(tls), busy));
    for i in 1..=3 {
        alias(&mut network, i, "policies.hosted.example");
    }
    let said = network.check_with(&args, &list(3));
    for row in rows(&said.out) {
        assert_eq!((&row["policy"], &row["complete"]), (&"unknown".into(), &false.into()), "{row}");
        let why = row["not_looked_up"][0]["why"].as_str().expect("words");
        assert!(why.contains("asks to be left alone"), "{row}");
    }
}

/// A domain whose policy host is an alias.
fn alias(network: &mut Network, i: usize, target: &'static str) {
    let domain = format!("d{i}.example");
    network.records(&domain);
    let alias = Record::Alias(format!("mta-sts.{domain}"), target.into());
    let say = Say::Aliased(vec![alias], target, vec![Record::A("192.0.2.10")]);
    network.world.say(&format!("mta-sts.{domain}"), Rtype::A, say);
}

/// Killed again and again, a run comes to its end, and each entry is there once.
#[test]
#[cfg(unix)]
fn who_is_killed_loses_nothing() {
    let path = file("killed.ndjson");
    let name = path.to_str().expect("a good name");
    let list = list(300);
    let args = ["--file", "-", "--format", "ndjson", "--resume", name, "--jobs", "4"];
    for _ in 0..3 {
        let size = || fs::metadata(&path).map_or(0, |about| about.len());
        let before = size();
        Network::good().killed(&args, &list, || size() > before + 4000);
    }
    let kept = fs::read_to_string(&path).expect("rows").lines().count();
    assert!(kept > 10 && kept < 300, "{kept} rows");
    assert_eq!(check(&["--resume", name], &list).code, 0);
    let mut all = numbers(&fs::read_to_string(&path).expect("rows"));
    all.sort_unstable();
    assert_eq!(all, (1..=300).collect::<Vec<u64>>());
}

#[test]
#[cfg(unix)]
fn who_has_enough_gets_what_is_there() {
    let path = file("enough.ndjson");
    let name = path.to_str().expect("a good name");
    let args = ["--file", "-", "--format", "ndjson", "--resume", name, "--jobs", "2"];
    let is_far = || fs::metadata(&path).is_ok_and(|about| about.len() > 4000);
    let said = Network::good().stopped(&args, &list(400), is_far);
    assert_eq!(said.code, 130, "{said:?}");
    assert!(said.err.contains("ended early"), "{said:?}");
    let text = fs::read_to_string(&path).expect("rows");
    let count = numbers(&text).len();
    assert!(text.ends_with('\n') && (5..400).contains(&count), "{count} rows");
    // What is there is gone on with.
    assert_eq!(check(&["--resume", name], &list(400)).code, 0);
    let whole = fs::read_to_string(&path).expect("rows");
    assert!(whole.starts_with(&text), "what was there stays");
    let mut all = numbers(&whole);
    all.sort_unstable();
    assert_eq!(all, (1..=400).collect::<Vec<u64>>());
}

/// A domain whose policy host never answers: it is under way for as long as [`HELD`] lets it.
fn hold(network: &mut Network, domain: &str) {
    network.records(domain);
    let address = Say::Records(vec![Record::A("192.0.2.11")]);
    network.world.say(&format!("mta-sts.{domain}"), Rtype::A, address);
    network.route("192.0.2.11:443", servers::smtp(Mail::Silence));
}

/// Longer than any test waits.
const HELD: [&str; 2] = ["--timeout", "600"];

/// A domain that tells when its policy is fetched.
fn tell(network: &mut Network, domain: &str) -> Arc<AtomicBool> {
    let told = Arc::new(AtomicBool::new(false));
    network.records(domain);
    let host = format!("mta-sts.{domain}");
    let is_fetched = Arc::clone(&told);
    let address = servers::http(Some(ca::server(&[&host], Flaw::None)), move |_| {
        is_fetched.store(true, Ordering::SeqCst);
        text_plain(POLICY)
    });
    network.world.say(&host, Rtype::A, Say::Records(vec![Record::A("192.0.2.12")]));
    network.route("192.0.2.12:443", address);
    told
}

/// A list whose first domain holds up all others, as their order counts, with so many under way: the rest of four times as many
/// are begun behind it, so three times as many are done when the last of these tells so.
fn held_up(jobs: usize) -> (Network, Arc<AtomicBool>, String) {
    let mut network = Network::empty();
    hold(&mut network, "d1.example");
    let told = tell(&mut network, &format!("d{}.example", 4 * jobs));
    (network, told, list(8 * jobs))
}

#[test]
#[cfg(unix)]
fn what_waits_for_its_turn_is_told_to_who_has_enough() {
    for format in ["text", "json"] {
        let (network, told, list) = held_up(4);
        let args = ["--file", "-", "--jobs", "4", "--format", format];
        let args = [&args[..], &HELD].concat();
        let said = network.stopped(&args, &list, || told.load(Ordering::SeqCst));
        assert_eq!(said.code, 130, "{said:?}");
        assert_eq!(
            said.err, "stslint: ended early: what was under way is not in the result\n",
            "{said:?}"
        );
        let names: Vec<String> = if format == "text" {
            let lines = said.out.lines().filter_map(|line| line.split_once(", asked through "));
            lines.map(|(name, _)| name.to_owned()).collect()
        } else {
            let document: Value = serde_json::from_str(&said.out).expect("a whole document");
            let checks = document["checks"].as_array().expect("checks").iter();
            checks.filter_map(|check| check["domain"].as_str().map(str::to_owned)).collect()
        };
        let number = |name: &String| -> usize {
            let digits = name.strip_prefix('d').and_then(|name| name.strip_suffix(".example"));
            digits.and_then(|digits| digits.parse().ok()).expect("a domain of the list")
        };
        let numbers: Vec<usize> = names.iter().map(number).collect();
        assert!(numbers.is_sorted() && numbers.len() >= 12, "{numbers:?}");
        assert!(numbers.iter().all(|number| (2..=16).contains(number)), "{numbers:?}");
    }
}

/// The results that are left do not fit into the pipe, and nobody reads: only the second Ctrl-C ends that.
#[test]
#[cfg(unix)]
fn who_asks_twice_gets_an_end_at_once() {
    let (network, told, list) = held_up(40);
    let args = ["--file", "-", "--jobs", "40", "--format", "json"];
    let args = [&args[..], &HELD].concat();
    let mut child = network.until(&args, &list, || told.load(Ordering::SeqCst));
    let unread = child.stdout.take().expect("it is piped");
    interrupt(&child);
    sleep(Duration::from_secs(1));
    assert_eq!(child.try_wait().expect("it is ours"), None, "it all fits into the pipe");
    interrupt(&child);
    let said = Said::soon(child);
    assert_eq!((said.code, &said.err[..]), (130, ""), "{said:?}");
    drop(unread);
}

/// As in `stslint check … | head -1`.
#[test]
fn who_closes_the_pipe_ends_the_run() {
    // The rows do not fit into the pipe, so some are written when nobody reads any more. In one run there is more of the list
    // to be begun then, in the other a domain is under way for long.
    for (jobs, format) in [("1", "ndjson"), ("500", "ndjson"), ("500", "text"), ("500", "json")] {
        let mut network = Network::empty();
        hold(&mut network, "d400.example");
        // It has no policy, which is an error.
        network.records("d1.example");
        let args = ["--file", "-", "--jobs", jobs, "--format", format];
        let mut child = network.until(&[&args[..], &HELD].concat(), &list(400), || true);
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let first = lines.next().expect("a line").expect("it is UTF-8");
        assert!(!first.is_empty());
        drop(lines);
        let said = Said::soon(child);
        assert_eq!(said.err, "", "{jobs}, {format}");
        // What was checked until then makes the exit code; with many jobs, the first need not be among that.
        assert!(said.code == 2 || (jobs == "500" && said.code == 0), "{jobs}, {format}: {said:?}");
    }
}

/// Findings that are ignored stand apart in a row, so rows of runs that ignore different ones are not of one kind.
#[test]
fn a_run_goes_on_with_its_own_settings_only() {
    const CODE: &str = "STS-POL-103";
    let path = file("settings.ndjson");
    let name = path.to_str().expect("a good name");
    let settings = file("settings.toml");
    fs::write(&settings, format!("[per-domain-ignores]\n\"example.com\" = [\"{CODE}\"]\n"))
        .expect("written");
    let settings = settings.to_str().expect("a good name");
    let told = format!("that run told {CODE} of example.com, and this ignores it");
    let ignored = format!("that run ignored {CODE} of example.com, and this tells it");
    for (first, then, why) in [
        (&[][..], &["--ignore", CODE][..], Some(&told)),
        (&[], &["--ignore", "STS-POL"], Some(&told)),
        (&[], &["--select", "STS-TXT"], Some(&told)),
        (&[], &["--config", settings], Some(&told)),
        (&["--ignore", CODE], &[], Some(&ignored)),
        (&["--config", settings], &["--no-config"], Some(&ignored)),
        (&["--ignore", CODE], &["--select", CODE], Some(&ignored)),
        // The rows of both are alike, whatever says so.
        (&["--ignore", CODE], &["--config", settings], None),
        (&["--ignore", CODE], &["--ignore", "STS-POL-1,STS-TXT"], None),
        (&[], &["--ignore", "STS-TXT"], None),
        (&[], &["--select", "STS-POL"], None),
    ] {
        let _ = fs::remove_file(&path); // It may not be there.
        let begun = check(&[&["--resume", name], first].concat(), "example.com\n");
        assert_eq!(begun.code, 0, "{first:?}: {begun:?}");
        let text = fs::read_to_string(&path).expect("rows");
        assert!(text.contains(CODE), "{text}");
        let said = check(&[&["--resume", name], then].concat(), "example.com\nd1.example\n");
        let after = fs::read_to_string(&path).expect("rows");
        match why {
            Some(why) => {
                assert_eq!(said.code, 66, "{first:?} {then:?}: {said:?}");
                assert!(said.err.contains(&why[..]), "{first:?} {then:?}: {said:?}");
                assert!(said.err.contains("--select, --ignore and stslint.toml"), "{said:?}");
                assert_eq!(after, text, "{first:?} {then:?}");
            }
            None => {
                assert_eq!((said.code, &said.err[..]), (0, ""), "{first:?} {then:?}");
                assert!(after.starts_with(&text) && numbers(&after) == [1, 2], "{after}");
            }
        }
    }
}

/// A row that is not complete is written anew, so nothing is mixed.
#[test]
fn a_row_that_comes_again_needs_no_settings_of_before() {
    let path = file("settings-again.ndjson");
    let name = path.to_str().expect("a good name");
    let args = ["--file", "-", "--format", "ndjson", "--resume", name];
    let dead = ["--resolver", &format!("http://{}/dns-query", super::closed_port())];
    let said = Network::good().with(&dead).check_with(&args, "example.com\n");
    assert_eq!(said.code, 69, "{said:?}");
    let row = fs::read_to_string(&path).expect("rows");
    assert!(row.contains("LIVE-005"), "{row}");
    let said = check(&["--resume", name, "--ignore", "LIVE-005"], "example.com\n");
    assert_eq!((said.code, &said.err[..]), (0, ""));
}

/// Domains whose policies are at one place.
fn shared(target: Option<&'static str>) -> (Network, Arc<AtomicUsize>) {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut network = Network::empty();
    let names: Vec<String> = (1..=24).map(|i| format!("mta-sts.d{i}.example")).collect();
    let tls = ca::server(&names.iter().map(String::as_str).collect::<Vec<_>>(), Flaw::None);
    let highest = Arc::clone(&most);
    let address = servers::http(Some(tls), move |_| {
        highest.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        sleep(Duration::from_millis(20));
        now.fetch_sub(1, Ordering::SeqCst);
        text_plain(POLICY)
    });
    for i in 1..=24 {
        if let Some(target) = target {
            alias(&mut network, i, target);
            continue;
        }
        let domain = format!("d{i}.example");
        network.records(&domain);
        let address = Say::Records(vec![Record::A("192.0.2.10")]);
        network.world.say(&format!("mta-sts.{domain}"), Rtype::A, address);
    }
    network.route("192.0.2.10:443", address);
    (network, most)
}

#[test]
fn a_place_is_not_asked_for_much_at_the_same_time() {
    let args = ["--file", "-", "--format", "ndjson"];
    let (network, most) = shared(None);
    let said = network.check_with(&args, &list(24));
    assert!(rows(&said.out).iter().all(|row| row["policy"] == "present"), "{said:?}");
    assert!((2..=4).contains(&most.load(Ordering::SeqCst)), "{most:?} at one address");
    let (network, most) = shared(Some("policies.hosted.example"));
    let said = network.check_with(&args, &list(24));
    assert!(rows(&said.out).iter().all(|row| row["policy"] == "present"), "{said:?}");
    assert_eq!(most.load(Ordering::SeqCst), 1, "at a host that they share");
}
