//! Executes the directives of one script, in order, in one store; those of a thread in a thread with a store of its own.

use crate::{Failure, Options, Report, spectest, values};
use headwater::{
    CompileErrorKind, Engine, Error, Instance, Linker, Module, SharedMemory, Store, StreamingCompiler, ThrownException,
    Trap, Val,
};
use std::collections::HashMap;
use std::pin::pin;
use std::task::{self, Poll, Waker};
use std::thread::{Scope, ScopedJoinHandle};
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::token::Id;
use wast::{QuoteWat, QuoteWatTest, Wast, WastDirective, WastExecute, WastInvoke, WastThread, Wat};

/// Runs the script `text`; `file` is how failures name it.
///
/// Returns an error if the script cannot be parsed or the engine cannot be set up.
pub fn run_script(file: &str, text: &str, options: &Options) -> headwater::Result<Report> {
    let text = &*crate::legacy::unfold(text);
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let locate = |mut e: wast::Error| {
        e.set_path(std::path::Path::new(file));
        e.set_text(text);
        Error::from(e)
    };
    let buffer = ParseBuffer::new_with_lexer(lexer).map_err(locate)?;
    let script = parser::parse::<Wast<'_>>(&buffer).map_err(locate)?;

    let engine = Engine::new(&options.config)?;
    std::thread::scope(|scope| {
        let script_of = Script { file, text, check_streaming: options.check_streaming };
        Ok(Context::new(script_of, engine, scope, HashMap::new())?.run(script.directives))
    })
}

/// What all threads of a script have in common.
#[derive(Copy, Clone)]
struct Script<'a> {
    file: &'a str,
    text: &'a str,
    check_streaming: bool,
}

/// Modules of which a thread was given the shared memories that they export.
type SharedModules<'a> = HashMap<Id<'a>, Vec<(String, SharedMemory)>>;

/// Messages are one line; what follows the first (a backtrace, an excerpt) is dropped.
fn one_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_string()
}

/// Everything that the directives of a script, or of one of its threads, share.
struct Context<'scope, 'env, 'a> {
    script: Script<'a>,
    scope: &'scope Scope<'scope, 'env>,
    /// Those that have begun and that nobody waited for.
    threads: HashMap<Id<'a>, ScopedJoinHandle<'scope, Report>>,
    shared_modules: SharedModules<'a>,
    engine: Engine,
    store: Store<()>,
    linker: Linker<()>,
    modules: HashMap<Id<'a>, Module>,
    instances: HashMap<Id<'a>, Instance>,
    /// The module of a directive that does not name one.
    latest_module: Option<Module>,
    latest_instance: Option<Instance>,
}

/// Why there is no module.
enum Rejection {
    /// The text does not parse.
    Text(wast::Error),
    /// The engine rejects the bytes.
    Module(headwater::CompileError),
    /// The outcome depends on how the bytes arrive.
    Streaming(String),
}

impl std::fmt::Display for Rejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Rejection::Text(e) => f.write_str(&e.message()),
            Rejection::Module(e) => e.fmt(f),
            Rejection::Streaming(message) => f.write_str(message),
        }
    }
}

type Verdict = Result<(), String>;

