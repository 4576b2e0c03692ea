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

/** Read so many integers, each `smallest` or more, from text such as 227x227x3. */
export function numbers(argument, text, lengths, smallest = 1n) {
  const refuse = (problem) => {
    throw new BadRequest(argument, text, problem, WORDS.REMEDIES[argument]);
  };
  const parts = text.split(/[xX×]/).map((part) => part.trim());
  for (const part of parts) {
    if (!/^[+-]?[0-9]+$/.test(part)) {
      const alone = parts.length === 1 || !parts.some(Boolean);
      const wrong = { part: part ? shown(part) : "nothing" };
      refuse(alone ? WORDS.NOT_WHOLE : worded("PART_NOT_WHOLE", wrong));
    }
    if (part.replace(/^[+-]/, "").length > WORDS.MOST_DIGITS) refuse(WORDS.TOO_LONG);
  }
  const values = parts.map(BigInt);
  if (!lengths.includes(values.length)) {
    const count = values.length === 1 ? "1 number" : `${values.length} numbers`;
    const wanted = lengths.join(" or ") + (lengths.join() === "1" ? " is" : " are");
    refuse(worded("TOO_MANY", { count, wanted }));
  }
  for (const value of values) {
    const its = values.length > 1 ? `its ${shown(value)} ` : "";
    if (value < smallest) refuse(worded("TOO_SMALL", { its, least: smallest }));
  }
  return values;
}
