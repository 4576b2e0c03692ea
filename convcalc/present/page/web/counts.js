// The parameters as bars on a log scale, the derivation, and what the floor hides.
import { byId, element } from "./elements.js";
import { counted, grouped, log10 } from "./figures.js";
import { fits, misfit, repairs } from "./fit.js";
import { volumeText } from "./layer.js";
import { shown } from "./parse.js";
import { valuesOf } from "./results.js";
import { TABLES } from "./tables.js";

/** Draw a row for each way to connect the layer. */
export function drawCounts(found) {
  const values = valuesOf(found);
  const counts = TABLES.ways.map(([key, name]) => {
    const of = key.replaceAll("_", " ");
    const [weights, total] = [values[`${of} weights`], values[`${of} parameters`]];
    return { key, name, weights, biases: total - weights, total };
  });
  const longest = Math.max(0, ...counts.map(({ total }) => log10(total)));
  const body = byId("counts").tBodies[0];
  if (!body.rows.length) body.append(...counts.map(countRow));
  counts.forEach(({ weights, biases, total }, index) => {
    const row = body.rows[index];
    const share = longest ? (100 * log10(total)) / longest : 0;
    row.querySelector(".bar").style.setProperty("--length", `${share}%`);
    row.querySelector(".total").textContent = grouped(total);
    const made = `${counted(weights, "weight")} + ${counted(biases, "bias")}`;
    row.querySelector(".made").textContent = made;
  });
  byId("counts").style.setProperty("--decade", longest >= 1 ? `${100 / longest}%` : "100%");
  const marks = longest >= 1 ? "Log scale, a mark for every tenfold. " : "";
  const factor = values["sharing factor"];
  const times = factor === undefined ? "" : `Unshared is ${counted(factor, "time")} shared.`;
  byId("scale").textContent = marks + times;
}

function countRow({ key, name }) {
  const row = element("tr", { class: key });
  row.append(
    element("th", { scope: "row" }, name),
    element(
      "td",
      {},
      element("span", { class: "total" }),
      element("small", { class: "made" }),
      element("div", { class: "track", "aria-hidden": "true" }, element("div", { class: "bar" })),
    ),
  );
  return row;
}

/** The steps there is room for, and folded away all of them, each with its reason. */
export function drawDerivation(found) {
  const worked = ({ formula, substituted, arithmetic }) =>
    formula === substituted ? arithmetic : `${formula} = ${arithmetic}`;
  const draw = (id, steps, explain) =>
    byId(id).replaceChildren(
      ...steps.flatMap((step) => [
        element("dt", {}, step.name),
        element("dd", {}, worked(step), ...(explain ? [element("p", {}, step.why)] : [])),
      ]),
    );
  const shown = found.filter(({ further }) => !further);
  draw("derivation", shown.filter(({ essential }) => essential), false);
  draw("steps", shown, true);
}

/** The misfit in the terminal's words; each repair is a button that applies it. */
export function drawMisfit(layer, apply) {
  const place = byId("misfit");
  place.hidden = fits(layer);
  if (place.hidden) {
    place.replaceChildren();
    return;
  }
  const options = new Map();
  for (const repair of repairs(layer)) {
    options.set(repair.option, [...(options.get(repair.option) ?? []), repair.text]);
  }
  const parts = [`${misfit(layer)}; what fits: `];
  for (const [option, texts] of options) {
    if (parts.length > 1) parts.push(", ");
    texts.forEach((text, index) => {
      const words = index ? text : `--${option} ${text}`;
      const button = repairButton(words, () => apply({ [option]: text }));
      parts.push(...(index ? [" or ", button] : [button]));
    });
  }
  place.replaceChildren(...parts);
}

function repairButton(words, repair) {
  const button = element("button", { type: "button" }, words);
  button.addEventListener("click", repair);
  return button;
}

/** How an input is read whose depth seems to come first, in the terminal's words. */
export function drawDepthFirst(layer, apply) {
  const place = byId("depth-first");
  const meant = layer.depthLast;
  place.hidden = !meant;
  if (!meant) {
    place.replaceChildren();
    return;
  }
  const [width, height, depth] = Object.values(layer.input).map(shown);
  place.replaceChildren(
    `--input ${shown(volumeText(layer.input))}: depth comes last, so this is ${width} wide, ` +
      `${height} high and ${depth} deep; for a depth of ${width} give `,
    repairButton(`--input ${meant}`, () => apply({ input: meant })),
  );
}
