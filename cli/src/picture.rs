//! The picture of a [`Record`]: bytes over time, and below them what each thread did; on the left from the first byte
//! to the module being ready, on the right the end of that, which is short, enlarged.

use crate::timeline::Record;
use crate::units;
use anyhow::{Result, anyhow};
use headwater::printable;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

/// What there is to say beside the recording.
pub struct Caption {
    /// The module's name.
    pub name: String,
    /// Size of the module, in bytes.
    pub size: u64,
    /// The target's name.
    pub target: String,
    /// When the module was ready, and when its last byte arrived.
    pub ready: Instant,
    pub last_byte: Instant,
}

const WIDTH: u32 = 1180;
const BYTES_HEIGHT: u32 = 330;
const HEAD: u32 = 64;
const LANE: u32 = 34;
/// For the axis below the lanes.
const FOOT: u32 = 56;
/// Where the enlarged part begins.
const SPLIT: i32 = 720;

const INK: RGBColor = RGBColor(0x33, 0x33, 0x33);
const FAINT: RGBColor = RGBColor(0xe3, 0xe3, 0xe3);
const RECEIVED: RGBColor = RGBColor(0x37, 0x62, 0x8f);
const COMPILED: RGBColor = RGBColor(0xc2, 0x18, 0x5b);
/// Opaque, so that bars that overlap do not show stripes.
const WORK: RGBColor = RGBColor(0xd3, 0x55, 0x86);
const LAST_BYTE: RGBColor = RGBColor(0xb0, 0x80, 0x30);

/// A drawing failed, which memory does not.
fn failed(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("the picture could not be drawn: {error}")
}

/// Draws the record into a file: an SVG picture if its name ends like that, otherwise a page that contains it.
pub fn write(record: &Record, caption: &Caption, path: &Path) -> Result<()> {
    let svg = svg(record, caption)?;
    let page = match path.extension() {
        Some(extension) if extension.eq_ignore_ascii_case("svg") => svg,
        _ => format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>headwater: timeline</title>\n\
             <style>body {{ margin: 1rem; background: #fff }} svg {{ max-width: 100%; height: auto }}</style>\n\
             {svg}</html>\n"
        ),
    };
    std::fs::write(path, page)
        .map_err(|error| anyhow::Error::new(error).context(printable::name(&path.to_string_lossy()).to_string()))
}

fn svg(record: &Record, caption: &Caption) -> Result<String> {
    let height = HEAD + BYTES_HEIGHT + LANE * record.lanes.len().max(1) as u32 + FOOT;
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        root.fill(&WHITE).map_err(failed)?;
        let (head, charts) = root.split_vertically(HEAD);
        draw_head(&head, caption)?;
        let facts = Facts::new(record, caption);
        let (whole, end) = charts.split_horizontally(SPLIT);
        draw_panel(&whole, &facts, facts.whole(), true)?;
        draw_panel(&end, &facts, facts.end(), false)?;
        root.present().map_err(failed)?;
    }
    // So that it scales with the page.
    let size = format!("width=\"{WIDTH}\" height=\"{height}\" ");
    let named = format!("{size}role=\"img\" aria-label=\"Bytes received and compiled over time, and work by thread\" ");
    Ok(svg.replacen(&size, &named, 1))
}

fn style(size: u32, color: &RGBColor) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(color)
}

fn draw_head(area: &DrawingArea<SVGBackend<'_>, Shift>, caption: &Caption) -> Result<()> {
    const LONGEST: usize = 60;
    let mut name: String = caption.name.chars().take(LONGEST).collect();
    if name.len() < caption.name.len() {
        name.push('…');
    }
    let tail = units::duration(caption.ready.saturating_duration_since(caption.last_byte));
    let title = format!("{name}: ready {tail} after the last of its {}", units::bytes(caption.size));
    area.draw_text(&title, &style(19, &RGBColor(0x11, 0x11, 0x11)), (24, 14)).map_err(failed)?;
    // The legend.
    let entries = [("received, bytes of the module", RECEIVED), ("compiled, bytes of function bodies", COMPILED)];
    let mut x = 24;
    for (words, color) in entries {
        area.draw(&Rectangle::new([(x, 45), (x + 18, 55)], color.filled())).map_err(failed)?;
        area.draw_text(words, &style(13, &INK), (x + 25, 43)).map_err(failed)?;
        x += 235;
    }
    area.draw(&PathElement::new([(x, 50), (x + 18, 50)], LAST_BYTE.stroke_width(2))).map_err(failed)?;
    area.draw_text("the last byte arrives", &style(13, &INK), (x + 25, 43)).map_err(failed)?;
    area.draw(&Rectangle::new([(x + 175, 45), (x + 193, 55)], LAST_BYTE.mix(0.25).filled())).map_err(failed)?;
    area.draw_text("tail: until the module is ready", &style(13, &INK), (x + 200, 43)).map_err(failed)?;
    let target = style(12, &RGBColor(0x77, 0x77, 0x77)).pos(Pos::new(HPos::Right, VPos::Top));
    area.draw_text(&caption.target, &target, (WIDTH as i32 - 24, 18)).map_err(failed)
}

