import { HOUR, MINUTE, plus } from '../../../kernel/clocks';
import { FixedPolicy, idlePolicy } from '../../../reaper';
import { aWorker } from '../../../workers/testing/worker.builder';
import { idlePast } from '../../testing/idle-past';
import { IndexedPast } from './indexed-past';
import { signalRecords } from './signal-record';
import { tickGrid } from './tick-grid';
import { unrecordedTimes } from './unrecorded-times';
import { type Span, type WorkerPast } from './worker-past';
import { WorkerReplayer } from './worker-replay';

const SERVING = aWorker().launched().serving().state;
const FROM = new Date('2027-01-15T00:00:00.000Z');
const hour = (count: number) => plus(FROM, count * HOUR);
const SPAN = { from: FROM, to: hour(10) };
const RUNNING = { ...SERVING, runningSince: FROM };
/** Readings count for three minutes. */
const POLICY = idlePolicy({ requiredSignals: ['labs'], maxUptimeMinutes: 120 }, 60, 120);

const pastRead = (...read: Span[]) => idlePast(RUNNING, FROM, read);
const unrecorded = ({ moments, intervals }: WorkerPast) =>
  unrecordedTimes(moments, signalRecords(intervals), POLICY, SPAN);

describe('what is not recorded', () => {
  it('is a time without readings of a signal that is required, while the server was available', () => {
    expect(unrecorded(pastRead(SPAN))).toEqual([]);
    expect(unrecorded(pastRead())).toEqual([{ from: plus(FROM, 3 * MINUTE), to: SPAN.to }]);
    const late = pastRead({ from: hour(1), to: hour(2) }, { from: plus(hour(2), 3 * MINUTE), to: hour(8) });
    expect(unrecorded(late)).toEqual([
      { from: plus(FROM, 3 * MINUTE), to: hour(1) },
      { from: plus(hour(8), 3 * MINUTE), to: SPAN.to },
    ]);
    const down = { ...RUNNING, serviceStatus: 'UNAVAILABLE' as const };
    expect(unrecorded(idlePast(down, FROM, []))).toEqual([]);
    const onlyCpu = pastRead(SPAN).intervals.filter(({ signal }) => signal === 'cpu');
    expect(unrecorded({ ...pastRead(), intervals: onlyCpu })).toHaveLength(1);
  });

  it('is no time in which a maximum uptime would have stopped anybody', () => {
    const duesOf = (past: WorkerPast) => {
      const terms = { effective: new FixedPolicy(POLICY).of(), grid: tickGrid('* * * * *'), ...SPAN };
      return new WorkerReplayer(new IndexedPast(past), { ...terms, plans: 'own' }).run().dues;
    };
    const busy = ({ moments, intervals }: WorkerPast): WorkerPast => ({
      moments,
      intervals: intervals.map((one) => ({ ...one, value: one.signal === 'cpu' ? 'idle' : 'unknown' })),
    });
    expect(duesOf(busy(pastRead(SPAN)))[0]).toMatchObject({ cause: 'max-uptime', from: hour(2) });
    expect(duesOf(pastRead())).toEqual([]);
    expect(duesOf(busy(pastRead({ from: hour(6), to: hour(10) })))[0]?.from).toEqual(hour(6));
  });
});
