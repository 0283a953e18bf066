//! The contract, fulfilled for AArch64.

use super::arith::ALU;
use super::enc::{self, add_imm, fff, imm, imm19, imm26, logical_imm_of, regs, rrr};
use super::memory::{LDR_D, LDR_S, LDR_W, LDR_X, LOADS, STORES, STR_D, STR_X};
use super::{A64, FP, MEMBASE, SP, V31, VMCTX, X15, X16, X17, ZR, asm, cc, cc_of};
use crate::env::Checks;
use crate::masm::*;
use crate::target::Target;
use crate::trap::TrapCode;
use crate::ty::Ty;
use crate::vmctx;
use dynasmrt::DynasmApi;

use Width::{W32, W64};

/// Where the first pinned integer register is saved, from x29; the others follow downwards, then the floats.
const SAVED: i32 = -16;

/// Hints: nothing to processors that do not know them.
const PACIASP: u32 = 0xd503_233f;
const AUTIASP: u32 = 0xd503_23bf;
pub(super) const BTI_C: u32 = 0xd503_245f;
pub(super) const BTI_J: u32 = 0xd503_249f;
const CSDB: u32 = 0xd503_229f;

impl Masm for A64 {
    const GPR_TEMPS: u32 = 0x3fff;
    const FPR_TEMPS: u32 = 0x00ff_00ff;
    const GPR_PINS: &'static [u8] = &[19, 20, 21, 22, 23, 24, 25, 26];
    const FPR_PINS: &'static [u8] = &[8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27];
    const GPR_ARGS: &'static [u8] = &[0, 1, 2, 3, 4, 5, 6, 7];
    const FPR_ARGS: &'static [u8] = &[0, 1, 2, 3, 4, 5, 6, 7];
    const BUILTIN_ARGS: &'static [u8] = &[1, 2, 3, 4, 5];
    const SCRATCH: u8 = X16;
    const FPR_SCRATCH: u8 = V31;
    const MEMBASE: u8 = MEMBASE;
    const SCRATCH2: u8 = X17;
    const SHIFT_COUNT: Option<u8> = None;
    const DIV: Option<DivRegs> = None;
    const THREE_ADDRESS: bool = true;
    const FRAME_OPERANDS: bool = false;

    #[inline(always)]
    fn stores_imm(value: i32) -> bool {
        value == 0
    }

    unsafe fn new(code: &mut [u8], _target: Target, pool: Vec<Constant>) -> Option<Self> {
        // SAFETY: the caller's promise is the same.
        unsafe { A64::with_forms(code, pool, true, true) }
    }

    fn set_checks(&mut self, checks: Checks) {
        self.mask = checks.mask_indices;
        self.pads = checks.landing_pads;
    }

    fn finish_pool(&mut self) -> Vec<Constant> {
        let mut pool = std::mem::take(&mut self.pool);
        if !pool.is_empty() && !self.pos().is_multiple_of(8) {
            self.put(0);
        }
        // The same constant tends to come again soon.
        let mut recent = [(0u64, 0u32); 8];
        for (i, constant) in pool.drain(..).enumerate() {
            self.w.room();
            let known = recent.iter().find(|r| r.1 != 0 && r.0 == constant.bits).map(|r| r.1);
            let at = known.unwrap_or_else(|| {
                let at = self.pos();
                self.w.put(constant.bits, 8);
                recent[i % 8] = (constant.bits, at);
                at
            });
            if !self.overflowed() {
                let word = self.w.read32(constant.site);
                self.w.patch32(constant.site, word | imm19(at - constant.site));
            }
        }
        pool
    }

    #[inline(always)]
    fn room(&mut self) {
        self.w.room();
    }

    #[inline(always)]
    fn has_room(&self) -> bool {
        self.w.has_room()
    }

    #[inline(always)]
    fn overflowed(&self) -> bool {
        self.w.overflowed()
    }

    #[inline(always)]
    fn pos(&self) -> u32 {
        self.w.pos()
    }

