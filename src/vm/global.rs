//! Globals as a store knows them.

use crate::types::GlobalType;
use crate::vm::context::ValRaw;

/// A global known to the store.
pub(crate) struct GlobalData {
    /// The value: in an instance's context, or a box of its own.
    pub at: *mut ValRaw,
    pub ty: GlobalType,
    /// The number of the instance; without one, the value is in a box.
    pub instance: Option<u32>,
}

impl GlobalData {
    /// A global whose value is part of an instance's context.
    pub fn in_instance(instance: u32, at: *mut ValRaw, ty: GlobalType) -> GlobalData {
        GlobalData { at, ty, instance: Some(instance) }
    }

    /// A global that is not part of an instance.
    pub fn new(value: ValRaw, ty: GlobalType) -> GlobalData {
        GlobalData { at: Box::into_raw(Box::new(value)), ty, instance: None }
    }
}

impl Drop for GlobalData {
    fn drop(&mut self) {
        if self.instance.is_none() {
            // SAFETY: made from a box by `new`, and nothing else frees it.
            drop(unsafe { Box::from_raw(self.at) });
        }
    }
}
