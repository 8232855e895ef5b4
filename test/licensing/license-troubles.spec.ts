import { MINUTE, plus, SECOND } from '../../src/kernel/clocks';
import { CmlError } from '../../src/telemetry';
import { PREPARE_TERMINATION_WITHIN_MS } from '../../src/workers/domain/termination';
import { LicenseBench, POOL, TOKEN, WORKER } from './license-bench';
import { tell, terminate } from './license-stories';

/** What goes wrong between a server and Cisco, or between the two and people. */
describe('a licence that does not come or go as it should', () => {
  let bench: LicenseBench;
  const agent = () => bench.client.agent(WORKER);
  const ask = async (poolId: string | null, reregister = false) => {
    const wanted = await bench.wanted({ poolId, reregister });
    await bench.ask((license, asking) => license.request(wanted, asking));
  };
  const release = (stopLabs = false) =>
    bench.ask((license, asking) => license.requestRelease(stopLabs, asking));
  const registered = async (poolId: string | null = POOL) => {
    await ask(poolId);
    expect((await tell(bench, 'register', null)).end).toBe('succeeded');
    bench.timers.pass(MINUTE);
  };
  const state = async () => {
    const { holding, failure, leftOver } = (await bench.license()).state;
    return {
      holding,
      failure: failure?.code ?? null,
      leftOver: leftOver?.reason ?? null,
      seat: await bench.seat(),
    };
  };
  const nothing = { holding: 'none', failure: null, leftOver: null, seat: 'free' };

  beforeEach(async () => {
    bench = await new LicenseBench().begin();
  });

  it('fails at once with a token that Cisco refuses, and leaves the seat to others', async () => {
    bench.cisco.refused.add(TOKEN);
    await ask(POOL);
    const begun = bench.clock.now();
    expect((await tell(bench, 'register', null)).end).toBe('license-refused');
    expect(bench.clock.now() < plus(begun, 30 * SECOND)).toBe(true);
    expect(await state()).toEqual({ ...nothing, failure: 'license-refused' });
    expect(agent().calls).toEqual(['register']);
  });

  it('is registered at a second try, though the server still shows the refusal of the first one for a moment', async () => {
    bench.cisco.refused.add(TOKEN);
    await ask(POOL);
    expect((await tell(bench, 'register', null)).end).toBe('license-refused');
    bench.cisco.refused.clear();
    agent().beginsInMs = 12 * SECOND;
    await ask(POOL);
    expect((await tell(bench, 'register', null)).end).toBe('succeeded');
    expect(await state()).toMatchObject({ holding: 'ours', seat: 'taken' });
    expect(agent().calls).toEqual(['register', 'register']);
  });

  it('goes on while the server tries to reach Cisco again', async () => {
    bench.cisco.isReachable = false;
    await ask(POOL);
    bench.timers.after(40 * SECOND, () => void (bench.cisco.isReachable = true));
    expect((await tell(bench, 'register', null)).end).toBe('succeeded');
    expect(agent().calls).toEqual(['register']);
    expect(bench.cisco.registrations).toHaveLength(1);
  });

  it('keeps its seat where nobody knows, and a later request goes on with it', async () => {
    agent().isStuck = true;
    await ask(POOL);
    expect((await tell(bench, 'register', null)).end).toBe('license-timed-out');
    expect(await state()).toMatchObject({ holding: 'maybe', seat: 'taken' });
    agent().isStuck = false;
    await ask(POOL);
    expect((await tell(bench, 'register', null)).end).toBe('succeeded');
    expect(agent().calls).toEqual(['register']);
    expect(bench.cisco.registrations).toHaveLength(1);
  });

  it('waits for a server that is away, half an hour at most, and then takes no seat', async () => {
    agent().isUp = false;
    await ask(POOL);
    const begun = bench.clock.now();
    expect((await tell(bench, 'register', null)).end).toBe('cml-unavailable');
    expect(bench.clock.now()).toEqual(plus(begun, 30 * MINUTE));
    expect(await state()).toEqual({ ...nothing, failure: 'cml-unavailable' });
  });

  it('leaves a server alone that was registered by hand, unless it is to be registered anew', async () => {
    agent().register('by-hand', false);
    bench.timers.pass(MINUTE);
    agent().awake();
    bench.timers.pass(MINUTE);
    await ask(POOL);
    expect((await tell(bench, 'register', null)).end).toBe('license-registered-otherwise');
    expect(await state()).toEqual({ ...nothing, failure: 'license-registered-otherwise' });
    await ask(POOL, true);
    expect((await tell(bench, 'register', null)).end).toBe('succeeded');
    expect(bench.cisco.inUse.get(WORKER)).toBe(TOKEN);
  });

  it('is no failure where the fleet itself asked for a server that was registered by hand', async () => {
    agent().register('by-hand', false);
    bench.timers.pass(MINUTE);
    agent().awake();
    bench.timers.pass(MINUTE);
    await ask(POOL);
    bench.operation = { ...bench.operation, actor: 'system:license-available-workers' };
    expect((await tell(bench, 'register', null)).end).toBe('succeeded');
    expect(await state()).toEqual(nothing);
    expect(bench.cisco.inUse.get(WORKER)).toBe('by-hand');
  });

  it('is not given back while nodes run, unless labs may be stopped', async () => {
    await registered();
    agent().nodesRun = true;
    await release();
    expect((await tell(bench, 'release', null)).end).toBe('license-nodes-running');
    expect(await state()).toMatchObject({ holding: 'ours', seat: 'taken' });
    await release(true);
    expect((await tell(bench, 'release', null)).end).toBe('succeeded');
    expect(bench.labCalls).toEqual(['stop']);
    expect(await state()).toEqual(nothing);
    expect((await bench.worker()).licenseToken).toBeNull();
  });

  it('is left over where the server cannot tell Cisco, and its seat is stranded', async () => {
    await registered();
    bench.cisco.isReachable = false;
    await release();
    expect((await tell(bench, 'release', null)).end).toBe('succeeded');
    expect(await state()).toMatchObject({ holding: 'none', seat: 'stranded' });
    expect((await state()).leftOver).toContain('remove the product instance there');
    expect(bench.cisco.inUse.has(WORKER)).toBe(true);
  });

  it('is left over when its server cannot be reached until the instance is terminated', async () => {
    await registered();
    agent().isUp = false;
    await terminate(bench);
    const begun = bench.clock.now();
    expect((await tell(bench, 'prepare', null)).end).toBe('termination-not-prepared');
    expect(bench.clock.now()).toEqual(plus(begun, PREPARE_TERMINATION_WITHIN_MS));
    expect(await bench.worker()).toMatchObject({
      status: 'TERMINATED',
      terminationPrepared: { intentAt: begun, license: 'not-released', topologiesKept: 2 },
    });
    expect(await state()).toMatchObject({ holding: 'none', seat: 'stranded' });
  });

  it('waits half of the time for topologies that cannot be read now, then is given back', async () => {
    await registered();
    const later = [{ labId: 'l-1', message: 'it is busy' }];
    bench.keeps.push({ kept: 1, failed: [{ labId: 'l-0', message: 'no' }], later });
    for (let count = 0; count < 20; count += 1) bench.keeps.push({ kept: 0, failed: [], later });
    await terminate(bench);
    const begun = bench.clock.now();
    expect((await tell(bench, 'prepare', null)).end).toBe('succeeded');
    const [first, ...tries] = bench.labCalls;
    expect([first, new Set(tries)]).toEqual(['keep', new Set(['keep l-1'])]);
    const { terminationPrepared } = await bench.worker();
    expect(terminationPrepared).toMatchObject({ license: 'released', topologiesKept: 1 });
    const passed = +(terminationPrepared?.preparedAt ?? 0) - +begun;
    expect([passed >= 15 * MINUTE, passed < 16 * MINUTE]).toEqual([true, true]);
    expect(bench.operation.result).toMatchObject({ failed: [{ labId: 'l-0' }], unread: later });
  });

  it.each([
    ['timeout', 10],
    ['credentials', 1],
  ] as const)(
    'is given back after a server that shows no lab (%s), asked %i times',
    async (failure, times) => {
      await registered();
      for (let count = 0; count < 20; count += 1) bench.keeps.push(new CmlError(failure, 'no list'));
      await terminate(bench);
      expect((await tell(bench, 'prepare', null)).end).toBe('succeeded');
      expect(bench.labCalls).toHaveLength(times);
      expect((await bench.worker()).terminationPrepared).toMatchObject({
        ...{ license: 'released', topologiesKept: null },
      });
    },
  );

  it('is given back as soon as topologies that could not be read are kept', async () => {
    await registered();
    bench.keeps.push({ kept: 3, failed: [], later: [{ labId: 'l-1', message: 'it is busy' }] });
    bench.keeps.push({ kept: 1, failed: [], later: [] });
    await terminate(bench);
    expect((await tell(bench, 'prepare', null)).end).toBe('succeeded');
    expect(bench.labCalls).toEqual(['keep', 'keep l-1']);
    expect((await bench.worker()).terminationPrepared).toMatchObject({ topologiesKept: 4 });
  });

  it('is left over when its worker is gone without having been asked', async () => {
    await registered();
    await bench.workers.repository.update(WORKER, bench.context(), (worker) =>
      worker.updateStatus('TERMINATED', bench.clock.now()),
    );
    await bench.settle();
    await bench.settle();
    expect(await state()).toMatchObject({ holding: 'none', seat: 'stranded' });
    expect((await bench.license()).version).toBe(4);
  });

  it.each(['INVALID', 'EXPIRED'] as const)(
    'is left over where it is %s and nobody asked for anything, when its instance is terminated at the console',
    async (licenseStatus) => {
      await bench.workers.repository.update(WORKER, bench.context(), (worker) => {
        worker.updateLicense(licenseStatus, null, bench.clock.now());
        worker.updateStatus('TERMINATED', bench.clock.now());
      });
      await bench.settle();
      expect((await state()).leftOver).toContain('terminated before its licence was given back');
    },
  );

  it('is not told as left over when a log is read that tells of a termination of long ago', async () => {
    await bench.workers.repository.update(WORKER, bench.context(), (worker) => {
      worker.updateLicense('REGISTERED', null, bench.clock.now());
      worker.updateStatus('TERMINATED', bench.clock.now());
    });
    bench.clock.set(plus(bench.clock.now(), 24 * 60 * MINUTE + 1));
    await bench.settle();
    expect(await state()).toEqual(nothing);
  });

  it('leaves no token behind when its worker is released', async () => {
    await ask(null);
    const ref = (await bench.license()).state.wanted?.tokenRef ?? '';
    expect(await bench.vault.reveal(ref)).not.toBeNull();
    await bench.workers.repository.update(WORKER, bench.context(), (worker) => {
      worker.release({ by: 'user:ann', reason: null, at: bench.clock.now() });
    });
    await bench.settle();
    expect(await bench.vault.reveal(ref)).toBeNull();
  });

  it('gives way to the termination of its worker, however far it is', async () => {
    await ask(POOL);
    const asked = bench.operation;
    agent().register(TOKEN, false);
    bench.cisco.registrations.length = 0;
    await terminate(bench);
    const preparing = bench.operation;
    expect((await tell(bench, 'prepare', null)).end).toBe('succeeded');
    bench.operation = asked;
    expect((await tell(bench, 'register', null)).end).toBe('license-worker-gone');
    expect(preparing.id).not.toBe(asked.id);
    expect(await state()).toMatchObject({ holding: 'none', seat: 'free' });
    expect(bench.cisco.inUse.has(WORKER)).toBe(false);
  });
});
