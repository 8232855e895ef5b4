// The application as scripts/compile.mjs left it in .build/, for the benches.
import { createRequire } from 'node:module';
import '../scripts/compile.mjs';

export const require = createRequire(import.meta.url);
require('reflect-metadata');

/** A compiled file by its path in src/, without the ending. */
export const built = (path) => require(`../.build/${path}.js`);
