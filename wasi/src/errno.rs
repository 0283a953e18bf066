//! Host errors as error numbers for the program. Whatever the system says about a file is an answer to the program,
//! never the end of it.
//!
//! `wasi-common` has a table of its own, and ends the program if an error is not in it: EXDEV, EROFS, ENXIO, ETXTBSY,
//! ENOTTY and more. No version handles these correctly (36.0.20, the one in use, and 46.0.3, the newest, are alike).

use std::io::{self, ErrorKind};
use wasi_common::snapshots::preview_1::types::Errno;
use wiggle::GuestError;

/// The number for an error for which `wasi-common` would end the program.
///
/// # Errors
/// The same error if the program itself broke the interface: a pointer that leads out of its memory.
pub fn answer(error: anyhow::Error) -> anyhow::Result<i32> {
    if error.downcast_ref::<GuestError>().is_some() {
        return Err(error);
    }
    let io = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    Ok(io.map_or(Errno::Io, of) as i32)
}

/// The number for a system error.
fn of(error: &io::Error) -> Errno {
    match error.raw_os_error() {
        Some(code) => of_code(code),
        None => of_kind(error.kind()),
    }
}

/// `EXDEV` is [`Errno::Xdev`], and so on: the interface took its numbers from POSIX.
fn of_code(code: i32) -> Errno {
    match code {
        libc::E2BIG => Errno::TooBig,
        libc::EACCES => Errno::Acces,
        libc::EADDRINUSE => Errno::Addrinuse,
        libc::EADDRNOTAVAIL => Errno::Addrnotavail,
        libc::EAFNOSUPPORT => Errno::Afnosupport,
        libc::EAGAIN => Errno::Again,
        libc::EALREADY => Errno::Already,
        libc::EBADF => Errno::Badf,
        libc::EBADMSG => Errno::Badmsg,
        libc::EBUSY => Errno::Busy,
        libc::ECANCELED => Errno::Canceled,
        libc::ECHILD => Errno::Child,
        libc::ECONNABORTED => Errno::Connaborted,
        libc::ECONNREFUSED => Errno::Connrefused,
        libc::ECONNRESET => Errno::Connreset,
        libc::EDEADLK => Errno::Deadlk,
        libc::EDESTADDRREQ => Errno::Destaddrreq,
        libc::EDOM => Errno::Dom,
        libc::EDQUOT => Errno::Dquot,
        libc::EEXIST => Errno::Exist,
        libc::EFAULT => Errno::Fault,
        libc::EFBIG => Errno::Fbig,
        libc::EHOSTUNREACH => Errno::Hostunreach,
        libc::EIDRM => Errno::Idrm,
        libc::EILSEQ => Errno::Ilseq,
        libc::EINPROGRESS => Errno::Inprogress,
        libc::EINTR => Errno::Intr,
        libc::EINVAL => Errno::Inval,
        libc::EISCONN => Errno::Isconn,
        libc::EISDIR => Errno::Isdir,
        libc::ELOOP => Errno::Loop,
        libc::EMFILE => Errno::Mfile,
        libc::EMLINK => Errno::Mlink,
        libc::EMSGSIZE => Errno::Msgsize,
        libc::EMULTIHOP => Errno::Multihop,
        libc::ENAMETOOLONG => Errno::Nametoolong,
        libc::ENETDOWN => Errno::Netdown,
        libc::ENETRESET => Errno::Netreset,
        libc::ENETUNREACH => Errno::Netunreach,
        libc::ENFILE => Errno::Nfile,
        libc::ENOBUFS => Errno::Nobufs,
        libc::ENODEV => Errno::Nodev,
        libc::ENOENT => Errno::Noent,
        libc::ENOEXEC => Errno::Noexec,
        libc::ENOLCK => Errno::Nolck,
        libc::ENOLINK => Errno::Nolink,
        libc::ENOMEM => Errno::Nomem,
        libc::ENOMSG => Errno::Nomsg,
        libc::ENOPROTOOPT => Errno::Noprotoopt,
        libc::ENOSPC => Errno::Nospc,
        libc::ENOSYS => Errno::Nosys,
        libc::ENOTCONN => Errno::Notconn,
        libc::ENOTDIR => Errno::Notdir,
        libc::ENOTEMPTY => Errno::Notempty,
        libc::ENOTRECOVERABLE => Errno::Notrecoverable,
        libc::ENOTSOCK => Errno::Notsock,
        libc::ENOTSUP => Errno::Notsup,
        libc::ENOTTY => Errno::Notty,
        libc::ENXIO => Errno::Nxio,
        libc::EOVERFLOW => Errno::Overflow,
        libc::EOWNERDEAD => Errno::Ownerdead,
        libc::EPERM => Errno::Perm,
        libc::EPIPE => Errno::Pipe,
        libc::EPROTO => Errno::Proto,
        libc::EPROTONOSUPPORT => Errno::Protonosupport,
        libc::EPROTOTYPE => Errno::Prototype,
        libc::ERANGE => Errno::Range,
        libc::EROFS => Errno::Rofs,
        libc::ESPIPE => Errno::Spipe,
        libc::ESRCH => Errno::Srch,
        libc::ESTALE => Errno::Stale,
        libc::ETIMEDOUT => Errno::Timedout,
        libc::ETXTBSY => Errno::Txtbsy,
        libc::EXDEV => Errno::Xdev,
        // The system has more errors than the interface has numbers for.
        _ => Errno::Io,
    }
}

