// The spec: a layer that can exist. Mirrors convcalc/layer (conv.py, volume.py).
import { Axis } from "./axis.js";
import { least, plural } from "./figures.js";
import { BadRequest, numbers, shown, unified, worded } from "./parse.js";
import { TABLES } from "./tables.js";

export const pairText = (x, y) => (x === y ? `${x}` : `${x}x${y}`);

/** The three sides of a volume, or length and depth of a series. */
export const volumeText = ({ width, height, depth }, series) =>
  series ? `${width}x${depth}` : `${width}x${height}x${depth}`;

/** A pad in few numbers where its sides are alike; `uneven` is what to say where they are not. */
export function padText(pad, series, uneven = endsOf(pad, series).map(([, zeros]) => zeros).join("x")) {
  if (pad.left !== pad.right || (pad.top !== pad.bottom && !series)) return uneven;
  return series ? `${pad.left}` : pairText(pad.left, pad.top);
}

/** The sides that a pad is at, each with its zeros. */
const endsOf = (pad, series) => Object.entries(pad).slice(0, series ? 2 : 4);

/** A convolutional layer, made from BigInts that `parseLayer` has read; refused if it cannot be. */
class ConvLayer {
  constructor(given) {
    const { input, filter, filters, stride, pad, dilation, groups, bias } = given;
    const series = input.length === 2; // of one dimension: height 1, and nobody speaks of it
    const [width, height, depth] = series ? [input[0], 1n, input[1]] : input;
    Object.assign(this, { series, input: { width, height, depth } });
    for (const [count, noun] of [[depth, "input channel"], [filters, "filter"]]) {
      if (count % groups) {
        const things = { count: shown(count), things: plural(count, noun) };
        const even = { depth: shown(depth), filters: shown(filters), things: plural(filters, "filter") };
        const remedy = this.depthLastRemedy || worded("EVEN_GROUPS", even);
        throw new BadRequest("groups", groups, worded("UNEVEN_GROUPS", things), remedy);
      }
    }
    const sides = series ? [filter[0], 1n, filter[1]] : filter;
    const [across, down = across, deep = depth / groups] = sides;
    this.filter = { width: across, height: down, depth: depth / groups };
    if (deep !== this.filter.depth) {
      const found = worded("FILTER_DEPTH", { found: shown(deep), depth: shown(depth / groups) });
      const whole = {
        filter: shown(volumeText(this.filter, series)),
        alone: shown(series ? across : `${across}x${down}`),
      };
      const remedy = this.depthLastRemedy || worded("WITH_DEPTH", whole);
      throw new BadRequest("filter", filter.join("x"), found, remedy);
    }
    this.stride = { x: stride[0], y: series ? 1n : stride.at(-1) };
    this.dilation = { x: dilation[0], y: series ? 1n : dilation.at(-1) };
    Object.assign(this, { given, filters, groups, bias });
    this.pad = { left: 0n, right: 0n, top: 0n, bottom: 0n };
    this.pad = this.resolved(pad);
    for (const axis of this.axes) this.checkRoom(axis);
  }

  /** The input that is meant where its depth seems to come first, as (D, H, W); or null. */
  get depthLast() {
    const { width: depth, height, depth: width } = this.input;
    const shortest = this.series ? width : least(height, width);
    if (depth > TABLES.words.MOST_CHANNELS || depth >= shortest) return null;
    return volumeText({ width, height, depth }, this.series);
  }

  /** Numbers along the width and the height, in few words; of a series the first alone. */
  pairText(x, y) {
    return this.series ? `${x}` : pairText(x, y);
  }

  get depthLastRemedy() {
    return this.depthLast && worded("DEPTH_LAST", { input: `--input ${this.depthLast}` });
  }

  checkRoom(axis) {
    if (axis.room >= 0n) return;
    const { width, height } = this.filter;
    const side = axis.name;
    const none = {
      side,
      filter: shown(axis.filter),
      dilated: axis.dilation > 1n ? worded("DILATED", { extent: shown(axis.extent) }) : "",
      padded: shown(axis.padded),
      pixels: plural(axis.padded, TABLES.words.PIXELS[side]),
    };
    const room = {
      side,
      most: shown((axis.padded - 1n) / axis.dilation + 1n),
      pad: shown((axis.extent - axis.size + 1n) / 2n),
    };
    const remedy = this.depthLastRemedy || worded("ROOM", room);
    throw new BadRequest("filter", this.pairText(width, height), worded("NO_ROOM", none), remedy);
  }

  resolved(pad) {
    if (pad === "same") pad = this.axes.flatMap((axis) => axis.samePad);
    if (this.series) pad = [pad[0], pad[1] ?? pad[0], 0n, 0n];
    const [left, right, top, bottom] =
      pad.length === 4 ? pad : [pad[0], pad[0], pad.at(-1), pad.at(-1)];
    return { left, right, top, bottom };
  }

