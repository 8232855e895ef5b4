import { CmlAdmin } from '../testing/cml-admin';
import { CmlBrowser } from '../testing/cml-browser';
import { CML, READY_AFTER_SECONDS, type SimulatedFleet, START, startFleet } from '../testing/simulated-fleet';
import { CATEGORIES } from './telemetry-flood';

interface Event {
  category: string;
  timestamp: string;
  data: Record<string, unknown>;
}

let fleet: SimulatedFleet;
let browser: CmlBrowser;
let id: string;
let cml: CmlAdmin;
beforeEach(async () => {
  fleet = await startFleet();
  browser = new CmlBrowser(fleet);
  id = await fleet.launch('worker');
  fleet.seconds(READY_AFTER_SECONDS);
  cml = await CmlAdmin.logIn(browser, id, CML);
});
afterEach(async () => {
  await browser.close();
  await fleet.stop();
});

const HOUR_BEFORE = new Date(START.getTime() - 3_600_000);
const events = () => cml.get<Event[]>('/telemetry/events');

it('may be a flood, of all categories, in any order, with and without zones', async () => {
  const server = fleet.world.server(id);
  server.telemetry.length = 0;
  server.floods.push({ count: 200_000, from: HOUR_BEFORE, until: START });
  const read = await events();
  expect([read.length, CATEGORIES.length]).toEqual([200_000, 25]);
  expect(new Set(read.map(({ category }) => category))).toEqual(new Set(CATEGORIES));
  const forms = read.slice(0, 3).map(({ timestamp }) => timestamp.replace(/\d/g, '0'));
  expect(forms).toEqual(['0000-00-00T00:00:00.000Z', '0000-00-00T00:00:00Z', '0000-00-00T00:00:00']);
  const times = read.map(({ timestamp }) => timestamp);
  expect(times).not.toEqual([...times].sort());
  expect((await events()).slice(0, 100)).toEqual(read.slice(0, 100));
});

it('may come after what really happened, in order, of one user', async () => {
  const server = fleet.world.server(id);
  const userId = server.userNamed(CML.username).id;
  server.telemetry.length = 0;
  server.record('start_lab', server.userNamed('ada'), fleet.clock.now());
  const flood = { from: HOUR_BEFORE, until: START, categories: ['user_activity'], userId, ordered: true };
  server.floods.push({ count: 4, ...flood });
  expect((await events()).map(({ category, timestamp }) => `${category} ${timestamp}`)).toEqual([
    'start_lab 2026-11-23T08:03:00.000Z',
    'user_activity 2026-11-23T07:00:00.000Z',
    'user_activity 2026-11-23T07:15:00Z',
    'user_activity 2026-11-23T07:30:00',
    'user_activity 2026-11-23T07:45:00.000Z',
  ]);
  expect((await events()).at(-1)?.data).toEqual({ user_id: userId });
});

it('goes wrong by rules as any other answer', async () => {
  fleet.world.server(id).floods.push({ count: 1_000, from: HOUR_BEFORE, until: START });
  fleet.world.cmlFaults.add({
    paths: ['/telemetry/events'],
    body: { set: { '*.category': 'teleport' } },
    next: 1,
  });
  expect(new Set((await events()).map(({ category }) => category))).toEqual(new Set(['teleport']));
  fleet.world.cmlFaults.add({ paths: ['/telemetry/events'], cut: 'mid-answer', next: 1 });
  await expect(events()).rejects.toThrow('terminated');
  expect(await events()).toHaveLength(1_003);
});
