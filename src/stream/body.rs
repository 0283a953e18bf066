//! One function body to machine code, or an error. wasmparser has a say in some cases ([`super::verdict`]).

use super::judge::SharedJudge;
use super::resources::Resources;
use super::verdict::{self, Verdict};
use crate::code::Batch;
use crate::code::link::CallsByPart;
use crate::engine::{Config, Limits};
use crate::error::{CompileError, CompileErrorKind};
use headwater_codegen::{Body, Compiler, ModuleEnv, Records, Stop, Target};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use wasmparser::{FuncValidatorAllocations, WasmFeatures};

/// What the bodies of one module share.
#[derive(Debug)]
pub(super) struct BodyContext {
    pub env: Arc<ModuleEnv>,
    /// wasmparser's view of the module, once it was needed.
    resources: OnceLock<Resources>,
    judge: SharedJudge,
    features: WasmFeatures,
    limits: Limits,
    /// Whether wasmparser must judge each body, since the settings allow less than the compiler accepts.
    strict: bool,
}

impl BodyContext {
    pub fn new(env: Arc<ModuleEnv>, config: &Config, judge: &SharedJudge) -> BodyContext {
        BodyContext {
            env,
            resources: OnceLock::new(),
            judge: judge.clone(),
            features: config.features(),
            limits: *config.get_limits(),
            strict: config.restricts_bodies(),
        }
    }

    /// What wasmparser says about a body.
    fn judge(&self, func: u32, body: &Body<'_>, allocations: &mut FuncValidatorAllocations) -> Verdict {
        match self.resources() {
            Ok(resources) => verdict::judge(&self.env, resources, self.features, func, body, allocations),
            Err(error) => Verdict::Invalid(error),
        }
    }

    fn resources(&self) -> Result<&Resources, CompileError> {
        if self.resources.get().is_none() {
            let resources = self.judge.lock().resources(&self.env)?;
            // Another thread may have been quicker.
            self.resources.get_or_init(|| resources);
        }
        Ok(self.resources.get().expect("it was set"))
    }

    /// What wasmparser and the limits say about a body, before it is compiled.
    fn validate(
        &self,
        func: u32,
        body: &Body<'_>,
        allocations: &mut FuncValidatorAllocations,
    ) -> Result<(), CompileError> {
        let limit = |message: String| {
            CompileError::new(CompileErrorKind::Limit, message, Some(body.offset as usize), Some(func))
        };
        match self.judge(func, body, allocations) {
            Verdict::Valid { locals } if locals > self.limits.locals => {
                Err(limit(format!("locals count exceeds limit of {}", self.limits.locals)))
            }
            Verdict::Valid { .. } => Ok(()),
            Verdict::Invalid(e) => Err(e),
            Verdict::Unknown => Err(limit("function handles too many operands to be validated".to_string())),
            Verdict::Stopped => Err(CompileError::stopped()),
        }
    }
}

/// Why there is no machine code.
pub(super) enum BodyError {
    /// The memory provided is too short. Nothing was written to the records.
    OutOfRoom,
    Fault(CompileError),
}

/// Capacity for this many records is kept, about two megabytes; one huge function must not hold on to more.
const KEEP_RECORDS: usize = 256 << 10;

/// What one thread compiles with; reused from body to body and from module to module.
pub(crate) struct BodyCompiler {
    compiler: Compiler,
    /// What has accumulated since [`BodyCompiler::take_batch`].
    pub(super) records: Records,
    /// Empty but while calls are linked.
    pub(super) by_part: CallsByPart,
    map_operators: bool,
    allocations: FuncValidatorAllocations,
}

impl BodyCompiler {
    pub fn new(target: Target, map_operators: bool) -> BodyCompiler {
        let mut compiler = Compiler::new(target);
        compiler.map_operators(map_operators);
        let records = Records::default();
        BodyCompiler {
            compiler,
            records,
            by_part: CallsByPart::default(),
            map_operators,
            allocations: FuncValidatorAllocations::default(),
        }
    }