    fn prologue(&mut self, gpr_pins: usize, fpr_pins: usize, traps: &mut Vec<TrapJump>, wasm: u32) -> u32 {
        // Nothing is ever written below sp, where signal handlers may write. x19 is saved whether or not it is pinned: vmctx
        // needs a slot of 16 bytes anyway.
        if self.pads {
            self.put(PACIASP);
        }
        // stp x19, x28, [sp, #-32]!; stp x29, x30, [sp, #16]
        self.w.put(0xa901_7bfd_a9be_73f3, 8);
        // add x29, sp, #16; sub sp, sp, #…
        self.w.put(0xd100_03ff_9100_43fd, 8);
        let patch = self.pos().wrapping_sub(4);
        // ldr x16, [x28, #STORE]; ldr x16, [x16, #STACK_LIMIT]
        const { assert!(vmctx::STORE == 0 && vmctx::store::STACK_LIMIT == 0) }
        self.w.put(0xf940_0210_f940_0390, 8);
        // cmp sp, x16
        self.put(0xeb30_63ff);
        self.trap_cc(cc::LO, TrapCode::StackOverflow as u8, traps, wasm);
        self.pins(false, gpr_pins, fpr_pins);
        patch
    }

    fn patch_frame(&mut self, prologue: u32, gpr_pins: usize, fpr_pins: usize, size: u32) {
        // vmctx and x19 are there already.
        let saved = 8 * (1 + gpr_pins as u32 + fpr_pins as u32);
        let frame = (saved + size).next_multiple_of(16).max(16) - 16;
        if let Some(field) = add_imm(u64::from(frame)) {
            self.w.patch32(prologue, 0xd100_03ff | field);
            return;
        }
        // The frame of a large function is made behind its code: b …; mov x16, #frame; sub sp, sp, x16; b back
        self.w.patch32(prologue, enc::B | imm26(self.pos().wrapping_sub(prologue)));
        self.mov_imm(X16, i64::from(frame));
        self.put(0xcb30_63ff);
        let back = prologue.wrapping_add(4).wrapping_sub(self.pos());
        self.put(enc::B | imm26(back));
    }

    fn epilogue(&mut self, gpr_pins: usize, fpr_pins: usize) {
        self.pins(true, gpr_pins, fpr_pins);
        if gpr_pins != 0 {
            self.frame(LDR_X, Self::GPR_PINS[0], SAVED);
        }
        // mov sp, x29; ldp x29, x30, [sp], #16; ret
        self.w.put(0xa8c1_7bfd_9100_03bf, 8);
        if self.pads {
            self.put(AUTIASP);
        }
        self.put(0xd65f_03c0);
    }

    fn zero_slots(&mut self, disp: i32, count: u32) {
        self.zero_frame(disp, count);
    }

    fn trap(&mut self, code: u8) {
        // udf #code
        self.put(u32::from(code));
    }

    fn align_entry(&mut self) {
        while !self.pos().is_multiple_of(16) {
            self.put(0);
        }
    }

    #[inline(always)]
    fn mov(&mut self, dst: u8, src: u8) {
        if dst != src {
            self.rrr(rrr::ORR, W64, dst, ZR, src);
        }
    }

    #[inline(always)]
    fn mov32(&mut self, dst: u8, src: u8) {
        self.rrr(rrr::ORR, W32, dst, ZR, src);
    }

    #[inline(always)]
    fn mov_imm(&mut self, dst: u8, value: i64) {
        if value as u64 >> 16 == 0 {
            // movz
            self.put(0x5280_0000 | (value as u32) << 5 | u32::from(dst));
        } else {
            self.mov_wide(dst, value as u64);
        }
    }

    #[inline(always)]
    fn set_imm(&mut self, dst: u8, value: i64) {
        self.mov_imm(dst, value);
    }

    #[inline(always)]
    fn load_frame(&mut self, ty: Ty, dst: u8, disp: i32) {
        self.frame(if ty == Ty::I32 { LDR_W } else { LDR_X }, dst, disp);
    }

    #[inline(always)]
    fn store_frame(&mut self, src: u8, disp: i32) {
        self.frame(STR_X, src, disp);
    }

    fn store_frame_imm(&mut self, value: i32, disp: i32) {
        if value == 0 {
            self.frame(STR_X, ZR, disp);
        } else {
            self.mov_imm(X16, i64::from(value));
            self.frame(STR_X, X16, disp);
        }
    }

    #[inline(always)]
    fn fmov(&mut self, dst: u8, src: u8) {
        if dst != src {
            self.fff(fff::MOV, W64, dst, src, 0);
        }
    }

    fn fmov_imm(&mut self, w: Width, dst: u8, bits: u64) {
        self.float_constant(w, dst, bits);
    }

