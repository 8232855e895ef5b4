// The reaper in simulated time: node scripts/simulate.mjs --seed 1 --episodes 1000000
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compile, root } from './compiling.mjs';

const to = join(root, '.build-simulation');
const specs = /[.](spec|contract|long)[.]ts$/;
compile(join(root, 'src'), join(to, 'src'), specs);
for (const part of ['simulation', 'convergence']) {
  compile(join(root, 'test', part), join(to, 'test', part), specs);
}
createRequire(import.meta.url)(join(to, 'test', 'simulation', 'main.js'));