/// The record in milliseconds since the first byte.
struct Facts {
    received: Vec<(f64, f64)>,
    compiled: Vec<(f64, f64)>,
    lanes: Vec<(String, Vec<(f64, f64)>)>,
    last_byte: f64,
    ready: f64,
    most_bytes: f64,
}

impl Facts {
    fn new(record: &Record, caption: &Caption) -> Facts {
        let first = record.arrivals.first().map_or(caption.last_byte, |&(at, _)| at);
        let ms = |at: Instant| at.saturating_duration_since(first).as_secs_f64() * 1e3;
        let (last_byte, ready) = (ms(caption.last_byte), ms(caption.ready));
        // Between arrivals, nothing arrives.
        let mut received = vec![(0.0, 0.0)];
        for &(at, bytes) in &record.arrivals {
            let before = received.last().map_or(0.0, |&(_, bytes)| bytes);
            received.extend([(ms(at), before), (ms(at), bytes as f64)]);
        }
        received.push((ready, caption.size as f64));
        let lanes = record.lanes.iter().map(|lane| {
            let spans: Vec<_> = lane.spans.iter().map(|span| (ms(span.start), ms(span.end))).collect();
            let own = lane.thread == std::thread::current().id();
            (!own, lane.busy, spans)
        });
        let mut lanes: Vec<_> = lanes.collect();
        // The thread that reads is the first.
        lanes.sort_by_key(|(other, ..)| *other);
        let first = usize::from(lanes.first().is_none_or(|(other, ..)| *other));
        let lanes = lanes.into_iter().enumerate().map(|(i, (other, busy, spans))| {
            let name = if other { format!("thread {}", i + first) } else { "reading thread".to_owned() };
            (format!("{name}: {}", units::duration(busy)), spans)
        });
        let lanes = lanes.collect();
        Facts {
            received,
            compiled: compiled(record, ms, ready),
            lanes,
            last_byte,
            ready,
            most_bytes: caption.size.max(1) as f64,
        }
    }

    fn whole(&self) -> Range<f64> {
        0.0..(self.ready * 1.02).max(1e-3)
    }

    /// The tail, and as much before it again.
    fn end(&self) -> Range<f64> {
        let tail = (self.ready - self.last_byte).max(1e-3);
        (self.last_byte - tail).max(0.0)..self.ready + 0.5 * tail
    }
}

/// Bytes compiled over time, if each span compiles evenly.
fn compiled(record: &Record, ms: impl Fn(Instant) -> f64, ready: f64) -> Vec<(f64, f64)> {
    let mut changes = Vec::new();
    for span in record.lanes.iter().flat_map(|lane| &lane.spans) {
        let (start, end) = (ms(span.start), ms(span.end.max(span.start + Duration::from_nanos(1))));
        let rate = span.compiled as f64 / (end - start).max(1e-6);
        changes.extend([(start, rate), (end, -rate)]);
    }
    changes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut points = vec![(0.0, 0.0)];
    let (mut at, mut bytes, mut rate) = (0.0, 0.0, 0.0);
    for (time, change) in changes {
        bytes += rate * (time - at);
        (at, rate) = (time, rate + change);
        points.push((at, bytes));
    }
    points.push((ready, bytes));
    points
}

/// What of a curve is in a range, with its values at the ends.
fn within(points: &[(f64, f64)], range: &Range<f64>) -> Vec<(f64, f64)> {
    let value = |at: f64| {
        let next = points.partition_point(|&(time, _)| time <= at);
        match (points.get(next.wrapping_sub(1)), points.get(next)) {
            (Some(&(t0, y0)), Some(&(t1, y1))) => y0 + (y1 - y0) * (at - t0) / (t1 - t0),
            (Some(&(_, y)), None) | (None, Some(&(_, y))) => y,
            (None, None) => 0.0,
        }
    };
    let end = points.last().map_or(range.end, |&(time, _)| range.end.min(time));
    let mut all = vec![(range.start, value(range.start))];
    all.extend(points.iter().filter(|&&(time, _)| time > range.start && time <= end));
    all.push((end, value(end)));
    all
}

type Area<'a, 'b> = DrawingArea<SVGBackend<'a>, Shift>;

/// One of the two panels: the whole, or the enlarged end.
fn draw_panel(area: &Area<'_, '_>, facts: &Facts, range: Range<f64>, whole: bool) -> Result<()> {
    let (above, below) = area.split_vertically(BYTES_HEIGHT);
    let left = if whole { 150 } else { 20 };
    draw_bytes(&above, facts, &range, whole, left)?;
    draw_lanes(&below, facts, &range, whole, left)
}

