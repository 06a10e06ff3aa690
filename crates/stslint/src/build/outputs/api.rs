//! What the interfaces of providers take.

use super::{All, Line, WHOLE, escape};
use crate::build::wanted::Change;
use std::borrow::Cow;

/// A change batch of Route 53: its values are written as in zone files.
pub(super) fn route53(all: &All) -> String {
    let one = |line: &Line| {
        format!(
            "    {{\n      \"Action\": \"UPSERT\",\n      \"ResourceRecordSet\": {{\n        \
             \"Name\": \"{}\",\n        \"Type\": \"TXT\",\n        \"TTL\": {},\n        \
             \"ResourceRecords\": [{{ \"Value\": \"{}\" }}]\n      }}\n    }}",
            line.name,
            all.ttl,
            escape(&line.quoted())
        )
    };
    let changes: Vec<String> = all.lines.iter().map(one).collect();
    format!(
        "{{\n  \"Comment\": \"MTA-STS and TLSRPT. {WHOLE}\",\n  \"Changes\": [\n{}\n  ]\n}}\n",
        changes.join(",\n")
    )
}

/// Calls of Cloudflare's API. `ZONE_ID` and `CLOUDFLARE_API_TOKEN` are variables of the shell.
pub(super) fn cloudflare(all: &All) -> String {
    const ADDRESS: &str = "https://api.cloudflare.com/client/v4/zones/$ZONE_ID/dns_records";
    const TOKEN: &str = "-H \"Authorization: Bearer $CLOUDFLARE_API_TOKEN\"";
    let one = |line: &Line| {
        let body = format!(
            "{{\"type\":\"TXT\",\"name\":\"{}\",\"content\":\"{}\",\"ttl\":{}}}",
            line.plain(),
            escape(&line.quoted()),
            all.ttl
        );
        let body = body.replace('\'', "'\\''");
        let (find, method, address) = match line.record.change {
            Change::New => (String::new(), "POST", ADDRESS.to_owned()),
            // Only one record of this version may be there: one takes the new value.
            change => (
                format!(
                    "# RECORD_ID is {} that this answers:\n\
                     curl -sS \"{ADDRESS}?type=TXT&name={}\" {TOKEN}\n",
                    match change {
                        Change::OneForSeveral => {
                            let version = line.version();
                            format!("one \"id\" (delete the others of version {version})").into()
                        }
                        _ => Cow::Borrowed("the \"id\""),
                    },
                    line.plain()
                ),
                "PUT",
                [ADDRESS, "/$RECORD_ID"].concat(),
            ),
        };
        format!(
            "{find}curl -sS -X {method} \"{address}\" \\\n  {TOKEN} \\\n  \
             -H \"Content-Type: application/json\" \\\n  --data '{body}'\n"
        )
    };
    all.lines.iter().map(one).collect::<Vec<_>>().join("\n")
}
