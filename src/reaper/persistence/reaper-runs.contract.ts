import { type ReaperRuns } from '../domain/ports';
import { aRun } from '../testing/reaper-run.builder';

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
        {
          workerId: 'w-1',
          workerName: 'lab-1',
          decisionId: 'd-1',
          verdict: 'stop',
          action: 'stop',
          reason: 'idle',
        },
      ],
      errors: [{ workerId: 'w-2', workerName: 'lab-2', message: 'no' }],
    });
    await runs.add(run);
    expect(await runs.find('r-1')).toEqual(run);
    expect(await runs.find('r-2')).toBeNull();
  });

  it('lists runs newest first, in pages that inserts do not move', async () => {
    const runs = await open();
    for (const [id, minute] of [
      ['a', 1],
      ['b', 2],
      ['c', 2],
      ['d', 3],
    ] as const) {
      await runs.add(aRun({ id, startedAt: at(minute) }));
    }
    const first = await runs.page(2, null);
    expect(idsOf(first)).toEqual(['d', 'c']);
    await runs.add(aRun({ id: 'e', startedAt: at(4) }));
    expect(idsOf(await runs.page(2, { startedAt: at(2), id: 'c' }))).toEqual(['b', 'a']);
    expect(idsOf(await runs.page(2, { startedAt: at(1), id: 'a' }))).toEqual([]);
  });
}
