//! Types of linear memories.

use super::write_limits;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The type of a linear memory. Sizes are numbers of pages, of 64 KiB each unless the type says otherwise.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct MemoryType {
    min: u64,
    max: Option<u64>,
    is_64: bool,
    page_log2: u8,
    shared: bool,
}

impl MemoryType {
    /// A memory of `minimum` pages at first and at most `maximum`.
    pub fn new(minimum: u32, maximum: Option<u32>) -> MemoryType {
        MemoryType::from_parts(minimum.into(), maximum.map(Into::into), false, 16)
    }

    /// The same with 64-bit addresses.
    pub fn new64(minimum: u64, maximum: Option<u64>) -> MemoryType {
        MemoryType::from_parts(minimum, maximum, true, 16)
    }

    pub(crate) fn from_parts(min: u64, max: Option<u64>, is_64: bool, page_log2: u8) -> MemoryType {
        MemoryType { min, max, is_64, page_log2, shared: false }
    }

    /// A memory that several threads may have at once ([`SharedMemory`](crate::SharedMemory)).
    pub fn shared(minimum: u32, maximum: u32) -> MemoryType {
        MemoryType::new(minimum, Some(maximum)).into_shared()
    }

    /// The same, shared.
    pub(crate) fn into_shared(self) -> MemoryType {
        MemoryType { shared: true, ..self }
    }

    /// The least number of pages.
    pub fn minimum(&self) -> u64 {
        self.min
    }

    /// The greatest number of pages, if there is a limit.
    pub fn maximum(&self) -> Option<u64> {
        self.max
    }

    /// Whether addresses are `i64`.
    pub fn is_64(&self) -> bool {
        self.is_64
    }

    /// Whether the memory may be shared between threads.
    pub fn is_shared(&self) -> bool {
        self.shared
    }

    /// Bytes in a page: 65536, or 1 where the module says so.
    pub fn page_size(&self) -> u64 {
        1 << self.page_log2
    }

    /// The logarithm of [`MemoryType::page_size`]: 16 or 0.
    pub fn page_size_log2(&self) -> u8 {
        self.page_log2
    }
}

impl fmt::Display for MemoryType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(memory")?;
        write_limits(f, self.is_64, self.min, self.max)?;
        if self.page_log2 != 16 {
            write!(f, " (pagesize {})", self.page_size())?;
        }
        f.write_str(if self.shared { " shared)" } else { ")" })
    }
}

/// Builds a [`MemoryType`] of which not all is as usual.
///
/// ```
/// use headwater::MemoryTypeBuilder;
/// let ty = MemoryTypeBuilder::new().memory64(true).min(1).max(Some(1 << 20)).build()?;
/// assert!(ty.is_64() && ty.maximum() == Some(1 << 20));
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct MemoryTypeBuilder(MemoryType);

impl Default for MemoryTypeBuilder {
    fn default() -> MemoryTypeBuilder {
        MemoryTypeBuilder(MemoryType::new(0, None))
    }
}

impl MemoryTypeBuilder {
    /// A memory with 32-bit addresses, pages of 64 KiB, and a minimum of 0.
    pub fn new() -> MemoryTypeBuilder {
        MemoryTypeBuilder::default()
    }

    /// The least number of pages.
    pub fn min(&mut self, minimum: u64) -> &mut MemoryTypeBuilder {
        self.0.min = minimum;
        self
    }

    /// The greatest number of pages, if there is a limit.
    pub fn max(&mut self, maximum: Option<u64>) -> &mut MemoryTypeBuilder {
        self.0.max = maximum;
        self
    }

    /// Whether addresses are `i64`.
    pub fn memory64(&mut self, memory64: bool) -> &mut MemoryTypeBuilder {
        self.0.is_64 = memory64;
        self
    }

    /// Whether several threads may have it at once; a maximum is needed then.
    pub fn shared(&mut self, shared: bool) -> &mut MemoryTypeBuilder {
        self.0.shared = shared;
        self
    }

    /// The logarithm of the size of a page: 16 or 0.
    pub fn page_size_log2(&mut self, page_size_log2: u8) -> &mut MemoryTypeBuilder {
        self.0.page_log2 = page_size_log2;
        self
    }

    /// The type.
    ///
    /// # Errors
    /// If no memory can have it.
    pub fn build(&self) -> crate::Result<MemoryType> {
        let MemoryType { min, max, is_64, page_log2, shared } = self.0;
        if !matches!(page_log2, 0 | 16) {
            anyhow::bail!("the size of a page is 1 or 65536 bytes, not 2^{page_log2}");
        }
        // As many bytes as there are addresses.
        let most = if is_64 { (u64::MAX >> page_log2).max(1 << 48) } else { 1 << (32 - page_log2) };
        for size in [Some(min), max].into_iter().flatten() {
            if size > most {
                anyhow::bail!("a memory of {size} pages has more bytes than addresses");
            }
        }
        if shared && max.is_none() {
            anyhow::bail!("a shared memory has a maximum");
        }
        if max.is_some_and(|max| max < min) {
            anyhow::bail!("the maximum of a memory is below its minimum");
        }
        Ok(self.0.clone())
    }
}
