/**
 * Watches over the page's own scripts and styles. When one does not come, or is not the one that was
 * built (`integrity`), the page says which, and offers to fetch it anew. The build writes this into each
 * page, before all else: it cannot be what is missing, and misses nothing.
 */

{
  /** Milliseconds after which a figure that is still undefined counts as missing. */
  const PATIENCE_MS = 8_000;
  /** Milliseconds that a file may take when it is asked for once more, to learn what is wrong. */
  const ANSWER_MS = 5_000;

  /** @typedef {{url: string, integrity: string}} File */
  /** @typedef {HTMLScriptElement|HTMLLinkElement} Fetching */

  let examining = false;

  /** @returns {Fetching[]} */
  const fetching = () => [...document.querySelectorAll(/** @type {'script'} */ ('script[src][integrity], link[href][integrity]'))];
  const undefinedFigures = () => [...document.querySelectorAll(':not(:defined)')].filter(({ localName }) => localName.startsWith('glass-'));
  const unstyled = () => [...document.querySelectorAll('link')].filter(({ rel, sheet }) => rel === 'stylesheet' && !sheet);

  /** @param {Fetching} element @returns {File} */
  const fileOf = (element) => ({ url: 'src' in element ? element.src : element.href, integrity: element.integrity });

  /** @param {string} url */
  const nameOf = (url) => new URL(url).pathname.split('/').pop() ?? url;

  /** @param {File} file @returns {Promise<string>} what is wrong with it; empty if nothing is */
  const faultOf = async ({ url, integrity }) => {
    const signal = AbortSignal.timeout(ANSWER_MS);
    try {
      const answer = await fetch(url, { signal });
      if (!answer.ok) return `the server answered ${answer.status}`;
      if (/text\/html/.test(answer.headers.get('content-type') ?? '')) return 'the server sent a web page instead';
      await answer.arrayBuffer();
    } catch {
      return signal.aborted ? 'it does not come' : 'it could not be fetched';
    }
    return fetch(url, { signal, integrity, cache: 'force-cache' }).then(
      () => '',
      () => 'it is damaged, or of another version',
    );
  };

  /** @param {Fetching} [suspect] what told of an error itself */
  const examine = async (suspect) => {
    if (examining) return;
    examining = true;
    if (document.readyState === 'loading') await new Promise((resolve) => document.addEventListener('readystatechange', resolve, { once: true }));
    const files = new Map(fetching().map((element) => [fileOf(element).url, fileOf(element)]));
    const found = await Promise.all([...files.values()].map(async (file) => ({ url: file.url, fault: await faultOf(file) })));
    const faults = found.filter(({ fault }) => fault);
    if (!faults.length && suspect) faults.push({ url: fileOf(suspect).url, fault: 'it did not come at first' });
    if (!faults.length && !undefinedFigures().length && !unstyled().length) return void (examining = false); // late, but there
    show(faults);
  };

  /** @param {{url: string, fault: string}[]} faults */
  const show = (faults) => {
    // What is still awaited must not keep the page from being painted.
    for (const element of [...unstyled(), ...document.querySelectorAll('script[blocking]')]) element.remove();
    const box = Object.assign(document.createElement('div'), { className: 'fault' });
    box.setAttribute('role', 'alert');
    const words = document.createElement('p');
    words.append(
      Object.assign(document.createElement('strong'), { textContent: 'A part of this page is missing.' }),
      faults.length
        ? ` ${faults.map(({ url, fault }) => `${nameOf(url)}: ${fault}`).join('; ')}.`
        : ' All its scripts came, but this browser did not run them: it may be too old.',
    );
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Reload' });
    button.addEventListener('click', async () => {
      button.disabled = true;
      const signal = AbortSignal.timeout(ANSWER_MS);
      await Promise.allSettled(faults.map(({ url }) => fetch(url, { cache: 'reload', signal }).then((answer) => answer.arrayBuffer())));
      location.reload();
    });
    box.append(words, button);
    document.body.prepend(box);
    const late = undefinedFigures().map(({ localName }) => customElements.whenDefined(localName));
    if (late.length) void Promise.all(late).then(() => unstyled().length || box.remove()); // they were only slow
  };

  addEventListener(
    'error',
    ({ target }) => {
      if ((target instanceof HTMLScriptElement || target instanceof HTMLLinkElement) && target.integrity) void examine(target);
    },
    true,
  );

  const look = () => void ((undefinedFigures().length || unstyled().length) && examine());
  setTimeout(look, PATIENCE_MS);
}
