/** The texts of figures in some states, as JSON by name, as the share panel makes them. */

import { sharing } from '../../web/models/share.js';
import { CONTROLS } from '../../web/state/controls.js';

const HOSTILE = `A "7" & <b>bold</b> {{ x }} {% raw %} \${y} \\" it's \`code\` *em* _em_ [e](f) <!-- g --> $h$ |i| ~~j~~ :smile: &amp;`;
const embeds = [{ name: 'train', figure: 'train', query: '', title: 'A network that learns', alt: 'Weights of 36 units.', width: 1200, height: 630 }];
const STATES = {
  plain: { figure: 'train', query: '?digit=7', controls: Object.keys(CONTROLS.train) },
  less: { figure: 'network', query: '?hidden=512-512&stop=layers.0.z', controls: ['stops'], theme: 'dark', fragment: '#train=1-3.7' },
  hostile: { figure: 'browse', query: `?${new URLSearchParams({ find: HOSTILE, python: 'label == 7 and\n  digit["*"] < {1}' })}`, controls: [], title: HOSTILE, alt: HOSTILE },
};

const made = Object.entries(STATES).map(([name, state]) => [name, { ...sharing({ site: 'https://example.org/glass/', embeds, ...state }).texts, alt: state.alt ?? null }]);
process.stdout.write(JSON.stringify(Object.fromEntries(made)));
