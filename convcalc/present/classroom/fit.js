// Does the filter tile the input? If not: by how much it misses, and what would fit.
// Mirrors convcalc/arithmetic/fit.py; the congruences are derived there.

const STRIDES_TRIED = 10_000n;

function fits(layer) {
  return layer.axes.every((axis) => !axis.unused);
}

/** Say what the floor hides: the fraction it is taken of, and what is never looked at. */
function misfit(layer) {
  const [x, y] = layer.axes;
  const sums = outputSteps(layer).flatMap((step, index) => {
    const axis = layer.axes[index];
    if (!axis.unused) return [];
    const unfloored = step.substituted.replace(/^floor\((.*)\)/, "$1");
    const sum = `${unfloored} = ${axis.room}/${axis.stride} + 1 = ${mixedNumber(axis)}`;
    return [`${sum}, floored to ${axis.positions} (${step.name})`];
  });
  const left = [leftOver(x, "column", "columns"), leftOver(y, "row", "rows")].filter(Boolean);
  const verb = x.unused + y.unused > 1n ? "are" : "is";
  return `${sums.join("; ")}: ${left.join(" and ")} ${verb} never looked at`;
}

/** room / stride + 1 unrounded, in decimals where these are few, otherwise as a mixed number. */
function mixedNumber(axis) {
  const common = greatestDivisor(axis.room, axis.stride);
  const denominator = axis.stride / common;
  const numerator = axis.room / common + denominator;
  const [whole, rest] = [numerator / denominator, numerator % denominator];
  for (let digits = 1; digits < 7; digits++) {
    const scale = 10n ** BigInt(digits);
    if (scale % denominator === 0n) {
      const decimals = String((rest * scale) / denominator).padStart(digits, "0");
      return `${whole}.${decimals}`;
    }
  }
  return `${whole} ${rest}/${denominator}`;
}

function greatestDivisor(a, b) {
  while (b) [a, b] = [b, a % b];
  return a;
}

function leftOver(axis, one, many) {
  if (!axis.unused) return "";
  const padding = least(axis.unused, axis.after);
  const ofPad =
    padding === 0n ? "" : padding === axis.unused ? " (pad)" : ` (${padding} of them pad)`;
  return `the last ${axis.unused === 1n ? one : `${axis.unused} ${many}`}${ofPad}`;
}

/** The nearest settings that fit, each with its option and text. */
function repairs(layer) {
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
  for (const [width, height] of sizes) {
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
