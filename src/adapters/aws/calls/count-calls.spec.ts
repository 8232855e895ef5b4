import { type ServerResponse } from 'node:http';
import { plus, SECOND } from '../../../kernel/clocks';
import { type AwsClients } from '../aws-clients';
import { CloudWatchMetrics } from '../cloudwatch-metrics';
import { Ec2Compute } from '../ec2-compute';
import { Ec2InstanceSource } from '../ec2-instance-source';
import { awsClientsFor } from '../testing/aws-clients';
import { MovedTime } from '../testing/moved-time';
import { actionsOf, type ScriptedAws, sendXml, startScriptedAws } from '../testing/scripted-aws';
import { type MadeCall } from './aws-calls';

const REGION = 'eu-west-1';
const OPTIONS = { installationId: 'inst-1', imageOwnerIds: [] };

let time: MovedTime;
let aws: ScriptedAws;
let clients: AwsClients;
let compute: Ec2Compute;
let source: Ec2InstanceSource;
let made: MadeCall[];
let answer: (response: ServerResponse, body: string) => void;

const well = (response: ServerResponse) => sendXml(response, 200, '<Answer><return>true</return></Answer>');
const refuse = (status: number, code: string) => (response: ServerResponse) =>
  sendXml(
    response,
    status,
    `<Response><Errors><Error><Code>${code}</Code><Message>Words.</Message></Error></Errors></Response>`,
  );
const cut = (response: ServerResponse) => response.socket?.destroy();
/** One answer after the other; the last one goes on. */
const inTurn = (...answers: ((response: ServerResponse) => void)[]) => {
  let next = 0;
  return (response: ServerResponse) => answers[Math.min(next++, answers.length - 1)]?.(response);
};

beforeEach(async () => {
  answer = well;
  time = new MovedTime();
  made = [];
  aws = await startScriptedAws((body, response) => answer(response, body));
  use(100);
});
afterEach(async () => {
  clients.destroy();
  await aws.stop();
});

/** Time-outs are waited for here, yet a busy machine must have the time to send each call. */
const TIMEOUT_MS = 1_000;

function use(sharePercent: number): void {
  clients = awsClientsFor(aws.endpoint, TIMEOUT_MS, { ...time, sharePercent });
  clients.calls.onCall((call) => made.push(call));
  compute = new Ec2Compute(clients, time.machine, OPTIONS);
  source = new Ec2InstanceSource(clients, time.machine);
}

const budget = (kind: string, region = REGION) =>
  clients.calls.of(region).apiBudget.find((each) => each.kind === kind);
const circuit = () => clients.calls.of(REGION).circuits.find(({ service }) => service === 'ec2');
const outcomes = () => made.map(({ action, outcome }) => `${action} ${outcome}`);
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const until = async (done: () => boolean) => {
  while (!done()) await settled();
};

describe('each request', () => {
  it('takes a token of its kind, those that the SDK repeats included, and of its instances', async () => {
    answer = inTurn(cut, well);

    await compute.stop(REGION, 'i-1', { sendBefore: null, force: false });

    expect(outcomes()).toEqual(['StopInstances failed', 'StopInstances ok']);
    expect(budget('stop-instances')).toMatchObject({ capacity: 50, available: 48, usedLastMinute: 2 });
    expect(budget('stop-resources')).toMatchObject({ capacity: 1000, available: 998 });
    expect(budget('start-instances')).toMatchObject({ available: 5, usedLastMinute: 0 });
  });

  it('counts by what it asks for', async () => {
    await source.listManaged(REGION);
    await compute.describe(REGION, 'i-1');
    await compute.changeInstanceType(REGION, 'i-1', 'c5.metal');
    await compute.tagAsManaged(REGION, { instanceId: 'i-1', market: 'on-demand' }, 'w');
    const options = { memory: false, agentDimensions: [] };
    const metrics = new CloudWatchMetrics(clients, time.machine, options);
    answer = (response) =>
      response
        .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
        .end('{"MetricDataResults":[]}');
    await metrics.newest(REGION, [{ instanceId: 'i-1', amiId: null, instanceType: 'c5.metal' }]);

    const used = clients.calls.of(REGION).apiBudget.filter(({ usedLastMinute }) => usedLastMinute > 0);
    expect(used.map(({ kind }) => kind)).toEqual([
      'describe-filtered',
      'describe-unfiltered',
      'other-changes',
      'tags',
      'get-metric-data',
    ]);
  });

  it('takes of our share only, and waits when that is used up', async () => {
    use(50);
    const starts = ['i-1', 'i-2'].map((id) => compute.start(REGION, id));
    await Promise.all(starts);
    expect(budget('start-instances')).toMatchObject({ capacity: 2, refillPerSecond: 1, available: 1 });

    await compute.start(REGION, 'i-3');
    const waiting = compute.start(REGION, 'i-4');
    await settled();
    expect(aws.bodies).toHaveLength(2);
    expect(budget('start-instances')).toMatchObject({ available: 0, waiting: 1 });
    time.pass(SECOND);
    await waiting;
    expect(aws.bodies).toHaveLength(3);
  });

  it('of a command goes before those of sweeps that wait longer', async () => {
    use(2);
    await compute.describe(REGION, 'i-1');
    const sweeps = [source.listByIds(REGION, ['i-2']), source.listByIds(REGION, ['i-3'])];
    await until(() => budget('describe-unfiltered')?.waiting === 2);
    const command = compute.describe(REGION, 'i-4');
    await until(() => budget('describe-unfiltered')?.waiting === 3);
    for (const count of [2, 3, 4]) {
      time.pass(5 * SECOND);
      await until(() => aws.bodies.length === count);
    }
    await Promise.all([...sweeps, command]);

    const ids = aws.bodies.map((body) => new URLSearchParams(body).get('InstanceId.1'));
    expect(ids).toEqual(['i-1', 'i-4', 'i-2', 'i-3']);
  });
});

