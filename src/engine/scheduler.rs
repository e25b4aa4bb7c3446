//! Steps the world of `model`: what runs before, in and after the one pass over all agents.

use super::parallel;
use super::simulation::{Cut, Model, Parts};
use crate::model::pass::{Cells, Surroundings};
use crate::model::{Alone, Crew, World, piece_bounds};
use crate::simd::{Instructions, Job, Simd};

impl Cut for Cells<'_> {
    fn cut(self, cells: usize) -> (Self, Self) {
        Cells::cut(self, cells)
    }
}

impl Model for World {
    type World = Surroundings;
    type View<'a> = Cells<'a>;
    type Tally = ();

    fn open_day(&mut self, day: u32) {
        World::open_day(self, day, &Threads);
    }

    fn parts(&mut self) -> Parts<'_, Self> {
        let (world, view, bounds) = World::parts(self);
        Parts { world, view, bounds }
    }

    fn visit(around: &Surroundings, cells: Cells<'_>, day: u32) {
        Instructions::best().run(Visit { around, cells, day });
    }

    fn close_day(&mut self, day: u32, (): ()) {
        World::close_day(self, day, &Threads);
    }
}

/// All threads that there are.
#[derive(Clone, Copy, Debug)]
pub struct Threads;

impl Crew for Threads {
    fn join<A: Send, B: Send>(&self, a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
        parallel::join(a, b)
    }
}

/// A day of some cells, to be compiled for several processors.
struct Visit<'a> {
    around: &'a Surroundings,
    cells: Cells<'a>,
    day: u32,
}

impl Job for Visit<'_> {
    #[inline(always)]
    fn run<S: Simd>(self, simd: S) {
        self.around.visit(simd, self.cells, self.day);
    }
}

/// One day of `world` on the caller's thread with these instructions, so that one kind can be held against another.
pub fn step_with(world: &mut World, day: u32, instructions: Instructions) {
    world.open_day(day, &Alone);
    let (around, cells, _) = world.parts();
    instructions.run(Visit { around, cells, day });
    world.close_day(day, &Alone);
}

/// Does `work` on every piece of a population, on all threads: for people who are born, before there are days.
pub fn for_each_piece(cells: Cells<'_>, work: impl Fn(Cells<'_>) + Sync) {
    let bounds = piece_bounds(cells.enterprises);
    parallel::for_each_piece(cells, &bounds, &work);
}
