//! Directories of the host, like those of `wasi_common::sync::dir`, except that
//!
//! - O_NONBLOCK counts when a file is opened, and not only afterwards: opening a FIFO would wait for the other end;
//! - a listing skips names that the interface cannot express (they are not UTF-8), instead of ending with an error, and
//!   reads nothing about the entries except what the directory says, so that an entry that vanishes or is inaccessible
//!   does not end it either;
//! - a path may end in a slash, as POSIX says ("pathname resolution"): `lstat("link/")` and `lstat("link/.")` refer to
//!   the target of the link, `rmdir("directory/")` works, and a file cannot be given such a name;
//! - times before 1970 are 0;
//! - nothing is moved or linked to where the program may do more with it;
//! - opening a FIFO ends when the program is to be interrupted ([`interrupt`]).
//!
//! None of this is right in any version of `wasi-common` up to 46.0.3.

use crate::file::{File, presentable};
use crate::interrupt;
use cap_fs_ext::{DirExt, FollowSymlinks, MetadataExt, OpenOptionsFollowExt, OpenOptionsMaybeDirExt};
use cap_std::fs::{self, Metadata, OpenOptions, OpenOptionsExt};
use rustix::event::{PollFd, PollFlags};
use rustix::fs::OFlags as SystemFlags;
use rustix::io::Errno;
use rustix::pipe::SpliceFlags;
use std::any::Any;
use std::io;
use std::os::fd::{AsFd, AsRawFd, RawFd};
use std::os::unix::fs::DirEntryExt;
use std::path::{Path, PathBuf};
use wasi_common::dir::{OpenResult, ReaddirCursor, ReaddirEntity};
use wasi_common::file::{FdFlags, FileType, Filestat, OFlags};
use wasi_common::sync::file::{File as HostFile, filetype_from};
use wasi_common::{Error, ErrorExt, SystemTimeSpec, WasiDir};

bitflags::bitflags! {
    /// What a program may do with a directory, and with those in it.
    #[derive(Copy, Clone, PartialEq, Eq, Debug)]
    pub struct DirPerms: usize {
        /// List it, and open what is in it.
        const READ = 1;
        /// Make, rename and remove what is in it.
        const MUTATE = 2;
    }
}

bitflags::bitflags! {
    /// What a program may do with the files of a directory.
    #[derive(Copy, Clone, PartialEq, Eq, Debug)]
    pub struct FilePerms: usize {
        /// Read them.
        const READ = 1;
        /// Write them, and change their times.
        const WRITE = 2;
    }
}

/// A directory that the program has opened.
pub struct Dir {
    inner: fs::Dir,
    dir_perms: DirPerms,
    file_perms: FilePerms,
}

impl Dir {
    pub fn new(inner: fs::Dir, dir_perms: DirPerms, file_perms: FilePerms) -> Dir {
        Dir { inner, dir_perms, file_perms }
    }

    /// The directory, if the program may do this with it.
    fn with(&self, perms: DirPerms) -> Result<&fs::Dir, Error> {
        if self.dir_perms.contains(perms) { Ok(&self.inner) } else { Err(Error::perm()) }
    }

    /// Opens a file. If it is a FIFO, waits for the other end, until the program is to be interrupted.
    fn open(&self, path: &str, options: &mut OpenOptions, fdflags: FdFlags) -> io::Result<fs::File> {
        let patient = !fdflags.contains(FdFlags::NONBLOCK) && interrupt::is_possible();
        if !patient {
            return self.inner.open_with(path, options);
        }
        let file = match interrupt::take_kept::<HalfOpen>().filter(|half| half.is(&self.inner, path)) {
            Some(half) => half.file,
            None => self.open_end(path, options)?,
        };
        if rustix::fs::FileType::from_raw_mode(rustix::fs::fstat(&file)?.st_mode) == rustix::fs::FileType::Fifo
            && let Err(error) = wait_for_writer(&file)
        {
            interrupt::keep(HalfOpen { dir: self.inner.as_raw_fd(), path: path.into(), file });
            return Err(error);
        }
        let flags = rustix::fs::fcntl_getfl(&file)?;
        rustix::fs::fcntl_setfl(&file, flags.difference(SystemFlags::NONBLOCK))?;
        Ok(file)
    }

