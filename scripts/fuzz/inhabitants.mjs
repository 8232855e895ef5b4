// Gives a fleet what has ids, so that requests reach more than a 404.
import { setTimeout as pause } from 'node:timers/promises';
import { REGION } from './fleet.mjs';

const ORDER = {
  awsRegion: REGION,
  instanceType: 'c5.2xlarge',
  amiName: 'cml-2.9*',
  tags: { use: 'lab' },
};
const UP_WITHIN_MS = 120_000;

/**
 * @returns ids by the name of their kind, of which what deletes things gets those of `doomed`; ids of labs; cursors by the
 * path of their list
 */
export async function settle(simulator, ask, { paths }) {
  const make = async (path, ...bodies) => {
    const made = [];
    for (const body of bodies) made.push((await ask('POST', `/api/v1/${path}`, body)).id);
    return made;
  };
  const workers = await make('workers', ...names('worker', 4).map((name) => ({ ...ORDER, name })));
  const doomedWorkers = await make('workers', ...names('doomed', 6).map((name) => ({ ...ORDER, name })));
  const assignment = { userId: 'user:ann', workerId: workers[0], reason: 'course' };
  const both = async (path, bodyOf) => {
    const [kept, ...doomed] = await make(path, ...names('thing', 6).map(bodyOf));
    return { kept: [kept], doomed };
  };
  const things = {
    workers: { kept: workers, doomed: doomedWorkers },
    'worker-templates': await both('worker-templates', (name) => ({
      ...{ name, instanceTypes: ['c5.2xlarge'], amiName: 'cml-2.9*' },
    })),
    'reaper/policies': await both('reaper/policies', (name) => ({ name, values: { dryRun: true } })),
    webhooks: await both('webhooks', (name) => ({
      url: 'http://127.0.0.1:9/nobody-listens',
      description: name,
    })),
    'role-bindings': await both('role-bindings', (group) => ({ group, role: 'viewer' })),
    'license-pools': await both('license-pools', (name) => ({ name, token: 'token-of-a-pool', capacity: 2 })),
    'api-keys': await both('api-keys', (name) => ({ name, role: 'viewer' })),
    assignments: await both('assignments', (name) => ({ ...assignment, userId: `user:${name}` })),
    requests: await both('requests', () => ({ hours: 1, reason: 'exercise' })),
  };
  const labs = await labsOf(simulator, ask, workers[0]);
  return { things, labs, cursors: await cursorsOf(paths, ask) };
}

async function cursorsOf(paths, ask) {
  const cursors = {};
  for (const [path, { get }] of Object.entries(paths)) {
    const isList = get?.parameters?.some(({ name }) => name === 'cursor') && !path.includes('{');
    const { nextCursor } = isList ? await ask('GET', `${path}?limit=1`) : {};
    if (nextCursor) cursors[path] = [nextCursor];
  }
  return cursors;
}

const names = (kind, count) => Array.from({ length: count }, (_, index) => `${kind}-${index + 1}`);

/** Labs need a server that is up: until then others can wait, too. */
async function labsOf(simulator, ask, workerId) {
  const until = performance.now() + UP_WITHIN_MS;
  let worker;
  do {
    await pause(500);
    worker = await ask('GET', `/api/v1/workers/${workerId}`);
    if (performance.now() > until) throw new Error(`a worker is ${worker.status}, and should be up by now`);
  } while (!worker.canConnect);
  const server = simulator.world.server(worker.awsInstanceId);
  return ['BGP', 'OSPF'].map(
    (title) => server.labOf(server.userNamed('alice'), title, new Date(worker.updatedAt)).id,
  );
}
