//! A web server for a folder of files: what any static host does, compression included, on this machine only.

use std::io::{self, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::thread;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::failure::{Failure, Result};
use crate::project::Project;

/// Shows the built page to the person at this machine until that person stops it.
pub(crate) fn serve(project: &Project, port: u16, base: &str) -> Result<()> {
    let site = Site::new(&project.dist(), base)?.listen(port)?;
    println!("\nThe page is here until you press Ctrl-C:\n{}", site.address);
    // Whoever waits for the address reads it through a pipe, where it would stay in the buffer.
    drop(io::stdout().flush());
    site.run()
}

/// A folder that is served under a path.
#[derive(Debug)]
pub(crate) struct Site {
    root: PathBuf,
    base: String,
    compresses: bool,
}

impl Site {
    /// Serves the folder `root` under the path `base`, which runs from slash to slash.
    pub(crate) fn new(root: &Path, base: &str) -> Result<Self> {
        let root = root.canonicalize().map_err(Failure::file("serve", root))?;
        Ok(Self { root, base: base.to_owned(), compresses: true })
    }

    /// Sends files as they are: on one machine, compressing takes longer than it saves.
    pub(crate) fn plain(self) -> Self {
        Self { compresses: false, ..self }
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
                    return Ok(RunningSite { router: self.router(), listener, address });
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

    fn router(&self) -> Router {
        let prefix = self.base.trim_end_matches('/');
        let files = ServeDir::new(&self.root).redirect_path_prefix(prefix);
        let router = match prefix {
            "" => Router::new().fallback_service(files),
            prefix => Router::new().nest_service(prefix, files),
        };
        let header = SetResponseHeaderLayer::overriding;
        router
            .layer(CompressionLayer::new().gzip(self.compresses).br(self.compresses))
            .layer(header(CACHE_CONTROL, HeaderValue::from_static("no-cache")))
            .layer(header(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
    }
}

/// A site with a port.
#[derive(Debug)]
pub(crate) struct RunningSite {
    router: Router,
    listener: TcpListener,
    address: String,
}

impl RunningSite {
    /// Answers requests for ever.
    pub(crate) fn run(self) -> Result<()> {
        let Self { router, listener, .. } = self;
        let serve = || -> io::Result<()> {
            listener.set_nonblocking(true)?;
            let runtime =
                tokio::runtime::Builder::new_multi_thread().enable_io().enable_time().build()?;
            runtime.block_on(async {
                axum::serve(tokio::net::TcpListener::from_std(listener)?, router).await
            })
        };
        serve().map_err(|error| Failure::new(format!("cannot serve the page: {error}")))
    }

    /// Answers requests until this program ends.
    pub(crate) fn run_aside(self) -> String {
        let address = self.address.clone();
        thread::spawn(move || self.run());
        address
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Read as _;
    use std::net::TcpStream;

    use super::*;

    /// A folder with a page, a folder below it, and a secret beside it; and the site that it is.
    struct Folder {
        folder: PathBuf,
        address: String,
    }

    impl Folder {
        fn served(name: &str, base: &str) -> Self {
            let folder =
                std::env::temp_dir().join(format!("xtask-site-{name}-{}", std::process::id()));
            let root = folder.join("root");
            fs::create_dir_all(root.join("sub")).unwrap();
            for (name, text) in [
                ("index.html", "start"),
                ("a b.wasm", "\0asm"),
                ("x.js", "let long = 1; // long long long long long long long long long"),
                ("sub/index.html", "below"),
                ("../secret", "secret"),
            ] {
                fs::write(root.join(name), text).unwrap();
            }
            let address = Site::new(&root, base).unwrap().listen(0).unwrap().run_aside();
            Self { folder, address }
        }

        /// The whole answer to a request.
        fn ask(&self, path: &str, header: &str) -> String {
            let host = self.address.trim_start_matches("http://").split('/').next().unwrap();
            let mut stream = TcpStream::connect(host).unwrap();
            let request =
                format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}\r\n");
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            String::from_utf8_lossy(&answer).into_owned()
        }

        #[track_caller]
        fn check(&self, path: &str, expected: &[&str]) {
            let answer = self.ask(path, "");
            for expected in expected {
                assert!(answer.contains(expected), "{path}: {answer}");
            }
            assert!(!answer.contains("secret"), "{path}");
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.folder));
        }
    }

    #[test]
    fn files_are_found_and_sent_as_a_host_sends_them() {
        let site = Folder::served("found", "/");
        site.check("/", &["HTTP/1.1 200 ", "text/html", "start", "no-cache", "nosniff"]);
        site.check("/a%20b.wasm", &["HTTP/1.1 200 ", "application/wasm"]);
        site.check("/sub", &["HTTP/1.1 307 ", "location: /sub/\r\n"]);
        site.check("/none", &["HTTP/1.1 404 "]);
        for path in ["/../secret", "/%2E%2E%2Fsecret"] {
            site.check(path, &["HTTP/1.1 404 "]);
        }
        for form in ["gzip", "br"] {
            let answer = site.ask("/x.js", &format!("Accept-Encoding: {form}\r\n"));
            assert!(answer.contains(&format!("content-encoding: {form}")), "{answer}");
        }
    }

    #[test]
    fn a_site_below_a_path_answers_nothing_above_it() {
        let site = Folder::served("base", "/deep/er/");
        site.check("/deep/er/", &["start"]);
        site.check("/deep/er/sub", &["location: /deep/er/sub/\r\n"]);
        for path in ["/", "/index.html", "/deep/", "/deep/ernest"] {
            site.check(path, &["HTTP/1.1 404 "]);
        }
    }

    #[test]
    fn a_taken_port_makes_it_take_the_next_one() {
        let site = || Site::new(&std::env::temp_dir(), "/").unwrap();
        let first = site().listen(0).unwrap();
        let taken = first.listener.local_addr().unwrap().port();
        let second = site().listen(taken).unwrap();
        assert!(second.listener.local_addr().unwrap().port() > taken);
    }
}
