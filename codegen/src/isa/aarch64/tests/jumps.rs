//! Branches, traps, calls and jump tables, in their near and far forms.

use super::super::NEAR_CODE;
use super::{A64, Forms, check, code, decode};
use crate::masm::*;
use crate::target::Target;
use crate::trap::TrapCode;
use Width::{W32, W64};

fn far(emit: impl FnOnce(&mut A64)) -> Vec<String> {
    decode(&code(true, 8192, emit))
}

#[test]
fn a_chain_of_jumps_goes_to_one_place() {
    let emit = |m: &mut A64| {
        let mut chain = Chain::default();
        for _ in 0..2 {
            m.jump(&mut chain);
        }
        m.jump_if(Cond::LtU, &mut chain);
        m.cmp_imm(W64, Loc::reg(Gpr(3)), 0);
        m.jump_if(Cond::Eq, &mut chain);
        m.cmp_imm(W32, Loc::reg(Gpr(20)), 0);
        m.jump_if(Cond::Ne, &mut chain);
        m.bind(chain);
    };
    check(&["b $+0x14", "b $+0x10", "b.lo $+0xc", "cbz x3, $+0x8", "cbnz w20, $+0x4"], emit);
    let expected =
        ["b $+0x20", "b $+0x1c", "b.hs $+0x8", "b $+0x14", "cbnz x3, $+0x8", "b $+0xc", "cbz w20, $+0x8", "b $+0x4"];
    assert_eq!(far(emit), expected);
}

#[test]
fn a_comparison_with_zero_is_part_of_a_branch_only_where_that_is_the_same() {
    // Another condition.
    check(&["cmp w3, #0x0", "b.lt $+0x4"], |m| {
        let mut chain = Chain::default();
        m.cmp_imm(W32, Loc::reg(Gpr(3)), 0);
        m.jump_if(Cond::LtS, &mut chain);
        m.bind(chain);
    });
    // Something between them.
    check(&["cmp w3, #0x0", "mov w3, #0x1", "b.eq $+0x4"], |m| {
        let mut chain = Chain::default();
        m.cmp_imm(W32, Loc::reg(Gpr(3)), 0);
        m.mov_imm(Gpr(3), 1);
        m.jump_if(Cond::Eq, &mut chain);
        m.bind(chain);
    });
    // A float condition after it never is about it.
    check(&["cmp w3, #0x0", "fcmp d0, d1", "b.eq $+0x4"], |m| {
        let mut chain = Chain::default();
        m.cmp_imm(W32, Loc::reg(Gpr(3)), 0);
        let cond = m.fcmp(Cond::FEq, W64, Fpr(0), Fpr(1));
        m.jump_if(cond, &mut chain);
        m.bind(chain);
    });
    // Another constant.
    check(&["cmp w3, #0x1", "b.eq $+0x4"], |m| {
        let mut chain = Chain::default();
        m.cmp_imm(W32, Loc::reg(Gpr(3)), 1);
        m.jump_if(Cond::Eq, &mut chain);
        m.bind(chain);
    });
    // Who comes by a jump has not compared.
    check(&["b.lo $+0x8", "cmp w3, #0x0", "b.eq $+0x4"], |m| {
        let (mut earlier, mut chain) = (Chain::default(), Chain::default());
        m.jump_if(Cond::LtU, &mut earlier);
        m.cmp_imm(W32, Loc::reg(Gpr(3)), 0);
        m.bind(earlier);
        m.jump_if(Cond::Eq, &mut chain);
        m.bind(chain);
    });
    // In the frame.
    check(&["ldur w16, [x29, #-0x8]", "cbz w16, $+0x4"], |m| {
        let mut chain = Chain::default();
        m.cmp_imm(W32, Loc::frame(-8), 0);
        m.jump_if(Cond::Eq, &mut chain);
        m.bind(chain);
    });
}

/// Fills with instructions up to `pos`.
fn fill(m: &mut A64, pos: u32) {
    while m.pos() < pos {
        m.room();
        m.put(0xd503_201f);
    }
}

