//! Atomic operators: accesses of memories that other threads may have, waiting and notifying.
//!
//! An access checks the alignment of its address first, then goes the way of all accesses. Memories that are not shared
//! may be accessed, too.

use super::memory::MemArg;
use super::read::{self, Ip};
use super::value::Val;
use super::{Func, imm, tri};
use crate::env::Disabled;
use crate::masm::{Addr, Masm, Rmw};
use crate::op::atomics::*;
use crate::op::{self, Imm};
use crate::reg::Gpr;
use crate::ty::{Class, Ty};
use crate::vmctx::Builtin;

/// What an operator does.
#[derive(Copy, Clone, Debug)]
enum Kind {
    /// There is no such operator.
    Missing,
    Notify,
    Wait,
    Fence,
    Load,
    Store,
    Rmw(Rmw),
    Cmpxchg,
}

/// An operator, the type of its value and the exponent of its size.
#[derive(Copy, Clone)]
struct Row {
    kind: Kind,
    ty: Ty,
    exponent: u8,
}

/// By code.
static ROWS: [Row; I64_ATOMIC_RMW32_CMPXCHG_U as usize + 1] = {
    let mut rows = [Row { kind: Kind::Missing, ty: Ty::UNKNOWN, exponent: 0 }; _];
    let ops = op::atomic_rows();
    let mut i = 0;
    while i < ops.len() {
        let op = &ops[i];
        rows[op.code as usize] = match op.imm {
            Imm::MemArg(exponent) => Row { kind: kind(op.code), ty: op.sig.value(), exponent },
            _ => Row { kind: kind(op.code), ty: Ty::UNKNOWN, exponent: 0 },
        };
        i += 1;
    }
    rows
};

const fn kind(code: u32) -> Kind {
    match code {
        MEMORY_ATOMIC_NOTIFY => Kind::Notify,
        MEMORY_ATOMIC_WAIT32 | MEMORY_ATOMIC_WAIT64 => Kind::Wait,
        ATOMIC_FENCE => Kind::Fence,
        I32_ATOMIC_LOAD..=I64_ATOMIC_LOAD32_U => Kind::Load,
        I32_ATOMIC_STORE..=I64_ATOMIC_STORE32 => Kind::Store,
        I32_ATOMIC_RMW_ADD..=I64_ATOMIC_RMW32_ADD_U => Kind::Rmw(Rmw::Add),
        I32_ATOMIC_RMW_SUB..=I64_ATOMIC_RMW32_SUB_U => Kind::Rmw(Rmw::Sub),
        I32_ATOMIC_RMW_AND..=I64_ATOMIC_RMW32_AND_U => Kind::Rmw(Rmw::And),
        I32_ATOMIC_RMW_OR..=I64_ATOMIC_RMW32_OR_U => Kind::Rmw(Rmw::Or),
        I32_ATOMIC_RMW_XOR..=I64_ATOMIC_RMW32_XOR_U => Kind::Rmw(Rmw::Xor),
        I32_ATOMIC_RMW_XCHG..=I64_ATOMIC_RMW32_XCHG_U => Kind::Rmw(Rmw::Xchg),
        I32_ATOMIC_RMW_CMPXCHG..=I64_ATOMIC_RMW32_CMPXCHG_U => Kind::Cmpxchg,
        _ => Kind::Missing,
    }
}

