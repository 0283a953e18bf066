//! Runs a program on the plain graph and in the engine, and compares what can be seen of both.

use super::generate::{ENTRY, FUEL};
use super::model::{Flow, Model, Val as Plain, Word};
use super::program::Program;
use headwater::{
    AnyRef, AsContextMut, Caller, Config, Engine, ExternRef, Func, Instance, Module, Rooted, Store, Tag,
    ThrownException, Trap, Val,
};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

/// What the compared programs did.
#[derive(Default, Debug)]
pub struct Seen {
    pub calls: usize,
    pub returned: usize,
    pub trapped: BTreeMap<String, usize>,
    pub thrown: usize,
    pub objects: usize,
}

/// How often each function is called.
const ROUNDS: usize = 2;
/// References that the host keeps.
const KEPT: usize = 6;

/// What each call gave and left, as the model has it.
fn expected(program: &Program, seen: &mut Seen) -> Vec<String> {
    let mut model = Model::new(program);
    let mut shown = Vec::new();
    let mut kept: [Vec<Plain>; 2] = std::array::from_fn(|_| vec![Plain::Ref(Word::Null)]);
    kept[1].push(Plain::Ref(Word::Host(7)));
    let first = program.funcs.len() - program.entries;
    for round in 0..ROUNDS * program.entries {
        let func = first + round % program.entries;
        (model.fuel, model.notes) = (FUEL, 0);
        let args = vec![kept[0][round % kept[0].len()], kept[1][round % kept[1].len()], Plain::I32(round as i32)];
        let outcome = model.call(func, args);
        let mut text = Shown::default();
        seen.calls += 1;
        match &outcome {
            Ok(results) => {
                seen.returned += 1;
                results.iter().for_each(|val| text.plain(&model, *val));
                for (val, ty) in results.iter().zip(program.types.signature(program.funcs[func].ty).1) {
                    if let Some(i) = ENTRY[..2].iter().position(|&param| program.types.fits(*ty, param)) {
                        kept[i].push(*val);
                    }
                }
                kept.iter_mut().for_each(|kept| kept.truncate(KEPT));
            }
            Err(Flow::Trap(trap)) => {
                *seen.trapped.entry(format!("{trap:?}")).or_default() += 1;
                write!(text.0, "{trap:?}").unwrap();
            }
            Err(Flow::Throw(exception)) => {
                seen.thrown += 1;
                text.plain(&model, Plain::Ref(Word::Exception(*exception)));
            }
            Err(flow) => unreachable!("{flow:?} leaves no function"),
        }
        write!(text.0, " notes {} fuel {}:", model.notes, model.fuel).unwrap();
        model.globals.iter().for_each(|&val| text.plain(&model, val));
        model.tables.iter().flatten().for_each(|&val| text.plain(&model, val));
        shown.push(text.0);
    }
    seen.objects += model.objects.len();
    shown
}

/// Values as text: each object with its fields where it comes first, by its number after that. Exceptions have no number
/// that the host could see; they are in no circle without an object.
#[derive(Default)]
struct Shown(String, HashMap<usize, usize>);

impl Shown {
    /// Whether this is the first time; shows its number otherwise.
    fn begins(&mut self, id: usize) -> bool {
        let next = self.1.len();
        let number = *self.1.entry(id).or_insert(next);
        write!(self.0, " #{number}").unwrap();
        number == next
    }

