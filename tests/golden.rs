//! First draws and small runs, digested. Re-minted only in a commit that says in its first words that numbers change.
#![allow(missing_docs, reason = "tests")]

mod common;

use common::{country, run};
use october::output::csv::write_table;
use october::output::manifest::sha256_hex;
use october::random::{Process, ReplicateKey, Stream};

#[test]
fn first_draws() {
    let words = Stream::new(ReplicateKey::new(1917, 0), Process::Day, 0, 0).block_at(0);
    insta::assert_snapshot!("first_draws", format!("{words:08x?}"));
}

/// Floating-point functions of the platform's library may differ in the last bit elsewhere.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn a_small_run() {
    let tables = run(&country(&["population.agents=6000"]), 2);
    let mut digests = String::new();
    for table in &tables.tables {
        let mut csv = Vec::new();
        write_table(table, &mut csv).expect("memory does not fail");
        digests.push_str(&format!("{:12} {:6} rows {}\n", table.name, table.rows(), &sha256_hex(&csv)[..16]));
    }
    insta::assert_snapshot!("a_small_run", digests);
}
