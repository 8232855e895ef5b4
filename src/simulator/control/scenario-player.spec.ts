import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SimulatedFleet, startFleet } from '../testing/simulated-fleet';
import { scenario, type ScenarioInput } from './scenario';

let fleet: SimulatedFleet;
beforeEach(async () => {
  fleet = await startFleet();
});
afterEach(() => fleet.stop());

const play = (...steps: ScenarioInput['steps']) => fleet.world.scenarios.play({ name: 'test', steps });
const outcomes = () => fleet.world.scenarios.report().map(({ outcome }) => outcome);

it('does each step at its time, however late somebody looks', async () => {
  fleet.world.populate(2, { regions: ['eu-west-1'], tags: (n) => ({ Name: `lab-${n}` }) });
  play(
    { at: 120, do: { names: 'lab-*', console: { act: 'start' } } },
    { at: 60, do: { names: 'lab-0', console: { act: 'stop' } } },
  );
  fleet.seconds(180 + 2);
  expect((await fleet.describe()).map(({ State }) => State?.Name)).toEqual(['running', 'running']);
  expect((await fleet.describe()).map(({ LaunchTime }) => LaunchTime?.toISOString().slice(11, 19))).toEqual([
    '08:02:00',
    '07:00:00',
  ]);
  expect(outcomes()).toEqual(['stop of 1 instances', 'start of 2 instances']);
});

it('goes on where a step cannot be done, and says so', async () => {
  const id = await fleet.launch('lab');
  play(
    { at: 0, do: { names: 'lab', console: { act: 'stop' } } },
    { at: 90, do: { deny: { action: 'StopInstances' } } },
  );
  expect(outcomes()).toEqual([
    `stop of 0 instances; ${id}: AwsError: The instance '${id}' has never reached the 'running' state and so cannot be stopped.`,
    null,
  ]);
  fleet.seconds(90);
  expect(outcomes()[1]).toBe('StopInstances denied');
});

it('lets faults hold for their time from their step on, and ends them by name', async () => {
  play(
    { at: 10, do: { fault: { name: 'a', error: 'InternalError', forSeconds: 20 } } },
    { at: 40, do: { fault: { name: 'b', error: 'Unavailable' } } },
    { at: 50, do: { endFaults: 'b' } },
    { at: 60, do: { throttling: true } },
  );
  const seen: string[] = [];
  for (let at = 0; at <= 60; at += 10) {
    seen.push(
      await fleet.describe().then(
        () => 'ok',
        (error: Error) => error.name,
      ),
    );
    fleet.seconds(10);
  }
  expect(seen).toEqual(['ok', 'InternalError', 'InternalError', 'ok', 'Unavailable', 'ok', 'ok']);
  expect(fleet.world.throttle.enabled).toBe(true);
});

it('lets requests to CML servers go wrong for a while', () => {
  play(
    { at: 10, do: { cmlFault: { name: 'nginx', status: 502, html: true } } },
    { at: 40, do: { endCmlFaults: 'nginx' } },
  );
  const ruled = [0, 10, 30].map((seconds) => {
    fleet.seconds(seconds);
    fleet.world.scenarios.settle();
    return fleet.world.cmlFaults.list().length;
  });
  expect(ruled).toEqual([0, 1, 0]);
  expect(outcomes()).toEqual(['CML fault 1 holds', '1 CML faults ended']);
});

it('has done what is due before a person acts', () => {
  const [id = ''] = fleet.world.populate(1, { tags: () => ({ Name: 'lab' }) });
  play(
    { at: 60, do: { names: 'lab', console: { act: 'stop' } } },
    { at: 120, do: { names: 'lab', console: { act: 'protect', termination: true } } },
  );
  fleet.seconds(300);
  expect(() => fleet.world.console.terminate(id)).toThrow('may not be terminated');
  expect(fleet.world.instance(id).facts.stepAt(fleet.clock.now())?.value.state).toBe('stopped');
});

it('adds faults that are over by the time that somebody looks', async () => {
  play({ at: 10, do: { fault: { error: 'InternalError', forSeconds: 20 } } });
  fleet.seconds(35);
  await expect(fleet.describe()).resolves.toEqual([]);
  expect(outcomes()).toEqual(['fault 1 holds']);
});

it('that makes no sense is not begun', () => {
  expect(() => play({ at: 0, do: { fault: { error: 'NoSuch' } } })).toThrow();
  expect(outcomes()).toEqual([]);
});

const folder = join(__dirname, '../scenarios');
describe.each(readdirSync(folder))('%s', (file) => {
  const given = JSON.parse(readFileSync(join(folder, file), 'utf8')) as ScenarioInput;

  it('plays to its end without a failure', () => {
    const names = ['colleague', 'untagged', 'shielded', 'old', 'rebooted', 'ill', 'stuck'];
    fleet.world.populate(names.length, { tags: (n) => ({ Name: `cml-${names[n]}-${n}` }) });
    fleet.world.scenarios.play(given);
    fleet.seconds(Math.max(...scenario.parse(given).steps.map(({ at }) => at)));
    for (const outcome of outcomes()) expect(outcome).toMatch(/^(?!failed)[^;]+$/);
  });
});
