//! Web servers of one's own. What is known to go wrong is from public threads and repositories up to November 2026; where
//! none was found about a server (HAProxy, lighttpd, Traefik), it is what goes wrong with the others.

use super::{Recipe, SITE_FILE};

const ADDRESS: &str = "A and AAAA records of the server.";

/// Why a certificate comes first.
const CERTIFICATE: &str = "Get a certificate for the name, for example with `certbot certonly -d`, and see that it renews. Load \
    the configuration again after that: a certificate of another name makes senders ignore the policy.";

pub(super) static RECIPES: &[Recipe] = &[
    Recipe {
        word: "nginx",
        name: "nginx",
        dns: ADDRESS,
        files: &[
            SITE_FILE,
            (
                "/etc/nginx/conf.d/{host}.conf",
                "nginx",
                r"server {
    listen 443 ssl;
    listen [::]:443 ssl;
    server_name {host};

    ssl_certificate     /etc/letsencrypt/live/{host}/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/{host}/privkey.pem;
    ssl_protocols       TLSv1.2 TLSv1.3;

    root /var/www/{host};

    location = /.well-known/mta-sts.txt {
        types {}
        default_type text/plain;
    }
    location / {
        return 404;
    }
}
",
            ),
        ],
        steps: CERTIFICATE,
        wrong: "`add_header Content-Type text/plain` beside `return 200`: it adds a second Content-Type to the one of `default_type`. \
                A `return 200` over several lines mixes LF with CR LF, a rule against dot files gives 403, and a redirect on port \
                443 is not followed by senders (RFC 8461 §3.3).",
    },
    Recipe {
        word: "caddy",
        name: "Caddy",
        dns: ADDRESS,
        files: &[
            SITE_FILE,
            (
                "/etc/caddy/Caddyfile",
                "caddyfile",
                r"{host} {
	root * /var/www/{host}
	@policy path /.well-known/mta-sts.txt
	handle @policy {
		file_server
	}
	handle {
		respond 404
	}
}
",
            ),
        ],
        steps: "Caddy gets the certificate by itself, as soon as the name leads to it.",
        wrong: "`respond` with a text over several lines inside an indented block: the lines keep the indent, and several senders \
                reject a policy whose lines begin with spaces. On-demand certificates for any name need an `ask` endpoint.",
    },
    Recipe {
        word: "apache",
        name: "Apache",
        dns: ADDRESS,
        files: &[
            SITE_FILE,
            (
                "/etc/apache2/sites-available/{host}.conf",
                "apache",
                r#"<VirtualHost *:443>
    ServerName {host}
    DocumentRoot /var/www/{host}

    SSLEngine on
    SSLCertificateFile    /etc/letsencrypt/live/{host}/fullchain.pem
    SSLCertificateKeyFile /etc/letsencrypt/live/{host}/privkey.pem

    <Directory /var/www/{host}>
        Require all granted
    </Directory>
    <Location "/.well-known/mta-sts.txt">
        ForceType text/plain
    </Location>
</VirtualHost>
"#,
            ),
        ],
        steps: "Get a certificate for the name, for example with `certbot certonly -d`, and see that it renews. Turn the site on \
                (`a2enmod ssl`, `a2ensite`), and load the configuration again after each renewal: a certificate of another name \
                makes senders ignore the policy.",
        wrong: "A `ProxyPass /` of the same host takes the path away. Put `ProxyPass /.well-known/mta-sts.txt !` in front of it.",
    },
    Recipe {
        word: "haproxy",
        name: "HAProxy",
        dns: ADDRESS,
        files: &[
            ("/etc/haproxy/mta-sts.txt", "text", super::POLICY),
            (
                "/etc/haproxy/haproxy.cfg",
                "haproxy",
                r#"frontend https
    mode http
    timeout client 30s
    bind :443 ssl crt /etc/haproxy/certs/{host}.pem

    acl mta_sts_host hdr(host),field(1,:) -i {host}
    acl mta_sts_path path /.well-known/mta-sts.txt
    http-request return status 200 content-type text/plain file /etc/haproxy/mta-sts.txt if mta_sts_host mta_sts_path
    http-request return status 404 if mta_sts_host
"#,
            ),
        ],
        steps: "The file of the certificate has the chain and the key. HAProxy (2.2 or later) reads the policy when it starts: load \
                it again after a change.",
        wrong: "`http-request redirect scheme https` without `unless { ssl_fc }`, or a redirect to `www`: senders follow none (RFC \
                8461 §3.3).",
    },
    Recipe {
        word: "lighttpd",
        name: "lighttpd",
        dns: ADDRESS,
        files: &[
            SITE_FILE,
            (
                "/etc/lighttpd/conf-enabled/90-mta-sts.conf",
                "lighttpd",
                r#"server.modules += ( "mod_openssl" )

$SERVER["socket"] == ":443" {
    ssl.engine  = "enable"
    ssl.pemfile = "/etc/letsencrypt/live/{host}/fullchain.pem"
    ssl.privkey = "/etc/letsencrypt/live/{host}/privkey.pem"
}

$HTTP["host"] == "{host}" {
    server.document-root = "/var/www/{host}"
    mimetype.assign      = ( ".txt" => "text/plain" )
}
"#,
            ),
        ],
        steps: CERTIFICATE,
        wrong: "A `url.access-deny` against dot files, or a `url.redirect` for all hosts: the first gives 403, and senders follow no \
                redirect (RFC 8461 §3.3).",
    },
    Recipe {
        word: "traefik",
        name: "Traefik",
        dns: ADDRESS,
        files: &[
            ("site/.well-known/mta-sts.txt", "text", super::POLICY),
            (
                "site.conf",
                "nginx",
                r"server {
    listen 80;
    root /site;
    location = /.well-known/mta-sts.txt {
        types {}
        default_type text/plain;
    }
}
",
            ),
            (
                "compose.yaml",
                "yaml",
                r#"services:
  mta-sts:
    image: nginx:stable-alpine
    volumes:
      - ./site:/site:ro
      - ./site.conf:/etc/nginx/conf.d/default.conf:ro
    labels:
      traefik.enable: "true"
      traefik.http.routers.mta-sts.rule: "Host(`{host}`) && Path(`/.well-known/mta-sts.txt`)"
      traefik.http.routers.mta-sts.entrypoints: "websecure"
      traefik.http.routers.mta-sts.tls.certresolver: "letsencrypt"
      traefik.http.services.mta-sts.loadbalancer.server.port: "80"
"#,
            ),
        ],
        steps: "Traefik serves no files, so a small web server stands behind it. `websecure` and `letsencrypt` are the names of your \
                entry point and of your certificate resolver.",
        wrong: "A middleware that redirects, on the entry point or the router: senders follow none (RFC 8461 §3.3).",
    },
    Recipe {
        word: "kubernetes",
        name: "Kubernetes ingress",
        dns: "The address of the ingress controller.",
        files: &[(
            "mta-sts.yaml",
            "yaml",
            r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: mta-sts
data:
  default.conf: |
    server {
        listen 8080;
        location = /.well-known/mta-sts.txt {
            types {}
            default_type text/plain;
            alias /policy/mta-sts.txt;
        }
    }
  mta-sts.txt: {string}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: mta-sts
spec:
  replicas: 2
  selector:
    matchLabels: { app: mta-sts }
  template:
    metadata:
      labels: { app: mta-sts }
    spec:
      containers:
        - name: web
          image: nginxinc/nginx-unprivileged:stable-alpine
          ports: [{ containerPort: 8080 }]
          volumeMounts:
            - { name: files, mountPath: /etc/nginx/conf.d/default.conf, subPath: default.conf }
            - { name: files, mountPath: /policy/mta-sts.txt, subPath: mta-sts.txt }
      volumes:
        - name: files
          configMap: { name: mta-sts }
---
apiVersion: v1
kind: Service
metadata:
  name: mta-sts
spec:
  selector: { app: mta-sts }
  ports: [{ port: 80, targetPort: 8080 }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: mta-sts
  annotations:
    cert-manager.io/cluster-issuer: letsencrypt
spec:
  tls:
    - hosts: [{host}]
      secretName: mta-sts-tls
  rules:
    - host: {host}
      http:
        paths:
          - path: /.well-known/mta-sts.txt
            pathType: Exact
            backend:
              service: { name: mta-sts, port: { number: 80 } }
"#,
        )],
        steps: "`letsencrypt` is the name of your issuer of cert-manager. Restart the deployment after a change: files that are \
                mounted by `subPath` stay as they were.",
        wrong: "A `configuration-snippet` with `return 200`: many controllers allow none, and the text must be one line with `\\r\\n`.",
    },
];
