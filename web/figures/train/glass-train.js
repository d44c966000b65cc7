/**
 * A network that trains before one's eyes: controls, the network at work on one digit, the curves,
 * the wall of digits to choose from, and a line that says what is happening.
 *
 * `python="idle"` starts Python when the page has nothing else to do; otherwise it starts when the
 * visitor presses Start or Step, so that a figure nobody touches costs nothing.
 *
 * @module
 */

import { signal } from '@preact/signals-core';
import { html } from 'lit';
import { TABLE } from '../../state/table.js';
import { firstTask } from '../../kit/first-task.js';
import './glass-chosen.js';
import './glass-controls.js';
import '../curve/glass-curve.js';
import '../../kit/glass-card.js';
import './glass-files.js';
import '../forward/glass-forward.js';
import './glass-recipe.js';
import './glass-replay.js';
import './glass-score.js';
import './glass-speed.js';
import '../../kit/glass-status.js';
import { Living } from '../living.js';
import { Sharing } from '../share/sharing.js';
import '../strip/glass-strip.js';
import * as words from './train-words.js';
import { pageAt, places, sourceAt } from '../../wire/places.js';
import { History } from '../../models/history.js';
import { means, sentence } from '../../models/sentence.js';
import { Training } from '../../models/training.js';
import { figure } from '../../kit/figure.js';
import { comesByItself, whenIdle } from '../../kit/idle.js';
import { painted } from '../../kit/painted.js';
import { partsOf } from '../../kit/parts.js';
import { Public } from '../../kit/public.js';
import { lacks, openPage } from '../../kit/rights.js';
import { Shortcuts } from '../../kit/shortcuts.js';
import { controls, shared } from '../../kit/styles.js';
import { look } from './train-look.js';
import { architecture, count } from '../../models/words.js';

/** @typedef {import('./glass-controls.js').Command} Command */

/** All test digits that the run on the screen gets wrong, those first that it is surest of. */
const MISTAKES = 'browse.html?network=run&find=wrong+test&sort=confidence&down=on&shape=grid';
/** What the models ask of the page. */
const STAGE = { still: () => matchMedia('(prefers-reduced-motion: reduce)').matches, hidden: () => document.hidden };

export class GlassTrain extends Living {
  static properties = { python: { type: String }, brief: { type: Boolean }, settings: { attribute: false }, chosen: { attribute: false }, scope: { attribute: false } };

  static styles = [figure, shared, controls, look, partsOf('train')];

  #public = new Public(this, TABLE);
  /** @type {Training|null} */
  #training = null;
  /** The frame that was drawn last. @type {import('../../python/client.js').Seen|null} */
  #drawn = null;
  #sharing = new Sharing(this, 'train', () => this.chosen.peek());
  #seen = new IntersectionObserver((entries) => this.#training?.look(entries[entries.length - 1].isIntersecting));

  constructor() {
    super();
    /** @type {'idle'|'intent'} when Python starts */
    this.python = 'intent';
    /** A page that binds them to its address sets them; else the figure has those of its attributes. @type {import('../../state/settings.js').Settings|null} */
    this.settings = null;
    /** Whether it gets by with little data until it is touched. */
    this.brief = false;
    /** Where its keys are heard; null for within the figure. @type {EventTarget|null} */
    this.scope = null;
    /** The digits to train and to be tested on, where a link chooses them. */
    this.chosen = signal('');
    this.shortcuts = new Shortcuts(
      this,
      (shortcut) => shortcut !== 'back' && this.#do(shortcut === 'toggle' ? (this.#training?.running.peek() ? 'pause' : 'start') : shortcut),
      () => this.settings?.get('keys') ?? false,
    );
  }

  /** The curves that are shown, as a file has them. */
  #csv = async () => (await import('../../models/csv.js')).asCsv(this.#history ?? new History());
  #svg = () => /** @type {import('../curve/glass-curve.js').GlassCurve|null} */ (this.renderRoot.querySelector('glass-curve'))?.svg() ?? null;

