//! Epochs, and limits of what a store may hold.

use crate::store::{EngineHandle, StoreHandle, answer};
use headwater::StoreLimitsBuilder;

#[unsafe(no_mangle)]
pub extern "C" fn headwater_engine_increment_epoch(engine: &EngineHandle) {
    engine.0.increment_epoch();
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_engine_copy(engine: &EngineHandle) -> Box<EngineHandle> {
    Box::new(EngineHandle(engine.0.clone()))
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_store_set_epoch_deadline(store: &StoreHandle, ticks: u64) {
    store.0.with(|mut store| store.set_epoch_deadline(ticks));
}

/// What a store begins with. The instances in it are all the embedder's doing, and programs for the standard API make
/// more than the default of the interface for Rust.
pub fn unlimited() -> StoreLimitsBuilder {
    StoreLimitsBuilder::new().instances(usize::MAX).tables(usize::MAX).memories(usize::MAX)
}

/// A limit; negative is none.
fn limit(of: i64) -> Option<usize> {
    usize::try_from(of).ok()
}

#[unsafe(no_mangle)]
pub extern "C" fn headwater_store_limiter(
    store: &StoreHandle,
    memory_size: i64,
    table_elements: i64,
    instances: i64,
    tables: i64,
    memories: i64,
) -> bool {
    type Set = fn(StoreLimitsBuilder, usize) -> StoreLimitsBuilder;
    let limits: [(i64, Set); 5] = [
        (memory_size, StoreLimitsBuilder::memory_size),
        (table_elements, StoreLimitsBuilder::table_elements),
        (instances, StoreLimitsBuilder::instances),
        (tables, StoreLimitsBuilder::tables),
        (memories, StoreLimitsBuilder::memories),
    ];
    let builder = limits.into_iter().fold(unlimited(), |builder, (of, set)| match limit(of) {
        Some(limit) => set(builder, limit),
        None => builder,
    });
    answer(store.0.idle(|store| {
        store.data_mut().limits = builder.build();
        store.limiter(|data| &mut data.limits);
    }))
    .is_some()
}
