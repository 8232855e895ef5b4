import { Registry } from 'prom-client';
import { SystemClock } from '../../kernel/clocks';
import { AwsClients } from './aws-clients';
import { registerCallMetrics } from './calls/call-metrics';
import { Ec2Compute } from './ec2-compute';
import { awsClientsFor, callsOf } from './testing/aws-clients';
import { actionsOf, type ScriptedAws, sendXml, startScriptedAws } from './testing/scripted-aws';

const OPTIONS = { installationId: 'inst-1', imageOwnerIds: [] };
const machine = new SystemClock();

let servers: ScriptedAws[];
let clients: AwsClients;

beforeEach(() => {
  servers = [];
});
afterEach(async () => {
  clients.destroy();
  await Promise.all(servers.map((server) => server.stop()));
});

async function serve(answer: Parameters<typeof startScriptedAws>[0]): Promise<ScriptedAws> {
  const server = await startScriptedAws(answer);
  servers.push(server);
  return server;
}

const WELL = '<Answer><return>true</return></Answer>';

it('a region that hangs holds up no other', async () => {
  let held = 0;
  // both behind one address, as behind a proxy: Node counts connections by address
  const server = await serve((_body, response) => {
    if (response.req.headers.authorization?.includes('/us-east-1/')) held += 1;
    else sendXml(response, 200, WELL);
  });
  clients = awsClientsFor(server.endpoint, 20_000);
  const compute = new Ec2Compute(clients, machine, OPTIONS);
  const asked = Array.from({ length: 40 }, (_, index) => compute.describe('us-east-1', `i-${index}`));
  const outcomes = Promise.allSettled(asked);
  while (held < 20) await new Promise(setImmediate);

  const begun = performance.now();
  await Promise.all(Array.from({ length: 40 }, (_, index) => compute.describe('eu-west-1', `i-${index}`)));

  expect(performance.now() - begun).toBeLessThan(15_000);
  // no more connections than one region may have
  expect(held).toBe(20);
  clients.destroy();
  await outcomes;
});

describe('credentials that ran out', () => {
  const keysOf = (body: string, header: string | undefined) => [
    new URLSearchParams(body).get('Action'),
    /Credential=(\w+)/.exec(header ?? '')?.[1],
  ];

  async function withKeys(keys: readonly string[], good: string) {
    const seen: unknown[] = [];
    const server = await serve((body, response) => {
      const [action, key] = keysOf(body, response.req.headers.authorization);
      seen.push([action, key]);
      if (key === good) sendXml(response, 200, WELL);
      else {
        const error = '<Error><Code>RequestExpired</Code><Message>Request has expired.</Message></Error>';
        sendXml(response, 400, `<Response><Errors>${error}</Errors></Response>`);
      }
    });
    let asked = 0;
    const credentials = () => {
      const accessKeyId = keys[Math.min(asked++, keys.length - 1)] ?? '';
      return Promise.resolve({ accessKeyId, secretAccessKey: 'test', expiration: new Date('2099-01-01') });
    };
    const times = { connectionTimeoutMs: 10_000, requestTimeoutMs: 20_000 };
    clients = new AwsClients({ ...times, endpoint: server.endpoint, credentials }, callsOf());
    return { seen, compute: new Ec2Compute(clients, machine, OPTIONS) };
  }

  it('are renewed once, and the call is repeated once', async () => {
    const { seen, compute } = await withKeys(['OLD', 'NEW'], 'NEW');

    await compute.start('eu-west-1', 'i-1');

    expect(seen).toEqual([
      ['StartInstances', 'OLD'],
      ['StartInstances', 'NEW'],
    ]);
  });

  it('and are no better anew are told', async () => {
    const { seen, compute } = await withKeys(['OLD', 'NEW', 'NEWER'], 'NONE');

    await expect(compute.start('eu-west-1', 'i-1')).rejects.toMatchObject({
      failure: 'credentials',
      awsCode: 'RequestExpired',
    });
    expect(seen).toHaveLength(2);
  });

  it('and cannot be renewed are not tried again', async () => {
    const { seen, compute } = await withKeys(['OLD'], 'NEW');

    await expect(compute.start('eu-west-1', 'i-1')).rejects.toMatchObject({ failure: 'credentials' });
    expect(seen).toHaveLength(1);
  });
});

it('shows Prometheus what was called, what is left, and what is left alone', async () => {
  let asked = 0;
  const server = await serve((_body, response) => {
    asked += 1;
    if (asked === 1) sendXml(response, 200, WELL);
    else if (asked === 2) {
      const error = '<Error><Code>RequestLimitExceeded</Code><Message>Slower.</Message></Error>';
      sendXml(response, 503, `<Response><Errors>${error}</Errors></Response>`);
    } else response.socket?.destroy();
  });
  clients = awsClientsFor(server.endpoint);
  const registry = new Registry();
  registerCallMetrics(clients.calls, registry);
  const compute = new Ec2Compute(clients, machine, OPTIONS);

  await compute.start('eu-west-1', 'i-1');
  await compute.start('eu-west-1', 'i-1').catch(() => undefined);
  const stop = { sendBefore: new Date(Date.now() + 5_000), force: false };
  for (let count = 0; count < 5; count += 1)
    await compute.stop('eu-west-1', 'i-1', stop).catch(() => undefined);

  expect(actionsOf(server)).toHaveLength(7);
  const text = await registry.metrics();
  const lines = [
    'calls_total{region="eu-west-1",service="ec2",action="StartInstances",outcome="ok"} 1',
    'calls_total{region="eu-west-1",service="ec2",action="StartInstances",outcome="throttled"} 1',
    'calls_total{region="eu-west-1",service="ec2",action="StopInstances",outcome="failed"} 5',
    'throttled_total{region="eu-west-1",kind="start-instances"} 1',
    'budget_tokens{region="eu-west-1",kind="start-instances"} 0',
    'budget_tokens{region="eu-west-1",kind="terminate-instances"} 100',
    'budget_waiting{region="eu-west-1",kind="start-instances"} 0',
    'circuit_open{region="eu-west-1",service="ec2"} 1',
    'circuit_open{region="eu-west-1",service="sts"} 0',
  ];
  for (const line of lines) expect(text).toContain(`cml_fleet_aws_${line}\n`);
});
