//! Files and standard streams: those of `wasi-common`, except for what must be different here.
//!
//! - Reading and writing end when the program is to be interrupted ([`interrupt`]). What may have to wait is asked not
//!   to (`RWF_NOWAIT`), waited for, and asked again. Where the system cannot do that (terminals, pipes before Linux
//!   6.4), the call is made once the file is ready; then it waits only if somebody else was faster.
//! - Standard streams are not buffered here.
//! - Times before 1970, which the interface cannot express, are 0. `wasi-common` panics (up to 46.0.3).

use crate::interrupt::{self, retry};
use rustix::event::PollFlags;
use rustix::fd::BorrowedFd;
use rustix::fs::OFlags;
use rustix::io::{Errno, ReadWriteFlags};
use std::any::Any;
use std::io::{self, ErrorKind, IoSlice, IoSliceMut, SeekFrom};
use std::time::SystemTime;
use wasi_common::file::{Advice, FdFlags, FileType, Filestat};
use wasi_common::{Error, ErrorExt, SystemTimeSpec, WasiFile};

/// A file that the program has opened.
pub struct File {
    inner: Box<dyn WasiFile>,
    /// Whether the program may change what is stored about it.
    writable: bool,
    /// Whether reading and writing may have to wait.
    waits: bool,
}

impl File {
    pub fn new(inner: impl WasiFile + 'static, writable: bool) -> Box<File> {
        let stat = inner.pollable().and_then(|fd| rustix::fs::fstat(fd).ok());
        let kind = stat.map(|stat| rustix::fs::FileType::from_raw_mode(stat.st_mode));
        let waits = kind.is_some_and(|kind| kind != rustix::fs::FileType::RegularFile);
        Box::new(File { inner: Box::new(inner), writable, waits })
    }

    fn fd(&self) -> Result<BorrowedFd<'_>, Error> {
        self.inner.pollable().ok_or_else(Error::badf)
    }

    fn may_change(&self) -> Result<(), Error> {
        if self.writable { Ok(()) } else { Err(Error::perm()) }
    }
}

/// Reads or writes where the file is. In a call, this asks the system not to wait.
const HERE: u64 = u64::MAX;

/// Whether a system call that must not wait is not possible for a file.
fn is_unsupported(error: Errno) -> bool {
    matches!(error, Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL | Errno::SPIPE)
}

/// Whether the program wants no waits.
fn is_nonblocking(fd: BorrowedFd<'_>) -> io::Result<bool> {
    Ok(rustix::fs::fcntl_getfl(fd)?.contains(OFlags::NONBLOCK))
}

/// Reads what there is, and waits until there is something.
fn read(fd: BorrowedFd<'_>, buffers: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
    loop {
        match rustix::io::preadv2(fd, buffers, HERE, ReadWriteFlags::NOWAIT) {
            Err(Errno::AGAIN) if !is_nonblocking(fd)? => interrupt::wait_for(fd, PollFlags::IN)?,
            Err(Errno::INTR) => interrupt::check()?,
            Err(error) if is_unsupported(error) => {
                if !is_nonblocking(fd)? {
                    interrupt::wait_for(fd, PollFlags::IN)?;
                }
                return retry(|| rustix::io::readv(fd, buffers));
            }
            result => return Ok(result?),
        }
    }
}

/// What a pipe that is ready takes without a wait.
const AT_ONCE: usize = libc::PIPE_BUF;

/// Writes a part of the buffers: none of it if the file is to be waited for, which is `Ok(None)`.
fn write_some(fd: BorrowedFd<'_>, buffers: &[IoSlice<'_>], ready: bool) -> io::Result<Option<usize>> {
    match retry(|| match rustix::io::pwritev2(fd, buffers, HERE, ReadWriteFlags::NOWAIT) {
        Err(error) if is_unsupported(error) && (ready || is_nonblocking(fd).unwrap_or(false)) => {
            let first = buffers.iter().find(|buffer| !buffer.is_empty()).map_or(&[][..], |buffer| buffer);
            rustix::io::write(fd, &first[..first.len().min(AT_ONCE)])
        }
        Err(error) if is_unsupported(error) => Err(Errno::AGAIN),
        result => result,
    }) {
        Err(error) if error.kind() == ErrorKind::WouldBlock && !is_nonblocking(fd)? => Ok(None),
        result => result.map(Some),
    }
}

