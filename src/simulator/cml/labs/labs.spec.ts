import { CmlAdmin } from '../../testing/cml-admin';
import { CmlBrowser } from '../../testing/cml-browser';
import { CML, READY_AFTER_SECONDS, type SimulatedFleet, startFleet } from '../../testing/simulated-fleet';
import { type Timings } from '../../simulator-options';
import { type Lab } from './lab';

let fleet: SimulatedFleet;
let browser: CmlBrowser;
let id: string;
let cml: CmlAdmin;
let lab: Lab;
afterEach(async () => {
  await browser.close();
  await fleet.stop();
});

async function start(timings: Partial<Timings> = {}): Promise<void> {
  fleet = await startFleet({ timings });
  browser = new CmlBrowser(fleet);
  id = await fleet.launch('worker');
  fleet.seconds(READY_AFTER_SECONDS);
  cml = await CmlAdmin.logIn(browser, id, CML);
  const server = fleet.world.server(id);
  lab = server.labOf(server.userNamed('ada'), 'BGP "edge"', fleet.clock.now());
}

/** State of the lab, nodes that run, whether it converged. */
async function look(): Promise<unknown[]> {
  const { computes } = await cml.get<{
    computes: Record<string, { stats: { dominfo: { running_nodes: number } } }>;
  }>('/system_stats');
  return [
    await cml.get(`/labs/${lab.id}/state`),
    Object.values(computes)[0]?.stats.dominfo.running_nodes,
    await cml.get(`/labs/${lab.id}/check_if_converged`),
  ];
}

const put = (act: 'start' | 'stop') => cml.outcome('PUT', `/labs/${lab.id}/${act}`);

it('starts and stops node by node', async () => {
  await start({ nodeStartSeconds: 10, nodeBootSeconds: 30, nodeStopSeconds: 5 });
  expect(await put('start')).toBe('204');
  expect(await look()).toEqual(['STARTED', 0, false]);
  fleet.seconds(25);
  expect(await look()).toEqual(['STARTED', 2, false]);
  expect(lab.nodes.map(({ states }) => states.at(fleet.clock.now()))).toEqual([
    ...['STARTED', 'STARTED', 'QUEUED', 'QUEUED'],
  ]);
  fleet.seconds(45);
  expect(await look()).toEqual(['STARTED', 4, true]);
  expect(await put('stop')).toBe('204');
  fleet.seconds(10);
  expect(await look()).toEqual(['STARTED', 2, false]);
  expect(fleet.world.truth(id).runningLabs).toBe(1);
  fleet.seconds(10);
  expect(await look()).toEqual(['STOPPED', 0, true]);
});

it('goes down at once with its machine, also on its way', async () => {
  await start({ nodeStartSeconds: 10 });
  await put('start');
  fleet.seconds(15);
  fleet.world.console.stop(id);
  fleet.seconds(300);
  const now = fleet.clock.now();
  expect(fleet.world.interruptions()).toHaveLength(1);
  expect([lab.stateAt(now), lab.runningNodes(now), lab.isConverged(now)]).toEqual(['STOPPED', 0, true]);
});

it('takes no time where no pace is asked for', async () => {
  await start();
  await put('start');
  expect(await look()).toEqual(['STARTED', 4, true]);
  await put('stop');
  expect(await look()).toEqual(['STOPPED', 0, true]);
});

it('is exported as YAML text that is the same until somebody edits it', async () => {
  await start();
  const response = await cml.request('GET', `/labs/${lab.id}/download`);
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const yaml = await response.text();
  expect(yaml).toMatch(
    /^lab:\n {2}description: ''\n {2}notes: ""\n {2}title: "BGP \\"edge\\""\n {2}version: 0.2.2\n/,
  );
  expect(yaml).toContain('    configuration: |-\n      hostname router-3\n');
  await put('start');
  expect(await (await cml.request('GET', `/labs/${lab.id}/download`)).text()).toBe(yaml);
  lab.notes = 'two areas';
  expect(await (await cml.request('GET', `/labs/${lab.id}/download`)).text()).toBe(
    yaml.replace('notes: ""', 'notes: "two areas"'),
  );
});

it('tells what happened to it and its nodes, for itself and with all labs', async () => {
  await start({ nodeStartSeconds: 10 });
  fleet.seconds(60);
  await put('start');
  fleet.seconds(10);
  const events = await cml.get<Record<string, unknown>[]>(`/labs/${lab.id}/events`);
  const node = lab.nodes[0]?.id;
  expect(events.map(({ event, element_type }) => `${String(event)} ${String(element_type)}`)).toEqual([
    ...['ADD LAB', 'ADD NODE', 'ADD NODE', 'ADD NODE', 'ADD NODE', 'STATE_CHANGED LAB'],
    ...Array.from({ length: 6 }, () => 'STATE_CHANGED NODE'),
  ]);
  expect(events.at(-1)).toEqual({
    ...{ lab_id: lab.id, event: 'STATE_CHANGED', element_type: 'NODE', element_id: node },
    data: { label: 'router-0', state: 'BOOTED' },
    previous: { label: 'router-0', state: 'STARTED' },
    timestamp: '2026-11-23T08:04:10.000Z',
  });
  expect(await cml.get('/diagnostics/lab_events')).toEqual({ [lab.id]: events });
});

it('may be deleted between the listing and the reading', async () => {
  await start();
  const [listed] = await cml.get<string[]>('/labs?show_all=true');
  fleet.world.server(id).deleteLab(lab.id);
  expect(listed).toBe(lab.id);
  expect(await cml.outcome('GET', `/labs/${lab.id}`)).toBe(`404 Lab not found: ${lab.id}`);
  expect(await cml.outcome('PUT', `/labs/${lab.id}/stop`)).toBe(`404 Lab not found: ${lab.id}`);
});
