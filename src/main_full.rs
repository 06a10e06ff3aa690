//! The page with everything in it, loaded when something is asked for that the first one has not.

fn main() {
    stslint_page::prepare();
}
