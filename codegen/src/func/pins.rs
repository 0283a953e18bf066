//! Which locals are pinned, and to which registers: [`super::locals`] gives places to the others.
//!
//! Integers and floats cost nothing at calls, since callees preserve pinned registers; of vectors they preserve the lower
//! halves. Each call stores and loads all that are pinned, so vectors have pins only where there are more of their
//! operators than that is ([`vectors_gain`]).

use super::value::Val;
use crate::masm::Masm;
use crate::op;
use crate::reg::Reg;
use crate::ty::{Class, PerClass, Ty};

/// Which locals are pinned if there are more than pins.
///
/// Where a body has loops, samples of its bytes are looked over for pairs of a code of `local.get`, `local.set` or
/// `local.tee` and an index below 128, and those locals are chosen that occur most. The samples are what follows each
/// loop's beginning, so that what is in several loops counts as often, and now and then a part of the rest. Nothing is
/// decoded: a pair may be part of something else. Whatever is chosen is right, it can only be less good.
pub(super) struct Choice {
    chosen: [bool; CHOSEN],
    /// The last of them.
    pub(super) last: u32,
    /// Whether vectors could be chosen.
    pub(super) vectors: bool,
}

/// Locals that a [`Choice`] tells apart.
const CHOSEN: usize = 128;
/// Most pins of a class, on any instruction set.
const MAX_PINS: usize = 16;

impl Choice {
    /// Whether local `index` is chosen.
    #[inline(always)]
    pub(super) fn has(&self, index: u32) -> bool {
        self.chosen.get(index as usize).is_some_and(|&chosen| chosen)
    }

    /// The locals that `code` names most, if it has loops. `locals` are the first ones; `vectors`: whether those can be
    /// chosen.
    #[cold]
    #[inline(never)]
    pub(super) fn by_use<M: Masm>(locals: &[Val], code: &[u8], vectors: bool) -> Option<Choice> {
        let mut uses = Uses([0; CHOSEN]);
        if !uses.count_in_loops(code) {
            return None;
        }
        for part in code.chunks(Uses::STRIDE) {
            uses.count(part);
        }
        // The best of each class, best first: how often they are named, then, since of equals the first counts, how many
        // locals could come after.
        let mut best = PerClass([[0; MAX_PINS]; 2]);
        for (i, (local, &n)) in locals.iter().zip(&uses.0).enumerate() {
            let mut one = n * CHOSEN as u32 + (CHOSEN - 1 - i) as u32;
            if n == 0 || local.ty() == Ty::V128 && !vectors {
                continue;
            }
            let Some(class) = Pins::class(local.ty()) else { continue };
            let best = &mut best[class][..M::pins(class)];
            if one > best[best.len() - 1] {
                for other in best {
                    (*other, one) = ((*other).max(one), (*other).min(one));
                }
            }
        }
        let mut choice = Choice { chosen: [false; CHOSEN], last: 0, vectors };
        for class in [Class::Int, Class::Float] {
            for one in best[class][..M::pins(class)].iter().take_while(|&&one| one != 0) {
                let index = CHOSEN as u32 - 1 - one % CHOSEN as u32;
                choice.chosen[index as usize] = true;
                choice.last = choice.last.max(index);
            }
        }
        Some(choice)
    }
}

/// 1 in each byte.
const EACH: u64 = u64::MAX / 0xff;

/// The upper bits of those bytes of `word` that are 0.
#[inline(always)]
fn zeros(word: u64) -> u64 {
    let low = word & (0x7f * EACH);
    !((low + 0x7f * EACH) | word) & (0x80 * EACH)
}

/// How often locals are named.
struct Uses([u32; CHOSEN]);

impl Uses {
    /// Bytes that are looked over at the beginning of a loop, and …
    const PART: usize = 48;
    /// … of so many bytes of the body.
    const STRIDE: usize = 1024;

    /// Counts the pairs that begin in the first [`Uses::PART`] bytes of `part`, but for the last few.
    #[inline(always)]
    fn count(&mut self, part: &[u8]) {
        let word = |at: usize| u64::from_le_bytes(part[at..at + 8].try_into().expect("eight bytes"));
        for at in (0..part.len().min(Uses::PART + 1).saturating_sub(8)).step_by(8) {
            let (codes, indices) = (word(at), word(at + 1));
            // The three codes are those of four numbers that `global.get` does not have.
            let four = zeros((codes & (0xfc * EACH)) ^ (u64::from(op::LOCAL_GET) * EACH));
            let mut gets = four & !zeros(codes ^ (u64::from(op::GLOBAL_GET) * EACH)) & !indices;
            while gets != 0 {
                let index = (indices >> (gets.trailing_zeros() & 0x38)) as usize;
                self.0[index % CHOSEN] += 1;
                gets &= gets - 1;
            }
        }
    }

