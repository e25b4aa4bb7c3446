//! The day of the full model as a plain loop, the honest baseline: an array of structs in double precision, one ordinary
//! generator for each chunk, one agent after another.
//!
//! What groups share (climates, mixtures, bodies, power) is the model's own; what each agent does is written here again,
//! as one would write it without thinking of processors. It gives the same statistics, not the same bits: the test
//! below holds the two against each other.

use super::october::engine::{Cut, Model, Parts, Threads};
use super::october::model::World;
use super::october::model::agents::{OPTIONS, mark};
use super::october::model::behaviour::action::{seizure_chance, shared_drive, taken_after, weariness};
use super::october::model::behaviour::attitude::{Drift, add_drift, add_positions};
use super::october::model::behaviour::contacts::{Mixture, add_voices, hear_demands};
use super::october::model::behaviour::credibility::spread_warning;
use super::october::model::climate::Climate;
use super::october::model::fixed::{BINS, position, share};
use super::october::model::groups::{Collective, Counts, Deeds, Enterprise, level_of};
use super::october::model::pass::{Cells, Surroundings};
use super::october::model::rules::Acts;
use super::october::simd::Portable;

/// An agent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    position: f64,
    conviction: f64,
    trust: f64,
    threshold: f64,
    experience: f64,
    susceptibility: f64,
    private: usize,
    public: usize,
    is_member: bool,
    strikes: bool,
    struck_before: bool,
    is_guard: bool,
    has_land_tie: bool,
    agitates: bool,
    believes: bool,
    is_absent: bool,
}

/// An ordinary generator: xorshift with a multiplication. Source: Vigna 2016, doi:10.1145/2845077.
#[derive(Clone, Copy, Debug)]
struct Generator(u64);

impl Generator {
    fn new(seed: u64) -> Self {
        let mut generator = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..4 {
            let _ = generator.uniform();
        }
        generator
    }

    /// Uniform in [0, 1).
    fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A world whose people move by the plain loop.
#[derive(Debug)]
pub(super) struct Plain {
    world: World,
    people: Vec<Person>,
}

/// Enterprises with their people.
#[derive(Debug)]
pub(super) struct Crowd<'a> {
    cells: Cells<'a>,
    people: &'a mut [Person],
}

impl Cut for Crowd<'_> {
    fn cut(self, cells: usize) -> (Self, Self) {
        let (left, right) = self.cells.cut(cells);
        let (ours, rest) = self.people.split_at_mut(left.agents.len());
        (Crowd { cells: left, people: ours }, Crowd { cells: right, people: rest })
    }
}

impl Plain {
    /// Bytes that a person takes.
    pub(super) const BYTES_EACH: u64 = size_of::<Person>() as u64;

    /// The people of `world`, born but not yet moved.
    pub(super) fn new(world: World) -> Self {
        let agents = &world.state().agents;
        let mut generator = Generator::new(u64::from(world.key().words()[0]));
        let people = (0..agents.len())
            .map(|i| {
                let marks = agents.marks[i];
                Person {
                    position: f64::from(position(agents.position[i])),
                    conviction: f64::from(share(agents.conviction[i])),
                    trust: f64::from(share(agents.trust[i])),
                    threshold: f64::from(share(agents.threshold[i])),
                    experience: f64::from(share(agents.experience[i])),
                    susceptibility: generator.uniform(),
                    private: usize::from(agents.private[i]),
                    public: usize::from(agents.public[i]),
                    is_member: marks & mark::MEMBER != 0,
                    strikes: false,
                    struck_before: false,
                    is_guard: marks & mark::GUARD != 0,
                    has_land_tie: marks & mark::LAND_TIE != 0,
                    agitates: marks & mark::AGITATOR != 0,
                    believes: marks & mark::BELIEVER != 0,
                    is_absent: marks & mark::ABSENT != 0,
                }
            })
            .collect();
        Self { world, people }
    }

    /// Bytes of all state: people as they are kept here, and the groups.
    pub(super) fn bytes(&self) -> usize {
        let state = self.world.state();
        size_of_val(&self.people[..])
            + size_of_val(&state.collectives[..])
            + size_of_val(&state.enterprises[..])
    }
}

impl Model for Plain {
    type World = Surroundings;
    type View<'a> = Crowd<'a>;
    type Tally = ();

    fn open_day(&mut self, day: u32) {
        self.world.open_day(day, &Threads);
    }

