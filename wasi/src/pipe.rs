//! Standard streams: memory, readers and writers, files and pipes.
//!
//! ```
//! use headwater_wasi::WasiCtxBuilder;
//! use headwater_wasi::pipe::{MemoryInputPipe, MemoryOutputPipe, WritePipe};
//! let stdout = MemoryOutputPipe::new(1 << 20);
//! let ctx = WasiCtxBuilder::new()
//!     .stdin(MemoryInputPipe::new("two\nlines\n"))
//!     .stdout(stdout.clone())
//!     .stderr(WritePipe::new(std::io::sink()))
//!     .build_p1();
//! assert_eq!(stdout.contents(), b"");
//! ```

use crate::file::File;
use std::any::Any;
use std::fmt;
use std::io::{self, ErrorKind, IoSlice, IoSliceMut, PipeReader, PipeWriter, Read, Write};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wasi_common::file::{FdFlags, FileType};
use wasi_common::sync::{file::File as HostFile, stdio};
use wasi_common::{Error, WasiFile};

/// A stream as the program has it.
pub struct Stream(pub(crate) Box<dyn WasiFile>);

/// What a program can read as its standard input. Implemented for what this module has, for files and pipes of the
/// system, and for the standard input of this process.
pub trait StdinStream {
    #[doc(hidden)]
    fn into_stream(self) -> Stream;
}

/// Where a program's standard output and standard error can go. Implemented for what this module has, for files and
/// pipes of the system, and for the streams of this process.
pub trait StdoutStream {
    #[doc(hidden)]
    fn into_stream(self) -> Stream;
}

macro_rules! streams {
    ($($of:ident: $($ty:ty)*, $self:ident => $file:expr;)*) => {$($(
        impl $of for $ty {
            fn into_stream($self) -> Stream {
                Stream($file)
            }
        }
    )*)*};
}

/// A file descriptor as the program has it.
fn system(fd: impl Into<OwnedFd>) -> Box<dyn WasiFile> {
    File::new(HostFile::from_cap_std(cap_std::fs::File::from_std(fd.into().into())), true)
}

streams! {
    StdinStream: io::Stdin, self => File::new(stdio::stdin(), true);
    StdoutStream: io::Stdout, self => File::new(stdio::stdout(), true);
    StdoutStream: io::Stderr, self => File::new(stdio::stderr(), true);
    StdinStream: std::fs::File OwnedFd PipeReader, self => system(self);
    StdoutStream: std::fs::File OwnedFd PipeWriter, self => system(self);
    StdinStream: MemoryInputPipe, self => Box::new(self);
    StdoutStream: MemoryOutputPipe, self => Box::new(self);
}

impl<R: Read + Send + 'static> StdinStream for ReadPipe<R> {
    fn into_stream(self) -> Stream {
        Stream(Box::new(self))
    }
}

