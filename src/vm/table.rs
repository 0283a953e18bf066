//! Tables: growable arrays of references, each a word, null being 0.
//!
//! Invariant: `vm` describes exactly the elements of `elems`. Compiled code writes elements through `vm.base`,
//! so they are read and written through that pointer here too.

use crate::types::TableType;
use crate::vm::alloc;
use crate::vm::context::VMTable;
use anyhow::{Result, bail};
use headwater_codegen::TrapCode;
use std::ptr;

/// A table. Compiled code holds pointers to its first field.
#[repr(C)]
pub(crate) struct Table {
    vm: VMTable,
    ty: TableType,
    maximum: u64,
    /// Whether an instance has, or had, a pointer to it.
    linked: bool,
    /// Owns the elements; only touched to grow.
    elems: Vec<u64>,
}

impl Table {
    /// A table of `ty`'s minimum size, filled with `init`, that never has more than `limit` elements.
    pub fn new(ty: TableType, init: u64, limit: u64) -> Result<Table> {
        let maximum = ty.maximum().unwrap_or(u64::MAX).min(limit).min(u32::MAX.into());
        let len = ty.minimum();
        if len > maximum {
            bail!("a table of {len} elements is over the limit of {maximum}");
        }
        let mut elems = alloc::zeroed("a table", len as usize)?;
        if init != 0 {
            elems.fill(init);
        }
        let vm = VMTable { base: elems.as_mut_ptr(), len };
        Ok(Table { vm, ty, maximum, linked: false, elems })
    }

    /// An instance has it from now on: it can no longer be released.
    pub fn link(&mut self) {
        self.linked = true;
    }

    /// Frees the elements of a table that no instance ever had. It has no elements from then on, and cannot be grown.
    pub fn release(&mut self) -> bool {
        if !self.linked {
            self.maximum = 0;
            self.elems = Vec::new();
            self.vm = VMTable { base: self.elems.as_mut_ptr(), len: 0 };
        }
        !self.linked
    }

    /// All elements.
    pub fn words(&self) -> &[u64] {
        &self.elems
    }

    /// Passes on where each element is.
    pub fn each_word(&self, mut each: impl FnMut(*mut u64)) {
        (0..self.vm.len as usize).for_each(|i| each(self.vm.base.wrapping_add(i)));
    }

    /// The declared type.
    pub fn ty(&self) -> &TableType {
        &self.ty
    }

    /// The number of elements.
    pub fn len(&self) -> u64 {
        self.vm.len
    }

    /// Bytes that `len` elements take.
    pub fn bytes(len: u64) -> usize {
        usize::try_from(len).unwrap_or(usize::MAX).saturating_mul(size_of::<u64>())
    }

    /// The most elements that it can be grown to.
    pub fn maximum(&self) -> u64 {
        self.maximum
    }

    /// The address of `len` elements at `at`, if they are in bounds.
    pub fn range(&self, at: u64, len: u64) -> Result<*mut u64, TrapCode> {
        match at.checked_add(len) {
            Some(end) if end <= self.vm.len => Ok(self.vm.base.wrapping_add(at as usize)),
            _ => Err(TrapCode::TableOutOfBounds),
        }
    }

    /// Element `index`.
    pub fn get(&self, index: u64) -> Option<u64> {
        let at = self.range(index, 1).ok()?;
        // SAFETY: `range` checked that the element exists.
        Some(unsafe { at.read() })
    }

    /// Sets element `index` to `value`.
    pub fn set(&mut self, index: u64, value: u64) -> Result<(), TrapCode> {
        let at = self.range(index, 1)?;
        // SAFETY: `range` checked that the element exists.
        unsafe { at.write(value) };
        Ok(())
    }

    /// Adds `delta` elements, all `init`. Returns the number before, or `None` if that is more than allowed.
    pub fn grow(&mut self, delta: u64, init: u64) -> Option<u64> {
        let old = self.vm.len;
        let new = old.checked_add(delta).filter(|&n| n <= self.maximum)?;
        self.elems.try_reserve(delta as usize).ok()?;
        self.elems.resize(new as usize, init);
        self.vm = VMTable { base: self.elems.as_mut_ptr(), len: new };
        Some(old)
    }

