/**
 * Charts as an SVG file: the series that are drawn on the page, as vectors, with their axes and the
 * words that the page has beside them. Arrays in, text out.
 *
 * @module
 */

/**
 * @typedef {import('./colour.js').RGB} RGB
 *
 * @typedef {object} Axis
 * @property {number} min
 * @property {number} max
 * @property {boolean} logarithmic
 * @property {(value: number) => string} words of a tick
 *
 * @typedef {object} Series
 * @property {string} label
 * @property {RGB} colour
 * @property {number} alpha
 * @property {number} width
 * @property {number[]} [dash]
 * @property {boolean} [dots] whether each value is marked
 * @property {ArrayLike<number|null|undefined>} values one at each place of `at`; where there is none the line goes on
 *
 * @typedef {object} Panel one chart
 * @property {string} title
 * @property {string} below what is counted from left to right
 * @property {Axis} x
 * @property {Axis} y
 * @property {ArrayLike<number>} at
 * @property {Series[]} series
 * @property {[number, number]} [band] two of the series, by number, which are drawn as the space between them
 *
 * @typedef {object} Look
 * @property {RGB} ground
 * @property {RGB} ink
 * @property {RGB} muted
 */

const [WIDTH, HEIGHT] = [720, 300]; // of one
const [LEFT, RIGHT, TOP, BELOW] = [56, 24, 56, 48]; // around the lines
const LETTER = 7; // about as wide as one is
const TICKS = 6;

