import { MINUTE } from '../../../kernel/clocks';
import { Secret } from '../../../kernel/secret';
import { OWN_NAME, CmlBench } from '../../../../test/support/cml-bench';

let bench: CmlBench;
afterEach(() => bench.stop());

const labs = () => bench.clients.observing.readLabs(bench.server);

describe('pitfall 1, the expired token:', () => {
  it('401 is answered by one login and one repetition, also of a change', async () => {
    bench = await CmlBench.start();
    await labs();
    const { tokens } = bench.fleet.world.host(bench.instance);
    tokens.revokeAllOf(bench.cml.userNamed(OWN_NAME).id);

    await bench.clients.licensing.register(bench.server, new Secret('token'), false);

    expect([bench.logins, bench.count('POST /licensing/registration')]).toEqual([2, 2]);
    const { license } = await bench.clients.licensing.read(bench.server);
    expect(license.registration).toBe('IN_PROGRESS');
  });

  it('a second 401 is an error, after which the server is left alone for a while', async () => {
    bench = await CmlBench.start();
    bench.fault({ paths: ['/labs'], status: 401, description: 'Authorization token is invalid or expired.' });

    for (let times = 0; times < 3; times += 1) {
      await expect(labs()).rejects.toMatchObject({ failure: 'credentials', httpStatus: 401 });
    }

    expect([bench.logins, bench.count('GET /labs')]).toEqual([2, 2]);
  });

  it('all who find it at once share one login', async () => {
    bench = await CmlBench.start();
    await labs();
    bench.fleet.world.host(bench.instance).tokens.revokeAllOf(bench.cml.userNamed(OWN_NAME).id);

    const { observing, licensing, labs: lab } = bench.clients;
    await Promise.all([
      observing.readSystem(bench.server),
      observing.readLabs(bench.server),
      observing.readActivity(bench.server, null),
      licensing.read(bench.server),
      lab.list(bench.server),
      lab.runningNodes(bench.server),
    ]);

    expect(bench.logins).toBe(2);
  });

  it('one that ends soon is renewed before it is refused', async () => {
    bench = await CmlBench.start();
    await labs();
    bench.fleet.machine.advance(24 * 60 * MINUTE - MINUTE);

    await labs();

    expect([bench.logins, bench.count('GET /labs')]).toEqual([2, 2]);
  });
});

describe('pitfall 2, the two meanings of 403:', () => {
  it('at the login it marks the credentials as bad, and nobody tries them for five minutes', async () => {
    bench = await CmlBench.start({ account: { username: OWN_NAME, password: new Secret('wrong') } });
    await expect(labs()).rejects.toMatchObject({
      failure: 'credentials',
      httpStatus: 403,
      message: expect.stringContaining('refuses the user name "fleet" or its password') as string,
    });
    bench.fleet.machine.advance(5 * MINUTE - 1);
    await expect(labs()).rejects.toMatchObject({ failure: 'credentials' });
    await expect(bench.clients.licensing.deregister(bench.server)).rejects.toMatchObject({
      failure: 'credentials',
    });
    expect(bench.logins).toBe(1);

    bench.fleet.machine.advance(1);
    await expect(labs()).rejects.toMatchObject({ failure: 'credentials' });
    expect(bench.logins).toBe(2);
  });

  it('elsewhere it means too few rights: it is not tried again, and the rest goes on', async () => {
    bench = await CmlBench.start();
    bench.fault({ paths: ['/licensing*'], status: 403, description: 'Access is denied.' });

    await expect(bench.clients.observing.readLicense(bench.server)).rejects.toMatchObject({
      failure: 'credentials',
      httpStatus: 403,
      message:
        'The server does not let our account do that. Give it administrator rights. (HTTP 403: Access is denied.)',
    });

    expect([bench.logins, bench.count('GET /licensing')]).toEqual([1, 1]);
    expect((await labs()).values.total).toBe(0);
    expect(bench.logins).toBe(1);
  });
});

describe('pitfall 3, the limit of logins:', () => {
  it('a token is used for everything, for as long as it holds', async () => {
    bench = await CmlBench.start();

    for (let times = 0; times < 10; times += 1) {
      await labs();
      await bench.clients.licensing.read(bench.server);
      bench.fleet.machine.advance(MINUTE);
    }

    expect(bench.logins).toBe(1);
  });

  it('after 429 no login is tried for five minutes', async () => {
    bench = await CmlBench.start();
    bench.fault({ paths: ['/auth_extended'], status: 429, description: 'Too many requests', next: 1 });

    for (let times = 0; times < 3; times += 1) {
      await expect(labs()).rejects.toMatchObject({ failure: 'busy', httpStatus: 429, retryAfterSeconds: 60 });
    }
    expect(bench.logins).toBe(1);

    bench.fleet.machine.advance(5 * MINUTE);
    expect((await labs()).values.total).toBe(0);
    expect(bench.logins).toBe(2);
  });
});
