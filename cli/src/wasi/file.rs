//! Files and standard streams: those of `wasi-common`, except for what must be different here.
//!
//! - Reading and writing are one system call each, so that a signal ends them when the program's time is over. The
//!   standard library's streams would retry.
//! - Times before 1970, which the interface cannot express, are 0. `wasi-common` panics (up to 46.0.3).

use crate::deadline;
use rustix::fd::BorrowedFd;
use rustix::io::Errno;
use std::any::Any;
use std::io::{self, IoSlice, IoSliceMut, SeekFrom};
use std::time::SystemTime;
use wasi_common::file::{Advice, FdFlags, FileType, Filestat};
use wasi_common::{Error, ErrorExt, SystemTimeSpec, WasiFile};

/// A file that the program has opened.
pub struct File(Box<dyn WasiFile>);

impl File {
    pub fn new(inner: impl WasiFile + 'static) -> Box<File> {
        Box::new(File(Box::new(inner)))
    }

    fn fd(&self) -> Result<BorrowedFd<'_>, Error> {
        self.0.pollable().ok_or_else(Error::badf)
    }
}

/// Repeats a system call that a signal interrupted, unless the program's time is over.
pub fn retry<T>(mut call: impl FnMut() -> Result<T, Errno>) -> io::Result<T> {
    loop {
        match call() {
            Err(Errno::INTR) if !deadline::is_over() => {}
            result => return Ok(result?),
        }
    }
}

/// Replaces times that the interface cannot express.
pub fn presentable(mut stat: Filestat) -> Filestat {
    for time in [&mut stat.atim, &mut stat.mtim, &mut stat.ctim] {
        *time = time.map(|time| time.max(SystemTime::UNIX_EPOCH));
    }
    stat
}

#[wiggle::async_trait]
impl WasiFile for File {
    fn as_any(&self) -> &dyn Any {
        self
    }

    async fn read_vectored<'a>(&self, buffers: &mut [IoSliceMut<'a>]) -> Result<u64, Error> {
        let fd = self.fd()?;
        Ok(retry(|| rustix::io::readv(fd, buffers))? as u64)
    }

    async fn write_vectored<'a>(&self, buffers: &[IoSlice<'a>]) -> Result<u64, Error> {
        let fd = self.fd()?;
        Ok(retry(|| rustix::io::writev(fd, buffers))? as u64)
    }

    async fn get_filestat(&self) -> Result<Filestat, Error> {
        Ok(presentable(self.0.get_filestat().await?))
    }

    // Everything else is delegated.

    async fn get_filetype(&self) -> Result<FileType, Error> {
        self.0.get_filetype().await
    }

    fn pollable(&self) -> Option<BorrowedFd<'_>> {
        self.0.pollable()
    }

    fn isatty(&self) -> bool {
        self.0.isatty()
    }

    async fn datasync(&self) -> Result<(), Error> {
        self.0.datasync().await
    }

    async fn sync(&self) -> Result<(), Error> {
        self.0.sync().await
    }

    async fn get_fdflags(&self) -> Result<FdFlags, Error> {
        self.0.get_fdflags().await
    }

    async fn set_fdflags(&mut self, flags: FdFlags) -> Result<(), Error> {
        self.0.set_fdflags(flags).await
    }

    async fn set_filestat_size(&self, size: u64) -> Result<(), Error> {
        self.0.set_filestat_size(size).await
    }

    async fn advise(&self, offset: u64, length: u64, advice: Advice) -> Result<(), Error> {
        self.0.advise(offset, length, advice).await
    }

    async fn set_times(&self, accessed: Option<SystemTimeSpec>, modified: Option<SystemTimeSpec>) -> Result<(), Error> {
        self.0.set_times(accessed, modified).await
    }

    async fn read_vectored_at<'a>(&self, buffers: &mut [IoSliceMut<'a>], offset: u64) -> Result<u64, Error> {
        self.0.read_vectored_at(buffers, offset).await
    }

    async fn write_vectored_at<'a>(&self, buffers: &[IoSlice<'a>], offset: u64) -> Result<u64, Error> {
        self.0.write_vectored_at(buffers, offset).await
    }

    async fn seek(&self, position: SeekFrom) -> Result<u64, Error> {
        self.0.seek(position).await
    }

    async fn peek(&self, buffer: &mut [u8]) -> Result<u64, Error> {
        self.0.peek(buffer).await
    }

    fn num_ready_bytes(&self) -> Result<u64, Error> {
        self.0.num_ready_bytes()
    }
}
