import { ManualTimers } from '../../../kernel/timers';
import { Secret } from '../../../kernel/secret';
import { licenseStatusOf } from '../../../licensing/domain/license-reading';
import { CmlBench } from '../../../../test/support/cml-bench';
import { westOfGreenwich } from '../testing/west-of-greenwich';

const TOKEN = new Secret('NjMwZWQwZTgtMTc4');

let bench: CmlBench;
let timers: ManualTimers;
beforeEach(async () => {
  timers = new ManualTimers();
  bench = await CmlBench.start({ timers });
  bench.fleet.world.smartLicensing.addToken({ token: TOKEN.reveal() });
});
afterEach(() => bench.stop());

const register = () => bench.clients.licensing.register(bench.server, TOKEN, false);
const deregister = () => bench.clients.licensing.deregister(bench.server);

/** Registered and authorized. */
async function registered(): Promise<void> {
  await register();
  bench.fleet.seconds(15);
}

/** What the licence counts as now. */
async function status(): Promise<string> {
  const { license, licensed } = await bench.clients.licensing.read(bench.server);
  const now = bench.fleet.clock.now();
  return licenseStatusOf({ ...license, licensed }, 'UNREGISTERED', now, now);
}

describe('pitfall 6, a registration is done later than it is accepted:', () => {
  it('the empty 204 is no error, and no licence yet', async () => {
    await register();
    expect((await bench.clients.licensing.read(bench.server)).license.registration).toBe('IN_PROGRESS');
    expect(await status()).not.toBe('REGISTERED');

    bench.fleet.seconds(5);
    expect((await bench.clients.licensing.read(bench.server)).license).toMatchObject({
      registration: 'COMPLETED',
      authorization: 'INIT',
    });
    expect(await status()).not.toBe('REGISTERED');

    bench.fleet.seconds(10);
    expect(await status()).toBe('REGISTERED');
    expect(bench.count('POST /licensing/registration')).toBe(1);
  });
});

describe('pitfall 7, 409 means not now:', () => {
  it('it passes by itself, and is told apart from a refusal', async () => {
    await register();
    const busy = { failure: 'busy', kind: 'unavailable', httpStatus: 409, retryAfterSeconds: 60 };

    await expect(register()).rejects.toMatchObject(busy);
    await expect(deregister()).rejects.toMatchObject(busy);
    expect([
      bench.count('POST /licensing/registration'),
      bench.count('DELETE /licensing/deregistration'),
    ]).toEqual([2, 1]);

    bench.fleet.seconds(15);
    expect(await deregister()).toBe('released');
  });
});

describe('pitfall 8, what a deregistration answers:', () => {
  it('204: the licence is free', async () => {
    await registered();

    expect(await deregister()).toBe('released');
    expect(bench.fleet.world.smartLicensing.registrations().map(({ givenBackBy }) => givenBackBy)).toEqual([
      expect.any(String),
    ]);
  });

  it('202: it is left over at Cisco’s side', async () => {
    await registered();
    bench.fleet.world.smartLicensing.outages.add({ actions: ['deregister'] });

    expect(await deregister()).toBe('left-over');
  });

  it('400 for a server that is registered no more: that is what was wanted', async () => {
    await registered();
    await deregister();

    expect(await deregister()).toBe('not-registered');
  });

  it('400 while nodes run: labs are to be stopped first', async () => {
    await registered();
    bench.startLab('ada', 'BGP');

    await expect(deregister()).rejects.toMatchObject({ failure: 'nodes-running', httpStatus: 400 });
  });

  it('it may take a minute, and longer', async () => {
    await registered();
    bench.fault({ methods: ['DELETE'], hang: 'before-answer' });
    let over = false;
    const asking = deregister().finally(() => (over = true));
    const failing = expect(asking).rejects.toMatchObject({ failure: 'timeout' });
    while ((await bench.fleet.world.cmlLog.next()).outcome !== 'hang');

    timers.advance(89_999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);

    timers.advance(1);
    await failing;
    expect(bench.count('DELETE /licensing/deregistration')).toBe(1);
  });
});

describe('pitfall 9, the product licence:', () => {
  const product = () =>
    bench.clients.licensing.read(bench.server).then(({ license }) => license.productLicense);

  it('is a bare JSON string, quotes included', async () => {
    await bench.clients.licensing.setProductLicense(bench.server, 'CML_Education');

    expect(await product()).toBe('CML_Education');
  });

  it('that is active already is not set again, which CML would refuse', async () => {
    await bench.clients.licensing.setProductLicense(bench.server, 'CML_Education');

    await bench.clients.licensing.setProductLicense(bench.server, 'CML_Education');

    expect(bench.count('PUT /licensing/product_license')).toBe(1);
  });
});

describe('pitfall 10, dates without a zone:', () => {
  it('those of a licence, with a space, are UTC wherever we run', async () => {
    await registered();
    const year = 365 * 24 * 3_600_000;
    const due = new Date(Math.floor(bench.fleet.clock.now().getTime() / 1_000) * 1_000 - 10_000 + year);

    const license = await westOfGreenwich(
      async () => (await bench.clients.licensing.read(bench.server)).license,
    );

    expect(license.registrationExpires).toEqual(due);
  });

  it('those of telemetry are, too', async () => {
    bench.fault({
      paths: ['/telemetry/events'],
      body: { replace: [{ category: 'start_lab', timestamp: '2026-11-23T08:01:30', data: {} }] },
    });

    const { values } = await westOfGreenwich(() => bench.clients.observing.readActivity(bench.server, null));

    expect(values.newestActAt).toEqual(new Date('2026-11-23T08:01:30Z'));
  });
});
