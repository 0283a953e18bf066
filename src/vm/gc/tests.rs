//! The collector against a model: objects are made, changed, dropped and collected at random, and must look as they do in
//! the model afterwards.

use super::objects::is_object;
use super::{GcHeapOutOfMemory, externs};
use crate::types::object::FieldKind;
use crate::types::{ArrayType, FieldType, Mutability, StorageType, StructType, ValType};
use crate::vm::context::ValRaw;
use crate::vm::store::StoreOpaque;
use crate::{AsContextMut, Config, Engine, Store, StoreLimits, StoreLimitsBuilder, Trap};
use headwater_codegen::vmctx::gc;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A store with some types of objects, by canonical number.
struct World {
    store: Store<StoreLimits>,
    /// Structs, then arrays: of references, of references of the host's hierarchy, of vectors, of bytes.
    types: Vec<u32>,
}

const STRUCTS: usize = 3;

impl World {
    fn new(config: &mut Config) -> World {
        let engine = Engine::new(config.wasm_gc(true)).unwrap();
        let mut store = Store::new(&engine, StoreLimits::default());
        let field = |ty: StorageType| FieldType::new(Mutability::Var, ty);
        let val = |ty: ValType| field(ty.into());
        let any = || val(ValType::ANYREF);
        let structs = [
            vec![],
            vec![any(), val(ValType::I64), any(), field(StorageType::I8), val(ValType::V128), any()],
            vec![val(ValType::EXTERNREF), val(ValType::F32), val(ValType::FUNCREF), any()],
        ];
        let arrays = [any(), val(ValType::EXTERNREF), val(ValType::V128), field(StorageType::I8)];
        let structs = structs.map(|fields| engine.use_type(StructType::new(&engine, fields).unwrap()));
        let arrays = arrays.map(|element| engine.use_type(ArrayType::new(&engine, element)));
        let opaque = &mut store.inner_mut().opaque;
        let types = structs.into_iter().chain(arrays).map(|ty| {
            let number = ty.number();
            opaque.gc_mut().learn_used(&engine, ty).unwrap();
            number
        });
        World { types: types.collect(), store }
    }

    fn opaque(&mut self) -> &mut StoreOpaque {
        &mut self.store.inner_mut().opaque
    }

    fn make(&mut self, ty: usize, len: u32) -> crate::Result<u32> {
        let (number, store) = (self.types[ty], self.store.as_context_mut().as_ptr());
        // SAFETY: the pointer reaches all of the store.
        unsafe { StoreOpaque::new_object(store, number, len) }
    }

    fn make_extern(&mut self, value: Box<dyn std::any::Any + Send + Sync>) -> u32 {
        let store = self.store.as_context_mut().as_ptr();
        // SAFETY: as above.
        unsafe { StoreOpaque::new_extern(store, value).unwrap() }
    }

    /// Where the fields of an object are, and what they are.
    fn fields(&mut self, object: u32) -> Vec<(u64, FieldKind)> {
        let heap = self.opaque().gc();
        let (_, len) = heap.header(object);
        let shape = heap.shape(object);
        match shape.elements() {
            Some((kind, first)) => {
                (0..len).map(|i| (u64::from(first) + u64::from(i) * u64::from(kind.size()), kind)).collect()
            }
            None => shape.layout.fields.iter().map(|field| (field.offset.into(), field.kind)).collect(),
        }
    }

    fn read(&mut self, object: u32, (offset, kind): (u64, FieldKind)) -> ValRaw {
        // SAFETY: it is a field of the object.
        unsafe { self.opaque().gc().read(object, offset, kind) }
    }

    fn write(&mut self, object: u32, (offset, kind): (u64, FieldKind), value: ValRaw) {
        // SAFETY: as above; nothing but references is followed.
        unsafe { self.opaque().gc().write(object, offset, kind, value) };
    }
}

/// A generator of numbers (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % below
    }
}

/// A value in the model.
#[derive(Copy, Clone, PartialEq, Debug)]
enum Model {
    Number(u64, u64),
    I31(u32),
    Null,
    /// A value of the host, by what it is.
    Host(usize),
    Object(usize),
    /// An object, as the hierarchy of `extern` has it.
    Extern(usize),
}

