import { StartInstancesCommand, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { NODE_COUNT_ID } from '../../licensing/license-features';
import { type Licensing, LicensingBench, TOKEN } from '../../testing/licensing-bench';
import { READY_AFTER_SECONDS } from '../../testing/simulated-fleet';

const DAY_MINUTES = 24 * 60;

let bench: LicensingBench;
beforeEach(async () => {
  bench = await LicensingBench.start();
});
afterEach(() => bench.stop());

describe('a licence', () => {
  beforeEach(async () => {
    bench.smart.addToken({ token: TOKEN, seats: { CML_Enterprise: 1, CML_NODE_COUNT: 10 } });
    await bench.registered();
  });

  it('is for one server where there is one seat; the first to ask gets it', async () => {
    const [, other] = await bench.server('lab-2');
    await bench.register({ token: TOKEN }, other);
    bench.fleet.seconds(15);
    expect([await bench.words(other), await bench.words()]).toEqual([
      'COMPLETED OUT_OF_COMPLIANCE',
      'COMPLETED IN_COMPLIANCE',
    ]);
    expect(bench.smart.inUse(TOKEN)).toBe(2);
    expect(await bench.cml.outcome('DELETE', '/licensing/deregistration')).toBe('204');
    expect(await other.outcome('PUT', '/licensing/authorization/renew')).toBe('204');
    bench.fleet.seconds(10);
    expect(await bench.words(other)).toBe('COMPLETED IN_COMPLIANCE');
  });

  it('is renewed by the clock, and ends where it cannot be', async () => {
    bench.fleet.minutes(31 * DAY_MINUTES);
    expect((await bench.status()).authorization).toMatchObject({
      status: 'IN_COMPLIANCE',
      expires: '2027-03-23 08:03:15',
    });
    bench.smart.outages.add({ name: 'cut off' });
    bench.fleet.minutes(91 * DAY_MINUTES);
    expect([await bench.words(), await bench.licensed()]).toEqual(['COMPLETED AUTHORIZATION_EXPIRED', false]);
    bench.fleet.minutes(250 * DAY_MINUTES);
    expect(await bench.words()).toBe('REGISTRATION_EXPIRED AUTHORIZATION_EXPIRED');
    expect((await bench.status()).registration.renew_time).toMatchObject({
      success: 'FAILED',
      status: 'FAILED',
    });
    bench.smart.outages.removeNamed('cut off');
    bench.fleet.minutes(DAY_MINUTES);
    expect(await bench.words()).toBe('COMPLETED IN_COMPLIANCE');
  });

  it('is renewed when that is asked for, unless there is none', async () => {
    bench.fleet.minutes(60);
    expect(await bench.cml.outcome('PUT', '/licensing/registration/renew')).toBe('204');
    expect(await bench.cml.outcome('PUT', '/licensing/authorization/renew')).toBe('204');
    bench.fleet.seconds(10);
    const { registration, authorization } = await bench.status();
    expect([registration.expires, authorization.expires]).toEqual([
      '2027-11-23 09:03:20',
      '2027-02-21 09:03:25',
    ]);
    await bench.register({ token: TOKEN, reregister: true });
    expect(await bench.cml.outcome('PUT', '/licensing/registration/renew')).toMatch(/^409/);
    bench.fleet.seconds(15);
    await bench.cml.outcome('DELETE', '/licensing/deregistration');
    expect(await bench.cml.outcome('PUT', '/licensing/registration/renew')).toMatch(/^400 .*not registered/);
    expect(await bench.cml.outcome('PUT', '/licensing/authorization/renew')).toMatch(/^400 .*not registered/);
  });

  it('covers the nodes that it has seats for', async () => {
    const setNodes = (count: unknown, featureId = NODE_COUNT_ID) =>
      bench.cml.outcome('PATCH', '/licensing/features', [{ id: featureId, count }]);
    const nodes = async () => (await bench.cml.get<Licensing['features']>('/licensing/features'))[1];
    expect(await setNodes(10)).toBe('204');
    bench.fleet.seconds(10);
    expect(await nodes()).toMatchObject({ in_use: 10, status: 'IN_COMPLIANCE' });
    expect(bench.smart.inUse(TOKEN, 'CML_NODE_COUNT')).toBe(10);
    await setNodes(11);
    bench.fleet.seconds(10);
    expect([await bench.words(), (await nodes())?.status]).toEqual([
      'COMPLETED OUT_OF_COMPLIANCE',
      'OUT_OF_COMPLIANCE',
    ]);
    expect(await setNodes(301)).toMatch(/^400 .*At most 300/);
    expect(await setNodes(1, 'unknown')).toMatch(/^400 .*no feature unknown/);
    expect(await setNodes(-1)).toBe('400 Bad input: invalid value in 0.count.');
    expect(await bench.cml.outcome('PATCH', '/licensing/features', [])).toMatch(/^400/);
  });

  it('is of another product once that is set, and never of the one that is active', async () => {
    const setProduct = (name: unknown) => bench.cml.outcome('PUT', '/licensing/product_license', name);
    expect(await setProduct('CML_Enterprise')).toMatch(/^400 .*already active/);
    expect(await setProduct('CML_Nothing')).toMatch(/^400 .*Unknown/);
    expect(await setProduct({ name: 'CML_Personal' })).toMatch(/^400 Bad input/);
    expect(await setProduct('CML_Personal')).toBe('204');
    bench.fleet.seconds(10);
    const { product_license, features } = await bench.status();
    expect(product_license).toEqual({ active: 'CML_Personal', is_enterprise: false });
    expect(features).toMatchObject([{ in_use: 1, max: 1, status: 'OUT_OF_COMPLIANCE' }]);
  });

  it('survives stops and reboots, is renewed after a long stop, and stays in use after the termination', async () => {
    const ids = { InstanceIds: [bench.id] };
    await bench.fleet.ec2().send(new StopInstancesCommand(ids));
    bench.fleet.minutes(100 * DAY_MINUTES);
    await bench.fleet.ec2().send(new StartInstancesCommand(ids));
    bench.fleet.seconds(READY_AFTER_SECONDS);
    await bench.logInAgain();
    expect(await bench.words()).toBe('COMPLETED AUTHORIZATION_EXPIRED');
    bench.fleet.seconds(10);
    expect(await bench.words()).toBe('COMPLETED IN_COMPLIANCE');
    bench.fleet.world.console.reboot(bench.id);
    bench.fleet.seconds(READY_AFTER_SECONDS);
    expect(await bench.words()).toBe('COMPLETED IN_COMPLIANCE');
    await bench.fleet.ec2().send(new TerminateInstancesCommand(ids));
    bench.fleet.minutes(400 * DAY_MINUTES);
    expect(bench.smart.inUse(TOKEN)).toBe(1);
    const { productUuid = '' } = bench.smart.registrations()[0] ?? {};
    bench.smart.remove(productUuid, bench.fleet.clock.now());
    expect(bench.history()).toEqual([['lab-1', TOKEN, 'person']]);
  });
});
