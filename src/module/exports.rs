//! What a module exports: the names, one behind the other, and what each refers to. A module may have a million exports,
//! of which each takes what its name has and a row.

use super::info::EntityIndex;
use serde::{Deserialize, Serialize};

/// In the order of the module; no two have the same name.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub(crate) struct Exports {
    names: String,
    /// Where in `names` that of each ends, and what it refers to.
    rows: Vec<(u32, EntityIndex)>,
}

impl Exports {
    /// Makes room for so many more, whose names have so many bytes together.
    pub fn reserve(&mut self, count: usize, bytes: usize) {
        self.names.reserve_exact(bytes);
        self.rows.reserve_exact(count);
    }

    /// Adds one behind those before. Names come from one section, whose length is a `u32`.
    pub fn push(&mut self, name: &str, index: EntityIndex) {
        self.names.push_str(name);
        self.rows.push((self.names.len() as u32, index));
    }

    pub fn shrink_to_fit(&mut self) {
        self.names.shrink_to_fit();
        self.rows.shrink_to_fit();
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Name of the export of this number, which there is, and what it refers to.
    pub fn get(&self, i: usize) -> (&str, EntityIndex) {
        let (end, index) = self.rows[i];
        let start = if i == 0 { 0 } else { self.rows[i - 1].0 };
        (&self.names[start as usize..end as usize], index)
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, EntityIndex)> {
        (0..self.len()).map(|i| self.get(i))
    }

    /// What each refers to.
    pub fn indices(&self) -> impl Iterator<Item = EntityIndex> {
        self.rows.iter().map(|row| row.1)
    }

    /// Numbers of the exports in the order of their names.
    pub fn by_name(&self) -> Box<[u32]> {
        let mut numbers: Box<[u32]> = (0..self.len() as u32).collect();
        numbers.sort_unstable_by_key(|&i| self.get(i as usize).0);
        numbers
    }

    /// Bytes of memory behind it.
    pub fn heap_size(&self) -> usize {
        self.names.capacity() + self.rows.capacity() * size_of::<(u32, EntityIndex)>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_are_found_by_number_and_in_the_order_of_their_names() {
        let mut exports = Exports::default();
        assert_eq!((exports.len(), exports.by_name().len()), (0, 0));
        let all = [
            ("b", EntityIndex::Func(7)),
            ("", EntityIndex::Table(0)),
            ("aé", EntityIndex::Global(u32::MAX)),
            ("a", EntityIndex::Memory(1)),
        ];
        for (name, index) in all {
            exports.push(name, index);
        }
        assert_eq!(exports.iter().collect::<Vec<_>>(), all);
        assert_eq!(exports.indices().collect::<Vec<_>>(), all.map(|export| export.1));
        assert_eq!(*exports.by_name(), [1, 3, 2, 0]);
    }
}
