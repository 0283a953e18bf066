//! Threads that wait at addresses of a shared memory: nobody who was woken is forgotten, nobody is counted twice, and
//! whatever ends a wait ends it; and threads that grow such a memory.
#![cfg(headwater_model)]

use headwater::{Engine, MemoryType, SharedMemory, Store, StoreLimits, StoreLimitsBuilder, Trap, WaitResult};
use headwater_model::explore;
use shuttle::rand::{Rng, thread_rng};
use shuttle::sync::Arc;
use shuttle::sync::atomic::{AtomicU32, Ordering};
use shuttle::thread::{self, JoinHandle};
use std::time::Duration;

fn memory(pages: u32, maximum: u32) -> SharedMemory {
    SharedMemory::new(&Engine::default(), MemoryType::shared(pages, maximum)).expect("there is memory")
}

/// The word at `at`, which code would access atomically: another thread may run before.
fn word(memory: &SharedMemory, at: usize) -> &std::sync::atomic::AtomicU32 {
    thread::yield_now();
    // SAFETY: the word lies in the memory, is aligned, and is only accessed atomically.
    unsafe { std::sync::atomic::AtomicU32::from_ptr(memory.data()[at].get().cast()) }
}

fn join<T>(threads: Vec<JoinHandle<T>>) -> Vec<T> {
    threads.into_iter().map(|thread| thread.join().expect("it does not panic")).collect()
}

fn time() -> Duration {
    Duration::from_nanos(thread_rng().gen_range(0..3_000_000))
}

#[test]
fn who_changes_the_value_and_notifies_wakes_all_in_every_order() {
    explore(|| {
        let memory = memory(1, 1);
        let waiters = (0..3).map(|_| {
            let memory = memory.clone();
            thread::spawn(move || memory.atomic_wait32(8, 0, None).expect("the address is right"))
        });
        let waiters: Vec<_> = waiters.collect();
        word(&memory, 8).store(1, Ordering::SeqCst);
        let woken = memory.atomic_notify(8, u32::MAX).expect("the address is right");
        let results = join(waiters);
        let ok = results.iter().filter(|&&result| result == WaitResult::Ok).count();
        assert_eq!(ok, woken as usize, "{results:?}");
        assert!(results.iter().all(|&result| result != WaitResult::TimedOut), "nobody asked for that");
        assert_eq!(memory.atomic_notify(8, u32::MAX).expect("the address is right"), 0, "nobody is left behind");
    });
}

#[test]
fn as_many_return_as_were_woken_whatever_else_may_end_a_wait() {
    explore(|| {
        let memory = memory(1, 1);
        // Some wait for a time that is up sooner or later, some at another address.
        let waiters = (0..4).map(|i| {
            let memory = memory.clone();
            thread::spawn(move || memory.atomic_wait32(8 * (i & 1), 0, Some(time())).expect("the address is right"))
        });
        let waiters: Vec<_> = waiters.collect();
        let notifiers = (0..2).map(|_| {
            let memory = memory.clone();
            thread::spawn(move || {
                let count = thread_rng().gen_range(0..3);
                (0..2).map(|at| memory.atomic_notify(8 * at, count).expect("the address is right")).sum::<u32>()
            })
        });
        let woken: u32 = join(notifiers.collect()).into_iter().sum();
        let results = join(waiters);
        assert_eq!(results.iter().filter(|&&r| r == WaitResult::Ok).count(), woken as usize, "{results:?}");
        assert!(results.iter().all(|&r| r != WaitResult::Mismatch), "{results:?}");
        for at in [0, 8] {
            assert_eq!(memory.atomic_notify(at, u32::MAX).expect("the address is right"), 0, "nobody is left behind");
        }
    });
}

#[test]
fn a_stopper_ends_every_wait_of_its_store_and_no_other() {
    explore(|| {
        let memory = memory(1, 1);
        let stopper = Store::<()>::default().wait_stopper();
        let stopped = (0..2).map(|_| {
            let (memory, stopper) = (memory.clone(), stopper.clone());
            thread::spawn(move || memory.stoppable_wait32(8, 0, None, &stopper))
        });
        let stopped: Vec<_> = stopped.collect();
        let other = {
            let memory = memory.clone();
            thread::spawn(move || memory.atomic_wait32(8, 0, None).expect("the address is right"))
        };
        stopper.stop();
        assert_eq!(join(stopped), [Err(Trap::Interrupt); 2]);
        // None of them is there any more to be woken in place of the one that is.
        while memory.atomic_notify(8, 1).expect("the address is right") == 0 {
            thread::yield_now();
        }
        assert_eq!(other.join().expect("it does not panic"), WaitResult::Ok);
        stopper.resume();
        let wait = memory.stoppable_wait32(8, 0, Some(time()), &stopper);
        assert_eq!(wait, Ok(WaitResult::TimedOut));
    });
}

