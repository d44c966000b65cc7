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
import { html, LitElement } from 'lit';
import { Settings } from '../../state/settings.js';
import { TABLE } from '../../state/table.js';
import { firstTask } from '../../kit/first-task.js';
import { Follow } from '../../kit/follow.js';
import './glass-chosen.js';
import './glass-controls.js';
import '../curve/glass-curve.js';
import '../../kit/glass-card.js';
import './glass-files.js';
import '../network/glass-network.js';
import './glass-recipe.js';
import './glass-replay.js';
import '../../kit/glass-status.js';
import '../strip/glass-strip.js';
import { places } from '../../wire/places.js';
import { sentence } from '../../models/sentence.js';
import { Session } from '../../models/session.js';
import { figure } from '../../kit/figure.js';
import { Shortcuts } from '../../kit/shortcuts.js';
import { controls, shared } from '../../kit/styles.js';
import { look } from './train-look.js';
import { architecture, count } from '../../models/words.js';

/** @typedef {import('./glass-controls.js').Command} Command */

export class GlassTrain extends LitElement {
  static properties = { python: { type: String }, settings: { attribute: false }, chosen: { attribute: false }, scope: { attribute: false } };

  static styles = [figure, shared, controls, look];

  /** @type {Session|null} */
  #session = null;
  #acknowledged = 0;
  #marked = false;
  #frame = 0;
  #seen = new IntersectionObserver((entries) => this.#session?.look(entries[entries.length - 1].isIntersecting));

  constructor() {
    super();
    /** @type {'idle'|'intent'} when Python starts */
    this.python = 'intent';
    /** A page that binds them to its address sets them; else the figure has some of its own. @type {Settings|null} */
    this.settings = null;
    /** Where its keys are heard; null for within the figure. @type {EventTarget|null} */
    this.scope = null;
    /** The digits to train and to be tested on, where a link chooses them. */
    this.chosen = signal('');
    this.follow = new Follow(this, () => this.#read());
    this.shortcuts = new Shortcuts(
      this,
      (shortcut) => this.#do(shortcut === 'toggle' ? (this.#running ? 'pause' : 'start') : shortcut),
      () => this.settings?.get('keys') ?? false,
    );
  }

  async scheduleUpdate() {
    await firstTask(this);
    this.settings ??= new Settings();
    super.scheduleUpdate();
  }

  connectedCallback() {
    super.connectedCallback();
    this.#open();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#seen.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#session?.close();
    this.#session = null;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('scope')) this.shortcuts.listen();
    if (changed.has('settings')) this.#open();
    const network = /** @type {import('../network/glass-network.js').GlassNetwork|null} */ (this.renderRoot.querySelector('glass-network'));
    if (network) this.#seen.observe(network);
    this.#mark(network?.frame);
    this.#acknowledge();
  }

  /** Notes, for whoever measures, when there first was something to play with. @param {import('../../python/protocol.js').Frame|null|undefined} frame */
  #mark(frame) {
    if (this.#marked || !frame?.activity) return;
    this.#marked = true;
    performance.mark('interactive figure');
  }

  #open() {
    if (this.#session || !this.settings) return;
    this.#session = new Session(this.settings, places(), this.chosen);
    this.follow.again();
    void this.#session.open().then(() => this.#comes && this.#whenIdle(() => void this.#session?.boot()));
  }

  /** Whether Python comes by itself. Somebody who has asked for little data gets it only when they ask for that, too. */
  get #comes() {
    const { connection } = /** @type {Navigator & {connection?: {saveData?: boolean}}} */ (navigator);
    return this.python === 'idle' && !connection?.saveData;
  }