impl<'scope, 'a: 'scope> Context<'scope, '_, 'a> {
    fn new<'env>(
        script: Script<'a>,
        engine: Engine,
        scope: &'scope Scope<'scope, 'env>,
        shared_modules: SharedModules<'a>,
    ) -> headwater::Result<Context<'scope, 'env, 'a>> {
        let mut store = Store::new(&engine, ());
        let linker = spectest::link(&engine, &mut store)?;
        Ok(Context {
            script,
            scope,
            threads: HashMap::new(),
            shared_modules,
            engine,
            store,
            linker,
            modules: HashMap::new(),
            instances: HashMap::new(),
            latest_module: None,
            latest_instance: None,
        })
    }

    fn run(mut self, directives: Vec<WastDirective<'a>>) -> Report {
        let mut report = Report::default();
        for directive in directives {
            let line = directive.span().linecol_in(self.script.text).0 + 1;
            let verdict = match directive {
                WastDirective::Wait { thread, .. } => self.wait(thread, &mut report),
                directive => self.directive(directive),
            };
            match verdict {
                Ok(()) => report.passed += 1,
                Err(message) => {
                    let file = self.script.file.into();
                    report.failures.push(Failure { file, line, message: one_line(&message) });
                }
            }
        }
        report
    }

    /// Begins a thread. It has the shared memories that the module exports that it is given.
    fn thread(&mut self, thread: WastThread<'a>) -> Verdict {
        let mut shared = SharedModules::new();
        if let Some(name) = thread.shared_module {
            let instance = self.instance(Some(name))?;
            let exports = instance.exports(&mut self.store).map(|e| (e.name().to_string(), e.into_extern()));
            let memories = exports.filter_map(|(name, item)| Some((name, item.into_shared_memory()?)));
            shared.insert(name, memories.collect());
        }
        let context = Context::new(self.script, self.engine.clone(), self.scope, shared);
        let context = context.map_err(|e| format!("{e:#}"))?;
        let handle = self.scope.spawn(move || context.run(thread.directives));
        self.threads.insert(thread.name, handle);
        Ok(())
    }

    /// Waits for a thread; what it found counts.
    fn wait(&mut self, thread: Id<'a>, report: &mut Report) -> Verdict {
        let handle = self.threads.remove(&thread).ok_or("there is no such thread")?;
        let its = handle.join().map_err(|_| "the thread panicked")?;
        report.passed += its.passed;
        report.failures.extend(its.failures);
        Ok(())
    }

    fn directive(&mut self, directive: WastDirective<'a>) -> Verdict {
        match directive {
            WastDirective::Module(module) => {
                let name = name_of(&module);
                // What follows must not run against an earlier module if this one fails.
                self.latest_instance = None;
                let module = self.compile(module).map_err(|e| format!("the module should be valid: {e}"))?;
                let instance = self.instantiate(&module).map_err(|e| format!("the module should link: {e:#}"))?;
                self.remember(name, instance);
                Ok(())
            }
            WastDirective::ModuleDefinition(module) => {
                let name = name_of(&module);
                let module = self.compile(module).map_err(|e| format!("the module should be valid: {e}"))?;
                self.latest_module = Some(module.clone());
                self.modules.extend(name.map(|name| (name, module)));
                Ok(())
            }
            WastDirective::ModuleInstance { instance, module, .. } => {
                let module = match module {
                    Some(name) => self.modules.get(&name).cloned(),
                    None => self.latest_module.clone(),
                };
                let module = module.ok_or("there is no such module")?;
                let new = self.instantiate(&module).map_err(|e| format!("the module should link: {e:#}"))?;
                self.remember(instance, new);
                Ok(())
            }
            WastDirective::Register { name, module, .. } => {
                if let Some(memories) = module.and_then(|module| self.shared_modules.get(&module)) {
                    for (field, memory) in memories {
                        let defined = self.linker.define(&mut self.store, name, field, memory.clone());
                        defined.map_err(|e| format!("{e:#}"))?;
                    }
                    return Ok(());
                }
                let instance = self.instance(module)?;
                self.linker.instance(&mut self.store, name, instance).map_err(|e| format!("{e:#}"))?;
                Ok(())
            }
            WastDirective::Invoke(invoke) => match self.invoke(&invoke)? {
                Ok(_) => Ok(()),
                Err(e) => Err(format!("the call should return: {e:#}")),
            },
            WastDirective::AssertReturn { exec, results, .. } => match self.execute(exec)? {
                Ok(actual) => values::check_results(&mut self.store, &results, &actual),
                Err(e) => Err(format!("expected a result: {e:#}")),
            },
            WastDirective::AssertTrap { exec, message, .. } => match self.execute(exec)? {
                Ok(actual) => Err(format!("expected the trap `{message}`, got {} result(s)", actual.len())),
                Err(e) => check_trap(&e, message),
            },
            WastDirective::AssertExhaustion { call, message, .. } => match self.invoke(&call)? {
                Ok(actual) => Err(format!("expected the trap `{message}`, got {} result(s)", actual.len())),
                Err(e) => check_trap(&e, message),
            },
            WastDirective::AssertUnlinkable { module, message, .. } => {
                let module =
                    self.compile(QuoteWat::Wat(module)).map_err(|e| format!("the module should be valid: {e}"))?;
                match self.instantiate(&module) {
                    Ok(_) => Err(format!("linked, expected the error `{message}`")),
                    Err(e) if e.downcast_ref::<Trap>().is_some() => Err(format!("expected a link error, got {e:#}")),
                    Err(e) if format!("{e:#}").contains(message) => Ok(()),
                    Err(e) => Err(format!("expected the error `{message}`, got {e:#}")),
                }
            }
            WastDirective::AssertInvalid { module, message, .. }
            | WastDirective::AssertMalformed { module, message, .. }
            | WastDirective::AssertInvalidCustom { module, message, .. }
            | WastDirective::AssertMalformedCustom { module, message, .. } => self.check_rejected(module, message),
            WastDirective::AssertException { exec, .. } => match self.execute(exec)? {
                Ok(_) => Err("expected an exception, got a result".into()),
                Err(e) if e.downcast_ref::<ThrownException>().is_some() => match self.store.take_pending_exception() {
                    Some(_) => Ok(()),
                    None => Err("expected an exception, but none is pending".into()),
                },
                Err(e) => Err(format!("expected an exception, got {e:#}")),
            },
            WastDirective::AssertSuspension { .. } => Err("stack switching is not supported".into()),
            WastDirective::Thread(thread) => self.thread(thread),
            WastDirective::Wait { .. } => unreachable!("`run` waits"),
        }
    }

    fn check_rejected(&mut self, module: QuoteWat<'a>, message: &str) -> Verdict {
        match self.compile(module) {
            Ok(_) => Err(format!("accepted, expected the error `{message}`")),
            Err(Rejection::Text(_)) => Ok(()),
            Err(Rejection::Module(e)) => match e.kind() {
                CompileErrorKind::Invalid | CompileErrorKind::Unsupported { .. } | CompileErrorKind::Limit => Ok(()),
                _ => Err(format!("expected the error `{message}`, got {e}")),
            },
            Err(e @ Rejection::Streaming(_)) => Err(e.to_string()),
        }
    }

    fn compile(&self, mut module: QuoteWat<'a>) -> Result<Module, Rejection> {
        let bytes = match module.to_test().map_err(Rejection::Text)? {
            QuoteWatTest::Binary(bytes) => bytes,
            QuoteWatTest::Text(text) => assemble(&text)?,
        };
        let module = Module::from_binary(&self.engine, &bytes);
        if self.script.check_streaming {
            self.compare_with_streaming(&bytes, module.as_ref().err())?;
        }
        module.map_err(Rejection::Module)
    }

    /// Compiles in small pieces; the outcome must be the same as in one piece.
    fn compare_with_streaming(
        &self,
        bytes: &[u8],
        expected: Option<&headwater::CompileError>,
    ) -> Result<(), Rejection> {
        let piece = if bytes.len() <= 4096 { 1 } else { 1021 };
        let mut compiler = StreamingCompiler::new(&self.engine);
        let pushed = bytes.chunks(piece).try_for_each(|piece| compiler.push(piece));
        let outcome = pushed.and_then(|()| compiler.finish().map(drop));
        let (expected, outcome) = (expected.map(ToString::to_string), outcome.err().map(|e| e.to_string()));
        if expected == outcome {
            return Ok(());
        }
        let show = |e: Option<String>| e.unwrap_or_else(|| "success".into());
        let (whole, pieces) = (show(expected), show(outcome));
        Err(Rejection::Streaming(format!("in one piece: {whole}; in pieces of {piece} byte(s): {pieces}")))
    }

    fn instantiate(&mut self, module: &Module) -> headwater::Result<Instance> {
        match self.engine.config().wants_fibers() {
            true => at_once(self.linker.instantiate_async(&mut self.store, module)),
            false => self.linker.instantiate(&mut self.store, module),
        }
    }

    fn remember(&mut self, name: Option<Id<'a>>, instance: Instance) {
        self.latest_instance = Some(instance);
        self.instances.extend(name.map(|name| (name, instance)));
    }

    fn instance(&self, name: Option<Id<'a>>) -> Result<Instance, String> {
        match name {
            Some(name) => self.instances.get(&name).copied(),
            None => self.latest_instance,
        }
        .ok_or_else(|| "there is no such instance".into())
    }

    /// The outer result is about the script, the inner one is the outcome of the execution itself.
    fn execute(&mut self, exec: WastExecute<'a>) -> Result<headwater::Result<Vec<Val>>, String> {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke),
            WastExecute::Wat(module) => {
                let module =
                    self.compile(QuoteWat::Wat(module)).map_err(|e| format!("the module should be valid: {e}"))?;
                Ok(self.instantiate(&module).map(|_| Vec::new()))
            }
            WastExecute::Get { module, global, .. } => {
                let instance = self.instance(module)?;
                let found = instance.get_global(&mut self.store, global);
                let found = found.ok_or_else(|| format!("there is no exported global `{global}`"))?;
                Ok(Ok(vec![found.get(&mut self.store)]))
            }
        }
    }

    fn invoke(&mut self, invoke: &WastInvoke<'a>) -> Result<headwater::Result<Vec<Val>>, String> {
        let name = invoke.name;
        let instance = self.instance(invoke.module)?;
        let func = instance.get_func(&mut self.store, name);
        let func = func.ok_or_else(|| format!("there is no exported function `{name}`"))?;
        let args: headwater::Result<Vec<Val>> =
            invoke.args.iter().map(|arg| values::argument(&mut self.store, arg)).collect();
        let args = args.map_err(|e| format!("{e:#}"))?;
        let mut results = vec![Val::I32(0); func.ty(&self.store).results().len()];
        let outcome = match self.engine.config().wants_fibers() {
            true => at_once(func.call_async(&mut self.store, &args, &mut results)),
            false => func.call(&mut self.store, &args, &mut results),
        };
        Ok(outcome.map(|()| results))
    }
}

