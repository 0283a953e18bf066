//! The emitters, one folder for each instruction set, and nothing else.
pub mod x64;
