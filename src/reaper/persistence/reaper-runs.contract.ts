import { type ReaperRuns } from '../domain/ports';
import { aRun, aRunDecision } from '../testing/reaper-run.builder';

const at = (minute: number) => new Date(Date.UTC(2027, 0, 15, 12, minute));
const idsOf = (runs: readonly { id: string }[]) => runs.map(({ id }) => id);

/** What every store of runs does; `open` gives an empty one. */
export function reaperRunsContract(open: () => Promise<ReaperRuns>): void {
  it('gives back a run as it was', async () => {
    const runs = await open();
    const run = aRun({
      id: 'r-1',
      dryRun: true,
      decisions: [
        aRunDecision({ verdict: 'stop', action: 'stop', reason: 'idle' }),
        aRunDecision({
          ...{ workerId: 'w-3', verdict: 'held', action: 'held', cause: 'idle', trial: true },
          ...{ restraints: ['budget'], notice: { stageMinutes: 5, deadline: at(5) } },
        }),
      ],
      starts: [{ workerId: 'w-4', workerName: 'lab-4', name: 'morning', at: at(0) }],
      errors: [{ workerId: 'w-2', workerName: 'lab-2', message: 'no' }],
    });
    await runs.put(run);
    expect(await runs.find('r-1')).toEqual(run);
    expect(await runs.find('r-2')).toBeNull();
  });

  it('puts the end of a run in the place of its begin', async () => {
    const runs = await open();
    await runs.put(aRun({ id: 'r-1', finishedAt: null }));
    expect(await runs.find('r-1')).toMatchObject({ finishedAt: null });
    await runs.put(aRun({ id: 'r-1', finishedAt: at(2), decisions: [aRunDecision()] }));
    expect(await runs.page(9, null)).toEqual([
      aRun({ id: 'r-1', finishedAt: at(2), decisions: [aRunDecision()] }),
    ]);
  });

  it('knows the latest turn, and the latest that came to its end', async () => {
    const runs = await open();
    const latest = async () => [
      await runs.latestTurn({ finished: false }),
      await runs.latestTurn({ finished: true }),
      await runs.latestEnd(),
    ];
    await runs.put(aRun({ id: 'a', startedAt: at(9), dryRun: true }));
    expect(await latest()).toEqual([null, null, null]);
    await runs.put(aRun({ id: 'b', startedAt: at(2) }));
    await runs.put(aRun({ id: 'c', startedAt: at(1) }));
    await runs.put(aRun({ id: 'b', startedAt: at(2), finishedAt: at(5) }));
    expect(await latest()).toEqual([at(2), at(2), at(5)]);
    await runs.put(aRun({ id: 'd', startedAt: at(3), finishedAt: null }));
    expect(await latest()).toEqual([at(3), at(2), at(3)]);
  });

  it('lists runs newest first, in pages that inserts do not move', async () => {
    const runs = await open();
    for (const [id, minute] of [
      ['a', 1],
      ['b', 2],
      ['c', 2],
      ['d', 3],
    ] as const) {
      await runs.put(aRun({ id, startedAt: at(minute) }));
    }
    const first = await runs.page(2, null);
    expect(idsOf(first)).toEqual(['d', 'c']);
    await runs.put(aRun({ id: 'e', startedAt: at(4) }));
    expect(idsOf(await runs.page(2, { startedAt: at(2), id: 'c' }))).toEqual(['b', 'a']);
    expect(idsOf(await runs.page(2, { startedAt: at(1), id: 'a' }))).toEqual([]);
  });
}
