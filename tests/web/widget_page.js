/**
 * A notebook's page, as far as a widget sees it: models made of a kernel's messages, and outputs that
 * show them, each with the module read anew, as JupyterLab does; in a shadow root, as marimo and MyST
 * do. `MystModel` is theirs, with what it cannot do (@myst-theme/anywidget 1.4.1).
 */

class KernelModel {
  #state = {};
  #acts = new Map();

  /** @param {any} message of the kernel's */
  hear({ data, buffers }) {
    const views = buffers.map((text) => new DataView(Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer));
    const state = structuredClone(data.state);
    (data.buffer_paths ?? []).forEach((path, i) => {
      let at = state;
      for (const key of path.slice(0, -1)) at = at[key];
      at[path.at(-1)] = views[i];
    });
    Object.assign(this.#state, state);
    for (const name of Object.keys(state)) for (const act of this.#acts.get(`change:${name}`) ?? []) act();
  }

  get(name) {
    return this.#state[name];
  }

  on(name, act) {
    this.#acts.set(name, (this.#acts.get(name) ?? new Set()).add(act));
  }

  off(name, act) {
    this.#acts.get(name)?.delete(act);
  }

  get listeners() {
    return [...this.#acts.values()].reduce((sum, acts) => sum + acts.size, 0);
  }
}

class MystModel {
  constructor(state) {
    this.state = state;
  }

  get(name) {
    return this.state[name];
  }

  on() {}

  off() {
    throw new Error('MystAnyModel.off not implemented yet.');
  }
}

const models = new Map();
const ends = [];

globalThis.host = {
  hear: (id, message) => {
    if (!models.has(id)) models.set(id, new KernelModel());
    models.get(id).hear(message);
  },
  listeners: (id) => models.get(id).listeners,
  /** Shows a model in an output of its own. @param {string} from address of the module */
  async show(what, from, shadow) {
    const model = typeof what === 'string' ? models.get(what) : new MystModel(what);
    const output = document.createElement('div');
    document.querySelector('main').append(output);
    const root = shadow ? output.attachShadow({ mode: 'open' }) : output;
    const el = document.createElement('div');
    root.append(el);
    const text = model.get('_esm');
    const address = text ? URL.createObjectURL(new Blob([text], { type: 'text/javascript' })) : from;
    const widget = (await import(address)).default;
    ends.push(await widget.render({ model, el }));
  },
  end: () => ends.splice(0).forEach((end) => end()),
  /** All of our elements, wherever, and what their paragraphs say. */
  elements: () => {
    const found = [];
    const walk = (root) => {
      for (const element of root.querySelectorAll('*')) {
        const own = element.shadowRoot;
        if (element.localName.startsWith('glass-')) found.push([element.localName, [...(own?.querySelectorAll('p') ?? [])].map(({ textContent }) => textContent.trim().replace(/\s+/g, ' ')).join(' ')]);
        if (own) walk(own);
      }
    };
    walk(document);
    return found;
  },
  /** Of how many different colours each canvas is. */
  painted: () => {
    const found = [];
    const walk = (root) => {
      for (const element of root.querySelectorAll('*')) {
        if (element.localName === 'canvas' && element.width && element.height) {
          const { data } = element.getContext('2d').getImageData(0, 0, element.width, element.height);
          found.push(new Set(new Uint32Array(data.buffer)).size);
        }
        if (element.shadowRoot) walk(element.shadowRoot);
      }
    };
    walk(document);
    return found;
  },
};
document.documentElement.dataset.ready = '';