    fn parts(&mut self) -> Parts<'_, Self> {
        let (world, cells, bounds) = self.world.parts();
        Parts { world, view: Crowd { cells, people: &mut self.people }, bounds }
    }

    fn visit(around: &Surroundings, crowd: Crowd<'_>, day: u32) {
        let Crowd { cells: Cells { enterprises, mut collectives, .. }, mut people } = crowd;
        let first = enterprises.first().map_or(0, |e| u64::from(e.agents.start));
        let seed = u64::from(around.key.words()[1]) ^ (first << 20) ^ (u64::from(day) << 52);
        let mut generator = Generator::new(seed);
        for enterprise in enterprises {
            let (mine, rest) = collectives.split_at_mut(enterprise.collectives.len());
            collectives = rest;
            let (members, rest) = people.split_at_mut(enterprise.agents.len());
            people = rest;
            visit_enterprise(around, enterprise, mine, members, day, &mut generator);
        }
    }

    fn close_day(&mut self, day: u32, (): ()) {
        self.world.close_day(day, &Threads);
    }
}

/// What the members of an enterprise share today.
struct Here<'a> {
    around: &'a Surroundings,
    climate: &'a Climate,
    pull: f64,
    unmet: f64,
    blame: [f64; OPTIONS],
    drive: Option<f64>,
    occupies: bool,
    acts: Acts,
}

fn visit_enterprise(
    around: &Surroundings,
    enterprise: &mut Enterprise,
    collectives: &mut [Collective],
    mut people: &mut [Person],
    day: u32,
    generator: &mut Generator,
) {
    let rules = &around.rules;
    let params = &rules.params;
    let climate = &around.climates[enterprise.stratum as usize];
    let acts = rules.classes[rules.strata[enterprise.stratum as usize].class].acts;
    let yesterday = enterprise.counts;
    let is_locked = day < enterprise.locked_until;
    let spared = if enterprise.occupied {
        params.action.occupy_relief
    } else {
        params.action.seize_relief * enterprise.taken
    };
    let own = match (rules.mechanisms.feedback, is_locked) {
        (false, _) => 0.0,
        (true, true) => params.action.lockout_grievance,
        (true, false) => -spared * climate.relief,
    };
    let mut pull = climate.pull;
    if own > 0.0 {
        pull += params.attitude.rate * own;
    } else if own < 0.0 && climate.offer.unmet > 0.0 {
        pull *= (1.0 + own / climate.offer.unmet).max(0.0);
    }
    let unmet = (climate.offer.unmet + own).clamp(0.0, 1.0);
    let drive = shared_drive(
        (climate.act_grievance + own).clamp(0.0, 1.0),
        yesterday.share(yesterday.strikers),
        climate.strikers,
        climate.call,
        enterprise.strike_days,
        &params.action,
    );
    let can_occupy = is_locked && rules.mechanisms.occupations;
    let here = Here {
        around,
        climate,
        pull: f64::from(pull),
        unmet: f64::from(unmet),
        blame: std::array::from_fn(|option| {
            f64::from(params.choice.blame * climate.responsibility[option] * unmet)
        }),
        drive: (climate.acts && (!is_locked || can_occupy)).then_some(f64::from(drive)),
        occupies: is_locked,
        acts,
    };
    let mut beyond = climate.heard;
    let mut drift = climate.drift;
    add_voices(Portable, &mut beyond, &yesterday.public, yesterday.size, climate.enterprise_weight);
    move_drift(around, &mut drift, &yesterday.positions, yesterday.size, climate.enterprise_weight);
    let (mut counts, mut deeds, mut occupying) = (Counts::default(), Deeds::default(), 0);
    for collective in collectives {
        let before = collective.counts;
        let (mut mixture, mut drift) = (beyond, drift);
        add_voices(Portable, &mut mixture, &before.public, before.size, climate.collective_weight);
        hear_demands(Portable, &mut mixture, rules.silent(), climate.raised(), params.voice.demand_voice);
        move_drift(around, &mut drift, &before.positions, before.size, climate.collective_weight);
        for warning in &climate.warnings {
            let heard = f32::from(collective.heard[warning.topic]) / 65_535.0;
            let after = spread_warning(heard, warning.intensity, mixture[warning.party], &params.credibility);
            collective.heard[warning.topic] = (after * 65_535.0 + 0.5) as u16;
        }
        let mut appeal = climate.offer.appeal.map(f64::from);
        for topic in 0..rules.topics {
            let heard = f64::from(collective.heard[topic]) / 65_535.0;
            for (appeal, credit) in appeal.iter_mut().zip(climate.proven[topic]) {
                *appeal += f64::from(credit) * heard;
            }
        }
        let (members, rest) = people.split_at_mut(collective.agents.len());
        people = rest;
        let mut own = Counts { size: members.len() as u32, ..Counts::default() };
        for person in members {
            let acted = here.move_person(person, &mixture, &drift, &appeal, generator);
            here.count(person, acted, &mut own, &mut deeds, generator);
            occupying += u32::from(acted && here.occupies);
        }
        collective.counts = own.composition();
        counts.add(&own);
    }
    settle(around, enterprise, &counts, deeds, can_occupy.then_some(occupying), acts, day, generator);
}

