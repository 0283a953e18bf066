//! Compresses the demo program, which is a part of the command that few ever run.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::path::PathBuf;
use std::{env, fs};

const PROGRAM: &str = "demo/demo.wasm";

fn main() {
    println!("cargo:rerun-if-changed={PROGRAM}");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where")).join("demo.wasm.gz");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let program = fs::read(PROGRAM).expect("the program is in the repository");
    let packed = encoder.write_all(&program).and_then(|()| encoder.finish()).expect("memory does not fail");
    fs::write(out, packed).expect("cargo has made the directory");
}
