import { Logger } from '@nestjs/common';
import { type CommandBus, type IQuery, type QueryBus } from '@nestjs/cqrs';
import { type Installation } from '../../event-store';
import { StoreUnavailable } from '../../kernel/domain-error';
import { type Operation, type OperationRun } from '../../operations';
import {
  AlreadyManaged,
  ComputeError,
  GetActiveWorkers,
  type ImportWorker,
  importedWorkerId,
} from '../../workers';
import { aFound, FakeFinder } from '../testing/fake-finder';
import { type DiscoveryOrder, type FoundInstance } from '../domain/discovery';
import { DiscoveryHandler } from './discovery.handler';

const REGIONS = ['eu-west-1', 'us-east-1'];
const NO_FILTER = { amiIds: null, amiName: null, tags: {} };
const refused = new ComputeError('rejected', 'UnauthorizedOperation', 'AWS says no.');

interface Progress {
  readonly progress: number;
  readonly message: string | null;
  readonly result?: object;
}

/** The handler over a fake EC2 and a fleet that knows what was imported. */
function bench(order: Partial<DiscoveryOrder> = {}) {
  const finder = new FakeFinder();
  const fleet = new Map<string, string>();
  const imports: ImportWorker[] = [];
  const refusals = new Map<string, Error>();
  const commands = {
    execute: (command: ImportWorker) => {
      imports.push(command);
      const { awsInstanceId, awsRegion, context } = command;
      const refusal = refusals.get(awsInstanceId);
      if (refusal) return Promise.reject(refusal);
      const id = importedWorkerId(context);
      fleet.set(`${awsRegion}/${awsInstanceId}`, id);
      return Promise.resolve({ id, name: `worker of ${awsInstanceId}` });
    },
  };
  const asked: (string | null)[] = [];
  const workersOf = ({ region }: GetActiveWorkers) => {
    asked.push(region);
    return [...fleet].flatMap(([place, id]) => {
      const [awsRegion, awsInstanceId] = place.split('/');
      return region === null || region === awsRegion ? [{ id, awsRegion, awsInstanceId }] : [];
    });
  };
  const queries = {
    execute: (query: IQuery) => Promise.resolve(query instanceof GetActiveWorkers ? workersOf(query) : []),
  };
  const buses = [commands as unknown as CommandBus, queries as unknown as QueryBus] as const;
  const installation = { id: () => Promise.resolve('ours') } as Installation;
  const handler = new DiscoveryHandler(finder, ...buses, installation);
  const input = { awsRegions: REGIONS, filter: NO_FILTER, import: false, ...order };
  const operation = { id: 'o-1', input, actor: 'user:ann', correlationId: 'c-1' } as unknown as Operation;
  const told: Progress[] = [];
  /** the operation goes on here until it was told so often */
  const run = async (stopAfter = Infinity) => {
    const report = (progress: Progress) => {
      if (told.length >= stopAfter) return Promise.reject(new Error('lost'));
      told.push(progress);
      return Promise.resolve();
    };
    const { signal } = new AbortController();
    const { message, result } = await handler.run({ operation, signal, report } satisfies OperationRun);
    return { message, result: result as unknown as Result };
  };
  return { finder, fleet, imports, refusals, told, asked, run };
}

interface Result {
  readonly candidates: { readonly count: number; readonly items: readonly { managedBy: string | null }[] };
  readonly imported: { readonly count: number; readonly items: readonly { awsInstanceId: string }[] };
  readonly notImported: { readonly count: number; readonly items: readonly object[] };
  readonly failedRegions: readonly object[];
}

