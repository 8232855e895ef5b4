import { Logger } from '@nestjs/common';
import { type CommandContext } from '../../kernel/command-context';
import { AlreadyManaged, ComputeError, ImportWorker, importedWorkerId, TerminateWorker } from '../../workers';
import { aWorker } from '../../workers/testing/worker.builder';
import { type Leftover } from '../domain/leftover';
import { type ResourceKind } from '../domain/orphan';
import { type OrphanChanged } from '../domain/orphan-errors';
import { aLeftover, REGION } from '../testing/orphans.builder';
import { orphansBench } from '../testing/orphans-bench';
import { AdoptOrphan } from './adopt-orphan.command';
import { TerminateOrphan } from './terminate-orphan.command';

const PERSON: CommandContext = {
  ...{ actor: 'user:ann', reason: 'left over', correlationId: 'c-1', causationId: null },
  commandId: 'command-1',
};
const UNKNOWN = '00000000-0000-4000-8000-000000000999';

beforeEach(() => void jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined));
afterEach(() => jest.restoreAllMocks());

/** A fleet with this one orphan. */
async function withOrphan(kind: ResourceKind, leftover: Leftover) {
  const bench = orphansBench();
  bench.source.put(kind, REGION, leftover);
  await bench.look();
  await bench.look();
  return { ...bench, id: bench.idOf(kind, leftover.resourceId) };
}

async function withLostWorker() {
  const bench = orphansBench();
  const worker = aWorker({ awsRegion: REGION }).running().state;
  const statusReason = { code: 'lost', message: 'gone', at: worker.createdAt, nextTryAt: null };
  bench.queries.workers = [{ ...worker, status: 'UNKNOWN', statusReason }];
  await bench.look();
  await bench.look();
  return { ...bench, worker, id: bench.idOf('worker-without-instance', worker.id) };
}

/** The workers module imports, or refuses. */
function answerImports({ commands }: ReturnType<typeof orphansBench>, answer: object): void {
  const execute = commands.execute.bind(commands);
  commands.execute = (command) => execute(command).then(() => answer as never);
}

describe('an adoption', () => {
  it('imports the instance, says who and why, and takes it from the list', async () => {
    const bench = await withOrphan('instance-without-worker', aLeftover());
    answerImports(bench, { id: 'w-7' });
    const worker = await bench.adopt.execute(new AdoptOrphan(bench.id, null, PERSON));
    expect(worker).toEqual({ id: 'w-7' });
    expect(bench.commands.executed).toEqual([
      new ImportWorker(REGION, 'i-1', null, PERSON, { distinguish: true }),
    ]);
    expect(bench.events).toMatchObject([
      {
        type: 'orphan.adopted',
        aggregateId: bench.id,
        data: { resourceId: 'i-1', workerId: 'w-7', adoptedBy: 'user:ann', adoptedAt: bench.clock.now() },
        record: { actor: 'user:ann', reason: 'left over', correlationId: 'c-1' },
      },
    ]);
    expect(await bench.listed()).toEqual([]);
  });

  it('is of instances without a worker only', async () => {
    const { adopt, id } = await withOrphan('volume', aLeftover({ resourceId: 'vol-1' }));
    await expect(adopt.execute(new AdoptOrphan(id, null, PERSON))).rejects.toMatchObject({
      code: 'orphan-not-adoptable',
    });
    await expect(adopt.execute(new AdoptOrphan(UNKNOWN, null, PERSON))).rejects.toMatchObject({
      code: 'orphan-not-found',
    });
  });

  it('that is refused records nothing, and the orphan stays listed', async () => {
    const { adopt, id, commands, events, listed } = await withOrphan('instance-without-worker', aLeftover());
    commands.refuse(ImportWorker, new AlreadyManaged('The name "lab"', 'w-2', 'name'));
    const command = new AdoptOrphan(id, 'lab', PERSON);
    await expect(adopt.execute(command)).rejects.toMatchObject({ code: 'already-exists' });
    expect([events, await listed()]).toEqual([[], ['i-1']]);
  });

  it('goes on where its first try died after the import', async () => {
    const bench = await withOrphan('instance-without-worker', aLeftover());
    const imported = importedWorkerId(PERSON);
    bench.queries.workers = [aWorker({ awsRegion: REGION }, imported).launched('i-1').state];
    answerImports(bench, { id: imported });
    const other = { ...PERSON, commandId: 'command-2' };
    await expect(bench.adopt.execute(new AdoptOrphan(bench.id, null, other))).rejects.toMatchObject({
      code: 'orphan-changed',
    });
    await bench.adopt.execute(new AdoptOrphan(bench.id, null, PERSON));
    expect(bench.events).toHaveLength(1);
  });
});