/// What a future gives that does not wait.
fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut task::Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("scripts have nothing to wait for"),
    }
}

fn name_of<'a>(module: &QuoteWat<'a>) -> Option<Id<'a>> {
    match module {
        QuoteWat::Wat(Wat::Module(module)) => module.id,
        QuoteWat::Wat(Wat::Component(component)) => component.id,
        QuoteWat::QuoteModule(..) | QuoteWat::QuoteComponent(..) => None,
    }
}

/// The module of a quoted text.
fn assemble(text: &[u8]) -> Result<Vec<u8>, Rejection> {
    let text = std::str::from_utf8(text)
        .map_err(|_| Rejection::Text(wast::Error::new(wast::token::Span::from_offset(0), "malformed UTF-8".into())))?;
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer).map_err(Rejection::Text)?;
    let mut module = parser::parse::<Wat<'_>>(&buffer).map_err(Rejection::Text)?;
    module.encode().map_err(Rejection::Text)
}

/// Whether an error is the trap that the suite describes as `message`.
fn check_trap(error: &Error, message: &str) -> Verdict {
    let Some(trap) = error.downcast_ref::<Trap>() else {
        return Err(format!("expected the trap `{message}`, got {error:#}"));
    };
    let texts = suite_texts(*trap);
    // Some assertions say more than the specification requires ("uninitialized element 2"), some less.
    if texts.iter().any(|text| message.starts_with(text) || text.starts_with(message)) {
        return Ok(());
    }
    Err(format!("expected the trap `{message}`, got `{trap}`"))
}

/// The suite's name of a trap.
fn suite_texts(trap: Trap) -> &'static [&'static str] {
    match trap {
        Trap::UnreachableCodeReached => &["unreachable"],
        Trap::MemoryOutOfBounds => &["out of bounds memory access"],
        Trap::TableOutOfBounds => &["out of bounds table access", "undefined element"],
        Trap::IndirectCallToNull => &["uninitialized element"],
        Trap::BadSignature => &["indirect call type mismatch"],
        Trap::IntegerOverflow => &["integer overflow"],
        Trap::IntegerDivisionByZero => &["integer divide by zero"],
        Trap::BadConversionToInteger => &["invalid conversion to integer"],
        Trap::StackOverflow => &["call stack exhausted"],
        Trap::HeapMisaligned => &["unaligned atomic"],
        Trap::AtomicWaitNonSharedMemory => &["expected shared memory"],
        Trap::NullReference => &[
            "null reference",
            "null function reference",
            "null structure reference",
            "null array reference",
            "null i31 reference",
        ],
        Trap::ArrayOutOfBounds => &["out of bounds array access"],
        Trap::CastFailure => &["cast failure"],
        _ => &[],
    }
}
