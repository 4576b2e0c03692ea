// Small integers for a demo: what convcalc/arithmetic/walk/integers.py makes, in 32-bit steps.

const LEAST_AND_MOST = { input: [0, 4], weights: [-2, 2], bias: [-2, 2], upstream: [-2, 2] };
const GOLDEN = 0x9e3779b1;

function mixed(state, number) {
  const product = Math.imul(state ^ number, GOLDEN);
  return product ^ (product >>> 15);
}

/** Return a function of the place in one array: its integer there. */
export function smallIntegers(seed, name) {
  const [least, most] = LEAST_AND_MOST[name];
  const start = [seed, ...new TextEncoder().encode(name)].reduce(mixed, 0);
  return (...place) => {
    let state = start;
    for (const number of place) state = mixed(state, number);
    return least + ((mixed(state, place.length) >>> 0) % (most - least + 1));
  };
}
