//! What a module imports: names of all in one string, as there may be ten thousands.

use super::info::EntityIndex;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// In the order of the module; the place of each in its index space follows from that.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub(crate) struct Imports {
    names: String,
    rows: Vec<Row>,
}

/// One of them.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct ImportInfo<'a> {
    pub module: &'a str,
    pub name: &'a str,
    pub index: EntityIndex,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Row {
    /// Where in `names`; often that of the import before.
    module: Range<u32>,
    name: Range<u32>,
    index: EntityIndex,
}

impl Imports {
    /// Makes room for so many more, whose names have so many bytes together, at most.
    pub fn reserve(&mut self, count: usize, bytes: usize) {
        self.names.reserve_exact(bytes);
        self.rows.reserve_exact(count);
    }

    /// Adds one behind those before. Names come from one section, whose length is a `u32`.
    pub fn push(&mut self, import: ImportInfo<'_>) {
        let ImportInfo { module, name, index } = import;
        let module = match self.rows.last().map(|last| last.module.clone()) {
            Some(last) if self.text(&last) == module => last,
            _ => self.add(module),
        };
        let name = self.add(name);
        self.rows.push(Row { module, name, index });
    }

    fn add(&mut self, name: &str) -> Range<u32> {
        let start = self.names.len() as u32;
        self.names.push_str(name);
        start..self.names.len() as u32
    }

    fn text(&self, range: &Range<u32>) -> &str {
        &self.names[range.start as usize..range.end as usize]
    }

    pub fn shrink_to_fit(&mut self) {
        self.names.shrink_to_fit();
        self.rows.shrink_to_fit();
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Import number `i`, which there is.
    pub fn get(&self, i: usize) -> ImportInfo<'_> {
        let Row { module, name, index } = &self.rows[i];
        ImportInfo { module: self.text(module), name: self.text(name), index: *index }
    }

    /// What each is of the module.
    pub fn indices(&self) -> impl ExactSizeIterator<Item = EntityIndex> {
        self.rows.iter().map(|row| row.index)
    }

    /// Bytes of memory behind it.
    pub fn heap_size(&self) -> usize {
        self.names.capacity() + self.rows.capacity() * size_of::<Row>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_modules_are_kept_once_for_all_imports_in_a_row() {
        let mut imports = Imports::default();
        let all = [
            ("env", "a", EntityIndex::Func(0)),
            ("env", "", EntityIndex::Global(7)),
            ("", "env", EntityIndex::Tag(1)),
            ("", "é", EntityIndex::Memory(0)),
            ("env", "a", EntityIndex::Table(2)),
        ];
        let all = all.map(|(module, name, index)| ImportInfo { module, name, index });
        for import in all {
            imports.push(import);
        }
        assert_eq!((0..imports.len()).map(|i| imports.get(i)).collect::<Vec<_>>(), all);
        assert_eq!(imports.indices().collect::<Vec<_>>(), all.map(|import| import.index));
        assert_eq!(imports.names, "envaenvéenva");
        imports.shrink_to_fit();
        assert_eq!(imports.heap_size(), 13 + 5 * 24);
    }
}
