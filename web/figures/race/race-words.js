/**
 * What races, in words, for those who ask.
 *
 * @module
 */

import { html } from 'lit';

export const WORDS = html`
  <h3>python</h3>
  <p>Lists and loops, the way one writes it oneself. For every single product the interpreter looks up two objects, finds out what they are, and makes a third. The multiplication is the least of it.</p>
  <h3>numpy</h3>
  <p>One call for a whole matrix. The loop runs in compiled C over numbers that lie side by side in memory; what the interpreter costs is paid once a call, not once a product.</p>
  <h3>simd</h3>
  <p>A small WebAssembly kernel of ours on the same numpy arrays. One instruction works on four numbers, and several operations are done in one call while the numbers are still at hand.</p>
  <p>The network’s code is the same for all three: it asks an engine for products and sums, and does not know which one it has. The python engine computes in 64 bits, the others in 32, and sums come in different orders: so the losses agree to about six digits, and not to all of them.</p>
  <p>So that this is over today, they learn from the first few thousand training digits, again and again. That is enough to compare speeds, not to make a good network.</p>
`;
