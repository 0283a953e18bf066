//! WASI preview 1: binds the functions of the crate `wasi-common` to a linker.
//!
//! Those functions are asynchronous in form, but the synchronous implementations that are used here never
//! wait, so each future is ready when it is first polled.
//!
//! Where that crate is wrong, this module's files replace it: [`dir`], [`file`], [`sched`], [`errno`].

mod dir;
mod errno;
mod file;
mod sched;

use crate::deadline;
use crate::threads::Threads;
use crate::units::Amount;
use anyhow::{Context, Result, anyhow};
use cap_std::{ambient_authority, fs};
use dir::Dir;
use file::File;
use headwater::{Caller, Extern, Linker, ResourceLimiter, StoreLimits, StoreLimitsBuilder};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::SystemTime;
use wasi_common::snapshots::preview_1::types::{Clockid, Subclockflags, Subscription, SubscriptionU};
use wasi_common::snapshots::preview_1::wasi_snapshot_preview1 as preview1;
use wasi_common::sync::{clocks_ctx, random_ctx, stdio};
use wasi_common::{Table, WasiCtx};
use wiggle::{GuestMemory, GuestPtr};

const MODULE: &str = "wasi_snapshot_preview1";

/// The program called `proc_exit` with this status.
#[derive(Copy, Clone, Debug)]
pub struct Exit(pub i32);

impl std::fmt::Display for Exit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the program exited with status {}", self.0)
    }
}

impl std::error::Error for Exit {}

/// What a program sees: arguments (its own name first), `HOST[::GUEST]` directories, `K=V` variables, and the
/// standard streams of this process.
pub fn context(args: &[String], dirs: &[String], env: &[String]) -> Result<WasiCtx> {
    let mut context = WasiCtx::new(random_ctx(), clocks_ctx(), Box::new(sched::Scheduler), Table::new());
    context.set_stdin(File::new(stdio::stdin()));
    context.set_stdout(File::new(stdio::stdout()));
    context.set_stderr(File::new(stdio::stderr()));
    for arg in args {
        context.push_arg(arg).context("an argument cannot be passed on")?;
    }
    for variable in env {
        let (key, value) = variable
            .split_once('=')
            .ok_or_else(|| anyhow!("--env {variable}: no `=` in it; write --env NAME=VALUE"))?;
        context.push_env(key, value).with_context(|| format!("--env {variable}"))?;
    }
    for dir in dirs {
        let (host, guest) = dir.split_once("::").unwrap_or((dir, dir));
        let open = fs::Dir::open_ambient_dir(host, ambient_authority()).with_context(|| format!("--dir {host}"))?;
        context.push_preopened_dir(Box::new(Dir(open)), guest).map_err(|e| anyhow!("--dir {dir}: {e}"))?;
    }
    Ok(context)
}

/// The result of a future that does not wait.
fn now<F: Future>(future: F) -> Result<F::Output> {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut std::task::Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => Err(anyhow!("a WASI function would have to wait")),
    }
}

/// Makes a host call for a program, on its memory.
fn call(
    caller: &mut Caller<'_, Host>,
    function: impl FnOnce(&mut WasiCtx, &mut GuestMemory<'_>) -> Result<Result<i32>>,
) -> Result<i32> {
    let outcome = match caller.get_export("memory") {
        Some(Extern::Memory(memory)) => {
            let (bytes, host) = memory.data_and_store_mut(caller);
            deadline::interruptible(|| function(&mut host.wasi, &mut GuestMemory::Unshared(bytes)))
        }
        Some(Extern::SharedMemory(memory)) => {
            let wasi = &mut caller.data_mut().wasi;
            deadline::interruptible(|| function(wasi, &mut GuestMemory::Shared(memory.data())))
        }
        _ => return Err(anyhow!("a module that uses WASI must export its memory as `memory`")),
    };
    outcome??.or_else(errno::answer)
}

/// Defines the functions, each as a closure that passes its arguments on.
macro_rules! define {
    ($linker:ident; $($name:ident($($arg:ident: $ty:ident),*);)*) => {$(
        $linker.func_wrap(
            MODULE,
            stringify!($name),
            |mut caller: Caller<'_, Host>, $($arg: $ty),*| -> Result<i32> {
                call(&mut caller, |context, memory| now(preview1::$name(context, memory, $($arg),*)))
            },
        )?;
    )*};
}

/// Waits as `wasi-common` does, which does not support times of the real-time clock (up to 46.0.3): they are converted
/// to durations from now on. Setting the clock does not change when such a wait ends.
fn poll_oneoff(
    context: &mut WasiCtx,
    memory: &mut GuestMemory<'_>,
    (subscriptions, events, count, result): (i32, i32, i32, i32),
) -> Result<Result<i32>> {
    let mut originals = Vec::new();
    let all = GuestPtr::<[Subscription]>::new((subscriptions as u32, count as u32));
    // Unreadable memory is reported by the call.
    for place in all.iter().map_while(Result::ok) {
        let Ok(original) = memory.read(place) else { break };
        if let Some(relative) = relative(&original) {
            memory.write(place, relative)?;
            originals.push((place, original));
        }
    }
    let outcome = now(preview1::poll_oneoff(context, memory, subscriptions, events, count, result));
    // The program's subscriptions must not change, unless it wants the events in their place.
    let (from, to) = (u64::from(events as u32), u64::from(events as u32) + EVENT_SIZE * u64::from(count as u32));
    for (place, original) in originals {
        let start = u64::from(place.offset());
        if start >= to || start + SUBSCRIPTION_SIZE <= from {
            memory.write(place, original)?;
        }
    }
    outcome
}

/// Bytes of a `subscription` and of an `event` in memory.
const SUBSCRIPTION_SIZE: u64 = 48;
const EVENT_SIZE: u64 = 32;

