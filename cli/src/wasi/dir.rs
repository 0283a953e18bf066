//! Directories of the host, like those of `wasi_common::sync::dir`, except that
//!
//! - O_NONBLOCK counts when a file is opened, and not only afterwards: opening a FIFO would wait for the other end;
//! - a listing skips names that the interface cannot express (they are not UTF-8), instead of ending with an error, and
//!   reads nothing about the entries except what the directory says, so that an entry that vanishes or is inaccessible
//!   does not end it either;
//! - a path may end in a slash, as POSIX says ("pathname resolution"): `lstat("link/")` and `lstat("link/.")` refer to
//!   the target of the link, `rmdir("directory/")` works, and a file cannot be given such a name;
//! - times before 1970 are 0.
//!
//! None of this is right in any version of `wasi-common` up to 46.0.3.

use super::file::{File, presentable};
use cap_fs_ext::{DirExt, FollowSymlinks, MetadataExt, OpenOptionsFollowExt, OpenOptionsMaybeDirExt};
use cap_std::fs::{self, Metadata, OpenOptions, OpenOptionsExt};
use rustix::fs::OFlags as SystemFlags;
use std::any::Any;
use std::os::unix::fs::DirEntryExt;
use std::path::{Path, PathBuf};
use wasi_common::dir::{OpenResult, ReaddirCursor, ReaddirEntity};
use wasi_common::file::{FdFlags, FileType, Filestat, OFlags};
use wasi_common::sync::file::{File as HostFile, filetype_from};
use wasi_common::{Error, ErrorExt, SystemTimeSpec, WasiDir};

/// A directory that the program has opened.
pub struct Dir(pub fs::Dir);

impl Dir {
    fn same_kind(dir: &dyn WasiDir) -> Result<&Dir, Error> {
        dir.as_any().downcast_ref().ok_or_else(Error::badf)
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
        let mut options = options(oflags, read, write, fdflags)?;
        options.follow(if follow { FollowSymlinks::Yes } else { FollowSymlinks::No });
        let file = self.0.open_with(path, &options)?;
        if file.metadata()?.is_dir() {
            return Ok(OpenResult::Dir(Box::new(Dir(fs::Dir::from_std_file(file.into_std())))));
        }
        if oflags.contains(OFlags::DIRECTORY) {
            return Err(Error::not_dir());
        }
        Ok(OpenResult::File(File::new(HostFile::from_cap_std(file))))
    }

    async fn create_dir(&self, path: &str) -> Result<(), Error> {
        Ok(self.0.create_dir(path)?)
    }

    async fn readdir(
        &self,
        cursor: ReaddirCursor,
    ) -> Result<Box<dyn Iterator<Item = Result<ReaddirEntity, Error>> + Send>, Error> {
        let inode = self.0.dir_metadata()?.ino();
        // The library leaves these two out.
        let dots = [".", ".."].into_iter().zip(1..).map(move |(name, at)| {
            let next = ReaddirCursor::from(at);
            Ok(ReaddirEntity { next, inode, name: name.into(), filetype: FileType::Directory })
        });
        let entries = self.0.entries()?.zip(3..).filter_map(|(entry, at)| match entry {
            Ok(entry) => entity(&entry, at).map(Ok),
            Err(error) => Some(Err(Error::from(error))),
        });
        // Positions are counted before names are skipped, so they mean the same in every listing.
        let seen = u64::from(cursor);
        let unseen = move |entity: &Result<ReaddirEntity, Error>| !matches!(entity, Ok(e) if u64::from(e.next) <= seen);
        Ok(Box::new(dots.chain(entries).filter(unseen)))
    }

    async fn symlink(&self, target: &str, path: &str) -> Result<(), Error> {
        Ok(self.0.symlink(target, path)?)
    }

    async fn remove_dir(&self, path: &str) -> Result<(), Error> {
        // All but the root, which cannot be removed.
        let stripped = path.trim_end_matches('/');
        Ok(self.0.remove_dir(if stripped.is_empty() { path } else { stripped })?)
    }

    async fn unlink_file(&self, path: &str) -> Result<(), Error> {
        Ok(self.0.remove_file_or_symlink(path)?)
    }

    async fn read_link(&self, path: &str) -> Result<PathBuf, Error> {
        Ok(self.0.read_link(path)?)
    }

    async fn get_filestat(&self) -> Result<Filestat, Error> {
        Ok(stat(&self.0.dir_metadata()?))
    }

    async fn get_path_filestat(&self, path: &str, follow: bool) -> Result<Filestat, Error> {
        Ok(stat(&match follow || names_directory(path) {
            true => self.0.metadata(path)?,
            false => self.0.symlink_metadata(path)?,
        }))
    }

    async fn rename(&self, from: &str, to_dir: &dyn WasiDir, to: &str) -> Result<(), Error> {
        if names_directory(to) && !self.0.symlink_metadata(from)?.is_dir() {
            return Err(Error::not_dir());
        }
        Ok(self.0.rename(from, &Dir::same_kind(to_dir)?.0, to)?)
    }

    async fn hard_link(&self, from: &str, to_dir: &dyn WasiDir, to: &str) -> Result<(), Error> {
        Ok(self.0.hard_link(from, &Dir::same_kind(to_dir)?.0, to)?)
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
            true => self.0.set_times(path, accessed, modified),
            false => self.0.set_symlink_times(path, accessed, modified),
        };
        Ok(done?)
    }
}
