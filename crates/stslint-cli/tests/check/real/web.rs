//! Web servers with a recipe of the engine in them.

use super::daemon::{Daemon, Folder};
use super::find;
use crate::closed_port;
use crate::network::ca::{self, Flaw};
use std::net::{Ipv6Addr, TcpListener};
use std::path::Path;
use stslint::build::hosting::Recipe;

/// How a server is started with a recipe in it. In all texts `{root}` is the folder that has the place of `/`, `{port}` the
/// port, `{other}` another one, and `{lib}` the folder with the modules of the server.
struct Software {
    /// The word of the recipe.
    word: &'static str,
    program: &'static str,
    arguments: &'static [&'static str],
    /// The file that takes the recipe in, as a package brings it.
    main: Option<[&'static str; 2]>,
    /// What a reader adapts to this machine, beside [`FOLDERS`]: what the recipe says, and what stands there instead.
    adapted: &'static [[&'static str; 2]],
}

static SOFTWARE: [Software; 5] = [
    Software {
        word: "nginx",
        program: "nginx",
        arguments: &["-e", "stderr", "-c", "{root}/etc/nginx/nginx.conf"],
        main: Some([
            "/etc/nginx/nginx.conf",
            "daemon off;
master_process off;
pid {root}/pid;
events {}
http {
    types { text/html html; text/css css; }
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path {root}/body;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    scgi_temp_path {root}/scgi;
    uwsgi_temp_path {root}/uwsgi;
    include {root}/etc/nginx/conf.d/*.conf;
}
",
        ]),
        adapted: &[
            ["listen 443", "listen 127.0.0.1:{port}"],
            ["listen [::]:443", "listen [::1]:{port}"],
        ],
    },
    Software {
        word: "caddy",
        program: "caddy",
        arguments: &["run", "--adapter", "caddyfile", "--config", "{root}/main"],
        main: Some([
            "/main",
            "{
	admin off
	storage file_system {root}
	default_bind 127.0.0.1
	https_port {port}
	auto_https disable_redirects
}
import {root}/etc/caddy/Caddyfile
",
        ]),
        // It gets a certificate by itself, but not here.
        adapted: &[[
            "{host} {\n",
            "{host} {\n\ttls {root}/etc/letsencrypt/live/{host}/fullchain.pem \
             {root}/etc/letsencrypt/live/{host}/privkey.pem\n",
        ]],
    },
    Software {
        word: "apache",
        program: "apache2",
        arguments: &["-X", "-f", "{root}/etc/apache2/apache2.conf"],
        main: Some([
            "/etc/apache2/apache2.conf",
            r#"ServerRoot {root}
ServerName localhost
DefaultRuntimeDir {root}
PidFile {root}/pid
ErrorLog /dev/stderr
LoadModule mpm_event_module {lib}/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module {lib}/apache2/modules/mod_authz_core.so
LoadModule mime_module {lib}/apache2/modules/mod_mime.so
LoadModule ssl_module {lib}/apache2/modules/mod_ssl.so
LoadModule proxy_module {lib}/apache2/modules/mod_proxy.so
LoadModule proxy_http_module {lib}/apache2/modules/mod_proxy_http.so
User #65534
Group #65534
TypesConfig /dev/null
Listen 127.0.0.1:{port}
<Directory />
    AllowOverride None
    Require all denied
</Directory>
<FilesMatch "^\.ht">
    Require all denied
</FilesMatch>
Include {root}/etc/apache2/sites-available/*.conf
"#,
        ]),
        adapted: &[["*:443", "127.0.0.1:{port}"]],
    },
    Software {
        word: "haproxy",
        program: "haproxy",
        arguments: &["-db", "-f", "{root}/etc/haproxy/haproxy.cfg"],
        // The recipe is all of it.
        main: None,
        adapted: &[["bind :443", "bind 127.0.0.1:{port}"]],
    },
    Software {
        word: "lighttpd",
        program: "lighttpd",
        arguments: &["-D", "-m", "{lib}/lighttpd", "-f", "{root}/etc/lighttpd/lighttpd.conf"],
        main: Some([
            "/etc/lighttpd/lighttpd.conf",
            r#"server.modules = ( "mod_access", "mod_redirect" )
server.document-root = "{root}"
server.bind = "127.0.0.1"
server.port = {other}
mimetype.assign = ( ".html" => "text/html", "" => "application/octet-stream" )
url.access-deny = ( "~", ".inc" )
include "{root}/etc/lighttpd/conf-enabled/*.conf"
"#,
        ]),
        adapted: &[[r#"":443""#, r#""127.0.0.1:{port}""#]],
    },
];

/// The folders that recipes have things in.
const FOLDERS: [&str; 2] = ["/etc/", "/var/www/"];

/// Starts a server with the recipe of this word, in which each of `edits` replaces something that is there once.
pub(super) fn start(word: &str, domain: &str, policy: &str, edits: &[[&str; 2]]) -> Daemon {
    let software = SOFTWARE.iter().find(|known| known.word == word).expect("it is known");
    let recipe = Recipe::of(word).expect("there is a recipe");
    let folder = Folder::new(word);
    let root = folder.path().display().to_string();
    // Modules lie beside the programs, in `lib` where those are in `bin` or `sbin`.
    let program = find(software.program);
    let lib = program.parent().and_then(Path::parent).expect("two folders").join("lib");
    let (address, other) = (closed_port(), closed_port());
    let host = format!("mta-sts.{domain}");
    let fill = |text: &str| {
        text.replace("{root}", &root)
            .replace("{lib}", &lib.display().to_string())
            .replace("{port}", &address.port().to_string())
            .replace("{other}", &other.port().to_string())
            .replace("{host}", &host)
    };
    if let Some([path, text]) = software.main {
        folder.put(path, &fill(text));
    }
    let has_ipv6 = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    for file in recipe.files(domain, policy) {
        let mut text = file.text;
        // The policy is served as it is.
        if file.language != "text" {
            for [from, to] in edits {
                text = replaced(&text, from, to);
            }
            for place in FOLDERS {
                text = text.replace(place, &[&root, place].concat());
            }
            for [from, to] in software.adapted {
                text = replaced(&text, &fill(from), &fill(to));
            }
            if !has_ipv6 {
                text = text.replace(&fill("listen [::1]:{port} ssl;"), "");
            }
        }
        folder.put(&file.path, &text);
    }
    let [chain, key] = ca::chain_and_key(&[&host], Flaw::None);
    folder.put(&format!("/etc/letsencrypt/live/{host}/fullchain.pem"), &chain);
    folder.put(&format!("/etc/letsencrypt/live/{host}/privkey.pem"), &key);
    folder.put(&format!("/etc/haproxy/certs/{host}.pem"), &[chain, key].concat());
    let arguments = software.arguments.iter().map(|argument| fill(argument));
    Daemon::start(software.program, arguments, address, folder)
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from} in\n{text}");
    text.replace(from, to)
}
