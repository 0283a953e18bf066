//! Files that are mapped, and copied out of the mapping in pieces.
//!
//! Somebody else may write to a file, or cut it off, while it is compiled. So
//!
//! - no reference to the mapping is made, and nobody but [`MappedFile::read`] looks at it. The compiler reads some
//!   bytes more than once, and its checks hold for those that it saw first: it gets a copy, which cannot change;
//! - an access beyond the file's new end, which would end the process by SIGBUS, is caught: the handler
//!   ([`signals`]) puts zeros in the place of the rest of the mapping, notes it, and the copy goes on.
//!   Asking for the file's size beforehand would not do, since it may change before the access;
//! - a piece counts only if, after it was copied, the file still reaches beyond it: in the page of the new end there is
//!   no fault, only zeros.

use crate::os::host_page;
use crate::vm::{racy, signals, thread};
use memmap2::{Advice, MmapOptions, MmapRaw};
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering, compiler_fence};

/// A file to be read once, from a mapping of it; what cannot be mapped (pipes, devices, files of unknown size) is read
/// as it is. [`Module::from_file`](crate::Module::from_file) uses it.
///
/// If the file shrinks while it is read, reading fails. What else is written to it meanwhile may be seen or not, as
/// with any file; what grows is read as far as it went when it was opened.
///
/// ```
/// use headwater::{Engine, MappedFile, StreamingCompiler};
/// use std::io::Read;
/// # let path = std::env::temp_dir().join(format!("mapped-file-{}.wasm", std::process::id()));
/// # std::fs::write(&path, b"\0asm\x01\0\0\0")?;
/// let mut file = MappedFile::open(&path)?;
/// let mut compiler = StreamingCompiler::new(&Engine::default());
/// let mut buffer = [0; 4096];
/// while let n @ 1.. = file.read(&mut buffer)? {
///     compiler.push(&buffer[..n])?;
/// }
/// let module = compiler.finish()?;
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Debug)]
pub struct MappedFile {
    file: File,
    /// `None` if it is read instead.
    mapping: Option<MmapRaw>,
    /// How much was read from the mapping.
    at: usize,
    /// An access failed. What is mapped from there on is no longer the file.
    failed: AtomicBool,
}

/// A copy from a mapping that the calling thread makes; read by its signal handler.
pub(crate) struct Copying {
    start: usize,
    end: usize,
    failed: *const AtomicBool,
}

impl MappedFile {
    /// Opens a file.
    ///
    /// # Errors
    /// Those of the system.
    pub fn open(path: impl AsRef<Path>) -> io::Result<MappedFile> {
        MappedFile::new(File::open(path)?)
    }

    /// Maps a file that is open for reading. It is read from its start if it can be mapped, otherwise from where it is.
    ///
    /// # Errors
    /// Those of the system.
    pub fn new(file: File) -> io::Result<MappedFile> {
        let meta = file.metadata()?;
        // Files of /proc say that they are empty.
        let mapping = match meta.is_file() && meta.len() > 0 && signals::install().is_ok() {
            // Some file systems cannot map.
            true => usize::try_from(meta.len())
                .ok()
                .and_then(|len| MmapOptions::new().len(len).map_raw_read_only(&file).ok()),
            false => None,
        };
        if let Some(mapping) = &mapping {
            // Only advice.
            let _ = mapping.advise(Advice::Sequential);
        }
        Ok(MappedFile { file, mapping, at: 0, failed: AtomicBool::new(false) })
    }

    /// Its size when it was opened, if it is mapped.
    pub fn size(&self) -> Option<u64> {
        self.mapping.as_ref().map(|mapping| mapping.len() as u64)
    }

    /// Has the system read the first `most` bytes from the disk, and waits for them, as far as it can.
    pub fn prefetch(&self, most: u64) {
        if let Some(mapping) = &self.mapping {
            let most = mapping.len().min(usize::try_from(most).unwrap_or(usize::MAX));
            // Only advice, which kernels before 5.14 do not know, and which fails beyond the end of the file.
            let _ = mapping.advise_range(Advice::PopulateRead, 0, most);
        }
    }

    /// Why bytes up to `end` could not be read.
    fn error(&self, end: usize, size: usize) -> io::Error {
        match self.file.metadata().map(|meta| meta.len()) {
            Ok(now) if now < end as u64 => {
                let what = format!("the file shrank from {size} to {now} bytes while it was read");
                io::Error::new(ErrorKind::UnexpectedEof, what)
            }
            Err(error) => error,
            // It has grown again, or the disk does not answer.
            Ok(_) => io::Error::other("the file could not be read from its mapping"),
        }
    }
}

impl Read for MappedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(mapping) = &self.mapping else { return self.file.read(buffer) };
        let n = buffer.len().min(mapping.len() - self.at);
        if n == 0 {
            return Ok(0);
        }
        let start = mapping.as_ptr().addr();
        let copying = Copying { start, end: start + mapping.len(), failed: &raw const self.failed };
        // SAFETY: the range is in the mapping, which nothing else reads and this process does not write; where there is
        // nothing behind it, the handler puts something there.
        copying.run(|| unsafe { racy::read(mapping.as_ptr().add(self.at), &mut buffer[..n]) });
        let end = self.at + n;
        if self.failed.load(Ordering::Relaxed) || self.file.metadata()?.len() < end as u64 {
            // Once it is cut off it stays so.
            self.failed.store(true, Ordering::Relaxed);
            return Err(self.error(end, mapping.len()));
        }
        self.at = end;
        Ok(n)
    }
}

impl Copying {
    /// Runs `copy` while the handler knows of it.
    fn run(&self, copy: impl FnOnce()) {
        // The handler runs between any two instructions of this thread.
        thread::with(|t| t.copying.set(self));
        compiler_fence(Ordering::SeqCst);
        copy();
        compiler_fence(Ordering::SeqCst);
        thread::with(|t| t.copying.set(ptr::null()));
    }

    /// Makes the access at `address` succeed, if it is one of the copy, by zeros from its page on.
    ///
    /// # Safety
    /// To be called by a signal handler on the thread that copies.
    pub unsafe fn rescue(&self, address: usize) -> bool {
        if !(self.start..self.end).contains(&address) {
            return false;
        }
        let from = address & !(host_page() - 1);
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
        // SAFETY: the range is the rest of a mapping that only the copy uses, and which is unmapped as a whole. The
        // flag outlives the copy.
        unsafe {
            let at = libc::mmap(from as *mut libc::c_void, self.end - from, libc::PROT_READ, flags, -1, 0);
            if at == libc::MAP_FAILED {
                return false;
            }
            (*self.failed).store(true, Ordering::Relaxed);
        }
        true
    }
}
