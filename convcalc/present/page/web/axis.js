// One axis of a layer: how a filter slides along a row. Mirrors convcalc/layer/axis.py.
import { most } from "./figures.js";

export class Axis {
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
  alike(other) {
    return Object.keys(this).every((key) => key === "name" || this[key] === other[key]);
  }
  /** What the letters of its formulas stand for; `side` and `field` are W and F here. */
  symbols(side, field) {
    const { size, filter, stride, dilation, before, after } = this;
    const even = before === after;
    return {
      W: [side, size],
      F: [field, filter],
      S: ["S", stride],
      d: ["d", dilation],
      P: ["P", before],
      P_before: [even ? "P" : "P_before", before],
      P_after: [even ? "P" : "P_after", after],
    };
  }
  /** TensorFlow's `same`: ceil(size / stride) positions, the odd pixel after the row. */
  get samePad() {
    const positions = (this.size + this.stride - 1n) / this.stride;
    const missing = most((positions - 1n) * this.stride + this.extent - this.size, 0n);
    return [missing / 2n, missing - missing / 2n];
  }
}