#[test]
fn near_branches_reach_all_of_the_longest_function() {
    let last = NEAR_CODE as u32 - 2048;
    let bytes = code(false, NEAR_CODE, |m| {
        let mut chain = Chain::default();
        m.jump_if(Cond::LeS, &mut chain);
        m.jump(&mut chain);
        m.trap_if(Cond::GtU, TrapCode::TableOutOfBounds);
        let stubs = std::mem::take(&mut m.lists().stubs);
        m.fmov_imm(W64, Fpr(5), 0x3ff0_0000_0000_0001);
        fill(m, last);
        m.jump_back_if(Cond::Ne, 0);
        m.jump_back(4);
        m.bind(chain);
        m.bind_stub(stubs[0].site);
        m.trap(TrapCode::TableOutOfBounds);
        m.finish_pool();
    });
    let lines = decode(&bytes[..16]);
    let pool = (last + 12).next_multiple_of(8);
    let expected = [
        format!("b.le $+{:#x}", last + 8),
        format!("b $+{:#x}", last + 4),
        format!("b.hi $+{:#x}", last),
        format!("ldr d5, $+{:#x}", pool - 12),
    ];
    assert_eq!(lines, expected);
    assert_eq!(bytes[pool as usize..], 0x3ff0_0000_0000_0001u64.to_le_bytes());
    let lines = decode(&bytes[last as usize..last as usize + 12]);
    assert_eq!(lines, [format!("b.ne $-{last:#x}"), format!("b $-{last:#x}"), "udf #0x3".to_string()]);
}

#[test]
fn far_branches_reach_beyond_a_mebibyte() {
    let last = 3u32 << 20;
    let bytes = code(true, 4 << 20, |m| {
        let mut chain = Chain::default();
        m.jump_if(Cond::LeS, &mut chain);
        m.trap_if(Cond::GtU, TrapCode::TableOutOfBounds);
        let stubs = std::mem::take(&mut m.lists().stubs);
        m.fmov_imm(W64, Fpr(5), 0x3ff0_0000_0000_0001);
        fill(m, last);
        m.jump_back_if(Cond::Ne, 0);
        m.jump_back_if(Cond::Ne, last);
        m.bind(chain);
        m.bind_stub(stubs[0].site);
        m.trap(TrapCode::TableOutOfBounds);
        m.finish_pool();
    });
    let lines = decode(&bytes[..28]);
    let here = last + 12;
    let expected = [
        "b.gt $+0x8".to_string(),
        format!("b $+{:#x}", here - 4),
        "b.ls $+0x8".to_string(),
        format!("b $+{:#x}", here - 12),
        "mov x15, #0x1".to_string(),
        "movk x15, #0x3ff0, lsl #48".to_string(),
        "fmov d5, x15".to_string(),
    ];
    // The decoder's spelling of a wide constant's first half is w15.
    assert_eq!(lines.iter().map(|l| l.replace("mov w15", "mov x15")).collect::<Vec<_>>(), expected);
    let lines = decode(&bytes[last as usize..]);
    assert_eq!(lines, ["b.eq $+0x8", &format!("b $-{:#x}", last + 4), "b.ne $-0x8", "udf #0x3"]);
}

#[test]
fn a_loop_by_the_sign_of_a_number_tests_a_bit() {
    for (w, bit) in [(W32, "w20, #0x1f"), (W64, "x20, #0x3f")] {
        for (cond, name, compared) in [(Cond::LtS, "tbnz", "lt"), (Cond::GeS, "tbz", "ge")] {
            for distance in [0u32, 4, 0x7ffc, 0x8000, 0x8004] {
                let bytes = code(false, 1 << 17, |m| {
                    fill(m, distance);
                    m.cmp_imm(w, Loc::reg(Gpr(20)), 0);
                    m.jump_back_if(cond, 0);
                });
                let lines = decode(&bytes[distance as usize..]);
                // Where the branch is once the comparison is gone; the form is chosen by where it would be else.
                if distance + 4 <= 0x8000 {
                    let expected = if distance == 0 {
                        format!("{name} {bit}, $+0x0")
                    } else {
                        format!("{name} {bit}, $-{distance:#x}")
                    };
                    assert_eq!(lines, [expected]);
                } else {
                    assert_eq!(lines[1], format!("b.{compared} $-{:#x}", distance + 4));
                }
            }
        }
    }
}

