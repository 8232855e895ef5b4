import { MINUTE } from '../../../kernel/clocks';
import { ManualTimers } from '../../../kernel/timers';
import { Secret } from '../../../kernel/secret';
import { OWN_NAME, CmlBench } from '../../../../test/support/cml-bench';

let bench: CmlBench;
let timers: ManualTimers;
beforeEach(async () => {
  timers = new ManualTimers();
  bench = await CmlBench.start({ timers });
});
afterEach(() => bench.stop());

const readSystem = () => bench.clients.observing.readSystem(bench.server);
const readLabs = () => bench.clients.observing.readLabs(bench.server);
const readActivity = (before: Parameters<typeof bench.clients.observing.readActivity>[1]) =>
  bench.clients.observing.readActivity(bench.server, before).then(({ values }) => values);

describe('pitfall 11, answers that are not as the contract says:', () => {
  it('what is needed is read, whatever else is there, gone or unknown', async () => {
    const lab = bench.startLab('ada', 'BGP');
    bench.fault({
      paths: ['/licensing'],
      body: {
        set: { udi: 'a text', instance_name: 'old', 'registration.status': 'DREAMING', features: 'none' },
        omit: ['authorization', 'reservation_mode'],
      },
    });
    bench.fault({
      paths: [`/labs/${lab.id}`],
      body: { set: { state: 'PAUSED', groups: 7 }, omit: ['owner_username'] },
    });
    bench.fault({ paths: ['/system_health'], body: { set: { computes: null, phase: 'WARMING_UP' } } });

    const { license } = await bench.clients.licensing.read(bench.server);
    expect(license).toMatchObject({ registration: 'DREAMING', authorization: null, features: [] });
    expect((await readLabs()).values.labs).toMatchObject([
      { title: 'BGP', state: 'PAUSED', owner: lab.owner.id },
    ]);
    expect((await readSystem()).values).toMatchObject({ ready: true, healthy: true });
  });
});

describe('pitfall 12, statistics with parts missing:', () => {
  it('percents are from 0 to 100 as they come, shares are of bytes', async () => {
    bench.fault({
      paths: ['/system_stats'],
      body: {
        set: {
          'all.cpu.percent': 0.4896,
          'all.memory': { total: 202_422_902_784, free: 1, used: 50_605_725_696 },
        },
      },
    });

    expect((await readSystem()).values).toMatchObject({ cpuPercent: 0.4896, memoryPercent: 25 });
  });

  it.each([
    ['nothing but a frame', { omit: ['*'] }],
    [
      'a compute that has not counted',
      { set: { 'computes.*.stats.dominfo.running_nodes': null }, omit: ['all', 'controller'] },
    ],
    ['no dominfo', { omit: ['computes.*.stats.dominfo', 'all', 'controller'] }],
  ])('%s is unknown, not 0', async (_, body) => {
    bench.fault({ paths: ['/system_stats'], body });

    expect((await readSystem()).values).toMatchObject({
      ready: true,
      cpuPercent: null,
      memoryPercent: null,
      diskPercent: null,
      runningNodes: null,
    });
    expect(await bench.clients.labs.runningNodes(bench.server)).toBeNull();
  });
});

