// Compiles what changed and runs one of the roots: node scripts/run.mjs demo --once
import { createRequire } from 'node:module';
import './compile.mjs';

const [root, ...rest] = process.argv.slice(2);
process.argv = [process.argv[0], root, ...rest];
createRequire(import.meta.url)(`../.build/${root}.js`);
