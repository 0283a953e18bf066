//! A bounded part of what the runner does for hours: the first cases of a fixed seed, of each target.
//!
//! `HEADWATER_FUZZ_SEED` makes another run; `HEADWATER_FUZZ_PERCENT` a longer or shorter one.

use headwater_fuzz::{Done, TARGETS, case_bytes, observed, run, target};
use std::sync::{PoisonError, RwLock};

#[global_allocator]
static ALLOCATOR: headwater_fuzz::memory::Counting = headwater_fuzz::memory::Counting;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |v| v.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}

/// Held alone by tests that measure the heap, which is that of all tests of this process.
static HEAP: RwLock<()> = RwLock::new(());

/// Runs the first `cases` of a target, which must compare at least `checks` things each on average.
fn bounded(name: &str, cases: u64, checks: u64) {
    let target = target(name).expect("the target exists");
    let measures = matches!(name, "stream" | "web");
    let _alone = measures.then(|| HEAP.write().unwrap_or_else(PoisonError::into_inner));
    let _beside = (!measures).then(|| HEAP.read().unwrap_or_else(PoisonError::into_inner));
    let seed = setting("HEADWATER_FUZZ_SEED", 1);
    let cases = (cases * setting("HEADWATER_FUZZ_PERCENT", 100) / 100).max(1);
    let mut total = Done::default();
    for number in 0..cases {
        match run(target, &case_bytes(target, seed, number)) {
            Ok(done) => {
                total.modules += done.modules;
                total.checks += done.checks;
            }
            Err(failure) => panic!(
                "{}: {}\nagain: cargo run --profile fuzz -p headwater-fuzz -- {name} --seed {seed} --start {number} --runs 1",
                failure.kind, failure.what
            ),
        }
    }
    assert!(total.checks >= cases * checks, "{cases} cases with only {total:?}: they are too poor");
}

#[test]
fn modules_of_wasm_smith_do_the_same_as_in_wasmi() {
    bounded("differential", 4000, 4);
}

#[test]
fn objects_do_the_same_however_often_they_are_collected() {
    bounded("objects", 1500, 2);
}

#[test]
fn single_operators_do_the_same_as_in_wasmi() {
    bounded("operators", 1500, 50);
}

#[test]
fn single_vector_operators_do_the_same_as_in_wasmi() {
    bounded("vectors", 1500, 50);
}

#[test]
fn users_of_integers_do_the_same_as_in_wasmi_whoever_made_them() {
    bounded("borders", 2000, 15);
}

#[test]
fn functions_under_register_pressure_do_the_same_as_in_wasmi() {
    bounded("pressure", 4000, 15);
}

#[test]
fn streams_have_the_outcome_of_buffers() {
    bounded("stream", 3000, 2);
}

#[test]
fn responses_have_the_outcome_of_buffers() {
    bounded("web", 2000, 1);
}

#[test]
fn what_is_seen_of_a_case_follows_from_its_number() {
    for target in TARGETS.iter().filter(|target| target.runs) {
        let seen = |number| {
            observed::start();
            run(target, &case_bytes(target, 1, number)).expect("this is tested above");
            observed::finish()
        };
        let first: Vec<_> = (0..50).map(seen).collect();
        assert_eq!(first, (0..50).map(seen).collect::<Vec<_>>(), "{}", target.name);
        let different: std::collections::HashSet<_> = first.iter().filter_map(observed::Observed::hash).collect();
        // Programs with handlers are short, and many end alike.
        assert!(different.len() > 20, "{}: {} hashes", target.name, different.len());
    }
}

#[test]
fn the_bytes_of_a_case_follow_from_its_number() {
    let target = target("differential").expect("the target exists");
    assert_eq!(case_bytes(target, 1, 7), case_bytes(target, 1, 7));
    assert_ne!(case_bytes(target, 1, 7), case_bytes(target, 1, 8));
    assert_ne!(case_bytes(target, 1, 7), case_bytes(target, 2, 7));
}

#[test]
fn handlers_do_what_a_model_says() {
    bounded("handlers", 6000, 0);
}
