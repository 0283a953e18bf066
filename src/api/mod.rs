//! What embedders use at run time.

pub(crate) mod types;