describe('a termination', () => {
  it.each<[ResourceKind, string]>([
    ['instance-without-worker', 'i-1'],
    ['volume', 'vol-1'],
    ['address', 'eipalloc-1'],
  ])('of an orphan %s is recorded, carried out, and recorded as done', async (kind, resourceId) => {
    const bench = await withOrphan(kind, aLeftover({ resourceId }));
    const answered = await bench.terminate.execute(new TerminateOrphan(bench.id, PERSON));
    expect(answered).toMatchObject({ kind, resourceId });
    expect(bench.source.removed).toEqual([`${kind} ${REGION} ${resourceId}`]);
    const place = { kind, awsRegion: REGION, resourceId };
    expect(bench.events).toMatchObject([
      { type: 'orphan.termination-requested', data: { ...place, requestedBy: 'user:ann' } },
      { type: 'orphan.terminated', data: { ...place, terminatedBy: 'user:ann' } },
    ]);
    expect(bench.events[1]?.record).toMatchObject({ actor: 'user:ann', reason: 'left over' });
    expect(await bench.listed()).toEqual([]);
  });

  describe('of an instance, and its adoption at the same moment', () => {
    const KEY = `instance:${REGION}/i-1`;

    it('exclude each other while the import is under way', async () => {
      const bench = await withOrphan('instance-without-worker', aLeftover());
      await bench.reservations.take(KEY, 'worker-w-7', 1);
      await mustBeRefused(bench, /is being adopted/);
      expect(await bench.reservations.holder(KEY)).toBe('worker-w-7');
    });

    it('exclude each other until EC2 shows that the instance goes', async () => {
      const bench = await withOrphan('instance-without-worker', aLeftover());
      await bench.terminate.execute(new TerminateOrphan(bench.id, PERSON));
      expect(await bench.reservations.take(KEY, 'worker-w-7', 1)).toBe(false);
      bench.clock.advance(600_000);
      await bench.beingEnded.expire();
      expect(await bench.reservations.holder(KEY)).toBe(`orphan-${bench.id}`);
      bench.clock.advance(1);
      await bench.beingEnded.expire();
      expect(await bench.reservations.holder(KEY)).toBeNull();
    });

    it.each([
      ['rejected', null],
      ['unclear', 'orphan-'],
    ] as const)('may follow each other where the end was %s', async (failure, holder) => {
      const bench = await withOrphan('instance-without-worker', aLeftover());
      bench.source.refusal = new ComputeError(failure, 'Odd', 'no');
      const command = new TerminateOrphan(bench.id, PERSON);
      await expect(bench.terminate.execute(command)).rejects.toMatchObject({ awsCode: 'Odd' });
      expect(await bench.reservations.holder(KEY)).toBe(holder && `${holder}${bench.id}`);
      // a repetition finds its own
      bench.source.refusal = null;
      await bench.terminate.execute(command);
    });

    it('are told apart from a worker that has the instance', async () => {
      const { adopt, id, commands } = await withOrphan('instance-without-worker', aLeftover());
      commands.refuse(ImportWorker, new AlreadyManaged('The instance i-1', null));
      await expect(adopt.execute(new AdoptOrphan(id, null, PERSON))).rejects.toMatchObject({
        ...{ code: 'orphan-changed', message: expect.stringMatching(/ends i-1/) as string },
      });
    });
  });

  it('that AWS refuses leaves its trace, and can be asked for again', async () => {
    const bench = await withOrphan('volume', aLeftover({ resourceId: 'vol-1' }));
    bench.source.refusal = new ComputeError('rejected', 'UnauthorizedOperation', 'not allowed');
    const command = new TerminateOrphan(bench.id, PERSON);
    await expect(bench.terminate.execute(command)).rejects.toMatchObject({ code: 'aws-refused' });
    expect(bench.events.map(({ type }) => type)).toEqual(['orphan.termination-requested']);
    expect(await bench.listed()).toEqual(['vol-1']);
    bench.source.refusal = null;
    await bench.terminate.execute(command);
    expect(bench.events.map(({ type }) => type)).toEqual([
      'orphan.termination-requested',
      'orphan.terminated',
    ]);
  });

  it.each<[string, Partial<Leftover> | null, RegExp]>([
    ['is gone', null, /does not know i-1/],
    ['lost our tag', { isManaged: false }, /not tagged/],
    ['is another installation’s now', { installationId: 'other' }, /another installation/],
    ['goes already', { isLoose: false, status: 'shutting-down' }, /shutting-down/],
  ])('is refused for what %s', async (_, change, why) => {
    const bench = await withOrphan('instance-without-worker', aLeftover());
    bench.source.put('instance-without-worker', REGION, ...(change ? [aLeftover(change)] : []));
    await mustBeRefused(bench, why);
  });

  it('is refused for what has a worker, by the list, or by the history of the worker that the tag names', async () => {
    const bench = await withOrphan('instance-without-worker', aLeftover());
    bench.queries.workers = [aWorker({ awsRegion: REGION }).launched('i-1').state];
    await mustBeRefused(bench, /belongs to the worker/);
    // the list shows it terminated still, or not at all
    bench.queries.workers = [aWorker({ awsRegion: REGION }, 'w-5').launched('i-1').state];
    const listing = bench.queries.execute.bind(bench.queries);
    bench.queries.execute = (query) =>
      query.constructor.name === 'GetActiveWorkers' ? Promise.resolve([]) : listing(query);
    bench.source.put('instance-without-worker', REGION, aLeftover({ workerId: 'w-5' }));
    await mustBeRefused(bench, /belongs to the worker w-5/);
  });

  it('of a worker without an instance is its own, by the person’s word', async () => {
    const { terminate, commands, events, worker, id } = await withLostWorker();
    await terminate.execute(new TerminateOrphan(id, PERSON));
    expect(commands.executed).toEqual([new TerminateWorker(worker.id, PERSON)]);
    expect(events.map(({ type }) => type)).toEqual(['orphan.termination-requested', 'orphan.terminated']);
  });

  it('is refused for a worker that has its instance again, or has ended', async () => {
    const bench = await withLostWorker();
    bench.queries.workers = [bench.worker];
    await mustBeRefused(bench, /has its instance again/);
    bench.queries.workers = [];
    await mustBeRefused(bench, /has ended/);
  });

  async function mustBeRefused(bench: ReturnType<typeof orphansBench> & { id: string }, why: RegExp) {
    const refused = await bench.terminate
      .execute(new TerminateOrphan(bench.id, PERSON))
      .then(fail, (error: unknown) => error as OrphanChanged);
    expect(refused.code).toBe('orphan-changed');
    expect(refused.message).toMatch(why);
    expect([bench.source.removed, bench.commands.executed, bench.events]).toEqual([[], [], []]);
  }
});

function fail(): never {
  throw new Error('it was done all the same');
}
