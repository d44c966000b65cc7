/**
 * The hidden frame in which the figures of somebody else's page have their Python.
 *
 * @module
 */

import { ours } from '../embed/messages.js';
import { Room } from '../python/room.js';
import { places } from '../wire/places.js';

const room = new Room(places());
Object.assign(window, { room }); // for whoever looks for leaks

addEventListener('message', ({ data, ports: [door] }) => {
  if (ours(data)?.ask === 'python' && door) room.welcome(door);
});
