/**
 * Inside a network: whole, at work on one digit, forwards and backwards through one training step of
 * the real code. Every number leads to its formula, with its own numbers, and to the line of Python
 * that computed it.
 *
 * @module
 */

import { html, nothing } from 'lit';
import { computed } from '@preact/signals-core';
import { indexOfLargest } from '../../draw/bars.js';
import { figure } from '../../kit/figure.js';
import { firstTask } from '../../kit/first-task.js';
import '../../kit/glass-card.js';
import '../../kit/glass-status.js';
import { comesByItself, whenIdle } from '../../kit/idle.js';
import { painted } from '../../kit/painted.js';
import { partsOf } from '../../kit/parts.js';
import { Public } from '../../kit/public.js';
import { Shortcuts } from '../../kit/shortcuts.js';
import { controls, shared } from '../../kit/styles.js';
import { Inside } from '../../models/inside.js';
import { marksOf, stepFor } from '../../models/marks.js';
import { layerOf, unitOf } from '../../models/parts.js';
import { stopInWords } from '../../models/stops.js';
import { architecture, count, megabytes, reading } from '../../models/words.js';
import { INSIDE_TABLE } from '../../state/inside-table.js';
import { places, sourceAt } from '../../wire/places.js';
import '../digit/glass-digit.js';
import { Living } from '../living.js';
import { Sharing } from '../share/sharing.js';
import './glass-anatomy.js';
import './glass-choose.js';
import './glass-number.js';
import './glass-panels.js';
import './glass-predict.js';
import './glass-stop.js';
import './glass-stops.js';
import { look } from './inside-look.js';
import { words } from './inside-words.js';

/** What the model asks of the page. */
const STAGE = { still: () => matchMedia('(prefers-reduced-motion: reduce)').matches, painted };

export class GlassNetwork extends Living {
  static properties = { python: { type: String }, settings: { attribute: false }, scope: { attribute: false } };

  static styles = [figure, shared, controls, look, partsOf('network')];

  #public = new Public(this, INSIDE_TABLE);
  /** @type {Inside|null} */
  #inside = null;
  #sharing = new Sharing(this, 'network');
  /** The step as cells are looked up in it, and the cells of what is pointed at. */
  #step = computed(() => stepFor(this.#inside?.step.value ?? null, this.#inside?.network.value ?? null));
  #told = computed(() => this.#tell());
  #marks = computed(() => marksOf(this.#step.value, this.#inside?.hinted.value ?? this.#told.value.cell));

  constructor() {
    super();
    /** @type {'idle'|'intent'} when Python starts */
    this.python = 'intent';
    /** A page that binds them to its address sets them. @type {import('../../state/inside-table.js').InsideSettings|null} */
    this.settings = null;
    /** Where its keys are heard; null for within the figure. @type {EventTarget|null} */
    this.scope = null;
    this.shortcuts = new Shortcuts(
      this,
      (shortcut) => this.#do(shortcut),
      () => this.settings?.get('keys') ?? false,
    );
  }

  /** What it shows; null while it stands on no page. */
  get inside() {
    return this.#inside;
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
    this.#inside?.close();
    this.#inside = null;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('scope')) this.shortcuts.listen();
    if (changed.has('settings')) this.#open();
  }

  /** Puts the keyboard on the stops. */
  focusStops() {
    const stops = this.renderRoot.querySelector('glass-stops');
    /** @type {HTMLElement|null|undefined} */ (stops?.shadowRoot?.querySelector('[data-command=next]'))?.focus();
  }

  #open() {
    if (this.#inside || !this.settings) return;
    this.#inside = new Inside(this.settings, places(), STAGE);
    this.requestUpdate();
    void this.#inside.open().then(() => comesByItself(this.python) && whenIdle(() => this.#inside?.boot()));
  }

  /** The number that is told of; and the one within its formula that is pointed at in the picture. */
  #tell() {
    const inside = this.#inside;
    const [picked, pointed] = [inside?.picked.value ?? null, inside?.pointed.value ?? null];
    if (picked && pointed && marksOf(this.#step.value, picked).from.get(pointed.name)?.includes(pointed.at)) {
      return { cell: picked, lit: `${pointed.name}@${pointed.at}` };
    }
    return { cell: inside?.cell.value ?? null, lit: '' };
  }

  /** Plays on through the stops of the step. */
  play() {
    this.#inside?.player.play();
  }

  pause() {
    this.#inside?.player.pause();
  }

  /** The next stop. */
  step() {
    this.#do('step');
  }

  /** The first stop. */
  reset() {
    this.#do('reset');
  }

