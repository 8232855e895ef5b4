import { Logger } from '@nestjs/common';
import { DurableFleet, STEP_MINUTES } from './durable-fleet';
import { aRunning } from './turn-stories';

const IDS = Array.from({ length: 9 }, (_, index) => `00000000-0000-4000-8000-00000000010${index}`);
const BUDGET = { stops: 3, sharePercent: null, windowMinutes: 30 };

let fleet: DurableFleet;
beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(async () => {
  fleet = new DurableFleet({}, { fleetBudget: BUDGET });
  for (const id of IDS) await fleet.given(aRunning(id));
});

/** As if one replica had lost its lease and not noticed yet. */
const bothTakeATurn = () => Promise.all([fleet.process().turn(), fleet.process().turn()]);

describe('two replicas that take the same turn', () => {
  it('tell people once, and stop each worker once and within the budget of its window', async () => {
    const stopsBy = [];
    for (let step = 0; step < 24; step += 1) {
      await bothTakeATurn();
      stopsBy.push(fleet.ec2.stops.length);
      await fleet.pass();
    }
    const perWindow = BUDGET.windowMinutes / STEP_MINUTES;
    for (const [step, stops] of stopsBy.entries()) {
      expect(stops - (stopsBy[step - perWindow] ?? 0)).toBeLessThanOrEqual(BUDGET.stops);
    }
    const stopped = fleet.ec2.stops.map(({ instanceId }) => instanceId);
    expect([...new Set(stopped)]).toHaveLength(IDS.length);
    expect(stopped).toHaveLength(IDS.length);
    for (const id of IDS) expect(await fleet.worker(id)).toMatchObject({ status: 'STOPPED', fence: null });
    const { takes } = await fleet.control.open().state();
    expect(takes.filter(({ sentAt }) => sentAt === null)).toEqual([]);
    expect(takes).toHaveLength(IDS.length);
    const told = fleet.notices.told.map(
      (one) => `${one.workerId} ${one.deadline.toISOString()} ${one.stageMinutes}`,
    );
    expect(told).toEqual([...new Set(told)]);
  });
});
