// The spec: a layer that can exist, and its counts. Mirrors convcalc/layer (spec.py, volume.py).

const MOST_CHANNELS = 4n;

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

/** A convolutional layer, validated; made from BigInts, or from text by `parseLayer`. */
class ConvLayer {
  constructor({ input, filter, filters, stride, pad, dilation, groups, bias }) {
    const [width, height, depth] = checked("input", input, [3], 1n);
    checked("groups", [groups], [1], 1n);
    checked("filters", [filters], [1], 1n);
    this.input = { width, height, depth };
    for (const [count, noun] of [[depth, "input channel"], [filters, "filter"]]) {
      if (count % groups) {
        const problem = `does not divide the ${shown(count)} ${plural(count, noun)} evenly`;
        const all = `the ${shown(filters)} ${plural(filters, "filter")}`;
        const remedy = `give a divisor of both the input's depth ${shown(depth)} and ${all}`;
        throw new BadRequest("groups", groups, problem, this.depthLastRemedy || remedy);
      }
    }
    const sides = checked("filter", filter, [1, 2], 1n);
    this.filter = { width: sides[0], height: sides.at(-1), depth: depth / groups };
    this.stride = pair("stride", stride);
    this.dilation = pair("dilation", dilation);
    Object.assign(this, { filters, groups, bias });
    this.pad = { left: 0n, right: 0n, top: 0n, bottom: 0n };
    this.pad = this.resolved(pad);
    for (const axis of this.axes) this.checkRoom(axis);
  }

  /** The input that is meant where its depth seems to come first, as (D, H, W); or null. */
  get depthLast() {
    const { width: depth, height, depth: width } = this.input;
    if (depth > MOST_CHANNELS || depth >= least(height, width)) return null;
    return volumeText({ width, height, depth });
  }

  get depthLastRemedy() {
    return this.depthLast && `depth comes last: give --input ${this.depthLast}`;
  }

  checkRoom(axis) {
    if (axis.room >= 0n) return;
    const { width, height } = this.filter;
    const side = plural(axis.padded, axis.name === "width" ? "column" : "row");
    const dilated = axis.dilation > 1n ? `, ${shown(axis.extent)} with the dilation,` : "";
    const most = (axis.padded - 1n) / axis.dilation + 1n;
    const pad = (axis.extent - axis.size + 1n) / 2n;
    throw new BadRequest(
      "filter",
      pairText(width, height),
      `its ${axis.name} ${shown(axis.filter)}${dilated} is more than the ` +
        `${shown(axis.padded)} ${side} of the padded input`,
      this.depthLastRemedy ||
        `give a ${axis.name} of at most ${shown(most)}, or a pad of at least ${shown(pad)}`,
    );
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
        `${filters} ${plural(filters, "filter")} of ${volumeText(this.filter)}`,
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