  render() {
    const [inside, settings] = [this.#inside, this.settings];
    if (!inside || !settings) return html`<slot></slot>`;
    const { supply, interpreter, looked, subject } = inside;
    const [network, step, stop] = [inside.network.value, inside.step.value, inside.stop.value];
    const digits = supply.digits.value;
    const classes = digits?.classes ?? Array.from('0123456789');
    const look = looked.look.value;
    const quantity = step?.quantities[stop];
    const there = !quantity || quantity.phase !== 'forward' || inside.known.value.has(`layers.${(network?.layers.length ?? 0) - 1}.a`);
    const failures = interpreter.failures.value;
    this.#public.say(failures.length ? 'failed' : inside.player.playing.value || inside.inquiries.training.value ? 'running' : step ? 'ready' : 'loading', failures[0]?.message);
    const { cell, lit } = this.#told.value;
    const drawn = settings.get('unit') >= 0 ? inside.unit.value : null;
    return html`
      <div part="choose" class="top screen" @dragover=${(/** @type {DragEvent} */ event) => event.preventDefault()} @drop=${this.#onDrop}>
        <glass-choose .inside=${inside}></glass-choose>
        <span class="choose">
          <button data-command="random" aria-disabled=${String(!digits)} @click=${() => this.#random()}>Random digit</button>
          <button data-command="mistake" aria-disabled=${String(!digits || !network)} @click=${() => void inside.findMistake()}>Next mistake</button>
          <button data-command="pin" aria-pressed=${String(Boolean(settings.get('pin')))} @click=${() => this.#pin()}>${settings.get('pin') ? 'Unpin' : 'Pin this digit'}</button>
          ${look.drawing
            ? html`<label>meant as <select @change=${(/** @type {Event} */ event) => settings.set('meant', /** @type {HTMLSelectElement} */ (event.target).value)}><option value="-1">what it is read as</option>${classes.map((name, i) => html`<option value=${i} ?selected=${settings.get('meant') === i}>${name}</option>`)}</select></label>`
            : nothing}
        </span>
      </div>
      <slot name="controls" class="screen"></slot>
      <glass-status
        .sentence=${this.#sentence()}
        .about=${`${interpreter.phase.value} ${quantity?.name}`}
        .detail=${''}
        .progress=${interpreter.phase.value === 'loading' && interpreter.progress.value?.stage === 'download' ? interpreter.progress.value : null}
        .failures=${failures}
        .notes=${settings.notes.value}
        @retry=${() => void inside.retry()}
      ></glass-status>
      <glass-card file="network" .words=${words.network} source=${sourceAt('glassnet.network:Network.forward')} heading=${network ? `${subject.shown.value?.name ?? 'A network'}: ${architecture(network)}` : 'The network, on its way: its weights, a step'}>
        <glass-stops part="stops"
          .step=${step}
          .stop=${stop}
          .playing=${inside.player.playing.value}
          .waiting=${step?.from === 'forward'}
          @stop=${(/** @type {CustomEvent<number>} */ { detail }) => (inside.player.pause(), inside.go(detail))}
          @move=${(/** @type {CustomEvent<number>} */ { detail }) => inside.move(detail)}
          @play=${() => inside.player.play()}
          @pause=${() => inside.player.pause()}
        ></glass-stops>
        ${settings.get('predict') ? html`<glass-predict .predict=${inside.predict}></glass-predict>` : nothing}
        <div class="main ${(network?.layers.length ?? 0) > 3 ? 'deep' : ''}">
        <glass-anatomy
          .network=${network}
          .known=${inside.known.value}
          .stop=${quantity?.name ?? ''}
          .input=${inside.input.value}
          .outputs=${there ? inside.outputs.value : null}
          .classes=${classes}
          .label=${look.label}
          .marks=${this.#marks.value}
          .cell=${inside.cell.value}
          .unit=${inside.unit.value}
          .tracked=${drawn}
          .saliency=${inside.saliency.value}
          .edges=${settings.get('edges')}
          .span=${settings.get('range')}
          .less=${inside.less.value}
          .dim=${Boolean(inside.pointed.value ?? inside.picked.value) && network?.layers.some(({ kind }) => kind === 'conv2d')}
          @point=${(/** @type {CustomEvent} */ { detail }) => void (inside.pointed.value = detail.at < 0 ? null : detail)}
          @pick=${(/** @type {CustomEvent} */ { detail }) => this.#pick(detail)}
        >
          <glass-digit plain .digits=${digits} .look=${look} .looked=${looked} .reading=${''}></glass-digit>
          <p slot="answer" class="say">${this.#reading(classes)}</p>
        </glass-anatomy>
        <div class="beside">
          <glass-stop .step=${step} .network=${network} .stop=${stop} .classes=${classes} .axis=${inside.axis.value} @axis=${(/** @type {CustomEvent<{axis: string|null}>} */ { detail }) => void (inside.axis.value = detail.axis ?? '')} @pick=${(/** @type {CustomEvent} */ { detail }) => looked.choose('test', detail.index)}></glass-stop>
          <glass-number
            .step=${this.#step.value}
            .cell=${cell}
            .lit=${lit}
            .classes=${classes}
            @point=${(/** @type {CustomEvent} */ { detail }) => void (inside.hinted.value = detail.at < 0 ? null : detail)}
          ></glass-number>
        </div>
        </div>
        <div part="legend" slot="controls" class="legend screen">
          <label><input type="checkbox" .checked=${settings.get('predict')} @change=${(/** @type {Event} */ event) => settings.set('predict', /** @type {HTMLInputElement} */ (event.target).checked ? 'on' : 'off')} /> ${INSIDE_TABLE.predict.label}</label>
          <label>Colours span <select .value=${settings.get('range')} @change=${(/** @type {Event} */ event) => settings.set('range', /** @type {HTMLSelectElement} */ (event.target).value)}>${INSIDE_TABLE.range.values.map((value) => html`<option ?selected=${value === settings.get('range')}>${value}</option>`)}</select></label>
          <label>Lines ${settings.get('edges')} <input type="range" min="0" max="64" .value=${String(settings.get('edges'))} @input=${(/** @type {Event} */ event) => settings.set('edges', /** @type {HTMLInputElement} */ (event.target).value)} /></label>
          ${settings.get('pin') ? html`<label>Tiles show <select .value=${settings.get('compare')} @change=${(/** @type {Event} */ event) => settings.set('compare', /** @type {HTMLSelectElement} */ (event.target).value)}>${INSIDE_TABLE.compare.values.map((value) => html`<option ?selected=${value === settings.get('compare')}>${value}</option>`)}</select></label>` : nothing}
        </div>
      </glass-card>
      <glass-panels part="panels" .inside=${inside} .step=${this.#step.value} .classes=${classes}></glass-panels>
      <slot name="caption"></slot>
    `;
  }

  #sentence() {
    const inside = /** @type {Inside} */ (this.#inside);
    const { interpreter, size, step, stop, steps, inquiries } = inside;
    const { playing } = inside.player;
    const [phase, told] = [interpreter.phase.value, step.value];
    if (!told) return inside.subject.shown.value ? 'The digit is on its way.' : 'The network is on its way.';
    const quantity = told.quantities[stop.value];
    const at = quantity ? `Stop ${stop.value + 1} of ${told.quantities.length}, ${stopInWords(quantity)}.` : '';
    const bytes = size.value ? ` (${megabytes(size.value.python)})` : '';
    if (inquiries.training.value) return `Training: step ${count(inquiries.schooling.value.step)}.`;
    if (phase === 'loading') return `${at} Python is on its way${bytes}; ${told.from === 'recorded' ? 'this step was recorded when the site was built' : 'the way forward is computed by this page'}.`;
    if (phase !== 'ready') return `${at} ${told.from === 'recorded' ? 'A step that our Python took when the site was built.' : 'The way forward, computed by this page; the way back comes with Python'}${phase === 'off' ? '' : '.'}`;
    if (steps.busy.value || told.from !== 'python') return `${at} Python takes the step.`;
    return `${at}${playing.value ? '' : ' Computed by Python here and now.'}`;
  }

  /** @param {string[]} classes */
  #reading(classes) {
    const inside = /** @type {Inside} */ (this.#inside);
    const [outputs, look] = [inside.outputs.value, inside.looked.look.value];
    if (look.drawing && !look.pixels) return 'The paper is empty: what you draw on it is read at once.';
    if (!outputs) return '';
    const right = indexOfLargest(outputs) === look.label;
    const verdict = look.label === null ? '' : right ? html`. <strong>✓ right</strong>` : html`. <strong>✕ it is a ${classes[look.label]}</strong>`;
    return html`The network ${reading(outputs, classes)}${verdict}`;
  }

  /** @param {{name: string, at: number}} cell */
  #pick(cell) {
    const inside = /** @type {Inside} */ (this.#inside);
    const layers = inside.network.peek()?.layers ?? [];
    inside.picked.value = cell;
    const [layer, unit] = [layerOf(cell.name), unitOf(cell.name, cell.at, layers)];
    if (layer !== null && unit >= 0) {
      this.settings?.set('layer', String(layer));
      this.settings?.set('unit', String(unit));
    }
  }

  #random() {
    const inside = /** @type {Inside} */ (this.#inside);
    const { split } = inside.looked.chosen.peek();
    inside.looked.choose(split, Math.floor(Math.random() * (inside.supply.digits.peek()?.totals[split] ?? 1)));
  }

  #pin() {
    const { settings } = this;
    if (!settings || !this.#inside) return;
    const { split, index } = this.#inside.looked.chosen.peek();
    settings.set('pin', settings.peek('pin') ? '' : `${split}-${index}`);
    if (!settings.peek('pin')) settings.set('compare', 'this');
  }

  /** @param {DragEvent} event */
  #onDrop(event) {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) void /** @type {import('./glass-choose.js').GlassChoose|null} */ (this.renderRoot.querySelector('glass-choose'))?.drop(file);
  }

  /** @param {import('../../kit/shortcuts.js').Shortcut} shortcut */
  #do(shortcut) {
    const inside = this.#inside;
    if (shortcut === 'toggle') inside?.player.playing.peek() ? inside.player.pause() : inside?.player.play();
    else if (shortcut === 'step') inside?.move(1);
    else if (shortcut === 'back') inside?.move(-1);
    else inside?.go(0);
  }
}

customElements.define('glass-network', GlassNetwork);
