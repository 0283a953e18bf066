//! The contents of a section that is kept: appended to while it arrives, and never moved once it is large.
//!
//! ```text
//!   2 MiB              2 MiB              2 MiB
//!   ├──────────────────┼──────────────────┼──────────────────┤
//!             ████████ ████████████████████ █████████████████
//!             small     huge pages, where there are some
//! ```
//!
//! A large section ends where a huge page ends: memory for the last bytes of a stream, for which the embedder waits, is
//! already present, and nothing is left unused except part of a small page.

use memmap2::{Advice, MmapMut, MmapOptions};
use std::any::Any;
use std::ops::Deref;
use std::sync::Arc;

/// From this size on, a section gets its own mapping.
const LARGE: usize = 1 << 20;

/// The size of a huge page.
const HUGE: usize = 2 << 20;

/// How much of the first huge page may stay unused, at most: otherwise small pages take its place.
const SLACK: usize = 64 << 10;

/// Grows with the bytes received. What a header declares is reserved as addresses at most, never as memory.
#[derive(Debug)]
pub(crate) struct SectionBytes {
    memory: Memory,
    /// How many bytes there will be at most.
    room: usize,
}

#[derive(Debug)]
enum Memory {
    Heap(Vec<u8>),
    /// The space begins at `start`. Nothing else of the mapping is touched.
    Mapped {
        mapping: MmapMut,
        start: usize,
        len: usize,
    },
    /// Complete, and in something else that is kept as long.
    Lent {
        bytes: &'static [u8],
        _backing: Arc<dyn Any + Send + Sync>,
    },
}

impl SectionBytes {
    /// For at most `room` bytes.
    pub fn with_room(room: usize) -> SectionBytes {
        let mapped = || {
            // Enough to hold it in whole huge pages, wherever the system puts it.
            let mapped = room.checked_next_multiple_of(HUGE)?.checked_add(HUGE)?;
            let mapping = MmapOptions::new().len(mapped).no_reserve_swap().map_anon().ok()?;
            let end = mapping.as_ptr().align_offset(HUGE) + room.next_multiple_of(HUGE);
            let start = end - room;
            let huge = end - (room + SLACK - 1) / HUGE * HUGE;
            // A system without huge pages is not an error.
            let _ = mapping.advise_range(Advice::NoHugePage, 0, huge);
            let _ = mapping.advise_range(Advice::HugePage, huge, end - huge);
            Some(Memory::Mapped { mapping, start, len: 0 })
        };
        // Where addresses are scarce, the heap has to do.
        let memory = (room >= LARGE).then(mapped).flatten().unwrap_or(Memory::Heap(Vec::new()));
        SectionBytes { memory, room }
    }

    /// Complete: `bytes` are in `backing`.
    pub fn lent(bytes: &'static [u8], backing: Arc<dyn Any + Send + Sync>) -> SectionBytes {
        SectionBytes { room: bytes.len(), memory: Memory::Lent { bytes, _backing: backing } }
    }

    /// Appends `bytes`, no more than there is room for.
    pub fn append(&mut self, bytes: &[u8]) {
        assert!(bytes.len() <= self.room - self.len());
        match &mut self.memory {
            Memory::Heap(vec) => {
                let len = vec.len() + bytes.len();
                if len > vec.capacity() {
                    let capacity = len.max(2 * vec.capacity()).min(self.room);
                    vec.reserve_exact(capacity - vec.len());
                }
                vec.extend_from_slice(bytes);
            }
            Memory::Lent { .. } => unreachable!("there is no room"),
            Memory::Mapped { mapping, start, len } => {
                mapping[*start + *len..][..bytes.len()].copy_from_slice(bytes);
                *len += bytes.len();
            }
        }
    }
}

impl Default for SectionBytes {
    fn default() -> SectionBytes {
        SectionBytes::with_room(0)
    }
}

impl Deref for SectionBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.memory {
            Memory::Heap(vec) => vec,
            Memory::Lent { bytes, .. } => bytes,
            Memory::Mapped { mapping, start, len } => &mapping[*start..][..*len],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_appended_is_there_whatever_the_size() {
        for room in [0, 1, 1000, LARGE - 1, LARGE, HUGE - 1, HUGE, HUGE + 1, 3 * HUGE + 12345] {
            let contents: Vec<u8> = (0..room).map(|i| (i % 251) as u8).collect();
            for chunk in [97, 100_000] {
                let mut bytes = SectionBytes::with_room(room);
                contents.chunks(chunk).for_each(|c| bytes.append(c));
                assert!(*bytes == *contents, "{room} bytes by {chunk}");
                let end = bytes.as_ptr_range().end.addr();
                assert!(room < LARGE || end.is_multiple_of(HUGE), "{room} bytes end at {end:#x}");
            }
        }
    }
}