    #[inline(always)]
    fn fload_frame(&mut self, w: Width, dst: u8, disp: i32) {
        self.frame(if w == W32 { LDR_S } else { LDR_D }, dst, disp);
    }

    #[inline(always)]
    fn fstore_frame(&mut self, src: u8, disp: i32) {
        self.frame(STR_D, src, disp);
    }

    fn store_arg(&mut self, src: u8, i: u32) {
        self.outgoing(STR_X, src, i);
    }

    fn fstore_arg(&mut self, src: u8, i: u32) {
        self.outgoing(STR_D, src, i);
    }

    fn load_result(&mut self, dst: u8, i: u32) {
        self.outgoing(LDR_X, dst, i);
    }

    #[inline(always)]
    fn alu(&mut self, op: Alu, w: Width, dst: u8, a: Loc, b: Loc) {
        let a = self.in_reg(w, a, X16);
        let b = self.in_reg(w, b, X17);
        if self.last.end == self.pos() && self.alu_with_last(op, w, dst, a, b) {
            return;
        }
        self.rrr(ALU[op as usize], w, dst, a, b);
        if op == Alu::Mul {
            self.set_last(w, dst, 0x1b00_0000 | regs(0, a, b));
        }
    }

    #[inline(always)]
    fn alu_imm(&mut self, op: Alu, w: Width, dst: u8, a: Loc, imm: i32) {
        let a = self.in_reg(w, a, X16);
        let value = i64::from(imm);
        let (word, field) = match op {
            Alu::Add | Alu::Sub => {
                let add = (op == Alu::Add) == (imm >= 0);
                (if add { imm::ADD } else { imm::SUB }, add_imm(value.unsigned_abs()))
            }
            Alu::And => (0x1200_0000, logical_imm_of(w, value)),
            Alu::Or => (0x3200_0000, logical_imm_of(w, value)),
            Alu::Xor => (0x5200_0000, logical_imm_of(w, value)),
            Alu::Mul => return self.mul_imm(w, dst, a, imm),
        };
        match field {
            Some(field) => self.rri(word, w, dst, a, field),
            None => self.alu_constant(op, w, dst, a, imm),
        }
    }

    fn shift(&mut self, op: Shift, w: Width, dst: u8, a: Loc, count: u8) {
        let a = self.in_reg(w, a, X16);
        let word = match op {
            Shift::Shl => rrr::LSLV,
            Shift::ShrS => rrr::ASRV,
            Shift::ShrU => rrr::LSRV,
            Shift::Rotr => rrr::RORV,
            Shift::Rotl => {
                // To the left by n is to the right by −n.
                self.rrr(rrr::SUB, W32, X15, ZR, count);
                return self.rrr(rrr::RORV, w, dst, a, X15);
            }
        };
        self.rrr(word, w, dst, a, count);
    }

    fn shift_imm(&mut self, op: Shift, w: Width, dst: u8, a: Loc, count: u8) {
        let a = self.in_reg(w, a, X16);
        let (n, bits) = (u32::from(count), if w == W32 { 32 } else { 64 });
        let kind = match op {
            Shift::Shl => 0,
            Shift::ShrU => 1,
            Shift::ShrS => 2,
            Shift::Rotl => return self.rotate(w, dst, a, (bits - n) % bits),
            Shift::Rotr => return self.rotate(w, dst, a, n),
        };
        match op {
            Shift::Shl => self.bitfield(false, w, dst, a, (bits - n) % bits, bits - 1 - n),
            Shift::ShrS => self.bitfield(true, w, dst, a, n, bits - 1),
            _ => self.bitfield(false, w, dst, a, n, bits - 1),
        }
        self.set_last(w, dst, regs(0, 0, a) | kind << 22 | n << 10);
    }

    fn div(&mut self, op: Div, w: Width, dst: u8, a: u8, b: Loc, checked: bool, traps: &mut Vec<TrapJump>, wasm: u32) {
        let b = self.in_reg(w, b, X17);
        let signed = matches!(op, Div::DivS | Div::RemS);
        let remainder = matches!(op, Div::RemS | Div::RemU);
        self.divide(signed, remainder, w, dst, a, b, checked, traps, wasm);
    }