struct ModelObject {
    ty: usize,
    fields: Vec<Model>,
}

/// Compares what `word` refers to with `model`, and all that is reached from there.
fn compare(world: &mut World, objects: &[ModelObject], roots: &[(u32, Model)]) {
    let (mut there, mut back) = (HashMap::new(), HashMap::new());
    let mut open: Vec<(ValRaw, Model)> = roots.iter().map(|&(word, model)| (ValRaw::new(word.into()), model)).collect();
    while let Some((raw, model)) = open.pop() {
        let word = raw.lo as u32;
        let object = match model {
            Model::Number(lo, hi) => {
                assert_eq!((raw.lo, raw.hi), (lo, hi));
                continue;
            }
            Model::Null => {
                assert_eq!(word, 0);
                continue;
            }
            Model::I31(n) => {
                assert_eq!(word, n << 1 | gc::I31);
                continue;
            }
            Model::Host(id) => {
                let value = world.opaque().gc().externs().value(word).expect("a value of the host");
                assert_eq!(value.downcast_ref::<Counted>().unwrap().0, id);
                continue;
            }
            Model::Object(object) => {
                assert!(is_object(word), "{word:#x}");
                (object, word)
            }
            Model::Extern(object) => {
                let word = world.opaque().gc().any_of_extern(word);
                assert!(is_object(word), "{word:#x}");
                (object, word)
            }
        };
        let (model, word) = object;
        assert_eq!(*there.entry(model).or_insert(word), word, "one object in the model is one");
        if back.insert(word, model).is_some_and(|other| other == model) {
            continue;
        }
        let number = world.opaque().gc().header(word).0;
        assert_eq!(number, world.types[objects[model].ty]);
        let fields = world.fields(word);
        assert_eq!(fields.len(), objects[model].fields.len());
        for (field, &model) in fields.into_iter().zip(&objects[model].fields) {
            open.push((world.read(word, field), model));
        }
    }
}

static ALIVE: AtomicUsize = AtomicUsize::new(0);

/// A value of the host, which is counted.
struct Counted(usize);