fn move_drift(around: &Surroundings, drift: &mut Drift, positions: &[u32; BINS], size: u32, weight: f32) {
    let mut heard = [0.0; BINS];
    add_positions(Portable, &mut heard, positions, size, weight);
    add_drift(Portable, drift, &around.effects, &heard);
}

impl Here<'_> {
    /// Moves one person by a day; whether it acted.
    fn move_person(
        &self,
        person: &mut Person,
        mixture: &Mixture,
        drift: &Drift,
        appeal: &[f64; OPTIONS],
        generator: &mut Generator,
    ) -> bool {
        let rules = &self.around.rules;
        let climate = self.climate;
        let (attitude, action) = (&rules.params.attitude, &rules.params.action);
        let spread = f64::from(attitude.susceptibility_spread);
        let susceptibility = 1.0 - spread + 2.0 * spread * person.susceptibility;
        let m = person.position;
        let trust = (person.trust + f64::from(climate.trust_shift)).clamp(0.0, 1.0);
        let trust = if climate.power_taken { 1.0 - trust } else { trust };
        let pull = self.pull * susceptibility;
        let ceiling = f64::from(attitude.trust_ceiling);
        let pulled = if pull >= 0.0 {
            pull * (1.0 - m) * (ceiling - trust)
        } else {
            pull * (1.0 + m) * (ceiling - 1.0 + trust)
        };
        let noise = f64::from(attitude.noise) * 12.0_f64.sqrt() * (generator.uniform() - 0.5);
        let moved = m + pulled + f64::from(drift[bin_of(m)]) + f64::from(climate.shock)
            - f64::from(climate.relaxation) * m
            + noise;
        person.position = moved.clamp(-1.0, 1.0);

        if generator.uniform() < f64::from(climate.attention) / 65_536.0 {
            self.reconsider(person, mixture, appeal, trust, generator);
        }

        let needed = f64::from(climate.fear[person.private]) * f64::from(rules.params.voice.fear_scale);
        let stands_with = f64::from(mixture[person.private]);
        let speaks = person.private != rules.none()
            && !person.is_absent
            && (person.is_member || needed <= stands_with || person.threshold * needed <= stands_with);
        person.public = if speaks { person.private } else { rules.silent() };

        let urge = self.drive.map_or(-1.0, |drive| {
            drive + f64::from(action.position_weight) * person.position
                - f64::from(action.threshold_spread) * person.threshold
                + f64::from(climate.experience_weight) * person.experience
                + f64::from(climate.fresh_answer) * (1.0 - person.experience)
        });
        let acts = urge > 0.0 && !person.is_absent;
        if acts && !self.occupies {
            person.experience = (person.experience + f64::from(action.learning)).clamp(0.0, 1.0);
            person.strikes = true;
        } else if !acts && person.strikes {
            person.experience = (person.experience + f64::from(action.defeat) * self.unmet).clamp(0.0, 1.0);
            person.strikes = false;
            person.struck_before = true;
        }
        acts
    }

    /// Hear voices, weigh the parties, choose.
    fn reconsider(
        &self,
        person: &mut Person,
        mixture: &Mixture,
        appeal: &[f64; OPTIONS],
        trust: f64,
        generator: &mut Generator,
    ) {
        let rules = &self.around.rules;
        let (climate, params) = (self.climate, &rules.params);
        let choice = &params.choice;
        let mut heard = [0.0; OPTIONS];
        let total: f64 = mixture.iter().map(|&share| f64::from(share)).sum();
        for _ in 0..rules.voices_heard {
            let mut left = generator.uniform() * total;
            let mut option = 0;
            while option < OPTIONS - 1 && left >= f64::from(mixture[option]) {
                left -= f64::from(mixture[option]);
                option += 1;
            }
            heard[option] += 1.0;
        }
        let options = climate.offer.options;
        let m = person.position;
        let mut utilities = [0.0; OPTIONS];
        for option in 0..options {
            let distance = m - f64::from(climate.offer.positions[option]);
            let slander = f64::from(climate.offer.slander[option]);
            let backfire = f64::from(choice.slander_backfire) * m.max(0.0) * self.unmet;
            let mut utility = appeal[option]
                - f64::from(climate.offer.distance_weights[option]) * distance * distance
                + f64::from(choice.conformity) * heard[option] / f64::from(rules.voices_heard)
                - self.blame[option] * (1.0 - trust)
                - slander * (f64::from(choice.slander_base) - backfire);
            if person.believes {
                utility -= f64::from(climate.offer.faith[option]);
            }
            if option == person.private {
                utility += f64::from(choice.loyalty) * person.conviction;
                utility += if person.is_member { f64::from(choice.member_loyalty) } else { 0.0 };
            }
            utilities[option] = utility;
        }
        let best = utilities[..options].iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: [f64; OPTIONS] =
            std::array::from_fn(|o| if o < options { (utilities[o] - best).exp() } else { 0.0 });
        let mut left = generator.uniform() * weights.iter().sum::<f64>();
        let mut chosen = 0;
        while chosen < options - 1 && left >= weights[chosen] {
            left -= weights[chosen];
            chosen += 1;
        }

        if chosen == person.private {
            let kept = person.conviction * (1.0 - f64::from(climate.disheartening));
            person.conviction = kept + f64::from(choice.conviction_gain) * (1.0 - kept);
        } else {
            person.is_member = false;
            person.agitates = false;
            person.conviction = f64::from(choice.conviction_new);
        }
        person.private = chosen;
        if !climate.power_taken {
            let missing = f64::from(climate.trust_target) - person.trust;
            person.trust = (person.trust + f64::from(params.attitude.trust_rate) * missing).clamp(0.0, 1.0);
        }
        if chosen != rules.none() && !person.is_member {
            let chance =
                f64::from(climate.joining) * person.conviction * f64::from(climate.organisation[chosen]);
            let draw = generator.uniform();
            person.is_member = draw < chance;
            person.agitates |= draw < chance * f64::from(choice.agitator_share);
        }
        let draw = generator.uniform();
        if self.acts == Acts::Strike {
            let chance = f64::from(climate.arming) * m.max(0.0) * person.conviction;
            person.is_guard |= m > 0.5 && draw < chance;
        } else if person.is_absent {
            person.is_absent = draw >= f64::from(params.action.desert_return);
        } else {
            person.is_absent = draw < f64::from(climate.leaving) * (1.0 - trust);
        }
    }

    /// Counts a person that has moved.
    fn count(
        &self,
        person: &Person,
        acted: bool,
        counts: &mut Counts,
        deeds: &mut Deeds,
        generator: &mut Generator,
    ) {
        let (climate, power) = (self.climate, &self.around.rules.params.power);
        let stored = (person.position * 127.0).round() as i8;
        counts.public[person.public] += 1;
        counts.private[person.private] += 1;
        counts.members[person.private] += u32::from(person.is_member);
        counts.positions[bin_of(person.position)] += 1;
        counts.position_sum += i64::from(stored);
        counts.position_squares += (i32::from(stored) * i32::from(stored)) as u64;
        counts.trust_sum += (person.trust * 255.0).round() as u64;
        counts.conviction_sum += (person.conviction * 255.0).round() as u64;
        counts.guards += u32::from(person.is_guard);
        if acted && !self.occupies {
            counts.strikers += 1;
            counts.fresh_strikers += u32::from(!person.struck_before);
        }
        let trust = (person.trust + f64::from(climate.trust_shift)).clamp(0.0, 1.0);
        let loyalty = f64::from(power.trust_weight) * trust
            - f64::from(power.position_weight) * person.position
            + f64::from(power.voice_weight) * f64::from(climate.old_order[person.public]);
        let obeys = loyalty > f64::from(power.obey_above) && !(acted && self.acts == Acts::Refuse);
        counts.obeying += u32::from(obeys && !person.is_absent);
        counts.following += u32::from(loyalty < f64::from(power.follow_below) && !person.is_absent);

        deeds.absent += u32::from(person.is_absent);
        deeds.agitators += u32::from(person.agitates);
        let contends = self.around.contenders >> person.public & 1;
        if person.has_land_tie {
            deeds.tied += 1;
            deeds.tied_positions += i64::from(stored);
            deeds.tied_contending += contends;
        }
        if self.acts == Acts::Strike {
            let seasoned = usize::from(person.experience >= 1.0 / 3.0) * 2;
            deeds.acting[level_of(stored)][seasoned] += 1;
            deeds.acting[level_of(stored)][seasoned + 1] += u32::from(acted);
        }
        if let Some(label) = climate.label {
            deeds.called += u32::from(label.fits(person.public as u8, stored));
            let chosen = u32::from(person.private == usize::from(label.party));
            let side = if stored < 0 { Some(&mut deeds.right) } else { None };
            let side = if person.position > 0.5 { Some(&mut deeds.left) } else { side };
            if let Some(side) = side {
                side[0] += 1;
                side[1] += chosen;
            }
        }
        if let Some(gathering) = climate.gathering
            && (person.believes || !gathering.faithful)
            && generator.uniform() < f64::from(gathering.strength)
        {
            deeds.gathered += 1;
            deeds.torn += u32::from(person.believes) & (self.around.contenders >> person.private & 1);
        }
    }
}

