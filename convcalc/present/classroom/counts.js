// The three counts as bars on a log scale, and the derivation.

const RUNGS = [
  ["fully_connected", "fully connected"],
  ["unshared", "unshared (local)"],
  ["shared", "shared (conv)"],
];

function drawCounts(layer) {
  const counts = layer.parameters;
  const longest = Math.max(...RUNGS.map(([key]) => log10(counts[key].total)));
  const body = byId("counts").tBodies[0];
  if (!body.rows.length) body.append(...RUNGS.map(countRow));
  RUNGS.forEach(([key], index) => {
    const { weights, biases, total } = counts[key];
    const row = body.rows[index];
    const share = longest ? (100 * log10(total)) / longest : 0;
    row.querySelector(".bar").style.setProperty("--length", `${share}%`);
    row.querySelector(".total").textContent = grouped(total);
    const made = `${counted(weights, "weight")} + ${counted(biases, "bias")}`;
    row.querySelector(".made").textContent = made;
  });
  byId("counts").style.setProperty("--decade", longest >= 1 ? `${100 / longest}%` : "100%");
  const factor = counted(layer.output.width * layer.output.height, "time");
  const marks = longest >= 1 ? "Log scale, a mark for every tenfold. " : "";
  byId("scale").textContent = `${marks}Unshared is ${factor} shared.`;
}

function countRow([key, name]) {
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
function drawDerivation(layer) {
  const worked = ({ formula, substituted, value }) =>
    `${formula} = ${grouped(substituted === `${value}` ? value : `${substituted} = ${value}`)}`;
  const draw = (id, steps, explain) =>
    byId(id).replaceChildren(
      ...steps.flatMap((step) => [
        element("dt", {}, step.name),
        element("dd", {}, worked(step), ...(explain ? [element("p", {}, step.why)] : [])),
      ]),
    );
  draw("derivation", essentials(layer), false);
  draw("steps", derivation(layer), true);
}

/** The misfit in the terminal's words; each repair is a button that applies it. */
function drawMisfit(layer, apply) {
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
function drawDepthFirst(layer, apply) {
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