/// Writes all of the buffers, and waits for room. If that is interrupted or fails after a part was written, that part
/// counts.
fn write(fd: BorrowedFd<'_>, buffers: &[IoSlice<'_>]) -> io::Result<usize> {
    let mut left = buffers.to_vec();
    let mut left = &mut left[..];
    let (mut written, mut ready) = (0, false);
    loop {
        let some = match write_some(fd, left, ready) {
            Ok(None) => interrupt::wait_for(fd, PollFlags::OUT).map(|()| None),
            some => some,
        };
        match some {
            Ok(some) => {
                ready = some.is_none();
                written += some.unwrap_or(0);
                IoSlice::advance_slices(&mut left, some.unwrap_or(0));
                if some == Some(0) || left.iter().all(|buffer| buffer.is_empty()) {
                    return Ok(written);
                }
            }
            Err(_) if written > 0 => {
                interrupt::complete();
                return Ok(written);
            }
            Err(error) => return Err(error),
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
        Ok(match self.waits && interrupt::is_possible() {
            true => read(fd, buffers)?,
            false => retry(|| rustix::io::readv(fd, buffers))?,
        } as u64)
    }

    async fn write_vectored<'a>(&self, buffers: &[IoSlice<'a>]) -> Result<u64, Error> {
        let fd = self.fd()?;
        Ok(match self.waits && interrupt::is_possible() {
            true => write(fd, buffers)?,
            false => retry(|| rustix::io::writev(fd, buffers))?,
        } as u64)
    }

    async fn get_filestat(&self) -> Result<Filestat, Error> {
        Ok(presentable(self.inner.get_filestat().await?))
    }

    // Everything else is delegated.

    async fn get_filetype(&self) -> Result<FileType, Error> {
        self.inner.get_filetype().await
    }

    fn pollable(&self) -> Option<BorrowedFd<'_>> {
        self.inner.pollable()
    }

    fn isatty(&self) -> bool {
        self.inner.isatty()
    }

    async fn datasync(&self) -> Result<(), Error> {
        self.inner.datasync().await
    }

    async fn sync(&self) -> Result<(), Error> {
        self.inner.sync().await
    }

    async fn get_fdflags(&self) -> Result<FdFlags, Error> {
        self.inner.get_fdflags().await
    }

    async fn set_fdflags(&mut self, flags: FdFlags) -> Result<(), Error> {
        self.inner.set_fdflags(flags).await
    }

    async fn set_filestat_size(&self, size: u64) -> Result<(), Error> {
        self.may_change()?;
        self.inner.set_filestat_size(size).await
    }

    async fn advise(&self, offset: u64, length: u64, advice: Advice) -> Result<(), Error> {
        self.inner.advise(offset, length, advice).await
    }

    async fn set_times(&self, accessed: Option<SystemTimeSpec>, modified: Option<SystemTimeSpec>) -> Result<(), Error> {
        self.may_change()?;
        self.inner.set_times(accessed, modified).await
    }

    async fn read_vectored_at<'a>(&self, buffers: &mut [IoSliceMut<'a>], offset: u64) -> Result<u64, Error> {
        self.inner.read_vectored_at(buffers, offset).await
    }

    async fn write_vectored_at<'a>(&self, buffers: &[IoSlice<'a>], offset: u64) -> Result<u64, Error> {
        self.inner.write_vectored_at(buffers, offset).await
    }

    async fn seek(&self, position: SeekFrom) -> Result<u64, Error> {
        self.inner.seek(position).await
    }

    async fn peek(&self, buffer: &mut [u8]) -> Result<u64, Error> {
        self.inner.peek(buffer).await
    }

    fn num_ready_bytes(&self) -> Result<u64, Error> {
        self.inner.num_ready_bytes()
    }
}
