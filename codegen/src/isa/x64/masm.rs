//! The contract, fulfilled for x86-64.

use super::enc::{Indexed, OP_0F, OP_66, OP_BYTE, OP_F2, OP_F3};
use super::{R10, R11, R14, R15, RAX, RCX, RDX, X64, asm, cc, cc_of};
use crate::buf::CodeWriter;
use crate::env::Checks;
use crate::masm::*;
use crate::target::Target;
use crate::trap::TrapCode;
use crate::ty::Ty;
use crate::vmctx;
use dynasmrt::DynasmApi;

use Width::{W32, W64};

impl Masm for X64 {
    const GPR_TEMPS: u32 = 0b1100_0111;
    const FPR_TEMPS: u32 = 0x1f;
    const GPR_PINS: &'static [u8] = &[3, 12, 13, 9, 8];
    const FPR_PINS: &'static [u8] = &[5, 6, 7, 8, 9, 10, 11, 12, 13];
    const GPR_ARGS: &'static [u8] = &[RAX, RCX, RDX, 6, 7];
    const FPR_ARGS: &'static [u8] = &[0, 1, 2, 3, 4];
    const BUILTIN_ARGS: &'static [u8] = &[6, RDX, RCX, RAX, 7];
    const SCRATCH: u8 = R11;
    const FPR_SCRATCH: u8 = 15;
    const MEMBASE: u8 = R15;
    const SCRATCH2: u8 = R10;
    const SHIFT_COUNT: Option<u8> = Some(RCX);
    const DIV: Option<DivRegs> = Some(DivRegs { quotient: RAX, remainder: RDX });
    const THREE_ADDRESS: bool = false;
    const FRAME_OPERANDS: bool = true;

    #[inline(always)]
    fn stores_imm(_value: i32) -> bool {
        true
    }

    unsafe fn new(code: &mut [u8], target: Target, pool: Vec<Constant>) -> Option<Self> {
        // SAFETY: the caller's promise is the writer's.
        Some(X64 { w: unsafe { CodeWriter::new(code) }?, target, pool, mask: false, pads: false })
    }

    fn set_checks(&mut self, checks: Checks) {
        self.mask = checks.mask_indices;
        self.pads = checks.landing_pads;
    }

