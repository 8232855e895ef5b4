import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { HOUR, plus, SECOND } from '../../src/kernel/clocks';
import { RecordLicense, RecordLicenseHandler } from '../../src/licensing/application/record-license.command';
import { type LicenseReading } from '../../src/licensing/domain/license-reading';
import { MortalProcess } from '../../src/licensing/testing/mortal-process';
import { LicenseBench, POOL, WORKER } from './license-bench';
import { tell } from './license-stories';

const DAY = 24 * HOUR;

/** What the observation of CML servers brings, every quarter of an hour. */
describe('a reading of a licence', () => {
  let bench: LicenseBench;
  let handler: RecordLicenseHandler;

  beforeEach(async () => {
    bench = await new LicenseBench().begin();
    const { licenses, commands, queries } = bench.process(new MortalProcess(null)).services;
    handler = new RecordLicenseHandler(licenses, commands as CommandBus, queries as QueryBus, bench.clock);
  });

  const read = (given: Partial<LicenseReading>, readAt = bench.clock.now()) => {
    const none = { registrationExpires: null, authorizationExpires: null, licensed: true };
    const reading = { registration: 'COMPLETED', authorization: 'IN_COMPLIANCE', ...none, ...given };
    return handler.execute(new RecordLicense(WORKER, reading, readAt, bench.context()));
  };
  const status = async () => (await bench.worker()).licenseStatus;

  it('shows on the worker, and a server that was registered by hand is known as such', async () => {
    await read({});
    expect(await status()).toBe('REGISTERED');
    expect((await bench.license()).state.holding).toBe('foreign');
    await read({ authorization: 'OUT_OF_COMPLIANCE' });
    expect(await status()).toBe('INVALID');
    await read({ authorization: 'IN_COMPLIANCE', authorizationExpires: plus(bench.clock.now(), -SECOND) });
    expect(await status()).toBe('EXPIRED');
  });

  it('that was begun before the server was registered changes nothing', async () => {
    const before = bench.clock.now();
    const wanted = await bench.wanted({ poolId: POOL });
    await bench.ask((license, asking) => license.request(wanted, asking));
    await tell(bench, 'register', null);
    await read({ registration: 'NOT_REGISTERED', authorization: 'EVAL', licensed: false }, before);
    expect(await status()).toBe('REGISTERED');
    await read({ registration: 'NOT_REGISTERED', authorization: 'EVAL', licensed: false });
    expect(await status()).toBe('UNREGISTERED');
  });

  it('warns once of each date that comes near', async () => {
    const [soon, sooner] = [plus(bench.clock.now(), 6 * DAY), plus(bench.clock.now(), 5 * DAY)];
    await read({});
    const { version } = await bench.license();
    for (const authorizationExpires of [soon, soon, sooner]) await read({ authorizationExpires });
    const license = await bench.license();
    expect([license.version - version, license.state.warned.authorization]).toEqual([2, sooner]);
  });
});
