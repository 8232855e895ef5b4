import { HOUR, type ManualClock, MINUTE, plus } from '../../kernel/clocks';
import { type StopNotices } from '../domain/stop-notices';
import { aNotice, anAlarm, START } from '../testing/notices-bench';

interface Bench {
  readonly notices: StopNotices;
  readonly clock: ManualClock;
  /** has everything delivered that waits */
  readonly deliver: () => Promise<void>;
  /** kinds of what people got, in order */
  readonly got: () => readonly string[];
}

const DEADLINE = plus(START, HOUR);
const LATER = plus(START, 2 * HOUR);

/** What every StopNotices does for those who stop workers. */
export function stopNoticesContract(kind: string, open: () => Bench): void {
  describe(`${kind} stop notices`, () => {
    let bench: Bench;
    beforeEach(() => {
      bench = open();
    });
    const facts = async () => (await bench.notices.factsOf(['w-1', 'w-2'])).get('w-1');

    it('know of no notice before one is told', async () => {
      expect((await bench.notices.factsOf(['w-1'])).size).toBe(0);
    });

    it('know each stage of the deadline that was told last, and whether and when it arrived', async () => {
      await bench.notices.tell(aNotice());
      await bench.notices.tell(aNotice());
      await bench.deliver();
      bench.clock.advance(45 * MINUTE);
      await bench.notices.tell(aNotice({ stageMinutes: 15 }));
      await bench.deliver();
      const fact = { deadline: DEADLINE, state: 'delivered' };
      expect(await facts()).toEqual([
        { ...fact, stageMinutes: 60, deliveredAt: START },
        { ...fact, stageMinutes: 15, deliveredAt: plus(START, 45 * MINUTE) },
      ]);
      await bench.notices.tell(aNotice({ deadline: LATER }));
      expect((await facts())?.map(({ deadline, stageMinutes }) => [deadline, stageMinutes])).toEqual([
        [LATER, 60],
      ]);
    });

    it('forget what was called off, and tell it again', async () => {
      await bench.notices.tell(aNotice());
      await bench.deliver();
      await bench.notices.callOff('w-1', 'used', 'd-2');
      await bench.notices.callOff('w-1', 'used', 'd-3');
      expect(await facts()).toBeUndefined();
      await bench.notices.tell(aNotice());
      await bench.deliver();
      expect(await facts()).toEqual([expect.objectContaining({ state: 'delivered' })]);
      expect(bench.got()).toEqual(['stop-planned', 'stop-called-off', 'stop-planned']);
    });

    it('forget what came true, and tell nobody', async () => {
      await bench.notices.tell(aNotice());
      await bench.deliver();
      await bench.notices.cameTrue('w-1', 'd-2');
      expect(await facts()).toBeUndefined();
      await bench.notices.callOff('w-1', 'stopped by hand', 'd-3');
      await bench.deliver();
      expect(bench.got()).toEqual(['stop-planned']);
    });

    it('tell an alarm once in each episode', async () => {
      for (const episodeId of ['e-1', 'e-1', 'e-2']) await bench.notices.alarm(anAlarm({ episodeId }));
      await bench.deliver();
      expect(bench.got()).toEqual(['unreadable', 'unreadable']);
    });
  });
}