    /// Opens a file without a wait for the other end of a FIFO.
    fn open_end(&self, path: &str, options: &mut OpenOptions) -> io::Result<fs::File> {
        options.custom_flags(SystemFlags::NONBLOCK.bits().cast_signed());
        loop {
            match self.inner.open_with(path, options) {
                // Nobody has the file open for reading, or somebody has to give it back.
                Err(error) if self.comes_later(path, &error) => interrupt::pause()?,
                result => return result,
            }
        }
    }

    /// Whether opening `path`, which failed if it must not wait, would wait.
    fn comes_later(&self, path: &str, error: &io::Error) -> bool {
        use cap_fs_ext::FileTypeExt;
        match Errno::from_io_error(error) {
            Some(Errno::AGAIN) => true,
            Some(Errno::NXIO) => self.inner.metadata(path).is_ok_and(|meta| meta.file_type().is_fifo()),
            _ => false,
        }
    }

    /// Another directory as one that something of this one can go to: under its name there, the program must not be able
    /// to do with it what it cannot do here.
    fn destination<'a>(&self, dir: &'a dyn WasiDir) -> Result<&'a fs::Dir, Error> {
        let to: &Dir = dir.as_any().downcast_ref().ok_or_else(Error::badf)?;
        if !self.dir_perms.contains(to.dir_perms) || !self.file_perms.contains(to.file_perms) {
            return Err(Error::perm());
        }
        to.with(DirPerms::MUTATE)
    }
}

/// A FIFO whose other end was not open yet when the call was interrupted. It stays open: a writer who comes in the
/// meantime would find no reader, or what it writes would be lost.
struct HalfOpen {
    dir: RawFd,
    path: String,
    file: fs::File,
}

impl HalfOpen {
    fn is(&self, dir: &fs::Dir, path: &str) -> bool {
        self.dir == dir.as_raw_fd() && self.path == path
    }
}

/// Waits until somebody has the other end of a FIFO open, or has had it open since `fifo` is.
fn wait_for_writer(fifo: &fs::File) -> io::Result<()> {
    if rustix::fs::fcntl_getfl(fifo)? & SystemFlags::RWMODE != SystemFlags::RDONLY {
        return Ok(());
    }
    let (_reader, copies) = rustix::pipe::pipe()?;
    loop {
        let mut fds = [PollFd::from_borrowed_fd(fifo.as_fd(), PollFlags::IN)];
        interrupt::poll(&mut fds, Some(std::time::Duration::ZERO))?;
        // If there are no bytes, a copy of them is the end of the file where there is no writer, and refused where
        // there is one, who may write.
        let writer = match rustix::pipe::tee(fifo, &copies, 1, SpliceFlags::NONBLOCK) {
            Ok(bytes) => bytes > 0,
            Err(error) => error == Errno::AGAIN,
        };
        if writer || !fds[0].revents().is_empty() {
            return Ok(());
        }
        interrupt::pause()?;
    }
}

/// Whether a path can only be that of a directory.
fn names_directory(path: &str) -> bool {
    path.ends_with('/') || path.ends_with("/.")
}

fn stat(meta: &Metadata) -> Filestat {
    presentable(Filestat {
        device_id: meta.dev(),
        inode: meta.ino(),
        filetype: filetype_from(&meta.file_type()),
        nlink: meta.nlink(),
        size: meta.len(),
        atim: meta.accessed().ok().map(|t| t.into_std()),
        mtim: meta.modified().ok().map(|t| t.into_std()),
        ctim: meta.created().ok().map(|t| t.into_std()),
    })
}

