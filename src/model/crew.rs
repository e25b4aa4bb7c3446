//! Work that can be done side by side.

/// Hands that work beside each other. The model knows what does not depend on each other; whoever steps it knows on how
/// many threads that is done. No result depends on it.
pub trait Crew: Sync {
    /// Does both, at once or one after the other.
    fn join<A: Send, B: Send>(&self, a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B);
}

/// One pair of hands.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl Crew for Alone {
    fn join<A: Send, B: Send>(&self, a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
        (a(), b())
    }
}
