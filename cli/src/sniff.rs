//! Recognises files that are not modules by their first bytes.

/// How many bytes are examined.
pub const START: usize = 512;

/// The kinds of files.
#[derive(PartialEq, Eq, Debug)]
pub enum Kind {
    /// A module, as far as can be seen.
    Module,
    /// A module in the text format, as far as can be seen.
    Text,
    /// Something else: what it is, and what to do about it.
    Other(String),
}

const MAGIC: &[u8] = b"\0asm";

/// First bytes of files that are mistaken for modules.
const KNOWN: &[(&[u8], &str)] = &[
    (b"\x89hwmod\r\n", "is a module that `headwater compile -o` compiled, which `headwater run` takes from a file"),
    (b"\x1f\x8b", "is compressed with gzip; unpack it first, for example with gunzip"),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstd; unpack it first, for example with unzstd"),
    (b"\xfd7zXZ\0", "is compressed with xz; unpack it first, for example with unxz"),
    (b"BZh", "is compressed with bzip2; unpack it first, for example with bunzip2"),
    (b"PK\x03\x04", "is a ZIP archive; unpack it first"),
    (b"\x7fELF", "is a native program or library (ELF), not a WebAssembly module"),
    (b"BC\xc0\xde", "is LLVM bitcode, not a WebAssembly module; it has to be linked first"),
    (b"!<arch>\n", "is an archive of object files, not a WebAssembly module; it has to be linked first"),
    (b"version https://git-lfs", "is a Git LFS pointer; fetch the file itself with `git lfs pull`"),
];

/// The kind of file that begins with `start`, which is the whole file if it is shorter than [`START`].
pub fn kind(start: &[u8]) -> Kind {
    if start.is_empty() {
        return Kind::Other("is empty".into());
    }
    if start.starts_with(MAGIC) {
        // The second half of the version is the layer: 1 for components.
        return match start.get(4..8) {
            Some([_, _, 1, 0]) => Kind::Other("is a component, which cannot be run yet; only core modules can".into()),
            _ => Kind::Module,
        };
    }
    if MAGIC.starts_with(start) {
        return Kind::Module;
    }
    if let Some((_, what)) = KNOWN.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Kind::Other((*what).into());
    }
    text(start).unwrap_or_else(|| {
        let shown: Vec<String> = start.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        Kind::Other(format!(
            "is not a WebAssembly module: magic header not detected; it begins with {}, not with 00 61 73 6d",
            shown.join(" ")
        ))
    })
}

/// What kind of text begins with `start`, if it is text.
fn text(start: &[u8]) -> Option<Kind> {
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        // The last character may be truncated.
        Err(e) if e.error_len().is_none() => std::str::from_utf8(&start[..e.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    if text.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return None;
    }
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('(') || text.starts_with(";;") {
        return Some(Kind::Text);
    }
    let lower = text.to_ascii_lowercase();
    Some(Kind::Other(match text.starts_with('<') {
        true if lower.contains("<!doctype html") || lower.contains("<html") => {
            "is an HTML page, not a WebAssembly module; is the address right?".into()
        }
        true => "is XML or HTML, not a WebAssembly module".into(),
        false => "is text, but not a module in the text format, which begins with `(`; \
             and the magic header of a binary is not detected"
            .into(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(start: &[u8]) -> String {
        match kind(start) {
            Kind::Other(what) => what,
            kind => panic!("{start:?} is taken for {kind:?}"),
        }
    }

    #[test]
    fn modules_and_their_text_are_known_from_any_beginning() {
        for start in [&b"\0asm\x01\0\0\0\x01"[..], b"\0asm\x02\0\0\0", b"\0asm", b"\0", b"\0asm\x0d\0"] {
            assert_eq!(kind(start), Kind::Module, "{start:?}");
        }
        for start in ["(module)", "\u{feff} \n\t(module", ";; a module\n(module)", "(; (module) ;)"] {
            assert_eq!(kind(start.as_bytes()), Kind::Text, "{start}");
        }
        assert_eq!(kind(&"(module ü".as_bytes()[..9]), Kind::Text);
    }

    #[test]
    fn what_is_no_module_is_called_by_its_name() {
        assert_eq!(other(b""), "is empty");
        let cases: [(&[u8], &str); 10] = [
            (b"\0asm\x0d\0\x01\0", "component"),
            (b"\x1f\x8b\x08", "gunzip"),
            (b"<!DOCTYPE html><html>", "HTML page"),
            (b"\n <HTML lang=\"en\">", "HTML page"),
            (b"<?xml version='1.0'?>", "XML"),
            (b"Not Found", "text"),
            (b"\x7fELF\x02", "ELF"),
            (b"version https://git-lfs.github.com/spec/v1", "git lfs pull"),
            (b"\x89PNG\r\n", "begins with 89 50 4e 47"),
            (b"\x01", "begins with 01,"),
        ];
        for (start, part) in cases {
            assert!(other(start).contains(part), "{}", other(start));
        }
    }
}