    fn plain(&mut self, model: &Model<'_>, val: Plain) {
        match val {
            Plain::I32(n) => write!(self.0, " {n}").unwrap(),
            Plain::I64(n) => write!(self.0, " {n}").unwrap(),
            Plain::F32(n) => write!(self.0, " f{n}").unwrap(),
            Plain::F64(n) => write!(self.0, " f{n}").unwrap(),
            Plain::V128(n) => write!(self.0, " v{n}").unwrap(),
            Plain::Ref(Word::Null) => self.0 += " null",
            Plain::Ref(Word::I31(n)) => write!(self.0, " i31 {n}").unwrap(),
            Plain::Ref(Word::Host(n)) => write!(self.0, " host {n}").unwrap(),
            Plain::Ref(Word::Func(n)) => write!(self.0, " func {n}").unwrap(),
            Plain::Ref(Word::Exception(n)) => {
                let (tag, fields) = &model.exceptions[n];
                write!(self.0, " tag {tag}(").unwrap();
                fields.iter().for_each(|&val| self.plain(model, val));
                self.0 += ")";
            }
            Plain::Ref(Word::Object(n)) => {
                if self.begins(n) {
                    self.0 += " (";
                    model.objects[n].fields.iter().for_each(|&val| self.plain(model, val));
                    self.0 += ")";
                }
            }
        }
    }
}

/// The program in the engine.
struct Run {
    store: Store<()>,
    instance: Instance,
    funcs: Vec<Func>,
    tags: Vec<Tag>,
    shown: Shown,
}

impl Run {
    fn new(program: &Program, wasm: &[u8], modes: &str) -> Run {
        let mut config = Config::new();
        config.compile_threads(0).max_wasm_stack(16 << 20).test_modes(modes);
        config.test_modes(&std::env::var("HEADWATER_TEST_MODES").unwrap_or_default());
        let engine = Engine::new(&config).unwrap();
        let module = Module::new(&engine, wasm).unwrap();
        let mut store = Store::new(&engine, ());
        let collect = Func::wrap(&mut store, |mut caller: Caller<'_, ()>| caller.gc(None));
        let identity = Func::wrap(&mut store, |mut caller: Caller<'_, ()>, any: Option<Rooted<AnyRef>>| {
            caller.gc(None)?;
            Ok(any)
        });
        let instance = Instance::new(&mut store, &module, &[collect.into(), identity.into()]).unwrap();
        let funcs =
            (0..program.funcs.len()).map(|i| instance.get_func(&mut store, &format!("f{i}")).unwrap()).collect();
        let tags = (0..program.tags.len()).map(|i| instance.get_tag(&mut store, &format!("tag{i}")).unwrap()).collect();
        Run { store, instance, funcs, tags, shown: Shown::default() }
    }

    fn any(&mut self, any: Rooted<AnyRef>) {
        let store = &mut self.store;
        if let Some(n) = any.as_i31(&*store).unwrap() {
            return write!(self.shown.0, " i31 {}", n.get_u32()).unwrap();
        }
        let fields: Vec<Val> = if let Some(object) = any.as_struct(&*store).unwrap() {
            object.fields(store.as_context_mut()).unwrap().collect()
        } else if let Some(array) = any.as_array(&*store).unwrap() {
            array.elems(store.as_context_mut()).unwrap().collect()
        } else {
            let external = ExternRef::convert_any(store.as_context_mut(), any).unwrap();
            return self.host(external);
        };
        let id = any.to_raw(store).unwrap();
        if self.shown.begins(id as usize) {
            self.shown.0 += " (";
            fields.into_iter().for_each(|val| self.val(val));
            self.shown.0 += ")";
        }
    }

    fn host(&mut self, external: Rooted<ExternRef>) {
        let n = external.data(&self.store).unwrap().unwrap().downcast_ref::<u32>().unwrap();
        write!(self.shown.0, " host {n}").unwrap();
    }

    fn val(&mut self, val: Val) {
        let text = &mut self.shown.0;
        match val {
            Val::I32(n) => write!(text, " {n}").unwrap(),
            Val::I64(n) => write!(text, " {n}").unwrap(),
            Val::F32(n) => write!(text, " f{n}").unwrap(),
            Val::F64(n) => write!(text, " f{n}").unwrap(),
            Val::V128(n) => write!(text, " v{}", n.as_u128()).unwrap(),
            Val::FuncRef(Some(func)) => {
                let n = self.funcs.iter().position(|&other| other == func).expect("functions are the module's");
                write!(text, " func {n}").unwrap();
            }
            Val::ExternRef(Some(external)) => {
                let any = AnyRef::convert_extern(&mut self.store, external).unwrap();
                self.any(any);
            }
            Val::AnyRef(Some(any)) => self.any(any),
            Val::ExnRef(Some(exception)) => {
                let store = &mut self.store;
                let fields: Vec<Val> = exception.fields(store.as_context_mut()).unwrap().collect();
                let tag = exception.tag(store.as_context_mut()).unwrap();
                let tag = self.tags.iter().position(|other| Tag::eq(other, &tag, &*store)).expect("it is the module's");
                write!(self.shown.0, " tag {tag}(").unwrap();
                fields.into_iter().for_each(|val| self.val(val));
                self.shown.0 += ")";
            }
            _ => *text += " null",
        }
    }

