import { Logger } from '@nestjs/common';
import { eventually } from '../../../test/support/eventually';
import { MINUTE, SECOND } from '../../kernel/clocks';
import { UpdateServiceStatus } from '../../workers';
import { aWorker } from '../../workers/testing/worker.builder';
import { CML_SOURCES } from '../domain/cml-source';
import { failing, systemValues } from '../testing/fake-cml';
import { aGate, hostOf, idOf, server, turnsBench } from '../testing/turns-bench';

// what goes wrong on purpose here need not be read
beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('a turn over the CML servers of a region', () => {
  it('reads all sources of a server that was never read, and nothing of what is not due', async () => {
    const { turn, askedOf, sourcesOf } = turnsBench();
    await turn();
    expect(askedOf(0)).toEqual(['system', 'labs', 'activity', 'license']);
    await turn();
    expect(askedOf(0)).toHaveLength(4);
    expect(await sourcesOf(0)).toEqual([...CML_SOURCES]);
  });

  it('reads each source once in each of its intervals', async () => {
    const { pass, turn, cml } = turnsBench();
    await turn();
    await pass(MINUTE); // from here on on its grid
    cml.asked.length = 0;
    await pass(30 * MINUTE);
    const counts = ['system', 'labs', 'activity', 'license'].map(
      (wanted) => cml.asked.filter(({ what }) => what === wanted).length,
    );
    expect(counts).toEqual([30, 30, 15, 2]);
  });

  it('reads servers of its own region only, at the address that is chosen', async () => {
    const { turn, cml, queries } = turnsBench(1, { address: 'private' });
    queries.workers = [
      { ...server(0), privateIp: '10.0.0.7' },
      { ...server(1), awsRegion: 'eu-west-1' },
    ];
    await turn();
    expect(new Set(cml.asked.map(({ host }) => host))).toEqual(new Set(['10.0.0.7']));
  });

  it('asks nobody who does not run or has no address, nor anybody whom there is no account for', async () => {
    const { turn, queries, cml } = turnsBench();
    queries.workers = [aWorker({}, idOf(1)).launched('i-1').state, { ...server(2), publicIp: null }];
    await turn();
    expect(cml.asked).toEqual([]);
    const without = turnsBench(1, { fleetAccount: false });
    await without.turn();
    expect(without.cml.asked).toEqual([]);
  });

  it('asks a server with an account of its own also where the fleet has none', async () => {
    const { turn, queries, cml } = turnsBench(2, { fleetAccount: false });
    const cmlCredentials = { username: 'ops', passwordRef: 'ref-1', fingerprint: 'f' };
    queries.workers = [server(0), { ...server(1), cmlCredentials }];
    await turn();
    expect(new Set(cml.asked.map(({ host }) => host))).toEqual(new Set([hostOf(1)]));
  });

  it('goes on with other workers where one cannot be told', async () => {
    const { turn, commands, queries } = turnsBench();
    queries.workers = [1, 2].map((n) => aWorker({}, idOf(n)).launched(`i-${n}`).running().state);
    commands.refuse(UpdateServiceStatus, new Error('the store is away'));
    await turn();
    expect(commands.of(UpdateServiceStatus).map(({ workerId }) => workerId)).toEqual([idOf(1), idOf(2)]);
  });

  it('begins nothing more once its lease is lost', async () => {
    const { turn, lease, cml } = turnsBench(10, { concurrency: 1 });
    lease.held = () => cml.asked.length < 8; // four requests for each server
    await turn();
    expect(cml.asked).toHaveLength(8);
  });
});

