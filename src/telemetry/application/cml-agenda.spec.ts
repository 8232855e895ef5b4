import { Logger } from '@nestjs/common';
import { MINUTE, SECOND } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';
import { GetActiveWorkers } from '../../workers';
import { CML_SOURCES } from '../domain/cml-source';
import { systemValues } from '../testing/fake-cml';
import { CONTEXT } from '../testing/telemetry-bench';
import { hostOf, idOf, server, turnsBench } from '../testing/turns-bench';

// what goes wrong on purpose here need not be read
beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('a process that remembers what is due', () => {
  it('asks the database once for what was observed, and for the workers each ten seconds', async () => {
    const { turn, pass, observations, queries } = turnsBench(3);
    const loads = jest.spyOn(observations, 'ofMany');
    await turn();
    expect(loads.mock.calls.map(([ids, sources]) => [ids.length, sources])).toEqual([
      [3, CML_SOURCES],
      [1, CML_SOURCES],
      [2, CML_SOURCES],
    ]);
    loads.mockClear();
    const asked = jest.spyOn(queries, 'execute');
    await pass(10 * SECOND, SECOND);
    expect(asked.mock.calls.map(([query]) => query)).toEqual([new GetActiveWorkers('us-east-1')]);
    queries.workers = [...queries.workers, server(5)];
    loads.mockClear();
    await pass(10 * SECOND, 10 * SECOND);
    expect(loads).toHaveBeenCalledWith([idOf(5)], CML_SOURCES);
  });

  it('forgets it where another one had a turn in between, and never reads too late', async () => {
    const { turn, lease, clock, observations, askedOf } = turnsBench();
    const loads = jest.spyOn(observations, 'ofMany');
    await turn();
    loads.mockClear();
    await turn();
    expect(loads).not.toHaveBeenCalled();
    lease.fence += 1;
    await turn();
    expect(loads).toHaveBeenCalledWith([idOf(0)], CML_SOURCES);
    expect(askedOf(0)).toHaveLength(4);
    clock.advance(MINUTE);
    lease.fence += 1;
    await turn();
    expect(askedOf(0).slice(4, 6)).toEqual(['system', 'labs']);
  });

  it('learns of what it read by itself outside of its turns', async () => {
    const { turn, clock, observer, askedOf } = turnsBench();
    await turn();
    clock.advance(MINUTE);
    const reachable = observer.reachable(server(0));
    if (!reachable) throw new Error('cannot be asked');
    await observer.observe(reachable, { sources: CML_SOURCES }, CONTEXT);
    const before = askedOf(0).length;
    await turn();
    expect(askedOf(0)).toHaveLength(before);
  });

  it('goes on reading a server whose version of CML is not supported', async () => {
    const { turn, pass, cml, queries, askedOf } = turnsBench();
    cml.set(hostOf(0), { system: systemValues({ version: '3.0' }) });
    queries.workers = [{ ...server(0), cmlVersion: '3.0' }];
    await turn();
    expect(askedOf(0)).toEqual(['system', 'labs', 'activity', 'license']);
    await pass(MINUTE);
    expect(askedOf(0).filter((what) => what === 'system').length).toBeGreaterThan(1);
  });

  it('reads at once when our clock steps back', async () => {
    const { turn, clock, askedOf } = turnsBench();
    await turn();
    clock.advance(-60 * MINUTE);
    await turn();
    expect(askedOf(0)).toHaveLength(8);
  });

  it('looks up what is stored where a reading could not be stored', async () => {
    const { turn, pass, observations, askedOf } = turnsBench();
    const save = jest.spyOn(observations, 'save').mockRejectedValueOnce(new StoreUnavailable('it is away'));
    await turn();
    expect(askedOf(0)).toHaveLength(4);
    await pass(8 * SECOND);
    expect(askedOf(0)).toHaveLength(4);
    await pass(2 * SECOND);
    expect([askedOf(0).length, save.mock.calls.length]).toEqual([8, 2]);
  });
});