impl<W: Write + Send + 'static> StdoutStream for WritePipe<W> {
    fn into_stream(self) -> Stream {
        Stream(Box::new(self))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What a reader or writer is like after a panic is its own affair.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An input that is in memory. Clones are the same input: what is read from one is not read from the other.
#[derive(Clone, Debug)]
pub struct MemoryInputPipe(ReadPipe<io::Cursor<Vec<u8>>>);

impl MemoryInputPipe {
    /// Contains `bytes`, which may be text.
    pub fn new(bytes: impl Into<Vec<u8>>) -> MemoryInputPipe {
        MemoryInputPipe(ReadPipe::new(io::Cursor::new(bytes.into())))
    }

    fn left(&self) -> u64 {
        let reader = lock(&self.0.0);
        (reader.get_ref().len() as u64).saturating_sub(reader.position())
    }
}

/// An output that is kept in memory. Clones are the same output.
#[derive(Clone)]
pub struct MemoryOutputPipe {
    capacity: usize,
    written: Arc<Mutex<Vec<u8>>>,
}

impl MemoryOutputPipe {
    /// Takes so many bytes; a program that writes more sees the error ENOSPC.
    pub fn new(capacity: usize) -> MemoryOutputPipe {
        MemoryOutputPipe { capacity, written: Arc::default() }
    }

    /// What was written so far.
    pub fn contents(&self) -> Vec<u8> {
        lock(&self.written).clone()
    }

    /// What was written so far, without a copy if no clone is left.
    pub fn try_into_inner(self) -> Option<Vec<u8>> {
        Some(Arc::into_inner(self.written)?.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for MemoryOutputPipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryOutputPipe").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}

/// An input from any reader. While that waits, the program cannot be interrupted; what the system can wait for, such
/// as a [`PipeReader`], is better passed as it is.
pub struct ReadPipe<R>(Arc<Mutex<R>>);

impl<R: Read> ReadPipe<R> {
    /// The program reads what the reader reads.
    pub fn new(reader: R) -> ReadPipe<R> {
        ReadPipe(Arc::new(Mutex::new(reader)))
    }
}

impl<R> Clone for ReadPipe<R> {
    fn clone(&self) -> ReadPipe<R> {
        ReadPipe(self.0.clone())
    }
}

impl<R> fmt::Debug for ReadPipe<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadPipe").finish_non_exhaustive()
    }
}

/// An output to any writer, which is not flushed. While that waits, the program cannot be interrupted.
pub struct WritePipe<W>(Arc<Mutex<W>>);

impl<W: Write> WritePipe<W> {
    /// The writer writes what the program writes.
    pub fn new(writer: W) -> WritePipe<W> {
        WritePipe(Arc::new(Mutex::new(writer)))
    }

    /// The writer, if no clone is left.
    pub fn try_into_inner(self) -> Option<W> {
        Some(Arc::into_inner(self.0)?.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<W> Clone for WritePipe<W> {
    fn clone(&self) -> WritePipe<W> {
        WritePipe(self.0.clone())
    }
}

impl<W> fmt::Debug for WritePipe<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WritePipe").finish_non_exhaustive()
    }
}

#[wiggle::async_trait]
impl<R: Read + Send + 'static> WasiFile for ReadPipe<R> {
    fn as_any(&self) -> &dyn Any {
        self
    }

    async fn get_filetype(&self) -> Result<FileType, Error> {
        Ok(FileType::Pipe)
    }

    async fn read_vectored<'a>(&self, buffers: &mut [IoSliceMut<'a>]) -> Result<u64, Error> {
        let mut reader = lock(&self.0);
        loop {
            match reader.read_vectored(buffers) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => return Ok(read? as u64),
            }
        }
    }
}

#[wiggle::async_trait]
impl WasiFile for MemoryInputPipe {
    fn as_any(&self) -> &dyn Any {
        self
    }

    async fn get_filetype(&self) -> Result<FileType, Error> {
        Ok(FileType::Pipe)
    }

    async fn read_vectored<'a>(&self, buffers: &mut [IoSliceMut<'a>]) -> Result<u64, Error> {
        self.0.read_vectored(buffers).await
    }

    fn num_ready_bytes(&self) -> Result<u64, Error> {
        Ok(self.left())
    }
}

#[wiggle::async_trait]
impl<W: Write + Send + 'static> WasiFile for WritePipe<W> {
    fn as_any(&self) -> &dyn Any {
        self
    }

    async fn get_filetype(&self) -> Result<FileType, Error> {
        Ok(FileType::Pipe)
    }

    async fn get_fdflags(&self) -> Result<FdFlags, Error> {
        Ok(FdFlags::APPEND)
    }

    async fn write_vectored<'a>(&self, buffers: &[IoSlice<'a>]) -> Result<u64, Error> {
        let mut writer = lock(&self.0);
        loop {
            match writer.write_vectored(buffers) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                written => return Ok(written? as u64),
            }
        }
    }
}

#[wiggle::async_trait]
impl WasiFile for MemoryOutputPipe {
    fn as_any(&self) -> &dyn Any {
        self
    }

    async fn get_filetype(&self) -> Result<FileType, Error> {
        Ok(FileType::Pipe)
    }

    async fn get_fdflags(&self) -> Result<FdFlags, Error> {
        Ok(FdFlags::APPEND)
    }

    async fn write_vectored<'a>(&self, buffers: &[IoSlice<'a>]) -> Result<u64, Error> {
        let mut kept = lock(&self.written);
        let before = kept.len();
        for buffer in buffers {
            let room = self.capacity - kept.len();
            kept.extend_from_slice(&buffer[..buffer.len().min(room)]);
        }
        let written = kept.len() - before;
        if written == 0 && buffers.iter().any(|buffer| !buffer.is_empty()) {
            return Err(io::Error::from(ErrorKind::StorageFull).into());
        }
        Ok(written as u64)
    }
}
