import { ManualClock, plus } from '../../kernel/clocks';
import { AwsClients } from './aws-clients';
import { Ec2Compute } from './ec2-compute';
import { awsClientsFor, callsOf } from './testing/aws-clients';
import { MovedTime } from './testing/moved-time';
import { type ScriptedAws, sendXml, startScriptedAws } from './testing/scripted-aws';

const NOW = new Date('2026-11-23T08:00:00Z');
const OPTIONS = { installationId: 'inst-1', imageOwnerIds: [] };

let aws: ScriptedAws;
let clients: AwsClients;
const machine = new ManualClock(NOW);

beforeEach(() => machine.set(NOW));
afterEach(async () => {
  clients.destroy();
  await aws.stop();
});

describe('an endpoint that never answers', () => {
  beforeEach(async () => {
    aws = await startScriptedAws(() => undefined);
  });

  it('leaves a start unclear after the time-out, sent once', async () => {
    // long enough for a busy machine to have sent it
    clients = awsClientsFor(aws.endpoint, 2_000);
    const compute = new Ec2Compute(clients, machine, OPTIONS);

    await expect(compute.start('eu-west-1', 'i-1')).rejects.toMatchObject({
      failure: 'unclear',
      awsCode: 'ETIMEDOUT',
    });
    expect(aws.bodies).toHaveLength(1);
  });

  it('is given up at the deadline of a stop', async () => {
    clients = awsClientsFor(aws.endpoint, 60_000);
    const compute = new Ec2Compute(clients, machine, OPTIONS);

    const stopping = compute.stop('eu-west-1', 'i-1', { sendBefore: plus(NOW, 100), force: false });

    await expect(stopping).rejects.toMatchObject({ failure: 'unclear', awsCode: 'ETIMEDOUT' });
  });

  it('is given up at the deadline of a stop that waited for its turn', async () => {
    const time = new MovedTime();
    clients = awsClientsFor(aws.endpoint, 60_000, { ...time, sharePercent: 1 });
    const compute = new Ec2Compute(clients, time.machine, OPTIONS);
    // the only token; the next one comes after 20 s
    const first = { sendBefore: plus(NOW, 1_000), force: false };
    await compute.stop('eu-west-1', 'i-1', first).catch(() => undefined);

    const stopping = compute.stop('eu-west-1', 'i-1', { sendBefore: plus(NOW, 21_000), force: false });
    stopping.catch(() => undefined);
    while (clients.calls.of('eu-west-1').apiBudget.every(({ waiting }) => waiting === 0)) {
      await new Promise(setImmediate);
    }
    time.pass(20_000);

    await expect(stopping).rejects.toMatchObject({ failure: 'unclear', awsCode: 'ETIMEDOUT' });
    expect(aws.bodies).toHaveLength(2);
  });
});

it('does not send a stop whose deadline passes while credentials are looked up', async () => {
  aws = await startScriptedAws(() => undefined);
  const slowCredentials = () => {
    machine.advance(10_000);
    return Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' });
  };
  clients = new AwsClients(
    {
      endpoint: aws.endpoint,
      connectionTimeoutMs: 10_000,
      requestTimeoutMs: 10_000,
      credentials: slowCredentials,
    },
    callsOf(),
  );
  const compute = new Ec2Compute(clients, machine, OPTIONS);

  const stopping = compute.stop('eu-west-1', 'i-1', { sendBefore: plus(NOW, 5_000), force: false });

  await expect(stopping).rejects.toMatchObject({ failure: 'rejected', awsCode: 'SendBeforePassed' });
  expect(aws.bodies).toEqual([]);
});

it('changes the type of an instance', async () => {
  aws = await startScriptedAws((_body, response) => {
    sendXml(
      response,
      200,
      '<ModifyInstanceAttributeResponse><return>true</return></ModifyInstanceAttributeResponse>',
    );
  });
  clients = awsClientsFor(aws.endpoint);

  await new Ec2Compute(clients, machine, OPTIONS).changeInstanceType('eu-west-1', 'i-1', 'c5.metal');

  const sent = Object.fromEntries(new URLSearchParams(aws.bodies[0]));
  expect(sent).toMatchObject({
    Action: 'ModifyInstanceAttribute',
    InstanceId: 'i-1',
    'InstanceType.Value': 'c5.metal',
  });
});
