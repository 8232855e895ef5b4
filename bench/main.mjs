// What the event store and metric series cost beside the raw driver, and what a command costs over HTTP. Only the ratios
// mean something: they hold on any machine.
// npm run bench -- append load command list decide metrics reap sweep idle-plan: these only. -- clients observe replay: what takes long is run by name only.
import { benchAppend } from './append.mjs';
import { benchClients } from './clients.mjs';
import { benchCommand } from './command.mjs';
import { benchIdlePlan } from './idle-plan.mjs';
import { benchDecide } from './decide.mjs';
import { benchList } from './list.mjs';
import { benchLoad } from './load.mjs';
import { benchMetrics } from './metrics.mjs';
import { benchObserve } from './observe.mjs';
import { benchReap } from './reap.mjs';
import { benchReplay } from './replay.mjs';
import { benchSweep } from './sweep.mjs';

const BENCHES = {
  append: benchAppend,
  load: benchLoad,
  command: benchCommand,
  list: benchList,
  decide: benchDecide,
  metrics: benchMetrics,
  reap: benchReap,
  sweep: benchSweep,
  'idle-plan': benchIdlePlan,
};
const LONG = { clients: benchClients, observe: benchObserve, replay: benchReplay };

const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries({ ...BENCHES, ...LONG })) {
  if (wanted.includes(name) || (wanted.length === 0 && name in BENCHES)) await bench();
}
