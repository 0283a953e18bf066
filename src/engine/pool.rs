//! The threads that compile, and what they need for it, kept from module to module.
//!
//! Work is queued as handles of streams, one for each waiting batch: which batch a thread gets is up to the stream.
//! Streams do not depend on the pool: where its threads are busy, or could not be started, the pushing thread does the
//! work. A stream whose pushing thread is one of these, because its reader must not block, may drop the last handle of
//! the engine here.
//!
//! What a stream of a large module leaves behind is dropped by these threads, too.

use crate::stream::BodyCompiler;
use crate::sync::{self, Arc, Condvar, JoinHandle, Mutex, MutexGuard, PoisonError, thread};
use headwater_codegen::Target;
use std::collections::VecDeque;

/// Something that has batches to compile.
pub(crate) trait Work: Send + Sync {
    /// Compiles a batch, if there is one. Does not panic.
    fn run_one(&self, compiler: &mut BodyCompiler) -> bool;
}

/// Something to be dropped, with the handle.
struct Rest<T> {
    _rest: Mutex<T>,
}

impl<T: Send> Work for Rest<T> {
    fn run_one(&self, _: &mut BodyCompiler) -> bool {
        true
    }
}

#[derive(Default)]
struct State {
    queue: VecDeque<Arc<dyn Work>>,
    stop: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

pub(crate) struct Pool {
    target: Target,
    map_operators: bool,
    size: usize,
    threads: Mutex<Threads>,
}

/// The threads that were started, what they share, and by which process: a forked child has none.
#[derive(Default)]
struct Threads {
    handles: Vec<JoinHandle>,
    shared: Arc<Shared>,
    /// 0 before there were any.
    process: u32,
}

impl Threads {
    /// Threads of this process. Those of a parent process are forgotten, since waiting for them would never end, and so
    /// is what they share, whose lock one of them may have held when the process was forked.
    fn here(&mut self) -> &mut Threads {
        let process = std::process::id();
        if self.process != process {
            if self.process != 0 {
                self.handles.drain(..).for_each(std::mem::forget);
                std::mem::forget(std::mem::take(&mut self.shared));
            }
            self.process = process;
        }
        self
    }

    /// Starts those that are not running yet, `size` in all.
    fn start(&mut self, pool: &Pool) {
        while self.handles.len() < pool.size {
            let shared = self.shared.clone();
            let mut compiler = BodyCompiler::new(pool.target, pool.map_operators);
            match sync::spawn(c"headwater-compile", move || shared.run(&mut compiler)) {
                Ok(thread) => self.handles.push(thread),
                // The pushing threads do the compiling then.
                Err(_) => break,
            }
        }
    }
}

impl Pool {
    /// A pool of `size` threads, none of which is started yet.
    pub fn new(size: usize, target: Target, map_operators: bool) -> Pool {
        Pool { target, map_operators, size, threads: Mutex::default() }
    }

    pub fn size(&self) -> usize {
        self.size
    }

    fn lock(&self) -> MutexGuard<'_, Threads> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the threads that are not running yet. Returns whether there are any threads.
    pub fn start(&self) -> bool {
        let mut threads = self.lock();
        let threads = threads.here();
        threads.start(self);
        !threads.handles.is_empty()
    }

    /// Announces one more batch.
    pub fn submit(&self, work: Arc<dyn Work>) {
        let mut threads = self.lock();
        let threads = threads.here();
        threads.start(self);
        threads.shared.state().queue.push_back(work);
        threads.shared.wake.notify_one();
    }

    /// Drops what a stream leaves behind, on one of the threads if there are any: that may take milliseconds, which
    /// nobody is to wait for.
    pub fn dispose(&self, rest: impl Send + 'static) {
        if self.start() {
            self.submit(Arc::new(Rest { _rest: Mutex::new(rest) }));
        }
    }

    /// Drops the handles of a stream that is over.
    pub fn forget(&self, work: &Arc<dyn Work>) {
        self.lock().here().shared.state().queue.retain(|w| !Arc::ptr_eq(w, work));
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, compiler: &mut BodyCompiler) {
        let mut state = self.state();
        while !state.stop {
            match state.queue.pop_front() {
                Some(work) => {
                    drop(state);
                    work.run_one(compiler);
                    drop(work);
                    state = self.state();
                }
                None => state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let threads = self.threads.get_mut().unwrap_or_else(PoisonError::into_inner).here();
        let queue = {
            let mut state = threads.shared.state();
            state.stop = true;
            std::mem::take(&mut state.queue)
        };
        threads.shared.wake.notify_all();
        drop(queue);
        for thread in threads.handles.drain(..) {
            // The thread that runs this cannot wait for itself; it ends when it gets back to the queue.
            if !thread.is_current() {
                thread.join();
            }
        }
    }
}

/// What compiling on the pushing thread needs: a compiler, and memory for the code of small modules.
pub(crate) struct Scratch {
    compiler: Option<BodyCompiler>,
    pub code: Vec<u8>,
}

impl Scratch {
    pub fn compiler(&mut self) -> &mut BodyCompiler {
        self.parts().0
    }

    /// The compiler and the memory.
    pub fn parts(&mut self) -> (&mut BodyCompiler, &mut Vec<u8>) {
        (self.compiler.as_mut().expect("only given back when its user is dropped"), &mut self.code)
    }
}

/// How many scratches an engine keeps, how large one is at first, and up to which size it is kept.
const KEEP: usize = 8;
const FIRST: usize = 256 << 10;
const KEEP_BYTES: usize = 1 << 20;

/// The scratches that are not in use.
#[derive(Default)]
pub(crate) struct Scratches(Mutex<Vec<Scratch>>);

impl Scratches {
    pub fn take(&self, target: Target, map_operators: bool) -> Scratch {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        kept.unwrap_or_else(|| Scratch {
            compiler: Some(BodyCompiler::new(target, map_operators)),
            code: vec![0; FIRST],
        })
    }

    /// Takes a scratch back and leaves an empty one. One that a panic may have left inconsistent is not kept.
    pub fn put(&self, scratch: &mut Scratch) {
        let scratch = Scratch { compiler: scratch.compiler.take(), code: std::mem::take(&mut scratch.code) };
        if scratch.compiler.is_none() || scratch.code.len() > KEEP_BYTES || thread::panicking() {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEEP {
            kept.push(scratch);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::thread::ThreadId;

    /// Tells which thread drops it.
    struct Dropped(mpsc::Sender<ThreadId>);

    impl Drop for Dropped {
        fn drop(&mut self) {
            let _ = self.0.send(std::thread::current().id());
        }
    }

    #[test]
    fn what_is_left_behind_is_dropped_by_a_thread_of_the_pool_or_at_once() {
        let own = std::thread::current().id();
        let target = Target::host().expect("it is implemented here");
        for size in [0, 1] {
            let pool = Pool::new(size, target, false);
            let (sender, dropped) = mpsc::channel();
            pool.dispose(Dropped(sender));
            assert_eq!(dropped.recv().expect("it is dropped") == own, size == 0);
        }
    }
}
