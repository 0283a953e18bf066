//! `headwater compile` and `headwater validate`.

use crate::args::{CompileArgs, ValidateArgs};
use crate::feed::{self, Compiled};
use crate::source::Source;
use crate::timeline::Timeline;
use crate::{Outcome, picture, progress, target, units};
use anyhow::Context;
use headwater::{Target, printable};
use std::io::Write;
use std::time::Duration;

/// The name of the target in reports: `x86_64-linux+sse42+avx`.
pub fn target_name(target: Target) -> String {
    let features: String = target.features().map(|feature| format!("+{feature}")).collect();
    format!("{}-{}{features}", target.name(), std::env::consts::OS)
}

pub fn run(args: &CompileArgs) -> Outcome {
    let target = target::target(args.target, args.cpu.as_ref())?;
    let engine = feed::engine(args.threads, |config| {
        if let Some(target) = target {
            config.compile_for(target);
        }
        config.epoch_interruption(args.for_timeout).consume_fuel(args.for_fuel);
    })?;
    let mut source = Source::open(&args.module)?;
    if let Some(rate) = args.throttle {
        source = source.throttled(rate);
    }
    let line = progress::line(source.size);
    let name = source.name.clone();
    let target = target_name(engine.target());
    let compiled = match &args.timeline {
        Some(file) => {
            let timeline = Timeline::default();
            let compiled = feed::record(&engine, source, args.chunk as usize, line, &timeline)?;
            let caption = picture::Caption {
                name,
                size: compiled.module.compile_stats().wasm_bytes,
                target: target.clone(),
                ready: compiled.ready,
                last_byte: compiled.ready - compiled.tail,
            };
            picture::write(&timeline.take(), &caption, file)?;
            compiled
        }
        None => feed::compile(&engine, source, args.chunk as usize, line)?,
    };
    if let Some(file) = &args.output {
        compiled.module.serialize_file(file).with_context(|| printable::name(&file.to_string_lossy()).to_string())?;
    }
    let report = if args.json { json(&compiled, &target) } else { text(&compiled, &target) };
    std::io::stdout().write_all(report.as_bytes())?;
    Ok(0)
}

fn json(compiled: &Compiled, target: &str) -> String {
    let stats = compiled.module.compile_stats();
    format!(
        "{{\"wasm_bytes\":{},\"code_section_bytes\":{},\"functions\":{},\"machine_code_bytes\":{},\"compile_ns\":{},\
         \"wall_ns\":{},\"tail_ns\":{},\"threads\":{},\"target\":\"{}\"}}\n",
        stats.wasm_bytes,
        stats.code_section_bytes,
        stats.functions,
        stats.machine_code_bytes,
        stats.compile_ns,
        compiled.wall.as_nanos(),
        compiled.tail.as_nanos(),
        compiled.module.engine().config().get_compile_threads(),
        target,
    )
}

fn text(compiled: &Compiled, target: &str) -> String {
    let stats = compiled.module.compile_stats();
    let busy = Duration::from_nanos(stats.compile_ns);
    let rate = stats.code_section_bytes as f64 / busy.as_secs_f64().max(1e-9);
    let ratio = stats.machine_code_bytes as f64 / (stats.code_section_bytes as f64).max(1.0);
    format!(
        "module        {}, of which {} code in {} functions\n\
         machine code  {} for {} ({ratio:.2} bytes per byte)\n\
         compiling     {} ({}/s)\n\
         ready         {} after the first byte, {} after the last\n",
        units::bytes(stats.wasm_bytes),
        units::bytes(stats.code_section_bytes),
        stats.functions,
        units::bytes(stats.machine_code_bytes),
        target,
        units::duration(busy),
        units::bytes(rate as u64),
        units::duration(compiled.wall),
        units::duration(compiled.tail),
    )
}

pub fn validate(args: &ValidateArgs) -> Outcome {
    let engine = feed::engine(None, |_| {})?;
    let source = Source::open(&args.module)?;
    let name = source.name.clone();
    let line = progress::line(source.size);
    feed::compile(&engine, source, feed::CHUNK, line)?;
    writeln!(std::io::stdout(), "{name}: valid")?;
    Ok(0)
}
