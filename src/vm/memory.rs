//! Linear memories: pages of the operating system, zero when new.
//!
//! A *fixed* memory reserves all addresses that an index can reach and a guard behind them; its base never moves and
//! growing is `mprotect`. A *moving* memory has space for some growth, and its pages are moved to a larger range when
//! that is used up; compiled code checks every access to it and reloads the base.
//!
//! A *shared* memory is used by several threads at once. It is reserved as large as it may become and never moves;
//! growth is `mprotect` with a lock held, after which the length is stored. Whatever its methods change through `&self`
//! is atomic, its contents are only accessed by [`racy`], and no reference to it is ever exclusive.
//!
//! Invariant: `vm.len` bytes from `vm.base` on are readable and writable, the rest of the mapping faults.

use crate::engine::MemoryPlan;
use crate::os::host_page;
use crate::sync::{Mutex, PoisonError};
use crate::types::MemoryType;
use crate::vm::context::VMMemory;
use crate::vm::host_memory;
use crate::vm::image::MemoryImage;
use crate::vm::mapping::Mapping;
use crate::vm::racy;
use crate::vm::waits::Waits;
use anyhow::{Result, bail};
use headwater_codegen::TrapCode;
use std::ops::Range;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// The most bytes a 64-bit memory can have: half of the addresses that processes have.
const MAX_BYTES_64: u64 = 1 << 46;

/// A linear memory. Compiled code holds pointers to its first field.
#[repr(C)]
pub(crate) struct LinearMemory {
    vm: VMMemory,
    ty: MemoryType,
    /// The most pages that the memory can be grown to.
    maximum: u64,
    fixed: bool,
    /// Whether an instance has, or had, a pointer to it.
    linked: bool,
    /// Nothing if it is shared.
    mapping: Mapping,
    guard: usize,
    /// How often it was grown, including by 0 pages.
    growths: AtomicU64,
    shared: Option<Box<Shared>>,
    /// Allocated by the embedder, in the place of the mapping.
    host: Option<Box<dyn host_memory::LinearMemory>>,
}

/// What a shared memory has besides.
struct Shared {
    /// Locked by who grows it.
    mapping: Mutex<Mapping>,
    /// That of the mapping, for who must not wait for the lock.
    range: Range<usize>,
    waits: Waits,
}

/// What became of an attempt to grow a memory.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Growth {
    /// It had so many pages before.
    Done(u64),
    /// That exceeds the maximum or what the system has.
    Failed,
    /// Another thread was faster.
    Outdated,
}

impl LinearMemory {
    /// A memory of `ty`'s minimum size, placed as `plan` says, that never has more than `limit` pages. It starts with
    /// the contents of `image`, which must fit, if that can be mapped.
    pub fn new(ty: MemoryType, plan: MemoryPlan, limit: u64, image: Option<&Arc<MemoryImage>>) -> Result<LinearMemory> {
        let maximum = LinearMemory::most_pages(&ty, limit);
        if ty.minimum() > maximum {
            bail!("a memory of {} pages is over the limit of {maximum}", ty.minimum());
        }
        let Some(len) = ty.minimum().checked_mul(ty.page_size()).and_then(|n| usize::try_from(n).ok()) else {
            bail!("a memory of {} pages does not fit into the address space", ty.minimum());
        };
        let Some(capacity) = len.max(plan.reservation as usize).checked_next_multiple_of(host_page()) else {
            bail!("a memory of {} pages does not fit into the address space", ty.minimum());
        };
        let guard = (plan.guard_after as usize).next_multiple_of(host_page());
        let Some(total) = capacity.checked_add(guard) else {
            bail!("a memory of {} pages does not fit into the address space", ty.minimum());
        };
        let with_image = image.and_then(|image| Mapping::reserve_with(total, len, image).ok());
        let mut mapping = match with_image {
            Some(mapping) => mapping,
            None => Mapping::reserve(total, len)?,
        };
        mapping.set_keep_resident(plan.keep_resident);
        let vm = VMMemory { base: mapping.base(), len: AtomicUsize::new(len) };
        let (mapping, shared) = match ty.is_shared() {
            true => {
                let (range, waits) = (mapping.range(), Waits::default());
                (Mapping::none(), Some(Box::new(Shared { mapping: Mutex::new(mapping), range, waits })))
            }
            false => (mapping, None),
        };
        let (fixed, growths) = (plan.fixed_base, AtomicU64::new(0));
        Ok(LinearMemory { vm, ty, maximum, fixed, linked: false, mapping, guard, growths, shared, host: None })
    }

