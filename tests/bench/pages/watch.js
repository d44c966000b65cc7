/**
 * Runs in train.html before anything of its own, after drawn.js: notes when a visitor first has
 * what, in milliseconds since navigation, and does what a visitor in a hurry does: presses Start as
 * soon as there is such a button, and picks another digit as soon as the figure stands.
 *
 * A milestone is what has really happened. What the page says of itself (its signals) counts only
 * where nobody else can know; what is seen is read off the canvases, after a picture.
 *
 *   first digits        the digit looked at is drawn (the strip of others may be below the fold, and is drawn when it is seen)
 *   figure              digit and weights of a network are drawn, be it the recorded one
 *   interactive figure  a click on the second digit has been answered: that digit is drawn, and the
 *                       answer on the page is another than before
 *   worker began        a worker has said hello
 *   all bytes           of Python, as the worker says
 *   interpreter         runs, as the worker says
 *   host there          numpy and our packages are imported, as the worker says
 *   run created         Python has described the run
 *   step counted        Python has told of a step of this run (the recorded run is no such thing)
 *   first step          and the weights after it are drawn
 */
(() => {
  const seen = {};
  window.milestones = seen;
  const note = (name, holds = true) => {
    if (holds && !(name in seen)) seen[name] = performance.now();
  };

  const { Worker } = window;
  window.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => note('worker began', data.news === 'hello'));
    }
  };

  const STAGES = { interpreter: 'all bytes', packages: 'interpreter', ready: 'host there' };
  let followed = null;
  const follow = ({ interpreter, run }) => {
    interpreter.progress.subscribe((progress) => note(STAGES[progress?.stage], progress?.stage in STAGES));
    run.description.subscribe((description) => note('run created', description !== null));
    run.frame.subscribe((frame) => note('step counted', frame?.step > 0));
  };

  /** The second digit of the strip is clicked, once. */
  let asked = null;
  const pick = (strip, answer) => {
    if (asked !== null) return;
    asked = answer;
    const { cell, gap } = strip.layout;
    const box = strip.shadowRoot.querySelector('canvas').getBoundingClientRect();
    const at = { clientX: box.left + (1.5 * cell + gap) / devicePixelRatio, clientY: box.top + cell / 2 / devicePixelRatio };
    strip.shadowRoot.querySelector('[role=listbox]').dispatchEvent(new MouseEvent('click', { ...at, bubbles: true, composed: true }));
  };

  const look = () => {
    const root = document.querySelector('glass-train')?.shadowRoot;
    const training = document.querySelector('glass-train')?.training;
    if (!root || !training) return false;
    if (followed !== training) follow((followed = training));
    const [strip, network] = ['glass-strip', 'glass-forward'].map((name) => root.querySelector(name));

    const weights = network?.frame?.arrays['layers.0.weight']?.data;
    const tiles = network?.shadowRoot?.querySelector('glass-tiles:not(.kernels)');
    const figure = () => window.drawn.weights(tiles, weights);
    const digit = network?.shadowRoot?.querySelector('glass-digit')?.shadowRoot?.querySelector('canvas');
    if (!('first digits' in seen) && network?.look?.pixels) note('first digits', window.drawn.digit(digit, network.look.pixels));
    if ('first digits' in seen && !('interactive figure' in seen) && network.frame?.arrays.x && strip.layout.cell) {
      const answer = network.shadowRoot.querySelector('glass-outputs')?.shadowRoot?.querySelector('[role=table]').innerText;
      const drawn = window.drawn.digit(digit, network.look.pixels) && figure();
      note('figure', drawn);
      note('interactive figure', drawn && asked !== null && network.look.index === 1 && answer !== asked);
      if (drawn) pick(strip, answer);
    }

    const frame = training.run.frame.value;
    const real = frame?.step > 0 && network?.frame?.run === frame.run && network.frame.step > 0;
    if (!('first step' in seen) && real) note('first step', figure());

    const start = root.querySelector('glass-controls')?.shadowRoot?.querySelector('[data-command=start]');
    if (start && start.ariaDisabled !== 'true' && !('pressed' in seen)) {
      note('pressed');
      start.click();
    }
    return 'first step' in seen && 'interactive figure' in seen;
  };
  window.afterPictures(look);
})();