    fn finish_pool(&mut self) -> Vec<Constant> {
        let mut pool = std::mem::take(&mut self.pool);
        while !pool.is_empty() && !self.pos().is_multiple_of(8) {
            self.w.put(0xcc, 1);
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
            self.w.patch32(constant.site, at.wrapping_sub(constant.site).wrapping_sub(4));
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
        self.landing_pad();
        // push rbp; mov rbp, rsp; push r14
        self.w.put(0x5641_e589_4855, 6);
        // push rbx; push r12; push r13; push r9; push r8
        const PUSH_PINS: [(u64, usize); 4] = [(0, 0), (0x53, 1), (0x54_4153, 3), (0x55_4154_4153, 5)];
        let (bits, len) = PUSH_PINS[gpr_pins.min(3)];
        self.w.put(bits, len);
        self.w.put(0x5041_5141, 2 * gpr_pins.saturating_sub(3));
        // sub rsp, imm32
        self.w.put(0xec_8148, 3);
        let patch = self.pos();
        self.w.put32(0);
        // mov r11, [r14 + STORE]; cmp rsp, [r11 + STACK_LIMIT]
        const { assert!(vmctx::STORE == 0 && vmctx::store::STACK_LIMIT == 0) }
        self.w.put(0x233b_491e_8b4d, 6);
        self.trap_if(Cond::LtU, TrapCode::StackOverflow as u8, traps, wasm);
        for (i, &pin) in Self::FPR_PINS[..fpr_pins].iter().enumerate() {
            self.fstore_frame(pin, saved_fpr(gpr_pins, i));
        }
        patch
    }

    fn patch_frame(&mut self, prologue: u32, gpr_pins: usize, fpr_pins: usize, size: u32) {
        let pushed = 8 * (1 + gpr_pins as u32);
        let size = size + 8 * fpr_pins as u32;
        self.w.patch32(prologue, (pushed + size).next_multiple_of(16) - pushed);
    }

    fn epilogue(&mut self, gpr_pins: usize, fpr_pins: usize) {
        for (i, &pin) in Self::FPR_PINS[..fpr_pins].iter().enumerate() {
            self.fload_frame(W64, pin, saved_fpr(gpr_pins, i));
        }
        match gpr_pins {
            0 => {}
            // mov rbx, [rbp - 16]
            1 => self.w.put(0xf05d_8b48, 4),
            n => {
                // lea rsp, [rbp - 8 - 8 * n]; pop r8; pop r9; pop r13; pop r12; pop rbx
                let disp = (-8 - 8 * n as i32) as u8;
                self.w.put(0x65_8d48 | u64::from(disp) << 24, 4);
                self.w.put(0x5941_5841 >> (16 * (5 - n.max(3))), 2 * n.saturating_sub(3));
                self.w.put(if n == 2 { 0x5b_5c41 } else { 0x5b_5c41_5d41 }, if n == 2 { 3 } else { 5 });
            }
        }
        // leave; ret
        self.w.put(0xc3c9, 2);
    }

    fn zero_slots(&mut self, disp: i32, count: u32) {
        if count == 0 {
            return;
        }
        if count <= 12 {
            asm!(self; xor r11d, r11d);
            for i in 0..count as i32 {
                self.store_frame(R11, disp + 8 * i);
            }
        } else {
            asm!(self
                ; lea rdi, [rbp + disp]
                ; mov ecx, count as i32
                ; xor eax, eax
                ; rep stosq);
        }
    }

    fn trap(&mut self, code: u8) {
        self.w.put(0x0b0f | u64::from(code) << 16, 3);
    }

    fn align_entry(&mut self) {
        let n = (16 - self.pos() % 16) % 16;
        self.w.put(u64::from_ne_bytes([0xcc; 8]), n.min(8) as usize);
        self.w.put(u64::from_ne_bytes([0xcc; 8]), n.saturating_sub(8) as usize);
    }

    #[inline(always)]
    fn mov(&mut self, dst: u8, src: u8) {
        if dst != src {
            self.mov_loc(W64, dst, Loc::reg(src));
        }
    }

    #[inline(always)]
    fn mov32(&mut self, dst: u8, src: u8) {
        self.mov_loc(W32, dst, Loc::reg(src));
    }

    #[inline(always)]
    fn mov_imm(&mut self, dst: u8, value: i64) {
        let dst64 = u64::from(dst);
        if value as u64 >> 32 == 0 {
            let bits = 0x41 | (0xb8 | dst64 & 7) << 8 | (value as u64) << 16;
            let skip = usize::from(dst < 8);
            self.w.put(bits >> (8 * skip), 6 - skip);
        } else if value as i32 as i64 == value {
            self.op_loc(W64, 0xc7, 0, Loc::reg(dst));
            self.w.put32(value as u32);
        } else {
            self.w.put(0x48 | dst64 >> 3 | (0xb8 | dst64 & 7) << 8, 2);
            self.w.put(value as u64, 8);
        }
    }

    #[inline(always)]
    fn set_imm(&mut self, dst: u8, value: i64) {
        if value == 0 {
            self.op_loc(W32, 0x33, dst, Loc::reg(dst));
        } else {
            self.mov_imm(dst, value);
        }
    }

    #[inline(always)]
    fn mov_from(&mut self, ty: Ty, dst: u8, src: Loc) {
        self.mov_loc(if ty == Ty::I32 { W32 } else { W64 }, dst, src);
    }

    #[inline(always)]
    fn load_frame(&mut self, ty: Ty, dst: u8, disp: i32) {
        let w = if ty == Ty::I32 { W32 } else { W64 };
        self.mov_loc(w, dst, Loc::frame(disp));
    }

    #[inline(always)]
    fn store_frame(&mut self, src: u8, disp: i32) {
        self.op_loc(W64, 0x89, src, Loc::frame(disp));
    }

    #[inline(always)]
    fn store_frame_imm(&mut self, value: i32, disp: i32) {
        self.op_loc(W64, 0xc7, 0, Loc::frame(disp));
        self.w.put32(value as u32);
    }

    #[inline(always)]
    fn fmov(&mut self, dst: u8, src: u8) {
        if dst != src {
            self.op0f_loc(W32, 0x28, dst, Loc::reg(src));
        }
    }

    fn fmov_imm(&mut self, w: Width, dst: u8, bits: u64) {
        if bits == 0 {
            self.op0f_loc(W32, 0x57, dst, Loc::reg(dst));
        } else {
            // movss/movsd dst, [rip + …]
            self.w.put(u64::from(scalar(w)), 1);
            let rex = 0x44u64;
            let bytes = rex | 0x100f << 8 | (0x05 | u64::from(dst & 7) << 3) << 24;
            let skip = usize::from(dst < 8);
            self.w.put(bytes >> (8 * skip), 4 - skip);
            self.pool.push(Constant { site: self.pos(), bits });
            self.w.put32(0);
        }
    }

    #[inline(always)]
    fn fload_frame(&mut self, w: Width, dst: u8, disp: i32) {
        self.sse_loc(scalar(w), 0x10, dst, Loc::frame(disp));
    }

    #[inline(always)]
    fn fstore_frame(&mut self, src: u8, disp: i32) {
        self.sse_loc(0xf2, 0x11, src, Loc::frame(disp));
    }

    fn store_arg(&mut self, src: u8, i: u32) {
        self.op_addr(W64, 0x89, src, arg(i));
    }

    fn fstore_arg(&mut self, src: u8, i: u32) {
        self.op_addr(W32, 0x11 | OP_0F | OP_F2, src, arg(i));
    }

    fn load_result(&mut self, dst: u8, i: u32) {
        self.op_addr(W64, 0x8b, dst, arg(i));
    }

    #[inline(always)]
    fn alu(&mut self, op: Alu, w: Width, dst: u8, a: Loc, b: Loc) {
        if !a.is_reg(dst) {
            if op == Alu::Add && !a.is_frame() && !b.is_frame() {
                return self.lea_sum(w, dst, a.num(), b.num());
            }
            debug_assert!(!b.is_reg(dst));
            self.mov_loc(w, dst, a);
        }
        match op {
            Alu::Mul => self.op0f_loc(w, 0xaf, dst, b),
            _ => self.op_loc(w, alu_opcode(op), dst, b),
        }
    }

    #[inline(always)]
    fn alu_imm(&mut self, op: Alu, w: Width, dst: u8, a: Loc, imm: i32) {
        if op == Alu::Mul {
            return self.mul_imm(w, dst, a, imm);
        }
        if !a.is_reg(dst) {
            if !a.is_frame() {
                let disp = match op {
                    Alu::Add => Some(imm),
                    Alu::Sub => imm.checked_neg(),
                    _ => None,
                };
                if let Some(disp) = disp {
                    return self.lea(w, dst, a.num(), disp);
                }
            }
            self.mov_loc(w, dst, a);
        }
        self.group1(w, alu_opcode(op) >> 3, Loc::reg(dst), imm);
    }

    fn shift(&mut self, op: Shift, w: Width, dst: u8, a: Loc, count: u8) {
        debug_assert!(count == RCX && dst != RCX);
        if !a.is_reg(dst) {
            self.mov_loc(w, dst, a);
        }
        self.op_loc(w, 0xd3, shift_ext(op), Loc::reg(dst));
    }

    fn shift_imm(&mut self, op: Shift, w: Width, dst: u8, a: Loc, count: u8) {
        if !a.is_reg(dst) {
            self.mov_loc(w, dst, a);
        }
        if count == 1 {
            self.op_loc(w, 0xd1, shift_ext(op), Loc::reg(dst));
        } else {
            self.op_loc(w, 0xc1, shift_ext(op), Loc::reg(dst));
            self.w.put(u64::from(count), 1);
        }
    }

    fn div(&mut self, op: Div, w: Width, dst: u8, a: u8, b: Loc, checked: bool, traps: &mut Vec<TrapJump>, wasm: u32) {
        debug_assert!(a == RAX && !b.is_reg(RAX) && !b.is_reg(RDX));
        debug_assert_eq!(dst, if matches!(op, Div::RemS | Div::RemU) { RDX } else { RAX });
        self.divide(op, w, b, checked, traps, wasm);
    }

    fn unary(&mut self, op: Unary, w: Width, dst: u8, a: Loc) {
        self.count_or_extend(op, w, dst, a);
    }

    #[inline(always)]
    fn cmp(&mut self, w: Width, a: u8, b: Loc) {
        self.op_loc(w, 0x3b, a, b);
    }

    #[inline(always)]
    fn cmp_imm(&mut self, w: Width, a: Loc, imm: i32) {
        if imm == 0 && !a.is_frame() {
            self.op_loc(w, 0x85, a.num(), a);
        } else {
            self.group1(w, 7, a, imm);
        }
    }

    fn fcmp(&mut self, cond: Cond, w: Width, a: u8, b: u8) -> Cond {
        let (first, second) = if matches!(cond, Cond::FLt | Cond::FLe) { (b, a) } else { (a, b) };
        self.ucomis(w, first, second);
        cond
    }

    fn set_cond(&mut self, cond: Cond, dst: u8) {
        match cond {
            Cond::FEq => asm!(self; setnp r11b; sete Rb(dst); and Rb(dst), r11b),
            Cond::FNe => asm!(self; setp r11b; setne Rb(dst); or Rb(dst), r11b),
            _ => {
                // setcc dst8
                let rex = 0x40 | u64::from(dst >> 3);
                let bits = rex | 0x0f00 | (0x90 | u64::from(cc_of(cond))) << 16 | (0xc0 | u64::from(dst & 7)) << 24;
                let skip = usize::from(dst < 4);
                self.w.put(bits >> (8 * skip), 4 - skip);
            }
        }
        // movzx dst32, dst8
        let rex = 0x40 | (u64::from(dst >> 3) * 5);
        let bits = rex | 0xb60f << 8 | (0xc0 | (u64::from(dst & 7) * 9)) << 24;
        let skip = usize::from(dst < 4);
        self.w.put(bits >> (8 * skip), 4 - skip);
    }

    fn select(&mut self, cond: Cond, w: Width, dst: u8, a: u8, b: Loc) {
        debug_assert_eq!(dst, a);
        match cond {
            Cond::FEq => {
                self.op0f_loc(w, 0x40 | cc::P, dst, b);
                self.op0f_loc(w, 0x40 | cc::NE, dst, b);
            }
            Cond::FNe => {
                let unordered = self.jcc8(cc::P);
                self.op0f_loc(w, 0x40 | cc::E, dst, b);
                self.here8(unordered);
            }
            _ => self.op0f_loc(w, 0x40 | cc_of(cond.negate()), dst, b),
        }
    }

    fn fselect(&mut self, cond: Cond, dst: u8, a: u8, b: u8) {
        debug_assert_eq!(dst, a);
        match cond {
            Cond::FEq => {
                let unordered = self.jcc8(cc::P);
                let keep = self.jcc8(cc::E);
                self.here8(unordered);
                self.fmov(dst, b);
                self.here8(keep);
            }
            Cond::FNe => {
                let unordered = self.jcc8(cc::P);
                let keep = self.jcc8(cc::NE);
                self.fmov(dst, b);
                self.here8(unordered);
                self.here8(keep);
            }
            _ => {
                let keep = self.jcc8(cc_of(cond));
                self.fmov(dst, b);
                self.here8(keep);
            }
        }
    }

    #[inline(always)]
    fn jump(&mut self, to: &mut Chain) {
        self.w.put(0xe9, 1);
        self.link(to);
    }

    #[inline(always)]
    fn jump_if(&mut self, cond: Cond, to: &mut Chain) {
        match cond {
            Cond::FEq => {
                let unordered = self.jcc8(cc::P);
                self.jcc(cc::E, to);
                self.here8(unordered);
            }
            Cond::FNe => {
                self.jcc(cc::P, to);
                self.jcc(cc::NE, to);
            }
            _ => self.jcc(cc_of(cond), to),
        }
    }

    fn jump_back(&mut self, to: u32) {
        let rel = to.wrapping_sub(self.pos()).wrapping_sub(2) as i32;
        if rel >= -128 {
            self.w.put(0xeb | u64::from(rel as u8) << 8, 2);
        } else {
            self.w.put(0xe9 | u64::from((rel - 3) as u32) << 8, 5);
        }
    }

    fn jump_back_if(&mut self, cond: Cond, to: u32) {
        match cond {
            Cond::FEq => {
                let unordered = self.jcc8(cc::P);
                self.jcc_back(cc::E, to);
                self.here8(unordered);
            }
            Cond::FNe => {
                self.jcc_back(cc::P, to);
                self.jcc_back(cc::NE, to);
            }
            _ => self.jcc_back(cc_of(cond), to),
        }
    }

    #[inline(always)]
    fn bind(&mut self, chain: Chain) {
        let here = self.pos();
        let mut site = chain.0;
        while site != 0 && !self.w.overflowed() {
            let next = self.w.read32(site);
            self.w.patch32(site, here - site - 4);
            site = next;
        }
    }

    #[inline(always)]
    fn trap_if(&mut self, cond: Cond, code: u8, traps: &mut Vec<TrapJump>, wasm: u32) {
        self.trap_cc(cc_of(cond), code, traps, wasm);
    }

    fn bind_trap(&mut self, site: u32) {
        let here = self.pos();
        self.w.patch32(site, here.wrapping_sub(site).wrapping_sub(4));
    }

    fn after_trap_jump(&self, site: u32) -> u32 {
        site + 4
    }

    fn check_interrupt(&mut self, traps: &mut Vec<TrapJump>, wasm: u32) {
        asm!(self
            ; mov r11, [r14 + vmctx::STORE]
            ; cmp rsp, [BYTE r11 + vmctx::store::INTERRUPT as i8]);
        self.trap_if(Cond::GtU, TrapJump::CHECK, traps, wasm);
    }

    fn charge_fuel(&mut self, traps: &mut Vec<TrapJump>, wasm: u32) -> u32 {
        asm!(self
            ; mov r11, [r14 + vmctx::STORE]
            ; sub QWORD [BYTE r11 + vmctx::store::FUEL as i8], DWORD i32::MAX);
        let patch = self.pos().wrapping_sub(4);
        self.trap_if(Cond::LtS, TrapJump::CHECK, traps, wasm);
        patch
    }

    fn patch_fuel(&mut self, at: u32, amount: u32) {
        self.w.patch32(at, amount);
    }

    fn table_jump(&mut self, index: u8, last: u32) {
        asm!(self
            ; mov r11d, last as i32
            ; cmp Rd(index), r11d
            ; cmova Rd(index), r11d
            ; lea r11, [rip + 10 + i32::from(self.pads)]);
        // lea r10, [index + index * 4]: an entry is a jump of 5 bytes.
        let (low, high) = (u64::from(index & 7), u64::from(index >> 3));
        self.w.put(0x14_8d4c | (high * 3) | (0x80 | (low * 9)) << 24, 4);
        asm!(self; add r11, r10);
        if self.pads {
            // notrack: the entries are no landing pads.
            self.w.put(0x3e, 1);
        }
        asm!(self; jmp r11);
    }

    fn table_entry(&mut self, to: &mut Chain) {
        self.jump(to);
    }

    fn table_entry_back(&mut self, to: u32) {
        let rel = to.wrapping_sub(self.pos()).wrapping_sub(5);
        self.w.put(0xe9 | u64::from(rel) << 8, 5);
    }

    #[inline(always)]
    fn falu(&mut self, op: FAlu, w: Width, dst: u8, a: u8, b: Loc) {
        debug_assert!(dst == a || !b.is_reg(dst));
        self.fmov(dst, a);
        let opcode = match op {
            FAlu::Add => 0x58,
            FAlu::Mul => 0x59,
            FAlu::Sub => 0x5c,
            FAlu::Div => 0x5e,
        };
        self.sse_loc(scalar(w), opcode, dst, b);
    }

    fn funary(&mut self, op: FUnary, w: Width, dst: u8, a: u8) {
        match op {
            FUnary::Sqrt => self.sse_loc(scalar(w), 0x51, dst, Loc::reg(a)),
            FUnary::Abs | FUnary::Neg => self.float_sign(op == FUnary::Neg, w, dst, a),
            FUnary::Nearest => self.round(w, dst, a, 0),
            FUnary::Floor => self.round(w, dst, a, 1),
            FUnary::Ceil => self.round(w, dst, a, 2),
            FUnary::Trunc => self.round(w, dst, a, 3),
        }
    }

    fn fminmax(&mut self, max: bool, w: Width, dst: u8, a: u8, b: u8) {
        debug_assert_eq!(dst, a);
        self.float_minmax(max, w, dst, b);
    }

    fn fcopysign(&mut self, w: Width, dst: u8, a: u8, b: u8) {
        debug_assert_eq!(dst, a);
        self.float_copysign(w, dst, b);
    }

    fn fconvert(&mut self, from: Width, dst: u8, src: u8) {
        self.sse_loc(scalar(from), 0x5a, dst, Loc::reg(src));
    }

    fn int_to_float(&mut self, int: Width, signed: bool, float: Width, dst: u8, src: u8) {
        self.convert_int(int, signed, float, dst, src);
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
        if signed {
            self.trunc_signed(float, int, dst, src, traps, wasm);
        } else {
            self.trunc_unsigned(float, int, dst, src, traps, wasm);
        }
    }

    fn float_to_int_sat(&mut self, float: Width, int: Width, signed: bool, dst: u8, src: u8) {
        if signed {
            self.trunc_sat_signed(float, int, dst, src);
        } else {
            self.trunc_sat_unsigned(float, int, dst, src);
        }
    }

    fn float_bits(&mut self, w: Width, dst: u8, src: u8) {
        self.w.put(0x66, 1);
        self.op0f_loc(w, 0x7e, src, Loc::reg(dst));
    }

    fn float_from_bits(&mut self, w: Width, dst: u8, src: u8) {
        self.w.put(0x66, 1);
        self.op0f_loc(w, 0x6e, dst, Loc::reg(src));
    }

    #[inline(always)]
    fn prepare(&mut self, addr: Addr, _size: u32) -> Addr {
        addr
    }

    #[inline(always)]
    fn prepare_indexed(&mut self, index: u8, disp: i32) -> (u8, i32) {
        (index, disp)
    }

    #[inline(always)]
    fn load(&mut self, kind: Load, dst: u8, addr: Addr) {
        let (w, op) = LOADS[kind as usize];
        self.op_addr(w, op, dst, addr);
    }

    #[inline(always)]
    fn store(&mut self, kind: Store, src: u8, addr: Addr) {
        let (w, op) = STORES[kind as usize];
        self.op_addr(w, op, src, addr);
    }

    #[inline(always)]
    fn load_indexed(&mut self, kind: Load, dst: u8, index: u8, disp: i32) {
        static FORMS: [Indexed; 12] = indexed(&LOADS);
        self.op_indexed(FORMS[kind as usize], dst, index, disp);
    }

    #[inline(always)]
    fn store_indexed(&mut self, kind: Store, src: u8, index: u8, disp: i32) {
        static FORMS: [Indexed; 6] = indexed(&STORES);
        self.op_indexed(FORMS[kind as usize], src, index, disp);
    }

    fn store_imm(&mut self, kind: Store, value: i32, addr: Addr) {
        match kind {
            Store::B8 => {
                self.op_addr(W32, 0xc6, 0, addr);
                self.w.put(u64::from(value as u8), 1);
            }
            Store::B16 => {
                self.op_addr(W32, 0xc7 | OP_66, 0, addr);
                self.w.put(u64::from(value as u16), 2);
            }
            Store::B32 | Store::F32 => {
                self.op_addr(W32, 0xc7, 0, addr);
                self.w.put32(value as u32);
            }
            Store::B64 | Store::F64 => {
                self.op_addr(W64, 0xc7, 0, addr);
                self.w.put32(value as u32);
            }
        }
    }

    fn memory_base(&mut self, memory: i32) {
        asm!(self
            ; mov r10, [r14 + memory]
            ; mov r10, [BYTE r10 + vmctx::memory::BASE as i8]);
    }

    fn add_offset(&mut self, index: u8, offset: u64) {
        self.mov_imm(R11, offset as i64);
        self.op_loc(W64, 0x03, R11, Loc::reg(index));
    }

    fn check_bounds(&mut self, index: u8, end: u64, memory: i32, traps: &mut Vec<TrapJump>, wasm: u32) {
        self.add_offset(index, end);
        asm!(self
            ; mov r10, [r14 + memory]
            ; cmp r11, [BYTE r10 + vmctx::memory::LEN as i8]);
        self.trap_if(Cond::GtU, TrapCode::MemoryOutOfBounds as u8, traps, wasm);
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
        const { assert!(vmctx::memory::BASE == 0) }
        self.check_bounds(index, end, memory, traps, wasm);
        // None of these changes the flags.
        asm!(self
            ; mov r10, [BYTE r10 + vmctx::memory::BASE as i8]
            ; lea r10, [r10 + r11 - size as i32]
            ; cmova r10, [BYTE r14 + vmctx::ZERO as i8]);
        Addr { base: R10, index: None, disp: 0 }
    }

    fn memory_size(&mut self, dst: u8, memory: i32) {
        asm!(self
            ; mov r11, [r14 + memory]
            ; mov Rq(dst), [BYTE r11 + vmctx::memory::LEN as i8]
            ; shr Rq(dst), 16);
    }

    #[inline(always)]
    fn load_global(&mut self, ty: Ty, dst: u8, offset: i32, indirect: bool) {
        // mov dst, [r14 + offset]; or mov r10, [r14 + offset]; mov dst, [r10]
        let w = if ty == Ty::I32 { W32 } else { W64 };
        if indirect {
            self.load_context(W64, R10, offset);
            self.w.put(0x02_8b41 | (w as u64) << 3 | u64::from(dst >> 3) << 2 | u64::from(dst & 7) << 19, 3);
        } else {
            self.load_context(w, dst, offset);
        }
    }

    fn global(&mut self, offset: i32, indirect: bool) -> Addr {
        if !indirect {
            return Addr { base: R14, index: None, disp: offset };
        }
        self.op_addr(W64, 0x8b, R10, Addr { base: R14, index: None, disp: offset });
        Addr { base: R10, index: None, disp: 0 }
    }

    fn table_size(&mut self, dst: u8, table: i32) {
        asm!(self
            ; mov r11, [r14 + table]
            ; mov Rq(dst), [BYTE r11 + vmctx::table::LEN as i8]);
    }

    fn table_element(&mut self, index: u8, table: i32, traps: &mut Vec<TrapJump>, wasm: u32) -> Addr {
        self.checked_table(index, table, traps, wasm);
        asm!(self
            ; lea r10, [r11 + Rq(index) * 8]);
        Addr { base: R10, index: None, disp: 0 }
    }

    fn call_direct(&mut self) -> u32 {
        self.w.put(0xe8, 5);
        self.pos() - 4
    }

    fn call_import(&mut self, offset: i32) {
        let (code, context) = (offset + vmctx::func_import::CODE, offset + vmctx::func_import::VMCTX);
        asm!(self
            ; mov r11, [r14 + code]
            ; mov r14, [r14 + context]
            ; mov r15, [BYTE r14 + vmctx::MEM0_BASE as i8]
            ; call r11);
    }

    fn load_callee(&mut self, index: u8, table: i32, sig: u32, traps: &mut Vec<TrapJump>, wasm: u32) {
        self.checked_table(index, table, traps, wasm);
        asm!(self
            ; mov r10, [r11 + Rq(index) * 8]
            ; test r10, r10);
        self.trap_if(Cond::Eq, TrapCode::IndirectCallToNull as u8, traps, wasm);
        asm!(self; cmp DWORD [BYTE r10 + vmctx::func_ref::SIG as i8], sig as i32);
        self.trap_if(Cond::Ne, TrapCode::BadSignature as u8, traps, wasm);
    }

    fn call_funcref(&mut self) {
        asm!(self
            ; mov r14, [BYTE r10 + vmctx::func_ref::VMCTX as i8]
            ; mov r15, [BYTE r14 + vmctx::MEM0_BASE as i8]
            ; call QWORD [BYTE r10 + vmctx::func_ref::CODE as i8]);
    }

    fn restore_context(&mut self) {
        asm!(self
            ; mov r14, [rbp - 8]
            ; mov r15, [BYTE r14 + vmctx::MEM0_BASE as i8]);
    }

    fn call_builtin(&mut self, builtin: u32) {
        asm!(self
            ; mov r11, [BYTE r14 + vmctx::BUILTINS as i8]
            ; call QWORD [r11 + builtin as i32 * 8]);
    }
}

impl X64 {
    /// Where indirect calls and jumps may go to.
    #[inline(always)]
    pub(super) fn landing_pad(&mut self) {
        if self.pads {
            // endbr64
            self.w.put(0xfa1e_0ff3, 4);
        }
    }
}

/// Opcodes by [`Load`].
const LOADS: [(Width, u32); 12] = [
    (W32, 0x8b),
    (W64, 0x8b),
    (W32, 0x10 | OP_0F | OP_F3),
    (W32, 0x10 | OP_0F | OP_F2),
    (W32, 0xb6 | OP_0F),
    (W32, 0xb7 | OP_0F),
    (W32, 0x8b),
    (W32, 0xbe | OP_0F),
    (W32, 0xbf | OP_0F),
    (W64, 0xbe | OP_0F),
    (W64, 0xbf | OP_0F),
    (W64, 0x63),
];

/// Opcodes by [`Store`].
const STORES: [(Width, u32); 6] = [
    (W32, 0x88 | OP_BYTE),
    (W32, 0x89 | OP_66),
    (W32, 0x89),
    (W64, 0x89),
    (W32, 0x11 | OP_0F | OP_F3),
    (W32, 0x11 | OP_0F | OP_F2),
];

const fn indexed<const N: usize>(ops: &[(Width, u32); N]) -> [Indexed; N] {
    let mut forms = [Indexed::new(W32, 0); N];
    let mut i = 0;
    while i < N {
        forms[i] = Indexed::new(ops[i].0, ops[i].1);
        i += 1;
    }
    forms
}

/// The mandatory prefix of scalar SSE instructions.
#[inline(always)]
pub(super) fn scalar(w: Width) -> u8 {
    if w == W32 { 0xf3 } else { 0xf2 }
}

/// Where the prologue saves the `i`th pinned float register, from rbp.
fn saved_fpr(gpr_pins: usize, i: usize) -> i32 {
    -8 * (2 + gpr_pins + i) as i32
}

fn arg(i: u32) -> Addr {
    Addr { base: 4, index: None, disp: 8 * i as i32 }
}

#[inline(always)]
fn alu_opcode(op: Alu) -> u8 {
    // By discriminant: add, sub, and, or, xor. Multiplication has opcodes of its own.
    const OPCODES: u64 = 0x33_0b_23_2b_03;
    debug_assert!(op != Alu::Mul);
    (OPCODES >> (8 * op as u32)) as u8
}

fn shift_ext(op: Shift) -> u8 {
    match op {
        Shift::Rotl => 0,
        Shift::Rotr => 1,
        Shift::Shl => 4,
        Shift::ShrU => 5,
        Shift::ShrS => 7,
    }
}
