//! Tables for people, which are also Markdown, and what JSON files say about the run.

use serde_json::{Value, json};

/// Rows of text under a header; the first column is aligned to the left, the others to the right.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new<S: Into<String>>(header: impl IntoIterator<Item = S>) -> Table {
        Table { rows: vec![header.into_iter().map(Into::into).collect()] }
    }

    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let columns = self.rows[0].len();
        let widths: Vec<usize> = (0..columns)
            .map(|c| self.rows.iter().filter_map(|r| r.get(c)).map(|cell| cell.chars().count()).max().unwrap_or(0))
            .collect();
        for (i, row) in self.rows.iter().enumerate() {
            for (c, width) in widths.iter().enumerate() {
                let cell = row.get(c).map_or("", String::as_str);
                if c == 0 { write!(f, "| {cell:<width$} |")? } else { write!(f, " {cell:>width$} |")? }
            }
            writeln!(f)?;
            if i == 0 {
                write!(f, "|{:-<w$}|", "", w = widths[0] + 2)?;
                for width in &widths[1..] {
                    write!(f, "{:-<w$}:|", "", w = width + 1)?;
                }
                writeln!(f)?;
            }
        }
        Ok(())
    }
}

/// A number with three significant digits, if it has any after the point.
pub fn number(x: f64) -> String {
    match x.abs() {
        a if a >= 99.95 => format!("{x:.0}"),
        a if a >= 9.995 => format!("{x:.1}"),
        _ => format!("{x:.2}"),
    }
}

/// What is behind names of engines: a list that follows a table.
pub fn versions<'a>(engines: impl Iterator<Item = (&'a str, String)>) -> String {
    let list: String = engines.map(|(name, version)| format!("- {name}: {version}\n")).collect();
    if list.is_empty() { list } else { format!("\n{list}") }
}

/// A description of the machine, for the record.
pub fn machine() -> Value {
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find(|l| l.starts_with("model name")).and_then(|l| l.split_once(": "));
    let loads = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    json!({
        "cpu": model.map_or("unknown", |(_, name)| name),
        "cores": std::thread::available_parallelism().map_or(0, |n| n.get()),
        "load": loads.split(' ').next(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_aligned() {
        let mut table = Table::new(["a", "bb"]);
        table.row(["long", "1"]);
        assert_eq!(table.to_string(), "| a    | bb |\n|------|---:|\n| long |  1 |\n");
    }

    #[test]
    fn numbers_have_three_digits() {
        assert_eq!([0.123, 9.996, 99.96, 1234.5].map(number), ["0.12", "10.0", "100", "1234"]);
    }
}