  /** @param {() => void} act */
  #whenIdle(act) {
    if ('requestIdleCallback' in window) requestIdleCallback(act, { timeout: 2000 });
    else setTimeout(act, 200);
  }

  /** All that a render depends on. */
  #read() {
    const session = this.#session;
    if (!session) return;
    const { phase, progress, size, versions, frame, files, history, failures, wanted, staged, recorded } = session;
    const { digits, arrived, fetched } = session.supply;
    const { look } = session.looked;
    const { value, notes, settled } = session.choice;
    for (const one of [value, notes, settled, this.chosen, phase, progress, size, versions, digits, arrived, look, frame, files, history, failures, fetched, wanted, staged, recorded]) one.value;
    for (const name of /** @type {const} */ (['batch', 'keys'])) this.settings?.get(name);
    this.settings?.notes.value;
  }

  get #running() {
    return this.#session?.wanted.value || this.#session?.frame.value?.state === 'running';
  }

  render() {
    const { settings } = this;
    const session = this.#session;
    if (!session || !settings) return html`<slot></slot>`;
    const [digits, arrived] = [session.supply.digits.value, session.supply.arrived.value];
    const [frame, size] = [session.frame.value, session.size.value];
    const look = session.looked.look.value;
    const { about, text } = this.#sentence(session);
    const recorded = session.recorded.value;
    const shown = recorded ?? frame;
    const history = recorded ? session.replay.history.value : session.history.value;
    const run = recorded ? ` · recorded, step ${count(recorded.step)}` : '';
    const loads = session.phase.value === 'off' && size && !this.#comes ? size.python + size.digits : 0;
    return html`
      <div class="top">
        <glass-controls
          .frame=${frame}
          .running=${Boolean(this.#running)}
          .loads=${loads}
          .replaced=${recorded !== null}
          @command=${(/** @type {CustomEvent<{command: Command}>} */ event) => this.#do(event.detail.command)}
        >
          <glass-replay .replay=${session.replay} ?hidden=${!recorded}></glass-replay>
        </glass-controls>
        <glass-recipe .settings=${settings} .staged=${session.staged.value} .untouched=${!frame?.step}></glass-recipe>
        <glass-status
          .sentence=${text}
          .about=${about}
          .progress=${this.#download(session)}
          .failures=${session.failures.value}
          .notes=${[...settings.notes.value, ...session.choice.notes.value]}
          @retry=${() => void session.retry()}
        ></glass-status>
      </div>
      <glass-chosen
        .subset=${session.choice.value.value}
        .run=${frame && frame.data.chosen}
        .whole=${session.supply.whole}
        .batch=${settings.get('batch')}
        .classes=${digits?.classes ?? Array.from('0123456789')}
        .fragment=${this.chosen.value}
        .waiting=${!session.choice.settled.value}
        @all=${() => session.choice.clear()}
      ></glass-chosen>
      <glass-card heading=${digits ? `Test digits · ${digits.title}` : 'Test digits'}>
        <glass-strip
          .digits=${digits}
          .arrived=${arrived}
          .selected=${look.split === 'test' && !look.drawing ? look.index : -1}
          .rows=${3}
          @pick=${(/** @type {CustomEvent} */ event) => session.looked.choose('test', event.detail.index)}
        ></glass-strip>
      </glass-card>
      <div class="figures">
        <glass-card heading=${shown ? `The network: ${architecture(shown.config, shown.activity?.input.length ?? 784)}${run}` : 'The network'}>
          <glass-network .frame=${shown} .digits=${digits} .look=${look} .looked=${session.looked}></glass-network>
        </glass-card>
        <glass-card heading=${recorded ? 'Recorded: accuracy and loss' : 'How well it reads, and how wrong it is'}>
          <glass-curve
            .history=${history}
            .ghost=${session.replay.fits.value ? session.replay.whole.value : null}
            .version=${history.version}
            .loss=${shown?.config.loss ?? 'mse'}
            .chosen=${Boolean(shown?.data.chosen.test)}
          ></glass-curve>
        </glass-card>
      </div>
      <glass-files
        .files=${session.files.value?.files ?? null}
        .step=${session.files.value?.step ?? 0}
        .ready=${Boolean(frame) && session.supply.fetched.value.loaded >= session.supply.fetched.value.total}
        @save-run=${() => session.save()}
        @open-run=${(/** @type {CustomEvent<Record<string, ArrayBuffer>>} */ event) => session.restore(event.detail)}
      ></glass-files>
      <p class="keys small muted">
        <input id="keys" type="checkbox" .checked=${settings.get('keys')} @change=${this.#onKeys} />
        <label for="keys">${TABLE.keys.label}: <kbd>space</kbd> starts and pauses, <kbd>.</kbd> takes a step, <kbd>r</kbd> resets</label>
      </p>
    `;
  }

  /** @param {Session} session */
  #sentence(session) {
    return sentence({
      phase: session.phase.value,
      progress: session.progress.value,
      fetched: session.supply.fetched.value,
      size: session.size.value,
      wanted: session.wanted.value,
      arrived: session.supply.arrived.value,
      frame: session.frame.value,
      recorded: session.recorded.value && { step: session.recorded.value.step, steps: session.replay.recording.value?.steps ?? 0 },
      unrecorded: session.replay.recording.value !== null && !session.replay.fits.value,
      accuracy: session.history.value.evaluations.at(-1)?.accuracy ?? null,
      versions: session.versions.value,
    });
  }

  /** @param {Session} session @returns {{loaded: number, total: number}|null} what to show as a bar */
  #download({ phase, progress, supply: { fetched } }) {
    if (phase.value === 'loading') return progress.value?.stage === 'download' ? progress.value : null;
    if (phase.value !== 'ready' || fetched.value.loaded >= fetched.value.total) return null;
    return fetched.value;
  }

  /** @param {Command} command */
  #do(command) {
    const session = this.#session;
    const frame = session?.frame.value;
    if (command === 'start') session?.start();
    else if (command === 'pause') session?.pause();
    else if (command === 'step') session?.step(1);
    else if (command === 'reset') session?.reset();
    else if (command === 'epoch') session?.step(frame ? frame.batches - frame.batch || frame.batches : 1);
  }

  /** @param {Event} event */
  #onKeys(event) {
    this.settings?.set('keys', /** @type {HTMLInputElement} */ (event.target).checked ? 'on' : 'off');
  }

  /** Tells the worker, after the frame has been painted, that the next may come. */
  #acknowledge() {
    const frame = this.#session?.frame.value;
    if (!frame || frame.id === this.#acknowledged) return;
    this.#acknowledged = frame.id;
    const tell = () => setTimeout(() => this.#session?.drawn(frame));
    if (document.hidden) tell(); // nothing is painted there
    else this.#frame = requestAnimationFrame(tell);
  }
}

customElements.define('glass-train', GlassTrain);