describe('a discovery', () => {
  it('goes over all pages of all regions, and tells who has what', async () => {
    const filter = { amiIds: ['ami-1'], amiName: null, tags: { a: 'b' } };
    const { finder, fleet, imports, told, run } = bench({ filter });
    finder.pages.set('eu-west-1', [[aFound('i-1')], [aFound('i-2')]]);
    finder.pages.set('us-east-1', [[aFound('i-1', { awsRegion: 'us-east-1' })]]);
    fleet.set('eu-west-1/i-1', 'w-1');
    const { message, result } = await run();
    expect(finder.asked).toEqual(REGIONS.map((region) => [region, filter]));
    expect(message).toBe('3 instances found.');
    expect(result.candidates).toEqual({
      count: 3,
      items: [
        { ...aFound('i-1'), managedBy: 'w-1' },
        { ...aFound('i-2'), managedBy: null },
        { ...aFound('i-1', { awsRegion: 'us-east-1' }), managedBy: null },
      ],
    });
    expect(imports).toEqual([]);
    expect(told.map(({ progress }) => progress)).toEqual([0, 0, 0, 0.5, 0.5]);
  });

  it('imports those without a worker, each by a command that is the same at each try', async () => {
    const { finder, fleet, imports, run } = bench({ import: true });
    finder.pages.set('eu-west-1', [[aFound('i-1'), aFound('i-2')]]);
    fleet.set('eu-west-1/i-1', 'w-1');
    const { message } = await run();
    expect(message).toBe('2 instances found, 1 imported.');
    expect(imports).toMatchObject([
      {
        ...{ awsRegion: 'eu-west-1', awsInstanceId: 'i-2', name: null, options: { distinguish: true } },
        context: { actor: 'user:ann', correlationId: 'c-1', causationId: 'o-1' },
      },
    ]);
    const other = bench({ import: true });
    other.finder.pages.set('eu-west-1', [[aFound('i-2'), aFound('i-3')]]);
    await other.run();
    const [first, second] = other.imports.map(({ context }) => context.commandId);
    expect(first).toBe(imports[0]?.context.commandId);
    expect(second).not.toBe(first);
  });

  it('of many instances stores its result seldom, and looks at a region’s workers once', async () => {
    const { finder, asked, told, run } = bench({ import: true });
    const page = (from: number) => Array.from({ length: 120 }, (_, index) => aFound(`i-${from + index}`));
    finder.pages.set('eu-west-1', [page(0), page(200)]);
    const { result } = await run();
    expect(result.imported.count).toBe(240);
    expect(asked).toEqual(REGIONS);
    // told before each import; at the start of a region, at a page's end and each 50 imports with all that came of it
    expect(told).toHaveLength(240 + 2 + 2);
    const stored = told.flatMap(({ result: kept }, index) => (kept ? [index] : []));
    expect(stored).toHaveLength(2 + 2 + 2 * 2);
    expect(told[stored[1] ?? 0]?.result).toMatchObject({ imported: { count: 50 } });
  });

  it('that was killed in the midst tells all that it imported, and imports nothing twice', async () => {
    const { finder, imports, fleet, told, run } = bench({ import: true });
    finder.pages.set('eu-west-1', [[aFound('i-1'), aFound('i-2'), aFound('i-3')]]);
    await expect(run(3)).rejects.toThrow('lost');
    expect(imports.map(({ awsInstanceId }) => awsInstanceId)).toEqual(['i-1', 'i-2']);
    const before = new Map(fleet);
    told.length = 0;
    const { result } = await run();
    expect(result.imported.items.map(({ awsInstanceId }) => awsInstanceId)).toEqual(['i-1', 'i-2', 'i-3']);
    expect(fleet.size).toBe(3);
    for (const [place, id] of before) expect(fleet.get(place)).toBe(id);
  });

  it('tells what could not be imported and why; what somebody else imported meanwhile is no error', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const { finder, refusals, run } = bench({ import: true });
    finder.pages.set('eu-west-1', [['i-1', 'i-2', 'i-3', 'i-4'].map((id) => aFound(id))]);
    refusals.set('i-1', refused);
    refusals.set('i-2', new AlreadyManaged('The instance i-2', 'w-2'));
    refusals.set('i-3', new TypeError('secret words'));
    const { message, result } = await run();
    expect(message).toBe('4 instances found, 1 imported, 2 could not be imported.');
    expect(result.notImported.items).toMatchObject([
      { awsInstanceId: 'i-1', code: 'aws-refused' },
      { awsInstanceId: 'i-3', code: 'internal-error' },
    ]);
    expect(JSON.stringify(result)).not.toContain('secret');
    expect(result.candidates.items[1]?.managedBy).toBe('w-2');
    expect(error).toHaveBeenCalledTimes(1);
    error.mockRestore();
  });

  it('leaves to another installation what carries its tag, and says whose it is', async () => {
    const { finder, imports, run } = bench({ import: true });
    const [ours, theirs] = ['ours', 'prod'].map((installationId, index) =>
      aFound(`i-${index}`, { installationId }),
    );
    finder.pages.set('eu-west-1', [[ours as FoundInstance, theirs as FoundInstance]]);
    const { result } = await run();
    expect(imports.map(({ awsInstanceId }) => awsInstanceId)).toEqual(['i-0']);
    expect(result.candidates.items).toEqual([
      { ...ours, installationId: null, managedBy: expect.any(String) as string },
      { ...theirs, installationId: 'prod', managedBy: null },
    ]);
    expect(result.notImported.items).toEqual([
      {
        ...{ awsRegion: 'eu-west-1', awsInstanceId: 'i-1', code: 'managed-elsewhere' },
        message: expect.stringContaining('(prod)') as string,
      },
    ]);
  });

  it('lets the database’s absence through: it is begun again', async () => {
    const { finder, refusals, run } = bench({ import: true });
    finder.pages.set('eu-west-1', [[aFound('i-1')]]);
    refusals.set('i-1', new StoreUnavailable('away'));
    await expect(run()).rejects.toBeInstanceOf(StoreUnavailable);
  });

  it('goes on where a region fails, with what it had read of it', async () => {
    const { finder, run } = bench();
    finder.pages.set('eu-west-1', [[aFound('i-1')], refused]);
    finder.pages.set('us-east-1', [[aFound('i-2', { awsRegion: 'us-east-1' })]]);
    const { message, result } = await run();
    expect(message).toBe('2 instances found. Not read: eu-west-1.');
    expect(result.failedRegions).toEqual([
      { awsRegion: 'eu-west-1', code: 'aws-refused', message: 'AWS says no.' },
    ]);
  });

  it('fails where all regions do', async () => {
    const { finder, told, run } = bench();
    for (const region of REGIONS) finder.pages.set(region, [refused]);
    await expect(run()).rejects.toMatchObject({ code: 'aws-refused' });
    expect(told.at(-1)).toMatchObject({ progress: 1, result: { failedRegions: [{}, {}] } });
  });

  it('lists a thousand of each kind, and counts all', async () => {
    const { finder, run } = bench();
    const page = Array.from({ length: 600 }, (_, index) => aFound(`i-${index}`));
    finder.pages.set('eu-west-1', [page, page]);
    const { result } = await run();
    expect([result.candidates.count, result.candidates.items.length]).toEqual([1_200, 1_000]);
  });
});
