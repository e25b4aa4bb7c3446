//! A simulation: a model, a day, a horizon.

use super::{observer::Observer, parallel};

/// A mutable view of consecutive cells of state (agents, or groups with their members) that can be cut in two.
pub trait Cut: Sized + Send {
    /// The first `cells` cells, and the rest.
    fn cut(self, cells: usize) -> (Self, Self);
}

/// What the pieces of a day leave behind, to be joined in order.
pub trait Tally: Default + Send {
    /// Adds the tally of the piece that follows.
    fn join(&mut self, next: Self);
}

impl Tally for () {
    fn join(&mut self, (): ()) {}
}

/// What a step is made of: see [`Model::parts`].
pub struct Parts<'a, M: Model + ?Sized + 'a> {
    /// What everybody may read today: yesterday's world.
    pub world: &'a M::World,
    /// What is written today: all cells.
    pub view: M::View<'a>,
    /// Where the cells are cut: strictly rising, from 0 to the number of cells. Fixed for the life of the model.
    pub bounds: &'a [usize],
}

/// An agent-based model with synchronous days.
///
/// All cells read [`Model::World`] and write themselves; no cell reads another, so their order cannot matter.
/// The voter model and an epidemic are written against this trait in `tests/models/`.
pub trait Model {
    /// What all cells may read during a day.
    type World: Sync;
    /// What a day writes.
    type View<'a>: Cut
    where
        Self: 'a;
    /// What is counted while it is written.
    type Tally: Tally;

    /// Makes ready what is read today, before any cell moves.
    fn open_day(&mut self, day: u32);

    /// The world to read, the cells to write and the fixed cuts.
    fn parts(&mut self) -> Parts<'_, Self>;

    /// Moves the cells of one piece by one day. Must not depend on how the cells are cut.
    fn visit(world: &Self::World, view: Self::View<'_>, day: u32) -> Self::Tally;

    /// Draws the consequences: aggregates, institutions.
    fn close_day(&mut self, day: u32, tally: Self::Tally);
}

/// A model on its way through the days `0..horizon`.
#[derive(Debug)]
pub struct Simulation<M> {
    model: M,
    next_day: u32,
    horizon: u32,
}

impl<M: Model> Simulation<M> {
    /// A simulation of `horizon` days that has not begun.
    pub fn new(model: M, horizon: u32) -> Self {
        Self { model, next_day: 0, horizon }
    }

    /// A simulation whose days before `next_day` have been run already.
    pub fn resumed(model: M, next_day: u32, horizon: u32) -> Self {
        Self { model, next_day, horizon }
    }

    /// The model as it stands.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// The model as it stands, for whoever changes it between two days.
    pub fn model_mut(&mut self) -> &mut M {
        &mut self.model
    }

    /// The day that [`Simulation::step`] would run next, from 0.
    pub fn next_day(&self) -> u32 {
        self.next_day
    }

    /// Whether the horizon has been reached.
    pub fn is_over(&self) -> bool {
        self.next_day >= self.horizon
    }

    /// Runs one day, whether or not the horizon has been reached. Returns the day that was run.
    pub fn step(&mut self) -> u32 {
        let day = self.next_day;
        self.model.open_day(day);
        let Parts { world, view, bounds } = self.model.parts();
        let tally = parallel::visit_all::<M>(world, view, bounds, day);
        self.model.close_day(day, tally);
        self.next_day += 1;
        day
    }

    /// Runs to the horizon, letting `observer` look after each day.
    pub fn run(&mut self, observer: &mut impl Observer<M>) {
        while !self.is_over() {
            let day = self.step();
            observer.observe(day, &self.model);
        }
    }

    /// Gives the model back.
    pub fn into_model(self) -> M {
        self.model
    }
}
