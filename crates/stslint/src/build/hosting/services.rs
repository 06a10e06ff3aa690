//! Services that host. What is known to go wrong is from public threads and repositories up to November 2026, and for Firebase
//! from its documentation of `firebase.json`.

use super::{POLICY, Recipe};

/// git changes no line end of the policy.
const ATTRIBUTES: (&str, &str, &str) = (
    ".gitattributes",
    "text",
    ".well-known/mta-sts.txt -text\npublic/.well-known/mta-sts.txt -text\n",
);

pub(super) static RECIPES: &[Recipe] = &[
    Recipe {
        word: "cloudflare-worker",
        name: "Cloudflare Worker",
        dns: "Made by the custom domain of the Worker. Without that: a proxied record, such as AAAA `100::`, and a route.",
        files: &[
            (
                "src/index.js",
                "javascript",
                r#"const POLICY = {string};

export default {
  fetch(request) {
    if (new URL(request.url).pathname !== "/.well-known/mta-sts.txt") {
      return new Response("Not found\n", { status: 404 });
    }
    return new Response(POLICY, { headers: { "content-type": "text/plain" } });
  },
};
"#,
            ),
            (
                "wrangler.toml",
                "toml",
                r#"name = "mta-sts"
main = "src/index.js"
compatibility_date = "2026-11-01"
routes = [{ pattern = "{host}", custom_domain = true }]
"#,
            ),
        ],
        steps: "Cloudflare gets the certificate; for a domain below your zone that may take an advanced one. Let the path pass Browser \
                Integrity Check, bot protection and rules of the firewall: senders are not browsers.",
        wrong: "A Worker that looks the MX records up and writes them into the policy: forged records are then what the policy allows. \
                A template literal that is indented gives lines that begin with spaces, which several senders reject.",
    },
    Recipe {
        word: "github-pages",
        name: "GitHub Pages",
        dns: "A CNAME record to `USER.github.io`.",
        files: &[
            (".well-known/mta-sts.txt", "text", POLICY),
            (".nojekyll", "text", ""),
            ("CNAME", "text", "{host}\n"),
            (".gitattributes", "text", ".well-known/mta-sts.txt -text\n"),
        ],
        steps: "A repository for each domain: it has one custom domain. Turn on Enforce HTTPS, and wait until the certificate is there, \
                which can take hours, before you publish the record.",
        wrong: "No `.nojekyll`: Jekyll leaves folders out that begin with a dot, and the policy is 404.",
    },
    Recipe {
        word: "netlify",
        name: "Netlify",
        dns: "A CNAME record to the name of the site below `netlify.app`.",
        files: &[
            ("public/.well-known/mta-sts.txt", "text", POLICY),
            (
                "netlify.toml",
                "toml",
                r#"[build]
  publish = "public"

[[headers]]
  for = "/.well-known/mta-sts.txt"
  [headers.values]
    Content-Type = "text/plain"

# In front of any rule for "/*".
[[redirects]]
  from = "/.well-known/*"
  to = "/.well-known/:splat"
  status = 200
"#,
            ),
            ATTRIBUTES,
        ],
        steps: "Add the name as a domain of the site, and wait for its certificate.",
        wrong: "A rule `/*` to `/index.html` in front: it answers with HTML and 200 here too, and can keep the certificate from being \
                issued.",
    },
    Recipe {
        word: "vercel",
        name: "Vercel",
        dns: "The CNAME record that Vercel shows for the domain.",
        files: &[
            ("public/.well-known/mta-sts.txt", "text", POLICY),
            (
                "vercel.json",
                "json",
                r#"{
  "headers": [
    {
      "source": "/.well-known/mta-sts.txt",
      "headers": [{ "key": "Content-Type", "value": "text/plain" }]
    }
  ]
}
"#,
            ),
            ATTRIBUTES,
        ],
        steps: "Add the name as a domain of the project, without a redirect to another of its domains.",
        wrong: "A rewrite of everything to `index.html`, as applications of one page have it: where the file is missing, senders get \
                HTML with 200.",
    },
    Recipe {
        word: "s3-cloudfront",
        name: "S3 and CloudFront",
        dns: "A CNAME record, or an alias of Route 53, to the distribution.",
        files: &[(
            "mta-sts.tf",
            "terraform",
            r#"# CloudFront takes certificates of this region only.
provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"
}

resource "aws_acm_certificate" "mta_sts" {
  provider          = aws.us_east_1
  domain_name       = "{host}"
  validation_method = "DNS"
}

resource "aws_s3_bucket" "mta_sts" {
  bucket = "{host}"
}

resource "aws_s3_object" "policy" {
  bucket       = aws_s3_bucket.mta_sts.id
  key          = ".well-known/mta-sts.txt"
  content_type = "text/plain"
  content      = {hcl}
}

resource "aws_cloudfront_origin_access_control" "mta_sts" {
  name                              = "{host}"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_cloudfront_distribution" "mta_sts" {
  enabled         = true
  is_ipv6_enabled = true
  aliases         = ["{host}"]

  origin {
    origin_id                = "policy"
    domain_name              = aws_s3_bucket.mta_sts.bucket_regional_domain_name
    origin_access_control_id = aws_cloudfront_origin_access_control.mta_sts.id
  }
  default_cache_behavior {
    target_origin_id       = "policy"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    viewer_protocol_policy = "https-only"
    cache_policy_id        = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" # CachingDisabled
  }
  viewer_certificate {
    acm_certificate_arn      = aws_acm_certificate.mta_sts.arn
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
}

data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.mta_sts.arn}/*"]
    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "AWS:SourceArn"
      values   = [aws_cloudfront_distribution.mta_sts.arn]
    }
  }
}

resource "aws_s3_bucket_policy" "read" {
  bucket = aws_s3_bucket.mta_sts.id
  policy = data.aws_iam_policy_document.read.json
}
"#,
        )],
        steps: "Publish the record that validates the certificate before the distribution is made.",
        wrong: "A certificate of another region than us-east-1, which CloudFront does not take; a public bucket; `<<EOT`, which keeps \
                the indent of the policy.",
    },
    Recipe {
        word: "azure-static-web-apps",
        name: "Azure Static Web Apps",
        dns: "A CNAME record to the name that Azure shows for the app.",
        files: &[
            ("public/.well-known/mta-sts.txt", "text", POLICY),
            (
                "public/staticwebapp.config.json",
                "json",
                r#"{
  "routes": [
    {
      "route": "/.well-known/mta-sts.txt",
      "headers": { "Content-Type": "text/plain" }
    }
  ],
  "mimeTypes": { ".txt": "text/plain" }
}
"#,
            ),
            ATTRIBUTES,
        ],
        steps: "Add the name as a custom domain of the app, and wait for its certificate.",
        wrong: "No rule for the media type: the file can come as `application/octet-stream`, and senders may reject it. A Function App \
                for each domain soon meets the limit of custom domains.",
    },
    Recipe {
        word: "firebase",
        name: "Firebase Hosting",
        dns: "The records that Firebase shows for the custom domain.",
        files: &[
            ("public/.well-known/mta-sts.txt", "text", POLICY),
            (
                "firebase.json",
                "json",
                r#"{
  "hosting": {
    "public": "public",
    "ignore": ["firebase.json"],
    "headers": [
      {
        "source": "/.well-known/mta-sts.txt",
        "headers": [{ "key": "Content-Type", "value": "text/plain" }]
      }
    ]
  }
}
"#,
            ),
            ATTRIBUTES,
        ],
        steps: "Add the name as a custom domain of the site, and wait for its certificate.",
        wrong: "The `ignore` list that `firebase init` writes: it has `**/.*`, which names the folder. See with `curl` that the file is \
                there after you deploy.",
    },
];
