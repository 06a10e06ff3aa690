//! The page as a program.

fn main() {
    stslint_page::start();
}
