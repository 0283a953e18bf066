//! Where a module's bytes come from: a file, an address of a server or standard input, as one byte stream that returns
//! what has arrived without waiting for more.

use crate::sniff;
#[cfg(feature = "https")]
use crate::tls;
use anyhow::{Context, Result, bail};
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use headwater::{Limits, MappedFile, printable};
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::time::{Duration, Instant};
use ureq::Agent;

/// A module that is arriving.
pub struct Source {
    /// Its name in messages, safe for a terminal.
    pub name: String,
    /// Its size in bytes, where that is known in advance.
    pub size: Option<u64>,
    reader: Box<dyn Read + Send>,
    /// What was read ahead to recognise it, and how much of that was passed on.
    start: Vec<u8>,
    given: usize,
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.start.len() {
            return self.reader.read(buffer);
        }
        let n = (&self.start[self.given..]).read(buffer)?;
        self.given += n;
        Ok(n)
    }
}

impl Source {
    fn new(name: impl Into<String>, size: Option<u64>, reader: impl Read + Send + 'static) -> Source {
        Source { name: name.into(), size, reader: Box::new(reader), start: Vec::new(), given: 0 }
    }

    /// Opens a file, an `http://` or `https://` address or (for `-`) standard input.
    pub fn open(place: &str) -> Result<Source> {
        if place == "-" {
            return Ok(Source::new("standard input", None, io::stdin()));
        }
        match scheme(place).as_deref() {
            None => Source::file(place),
            Some("http") => Source::fetch(place),
            #[cfg(feature = "https")]
            Some("https") => Source::fetch(place),
            Some(other) => bail!(
                "{}: `{other}://` is not supported, only {SCHEMES}; download it with another tool and pipe it into `-`",
                printable::name(place)
            ),
        }
    }

    fn file(path: &str) -> Result<Source> {
        let name = || printable::name(path).to_string();
        let file = File::open(path).with_context(name)?;
        let metadata = file.metadata().with_context(name)?;
        if metadata.is_dir() {
            bail!("{}: is a directory; name a .wasm file in it", name());
        }
        let file = MappedFile::new(file).with_context(name)?;
        // So that times measure compilation. Anything longer is refused.
        file.prefetch(Limits::default().module_size);
        // A pipe or device has no size.
        let size = metadata.is_file().then_some(metadata.len());
        Ok(Source::new(name(), size, file))
    }

    fn fetch(url: &str) -> Result<Source> {
        let name = printable::name(url).to_string();
        let request = agent().get(url).header("Accept-Encoding", ENCODINGS);
        let response = request.call().map_err(explain).with_context(|| name.clone())?;
        let encodings: Vec<String> = response
            .headers()
            .get_all("Content-Encoding")
            .iter()
            .flat_map(|value| String::from_utf8_lossy(value.as_bytes()).split(',').map(coding).collect::<Vec<_>>())
            .filter(|encoding| !encoding.is_empty() && encoding != "identity")
            .collect();
        let body = response.into_body();
        let size = body.content_length();
        let mut reader: Box<dyn Read + Send> =
            Box::new(Download { inner: body.into_reader(), expected: size, received: 0 });
        // The last was applied last.
        for encoding in encodings.iter().rev() {
            reader = decoded(reader, encoding).with_context(|| name.clone())?;
        }
        let size = size.filter(|_| encodings.is_empty());
        Ok(Source::new(name, size, reader))
    }

    /// Limits the rate.
    pub fn throttled(self, bytes_per_second: u64) -> Source {
        Source { reader: Box::new(Throttled::new(self.reader, bytes_per_second)), ..self }
    }