    /// Counts the pairs that follow the loops of `code`, as far as these take nothing and result in nothing or an `i32`.
    /// Returns whether there are any.
    fn count_in_loops(&mut self, code: &[u8]) -> bool {
        const STEP: usize = 32;
        let is_loop = |code: u8, ty: u8| (code == op::LOOP) & ((ty == 0x40) | (ty == 0x7f));
        let (mut at, mut found) = (0, false);
        // What begins in the last bytes is no loop that matters.
        while let Some(part) = code.get(at..).and_then(|rest| rest.first_chunk::<{ STEP + 1 }>()) {
            // Without an early exit, so that many are compared at a time.
            let pairs = part[..STEP].iter().zip(&part[1..]);
            if pairs.fold(0, |any, (&code, &ty)| any | u8::from(is_loop(code, ty))) == 0 {
                at += STEP;
                continue;
            }
            found = true;
            at += part.windows(2).position(|pair| is_loop(pair[0], pair[1])).expect("there is one") + 2;
            // Blocks that begin together with the loop, as around the cases of a `switch`.
            while let Some([op::BLOCK | op::LOOP, 0x40]) = code.get(at..at + 2) {
                at += 2;
            }
            self.count(code.get(at..).unwrap_or_default());
        }
        found
    }
}

/// Whether it is worth pinning the vectors of a body with the bytes `code`: operators of vectors are counted, and calls,
/// by their codes alone, in samples of a long one. A byte may be part of something else: as with a [`Choice`], the answer
/// can only be less good.
#[cold]
#[inline(never)]
pub(super) fn vectors_gain(code: &[u8]) -> bool {
    let (mut vectors, mut calls) = (0, 0);
    let step = if code.len() <= WHOLE { 1 } else { 4 };
    for part in code.chunks(SAMPLE).step_by(step) {
        // Byte by byte in a byte, so that many are compared at a time.
        let count = |is: fn(u8) -> bool| usize::from(part.iter().fold(0u8, |n, &byte| n + u8::from(is(byte))));
        vectors += count(|byte| byte == op::PREFIX_FD);
        calls += count(|byte| byte == op::CALL || byte == op::CALL_INDIRECT);
    }
    vectors >= OPERATORS_FOR_A_CALL * calls
}

/// The longest body of which every byte is looked at.
const WHOLE: usize = 2048;
/// The bytes of a sample, so few that a byte counts them.
const SAMPLE: usize = 128;
/// So many operators of vectors make up for a call.
const OPERATORS_FOR_A_CALL: usize = 2;

/// Hands out pins.
#[derive(Default)]
pub(super) struct Pins {
    pub(super) used: PerClass<usize>,
    /// How many of those are parameters.
    pub(super) params: PerClass<usize>,
    /// Whether there were too few.
    pub(super) missed: bool,
    /// Whether vectors can have some, once one is met.
    pub(super) vectors: Option<bool>,
}

impl Pins {
    /// The class of a type whose locals can be pinned.
    #[inline(always)]
    fn class(ty: Ty) -> Option<Class> {
        match ty {
            Ty::I32 | Ty::I64 => Some(Class::Int),
            Ty::F32 | Ty::F64 | Ty::V128 => Some(Class::Float),
            _ => None,
        }
    }

