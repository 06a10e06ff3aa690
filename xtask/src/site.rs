//! A web server for a folder of files: what any static host does, on this machine only.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::failure::{Failure, Result};

/// The longest request head that is read.
const HEAD_LIMIT: u64 = 16 * 1024;

/// A folder that is served under a path.
#[derive(Debug)]
pub(crate) struct Site {
    root: PathBuf,
    base: String,
}

/// What a request asks for.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    File(PathBuf),
    Redirect(String),
    NotFound,
}

impl Site {
    /// Serves the folder `root` under the path `base`, which runs from slash to slash.
    pub(crate) fn new(root: &Path, base: &str) -> Result<Self> {
        let root = root.canonicalize().map_err(Failure::file("serve", root))?;
        Ok(Self { root, base: base.to_owned() })
    }

    /// Takes the first free port from `port` on. Only this machine can reach it.
    pub(crate) fn listen(self, port: u16) -> Result<RunningSite> {
        for candidate in port..=u16::MAX {
            match TcpListener::bind((Ipv4Addr::LOCALHOST, candidate)) {
                Ok(listener) => {
                    let port = listener
                        .local_addr()
                        .map_err(|error| Failure::new(format!("cannot tell the port: {error}")))?
                        .port();
                    let address = format!("http://127.0.0.1:{port}{}", self.base);
                    return Ok(RunningSite { site: Arc::new(self), listener, address });
                }
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
                Err(error) => {
                    return Err(Failure::new(format!("cannot serve on port {candidate}: {error}"))
                        .remedy("`--port N` chooses another one"));
                }
            }
        }
        Err(Failure::new(format!("no port from {port} on is free")))
    }

    fn answer(&self, target: &str) -> Answer {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        if self.base.strip_suffix('/') == Some(path) && !path.is_empty() {
            return Answer::Redirect(self.base.clone());
        }
        let Some(relative) = path.strip_prefix(&self.base).and_then(percent_decode) else {
            return Answer::NotFound;
        };
        let mut file = self.root.clone();
        for name in relative.split('/').filter(|name| !name.is_empty()) {
            if name.starts_with("..") || name.contains(['\\', ':', '\0']) {
                return Answer::NotFound;
            }
            file.push(name);
        }
        if file.is_dir() {
            if !path.ends_with('/') {
                return Answer::Redirect(format!("{path}/"));
            }
            file.push("index.html");
        }
        // A link in the folder may lead out of it.
        match file.canonicalize() {
            Ok(file) if file.is_file() && file.starts_with(&self.root) => Answer::File(file),
            _ => Answer::NotFound,
        }
    }

    fn handle(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut reader = BufReader::new(stream.try_clone()?.take(HEAD_LIMIT));
        let mut request = String::new();
        reader.read_line(&mut request)?;
        // A connection that browsers open in advance and then don't use ends here.
        if request.is_empty() {
            return Ok(());
        }
        let mut header = String::new();
        while reader.read_line(&mut header)? > 0 && !header.trim_end().is_empty() {
            header.clear();
        }
        let mut words = request.split_whitespace();
        let (method, target) = (words.next(), words.next().unwrap_or_default());
        let head_only = method == Some("HEAD");
        if !head_only && method != Some("GET") {
            return reply(
                stream,
                "405 Method Not Allowed",
                "allow: GET, HEAD",
                "text/plain",
                b"",
                false,
            );
        }
        match self.answer(target) {
            Answer::File(file) => {
                let body = fs::read(&file)?;
                reply(
                    stream,
                    "200 OK",
                    "cache-control: no-cache",
                    media_type(&file),
                    &body,
                    head_only,
                )
            }
            Answer::Redirect(to) => {
                let location = format!("location: {to}");
                reply(stream, "301 Moved Permanently", &location, "text/plain", b"", head_only)
            }
            Answer::NotFound => {
                let body = b"There is no such file.\n";
                reply(
                    stream,
                    "404 Not Found",
                    "cache-control: no-cache",
                    "text/plain",
                    body,
                    head_only,
                )
            }
        }
    }
}

/// A site with a port.
#[derive(Debug)]
pub(crate) struct RunningSite {
    site: Arc<Site>,
    listener: TcpListener,
    address: String,
}

impl RunningSite {
    /// The address of the site's start page.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Answers requests for ever.
    pub(crate) fn run(&self) {
        for stream in self.listener.incoming().flatten() {
            let site = Arc::clone(&self.site);
            // A visitor who hangs up too early is no reason to stop.
            thread::spawn(move || drop(site.handle(stream)));
        }
    }

    /// Answers requests until this program ends.
    pub(crate) fn run_aside(self) -> String {
        let address = self.address.clone();
        thread::spawn(move || self.run());
        address
    }
}

fn reply(
    mut stream: TcpStream,
    status: &str,
    header: &str,
    media_type: &str,
    body: &[u8],
    head_only: bool,
) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {media_type}\r\ncontent-length: {}\r\n\
         x-content-type-options: nosniff\r\n{header}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    if !head_only {
        stream.write_all(body)?;
    }
    stream.flush()
}

