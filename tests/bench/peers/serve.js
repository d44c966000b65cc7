/**
 * What every peer's worker does, whatever the library: fetch the digits and first weights, answer
 * `warm` and `run`, and keep the time. A peer brings `create(task)`, which makes a model that can
 * `train` and `read`.
 *
 * @typedef {object} Digits
 * @property {Float32Array} images 0 to 1, one after the other
 * @property {Uint8Array} labels
 * @property {number} count
 *
 * @typedef {object} Parameter
 * @property {Float32Array} values
 * @property {number[]} shape dense: (units, inputs); convolution: (filters, size, size, channels)
 *
 * @typedef {object} Task
 * @property {string} name W1, W2 or W3
 * @property {number} batch
 * @property {number} steps
 * @property {number} rate
 * @property {number} momentum 0 for none
 * @property {number} side rows and columns of an image
 * @property {Digits} train in the order in which they are to be learned from
 * @property {Digits} test
 * @property {Parameter[]} parameters weight and bias, layer by layer
 *
 * @typedef {object} Model
 * @property {(steps: number) => void|Promise<void>} train from the first batch on
 * @property {(digits: Digits) => ArrayLike<number>|Promise<ArrayLike<number>>} read the digits, as labels
 * @property {() => void} [dispose]
 */

/** @type {Map<string, Promise<Task>>} */
const tasks = new Map();

/** @param {(task: Task) => Model|Promise<Model>} create @param {() => any} [open] */
export function serve(create, open) {
  let data = '';
  self.onmessage = async ({ data: message }) => {
    try {
      if (message.type === 'open') {
        data = message.data;
        self.postMessage({ result: (await open?.()) ?? null });
        return;
      }
      const { name } = message.workload;
      if (!tasks.has(name)) tasks.set(name, load(data, message.workload));
      const task = /** @type {Task} */ (await tasks.get(name));
      self.postMessage({ result: await (message.type === 'warm' ? warm : run)(create, task, message) });
    } catch (error) {
      self.postMessage({ error: String(/** @type {Error} */ (error).stack ?? error) });
    }
  };
}

/** @param {(task: Task) => Model|Promise<Model>} create @param {Task} task @param {{seconds: number}} message */
async function warm(create, task, { seconds }) {
  const model = await create(task);
  const end = performance.now() + seconds * 1000;
  do await model.train(1);
  while (performance.now() < end);
  model.dispose?.();
  return null;
}

/** @param {(task: Task) => Model|Promise<Model>} create @param {Task} task @param {{judge: boolean}} message */
async function run(create, task, { judge }) {
  const model = await create(task);
  const begin = performance.now();
  await model.train(task.steps);
  const seconds = (performance.now() - begin) / 1000;
  const accuracy = judge ? share(await model.read(task.test), task.test.labels) : null;
  model.dispose?.();
  return { seconds, losses: [], accuracy };
}

/** @param {ArrayLike<number>} answers @param {Uint8Array} labels */
function share(answers, labels) {
  return labels.filter((label, index) => answers[index] === label).length / labels.length;
}

/** @param {string} place @param {any} workload @returns {Promise<Task>} */
async function load(place, { name, steps, config, crop }) {
  const get = async (/** @type {string} */ file) => (await fetch(`${place}${name}/${file}`)).arrayBuffer();
  const [train, test] = await Promise.all(['train', 'test'].map((split) => digits(get, split)));
  const shapes = JSON.parse(new TextDecoder().decode(await get('shapes.json')));
  const numbers = new Float32Array(await get('parameters.bin'));
  let at = 0;
  const parameters = shapes.map((/** @type {number[]} */ shape) => {
    const size = shape.reduce((product, side) => product * side, 1);
    return { shape, values: numbers.slice(at, (at += size)) };
  });
  const { lr: rate, momentum = 0 } = config.optimizer;
  return { name, batch: config.batch, steps, rate, momentum, side: 28 - 2 * crop, train, test, parameters };
}

/** @param {(file: string) => Promise<ArrayBuffer>} get @param {string} split @returns {Promise<Digits>} */
async function digits(get, split) {
  const labels = new Uint8Array(await get(`${split}-labels.bin`));
  const images = Float32Array.from(new Uint8Array(await get(`${split}-images.bin`)), (value) => value / 255);
  return { images, labels, count: labels.length };
}

/**
 * Numbers with their axes in another order, as libraries differ in where they want them.
 *
 * @param {Parameter} parameter
 * @param {number[]} axes the new order, as in numpy's transpose
 * @returns {Parameter}
 */
export function transposed({ values, shape }, axes) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  const sides = axes.map((axis) => shape[axis]);
  const out = new Float32Array(values.length);
  const place = axes.map(() => 0);
  for (let index = 0; index < out.length; index++) {
    out[index] = values[place.reduce((sum, at, axis) => sum + at * strides[axes[axis]], 0)];
    for (let axis = place.length - 1; axis >= 0 && ++place[axis] === sides[axis]; axis--) place[axis] = 0;
  }
  return { values: out, shape: sides };
}

/** @param {ArrayLike<number>} rows @param {number} width @returns {number[]} where each row is largest */
export function largest(rows, width) {
  return Array.from({ length: rows.length / width }, (_, row) => {
    let best = 0;
    for (let column = 1; column < width; column++) {
      if (rows[row * width + column] > rows[row * width + best]) best = column;
    }
    return best;
  });
}
