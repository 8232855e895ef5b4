import { Logger } from '@nestjs/common';
import { ManualClock, MINUTE, plus } from '../../kernel/clocks';
import { type InstanceReading } from '../domain/instance-reading';
import { WORKER_TAG } from '../domain/owner-tags';
import { aNewWorker, commandsOf, memoryWorkers } from '../testing/memory-workers';
import { RecordInstances, RecordInstancesHandler, type RegionReading } from './record-instances.command';

const NOW = new Date('2027-01-15T12:00:00.000Z');
const ACCOUNT = '111122223333';

function instance(instanceId: string, given: Partial<InstanceReading> = {}): InstanceReading {
  return {
    instanceId,
    status: 'RUNNING',
    accountId: ACCOUNT,
    instanceType: 'c5.metal',
    amiId: 'ami-1',
    publicIp: null,
    privateIp: null,
    launchedAt: null,
    stateReason: null,
    clientToken: null,
    market: 'on-demand',
    health: null,
    interruption: null,
    tags: {},
    ...given,
  };
}

const clock = new ManualClock(NOW);
let workers: ReturnType<typeof memoryWorkers>;
let command: ReturnType<typeof commandsOf>;

beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(() => {
  clock.set(NOW);
  workers = memoryWorkers();
  command = commandsOf();
});

async function add(id: string, awsInstanceId: string | null): Promise<void> {
  await workers.repository.add(aNewWorker(id, { createdAt: NOW }), command());
  if (awsInstanceId === null) return;
  await workers.repository.update(id, command(), (worker) => {
    worker.assignInstance({ awsInstanceId, awsAccountId: ACCOUNT }, NOW);
  });
}

function record(given: Partial<RegionReading>): Promise<void> {
  const empty = { instances: [], missing: [] };
  const reading = { region: 'eu-west-1', accountId: ACCOUNT, begunAt: clock.now(), ...empty, ...given };
  const handler = new RecordInstancesHandler(workers.repository, clock, { driftPolicy: 'follow' });
  return handler.execute(new RecordInstances(reading, command()));
}

const stateOf = async (id: string) => (await workers.repository.getById(id))?.state;

describe('what a sweep read of a region', () => {
  it('reaches each worker, though another one cannot take its reading', async () => {
    await add('a', null);
    await add('b', 'i-2');
    await workers.reservations.take('instance:eu-west-1/i-1', 'worker-other', 1);
    const tagged = instance('i-1', { tags: { [WORKER_TAG]: 'a' } });
    await record({ instances: [tagged, instance('i-2')] });
    expect(await stateOf('a')).toMatchObject({ awsInstanceId: null, status: 'PENDING' });
    expect(await stateOf('b')).toMatchObject({ awsInstanceId: 'i-2', status: 'RUNNING' });
  });

  it('lets a worker without an instance adopt the one with its tag, and only the first', async () => {
    await add('a', null);
    const tags = { [WORKER_TAG]: 'a' };
    const gone = instance('i-0', { tags, status: 'TERMINATED' });
    await record({
      instances: [gone, instance('i-1', { tags }), instance('i-2', { tags, status: 'STOPPED' })],
    });
    expect(await stateOf('a')).toMatchObject({ awsInstanceId: 'i-1', status: 'RUNNING' });
  });

  it('says that an instance is lost, also of a worker that could not be read before', async () => {
    await add('a', 'i-1');
    await workers.repository.update('a', command(), (worker) => {
      worker.updateStatus('UNKNOWN', NOW);
      worker.explain({ code: 'ec2-unreadable', message: 'no answer', at: NOW, nextTryAt: null }, NOW);
    });
    clock.advance(10 * MINUTE);
    const missing = (minutes: number) => [{ instanceId: 'i-1', since: plus(clock.now(), -minutes * MINUTE) }];
    await record({ missing: missing(4) });
    expect(await stateOf('a')).toMatchObject({ statusReason: { code: 'ec2-unreadable' } });
    await record({ missing: missing(5), accountId: 'another' });
    expect(await stateOf('a')).toMatchObject({ statusReason: { code: 'ec2-unreadable' } });
    await record({ missing: missing(5) });
    expect(await stateOf('a')).toMatchObject({ status: 'UNKNOWN', statusReason: { code: 'lost' } });
  });
});
