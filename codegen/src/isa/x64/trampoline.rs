//! The borders between host and compiled code on x86-64.
use crate::ty::Ty;
/// See [`crate::trampoline::entry`].
pub fn entry(_params: &[Ty], _results: &[Ty], _out: &mut [u8]) -> Option<usize> { None }
/// See [`crate::trampoline::host_call`].
pub fn host_call(_params: &[Ty], _results: &[Ty], _out: &mut [u8]) -> Option<usize> { None }