    fn unary(&mut self, op: Unary, w: Width, dst: u8, a: Loc) {
        // Of an i32 in the frame only the lower half is read; that is enough for an extension too.
        let a = self.in_reg(if op == Unary::Extend32 { W32 } else { w }, a, X16);
        match op {
            Unary::Clz => self.rrr(rrr::CLZ, w, dst, a, 0),
            Unary::Ctz => {
                self.rrr(rrr::RBIT, w, X15, a, 0);
                self.rrr(rrr::CLZ, w, dst, X15, 0);
            }
            Unary::Popcnt => self.popcnt(w, dst, a),
            Unary::Extend8 => self.bitfield(true, w, dst, a, 0, 7),
            Unary::Extend16 => self.bitfield(true, w, dst, a, 0, 15),
            Unary::Extend32 => self.bitfield(true, W64, dst, a, 0, 31),
        }
    }

    #[inline(always)]
    fn cmp(&mut self, w: Width, a: u8, b: Loc) {
        let b = self.in_reg(w, b, X17);
        self.rrr(rrr::SUBS, w, ZR, a, b);
    }

    #[inline(always)]
    fn cmp_imm(&mut self, w: Width, a: Loc, imm: i32) {
        let a = self.in_reg(w, a, X16);
        if let Some(field) = add_imm(i64::from(imm).unsigned_abs()) {
            self.rri(if imm >= 0 { imm::SUBS } else { imm::ADDS }, w, ZR, a, field);
            if imm == 0 {
                self.zero_test = self.pos();
                self.tested = a;
                self.tested_width = w;
            }
        } else {
            self.mov_imm(X15, if w == W32 { i64::from(imm as u32) } else { i64::from(imm) });
            self.rrr(rrr::SUBS, w, ZR, a, X15);
        }
    }

    fn fcmp(&mut self, cond: Cond, w: Width, a: u8, b: u8) -> Cond {
        self.fff(fff::CMP, w, 0, a, b);
        cond
    }

    fn set_cond(&mut self, cond: Cond, dst: u8) {
        // cset: csinc dst, wzr, wzr, inverse
        self.rrr(rrr::CSINC | u32::from(cc_of(cond) ^ 1) << 12, W32, dst, ZR, ZR);
    }

    fn select(&mut self, cond: Cond, w: Width, dst: u8, a: u8, b: Loc) {
        let b = self.in_reg(w, b, X17);
        self.rrr(rrr::CSEL | u32::from(cc_of(cond)) << 12, w, dst, a, b);
    }

    fn fselect(&mut self, cond: Cond, dst: u8, a: u8, b: u8) {
        self.fff(fff::CSEL | u32::from(cc_of(cond)) << 12, W64, dst, a, b);
    }

    #[inline(always)]
    fn jump(&mut self, to: &mut Chain) {
        self.put(enc::B | to.0 >> 2);
        to.0 = self.pos();
    }

    #[inline(always)]
    fn jump_if(&mut self, cond: Cond, to: &mut Chain) {
        let word = self.branch(cond);
        if self.far {
            self.skip_next_unless(word);
            self.jump(to);
        } else {
            self.put(word | (to.0 >> 2) << 5);
            to.0 = self.pos();
        }
    }

    fn jump_back(&mut self, to: u32) {
        self.put(enc::B | imm26(to.wrapping_sub(self.pos())));
    }

    fn jump_back_if(&mut self, cond: Cond, to: u32) {
        let sign = matches!(cond, Cond::LtS | Cond::GeS);
        if sign && self.zero_test == self.pos() && self.zero_test != 0 && self.pos().wrapping_sub(to) <= 1 << 15 {
            // tbnz or tbz of the sign bit, in place of the comparison with zero
            self.w.rewind(self.zero_test - 4);
            self.zero_test = 0;
            let op = if cond == Cond::LtS { 0x3700_0000 } else { 0x3600_0000 };
            let bit = enc::sf(self.tested_width) | 31 << 19;
            let distance = to.wrapping_sub(self.pos());
            return self.put(op | bit | (distance >> 2 & 0x3fff) << 5 | u32::from(self.tested));
        }
        let word = self.branch(cond);
        let distance = self.pos().wrapping_sub(to);
        if distance <= 1 << 20 {
            self.put(word | imm19(distance.wrapping_neg()));
        } else {
            self.skip_next_unless(word);
            self.jump_back(to);
        }
    }

