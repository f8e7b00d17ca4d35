//! The `spotcheck` command.
fn main() {}
