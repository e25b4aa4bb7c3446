//! The rule of a day for many neighbours at once: what [`super::reference`] says, bit for bit, in loops that compilers
//! turn into vector instructions.
//!
//! People are taken in runs that stay in the nearest caches, whatever enterprises and collectives they belong to: a part
//! of a large enterprise or many small ones. What is cheap is done for all of a run, a state variable after another;
//! those who reconsider are gathered first, so that the dear part runs with full lanes. Nothing here knows a processor:
//! the caller compiles it for several.

mod choice;
mod counting;

use self::choice::{Packed, Readings};
use self::counting::{Marked, Sorted, flag};
use super::super::agents::{AgentsMut, mark};
use super::super::behaviour::action::own_drive;
use super::super::behaviour::attitude::Motion;
use super::super::climate::{Climate, felt_trust};
use super::super::fixed::{position, share, store_share, store_units};
use super::super::groups::{Collective, Enterprise};
use super::super::power::authority;
use super::draws::Draws;
use super::levels::{PADDED, fill};
use super::{Cells, Conduct, Plan, Setting, Surroundings, Tally, dither_of};
use crate::simd::{Aligned, CHUNK, Simd, as_bytes, fetch};

/// The most agents of a run.
pub(super) const RUN_AGENTS: usize = 2048;
/// The most chunks of a run, and of a part of it.
const RUN_CHUNKS: usize = RUN_AGENTS / CHUNK;
/// The most collectives, or parts of them, of a run.
const RUN_PARTS: usize = 64;

/// Where each chunk of `from..to` begins and ends.
#[inline(always)]
fn chunks(from: usize, to: usize) -> impl Iterator<Item = (usize, usize)> {
    (from..to).step_by(CHUNK).map(move |from| (from, to.min(from + CHUNK)))
}

/// The bits of all in a chunk from `from` to `to`.
#[inline(always)]
fn all_of(from: usize, to: usize) -> u64 {
    u64::MAX >> (CHUNK - (to - from))
}

/// The members of an enterprise in a run.
#[derive(Clone, Copy, Default)]
struct Site {
    enterprise: usize,
    from: usize,
    to: usize,
    /// Its parts: those of the run before this one that no earlier site has.
    parts_to: usize,
    /// Whether the rest of its members follow in the next run.
    goes_on: bool,
}

/// The members of a collective in a run.
#[derive(Clone, Copy, Default)]
struct Part {
    collective: usize,
    site: usize,
    from: usize,
    to: usize,
    /// Whether the first of its members were in the run before.
    is_continued: bool,
}

/// Levels that the members of an enterprise share and neighbours in a run do not.
#[derive(Clone, Copy)]
enum Shared {
    Pull,
    Drive,
    Lesson,
}

const SHARED: usize = Shared::Lesson as usize + 1;

/// Working memory of a run; belongs to a piece of work, so that no day allocates.
struct Scratch<'a> {
    draws: Draws,
    plans: [Plan<'a>; RUN_PARTS],
    sites: [Site; RUN_PARTS],
    settings: [Setting; RUN_PARTS],
    parts: [Part; RUN_PARTS],
    levels: Aligned<[[f32; PADDED]; SHARED]>,
    /// Whether who acts occupies the enterprise, and is not on strike: 1 or 0.
    occupies: Aligned<[u8; PADDED]>,
    /// Drift by the voices of the collective; later how far one's voice speaks for the old government.
    looked_up: Aligned<[f32; PADDED]>,
    boldest: Aligned<[u8; PADDED]>,
    /// 1 or 0.
    acting: Aligned<[u8; RUN_AGENTS]>,
    /// Bits of [`flag`].
    flags: Aligned<[u8; RUN_AGENTS]>,
    /// Of these, what follows from one's voice.
    voices: Aligned<[u8; RUN_AGENTS]>,
    /// Bits of the side one stands on.
    calls: Aligned<[u8; RUN_AGENTS]>,
    /// The part that each belongs to.
    part_of: Aligned<[u8; PADDED]>,
    packed: Packed,
    readings: Readings,
    sorted: Sorted,
}

