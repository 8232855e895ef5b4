import { MortalProcess } from '../../src/licensing/testing/mortal-process';
import { LicenseBench, POOL, WORKER } from './license-bench';
import { tell, terminate } from './license-stories';

/** Operations that end without a word of their own: cancelled, begun too often, or failed by a fault of ours. */
describe('an operation on a licence that is broken off', () => {
  let bench: LicenseBench;
  const ask = async () => {
    const wanted = await bench.wanted({ poolId: POOL });
    await bench.ask((license, asking) => license.request(wanted, asking));
  };
  const present = () => bench.process(new MortalProcess(null));

  beforeEach(async () => {
    bench = await new LicenseBench().begin();
  });

  it('leaves the seat that it took to others, where nothing was sent', async () => {
    await ask();
    const { services, handlers } = present();
    await services.pools.take(POOL, WORKER, bench.context());
    await handlers.register.onBrokenOff(bench.operation);
    expect(await bench.seat()).toBe('free');
  });

  it('keeps the seat where a registration was sent', async () => {
    bench.client.agent(WORKER).isStuck = true;
    await ask();
    await tell(bench, 'register', null);
    await present().handlers.register.onBrokenOff(bench.operation);
    expect(await bench.seat()).toBe('taken');
  });

  it('leaves alone what something else was asked for since', async () => {
    await ask();
    const { operation } = bench;
    await ask();
    const { services, handlers } = present();
    await services.pools.take(POOL, WORKER, bench.context());
    await handlers.register.onBrokenOff(operation);
    expect(await bench.seat()).toBe('taken');
  });

  it('lets the instance go at once, where it was to prepare its termination', async () => {
    await terminate(bench);
    const { handlers } = present();
    await handlers.prepare.onBrokenOff(bench.operation);
    await handlers.prepare.onBrokenOff(bench.operation);
    expect((await bench.worker()).terminationPrepared).toEqual({
      ...{ intentAt: bench.clock.now(), preparedAt: bench.clock.now() },
      ...{ license: 'not-released', topologiesKept: null },
    });
  });
});
