//! Random numbers that are not.

use cap_rand::RngCore;

/// Bytes that are repeated without end, for
/// [`WasiCtxBuilder::secure_random`](crate::WasiCtxBuilder::secure_random).
///
/// ```
/// use headwater_wasi::{Deterministic, RngCore};
/// let mut bytes = [0; 4];
/// Deterministic::new(vec![1, 2, 3]).fill_bytes(&mut bytes);
/// assert_eq!(bytes, [1, 2, 3, 1]);
/// ```
#[derive(Clone, Debug)]
pub struct Deterministic(std::iter::Cycle<std::vec::IntoIter<u8>>);

impl Deterministic {
    /// # Panics
    /// If there are no bytes.
    pub fn new(bytes: Vec<u8>) -> Deterministic {
        assert!(!bytes.is_empty(), "there must be a byte to repeat");
        Deterministic(bytes.into_iter().cycle())
    }
}

impl RngCore for Deterministic {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.iter_mut().zip(&mut self.0).for_each(|(byte, next)| *byte = next);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), cap_rand::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}
