import { MINUTE, plus, SECOND } from '../../../kernel/clocks';
import { type SignalInterval } from '../../../telemetry';
import { signalRecords } from './signal-record';
import { SignalTrack } from './signal-track';

const START = new Date('2027-01-15T00:00:00.000Z');
const at = (minute: number, seconds = 0) => plus(START, minute * MINUTE + seconds * SECOND);

const INTERVAL: SignalInterval = {
  ...{ workerId: 'w1', signal: 'labs', value: 'idle', from: at(0, 30), to: at(20, 30) },
  ...{ readings: 19, longestGapMs: 3 * MINUTE },
  trail: {
    ...{ knownAt: at(1, 5), confirmedAt: at(2, 5), failed: false },
    gaps: [{ from: at(10, 30), until: at(13, 35) }],
  },
};

it('shows a signal as turns saw it: known late, confirmed by the second reading, old in its gaps', () => {
  const track = new SignalTrack('labs', signalRecords([INTERVAL]).get('labs')!);
  const seen = [at(1), at(2), at(3), at(13), at(14), at(25)].map((now) => {
    track.advance(now.getTime());
    const state = track.at(now);
    return state && [state.readings, state.to];
  });
  expect(seen).toEqual([undefined, [1, at(2)], [2, at(3)], [2, at(10, 30)], [2, at(14)], [19, at(20, 30)]]);
});
