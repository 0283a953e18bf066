//! Copy-on-write images: a new memory's contents after its active data segments are applied, shared by all instances of
//! a module.
//!
//! An image is a sealed, unnamed file. A memory maps it privately over its own pages, so instances share pages until
//! they write to them, and instantiation copies nothing. Only modules whose active data segments cannot trap, and have
//! a result that is known in advance, have images: constant offsets, inside the initial sizes of memories that the
//! module itself defines. For all others, and where an image does not pay, segments are copied.
//!
//! The first instance of a module copies, too: most modules have one instance, for which an image would only cost time,
//! memory and a file descriptor.

use crate::module::constants::ConstOp;
use crate::module::info::{EntityIndex, ModuleInfo, SegmentMode};
use crate::os::{self, host_page};
use crate::types::PAGE;
use crate::vm::{alloc, kept};
use memmap2::{Mmap, MmapOptions};
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// Less data than this is faster to copy than to map.
const MIN_DATA: usize = 16 << 10;

/// The most images in the process, since each holds a file descriptor.
const MAX_IMAGES: usize = 256;

/// From this many segments on, they are assembled in memory first.
const MANY_SEGMENTS: usize = 64;

static IMAGES: AtomicUsize = AtomicUsize::new(0);

/// The contents of a part of a new memory.
#[derive(Debug)]
pub(crate) struct MemoryImage {
    file: File,
    /// Where in the memory, in whole pages of the operating system.
    range: Range<usize>,
    /// All of the file, to be read; made when it is needed, and nothing if that failed.
    view: OnceLock<Option<Mmap>>,
}

impl MemoryImage {
    /// The image that `segments` make, in their order.
    pub(super) fn build(segments: &[(usize, &[u8])]) -> Option<MemoryImage> {
        let data: usize = segments.iter().map(|(_, bytes)| bytes.len()).sum();
        let start = segments.iter().map(|(at, _)| *at).min()?;
        let end = segments.iter().map(|(at, bytes)| at + bytes.len()).max()?;
        let range = start - start % host_page()..end.next_multiple_of(host_page());
        // Holes would be allocated when they are read.
        if data < MIN_DATA || range.len() / 2 > data + PAGE as usize {
            return None;
        }
        let image = MemoryImage { file: anonymous_file().ok()?, range, view: OnceLock::new() };
        image.fill(segments).ok()?;
        Some(image)
    }

    fn fill(&self, segments: &[(usize, &[u8])]) -> io::Result<()> {
        self.file.set_len(self.range.len() as u64)?;
        if segments.len() < MANY_SEGMENTS {
            for (at, bytes) in segments {
                self.file.write_all_at(bytes, (at - self.range.start) as u64)?;
            }
        } else {
            let mut all = alloc::zeroed("an image", self.range.len()).map_err(io::Error::other)?;
            for (at, bytes) in segments {
                all[at - self.range.start..][..bytes.len()].copy_from_slice(bytes);
            }
            self.file.write_all_at(&all, 0)?;
        }
        // Nothing can change it from now on, and no access can be beyond its end.
        os::seal_file(&self.file)
    }

    pub fn file(&self) -> &File {
        &self.file
    }

    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The contents of the range, if the process may have another mapping.
    pub fn bytes(&self) -> Option<&[u8]> {
        let view = self.view.get_or_init(|| {
            // SAFETY: the file is sealed: nothing changes it, and no access is beyond its end.
            unsafe { MmapOptions::new().len(self.range.len()).map(&self.file) }.ok()
        });
        view.as_deref()
    }
}

impl Drop for MemoryImage {
    fn drop(&mut self) {
        // Mappings kept for the next instance would keep the file's memory for good.
        kept::forget_image(self);
        IMAGES.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Counts as an image on success.
fn anonymous_file() -> io::Result<File> {
    let free = IMAGES.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| (n < MAX_IMAGES).then_some(n + 1));
    if free.is_err() {
        return Err(io::ErrorKind::QuotaExceeded.into());
    }
    os::unnamed_file().inspect_err(|_| {
        IMAGES.fetch_sub(1, Ordering::Relaxed);
    })
}

/// The images of a module's memories, made when it is instantiated for the second time.
#[derive(Default, Debug)]
pub(crate) struct Images {
    used: AtomicBool,
    /// By number among the memories that the module defines; empty if there are none.
    images: OnceLock<Box<[Option<Arc<MemoryImage>>]>>,
}

impl Images {
    /// The images for the next instance of the module that `info` describes, by number among the memories that the
    /// module defines; a missing entry means that there is none.
    pub fn next(&self, info: &ModuleInfo) -> &[Option<Arc<MemoryImage>>] {
        if let Some(images) = self.images.get() {
            return images;
        }
        if info.data.is_empty() || !self.used.swap(true, Ordering::Relaxed) {
            return &[];
        }
        self.images.get_or_init(|| build_all(info).unwrap_or_default())
    }
}

/// The images, if all active segments are of the kind that allows it.
fn build_all(info: &ModuleInfo) -> Option<Box<[Option<Arc<MemoryImage>>]>> {
    let imported = info.imports.indices().filter(|index| matches!(index, EntityIndex::Memory(_))).count();
    let mut segments = vec![Vec::new(); info.memories.len() - imported];
    for i in 0..info.data.len() {
        let SegmentMode::Active { index, offset } = info.data.mode(i, &info.data_bytes) else { continue };
        let bytes = &info.data_bytes[info.data.contents(i)];
        let at = match info.only(offset)? {
            ConstOp::I32Const(at) => u64::from(at as u32),
            ConstOp::I64Const(at) => at as u64,
            _ => return None,
        };
        let defined = (index as usize).checked_sub(imported)?;
        let size = info.memories[index as usize].minimum().checked_mul(info.memories[index as usize].page_size())?;
        at.checked_add(bytes.len() as u64).filter(|&end| end <= size)?;
        alloc::reserve("an image", &mut segments[defined], 1).ok()?;
        segments[defined].push((usize::try_from(at).ok()?, bytes));
    }
    Some(segments.iter().map(|s| MemoryImage::build(s).map(Arc::new)).collect())
}
