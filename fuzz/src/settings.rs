//! The settings of engines: every switch that must not change what a module does. One function draws them all.

use crate::choices::Choices;
use headwater::{Config, Engine};

/// The switches of `Config::test_modes`, and how seldom each is on: once in so many times.
const MODES: [(&str, usize); 14] = [
    ("poison", 2),
    ("spill", 4),
    ("shuffle", 3),
    ("checked", 4),
    ("offsets", 4),
    ("interrupts", 5),
    ("fuel", 5),
    ("masks", 4),
    ("pads", 6),
    ("slabs", 8),
    ("small_pages", 8),
    ("far", 8),
    ("thread", 6),
    ("threads", 6),
];

/// Settings that differ in everything that a module must not notice: layout of memories, threads, forms of calls, hostile modes.
pub fn draw(choices: &mut Choices<'_>) -> Config {
    let mut config = Config::new();
    config.compile_threads(0);
    for (mode, seldom) in MODES {
        if choices.one_in(seldom) {
            config.test_modes(mode);
        }
    }
    config.map_operators(choices.one_in(8));
    config.max_wasm_stack(*choices.pick(&[1 << 20, 1 << 17, 1 << 16]));
    config
}

/// An engine with these settings.
pub fn engine(config: &Config) -> Engine {
    Engine::new(config).unwrap_or_else(|e| panic!("these settings are supported: {e}: {config:?}"))
}