/** @param {Panel[]} panels one above another @param {Look} look @returns {string} */
export function chartSvg(panels, look) {
  const height = panels.length * HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="13">`,
    `<rect width="100%" height="100%" fill="${hex(look.ground)}"/>`,
    ...panels.map((panel, k) => `<g transform="translate(0 ${k * HEIGHT})">\n${drawn(panel, look, `lines-${k}`)}\n</g>`),
    '</svg>\n',
  ].join('\n');
}

/**
 * Round numbers between two: powers of ten, with 2 and 5 of each where those are few; or even steps.
 *
 * @param {Axis} axis
 * @returns {number[]}
 */
export function ticksOf({ min, max, logarithmic }) {
  if (!(max > min) || (logarithmic && !(min > 0))) return [];
  if (logarithmic) {
    const [first, last] = [Math.floor(Math.log10(min)), Math.floor(Math.log10(max))];
    const factors = last - first > 2 ? [1] : [1, 2, 5];
    const all = Array.from({ length: last - first + 1 }, (_, k) => factors.map((factor) => Number(`${factor}e${first + k}`))).flat();
    return all.filter((one) => one >= min && one <= max);
  }
  const rough = (max - min) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((one) => one * power >= rough) ?? 10);
  const first = Math.ceil(min / step);
  return Array.from({ length: Math.floor(max / step) - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

/** @param {Panel} panel @param {Look} look @param {string} id of what its lines are cut off by */
function drawn({ title, below, x, y, at, series, band }, look, id) {
  const [right, floor] = [WIDTH - RIGHT, HEIGHT - BELOW];
  const across = placer(x, LEFT, right);
  const up = placer(y, floor, TOP);
  const muted = `fill="${hex(look.muted)}"`;
  const points = (/** @type {Series} */ { values }) =>
    Array.from(values, (value, k) => (value == null || !Number.isFinite(up(value)) || !Number.isFinite(across(at[k])) ? null : `${round(across(at[k]))},${round(up(value))}`)).filter((one) => one !== null);
  const lines = series.map((one, k) => (band?.includes(k) ? '' : line(one, points(one))));
  const space = band ? [...points(series[band[0]]), ...points(series[band[1]]).reverse()] : [];
  return [
    `<text x="${LEFT}" y="20" font-weight="600" fill="${hex(look.ink)}">${escaped(title)}</text>`,
    legend(series, band).map(({ label, key }, k, all) => `<g transform="translate(${LEFT + offset(all, k)} 40)">${key}<text x="26" ${muted}>${escaped(label)}</text></g>`).join('\n'),
    ...ticksOf(y).map((tick) => `<path d="M${LEFT} ${round(up(tick))}H${right}" ${stroke(look.ink, 0.1)}/><text x="${LEFT - 6}" y="${round(up(tick) + 4)}" text-anchor="end" ${muted}>${escaped(y.words(tick))}</text>`),
    ...ticksOf(x).map((tick) => `<path d="M${round(across(tick))} ${TOP}V${floor}" ${stroke(look.ink, 0.1)}/><text x="${round(across(tick))}" y="${floor + 18}" text-anchor="middle" ${muted}>${escaped(x.words(tick))}</text>`),
    `<path d="M${LEFT} ${TOP}V${floor}H${right}" ${stroke(look.ink, 0.3)}/>`,
    `<text x="${(LEFT + right) / 2}" y="${floor + 36}" text-anchor="middle" ${muted}>${escaped(below)}</text>`,
    `<clipPath id="${id}"><rect x="${LEFT}" y="${TOP - 4}" width="${right - LEFT + 4}" height="${floor - TOP + 4}"/></clipPath>`,
    `<g clip-path="url(#${id})">`,
    space.length ? `<path d="M${space.join('L')}Z" fill="${hex(series[band?.[0] ?? 0].colour)}" fill-opacity="${series[band?.[0] ?? 0].alpha}"/>` : '',
    ...lines,
    '</g>',
  ]
    .filter(Boolean)
    .join('\n');
}

/** @param {Series} series @param {string[]} points */
function line({ colour, alpha, width, dash, dots }, points) {
  if (!points.length) return '';
  const dashes = dash ? ` stroke-dasharray="${dash.join(' ')}"` : '';
  const marks = dots ? points.map((point) => `<circle cx="${point.replace(',', '" cy="')}" r="2.5"/>`).join('') : '';
  return `<path d="M${points.join('L')}" ${stroke(colour, alpha)} stroke-width="${width}" stroke-linejoin="round"${dashes}/>${marks && `<g fill="${hex(colour)}">${marks}</g>`}`;
}

/**
 * What is drawn, in words, each with a piece of its line.
 *
 * @param {Series[]} series @param {[number, number]} [band]
 * @returns {{label: string, key: string}[]}
 */
function legend(series, band) {
  const rows = series
    .filter(({ values }, k) => !band?.includes(k) && Array.from(values).some((value) => value != null))
    .map((one) => ({ label: one.label, key: line({ ...one, dots: false }, ['0,-4', '20,-4']) }));
  if (!band) return rows;
  const [first, second] = band.map((k) => series[k]).sort((a, b) => series.indexOf(a) - series.indexOf(b));
  return [...rows, { label: `${first.label} to ${second.label}`, key: `<rect y="-9" width="20" height="10" fill="${hex(first.colour)}" fill-opacity="${first.alpha}"/>` }];
}

/** @param {{label: string}[]} rows @param {number} k @returns {number} how far from the left the row's k-th is */
function offset(rows, k) {
  return rows.slice(0, k).reduce((sum, { label }) => sum + 26 + LETTER * label.length + 16, 0);
}

/** @param {Axis} axis @param {number} from where its least is @param {number} to where its largest is @returns {(value: number) => number} */
function placer({ min, max, logarithmic }, from, to) {
  const scale = logarithmic ? Math.log10 : (/** @type {number} */ value) => value;
  const [low, high] = [scale(min), scale(max)];
  return (value) => from + ((scale(value) - low) / (high - low || 1)) * (to - from);
}

/** @param {RGB} colour @param {number} alpha */
function stroke(colour, alpha) {
  return `fill="none" stroke="${hex(colour)}"${alpha < 1 ? ` stroke-opacity="${alpha}"` : ''}`;
}

/** @param {RGB} colour @returns {string} as every program reads it */
function hex(colour) {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

/** @param {number} value @returns {number} to a tenth of a pixel */
function round(value) {
  return Math.round(10 * value) / 10;
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
