"""Workers that do as they are told, also the worst: for tests of what becomes of a page then."""

# Keeps a page's workers at hand. A word to one of them, given before its own script sees it, makes it
# loop, or never answer again: `workers.at(-1).postMessage({ spell: 'loop' })`.
SPELLBOUND = """
(() => {
  const Real = Worker;
  window.workers = [];
  window.Worker = class extends Real {
    constructor(address, options) {
      const spell = `onmessage = null; addEventListener('message', (event) => {
        if (event.data?.spell === 'loop') for (;;);
        if (event.data?.spell === 'silence') self.postMessage = () => {};
        if (event.data?.spell === 'close') self.close();
        if (event.data?.spell) event.stopImmediatePropagation();
      });`;
      const source = `${spell} await import(${JSON.stringify(new URL(address, document.baseURI).href)});`;
      super(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })), options);
      window.workers.push(this);
      this.addEventListener('message', () => { this.heard = true; }, { once: true });
    }
  };
})();
"""
