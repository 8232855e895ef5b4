import { plus } from '../../kernel/clocks';
import { covers, FLEET, type Reach } from '../../kernel/reach';
import { positionOf } from '../domain/worker-page';
import {
  EVERYWHERE,
  type WorkerFilter,
  type WorkerReadModel,
  type WorkerRecord,
  type WorkerSort,
} from '../domain/ports';
import { aNewWorker } from '../testing/memory-workers';

const START = new Date('2026-03-01T08:00:00.000Z');

function aRecord(number: number, given: Partial<WorkerRecord> = {}): WorkerRecord {
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const { state } = aNewWorker(id, { name: `Worker ${number}`, createdAt: plus(START, number * 1_000) });
  return { ...state, ...given };
}

/** What any read model of workers must do; run on memory and on Mongo. */
export function describeWorkerReadModel(name: string, open: () => Promise<WorkerReadModel>): void {
  describe(`the worker read model (${name})`, () => {
    let model: WorkerReadModel;
    beforeEach(async () => {
      model = await open();
    });

    const put = async (...records: WorkerRecord[]) => {
      for (const record of records) await model.put(record, 1);
    };
    const names = (records: WorkerRecord[]) => records.map((record) => record.name);
    const list = async (filter: WorkerFilter, sort: WorkerSort = 'name') =>
      names(await model.page({ filter, sort, limit: 100, after: null }));

    it('gives back the whole record, dots in tags, nulls and dates included', async () => {
      const record = aRecord(1, {
        tags: { 'team.name': 'a.b', $owner: '$x' },
        statusReason: { code: 'c', message: 'm', at: START, nextTryAt: null },
        snooze: { until: START, by: 'user:ann', reason: null, at: START },
        cpuUtilization: 0,
      });
      await put(record);
      expect(await model.active(EVERYWHERE)).toEqual([record]);
    });

    it('keeps the newest version, whatever the order of writers', async () => {
      const record = aRecord(1);
      await model.put({ ...record, name: 'second' }, 2);
      await model.put({ ...record, name: 'first' }, 1);
      expect(names(await model.active(EVERYWHERE))).toEqual(['second']);
      const versions = [5, 3, 9, 4, 8, 7, 6];
      await Promise.all(versions.map((version) => model.put({ ...record, name: `v${version}` }, version)));
      expect(names(await model.active(EVERYWHERE))).toEqual(['v9']);
    });

    it('shows released workers nowhere, and terminated ones only where they are asked for', async () => {
      await put(
        aRecord(1),
        aRecord(2, { status: 'TERMINATED', awsInstanceId: 'i-2' }),
        aRecord(3, { releasedAt: START, awsInstanceId: 'i-3' }),
      );
      expect(names(await model.active(EVERYWHERE))).toEqual(['Worker 1']);
      expect(await list({})).toEqual(['Worker 1']);
      expect(await list({ includeTerminated: true })).toEqual(['Worker 1', 'Worker 2']);
      expect(await list({ status: ['TERMINATED'] })).toEqual(['Worker 2']);
      expect(names(await model.byStatus(['TERMINATED', 'PENDING']))).toEqual(['Worker 1', 'Worker 2']);
      expect(await model.byInstance('eu-west-1', 'i-2')).toBeNull();
      expect(await model.byInstance('eu-west-1', 'i-3')).toBeNull();
    });

    it('answers the active ones of one region, and those outside of some, by id', async () => {
      await put(
        aRecord(3),
        aRecord(1),
        aRecord(2, { awsRegion: 'us-east-1' }),
        aRecord(4, { awsRegion: 'ap-south-1' }),
        aRecord(5, { status: 'TERMINATED', terminatedAt: START }),
        aRecord(6, { releasedAt: START }),
      );
      expect(names(await model.active({ in: 'eu-west-1' }))).toEqual(['Worker 1', 'Worker 3']);
      expect(names(await model.active({ in: 'mars-north-1' }))).toEqual([]);
      const outside = ['eu-west-1', 'us-east-1'];
      expect(names(await model.active({ outside }))).toEqual(['Worker 4']);
      expect(names(await model.active(EVERYWHERE))).toEqual(['Worker 1', 'Worker 2', 'Worker 3', 'Worker 4']);
    });

    it('counts the active ones by region and status', async () => {
      await put(
        aRecord(1, { status: 'RUNNING' }),
        aRecord(2, { status: 'RUNNING' }),
        aRecord(3, { status: 'UNKNOWN', awsRegion: 'us-east-1' }),
        aRecord(4, { status: 'TERMINATED', terminatedAt: START }),
        aRecord(5, { status: 'RUNNING', releasedAt: START }),
      );
      const counts = await model.activeCounts();
      expect(counts.sort((a, b) => b.count - a.count)).toEqual([
        { awsRegion: 'eu-west-1', status: 'RUNNING', count: 2 },
        { awsRegion: 'us-east-1', status: 'UNKNOWN', count: 1 },
      ]);
    });

    it('finds by instance within its region', async () => {
      await put(aRecord(1, { awsInstanceId: 'i-1' }));
      expect(await model.byInstance('us-east-1', 'i-1')).toBeNull();
      expect((await model.byInstance('eu-west-1', 'i-1'))?.name).toBe('Worker 1');
    });

    it('filters: any of several values, all tags, part of name or instance id without regard to case', async () => {
      await put(
        aRecord(1, { status: 'RUNNING', serviceStatus: 'AVAILABLE', tags: { team: 'red', env: 'x' } }),
        aRecord(2, { status: 'STOPPED', awsRegion: 'us-east-1', tags: { team: 'red' } }),
        aRecord(3, { licenseStatus: 'EXPIRED', awsInstanceId: 'i-0ABC', tags: { team: 'blue' } }),
        aRecord(4, { name: 'a.c*(' }),
      );
      expect(await list({ status: ['RUNNING', 'STOPPED'] })).toEqual(['Worker 1', 'Worker 2']);
      expect(await list({ serviceStatus: ['AVAILABLE'] })).toEqual(['Worker 1']);
      expect(await list({ licenseStatus: ['EXPIRED', 'INVALID'] })).toEqual(['Worker 3']);
      expect(await list({ awsRegion: ['us-east-1'] })).toEqual(['Worker 2']);
      expect(await list({ tags: [['team', 'red']] })).toEqual(['Worker 1', 'Worker 2']);
      expect(
        await list({
          tags: [
            ['team', 'red'],
            ['env', 'x'],
          ],
        }),
      ).toEqual(['Worker 1']);
      expect(await list({ q: 'worker 2' })).toEqual(['Worker 2']);
      expect(await list({ q: '0abc' })).toEqual(['Worker 3']);
      expect(await list({ q: '.c*(' })).toEqual(['a.c*(']);
    });

    it.each<[WorkerSort, string[]]>([
      ['name', ['a', 'B', 'c', 'D', 'e']],
      ['-createdAt', ['e', 'D', 'c', 'B', 'a']],
      ['lastActivityAt', ['c', 'e', 'a', 'B', 'D']],
    ])('pages through %s without a gap or a double, equal and unknown values included', async (sort, all) => {
      const used = (minute: number) => plus(START, minute * 60_000);
      await put(
        aRecord(1, { name: 'a', lastActivityAt: used(1) }),
        aRecord(2, { name: 'B', lastActivityAt: used(1) }),
        aRecord(3, { name: 'c', lastActivityAt: null }),
        aRecord(4, { name: 'D', lastActivityAt: used(2) }),
        aRecord(5, { name: 'e', lastActivityAt: null }),
      );
      const seen: string[] = [];
      let after = null;
      for (let pages = 0; pages < 6; pages += 1) {
        const records: WorkerRecord[] = await model.page({ filter: {}, sort, limit: 2, after });
        const last = records.at(-1);
        if (!last) break;
        seen.push(...names(records));
        after = positionOf(last, sort);
      }
      expect(seen).toEqual(all);
    });

    it('knows who is idle: running, no labs, unused since before a time; longest first', async () => {
      const idle = { status: 'RUNNING', activeLabsCount: 0 } as const;
      const at = (minute: number) => plus(START, minute * 60_000);
      await put(
        aRecord(1, { ...idle, lastActivityAt: at(5) }),
        aRecord(2, { ...idle, lastActivityAt: at(1) }),
        aRecord(3, { ...idle, lastActivityAt: at(10) }),
        aRecord(4, { ...idle, lastActivityAt: null }),
        aRecord(5, { ...idle, lastActivityAt: at(1), activeLabsCount: null }),
        aRecord(6, { ...idle, lastActivityAt: at(1), activeLabsCount: 1 }),
        aRecord(7, { ...idle, lastActivityAt: at(1), status: 'STOPPED' }),
      );
      expect(names(await model.idleSince(at(10)))).toEqual(['Worker 2', 'Worker 1']);
    });

    describe('with a reach', () => {
      const tag = (key: string, value: string) => ({ key, value });
      const net = tag('team', 'net');
      beforeEach(() =>
        put(
          aRecord(1, { tags: { team: 'net', 'a.b': 'c' } }),
          aRecord(2, { tags: { team: 'voice', other: 'net' } }),
          aRecord(3, { awsRegion: 'us-east-1', tags: { team: 'net' } }),
          aRecord(4, { awsRegion: 'us-east-1', status: 'TERMINATED' }),
          aRecord(5, { awsRegion: 'us-east-1', releasedAt: START }),
        ),
      );
      const id = (number: number) => aRecord(number).id;

      it.each<[string, Reach, number[]]>([
        ['the fleet', FLEET, [1, 2, 3, 4]],
        ['no scope', [], []],
        ['a scope without lists', [{}], [1, 2, 3, 4]],
        ['regions', [{ regions: ['us-east-1', 'mars-north-1'] }], [3, 4]],
        ['no region', [{ regions: [] }], []],
        ['a tag', [{ tags: [net] }], [1, 3]],
        [
          'any of several tags, dots in their keys',
          [{ tags: [tag('a.b', 'c'), tag('team', 'voice')] }],
          [1, 2],
        ],
        ['no tag', [{ tags: [] }], []],
        ['single workers, released ones too', [{ workerIds: [id(2), id(5), 'nobody'] }], [2]],
        ['no worker', [{ workerIds: [] }], []],
        ['a tag within a region', [{ regions: ['us-east-1'], tags: [net] }], [3]],
        ['labs of workers', [{ workerIds: [id(1)], labIds: ['l'] }], [1]],
        ['several scopes', [{ workerIds: [id(2)] }, { regions: ['us-east-1'], tags: [net] }], [2, 3]],
      ])('of %s shows what is within it, as the domain has it', async (_, reach, numbers) => {
        const request = { filter: { includeTerminated: true }, sort: 'name', limit: 9, after: null } as const;
        const wanted = numbers.map((number) => `Worker ${number}`);
        const found = await model.page({ ...request, reach });
        expect(names(found)).toEqual(wanted);
        const all = await model.page(request);
        expect(names(all.filter((record) => covers(reach, record)))).toEqual(wanted);
        expect((await model.idsWithin(reach)).sort()).toEqual(numbers.map(id).sort());
      });

      it('fills its pages, and pages on, whatever lies between', async () => {
        const reach = [{ tags: [net] }];
        const request = { filter: {}, sort: 'name', limit: 1, reach } as const;
        const [first] = await model.page({ ...request, after: null });
        if (!first) throw new Error('an empty page');
        const rest = await model.page({ ...request, after: positionOf(first, 'name') });
        expect(names([first, ...rest])).toEqual(['Worker 1', 'Worker 3']);
      });

      it('knows who of them is idle', async () => {
        const idle = { status: 'RUNNING', activeLabsCount: 0, lastActivityAt: START } as const;
        await put(aRecord(6, { ...idle, tags: { team: 'net' } }), aRecord(7, idle));
        const later = plus(START, 1);
        expect(names(await model.idleSince(later))).toEqual(['Worker 6', 'Worker 7']);
        expect(names(await model.idleSince(later, [{ tags: [net] }]))).toEqual(['Worker 6']);
        expect(await model.idleSince(later, [])).toEqual([]);
      });
    });
  });
}
