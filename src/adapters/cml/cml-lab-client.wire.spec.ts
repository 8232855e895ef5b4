import { type Answer, empty, json, playCml, type PlayedCml, problem } from './testing/played-cml';
import { aCertificate, type Certificate } from './testing/tls-server';

let certificate: Certificate;
let cml: PlayedCml;

beforeAll(async () => {
  certificate = await aCertificate();
});

afterEach(() => cml.close());

async function play(answers: Readonly<Record<string, Answer>>): Promise<void> {
  cml = await playCml(certificate, answers);
}

const BGP = {
  id: 'a',
  lab_title: 'BGP',
  owner: 'u-1',
  owner_username: 'ada',
  state: 'STARTED',
  node_count: 4,
  link_count: 5,
  created: '2021-02-28T07:33:47+00:00',
  modified: '2021-03-01T07:33:47+00:00',
};
const LAB = {
  id: 'a',
  title: 'BGP',
  owner: 'ada',
  state: 'STARTED',
  nodeCount: 4,
  linkCount: 5,
  createdAt: new Date('2021-02-28T07:33:47Z'),
  modifiedAt: new Date('2021-03-01T07:33:47Z'),
};
const GONE = problem(404, 'Lab not found: a');
/** nginx while CML starts */
const nginx =
  (status: number): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'text/html' }).end('<html>');

it('lists the labs of all users, without those that were deleted meanwhile', async () => {
  await play({ 'GET /labs?show_all=true': json(200, ['a', 'b']), 'GET /labs/a': json(200, BGP) });

  expect(await cml.clients.labs.list(cml.server)).toEqual([LAB]);
});

it('gets one lab, whatever its state is called', async () => {
  await play({ 'GET /labs/a': json(200, { ...BGP, state: 'PAUSED', link_count: undefined }) });

  expect(await cml.clients.labs.get(cml.server, 'a')).toEqual({ ...LAB, state: 'PAUSED', linkCount: null });
  expect(await cml.clients.labs.get(cml.server, 'no/such lab')).toBeNull();
  expect(cml.count('GET /labs/no%2Fsuch%20lab')).toBe(1);
});

it.each(['start', 'stop'] as const)('%ss a lab, and tells where there is none', async (to) => {
  await play({
    [`PUT /labs/a/${to}`]: empty(204),
    [`PUT /labs/c/${to}`]: problem(400, 'Not enough memory.'),
  });

  expect(await cml.clients.labs[to](cml.server, 'a')).toBe(true);
  expect(await cml.clients.labs[to](cml.server, 'b')).toBe(false);
  await expect(cml.clients.labs[to](cml.server, 'c')).rejects.toMatchObject({
    failure: 'refused',
    message: 'The server answers an error. (HTTP 400: Not enough memory.)',
  });
});

it('takes a 404 of nginx for a server that starts, not for a lab that is gone', async () => {
  const answers = ['GET /labs/a', 'PUT /labs/a/stop', 'GET /labs/a/download'].map((name) => [
    name,
    nginx(404),
  ]);
  await play(Object.fromEntries(answers) as Record<string, Answer>);
  const { labs } = cml.clients;

  for (const asking of [
    labs.get(cml.server, 'a'),
    labs.stop(cml.server, 'a'),
    labs.topology(cml.server, 'a'),
  ]) {
    await expect(asking).rejects.toMatchObject({ failure: 'not-ready' });
  }
});

describe('the topology', () => {
  const YAML = 'lab:\n  title: "BGP: ä"\nnodes: []\n';
  const as =
    (type: string, text: string): Answer =>
    (response) =>
      response.writeHead(200, { 'content-type': type }).end(text);

  it.each<[string, Answer]>([
    ['YAML', as('text/yaml; charset=utf-8', YAML)],
    ['a JSON string', json(200, YAML)],
    ['YAML that calls itself JSON', as('application/json', YAML)],
  ])('is read from %s', async (_, answer) => {
    await play({ 'GET /labs/a/download': answer });

    expect(await cml.clients.labs.topology(cml.server, 'a')).toBe(YAML);
  });

  it('is null where there is no such lab', async () => {
    await play({ 'GET /labs/a/download': GONE });

    expect(await cml.clients.labs.topology(cml.server, 'a')).toBeNull();
  });

  it.each<[string, Answer]>([
    ['an object', json(200, { lab: {} })],
    ['nothing', as('text/yaml', '')],
  ])('is not read from %s', async (_, answer) => {
    await play({ 'GET /labs/a/download': answer });

    const reading = cml.clients.labs.topology(cml.server, 'a');

    await expect(reading).rejects.toMatchObject({ failure: 'unreadable' });
  });
});

it.each<[string, unknown, number | null]>([
  [
    'the sum over all computes',
    { a: { stats: { dominfo: { running_nodes: 3 } } }, b: { stats: { dominfo: { running_nodes: 1 } } } },
    4,
  ],
  ['none', { a: { stats: { dominfo: { running_nodes: 0 } } } }, 0],
  [
    'unknown while one has not counted',
    { a: { stats: { dominfo: { running_nodes: 3 } } }, b: { stats: {} } },
    null,
  ],
  ['unknown without computes', undefined, null],
])('running nodes are %s', async (_, computes, expected) => {
  await play({ 'GET /system_stats': json(200, { computes }) });

  expect(await cml.clients.labs.runningNodes(cml.server)).toBe(expected);
});
