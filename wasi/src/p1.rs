//! WASI preview 1: the functions that programs import as `wasi_snapshot_preview1`.
//!
//! They are those of the crate `wasi-common`, which are asynchronous in form, but the implementations that are used
//! here never wait without blocking, so each future is ready when it is first polled. A call that must not block fails
//! where it would have to, and is made again later ([`add_to_linker_async`]).
//!
//! Where that crate is wrong, this crate's files replace it: `dir`, `file`, `sched`, `errno`.

use crate::interrupt::{self, Call};
use crate::{I32Exit, errno};
use anyhow::{Result, anyhow};
use futures_timer::Delay;
use headwater::{Caller, Extern, Linker};
use std::cell::Cell;
use std::fmt;
use std::pin::pin;
use std::task::{Poll, Waker};
use std::time::{Duration, UNIX_EPOCH};
use wasi_common::WasiCtx;
use wasi_common::snapshots::preview_1::types::{Clockid, Subclockflags, Subscription, SubscriptionU};
use wasi_common::snapshots::preview_1::wasi_snapshot_preview1 as preview1;
use wiggle::{GuestMemory, GuestPtr};

const MODULE: &str = "wasi_snapshot_preview1";

/// What a program sees, to be kept in its store's data; made by
/// [`WasiCtxBuilder::build_p1`](crate::WasiCtxBuilder::build_p1). Clones are the same: files that one opens are open in
/// the other, as the threads of a program have it ([`threads`](crate::threads)).
#[derive(Clone)]
pub struct WasiP1Ctx(pub(crate) WasiCtx);

impl fmt::Debug for WasiP1Ctx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WasiP1Ctx").finish_non_exhaustive()
    }
}

/// The result of a future that does not wait.
fn now<F: Future>(future: F) -> Result<F::Output> {
    let mut future = pin!(future);
    match future.as_mut().poll(&mut std::task::Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => Err(anyhow!("a WASI function would have to wait")),
    }
}

/// Makes a host call for a program once, on its memory.
fn attempt<T>(
    caller: &mut Caller<'_, T>,
    get: impl Fn(&mut T) -> &mut WasiP1Ctx,
    call: Call,
    function: impl FnOnce(&mut WasiCtx, &mut GuestMemory<'_>) -> Result<Result<i32>>,
) -> Result<(Call, Result<Result<i32>>)> {
    match caller.get_export("memory") {
        Some(Extern::Memory(memory)) => {
            let (bytes, data) = memory.data_and_store_mut(&mut *caller);
            Ok(call.enter(|| function(&mut get(data).0, &mut GuestMemory::Unshared(bytes))))
        }
        Some(Extern::SharedMemory(memory)) => {
            let context = &mut get(caller.data_mut()).0;
            Ok(call.enter(|| function(context, &mut GuestMemory::Shared(memory.data()))))
        }
        _ => Err(anyhow!("a module that uses WASI must export its memory as `memory`")),
    }
}

/// Makes a host call for a program; if it is interrupted, and the store says that the program goes on, makes it again.
fn call<T>(
    caller: &mut Caller<'_, T>,
    get: impl Fn(&mut T) -> &mut WasiP1Ctx,
    waits_for_time: bool,
    function: impl Fn(&mut WasiCtx, &mut GuestMemory<'_>) -> Result<Result<i32>>,
) -> Result<i32> {
    let mut call = Call::new(caller.interruption(), waits_for_time, false);
    loop {
        let (back, outcome) = attempt(caller, &get, call, &function)?;
        call = back;
        if !call.was_interrupted() {
            return outcome?.or_else(errno::answer);
        }
        caller.interruption_point()?;
        call.again(caller.interruption());
    }
}

/// The same, leaving the thread to others while the call waits.
async fn call_async<T>(
    mut caller: Caller<'_, T>,
    get: impl Fn(&mut T) -> &mut WasiP1Ctx,
    waits_for_time: bool,
    function: impl Fn(&mut WasiCtx, &mut GuestMemory<'_>) -> Result<Result<i32>>,
) -> Result<i32> {
    let mut call = Call::new(caller.interruption(), waits_for_time, true);
    loop {
        let (back, outcome) = attempt(&mut caller, &get, call, &function)?;
        call = back;
        if !call.was_interrupted() {
            return outcome?.or_else(errno::answer);
        }
        match call.is_due() {
            true => caller.interruption_point()?,
            false => Delay::new(call.nap()).await,
        }
        call.again(caller.interruption());
    }
}

/// Defines the functions, each as a closure that passes its arguments on.
macro_rules! define {
    ($linker:ident, $get:ident; $($name:ident($($arg:ident: $ty:ty),*);)*) => {$(
        $linker.func_wrap(
            MODULE,
            stringify!($name),
            move |mut caller: Caller<'_, T>, $($arg: $ty),*| -> Result<i32> {
                call(&mut caller, $get, false, |context, memory| now(preview1::$name(context, memory, $($arg),*)))
            },
        )?;
    )*};
}

/// The same as futures.
macro_rules! define_async {
    ($linker:ident, $get:ident; $($name:ident($($arg:ident: $ty:ty),*);)*) => {$(
        $linker.func_wrap_async(
            MODULE,
            stringify!($name),
            move |caller: Caller<'_, T>, ($($arg,)*): ($($ty,)*)| Box::new(call_async(
                caller,
                $get,
                false,
                move |context, memory| now(preview1::$name(context, memory, $($arg),*)),
            )),
        )?;
    )*};
}