    /// The same that `creator` allocates. It may move, unless it is `in_place`, and has no guards.
    pub fn created(
        creator: &dyn host_memory::MemoryCreator,
        ty: MemoryType,
        limit: u64,
        in_place: bool,
    ) -> Result<LinearMemory> {
        let maximum = LinearMemory::most_pages(&ty, limit);
        if ty.minimum() > maximum {
            bail!("a memory of {} pages is over the limit of {maximum}", ty.minimum());
        }
        let Some(len) = ty.minimum().checked_mul(ty.page_size()).and_then(|n| usize::try_from(n).ok()) else {
            bail!("a memory of {} pages does not fit into the address space", ty.minimum());
        };
        let host = host_memory::create(creator, &ty, len, maximum, in_place)?;
        Ok(LinearMemory {
            vm: VMMemory { base: host.as_ptr(), len: AtomicUsize::new(len) },
            ty,
            maximum,
            fixed: false,
            linked: false,
            mapping: Mapping::none(),
            guard: 0,
            growths: AtomicU64::new(0),
            shared: None,
            host: Some(host),
        })
    }

    /// The most pages that a memory of this type can be grown to, given that none may have more than `limit`.
    pub fn most_pages(ty: &MemoryType, limit: u64) -> u64 {
        let bytes = if ty.is_64() { MAX_BYTES_64 } else { 1 << 32 };
        ty.maximum().unwrap_or(u64::MAX).min(limit).min(bytes / ty.page_size())
    }

    /// An instance has it from now on: it can no longer be released.
    pub fn link(&mut self) {
        self.linked = true;
    }

    /// Frees the pages of a memory that no instance ever had. It has no pages from then on, and cannot be grown.
    pub fn release(&mut self) -> bool {
        if !self.linked {
            self.maximum = 0;
            *self.vm.len.get_mut() = 0;
            self.host = None;
            self.mapping = Mapping::none();
            self.vm.base = self.mapping.base();
        }
        !self.linked
    }

    /// Whether it was released. Compiled code must not get it in that case: it has no guards.
    pub fn is_released(&self) -> bool {
        self.reservation().is_empty()
    }

    /// Whether several threads may have it.
    pub fn is_shared(&self) -> bool {
        self.shared.is_some()
    }

    /// Who waits at its addresses, if it is shared.
    pub fn waits(&self) -> Option<&Waits> {
        self.shared.as_ref().map(|shared| &shared.waits)
    }

    /// The declared type.
    pub fn ty(&self) -> &MemoryType {
        &self.ty
    }

    /// Where the contents begin.
    pub fn base(&self) -> *mut u8 {
        self.vm.base
    }

    /// The base if it never changes, null otherwise: what `MEMBASE` is to hold, unless that is the base of the heap.
    pub fn fixed_base(&self) -> *mut u8 {
        if self.fixed { self.vm.base } else { ptr::null_mut() }
    }

    /// Whether it started with an image's contents.
    pub fn has_image(&self) -> bool {
        self.mapping.has_image()
    }

    /// Makes the contents of a new memory zero, whatever its image.
    pub fn hide_image(&mut self) {
        self.mapping.hide_image();
    }

    /// Size in bytes.
    pub fn len(&self) -> usize {
        self.vm.len.load(Ordering::Acquire)
    }

    /// Size in pages.
    pub fn pages(&self) -> u64 {
        self.len() as u64 / self.ty.page_size()
    }

    /// The most pages that it can be grown to.
    pub fn maximum(&self) -> u64 {
        self.maximum
    }

    /// How often it was grown, including by 0 pages.
    pub fn growths(&self) -> u64 {
        self.growths.load(Ordering::Acquire)
    }