    /// The pin of the next local, of type `ty`, if it can have one and is wanted to.
    #[inline(always)]
    pub(super) fn next<M: Masm>(&mut self, ty: Ty, wanted: bool) -> Option<Reg> {
        let class = Pins::class(ty).filter(|_| wanted && (ty != Ty::V128 || self.vectors == Some(true)))?;
        let reg = M::pin(class, self.used[class]);
        match reg {
            Some(_) => self.used[class] += 1,
            None => self.missed = true,
        }
        reg
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isa::x64::X64;

    fn choose(tys: &[Ty], code: &[u8]) -> Option<Vec<u32>> {
        let locals: Vec<Val> = tys.iter().map(|&ty| Val::local(ty, 0)).collect();
        let choice = Choice::by_use::<X64>(&locals, code, true)?;
        Some((0..u128::BITS).filter(|&i| choice.has(i)).collect())
    }

    /// `local.get` of each of `indices`, then operators that name none.
    fn gets(indices: &[u8]) -> Vec<u8> {
        let mut code: Vec<u8> = indices.iter().flat_map(|&index| [op::LOCAL_GET, index]).collect();
        code.resize(code.len() + 80, 0x1a);
        code
    }

    #[test]
    fn what_loops_name_most_is_chosen() {
        let ints = [Ty::I32; 9];
        // What is in two loops counts twice; locals that nothing names have no pin.
        let inner = [&[op::LOOP, 0x40][..], &gets(&[8, 8, 7, 7, 6, 6])].concat();
        let code = [&gets(&[0, 1, 2, 3])[..], &[op::LOOP, 0x40], &gets(&[0, 1])[..4], &inner].concat();
        assert_eq!(choose(&ints, &code), Some(vec![0, 1, 6, 7, 8]));
        assert_eq!(choose(&ints, &inner), Some(vec![6, 7, 8]));
        assert_eq!(choose(&ints, &gets(&[8, 7, 6, 6, 5, 4])), None, "no loop");
    }

    #[test]
    fn each_class_has_its_best_and_of_equals_the_first() {
        let tys = [[Ty::I64; 6], [Ty::F64; 6], [Ty::EXTERNREF; 6]].concat();
        let code = [&[op::LOOP, 0x40][..], &gets(&(0..18).rev().collect::<Vec<_>>())].concat();
        assert_eq!(choose(&tys, &code), Some(vec![0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]));
        let twice = [&[op::LOOP, 0x7f][..], &gets(&[5, 5, 0, 1, 2, 3, 4, 200])].concat();
        assert_eq!(choose(&tys, &twice), Some(vec![0, 1, 2, 3, 5]));
    }

    #[test]
    fn the_cases_of_a_switch_in_a_loop_are_looked_at() {
        let blocks = [op::BLOCK, 0x40].repeat(300);
        let code = [&gets(&[0, 1, 2, 3, 4, 5])[..], &[op::LOOP, 0x40], &blocks, &gets(&[8, 8, 8, 7, 7])].concat();
        let chosen = choose(&[Ty::I32; 9], &code).expect("a loop");
        assert!(chosen.contains(&8) && chosen.contains(&7), "{chosen:?}");
    }

    #[test]
    fn zeros_of_words_are_those_of_their_bytes() {
        let mut word = 1u64;
        for _ in 0..10_000 {
            word = word.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            // Many bytes that are 0, 1, 0x80 or 0x81.
            let word = word & (word >> 3) & 0x8181_8181_8181_8181;
            let expected = word.to_le_bytes().map(|byte| if byte == 0 { 0x80 } else { 0 });
            assert_eq!(zeros(word).to_le_bytes(), expected, "{word:x}");
        }
    }

    #[test]
    fn vectors_gain_where_there_are_more_of_them_than_calls() {
        let body = |vectors: usize, calls: usize| {
            let vectors = [op::PREFIX_FD, 0x51].repeat(vectors);
            [&vectors[..], &[op::CALL, 0].repeat(calls)].concat()
        };
        for (vectors, calls, gain) in [(0, 0, true), (2, 1, true), (1, 1, false), (40, 20, true), (39, 20, false)] {
            assert_eq!(vectors_gain(&body(vectors, calls)), gain, "{vectors} and {calls}");
        }
        let indirect = [op::CALL_INDIRECT, 0, 0].repeat(3);
        assert!(!vectors_gain(&[&body(5, 0)[..], &indirect].concat()));
        // Of a short one, each byte counts.
        assert!(!vectors_gain(&[&body(20, 0)[..], &[0; 200], &body(0, 11)].concat()));
        assert!(vectors_gain(&[&body(0, 10)[..], &[0; 200], &body(20, 0)].concat()));
        // The samples of a long body are of all of it.
        let long = [&body(2000, 0)[..], &body(0, 8000)].concat();
        assert!(!vectors_gain(&long));
        assert!(vectors_gain(&[&body(8000, 0)[..], &body(0, 2000)].concat()));
    }

    #[test]
    fn any_bytes_will_do() {
        let mut state = 7u64;
        let bytes: Vec<u8> = (0..4000)
            .map(|_| {
                state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
                [op::LOOP, 0x40, op::LOCAL_GET, op::LOCAL_TEE, op::GLOBAL_GET, 0xff, 0x7f, 1][(state >> 61) as usize]
            })
            .collect();
        for len in 0..400 {
            choose(&[Ty::I32, Ty::F32], &bytes[len..2 * len]);
            choose(&[Ty::I32; 200], &bytes[..len]);
            choose(&[], &bytes[4000 - len..]);
        }
    }
}
