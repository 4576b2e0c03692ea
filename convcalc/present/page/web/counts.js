// The parameters as bars on a log scale, the derivation, and what the floor hides.
import { byId, element } from "./elements.js";
import { counted, grouped, log10 } from "./figures.js";
import { fits, misfit, repairs } from "./fit.js";
import { volumeText } from "./layer.js";
import { shown } from "./parse.js";
import { TABLES } from "./tables.js";

/** Draw a row for each way to connect the layer; `values` are the results by name. */
export function drawCounts(values) {
  const counts = TABLES.ways.map(([key]) => {
    const of = key.replaceAll("_", " ");
    return { weights: values[`${of} weights`], total: values[`${of} parameters`] };
  });
  const longest = Math.max(0, ...counts.map(({ total }) => log10(total)));
  const body = byId("counts").tBodies[0];
  if (!body.rows.length) body.append(...TABLES.ways.map(countRow));
  counts.forEach(({ weights, total }, index) => {
    const put = (name, text) => (body.rows[index].querySelector(name).textContent = text);
    put(".total", grouped(total));
    put(".made", `${counted(weights, "weight")} + ${counted(total - weights, "bias")}`);
    const share = longest ? (100 * log10(total)) / longest : 0;
    body.rows[index].querySelector(".bar").style.setProperty("--length", `${share}%`);
  });
  byId("counts").style.setProperty("--decade", longest >= 1 ? `${100 / longest}%` : "100%");
  const marks = longest >= 1 ? "Log scale, a mark for every tenfold. " : "";
  const factor = values["sharing factor"];
  const times = factor === undefined ? "" : `Unshared is ${counted(factor, "time")} shared.`;
  byId("scale").textContent = marks + times;
}

/** A row that stays, so that its bar glides from one length to the next. */
function countRow([key, name]) {
  const bar = element("div", { class: "track", "aria-hidden": "true" });
  bar.append(element("div", { class: "bar" }));
  const [total, made] = [element("span", { class: "total" }), element("small", { class: "made" })];
  const counts = element("td", {}, total, made, bar);
  return element("tr", { class: key }, element("th", { scope: "row" }, name), counts);
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
  if (fits(layer)) return warn("misfit");
  const buttons = repairs(layer).flatMap(({ option, text }, index, found) => {
    const again = found[index - 1]?.option === option;
    const button = repairButton(again ? text : `--${option} ${text}`, option, text, apply);
    return [again ? " or " : index ? ", " : "", button];
  });
  warn("misfit", `${misfit(layer)}; what fits: `, ...buttons);
}

/** Show a warning, or none. */
function warn(id, ...parts) {
  byId(id).hidden = !parts.length;
  byId(id).replaceChildren(...parts);
}

function repairButton(words, option, text, apply) {
  const button = element("button", { type: "button" }, words);
  button.addEventListener("click", () => apply({ [option]: text }));
  return button;
}

/** How an input is read whose depth seems to come first, or to be missing, as the terminal says. */
export function drawDepthFirst(layer, apply) {
  const { depthLast, series, input } = layer;
  const text = volumeText(input, series);
  const flat = series && input.width === input.depth && input.depth > 1n;
  const meant = depthLast ?? (flat ? `${text}x3` : null);
  if (!meant) return warn("depth-first");
  const [width, height, depth] = Object.values(input).map(shown);
  const sides = series ? `${width} long` : `${width} wide, ${height} high`;
  const reads = depthLast ? "depth comes last" : "two numbers are length x channels";
  const instead = depthLast
    ? `for a depth of ${width} give `
    : "for a picture give its depth too, such as ";
  warn(
    "depth-first",
    `--input ${shown(text)}: ${reads}, so this is ${sides} and ${depth} deep; ${instead}`,
    repairButton(`--input ${meant}`, "input", meant, apply),
  );
}
