import { eventually } from '../../../test/support/eventually';
import { ticksOf } from '../../event-store/testing/leased-ticks';
import { ManualClock } from '../../kernel/clocks';
import { NOW } from '../testing/assignment.builder';
import { AssignmentsSchedules } from './assignments.schedules';
import { RequestBell } from './request-bell';
import { type RequestProcess } from './request-process';

describe('the tick of requests', () => {
  it('is taken at once for a new request, and not after its stop', async () => {
    const clock = new ManualClock(NOW);
    const bell = new RequestBell();
    let turns = 0;
    const process = { serve: () => Promise.resolve(void (turns += 1)) } as unknown as RequestProcess;
    const schedules = new AssignmentsSchedules(process, ticksOf(clock), clock, bell);
    bell.ring();
    expect(turns).toBe(0);
    schedules.start();
    await eventually(() => expect(turns).toBe(1));
    await eventually(() => expect(schedules.ticks[0]?.isRunning).toBe(false));
    bell.ring();
    await eventually(() => expect(turns).toBe(2));
    await schedules.stop();
    bell.ring();
    expect([turns, schedules.ticks[0]?.state.name]).toEqual([2, 'serve-worker-requests']);
  });
});