fn time(time: Option<SystemTimeSpec>) -> Option<cap_fs_ext::SystemTimeSpec> {
    time.map(|time| match time {
        SystemTimeSpec::Absolute(t) => cap_fs_ext::SystemTimeSpec::Absolute(t),
        SystemTimeSpec::SymbolicNow => cap_fs_ext::SystemTimeSpec::SymbolicNow,
    })
}

/// How a file is opened for a program that requests this.
fn options(oflags: OFlags, read: bool, write: bool, fdflags: FdFlags) -> Result<OpenOptions, Error> {
    let (create, exclusive) = (oflags.contains(OFlags::CREATE), oflags.contains(OFlags::EXCLUSIVE));
    let truncate = oflags.contains(OFlags::TRUNCATE);
    if oflags.contains(OFlags::DIRECTORY) && (create || exclusive || truncate) {
        return Err(Error::invalid_argument());
    }
    if fdflags.intersects(FdFlags::DSYNC | FdFlags::SYNC | FdFlags::RSYNC) {
        return Err(Error::not_supported());
    }
    let mut options = OpenOptions::new();
    options.maybe_dir(true);
    options.create_new(create && exclusive).create(create && !exclusive).truncate(truncate);
    // The system requires one of the two. Access that was not requested is refused when it is attempted.
    options.read(read || !write).write(write || create);
    options.append(fdflags.contains(FdFlags::APPEND));
    if fdflags.contains(FdFlags::NONBLOCK) {
        options.custom_flags(SystemFlags::NONBLOCK.bits().cast_signed());
    }
    Ok(options)
}

/// An entry of a directory, unless its name cannot be expressed.
fn entity(entry: &fs::DirEntry, at: u64) -> Option<ReaddirEntity> {
    let name = entry.file_name().into_string().ok()?;
    let filetype = match entry.file_type().map_or(FileType::Unknown, |ty| filetype_from(&ty)) {
        // Some file systems do not store it in the directory.
        FileType::Unknown => entry.metadata().map_or(FileType::Unknown, |meta| filetype_from(&meta.file_type())),
        known => known,
    };
    Some(ReaddirEntity { next: ReaddirCursor::from(at), inode: entry.ino(), name, filetype })
}

#[wiggle::async_trait]
impl WasiDir for Dir {
    fn as_any(&self) -> &dyn Any {
        self
    }

    async fn open_file(
        &self,
        follow: bool,
        path: &str,
        oflags: OFlags,
        read: bool,
        write: bool,
        fdflags: FdFlags,
    ) -> Result<OpenResult, Error> {
        self.with(DirPerms::READ)?;
        if oflags.intersects(OFlags::CREATE | OFlags::TRUNCATE) {
            self.with(DirPerms::MUTATE)?;
        }
        let mut options = options(oflags, read, write, fdflags)?;
        options.follow(if follow { FollowSymlinks::Yes } else { FollowSymlinks::No });
        let mut needed = FilePerms::empty();
        needed.set(FilePerms::READ, read);
        needed.set(FilePerms::WRITE, write || oflags.contains(OFlags::TRUNCATE));
        if !self.file_perms.contains(needed) && !self.inner.metadata(path).is_ok_and(|meta| meta.is_dir()) {
            return Err(Error::perm());
        }
        let file = self.open(path, &mut options, fdflags)?;
        if file.metadata()?.is_dir() {
            let dir = fs::Dir::from_std_file(file.into_std());
            return Ok(OpenResult::Dir(Box::new(Dir::new(dir, self.dir_perms, self.file_perms))));
        }
        if oflags.contains(OFlags::DIRECTORY) {
            return Err(Error::not_dir());
        }
        // Whatever the path was a moment ago.
        if !self.file_perms.contains(needed) {
            return Err(Error::perm());
        }
        let writable = self.file_perms.contains(FilePerms::WRITE);
        Ok(OpenResult::File(File::new(HostFile::from_cap_std(file), writable)))
    }