describe('a call that AWS throttles', () => {
  it('holds back its kind in its region, and no other', async () => {
    answer = inTurn(refuse(503, 'RequestLimitExceeded'), well);

    await expect(compute.start(REGION, 'i-1')).rejects.toMatchObject({
      failure: 'throttled',
      awsCode: 'RequestLimitExceeded',
      retryAt: plus(time.machine.now(), 1_500),
    });
    const again = compute.start(REGION, 'i-1');
    await compute.start('us-east-1', 'i-2');
    await compute.stop(REGION, 'i-3', { sendBefore: null, force: false });
    expect(actionsOf(aws)).toEqual(['StartInstances', 'StartInstances', 'StopInstances']);
    expect(budget('start-instances')).toMatchObject({ available: 0, throttledLastMinute: 1, waiting: 1 });

    time.pass(1_500);
    await again;
    expect(circuit()).toMatchObject({ state: 'closed' });
  });
});

describe('a service that does not answer', () => {
  const failing = async () => {
    for (let count = 0; count < 5; count += 1) {
      await compute.start(REGION, 'i-1').catch(() => undefined);
      time.pass(SECOND);
    }
  };

  it.each<[string, (response: ServerResponse) => void]>([
    ['cuts the connection', cut],
    ['says nothing until the time-out', () => undefined],
    ['answers that it is broken', refuse(500, 'InternalError')],
    ['answers what nobody can read', (response) => sendXml(response, 200, '<html>')],
  ])('but %s is left alone after five calls', async (_how, bad) => {
    answer = bad;
    await failing();

    await expect(compute.start(REGION, 'i-1')).rejects.toMatchObject({
      failure: 'unreachable',
      awsCode: 'RegionUnreachable',
      retryAt: expect.any(Date) as Date,
    });
    expect(aws.bodies).toHaveLength(5);
  });

  it.each([
    [500, 'InsufficientInstanceCapacity'],
    [400, 'IncorrectInstanceState'],
    [503, 'RequestLimitExceeded'],
  ])('as asked, but with %i %s, is called on', async (status, code) => {
    answer = refuse(status, code);
    for (let count = 0; count < 6; count += 1) {
      await compute.start(REGION, 'i-1').catch(() => undefined);
      time.pass(60 * SECOND);
    }

    expect(circuit()).toMatchObject({ state: 'closed' });
    expect(aws.bodies).toHaveLength(6);
  });

  it('is tried by one call when its time is over, and then used again', async () => {
    answer = cut;
    await failing();
    answer = well;
    time.pass(30 * SECOND);
    expect(circuit()).toMatchObject({ state: 'half-open' });

    const [one, two] = await Promise.allSettled([
      compute.start(REGION, 'i-1'),
      compute.describe(REGION, 'i-2'),
    ]);

    expect([one.status, two.status].sort()).toEqual(['fulfilled', 'rejected']);
    expect(circuit()).toMatchObject({ state: 'closed' });
    await compute.describe(REGION, 'i-2');
  });

  it('leaves a stop unclear that was sent, though its repetition was not', async () => {
    answer = cut;
    await failing();
    time.pass(30 * SECOND);

    const stopping = compute.stop(REGION, 'i-1', { sendBefore: null, force: false });

    await expect(stopping).rejects.toMatchObject({ failure: 'unclear' });
    expect(aws.bodies).toHaveLength(6);
  });

  it('does not matter to other services and regions', async () => {
    answer = cut;
    await failing();
    answer = well;

    await compute.start('us-east-1', 'i-1');
    expect(clients.calls.of(REGION).circuits.map(({ state }) => state)).toEqual(['open', 'closed', 'closed']);
  });
});

it('does not wait for a token past the deadline of a stop', async () => {
  use(1);
  const stop = (seconds: number) =>
    compute.stop(REGION, 'i-1', { sendBefore: plus(time.machine.now(), seconds * SECOND), force: false });
  await stop(10);

  await expect(stop(10)).rejects.toMatchObject({ failure: 'throttled', awsCode: 'ApiBudgetExhausted' });
  expect(aws.bodies).toHaveLength(1);
});