/// All functions but those that are special, given what defines them.
macro_rules! functions {
    ($define:ident, $linker:ident, $get:ident) => { $define! { $linker, $get;
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
    } };
}

/// Waits as `wasi-common` does, which does not support times of the real-time clock (up to 46.0.3): they are converted
/// to durations from now on. Setting the clock does not change when such a wait ends. When a call is made again, time
/// has passed since the program made it.
#[derive(Default)]
struct PollOneoff {
    /// The time of the real-time clock when the wait began.
    began: Cell<Option<Duration>>,
}

impl PollOneoff {
    fn poll(
        &self,
        context: &mut WasiCtx,
        memory: &mut GuestMemory<'_>,
        (subscriptions, events, count, result): (i32, i32, i32, i32),
    ) -> Result<Result<i32>> {
        let mut originals = Vec::new();
        let all = GuestPtr::<[Subscription]>::new((subscriptions as u32, count as u32));
        // Unreadable memory is reported by the call.
        for place in all.iter().map_while(Result::ok) {
            let Ok(original) = memory.read(place) else { break };
            if let Some(changed) = self.as_relative(context, &original) {
                memory.write(place, changed)?;
                originals.push((place, original));
            }
        }
        let outcome = now(preview1::poll_oneoff(context, memory, subscriptions, events, count, result));
        // The program's subscriptions must not change, unless it wants the events in their place, and gets some.
        let (from, to) = (u64::from(events as u32), u64::from(events as u32) + EVENT_SIZE * u64::from(count as u32));
        for (place, original) in originals {
            let start = u64::from(place.offset());
            if start >= to || start + SUBSCRIPTION_SIZE <= from || interrupt::was_interrupted() {
                memory.write(place, original)?;
            }
        }
        outcome
    }