    #[inline(always)]
    fn bind(&mut self, chain: Chain) {
        let mut link = chain.0;
        if link != 0 {
            // Who jumps here has not gone through the last instruction.
            self.last.end = 0;
        }
        while link != 0 && !self.w.overflowed() {
            let site = link - 4;
            let word = self.w.read32(site);
            link = if word >> 26 == enc::B >> 26 { word << 2 & 0xfff_fffc } else { word >> 3 & 0x1f_fffc };
            self.branch_here(site, word);
        }
    }

    #[inline(always)]
    fn trap_if(&mut self, cond: Cond, code: u8, traps: &mut Vec<TrapJump>, wasm: u32) {
        let word = self.branch(cond);
        self.trap_branch(word, code, traps, wasm);
    }

    fn bind_trap(&mut self, site: u32) {
        if !self.w.overflowed() {
            let word = self.w.read32(site);
            self.branch_here(site, word);
        }
    }

    fn after_trap_jump(&self, site: u32) -> u32 {
        site + 4
    }

    fn check_interrupt(&mut self, traps: &mut Vec<TrapJump>, wasm: u32) {
        asm!(self
            ; ldr x16, [x28, vmctx::STORE as u32]
            ; ldr x16, [x16, vmctx::store::INTERRUPT as u32]
            ; cmp sp, x16);
        self.trap_cc(cc::HI, TrapJump::CHECK, traps, wasm);
    }

    fn charge_fuel(&mut self, traps: &mut Vec<TrapJump>, wasm: u32) -> u32 {
        asm!(self
            ; ldr x16, [x28, vmctx::STORE as u32]
            ; ldr x17, [x16, vmctx::store::FUEL as u32]
            ; movz w15, 0
            ; movk w15, 0, lsl 16
            ; subs x17, x17, x15
            ; str x17, [x16, vmctx::store::FUEL as u32]);
        let patch = self.pos().wrapping_sub(16);
        self.trap_cc(cc::LT, TrapJump::CHECK, traps, wasm);
        patch
    }

    fn patch_fuel(&mut self, at: u32, amount: u32) {
        // movz w15, #low; movk w15, #high, lsl #16
        self.w.patch32(at, 0x5280_000f | (amount & 0xffff) << 5);
        self.w.patch32(at.wrapping_add(4), 0x72a0_000f | (amount >> 16) << 5);
    }

    fn table_jump(&mut self, index: u8, last: u32) {
        match add_imm(u64::from(last)) {
            Some(field) => {
                self.rri(imm::SUBS, W32, ZR, index, field);
                self.mov_imm(X16, i64::from(last));
            }
            None => {
                self.mov_imm(X16, i64::from(last));
                self.rrr(rrr::SUBS, W32, ZR, index, X16);
            }
        }
        self.rrr(rrr::CSEL | u32::from(cc::LS) << 12, W32, index, index, X16);
        // adr x17, .+12; add x17, x17, index, lsl #2 (or 3); br x17
        self.put(0x1000_0071);
        self.rrr(rrr::ADD | (2 + u32::from(self.pads)) << 10, W64, X17, X17, index);
        self.put(0xd61f_0220);
    }

    fn table_entry(&mut self, to: &mut Chain) {
        if self.pads {
            self.put(BTI_J);
        }
        self.jump(to);
    }

    fn table_entry_back(&mut self, to: u32) {
        if self.pads {
            self.put(BTI_J);
        }
        self.jump_back(to);
    }

    #[inline(always)]
    fn falu(&mut self, op: FAlu, w: Width, dst: u8, a: u8, b: Loc) {
        let word = match op {
            FAlu::Add => fff::ADD,
            FAlu::Sub => fff::SUB,
            FAlu::Mul => fff::MUL,
            FAlu::Div => fff::DIV,
        };
        let b = if b.is_frame() {
            self.fload_frame(w, V31, b.disp());
            V31
        } else {
            b.num()
        };
        self.fff(word, w, dst, a, b);
    }

    fn funary(&mut self, op: FUnary, w: Width, dst: u8, a: u8) {
        let word = match op {
            FUnary::Abs => fff::ABS,
            FUnary::Neg => fff::NEG,
            FUnary::Sqrt => fff::SQRT,
            FUnary::Ceil => fff::RINTP,
            FUnary::Floor => fff::RINTM,
            FUnary::Trunc => fff::RINTZ,
            FUnary::Nearest => fff::RINTN,
        };
        self.fff(word, w, dst, a, 0);
    }

