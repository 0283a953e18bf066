//! The settings of engines: every switch that must not change what a module does. One function draws them all.

use crate::choices::Choices;
use headwater::{Config, Engine};

/// Settings that differ in everything that a module must not notice: layout of memories, threads, forms of calls, hostile modes.
pub fn draw(choices: &mut Choices<'_>) -> Config {
    let mut config = Config::new();
    config.compile_threads(*choices.pick(&[0, 0, 0, 1, 2]));
    // Guards for everything; guards for small offsets; checks.
    let (reservation, guard) = *choices.pick(&[(1 << 32, (1 << 32) + (1 << 16)), (1 << 32, 1 << 16), (0, 0)]);
    config.memory_reservation(reservation).memory_guard_size(guard);
    config.poison_borders(choices.below(2) == 1);
    config.force_far_calls(choices.one_in(8));
    config.map_operators(choices.one_in(8));
    config.max_wasm_stack(*choices.pick(&[1 << 20, 1 << 17, 1 << 16]));
    config
}

/// An engine with these settings.
pub fn engine(config: &Config) -> Engine {
    Engine::new(config).unwrap_or_else(|e| panic!("these settings are supported: {e}: {config:?}"))
}

/// wasmi, counting fuel.
pub fn wasmi_with_fuel() -> wasmi::Engine {
    let mut config = wasmi::Config::default();
    config.consume_fuel(true);
    wasmi::Engine::new(&config)
}
