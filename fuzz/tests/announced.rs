//! What is announced costs nothing until it comes. Alone in its process, since it counts all of the heap.

use headwater::{Config, Engine, StreamingCompiler};
use headwater_fuzz::memory::{Counting, peak_of};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// LEB128 of a million.
const MILLION: &[u8] = &[0xc0, 0x84, 0x3d];

fn section(id: u8, contents: &[&[u8]]) -> Vec<u8> {
    let contents = contents.concat();
    [&[id, contents.len() as u8][..], &contents].concat()
}

#[test]
fn a_million_announced_entries_take_no_memory() {
    let ty = section(1, &[&[1, 0x60, 0, 0]]);
    let func = section(3, &[&[1, 0]]);
    let streams: &[(&str, Vec<u8>)] = &[
        ("types", section(1, &[MILLION, &[0x60, 0, 0]])),
        ("types in a group", section(1, &[&[1, 0x4e], MILLION, &[0x60, 0, 0]])),
        ("imports", section(2, &[MILLION, b"\x01a\x01b\x03\x7f\0"])),
        ("functions", [&ty[..], &section(3, &[MILLION, &[0]])].concat()),
        ("tables", section(4, &[&[100, 0x70, 0, 1]])),
        ("globals", section(6, &[MILLION, &[0x7f, 0, 0x41, 0, 0x0b]])),
        ("exports", section(7, &[MILLION, b"\x01a\x03\0"])),
        ("element segments", section(9, &[&[0xa0, 0x8d, 0x06], &[1, 0, 0]])),
        ("elements", section(9, &[&[1, 1, 0], MILLION, &[0]])),
        ("data segments", section(12, &[&[0xa0, 0x8d, 0x06]])),
        ("bytes of code", [&ty[..], &func, &[10, 0x80, 0x80, 0x80, 0x80, 0x04, 1]].concat()),
        ("bytes of a body", [&ty[..], &func, &[10, 0x80, 0x80, 0x80, 0x08, 1, 0x80, 0x80, 0x80, 0x03, 0]].concat()),
        ("locals", [&ty[..], &func, &section(10, &[&[1, 7, 1, 0xd0, 0x86, 0x03, 0x7f, 0x0b]])].concat()),
        (
            "targets",
            [&ty[..], &func, &section(10, &[&[1, 9, 0, 0x41, 0, 0x0e], &[0xc0, 0x84, 0x3d], &[0, 0x0b]])].concat(),
        ),
        ("bytes of data", section(5, &[&[1, 0, 1]]).into_iter().chain([11, 0xff, 0xff, 0xff, 0xff, 1, 1]).collect()),
        ("bytes of a custom section", vec![0, 0xff, 0xff, 0xff, 0xff, 3, 4, b'n', b'a', b'm', b'e', 0, 0xff]),
    ];
    let engine = Engine::new(Config::new().compile_threads(0)).expect("these settings work everywhere");
    for (what, bytes) in streams {
        let ((), peak) = peak_of(|| {
            let mut compiler = StreamingCompiler::new(&engine);
            let bytes = [b"\0asm\x01\0\0\0", &bytes[..]].concat();
            // Some are faults already, of others more could come.
            if compiler.push(&bytes).is_ok() {
                drop(compiler.finish());
            }
        });
        assert!(peak < 4 << 20, "{peak} bytes for {} bytes that announce many {what}", bytes.len());
    }
}
