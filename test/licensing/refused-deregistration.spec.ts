import { MINUTE } from '../../src/kernel/clocks';
import { CmlError } from '../../src/telemetry';
import { LicenseBench, POOL, WORKER } from './license-bench';
import { tell, terminate } from './license-stories';

/** A deregistration that CML refuses says nothing of the registration before it: Cisco still counts the licence, or may. */
describe('a licence that Cisco counts, or may, and that CML does not give back', () => {
  let bench: LicenseBench;
  const agent = () => bench.client.agent(WORKER);
  const register = async () => {
    const wanted = await bench.wanted({ poolId: POOL });
    await bench.ask((license, asking) => license.request(wanted, asking));
    return (await tell(bench, 'register', null)).end;
  };
  const release = async () => {
    await bench.ask((license, asking) => license.requestRelease(false, asking));
    return (await tell(bench, 'release', null)).end;
  };
  const state = async () => {
    const { holding, leftOver } = (await bench.license()).state;
    return { holding, leftOver: leftOver !== null, seat: await bench.seat() };
  };

  beforeEach(async () => {
    bench = await new LicenseBench().begin();
    agent().isCovered = false;
    expect(await register()).toBe('license-not-compliant');
    expect(bench.cisco.inUse.has(WORKER)).toBe(true);
    agent().nodesRun = true;
    bench.timers.pass(MINUTE);
  });

  it('keeps its seat, and a later request goes on with it', async () => {
    expect(await release()).toBe('license-nodes-running');
    expect(await state()).toEqual({ holding: 'maybe', leftOver: false, seat: 'taken' });
    agent().set({ authorization: 'IN_COMPLIANCE' });
    expect(await register()).toBe('succeeded');
    expect(await state()).toEqual({ holding: 'ours', leftOver: false, seat: 'taken' });
    expect(bench.cisco.registrations).toHaveLength(1);
  });

  it('is left over when its worker is terminated with labs that do not stop', async () => {
    expect(await release()).toBe('license-nodes-running');
    bench.labsStop = false;
    await terminate(bench);
    expect((await tell(bench, 'prepare', null)).end).toBe('termination-not-prepared');
    expect(await state()).toEqual({ holding: 'none', leftOver: true, seat: 'stranded' });
  });

  it('is given back at a later try, where CML could not do it at the first one', async () => {
    agent().nodesRun = false;
    agent().troubles.push(new CmlError('busy', 'another licensing operation is under way'));
    await terminate(bench);
    expect((await tell(bench, 'prepare', null)).end).toBe('succeeded');
    expect((await bench.worker()).terminationPrepared?.license).toBe('released');
    expect(await state()).toEqual({ holding: 'none', leftOver: false, seat: 'free' });
    expect(bench.cisco.inUse.has(WORKER)).toBe(false);
  });
});
