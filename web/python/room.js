/**
 * The hidden frame's side of a shared Python: it holds the worker, and lets figures in. Whoever may
 * send a message may have a wire, for each has a world of its own in there, and can ask for nothing
 * but what the protocol has; where Python comes from, this side alone says.
 *
 * One worker is for all. When it is lost, the figure whose Python was at work is the one at fault: it
 * gets a worker by itself from then on, and the others share a new one.
 *
 * @module
 */

import { Connection } from '../wire/connection.js';
import { openWorker } from '../wire/open-worker.js';

/**
 * @typedef {object} Member a figure
 * @property {MessagePort} door
 * @property {boolean} apart whether it has a worker by itself
 * @property {House|null} house
 * @property {number} number of its wire: a new one with each
 */

export class Room {
  /** @type {Set<Member>} */
  #members = new Set();
  #places;
  /** @type {House|null} */
  #house = null;
  #wires = 0;

  /** @param {{worker: string, python: string}} places addresses of the worker's script and of the list of Python's parts */
  constructor(places) {
    this.#places = places;
  }

  /** How many have asked for a wire, and how many workers there are: for whoever looks for leaks. */
  get census() {
    return { members: this.#members.size, workers: new Set([...this.#members].map(({ house }) => house).filter(Boolean)).size };
  }

  /** A figure has come. @param {MessagePort} door */
  welcome(door) {
    /** @type {Member} */
    const member = { door, apart: false, house: null, number: 0 };
    this.#members.add(member);
    door.addEventListener('close', () => this.#leave(member)); // where browsers tell of it
    door.onmessage = ({ data, ports: [wire] }) => {
      if (data?.ask === 'wire' && wire) this.#enter(member, wire);
      if (data?.ask === 'here') door.postMessage({ news: 'here' });
      if (data?.ask === 'leave') this.#leave(member);
    };
    door.postMessage({ news: 'here' });
  }

  /** @param {Member} member @param {MessagePort} wire */
  #enter(member, wire) {
    this.#part(member); // it has given its last wire up
    member.number = ++this.#wires;
    member.house = member.apart ? this.#build() : (this.#house ??= this.#build());
    member.house.admit(member.number, wire);
  }

  /** @param {Member} member */
  #leave(member) {
    this.#members.delete(member);
    this.#part(member);
  }

  /** Its world ends; and its worker, if nobody else is in there. @param {Member} member */
  #part(member) {
    if (member.apart) member.house?.close();
    else member.house?.part(member.number);
    member.house = null;
  }

  #build() {
    return new House(this.#places, (house, message) => {
      if (this.#house === house) this.#house = null;
      const inside = [...this.#members].filter((member) => member.house === house);
      for (const member of inside) {
        const guilty = member.number === house.at || inside.length === 1;
        member.house = null;
        member.apart ||= guilty && inside.length > 1;
        member.door.postMessage({ news: 'lost', message: guilty ? message : 'another figure on this page stopped it' });
      }
    });
  }
}

/** One worker, and those in it. */
class House {
  /** The number of the wire whose Python is at work, or was at last. */
  at = 0;
  #connection;
  #python;

  /** @param {{worker: string, python: string}} places @param {(house: House, message: string) => void} lost */
  constructor({ worker, python }, lost) {
    this.#python = python;
    this.#connection = new Connection({
      start: () => openWorker(worker),
      name: 'the worker that runs Python',
      hear: ({ news, guest }) => {
        if (news === 'at') this.at = guest;
      },
      lost: ({ message }) => lost(this, message),
    });
    void this.#connection.open();
  }

  /** @param {number} number @param {MessagePort} port */
  admit(number, port) {
    this.#connection.whenOpen(() => this.#connection.tell('join', { port, number, manifest: this.#python }, [port]));
  }

  /** @param {number} number */
  part(number) {
    this.#connection.tell('part', { number });
  }

  close() {
    this.#connection.close();
  }
}
