//! Previously installed signal handlers are still called for faults that are not ours. Each case runs in a separate
//! process: this binary, started again with the case's name in the environment.

mod api_common;

use headwater::{Caller, Trap};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

const CASE: &str = "HEADWATER_SIGNAL_CASE";

/// Runs the test `name` again as a child, in which `case` is done.
fn child(name: &str) -> (ExitStatus, String) {
    let output = api_common::emulator::this_binary()
        .args(["--exact", name, "--nocapture", "--test-threads=1"])
        .env(CASE, name)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status, String::from_utf8_lossy(&text).into_owned())
}

fn is_child() -> bool {
    let child = std::env::var_os(CASE).is_some();
    if child {
        // A fault that is not handled would repeat forever.
        // SAFETY: only sets a timer.
        unsafe { libc::alarm(60) };
    }
    child
}

extern "C" fn with_info(signal: libc::c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: the kernel passes a valid structure; `_exit` may be called in a handler.
    unsafe {
        let expected = signal == libc::SIGSEGV && (*info).si_addr() as usize == 8;
        libc::_exit(if expected { 42 } else { 43 });
    }
}

extern "C" fn plain(signal: libc::c_int) {
    // SAFETY: `_exit` may be called in a handler.
    unsafe { libc::_exit(if signal == libc::SIGSEGV { 44 } else { 45 }) }
}

fn install(handler: usize, flags: libc::c_int) {
    // SAFETY: the handlers above have the signatures that the flags promise.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler;
        action.sa_flags = flags;
        assert_eq!(libc::sigaction(libc::SIGSEGV, &action, std::ptr::null_mut()), 0);
    }
}

/// A trap by a fault, which must be ours.
fn trap_once() {
    let (mut store, instance) = api_common::instance(
        (),
        r#"(module (memory 1) (func (export "f") (drop (i32.load (i32.const 70000)))))"#,
        |_| {},
    );
    let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
    let error = f.call(&mut store, ()).unwrap_err();
    assert_eq!(api_common::trap(&error), Trap::MemoryOutOfBounds);
}

fn fault() {
    // SAFETY: none: this is a fault on purpose, at an address that is never mapped.
    unsafe { std::ptr::read_volatile(std::hint::black_box(8 as *const u8)) };
}

/// A fault in a host function: inside an activation, but not in compiled code.
fn fault_in_host() {
    let (mut store, instance) = api_common::instance(
        (),
        r#"(module (import "" "" (func $f)) (memory 1) (func (export "f") (call $f)))"#,
        |linker| {
            linker.func_wrap("", "", |_: Caller<'_, ()>| fault()).unwrap();
        },
    );
    let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
    let _ = f.call(&mut store, ());
}

#[test]
fn a_previous_sigaction_handler_gets_foreign_faults() {
    if is_child() {
        install(with_info as *const () as usize, libc::SA_SIGINFO | libc::SA_ONSTACK);
        trap_once();
        fault();
        unreachable!("the handler ends the process");
    }
    let (status, output) = child("a_previous_sigaction_handler_gets_foreign_faults");
    assert_eq!(status.code(), Some(42), "{output}");
}

#[test]
fn a_previous_plain_handler_gets_foreign_faults_in_host_functions() {
    if is_child() {
        install(plain as *const () as usize, libc::SA_ONSTACK);
        trap_once();
        fault_in_host();
        unreachable!("the handler ends the process");
    }
    let (status, output) = child("a_previous_plain_handler_gets_foreign_faults_in_host_functions");
    assert_eq!(status.code(), Some(44), "{output}");
}

#[test]
fn the_default_action_ends_the_process_with_the_signal() {
    if is_child() {
        install(libc::SIG_DFL, 0);
        trap_once();
        fault_in_host();
        unreachable!("the fault ends the process");
    }
    let (status, output) = child("the_default_action_ends_the_process_with_the_signal");
    assert_eq!(status.signal(), Some(libc::SIGSEGV), "{output}");
}

#[test]
fn an_ignored_fault_ends_the_process_as_the_kernel_does_it() {
    if is_child() {
        install(libc::SIG_IGN, 0);
        trap_once();
        // Sent by a process it is really ignored, and traps go on being ours.
        // SAFETY: sends a signal to this thread, which ignores it.
        unsafe { libc::raise(libc::SIGSEGV) };
        trap_once();
        fault();
        unreachable!("the fault ends the process");
    }
    let (status, output) = child("an_ignored_fault_ends_the_process_as_the_kernel_does_it");
    assert_eq!(status.signal(), Some(libc::SIGSEGV), "{output}");
}

#[test]
fn an_overflow_of_the_hosts_own_stack_is_reported_as_ever() {
    if is_child() {
        fn deep(n: u64) -> u64 {
            let padding = std::hint::black_box([n; 64]);
            if n == u64::MAX { 0 } else { deep(n + 1) + padding[(n % 64) as usize] }
        }
        trap_once();
        let (mut store, instance) =
            api_common::instance((), r#"(module (import "" "" (func $f)) (func (export "f") (call $f)))"#, |linker| {
                linker.func_wrap("", "", || assert_ne!(deep(0), 1)).unwrap();
            });
        let f = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
        let _ = f.call(&mut store, ());
    }
    let (status, output) = child("an_overflow_of_the_hosts_own_stack_is_reported_as_ever");
    assert_eq!(status.signal(), Some(libc::SIGABRT), "{output}");
    assert!(output.contains("has overflowed its stack"), "{output}");
}

#[test]
fn a_sent_signal_has_its_default_effect() {
    if is_child() {
        install(libc::SIG_DFL, 0);
        trap_once();
        // SAFETY: sends a signal to this thread.
        unsafe { libc::raise(libc::SIGSEGV) };
        unreachable!("the signal ends the process");
    }
    let (status, output) = child("a_sent_signal_has_its_default_effect");
    assert_eq!(status.signal(), Some(libc::SIGSEGV), "{output}");
}
