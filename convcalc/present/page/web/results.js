// A layer's formulas worked out: what convcalc/arithmetic/derivation.py does, with its tables.
import { grouped } from "./figures.js";
import { holds, say, workOutSides } from "./formula.js";
import { TABLES, tablesOf } from "./tables.js";

const USE = { // the page counts one input in float32, and no optimizer
  type: ["float32", 4n],
  "bytes each": ["bytes each", 4n],
  batch: ["batch", 1n],
  optimizer: ["none", 0n],
  states: ["states", 0n],
};

/** Every result, with its arithmetic and its reason; `symbols` are a layer's letters. */
export function results(symbols) {
  const { size } = TABLES;
  const { formulas, shorts } = tablesOf(symbols.series);
  const letters = { ...symbols.layer, ...USE };
  const arithmetic = {};
  const found = [];
  for (const row of formulas) {
    const along = row.name === size ? Object.entries(symbols.axes) : [[row.name, letters]];
    for (const [name, its] of along) {
      if (!holds(row.when, its, shorts)) continue;
      const { formula, substituted, values } = workOutSides(row.text, its, shorts);
      arithmetic[name] = worked(substituted, values);
      const why = say(row.why ?? "", its, shorts);
      const value = values.length > 1 ? values : values[0];
      found.push({ ...row, name, formula, substituted, value, why, arithmetic: arithmetic[name] });
      if (values.length === 1) letters[name] = [name, value];
    }
    if (row.name === size) {
      letters.W_out = [`${Object.values(symbols.axes)[0].W[0]}_out`, found[0].value];
      letters.H_out = ["H_out", found.at(-1).value];
    }
  }
  return found;
}

/** Arithmetic and what it comes to; a number alone stands once, a shape as volumes are written. */
function worked(substituted, values) {
  if (values.length > 1) return `${grouped(substituted)} = ${values.join("x")}`;
  return grouped(substituted === `${values[0]}` ? substituted : `${substituted} = ${values[0]}`);
}

/** The values by name, for who wants a few of them. */
export function valuesOf(found) {
  return Object.fromEntries(found.map(({ name, value }) => [name, value]));
}