impl Counted {
    fn new(id: usize) -> Counted {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Counted(id)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

fn random_graphs(seed: u64, steps: usize, config: &mut Config) -> u64 {
    random_graphs_beside(seed, steps, config, 0)
}

/// The same in a heap in which an array of so many bytes stays. Returns how often it was collected.
fn random_graphs_beside(seed: u64, steps: usize, config: &mut Config, bytes: u32) -> u64 {
    let mut world = World::new(config);
    let _array = (bytes > 0).then(|| {
        let array = world.make(STRUCTS + 3, bytes).unwrap();
        world.opaque().gc().own(array)
    });
    let mut random = Random(seed);
    let mut objects: Vec<ModelObject> = Vec::new();
    // What is kept, and the handle of each.
    let mut kept: Vec<(super::roots::OwnedRoot, Model)> = Vec::new();
    for step in 0..steps {
        let value = |world: &mut World, random: &mut Random, kept: &[(super::roots::OwnedRoot, Model)], external| {
            let other = (!kept.is_empty()).then(|| kept[random.next(kept.len())].clone());
            match (random.next(6), other) {
                (0, _) => (0, Model::Null),
                (1, _) => {
                    // Many are where references to new objects are.
                    let most = if random.next(2) == 0 { 1 << 31 } else { 1 << 20 };
                    let n = random.next(most) as u32;
                    (n << 1 | gc::I31, Model::I31(n))
                }
                (2, _) => (world.make_extern(Box::new(Counted::new(step))), Model::Host(step)),
                (_, None) => (0, Model::Null),
                (_, Some((root, model))) => {
                    let word = world.opaque().gc().owned(&root).unwrap();
                    match model {
                        Model::Object(n) if external => (world.opaque().extern_of_any(word).unwrap(), Model::Extern(n)),
                        model => (word, model),
                    }
                }
            }
        };
        match random.next(12) {
            0..5 => {
                let ty = random.next(world.types.len());
                let most = if random.next(20) == 0 { 3000 } else { 6 };
                let len = if ty < STRUCTS { 0 } else { random.next(most) };
                let word = world.make(ty, len as u32).unwrap();
                let fields = world.fields(word);
                let fields = fields.iter().map(|(_, kind)| match kind {
                    FieldKind::Ref => Model::Null,
                    _ => Model::Number(0, 0),
                });
                objects.push(ModelObject { ty, fields: fields.collect() });
                kept.push((world.opaque().gc().own(word), Model::Object(objects.len() - 1)));
            }
            5..9 if !kept.is_empty() => {
                let (root, Model::Object(object)) = kept[random.next(kept.len())].clone() else { unreachable!() };
                let n = objects[object].fields.len();
                if n == 0 {
                    continue;
                }
                let place = random.next(n);
                let external = [STRUCTS - 1, STRUCTS + 1].contains(&objects[object].ty);
                let word = world.opaque().gc().owned(&root).unwrap();
                let kind = world.fields(word)[place].1;
                let external = external && place == 0 || objects[object].ty == STRUCTS + 1;
                let (raw, model) = match kind {
                    FieldKind::Ref => {
                        let (word, model) = value(&mut world, &mut random, &kept, external);
                        (ValRaw::new(word.into()), model)
                    }
                    FieldKind::Func | FieldKind::Exn => (ValRaw::default(), Model::Number(0, 0)),
                    FieldKind::Number(bytes) => {
                        let all = u64::MAX >> (64 - 8 * u32::from(bytes.min(8)));
                        let (lo, hi) = (random.next(usize::MAX) as u64 & all, random.next(usize::MAX) as u64);
                        let hi = if bytes == 16 { hi } else { 0 };
                        (ValRaw { lo, hi }, Model::Number(lo, hi))
                    }
                };
                // It may have moved while the value was made.
                let word = world.opaque().gc().owned(&root).unwrap();
                let field = world.fields(word)[place];
                world.write(word, field, raw);
                objects[object].fields[place] = model;
            }
            9 | 10 if kept.len() > 30 => drop(kept.swap_remove(random.next(kept.len()))),
            _ if random.next(50) == 0 => {
                let has_old = world.opaque().gc().heap.as_ref().is_some_and(|heap| heap.old().is_some());
                if has_old && random.next(10) > 0 {
                    drop(world.opaque().collect_young(random.next(4) == 0));
                } else {
                    drop(world.opaque().collect());
                }
            }
            _ => {}
        }
        if random.next(200) == 0 || step + 1 == steps {
            let roots: Vec<_> =
                kept.iter().map(|(root, model)| (world.opaque().gc().owned(root).unwrap(), *model)).collect();
            compare(&mut world, &objects, &roots);
        }
    }
    world.opaque().gc().collections()
}

#[test]
fn random_graphs_are_what_the_model_says() {
    let mut collections = 0;
    for seed in 1..20 {
        collections += random_graphs(seed * 0x9e37_79b9, 6000, &mut Config::new());
    }
    assert!(collections > 100, "{collections}");
    random_graphs(77, 3000, Config::new().gc_stress(true));
    for seed in 1..4 {
        // All but those of the nursery are old.
        let collections = random_graphs_beside(seed * 0x9e37_79b9, 30_000, &mut Config::new(), 16 << 20);
        assert!(collections > 10, "{collections}");
        random_graphs_beside(seed, 2000, Config::new().gc_stress(true), 1 << 20);
    }
    assert_eq!(ALIVE.load(Ordering::Relaxed), 0, "values go with their store at the latest");
}

/// Makes objects that nobody keeps, and calls `each` before every 1000th.
fn make_garbage(world: &mut World, bytes: usize, mut each: impl FnMut(&mut World)) {
    for i in 0..bytes / 16 {
        if i % 1000 == 0 {
            each(world);
        }
        world.make(STRUCTS + 3, 8).unwrap();
    }
}

#[test]
fn old_objects_that_nobody_has_are_forgotten_in_steps() {
    let mut world = World::new(&mut Config::new());
    let (mut most, mut kept) = (0, Vec::new());
    for round in 0..200 {
        // A few hundred objects of 4 KB each time, of which one in ten is kept for a while.
        for i in 0..250 {
            let array = world.make(STRUCTS + 3, 4000).unwrap();
            if i % 10 == 0 {
                kept.push(world.opaque().gc().own(array));
            }
        }
        if kept.len() > 2500 {
            kept.drain(..1000);
        }
        make_garbage(&mut world, 100_000, |_| {});
        let used = world.opaque().used();
        most = most.max(used);
        assert!(used < 64 << 20, "{used} bytes of objects in round {round}");
    }
    assert!(most > 8 << 20);
    assert!(kept.iter().all(|root| {
        let array = world.opaque().gc().owned(root).unwrap();
        world.opaque().gc().header(array).1 == 4000
    }));
}

#[test]
fn no_collection_of_a_large_heap_looks_at_all_of_it() {
    let mut world = World::new(&mut Config::new());
    let wide = world.make(STRUCTS, 500_000).unwrap();
    let wide = world.opaque().gc().own(wide);
    let field = |world: &mut World, i: u32| {
        let array = world.opaque().gc().owned(&wide).unwrap();
        let (kind, first) = world.opaque().gc().shape(array).elements().unwrap();
        (array, (u64::from(first) + 4 * u64::from(i), kind))
    };
    for i in 0..500_000 {
        let one = world.make(1, 0).unwrap();
        let (array, place) = field(&mut world, i);
        world.write(array, place, ValRaw::new(one.into()));
    }
    let before = world.opaque().gc().collections();
    let most = std::cell::Cell::new(0);
    let mut i = 0;
    make_garbage(&mut world, 64 << 20, |world| {
        // Something old refers to something new, and something old is garbage.
        let one = world.make(2, 0).unwrap();
        let (array, place) = field(world, i * 77_777 % 500_000);
        world.write(array, place, ValRaw::new(one.into()));
        i += 1;
        most.set(most.get().max(world.opaque().gc().root_words));
    });
    assert!(world.opaque().gc().collections() > before + 50);
    // All elements are 500,000 words, and what they refer to six times as many.
    assert!(most.get() < 20_000, "{} words were looked at", most.get());
    for i in 0..500_000 {
        let (array, place) = field(&mut world, i);
        let one = world.read(array, place).lo as u32;
        let number = world.opaque().gc().header(one).0;
        assert!([world.types[1], world.types[2]].contains(&number));
    }
}

#[test]
fn long_lists_and_wide_arrays_are_kept_as_a_whole() {
    let mut world = World::new(&mut Config::new());
    let head = world.make(1, 0).unwrap();
    let mut head = world.opaque().gc().own(head);
    const LONG: u32 = 1_000_000;
    for i in 0..LONG {
        let node = world.make(1, 0).unwrap();
        let fields = world.fields(node);
        let next = world.opaque().gc().owned(&head).unwrap();
        world.write(node, fields[0], ValRaw::new(next.into()));
        world.write(node, fields[1], ValRaw::new(i.into()));
        head = world.opaque().gc().own(node);
    }
    let wide = world.make(STRUCTS, LONG).unwrap();
    let wide = world.opaque().gc().own(wide);
    for i in 0..LONG {
        let one = world.make(2, 0).unwrap();
        let array = world.opaque().gc().owned(&wide).unwrap();
        let (kind, first) = world.opaque().gc().shape(array).elements().unwrap();
        world.write(array, (u64::from(first) + 4 * u64::from(i), kind), ValRaw::new(one.into()));
    }
    drop(world.opaque().collect());
    let mut node = world.opaque().gc().owned(&head).unwrap();
    let fields = world.fields(node);
    for i in (0..LONG).rev() {
        assert_eq!(world.read(node, fields[1]).lo, u64::from(i));
        node = world.read(node, fields[0]).lo as u32;
    }
    assert_eq!(world.read(node, fields[0]).lo, 0);
    let array = world.opaque().gc().owned(&wide).unwrap();
    let elements = world.fields(array);
    assert!(elements.into_iter().all(|field| is_object(world.read(array, field).lo as u32)));
    // Nothing is left once nobody has it, and the memory goes back.
    let before = world.store.gc_heap_capacity();
    drop((head, wide));
    drop(world.opaque().collect());
    assert!(world.store.gc_heap_capacity() <= 4 << 20, "{} of {before}", world.store.gc_heap_capacity());
    assert!(before > 64 << 20);
}

#[test]
fn a_full_heap_is_an_error_and_the_store_goes_on() {
    let mut world = World::new(Config::new().gc_heap_max_size(8 << 20));
    let mut kept = Vec::new();
    let error = loop {
        match world.make(STRUCTS + 3, 100_000) {
            Ok(array) => kept.push(world.opaque().gc().own(array)),
            Err(error) => break error,
        }
    };
    let error = error.downcast::<GcHeapOutOfMemory<()>>().unwrap();
    assert_eq!(error.bytes_needed(), 100_008);
    assert!((35..=42).contains(&kept.len()), "{}", kept.len());
    assert!(world.store.gc(Some(&error)).is_err());
    kept.truncate(10);
    world.store.gc(Some(&error)).unwrap();
    world.make(STRUCTS + 3, 100_000).unwrap();
    // No heap has room for this one.
    let error = world.make(STRUCTS + 2, u32::MAX).unwrap_err();
    assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::AllocationTooLarge));
    assert!(kept.iter().all(|root| world.opaque().gc().owned(root).is_some()));
}