    /// The address range of memory and guards, any of which may fault on behalf of this memory.
    pub fn reservation(&self) -> Range<usize> {
        match (&self.shared, &self.host) {
            (Some(shared), _) => shared.range.clone(),
            (None, Some(host)) => {
                let base = self.vm.base.addr();
                base..base + host.byte_capacity().max(self.len()).max(1)
            }
            (None, None) => self.mapping.range(),
        }
    }

    /// Grows a memory, shared or not; only if it has `from` pages, where that is given.
    ///
    /// # Safety
    /// The pointer must be valid; if the memory is not shared, nothing else may be using it.
    pub unsafe fn grow_at(memory: *mut LinearMemory, from: Option<u64>, delta: u64) -> Growth {
        // SAFETY: guaranteed by the caller.
        unsafe {
            match &(*memory).shared {
                Some(shared) => (*memory).grow_shared(shared, from, delta),
                None => (*memory).grow(delta).map_or(Growth::Failed, Growth::Done),
            }
        }
    }

    /// [`LinearMemory::grow`] while other threads use the memory. They see the new length after the new pages are
    /// there.
    fn grow_shared(&self, shared: &Shared, from: Option<u64>, delta: u64) -> Growth {
        let mut mapping = shared.mapping.lock().unwrap_or_else(PoisonError::into_inner);
        let old = self.pages();
        if from.is_some_and(|from| from != old) {
            return Growth::Outdated;
        }
        let new = old.checked_add(delta).filter(|&n| n <= self.maximum);
        let len = new.and_then(|new| usize::try_from(new.checked_mul(self.ty.page_size())?).ok());
        let room = mapping.len() - self.guard;
        match len.filter(|&len| len <= room && mapping.allow(len).is_ok()) {
            Some(len) => {
                self.vm.len.store(len, Ordering::Release);
                self.growths.fetch_add(1, Ordering::Release);
                Growth::Done(old)
            }
            None => Growth::Failed,
        }
    }

    /// Adds `delta` pages of zeros. Returns the size before in pages, or `None` if that exceeds the maximum or what the
    /// system has.
    pub fn grow(&mut self, delta: u64) -> Option<u64> {
        let old = self.pages();
        let new = old.checked_add(delta).filter(|&n| n <= self.maximum)?;
        if delta == 0 {
            *self.growths.get_mut() += 1;
            return Some(old);
        }
        let len = usize::try_from(new.checked_mul(self.ty.page_size())?).ok()?;
        if let Some(host) = &mut self.host {
            host.grow_to(len).ok()?;
            // The base may have changed even if the size is not what was promised.
            self.vm.base = host.as_ptr();
            host_memory::check(&**host, len).ok()?;
        } else if len > self.mapping.len() - self.guard {
            if self.fixed {
                return None;
            }
            // Half as much again, so that growing page by page moves each page a bounded number of times.
            let most = usize::try_from(self.maximum * self.ty.page_size()).ok()?;
            let capacity = len.saturating_add(len / 2).min(most).max(len);
            let total = capacity.next_multiple_of(host_page()).checked_add(self.guard)?;
            self.mapping.relocate(total, len).ok()?;
            self.vm.base = self.mapping.base();
        }
        if self.host.is_none() {
            self.mapping.allow(len).ok()?;
        }
        *self.vm.len.get_mut() = len;
        *self.growths.get_mut() += 1;
        Some(old)
    }

    /// The address of `len` bytes at `at`, if they are in bounds.
    pub fn range(&self, at: u64, len: u64) -> Result<*mut u8, TrapCode> {
        match at.checked_add(len) {
            Some(end) if end <= self.len() as u64 => Ok(self.vm.base.wrapping_add(at as usize)),
            _ => Err(TrapCode::MemoryOutOfBounds),
        }
    }

    /// `memory.fill`: `len` bytes at `dst` become `value`.
    pub fn fill(&self, dst: u64, value: u8, len: u64) -> Result<(), TrapCode> {
        let at = self.range(dst, len)?;
        // SAFETY: `range` checked that the bytes are inside the memory, which is writable there; nothing else uses it
        // if it is not shared.
        unsafe {
            match self.is_shared() {
                true => racy::fill(at, value, len as usize),
                false => ptr::write_bytes(at, value, len as usize),
            }
        }
        Ok(())
    }

