//! The private choice of a party.

use crate::model::agents::OPTIONS;
use crate::model::fixed::exp_below_zero;
use crate::model::params::ChoiceParams;

/// What is the same for all agents of a collective today.
#[derive(Clone, Copy, Debug, Default)]
pub struct Offer {
    /// Number of options: parties, then none.
    pub options: usize,
    /// Part of the utility that does not depend on the agent.
    pub appeal: [f32; OPTIONS],
    /// Programme positions; 0 for none.
    pub positions: [f32; OPTIONS],
    /// Weight of squared distance, by option.
    pub distance_weights: [f32; OPTIONS],
    /// Intensity of slander, by option.
    pub slander: [f32; OPTIONS],
    /// `blame * responsibility * unmet grievance`, by option.
    pub blame: [f32; OPTIONS],
    /// Mean grievance that stands unmet, 0..=1.
    pub unmet: f32,
    /// How far what a party does offends believers, by option.
    pub faith: [f32; OPTIONS],
}

/// What differs from agent to agent.
#[derive(Clone, Copy, Debug)]
pub struct Chooser {
    /// Own position.
    pub position: f32,
    /// Trust in the government.
    pub trust: f32,
    /// Attachment to the present choice.
    pub conviction: f32,
    /// The present choice.
    pub present: usize,
    /// Whether it is a member of the party it supports.
    pub is_member: bool,
    /// Whether it is a believer.
    pub is_believer: bool,
    /// Voices heard, by option; their share is `heard / voices`.
    pub heard: [u8; OPTIONS],
    /// Voices heard in all.
    pub voices: u32,
}

/// Slander's mark on the utility of its target: `-s * (base - backfire * m⁺ * unmet)`.
///
/// It works on those who do not share the demand and recruits those who hear their own demand denounced.
/// `s` is the intensity (about 0..=1), `m` a position, `unmet` in 0..=1. Source: model notes 2.6, after the
/// seed narrative; backlash: Hess and Martin 2006, doi:10.17813/maiq.11.2.3204855020732v63. ODD 7.6.
#[inline(always)]
#[must_use]
pub fn slander_effect(s: f32, m: f32, unmet: f32, p: &ChoiceParams) -> f32 {
    -s * (-p.slander_backfire * unmet).mul_add(m.max(0.0), p.slander_base)
}

/// What stands by the present choice: `loyalty conviction + member_loyalty [I am a member of it]`.
#[inline(always)]
#[must_use]
pub fn loyalty(conviction: f32, is_member: bool, p: &ChoiceParams) -> f32 {
    let of_members = p.member_loyalty;
    p.loyalty.mul_add(conviction, if is_member { of_members } else { 0.0 })
}

/// Utility of each option.
///
/// `U(p) = appeal(p) - weight(p) (m - x(p))² + conformity share heard(p) + loyalty conviction [p is mine]
/// + member_loyalty [I am a member of p] - blame(p) (1 - trust) + slander(p) - faith(p) [I am a believer]`. Source: model notes 2.6. ODD 7.6.
#[inline(always)]
#[must_use]
pub fn utilities(offer: &Offer, appeal: &[f32; OPTIONS], who: &Chooser, p: &ChoiceParams) -> [f32; OPTIONS] {
    let mut utilities = [f32::NEG_INFINITY; OPTIONS];
    let per_voice = p.conformity / who.voices as f32;
    for (option, slot) in utilities.iter_mut().enumerate().take(offer.options) {
        let distance = who.position - offer.positions[option];
        let offered = (-offer.distance_weights[option] * distance).mul_add(distance, appeal[option]);
        let heard = per_voice.mul_add(f32::from(who.heard[option]), offered);
        let mut utility = (-offer.blame[option]).mul_add(1.0 - who.trust, heard);
        if offer.slander[option] != 0.0 {
            let sting = slander_effect(1.0, who.position, offer.unmet, p);
            utility = offer.slander[option].mul_add(sting, utility);
        }
        if who.is_believer {
            utility -= offer.faith[option];
        }
        *slot = utility;
    }
    utilities[who.present] += loyalty(who.conviction, who.is_member, p);
    utilities
}