#[test]
fn the_limiter_is_asked_for_all_that_a_heap_takes() {
    let mut world = World::new(&mut Config::new());
    *world.store.data_mut() = StoreLimitsBuilder::new().memory_size(3 << 20).build();
    world.store.limiter(|limits| limits);
    let mut kept = Vec::new();
    while let Ok(array) = world.make(STRUCTS + 3, 10_000) {
        kept.push(world.opaque().gc().own(array));
    }
    // Half of it is for collections.
    assert!((145..=157).contains(&kept.len()), "{}", kept.len());
    assert!(world.store.gc_heap_capacity() <= 3 << 20);
    drop(kept);
    // Garbage needs no more.
    for _ in 0..10_000 {
        world.make(STRUCTS + 3, 10_000).unwrap();
    }
}

#[test]
fn values_of_the_host_live_as_long_as_somebody_has_them() {
    let mut world = World::new(&mut Config::new());
    let value = Arc::new(());
    let word = world.make_extern(Box::new(value.clone()));
    let handle = world.opaque().gc().root(word);
    let made: Vec<_> = (0..10_000).map(|_| world.make_extern(Box::new(value.clone()))).collect();
    assert!(made.iter().all(|&word| externs::index(word).is_some()));
    drop(made);
    drop(world.opaque().collect());
    assert!(Arc::strong_count(&value) < 100, "but for what the stack has left over: {}", Arc::strong_count(&value));
    assert!(world.opaque().gc().externs().value(word).is_some());
    assert_eq!(world.opaque().gc().get(handle.0, handle.1), Some(word));
    drop(world);
    assert_eq!(Arc::strong_count(&value), 1);
}

#[test]
fn an_object_is_the_same_value_outside_as_long_as_it_lives() {
    let mut world = World::new(&mut Config::new());
    let object = world.make(0, 0).unwrap();
    let inside = world.opaque().gc().own(object);
    let word = world.opaque().extern_of_any(object).unwrap();
    let outside = world.opaque().gc().own(word);
    for _ in 0..3 {
        drop(world.opaque().collect());
        let object = world.opaque().gc().owned(&inside).unwrap();
        assert_eq!(world.opaque().extern_of_any(object).unwrap(), word);
        assert_eq!(world.opaque().gc().any_of_extern(word), object);
    }
    // The reference outside is enough.
    drop(inside);
    drop(world.opaque().collect());
    let word = world.opaque().gc().owned(&outside).unwrap();
    let object = world.opaque().gc().any_of_extern(word);
    assert_eq!(world.opaque().gc().header(object).0, world.types[0]);
    for word in [0, 5 << 1 | gc::I31] {
        assert_eq!(world.opaque().extern_of_any(word).unwrap(), word);
        assert_eq!(world.opaque().gc().any_of_extern(word), word);
    }
}
