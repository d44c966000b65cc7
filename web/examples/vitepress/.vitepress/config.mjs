// A reader who comes from another page of the site comes without loading this one, and what a page's
// own scripts do then is not done: so the figures' script is in the head of all of them.
export default {
  head: [['script', { async: '', type: 'module', src: 'https://example.org/glassnet/glassnet.js' }]],
};