    /// `memory.init`: copies `len` bytes of `data` from `src` on to `dst`.
    pub fn init(&self, data: &[u8], dst: u64, src: u64, len: u64) -> Result<(), TrapCode> {
        let at = self.range(dst, len)?;
        let end = src.checked_add(len).filter(|&end| end <= data.len() as u64).ok_or(TrapCode::MemoryOutOfBounds)?;
        let data = &data[src as usize..end as usize];
        // SAFETY: `range` checked that the bytes are inside the memory; `data` is no part of any memory.
        unsafe {
            match self.is_shared() {
                true => racy::write(at, data),
                false => ptr::copy_nonoverlapping(data.as_ptr(), at, data.len()),
            }
        }
        Ok(())
    }

    /// `memory.copy` between two memories that may be the same.
    ///
    /// # Safety
    /// Both pointers must be valid, and nothing else may use the memories meanwhile, unless they are shared.
    pub unsafe fn copy(
        dst_memory: *mut LinearMemory,
        src_memory: *mut LinearMemory,
        dst: u64,
        src: u64,
        len: u64,
    ) -> Result<(), TrapCode> {
        // SAFETY: the caller guarantees that the pointers are valid; both are only read.
        let (to, from) = unsafe { ((*dst_memory).range(dst, len)?, (*src_memory).range(src, len)?) };
        // SAFETY: `range` checked both; both functions allow overlap.
        unsafe {
            match (*dst_memory).is_shared() || (*src_memory).is_shared() {
                true => racy::copy(to, from, len as usize),
                false => ptr::copy(from, to, len as usize),
            }
        }
        Ok(())
    }
}

// SAFETY: a mapping is owned memory; it may be used from any thread, by one at a time or read-only.
unsafe impl Send for LinearMemory {}
// SAFETY: as above; what is written through a shared reference is atomic or behind a lock.
unsafe impl Sync for LinearMemory {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::PAGE;

    const MAX_PAGES: u64 = 65536;

    const FIXED: MemoryPlan = MemoryPlan {
        fixed_base: true,
        reservation: 16 << 16,
        guard_after: 1 << 16,
        guarded: 0,
        keep_resident: 16 << 10,
    };
    const MOVING: MemoryPlan = MemoryPlan { fixed_base: false, reservation: 0, ..FIXED };

    fn bytes(memory: &LinearMemory) -> &[u8] {
        // SAFETY: the memory has that many bytes and nobody writes them meanwhile.
        unsafe { std::slice::from_raw_parts(memory.base(), memory.len()) }
    }

    #[test]
    fn growing_keeps_contents_and_adds_zeros() {
        for plan in [FIXED, MOVING] {
            let mut memory = LinearMemory::new(MemoryType::new(1, Some(9)), plan, MAX_PAGES, None).unwrap();
            let base = memory.base();
            memory.fill(0, 7, PAGE).unwrap();
            for pages in 1..9 {
                assert_eq!(memory.grow(1), Some(pages));
            }
            assert_eq!(memory.grow(1), None, "9 pages are the maximum");
            assert_eq!(memory.grow(0), Some(9));
            assert!(bytes(&memory)[..PAGE as usize].iter().all(|&b| b == 7));
            assert!(bytes(&memory)[PAGE as usize..].iter().all(|&b| b == 0));
            if plan.fixed_base {
                assert_eq!(memory.base(), base);
                assert_eq!(memory.fixed_base(), base);
            } else {
                assert!(memory.fixed_base().is_null());
            }
        }
    }

