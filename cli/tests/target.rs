//! `--target` and `--cpu`: what machine code is made for, and how `headwater disas` shows that of vectors.

mod support;

use support::{assemble, headwater};
use tempfile::tempdir;

const VECTORS: &str = r#"(module (memory 1)
    (func (export "f") (param i32) (result i32)
        local.get 0 v128.load offset=4 v128.const i32x4 1 2 3 4 i32x4.add
        local.get 0 i32x4.splat i8x16.min_u i8x16.bitmask))"#;

#[test]
fn disas_shows_vectors_with_and_without_features() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(&dir, VECTORS);
    let operators = ["v128.load offset=4", "v128.const i32x4 0x00000001", "i32x4.add", "i32x4.splat", "i8x16.bitmask"];
    let constant = "0x00000004000000030000000200000001";
    for (options, parts) in [
        (&["--target", "x86-64", "--cpu", "baseline"][..], ["movups xmm0, [rdi+", "paddd xmm", "pmovmskb eax"]),
        (&["--target", "x86-64", "--cpu", "avx2"], ["movups xmm0, [rdi+", "vpaddd xmm", "vpmovmskb eax"]),
        (&["--target", "aarch64"], ["ldr q", "add v", "umin v"]),
        (&["--target", "aarch64", "--cpu", "baseline"], ["ldr q", "add v", "umin v"]),
    ] {
        let shown = headwater(["disas"].iter().chain(options).chain([&module.as_str()])).success();
        for part in parts.iter().chain(&operators).chain([&constant]) {
            assert!(shown.contains(part), "{options:?}: no `{part}` in\n{shown}");
        }
        assert_eq!(options.contains(&"avx2"), shown.contains(" vp"), "{options:?}:\n{shown}");
    }
}

#[test]
fn compile_reports_the_features_that_are_used() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(&dir, VECTORS);
    for (options, target) in [
        (&["--target", "x86-64", "--cpu", "baseline"][..], "x86_64-OS"),
        (&["--target", "x86-64", "--cpu", "popcnt,fma"], "x86_64-OS+popcnt+sse42+avx+fma"),
        (&["--target", "x86-64", "--cpu", "avx2,lzcnt"], "x86_64-OS+lzcnt+sse42+avx+avx2"),
        (&["--target", "aarch64", "--cpu", "lse"], "aarch64-OS+lse"),
        (&["--target", "aarch64", "--cpu", "dotprod,lse"], "aarch64-OS+lse+dotprod"),
        (&["--target", "aarch64", "--cpu", "baseline"], "aarch64-OS"),
        (&["--cpu", "baseline"], "ARCH-OS"),
    ] {
        let target = target.replace("OS", std::env::consts::OS).replace("ARCH", std::env::consts::ARCH);
        let json = headwater(["compile", "--json"].iter().chain(options).chain([&module.as_str()])).success();
        assert!(json.contains(&format!("\"target\":\"{target}\"")), "{options:?}: {json}");
        let text = headwater(["compile"].iter().chain(options).chain([&module.as_str()])).success();
        assert!(text.contains(&format!("for {target} (")), "{options:?}: {text}");
    }
    // This machine's are the default.
    let native = headwater(["compile", "--json", "--cpu", "native", &module]).success();
    let default = headwater(["compile", "--json", &module]).success();
    let target = |json: &str| json.split_once("\"target\":").expect("it is last").1.to_owned();
    assert_eq!(target(&native), target(&default));
}

#[test]
fn programs_run_with_any_features_that_the_machine_has() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(
        &dir,
        r#"(module (func (export "f") (param i32) (result i32)
            (i8x16.bitmask (i64x2.gt_s (i64x2.splat (i64.extend_i32_s (local.get 0))) (v128.const i64x2 3 -3)))))"#,
    );
    for cpu in ["baseline", "native"] {
        for (argument, mask) in [("4", "65535\n"), ("0", "65280\n"), ("-5", "0\n")] {
            assert_eq!(headwater(["run", "--cpu", cpu, "--invoke", "f", &module, argument]).success(), mask);
        }
    }
}

#[test]
fn features_that_there_are_not_are_refused() {
    let dir = tempdir().expect("a temporary directory");
    let module = assemble(&dir, VECTORS);
    let foreign = if cfg!(target_arch = "x86_64") { "aarch64" } else { "x86-64" };
    for (args, parts) in [
        (
            &["compile", "--target", "aarch64", "--cpu", "avx"][..],
            &["--cpu avx", "the optional features of aarch64 are lse, dotprod"][..],
        ),
        (&["disas", "--target", foreign, "--cpu", "native"], &["--cpu native: this machine is not"]),
    ] {
        let message = headwater(args.iter().chain([&module.as_str()])).failure();
        for part in parts {
            assert!(message.contains(part), "{args:?}: {message}");
        }
    }
    for cpu in ["sse9", "", "avx,,fma", "AVX", "native,avx"] {
        let run = headwater(["disas", "--cpu", cpu, &module]);
        assert_eq!(run.status, 2, "{cpu}: {}", run.stderr);
        assert!(run.stderr.contains("is not one of native, baseline, popcnt"), "{cpu}: {}", run.stderr);
    }
}
