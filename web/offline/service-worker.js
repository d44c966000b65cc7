/**
 * Keeps the site for when there is no network. It stands between pages of ours and the network, on
 * our own origin alone, once a visitor's browser has let a page register it (keep.js).
 *
 * The build tells it every file: how long, with which checksum, and of which group (web/make/offline.py).
 * Nothing is kept that is not what was built. Pages have the same names in every version, so each
 * version has a cache of its own for them, filled as a whole or not at all: a page of one version never
 * meets scripts of another. All other files carry their hash in their names and are shared.
 *
 * @module
 */

const { version, files } = __SITE__;
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const ROOT = worker.registration.scope;
/** Caches belong to the origin, which may have other sites, and other copies of this one. */
const OURS = `glassnet ${ROOT} `;
const PAGES = `${OURS}pages ${version}`;
const FILES = `${OURS}files`;
/** Names no file: the groups that the visitor wants kept, through all versions. */
const WANTED = new URL('wanted-groups', ROOT).href;

let stopped = false;

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(ROOT)) return;
  event.respondWith(answer(event, pathOf(request.url)));
});
worker.addEventListener('message', (event) => {
  const { tell, groups } = event.data ?? {};
  const say = (/** @type {object} */ news) => event.ports[0]?.postMessage(news);
  if (tell === 'size') say({ total: sizeOf(Object.keys(files)) });
  else if (tell === 'keep') event.waitUntil(keep(groups, say));
  else if (tell === 'stop') stopped = true;
  else if (tell === 'replace') event.waitUntil(worker.skipWaiting());
  else if (tell === 'forget') event.waitUntil(forget().then(() => say({ done: true })));
});

/** All pages and what they cannot be shown without; if one of them cannot be had, the version before stays. */
async function install() {
  try {
    await Promise.all(of(['shell']).map(fill));
  } catch (error) {
    await caches.delete(PAGES);
    throw error;
  }
}

/** Takes over the pages that are open, so that what they fetch from now on is kept, and clears up after the version before. */
async function activate() {
  await worker.clients.claim();
  const open = await worker.clients.matchAll();
  if (open.length > 1) return; // pages of the version before may still need its scripts: next time
  const names = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== PAGES && name !== FILES);
  await Promise.all(names.map((name) => caches.delete(name)));
  const cache = await caches.open(FILES);
  const known = new Set([WANTED, ...Object.keys(files).map(at)]);
  await Promise.all((await cache.keys()).filter(({ url }) => !known.has(url)).map((request) => cache.delete(request)));
}

/**
 * @param {FetchEvent} event
 * @param {string} path
 * @returns {Promise<Response>} what is kept, else what the network says, which is kept if it is right
 */
async function answer(event, path) {
  const { request } = event;
  const kept = request.cache === 'reload' ? undefined : await (await caches.open(cacheOf(path))).match(at(path));
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.status === 200 && Object.hasOwn(files, path) && !fresh.redirected) event.waitUntil(take(path, fresh.clone()));
  return fresh;
}

/** @param {string} path @param {Response} fresh */
async function take(path, fresh) {
  const { headers } = fresh;
  const bytes = await fresh.arrayBuffer();
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  if (`sha256-${btoa(String.fromCharCode(...sum))}` !== files[path].integrity) return;
  await (await caches.open(cacheOf(path))).put(at(path), new Response(bytes, { headers }));
}

/**
 * Fetches whatever is missing of these groups and of those wanted before.
 *
 * @param {unknown} groups
 * @param {(news: object) => void} say how many bytes there are of how many
 */
async function keep(groups, say) {
  stopped = false;
  try {
    const cache = await caches.open(FILES);
    const before = await cache.match(WANTED).then((found) => found?.json() ?? []);
    const wanted = [...new Set([...before, ...(Array.isArray(groups) ? groups : [])])].filter((group) => typeof group === 'string');
    await cache.put(WANTED, Response.json(wanted));
    const paths = of(['shell', ...wanted]);
    const total = sizeOf(paths);
    let kept = 0;
    say({ kept, total });
    for (const path of paths) {
      if (stopped) break;
      await fill(path);
      kept += files[path].bytes;
      say({ kept, total });
    }
    say({ done: true, kept, total, whole: kept === sizeOf(Object.keys(files)) });
  } catch (error) {
    say({ done: true, failed: /** @type {Error} */ (error).message });
  }
}

/** Fetches a file, unless it is kept already. @param {string} path @throws {TypeError} if it cannot be had, or is not what was built */
async function fill(path) {
  const cache = await caches.open(cacheOf(path));
  if (await cache.match(at(path))) return;
  const { integrity } = files[path];
  const hashed = cacheOf(path) === FILES;
  const fresh = await fetch(at(path), { integrity, cache: hashed ? 'force-cache' : 'no-cache' }).catch(() => fetch(at(path), { integrity, cache: 'reload' }));
  if (fresh.status !== 200) throw new TypeError(`${path}: the server answered ${fresh.status}`);
  // An answer that was led somewhere else is no answer to a navigation.
  await cache.put(at(path), fresh.redirected ? new Response(fresh.body, { headers: fresh.headers }) : fresh);
}

async function forget() {
  const names = (await caches.keys()).filter((name) => name.startsWith(OURS));
  await Promise.all(names.map((name) => caches.delete(name)));
  await worker.registration.unregister();
}

/** @param {string[]} groups `all` is every one @returns {string[]} their files, in the order of the table */
function of(groups) {
  return Object.keys(files).filter((path) => groups.includes('all') || groups.includes(files[path].group));
}

/** @param {string[]} paths @returns {number} bytes */
function sizeOf(paths) {
  return paths.reduce((sum, path) => sum + files[path].bytes, 0);
}

/** @param {string} path @returns {string} the cache that it belongs into */
function cacheOf(path) {
  return path.endsWith('.html') ? PAGES : FILES;
}

/** @param {string} path */
function at(path) {
  return new URL(path, ROOT).href;
}

/** @param {string} address @returns {string} the file that is meant: hosts call pages by shorter names */
function pathOf(address) {
  const { pathname } = new URL(address);
  const path = pathname.slice(new URL(ROOT).pathname.length);
  if (path === '' || path.endsWith('/')) return `${path}index.html`;
  return Object.hasOwn(files, `${path}.html`) ? `${path}.html` : path;
}
