// Does the filter tile the input? If not: by how much it misses, and what would fit.
// Mirrors convcalc/arithmetic/fit.py; the congruences are derived there.
import { least, modulo, size } from "./figures.js";
import { say } from "./formula.js";
import { pairText } from "./layer.js";
import { BadRequest } from "./parse.js";
import { TABLES } from "./tables.js";

const STRIDES_TRIED = 10_000n;

export function fits(layer) {
  return layer.axes.every((axis) => !axis.unused);
}

/** Say what the floor hides: the fraction it is taken of, and what is never looked at. */
export function misfit(layer) {
  const { floored, leftOver } = TABLES.misfit;
  const { axes } = layer.symbols();
  const told = Object.entries(axes).flatMap(([name, letters], index) =>
    layer.axes[index].unused ? [`${say(floored, letters, TABLES.shorts)} (${name})`] : [],
  );
  const [across = {}, down = across] = Object.values(axes);
  const left = [
    [across, "column", layer.axes[0]],
    [down, "row", layer.axes[1]],
  ].flatMap(([letters, side, { unused }]) =>
    unused ? [say(leftOver, { ...letters, side: [side, 1n] }, TABLES.shorts)] : [],
  );
  const several = layer.axes[0].unused + layer.axes[1].unused > 1n;
  return `${told.join("; ")}: ${left.join(" and ")} ${several ? "are" : "is"} never looked at`;
}

/** The nearest settings that fit, each with its option and text. */
export function repairs(layer) {
  const [x, y] = layer.axes;
  const { depth } = layer.input;
  const found = [...padRepair(layer)];
  const stride = [nearestStride(x), nearestStride(y)];
  found.push(...repaired(layer, "stride", stride, pairText(...stride)));
  const distance = ([width, height]) => size(width - x.size + height - y.size);
  const sizes = [
    [smaller(x), smaller(y)],
    [larger(x), larger(y)],
  ].sort((a, b) => (distance(a) < distance(b) ? -1 : distance(a) > distance(b) ? 1 : 0));
  for (const [width, height] of sizes.filter((size) => size.every((side) => side > 0n))) {
    const input = [width, height, depth];
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
  if (x !== null && y !== null) return repaired(layer, "pad", [x, x, y, y], pairText(x, y));
  return repaired(layer, "pad", "same", "same").filter((repair) => fits(repair.layer));
}

function nearestPad(axis) {
  const lacking = axis.extent - axis.size;
  let period, residue;
  if (axis.stride % 2n) {
    period = axis.stride;
    residue = modulo((lacking * (period + 1n)) / 2n, period);
  } else if (lacking % 2n === 0n) {
    period = axis.stride / 2n;
    residue = modulo(lacking / 2n, period);
  } else {
    return null;
  }
  const below = axis.before - modulo(axis.before - residue, period);
  const enough = [below, below + period].filter((pad) => pad >= 0n && 2n * pad >= lacking);
  if (!enough.length) return null;
  return enough.reduce((best, pad) =>
    size(pad - axis.before) < size(best - axis.before) ? pad : best,
  );
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

function smaller(axis) {
  return axis.size - axis.unused;
}

function larger(axis) {
  return axis.size - axis.unused + (axis.unused ? axis.stride : 0n);
}
