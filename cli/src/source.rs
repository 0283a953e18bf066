//! Where a module's bytes come from: a file, an `http://` address or standard input, as one byte stream that
//! gives what has arrived and does not wait for more.

use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::{self, Read};
use std::time::{Duration, Instant};

/// A module on its way.
pub struct Source {
    /// How messages call it.
    pub name: String,
    /// Its size in bytes, where that is known in advance.
    pub size: Option<u64>,
    /// Whether bytes take time to arrive; false for files.
    pub slow: bool,
    reader: Box<dyn Read + Send>,
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl Source {
    /// Opens a file, an `http://` address or (for `-`) standard input.
    pub fn open(place: &str) -> Result<Source> {
        match place {
            "-" => Ok(Source { name: "standard input".into(), size: None, slow: true, reader: Box::new(io::stdin()) }),
            _ if place.starts_with("http://") => Source::fetch(place),
            _ if place.starts_with("https://") => {
                bail!("{place}: only http:// is understood; download it with another tool and pipe it into `-`")
            }
            _ => Source::file(place),
        }
    }

    fn file(path: &str) -> Result<Source> {
        let file = File::open(path).with_context(|| path.to_string())?;
        let metadata = file.metadata().with_context(|| path.to_string())?;
        if metadata.is_dir() {
            bail!("{path}: is a directory; name a .wasm file in it");
        }
        // A pipe or device has no size.
        let size = metadata.is_file().then_some(metadata.len());
        Ok(Source { name: path.into(), size, slow: size.is_none(), reader: Box::new(file) })
    }

    fn fetch(url: &str) -> Result<Source> {
        let response = ureq::get(url).call().with_context(|| url.to_string())?;
        let body = response.into_body();
        let size = body.content_length();
        Ok(Source { name: url.into(), size, slow: true, reader: Box::new(body.into_reader()) })
    }

    /// Limits the rate.
    pub fn throttled(self, bytes_per_second: u64) -> Source {
        let Source { name, size, reader, .. } = self;
        Source { name, size, slow: true, reader: Box::new(Throttled::new(reader, bytes_per_second)) }
    }

    /// What the program should see as its own name.
    pub fn program_name(place: &str) -> String {
        let path = place.split(['?', '#']).next().unwrap_or(place);
        let last = path.rsplit('/').next().filter(|name| !name.is_empty());
        last.unwrap_or(place).to_string()
    }
}

/// Gives no more bytes than a rate allows, in small steps, as a network would.
pub struct Throttled<R> {
    inner: R,
    bytes_per_second: u64,
    given: u64,
    started: Option<Instant>,
}

impl<R> Throttled<R> {
    /// Starts counting with the first read.
    pub fn new(inner: R, bytes_per_second: u64) -> Throttled<R> {
        Throttled { inner, bytes_per_second, given: 0, started: None }
    }
}

impl<R: Read> Read for Throttled<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        /// A step is what arrives in this time, so that waiting is smooth and not too frequent.
        const STEP: Duration = Duration::from_millis(10);
        let step = (self.bytes_per_second as f64 * STEP.as_secs_f64()).max(1.0) as usize;
        let started = *self.started.get_or_insert_with(Instant::now);
        let length = buffer.len().min(step);
        let due = Duration::from_secs_f64((self.given + length as u64) as f64 / self.bytes_per_second as f64);
        std::thread::sleep(due.saturating_sub(started.elapsed()));
        let n = self.inner.read(&mut buffer[..length])?;
        self.given += n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_throttled_source_keeps_its_rate_and_loses_nothing() {
        let data: Vec<u8> = (0..5000u32).map(|i| i as u8).collect();
        let started = Instant::now();
        let mut read = Vec::new();
        Throttled::new(&data[..], 50_000).read_to_end(&mut read).expect("memory does not fail");
        assert_eq!(read, data);
        assert!(started.elapsed() >= Duration::from_millis(95), "{:?}", started.elapsed());
    }

    #[test]
    fn programs_are_called_by_the_last_part_of_the_place() {
        assert_eq!(Source::program_name("a/b/ruby.wasm"), "ruby.wasm");
        assert_eq!(Source::program_name("http://host/x/p.wasm?v=1"), "p.wasm");
        assert_eq!(Source::program_name("-"), "-");
    }
}