    /// A subscription to a time that `wasi-common` would take for another one as one to a duration from now on.
    fn as_relative(&self, context: &WasiCtx, subscription: &Subscription) -> Option<Subscription> {
        let mut subscription = subscription.clone();
        let SubscriptionU::Clock(clock) = &mut subscription.u else { return None };
        let waited = interrupt::waited();
        if !clock.flags.contains(Subclockflags::SUBSCRIPTION_CLOCK_ABSTIME) {
            clock.timeout = clock.timeout.saturating_sub(nanos(waited));
            return Some(subscription);
        }
        if clock.id != Clockid::Realtime {
            return None;
        }
        let began = self.began.get().or_else(|| {
            let time = context.clocks.system().ok()?.now(Duration::ZERO).into_std();
            Some(time.duration_since(UNIX_EPOCH).unwrap_or_default())
        })?;
        self.began.set(Some(began));
        clock.id = Clockid::Monotonic;
        clock.flags &= !Subclockflags::SUBSCRIPTION_CLOCK_ABSTIME;
        clock.timeout = clock.timeout.saturating_sub(nanos(began.saturating_add(waited)));
        Some(subscription)
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Bytes of a `subscription` and of an `event` in memory.
const SUBSCRIPTION_SIZE: u64 = 48;
const EVENT_SIZE: u64 = 32;

/// Defines all of WASI preview 1 in a linker, for programs whose store's data `get` finds a [`WasiP1Ctx`] in. A call
/// that waits blocks its thread.
///
/// ```
/// use headwater::{Engine, Linker};
/// use headwater_wasi::p1::{self, WasiP1Ctx};
/// struct Host { wasi: WasiP1Ctx, calls: u32 }
/// let mut linker = Linker::new(&Engine::default());
/// p1::add_to_linker_sync(&mut linker, |host: &mut Host| &mut host.wasi)?;
/// # Ok::<(), headwater::Error>(())
/// ```
///
/// # Errors
/// If one of the names is defined already, or the engine's budget for machine code is exhausted.
pub fn add_to_linker_sync<T: 'static>(
    linker: &mut Linker<T>,
    get: impl Fn(&mut T) -> &mut WasiP1Ctx + Copy + Send + Sync + 'static,
) -> Result<()> {
    define_exit(linker)?;
    linker.func_wrap(
        MODULE,
        "poll_oneoff",
        move |mut caller: Caller<'_, T>, subscriptions: i32, events: i32, count: i32, result: i32| -> Result<i32> {
            let poll = PollOneoff::default();
            call(&mut caller, get, true, |context, memory| {
                poll.poll(context, memory, (subscriptions, events, count, result))
            })
        },
    )?;
    functions!(define, linker, get);
    Ok(())
}

/// Defines all of WASI preview 1 in a linker, for programs that are called by
/// [`TypedFunc::call_async`](headwater::TypedFunc::call_async) and its like. A call that waits for time to pass, for
/// input or for a reader leaves its thread to others, and looks every few milliseconds whether it can go on. Reading
/// and writing files on disks blocks the thread, as it does in the system.
///
/// ```
/// use headwater::{Engine, Linker, Module, Store};
/// use headwater_wasi::{WasiCtxBuilder, p1};
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let engine = Engine::default();
/// let mut linker = Linker::new(&engine);
/// p1::add_to_linker_async(&mut linker, |ctx| ctx)?;
/// # let module = Module::new(&engine, wat::parse_str(r#"(module
/// #     (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
/// #     (memory (export "memory") 1) (func (export "_start") (drop (call $yield))))"#)?)?;
/// let mut store = Store::new(&engine, WasiCtxBuilder::new().inherit_stdio().build_p1());
/// let instance = linker.instantiate_async(&mut store, &module).await?;
/// instance.get_typed_func::<(), ()>(&mut store, "_start")?.call_async(&mut store, ()).await?;
/// # Ok::<(), headwater::Error>(())
/// # })?;
/// # Ok::<(), headwater::Error>(())
/// ```
///
/// # Errors
/// As [`add_to_linker_sync`].
pub fn add_to_linker_async<T: Send + 'static>(
    linker: &mut Linker<T>,
    get: impl Fn(&mut T) -> &mut WasiP1Ctx + Copy + Send + Sync + 'static,
) -> Result<()> {
    define_exit(linker)?;
    linker.func_wrap_async(
        MODULE,
        "poll_oneoff",
        move |caller: Caller<'_, T>, (subscriptions, events, count, result): (i32, i32, i32, i32)| {
            let poll = PollOneoff::default();
            Box::new(call_async(caller, get, true, move |context, memory| {
                poll.poll(context, memory, (subscriptions, events, count, result))
            }))
        },
    )?;
    functions!(define_async, linker, get);
    Ok(())
}

/// Not that of `wasi-common`, which rejects statuses from 126 on.
fn define_exit<T: 'static>(linker: &mut Linker<T>) -> Result<()> {
    linker.func_wrap(MODULE, "proc_exit", |status: i32| -> Result<()> { Err(I32Exit(status).into()) })?;
    Ok(())
}
