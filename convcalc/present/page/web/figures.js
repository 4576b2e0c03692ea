// Numbers as text, exact however long they are.

/** Separate the thousands of every number in a text: 105705600 reads 105,705,600. */
export function grouped(value) {
  return String(value).replace(/\d+/g, (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ","));
}

/** A noun as it stands behind a number, and both. */
export function plural(number, noun) {
  return noun + (BigInt(number) === 1n ? "" : noun.endsWith("s") ? "es" : "s");
}

export function counted(number, noun) {
  return `${grouped(number)} ${plural(number, noun)}`;
}

/** A small integer with a real minus sign, in brackets where it would follow another sign. */
export function signed(number) {
  return String(number).replace("-", "−");
}

export function bracketed(number) {
  return number < 0 ? `(${signed(number)})` : String(number);
}

/** The decimal logarithm of a BigInt from 1 up: its digits, and the first fifteen of them. */
export function log10(value) {
  const digits = String(value);
  const head = digits.slice(0, 15);
  return Math.log10(Number(head)) + digits.length - head.length;
}

export const least = (a, b) => (a < b ? a : b);
export const most = (a, b) => (a > b ? a : b);
export const size = (number) => (number < 0n ? -number : number);

/** The remainder that is never negative, as Python's. */
export const modulo = (a, n) => ((a % n) + n) % n;
