/**
 * The engine race: one network from one seed, computed by plain Python, by numpy and by our SIMD
 * kernel, side by side. The losses are the same; the speeds are not.
 *
 * But for twenty digits, nothing is loaded before the visitor presses Start.
 *
 * @module
 */

import { html, nothing } from 'lit';
import { Charts } from '../../kit/charts.js';
import '../../kit/glass-card.js';
import '../../kit/glass-status.js';
import { firstTask } from '../../kit/first-task.js';
import { figure } from '../../kit/figure.js';
import { places, sourceAt } from '../../wire/places.js';
import { DIGITS, ENGINES, Race } from '../../models/race.js';
import { exponential, raceSentence, times } from '../../models/race-sentence.js';
import { RecordedRace } from '../../models/recorded-race.js';
import { apart } from '../../models/track.js';
import { painted } from '../../kit/painted.js';
import { partsOf } from '../../kit/parts.js';
import { Public } from '../../kit/public.js';
import { controls, shared } from '../../kit/styles.js';
import { count, megabytes, signed } from '../../models/words.js';
import { loadCharts } from '../load-charts.js';
import { Living } from '../living.js';
import { Sharing } from '../share/sharing.js';
import './glass-reads.js';
import { look } from './race-look.js';
import { WORDS } from './race-words.js';

/** What the recorded race asks of the page. */
const STAGE = { still: () => matchMedia('(prefers-reduced-motion: reduce)').matches, hidden: () => document.hidden };

/** How each engine computes. */
const WAYS = /** @type {Record<string, string>} */ ({
  python: 'lists and loops, one number at a time',
  numpy: 'whole arrays in compiled C',
  simd: 'our kernel, four numbers in one instruction',
});

export class GlassRace extends Living {
  static styles = [
    figure,
    shared,
    controls,
    look,
    partsOf('race'),
  ];

  #public = new Public(this, {});
  /** @type {Race|null} */
  #race = null;
  /** The frames that were drawn last. @type {(import('../../python/client.js').Seen|null)[]} */
  #drawn = [];
  /** @type {Charts<import('./race-charts.js').RaceCharts>} */
  #charts = new Charts(this, {
    load: async () => {
      const { RaceCharts } = await loadCharts();
      return (palette) => new RaceCharts({ steps: this.#find('#steps'), seconds: this.#find('#seconds') }, ENGINES, palette, this.#width);
    },
    draw: (charts) => charts.draw(this.#tracks),
    width: () => this.#width,
    ready: () => this.#race !== null,
  });

  #sharing = new Sharing(this, 'race');

  /** A recorded race, until one is begun here. */
  #recorded = new RecordedRace(STAGE);

  get recorded() {
    return this.#recorded;
  }

  /** Whether the recorded one is what is shown. */
  get #isRecorded() {
    return this.#race !== null && this.#race.state.value === 'off' && !this.#race.wanted.value;
  }

  get #tracks() {
    return (this.#isRecorded ? this.#recorded : this.#race)?.tracks.value ?? [];
  }

  /** What it shows; null while it stands on no page. */
  get race() {
    return this.#race;
  }

