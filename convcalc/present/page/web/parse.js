// Reading the layer's settings, and refusing what cannot be in the command line's sentences.
// Mirrors convcalc/layer/parse.py. All numbers are BigInt.
import { TABLES } from "./tables.js";

const WORDS = TABLES.words;

/** What was asked cannot be done as asked; the sentence is the command line's. */
export class BadRequest extends Error {
  constructor(argument, value, problem, remedy) {
    super(`--${argument} ${shown(value)}: ${problem}; ${remedy}`);
    this.argument = argument;
  }
}

/** A sentence of Python's with what is in braces put in. */
export function worded(sentence, words) {
  return WORDS[sentence].replace(/{(\w+)}/g, (_, name) => words[name]);
}

/** A value as one short line, shortened in the middle. */
export function shown(value) {
  const text = String(value).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
  const characters = [...(text && text === text.trim() ? text : `'${text}'`)];
  if (characters.length <= 60) return characters.join("");
  return `${characters.slice(0, 29).join("")}...${characters.slice(-28).join("")}`;
}

/** A text as the keyboard has it: full-width signs, × and − as ASCII, no blanks around. */
export function unified(text) {
  const signs = Object.entries(WORDS.SIGNS);
  const typed = (sign) => {
    const plain = signs.find(([, others]) => others.includes(sign));
    if (plain) return plain[0];
    return /[！-～]/.test(sign) ? String.fromCharCode(sign.charCodeAt() - 0xfee0) : sign;
  };
  return Array.from(text, typed).join("").trim();
}

/** The parts of a size: split by x, *, commas or blanks, in brackets or not. */
export function parts(text) {
  const plain = unified(text);
  const inner = /^(\(.*\)|\[.*\]|\{.*\})$/s.test(plain) ? plain.slice(1, -1) : plain;
  return inner.split(/[x,]/).flatMap((chunk) => chunk.trim().split(/\s+/));
}

/** A number without what parts its digits in threes; anything else as it is. */
function ungrouped(text) {
  const plain = unified(text).replace(/\s+/g, " ");
  const inThrees = /^[1-9][0-9]{0,2}([,_' ])[0-9]{3}(\1[0-9]{3})*$/.test(plain);
  return inThrees ? plain.replace(/[^0-9]/g, "") : text;
}

/** Digits such as 1,024 where a comma or a blank may part numbers or one's thousands. */
export function unclear(text) {
  const plain = unified(text);
  const either = plain.includes("x") ? "|[,\\s][0-9]" : plain.includes(",") ? "|\\s[0-9]" : "";
  return plain.match(`(?<![0-9])([0-9]{1,3})((?:[,\\s]0${either})[0-9]{2})(?![0-9])`);
}

/** What to give for an input of these sides: of a batch's four, which three are meant. */
export function shapeRemedy(sides) {
  const [batch, ...rest] = sides;
  const isShape = /^[0-9]+$/.test(batch) || WORDS.ANY_BATCH.includes(batch);
  if (!isShape || !rest.every((side) => /^[0-9]*[1-9][0-9]*$/.test(side))) return WORDS.INPUT;
  if (rest.length === 4) return WORDS.TWO_AXES;
  if (rest.length !== 3) return WORDS.INPUT;
  const [a, b, c] = rest;
  const input = (...three) => `--input ${three.map(shown).join("x")}`;
  const [first, last] = [input(c, b, a), input(b, a, c)];
  const readings = first === last ? first : worded("READINGS", { first, last });
  return worded("BATCH", { batch: shown(batch), readings });
}

/** Read so many integers, each `smallest` or more, from text such as 227x227x3. */
export function numbers(argument, text, lengths, smallest = 1n, series = false) {
  const isOne = lengths.join() === "1";
  const found = parts(isOne ? ungrouped(text) : text);
  const refuse = (problem, remedy) => {
    const remedies = series ? WORDS.SERIES_REMEDIES : WORDS.REMEDIES;
    const usual = argument === "input" ? shapeRemedy(found) : remedies[argument];
    throw new BadRequest(argument, text, problem, remedy ?? usual);
  };
  const doubt = found.length > 1 && unclear(text);
  if (doubt) {
    const [part, first, second] = doubt;
    const two = `${first}x${Number(second.slice(1))}`;
    const remedy = worded("ONE_OR_TWO", { one: first + second.slice(1), two });
    refuse(worded("IN_DOUBT", { part: shown(part) }), remedy);
  }
  for (const part of found) {
    if (!/^[+-]?[0-9]+$/.test(part)) {
      const alone = found.length === 1 || !found.some(Boolean);
      const wrong = { part: part ? shown(part) : "nothing" };
      refuse(alone ? WORDS.NOT_WHOLE : worded("PART_NOT_WHOLE", wrong));
    }
    if (part.replace(/^[+-]/, "").length > WORDS.MOST_DIGITS) refuse(WORDS.TOO_LONG);
  }
  const values = found.map(BigInt);
  if (!lengths.includes(values.length)) {
    const count = values.length === 1 ? "1 number" : `${values.length} numbers`;
    const others = lengths.slice(0, -1).join(", ");
    const wanted = (others && `${others} or `) + lengths.at(-1) + (isOne ? " is" : " are");
    refuse(worded("TOO_MANY", { count, wanted }));
  }
  for (const value of values) {
    const its = values.length > 1 ? `its ${shown(value)} ` : "";
    if (value < smallest) refuse(worded("TOO_SMALL", { its, least: smallest }));
  }
  return values;
}
