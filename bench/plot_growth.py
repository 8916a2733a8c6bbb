#!/usr/bin/env python3
"""Draws growth.json as an SVG of three panels over the number of rows: size, rate, look-up time."""
import json
import math
import pathlib
import sys

WIDTH, HEIGHT, LEFT, TOP, GAP = 300, 220, 64, 40, 84
# Panel: title, unit, whether the values are drawn on a log scale, and its lines (label, key, colour).
PANELS = [
    ("size", "bytes per session", False,
     [("on disk", "bytes_per_session", "#1b6ca8"), ("physical limit", "limit_bytes_per_session", "#888888")]),
    ("rate", "rows/s per core", False, [("sealed and durable", "rows_per_s_per_core", "#1b6ca8")]),
    ("look-up", "microseconds", True,
     [("warm p50", "warm_p50_us", "#1b6ca8"), ("warm p99", "warm_p99_us", "#c8553d"),
      ("miss p50", "miss_p50_us", "#5b8c5a"), ("cold p50", "cold_p50_us", "#8e6bb0")]),
]


class Scale:
    def __init__(self, low, high, start, end, log):
        self.log, self.start, self.end = log, start, end
        self.low, self.high = self.of(low), self.of(high)

    def of(self, value):
        return math.log10(value) if self.log else value

    def __call__(self, value):
        return self.start + (self.of(value) - self.low) / (self.high - self.low) * (self.end - self.start)


def powers(low, high):
    return [10.0**e for e in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def number(value):
    if value >= 1e6:
        return f"{value / 1e6:g} M"
    return f"{value / 1e3:g} k" if value >= 1e3 else f"{value:g}"


def text(x, y, words, anchor="middle", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{words}</text>'


def value_ticks(values, log):
    if log:
        return powers(min(values), max(values))
    step = 10.0**math.floor(math.log10(max(values)))
    step = next(s for s in (step / 5, step / 2, step, step * 2) if max(values) / s <= 8)
    return [i * step for i in range(math.ceil(max(values) / step) + 1)]


def panel(runs, place, title, unit, log, lines):
    left, bottom = LEFT + place * (WIDTH + GAP), TOP + HEIGHT
    rows = [run["rows"] for run in runs]
    x_ticks = powers(min(rows), max(max(rows), min(rows) * 10))
    y_ticks = value_ticks([run[key] for run in runs for _, key, _ in lines], log)
    x = Scale(x_ticks[0], x_ticks[-1], left, left + WIDTH, True)
    y = Scale(y_ticks[0], max(y_ticks[-1], y_ticks[0] * 10 if log else 0), bottom, TOP, log)
    out = [text(left + WIDTH / 2, TOP - 16, title, more='font-weight="bold"'),
           text(left + WIDTH / 2, bottom + 36, "rows (log scale)"),
           text(left - 50, TOP + HEIGHT / 2, unit, more=f'transform="rotate(-90 {left - 50} {TOP + HEIGHT / 2})"')]
    for tick in y_ticks:
        out.append(f'<path d="M{left} {y(tick):.1f}h{WIDTH}" stroke="#dddddd"/>')
        out.append(text(left - 6, y(tick) + 4, number(tick), "end"))
    for tick in x_ticks:
        out.append(f'<path d="M{x(tick):.1f} {bottom}v5" stroke="black"/>')
        out.append(text(x(tick), bottom + 18, f"10<tspan dy='-4' font-size='9'>{round(math.log10(tick))}</tspan>"))
    out.append(f'<path d="M{left} {TOP}V{bottom}H{left + WIDTH}" fill="none" stroke="black"/>')
    for i, (label, key, colour) in enumerate(lines):
        points = [(x(run["rows"]), y(run[key])) for run in runs]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{colour}"/>' for px, py in points]
        out.append(text(left + WIDTH - 8, bottom - 10 - 15 * (len(lines) - 1 - i), label, "end", f'fill="{colour}"'))
    return "\n".join(out)


def main():
    runs = sorted(json.loads(pathlib.Path(sys.argv[1]).read_text()), key=lambda run: run["rows"])
    total = LEFT + len(PANELS) * (WIDTH + GAP) - GAP + 24
    body = "\n".join(panel(runs, i, *which) for i, which in enumerate(PANELS))
    pathlib.Path(sys.argv[2]).write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="{TOP + HEIGHT + 52}" '
        f'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n')


if __name__ == "__main__":
    main()
