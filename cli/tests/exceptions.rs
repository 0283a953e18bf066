//! Programs with exceptions, and with `longjmp`, built with Debian's emscripten from the sources in
//! `tests/programs/exceptions`: in the older form of exceptions and translated to the newer one they print what the
//! same sources print natively.

mod support;

use support::{headwater, program};

fn prints_what_it_prints_natively(name: &str) {
    let expected =
        std::fs::read_to_string(format!("{}/../tests/programs/exceptions/{name}.txt", env!("CARGO_MANIFEST_DIR")))
            .expect("the native output is beside the program");
    assert!(expected.len() > 100);
    for form in ["", ".legacy"] {
        let program = program(&format!("exceptions/{name}{form}"));
        assert_eq!(headwater(["run", &program]).success(), expected, "{name}{form}");
    }
}

#[test]
fn exceptions_of_cpp_are_thrown_caught_and_rethrown_as_natively() {
    prints_what_it_prints_natively("exceptions");
}

#[test]
fn longjmp_goes_where_it_goes_natively() {
    prints_what_it_prints_natively("longjmp");
}
