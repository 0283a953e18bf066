//! Sizes, rates and durations, as people write and read them.

use std::time::Duration;

/// Units of bytes: powers of 1000 as in `K`, `KB`, `kB`, of 1024 in `KiB`.
const UNITS: [(&str, f64); 9] = [
    ("", 1.0),
    ("K", 1e3),
    ("KiB", 1024.0),
    ("M", 1e6),
    ("MiB", 1048576.0),
    ("G", 1e9),
    ("GiB", 1073741824.0),
    ("T", 1e12),
    ("TiB", 1099511627776.0),
];

/// A number of bytes, with the unit in which it was written.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct Amount {
    pub bytes: u64,
    unit: (&'static str, f64),
}

impl Amount {
    /// `4096`, `64K`, `1.5M`, `1G`.
    pub fn parse(text: &str) -> Result<Amount, String> {
        let wrong = || format!("`{text}` is not a number of bytes; write something like 4096, 64K or 1.5M");
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let written = text[digits.len()..].to_ascii_lowercase();
        let written = match written.strip_suffix('b') {
            Some(short) if !short.ends_with('i') => short,
            _ => &written,
        };
        let unit = UNITS.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(written)).ok_or_else(wrong)?;
        let bytes = digits.parse::<f64>().map_err(|_| wrong())? * unit.1;
        if !(1.0..1e15).contains(&bytes) {
            return Err(wrong());
        }
        Ok(Amount { bytes: bytes as u64, unit })
    }

    /// Another number of bytes in the same unit.
    pub fn show(self, bytes: u64) -> String {
        let (name, size) = self.unit;
        match name {
            "" => format!("{bytes} bytes"),
            _ => format!("{}{name}", (bytes as f64 / size * 100.0).ceil() / 100.0),
        }
    }
}

/// The bytes of an [`Amount`].
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    Amount::parse(text).map(|amount| amount.bytes)
}

/// As [`parse_bytes`], for the size of a stack.
pub fn parse_stack(text: &str) -> Result<u64, String> {
    /// More than programs need, less than the system refuses.
    const MOST: u64 = 16_000_000_000;
    match parse_bytes(text)? {
        bytes if bytes > MOST => Err(format!("a stack can have 16G at most, and `{text}` is more")),
        bytes => Ok(bytes),
    }
}

/// Bytes per second, as [`parse_bytes`] with an optional `/s`.
pub fn parse_rate(text: &str) -> Result<u64, String> {
    parse_bytes(text.strip_suffix("/s").unwrap_or(text))
        .map_err(|_| format!("`{text}` is not a rate; write something like 500K or 2M (bytes per second)"))
}

/// `12.3 MB`
pub fn bytes(n: u64) -> String {
    match n {
        0..1000 => format!("{n} B"),
        1000..1_000_000 => format!("{:.1} KB", n as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", n as f64 / 1e6),
        _ => format!("{:.2} GB", n as f64 / 1e9),
    }
}

/// `12.3 ms`
pub fn duration(d: Duration) -> String {
    let ns = d.as_nanos() as f64;
    match ns {
        ..1e3 => format!("{ns} ns"),
        ..1e6 => format!("{:.1} µs", ns / 1e3),
        ..1e9 => format!("{:.1} ms", ns / 1e6),
        _ => format!("{:.2} s", ns / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_rates_are_read_as_written() {
        assert_eq!(parse_bytes("4096"), Ok(4096));
        assert_eq!(parse_bytes("1.5M"), Ok(1_500_000));
        assert_eq!(parse_bytes("64KiB"), Ok(65536));
        assert_eq!(parse_bytes("2kb"), Ok(2000));
        assert_eq!(parse_bytes("7B"), Ok(7));
        assert_eq!(parse_bytes("1T"), Ok(1_000_000_000_000));
        assert_eq!(parse_rate("2MB/s"), Ok(2_000_000));
        for wrong in ["", "M", "0", "-1", "1X", "1e99"] {
            assert!(parse_bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn amounts_are_shown_in_the_unit_of_another() {
        let show = |given: &str, bytes| Amount::parse(given).expect("an amount").show(bytes);
        assert_eq!(show("1K", 65536), "65.54K");
        assert_eq!(show("1MiB", 2 << 20), "2MiB");
        assert_eq!(show("1000", 65536), "65536 bytes");
    }

    #[test]
    fn a_stack_beyond_reason_is_refused_for_what_it_is() {
        assert_eq!(parse_stack("8M"), Ok(8_000_000));
        assert_eq!(parse_stack("1T"), Err("a stack can have 16G at most, and `1T` is more".into()));
    }

    #[test]
    fn sizes_and_times_are_printed_in_fitting_units() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(235_693), "235.7 KB");
        assert_eq!(bytes(30_635_497), "30.6 MB");
        assert_eq!(duration(Duration::from_micros(1500)), "1.5 ms");
        assert_eq!(duration(Duration::from_secs(2)), "2.00 s");
    }
}
