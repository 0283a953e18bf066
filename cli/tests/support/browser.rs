//! Opens pages in Chromium without a screen.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The browser; `None` where there is none, which is said, and fails where CI is set.
pub fn browser() -> Option<PathBuf> {
    const NAMES: [&str; 4] = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).flat_map(|dir| NAMES.map(|name| dir.join(name))).find(|file| file.is_file());
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "no Chromium, which scripts/install-chromium installs");
        eprintln!("skipped: no Chromium; scripts/install-chromium installs it");
    }
    found
}

/// Opens the page with `script` added at its end, and returns the JSON that the script gives to `report`.
pub fn report(browser: &Path, page: &Path, script: &str) -> serde_json::Value {
    const BEGIN: &str = "<pre id=\"test-report\">";
    let text = std::fs::read_to_string(page).expect("the command wrote the page");
    let added = format!(
        "<script>\nfunction report(value) {{\n  const made = document.createElement('pre');\n  made.id = 'test-report';\n  \
         made.textContent = JSON.stringify(value);\n  document.body.append(made);\n}}\n{script}\n</script>\n</html>"
    );
    let (before, after) = text.rsplit_once("</html>").expect("the page ends");
    let changed = page.with_extension("test.html");
    std::fs::write(&changed, format!("{before}{added}{after}")).expect("a temporary file");
    let dom = dump(browser, &changed);
    let (_, rest) = dom.split_once(BEGIN).unwrap_or_else(|| panic!("the script did not report: {dom}"));
    let (json, _) = rest.split_once("</pre>").expect("the element ends");
    let json = json.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u{a0}").replace("&amp;", "&");
    serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

/// The page as it is after its scripts have run.
fn dump(browser: &Path, page: &Path) -> String {
    const PATIENCE: Duration = Duration::from_secs(120);
    let profile = tempfile::tempdir().expect("a temporary directory");
    let mut child = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom"])
        .arg("--window-size=1300,800")
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the browser starts");
    let mut stdout = child.stdout.take().expect("standard output is piped");
    let reader = std::thread::spawn(move || {
        let mut dom = Vec::new();
        stdout.read_to_end(&mut dom).map(|_| String::from_utf8_lossy(&dom).into_owned())
    });
    let started = Instant::now();
    while child.try_wait().expect("a child can be waited for").is_none() {
        if started.elapsed() > PATIENCE {
            child.kill().expect("a child can be killed");
            panic!("the browser took longer than {PATIENCE:?}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    reader.join().expect("the reader does not panic").expect("a pipe can be read")
}