    /// `table.fill`: `len` elements at `dst` become `value`.
    pub fn fill(&mut self, dst: u64, value: u64, len: u64) -> Result<(), TrapCode> {
        let at = self.range(dst, len)?;
        for i in 0..len as usize {
            // SAFETY: `range` checked that the elements exist.
            unsafe { at.add(i).write(value) };
        }
        Ok(())
    }

    /// `table.init`: writes what `item` returns for `src`, `src + 1`, … from `dst` on, `len` elements in all, of a
    /// segment of `items` elements.
    pub fn init(
        &mut self,
        items: u64,
        dst: u64,
        src: u64,
        len: u64,
        mut item: impl FnMut(usize) -> u64,
    ) -> Result<(), TrapCode> {
        let at = self.range(dst, len)?;
        src.checked_add(len).filter(|&end| end <= items).ok_or(TrapCode::TableOutOfBounds)?;
        for i in 0..len as usize {
            // SAFETY: `range` checked that the elements exist.
            unsafe { at.add(i).write(item(src as usize + i)) };
        }
        Ok(())
    }

    /// `table.copy` between two tables that may be the same.
    ///
    /// # Safety
    /// Both pointers must be valid, and nothing else may use the tables meanwhile.
    pub unsafe fn copy(
        dst_table: *mut Table,
        src_table: *mut Table,
        dst: u64,
        src: u64,
        len: u64,
    ) -> Result<(), TrapCode> {
        // SAFETY: the caller guarantees that the pointers are valid; both are only read.
        let (to, from) = unsafe { ((*dst_table).range(dst, len)?, (*src_table).range(src, len)?) };
        // SAFETY: `range` checked both; `copy` allows overlap.
        unsafe { ptr::copy(from, to, len as usize) };
        Ok(())
    }
}

// SAFETY: a table owns its elements, as a vector would.
unsafe impl Send for Table {}
// SAFETY: as above; there is no interior mutability behind a shared reference.
unsafe impl Sync for Table {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::RefType;

    fn table(min: u32, max: Option<u32>) -> Table {
        Table::new(TableType::new(RefType::FUNCREF, min, max), 0, 10_000_000).unwrap()
    }

    #[test]
    fn growth_respects_the_declared_maximum_and_the_limit() {
        let mut t = table(1, Some(3));
        assert_eq!(t.grow(2, 5), Some(1));
        assert_eq!(t.grow(1, 5), None);
        assert_eq!(t.grow(0, 5), Some(3));
        assert_eq!((t.get(0), t.get(1), t.get(2), t.get(3)), (Some(0), Some(5), Some(5), None));
        let mut t = table(0, None);
        assert_eq!(t.grow(10_000_001, 0), None);
        assert_eq!(t.grow(u64::MAX, 0), None);
        assert_eq!(t.grow(10_000_000, 0), Some(0));
        assert!(Table::new(TableType::new(RefType::FUNCREF, 10_000_001, None), 0, 10_000_000).is_err());
    }

    #[test]
    fn bulk_operations_check_both_ends_without_overflow() {
        let mut t = table(4, None);
        assert!(t.fill(4, 1, 0).is_ok());
        assert!(t.fill(5, 1, 0).is_err());
        assert!(t.fill(u64::MAX, 1, 2).is_err());
        t.init(4, 0, 0, 4, |i| i as u64 + 1).unwrap();
        assert!(t.init(4, 0, 1, 4, |_| 0).is_err());
        assert!(t.init(4, 1, 0, 4, |_| 0).is_err());
        let at: *mut Table = &mut t;
        // SAFETY: the pointer is to the local just made.
        unsafe {
            Table::copy(at, at, 1, 0, 3).unwrap();
            assert!(Table::copy(at, at, 2, 0, 3).is_err());
            assert!(Table::copy(at, at, 0, 2, 3).is_err());
        }
        assert_eq!([0, 1, 2, 3].map(|i| t.get(i).unwrap()), [1, 1, 2, 3]);
        assert!(t.set(4, 0).is_err());
    }
}
