//! Keys, units, ranges and defaults of scenario files in one place: the check, the template and the JSON Schema all
//! come from here, and the numeric sections from the parameters of the model.

use crate::model::mechanisms::{MECHANISMS, MechanismSpec};
use crate::model::params::{GROUPS, ParamSpec};

/// What a key may hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Any text.
    Text,
    /// A name in files: lower-case letters, digits and hyphens.
    Slug,
    /// Any name that is not empty.
    Name,
    /// `true` or `false`.
    Bool,
    /// A whole number from the first to the second.
    Int(i64, i64),
    /// A number from the first to the second.
    Real(f64, f64),
    /// `#rrggbb`.
    Color,
    /// A date in the calendar of the scenario.
    Date,
    /// The name of an item of that section.
    Ref(&'static str),
    /// Names of items of that section; `*` is all of them.
    Refs(&'static str),
    /// One of these words.
    OneOf(&'static [(&'static str, &'static str)]),
    /// A list of texts.
    Texts,
    /// A table from names of that section (or the extra words) to numbers from the first to the second.
    Map(&'static str, &'static [&'static str], f64, f64),
    /// A table from any words to numbers from the first to the second.
    Words(f64, f64),
    /// A table from any words to tables of these fields.
    WordTables(&'static [Field]),
    /// A list of `[date, number]`, numbers from 0 to 1.
    Points,
    /// A table of these fields.
    Table(&'static [Field]),
    /// A list of tables of these fields.
    Tables(&'static [Field]),
    /// A table of model parameters.
    Params(&'static [ParamSpec]),
    /// A table of switches.
    Switches(&'static [MechanismSpec]),
    /// A list of dates.
    Dates,
    /// A list of pairs of whole numbers.
    Pairs,
}

/// Whether a key must be there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Need {
    /// It must; the text is an example in TOML for the template.
    Required(&'static str),
    /// The text is its default in TOML.
    Default(&'static str),
    /// It may be absent.
    Optional,
}

/// A key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// The key.
    pub(super) key: &'static str,
    /// What it may hold.
    pub(super) kind: Kind,
    /// Whether it must be there.
    pub(super) need: Need,
    /// Unit in words; empty for names.
    pub(super) unit: &'static str,
    /// What it is, in one sentence.
    pub(super) doc: &'static str,
}

const fn field(key: &'static str, kind: Kind, need: Need, unit: &'static str, doc: &'static str) -> Field {
    Field { key, kind, need, unit, doc }
}

use Kind::{
    Bool, Color, Date, Dates, Int, Map, Name, OneOf, Pairs, Params, Points, Real, Ref, Refs, Slug, Switches,
    Table, Tables, Text, Texts, WordTables, Words,
};
use Need::{Default, Optional, Required};

/// How good figures are, and by how much they may be off where an item does not say.
pub(super) struct Grade {
    /// The word in scenarios.
    pub(super) word: &'static str,
    /// Share of itself by which a number of the grade may be off.
    pub(super) share: f64,
}

/// The grades, best first.
pub(super) const GRADES: &[Grade] = &[
    Grade { word: "measured", share: 0.05 },
    Grade { word: "estimated", share: 0.25 },
    Grade { word: "assumed", share: 0.5 },
];

const GRADE_WORDS: &[(&str, &str)] = &[
    ("measured", "counted at the time, within 5 %"),
    ("estimated", "put together from several sources or rounded from memory, within 25 %"),
    ("assumed", "no figure behind it, within 50 %"),
];

const GRADE: Field = field("grade", OneOf(GRADE_WORDS), Optional, "", "how good the figures are");
const UNCERTAINTY: Field = field(
    "uncertainty",
    Real(0.0, 10.0),
    Optional,
    "share",
    "share of themselves by which the figures may be off; by the grade if absent",
);

/// An upper end that stands for none.
pub(super) const BOUNDLESS: f64 = 1e12;

const SPREAD: &[Field] = &[
    field("mean", Real(-1.0, 1.0), Required("0.5"), "", "mean at birth"),
    field("sd", Real(0.0, 1.0), Required("0.2"), "", "standard deviation at birth"),
];

const SHARE: &[Field] = &[
    field("mean", Real(0.0, 1.0), Required("0.5"), "share", "mean at birth"),
    field("sd", Real(0.0, 0.5), Required("0.2"), "share", "standard deviation at birth"),
];

const CHANNELS: &[Field] = &[
    field("collective", Real(0.0, 1.0), Default("0.5"), "weight", "voices of the own collective"),
    field("enterprise", Real(0.0, 1.0), Default("0.2"), "weight", "voices of the own enterprise"),
    field("place", Real(0.0, 1.0), Default("0.15"), "weight", "voices in streets and meetings"),
    field("press", Real(0.0, 1.0), Default("0.1"), "weight", "what is read"),
    field("agitators", Real(0.0, 1.0), Default("0.05"), "weight", "agitators"),
];

const COLLECTIVE_SIZE: &[Field] = &[
    field("mean", Real(2.0, 5000.0), Required("60.0"), "persons", "mean size"),
    field("sd", Real(0.0, 5000.0), Default("0.0"), "persons", "standard deviation of the size"),
];

const ENTERPRISE_SIZE: &[Field] = &[
    field("median", Real(1.0, 1e6), Required("200.0"), "persons", "median of the log-normal sizes"),
    field("sigma", Real(0.0, 4.0), Default("0.0"), "log persons", "standard deviation of the logarithm"),
    field("max", Real(1.0, 1e7), Required("5000.0"), "persons", "largest that is drawn"),
];

const BETWEEN: &[Field] = &[
    field(
        "enterprises",
        Real(0.0, 1.0),
        Default("0.0"),
        "position",
        "standard deviation of the mean position of enterprises",
    ),
    field(
        "collectives",
        Real(0.0, 1.0),
        Default("0.0"),
        "position",
        "standard deviation of the mean position of collectives of one enterprise",
    ),
];

const TRAIT_EFFECT: &[Field] = &[
    field(
        "position",
        Real(-1.0, 1.0),
        Default("0.0"),
        "position",
        "shift of the mean position where the trait is 1",
    ),
    field("trust", Real(-1.0, 1.0), Default("0.0"), "share", "shift of the mean trust where the trait is 1"),
    field("attention", Real(-1.0, 1.0), Default("0.0"), "per day", "shift of attention where the trait is 1"),
    field(
        "desertion",
        Real(-10.0, 10.0),
        Default("0.0"),
        "factor",
        "shift of the class's desertion where the trait is 1",
    ),
];

const META: &[Field] = &[
    field("name", Slug, Required("\"my-country\""), "", "name in files"),
    field("title", Text, Required("\"My country\""), "", "title for readers"),
    field("description", Text, Default("\"\""), "", "what it is about"),
    field("authors", Texts, Default("[]"), "", "who wrote it"),
    field("sources", Texts, Default("[]"), "", "works its figures come from"),
];

const TIME: &[Field] = &[
    field(
        "calendar",
        OneOf(&[("julian", "old style"), ("gregorian", "new style")]),
        Default("\"gregorian\""),
        "",
        "how the dates of the file are read",
    ),
    field("start", Date, Required("\"1930-01-01\""), "", "first day of the run"),
    field("end", Date, Required("\"1930-03-31\""), "", "last day of the run"),
];

const RUN: &[Field] = &[
    field("seed", Int(0, i64::MAX), Default("1917"), "", "root of all random draws"),
    field("replicates", Int(1, 1_000_000), Default("1"), "", "runs under independent draws"),
    field(
        "sample_agents",
        Int(0, 10_000_000),
        Default("0"),
        "agents",
        "agents whose life histories are recorded",
    ),
];

const PARTY: &[Field] = &[
    field("name", Slug, Required("\"red\""), "", "name in files"),
    field("label", Text, Required("\"Reds\""), "", "name for readers"),
    field("short", Text, Default("\"\""), "", "name where there is little room; the label if empty"),
    field("color", Color, Required("\"#b2182b\""), "", "colour on charts"),
    field("position", Real(-1.0, 1.0), Required("0.6"), "position", "position of its programme"),
    field(
        "distance_weight",
        Real(0.0, 2.0),
        Default("1.0"),
        "factor",
        "factor on the cost of distance to it",
    ),
    field("programme", Map("issue", &[], -1.0, 1.0), Default("{}"), "attitude", "attitude to each issue"),
    field(
        "responsibility",
        Real(0.0, 1.0),
        Default("0.0"),
        "share",
        "responsibility for the government at the start",
    ),
    field("credibility", Real(-5.0, 5.0), Default("0.0"), "utility", "base credibility"),
    field("press", Real(0.0, 1.0), Default("0.0"), "share", "share of what is read"),
    field("organisation", Real(0.0, 1.0), Default("0.0"), "share", "how far it has agitators everywhere"),
    field(
        "member_share",
        Real(0.0, 1.0),
        Default("0.0"),
        "share",
        "members among its supporters at the start, where it is organised everywhere",
    ),
    field(
        "label_distance",
        Real(0.0, 2.0),
        Default("0.0"),
        "position",
        "people within this distance of its programme are called by its name; 0: nobody is",
    ),
    field(
        "community",
        Ref("community"),
        Optional,
        "",
        "the community whose list it is: nobody else can choose it; a list of the whole country if absent",
    ),
    field("source", Text, Optional, "", "where the figures come from"),
    GRADE,
    UNCERTAINTY,
];

const BLOC: &[Field] = &[
    field("name", Slug, Required("\"left\""), "", "name in files"),
    field("label", Text, Required("\"The left\""), "", "name for readers"),
    field("short", Text, Default("\"\""), "", "name where there is little room; the label if empty"),
    field("parties", Refs("party"), Required("[\"red\"]"), "", "its parties"),
];

const LABELLED: &[Field] = &[
    field("name", Slug, Required("\"bread\""), "", "name in files"),
    field("label", Text, Default("\"\""), "", "name for readers"),
];

const CLASS: &[Field] = &[
    field("name", Slug, Required("\"worker\""), "", "name in files"),
    field("label", Text, Required("\"Workers\""), "", "name for readers"),
    field("position", Table(SPREAD), Required("{ mean = 0.1, sd = 0.35 }"), "position", "position at birth"),
    field(
        "trust",
        Table(SHARE),
        Required("{ mean = 0.6, sd = 0.2 }"),
        "share",
        "trust in the government at birth",
    ),
    field(
        "conviction",
        Table(SHARE),
        Required("{ mean = 0.3, sd = 0.15 }"),
        "share",
        "attachment to the private choice at birth",
    ),
    field(
        "threshold",
        Table(SHARE),
        Required("{ mean = 0.4, sd = 0.2 }"),
        "share",
        "share that must stand up first",
    ),
    field(
        "experience",
        Table(SHARE),
        Default("{ mean = 0.1, sd = 0.1 }"),
        "share",
        "strikes and defeats lived through",
    ),
    field("salience", Map("issue", &[], 0.0, 1.0), Default("{}"), "weight", "how much each issue matters"),
    field(
        "pull",
        Map("issue", &[], -1.0, 1.0),
        Default("{}"),
        "direction",
        "where each issue's grievance pulls: 1 left, -1 right",
    ),
    field(
        "base",
        Map("party", &["none"], -10.0, 10.0),
        Default("{}"),
        "utility",
        "standing preference for each party and for none",
    ),
    field("attention", Real(0.0, 1.0), Required("0.05"), "per day", "chance of reconsidering on a day"),
    field("contacts", Table(CHANNELS), Default("{}"), "weight", "where voices come from"),
    field(
        "mixing",
        Map("class", &[], 0.0, 1.0),
        Required("{ worker = 1.0 }"),
        "weight",
        "whose voices are heard in streets and meetings",
    ),
    field(
        "acts",
        OneOf(&[
            ("strike", "strikes, and occupies what is closed"),
            ("refuse", "refuses orders"),
            ("seize", "seizes land"),
            ("none", "does nothing of the kind"),
        ]),
        Default("\"none\""),
        "",
        "what it does when it acts",
    ),
    field("act_bias", Real(-5.0, 5.0), Default("0.0"), "drive", "standing drive of the class to act"),
    field(
        "acts_over",
        Refs("issue"),
        Default("[]"),
        "",
        "issues whose grievances drive it to act; all of them if empty",
    ),
    field("acts_on", Ref("issue"), Optional, "", "the issue that seizures and occupations satisfy"),
    field(
        "alarmed_on",
        Ref("issue"),
        Optional,
        "",
        "the issue that seizures, occupations and disorder in its place raise",
    ),
    field(
        "desertion",
        Real(0.0, 10.0),
        Default("0.0"),
        "factor",
        "chance to leave its post, times action.desert_rate",
    ),
    field(
        "turnout",
        Real(0.0, 1.0),
        Default("0.6"),
        "share",
        "share that votes in ballots at ordinary attention",
    ),
    field("armed", Bool, Default("false"), "", "whether its enterprises bear arms"),
    field("productive", Bool, Default("false"), "", "whether its enterprises keep the country running"),
    field("land_tie", Real(0.0, 1.0), Default("0.0"), "share", "born in a village"),
    field("literate", Real(0.0, 1.0), Default("1.0"), "share", "can read"),
    field("believer", Real(0.0, 1.0), Default("0.0"), "share", "believers pulled two ways"),
    field(
        "collective_people",
        Table(COLLECTIVE_SIZE),
        Required("{ mean = 60.0, sd = 20.0 }"),
        "persons",
        "size of a collective",
    ),
    field(
        "enterprise_people",
        Table(ENTERPRISE_SIZE),
        Required("{ median = 200.0, sigma = 1.0, max = 5000.0 }"),
        "persons",
        "size of enterprises without a name",
    ),
    field(
        "between",
        Table(BETWEEN),
        Default("{}"),
        "position",
        "how far groups differ at birth; part of the deviation of `position`",
    ),
    field(
        "trait_effects",
        WordTables(TRAIT_EFFECT),
        Default("{}"),
        "",
        "what traits of a place or enterprise do",
    ),
    field("source", Text, Optional, "", "where the figures come from"),
    GRADE,
    UNCERTAINTY,
];

const PLACE: &[Field] = &[
    field("name", Slug, Required("\"north\""), "", "name in files"),
    field("label", Text, Required("\"North\""), "", "name for readers"),
    field("kind", Text, Default("\"\""), "", "free word: district, town, garrison…"),
    field("region", Text, Default("\"\""), "", "free word"),
    field("longitude", Real(-180.0, 180.0), Optional, "degrees east", "where maps show it"),
    field("latitude", Real(-90.0, 90.0), Optional, "degrees north", "where maps show it"),
    field(
        "people",
        Map("class", &[], 0.0, BOUNDLESS),
        Required("{ worker = 20000.0 }"),
        "persons",
        "people by class",
    ),
    field("traits", Words(0.0, 1.0), Default("{}"), "share", "descriptions that classes respond to"),
    field(
        "communities",
        Map("community", &[], 0.0, 1.0),
        Default("{}"),
        "share",
        "share of its people in each community that has a list of its own; at most 1 in all",
    ),
    field(
        "organisation",
        Map("party", &[], -4.0, 4.0),
        Default("{}"),
        "share",
        "how much stronger or weaker each party's own people are there, times choice.local_organisation",
    ),
    field("source", Text, Optional, "", "where the figures come from"),
    GRADE,
    UNCERTAINTY,
];

const ENTERPRISE: &[Field] = &[
    field("name", Name, Required("\"Great works\""), "", "name for readers"),
    field("place", Ref("place"), Required("\"north\""), "", "where it stands"),
    field("class", Ref("class"), Required("\"worker\""), "", "class of its people"),
    field(
        "people",
        Real(1.0, BOUNDLESS),
        Required("3000.0"),
        "persons",
        "its people, taken from the place's",
    ),
    field("kind", Text, Default("\"\""), "", "free word: plant, regiment…"),
    field("traits", Words(0.0, 1.0), Default("{}"), "share", "descriptions, in place of the place's"),
    field("source", Text, Optional, "", "where the figures come from"),
    GRADE,
    UNCERTAINTY,
];

const LINK: &[Field] = &[
    field("name", Name, Required("\"travellers\""), "", "what carries the voices"),
    field("from_places", Refs("place"), Default("[\"*\"]"), "", "where the voices come from"),
    field("from_classes", Refs("class"), Default("[\"*\"]"), "", "whose voices"),
    field("to_places", Refs("place"), Default("[\"*\"]"), "", "where they are heard"),
    field("to_classes", Refs("class"), Default("[\"*\"]"), "", "who hears them"),
    field("by", Text, Optional, "", "trait of the place where it is felt that it is multiplied with"),
    field("within_region", Bool, Default("false"), "", "true: heard only in the region it comes from"),
    field("weight", Real(0.0, 1.0), Required("0.05"), "weight", "weight beside the channels of the class"),
    field(
        "deserters",
        Real(0.0, 10.0),
        Default("0.0"),
        "weight",
        "weight added where all senders have left their posts",
    ),
    field(
        "issue",
        Ref("issue"),
        Optional,
        "",
        "issue whose grievance deeds of the senders stir in the hearers",
    ),
    field("stir", Real(-5.0, 5.0), Default("0.0"), "grievance", "grievance stirred where all senders act"),
    field("source", Text, Optional, "", "where the figure comes from"),
    GRADE,
    UNCERTAINTY,
];

const POPULATION: &[Field] = &[
    field("agents", Int(1, i64::MAX), Optional, "agents", "agents to make; one a person if absent"),
    field("min_enterprise_agents", Int(1, 1000), Default("8"), "agents", "smaller enterprises are pooled"),
];

const NEWS: &[Field] = &[
    field("name", Name, Required("\"telegraph\""), "", "what carries the news"),
    field("from_places", Refs("place"), Default("[\"*\"]"), "", "where it comes from"),
    field("to_places", Refs("place"), Default("[\"*\"]"), "", "where it is heard"),
    field("by", Text, Optional, "", "trait of the place where it is felt that it is multiplied with"),
    field("within_region", Bool, Default("false"), "", "true: heard only in the region it comes from"),
    field("weight", Real(0.0, 1.0), Required("0.5"), "share", "how well deeds and leading votes are heard"),
    field("source", Text, Optional, "", "where the figure comes from"),
    GRADE,
    UNCERTAINTY,
];

const CONTACTS: &[Field] = &[
    field("voices", Int(1, 32), Default("8"), "voices", "voices heard by an agent that reconsiders"),
    field(
        "network",
        OneOf(&[
            ("drawn", "voices are drawn anew each time"),
            ("small-world", "a ring with shortcuts (Watts and Strogatz 1998)"),
            ("preferential", "newcomers know the well known (Barabasi and Albert 1999)"),
            ("blocks", "contacts mostly of the own collective (stochastic block model)"),
            ("edges", "the list in `edges`"),
        ]),
        Default("\"drawn\""),
        "",
        "who can hear whom",
    ),
    field("degree", Int(1, 1000), Default("10"), "contacts", "mean number of fixed contacts"),
    field("rewiring", Real(0.0, 1.0), Default("0.1"), "share", "small-world: share of contacts anywhere"),
    field(
        "within",
        Real(0.0, 1.0),
        Default("0.8"),
        "share",
        "blocks: share of contacts in the own collective",
    ),
    field("edges", Pairs, Default("[]"), "agents", "pairs of agents by number, from 0"),
    field(
        "edges_file",
        Text,
        Optional,
        "",
        "CSV file beside the scenario with columns from,to; becomes `edges`",
    ),
];

const SERIES: &[Field] = &[
    field("name", Name, Required("\"bread\""), "", "name in files"),
    field("issue", Ref("issue"), Required("\"bread\""), "", "issue whose grievance it gives"),
    field("places", Refs("place"), Default("[\"*\"]"), "", "where"),
    field("classes", Refs("class"), Default("[\"*\"]"), "", "for whom"),
    field("by", Text, Optional, "", "trait of the place where it is felt that it is multiplied with"),
    field(
        "points",
        Points,
        Required("[[\"1930-01-01\", 0.2], [\"1930-03-31\", 0.6]]"),
        "level 0..1",
        "dates and levels; straight lines between",
    ),
    field("source", Text, Optional, "", "where the figures come from"),
    GRADE,
    UNCERTAINTY,
];

const CONDITION: &[Field] = &[
    field("after", Date, Optional, "", "holds from this date on"),
    field("before", Date, Optional, "", "holds before this date"),
    field("event", Ref("event"), Optional, "", "holds once this event has happened"),
    field("days_since", Int(0, 10_000), Optional, "days", "and so many days have passed since"),
    field("body", Ref("body"), Optional, "", "body whose seats are counted"),
    field("class", Ref("class"), Optional, "", "class whose public support is counted"),
    field("party", Ref("party"), Optional, "", "party that is counted"),
    field("bloc", Ref("bloc"), Optional, "", "bloc that is counted"),
    field("share_above", Real(0.0, 1.0), Optional, "share", "holds above this share"),
    field("share_below", Real(0.0, 1.0), Optional, "share", "holds below this share"),
    field("measure", OneOf(MEASURES), Optional, "", "measure of power that is compared"),
    field(
        "place",
        Ref("place"),
        Optional,
        "",
        "place whose region is measured; the highest of all if absent",
    ),
    field("met", Ref("body"), Optional, "", "holds once this body has met in session"),
    field("resolution", Ref("resolution"), Optional, "", "holds once `body` has carried it"),
];

/// What conditions can measure.
pub(super) const MEASURES: &[(&str, &str)] = &[
    ("government_authority", "authority of the government, 0..1"),
    ("elected_authority", "authority of the elected bodies, 0..1"),
    ("disillusion", "hope disappointed, 0..1"),
    ("disorder", "disorder, 0..1"),
    ("power_taken", "1 where the elected bodies hold power"),
    ("right_in_power", "1 where the right holds power"),
    ("fighting", "1 where power is fought over"),
    ("marching", "1 while units march"),
    ("decided", "1 once a leading committee has decided to act"),
    ("disclosed", "1 once the plan is known"),
    ("acting", "share of all people who strike, refuse or seize"),
];

/// What effects can move, and what the amount means.
pub(super) const EFFECTS: &[(&str, &str)] = &[
    ("grievance", "level of a grievance (needs issue)"),
    ("fear", "fear of speaking for a party (needs party)"),
    ("press", "a party's press, times 1 + amount (needs party)"),
    ("agitators", "a party's agitators, times 1 + amount (needs party)"),
    ("slander", "slander of a party (needs party)"),
    ("attention", "chance of reconsidering, per day"),
    ("trust", "trust in the government"),
    ("position", "position, per day"),
    ("responsibility", "a party's responsibility for the government (needs party)"),
    ("warning", "a party warns (needs topic and party)"),
    ("scoff", "a party scoffs at the warning (needs topic and party)"),
    ("realise", "what was warned of happens (needs topic)"),
    ("lockout", "chance per day that an enterprise of a striking class is closed"),
    ("order", "an order that each enterprise obeys or refuses"),
    ("call", "strength of a call to strike"),
    (
        "deliver",
        "a party delivers: the grievance falls by the amount, the party earns credit (needs issue and party)",
    ),
    ("stance", "a party's stance on a resolution (needs resolution and party)"),
    ("commissars", "commissars of the elected bodies with the units, 0..1"),
    ("arming", "how fast workers' guards are armed, 0..1"),
    ("faith", "how far what a party does offends believers, as utility (needs party)"),
    ("procession", "share of believers that come to a procession"),
    ("disorder", "share of the place that begins a disorder"),
    ("suppress", "force of decisive action against disorder, 0..1"),
];

const EFFECT: &[Field] = &[
    field("on", OneOf(EFFECTS), Required("\"attention\""), "", "what it moves; never votes or seats"),
    field("party", Ref("party"), Optional, "", "whose"),
    field("issue", Ref("issue"), Optional, "", "of which issue"),
    field("topic", Ref("topic"), Optional, "", "of which topic"),
    field("resolution", Ref("resolution"), Optional, "", "of which resolution"),
    field(
        "amount",
        Real(-10.0, 10.0),
        Default("1.0"),
        "unit of what it moves",
        "by how much on the first day",
    ),
    field(
        "half_life_days",
        Real(0.1, 10_000.0),
        Optional,
        "days",
        "days in which it halves; it does not fade if absent",
    ),
    field(
        "duration_days",
        Int(1, 10_000),
        Optional,
        "days",
        "days after which it is over; never if absent, one day for order and lockout",
    ),
];

const EVENT: &[Field] = &[
    field("name", Slug, Required("\"storm\""), "", "name in files"),
    field("label", Text, Default("\"\""), "", "text on charts"),
    field("kind", Text, Required("\"propaganda\""), "", "free word: repression, strike, congress…"),
    field("date", Date, Optional, "", "day on which it happens"),
    field("when", Tables(CONDITION), Default("[]"), "", "conditions in place of a date; all must hold"),
    field("chance", Real(0.0, 1.0), Default("1.0"), "per day", "chance once the conditions hold"),
    field("places", Refs("place"), Default("[\"*\"]"), "", "where"),
    field("classes", Refs("class"), Default("[\"*\"]"), "", "to whom"),
    field("enabled", Bool, Default("true"), "", "false: it does not happen"),
    field("mark", Bool, Default("false"), "", "true: marked on charts"),
    field("effect", Tables(EFFECT), Default("[]"), "", "what it does"),
    field("source", Text, Optional, "", "where it is recorded"),
    GRADE,
    UNCERTAINTY,
];

const RESOLUTION: &[Field] = &[
    field("name", Slug, Required("\"power\""), "", "name in files"),
    field("label", Text, Default("\"\""), "", "name for readers"),
    field(
        "stances",
        Map("party", &[], -1.0, 1.0),
        Required("{ red = 1.0 }"),
        "stance",
        "stance of each party",
    ),
    field(
        "sway",
        Real(0.0, 5.0),
        Default("0.0"),
        "per position",
        "how far delegates bend to those who sent them",
    ),
    field("bodies", Refs("body"), Default("[\"*\"]"), "", "bodies that vote on it"),
    field("every_days", Int(1, 1000), Default("7"), "days", "interval of votes"),
    field("from", Date, Optional, "", "first day it is moved; the first day of the run if absent"),
    field("source", Text, Optional, "", "where it is recorded"),
    GRADE,
    UNCERTAINTY,
];

const SECTION: &[Field] = &[
    field("name", Slug, Required("\"all\""), "", "name in files"),
    field("classes", Refs("class"), Default("[\"*\"]"), "", "whose votes count"),
    field(
        "constituency",
        OneOf(&[
            ("collective", "each collective elects"),
            ("enterprise", "each enterprise elects, small ones of a place together"),
            ("place", "each place elects"),
            ("body", "the seats of another body elect"),
        ]),
        Required("\"enterprise\""),
        "",
        "who elects together",
    ),
    field("of_body", Ref("body"), Optional, "", "the body that elects, written before this one"),
    field("per_people", Real(1.0, BOUNDLESS), Optional, "persons a seat", "a seat for so many persons"),
    field("per_unit", Int(1, 10_000), Optional, "seats a unit", "so many seats for each unit"),
    field("seats", Int(1, 100_000), Optional, "seats", "so many seats in all"),
    field(
        "rule",
        OneOf(&[
            ("plurality", "all seats to the largest party"),
            ("majority_list", "all seats to a party with more than half, else largest remainder"),
            ("largest_remainder", "Hare quota and largest remainders"),
            ("dhondt", "highest averages"),
            ("appointed", "handed out from above, as `appointed` says"),
        ]),
        Default("\"largest_remainder\""),
        "",
        "how seats are filled",
    ),
    field("term_days", Real(1.0, 100_000.0), Required("90.0"), "days", "mean days between elections"),
    field(
        "recall_per_day",
        Real(0.0, 1.0),
        Default("0.0"),
        "per day",
        "chance of recall where delegates and voters share nothing",
    ),
    field(
        "appointed",
        Map("party", &[], 0.0, 100_000.0),
        Default("{}"),
        "seats",
        "seats handed out from above",
    ),
];

const BODY: &[Field] = &[
    field("name", Name, Required("\"Council\""), "", "name for readers and in files"),
    field("label", Text, Default("\"\""), "", "name on charts; the name if empty"),
    field("level", Slug, Required("\"city\""), "", "level: committee, district, city…"),
    field(
        "scope",
        OneOf(&[
            ("single", "one body"),
            ("place", "one in each place"),
            ("enterprise", "one in each enterprise"),
        ]),
        Default("\"single\""),
        "",
        "how many there are",
    ),
    field("places", Refs("place"), Default("[\"*\"]"), "", "where"),
    field("section", Tables(SECTION), Default("[]"), "", "its parts"),
    field("governs", Bool, Default("false"), "", "whether it can hold power in its places"),
    field(
        "lead",
        Real(0.0, 1.0),
        Default("0.0"),
        "share",
        "how far its votes are heard where news of its places goes",
    ),
    field(
        "smallest_people",
        Real(0.0, BOUNDLESS),
        Default("0.0"),
        "persons",
        "people an enterprise must have for a body of its own, with scope = \"enterprise\"",
    ),
    field(
        "quorum",
        Real(0.0, 1.0),
        Default("0.0"),
        "share",
        "attendance below which it lapses; 0: it never does",
    ),
    field(
        "founded_share",
        Real(0.0, 1.0),
        Optional,
        "share",
        "share of these bodies that is there at the start; all if absent",
    ),
    field(
        "founding_per_day",
        Real(0.0, 1.0),
        Default("0.0"),
        "per day",
        "chance that a missing one is founded where interest is at its fullest",
    ),
    field(
        "sessions",
        Dates,
        Default("[]"),
        "",
        "dates from which sessions are due; it sits all the time if empty",
    ),
    field("called_by", Ref("body"), Optional, "", "the body that has to call its sessions"),
    field("demand", Ref("resolution"), Optional, "", "the resolution by which bodies demand a session"),
    field(
        "pressure",
        Real(0.0, 1.0),
        Default("0.5"),
        "share",
        "share of voting bodies that must stand by the demand to force the caller",
    ),
    field("notice_days", Int(0, 1000), Default("14"), "days", "days between the call and the session"),
    field("source", Text, Optional, "", "where it is described"),
    GRADE,
    UNCERTAINTY,
];

const BALLOT: &[Field] = &[
    field("name", Slug, Required("\"town-hall\""), "", "name in files"),
    field("label", Text, Default("\"\""), "", "name for readers"),
    field("date", Date, Required("\"1930-02-15\""), "", "day on which it is held"),
    field("places", Refs("place"), Default("[\"*\"]"), "", "where"),
    field("classes", Refs("class"), Default("[\"*\"]"), "", "who may vote"),
    field("source", Text, Optional, "", "where it is recorded"),
    GRADE,
    UNCERTAINTY,
];

const MARCH: &[Field] = &[
    field("name", Slug, Required("\"column\""), "", "name in files"),
    field("label", Text, Default("\"\""), "", "name for readers"),
    field("event", Ref("event"), Required("\"storm\""), "", "the event that sets the units off"),
    field("men", Real(1.0, BOUNDLESS), Required("5000.0"), "persons", "men in all"),
    field("units", Int(1, 10_000), Default("10"), "units", "number of units"),
    field("days", Real(1.0, 1000.0), Default("4.0"), "days", "days on an open road"),
    field("places", Refs("place"), Required("[\"north\"]"), "", "where they march to"),
    field(
        "obedience",
        Table(SHARE),
        Default("{ mean = 0.75, sd = 0.1 }"),
        "share",
        "obedience when they set off",
    ),
    field(
        "contact",
        Real(0.0, 1.0),
        Default("0.8"),
        "share",
        "how many of those who agitate against it they meet",
    ),
    field("source", Text, Optional, "", "where it is recorded"),
    GRADE,
    UNCERTAINTY,
];

const LEADERSHIP: &[Field] = &[
    field("name", Slug, Required("\"committee\""), "", "name in files"),
    field("label", Text, Default("\"\""), "", "name for readers"),
    field("party", Ref("party"), Required("\"red\""), "", "the party that it leads"),
    field(
        "government",
        Refs("party"),
        Default("[]"),
        "",
        "parties that take office with it, besides its own",
    ),
    field(
        "place",
        Ref("place"),
        Required("\"north\""),
        "",
        "where it acts first: in the region of this place",
    ),
    field("reach", Refs("place"), Default("[\"*\"]"), "", "where its party can take power up"),
    field("members", Int(0, 1000), Default("12"), "persons", "members; none: nobody leads"),
    field("resolve", Table(SHARE), Default("{ mean = 0.6, sd = 0.12 }"), "share", "resolve of its members"),
    field("waverers", Int(0, 1000), Default("0"), "persons", "how many of them waver"),
    field("wavering", Real(0.0, 1.0), Default("0.45"), "share", "resolve that waverers lack"),
    field("from", Date, Required("\"1930-02-01\""), "", "first day on which it can decide"),
    field("preparation_days", Int(0, 1000), Default("14"), "days", "days from the decision to the act"),
    field(
        "unconditional",
        Bool,
        Default("false"),
        "",
        "whether it decides on that day whatever it sees: for studies of timing",
    ),
    field("discloses", Bool, Default("false"), "", "whether those who are outvoted break ranks in public"),
    field("congress", Ref("body"), Optional, "", "the congress that it does not want to come after"),
    field("resolution", Ref("resolution"), Optional, "", "the resolution by which bodies urge it on"),
    field("source", Text, Optional, "", "where it is described"),
    GRADE,
    UNCERTAINTY,
];

const COUNTERFACTUAL: &[Field] = &[
    field("name", Slug, Required("\"no-storm\""), "", "name in files"),
    field("label", Text, Default("\"\""), "", "name for readers"),
    field("set", Texts, Required("[\"event.storm.enabled=false\"]"), "", "what is changed, as `KEY=VALUE`"),
];

const CHANGE: &[Field] = &[
    field("date", Date, Required("\"1917-06-01\""), "", "first day on which it holds"),
    field("set", Texts, Required("[\"voice.repression=0.0\"]"), "", "what is changed, as `KEY=VALUE`"),
];

const FORK: &[Field] = &[
    field("name", Slug, Required("\"no-storm\""), "", "name in files"),
    field("label", Text, Default("\"\""), "", "name for readers"),
    field("date", Date, Required("\"1917-06-01\""), "", "day before which histories are one"),
    field("set", Texts, Required("[\"event.storm.enabled=false\"]"), "", "what is changed, as `KEY=VALUE`"),
];

const FACTS: &[Field] = &[
    field("party", Ref("party"), Optional, "", "the party whose rise the facts are about"),
    field("ally", Ref("party"), Optional, "", "the party that split off and stands with it"),
    field("parent", Ref("party"), Optional, "", "the party that the ally split from"),
    field("moderate", Ref("party"), Optional, "", "the other moderate party"),
    field("right", Ref("party"), Optional, "", "the party of the right"),
    field("bloc", Ref("bloc"), Optional, "", "the bloc of the party and its ally"),
    field("masses", Refs("class"), Default("[]"), "", "classes that elect the bodies"),
    field("workers", Ref("class"), Optional, "", "the class that strikes"),
    field("soldiers", Ref("class"), Optional, "", "the class under arms"),
    field("peasants", Ref("class"), Optional, "", "the class that seizes land"),
    field("capital", Refs("place"), Default("[]"), "", "the places of the capital"),
    field("workers_districts", Refs("place"), Default("[]"), "", "its workers' districts"),
    field("second_city", Refs("place"), Default("[]"), "", "the second city"),
    field("forerunner", Refs("place"), Default("[]"), "", "the region that turns first"),
    field("early", Refs("place"), Default("[]"), "", "places that turn before the provinces"),
    field("followers", Refs("place"), Default("[]"), "", "places that follow the capital within weeks"),
    field("cities", Refs("place"), Default("[]"), "", "cities"),
    field("provinces", Refs("place"), Default("[]"), "", "provinces"),
    field("rural", Refs("place"), Default("[]"), "", "rural regions"),
    field("fronts", Refs("place"), Default("[]"), "", "armies at the front"),
    field("strongholds", Refs("place"), Default("[]"), "", "places whose ballot the party leads"),
    field("countries_with_leadership", Refs("place"), Default("[]"), "", "places with a resolute leadership"),
    field("capital_body", Ref("body"), Optional, "", "the soviet of the capital"),
    field("city_bodies", Refs("body"), Default("[]"), "", "soviets of the places that follow"),
    field("forerunner_body", Ref("body"), Optional, "", "the soviet of the region that turns first"),
    field("executive_body", Ref("body"), Optional, "", "the executive that only a congress can change"),
    field("congress_body", Ref("body"), Optional, "", "the elected congress"),
    field("conference_body", Ref("body"), Optional, "", "the appointed conference"),
    field("levels", Texts, Default("[]"), "", "levels of bodies, from the floor up"),
    field("power_resolution", Ref("resolution"), Optional, "", "the demand for power"),
    field("shop_resolution", Ref("resolution"), Optional, "", "the same demand as it is voted in workplaces"),
    field("repression", Ref("event"), Optional, "", "the repression of summer"),
    field("coup", Ref("event"), Optional, "", "the coup"),
    field("coup_march", Ref("march"), Optional, "", "its march"),
    field("withdrawal", Ref("event"), Optional, "", "the order to withdraw units from the forerunner"),
    field("insurrection", Date, Optional, "", "date about which power passes"),
    field("congress", Date, Optional, "", "date about which the congress meets"),
    field("leadership", Ref("leadership"), Optional, "", "the leading committee"),
    field("city_ballot", Ref("ballot"), Optional, "", "the last ballot in cities"),
    field("assembly_ballot", Ref("ballot"), Optional, "", "the ballot of the whole country"),
    field("earlier_ballot", Ref("ballot"), Optional, "", "an earlier ballot in the second city"),
    field("later_ballot", Ref("ballot"), Optional, "", "a later ballot there"),
    field("procession", Ref("event"), Optional, "", "the procession of believers"),
    field("disorder", Ref("event"), Optional, "", "the disorder"),
    field("hunger", Ref("issue"), Optional, "", "the issue of bread"),
    field("land_decree", Ref("event"), Optional, "", "the decree on land"),
    field("church_decree", Ref("event"), Optional, "", "the decree on the church"),
    field("second_coup", Ref("event"), Optional, "", "the second coup"),
    field("industrial", Refs("place"), Default("[]"), "", "industrial places"),
    field("bodies", Refs("body"), Default("[]"), "", "soviets that are counted"),
    field(
        "companions",
        Texts,
        Default("[]"),
        "",
        "scenarios on which facts are decided that this one has nothing for: files beside it, or names of those that ship",
    ),
];

const RECORDED_PLACE: &[Field] = &[
    field("name", Name, Required("\"Great Town\""), "", "what the record calls it"),
    field("places", Refs("place"), Required("[\"north\"]"), "", "the places it stands for"),
    field("source", Text, Optional, "", "where the name is explained"),
    GRADE,
    UNCERTAINTY,
];

const RECORDED_PARTY: &[Field] = &[
    field("name", Name, Required("\"united list\""), "", "what the record calls it"),
    field("parties", Refs("party"), Required("[\"red\"]"), "", "the parties it stands for"),
    field("source", Text, Optional, "", "where the name is explained"),
    GRADE,
    UNCERTAINTY,
];

const RECORDED_BODY: &[Field] = &[
    field("name", Name, Required("\"Council of the North\""), "", "what the record calls it"),
    field("body", Ref("body"), Required("\"Council\""), "", "the body it stands for"),
    field("place", Ref("place"), Optional, "", "its place, where there is one in each place"),
    field("section", Slug, Optional, "", "the part that is meant; the record's own word if absent"),
    field("source", Text, Optional, "", "where the name is explained"),
    GRADE,
    UNCERTAINTY,
];

const RECORDED_VOTE: &[Field] = &[
    field(
        "name",
        Name,
        Required("\"on power\""),
        "",
        "words that the record's description of a vote contains",
    ),
    field("resolution", Ref("resolution"), Required("\"power\""), "", "the resolution it stands for"),
    field("reversed", Bool, Default("false"), "", "true: its yes is the resolution's no"),
    field("source", Text, Optional, "", "where the vote is explained"),
    GRADE,
    UNCERTAINTY,
];

const RECORDED_SERIES: &[Field] = &[
    field("name", Name, Required("\"strikers\""), "", "what the record calls it"),
    field(
        "counts",
        OneOf(&[
            ("acting", "people who acted in the month"),
            ("share_acting", "the month's part of all who acted in the months the record has, in percent"),
        ]),
        Required("\"acting\""),
        "",
        "what is counted",
    ),
    field("classes", Refs("class"), Required("[\"worker\"]"), "", "of whom"),
    field("source", Text, Optional, "", "where the series is explained"),
    GRADE,
    UNCERTAINTY,
];

const RECORDED_MAJORITY: &[Field] = &[
    field("name", Name, Required("\"Council of the North\""), "", "what readers call it"),
    field("body", Ref("body"), Required("\"Council\""), "", "the body"),
    field("bloc", Ref("bloc"), Required("\"left\""), "", "whose majority"),
    field("date", Date, Required("\"1930-02-01\""), "", "when the record has it"),
    field("days", Real(0.0, 1000.0), Default("10.0"), "days", "how far from it the model may be"),
    field("source", Text, Optional, "", "where it is recorded"),
    GRADE,
    UNCERTAINTY,
];

const CITATION: &[Field] = &[
    field("name", Name, Required("\"choice\""), "", "what it is called here"),
    field(
        "keys",
        Texts,
        Required("[\"choice.*\"]"),
        "",
        "numbers it stands for, as after --set; `*` is any step, and a key stands for all below it",
    ),
    field("source", Text, Required("\"a work, or why it is assumed\""), "", "where the numbers come from"),
    field("grade", OneOf(GRADE_WORDS), Required("\"assumed\""), "", "how good they are"),
    UNCERTAINTY,
];

const SET_ASIDE: &[Field] = &[
    field("name", Name, Required("\"assembly/North/red\""), "", "key of a row of evidence that is not used"),
    field("reason", Text, Required("\"a misprint\""), "", "why it is not"),
    field("source", Text, Optional, "", "who says so"),
    GRADE,
    UNCERTAINTY,
];

const FITTED: &[Field] = &[
    field(
        "name",
        Name,
        Required("\"assembly/North/red\""),
        "",
        "key of a row of evidence that served to fit parameters",
    ),
    field("source", Text, Optional, "", "which calibration used it"),
    GRADE,
    UNCERTAINTY,
];

const EVIDENCE: &[Field] = &[
    field(
        "files",
        Texts,
        Default("[]"),
        "",
        "files of evidence that it is held against, where none are named",
    ),
    field(
        "share_discrepancy",
        Real(0.0, 1.0),
        Default("0.1"),
        "radian",
        "standard deviation of the model's own error in arcsin of the root of a share",
    ),
    field(
        "count_discrepancy",
        Real(0.0, 5.0),
        Default("0.5"),
        "log",
        "standard deviation of the model's own error in the logarithm of a count",
    ),
    field("source", Text, Optional, "", "where the figures come from"),
    GRADE,
    UNCERTAINTY,
];

/// The sections that are not model parameters.
const SECTIONS: &[Field] = &[
    field("meta", Table(META), Required(""), "", "what the scenario is"),
    field("time", Table(TIME), Required(""), "", "when it plays"),
    field("run", Table(RUN), Default("{}"), "", "how it is run, where the command line does not say"),
    field("party", Tables(PARTY), Required(""), "", "a party"),
    field("bloc", Tables(BLOC), Default("[]"), "", "parties whose joint majorities are dated"),
    field("issue", Tables(LABELLED), Default("[]"), "", "an issue over which grievances stand"),
    field("topic", Tables(LABELLED), Default("[]"), "", "something that can be warned of and come true"),
    field(
        "community",
        Tables(LABELLED),
        Default("[]"),
        "",
        "a community with a list of its own: a nation, an estate, a faith",
    ),
    field("class", Tables(CLASS), Required(""), "", "a class: its interests and its ways"),
    field("place", Tables(PLACE), Required(""), "", "a place and its people"),
    field("enterprise", Tables(ENTERPRISE), Default("[]"), "", "an enterprise with a name"),
    field("link", Tables(LINK), Default("[]"), "", "voices carried between places and classes"),
    field("population", Table(POPULATION), Default("{}"), "", "how many agents stand for the people"),
    field("news", Tables(NEWS), Default("[]"), "", "deeds and leading votes carried between places"),
    field("contacts", Table(CONTACTS), Default("{}"), "", "how voices are heard"),
    field("mechanisms", Switches(MECHANISMS), Default("{}"), "", "what is at work"),
    field("series", Tables(SERIES), Default("[]"), "", "a grievance over time"),
    field("event", Tables(EVENT), Default("[]"), "", "something that happens"),
    field("resolution", Tables(RESOLUTION), Default("[]"), "", "something bodies vote on"),
    field(
        "body",
        Tables(BODY),
        Default("[]"),
        "",
        "a committee, council, congress or executive; lower ones first",
    ),
    field("ballot", Tables(BALLOT), Default("[]"), "", "a secret ballot"),
    field("march", Tables(MARCH), Default("[]"), "", "units that march when their event happens"),
    field("leadership", Tables(LEADERSHIP), Default("[]"), "", "a party's leading committee"),
    field(
        "counterfactual",
        Tables(COUNTERFACTUAL),
        Default("[]"),
        "",
        "a history that differs in what it names",
    ),
    field("change", Tables(CHANGE), Default("[]"), "", "what holds otherwise from a date on"),
    field(
        "fork",
        Tables(FORK),
        Default("[]"),
        "",
        "a future that begins on a date in the middle of the run and differs in what it names",
    ),
    field("facts", Table(FACTS), Default("{}"), "", "what stands for what in the stylised facts"),
    field("evidence", Table(EVIDENCE), Default("{}"), "", "how far the model is from the record"),
    field("recorded_place", Tables(RECORDED_PLACE), Default("[]"), "", "places as the record calls them"),
    field("recorded_party", Tables(RECORDED_PARTY), Default("[]"), "", "parties as the record calls them"),
    field("recorded_body", Tables(RECORDED_BODY), Default("[]"), "", "bodies as the record calls them"),
    field("recorded_vote", Tables(RECORDED_VOTE), Default("[]"), "", "votes as the record describes them"),
    field("recorded_series", Tables(RECORDED_SERIES), Default("[]"), "", "series as the record calls them"),
    field("recorded_majority", Tables(RECORDED_MAJORITY), Default("[]"), "", "majorities with their dates"),
    field("citation", Tables(CITATION), Default("[]"), "", "sources of numbers that have none beside them"),
    field("set_aside", Tables(SET_ASIDE), Default("[]"), "", "rows of evidence that are not used"),
    field("fitted", Tables(FITTED), Default("[]"), "", "rows of evidence that served to fit parameters"),
];

/// All sections of a scenario, in the order they are shown.
#[must_use]
pub(super) fn sections() -> Vec<Field> {
    let mut all = Vec::new();
    for section in SECTIONS {
        all.push(*section);
        if section.key == "mechanisms" {
            for group in GROUPS {
                all.push(field(
                    group.section,
                    Params(group.specs),
                    Default("{}"),
                    "",
                    group.doc.trim_ascii(),
                ));
            }
        }
    }
    all
}

/// Default values of model parameters as TOML.
#[must_use]
pub(super) fn number(value: f64) -> String {
    let text = format!("{value}");
    if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
}