  replace(changes) {
    const pad = endsOf(this.pad, this.series).map(([, zeros]) => zeros);
    return new ConvLayer({ ...this.given, pad, ...changes });
  }

  get axes() {
    const { input, filter, stride, dilation, pad } = this;
    return [
      new Axis(this.series ? "length" : "width", input.width, filter.width, stride.x, dilation.x, pad.left, pad.right),
      new Axis("height", input.height, filter.height, stride.y, dilation.y, pad.top, pad.bottom),
    ];
  }

  get output() {
    const [x, y] = this.axes;
    return { width: x.positions, height: y.positions, depth: this.filters };
  }

  /** What the letters of the formulas stand for: each as written, and its number. */
  symbols() {
    const { input, filter, filters, groups, bias } = this;
    const [x, y] = this.axes;
    const layer = {
      W: ["W", input.width],
      H: ["H", input.height],
      D: ["D", input.depth],
      FW: ["FW", filter.width],
      FH: ["FH", filter.height],
      K: ["K", filters],
      G: ["G", groups],
      B: bias === "no" ? ["0", 0n] : ["1", 1n],
      untied: ["untied", bias === "untied" ? 1n : 0n],
      ...this.padSymbols(),
    };
    if (this.series) {
      const along = x.symbols("L", "F");
      const [W, FW, P_left, P_right] = [along.W, along.F, along.P_before, along.P_after];
      return { layer: { ...layer, W, FW, P_left, P_right }, axes: { length: along }, series: true };
    }
    const axes = x.alike(y)
      ? { "width, height": x.symbols("W", "F") }
      : { width: x.symbols("W", "FW"), height: y.symbols("H", "FH") };
    return { layer, axes };
  }

  /** The letters of the four pads, written alike where they are one number. */
  padSymbols() {
    const { left, right, top, bottom } = this.pad;
    const [across, down] = left === top ? ["P", "P"] : ["PW", "PH"];
    return {
      P_left: [left === right ? across : "P_left", left],
      P_right: [left === right ? across : "P_right", right],
      P_top: [top === bottom ? down : "P_top", top],
      P_bottom: [top === bottom ? down : "P_bottom", bottom],
    };
  }

  toString() {
    const { stride, dilation, pad, filters, groups, series } = this;
    const sides = endsOf(pad, series).map(([side, pixels]) => `${side} ${pixels}`);
    const told = [
      `${filters} ${plural(filters, "filter")} of ${volumeText(this.filter, series)}`,
      `stride ${this.pairText(stride.x, stride.y)}`,
      `pad ${padText(pad, series, sides.join(", "))}`,
      dilation.x > 1n || dilation.y > 1n
        ? `dilation ${this.pairText(dilation.x, dilation.y)}`
        : "",
      groups > 1n ? `${groups} groups` : "",
      { yes: "", no: "no bias", untied: "untied biases" }[this.bias],
    ].filter(Boolean);
    const [input, output] = [this.input, this.output].map((volume) => volumeText(volume, series));
    return `${input} → ${output}: ${told.join(", ")}`;
  }
}

/** The word `same` or `valid` however it is written, or undefined. */
export function padWord(text) {
  return ["same", "valid"].find((word) => word === unified(text).toLowerCase());
}

/** Read a layer from text, as typed on a command line; bias is yes, no or untied. */
export function parseLayer(texts) {
  const word = padWord(texts.pad);
  const pad = word === "valid" ? "0" : (word ?? texts.pad);
  const input = numbers("input", texts.input, [2, 3]);
  const series = input.length === 2;
  const read = (option, lengths) => numbers(option, texts[option], lengths, 1n, series);
  return new ConvLayer({
    input,
    filter: read("filter", series ? [1, 2] : [1, 2, 3]),
    stride: read("stride", series ? [1] : [1, 2]),
    pad: pad === "same" ? pad : numbers("pad", pad, series ? [1, 2] : [1, 2, 4], 0n, series),
    dilation: read("dilation", series ? [1] : [1, 2]),
    groups: numbers("groups", texts.groups, [1])[0],
    filters: numbers("filters", texts.filters, [1])[0],
    bias: texts.bias,
  });
}

/** The command that prints this layer; `pad` may be the word `same` or `valid`. */
export function commandFor(layer, pad) {
  const { input, filter, stride, dilation, groups, filters, bias, series } = layer;
  const texts = {
    filter: layer.pairText(filter.width, filter.height),
    stride: layer.pairText(stride.x, stride.y),
    pad: pad === "same" ? pad : padText(layer.pad, series),
    filters: `${filters}`,
    dilation: layer.pairText(dilation.x, dilation.y),
    groups: `${groups}`,
    bias,
  };
  const words = TABLES.options
    .filter(([name, usual]) => texts[name] !== usual)
    .map(([name]) => (texts[name] === "no" ? "--no-bias" : `--${name} ${texts[name]}`));
  return ["convcalc params", `--input ${volumeText(input, series)}`, ...words].join(" ");
}
