//! Every numeric parameter of the rules: type, unit, range, default and source, in one place.
//!
//! Each group becomes a struct for the rules and a list of [`ParamSpec`]s for the scenario schema, the template and
//! the documentation, so that none of them can drift from the others.

use serde::Deserialize;

/// What the schema, the template and the documentation say of one parameter.
#[derive(Clone, Copy, Debug)]
pub struct ParamSpec {
    /// Key in its section of a scenario.
    pub key: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// Unit in words.
    pub unit: &'static str,
    /// Smallest allowed value.
    pub min: f64,
    /// Largest allowed value.
    pub max: f64,
    /// Value where a scenario is silent.
    pub default: f64,
    /// Where the form or the value comes from.
    pub source: &'static str,
}

/// One section of parameters.
#[derive(Clone, Copy, Debug)]
pub struct ParamGroup {
    /// Section of a scenario, `attitude` for `[attitude]`.
    pub section: &'static str,
    /// What the section is about.
    pub doc: &'static str,
    /// Its parameters, in the order they are shown.
    pub specs: &'static [ParamSpec],
}

macro_rules! parameters {
    ($(
        $(#[doc = $about:literal])+
        $name:ident in $section:literal {
            $( $key:ident = $default:literal, $min:literal..=$max:literal, $unit:literal, $doc:literal, $source:literal; )+
        }
    )+) => {
        $(
            $(#[doc = $about])+
            #[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
            #[serde(deny_unknown_fields, default)]
            pub struct $name {
                $(
                    #[doc = concat!($doc, ". Unit: ", $unit, ". Source: ", $source, ".")]
                    pub $key: f32,
                )+
            }

            impl Default for $name {
                fn default() -> Self {
                    Self { $($key: $default),+ }
                }
            }
        )+

        /// All sections of parameters, in the order they are shown.
        pub const GROUPS: &[ParamGroup] = &[$(
            ParamGroup {
                section: $section,
                doc: concat!($($about),+),
                specs: &[$(
                    ParamSpec {
                        key: stringify!($key), doc: $doc, unit: $unit,
                        min: $min, max: $max, default: $default, source: $source,
                    }
                ),+],
            }
        ),+];
    };
}

parameters! {
    /// How positions move.
    AttitudeParams in "attitude" {
        rate = 0.0145, 0.0..=0.5, "position per day", "pull of a full grievance on a neutral agent without trust", "sketch run of this project, section 6 of the model notes";
        trust_ceiling = 1.5, 1.0..=3.0, "dimensionless", "the pull is multiplied by (trust_ceiling - trust): trust in the government brakes it", "sketch run of this project";
        confidence = 0.8, 0.01..=2.0, "position", "voices within this distance attract", "Deffuant et al. 2000, doi:10.1142/S0219525900000078; value from the sketch run";
        assimilation = 0.010, 0.0..=0.5, "share of the distance per day", "attraction to the voices within confidence", "Deffuant et al. 2000, doi:10.1142/S0219525900000078";
        repulsion = 0.0015, 0.0..=0.5, "position per day", "recoil from a crowd wholly beyond repulsion_distance", "Jager and Amblard 2005, doi:10.1007/s10588-005-6282-2";
        repulsion_distance = 1.2, 0.1..=2.0, "position", "voices at least this far away repel", "Jager and Amblard 2005, doi:10.1007/s10588-005-6282-2";
        relaxation = 0.0045, 0.0..=0.5, "share per day", "fatigue: return towards the middle when nothing moves", "sketch run of this project";
        anchoring = 0.0, 0.0..=1.0, "share", "how far fatigue returns people to the middle of their own kind of place, as its traits give it, rather than to that of the country", "attachment to one's first opinion, Friedkin and Johnsen 1990, doi:10.1080/0022250X.1990.9990069";
        noise = 0.012, 0.0..=0.2, "position per square root of a day", "standard deviation of private daily fluctuation", "sketch run of this project";
        susceptibility_spread = 0.7, 0.0..=1.0, "share", "agents feel between (1 - this) and (1 + this) times the pull of grievances, evenly spread", "assumed: without it a class moves as one";
        trust_rate = 0.25, 0.0..=1.0, "share per reconsideration", "speed at which trust follows what the government delivers", "assumed";
        trust_failure = 1.2, 0.0..=4.0, "trust per unit of grievance", "trust aimed at is 1 - trust_failure * mean grievance, kept within 0 and the class mean", "assumed";
    }
    /// How an agent chooses a party when it reconsiders: multinomial logit.
    ChoiceParams in "choice" {
        position_weight = 3.0, 0.0..=20.0, "utility per squared position", "cost of distance between own position and the party's", "spatial voting, Downs 1957; value from the sketch run";
        issue_weight = 1.0, 0.0..=10.0, "utility", "weight of salience * grievance * programme", "issue voting, Rabinowitz and Macdonald 1989, doi:10.2307/1956436";
        conformity = 1.2, 0.0..=10.0, "utility per share heard", "pull of the share of voices heard for a party; above 1.8 each class locks into its largest party", "sketch run of this project";
        loyalty = 1.3, 0.0..=10.0, "utility per conviction", "advantage of the party one holds already", "sketch run of this project";
        member_loyalty = 4.0, 0.0..=20.0, "utility", "further advantage of the party one is a member of", "assumed";
        credibility_weight = 0.9, 0.0..=10.0, "utility per credibility", "weight of a party's credibility", "sketch run of this project";
        blame = 1.5, 0.0..=10.0, "utility", "cost of sharing power while grievances stand and trust is low", "retrospective voting, Fiorina 1981; value from the sketch run";
        reach_weight = 0.6, 0.0..=10.0, "utility", "advantage of being present: press read and agitators on the spot", "assumed";
        local_organisation = 0.3, 0.0..=6.0, "share", "what a party's own people in a place at their fullest add to its organisation there", "assumed";
        slander_base = 1.0, 0.0..=5.0, "utility per slander", "what a slander costs its target among those who do not share the demand", "model notes of this project";
        slander_backfire = 2.2, 0.0..=10.0, "utility per slander", "what it gains among those who hear their own demand denounced", "backlash, Hess and Martin 2006, doi:10.17813/maiq.11.2.3204855020732v63; form from the model notes";
        none_distance_weight = 0.5, 0.0..=2.0, "share of position_weight", "weight on distance from the middle for choosing no party", "sketch run of this project";
        conviction_gain = 0.12, 0.0..=1.0, "share per reconsideration", "growth of conviction when the choice is confirmed", "assumed";
        conviction_new = 0.2, 0.0..=1.0, "conviction", "conviction of a fresh convert", "assumed";
        join_rate = 0.004, 0.0..=1.0, "per reconsideration", "chance that a fully convinced supporter of a fully organised party joins it", "assumed; party_membership figures give the order of magnitude";
        agitator_share = 0.15, 0.0..=1.0, "share", "share of those who join who become agitators", "assumed";
        disillusion_weight = 1.0, 0.0..=10.0, "utility per disillusion", "pull of choosing no party where hopes have been disappointed", "model notes 4, timing; weight assumed";
    }
    /// How a party's word gains and loses weight.
    CredibilityParams in "credibility" {
        half_life_days = 85.0, 1.0..=2000.0, "days", "return of credibility to its base", "sketch run of this project";
        failure_cost = 0.006, 0.0..=1.0, "credibility per day", "loss of a party wholly responsible while grievances stand at their fullest", "assumed";
        warning_rate = 0.35, 0.0..=5.0, "share per day", "growth of the memory of a warning where all voices are the warner's", "assumed";
        realised_gain = 2.2, 0.0..=10.0, "credibility", "gain of a party whose warning comes true, where all had heard it", "model notes of this project";
        scoff_loss = 1.6, 0.0..=10.0, "credibility", "loss of a party that scoffed at it, where all had heard it", "model notes of this project";
        doubt = 0.0, 0.0..=2.0, "share per unit of distance", "part of that gain which people discount, by how far the party stands from them", "biased assimilation, Lord, Ross and Lepper 1979, doi:10.1037/0022-3514.37.11.2098; 0 assumed";
        delivered_gain = 1.5, 0.0..=10.0, "credibility", "gain of a party that delivers on an issue of full weight and full grievance", "retrospective voting, Fiorina 1981; value assumed";
        delay_cost = 0.01, 0.0..=1.0, "credibility per day", "loss of the party that leads the elected bodies for each day on which the moment is ripe and nothing is done", "model notes 4, timing; value assumed";
    }
    /// When a private choice is spoken.
    VoiceParams in "voice" {
        fear_scale = 0.55, 0.0..=5.0, "share of the collective per threshold", "share that must stand up first = threshold * fear * fear_scale", "Granovetter 1978, doi:10.1086/226707; Kuran 1989, doi:10.1007/BF00116762";
        arms_relief = 0.5, 0.0..=1.0, "share", "how far arms in the class's own hands lower fear", "model notes of this project";
        demand_voice = 0.5, 0.0..=1.0, "share", "share of the silent whose demands are heard as those of the party that raises them", "trap 1 of the model notes: silence must not absorb";
        agitation = 25.0, 0.0..=100.0, "organisation per share", "weight of agitators among the people beside a party organised everywhere", "assumed";
        label_slander = 1.0, 0.0..=10.0, "share per slander", "how far slander widens the circle of those who are called by a party's name", "assumed; sign by fact F34";
    }
    /// When people act together: threshold cascades.
    ActionParams in "action" {
        threshold_base = 1.12, 0.0..=5.0, "drive", "drive that an agent of threshold zero needs to strike", "Granovetter 1978, doi:10.1086/226707";
        threshold_spread = 0.55, 0.0..=5.0, "drive", "extra drive that an agent of threshold one needs", "Granovetter 1978, doi:10.1086/226707";
        grievance_weight = 0.95, 0.0..=5.0, "drive per grievance", "drive of the mean grievance", "assumed; strike series give the order of magnitude";
        position_weight = 0.45, 0.0..=5.0, "drive per position", "drive of one's own position", "assumed";
        imitation = 0.7, 0.0..=5.0, "drive per share", "drive of the share of the enterprise on strike yesterday", "Granovetter 1978, doi:10.1086/226707";
        news = 0.35, 0.0..=5.0, "drive per share", "drive of the share of the place's class on strike yesterday", "Biggs 2005, doi:10.1086/427676";
        fatigue = 0.05, 0.0..=1.0, "drive per day", "what each day on strike takes away", "assumed";
        recovery_days = 40.0, 1.0..=400.0, "days", "half-life of strike fatigue after the strike", "assumed";
        holding_back = 0.35, 0.0..=5.0, "drive per experience", "how far the experienced hold back from partial strikes", "fact F05";
        decisive_call = 0.4, 0.01..=5.0, "drive", "strength of a call that everybody takes for decisive", "assumed";
        fresh_answer = 4.0, 0.0..=100.0, "drive per share", "drive that closed enterprises give to those without experience, per share of the class's people shut out", "model notes 2.8: fresh layers answer lockouts; value assumed";
        coming_out = 0.9, 0.0..=5.0, "drive per experience", "how far they come out when a decisive call is made", "fact F05";
        learning = 0.02, 0.0..=1.0, "experience per day", "experience gained by a day on strike", "assumed";
        defeat = 0.2, 0.0..=1.0, "experience", "experience that a striker takes from a strike that ends while its grievance stands", "model notes 2.8; value assumed";
        lockout_days = 18.0, 1.0..=400.0, "days", "length of a lockout", "assumed";
        lockout_grievance = 0.5, 0.0..=1.0, "grievance", "grievance added for the people of a closed enterprise", "model notes: lockouts raise bread and workers' control";
        lockout_news = 3.0, 0.0..=20.0, "grievance per share", "grievance raised in a class by the share of its enterprises closed in the place", "model notes: lockouts raise bread and workers' control";
        occupy_quorum = 0.5, 0.0..=1.0, "share", "share of a closed enterprise that must act to open it and run it", "assumed";
        occupy_position = 0.45, -1.0..=1.0, "position", "mean position that the people of a closed enterprise must have reached to occupy it", "assumed: occupation is a step beyond the strike";
        occupy_relief = 0.4, 0.0..=1.0, "share", "share of the grievance acted on that an occupation satisfies", "assumed";
        seize_rate = 0.5, 0.0..=20.0, "per day", "rate at which an enterprise of a seizing class takes land if all of it would act", "the commune acts as one: Gill 1979; value assumed";
        seize_gain = 0.08, 0.0..=1.0, "share", "share of the land still left that a seizure takes", "assumed";
        seize_relief = 0.7, 0.0..=1.0, "share", "share of the grievance acted on that is satisfied where all land is taken", "assumed";
        alarm = 0.6, 0.0..=5.0, "grievance per share", "grievance that seizures, occupations and disorder raise in classes that fear them", "model notes 2.2; value assumed";
        desert_rate = 0.004, 0.0..=1.0, "per reconsideration", "chance that a soldier without trust and with a full grievance leaves", "assumed; series of registered deserters give the order of magnitude";
        desert_return = 0.01, 0.0..=1.0, "per reconsideration", "chance that one who left comes back", "assumed";
        guard_rate = 0.010, 0.0..=1.0, "per reconsideration", "chance that a convinced agent of a striking class takes up arms where arming is at its fullest", "assumed; figures of workers' guards give the order of magnitude";
        guard_lead = 0.3, 0.0..=2.0, "arming per share", "arming where the governing body is wholly led by parties that want its power", "model notes 4; value assumed";
    }
    /// Hope that is not acted on.
    HopeParams in "hope" {
        ripe_margin = 0.1, -1.0..=1.0, "share", "the moment is ripe where the elected bodies' authority exceeds the government's by this", "model notes 4, timing; value assumed";
        disillusion_rate = 0.02, 0.0..=1.0, "per day", "growth of disillusion while the moment is ripe and nothing is done", "assumed";
        recovery_days = 60.0, 1.0..=2000.0, "days", "half-life of disillusion once it is not fed", "assumed";
        attention_loss = 0.5, 0.0..=1.0, "share", "attention lost at full disillusion", "model notes 4, timing; value assumed";
        conviction_loss = 0.3, 0.0..=1.0, "share per reconsideration", "conviction lost at full disillusion", "model notes 4, timing; value assumed";
        turnout_loss = 0.5, 0.0..=1.0, "share", "turnout lost at full disillusion", "model notes 4, timing; value assumed";
        fatigue_gain = 0.01, 0.0..=1.0, "share per day", "fatigue added at full disillusion", "model notes 4, timing; value assumed";
        right_gain = 0.004, 0.0..=0.5, "position per day", "shift to the right at full disillusion", "model notes 4, timing; value assumed";
    }
    /// How bodies are attended, founded and heard.
    BodyParams in "bodies" {
        attendance_rate = 0.08, 0.0..=1.0, "share per day", "speed at which attendance follows interest", "assumed";
        quorum_spread = 0.3, 0.0..=1.0, "share", "quorums lie within this share of the body's own, evenly spread", "assumed: bodies differ in zeal";
        echo_attention = 0.02, 0.0..=1.0, "per day", "attention raised where a leading vote is fully heard", "model notes 3; value assumed";
        echo_credit = 0.25, 0.0..=5.0, "utility", "appeal of the parties for it where a leading vote is fully heard", "model notes 3; value assumed";
        echo_power = 2.0, 0.0..=20.0, "votes", "how many leading votes the news is worth that power has been taken", "assumed";
        echo_half_life_days = 10.0, 0.5..=400.0, "days", "half-life of an echo", "assumed";
        founding_interest = 1.0, 0.0..=20.0, "per echo", "weight of echoes beside deeds in the founding of bodies", "assumed";
    }
    /// Whom people obey.
    PowerParams in "power" {
        trust_weight = 1.0, 0.0..=5.0, "score", "weight of trust in the score that decides obedience", "assumed";
        position_weight = 0.8, 0.0..=5.0, "score", "weight of position (to the left) against it", "assumed";
        voice_weight = 0.35, 0.0..=5.0, "score", "weight of speaking for a party in office", "assumed";
        obey_above = 0.28, -5.0..=5.0, "score", "an agent would obey an order of the government above this score", "assumed";
        follow_below = 0.0, -5.0..=5.0, "score", "an agent would follow the elected body against the government below this score", "assumed";
        discipline_spread = 0.4, 0.0..=0.5, "share", "an enterprise obeys if more than a share of its members would; the share lies within this of one half, evenly spread over enterprises", "assumed: units differ in officers and committees";
        collapse_share = 0.1, 0.0..=1.0, "share", "authority of the government at which power can pass", "fact F21";
        transfer_share = 0.5, 0.0..=1.0, "share", "authority of the elected bodies at which power can pass", "fact F25";
        commissar_rate = 0.35, 0.0..=5.0, "per day", "chance that a unit wholly of one mind goes over to the elected bodies where their commissars are", "model notes 4; value assumed";
        unit_share = 0.06, 0.0..=1.0, "share", "share of a unit that follows the elected bodies that turns out to fight", "25 000 to 30 000 took part in the capital: Figes 1996";
        guard_share = 0.5, 0.0..=1.0, "share", "share of armed workers that turn out to fight", "assumed";
        loyal_share = 0.6, 0.0..=1.0, "share", "share of a unit that obeys that turns out to fight where numbers are even", "2 000 defenders in the capital, 10 500 in the second city: evidence series";
        fight_rate = 0.11, 0.0..=5.0, "per day", "share of the other side's number put out of action a day", "Lanchester 1916, square law; value assumed";
        rout_share = 0.5, 0.0..=1.0, "share", "a side gives up when it is down to this share of its number", "assumed";
        lethality = 0.12, 0.0..=1.0, "share", "dead among those put out of action where numbers are even", "assumed; about a thousand dead in the second city is the upper figure of many histories";
        luck = 0.15, 0.0..=1.0, "log number", "standard deviation of the number that turns out", "assumed";
        spread_rate = 0.12, 0.0..=5.0, "per day", "chance that a ripe place rises once power has been taken in a place whose news it hears fully", "assumed; half of the places in two to three weeks";
        dissolve_rate = 1.1, 0.0..=10.0, "per day", "loss of obedience of marching units wholly surrounded by agitators", "model notes 4; value assumed";
        rail_delay = 0.6, 0.0..=1.0, "share", "how far workers of one mind slow a march", "railwaymen held up the trains of a march: Rabinowitch 1976; value assumed";
        balance_weight = 1.0, 0.0..=5.0, "resolve", "caution of a leader who sees all arms on the other side", "assumed";
        pressure_weight = 0.4, 0.0..=5.0, "resolve", "caution of a leader whom no body urges on", "assumed";
        perception_sd = 0.08, 0.0..=1.0, "share", "standard deviation of a leader's reading of the balance", "assumed";
        disclosure_alert = 0.8, 0.0..=10.0, "share", "by how much more the other side turns out once the plan is known", "model notes 4; value assumed";
        disclosure_doubt = 0.5, 0.0..=5.0, "resolve", "caution added by a public break, times the share of arms on the other side", "model notes 4; value assumed";
        terror = 1.0, 0.0..=5.0, "fear", "fear of speaking for the parties of the elected bodies where the right has taken power", "assumed";
        disarming = 0.7, 0.0..=1.0, "share", "share of those under arms against it whom the right disarms where it has taken power", "a march that failed was to disarm the garrison and the workers: Rabinowitch 1976; value assumed";
        disorder_growth = 0.9, 0.0..=5.0, "per day", "spread of disorder from those who take part", "logistic contagion; value assumed";
        disorder_end = 1.6, 0.0..=10.0, "per day", "how fast decisive action ends disorder", "assumed";
    }
}

/// All parameters of the rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Params {
    /// `[attitude]`
    pub attitude: AttitudeParams,
    /// `[choice]`
    pub choice: ChoiceParams,
    /// `[credibility]`
    pub credibility: CredibilityParams,
    /// `[voice]`
    pub voice: VoiceParams,
    /// `[action]`
    pub action: ActionParams,
    /// `[hope]`
    pub hope: HopeParams,
    /// `[bodies]`
    pub bodies: BodyParams,
    /// `[power]`
    pub power: PowerParams,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_lie_in_their_ranges_and_have_sources() {
        for spec in GROUPS.iter().flat_map(|g| g.specs) {
            assert!((spec.min..=spec.max).contains(&spec.default), "{}", spec.key);
            assert!(!spec.source.is_empty() && !spec.unit.is_empty(), "{}", spec.key);
        }
    }
}