describe('pitfall 13, the ever growing telemetry:', () => {
  it('our own traces in it are nobody’s activity, however often we look', async () => {
    let values = await readActivity(null);
    for (let times = 0; times < 3; times += 1) {
      bench.fleet.world.host(bench.instance).tokens.revokeAllOf(bench.cml.userNamed(OWN_NAME).id);
      bench.fleet.minutes(1);
      values = await readActivity(values);
    }
    const lab = bench.startLab('ada', 'BGP');
    const byAda = new Date(bench.fleet.clock.now());
    bench.fleet.minutes(5);
    await bench.clients.labs.stop(bench.server, lab.id);

    expect(bench.logins).toBe(4);
    expect(await readActivity(values)).toMatchObject({
      newestActAt: byAda,
      newestSessionAt: null,
      everSeen: true,
    });
  });

  it('what is older than the watermark is not looked at again, what is as old is', async () => {
    const now = bench.fleet.clock.now();
    const ada = bench.cml.userNamed('ada');
    bench.cml.record('start_lab', ada, now);
    const before = await readActivity(null);
    expect(before.watermark).toEqual(now);

    bench.cml.record('user_activity', ada, new Date(now.getTime() - MINUTE));
    expect((await readActivity(before)).newestSessionAt).toBeNull();
    bench.cml.record('user_activity', ada, now);
    expect((await readActivity(before)).newestSessionAt).toEqual(now);
  });

  it('the newest of many events is found, and what is no list is not read', async () => {
    const start = bench.fleet.clock.now().getTime();
    const events = Array.from({ length: 20_000 }, (_, second) => ({
      category: second === 19_999 ? 'stop_node' : 'system_stats',
      timestamp: new Date(start - 20_000_000 + second * 1_000).toISOString(),
      data: { text: 'x'.repeat(60) },
    }));
    bench.fault({ paths: ['/telemetry/events'], body: { replace: events }, next: 1 });
    expect((await readActivity(null)).newestActAt).toEqual(new Date(start - 1_000));

    bench.fault({ paths: ['/telemetry/events'], body: { replace: { events } }, next: 1 });
    await expect(readActivity(null)).rejects.toMatchObject({ failure: 'unreadable' });
  });

  it('an empty list is no sign of idleness', async () => {
    bench.fault({ paths: ['/telemetry/events'], body: { replace: [] } });

    expect((await readActivity(null)).everSeen).toBe(false);
  });
});

describe('pitfall 14, labs of others:', () => {
  it('are listed by show_all only', async () => {
    bench.startLab('ada', 'BGP');
    bench.startLab('grace', 'OSPF');

    expect((await readLabs()).values).toMatchObject({ total: 2, running: 2 });
    expect((await bench.clients.labs.list(bench.server)).map(({ owner }) => owner)).toEqual(['ada', 'grace']);
  });

  it('that were deleted between the list and the look at them are left out', async () => {
    const gone = bench.startLab('ada', 'BGP');
    bench.startLab('grace', 'OSPF');
    bench.fault({ paths: [`/labs/${gone.id}`], status: 404, description: `Lab not found: ${gone.id}` });

    expect((await readLabs()).values).toMatchObject({ total: 1, running: 1, labs: [{ title: 'OSPF' }] });
    expect(await bench.clients.labs.get(bench.server, gone.id)).toBeNull();
  });
});

describe('pitfall 15, time-outs and repetitions:', () => {
  it.each([
    ['a status', 10, readSystem],
    ['a change', 30, () => bench.clients.licensing.renewAuthorization(bench.server)],
  ] as const)('%s is given up after %i s', async (_, seconds, ask) => {
    await readLabs();
    bench.fault({ hang: 'before-answer' });
    let over = false;
    const asking = ask().finally(() => (over = true));
    const failing = expect(asking).rejects.toMatchObject({ failure: 'timeout' });
    while ((await bench.fleet.world.cmlLog.next()).outcome !== 'hang');

    timers.advance(seconds * 1_000 - 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);

    timers.advance(1);
    await failing;
  });

  it('a GET whose kept connection was closed is sent again', async () => {
    await readLabs();
    bench.fault({ methods: ['GET'], paths: ['/labs'], cut: 'before-answer', next: 1 });

    expect((await readLabs()).values.total).toBe(0);
    expect(bench.count('GET /labs')).toBe(3);
  });

  it('a change never is: it may have been done', async () => {
    await readLabs();
    bench.fault({ methods: ['POST'], cut: 'before-answer', applied: true, next: 1 });

    const registering = bench.clients.licensing.register(bench.server, new Secret('NjMwZWQwZTgt'), false);

    await expect(registering).rejects.toMatchObject({ failure: 'unreachable' });
    expect(bench.count('POST /licensing/registration')).toBe(1);
    const { license } = await bench.clients.licensing.read(bench.server);
    expect(license.registration).toBe('IN_PROGRESS');
  });
});
