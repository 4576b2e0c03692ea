// Stepping from neuron to neuron, by hand or by the clock.

function select(neuron) {
  state.neuron = neuron;
  drawSelection();
}

function stepBy(count) {
  const to = lesson.stepOf(state.neuron) + count;
  if (to < 0 || to >= lesson.neurons) return false;
  select(lesson.neuronAt(to));
  return true;
}

function pause() {
  clearTimeout(state.timer);
  state.timer = 0;
  byId("play").textContent = "Play";
  byId("sum").setAttribute("aria-live", "polite");
}

function play() {
  byId("play").textContent = "Pause";
  byId("sum").setAttribute("aria-live", "off");
  if (lesson.stepOf(state.neuron) === lesson.neurons - 1) select(lesson.neuronAt(0));
  const beat = () => {
    if (stepBy(1)) state.timer = setTimeout(beat, 1000 / byId("speed").value);
    else pause();
  };
  state.timer = setTimeout(beat, 1000 / byId("speed").value);
}
