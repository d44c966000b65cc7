/** What web/examples holds, as the share panel gives it: `node examples.mjs EMBEDS`, as JSON by form. */

import { sharing } from '../../web/models/share.js';
import { USUAL } from '../../web/state/controls.js';

const what = { figure: 'train', query: '', controls: USUAL.train, site: 'https://example.org/glassnet/', embeds: JSON.parse(process.argv[2]) };
process.stdout.write(JSON.stringify(sharing(what).texts));
