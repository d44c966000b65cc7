/**
 * What the build tells the scripts (see web/make/bundle.py). Nothing else may guess these paths.
 */

/** A file of the built site: its path, relative to the root, and what it is checked by. */
type SitePart = { path: string; bytes: number; sha256: string };

/** The rows of web/make/parts.py. */
type PartName =
  | 'python' // the manifest of the Python parts: interpreter, standard library, packages
  | 'mnist' // the index of the packed shards
  | 'sets' // the list of the other sets that were built in
  | 'model' // the index of the shipped network and of what it makes of every digit
  | 'step' // the index of the shipped network's recorded training step on one digit
  | 'conv' // the index of the second shipped network, a conv net
  | 'conv_step' // the index of its recorded training step
  | 'recording' // the index of the recorded run
  | 'worker' // the script of the worker that runs Python
  | 'wall' // the script of the worker that keeps and draws all digits
  | 'charts'; // the script that draws charts

declare const __ASSETS__: Record<PartName, SitePart>;

/** The parts that are started before all else (pages/early.js). */
declare const __EARLY__: Record<'worker' | 'python' | 'wall' | 'mnist', SitePart>;

/** Where the site's root is, seen from the script that reads this: `../` or `./`. */
declare const __ROOT__: string;

/** styles/tokens.css, for figures on pages that do not have it. */
declare const __TOKENS__: string;

/** Bytes of all digits, packed (for glassnet.js). */
declare const __DIGITS__: number;

/** For each element of glassnet.js the modules it needs, its own first. */
declare const __FIGURES__: Record<string, SitePart[]>;

/** What one option of the package accepts, as it declares it (glassnet.options.describe). */
interface Declared {
  kind: 'integer' | 'number' | 'choice' | 'tagged' | 'listed';
  low?: number;
  high?: number;
  choices?: string[];
  default?: unknown;
}

/** The package's own declarations; the build defines it (see web/make/declarations.py). */
declare const __OPTIONS__: {
  /** The fields of a run's configuration. */
  run: Record<string, Declared>;
  /** A complete configuration. */
  defaults: Record<string, any>;
  activations: string[];
  layers: Record<string, Record<string, Declared>>;
  optimizers: Record<string, Record<string, Declared>>;
  schedules: Record<string, Record<string, Declared>>;
};

/** JSON of `Letters` (see `constants` in web/make/bundle.py). */
declare const __LETTERS__: string;

/** The package's own letters, texts by the names of their files, and an Adaline that has learned them (see web/make/letters.py). */
interface Letters {
  whole: Record<string, string>;
  damaged: Record<string, string>;
  /** `weights`: float32 in base64; `errors`: of every pass; cells as digits. */
  learned: { weights: string; errors: number[]; measured: any };
}

/** A figure that has a folder of its own, `embed/NAME/`: a bare link to it can be pasted (see web/make/embed/figures.toml). */
interface Embed {
  name: string;
  /** The page that it is from. */
  figure: 'home' | 'train' | 'network' | 'browse' | 'race';
  /** Of that page's address; '' or with a question mark in front. */
  query: string;
  title: string;
  /** What its picture shows. */
  alt: string;
  /** Of a frame, in pixels. */
  width: number;
  height: number;
}

/** JSON of `Embed[]`. */
declare const __EMBEDS__: string;

/** The site's address, for the module that is carried elsewhere; '' if it was built for none. */
declare const __ADDRESS__: string;

/** For the service worker: the version of the site, and every file that may be kept (see web/make/offline.py). */
declare const __SITE__: { version: string; files: Record<string, { bytes: number; integrity: string; group: string }> };

/** What a service worker has, as far as ours uses it: the types of pages and those of workers do not go together. */
interface ExtendableEvent extends Event {
  waitUntil(what: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface ServiceWorkerGlobalScope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim(): Promise<void>; matchAll(): Promise<unknown[]> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', act: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', act: (event: FetchEvent) => void): void;
  addEventListener(type: 'message', act: (event: ExtendableEvent & MessageEvent) => void): void;
}
