//! The contents of a section that is kept: appended to while it arrives, and never moved once it is large.

use crate::code::region::Region;
use std::ops::Deref;

/// From this size on, a section gets addresses of its own.
const LARGE: usize = 1 << 20;

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
    /// Writable over the room. The second is how many bytes have been written.
    Mapped(Region, usize),
}

impl SectionBytes {
    /// For at most `room` bytes.
    pub fn with_room(room: usize) -> SectionBytes {
        let mapped = || {
            let region = Region::reserve(room, room).ok()?;
            region.make_writable(0..region.len()).ok()?;
            Some(Memory::Mapped(region, 0))
        };
        // Where addresses are scarce, the heap has to do.
        let memory = (room >= LARGE).then(mapped).flatten().unwrap_or(Memory::Heap(Vec::new()));
        SectionBytes { memory, room }
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
            Memory::Mapped(region, len) => {
                // SAFETY: the region is writable over the room, which the assertion keeps to, and ours alone.
                unsafe { region.base_mut().add(*len).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
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
            // SAFETY: so many bytes have been written, and they change through `&mut self` only.
            Memory::Mapped(region, len) => unsafe { std::slice::from_raw_parts(region.base(), *len) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_appended_is_there_whatever_the_size() {
        for room in [0, 1, 1000, LARGE - 1, LARGE, 3 * LARGE + 1] {
            let contents: Vec<u8> = (0..room).map(|i| (i % 251) as u8).collect();
            for chunk in [97, 100_000] {
                let mut bytes = SectionBytes::with_room(room);
                contents.chunks(chunk).for_each(|c| bytes.append(c));
                assert!(*bytes == *contents, "{room} bytes by {chunk}");
            }
        }
    }
}
