//! The dump that `perf inject --jit` reads: a header, and a record with name and machine code for each function. The
//! format is that of the kernel's `tools/perf/Documentation/jitdump-specification.txt`.

use memmap2::{Mmap, MmapOptions};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};

pub(crate) struct JitDump {
    file: BufWriter<File>,
    functions: u64,
    /// perf finds the file because a page of it was mapped as executable.
    _marker: Mmap,
}

const MAGIC: u32 = 0x4a69_5444;
const VERSION: u32 = 1;
const HEADER: u32 = 40;
/// The record of a function, without its name and code.
const RECORD: usize = 56;
const CODE_LOAD: u32 = 0;

/// The instruction set, as ELF numbers it.
const MACHINE: u32 = if cfg!(target_arch = "x86_64") { 62 } else { 183 };

/// The time by the clock that `perf record -k mono` uses, in nanoseconds.
fn now() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the system writes to what is ours.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_ne_bytes()).collect()
}

impl JitDump {
    /// Begins the file in the current directory.
    pub fn new() -> io::Result<JitDump> {
        let path = format!("jit-{}.dump", std::process::id());
        let file = OpenOptions::new().create(true).truncate(true).read(true).write(true).open(path)?;
        // SAFETY: nobody looks at what is mapped.
        let marker = unsafe { MmapOptions::new().len(1).map_exec(&file)? };
        let mut file = BufWriter::new(file);
        file.write_all(&words(&[MAGIC, VERSION, HEADER, MACHINE, 0, std::process::id()]))?;
        file.write_all(&now().to_ne_bytes())?;
        file.write_all(&0u64.to_ne_bytes())?;
        file.flush()?;
        Ok(JitDump { file, functions: 0, _marker: marker })
    }

    pub fn add(&mut self, at: usize, code: &[u8], name: &str) -> io::Result<()> {
        let size = RECORD + name.len() + 1 + code.len();
        // SAFETY: asks for a number.
        let thread = unsafe { libc::gettid() } as u32;
        self.file.write_all(&words(&[CODE_LOAD, size as u32]))?;
        self.file.write_all(&now().to_ne_bytes())?;
        self.file.write_all(&words(&[std::process::id(), thread]))?;
        for number in [at as u64, at as u64, code.len() as u64, self.functions] {
            self.file.write_all(&number.to_ne_bytes())?;
        }
        self.functions += 1;
        self.file.write_all(name.as_bytes())?;
        self.file.write_all(&[0])?;
        self.file.write_all(code)
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
