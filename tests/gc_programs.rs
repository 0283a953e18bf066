//! Random programs with types of all kinds, which make graphs of objects and ask of what types they are, do the same as
//! on a plain graph, in shape and values, however often what they refer to is moved.
//!
//! `HEADWATER_GC_PROGRAMS` and `HEADWATER_GC_SEED` make a run longer, or different.

#[path = "gc_programs/compare.rs"]
mod compare;
#[path = "gc_programs/constants.rs"]
mod constants;
#[path = "gc_programs/generate.rs"]
mod generate;
#[path = "gc_programs/model.rs"]
mod model;
#[path = "gc_programs/program.rs"]
mod program;
mod support;
#[path = "gc_programs/types.rs"]
mod types;

use support::setting;

const MODES: [&str; 4] = ["", "collect", "collect,spill,shuffle", "collect,interrupts,fuel,poison"];

#[test]
fn programs_do_what_they_do_on_a_plain_graph() {
    let (count, seed) = (setting("HEADWATER_GC_PROGRAMS", 40), setting("HEADWATER_GC_SEED", 1));
    let work = move || {
        let mut seen = compare::Seen::default();
        for number in seed..seed + count {
            let program = generate::program(number);
            compare::compare(number, &program, &MODES, &mut seen);
        }
        eprintln!("{seen:?}");
        // Programs that all trap at once, or make nothing, would prove nothing.
        assert!(seen.returned * 4 > seen.calls && seen.objects > 5 * seen.calls, "{seen:?}");
        assert!(count < 40 || seen.trapped.len() > 5 && seen.thrown > 2, "{seen:?}");
    };
    // The model recurses as deeply as programs do.
    std::thread::Builder::new().stack_size(256 << 20).spawn(work).unwrap().join().unwrap();
}
