// Runs a tool of src/cli.ts: from the sources where they and the compiler are there, else as it was built to dist/.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

if (existsSync(join(import.meta.dirname, '../src/cli.ts')) && isInstalled('@swc/core')) {
  process.argv.splice(2, 0, 'cli');
  await import('./run.mjs');
} else {
  require('../dist/cli.js');
}

function isInstalled(name) {
  try {
    return Boolean(require.resolve(name));
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    return false;
  }
}
