//! The emitters, one folder for each instruction set, and nothing else.
pub mod aarch64;
pub mod x64;