/// The media type of a file, by its name. Browsers compile wasm while it arrives only if its type is right.
fn media_type(file: &Path) -> &'static str {
    let extension = file.extension().and_then(|extension| extension.to_str());
    match extension.unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        _ => "application/octet-stream",
    }
}

/// Decodes `%20` and the like; nothing if the result is not text.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let (code, after) = after.split_at_checked(2)?;
            let code = std::str::from_utf8(code).ok()?;
            if !code.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return None;
            }
            bytes.push(u8::from_str_radix(code, 16).ok()?);
            rest = after;
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with a page, a folder below it, and a secret beside it.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let folder =
                std::env::temp_dir().join(format!("xtask-site-{name}-{}", std::process::id()));
            let root = folder.join("root");
            fs::create_dir_all(root.join("sub")).unwrap();
            fs::write(root.join("index.html"), "start").unwrap();
            fs::write(root.join("a b.wasm"), "\0asm").unwrap();
            fs::write(root.join("sub/index.html"), "below").unwrap();
            fs::write(folder.join("secret"), "secret").unwrap();
            Self(folder)
        }

        fn site(&self, base: &str) -> Site {
            Site::new(&self.0.join("root"), base).unwrap()
        }

        fn file(&self, name: &str) -> Answer {
            Answer::File(self.0.join("root").canonicalize().unwrap().join(name))
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.0));
        }
    }

    #[test]
    fn files_are_found() {
        let folder = Folder::new("found");
        let site = folder.site("/");
        assert_eq!(site.answer("/"), folder.file("index.html"));
        assert_eq!(site.answer("/?q=1#x"), folder.file("index.html"));
        assert_eq!(site.answer("/a%20b.wasm"), folder.file("a b.wasm"));
        assert_eq!(site.answer("/sub/"), folder.file("sub/index.html"));
        assert_eq!(site.answer("/sub"), Answer::Redirect("/sub/".into()));
        assert_eq!(site.answer("/none"), Answer::NotFound);
    }

    #[test]
    fn a_site_below_a_path_answers_nothing_above_it() {
        let folder = Folder::new("base");
        let site = folder.site("/deep/er/");
        assert_eq!(site.answer("/deep/er/"), folder.file("index.html"));
        assert_eq!(site.answer("/deep/er"), Answer::Redirect("/deep/er/".into()));
        for path in ["/", "/index.html", "/deep/", "/deep/ernest"] {
            assert_eq!(site.answer(path), Answer::NotFound, "{path}");
        }
    }

    #[test]
    fn nothing_outside_of_the_folder_is_served() {
        let folder = Folder::new("outside");
        let site = folder.site("/");
        for path in [
            "/../secret",
            "/..",
            "/%2e%2e/secret",
            "/%2E%2E%2Fsecret",
            "/sub/../../secret",
            "/..%5csecret",
            "//../secret",
            "/sub/..;/secret",
            "/index.html%00",
            "/%ff",
            "/%+1",
            "/%",
            "secret",
            "",
            "*",
        ] {
            assert_eq!(site.answer(path), Answer::NotFound, "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_lead_out_of_the_folder() {
        let folder = Folder::new("link");
        std::os::unix::fs::symlink(folder.0.join("secret"), folder.0.join("root/link")).unwrap();
        assert_eq!(folder.site("/").answer("/link"), Answer::NotFound);
    }

    #[test]
    fn browsers_get_the_types_that_they_insist_on() {
        for (name, expected) in [
            ("x.wasm", "application/wasm"),
            ("x.js", "text/javascript; charset=utf-8"),
            ("x.css", "text/css; charset=utf-8"),
            ("index.html", "text/html; charset=utf-8"),
            ("x.svg", "image/svg+xml"),
            ("site.webmanifest", "application/manifest+json"),
            ("_headers", "application/octet-stream"),
        ] {
            assert_eq!(media_type(Path::new(name)), expected);
        }
    }

    fn ask(port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn it_speaks_http() {
        let folder = Folder::new("http");
        let running = folder.site("/").listen(0).unwrap();
        let port = running.listener.local_addr().unwrap().port();
        assert_eq!(running.run_aside(), format!("http://127.0.0.1:{port}/"));

        let page = ask(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\ncontent-type: text/html"));
        assert!(page.ends_with("\r\n\r\nstart"));
        let head = ask(port, "HEAD / HTTP/1.1\r\n\r\n");
        assert!(head.contains("content-length: 5\r\n") && head.ends_with("\r\n\r\n"));
        assert!(ask(port, "GET /x HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 404 "));
        assert!(ask(port, "POST / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 405 "));
    }

    #[test]
    fn a_taken_port_makes_it_take_the_next_one() {
        let folder = Folder::new("port");
        let first = folder.site("/").listen(0).unwrap();
        let taken = first.listener.local_addr().unwrap().port();
        let second = folder.site("/").listen(taken).unwrap();
        assert!(second.listener.local_addr().unwrap().port() > taken);
    }
}
