//! Known classes of bugs in compilers like this one, each with its own tests: in emitted code (A to L) and in streams
//! (1 to 9). Each file describes its class, and names other tests that cover parts of it.
//!
//! Modules run here and in wasmi, or against a few lines of Rust that compute the expected result, under several of the
//! hostile modes of `Config::test_modes` and under those that `HEADWATER_TEST_MODES` names.
//!
//! `HEADWATER_CLASSES_SCALE` is how many of the generated cases are run, in percent; more than 100 makes the cases that
//! are drawn at random more.

mod api_common;
mod support;

#[path = "classes/harness.rs"]
mod harness;

#[path = "classes/a_addresses.rs"]
mod a_addresses;
#[path = "classes/b_bounds.rs"]
mod b_bounds;
#[path = "classes/c_tables.rs"]
mod c_tables;
#[path = "classes/d_merges.rs"]
mod d_merges;
#[path = "classes/e_unreachable.rs"]
mod e_unreachable;
#[path = "classes/f_numbers.rs"]
mod f_numbers;
#[path = "classes/g_ranges.rs"]
mod g_ranges;
#[path = "classes/h_stops.rs"]
mod h_stops;
#[path = "classes/i_mixing.rs"]
mod i_mixing;
#[path = "classes/j_references.rs"]
mod j_references;
#[path = "classes/k_null.rs"]
mod k_null;
#[path = "classes/l_statements.rs"]
mod l_statements;

#[path = "support/heap.rs"]
mod heap;
#[path = "classes/streams.rs"]
mod streams;

#[path = "classes/s1_boundaries.rs"]
mod s1_boundaries;
#[path = "classes/s2_framing.rs"]
mod s2_framing;
#[path = "classes/s3_errors.rs"]
mod s3_errors;
#[path = "classes/s4_ends.rs"]
mod s4_ends;
#[path = "classes/s5_time.rs"]
mod s5_time;
#[path = "classes/s6_amplification.rs"]
mod s6_amplification;
#[path = "classes/s7_crowds.rs"]
mod s7_crowds;
#[path = "classes/s8_code.rs"]
mod s8_code;
#[path = "classes/s9_content.rs"]
mod s9_content;
