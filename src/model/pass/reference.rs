//! The rule of a day for one agent after another, as one would write it down.
//!
//! It serves fixed contacts, and it is what [`super::lanes`] is held to: both give the same bits.

use super::super::agents::{AgentsMut, OPTIONS, mark};
use super::super::behaviour::action::own_drive;
use super::super::behaviour::attitude::Motion;
use super::super::behaviour::choice::{self, Chooser, Offer};
use super::super::behaviour::contacts::hear;
use super::super::behaviour::voice::boldest_silent;
use super::super::climate::{Climate, felt_trust, trust_in_office};
use super::super::fixed::{POSITION_UNITS, bin, position, share, store_share, store_units};
use super::super::groups::{Composition, Counts, level_of};
use super::super::network::Contacts;
use super::super::power::authority;
use super::{
    Before, Chosen, Conduct, Decision, EXPERIENCED, Plan, Resolve, Setting, Surroundings, Tally,
    count_called, decide, dither_of,
};
use crate::random::{BATCH, Process, Stream, batch, unit};
use crate::simd::Portable;

impl Surroundings {
    /// Moves the members of one collective by a day, counts them, and adds them to what is counted in their enterprise.
    #[inline(always)]
    pub(super) fn visit_members(
        &self,
        plan: &Plan<'_>,
        setting: &Setting,
        first: u64,
        agents: AgentsMut<'_>,
        tally: &mut Tally,
    ) -> Composition {
        let climate = plan.climate;
        let motion = Motion::new(climate, plan.pull >= 0.0, &self.rules.params.attitude);
        let action = &self.rules.params.action;
        let none = self.rules.none() as u8;
        let silent = self.rules.silent() as u8;
        let responsible = climate.old_order;
        let score = authority::Scorer::new(&self.rules.params.power);
        let deeds = &mut tally.deeds;
        let mut counts = Counts { size: agents.len() as u32, ..Counts::default() };
        let mut words = [0; BATCH];
        for i in 0..agents.len() {
            let id = first + i as u64;
            let number = (id % BATCH as u64) as usize;
            if number == 0 || i == 0 {
                batch(Portable, &self.key, Process::Day, plan.day, id / BATCH as u64, &mut words);
            }
            let word = words[number];
            let dither = dither_of(word);

            // Attitude.
            let stored = agents.position[i];
            let mut drift = setting.drift[usize::from(stored as u8 >> 4)];
            if let Some(contacts) = &self.contacts {
                let heard = contacts.drift(id, bin(stored), &self.kernel);
                drift += POSITION_UNITS * climate.social_weight * heard;
            }
            let (trust, feeling) = (agents.trust[i], agents.susceptibility[i]);
            let stored = store_units(motion.step(stored, trust, feeling, plan.pull, drift, word));
            agents.position[i] = stored;

            // Choice, by those whose attention is caught today.
            if (word >> 16) < climate.attention {
                self.reconsider(plan, setting, id, &agents, i).apply(
                    &mut agents.private[i],
                    &mut agents.conviction[i],
                    &mut agents.trust[i],
                    &mut agents.marks[i],
                );
            }

            // Voice.
            let private = agents.private[i];
            let mut marks = agents.marks[i];
            let bold = match &self.contacts {
                None => setting.boldest[private as usize],
                Some(contacts) => self.boldest_among(contacts, climate, id, private as usize),
            };
            let speaks = private != none
                && marks & mark::ABSENT == 0
                && (agents.threshold[i] <= bold || marks & mark::MEMBER != 0);
            let public = if speaks { private } else { silent };
            agents.public[i] = public;

            // Action.
            let acts = match plan.conduct {
                Conduct::Rests => false,
                Conduct::Acts(drive) | Conduct::Occupies(drive) => {
                    let urge = own_drive(
                        drive,
                        position(stored),
                        share(agents.threshold[i]),
                        share(agents.experience[i]),
                        climate.experience_weight,
                        climate.fresh_answer,
                        action,
                    );
                    urge > 0.0 && marks & mark::ABSENT == 0
                }
            };
            let occupies = acts && matches!(plan.conduct, Conduct::Occupies(_));
            if occupies {
                tally.occupying += 1;
            } else if acts {
                counts.strikers += 1;
                counts.fresh_strikers += u32::from(marks & mark::STRUCK_BEFORE == 0);
                marks |= mark::STRIKER;
                let learned = share(agents.experience[i]) + action.learning;
                agents.experience[i] = store_share(learned, dither);
            } else if marks & mark::STRIKER != 0 {
                marks = (marks & !mark::STRIKER) | mark::STRUCK_BEFORE;
                let learned = share(agents.experience[i]) + action.defeat * plan.unmet;
                agents.experience[i] = store_share(learned, dither);
            }
            agents.marks[i] = marks;
            if plan.guards {
                let seasoned = usize::from(agents.experience[i] >= EXPERIENCED) * 2;
                let level = &mut deeds.acting[level_of(stored)];
                level[seasoned] += 1;
                level[seasoned + 1] += u32::from(acts);
            }

            // Counting.
            let trust = felt_trust(agents.trust[i], climate.trust_shift);
            let loyalty = score.score(trust, stored, score.of_voice(responsible[public as usize]));
            let present = marks & mark::ABSENT == 0;
            counts.obeying += u32::from(loyalty > score.obey_above && present && !(acts && plan.refuses));
            counts.following += u32::from(loyalty < score.follow_below && present);
            counts.count(&agents, i);
            if let Some(label) = climate.label {
                count_called(deeds, label, private, public, stored);
            }
            deeds.absent += u32::from(!present);
            deeds.agitators += u32::from(marks & mark::AGITATOR != 0);
            if marks & mark::LAND_TIE != 0 {
                deeds.tied += 1;
                deeds.tied_positions += i64::from(stored);
                deeds.tied_contending += self.contenders >> public & 1;
            }
            if let Some(gathering) = climate.gathering {
                self.count_gathered(deeds, gathering, plan.day, id, marks, private);
            }
        }
        tally.counts.add(&counts);
        counts.composition()
    }