#[test]
fn waits_that_are_stopped_and_woken_at_once_end_by_one_of_both() {
    explore(|| {
        let memory = memory(1, 1);
        let stopper = Store::<()>::default().wait_stopper();
        let waiters = (0..3).map(|_| {
            let (memory, stopper) = (memory.clone(), stopper.clone());
            thread::spawn(move || memory.stoppable_wait32(8, 0, None, &stopper))
        });
        let waiters: Vec<_> = waiters.collect();
        let notifier = {
            let memory = memory.clone();
            thread::spawn(move || memory.atomic_notify(8, 2).expect("the address is right") as usize)
        };
        stopper.stop();
        let results = join(waiters);
        let woken = notifier.join().expect("it does not panic");
        let count = |result| results.iter().filter(|&&r| r == result).count();
        let (ok, ended) = (count(Ok(WaitResult::Ok)), count(Err(Trap::Interrupt)));
        assert_eq!(ok + ended, 3, "{results:?}");
        // Who was woken may be ended before it goes on.
        assert!(ok <= woken && woken <= ok + ended, "{woken} were woken: {results:?}");
        assert_eq!(memory.atomic_notify(8, u32::MAX).expect("the address is right"), 0, "nobody is left behind");
    });
}

/// A lock as guests make it: 0 is free, 1 is taken, 2 is taken and perhaps waited for.
fn lock(memory: &SharedMemory) {
    let exchange = |from, to| word(memory, 0).compare_exchange(from, to, Ordering::SeqCst, Ordering::SeqCst);
    if exchange(0, 1).is_ok() {
        return;
    }
    while word(memory, 0).swap(2, Ordering::SeqCst) != 0 {
        memory.atomic_wait32(0, 2, None).expect("the address is right");
    }
}

fn unlock(memory: &SharedMemory) {
    if word(memory, 0).swap(0, Ordering::SeqCst) == 2 {
        memory.atomic_notify(0, 1).expect("the address is right");
    }
}

#[test]
fn locks_made_of_waits_exclude_and_never_hang() {
    explore(|| {
        let memory = memory(1, 1);
        let inside = Arc::new(AtomicU32::new(0));
        let threads = (0..3).map(|_| {
            let (memory, inside) = (memory.clone(), inside.clone());
            thread::spawn(move || {
                for _ in 0..2 {
                    lock(&memory);
                    assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "somebody else is inside");
                    inside.fetch_sub(1, Ordering::SeqCst);
                    unlock(&memory);
                }
            })
        });
        join(threads.collect());
        assert_eq!(word(&memory, 0).load(Ordering::SeqCst), 0);
    });
}

#[test]
fn growth_is_seen_at_once_and_no_page_is_given_twice() {
    explore(|| {
        const MAXIMUM: u32 = 6;
        let memory = memory(1, MAXIMUM);
        let growers = (0..3).map(|_| {
            let memory = memory.clone();
            thread::spawn(move || {
                let delta = thread_rng().gen_range(0..4u64);
                let grown = memory.grow(delta).ok();
                if let Some(old) = grown {
                    assert!(memory.size() >= old + delta);
                }
                // What is there can be used.
                let last = memory.data_size() - 4;
                word(&memory, last).fetch_add(1, Ordering::SeqCst);
                grown.map(|old| (old, delta))
            })
        });
        let growers: Vec<_> = growers.collect();
        let watcher = {
            let memory = memory.clone();
            thread::spawn(move || {
                let mut size = memory.size();
                for _ in 0..6 {
                    thread::yield_now();
                    let now = memory.size();
                    assert!(now >= size, "{now} pages after {size}");
                    size = now;
                }
            })
        };
        let mut grown: Vec<_> = join(growers).into_iter().flatten().filter(|&(_, delta)| delta != 0).collect();
        watcher.join().expect("it does not panic");
        grown.sort_unstable();
        // One after the other.
        let end = grown.iter().fold(1, |end, &(old, delta)| {
            assert_eq!(old, end, "{grown:?}");
            end + delta
        });
        assert_eq!(end, memory.size());
        assert!(end <= MAXIMUM.into());
    });
}

#[test]
fn stores_that_grow_a_memory_together_hold_what_each_has_grown() {
    explore(|| {
        let memory = memory(1, 8);
        let growers = (0..3).map(|_| {
            let memory = memory.clone();
            thread::spawn(move || {
                // Asked before each attempt, with the size that it would come to.
                let limits = StoreLimitsBuilder::new().memory_size(5 << 16).build();
                let mut store = Store::<StoreLimits>::new(memory.engine(), limits);
                store.limiter(|limits| limits);
                (0..2).filter(|_| memory.grow_in(&mut store, 1).is_ok()).count() as u64
            })
        });
        let grown: u64 = join(growers.collect()).into_iter().sum();
        assert_eq!((grown, memory.size()), (4, 5), "no store allows more");
    });
}
