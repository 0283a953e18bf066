//! The map that perf looks for: `/tmp/perf-PID.map`, a line `START SIZE NAME` for each function, numbers in hexadecimal.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};

pub(crate) struct PerfMap(BufWriter<File>);

impl PerfMap {
    /// Begins the file, or adds to what another engine of the process has written.
    pub fn new() -> io::Result<PerfMap> {
        let path = format!("/tmp/perf-{}.map", std::process::id());
        Ok(PerfMap(BufWriter::new(OpenOptions::new().create(true).append(true).open(path)?)))
    }

    pub fn add(&mut self, at: usize, len: usize, name: &str) -> io::Result<()> {
        writeln!(self.0, "{at:x} {len:x} {name}")
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
