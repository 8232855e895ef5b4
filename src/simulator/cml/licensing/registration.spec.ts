import { CISCO_SERVER } from '../../licensing/smart-licensing';
import { LicensingBench, TOKEN } from '../../testing/licensing-bench';

const ON_PREM = 'https://ssms.example.com:8443/Transportgateway/services/DeviceRequestHandler';

let bench: LicensingBench;
beforeEach(async () => {
  bench = await LicensingBench.start();
});
afterEach(() => bench.stop());

describe('a registration', () => {
  beforeEach(() => bench.smart.addToken({ token: TOKEN, virtualAccount: 'Labs' }));

  it('is accepted, completed after a while, and authorized after another', async () => {
    expect([await bench.words(), await bench.licensed()]).toEqual(['NOT_REGISTERED EVAL', true]);
    expect(await bench.register()).toBe('204');
    const seen: string[] = [];
    for (let second = 0; second <= 20; second += 5) {
      seen.push(
        `${second} ${await bench.words()} ${(await bench.status()).features[0]?.status} ${await bench.licensed()}`,
      );
      bench.fleet.seconds(5);
    }
    expect(seen).toEqual([
      '0 IN_PROGRESS EVAL INIT true',
      '5 COMPLETED INIT INIT false',
      '10 COMPLETED WAITING WAITING false',
      '15 COMPLETED IN_COMPLIANCE IN_COMPLIANCE true',
      '20 COMPLETED IN_COMPLIANCE IN_COMPLIANCE true',
    ]);
    expect(bench.smart.inUse(TOKEN)).toBe(1);
  });

  it('has accounts, and dates without a zone', async () => {
    await bench.registered();
    const { registration, authorization, product_license, transport, udi } = await bench.status();
    expect(registration).toEqual({
      status: 'COMPLETED',
      smart_account: 'Simulated Networks',
      virtual_account: 'Labs',
      register_time: {
        ...{ succeeded: null, attempted: '2026-11-23 08:03:05', scheduled: null },
        ...{ status: null, failure: 'OK', success: 'SUCCESS' },
      },
      renew_time: {
        ...{ succeeded: null, attempted: null, scheduled: '2027-05-22 08:03:05' },
        ...{ status: 'NOT STARTED', failure: null, success: 'FAILED' },
      },
      expires: '2027-11-23 08:03:05',
    });
    expect(authorization).toMatchObject({
      renew_time: { attempted: '2026-11-23 08:03:15', scheduled: '2026-12-23 08:03:15', success: 'SUCCESS' },
      expires: '2027-02-21 08:03:15',
    });
    expect(product_license).toEqual({ active: 'CML_Enterprise', is_enterprise: true });
    expect(transport).toEqual({
      ssms: CISCO_SERVER,
      default_ssms: CISCO_SERVER,
      proxy: { server: null, port: null },
    });
    expect(bench.smart.registrations()).toMatchObject([
      { productUuid: udi.product_uuid, instanceId: bench.id, at: new Date('2026-11-23T08:03:05Z') },
    ]);
  });

  it('is refused while one is under way, and when there is one, unless it is to be anew', async () => {
    await bench.register();
    expect(await bench.register()).toMatch(/^409 .*in progress/);
    bench.fleet.seconds(15);
    expect(await bench.register()).toMatch(/^400 .*already registered/);
    bench.smart.addToken({ token: 'second' });
    expect(await bench.register({ token: 'second', reregister: true })).toBe('204');
    bench.fleet.seconds(15);
    expect(await bench.words()).toBe('COMPLETED IN_COMPLIANCE');
    expect(bench.history()).toEqual([
      ['lab-1', TOKEN, 'registration'],
      ['lab-1', 'second', 'in use'],
    ]);
    expect([bench.smart.inUse(TOKEN), bench.smart.inUse('second')]).toEqual([0, 1]);
  });

  it.each([
    [{}, 'token'],
    [{ token: 'has space' }, 'token'],
    [{ token: 'x'.repeat(257) }, 'token'],
    [{ token: TOKEN, reregister: 'yes' }, 'reregister'],
    ['token', 'body'],
  ])('of %j is no request', async (body, member) => {
    expect(await bench.register(body)).toBe(`400 Bad input: invalid value in ${member}.`);
    expect(await bench.words()).toBe('NOT_REGISTERED EVAL');
  });

  it.each([
    ['unknown', { token: 'other' }, `The token '${TOKEN}' is not valid.`],
    [
      'expired',
      { token: TOKEN, expiresAt: new Date('2026-11-23T08:03:05Z') },
      `The token '${TOKEN}' has expired.`,
    ],
    ['of another server', { token: TOKEN, server: ON_PREM }, `The token '${TOKEN}' is not valid.`],
    ['used up', { token: TOKEN, maxUses: 0 }, `The token '${TOKEN}' has reached its maximum number of uses.`],
  ])('with a token that is %s fails', async (_how, token, failure) => {
    bench.smart.revokeToken(TOKEN);
    bench.smart.addToken(token);
    expect(await bench.register()).toBe('204');
    bench.fleet.seconds(5);
    const { registration, authorization } = await bench.status();
    expect([registration.status, authorization.status]).toEqual(['FAILED', 'EVAL']);
    expect(registration.register_time).toMatchObject({ failure, success: 'FAILED' });
    expect(bench.history()).toEqual([['lab-1', TOKEN, failure]]);
    expect(bench.smart.inUse(TOKEN)).toBe(0);
  });

  it('goes on trying while Smart Licensing is not reached', async () => {
    bench.smart.outages.add({ names: ['lab-*'], actions: ['register'], next: 2 });
    await bench.register();
    bench.fleet.seconds(5);
    const { registration } = await bench.status();
    expect([registration.status, registration.register_time.failure]).toEqual([
      'RETRY_IN_PROGRESS',
      'Communication send error: the request timed out after 60003 milliseconds',
    ]);
    expect(await bench.register()).toMatch(/^409/);
    bench.fleet.seconds(59);
    expect(await bench.words()).toBe('RETRY_IN_PROGRESS EVAL');
    bench.fleet.seconds(1 + 10);
    expect(await bench.words()).toBe('COMPLETED IN_COMPLIANCE');
    expect(bench.history()).toEqual([['lab-1', TOKEN, 'in use']]);
  });

  it('is in use where only the answer was lost, and is one with its retry', async () => {
    bench.smart.outages.add({ actions: ['register'], lost: 'answer', next: 1 });
    await bench.register();
    bench.fleet.seconds(5);
    expect([await bench.words(), bench.smart.inUse(TOKEN)]).toEqual(['RETRY_IN_PROGRESS EVAL', 1]);
    bench.fleet.seconds(30);
    expect([await bench.words(), bench.smart.registrations().length]).toEqual(['COMPLETED INIT', 1]);
  });

  it('is authorized late where that is not reached', async () => {
    bench.smart.outages.add({ actions: ['authorize'], forSeconds: 20 });
    await bench.register();
    bench.fleet.seconds(15);
    expect((await bench.status()).authorization).toMatchObject({
      status: 'WAITING',
      renew_time: { success: 'FAILED', status: 'FAILED' },
    });
    bench.fleet.seconds(30);
    expect(await bench.words()).toBe('COMPLETED IN_COMPLIANCE');
  });
});
