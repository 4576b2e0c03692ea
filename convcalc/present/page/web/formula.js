// The grammar of formulas and sentences: convcalc/arithmetic/formula.py tells its rules, and the
// tables that are written in it come with the page. All numbers are BigInt.
import { grouped, modulo } from "./figures.js";

const NAME = "[A-Za-z]+(?:[ _-][A-Za-z]+)*";
const BETWEEN_SIDES = " × ";
const TOKEN = new RegExp(`${NAME}|[0-9]+|[^ ]`, "g");
const NAMES = new RegExp(NAME, "g");
const CLOSING = { "(": ")", "[": "]", "<": ">" };

/** Do a formula's arithmetic: as written, with numbers, and what it comes to, as a fraction. */
export function workOut(text, letters, shorts) {
  const tokens = writtenOut(text, letters, shorts).match(TOKEN);
  let place = 0;

  function chain(signs, part) {
    let whole = part();
    while (place < tokens.length && signs.includes(tokens[place])) {
      whole = joined(whole, tokens[place++], part());
    }
    return whole;
  }
  const sum = () => chain("+−", product);
  const product = () => chain("·/", factor);

  function factor() {
    const token = tokens[place++];
    if (/^[0-9]/.test(token)) return whole(token, BigInt(token));
    if (token in CLOSING) return bracket(token);
    if (token === "floor" || token === "ceil") {
      place++; // its opening bracket
      return rounded(token, until(")"));
    }
    const [written, number] = letters[token];
    return whole(written, number);
  }

  function bracket(opening) {
    const inner = until(CLOSING[opening]);
    if (opening === "(") return around("(", inner, ")");
    if (opening === "[") return inner.top % inner.bottom ? rounded("floor", inner) : inner;
    return letters.B[1] ? around("(", joined(inner, "+", whole("1", 1n)), ")") : inner;
  }

  function until(closing) {
    const inner = sum();
    if (tokens[place++] !== closing) throw new Error(`${closing} is missing in ${text}`);
    return inner;
  }

  return sum();
}

/** The same for each side of a shape, or for the one formula that is none. */
export function workOutSides(text, letters, shorts) {
  const sides = text.split(BETWEEN_SIDES).map((side) => workOut(side, letters, shorts));
  const joined = (part) => sides.map((side) => side[part]).join(BETWEEN_SIDES);
  const values = sides.map(({ top, bottom }) => top / bottom);
  return { formula: joined("formula"), substituted: joined("substituted"), values };
}

/** Whether a condition comes to another number than 0; none always holds. */
export function holds(condition, letters, shorts) {
  return !condition || workOut(condition, letters, shorts).top !== 0n;
}

const whole = (written, number) => ({
  formula: written,
  substituted: `${number}`,
  top: number,
  bottom: 1n,
});

const around = (before, inner, after) => ({
  ...inner,
  formula: before + inner.formula + after,
  substituted: before + inner.substituted + after,
});

function joined(a, sign, b) {
  const between = "+−".includes(sign) ? ` ${sign} ` : sign;
  const [left, right] = [a.top * b.bottom, b.top * a.bottom];
  const top = { "+": left + right, "−": left - right, "·": a.top * b.top, "/": left }[sign];
  return {
    formula: a.formula + between + b.formula,
    substituted: a.substituted + between + b.substituted,
    top,
    bottom: a.bottom * (sign === "/" ? b.top : b.bottom),
  };
}

function rounded(way, inner) {
  const rest = modulo(way === "ceil" ? -inner.top : inner.top, inner.bottom);
  const top = (inner.top + (way === "ceil" ? rest : -rest)) / inner.bottom;
  return { ...around(`${way}(`, inner, ")"), top, bottom: 1n };
}

/** The longer text of each short name put in, as the text it is. */
function writtenOut(text, letters, shorts) {
  return text.replace(NAMES, (name) => {
    const short = shorts.find(
      ([short, , when]) => short === name && holds(when, letters, shorts),
    );
    return short ? writtenOut(short[1], letters, shorts) : name;
  });
}

/** A sentence with what depends on the layer put in. */
export function say(sentence, letters, shorts, arithmetic = {}) {
  const fill = (inside) => {
    const [expression, ...choices] = split(inside);
    const [text, last] = [expression.slice(0, -1), expression.at(-1)];
    if (last === "!") return letters[text][0];
    if (last === "=") return arithmetic[text];
    const { substituted, top, bottom } = workOut(expression.replace(/[,:~]$/, ""), letters, shorts);
    const value = top / bottom;
    if (last === ":") return substituted;
    if (last === "~") return mixed(top, bottom);
    if (!choices.length) return last === "," ? grouped(value) : `${value}`;
    const chosen = choices[value < choices.length - 1 ? Number(value) : choices.length - 1];
    return filled(chosen, fill).replaceAll("#", grouped(value));
  };
  return filled(sentence, fill);
}

/** A fraction in decimals where these are few, otherwise as a mixed number. */
function mixed(top, bottom) {
  const common = greatestDivisor(top, bottom);
  const denominator = bottom / common;
  const [whole, rest] = [top / bottom, (top % bottom) / common];
  if (!rest) return `${whole}`;
  for (let digits = 1; digits < 7; digits++) {
    const scale = 10n ** BigInt(digits);
    if (scale % denominator === 0n) {
      return `${whole}.${String((rest * scale) / denominator).padStart(digits, "0")}`;
    }
  }
  return `${whole} ${rest}/${denominator}`;
}

function greatestDivisor(a, b) {
  while (b) [a, b] = [b, a % b];
  return a;
}

/** The text with what is in its outermost braces filled in. */
function filled(text, fill) {
  let [made, inside, depth] = ["", "", 0];
  for (const sign of text) {
    if (sign === "}" && !--depth) {
      made += fill(inside);
      inside = "";
    } else if (depth) inside += sign;
    else if (sign !== "{") made += sign;
    if (sign === "{") depth++;
  }
  return made;
}

/** The parts between bars that are in no braces of their own. */
function split(inside) {
  const parts = [""];
  let depth = 0;
  for (const sign of inside) {
    depth += (sign === "{") - (sign === "}");
    if (sign === "|" && !depth) parts.push("");
    else parts[parts.length - 1] += sign;
  }
  return parts;
}