    /// The records, of the machine code at `code` of a module with `imported` imported functions, without the calls, which
    /// are linked. None of them are left behind.
    pub(super) fn take_batch(&mut self, code: Range<u32>, imported: u32) -> Batch {
        let batch = Batch::new(code, &self.records, self.compiler.target().isa, imported);
        self.clear_records();
        batch
    }

    /// Forgets the records.
    pub(super) fn clear_records(&mut self) {
        let Records { funcs, calls, sites, operators, pins, handlers, clauses, handled, ref_slots, ref_sites } =
            &self.records;
        let entries = funcs.capacity()
            + calls.capacity()
            + sites.capacity()
            + operators.capacity()
            + pins.capacity()
            + handlers.capacity()
            + clauses.capacity()
            + handled.capacity()
            + ref_slots.capacity()
            + ref_sites.capacity();
        if entries > KEEP_RECORDS {
            self.records = Records::default();
        }
        self.records.clear();
        // Whoever panicked while calls were linked may have left some.
        self.by_part.iter_mut().for_each(Vec::clear);
    }

    /// Compiles `body`, of function `func`, to the start of `code`, which is `at` bytes into the module's code; the
    /// machine code's length is returned. The records are appended to. A panic in the compiler becomes an internal
    /// error.
    pub(super) fn compile(
        &mut self,
        context: &BodyContext,
        func: u32,
        body: Body<'_>,
        code: &mut [u8],
        at: u32,
    ) -> Result<usize, BodyError> {
        // After a panic the compiler starts afresh, and the stream, which owns the rest, is over.
        let compile = AssertUnwindSafe(|| self.compile_unguarded(context, func, body, code, at));
        catch_unwind(compile).unwrap_or_else(|panic| {
            *self = BodyCompiler::new(self.compiler.target(), self.map_operators);
            Err(BodyError::Fault(CompileError::panicked(&*panic, Some(body.offset as usize), Some(func))))
        })
    }

    fn compile_unguarded(
        &mut self,
        context: &BodyContext,
        func: u32,
        body: Body<'_>,
        code: &mut [u8],
        at: u32,
    ) -> Result<usize, BodyError> {
        if context.strict {
            context.validate(func, &body, &mut self.allocations).map_err(BodyError::Fault)?;
        }
        let result = self.compiler.compile(&context.env, func, body, code, at, &mut self.records);
        if cfg!(debug_assertions)
            && result.is_ok()
            && let Verdict::Invalid(e) = context.judge(func, &body, &mut self.allocations)
        {
            panic!("the fused validator accepts what wasmparser rejects, in function {func}: {e}");
        }
        let error = |kind, message: &str, at: u32| CompileError::new(kind, message, Some(at as usize), Some(func));
        Err(BodyError::Fault(match result {
            Ok(len) => return Ok(len),
            Err(Stop::OutOfRoom) => return Err(BodyError::OutOfRoom),
            Err(Stop::TooLarge) => error(CompileErrorKind::Limit, "function is too large to compile", body.offset),
            Err(Stop::Stopped) => CompileError::stopped(),
            Err(Stop::Invalid(at)) => match context.judge(func, &body, &mut self.allocations) {
                Verdict::Invalid(e) => e,
                Verdict::Unknown => error(CompileErrorKind::Invalid, "the function's body is not valid", at),
                Verdict::Stopped => CompileError::stopped(),
                Verdict::Valid { .. } => match verdict::missing(context.features, func, &body) {
                    Some(e) => e,
                    None => {
                        debug_assert!(
                            false,
                            "the fused validator rejects what wasmparser accepts, in function {func} at {at:#x}"
                        );
                        error(CompileErrorKind::Internal, "the compiler rejects a valid function", at)
                    }
                },
            },
        }))
    }
}

impl std::fmt::Debug for BodyCompiler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BodyCompiler").finish_non_exhaustive()
    }
}
