//! Optional features of processors: they can be narrowed, and results stay the same.

mod api_common;

use api_common::module;
use headwater::{Config, Engine, Instance, Store, Target, V128};

const NAMES: &[&str] = match cfg!(target_arch = "x86_64") {
    true => &["has_popcnt", "has_lzcnt", "has_bmi1", "has_sse42", "has_avx", "has_avx2", "has_fma"],
    false => &["has_lse", "has_dotprod"],
};

/// Operators whose code depends on features.
const WAT: &str = r#"(module
    (memory 1)
    (func (export "scalars") (param i64) (result i64)
      (drop (i64.atomic.rmw.add (i32.const 0) (i64.const 1)))
      (i64.add (i64.mul (i64.popcnt (local.get 0)) (i64.const 10000))
        (i64.add (i64.mul (i64.clz (local.get 0)) (i64.const 100)) (i64.ctz (local.get 0)))))
    (func (export "vectors") (param v128 v128) (result v128)
      (i8x16.add
        (i8x16.swizzle (i64x2.gt_s (local.get 0) (local.get 1)) (i8x16.splat (i8x16.extract_lane_u 3 (local.get 0))))
        (v128.xor
          (i32x4.relaxed_dot_i8x16_i7x16_add_s
            (i8x16.splat (i32.const -128)) (i8x16.splat (i32.const -128)) (i16x8.splat (i32.const 77)))
          (i8x16.shl (local.get 0) (i32.const 3))))))"#;

fn results(engine: &Engine) -> (i64, V128, Vec<u8>) {
    let module = module(engine, WAT);
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    let scalars = instance.get_typed_func::<i64, i64>(&mut store, "scalars").unwrap();
    let vectors = instance.get_typed_func::<(V128, V128), V128>(&mut store, "vectors").unwrap();
    let (a, b) = (V128::from(7 << 100 | 3 << 24 | 5), V128::from(u128::MAX << 64 | 9));
    let code = module.functions().flat_map(|f| module.machine_code()[f.code].to_vec()).collect();
    (scalars.call(&mut store, 0x0f30).unwrap(), vectors.call(&mut store, (a, b)).unwrap(), code)
}

#[test]
fn results_are_the_same_without_features() {
    let (scalars, vectors, _) = results(&Engine::default());
    assert_eq!(scalars, 6 * 10000 + 52 * 100 + 4);
    let mut all = Config::new();
    for name in NAMES {
        let mut config = Config::new();
        config.cpu_feature(name, false).unwrap();
        all.cpu_feature(name, false).unwrap();
        for config in [&config, &all] {
            let engine = Engine::new(config).unwrap();
            let own = name.strip_prefix("has_").unwrap().replace("bmi1", "lzcnt");
            assert!(engine.target().features().all(|feature| feature != own), "{}", engine.target());
            let (same_scalars, same_vectors, _) = results(&engine);
            assert_eq!((same_scalars, same_vectors), (scalars, vectors), "without {name}");
        }
    }
    let plain = Engine::new(&all).unwrap();
    assert_eq!(plain.target(), Target::host().unwrap().baseline());
    let mut modes = Config::new();
    modes.test_modes("baseline");
    assert_eq!(results(&plain).2, results(&Engine::new(&modes).unwrap()).2);
}

#[test]
fn features_come_back_if_the_machine_has_them() {
    let Some(host) = Target::host() else { return };
    let mut config = Config::new();
    for name in host.feature_names() {
        let name = format!("has_{name}");
        config.cpu_feature(&name, false).unwrap();
    }
    for name in host.feature_names() {
        let has = host.features().any(|feature| feature == *name);
        let outcome = config.cpu_feature(&format!("has_{name}"), true).map(|_| ());
        match outcome {
            Ok(()) => assert!(has, "{name}"),
            Err(error) => {
                assert!(!has, "{name}: {error}");
                assert_eq!(error.to_string(), format!("this processor does not have the feature `has_{name}`"));
            }
        }
    }
    assert_eq!(Engine::new(&config).unwrap().target(), host);
}

#[test]
fn what_is_no_feature_is_named() {
    for name in ["avx", "has_sse41", "has_", "", "has_AVX", "has_avx512f"] {
        let error = Config::new().cpu_feature(name, false).unwrap_err().to_string();
        assert!(error.contains(&format!("`{name}`")), "{error}");
        let expected = match cfg!(target_arch = "x86_64") {
            true => {
                "is not one of `has_popcnt`, `has_lzcnt`, `has_sse42`, `has_avx`, `has_avx2`, `has_fma`, `has_bmi1`"
            }
            false => "is not one of `has_lse`, `has_dotprod`",
        };
        assert!(error.contains(expected), "{error}");
    }
}