/// What follows for the enterprise; `occupying` where it could be occupied.
#[expect(clippy::too_many_arguments, reason = "all that was counted in an enterprise")]
fn settle(
    around: &Surroundings,
    enterprise: &mut Enterprise,
    counts: &Counts,
    mut deeds: Deeds,
    occupying: Option<u32>,
    acts: Acts,
    day: u32,
    generator: &mut Generator,
) {
    let action = &around.rules.params.action;
    let striking = counts.share(counts.strikers);
    enterprise.counts = *counts;
    enterprise.strike_days = weariness(enterprise.strike_days, striking, action);
    if occupying.is_some_and(|n| counts.share(n) > action.occupy_quorum)
        && counts.mean_position() > f64::from(action.occupy_position)
    {
        enterprise.occupied = true;
        enterprise.locked_until = day + 1;
    }
    if acts == Acts::Seize
        && counts.strikers > 0
        && generator.uniform() < f64::from(seizure_chance(striking, action))
    {
        enterprise.taken = taken_after(enterprise.taken, action);
        deeds.seizures = 1;
    }
    deeds.occupied = u32::from(enterprise.occupied);
    enterprise.deeds = deeds;
}

/// The histogram bin of a position.
fn bin_of(position: f64) -> usize {
    (((position * 127.0).round() + 128.0) as usize >> 4).min(BINS - 1)
}

