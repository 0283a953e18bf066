//! The options `--target` and `--cpu`: what machine code is made for.

use anyhow::{bail, ensure};
use headwater::{Isa, Target};

/// An instruction set to generate code for.
#[derive(Copy, Clone, Debug, clap::ValueEnum)]
pub enum TargetArg {
    #[value(name = "x86-64", alias = "x86_64")]
    X64,
    #[value(name = "aarch64", alias = "arm64")]
    Aarch64,
}

impl TargetArg {
    /// The target of this instruction set: this machine, if it has that instruction set.
    fn target(self) -> Target {
        let (isa, plain) = match self {
            TargetArg::X64 => (Isa::X64, Target::X64_BASELINE),
            TargetArg::Aarch64 => (Isa::Aarch64, Target::AARCH64),
        };
        Target::host().filter(|host| host.isa == isa).unwrap_or(plain)
    }
}

/// Which optional features of processors code uses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cpu {
    /// Those of this machine.
    Native,
    /// These.
    Features(Vec<String>),
}

impl Cpu {
    /// The features of the option: `native`, or a list in which `baseline` says nothing.
    pub fn parse(text: &str) -> Result<Cpu, String> {
        if text == "native" {
            return Ok(Cpu::Native);
        }
        let names: Vec<String> = text.split(',').filter(|name| *name != "baseline").map(str::to_owned).collect();
        // Of any instruction set; whether it is that of the target is seen later.
        let known = [Target::X64_ALL.feature_names(), Target::AARCH64.feature_names()].concat();
        match names.iter().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(format!("`{name}` is not one of native, baseline, {}", known.join(", "))),
            None => Ok(Cpu::Features(names)),
        }
    }
}

/// What code is made for by the options `--target` and `--cpu`, or `None` if nothing is said and this machine is not
/// supported.
///
/// # Errors
/// If the instruction set does not have the features, or this machine does not, if none but it is meant.
pub fn target(isa: Option<TargetArg>, cpu: Option<&Cpu>) -> anyhow::Result<Option<Target>> {
    let host = Target::host();
    let (Some(cpu), Some(target)) = (cpu, isa.map(TargetArg::target).or(host)) else {
        return Ok(isa.map(TargetArg::target).or(host));
    };
    let Cpu::Features(names) = cpu else {
        ensure!(host.is_some_and(|host| host.isa == target.isa), "--cpu native: this machine is not {}", target.name());
        return Ok(host);
    };
    let mut result = target.baseline();
    for name in names {
        result = match result.with_feature(name, true) {
            Some(with) => with,
            None => {
                bail!(
                    "--cpu {name}: the optional features of {} are {}",
                    target.name(),
                    target.feature_names().join(", ")
                )
            }
        };
        let lacks = isa.is_none() && !target.covers(result);
        ensure!(!lacks, "--cpu {name}: this machine does not have it; it has {target}");
    }
    Ok(Some(result))
}

/// Help of `--cpu`.
pub const CPU_HELP: &str = "\
Use these optional features of the processor: `native`, `baseline` for none, or a list of popcnt, lzcnt, sse42, avx, \
avx2 and fma (x86-64) or lse and dotprod (AArch64) [default: this machine's]";
