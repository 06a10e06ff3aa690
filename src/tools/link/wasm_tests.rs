//! Links from end to end, which takes a browser's streams.

use crate::browser::stream::pack;
use crate::request::Request;
use crate::state::Action;
use stslint::share::{self, Shared};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn a_link_opens_to_what_it_was_made_of() {
    let texts: [&[u8]; 3] =
        [b"version: STSv1\r\nmode: none\r\n", "gr\u{fc}\u{1f600}".as_bytes(), b"\xff\0\xfe"];
    for text in texts {
        let body = pack(text).await.expect("this browser can pack");
        let shared = Shared {
            declared: Some(stslint::Kind::Policy.into()),
            domain: Some("example.com".into()),
            marks: true,
            exact: true,
            reports: false,
            ignore: vec!["STS-POL-103".into()],
            place: None,
            body: Some(body),
        };
        let Some(Action::Request(Request::Open(opened))) =
            super::opened(&share::encode(&shared)).await
        else {
            panic!("the link does not open");
        };
        assert_eq!(opened.bytes.as_deref(), Some(text));
        assert!(opened.line_ends_known && opened.invisible);
        assert_eq!(opened.settings.declared, Some(stslint::Kind::Policy.into()));
        assert_eq!(opened.settings.domain, "example.com");
    }
}
