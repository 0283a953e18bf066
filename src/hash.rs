//! Maps that are quicker than those of the standard library: by addresses and numbers of our own, which nobody can
//! choose so that they collide; and by short keys that modules choose, which are mixed with a secret.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

/// A map by numbers that are our own.
pub(crate) type IntMap<K, V> = HashMap<K, V, BuildHasherDefault<IntHasher>>;

/// Multiplies and takes the upper bits down, since maps use both ends of a hash.
#[derive(Copy, Clone, Default, Debug)]
pub(crate) struct IntHasher(u64);

impl Hasher for IntHasher {
    #[inline]
    fn write_u64(&mut self, n: u64) {
        // 2⁶⁴ divided by the golden ratio spreads what differs in a few bits over all.
        let product = (self.0 ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = product ^ product >> 32;
    }

    #[inline]
    fn write_u32(&mut self, n: u32) {
        self.write_u64(n.into());
    }

    #[inline]
    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&b| self.write_u64(b.into()));
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

/// A map by short keys that others choose.
pub(crate) type KeyedMap<K, V> = HashMap<K, V, Keyed>;

/// A set of such keys.
pub(crate) type KeyedSet<K> = HashSet<K, Keyed>;

/// The secret of a map.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Keyed {
    start: u64,
    factor: u64,
}

impl Default for Keyed {
    fn default() -> Keyed {
        let random = RandomState::new();
        Keyed { start: random.hash_one(0), factor: random.hash_one(1) | 1 }
    }
}

impl BuildHasher for Keyed {
    type Hasher = KeyedHasher;

    fn build_hasher(&self) -> KeyedHasher {
        KeyedHasher { state: self.start, factor: self.factor }
    }
}

/// Multiplies to 128 bits and adds up the halves, word by word. Without the secret, which never leaves the process,
/// nobody can tell which keys collide.
#[derive(Copy, Clone, Debug)]
pub(crate) struct KeyedHasher {
    state: u64,
    factor: u64,
}

impl Hasher for KeyedHasher {
    #[inline]
    fn write_u64(&mut self, n: u64) {
        let product = u128::from(self.state ^ n) * u128::from(self.factor);
        // Added so that a state of 0, which no key can be made for, would not stay.
        self.state = (product as u64 ^ (product >> 64) as u64).wrapping_add(self.factor);
    }

    #[inline]
    fn write_u32(&mut self, n: u32) {
        self.write_u64(n.into());
    }

    #[inline]
    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn keys_that_differ_little_are_told_apart_and_maps_have_secrets_of_their_own() {
        let secret = Keyed::default();
        let keys = (0..16u64).flat_map(|a| (0..16u64).map(move |b| vec![a, b]));
        let keys = keys.chain((0..300).map(|len| vec![0; len]));
        let keys: HashSet<Vec<u64>> = keys.collect();
        let hashes: HashSet<u64> = keys.iter().map(|key| secret.hash_one(key)).collect();
        assert_eq!(hashes.len(), keys.len());
        // Both ends are used, by maps with 128 groups too.
        for shift in [0, 57] {
            let ends: HashSet<u64> = hashes.iter().map(|hash| hash >> shift & 127).collect();
            assert!(ends.len() > 100, "{} of 128", ends.len());
        }
        assert_ne!(Keyed::default().hash_one(1), secret.hash_one(1));
    }
}
