//! What a store's instances make it hold, in bytes: counted here, wherever the limits come from.
//!
//! A limit on each memory and each table bounds nothing where a module can have a hundred of each. So a store keeps two
//! totals: one of its memories and its heap, and one of everything else that modules make it keep, that is, tables,
//! instances, exceptions and external references.

use anyhow::{Result, bail};

/// What tables, exceptions and instances may take together if the store's limiter does not say.
pub(crate) const DEFAULT_TABLES: usize = 1 << 30;

/// The two kinds that are counted separately.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Memories, and the heap of objects.
    Memories,
    /// Tables, exceptions, external references, and instances themselves.
    Tables,
}

/// The bytes that are held, and the limits on them.
#[derive(Debug)]
pub(crate) struct Held {
    memories: usize,
    tables: usize,
    pub most_memories: usize,
    pub most_tables: usize,
    /// The limit on both together.
    pub most: usize,
}

impl Default for Held {
    fn default() -> Held {
        Held { memories: 0, tables: 0, most_memories: usize::MAX, most_tables: DEFAULT_TABLES, most: usize::MAX }
    }
}

impl Held {
    /// Whether there may be `more` bytes of `kind`.
    ///
    /// # Errors
    /// If not; the error says which limit it is.
    pub fn check(&self, kind: Kind, more: usize) -> Result<()> {
        let (what, held, most) = match kind {
            Kind::Memories => ("the store's memories together", self.memories, self.most_memories),
            Kind::Tables => ("the store's tables, instances and exceptions together", self.tables, self.most_tables),
        };
        for (what, held, most) in [(what, held, most), ("all that the store holds", self.all(), self.most)] {
            let sum = held.saturating_add(more);
            if sum > most {
                bail!("resource limit exceeded: {what} would take {sum} bytes of at most {most}");
            }
        }
        Ok(())
    }

    /// All bytes.
    pub fn all(&self) -> usize {
        self.memories.saturating_add(self.tables)
    }

    fn of(&mut self, kind: Kind) -> &mut usize {
        match kind {
            Kind::Memories => &mut self.memories,
            Kind::Tables => &mut self.tables,
        }
    }

    /// Adds `more` bytes of `kind`.
    pub fn add(&mut self, kind: Kind, more: usize) {
        let held = self.of(kind);
        *held = held.saturating_add(more);
    }

    /// Subtracts this many bytes of `kind`.
    pub fn subtract(&mut self, kind: Kind, bytes: usize) {
        let held = self.of(kind);
        debug_assert!(*held >= bytes, "what is given back was held");
        *held = held.saturating_sub(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_bounded_apart_and_together() {
        let mut held = Held { most_memories: 100, most_tables: 50, most: 120, ..Held::default() };
        held.check(Kind::Memories, 100).unwrap();
        held.add(Kind::Memories, 90);
        assert!(held.check(Kind::Memories, 11).unwrap_err().to_string().contains("memories together would take 101"));
        held.check(Kind::Memories, 10).unwrap();
        held.check(Kind::Tables, 30).unwrap();
        assert!(
            held.check(Kind::Tables, 31).unwrap_err().to_string().contains("holds would take 121 bytes of at most 120")
        );
        assert!(held.check(Kind::Tables, usize::MAX).is_err());
        held.add(Kind::Tables, 20);
        assert!(held.check(Kind::Memories, 11).is_err());
    }
}