    /// How bold one has to be among fixed contacts.
    fn boldest_among(&self, contacts: &Contacts, climate: &Climate, id: u64, party: usize) -> u8 {
        if climate.fear[party] <= 0.0 {
            return 255;
        }
        boldest_silent(contacts.share(id, party), climate.fear[party], &self.rules.params.voice)
    }

    /// The rare and costly part of a day: hear voices, weigh the parties, choose.
    #[inline(always)]
    fn reconsider(
        &self,
        plan: &Plan<'_>,
        setting: &Setting,
        id: u64,
        agents: &AgentsMut<'_>,
        i: usize,
    ) -> Decision {
        let params = &self.rules.params;
        let climate = plan.climate;
        let mut contacts = Stream::new(self.key, Process::Contacts, plan.day, id);
        let mut heard = [0; OPTIONS];
        let voices = self.rules.voices_heard;
        let mut left = voices;
        if let Some(fixed) = &self.contacts {
            // A share of the voices is that of fixed contacts; papers and agitators speak to all alike.
            let social = (climate.social_weight * 65536.0) as u32;
            for _ in 0..voices {
                let word = contacts.word();
                let known = if word & 0xffff < social { fixed.hear(id, word >> 16) } else { None };
                heard[known.unwrap_or_else(|| hear(&setting.cuts, word >> 16))] += 1;
            }
            left = 0;
        }
        while left > 0 {
            let word = contacts.word();
            heard[hear(&setting.cuts, word & 0xffff)] += 1;
            left -= 1;
            if left > 0 {
                heard[hear(&setting.cuts, word >> 16)] += 1;
                left -= 1;
            }
        }
        let present = agents.private[i] as usize;
        let who = Chooser {
            position: position(agents.position[i]),
            trust: trust_in_office(felt_trust(agents.trust[i], climate.trust_shift), climate.power_taken),
            conviction: share(agents.conviction[i]),
            present,
            is_member: agents.marks[i] & mark::MEMBER != 0,
            is_believer: agents.marks[i] & mark::BELIEVER != 0,
            heard,
            voices,
        };
        let appeal = if climate.anything_proven { &setting.appeal } else { &climate.offer.appeal };
        let offer = Offer { unmet: plan.unmet, blame: *plan.blame, ..climate.offer };
        let utilities = choice::utilities(&offer, appeal, &who, &params.choice);
        let draws = Stream::new(self.key, Process::Choice, plan.day, id).block_at(0);
        let chosen = choice::draw_option(&utilities, offer.options, unit(draws[0]));
        let before = Before {
            present: agents.private[i],
            position: who.position,
            trust: who.trust,
            conviction: agents.conviction[i],
            own_trust: agents.trust[i],
            marks: agents.marks[i],
        };
        let chosen = Chosen {
            option: chosen as u32,
            organisation: climate.organisation[chosen],
            is_party: chosen != self.rules.none(),
        };
        decide(&Resolve::new(climate, plan.guards, params), &before, &chosen, draws)
    }
}