    fn fminmax(&mut self, max: bool, w: Width, dst: u8, a: u8, b: u8) {
        self.fff(if max { fff::MAX } else { fff::MIN }, w, dst, a, b);
    }

    fn fcopysign(&mut self, w: Width, dst: u8, a: u8, b: u8) {
        self.float_copysign(w, dst, a, b);
    }

    fn fconvert(&mut self, from: Width, dst: u8, src: u8) {
        // fcvt: the field of the width it comes from, and one of the width it goes to.
        let word = if from == W32 { 0x1e22_c000 } else { 0x1e62_4000 };
        self.put(word | regs(dst, src, 0));
    }

    fn int_to_float(&mut self, int: Width, signed: bool, float: Width, dst: u8, src: u8) {
        self.convert(if signed { fff::SCVTF } else { fff::UCVTF }, int, float, dst, src);
    }

    fn float_to_int(
        &mut self,
        float: Width,
        int: Width,
        signed: bool,
        dst: u8,
        src: u8,
        traps: &mut Vec<TrapJump>,
        wasm: u32,
    ) {
        self.trunc(float, int, signed, dst, src, traps, wasm);
    }

    fn float_to_int_sat(&mut self, float: Width, int: Width, signed: bool, dst: u8, src: u8) {
        self.convert(if signed { fff::CVTZS } else { fff::CVTZU }, int, float, dst, src);
    }

    fn float_bits(&mut self, w: Width, dst: u8, src: u8) {
        self.int_of_float_reg(w, dst, src);
    }

    fn float_from_bits(&mut self, w: Width, dst: u8, src: u8) {
        self.float_of_int_reg(w, dst, src);
    }

    fn prepare(&mut self, addr: Addr, size: u32) -> Addr {
        self.prepare_addr(addr, size)
    }

    #[inline(always)]
    fn prepare_indexed(&mut self, index: u8, disp: i32) -> (u8, i32) {
        if disp == 0 {
            return (index, 0);
        }
        self.add_disp(X16, index, i64::from(disp));
        (X16, 0)
    }

    #[inline(always)]
    fn load(&mut self, kind: Load, dst: u8, addr: Addr) {
        self.access_addr(LOADS[kind as usize], dst, addr);
    }

    #[inline(always)]
    fn store(&mut self, kind: Store, src: u8, addr: Addr) {
        self.access_addr(STORES[kind as usize], src, addr);
    }

    #[inline(always)]
    fn load_indexed(&mut self, kind: Load, dst: u8, index: u8, disp: i32) {
        debug_assert_eq!(disp, 0, "prepared");
        self.load_at_index(kind, dst, MEMBASE, index);
    }

    #[inline(always)]
    fn store_indexed(&mut self, kind: Store, src: u8, index: u8, disp: i32) {
        debug_assert_eq!(disp, 0, "prepared");
        self.store_at_index(kind, src, MEMBASE, index);
    }

    fn store_imm(&mut self, kind: Store, value: i32, addr: Addr) {
        debug_assert_eq!(value, 0, "no other constant can be stored");
        let kind = match kind {
            Store::F32 => Store::B32,
            Store::F64 => Store::B64,
            kind => kind,
        };
        self.store(kind, ZR, addr);
    }

    fn memory_base(&mut self, memory: i32) {
        self.access(LDR_X, X17, VMCTX, memory);
        asm!(self; ldr x17, [x17, vmctx::memory::BASE as u32]);
    }

    fn add_offset(&mut self, index: u8, offset: u64) {
        self.add_disp(X16, index, offset as i64);
    }

    fn check_bounds(&mut self, index: u8, end: u64, memory: i32, traps: &mut Vec<TrapJump>, wasm: u32) {
        self.add_offset(index, end);
        self.access(LDR_X, X17, VMCTX, memory);
        asm!(self
            ; ldr x17, [x17, vmctx::memory::LEN as u32]
            ; cmp x16, x17);
        self.trap_cc(cc::HI, TrapCode::MemoryOutOfBounds as u8, traps, wasm);
    }

