//! Sizes, rates and durations, as people write and read them.

use std::time::Duration;

/// A number of bytes: `4096`, `64K`, `1.5M`, `1G`. Units are powers of 1000 as in `K`, `KB`, `kB`, of 1024 in `KiB`.
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no number of bytes; write something like 4096, 64K or 1.5M");
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "kib" => 1024.0,
        "m" | "mb" => 1e6,
        "mib" => 1024.0 * 1024.0,
        "g" | "gb" => 1e9,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        _ => return Err(wrong()),
    };
    let bytes = digits.parse::<f64>().map_err(|_| wrong())? * unit;
    if !(1.0..1e15).contains(&bytes) {
        return Err(wrong());
    }
    Ok(bytes as u64)
}

/// Bytes per second, as [`parse_bytes`] with an optional `/s`.
pub fn parse_rate(text: &str) -> Result<u64, String> {
    parse_bytes(text.strip_suffix("/s").unwrap_or(text))
        .map_err(|_| format!("`{text}` is no rate; write something like 500K or 2M (bytes per second)"))
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
        assert_eq!(parse_rate("2MB/s"), Ok(2_000_000));
        for wrong in ["", "M", "0", "-1", "1X", "1e99"] {
            assert!(parse_bytes(wrong).is_err(), "{wrong}");
        }
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
