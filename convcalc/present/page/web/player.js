// Stepping from neuron to neuron, by hand or by the clock.
import { byId } from "./elements.js";
import { select } from "./looking.js";
import { state } from "./state.js";

export function stepBy(count) {
  const { demo } = state;
  const to = demo.stepOf(state.neuron) + count;
  if (to < 0 || to >= demo.neurons) return false;
  select(demo.neuronAt(to));
  return true;
}

export function pause() {
  clearTimeout(state.timer);
  state.timer = 0;
  byId("play").textContent = "Play";
  byId("sum").setAttribute("aria-live", "polite");
}

export function play() {
  byId("play").textContent = "Pause";
  byId("sum").setAttribute("aria-live", "off");
  const { demo } = state;
  if (demo.stepOf(state.neuron) === demo.neurons - 1) select(demo.neuronAt(0));
  const beat = () => {
    if (stepBy(1)) state.timer = setTimeout(beat, 1000 / byId("speed").value);
    else pause();
  };
  state.timer = setTimeout(beat, 1000 / byId("speed").value);
}