impl<M: Masm> Func<'_, M> {
    /// The operators after the prefix 0xfe.
    pub(super) fn atomic(&mut self, mut ip: Ip) -> Ip {
        let code = imm!(self, leb_u32, ip);
        if self.env.disabled.has(Disabled::THREADS) {
            return self.fail();
        }
        let row = *tri!(self, ROWS.get(code as usize));
        if let Kind::Fence = row.kind {
            ip = tri!(self, self.fence_immediate(ip));
            self.m.fence();
            return ip;
        }
        let (arg, ip) = tri!(self, self.atomic_memarg(ip, row.exponent));
        match row.kind {
            Kind::Missing | Kind::Fence => self.fail(),
            Kind::Notify => self.waits(Builtin::AtomicNotify, arg, &[self.address_ty(arg), Ty::I32], ip),
            Kind::Wait if row.exponent == 2 => {
                self.waits(Builtin::AtomicWait32, arg, &[self.address_ty(arg), Ty::I32, Ty::I64], ip)
            }
            Kind::Wait => self.waits(Builtin::AtomicWait64, arg, &[self.address_ty(arg), Ty::I64, Ty::I64], ip),
            Kind::Load => self.atomic_load(row, arg, ip),
            Kind::Store => self.atomic_store(row, arg, ip),
            Kind::Rmw(op) => self.atomic_rmw(op, row, arg, ip),
            Kind::Cmpxchg => self.atomic_cmpxchg(row, arg, ip),
        }
    }

    /// Reads a memarg whose alignment must be that of the size.
    pub(super) fn atomic_memarg(&mut self, ip: Ip, exponent: u8) -> Option<(MemArg, Ip)> {
        // SAFETY: `ip` is in the body or its padding.
        let (flags, _) = unsafe { read::leb_u32(ip) }?;
        (flags & !0x40 == u32::from(exponent)).then(|| self.memarg(ip, exponent))?
    }

    /// Reads the byte after `atomic.fence`.
    pub(super) fn fence_immediate(&mut self, ip: Ip) -> Option<Ip> {
        // SAFETY: `ip` is in the body or its padding.
        let (byte, next) = unsafe { read::byte(ip) };
        (byte == 0).then_some(next)
    }

    /// The operators that are calls.
    fn waits(&mut self, builtin: Builtin, arg: MemArg, operands: &[Ty], ip: Ip) -> Ip {
        if !self.check_top(operands) {
            return self.fail();
        }
        self.call_builtin(builtin, &[u64::from(arg.memory), arg.offset], operands.len(), Some(Ty::I32));
        ip
    }

    /// A popped index, in a register or a constant that is aligned and needs no check of bounds. As all operands, before
    /// the address: spilling may need the scratch registers.
    fn atomic_index(&mut self, index: Val, arg: MemArg, exponent: u8) -> Val {
        let index = self.index(index, arg, 1 << exponent);
        if index.is_const() && !is_aligned(index, arg, exponent) { self.in_reg(index) } else { index }
    }

    /// The address of an access, checked. Uses both scratch registers.
    fn atomic_address(&mut self, index: Val, arg: MemArg, exponent: u8) -> Addr {
        if exponent != 0 && !index.is_const() {
            self.m.check_alignment(index.gpr(), arg.offset, exponent);
        }
        let addr = self.unprepared_address(arg, index, 1 << exponent);
        self.m.prepare_atomic(addr)
    }

    fn atomic_load(&mut self, row: Row, arg: MemArg, ip: Ip) -> Ip {
        let index = tri!(self, self.pop(self.address_ty(arg)));
        let index = self.atomic_index(index, arg, row.exponent);
        let (dest, ip) = self.dest(ip, row.ty, index);
        let addr = self.atomic_address(index, arg, row.exponent);
        let at = self.m.atomic_load(row.exponent, dest.reg.gpr(), addr);
        self.site_at(at);
        self.release_unless(index, dest.reg);
        self.finish_dest(dest);
        ip
    }

    fn atomic_store(&mut self, row: Row, arg: MemArg, ip: Ip) -> Ip {
        let v = tri!(self, self.pop(row.ty));
        let index = tri!(self, self.pop(self.address_ty(arg)));
        let index = self.atomic_index(index, arg, row.exponent);
        let v = if M::ATOMIC_OLD.is_some() { self.in_temp(v) } else { self.in_reg(v) };
        let addr = self.atomic_address(index, arg, row.exponent);
        let at = self.m.atomic_store(row.exponent, v.gpr(), addr);
        self.site_at(at);
        self.release(v);
        self.release(index);
        ip
    }

    fn atomic_rmw(&mut self, op: Rmw, row: Row, arg: MemArg, ip: Ip) -> Ip {
        let v = tri!(self, self.pop(row.ty));
        let index = tri!(self, self.pop(self.address_ty(arg)));
        let index = self.atomic_index(index, arg, row.exponent);
        let Some(old) = M::ATOMIC_OLD else {
            let v = self.in_reg(v);
            let dst = self.result_for(index);
            let addr = self.atomic_address(index, arg, row.exponent);
            let at = self.m.atomic_rmw(op, row.exponent, dst, v.gpr(), M::SCRATCH, addr);
            self.site_at(at);
            self.release(v);
            self.push(Val::reg(row.ty, dst));
            return ip;
        };
        // SAFETY: a byte after an operator is in the body or its padding.
        if op != Rmw::Xchg && unsafe { *ip } == op::DROP {
            let v = self.in_reg(v);
            let addr = self.atomic_address(index, arg, row.exponent);
            let at = self.m.atomic_update(op, row.exponent, v.gpr(), addr);
            self.site_at(at);
            self.release(v);
            self.release(index);
            return ip.wrapping_add(1);
        }
        if !op.is_bitwise() {
            let v = self.in_temp(v);
            let addr = self.atomic_address(index, arg, row.exponent);
            let at = self.m.atomic_rmw(op, row.exponent, v.gpr(), v.gpr(), v.gpr(), addr);
            self.site_at(at);
            self.release(index);
            self.push(v);
            return ip;
        }
        let index = self.outside(index, old);
        let v = self.outside(v, old);
        self.take(Class::Int, old.into());
        let temp = self.alloc(Class::Int).gpr();
        let addr = self.atomic_address(index, arg, row.exponent);
        let at = self.m.atomic_rmw(op, row.exponent, old, v.gpr(), temp, addr);
        self.site_at(at);
        self.release_reg(Ty::I64, temp.into());
        self.release(v);
        self.release(index);
        self.push(Val::reg(row.ty, old));
        ip
    }

    fn atomic_cmpxchg(&mut self, row: Row, arg: MemArg, ip: Ip) -> Ip {
        let (expected, new) = tri!(self, self.pop2(row.ty));
        let index = tri!(self, self.pop(self.address_ty(arg)));
        let index = self.atomic_index(index, arg, row.exponent);
        let (expected, index, new, dst) = match M::ATOMIC_OLD {
            Some(old) => {
                let index = self.outside(index, old);
                let new = self.outside(new, old);
                (self.move_to(expected, old.into()), index, new, old)
            }
            None => {
                let (expected, new) = (self.in_reg(expected), self.in_reg(new));
                let dst = self.result_for(index);
                (expected, index, new, dst)
            }
        };
        let addr = self.atomic_address(index, arg, row.exponent);
        let at = self.m.atomic_cmpxchg(row.exponent, dst, expected.gpr(), new.gpr(), addr);
        self.site_at(at);
        self.release_unless(expected, dst.into());
        self.release(new);
        self.release_unless(index, dst.into());
        self.push(Val::reg(row.ty, dst));
        ip
    }

    /// The register of `index`, which is not needed beyond the address, or another for a result.
    fn result_for(&mut self, index: Val) -> Gpr {
        if index.is_reg() { index.gpr() } else { self.alloc(Class::Int).gpr() }
    }

    /// A popped value in a register other than the temporary `reg`.
    fn outside(&mut self, v: Val, reg: Gpr) -> Val {
        let v = self.in_reg(v);
        self.move_out_of(v, reg.bit())
    }
}

/// Whether a constant index gives an aligned address.
fn is_aligned(index: Val, arg: MemArg, exponent: u8) -> bool {
    (index.bits() as u64).wrapping_add(arg.offset) & ((1 << exponent) - 1) == 0
}
