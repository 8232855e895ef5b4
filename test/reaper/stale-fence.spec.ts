import { Logger } from '@nestjs/common';
import { MINUTE, plus } from '../../src/kernel/clocks';
import { systemContext } from '../../src/kernel/command-context';
import { QUIET_PROBE } from '../../src/reaper/testing/reaper-bench';
import { DurableFleet } from './durable-fleet';
import { aRunning } from './turn-stories';

const ID = '00000000-0000-4000-8000-000000000100';

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('a fence that a dead process left on a worker whose stop is due', () => {
  it('gives way to the fence of the present decision, which stands while the server is probed', async () => {
    const fleet = new DurableFleet();
    await fleet.given(aRunning(ID));
    await fleet.process().turn();
    await fleet.pass();
    const now = fleet.clock.now();
    const dead = { decisionId: 'dead', by: 'system:reaper', at: now, until: plus(now, MINUTE) };
    await fleet.workers.repository.update(ID, systemContext('reaper', 'dead'), (worker) =>
      worker.fence(dead, { machineNow: now }),
    );
    const fencedBy: (string | undefined)[] = [];
    fleet.signs.answer = () => ({ ...QUIET_PROBE, at: fleet.clock.now() });
    fleet.signs.probe = async (id) => {
      fencedBy.push((await fleet.worker(id)).fence?.decisionId);
      return fleet.signs.answer(id);
    };
    const { decisions } = await fleet.process().turn();
    expect(decisions).toMatchObject([{ action: 'stop' }]);
    expect(fencedBy).toEqual([decisions[0]?.decisionId]);
    expect(fleet.ec2.stops).toHaveLength(1);
  });
});