    async fn create_dir(&self, path: &str) -> Result<(), Error> {
        Ok(self.with(DirPerms::MUTATE)?.create_dir(path)?)
    }

    async fn readdir(
        &self,
        cursor: ReaddirCursor,
    ) -> Result<Box<dyn Iterator<Item = Result<ReaddirEntity, Error>> + Send>, Error> {
        let inode = self.with(DirPerms::READ)?.dir_metadata()?.ino();
        // The library leaves these two out.
        let dots = [".", ".."].into_iter().zip(1..).map(move |(name, at)| {
            let next = ReaddirCursor::from(at);
            Ok(ReaddirEntity { next, inode, name: name.into(), filetype: FileType::Directory })
        });
        let entries = self.with(DirPerms::READ)?.entries()?.zip(3..).filter_map(|(entry, at)| match entry {
            Ok(entry) => entity(&entry, at).map(Ok),
            Err(error) => Some(Err(Error::from(error))),
        });
        // Positions are counted before names are skipped, so they mean the same in every listing.
        let seen = u64::from(cursor);
        let unseen = move |entity: &Result<ReaddirEntity, Error>| !matches!(entity, Ok(e) if u64::from(e.next) <= seen);
        Ok(Box::new(dots.chain(entries).filter(unseen)))
    }

    async fn symlink(&self, target: &str, path: &str) -> Result<(), Error> {
        Ok(self.with(DirPerms::MUTATE)?.symlink(target, path)?)
    }

    async fn remove_dir(&self, path: &str) -> Result<(), Error> {
        // All but the root, which cannot be removed.
        let stripped = path.trim_end_matches('/');
        Ok(self.with(DirPerms::MUTATE)?.remove_dir(if stripped.is_empty() { path } else { stripped })?)
    }

    async fn unlink_file(&self, path: &str) -> Result<(), Error> {
        Ok(self.with(DirPerms::MUTATE)?.remove_file_or_symlink(path)?)
    }

    async fn read_link(&self, path: &str) -> Result<PathBuf, Error> {
        Ok(self.with(DirPerms::READ)?.read_link(path)?)
    }

    async fn get_filestat(&self) -> Result<Filestat, Error> {
        Ok(stat(&self.inner.dir_metadata()?))
    }

    async fn get_path_filestat(&self, path: &str, follow: bool) -> Result<Filestat, Error> {
        Ok(stat(&match follow || names_directory(path) {
            true => self.with(DirPerms::READ)?.metadata(path)?,
            false => self.with(DirPerms::READ)?.symlink_metadata(path)?,
        }))
    }

    async fn rename(&self, from: &str, to_dir: &dyn WasiDir, to: &str) -> Result<(), Error> {
        if names_directory(to) && !self.with(DirPerms::READ)?.symlink_metadata(from)?.is_dir() {
            return Err(Error::not_dir());
        }
        Ok(self.with(DirPerms::MUTATE)?.rename(from, self.destination(to_dir)?, to)?)
    }

    async fn hard_link(&self, from: &str, to_dir: &dyn WasiDir, to: &str) -> Result<(), Error> {
        Ok(self.with(DirPerms::MUTATE)?.hard_link(from, self.destination(to_dir)?, to)?)
    }

    async fn set_times(
        &self,
        path: &str,
        accessed: Option<SystemTimeSpec>,
        modified: Option<SystemTimeSpec>,
        follow: bool,
    ) -> Result<(), Error> {
        let (path, accessed, modified) = (Path::new(path), time(accessed), time(modified));
        let done = match follow {
            true => self.with(DirPerms::MUTATE)?.set_times(path, accessed, modified),
            false => self.with(DirPerms::MUTATE)?.set_symlink_times(path, accessed, modified),
        };
        Ok(done?)
    }
}
