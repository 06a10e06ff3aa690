//! The page that loads first: it lints policies and records.

fn main() {
    stslint_page::prepare();
}