/// For errors that originate in the libraries between the system and us.
fn of_kind(kind: ErrorKind) -> Errno {
    match kind {
        ErrorKind::NotFound => Errno::Noent,
        ErrorKind::PermissionDenied => Errno::Perm,
        ErrorKind::AlreadyExists => Errno::Exist,
        ErrorKind::InvalidInput => Errno::Inval,
        ErrorKind::WouldBlock => Errno::Again,
        ErrorKind::Interrupted => Errno::Intr,
        ErrorKind::Unsupported => Errno::Notsup,
        ErrorKind::OutOfMemory => Errno::Nomem,
        ErrorKind::NotADirectory => Errno::Notdir,
        ErrorKind::IsADirectory => Errno::Isdir,
        ErrorKind::DirectoryNotEmpty => Errno::Notempty,
        ErrorKind::ReadOnlyFilesystem => Errno::Rofs,
        ErrorKind::CrossesDevices => Errno::Xdev,
        ErrorKind::BrokenPipe => Errno::Pipe,
        ErrorKind::StorageFull => Errno::Nospc,
        ErrorKind::TimedOut => Errno::Timedout,
        _ => Errno::Io,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(error: impl Into<wasi_common::Error>) -> Option<i32> {
        let error: wasi_common::Error = error.into();
        match error.downcast() {
            Ok(errno) => Some(errno as i32),
            Err(trap) => answer(trap).ok(),
        }
    }

    #[test]
    fn every_error_of_the_system_has_a_number() {
        for code in 1..200 {
            let number = answered(io::Error::from_raw_os_error(code));
            assert_eq!(number, Some(of_code(code) as i32), "{}", io::Error::from_raw_os_error(code));
        }
        for (code, errno) in [(libc::EXDEV, Errno::Xdev), (libc::EROFS, Errno::Rofs), (libc::ENXIO, Errno::Nxio)] {
            assert_eq!(answered(io::Error::from_raw_os_error(code)), Some(errno as i32));
        }
        assert_eq!(answered(io::Error::from_raw_os_error(libc::ENOTBLK)), Some(Errno::Io as i32));
    }

    #[test]
    fn errors_without_a_number_of_the_system_have_one_too() {
        for kind in [ErrorKind::NotADirectory, ErrorKind::UnexpectedEof, ErrorKind::Other] {
            assert_eq!(answered(io::Error::new(kind, "made up")), Some(of_kind(kind) as i32));
        }
        assert_eq!(answer(anyhow::anyhow!("no reason given")).ok(), Some(Errno::Io as i32));
    }

    #[test]
    fn a_pointer_out_of_memory_is_the_programs_own_fault() {
        assert_eq!(answered(GuestError::PtrOverflow), None);
    }
}
