// The tables that come with the page: formulas, sentences and options, as convcalc has them.

export const TABLES = JSON.parse(document.getElementById("tables").textContent);

/** A text as it is of a series: without the height. Mirrors convcalc/arithmetic/one_dimension.py. */
function told(text) {
  const { height, words } = TABLES.series;
  const without = text.replace(new RegExp(height, "g"), "");
  const said = (text, [word, other]) => text.replace(new RegExp(`\\b${word}`, "g"), other);
  return Object.entries(words).reduce(said, without);
}

/** A row with each of its texts told of a series; the name of what it is about stays. */
function toldRow(row) {
  if (Array.isArray(row)) return [row[0], ...row.slice(1).map(told)];
  const fields = Object.entries(row).map(([field, value]) =>
    [field, field !== "name" && typeof value === "string" ? told(value) : value],
  );
  return Object.fromEntries(fields);
}

const { formulas, shorts } = TABLES;
const OF_VOLUMES = { formulas, shorts };
const OF_SERIES = {
  formulas: formulas.map(toldRow),
  shorts: shorts.filter(([name]) => name !== TABLES.series.down).map(toldRow),
};

/** The formulas and short names of a series, or of a volume. */
export const tablesOf = (series) => (series ? OF_SERIES : OF_VOLUMES);