impl<'a> Scratch<'a> {
    // Made where it stays, and so are its parts: it is large, and made for every piece.
    #[inline(always)]
    fn new(plan: Plan<'a>) -> Self {
        Self {
            draws: Draws::new(),
            plans: [plan; RUN_PARTS],
            sites: [Site::default(); RUN_PARTS],
            settings: [Setting::default(); RUN_PARTS],
            parts: [Part::default(); RUN_PARTS],
            levels: Aligned([[0.0; PADDED]; SHARED]),
            occupies: Aligned([0; PADDED]),
            looked_up: Aligned([0.0; PADDED]),
            boldest: Aligned([255; PADDED]),
            acting: Aligned([0; RUN_AGENTS]),
            flags: Aligned([0; RUN_AGENTS]),
            voices: Aligned([0; RUN_AGENTS]),
            calls: Aligned([0; RUN_AGENTS]),
            part_of: Aligned([0; PADDED]),
            packed: Packed::new(),
            readings: Readings::new(),
            sorted: Sorted::new(),
        }
    }
}

/// Where the next run begins.
#[derive(Clone, Copy, Default)]
struct Start {
    enterprise: usize,
    collective: usize,
    /// Members of the enterprise, and of the collective, that earlier runs have moved.
    of_enterprise: usize,
    of_collective: usize,
}

/// Moves all members of `cells` by a day and counts them.
#[inline(always)]
pub(super) fn visit<S: Simd>(around: &Surroundings, simd: S, cells: Cells<'_>, day: u32) {
    let Cells { enterprises, collectives, mut agents } = cells;
    let Some(first) = enterprises.first() else { return };
    let mut scratch = Scratch::new(around.plan(simd, first, day));
    let mut start = Start::default();
    // Of the enterprise that a run leaves unfinished.
    let (mut tally, mut marked) = (Tally::default(), Marked::default());
    while start.enterprise < enterprises.len() {
        let gathered = gather(around, simd, enterprises, collectives, day, start, &mut scratch);
        let first = u64::from(collectives[start.collective].agents.start) + start.of_collective as u64;
        let Gathered { sites, parts, members, next } = gathered;
        let Plan { climate, guards, .. } = scratch.plans[0];
        let mut run = Run {
            around,
            simd,
            day,
            climate,
            guards,
            first,
            agents: agents.take(members),
            sites,
            parts,
            scratch: &mut scratch,
        };
        run.step(&mut Ahead::new(&collectives[next.collective..], &agents));
        let mut part = 0;
        for site in 0..sites {
            let Site { enterprise, from, to, parts_to, goes_on } = run.scratch.sites[site];
            while part < parts_to {
                let counts = &mut collectives[run.scratch.parts[part].collective].counts;
                run.count(part, counts, &mut tally, &mut marked);
                part += 1;
            }
            tally.counts.position_squares += u64::from(simd.sum(&std::mem::take(&mut marked.squares)));
            run.count_gathered(from, to, &mut tally.deeds);
            if !goes_on {
                marked.settle(run.scratch.plans[site].conduct, &mut tally);
                around.settle(&run.scratch.plans[site], &mut enterprises[enterprise], &tally);
                tally = Tally::default();
            }
        }
        // What goes on is found first by the next run.
        scratch.plans[0] = scratch.plans[sites - 1];
        scratch.settings[0] = scratch.settings[parts.saturating_sub(1)];
        start = next;
    }
}

/// What the next run reads, asked for little by little among work that reads nothing from afar.
struct Ahead<'a> {
    collectives: &'a [Collective],
    columns: [&'a [u8]; 9],
    collective: usize,
    agent: usize,
}

impl<'a> Ahead<'a> {
    #[inline(always)]
    fn new(collectives: &'a [Collective], people: &'a AgentsMut<'_>) -> Self {
        let columns: [&[u8]; 9] = [
            people.private,
            people.public,
            as_bytes(people.position),
            people.conviction,
            people.trust,
            people.threshold,
            people.susceptibility,
            people.experience,
            people.marks,
        ];
        let most = people.len().min(RUN_AGENTS);
        Self { collectives, columns: columns.map(|column| &column[..most]), collective: 0, agent: 0 }
    }

    /// Asks for another chunk of people.
    #[inline(always)]
    fn fetch_chunk(&mut self) {
        if self.agent < self.columns[0].len() {
            for column in self.columns {
                fetch(&column[self.agent]);
            }
            self.agent += CHUNK;
        }
    }

    /// Asks for another collective.
    #[inline(always)]
    fn fetch_collective(&mut self) {
        if let Some(collective) = self.collectives.get(self.collective) {
            fetch(collective);
            self.collective += 1;
        }
    }
}

/// How much a run holds, and where the next one begins.
struct Gathered {
    sites: usize,
    parts: usize,
    members: usize,
    next: Start,
}

