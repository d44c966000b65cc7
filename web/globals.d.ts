/**
 * Where the built site keeps its content-hashed parts, relative to the site's root.
 * The build defines it (see web/make/bundle.py); nothing else may guess these paths.
 */
declare const __ASSETS__: {
  /** The worker's module script. */
  worker: string;
  /** The manifest of the Python parts: interpreter, standard library, wheels. */
  python: string;
  /** The index of the packed MNIST shards. */
  mnist: string;
  /** The index of the shipped network and of what it makes of every digit. */
  model: string;
  /** The index of the recorded run. */
  recording: string;
  /** The module script of the worker that keeps and draws all digits (browse.html). */
  wall: string;
};
