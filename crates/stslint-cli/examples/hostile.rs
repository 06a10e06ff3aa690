//! What hostile files cost the command: a table of time and memory, and a failure where a file costs more than it may.
//!
//! `hostile COMMAND FOLDER`: the command to measure, and a folder for the files. `cargo xtask hostile` runs it, and gives the
//! files to the page then: they stay, one for each input, numbered in the order of the table.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

const MIB: usize = 1 << 20;

/// What a file may cost beside its own size, in bytes, and for each of its bytes unpacked.
const BASE: usize = 64 * MIB;
const FACTOR: usize = 8;

/// The longest that a file may take that is no longer than 1 MiB.
const PATIENCE: Duration = Duration::from_secs(1);

struct Hostile {
    what: &'static str,
    kind: Option<&'static str>,
    content: Content,
}

enum Content {
    Plain(Vec<u8>),
    /// Packed before it is written.
    Packed(Vec<u8>),
    /// So many NULs that take no room on the disk.
    Sparse(u64),
}

fn all() -> Vec<Hostile> {
    let times = |unit: &str, size: usize| unit.repeat(size / unit.len()).into_bytes();
    let plain = |what, kind, content| Hostile { what, kind, content: Content::Plain(content) };
    let packed = |what, kind, content| Hostile { what, kind, content: Content::Packed(content) };
    let policy = |unit: &str| {
        let head =
            "version: STSv1\r\nmode: enforce\r\nmx: mail.acme-mail.net\r\nmax_age: 86400\r\n";
        [head.into(), times(unit, MIB - head.len())].concat()
    };
    let list = |unit: &str| {
        [b"{\"policies\":[".to_vec(), times(unit, 20 * MIB - 40), b"{}]}".to_vec()].concat()
    };
    let details = |unit: &str| {
        let head = r#"{"policies":[{"policy":{"policy-type":"sts"},"summary":{"total-failure-session-count":1},"failure-details":["#;
        [head.into(), times(unit, 20 * MIB - head.len() - 40), b"{}]}]}".to_vec()].concat()
    };
    let (policies, sts, rpt, report) =
        (Some("policy"), Some("sts-txt"), Some("rpt-txt"), Some("report"));
    vec![
        packed("gzip of 20 MiB of NUL", None, vec![0; 20 * MIB]),
        packed("gzip of 20 MiB of NUL as a report", report, vec![0; 20 * MIB]),
        packed("gzip of 1 MiB of NUL as a policy", policies, vec![0; MIB]),
        packed("gzip of 100 MiB of NUL", None, vec![0; 100 * MIB]),
        Hostile { what: "a sparse file of 1 GiB", kind: None, content: Content::Sparse(1 << 30) },
        plain("30 MiB of `mx: a`", None, times("mx: a\n", 30 * MIB)),
        plain("1 MiB of `mx: a`", None, policy("mx: a\n")),
        plain("1 MiB of line ends", None, vec![b'\n'; MIB]),
        plain("1 MiB of line ends as a policy", policies, vec![b'\n'; MIB]),
        plain("a policy and 1 MiB of line ends", None, policy("\n")),
        plain("a policy and 1 MiB of comments", None, policy("#\n")),
        plain("a policy and 1 MiB of names", None, policy("a:\n")),
        plain("a policy and 1 MiB of indented names", None, policy(" a:\n")),
        plain("a policy and 1 MiB of capitals", None, policy("MX: a.net\n")),
        plain(
            "1 MiB of capitals and no host",
            policies,
            [b"version: STSv1\nmode: enforce\n".to_vec(), times("MX: a.net\n", MIB - 29)].concat(),
        ),
        plain("a policy and 1 MiB of hosts that are none", None, policy("mx: smtp.zoho.com\n")),
        plain("a policy and 1 MiB of NULs and letters", None, policy("a\0")),
        plain("a policy and 1 MiB of invisible characters", None, policy("\u{200b}")),
        plain("a policy with a line of 1 MiB", None, policy("a")),
        plain("a policy with a list of 1 MiB", None, policy("mx:\n - a.b\n")),
        plain(
            "1 MiB of `\\n` written out",
            policies,
            [b"version: STSv1".to_vec(), times("\\nmx: a", MIB - 14)].concat(),
        ),
        plain(
            "a record with 1 MiB of commas",
            rpt,
            [b"v=TLSRPTv1; rua=".to_vec(), times("a,", MIB - 16)].concat(),
        ),
        plain(
            "a record with 1 MiB of semicolons",
            sts,
            [b"v=STSv1; id=1".to_vec(), times(";a", MIB - 13)].concat(),
        ),
        plain("1 MiB of records", sts, times("a. TXT v=STSv1\n", MIB)),
        plain("1 MiB of quotes", sts, vec![b'"'; MIB]),
        plain("20 MiB of opening brackets", report, vec![b'['; 20 * MIB]),
        plain("20 MiB of nested lists", report, times("[{\"a\":", 20 * MIB)),
        plain("20 MiB of zeros in a list", report, list("0,")),
        plain("20 MiB of empty policies", report, list("{},")),
        plain("20 MiB of empty failures", report, details("{},")),
        plain(
            "20 MiB of failures",
            report,
            details(
                r#"{"result-type":"x","sending-mta-ip":"x","receiving-mx-hostname":"a.b","failed-session-count":1},"#,
            ),
        ),
        plain("20 MiB of colons", report, [b"{".to_vec(), times(":", 20 * MIB - 1)].concat()),
        plain(
            "a string of 20 MiB",
            report,
            [b"{\"report-id\":\"".to_vec(), times("\\u0000", 20 * MIB - 20), b"\"}".to_vec()]
                .concat(),
        ),
        plain(
            "a reported policy of 20 MiB",
            report,
            [
                br#"{"policies":[{"policy":{"policy-type":"sts","policy-string":["#.to_vec(),
                times("\"a\",", 20 * MIB - 100),
                b"\"\"]}}]}".to_vec(),
            ]
            .concat(),
        ),
    ]
}

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let [command, folder] = &args[..] else {
        eprintln!("usage: hostile COMMAND FOLDER");
        return ExitCode::FAILURE;
    };
    match table(Path::new(command), Path::new(folder)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all files cost what they may.
fn table(command: &Path, folder: &Path) -> io::Result<bool> {
    fs::create_dir_all(folder)?;
    println!("| file | bytes | unpacked | exit code | time | peak memory | allowed |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    let mut good = true;
    for (number, hostile) in all().into_iter().enumerate() {
        let file = folder.join(format!("{:02} {}", number + 1, hostile.what));
        let unpacked = write(&file, &hostile.content)?;
        let bytes = fs::metadata(&file)?.len();
        let (code, time, peak) = run(command, hostile.kind, &file)?;
        // What is refused as too long need not be read.
        let allowed = BASE + FACTOR * unpacked.min(20 * MIB);
        let slow = unpacked <= MIB && time > PATIENCE;
        let bad = peak > allowed || slow || !matches!(code, Some(0..=2 | 66));
        good &= !bad;
        println!(
            "| {}{} | {bytes} | {unpacked} | {} | {} ms | {} MiB | {} MiB |",
            if bad { "**too much:** " } else { "" },
            hostile.what,
            code.map_or("none".into(), |code| code.to_string()),
            time.as_millis(),
            peak.div_ceil(MIB),
            allowed / MIB,
        );
    }
    Ok(good)
}

/// Writes a file; says how long it is unpacked.
fn write(file: &Path, content: &Content) -> io::Result<usize> {
    let mut out = fs::File::create(file)?;
    match content {
        Content::Plain(bytes) => {
            out.write_all(bytes)?;
            Ok(bytes.len())
        }
        Content::Packed(bytes) => {
            let mut packed = GzEncoder::new(out, Compression::best());
            packed.write_all(bytes)?;
            packed.finish()?;
            Ok(bytes.len())
        }
        Content::Sparse(size) => {
            out.set_len(*size)?;
            Ok(usize::try_from(*size).unwrap_or(usize::MAX))
        }
    }
}

/// The exit code of the command in a process of its own, how long it took, and the most memory that it had, in bytes.
fn run(
    command: &Path,
    kind: Option<&str>,
    file: &Path,
) -> io::Result<(Option<i32>, Duration, usize)> {
    let mut lint = Command::new(command);
    lint.arg("lint").args(kind.map(|kind| format!("--kind={kind}"))).arg(file);
    let start = Instant::now();
    let mut child =
        lint.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    // The kernel keeps the highest value; it is gone with the process, so the last millisecond is not seen.
    loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        peak = peak.max(high_water(&text).unwrap_or(0));
        if let Some(status) = child.try_wait()? {
            return Ok((status.code(), start.elapsed(), peak));
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// The most memory that a process had, in bytes, from its `status` file.
fn high_water(status: &str) -> Option<usize> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()? * 1024)
}