/// A subscription to a time of the real-time clock as one to a duration.
fn relative(subscription: &Subscription) -> Option<Subscription> {
    let mut subscription = subscription.clone();
    let SubscriptionU::Clock(clock) = &mut subscription.u else { return None };
    if clock.id != Clockid::Realtime || !clock.flags.contains(Subclockflags::SUBSCRIPTION_CLOCK_ABSTIME) {
        return None;
    }
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    clock.id = Clockid::Monotonic;
    clock.flags &= !Subclockflags::SUBSCRIPTION_CLOCK_ABSTIME;
    clock.timeout = clock.timeout.saturating_sub(u64::try_from(now.as_nanos()).unwrap_or(u64::MAX));
    Some(subscription)
}

/// The data in a program's store.
pub struct Host {
    wasi: WasiCtx,
    limits: StoreLimits,
    threads: Option<Arc<Threads>>,
}

impl Host {
    /// `memory`: the limit on its memories together, and the same again for its tables; if `None`, only the engine's
    /// limits apply.
    pub fn new(wasi: WasiCtx, memory: Option<Amount>) -> Host {
        let limits = StoreLimitsBuilder::new();
        let limits = match memory {
            Some(most) => limits.memory_size(usize::try_from(most.bytes).unwrap_or(usize::MAX)),
            None => limits,
        };
        Host { wasi, limits: limits.build(), threads: None }
    }

    /// Lets the program begin threads.
    pub fn set_threads(&mut self, threads: Arc<Threads>) {
        self.threads = Some(threads);
    }

    /// What threads begin with, if the program may have some.
    pub fn threads(&self) -> Option<&Arc<Threads>> {
        self.threads.as_ref()
    }

    /// For [`Store::limiter`](headwater::Store::limiter).
    pub fn limiter(&mut self) -> &mut dyn ResourceLimiter {
        &mut self.limits
    }
}

/// Adds all of WASI preview 1 to a linker.
pub fn link(linker: &mut Linker<Host>) -> Result<()> {
    // Not that of `wasi-common`, which rejects statuses from 126 on.
    linker.func_wrap(MODULE, "proc_exit", |status: i32| -> Result<()> { Err(Exit(status).into()) })?;
    linker.func_wrap(
        MODULE,
        "poll_oneoff",
        |mut caller: Caller<'_, Host>, subscriptions: i32, events: i32, count: i32, result: i32| -> Result<i32> {
            call(&mut caller, |context, memory| poll_oneoff(context, memory, (subscriptions, events, count, result)))
        },
    )?;
    define! { linker;
        args_get(argv: i32, buffer: i32);
        args_sizes_get(count: i32, size: i32);
        environ_get(environ: i32, buffer: i32);
        environ_sizes_get(count: i32, size: i32);
        clock_res_get(id: i32, result: i32);
        clock_time_get(id: i32, precision: i64, result: i32);
        fd_advise(fd: i32, offset: i64, length: i64, advice: i32);
        fd_allocate(fd: i32, offset: i64, length: i64);
        fd_close(fd: i32);
        fd_datasync(fd: i32);
        fd_fdstat_get(fd: i32, result: i32);
        fd_fdstat_set_flags(fd: i32, flags: i32);
        fd_fdstat_set_rights(fd: i32, base: i64, inheriting: i64);
        fd_filestat_get(fd: i32, result: i32);
        fd_filestat_set_size(fd: i32, size: i64);
        fd_filestat_set_times(fd: i32, accessed: i64, modified: i64, flags: i32);
        fd_pread(fd: i32, iovs: i32, count: i32, offset: i64, result: i32);
        fd_prestat_get(fd: i32, result: i32);
        fd_prestat_dir_name(fd: i32, path: i32, length: i32);
        fd_pwrite(fd: i32, iovs: i32, count: i32, offset: i64, result: i32);
        fd_read(fd: i32, iovs: i32, count: i32, result: i32);
        fd_readdir(fd: i32, buffer: i32, length: i32, cookie: i64, result: i32);
        fd_renumber(fd: i32, to: i32);
        fd_seek(fd: i32, offset: i64, whence: i32, result: i32);
        fd_sync(fd: i32);
        fd_tell(fd: i32, result: i32);
        fd_write(fd: i32, iovs: i32, count: i32, result: i32);
        path_create_directory(fd: i32, path: i32, length: i32);
        path_filestat_get(fd: i32, flags: i32, path: i32, length: i32, result: i32);
        path_filestat_set_times(fd: i32, flags: i32, path: i32, length: i32, accessed: i64, modified: i64, which: i32);
        path_link(from_fd: i32, flags: i32, from: i32, from_length: i32, to_fd: i32, to: i32, to_length: i32);
        path_open(
            fd: i32, lookup: i32, path: i32, length: i32, open: i32, base: i64, inheriting: i64, flags: i32, result: i32
        );
        path_readlink(fd: i32, path: i32, length: i32, buffer: i32, size: i32, result: i32);
        path_remove_directory(fd: i32, path: i32, length: i32);
        path_rename(from_fd: i32, from: i32, from_length: i32, to_fd: i32, to: i32, to_length: i32);
        path_symlink(target: i32, target_length: i32, fd: i32, path: i32, length: i32);
        path_unlink_file(fd: i32, path: i32, length: i32);
        proc_raise(signal: i32);
        sched_yield();
        random_get(buffer: i32, length: i32);
        sock_accept(fd: i32, flags: i32, result: i32);
        sock_recv(fd: i32, iovs: i32, count: i32, flags: i32, length: i32, result: i32);
        sock_send(fd: i32, iovs: i32, count: i32, flags: i32, result: i32);
        sock_shutdown(fd: i32, how: i32);
    }
    Ok(())
}