#[cfg(test)]
#[allow(unused_imports, dead_code, reason = "a bench without a harness compiles the tests away")]
mod tests {
    use super::super::october::engine::Simulation;
    use super::super::october::experiment::build_world;
    use super::super::october::scenario::{Change, default_scenario};
    use super::*;

    /// Mean position, and the shares that speak for each party or are silent.
    fn seen(world: &World) -> Vec<f64> {
        let mut all = Counts::default();
        world.state().strata.iter().for_each(|counts| all.add(counts));
        let share = |n: u32| f64::from(n) / f64::from(all.size);
        let voices = all.public[..=world.rules().silent()].iter().map(|&n| share(n));
        std::iter::once(all.mean_position()).chain(voices).collect()
    }

    #[test]
    fn the_plain_loop_gives_the_same_statistics() {
        const DAYS: u32 = 25;
        const REPLICATES: u64 = 6;
        let scenario = default_scenario(&[Change::Agents(8_000)]).expect("it ships valid");
        let (mut fast, mut slow) = (Vec::new(), Vec::new());
        for replicate in 0..REPLICATES {
            let mut simulation = Simulation::new(build_world(&scenario, 1, replicate), DAYS);
            simulation.run(&mut ());
            fast.push(seen(simulation.model()));
            let world = build_world(&scenario, 2, replicate);
            let mut simulation = Simulation::new(Plain::new(world), DAYS);
            simulation.run(&mut ());
            slow.push(seen(&simulation.model().world));
        }
        let n = REPLICATES as f64;
        for index in 0..fast[0].len() {
            let mean = |all: &[Vec<f64>]| all.iter().map(|one| one[index]).sum::<f64>() / n;
            let (a, b) = (mean(&fast), mean(&slow));
            let spread = |all: &[Vec<f64>], mean: f64| {
                all.iter().map(|one| (one[index] - mean).powi(2)).sum::<f64>() / (n - 1.0) / n
            };
            let error = (spread(&fast, a) + spread(&slow, b)).sqrt();
            // Five standard errors; 1/500 where nearly nobody stands.
            assert!((a - b).abs() < 5.0 * error + 0.002, "{index}: {a} and {b}, error {error}");
        }
    }
}
