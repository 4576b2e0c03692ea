// The spec: reading it, refusing what cannot be, and counting what can.
// Mirrors convcalc/layer (parse.py, axis.py, spec.py, volume.py). All numbers are BigInt.

const MAX_DIGITS = 600;
const REMEDY = {
  input: "give WIDTHxHEIGHTxDEPTH, for example 227x227x3",
  filter: "give a size such as 11, or WIDTHxHEIGHT such as 5x3",
  stride: "give a number from 1 up, or one each along width and height such as 2x1",
  dilation: "give a number from 1 up, or one each along width and height such as 2x1",
  pad: "give a number from 0 up, WIDTHxHEIGHT such as 2x0, same or valid",
  filters: "give a number from 1 up",
  groups: "give a number from 1 up",
};

/** What was asked cannot be done as asked; the sentence is the command line's. */
class BadRequest extends Error {
  constructor(argument, value, problem, remedy) {
    super(`--${argument} ${shown(value)}: ${problem}; ${remedy}`);
    this.argument = argument;
  }
}

function shown(value) {
  const characters = [...String(value).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?")];
  const text = characters.length <= 60 ? characters : [...characters.slice(0, 57), "..."];
  return text.join("") || "''";
}

/** Split text such as 227x227x3 into integers. */
function numbers(argument, text) {
  const parts = text.replace(/[X×]/g, "x").split("x").map((part) => part.trim());
  for (const part of parts) {
    if (!/^[+-]?[0-9]+$/.test(part)) {
      const problem =
        parts.length === 1
          ? "is not a whole number"
          : `has a part that is not a whole number (${part.slice(0, 20) || "nothing"})`;
      throw new BadRequest(argument, text, problem, REMEDY[argument]);
    }
    if (part.replace(/^[+-]/, "").length > MAX_DIGITS) {
      const problem = `has more than ${MAX_DIGITS} digits`;
      throw new BadRequest(argument, text, problem, REMEDY[argument]);
    }
  }
  return parts.map(BigInt);
}

function oneNumber(argument, text) {
  const values = numbers(argument, text);
  if (values.length !== 1) {
    const problem = `is ${values.length} numbers where 1 is needed`;
    throw new BadRequest(argument, text, problem, REMEDY[argument]);
  }
  return values[0];
}

/** Refuse a wrong count of numbers, or one that is too small. */
function checked(argument, values, lengths, smallest) {
  if (!lengths.includes(values.length)) {
    const count = values.length === 1 ? "1 number" : `${values.length} numbers`;
    const problem = `is ${count} where ${lengths.join(" or ")} are needed`;
    throw new BadRequest(argument, values.join("x"), problem, REMEDY[argument]);
  }
  for (const value of values) {
    if (value < smallest) {
      throw new BadRequest(argument, value, `must be at least ${smallest}`, REMEDY[argument]);
    }
  }
  return values;
}

function pair(argument, values) {
  const sides = checked(argument, values, [1, 2], 1n);
  return { x: sides[0], y: sides.at(-1) };
}

const pairText = (x, y) => (x === y ? `${x}` : `${x}x${y}`);
const volumeText = ({ width, height, depth }) => `${width}x${height}x${depth}`;

function padIsEven(pad) {
  return pad.left === pad.right && pad.top === pad.bottom;
}

function padText(pad) {
  if (padIsEven(pad)) return pairText(pad.left, pad.top);
  return [pad.left, pad.right, pad.top, pad.bottom].join("x");
}

function padWords(pad) {
  if (padIsEven(pad)) return padText(pad);
  return `left ${pad.left}, right ${pad.right}, top ${pad.top}, bottom ${pad.bottom}`;
}

/** The width or the height of a layer: how a filter slides along a row of pixels. */
class Axis {
  constructor(name, size, filter, stride, dilation, before, after) {
    Object.assign(this, { name, size, filter, stride, dilation, before, after });
  }
  get padded() {
    return this.size + this.before + this.after;
  }
  get extent() {
    return this.dilation * (this.filter - 1n) + 1n;
  }
  get room() {
    return this.padded - this.extent;
  }
  get positions() {
    return this.room / this.stride + 1n;
  }
  get unused() {
    return this.room % this.stride;
  }
  /** TensorFlow's `same`: ceil(size / stride) positions, the odd pixel after the row. */
  get samePad() {
    const positions = (this.size + this.stride - 1n) / this.stride;
    const missing = most((positions - 1n) * this.stride + this.extent - this.size, 0n);
    return [missing / 2n, missing - missing / 2n];
  }
}

/** A convolutional layer, validated; made from BigInts, or from text by `parseLayer`. */
class ConvLayer {
  constructor({ input, filter, filters, stride, pad, dilation, groups, bias }) {
    const [width, height, depth] = checked("input", input, [3], 1n);
    checked("groups", [groups], [1], 1n);
    checked("filters", [filters], [1], 1n);
    for (const [count, what] of [[depth, "input channels"], [filters, "filters"]]) {
      if (count % groups) {
        const problem = `does not divide the ${count} ${what} evenly`;
        const remedy = `give a divisor of both the input's depth ${depth} and the ${filters} filters`;
        throw new BadRequest("groups", groups, problem, remedy);
      }
    }
    const sides = checked("filter", filter, [1, 2], 1n);
    this.input = { width, height, depth };
    this.filter = { width: sides[0], height: sides.at(-1), depth: depth / groups };
    this.stride = pair("stride", stride);
    this.dilation = pair("dilation", dilation);
    Object.assign(this, { filters, groups, bias });
    this.pad = { left: 0n, right: 0n, top: 0n, bottom: 0n };
    this.pad = this.resolved(pad);
    for (const axis of this.axes) checkRoom(axis, this.filter);
  }

  resolved(pad) {
    if (pad === "same") return this.samePad;
    const sides = checked("pad", pad === "valid" ? [0n] : pad, [1, 2, 4], 0n);
    const [left, right, top, bottom] =
      sides.length === 4 ? sides : [sides[0], sides[0], sides.at(-1), sides.at(-1)];
    return { left, right, top, bottom };
  }

  replace(changes) {
    const { input, filter, stride, pad, dilation } = this;
    return new ConvLayer({
      ...this,
      input: [input.width, input.height, input.depth],
      filter: [filter.width, filter.height],
      stride: [stride.x, stride.y],
      pad: [pad.left, pad.right, pad.top, pad.bottom],
      dilation: [dilation.x, dilation.y],
      ...changes,
    });
  }

  get axes() {
    const { input, filter, stride, dilation, pad } = this;
    return [
      new Axis("width", input.width, filter.width, stride.x, dilation.x, pad.left, pad.right),
      new Axis("height", input.height, filter.height, stride.y, dilation.y, pad.top, pad.bottom),
    ];
  }

  get samePad() {
    const [[left, right], [top, bottom]] = this.axes.map((axis) => axis.samePad);
    return { left, right, top, bottom };
  }

  get output() {
    const [x, y] = this.axes;
    return { width: x.positions, height: y.positions, depth: this.filters };
  }

  get neurons() {
    const { width, height, depth } = this.output;
    return width * height * depth;
  }

  get weightsPerNeuron() {
    return this.filter.width * this.filter.height * this.filter.depth;
  }

  get multiplyAdds() {
    return this.neurons * this.weightsPerNeuron;
  }

  /** The three ways to connect the same neurons, most parameters first. */
  get parameters() {
    const { width, height, depth } = this.input;
    const count = (sets, weights) => {
      const biases = this.bias ? sets : 0n;
      return { weights: sets * weights, biases, total: sets * weights + biases };
    };
    return {
      fully_connected: count(this.neurons, width * height * depth),
      unshared: count(this.neurons, this.weightsPerNeuron),
      shared: count(this.filters, this.weightsPerNeuron),
    };
  }

  toString() {
    const { stride, dilation, filters, groups } = this;
    return (
      `${volumeText(this.input)} → ${volumeText(this.output)}: ` +
      [
        `${filters} filter${filters === 1n ? "" : "s"} of ${volumeText(this.filter)}`,
        `stride ${pairText(stride.x, stride.y)}`,
        `pad ${padWords(this.pad)}`,
        dilation.x > 1n || dilation.y > 1n ? `dilation ${pairText(dilation.x, dilation.y)}` : "",
        groups > 1n ? `${groups} groups` : "",
        this.bias ? "" : "no bias",
      ]
        .filter(Boolean)
        .join(", ")
    );
  }
}

function checkRoom(axis, filter) {
  if (axis.room >= 0n) return;
  const side = axis.name === "width" ? "columns" : "rows";
  const dilated = axis.dilation > 1n ? `, ${axis.extent} with the dilation` : "";
  throw new BadRequest(
    "filter",
    pairText(filter.width, filter.height),
    `its ${axis.name} ${axis.filter}${dilated} is more than the ` +
      `${axis.padded} ${side} of the padded input`,
    `give a ${axis.name} of at most ${(axis.padded - 1n) / axis.dilation + 1n}, ` +
      `or a pad of at least ${(axis.extent - axis.size + 1n) / 2n}`,
  );
}

/** Read a layer from text, as typed on a command line; bias is a boolean. */
function parseLayer(texts) {
  return new ConvLayer({
    input: numbers("input", texts.input),
    filter: numbers("filter", texts.filter),
    filters: oneNumber("filters", texts.filters),
    stride: numbers("stride", texts.stride),
    pad: ["same", "valid"].includes(texts.pad) ? texts.pad : numbers("pad", texts.pad),
    dilation: numbers("dilation", texts.dilation),
    groups: oneNumber("groups", texts.groups),
    bias: texts.bias,
  });
}

/** The command that prints this layer; `pad` may be the word `same` or `valid`. */
function commandFor(layer, pad) {
  const { input, filter, stride, dilation, groups, filters } = layer;
  const options = [
    ["--input", volumeText(input), ""],
    ["--filter", pairText(filter.width, filter.height), ""],
    ["--stride", pairText(stride.x, stride.y), "1"],
    ["--pad", pad === "same" ? pad : padText(layer.pad), "0"],
    ["--filters", `${filters}`, ""],
    ["--dilation", pairText(dilation.x, dilation.y), "1"],
    ["--groups", `${groups}`, "1"],
  ];
  const words = options.flatMap(([name, text, usual]) => (text === usual ? [] : [name, text]));
  return ["convcalc params", ...words, ...(layer.bias ? [] : ["--no-bias"])].join(" ");
}