    fn masked_address(
        &mut self,
        index: u8,
        end: u64,
        size: u32,
        memory: i32,
        traps: &mut Vec<TrapJump>,
        wasm: u32,
    ) -> Addr {
        const { assert!(vmctx::memory::BASE == 0 && vmctx::memory::LEN == 8) }
        self.add_offset(index, end);
        self.access(LDR_X, X17, VMCTX, memory);
        asm!(self
            ; ldp x17, x15, [x17]
            ; cmp x16, x15);
        self.trap_cc(cc::HI, TrapCode::MemoryOutOfBounds as u8, traps, wasm);
        asm!(self
            ; add x17, x17, x16
            ; sub x17, x17, size
            ; csel x17, x17, xzr, ls);
        self.put(CSDB);
        Addr { base: X17, index: None, disp: 0 }
    }

    fn memory_size(&mut self, dst: u8, memory: i32) {
        self.access(LDR_X, X16, VMCTX, memory);
        asm!(self
            ; ldr x16, [x16, vmctx::memory::LEN as u32]
            ; lsr X(dst), x16, 16);
    }

    #[inline(always)]
    fn global(&mut self, offset: i32, indirect: bool) -> Addr {
        if !indirect {
            return Addr { base: VMCTX, index: None, disp: offset };
        }
        self.access(LDR_X, X17, VMCTX, offset);
        Addr { base: X17, index: None, disp: 0 }
    }

    fn table_size(&mut self, dst: u8, table: i32) {
        self.access(LDR_X, X16, VMCTX, table);
        asm!(self; ldr X(dst), [x16, vmctx::table::LEN as u32]);
    }

    fn table_element(&mut self, index: u8, table: i32, traps: &mut Vec<TrapJump>, wasm: u32) -> Addr {
        self.checked_table(index, table, traps, wasm);
        asm!(self; add x17, x16, X(index), lsl 3);
        Addr { base: X17, index: None, disp: 0 }
    }

    fn call_direct(&mut self) -> u32 {
        let site = self.pos();
        if self.far_calls {
            // adrp x16, callee; add x16, x16, #callee; blr x16
            self.w.put(0x9100_0210_9000_0010, 8);
            self.put(0xd63f_0200);
        } else {
            self.put(enc::BL);
        }
        site
    }

    fn call_import(&mut self, offset: i32) {
        const { assert!(vmctx::func_import::CODE == 0 && vmctx::func_import::VMCTX == 8) }
        if (0..=504).contains(&offset) {
            asm!(self; ldp x16, x28, [x28, offset]);
        } else {
            self.add_disp(X17, VMCTX, i64::from(offset));
            asm!(self; ldp x16, x28, [x17]);
        }
        asm!(self
            ; ldr x27, [x28, vmctx::MEM0_BASE as u32]
            ; blr x16);
    }

    fn load_callee(&mut self, index: u8, table: i32, sig: u32, traps: &mut Vec<TrapJump>, wasm: u32) {
        self.checked_table(index, table, traps, wasm);
        asm!(self; ldr x17, [x16, X(index), lsl 3]);
        // cbz x17
        self.trap_branch(enc::CBZ | enc::sf(W64) | u32::from(X17), TrapCode::IndirectCallToNull as u8, traps, wasm);
        asm!(self; ldr w16, [x17, vmctx::func_ref::SIG as u32]);
        self.cmp_imm(W32, Loc::reg(X16), sig as i32);
        self.trap_cc(cc::NE, TrapCode::BadSignature as u8, traps, wasm);
    }

    fn call_funcref(&mut self) {
        const { assert!(vmctx::func_ref::CODE == 0 && vmctx::func_ref::VMCTX == 8) }
        asm!(self
            ; ldp x16, x28, [x17]
            ; ldr x27, [x28, vmctx::MEM0_BASE as u32]
            ; blr x16);
    }

    fn restore_context(&mut self) {
        asm!(self
            ; ldur x28, [x29, -8]
            ; ldr x27, [x28, vmctx::MEM0_BASE as u32]);
    }

    fn call_builtin(&mut self, builtin: u32) {
        asm!(self
            ; ldr x16, [x28, vmctx::BUILTINS as u32]
            ; ldr x16, [x16, builtin * 8]
            ; blr x16);
    }
}

