// Does the filter tile the input? If not: by how much it misses, and what would fit.
// Mirrors convcalc/arithmetic/fit.py; the congruences are derived there.
import { least, modulo, size } from "./figures.js";
import { say } from "./formula.js";
import { BadRequest } from "./parse.js";
import { TABLES, tablesOf } from "./tables.js";

const STRIDES_TRIED = 10_000n;

export function fits(layer) {
  return layer.axes.every((axis) => !axis.unused);
}

/** Say what the floor hides: the fraction it is taken of, and what is never looked at. */
export function misfit(layer) {
  const { misfit: { floored, leftOver }, words } = TABLES;
  const { axes, series } = layer.symbols();
  const { shorts } = tablesOf(series);
  const told = Object.entries(axes).flatMap(([name, letters], index) =>
    layer.axes[index].unused ? [`${say(floored, letters, shorts)} (${name})`] : [],
  );
  const [across, down = across] = Object.values(axes);
  const [x, y] = layer.axes;
  const left = [[x, across], [y, down]]
    .filter(([axis]) => axis.unused)
    .map(([axis, letters]) => [letters, words.PIXELS[axis.name]])
    .map(([letters, side]) => say(leftOver, { ...letters, side: [side, 1n] }, shorts));
  const verb = x.unused + y.unused > 1n ? "are" : "is";
  return `${told.join("; ")}: ${left.join(" and ")} ${verb} never looked at`;
}

/** The nearest settings that fit, each with its option and text. */
export function repairs(layer) {
  const [x, y] = layer.axes;
  const stride = layer.axes.map(nearestStride);
  const found = [...padRepair(layer), ...repaired(layer, "stride", stride, layer.pairText(...stride))];
  const smaller = layer.axes.map((axis) => axis.size - axis.unused);
  const larger = layer.axes.map((axis, i) => smaller[i] + (axis.unused ? axis.stride : 0n));
  const distance = ([width, height]) => size(width - x.size + height - y.size);
  const sizes = [smaller, larger].sort((a, b) => Number(distance(a) - distance(b)));
  for (const sides of sizes.filter((sides) => sides.every((side) => side > 0n))) {
    const input = layer.series ? [sides[0], layer.input.depth] : [...sides, layer.input.depth];
    found.push(...repaired(layer, "input", input, input.join("x")));
  }
  return found;
}

/** The layer with one option changed; nothing where there is no such layer. */
function repaired(layer, option, value, text) {
  try {
    return [{ option, text, layer: layer.replace({ [option]: value }) }];
  } catch (error) {
    if (error instanceof BadRequest) return [];
    throw error;
  }
}

function padRepair(layer) {
  const [x, y] = layer.axes.map(nearestPad);
  if (x !== undefined && y !== undefined) {
    return repaired(layer, "pad", layer.series ? [x] : [x, x, y, y], layer.pairText(x, y));
  }
  return repaired(layer, "pad", "same", "same").filter((repair) => fits(repair.layer));
}

function nearestPad({ size: pixels, extent, stride, before }) {
  const lacking = extent - pixels;
  const odd = stride % 2n === 1n;
  if (!odd && lacking % 2n) return undefined;
  const period = odd ? stride : stride / 2n;
  const residue = (odd ? lacking * (period + 1n) : lacking) / 2n;
  const below = before - modulo(before - residue, period);
  const enough = [below, below + period].filter((pad) => pad >= 0n && 2n * pad >= lacking);
  return enough.sort((a, b) => Number(size(a - before) - size(b - before)))[0];
}

function nearestStride(axis) {
  const asked = axis.unused ? least(axis.stride, axis.room) : axis.stride;
  for (let distance = 0n; distance < STRIDES_TRIED; distance++) {
    for (const stride of [asked - distance, asked + distance]) {
      if (stride > 0n && axis.room % stride === 0n) return stride;
    }
  }
  return 1n;
}
