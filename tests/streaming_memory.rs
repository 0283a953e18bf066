//! A stream holds no more memory than its module keeps. Alone in its process, since it measures the process's memory.

#![cfg(target_os = "linux")]

use headwater::{Config, Engine, Module, StreamingCompiler};

const CHUNK: usize = 64 << 10;

/// The most memory that the process has had so far, in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() << 10
}

fn leb(mut n: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while n >= 0x80 {
        bytes.push(n as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
    bytes
}

/// A section that begins with `head` and then has `zeros`, pushed in chunks.
fn push_section(compiler: &mut StreamingCompiler, id: u8, head: &[u8], zeros: usize) {
    compiler.push(&[&[id][..], &leb(head.len() + zeros), head].concat()).unwrap();
    let chunk = [0; CHUNK];
    for _ in 0..zeros / CHUNK {
        compiler.push(&chunk).unwrap();
    }
}

fn stream(engine: &Engine, section: impl FnOnce(&mut StreamingCompiler)) -> (Module, usize) {
    let before = peak();
    let mut compiler = StreamingCompiler::new(engine);
    compiler.push(b"\0asm\x01\0\0\0").unwrap();
    section(&mut compiler);
    let module = compiler.finish().unwrap();
    (module, peak() - before)
}

#[test]
fn a_stream_holds_what_its_module_keeps() {
    const SIZE: usize = 64 << 20;
    const SLACK: usize = 8 << 20;
    for threads in [0, 1] {
        let engine = Engine::new(Config::new().compile_threads(threads)).unwrap();

        let (module, growth) = stream(&engine, |c| push_section(c, 0, b"\x06.debug", SIZE));
        assert!(growth < SLACK, "{growth} bytes for a custom section that nobody asks for");
        drop(module);

        // What is declared but does not arrive costs at most addresses.
        let before = peak();
        let mut compiler = StreamingCompiler::new(&engine);
        compiler.push(b"\0asm\x01\0\0\0").unwrap();
        compiler.push(&[&[11][..], &leb(1 << 29), &[1, 1], &leb(1 << 28), b"abc"].concat()).unwrap();
        assert!(peak() - before < SLACK, "for three bytes of data");
        drop(compiler);
    }

    // The largest comes last, since the peak never falls.
    let engine = Engine::new(Config::new().compile_threads(0)).unwrap();
    // A hundred thousand segments, of eight bytes each.
    let segments = [0x00, 0x41, 0x80, 0x20, 0x0b, 0x02, b'a', b'b'].repeat(100_000);
    let section = [&leb(100_000)[..], &segments].concat();
    let (module, growth) = stream(&engine, |c| {
        c.push(b"\x05\x03\x01\0\x01").unwrap();
        push_section(c, 11, &section, 0);
    });
    assert!(growth < SLACK, "{growth} bytes for 100,000 segments");
    drop(module);

    let one_segment = [&[1, 1][..], &leb(SIZE)].concat();
    let (module, growth) = stream(&engine, |c| push_section(c, 11, &one_segment, SIZE));
    assert!(growth < SIZE * 13 / 10 + SLACK, "{growth} bytes for {SIZE} of data");
    drop(module);
}