#[test]
fn the_edge_of_a_backward_branch() {
    for distance in [(1u32 << 20) - 4, 1 << 20, (1 << 20) + 4] {
        let bytes = code(true, 2 << 20, |m| {
            fill(m, distance);
            m.jump_back_if(Cond::Eq, 0);
        });
        let lines = decode(&bytes[distance as usize..]);
        if distance <= 1 << 20 {
            assert_eq!(lines, [format!("b.eq $-{distance:#x}")]);
        } else {
            assert_eq!(lines, ["b.ne $+0x8".to_string(), format!("b $-{:#x}", distance + 4)]);
        }
    }
}

#[test]
fn jump_tables() {
    let table = |last: u32| {
        move |m: &mut A64| {
            m.table_jump(Gpr(19), last);
            let mut chain = Chain::default();
            m.table_entry(&mut chain);
            m.table_entry_back(0);
            m.bind(chain);
        }
    };
    let (small, large) = (["cmp w19, #0x1", "mov w16, #0x1"], ["mov w16, #0x1001", "cmp w19, w16"]);
    let tail =
        ["csel w19, w19, w16, ls", "adr x17, $+0x0", "ldrh w16, [x17, x19, lsl #1]", "sub x17, x17, x16, lsl #2"];
    for (last, head) in [(1, small), (4097, large)] {
        check(&[&head[..], &tail, &["br x17"]].concat(), table(last));
    }
    // Far from the labels, a table consists of jumps.
    let tail =
        ["csel w19, w19, w16, ls", "adr x17, $+0xc", "add x17, x17, x19, lsl #2", "br x17", "b $+0x8", "b $-0x1c"];
    for (last, head) in [(1, small), (4097, large)] {
        assert_eq!(far(table(last)), [&head[..], &tail].concat());
    }
}

/// Where code is expected to be small, a branch under the sign of a value is one instruction, forwards, too.
#[test]
fn signs_are_tested_by_branches_of_little_reach() {
    let signs = |fill: usize| {
        let mut code = vec![0u8; 1 << 16];
        let forms = Forms { small: true, far: false, far_calls: false };
        // SAFETY: `code` outlives the emitter.
        let mut m = unsafe { A64::new(&mut code, Target::AARCH64, forms, Box::default()) }.expect("there is room");
        let mut chain = Chain::default();
        for (w, cond) in [(W32, Cond::LtS), (W64, Cond::GeS), (W32, Cond::Eq), (W64, Cond::GtS)] {
            m.cmp_imm(w, Loc::reg(Gpr(3)), 0);
            m.jump_if(cond, &mut chain);
        }
        m.jump(&mut chain);
        for _ in 0..fill {
            m.room();
            m.trap(TrapCode::Unreachable);
        }
        m.bind(chain);
        (!m.overflowed()).then(|| decode(&code[..24]))
    };
    // The bit is set in what is less than 0.
    let expected =
        ["tbnz w3, #0x1f, $+0x18", "tbz x3, #0x3f, $+0x14", "cbz w3, $+0x10", "cmp x3, #0x0", "b.gt $+0x8", "b $+0x4"];
    assert_eq!(signs(0).expect("reached"), expected);
    // The first branch is six instructions before what fills.
    let reach = (1 << 13) - 1;
    assert_eq!(signs(reach - 6).expect("reached")[0], "tbnz w3, #0x1f, $+0x7ffc");
    assert_eq!(signs(reach - 5), None, "too far: other forms have to be tried");
}

