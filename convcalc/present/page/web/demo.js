// What the page draws of a layer, and the numbers in it: the corner that is small enough, the
// data, one neuron's sum, one position's contribution to the gradient. Plain numbers from here on.
import { least } from "./figures.js";
import { smallIntegers } from "./integers.js";

const SIDE = 24; // columns and rows of a padded slice drawn whole
const CORNER = 14; // of a larger one, unless its filter needs more
const CHANNELS = 6;
const SLICES = 8;
const PRODUCTS = 500_000; // in all neurons drawn
const MANY = 1_000_000n; // more than any place drawn

export const capped = (value, cap = MANY) => Number(least(value, BigInt(cap)));

/** One axis of the corner: so many padded pixels, and the windows that lie within. */
function cornerOf(axis) {
  const names = ["stride", "dilation", "extent", "before", "size", "filter"];
  const [stride, dilation, extent, before, size, taps] = names.map((name) => capped(axis[name]));
  const whole = axis.padded <= BigInt(SIDE);
  const pixels = whole ? Number(axis.padded) : Math.min(Math.max(CORNER, extent + stride), SIDE);
  const windows = pixels < extent ? 0 : Math.floor((pixels - extent) / stride) + 1;
  const positions = Math.min(windows, capped(axis.positions));
  const used = axis.padded - axis.unused;
  return {
    pixels,
    positions,
    taps,
    isPad: (pixel) => pixel < before || pixel >= before + size,
    isLeft: (pixel) => BigInt(pixel) >= used,
    inputAt: (pixel) => pixel - before,
    pixelOf: (position, tap) => position * stride + tap * dilation,
    /** Every position, drawn or not, whose filter covers a drawn pixel. */
    seenFrom(pixel) {
      const seen = [];
      for (let position = 0; position * stride <= pixel; position++) {
        const offset = pixel - position * stride;
        const covered = offset % dilation === 0 && offset / dilation < taps;
        if (covered && BigInt(position) < axis.positions) seen.push(position);
      }
      return seen;
    },
    whole,
  };
}

/** A layer's numbers for a demo: small integers from the seed, as far as they are drawn. */
export class Demo {
  constructor(layer, seed) {
    this.layer = layer;
    this.data = Object.fromEntries(
      ["input", "weights", "bias", "upstream"].map((name) => [name, smallIntegers(seed, name)]),
    );
    const [across, down] = layer.axes.map(cornerOf);
    Object.assign(this, { across, down });
    this.depth = capped(layer.filter.depth);
    this.channels = capped(layer.input.depth, CHANNELS);
    const perSlice = across.positions * down.positions * across.taps * down.taps * this.depth;
    this.slices = Math.min(capped(layer.filters, SLICES), Math.floor(PRODUCTS / (perSlice || 1)));
    if (!perSlice) this.slices = 0;
    this.filterChannels = this.slices ? Math.min(this.depth, CHANNELS) : 0;
    this.whole =
      across.whole &&
      down.whole &&
      BigInt(this.channels) === layer.input.depth &&
      BigInt(this.slices) === layer.filters;
    this.positions = across.positions * down.positions;
    this.sheets = new Map();
  }

  /** The neurons drawn, in the order they are stepped through: slice, row, column. */
  get neurons() {
    return this.slices * this.positions;
  }

  neuronAt(step) {
    const [slice, position] = [Math.floor(step / this.positions), step % this.positions];
    const { positions: columns } = this.across;
    return { k: slice, i: Math.floor(position / columns), j: position % columns };
  }

  /** Where something is: its row and column, or in a series the one number, under its name. */
  where(row, column, name = "position") {
    return this.layer.series ? `${name} ${column}` : `row ${row}, column ${column}`;
  }

  stepOf({ k, i, j }) {
    return k * this.positions + i * this.across.positions + j;
  }

  /** The first channel of the group a filter belongs to. */
  firstChannel(k) {
    return Math.floor(k / capped(this.layer.filters / this.layer.groups)) * this.depth;
  }

  /** A padded pixel's value: zero in the pad. */
  pixel(row, column, channel) {
    if (!this.sheets.has(channel)) this.sheets.set(channel, this.sheet(channel));
    return this.sheets.get(channel)[row * this.across.pixels + column];
  }

  sheet(channel) {
    const { across, down } = this;
    const values = new Int8Array(across.pixels * down.pixels);
    for (let row = 0; row < down.pixels; row++) {
      for (let column = 0; column < across.pixels; column++) {
        if (across.isPad(column) || down.isPad(row)) continue;
        const place = [down.inputAt(row), across.inputAt(column), channel];
        values[row * across.pixels + column] = this.data.input(...place);
      }
    }
    return values;
  }

  /** The weights a neuron uses, as a function of filter row, filter column and channel. */
  weights({ k, i, j }, shared) {
    const owner = shared ? [k] : [i, j, k];
    return (m, n, c) => this.data.weights(...owner, m, n, c);
  }

  bias({ k, i, j }, shared) {
    const { bias } = this.layer;
    if (bias === "no") return 0;
    return shared && bias === "yes" ? this.data.bias(k) : this.data.bias(i, j, k);
  }

  upstream({ k, i, j }) {
    return this.data.upstream(i, j, k);
  }

  /** Call `visit(m, n, c, x)` for every tap of a neuron's window, channel by channel. */
  window({ k, i, j }, visit) {
    const first = this.firstChannel(k);
    for (let c = 0; c < this.depth; c++) {
      for (let m = 0; m < this.down.taps; m++) {
        const row = this.down.pixelOf(i, m);
        for (let n = 0; n < this.across.taps; n++) {
          visit(m, n, c, this.pixel(row, this.across.pixelOf(j, n), first + c));
        }
      }
    }
  }

  /** A neuron's value: its window times its weights, and its bias. */
  value(neuron, shared) {
    const weight = this.weights(neuron, shared);
    let total = this.bias(neuron, shared);
    this.window(neuron, (m, n, c, x) => (total += x * weight(m, n, c)));
    return total;
  }

  /** The positions of a slice up to and with a neuron's, in the order they are stepped through. */
  upTo({ k, i, j }) {
    const last = i * this.across.positions + j;
    return Array.from({ length: last + 1 }, (_, position) =>
      this.neuronAt(k * this.positions + position),
    );
  }

  /** The pixel under one weight of a neuron's filter. */
  under({ k, i, j }, { m, n, c }) {
    const [row, column] = [this.down.pixelOf(i, m), this.across.pixelOf(j, n)];
    return this.pixel(row, column, this.firstChannel(k) + c);
  }
}
