//! The emitters, one folder for each instruction set, and nothing else.
#[cfg(any(feature = "cross", target_arch = "aarch64"))]
pub mod aarch64;
#[cfg(any(feature = "cross", target_arch = "x86_64"))]
pub mod x64;