  get #history() {
    const { recorded, replay, run } = this.#training ?? {};
    return recorded?.value ? replay?.history.value : run?.past.value.history;
  }

  /** Puts the keyboard on the network: on the unit looked at. */
  focusNetwork() {
    const network = this.renderRoot.querySelector('glass-forward');
    const tiles = network?.shadowRoot?.querySelector('glass-tiles');
    /** @type {HTMLElement|null|undefined} */ (tiles?.shadowRoot?.querySelector('[aria-pressed=true]'))?.focus();
  }

  /** What it shows; null while it stands on no page. */
  get training() {
    return this.#training;
  }

  async scheduleUpdate() {
    await firstTask(this);
    this.settings ??= this.#public.settings();
    super.scheduleUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    this.#open();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#seen.disconnect();
    this.#training?.close();
    this.#training = null;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('scope')) this.shortcuts.listen();
    if (changed.has('settings')) this.#open();
    const network = /** @type {import('../forward/glass-forward.js').GlassForward|null} */ (this.renderRoot.querySelector('glass-forward'));
    if (network) this.#seen.observe(network);
    this.#acknowledge();
  }

  #open() {
    if (this.#training || !this.settings) return;
    this.#training = new Training(this.settings, places(), this.chosen, { ...STAGE, brief: () => this.brief });
    this.requestUpdate();
    void this.#training.open().then(() => comesByItself(this.python) && whenIdle(() => this.#training?.boot()));
  }

  /** Starts training, as its button does. */
  play = () => this.#do('start');
  pause = () => this.#do('pause');
  /** One batch. */
  step = () => this.#do('step');
  reset = () => this.#do('reset');

  render() {
    const { settings } = this;
    const training = this.#training;
    if (!training || !settings) return html`<slot></slot>`;
    const { run, supply, interpreter, choice, looked, replay } = training;
    const [digits, arrived] = [supply.digits.value, supply.arrived.value];
    const [size, look] = [training.size.value, looked.look.value];
    const { about, text } = this.#sentence(training);
    const [recorded, shown] = [training.recorded.value, training.shown.value];
    const frame = recorded ? run.frame.value : shown;
    const history = this.#history ?? new History();
    const where = recorded ? ` · recorded, step ${count(recorded.step)}` : '';
    const failures = interpreter.failures.value;
    this.#public.say(training.status.value, failures[0]?.message);
    const loads = interpreter.phase.value === 'off' && size && !comesByItself(this.python) ? size.python + size.digits : 0;
    return html`
      <div class="top screen">
        <glass-controls part="controls"
          .frame=${frame}
          .running=${training.running.value}
          .loads=${loads}
          .replaced=${recorded !== null}
          @command=${(/** @type {CustomEvent<{command: Command}>} */ event) => this.#do(event.detail.command)}
        >
          <glass-replay .replay=${replay} ?hidden=${!recorded}></glass-replay>
        </glass-controls>
        <glass-speed part="controls" .settings=${settings}></glass-speed>
        <glass-recipe part="recipe" .settings=${settings} .staged=${training.staged.value} .untouched=${!frame?.step}></glass-recipe>
        <slot name="controls"></slot>
        <glass-status
          .sentence=${text}
          .about=${about}
          .detail=${means(interpreter.versions.value, frame)}
          .progress=${this.#download(training)}
          .failures=${failures}
          .notes=${[...settings.notes.value, ...choice.notes.value]}
          @retry=${() => void training.retry()}
        ></glass-status>
      </div>
      <glass-chosen
        class="screen"
        .subset=${choice.value.value}
        .run=${frame && frame.description.data.chosen}
        .whole=${supply.whole}
        .batch=${settings.get('batch')}
        .classes=${digits?.classes ?? Array.from('0123456789')}
        .fragment=${this.chosen.value}
        .waiting=${!choice.settled.value}
        @all=${() => choice.clear()}
      ></glass-chosen>
      <div class="figures">
        <glass-card file="network" source=${sourceAt('glassnet.layers.dense:Dense.forward')} .words=${words.network} heading=${shown ? `The network: ${architecture(shown.description)}${where}` : 'The network'}>
          <glass-forward
            .frame=${shown}
            .layer=${training.layer.value}
            .digits=${digits}
            .look=${look}
            .looked=${looked}
            .first=${training.first.weights.value}
            .view=${settings.get('view')}
            @view=${(/** @type {CustomEvent<string>} */ { detail }) => settings.set('view', detail)}
            @layer=${(/** @type {CustomEvent<{layer: number}>} */ event) => void (training.layer.value = event.detail.layer)}
          ></glass-forward>
        </glass-card>
        <glass-card part="curves" file="curves" source=${sourceAt('glassnet.training.run:Run._go')} .words=${words.curves} .data=${this.#csv} .drawing=${this.#svg} heading=${recorded ? 'Curves, recorded' : 'Curves'}>
          <glass-curve
            .history=${history}
            .ghost=${replay.fits.value ? replay.whole.value : null}
            .version=${history.version}
            .brief=${this.brief}
            .loss=${shown?.description.config.loss ?? 'mse'}
            .chosen=${Boolean(shown?.description.data.chosen.test)}
            .measuring=${shown?.seconds ? shown.measuring / (shown.seconds + shown.measuring) : null}
          ></glass-curve>
        </glass-card>
      </div>
      <glass-score part="score"
        .told=${training.score.told.value}
        .digits=${digits}
        .href=${!recorded && training.complete.value ? pageAt(MISTAKES) : ''}
        .inside=${pageAt('network.html?model=run')}
        @all=${() => void this.#show(MISTAKES)}
        @inside=${() => void this.#show(`network.html?model=run&digit=${look.index}${look.split === 'train' ? '&split=train' : ''}`)}
        @pick=${(/** @type {CustomEvent} */ event) => looked.choose('test', event.detail.index)}
      ></glass-score>
      <glass-card part="digits" file="digits" source=${sourceAt('glassnet.training.evaluation:evaluate')} .words=${words.digits()} heading=${digits ? `Test digits · ${digits.title}` : 'Test digits'}>
        <glass-strip
          .digits=${digits}
          .arrived=${arrived}
          .selected=${look.split === 'test' && !look.drawing ? look.index : -1}
          .rows=${3}
          @pick=${(/** @type {CustomEvent} */ event) => looked.choose('test', event.detail.index)}
        ></glass-strip>
      </glass-card>
      <glass-files part="files"
        class="screen"
        .files=${training.files.value?.files ?? null}
        .step=${training.files.value?.step ?? 0}
        .ready=${Boolean(frame) && training.complete.value}
        @save-run=${() => void training.save()}
        @open-run=${(/** @type {CustomEvent<Record<string, ArrayBuffer>>} */ event) => void training.restore(event.detail)}
      ></glass-files>
      <p part="keys" class="keys small muted screen">
        <input id="keys" type="checkbox" .checked=${settings.get('keys')} @change=${this.#onKeys} />
        <label for="keys">${TABLE.keys.label}: <kbd>space</kbd> starts and pauses, <kbd>.</kbd> takes a step, <kbd>r</kbd> resets</label>; <kbd>f</kbd> shows the figure alone
      </p>
      <slot name="caption"></slot>
    `;
  }

  /** @param {Training} training */
  #sentence({ interpreter, run, supply, size, replay, recorded, shown }) {
    return sentence({
      phase: interpreter.phase.value,
      progress: interpreter.progress.value,
      mishap: interpreter.mishap.value,
      fetched: supply.fetched.value,
      arrived: supply.arrived.value,
      size: size.value,
      wanted: run.wanted.value,
      frame: recorded.value ? run.frame.value : shown.value,
      told: run.told.value,
      checkpoint: run.checkpoint,
      accuracy: run.past.value.history.evaluations.at(-1)?.accuracy ?? null,
      recorded: recorded.value && { step: recorded.value.step, steps: replay.recording.value?.steps ?? 0 },
      unrecorded: replay.recording.value !== null && !replay.fits.value,
    });
  }

  /** @param {Training} training @returns {{loaded: number, total: number}|null} what to show as a bar */
  #download({ interpreter: { phase, progress }, supply: { fetched } }) {
    if (phase.value === 'loading') return progress.value?.stage === 'download' ? progress.value : null;
    if (phase.value !== 'ready' || fetched.value.loaded >= fetched.value.total) return null;
    return fetched.value;
  }

  /** @param {Command} command */
  #do(command) {
    const training = this.#training;
    const frame = training?.run.frame.value;
    const batches = frame?.description.batches ?? 1;
    if (command === 'start') training?.start();
    else if (command === 'pause') training?.pause();
    else if (command === 'step') training?.step(1);
    else if (command === 'reset') training?.reset();
    else if (command === 'epoch') training?.step(frame ? batches - frame.batch || batches : 1);
  }

  /** Opens another page with this network, beside this one: the run goes on. @param {string} page */
  async #show(page) {
    const kept = await this.#training?.keep();
    const { notes } = /** @type {import('../../state/settings.js').Settings} */ (this.settings);
    const nowhere = `${lacks('same-origin') || 'This browser keeps nothing for this page.'} So no other page can be handed the network: save the run, and drop its weights there.`;
    const fault = kept ? openPage(pageAt(page)) : nowhere;
    if (fault) notes.value = [...notes.peek(), fault];
  }

  /** @param {Event} event */
  #onKeys(event) {
    this.settings?.set('keys', /** @type {HTMLInputElement} */ (event.target).checked ? 'on' : 'off');
  }

  /** Tells the worker, after the frame has been painted, that the next may come. */
  #acknowledge() {
    const frame = this.#training?.run.frame.peek();
    if (!frame || frame === this.#drawn) return;
    this.#drawn = frame;
    void painted().then(() => this.#training?.run.drawn(frame));
  }
}

customElements.define('glass-train', GlassTrain);
