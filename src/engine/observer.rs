//! Looking without touching.

/// Somebody who looks at the model after each day. Observers draw nothing and write nothing the model reads, so
/// switching one on or off changes no number.
pub trait Observer<M> {
    /// Looks at `model` as it stands after `day`.
    fn observe(&mut self, day: u32, model: &M);
}

/// Looks at nothing.
impl<M> Observer<M> for () {
    fn observe(&mut self, _: u32, _: &M) {}
}

impl<M, F: FnMut(u32, &M)> Observer<M> for F {
    fn observe(&mut self, day: u32, model: &M) {
        self(day, model);
    }
}
