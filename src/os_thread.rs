//! Threads of the system, for which a process that has no mappings left gets an error.
//!
//! A thread of the standard library maps a stack for signals when it begins to run, and ends the process where that
//! fails; nobody can know beforehand that it will not, since other threads map, too. These threads have none: where
//! they run WebAssembly, the engine sets one up and reports what fails.

use std::borrow::Cow;
use std::ffi::{CStr, CString};
use std::io;
use std::mem::MaybeUninit;

/// What the standard library gives a thread, too.
const STACK: usize = 2 << 20;

/// A thread that was started. Dropping it lets the thread go on by itself.
pub(crate) struct JoinHandle(libc::pthread_t);

impl JoinHandle {
    /// Waits until the thread has ended, be it by a panic.
    pub fn join(self) {
        // SAFETY: the thread was neither joined nor detached.
        unsafe { libc::pthread_join(self.0, std::ptr::null_mut()) };
        std::mem::forget(self);
    }

    /// Whether the thread is the one that asks.
    pub fn is_current(&self) -> bool {
        // SAFETY: the thread was not joined, so that no other has its name.
        unsafe { libc::pthread_equal(self.0, libc::pthread_self()) != 0 }
    }
}

impl Drop for JoinHandle {
    fn drop(&mut self) {
        // SAFETY: the thread was neither joined nor detached.
        unsafe { libc::pthread_detach(self.0) };
    }
}

/// The attributes of a thread that is to be.
struct Attributes(libc::pthread_attr_t);

impl Attributes {
    /// Attributes of a stack of at least `stack` bytes.
    fn new(stack: usize) -> io::Result<Attributes> {
        let mut attributes = MaybeUninit::uninit();
        // SAFETY: the attributes are initialised here.
        check(unsafe { libc::pthread_attr_init(attributes.as_mut_ptr()) })?;
        // SAFETY: they were.
        let mut attributes = Attributes(unsafe { attributes.assume_init() });
        let stack = stack.max(libc::PTHREAD_STACK_MIN).next_multiple_of(crate::os::host_page());
        // SAFETY: as above.
        check(unsafe { libc::pthread_attr_setstacksize(&mut attributes.0, stack) })?;
        Ok(attributes)
    }
}

impl Drop for Attributes {
    fn drop(&mut self) {
        // SAFETY: they were initialised.
        unsafe { libc::pthread_attr_destroy(&mut self.0) };
    }
}

fn check(result: libc::c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(result)) }
}

/// Starts a thread that runs `body`. A panic ends the thread only. Of its name the system keeps 15 bytes.
pub(crate) fn spawn(name: &'static CStr, body: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle> {
    start(Cow::Borrowed(name), STACK, Box::new(body))
}

/// The same without waiting for it, for the other crates: `name` has no zero bytes, `stack` is in bytes.
#[doc(hidden)]
pub fn spawn_detached(name: String, stack: usize, body: impl FnOnce() + Send + 'static) -> io::Result<()> {
    start(Cow::Owned(CString::new(name)?), stack, Box::new(body)).map(drop)
}

/// What a thread begins with: its name, and what it runs.
type Start = (Cow<'static, CStr>, Box<dyn FnOnce() + Send>);

fn start(name: Cow<'static, CStr>, stack: usize, body: Box<dyn FnOnce() + Send>) -> io::Result<JoinHandle> {
    extern "C" fn run(start: *mut libc::c_void) -> *mut libc::c_void {
        // SAFETY: made below for this thread alone.
        let (name, body) = *unsafe { Box::from_raw(start.cast::<Start>()) };
        set_name(&name);
        drop(name);
        // The panic was reported when it began.
        if let Err(payload) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)) {
            std::mem::forget(payload);
        }
        std::ptr::null_mut()
    }
    let attributes = Attributes::new(stack)?;
    let start: *mut Start = Box::into_raw(Box::new((name, body)));
    let mut thread = MaybeUninit::uninit();
    // SAFETY: the attributes are initialised, and `run` takes what it is given.
    let created = check(unsafe { libc::pthread_create(thread.as_mut_ptr(), &attributes.0, run, start.cast()) });
    match created {
        // SAFETY: written by `pthread_create`.
        Ok(()) => Ok(JoinHandle(unsafe { thread.assume_init() })),
        Err(e) => {
            // SAFETY: no thread has it.
            drop(unsafe { Box::from_raw(start) });
            Err(e)
        }
    }
}

/// Names the thread that runs, for debuggers and `top`.
fn set_name(name: &CStr) {
    let mut short = [0u8; 16];
    let length = name.count_bytes().min(15);
    short[..length].copy_from_slice(&name.to_bytes()[..length]);
    // SAFETY: the name is terminated, and as long as names may be.
    unsafe { libc::pthread_setname_np(libc::pthread_self(), short.as_ptr().cast()) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_thread_runs_its_body_under_its_name() {
        let (send, receive) = mpsc::channel();
        let thread = spawn(c"a-name-that-is-too-long", move || {
            send.send(std::fs::read_to_string("/proc/thread-self/comm").unwrap()).unwrap();
        })
        .unwrap();
        assert_eq!(receive.recv().unwrap(), "a-name-that-is-\n");
        assert!(!thread.is_current());
        thread.join();
    }

    #[test]
    fn a_panic_ends_its_thread_only_and_drops_what_it_had() {
        let (send, receive) = mpsc::channel::<()>();
        let thread = spawn(c"panics", move || {
            let _send = send;
            std::panic::resume_unwind(Box::new("on purpose"));
        })
        .unwrap();
        thread.join();
        assert_eq!(receive.try_recv(), Err(mpsc::TryRecvError::Disconnected));
    }

    #[test]
    fn what_cannot_be_started_is_an_error_and_drops_its_body() {
        let (send, receive) = mpsc::channel::<()>();
        spawn_detached("none".into(), 1 << 60, move || drop(send)).unwrap_err();
        assert_eq!(receive.try_recv(), Err(mpsc::TryRecvError::Disconnected));
        assert!(spawn_detached("a\0b".into(), 0, || ()).is_err());
    }
}