impl A64 {
    /// Saves or loads all pinned registers but the first.
    #[inline(always)]
    fn pins(&mut self, load: bool, gpr_pins: usize, fpr_pins: usize) {
        // stp second, first, [x29, #disp], 64 bits; a float form has bit 26 and no bit 31.
        let pair = 0xa900_0000 | u32::from(load) << 22 | u32::from(FP) << 5;
        let (gpr, fpr) = if load { (LDR_X, LDR_D) } else { (STR_X, STR_D) };
        let mut disp = SAVED;
        for pins in Self::GPR_PINS[..gpr_pins].get(1..).unwrap_or_default().chunks(2) {
            if let &[a, b] = pins {
                disp -= 16;
                self.put(pair | (disp as u32 >> 3 & 0x7f) << 15 | u32::from(a) << 10 | u32::from(b));
            } else {
                disp -= 8;
                self.frame(gpr, pins[0], disp);
            }
        }
        disp = SAVED + 8 - 8 * gpr_pins as i32;
        for pins in Self::FPR_PINS[..fpr_pins].chunks(2) {
            if let &[a, b] = pins {
                disp -= 16;
                let pair = pair ^ 0xc400_0000;
                self.put(pair | (disp as u32 >> 3 & 0x7f) << 15 | u32::from(a) << 10 | u32::from(b));
            } else {
                disp -= 8;
                self.frame(fpr, pins[0], disp);
            }
        }
    }

    /// The word of a conditional branch without its distance. A comparison with zero that was just emitted becomes part of it.
    #[inline(always)]
    fn branch(&mut self, cond: Cond) -> u32 {
        if self.zero_test == self.pos() && (cond as u8) < 2 && self.zero_test != 0 {
            self.w.rewind(self.zero_test - 4);
            self.zero_test = 0;
            enc::CBZ | enc::sf(self.tested_width) | (cond as u32) << 24 | u32::from(self.tested)
        } else {
            enc::B_COND | u32::from(cc_of(cond))
        }
    }

    /// Branches over the next instruction unless `word`, a conditional branch without its distance, would.
    fn skip_next_unless(&mut self, word: u32) {
        let invert = if word >> 24 == enc::B_COND >> 24 { 1 } else { 1 << 24 };
        self.put((word ^ invert) | imm19(8));
    }

    /// Makes the branch `word` at `site` go here.
    #[inline(always)]
    fn branch_here(&mut self, site: u32, word: u32) {
        let distance = self.pos() - site;
        let word = if word >> 26 == enc::B >> 26 {
            debug_assert!(distance < 1 << 27);
            enc::B | imm26(distance)
        } else {
            debug_assert!(distance < 1 << 20);
            word & !(0x7_ffff << 5) | imm19(distance)
        };
        self.w.patch32(site, word);
    }

    /// Traps if `word`, a conditional branch without its distance, branches.
    #[inline(always)]
    pub(super) fn trap_branch(&mut self, word: u32, code: u8, traps: &mut Vec<TrapJump>, wasm: u32) {
        if self.far {
            self.skip_next_unless(word);
            traps.push(TrapJump { site: self.pos(), wasm, code });
            self.put(enc::B);
        } else {
            traps.push(TrapJump { site: self.pos(), wasm, code });
            self.put(word);
        }
    }

    /// Traps if the machine's condition `cc` holds.
    #[inline(always)]
    pub(super) fn trap_cc(&mut self, cc: u8, code: u8, traps: &mut Vec<TrapJump>, wasm: u32) {
        self.trap_branch(enc::B_COND | u32::from(cc), code, traps, wasm);
    }

    /// x16 = the first element of the table whose pointer is at `table` in vmctx; traps if `index` is beyond its length.
    fn checked_table(&mut self, index: u8, table: i32, traps: &mut Vec<TrapJump>, wasm: u32) {
        const { assert!(vmctx::table::BASE == 0 && vmctx::table::LEN == 8) }
        self.access(LDR_X, X16, VMCTX, table);
        asm!(self
            ; ldp x16, x15, [x16]
            ; cmp X(index), x15);
        self.trap_cc(cc::HS, TrapCode::TableOutOfBounds as u8, traps, wasm);
        if self.mask {
            // x(index) = in bounds ? x(index) : 0, which changes nothing here; csdb
            asm!(self; csel X(index), X(index), xzr, lo);
            self.put(CSDB);
        }
    }

    /// `sp = sp − bytes`; overwrites x16.
    pub(super) fn lower_stack(&mut self, bytes: u32) {
        match add_imm(u64::from(bytes)) {
            Some(field) => self.rri(imm::SUB, W64, SP, SP, field),
            None => {
                self.mov_imm(X16, i64::from(bytes));
                // sub sp, sp, x16
                self.put(0xcb30_63ff);
            }
        }
    }
}