  async scheduleUpdate() {
    await firstTask(this);
    this.#open();
    super.scheduleUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated) this.#open(); // put in again
  }

  #open() {
    if (this.#race || !this.isConnected) return;
    this.#race = new Race(places());
    void this.#race.open();
    this.#recorded.play();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#recorded.stop();
    this.#race?.close();
    this.#race = null;
  }

  /** Starts the race, as its button does. */
  play() {
    if (this.#race?.state.peek() !== 'finished') this.#race?.start();
  }

  pause() {
    this.#race?.pause();
  }

  reset() {
    if (this.#race?.state.peek() !== 'off') this.#race?.reset();
  }

  updated() {
    if (!this.#isRecorded) this.#recorded.stop();
    this.#charts.invalidate();
    const frames = this.#race?.runs.map((run) => run.frame.peek()) ?? [];
    const fresh = frames.map((frame, i) => (frame === this.#drawn[i] ? null : frame));
    if (!fresh.some(Boolean)) return;
    this.#drawn = frames;
    void painted().then(() => this.#race?.drawn(fresh));
  }

  render() {
    const race = this.#race;
    if (!race) return html`<slot></slot>`;
    const { phase, progress, failures } = race.interpreter;
    const [state, size] = [race.state.value, race.size.value];
    const running = phase.value !== 'failed' && (race.wanted.value || state === 'running');
    const over = state === 'finished';
    this.#public.say(failures.value.length ? 'failed' : running ? 'running' : 'ready', failures.value[0]?.message);
    const loads = phase.value === 'off' && size ? ` (loads ${megabytes(size.python + size.digits)} once)` : '';
    const { about, text } = raceSentence(race);
    return html`
      <div class="top screen">
        ${running
          ? html`<button part="controls" class="primary" data-command="pause" @click=${() => race.pause()}>Pause</button>`
          : html`<button part="controls" class="primary" data-command="start" aria-disabled=${String(over)} title=${over ? 'The race is over; Reset begins another.' : nothing} @click=${() => !over && race.start()}>
              Start${loads}
            </button>`}
        <button part="controls" data-command="reset" aria-disabled=${String(state === 'off')} @click=${() => state !== 'off' && race.reset()}>Reset</button>
        <slot name="controls"></slot>
        <glass-status
          .sentence=${text}
          .about=${about}
          .progress=${phase.value === 'loading' && progress.value?.stage === 'download' ? progress.value : null}
          .failures=${failures.value}
          @retry=${() => void race.retry()}
        ></glass-status>
      </div>
      <glass-card file="race" source=${sourceAt('glassnet.engines.python:PythonEngine.product')} .words=${WORDS} heading=${this.#isRecorded ? 'A recorded race: digits a second' : 'How fast: digits a second'}>
        ${this.#table()}
        <glass-reads part="reads" .examples=${race.examples.value} .answers=${this.#answers(race)} .engines=${ENGINES} .count=${DIGITS}></glass-reads>
        ${this.#isRecorded ? html`<p class="small muted">Recorded on ${this.#recorded.about.date} (${this.#recorded.about.machine}), and played at the speed it had, each engine by its own clock. Start runs one here.</p>` : nothing}
      </glass-card>
      <div part="charts" class="charts">
        <glass-card file="losses" .drawing=${() => this.#charts.made?.svg('steps') ?? null} source=${sourceAt('glassnet.training.learner:Learner.step')} heading="How wrong, step by step: the same for all">
          <div class="plot" id="steps"></div>
          <p class="small">${this.#agreement()}</p>
        </glass-card>
        <glass-card file="losses-over-time" .drawing=${() => this.#charts.made?.svg('seconds') ?? null} source=${sourceAt('glassnet.training.learner:Learner.step')} heading="The same losses, over the time each took">
          <div class="plot" id="seconds"></div>
          <p class="small">Each curve is an average of about 20 steps. On the right an engine’s clock runs only while it computes.</p>
        </glass-card>
      </div>
      <slot name="caption"></slot>
    `;
  }

  #table() {
    const lanes = (this.#isRecorded ? this.#recorded : this.#race)?.lanes.value ?? [];
    const speeds = lanes.map((lane) => lane.samplesPerSecond);
    return html`<div class="lanes" role="table" aria-label="Speeds">
      <div class="row heads muted small" role="row">
        <span role="columnheader">engine</span><span class="track" role="columnheader"></span><span role="columnheader">digits a second</span
        ><span role="columnheader">against python</span><span role="columnheader">steps</span><span role="columnheader">seconds</span>
      </div>
      ${lanes.map(
        ({ engine, available, samplesPerSecond: speed, step, seconds, stopped }) => html`<div class="row" role="row" data-engine=${engine}>
          <span role="rowheader"><i class="key ${engine}"></i><span class="name">${engine}</span><br /><span class="small muted">${WAYS[engine]}${engine === 'simd' ? html` (<a href="#kernel">how</a>)` : nothing}</span></span>
          <span role="cell" class="track"
            ><progress class="bar" aria-label=${`Speed of ${engine}`} max=${Math.max(1, ...speeds)} .value=${speed}></progress>
            ${available ? nothing : html`<span class="small">This browser does not run it: no SIMD in its WebAssembly.</span>`}
            ${stopped ? html`<span class="small">Stopped: ${stopped}.</span>` : nothing}</span
          >
          <span role="cell">${speed ? count(speed) : '–'}</span>
          <span role="cell">${speed && speeds[0] ? `${times(speed / speeds[0])} ×` : '–'}</span>
          <span role="cell">${count(step)}</span>
          <span role="cell">${seconds ? signed(seconds, 2) : '–'}</span>
        </div>`,
      )}
    </div>`;
  }

  /** What each reads the digits as; a recorded race read MNIST's own, which a sample does not begin with. @param {Race} race */
  #answers(race) {
    if (!this.#isRecorded) return race.answers.value;
    return race.examples.value?.sample ? [] : this.#recorded.answers.value;
  }

  #agreement() {
    if (this.#charts.fault) return html`${this.#charts.fault} ${this.#charts.retry()}`;
    const { steps, largest } = apart(this.#race?.tracks.value ?? []);
    if (this.#isRecorded) return 'The curves lie on each other: the arithmetic is the same, only who does it is not.';
    if (!steps) return 'The curves will lie on each other: the arithmetic is the same, only who does it is not.';
    const words = largest < 1e-9 ? 'are the same to the last digit' : `differ by at most ${exponential(largest)} of their size`;
    return html`Over the ${steps === 1 ? 'first step' : `${count(steps)} steps`} that all have taken, the losses ${words}.`;
  }

  get #width() {
    return this.renderRoot.querySelector('#steps')?.clientWidth || 300;
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector(selector));
  }
}

customElements.define('glass-race', GlassRace);