/// Makes ready what the people of the next run share: plans of enterprises, settings of collectives.
///
/// All enterprises of a run are of one stratum, so that they have a climate in common, and pull in one direction.
#[inline(always)]
fn gather<'a>(
    around: &'a Surroundings,
    simd: impl Simd,
    enterprises: &[Enterprise],
    collectives: &mut [Collective],
    day: u32,
    start: Start,
    scratch: &mut Scratch<'a>,
) -> Gathered {
    let base = enterprises[0].collectives.start as usize;
    let (mut sites, mut parts, mut members) = (0, 0, 0);
    let mut next = start;
    let stratum = enterprises[start.enterprise].stratum;
    while next.enterprise < enterprises.len() && parts < RUN_PARTS && members < RUN_AGENTS {
        let enterprise = &enterprises[next.enterprise];
        if enterprise.stratum != stratum {
            break;
        }
        let end = enterprise.collectives.end as usize - base;
        if next.of_enterprise == 0 {
            let plan = around.plan(simd, enterprise, day);
            if sites > 0 && (plan.pull >= 0.0) != (scratch.plans[0].pull >= 0.0) {
                break;
            }
            scratch.plans[sites] = plan;
        }
        let from = members;
        while next.collective < end && parts < RUN_PARTS && members < RUN_AGENTS {
            let size = collectives[next.collective].agents.len();
            let taken = (size - next.of_collective).min(RUN_AGENTS - members);
            let goes_on = next.of_collective + taken < size;
            scratch.parts[parts] = Part {
                collective: next.collective,
                site: sites,
                from: members,
                to: members + taken,
                is_continued: next.of_collective > 0,
            };
            fill(&mut scratch.part_of, members, members + taken, parts as u8);
            members += taken;
            parts += 1;
            next.of_enterprise += taken;
            if goes_on {
                next.of_collective += taken;
            } else {
                next.of_collective = 0;
                next.collective += 1;
            }
        }
        let goes_on = next.collective < end;
        scratch.sites[sites] =
            Site { enterprise: next.enterprise, from, to: members, parts_to: parts, goes_on };
        sites += 1;
        if !goes_on {
            next.enterprise += 1;
            next.of_enterprise = 0;
        }
    }
    // One kind of work after another, so that the collectives need not wait for themselves.
    let Scratch { plans, parts: all, settings, .. } = scratch;
    let new = usize::from(start.of_collective > 0).min(parts)..parts;
    for (part, setting) in all[new.clone()].iter().zip(&mut settings[new.clone()]) {
        around.set_voices(simd, &plans[part.site % RUN_PARTS], &mut collectives[part.collective], setting);
    }
    for (part, setting) in all[new.clone()].iter().zip(&mut settings[new.clone()]) {
        around.set_drift(simd, &plans[part.site % RUN_PARTS], &collectives[part.collective], setting);
    }
    for (part, setting) in all[new.clone()].iter().zip(&mut settings[new]) {
        around.set_choice(simd, &plans[part.site % RUN_PARTS], &collectives[part.collective], setting);
    }
    Gathered { sites, parts, members, next }
}

/// Neighbours that are moved together.
struct Run<'r, 'a, S> {
    around: &'r Surroundings,
    simd: S,
    day: u32,
    /// The day of their stratum.
    climate: &'a Climate,
    /// Whether their class takes up arms, and does not leave its posts.
    guards: bool,
    /// Number of the first agent.
    first: u64,
    agents: AgentsMut<'r>,
    sites: usize,
    parts: usize,
    scratch: &'r mut Scratch<'a>,
}

impl<S: Simd> Run<'_, '_, S> {
    /// Attitude, choice, voice and action, in this order.
    #[inline(always)]
    fn step(&mut self, ahead: &mut Ahead<'_>) {
        let len = self.agents.len();
        self.scratch.draws.fill(self.simd, &self.around.key, self.day, self.first, len);
        self.look_up_drift();
        if self.is_ordinary() {
            let pull = self.scratch.plans[0].pull;
            self.move_positions(|_, _| pull);
        } else {
            self.spread(Shared::Pull, |plan| plan.pull);
            self.move_positions(|pull, i| pull[i]);
        }
        self.reconsider(ahead);
        self.speak();
        self.act();
        self.look_up_voices();
        self.weigh();
        self.flag();
        self.call();
        self.sort(ahead);
    }