/// Entries of a table behind the code are distances in instructions, of 16 bits if that is enough for all of them.
#[test]
fn entries_of_jump_tables() {
    let last = 2;
    let code_of = |fill: usize| {
        code(false, 4 * fill + 4096, |m| {
            let start = m.pos();
            let mut chain = Chain::default();
            m.jump(&mut chain);
            m.table_jump(Gpr(19), last);
            m.table_entry(&mut chain);
            m.table_entry_back(start);
            m.table_entry(&mut chain);
            for _ in 0..fill {
                m.room();
                m.trap(TrapCode::Unreachable);
            }
            // The jump and two entries.
            m.bind(chain);
            m.finish_pool();
        })
    };
    let distances = |code: &[u8], at: usize, size: usize| -> Vec<u32> {
        let entries = code[at..].chunks(size).take(3);
        entries.map(|entry| entry.iter().rev().fold(0, |word, &byte| word << 8 | u32::from(byte))).collect()
    };
    // A jump, seven instructions, what fills, and the table.
    let near = code_of(100);
    assert_eq!(decode(&near[16..20]), ["adr x17, $+0x1a0"]);
    assert_eq!(decode(&near[20..24]), ["ldrh w16, [x17, x19, lsl #1]"]);
    assert_eq!(distances(&near, 4 * 108, 2), [0, 108, 0]);
    assert_eq!(near.len(), 4 * 108 + 8, "three entries, and two bytes more");
    let far = code_of(70_000);
    assert_eq!(decode(&far[20..24]), ["ldr w16, [x17, x19, lsl #2]"]);
    assert_eq!(distances(&far, 4 * 70_008, 4), [0, 70_008, 0]);
}

/// Calls of both forms, patched, go where they should: forwards, backwards, and as far as they reach.
#[test]
fn calls_reach_their_callee() {
    check(&["bl $+0x0"], |m| assert_eq!(m.call_direct(), 0));
    assert_eq!(far(|m| assert_eq!(m.call_direct(), 0)), ["adrp x16, $+0x0", "add x16, x16, #0x0", "blr x16"]);
    let pages = 4096usize;
    for is_far in [false, true] {
        for (site, dest) in [(0u32, 64u32), (64, 0), (4092, 4096), (8184, 16), (4, 4), (12_000, 8), (16, 12_288)] {
            let mut memory = vec![0u8; 5 * pages];
            let start = memory.as_ptr().align_offset(pages);
            let region = &mut memory[start..start + 4 * pages];
            let call = code(is_far, 4096, |m| {
                m.call_direct();
            });
            region[site as usize..site as usize + call.len()].copy_from_slice(&call);
            // Patching twice is as good as once.
            for dest in [dest ^ 16, dest] {
                // SAFETY: a call was just put at `site`.
                unsafe { Target::AARCH64.patch_call(region.as_mut_ptr(), site, dest) };
            }
            let lines = decode(&region[site as usize..site as usize + call.len()]);
            let to = if is_far {
                let page = distance(&lines[0], "adrp x16, ") + i64::from(site & !0xfff);
                let low = lines[1].strip_prefix("add x16, x16, #").expect("the lower part");
                assert_eq!(lines[2], "blr x16");
                page + super::number(low) as i64
            } else {
                distance(&lines[0], "bl ") + i64::from(site)
            };
            assert_eq!(to, i64::from(dest), "{lines:?}");
        }
    }
}

fn distance(line: &str, op: &str) -> i64 {
    let text = line.strip_prefix(op).unwrap_or_else(|| panic!("{line} is no {op}"));
    super::number(text.trim_start_matches('$').trim_start_matches('+')) as i64
}

#[test]
fn far_calls_reach_two_gibibytes() {
    // No such region is needed: the first word alone says how far it goes.
    for (site, dest) in [(0u32, 0x7fff_f000u32), (0x7fff_f000, 0), (0x1234_5678 & !15, 0x7000_0010)] {
        let mut words = [0u32; 4];
        words[0] = 0x9000_0010;
        // SAFETY: never dereferenced: only its address matters, a multiple of 4,096 below the site.
        let code = (words.as_mut_ptr() as usize).wrapping_sub(site as usize) as *mut u8;
        // SAFETY: the site is the array.
        unsafe { Target::AARCH64.patch_call(code, site, dest) };
        let bytes: Vec<u8> = words.iter().take(2).flat_map(|w| w.to_le_bytes()).collect();
        let lines = decode(&bytes);
        let pc = words.as_ptr() as u64 & !0xfff;
        let low = super::number(lines[1].strip_prefix("add x16, x16, #").expect("the lower part"));
        let to = pc.wrapping_add(distance(&lines[0], "adrp x16, ") as u64) + low;
        assert_eq!(to, (code as u64).wrapping_add(u64::from(dest)), "{lines:?}");
    }
}
