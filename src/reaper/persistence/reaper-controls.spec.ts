import { MINUTE, plus } from '../../kernel/clocks';
import { systemContext } from '../../kernel/command-context';
import { StoreUnavailable, VersionConflict } from '../../kernel/domain-error';
import { type TakeOutcome } from '../domain/control/reaper-control';
import { aBudgeted, aFleet, controlBench } from '../testing/control-bench';
import { NO_CONTROL } from '../domain/control/control-state';
import { type ReaperControls } from '../domain/control/ports';

const NOON = new Date('2027-01-15T12:00:00.000Z');
const FLEET = aFleet(40, { fleetBudget: { stops: 7, sharePercent: null, windowMinutes: 60 } });

async function take(controls: ReaperControls, id: string, now = NOON): Promise<TakeOutcome | null> {
  let outcome: TakeOutcome | null = null;
  await controls.change(systemContext('reaper', `take ${id}`), (control) => {
    outcome = control.take(id, aBudgeted(id), FLEET, now);
  });
  return outcome;
}

describe("the reaper's control", () => {
  it('is there before anything happened to it', async () => {
    const { open, store } = controlBench(NOON);
    expect(await open().state()).toEqual(NO_CONTROL);
    const nothing = await open().change(systemContext('reaper', 'c-1'), (control) => {
      control.resume('user:ann', 'to be sure', NOON);
    });
    expect(nothing).toEqual(NO_CONTROL);
    expect(await store.load('reaper-fleet')).toEqual([]);
  });

  it.each([1, 2, 3])('is over no budget with %d replicas that take at once', async (count) => {
    const { open } = controlBench(NOON);
    const replicas = Array.from({ length: count }, open);
    const takes = replicas.flatMap((controls, replica) =>
      Array.from({ length: 10 }, (_, index) => take(controls, `w-${replica}-${index}`)),
    );
    const outcomes = await Promise.allSettled(takes);
    const taken = outcomes.filter((it) => it.status === 'fulfilled' && it.value?.taken);
    expect((await open().state()).takes).toHaveLength(taken.length);
    expect(taken).toHaveLength(7);
    // whoever meets others six times gives up, and has taken nothing
    const failed = outcomes.flatMap((it) => (it.status === 'rejected' ? [it.reason as unknown] : []));
    expect(failed.filter((error) => !(error instanceof VersionConflict))).toEqual([]);
  });

  it('remembers over restarts, from a snapshot as well', async () => {
    const { open } = controlBench(NOON);
    const first = open();
    for (let index = 0; index < 150; index += 1) {
      await take(first, `w-${index}`, plus(NOON, index * 120 * MINUTE));
    }
    const again = open();
    expect((await again.state()).takes).toEqual((await first.state()).takes);
    expect((await again.state()).takes.length).toBeLessThan(86);
    await first.change(systemContext('reaper', 'p-1'), (control) => {
      control.pause('user:ann', 'exam', null, NOON);
    });
    expect(await take(again, 'w-x')).toMatchObject({ restraint: 'not-paused' });
  });

  it('tells of a store that is away', async () => {
    const { open, store } = controlBench(NOON);
    jest.spyOn(store, 'append').mockRejectedValue(new StoreUnavailable('away'));
    await expect(take(open(), 'w-1')).rejects.toThrow(StoreUnavailable);
  });
});
