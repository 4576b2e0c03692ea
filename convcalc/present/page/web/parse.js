// Reading the layer's settings, and refusing what cannot be in the command line's sentences.
// Mirrors convcalc/layer/parse.py. All numbers are BigInt.

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
export class BadRequest extends Error {
  constructor(argument, value, problem, remedy) {
    super(`--${argument} ${shown(value)}: ${problem}; ${remedy}`);
    this.argument = argument;
  }
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
    throw new BadRequest(argument, text, problem, REMEDY[argument]);
  };
  const parts = text.split(/[xX×]/).map((part) => part.trim());
  for (const part of parts) {
    if (!/^[+-]?[0-9]+$/.test(part)) {
      const wrong = `has a part that is not a whole number (${part ? shown(part) : "nothing"})`;
      const alone = parts.length === 1 || !parts.some(Boolean);
      refuse(alone ? "is not a whole number" : wrong);
    }
    if (part.replace(/^[+-]/, "").length > MAX_DIGITS) {
      refuse(`has more than ${MAX_DIGITS} digits`);
    }
  }
  const values = parts.map(BigInt);
  if (!lengths.includes(values.length)) {
    const count = values.length === 1 ? "1 number" : `${values.length} numbers`;
    const wanted = lengths.join(" or ") + (lengths.join() === "1" ? " is" : " are");
    refuse(`is ${count} where ${wanted} needed`);
  }
  for (const value of values) {
    const its = values.length > 1 ? `its ${shown(value)} ` : "";
    if (value < smallest) refuse(`${its}must be at least ${smallest}`);
  }
  return values;
}
