use october::experiment::*;
use october::scenario::{Change, load};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let agents: u64 = a[2].parse().unwrap();
    let reps: u64 = a[3].parse().unwrap();
    let s = match load(std::path::Path::new(&a[1]), &[Change::Agents(agents)]) {
        Ok(s) => s,
        Err(e) => {
            for d in &e.diagnostics {
                eprintln!(
                    "{:?} {} {:?} {:?}",
                    d.code,
                    d.message,
                    d.at.as_ref().map(|at| e.sources.line_and_column(at)),
                    d.help
                );
            }
            return;
        }
    };
    let t = std::time::Instant::now();
    let (ended, cost) =
        run_ensemble(&s, Plan { seed: s.seed(), replicates: reps, threads: 0 }, None, &|_| Wish::Continue);
    eprintln!("{:?} {:?}", t.elapsed(), cost);
    let Ended::Complete(tables) = ended else { panic!() };
    let sup = tables.get("support").unwrap();
    let classes = ["worker", "soldier", "sailor", "townsperson", "propertied"];
    let parties = ["bolshevik", "left-sr", "sr", "menshevik", "kadet", "none", "silent"];
    let days = sup.ints("day").unwrap();
    let cl = sup.texts("class").unwrap();
    let pa = sup.texts("party").unwrap();
    let pl = sup.texts("place").unwrap();
    let (pu, pr) = (sup.ints("public").unwrap(), sup.ints("private").unwrap());
    let dates = sup.texts("date_os").unwrap();
    let step: i64 = a.get(4).map_or(14, |x| x.parse().unwrap());
    for (ci, c) in classes.iter().enumerate().take(4) {
        println!("== {c}: public {parties:?} | private B, none");
        let mut row = std::collections::BTreeMap::<i64, (String, Vec<f64>, Vec<f64>)>::new();
        for i in 0..sup.rows() {
            if cl.get(i) == *c && days[i] % step == 0 && pl.get(i) != "kronstadt"
                || (ci == 2 && cl.get(i) == *c && days[i] % step == 0)
            {
                let e = row.entry(days[i]).or_insert((dates.get(i).to_owned(), vec![0.0; 7], vec![0.0; 7]));
                let k = parties.iter().position(|p| *p == pa.get(i)).unwrap();
                e.1[k] += pu[i] as f64;
                e.2[k] += pr[i] as f64;
            }
        }
        for (_, (d, p, q)) in row {
            let n: f64 = p.iter().sum();
            print!("{d} ");
            for x in &p {
                print!("{:5.1}", 100.0 * x / n);
            }
            println!(" |{:5.1}{:5.1}", 100.0 * q[0] / n, 100.0 * q[5] / n);
        }
    }
    let b = tables.get("bodies").unwrap();
    println!("== bodies B share (B+LSR)");
    let (bn, sec, bp, seats, size, bd, bdate) = (
        b.texts("body").unwrap(),
        b.texts("section").unwrap(),
        b.texts("party").unwrap(),
        b.ints("seats").unwrap(),
        b.ints("size").unwrap(),
        b.ints("day").unwrap(),
        b.texts("date_os").unwrap(),
    );
    let mut m = std::collections::BTreeMap::<
        (i64, String),
        std::collections::BTreeMap<String, (f64, f64, f64)>,
    >::new();
    for i in 0..b.rows() {
        if bd[i] % step != 0 {
            continue;
        }
        let key = format!("{}/{}", bn.get(i).split(':').next().unwrap(), sec.get(i));
        let e = m.entry((bd[i], bdate.get(i).to_owned())).or_default().entry(key).or_default();
        if bp.get(i) == "bolshevik" {
            e.0 += seats[i] as f64;
            e.2 += size[i] as f64;
        }
        if bp.get(i) == "left-sr" {
            e.1 += seats[i] as f64;
        }
    }
    for ((_, d), r) in m {
        print!("{d} ");
        for (k, (x, y, z)) in r {
            print!(
                "{}={:.0}/{:.0}({:.0}) ",
                &k[..k.len().min(22)],
                100.0 * x / z,
                100.0 * (x + y) / z,
                z / reps as f64
            );
        }
        println!();
    }
    let mj = tables.get("majorities").unwrap();
    for i in 0..mj.rows() {
        let body = mj.texts("body").unwrap().get(i);
        if ["Petrograd Soviet", "Executive Committee"].contains(&body)
            && ["soviet-power", "bolshevik"].contains(&mj.texts("party_or_bloc").unwrap().get(i))
        {
            println!(
                "{} {} {} lost {:?}",
                body,
                mj.texts("party_or_bloc").unwrap().get(i),
                mj.texts("date_os").unwrap().get(i),
                mj.opt_ints("lost_day").unwrap()[i]
            );
        }
    }
    let me = tables.get("measures").unwrap();
    for want in [
        "strikers",
        "lockouts",
        "government_authority",
        "soviet_authority",
        "share_two_camps",
        "esteban_ray",
        "position_mean",
        "trust_mean",
        "segregation",
    ] {
        print!("{want}: ");
        for i in 0..me.rows() {
            if me.texts("measure").unwrap().get(i) == want
                && me.texts("scope").unwrap().get(i) == "all"
                && me.ints("day").unwrap()[i] % step == 0
                && me.ints("replicate").unwrap()[i] == 0
            {
                print!("{:.2} ", me.reals("value").unwrap()[i]);
            }
        }
        println!();
    }
    let r = tables.get("resolutions").unwrap();
    for i in 0..r.rows() {
        if r.texts("body").unwrap().get(i) == "Petrograd Soviet" && r.ints("replicate").unwrap()[i] == 0 {
            print!(
                "{}:{}/{}/{} ",
                &r.texts("date_os").unwrap().get(i)[5..],
                r.ints("yes").unwrap()[i],
                r.ints("no").unwrap()[i],
                r.ints("abstain").unwrap()[i]
            );
        }
    }
    println!();
}