    #[test]
    fn a_memory_that_moves_keeps_its_contents_with_and_without_an_image() {
        let data: Vec<u8> = (0..200_000u32).map(|i| (i.wrapping_mul(i) >> 3) as u8).collect();
        let host = host_page();
        for start in [None, Some(0), Some(3 * host)] {
            let image = start.map(|start| Arc::new(MemoryImage::build(&[(start, &data[..])]).unwrap()));
            let mut memory = LinearMemory::new(MemoryType::new(5, None), MOVING, MAX_PAGES, image.as_ref()).unwrap();
            assert_eq!(memory.has_image(), image.is_some(), "an image can be mapped here");
            let mut expected = vec![0; memory.len()];
            if let Some(start) = start {
                expected[start..start + data.len()].copy_from_slice(&data);
            }
            for round in 0..20usize {
                let (at, value) = (round * 77_777 % memory.len(), round as u8 | 1);
                memory.fill(at as u64, value, 1).unwrap();
                expected[at] = value;
                let base = memory.base();
                // Beyond the original reservation.
                let delta = 1 + memory.pages() / 2;
                assert!(memory.grow(delta).is_some());
                assert_ne!(memory.base(), base);
                expected.resize(memory.len(), 0);
                assert!(bytes(&memory) == expected, "round {round}, image at {start:?}");
                if memory.pages() > 300 {
                    break;
                }
            }
            assert!(!memory.has_image());
            // The last page is writable, what follows it is not.
            memory.fill(memory.len() as u64 - 1, 1, 1).unwrap();
        }
    }

    #[test]
    fn a_memory_is_released_unless_an_instance_has_it() {
        for plan in [FIXED, MOVING] {
            let mut memory = LinearMemory::new(MemoryType::new(1, Some(9)), plan, MAX_PAGES, None).unwrap();
            assert!(!memory.is_released() && memory.release() && memory.is_released());
            assert_eq!((memory.len(), memory.pages(), memory.grow(1)), (0, 0, None));
            assert!(memory.reservation().is_empty());
            assert!(memory.fill(0, 1, 1).is_err());
            let mut memory = LinearMemory::new(MemoryType::new(1, Some(9)), plan, MAX_PAGES, None).unwrap();
            memory.link();
            assert!(!memory.release());
            assert!(memory.fill(0, 1, 1).is_ok());
        }
    }

    #[test]
    fn a_memory_with_a_place_of_its_own_never_moves() {
        let plan = MOVING.in_place(9 * PAGE);
        let mut memory = LinearMemory::new(MemoryType::new(1, Some(9)), plan, MAX_PAGES, None).unwrap();
        let base = memory.base();
        assert_eq!(memory.grow(8), Some(1));
        assert_eq!((memory.base(), memory.pages()), (base, 9));
        assert!(memory.fixed_base().is_null(), "compiled code does as before");
    }

    #[test]
    fn an_empty_memory_has_a_reservation_and_can_grow() {
        let mut memory = LinearMemory::new(MemoryType::new(0, None), MOVING, MAX_PAGES, None).unwrap();
        assert_eq!(memory.len(), 0);
        assert!(memory.fill(0, 1, 0).is_ok());
        assert!(memory.fill(0, 1, 1).is_err());
        assert_eq!(memory.grow(2), Some(0));
        assert!(memory.fill(PAGE, 1, PAGE).is_ok());
        assert_eq!(memory.grow(65535), None, "more than 65536 pages");
        assert_eq!(memory.grow(u64::MAX), None);
    }

    #[test]
    fn bulk_operations_check_both_ends_without_overflow() {
        let mut memory = LinearMemory::new(MemoryType::new(1, None), FIXED, MAX_PAGES, None).unwrap();
        assert!(memory.fill(PAGE, 1, 0).is_ok());
        assert!(memory.fill(PAGE + 1, 1, 0).is_err());
        assert!(memory.fill(u64::MAX, 1, 2).is_err());
        assert!(memory.init(b"abc", PAGE - 2, 1, 2).is_ok());
        assert_eq!(&bytes(&memory)[PAGE as usize - 2..], b"bc");
        assert!(memory.init(b"abc", 0, 2, 2).is_err());
        assert!(memory.init(b"abc", 0, 4, 0).is_err());
        assert!(memory.init(b"abc", 0, u64::MAX, 2).is_err());
        let at: *mut LinearMemory = &mut memory;
        // SAFETY: the pointer is to the local just made.
        unsafe {
            (*at).init(b"abcd", 0, 0, 4).unwrap();
            LinearMemory::copy(at, at, 1, 0, 4).unwrap();
            assert!(LinearMemory::copy(at, at, PAGE - 1, 0, 2).is_err());
            assert!(LinearMemory::copy(at, at, 0, PAGE - 1, 2).is_err());
        }
        assert_eq!(&bytes(&memory)[..5], b"aabcd");
    }
}