fn draw_bytes(area: &Area<'_, '_>, facts: &Facts, range: &Range<f64>, whole: bool, left: u32) -> Result<()> {
    let top = facts.most_bytes * 1.12;
    let mut chart = ChartBuilder::on(area)
        .margin_right(24)
        .margin_top(26)
        .set_label_area_size(LabelAreaPosition::Left, left)
        .build_cartesian_2d(range.clone(), 0.0..top)
        .map_err(failed)?;
    let heading = if whole { "from the first byte" } else { "the end, enlarged" };
    area.draw_text(heading, &style(13, &INK), (left as i32, 6)).map_err(failed)?;
    let mut mesh = chart.configure_mesh();
    mesh.x_labels(6).y_labels(6).light_line_style(WHITE).bold_line_style(FAINT).axis_style(FAINT);
    let bytes_label = |bytes: &f64| units::bytes(*bytes as u64);
    mesh.y_label_formatter(&bytes_label).label_style(style(12, &INK)).x_label_formatter(&|_| String::new());
    if !whole {
        mesh.y_labels(6).disable_y_axis();
    }
    mesh.draw().map_err(failed)?;
    // The tail is a band, the last byte a line.
    let (last, ready) = (facts.last_byte.max(range.start), facts.ready.min(range.end));
    chart.draw_series([Rectangle::new([(last, 0.0), (ready, top)], LAST_BYTE.mix(0.25).filled())]).map_err(failed)?;
    for (curve, color) in [(&facts.received, RECEIVED), (&facts.compiled, COMPILED)] {
        let points = within(curve, range);
        chart.draw_series(AreaSeries::new(points.clone(), 0.0, color.mix(0.10))).map_err(failed)?;
        chart.draw_series(LineSeries::new(points, color.stroke_width(2))).map_err(failed)?;
    }
    let line = LAST_BYTE.stroke_width(2);
    chart.draw_series(LineSeries::new([(last, 0.0), (last, top)], line)).map_err(failed)?;
    let tail = Duration::from_secs_f64((facts.ready - facts.last_byte).max(0.0) / 1e3);
    let words = format!("tail {:.3} ms", tail.as_secs_f64() * 1e3);
    let (at, side) = if whole { (last, HPos::Right) } else { ((last + ready) / 2.0, HPos::Center) };
    let label = style(13, &RGBColor(0x8a, 0x60, 0x20)).pos(Pos::new(side, VPos::Top));
    let shift = if whole { -6 } else { 0 };
    chart.draw_series([EmptyElement::at((at, top)) + Text::new(words, (shift, 5), label)]).map_err(failed)?;
    Ok(())
}

fn draw_lanes(area: &Area<'_, '_>, facts: &Facts, range: &Range<f64>, whole: bool, left: u32) -> Result<()> {
    let lanes = facts.lanes.len().max(1) as f64;
    let mut chart = ChartBuilder::on(area)
        .margin_right(24)
        .margin_top(12)
        .set_label_area_size(LabelAreaPosition::Left, left)
        .set_label_area_size(LabelAreaPosition::Bottom, 42)
        .build_cartesian_2d(range.clone(), lanes..0.0)
        .map_err(failed)?;
    let digits = ((10.0 / (range.end - range.start)).log10().ceil().max(0.0) as usize).min(6);
    let time_label = |ms: &f64| format!("{ms:.digits$}");
    let mut mesh = chart.configure_mesh();
    mesh.disable_y_mesh().disable_y_axis().x_labels(6).x_label_formatter(&time_label).x_desc("ms since the first byte");
    mesh.light_line_style(WHITE).bold_line_style(FAINT).axis_style(FAINT);
    mesh.label_style(style(12, &INK)).axis_desc_style(style(13, &INK)).draw().map_err(failed)?;
    let (last, ready) = (facts.last_byte.max(range.start), facts.ready.min(range.end));
    let band = Rectangle::new([(last, 0.0), (ready, lanes)], LAST_BYTE.mix(0.25).filled());
    chart.draw_series([band]).map_err(failed)?;
    // Not thinner than can be seen.
    let thinnest = (range.end - range.start) / 1000.0;
    for (i, (_, spans)) in facts.lanes.iter().enumerate() {
        let (top, bottom) = (i as f64 + 0.15, i as f64 + 0.85);
        let shown = spans.iter().filter(|(start, end)| *end >= range.start && *start <= range.end);
        let bars = shown.map(|&(start, end)| {
            let start = start.max(range.start);
            let end = end.min(range.end).max(start + thinnest);
            Rectangle::new([(start, top), (end, bottom)], WORK.filled())
        });
        chart.draw_series(bars).map_err(failed)?;
    }
    chart.draw_series(LineSeries::new([(last, 0.0), (last, lanes)], LAST_BYTE.stroke_width(2))).map_err(failed)?;
    if whole {
        for (i, (name, _)) in facts.lanes.iter().enumerate() {
            let label = style(12, &INK).pos(Pos::new(HPos::Right, VPos::Center));
            let at = chart.backend_coord(&(range.start, i as f64 + 0.5));
            let origin = area.get_base_pixel();
            area.draw_text(name, &label, (at.0 - origin.0 - 8, at.1 - origin.1)).map_err(failed)?;
        }
    }
    Ok(())
}
