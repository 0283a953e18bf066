//! Where every decision of a case comes from: bytes that a fuzzer gives, or a seed. The same bytes make the same case.

use arbitrary::Unstructured;

/// A source of decisions.
pub enum Choices<'a> {
    /// Bytes. When they are used up every decision is the first: generators put there what ends soonest, so that
    /// shorter bytes are smaller cases.
    Bytes(Unstructured<'a>),
    /// SplitMix64, which has no end.
    Seed(u64),
}

/// The next number of SplitMix64.
pub fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

impl<'a> Choices<'a> {
    /// Decides by `bytes`.
    pub fn new(bytes: &'a [u8]) -> Choices<'a> {
        Choices::Bytes(Unstructured::new(bytes))
    }

    fn read(&mut self, bytes: usize) -> u64 {
        match self {
            Choices::Bytes(u) => {
                let mut word = [0; 8];
                u.fill_buffer(&mut word[..bytes]).expect("fills up with zeros");
                u64::from_le_bytes(word)
            }
            Choices::Seed(state) => split_mix(state),
        }
    }

    /// 64 bits.
    pub fn word(&mut self) -> u64 {
        self.read(8)
    }

    /// A number below `n`, which is not 0.
    pub fn below(&mut self, n: usize) -> usize {
        let bytes = match n {
            0..=1 => return 0,
            2..=0x100 => 1,
            0x101..=0x1_0000 => 2,
            _ => 8,
        };
        (self.read(bytes) % n as u64) as usize
    }

    /// True once in `n` times; false when the bytes are used up.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    /// One of `items`.
    pub fn pick<'b, T>(&mut self, items: &'b [T]) -> &'b T {
        &items[self.below(items.len())]
    }

    /// `n` bytes, or what is left if that is less.
    pub fn bytes(&mut self, n: usize) -> Vec<u8> {
        match self {
            Choices::Bytes(u) => u.bytes(n.min(u.len())).expect("there are so many").to_vec(),
            Choices::Seed(state) => (0..n).map(|_| split_mix(state) as u8).collect(),
        }
    }

    /// How many bytes are left to decide by.
    pub fn left(&self) -> usize {
        match self {
            Choices::Bytes(u) => u.len(),
            Choices::Seed(_) => usize::MAX,
        }
    }
}
