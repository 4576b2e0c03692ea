// What is on screen: a layer's numbers, their cells, and what is looked at.

export const state = {
  shared: true,
  pass: "forward",
  neuron: { k: 0, i: 0, j: 0 },
  tap: null,
  timer: 0,
  demo: null,
  values: {},
  cells: null,
};
