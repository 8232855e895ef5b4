import { Logger } from '@nestjs/common';
import { ComputeError } from '../../workers';
import { aWorker } from '../../workers/testing/worker.builder';
import { aLeftover, OURS, REGION } from '../testing/orphans.builder';
import { orphansBench } from '../testing/orphans-bench';

const refused = new ComputeError('rejected', 'UnauthorizedOperation', 'not allowed');
let warnings: jest.SpyInstance;
beforeEach(() => {
  warnings = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
});
afterEach(() => warnings.mockRestore());
const told = (message: string) =>
  warnings.mock.calls.filter(([, words]) => words === message).map(([about]) => about as object);

function bench() {
  const parts = orphansBench();
  parts.source.put('instance-without-worker', REGION, aLeftover());
  parts.source.put('volume', REGION, aLeftover({ resourceId: 'vol-1', awsInstanceId: null, sizeGiB: 64 }));
  parts.source.put('address', REGION, aLeftover({ resourceId: 'eipalloc-1', since: null }));
  return parts;
}

it('lists what was seen twice, and warns of each once', async () => {
  const { look, listed, idOf } = bench();
  await look();
  expect(await listed()).toEqual([]);
  expect(told('a new orphan')).toEqual([]);
  await look();
  expect(await listed()).toEqual(['eipalloc-1', 'i-1', 'vol-1']);
  await look();
  expect(told('a new orphan')).toHaveLength(3);
  expect(told('a new orphan')[0]).toMatchObject({
    orphanId: idOf('instance-without-worker', 'i-1'),
    kind: 'instance-without-worker',
    region: REGION,
    resourceId: 'i-1',
  });
});

it('counts what was not read to its end for nothing, and tells so once; the other kinds go on', async () => {
  const { source, look, listed, sightings } = bench();
  await look();
  source.failing.set('volume', refused);
  await look();
  await look();
  expect(await listed()).toEqual(['eipalloc-1', 'i-1']);
  expect(told('orphans cannot be looked for')).toEqual([
    expect.objectContaining({ region: REGION, kind: 'volume', code: 'UnauthorizedOperation' }),
  ]);
  source.failing.delete('volume');
  await look();
  expect(await listed()).toEqual(['eipalloc-1', 'i-1', 'vol-1']);
  source.failing.set('volume', refused);
  await look();
  expect((await sightings.counts()).map(({ kind, orphans }) => [kind, orphans])).toContainEqual([
    'volume',
    1,
  ]);
  expect(told('orphans cannot be looked for')).toHaveLength(2);
});

it('sees a worker that got the instance while AWS was being read', async () => {
  const { source, queries, look, listed } = bench();
  source.whileListing = () => {
    queries.workers = [aWorker({ awsRegion: REGION }).launched('i-1').state];
  };
  await look();
  await look();
  expect(await listed()).not.toContain('i-1');
});

it('does not list what a launch under way has made', async () => {
  const { source, queries, look, listed } = bench();
  queries.workers = [aWorker({ awsRegion: REGION }).launchRequested({ clientToken: 'token-7' }).state];
  source.put('instance-without-worker', REGION, aLeftover({ clientToken: 'token-7' }));
  await look();
  await look();
  expect(await listed()).not.toContain('i-1');
});

it('counts those of other installations, and lists none of them', async () => {
  const { source, look, listed, sightings } = bench();
  const foreign = { installationId: 'another' };
  source.put(
    'instance-without-worker',
    REGION,
    aLeftover({ resourceId: 'i-2', ...foreign }),
    aLeftover({ resourceId: 'i-3', ...foreign, isLoose: false, status: 'terminated' }),
    aLeftover({ resourceId: 'i-4', installationId: OURS }),
  );
  await look();
  await look();
  expect(await listed()).toEqual(['eipalloc-1', 'i-4', 'vol-1']);
  const [instances] = await sightings.counts();
  expect(instances).toMatchObject({ kind: 'instance-without-worker', foreign: 1, orphans: 1 });
});

it('lists workers whose instance is lost, until they have it again', async () => {
  const { queries, look, listed } = orphansBench();
  const worker = aWorker({ awsRegion: REGION }).running().state;
  const reason = { code: 'lost', message: 'gone', at: worker.createdAt, nextTryAt: null };
  const elsewhere = { ...worker, id: 'w-9', awsRegion: 'us-east-1', statusReason: reason };
  queries.workers = [{ ...worker, status: 'UNKNOWN', statusReason: reason }, elsewhere];
  await look();
  await look();
  expect(await listed()).toEqual([worker.id]);
  queries.workers = [worker];
  await look();
  expect(await listed()).toEqual([]);
});

it('notes nothing any more once its turn is lost', async () => {
  const { source, look, listed, sightings } = bench();
  await look();
  let held = true;
  source.whileListing = () => void (held = false);
  await look(() => held);
  expect(await listed()).toEqual([]);
  expect((await sightings.counts()).map(({ listedAt }) => listedAt.toISOString())).toEqual(
    Array.from({ length: 4 }, () => '2027-01-15T12:10:00.000Z'),
  );
});