    fn global(&mut self, name: &str) -> Val {
        self.instance.get_global(&mut self.store, name).unwrap().get(&mut self.store)
    }

    fn set(&mut self, name: &str, n: i32) {
        let global = self.instance.get_global(&mut self.store, name).unwrap();
        global.set(&mut self.store, Val::I32(n)).unwrap();
    }

    fn all(&mut self, program: &Program) -> Vec<String> {
        let mut shown = Vec::new();
        let host = ExternRef::new(&mut self.store, 7u32).unwrap();
        let mut kept = [vec![Val::AnyRef(None)], vec![Val::ExternRef(None), Val::ExternRef(Some(host))]];
        let first = program.funcs.len() - program.entries;
        for round in 0..ROUNDS * program.entries {
            let index = first + round % program.entries;
            self.set("fuel", FUEL);
            self.set("notes", 0);
            let args = [kept[0][round % kept[0].len()], kept[1][round % kept[1].len()], Val::I32(round as i32)];
            let types = program.types.signature(program.funcs[index].ty).1;
            let mut results = vec![Val::I32(0); types.len()];
            let outcome = self.funcs[index].call(&mut self.store, &args, &mut results);
            self.shown = Shown::default();
            match outcome {
                Ok(()) => {
                    results.iter().for_each(|&val| self.val(val));
                    for (&val, ty) in results.iter().zip(types) {
                        if let Some(i) = ENTRY[..2].iter().position(|&param| program.types.fits(*ty, param)) {
                            kept[i].push(val);
                        }
                    }
                    kept.iter_mut().for_each(|kept| kept.truncate(KEPT));
                }
                Err(error) if error.is::<ThrownException>() => {
                    let exception = self.store.take_pending_exception().unwrap();
                    self.val(Val::ExnRef(Some(exception)));
                }
                Err(error) => match error.downcast_ref::<Trap>() {
                    Some(trap) => write!(self.shown.0, "{trap:?}").unwrap(),
                    None => panic!("{error:?}"),
                },
            }
            let [notes, fuel] = ["notes", "fuel"].map(|name| self.global(name).unwrap_i32());
            write!(self.shown.0, " notes {notes} fuel {fuel}:").unwrap();
            for i in 0..program.globals.len() {
                let val = self.global(&format!("g{i}"));
                self.val(val);
            }
            for (i, &(_, len)) in program.tables.iter().enumerate() {
                let table = self.instance.get_table(&mut self.store, &format!("table{i}")).unwrap();
                for entry in 0..len as u64 {
                    let entry = table.get(&mut self.store, entry).unwrap();
                    self.val(entry.into());
                }
            }
            shown.push(std::mem::take(&mut self.shown).0);
        }
        shown
    }
}

/// Panics where the engine in one of the modes does not do what the model does.
pub fn compare(number: u64, program: &Program, modes: &[&str], seen: &mut Seen) {
    let expected = expected(program, seen);
    let text = program.text();
    let wasm = wat::parse_str(&text).unwrap_or_else(|error| panic!("program {number}: {error}"));
    for modes in modes {
        let found = Run::new(program, &wasm, modes).all(program);
        for (call, (found, expected)) in found.iter().zip(&expected).enumerate() {
            assert_eq!(found, expected, "program {number}, call {call}, with {modes:?}; its text:\n{text}");
        }
    }
}