    /// Whether all suffer what their stratum does, no more and no less.
    #[inline(always)]
    fn is_ordinary(&self) -> bool {
        self.scratch.plans[..self.sites].iter().all(|plan| plan.is_ordinary)
    }

    /// Writes what the members of each enterprise share beside each of them.
    #[inline(always)]
    fn spread(&mut self, level: Shared, of: impl Fn(&Plan<'_>) -> f32) {
        let Scratch { plans, sites, levels, .. } = &mut *self.scratch;
        for (plan, &Site { from, to, .. }) in plans.iter().zip(&sites[..self.sites]) {
            fill(&mut levels[level as usize], from, to, of(plan));
        }
    }

    /// How the voices of the own collective and enterprise move whoever stands where an agent stands.
    #[inline(always)]
    fn look_up_drift(&mut self) {
        let Scratch { settings, parts, looked_up, .. } = &mut *self.scratch;
        let positions = as_bytes(self.agents.position);
        for (part, setting) in parts[..self.parts].iter().zip(&*settings) {
            // From front to back, since it may write beyond a part.
            self.simd.look_up::<4>(&setting.drift, positions, part.from, part.to, &mut looked_up[..]);
        }
    }

    /// Grievances, voices, shocks and noise move everybody.
    #[inline(always)]
    fn move_positions(&mut self, pull_of: impl Fn(&[f32], usize) -> f32) {
        let to_left = self.scratch.plans[0].pull >= 0.0;
        let motion = Motion::new(self.climate, to_left, &self.around.rules.params.attitude);
        let len = self.agents.len();
        let Scratch { draws, looked_up, levels, .. } = &*self.scratch;
        let AgentsMut { position, trust, susceptibility, .. } = &mut self.agents;
        let (position, trust, susceptibility) = (&mut position[..len], &trust[..len], &susceptibility[..len]);
        let (drift, words, pull) =
            (&looked_up[..len], &draws.words()[..len], &levels[Shared::Pull as usize][..len]);
        for i in 0..len {
            let pull = pull_of(pull, i);
            let units = motion.step(position[i], trust[i], susceptibility[i], pull, drift[i], words[i]);
            position[i] = store_units(units);
        }
    }

    /// Who speaks, and who is silent for fear.
    #[inline(always)]
    fn speak(&mut self) {
        let simd = self.simd;
        let none = self.around.rules.none() as u8;
        let silent = [self.around.rules.silent() as u8; CHUNK];
        let len = self.agents.len();
        let Scratch { settings, parts, boldest, .. } = &mut *self.scratch;
        let AgentsMut { private, public, threshold, marks, .. } = &mut self.agents;
        let is_feared = self.climate.fear.iter().any(|&fear| fear != 0.0);
        if is_feared {
            for (part, setting) in parts[..self.parts].iter().zip(&*settings) {
                // From front to back, since it may write beyond a part.
                simd.look_up_bytes(&setting.boldest, private, part.from, part.to, &mut boldest[..]);
            }
        }
        for (from, to) in chunks(0, len) {
            let (own, marks) = (simd.chunk(&private[from..to]), simd.chunk(&marks[from..to]));
            let mut silenced = simd.equal(&own, none) | simd.with_bits(&marks, mark::ABSENT);
            if is_feared {
                let (bold, threshold) = (simd.chunk(&boldest[from..to]), simd.chunk(&threshold[from..to]));
                let dares = simd.reaches(&bold, &threshold) | simd.with_bits(&marks, mark::MEMBER);
                silenced |= !dares;
            }
            simd.put(&simd.select(silenced, &silent, &own), &mut public[from..to]);
        }
    }

    /// Who acts, and what those learn who act or stop.
    #[inline(always)]
    fn act(&mut self) {
        let len = self.agents.len();
        let anybody_may = self.scratch.plans[..self.sites].iter().any(|plan| drive_of(plan).is_some());
        if !anybody_may {
            self.scratch.acting[..len].fill(0);
        } else {
            // Nobody is driven where all rest.
            self.spread(Shared::Drive, |plan| drive_of(plan).unwrap_or(f32::NEG_INFINITY));
            self.rouse();
        }
        if self.anybody_learns() {
            let lesson = self.around.rules.params.action.defeat;
            self.spread(Shared::Lesson, |plan| lesson * plan.unmet);
            self.learn();
        }
    }

    /// Who is driven to act.
    #[inline(always)]
    fn rouse(&mut self) {
        let action = &self.around.rules.params.action;
        let Climate { experience_weight, fresh_answer, .. } = *self.climate;
        let len = self.agents.len();
        let Scratch { acting, levels, .. } = &mut *self.scratch;
        let (acting, drive) = (&mut acting[..len], &levels[Shared::Drive as usize][..len]);
        let AgentsMut { position: positions, threshold, experience, marks, .. } = &self.agents;
        let (positions, threshold, experience, marks) =
            (&positions[..len], &threshold[..len], &experience[..len], &marks[..len]);
        for i in 0..len {
            let urge = own_drive(
                drive[i],
                position(positions[i]),
                share(threshold[i]),
                share(experience[i]),
                experience_weight,
                fresh_answer,
                action,
            );
            acting[i] = u8::from((urge > 0.0) & (marks[i] & mark::ABSENT == 0));
        }
    }

    /// Whether anybody acts, or stops acting.
    #[inline(always)]
    fn anybody_learns(&self) -> bool {
        let len = self.agents.len();
        let (acting, marks) = (&self.scratch.acting[..len], &self.agents.marks[..len]);
        let mut anybody = 0;
        for i in 0..len {
            anybody |= acting[i] | (marks[i] & mark::STRIKER);
        }
        anybody != 0
    }

    /// What those learn who strike, and those who stop.
    #[inline(always)]
    fn learn(&mut self) {
        let learning = self.around.rules.params.action.learning;
        let len = self.agents.len();
        let Scratch { draws, acting, levels, plans, sites, occupies, .. } = &mut *self.scratch;
        for (plan, &Site { from, to, .. }) in plans.iter().zip(&sites[..self.sites]) {
            fill(occupies, from, to, u8::from(matches!(plan.conduct, Conduct::Occupies(_))));
        }
        let (lesson, occupies) = (&levels[Shared::Lesson as usize][..len], &occupies[..len]);
        let (acting, words) = (&acting[..len], &draws.words()[..len]);
        let AgentsMut { experience, marks, .. } = &mut self.agents;
        let (experience, marks) = (&mut experience[..len], &mut marks[..len]);
        for i in 0..len {
            let acts = acting[i] != 0;
            let strikes = acts & (occupies[i] == 0);
            let stops = !acts & (marks[i] & mark::STRIKER != 0);
            let dither = dither_of(words[i]);
            let learned = share(experience[i]) + if strikes { learning } else { lesson[i] };
            let after = store_share(learned, dither);
            experience[i] = if strikes | stops { after } else { experience[i] };
            // Whether it is for the first time still shows when they are counted: only stopping marks it.
            let begun = marks[i] | mark::STRIKER;
            let stopped = (marks[i] & !mark::STRIKER) | mark::STRUCK_BEFORE;
            marks[i] = if strikes {
                begun
            } else if stops {
                stopped
            } else {
                marks[i]
            };
        }
    }

    /// How far the voice of each speaks for the old government, as part of the score.
    #[inline(always)]
    fn look_up_voices(&mut self) {
        let len = self.agents.len();
        let score = authority::Scorer::new(&self.around.rules.params.power);
        let by_voice = self.climate.old_order.map(|share| score.of_voice(share));
        self.simd.look_up::<0>(&by_voice, self.agents.public, 0, len, &mut self.scratch.looked_up[..]);
    }

    /// Who would obey the government, and who would follow the elected bodies, if they were there.
    #[inline(always)]
    fn weigh(&mut self) {
        let score = authority::Scorer::new(&self.around.rules.params.power);
        let trust_shift = self.climate.trust_shift;
        let len = self.agents.len();
        let Scratch { flags, looked_up, .. } = &mut *self.scratch;
        let (flags, of_voices) = (&mut flags[..len], &looked_up[..len]);
        let AgentsMut { position: positions, trust, .. } = &self.agents;
        let (positions, trust) = (&positions[..len], &trust[..len]);
        for i in 0..len {
            let loyalty = score.score(felt_trust(trust[i], trust_shift), positions[i], of_voices[i]);
            let obeys = if loyalty > score.obey_above { flag::OBEYS } else { 0 };
            let follows = if loyalty < score.follow_below { flag::FOLLOWS } else { 0 };
            flags[i] = obeys | follows;
        }
    }
}

/// What drives the members of an enterprise, if they may act at all.
#[inline(always)]
fn drive_of(plan: &Plan<'_>) -> Option<f32> {
    match plan.conduct {
        Conduct::Rests => None,
        Conduct::Acts(drive) | Conduct::Occupies(drive) => Some(drive),
    }
}
