// A layer's formulas worked out: what convcalc/arithmetic/derivation.py does, with its tables.
import { grouped } from "./figures.js";
import { say, workOut } from "./formula.js";
import { TABLES } from "./tables.js";

const BYTES = 4n; // of a float32 number, the type of the page's counts

/** Every result, with its arithmetic and its reason; `symbols` are a layer's letters. */
export function results(symbols) {
  const { formulas, shorts, size } = TABLES;
  const letters = { ...symbols.layer, type: ["float32", BYTES], "bytes each": ["bytes each", BYTES] };
  const arithmetic = {};
  const found = [];
  for (const row of formulas) {
    const along = row.name === size ? Object.entries(symbols.axes) : [[row.name, letters]];
    for (const [name, its] of along) {
      const { formula, substituted, top, bottom } = workOut(row.text, its, shorts);
      const value = top / bottom;
      const sum = substituted === `${value}` ? substituted : `${substituted} = ${value}`;
      arithmetic[name] = grouped(sum);
      const why = say(row.why, its, shorts);
      found.push({ ...row, name, formula, substituted, value, why, arithmetic: arithmetic[name] });
      letters[name] = [name, value];
    }
    if (row.name === size) {
      letters.W_out = ["W_out", found[0].value];
      letters.H_out = ["H_out", found.at(-1).value];
    }
  }
  return found;
}

/** The values by name, for who wants a few of them. */
export function valuesOf(found) {
  return Object.fromEntries(found.map(({ name, value }) => [name, value]));
}