describe('a worker that runs for the first time', () => {
  it('is found within ten seconds, and in service a quarter of a minute after its server is ready', async () => {
    const { turn, pass, queries, commands, cml, clock, askedOf } = turnsBench(0);
    await turn();
    const begun = clock.now();
    const running = aWorker({}, idOf(0)).launched('i-0').running().state;
    queries.workers = [{ ...running, publicIp: hostOf(0), runningSince: begun }];
    const told = () => commands.of(UpdateServiceStatus).map(({ status }) => status);
    const asTold = () => {
      const serviceStatus = told().at(-1) ?? 'UNAVAILABLE';
      queries.workers = queries.workers.map((worker) => ({ ...worker, serviceStatus }));
    };
    cml.set(hostOf(0), { system: failing('unreachable') });
    await pass(10 * SECOND);
    expect([told(), askedOf(0)]).toEqual([['STARTING'], ['system']]);
    asTold();
    await pass(2 * MINUTE);
    expect(askedOf(0)).toHaveLength(9);
    cml.set(hostOf(0), { system: systemValues() });
    const readyAt = clock.now();
    for (let seconds = 0; !told().includes('AVAILABLE'); seconds += 2) {
      await pass(2 * SECOND);
      asTold();
      expect(seconds).toBeLessThan(40);
    }
    expect(clock.now().getTime() - readyAt.getTime()).toBeLessThanOrEqual(32 * SECOND);
    expect(readyAt > begun).toBe(true);
    expect(askedOf(0).slice(9, 14)).toEqual(['system', 'labs', 'activity', 'license', 'system']);
  });

  it('is read at once after each start', async () => {
    const { turn, pass, queries, clock, askedOf } = turnsBench();
    await turn();
    await pass(MINUTE);
    const before = askedOf(0).length;
    queries.workers = [{ ...server(0), runningSince: clock.now() }];
    await pass(10 * SECOND, 10 * SECOND);
    expect(askedOf(0).slice(before)).toEqual(['system', 'labs', 'activity', 'license']);
  });

  it('is read at once where another server answers for it', async () => {
    const { turn, pass, queries, askedOf } = turnsBench();
    await turn();
    await pass(MINUTE);
    queries.workers = [{ ...server(0), publicIp: hostOf(9) }];
    await pass(10 * SECOND, 10 * SECOND);
    expect(askedOf(9)).toEqual(['system', 'labs', 'activity', 'license']);
  });
});

describe('servers that do not answer', () => {
  it('hold up no other, in no turn, though all of them hang at once', async () => {
    const { turn, cml, clock, timers, sourcesOf, askedOf, observer } = turnsBench(30, { concurrency: 5 });
    // they answered so far
    await turn();
    const gate = aGate();
    for (let n = 0; n < 4; n += 1) cml.heldOf.set(hostOf(n), gate.opened);
    cml.asked.length = 0;
    clock.advance(MINUTE);
    const turning = turn();
    await eventually(() => expect(askedOf(29)).toContain('labs'));
    timers.advance(2 * SECOND);
    await turning;
    // those that hang are under way still, and are not asked again
    clock.advance(MINUTE);
    const next = turn();
    await eventually(() => expect(askedOf(29).filter((what) => what === 'system')).toHaveLength(2));
    timers.advance(2 * SECOND);
    await next;
    expect([0, 1, 2, 3].map(askedOf)).toEqual([['system'], ['system'], ['system'], ['system']]);

    // once they failed they wait for each other only
    for (let n = 0; n < 10; n += 1) cml.set(hostOf(n), { system: failing('timeout') });
    gate.open();
    await observer.idle();
    clock.advance(MINUTE);
    await turn();
    clock.advance(MINUTE);
    const again = aGate();
    for (let n = 0; n < 10; n += 1) cml.heldOf.set(hostOf(n), again.opened);
    cml.asked.length = 0;
    const third = turn();
    await eventually(() => expect(askedOf(29)).toContain('labs'));
    const hanging = Array.from({ length: 10 }, (_, n) => askedOf(n).length);
    expect(hanging.filter((count) => count > 0)).toHaveLength(5);
    expect(
      Array.from({ length: 20 }, (_, n) => askedOf(n + 10)).every((asked) => asked.includes('labs')),
    ).toBe(true);
    timers.advance(2 * SECOND);
    await third;
    again.open();
    await observer.idle();
    expect(await sourcesOf(0)).toEqual([...CML_SOURCES]);
  });

  it('are read by so many at once, in all regions together', async () => {
    const { turn, queries, cml, observer } = turnsBench(20, { concurrency: 3 });
    queries.workers = queries.workers.map((worker, n) =>
      n % 2 === 0 ? worker : { ...worker, awsRegion: 'eu-west-1' },
    );
    const gate = aGate();
    cml.held = gate.opened;
    const turns = [turn('us-east-1'), turn('eu-west-1')];
    await eventually(() => expect(cml.atOnce).toBe(3));
    gate.open();
    await Promise.all(turns);
    await observer.idle();
    expect(cml.mostAtOnce).toBe(3);
    expect(cml.asked.filter(({ what }) => what === 'license')).toHaveLength(20);
  });

  it('are asked again after a minute, thrice, and then less and less', async () => {
    const { turn, pass, askedOf, cml, clock } = turnsBench();
    await turn();
    await pass(MINUTE);
    cml.set(hostOf(0), { system: failing('timeout') });
    cml.asked.length = 0;
    const triedAt: number[] = [];
    while (triedAt.length < 8) {
      await pass(2 * SECOND);
      if (askedOf(0).length > triedAt.length) triedAt.push(clock.now().getTime());
    }
    const gaps = triedAt.slice(1).map((at, n) => Math.round((at - (triedAt[n] ?? 0)) / MINUTE));
    expect(new Set(askedOf(0))).toEqual(new Set(['system']));
    expect(gaps).toEqual([1, 1, 1, 2, 4, 5, 5]);
  });
});
