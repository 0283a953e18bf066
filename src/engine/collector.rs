//! Settings of the garbage collector.

use super::Config;

/// What can be set.
#[derive(Copy, Clone, Debug)]
pub(super) struct Settings {
    max_size: u64,
    pub stress: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { max_size: u64::MAX, stress: false }
    }
}

impl Config {
    /// The most bytes that the heap of a store may take, in which the objects of garbage collection are: structs and
    /// arrays. Half of it is for objects, the other half for collections, which move them. There can be 4 GiB less
    /// 32 MiB, the default; a store's limiter is asked about whatever is taken, as about a memory. Where there is no more room, the
    /// execution ends with the error [`GcHeapOutOfMemory`](crate::GcHeapOutOfMemory).
    pub fn gc_heap_max_size(&mut self, bytes: u64) -> &mut Config {
        self.collector.max_size = bytes;
        self
    }

    /// Collects wherever that could happen, at each allocation and each check for an interruption, and destroys what
    /// objects were where they are no longer. For tests of this library. Off by default.
    #[doc(hidden)]
    pub fn gc_stress(&mut self, enable: bool) -> &mut Config {
        self.collector.stress = enable;
        self
    }

    /// The most bytes for objects.
    pub(crate) fn gc_heap_most(&self) -> u64 {
        self.collector.max_size / 2
    }

    pub(crate) fn stresses_gc(&self) -> bool {
        self.collector.stress
    }
}
