//! Starts workers, listens to them, and counts.

use super::{keep, this_command};
use clap::ValueEnum;
use headwater_fuzz::Target;
use headwater_fuzz::references::Against;
use std::io::{BufRead, BufReader, IsTerminal};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// What is to be done.
pub struct Plan {
    pub target: &'static Target,
    pub seed: u64,
    pub start: u64,
    pub runs: Option<u64>,
    pub time: Option<Duration>,
    pub jobs: u64,
    pub against: Against,
    pub out: PathBuf,
    pub failures: u64,
    pub timeout: Duration,
}

/// One process, and what is known of it.
struct Worker {
    child: Child,
    /// The case it is at, and since when.
    at: u64,
    since: Instant,
    /// Modules and checks that it has done.
    done: [u64; 2],
    ended: bool,
}

enum Event {
    Line(String),
    /// Nothing more comes.
    Gone,
}

impl Plan {
    /// What other runs of a case of this plan must be told, too.
    pub fn options(&self) -> Vec<String> {
        let against = self.against.to_possible_value().expect("no variant is hidden");
        vec!["--against".to_string(), against.get_name().to_string()]
    }

    fn spawn(&self, job: u64, first: u64, runs: Option<u64>, to: &Sender<(u64, u64, Event)>, life: u64) -> Worker {
        let mut command = this_command();
        command.arg(self.target.name).arg("--worker").args(self.options()).args(["--seed", &self.seed.to_string()]);
        command.args(["--start", &first.to_string(), "--jobs", &self.jobs.to_string()]);
        if let Some(runs) = runs {
            command.args(["--runs", &runs.to_string()]);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program that runs can be started again");
        let lines = BufReader::new(child.stdout.take().expect("it was asked for")).lines();
        let to = to.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if to.send((job, life, Event::Line(line))).is_err() {
                    return;
                }
            }
            // The receiver may be gone: then nobody wants to know.
            let _ = to.send((job, life, Event::Gone));
        });
        Worker { child, at: first, since: Instant::now(), done: [0; 2], ended: false }
    }

    /// How many of the cases from `first` on are job `job`'s.
    fn share(&self, job: u64) -> Option<u64> {
        self.runs.map(|runs| runs / self.jobs + u64::from(job < runs % self.jobs))
    }
}

/// Runs the plan; gives the number of failures.
pub fn supervise(plan: &Plan) -> u64 {
    let (to, from) = mpsc::channel();
    let start = Instant::now();
    let mut workers: Vec<Worker> =
        (0..plan.jobs).map(|job| plan.spawn(job, plan.start + job, plan.share(job), &to, 0)).collect();
    let mut lives = vec![0; workers.len()];
    let (mut failures, mut past, mut cases) = (0, [0; 2], 0);
    let mut shown = Instant::now();
    let terminal = std::io::stderr().is_terminal();
    let line = |cases: u64, done: [u64; 2], failures: u64| {
        let seconds = start.elapsed().as_secs_f64();
        format!(
            "{} on {}, seed {}: {cases} cases ({:.0}/s), {} modules, {} checks, {failures} failures, {:.0} s",
            plan.target.name,
            std::env::consts::ARCH,
            plan.seed,
            cases as f64 / seconds,
            done[0],
            done[1],
            seconds
        )
    };
    loop {
        let event = from.recv_timeout(Duration::from_millis(200));
        let done = workers.iter().fold(past, |sum, w| [sum[0] + w.done[0], sum[1] + w.done[1]]);
        if shown.elapsed() > Duration::from_secs(if terminal { 1 } else { 60 }) {
            shown = Instant::now();
            if terminal {
                eprint!("\r\x1b[K{}", line(cases, done, failures));
            } else {
                eprintln!("{}", line(cases, done, failures));
            }
        }
        let mut report = |number: u64, kind: &str, what: &str| {
            failures += 1;
            eprintln!("\n{}", keep::keep(plan, number, kind, what));
        };
        let mut dead = None;
        match event {
            Ok((job, life, event)) if life == lives[job as usize] => {
                let worker = &mut workers[job as usize];
                match event {
                    Event::Line(text) => {
                        let mut words = text.splitn(4, ' ');
                        let word = words.next().unwrap_or_default();
                        let number = words.next().and_then(|n| n.parse().ok()).unwrap_or(worker.at);
                        if word == "failed" {
                            report(number, words.next().unwrap_or_default(), words.next().unwrap_or_default());
                        } else {
                            cases += u64::from(number != worker.at);
                            (worker.at, worker.since, worker.ended) = (number, Instant::now(), word == "end");
                            for count in &mut worker.done {
                                *count = words.next().and_then(|n| n.parse().ok()).unwrap_or(*count);
                            }
                        }
                    }
                    Event::Gone if worker.ended => {
                        // It has said so itself: nothing can be wrong with its end.
                        let _ = worker.child.wait();
                    }
                    Event::Gone => {
                        let status = worker.child.wait().map_or_else(|e| e.to_string(), |status| status.to_string());
                        report(worker.at, "death", &format!("the process ended: {status}"));
                        dead = Some(job);
                    }
                }
            }
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => unreachable!("one sender is kept here"),
        }
        if dead.is_none() {
            let silent = workers.iter_mut().position(|w| !w.ended && w.since.elapsed() > plan.timeout);
            if let Some(job) = silent {
                // It may have ended in the meantime.
                let _ = workers[job].child.kill();
                let _ = workers[job].child.wait();
                report(workers[job].at, "hang", &format!("no end within {:?}", plan.timeout));
                dead = Some(job as u64);
            }
        }
        let over = plan.time.is_some_and(|time| start.elapsed() >= time) || failures >= plan.failures;
        if let Some(job) = dead.filter(|_| !over) {
            let i = job as usize;
            past = [past[0] + workers[i].done[0], past[1] + workers[i].done[1]];
            let next = workers[i].at + plan.jobs;
            let left = plan.share(job).map(|runs| runs.saturating_sub((next - plan.start - job) / plan.jobs));
            lives[i] += 1;
            cases += 1;
            workers[i] = plan.spawn(job, next, left, &to, lives[i]);
        }
        if over || workers.iter().all(|w| w.ended) {
            for worker in &mut workers {
                let _ = worker.child.kill();
                let _ = worker.child.wait();
            }
            let done = workers.iter().fold(past, |sum, w| [sum[0] + w.done[0], sum[1] + w.done[1]]);
            eprintln!("{}{}", if terminal { "\r\x1b[K" } else { "" }, line(cases, done, failures));
            return failures;
        }
    }
}
