// What the event store costs beside the raw driver. Only the ratios mean something: they hold on any machine.
// npm run bench -- append load: these only.
import { benchAppend } from './append.mjs';
import { benchLoad } from './load.mjs';

const BENCHES = { append: benchAppend, load: benchLoad };

const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench();
}