/// Draws an option from the multinomial logit of `utilities[..options]`; `draw` uniform in [0, 1).
///
/// `P(p) = exp U(p) / Σ exp U(q)`. Source: McFadden 1974. ODD 7.6.
#[inline(always)]
#[must_use]
pub fn draw_option(utilities: &[f32; OPTIONS], options: usize, draw: f32) -> usize {
    let best = utilities[..options].iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut weights = [0.0_f32; OPTIONS];
    let mut total = 0.0;
    for option in 0..options {
        weights[option] = exp_below_zero(utilities[option] - best);
        total += weights[option];
    }
    let mut left = draw * total;
    for (option, weight) in weights[..options - 1].iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return option;
        }
    }
    options - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn neutral(options: usize) -> (Offer, Chooser) {
        let offer = Offer { options, ..Offer::default() };
        let who = Chooser {
            position: 0.0,
            trust: 1.0,
            conviction: 0.0,
            present: 0,
            is_member: false,
            is_believer: false,
            heard: [0; OPTIONS],
            voices: 8,
        };
        (offer, who)
    }

    #[test]
    fn draws_follow_the_logit() {
        let mut utilities = [f32::NEG_INFINITY; OPTIONS];
        utilities[0] = 0.0;
        utilities[1] = 3.0_f32.ln();
        let n = 1000;
        let first = (0..n).filter(|&i| draw_option(&utilities, 2, (i as f32 + 0.5) / n as f32) == 0).count();
        assert_eq!(first, 250, "odds of one to three");
    }

    #[test]
    fn symmetric_parties_stay_symmetric() {
        let (mut offer, who) = neutral(2);
        offer.positions[0] = -0.4;
        offer.positions[1] = 0.4;
        offer.distance_weights = [3.0; OPTIONS];
        let u = utilities(&offer, &offer.appeal, &who, &ChoiceParams::default());
        assert_eq!(u[0], u[1]);
    }

    #[test]
    fn each_term_has_its_sign() {
        let p = ChoiceParams::default();
        let (offer, who) = neutral(2);
        let base = utilities(&offer, &offer.appeal, &who, &p)[0];
        let mut heard = who;
        heard.heard[0] = 4;
        assert!((utilities(&offer, &offer.appeal, &heard, &p)[0] - base - 0.5 * p.conformity).abs() < 1e-6);
        let loyal = Chooser { conviction: 1.0, ..who };
        assert!((utilities(&offer, &offer.appeal, &loyal, &p)[0] - base - p.loyalty).abs() < 1e-6);
        let member = Chooser { is_member: true, ..who };
        assert!((utilities(&offer, &offer.appeal, &member, &p)[0] - base - p.member_loyalty).abs() < 1e-6);
        let mut impious = offer;
        impious.faith[0] = 0.4;
        assert_eq!(utilities(&impious, &impious.appeal, &who, &p)[0], base);
        let believer = Chooser { is_believer: true, ..who };
        assert!((utilities(&impious, &impious.appeal, &believer, &p)[0] - base + 0.4).abs() < 1e-6);
        let mut blamed = offer;
        blamed.blame[0] = 0.7;
        let distrusting = Chooser { trust: 0.0, ..who };
        assert!((utilities(&blamed, &blamed.appeal, &distrusting, &p)[0] - base + 0.7).abs() < 1e-6);
    }

    #[test]
    fn slander_repels_the_right_and_recruits_the_aggrieved_left() {
        let p = ChoiceParams { slander_base: 1.0, slander_backfire: 2.5, ..ChoiceParams::default() };
        assert_eq!(slander_effect(0.8, -0.5, 1.0, &p), -0.8);
        assert!(slander_effect(0.8, 0.8, 0.9, &p) > 0.0);
        assert!(slander_effect(0.8, 0.8, 0.1, &p) < 0.0, "no grievance, no back-fire");
    }
}
