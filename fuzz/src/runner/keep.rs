//! Keeps a case that failed: its bytes, its module, and fewer bytes that fail in the same way.

use super::{FAILED, Plan, this_command};
use headwater_fuzz::case_bytes;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// How long a case is made smaller.
const PATIENCE: Duration = Duration::from_secs(30);

/// Keeps case `number` and gives a text about it.
pub fn keep(plan: &Plan, number: u64, kind: &str, what: &str) -> String {
    let target = plan.target;
    let bytes = case_bytes(target, plan.seed, number);
    let base = plan.out.join(format!("{}-{}-{number}", target.name, plan.seed));
    let file = |end: &str| PathBuf::from(format!("{}{end}", base.display()));
    let mut text = format!("{kind}: case {number} of {}, seed {}\n{}\n", target.name, plan.seed, unescape(what));
    text += &format!(
        "  again:   cargo run --profile fuzz -p headwater-fuzz -- {} --seed {} --start {number} --runs 1 {}\n",
        target.name,
        plan.seed,
        plan.options().join(" ")
    );
    let written = std::fs::create_dir_all(&plan.out).and_then(|()| std::fs::write(file(".bin"), &bytes));
    if let Err(e) = written {
        return text + &format!("  its bytes could not be kept in {}: {e}\n", plan.out.display());
    }
    text += &format!("  bytes:   {}\n", file(".bin").display());
    let Some(first) = attempt(plan, &file(".bin"), &file(".wasm")) else {
        return text + "  alone it does not fail\n";
    };
    if file(".wasm").exists() {
        text += &format!("  module:  {}\n", file(".wasm").display());
    }
    let smaller = reduce(plan, bytes.clone(), &first, &file(".smaller.bin"));
    if smaller.len() < bytes.len() && std::fs::write(file(".smaller.bin"), &smaller).is_ok() {
        // Again, for the module.
        attempt(plan, &file(".smaller.bin"), &file(".smaller.wasm"));
        text += &format!("  smaller: {}, {} bytes\n", file(".smaller.bin").display(), smaller.len());
    }
    for name in [file(".wasm"), file(".smaller.wasm")] {
        // Not every case has a module, and not every module can be printed.
        let printed = std::fs::read(&name).ok().and_then(|wasm| wasmprinter::print_bytes(wasm).ok());
        if let Some(printed) = printed {
            let _ = std::fs::write(name.with_extension("wat"), printed);
        }
    }
    // It is printed, too.
    let _ = std::fs::write(file(".txt"), &text);
    text
}

/// The worker writes messages as literals, so that they are one line.
fn unescape(text: &str) -> String {
    text.trim_matches('"').replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\")
}

/// How the case in `file` fails, in a few words, if it does. Its module goes to `wasm`.
fn attempt(plan: &Plan, file: &Path, wasm: &Path) -> Option<String> {
    let mut command = this_command();
    command.arg(plan.target.name).args(plan.options()).arg("--input").arg(file).env("HEADWATER_FUZZ_NOTE", wasm);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let mut out = child.stdout.take()?;
    // A thread of its own, since a full pipe would hold the case up.
    let text = std::thread::spawn(move || {
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut out, &mut text).map(|_| text)
    });
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return None,
            Ok(Some(status)) if status.code() == Some(i32::from(FAILED)) => break,
            Ok(Some(status)) => return Some(status.to_string()),
            Ok(None) if start.elapsed() < plan.timeout => std::thread::sleep(Duration::from_millis(5)),
            _ => {
                // It may have ended in the meantime.
                let _ = child.kill();
                let _ = child.wait();
                return Some("hang".to_string());
            }
        }
    }
    let text = text.join().ok()?.ok()?;
    Some(String::from_utf8_lossy(&text).split(':').next().unwrap_or_default().to_string())
}

/// Fewer bytes that fail as `how` says: cut off at the end, then pieces taken out or zeroed.
fn reduce(plan: &Plan, mut bytes: Vec<u8>, how: &str, scratch: &Path) -> Vec<u8> {
    let start = Instant::now();
    let module = scratch.with_extension("wasm");
    let fails = |bytes: &[u8]| {
        start.elapsed() < PATIENCE
            && std::fs::write(scratch, bytes).is_ok()
            && attempt(plan, scratch, &module).as_deref() == Some(how)
    };
    let mut step = bytes.len() / 2;
    while step > 0 {
        if bytes.len() > step && fails(&bytes[..bytes.len() - step]) {
            bytes.truncate(bytes.len() - step);
        } else {
            step /= 2;
        }
    }
    let mut piece = bytes.len() / 4;
    while piece > 0 {
        let mut at = 0;
        while at + piece <= bytes.len() {
            let without = [&bytes[..at], &bytes[at + piece..]].concat();
            if fails(&without) {
                bytes = without;
            } else {
                at += piece;
            }
        }
        piece /= 2;
    }
    bytes
}