    /// Its first bytes, or all of it if it is short. Waits for as many bytes as distinguish a module from something
    /// else.
    pub fn start(&mut self) -> io::Result<&[u8]> {
        const ENOUGH: usize = 8;
        let mut buffer = [0; sniff::START];
        while self.start.len() < ENOUGH {
            match self.reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => self.start.extend_from_slice(&buffer[..n]),
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(&self.start)
    }

    /// What the program sees as its own name.
    pub fn program_name(place: &str) -> String {
        let path = place.split(['?', '#']).next().unwrap_or(place);
        let last = path.rsplit('/').next().filter(|name| !name.is_empty());
        last.unwrap_or(place).to_string()
    }
}

#[cfg(feature = "https")]
const SCHEMES: &str = "http:// and https:// are";
#[cfg(not(feature = "https"))]
const SCHEMES: &str = "http:// is";

/// What requests are made with. Redirects may lead from one scheme to the other.
fn agent() -> Agent {
    let config = Agent::config_builder();
    #[cfg(feature = "https")]
    let config = config.tls_config(tls::config());
    config.build().into()
}

fn explain(error: ureq::Error) -> anyhow::Error {
    #[cfg(feature = "https")]
    return tls::explain(error);
    #[cfg(not(feature = "https"))]
    error.into()
}

/// The scheme of an address: what is before `://`, in lower case.
fn scheme(place: &str) -> Option<String> {
    let (scheme, _) = place.split_once("://")?;
    let rest = scheme.strip_prefix(|c: char| c.is_ascii_alphabetic())?;
    let is_scheme = rest.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    is_scheme.then(|| scheme.to_ascii_lowercase())
}

/// The content codings that can be decoded (RFC 9110, section 8.4.1).
const ENCODINGS: &str = "gzip, deflate, br";

fn coding(name: &str) -> String {
    name.trim().to_ascii_lowercase()
}

/// Decodes one content coding, returning bytes as soon as they are available.
fn decoded(reader: Box<dyn Read + Send>, encoding: &str) -> Result<Box<dyn Read + Send>> {
    const BUFFER: usize = 16 << 10;
    let mut reader = BufReader::with_capacity(BUFFER, reader);
    Ok(match encoding {
        "gzip" | "x-gzip" => Box::new(MultiGzDecoder::new(reader)),
        // Has a zlib header according to the RFC; some servers omit it, as the first byte shows.
        "deflate" => match reader.fill_buf()?.first() {
            Some(first) if first & 0x0f != 8 => Box::new(DeflateDecoder::new(reader)),
            _ => Box::new(ZlibDecoder::new(reader)),
        },
        "br" => Box::new(brotli::Decompressor::new(reader, BUFFER)),
        other => bail!("the server encodes it as `{}`, which was not requested ({ENCODINGS})", printable::name(other)),
    })
}

/// A body that is arriving, which reports when it is incomplete.
struct Download<R> {
    inner: R,
    expected: Option<u64>,
    received: u64,
}

impl<R: Read> Read for Download<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let broken = |kind, why: &str| {
            let of = self.expected.map(|expected| format!(" of {expected}")).unwrap_or_default();
            io::Error::new(kind, format!("the download broke off after {}{of} bytes{why}", self.received))
        };
        match self.inner.read(buffer) {
            Ok(0) if !buffer.is_empty() && self.expected.is_some_and(|expected| self.received < expected) => {
                Err(broken(ErrorKind::UnexpectedEof, ""))
            }
            Ok(n) => {
                self.received += n as u64;
                Ok(n)
            }
            Err(e) if e.kind() == ErrorKind::Interrupted => Err(e),
            Err(e) => Err(broken(e.kind(), &format!(" ({e})"))),
        }
    }
}

/// Returns no more bytes than a rate allows, in small steps, as a network would.
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
        /// A step is what arrives in this time, so that waits are short but not too frequent.
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
    fn what_was_read_to_see_the_start_is_not_lost() {
        for room in [1, 3, 8, 1000] {
            let data: Vec<u8> = (0..1000u32).map(|i| i as u8).collect();
            let mut source = Source::new("test", None, io::Cursor::new(data.clone()));
            assert!(data.starts_with(source.start().expect("memory does not fail")));
            let (mut read, mut buffer) = (Vec::new(), vec![0; room]);
            while let n @ 1.. = source.read(&mut buffer).expect("memory does not fail") {
                read.extend_from_slice(&buffer[..n]);
            }
            assert!(read == data, "in pieces of {room}");
        }
    }

    #[test]
    fn addresses_are_told_from_files_by_their_scheme() {
        for (place, expected) in [("http://a/b", "http"), ("HTTP://a/b", "http"), ("git+ssh://a/b", "git+ssh")] {
            assert_eq!(scheme(place).as_deref(), Some(expected));
        }
        for path in ["a.wasm", "a/b://c", "://", "1a://b", "C:\\a"] {
            assert_eq!(scheme(path), None, "{path}");
        }
    }

    #[test]
    fn programs_are_called_by_the_last_part_of_the_place() {
        assert_eq!(Source::program_name("a/b/ruby.wasm"), "ruby.wasm");
        assert_eq!(Source::program_name("http://host/x/p.wasm?v=1"), "p.wasm");
        assert_eq!(Source::program_name("-"), "-");
    }
}
