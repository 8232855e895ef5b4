import { ReconcilerBench } from '../../../test/support/reconciler-bench';
import { REGION, type SimulatedFleet } from '../../simulator/testing/simulated-fleet';
import { type Installation } from '../../event-store';
import { type Reach } from '../../kernel/reach';
import { aNewWorker } from '../testing/memory-workers';
import { ImportWorker, importedWorkerId, ImportWorkerHandler } from './import-worker.command';

let bench: ReconcilerBench;
let fleet: SimulatedFleet;
let workers: ReconcilerBench['workers'];
let handler: ImportWorkerHandler;

beforeEach(async () => {
  bench = await ReconcilerBench.start();
  ({ fleet, workers } = bench);
  const installation = { id: () => Promise.resolve('here') } as Installation;
  handler = new ImportWorkerHandler(workers.repository, bench.compute, fleet.clock, installation);
});
afterEach(() => bench.stop());

async function anInstance(name: string): Promise<string> {
  const id = await fleet.launch(name);
  fleet.minutes(5);
  return id;
}

async function tagsOf(instanceId: string): Promise<Record<string, string>> {
  const [instance] = await fleet.describe({ InstanceIds: [instanceId] });
  return Object.fromEntries((instance?.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

const taggings = () => fleet.world.calls.filter(({ action }) => action === 'CreateTags');

describe('an import', () => {
  it('tags the instance as the worker’s, and takes it as it stands', async () => {
    const instanceId = await anInstance('old-lab');
    const context = bench.command();
    const worker = await handler.execute(new ImportWorker(REGION, instanceId, null, context));
    expect(worker).toMatchObject({ name: 'old-lab', awsInstanceId: instanceId, status: 'RUNNING' });
    expect(worker.id).toBe(importedWorkerId(context));
    fleet.seconds(10);
    expect(await tagsOf(instanceId)).toMatchObject({
      'managed-by': 'cml-fleet',
      'cml-fleet:worker-id': worker.id,
    });
  });

  it('out of reach is refused before AWS is asked, in the same words whether there is such an instance', async () => {
    const calls = () => fleet.world.calls.length;
    const there = await anInstance('lab');
    const before = calls();
    const words: string[] = [];
    for (const instanceId of [there, 'i-0a1b2c3d4e5f60718']) {
      const context = { ...bench.command(), reach: [{ regions: ['mars-north-1'] }] };
      const refused = handler.execute(new ImportWorker(REGION, instanceId, null, context));
      await expect(refused).rejects.toMatchObject({
        code: 'scope-too-small',
        data: { members: ['awsRegion'] },
      });
      await refused.catch((error: Error) => words.push(error.message.replace(instanceId, '<id>')));
    }
    expect(words[0]).toBe(words[1]);
    expect(calls()).toBe(before);
  });

  it('of an instance that has a worker names it within reach only', async () => {
    const instanceId = await anInstance('lab');
    const owner = await handler.execute(new ImportWorker(REGION, instanceId, null, bench.command()));
    const again = (reach: Reach) =>
      handler.execute(new ImportWorker(REGION, instanceId, 'other', { ...bench.command(), reach }));
    await expect(again([{ regions: [REGION] }])).rejects.toMatchObject({ workerId: owner.id });
    await expect(again([{ tags: [{ key: 'a', value: 'b' }] }])).rejects.toMatchObject({
      code: 'scope-too-small',
    });
  });

  it('that is refused leaves no tag: the name is taken, or the instance', async () => {
    const [first, second] = [await anInstance('lab'), await anInstance('lab')];
    const owner = await handler.execute(new ImportWorker(REGION, first, null, bench.command()));
    fleet.seconds(10);
    const tags = [await tagsOf(first), await tagsOf(second)];
    const again = new ImportWorker(REGION, first, 'other', bench.command());
    await expect(handler.execute(again)).rejects.toMatchObject({ taken: 'instance', workerId: owner.id });
    const sameName = new ImportWorker(REGION, second, null, bench.command());
    await expect(handler.execute(sameName)).rejects.toMatchObject({ taken: 'name', workerId: owner.id });
    fleet.seconds(10);
    expect([await tagsOf(first), await tagsOf(second)]).toEqual(tags);
    expect(taggings()).toHaveLength(1);
  });

  it('that is refused leaves no tag either where the list of workers does not know the owner yet', async () => {
    const instanceId = await anInstance('lab');
    await handler.execute(new ImportWorker(REGION, instanceId, 'one', bench.command()));
    workers.readModel.byInstance = () => Promise.resolve(null);
    const again = new ImportWorker(REGION, instanceId, 'two', bench.command());
    await expect(handler.execute(again)).rejects.toMatchObject({ code: 'already-exists' });
    expect(taggings()).toHaveLength(1);
  });

  it('whose tag AWS refuses stores nothing, and leaves name and instance free', async () => {
    const instanceId = await anInstance('lab');
    const fault = { applied: false, code: 'UnauthorizedOperation', httpStatus: 403 };
    fleet.world.failNext({ action: 'CreateTags', ...fault });
    const refused = new ImportWorker(REGION, instanceId, null, bench.command());
    await expect(handler.execute(refused)).rejects.toMatchObject({ code: 'not-tagged' });
    const retried = await handler.execute(new ImportWorker(REGION, instanceId, null, bench.command()));
    expect(retried.name).toBe('lab');
  });

  it('can tell instances of one name apart, where nobody asked for a name', async () => {
    const long = 'x'.repeat(63);
    const [first, second] = [await anInstance(long), await anInstance(long)];
    const options = { distinguish: true };
    await handler.execute(new ImportWorker(REGION, first, null, bench.command(), options));
    const asked = new ImportWorker(REGION, second, long, bench.command(), options);
    await expect(handler.execute(asked)).rejects.toMatchObject({ taken: 'name' });
    const command = new ImportWorker(REGION, second, null, bench.command(), options);
    const worker = await handler.execute(command);
    expect(worker.name).toBe(`${'x'.repeat(54)}-${second.slice(-8)}`);
    expect(await handler.execute(command)).toMatchObject({ id: worker.id, name: worker.name });
  });

  it('takes nothing from another installation, but what carries our own tag, or an empty one', async () => {
    const tagged = (name: string, Value: string) =>
      fleet.launch(name, {
        TagSpecifications: [
          { ResourceType: 'instance', Tags: [{ Key: 'cml-fleet:installation-id', Value }] },
        ],
      });
    const [theirs, ours, empty] = [
      await tagged('a', 'prod'),
      await tagged('b', 'here'),
      await tagged('c', ''),
    ];
    fleet.minutes(5);
    const refused = handler.execute(new ImportWorker(REGION, theirs, 'mine', bench.command()));
    await expect(refused).rejects.toMatchObject({
      ...{ code: 'managed-elsewhere', kind: 'conflict', installationId: 'prod' },
      message: expect.stringMatching(
        `\\(prod\\).*delete-tags --region ${REGION} --resources ${theirs} --tags Key=cml-fleet:`,
      ) as string,
    });
    expect(taggings()).toHaveLength(0);
    expect(await tagsOf(theirs)).toEqual({ 'cml-fleet:installation-id': 'prod' });
    for (const id of [ours, empty]) {
      const worker = await handler.execute(new ImportWorker(REGION, id, null, bench.command()));
      expect(worker.awsInstanceId).toBe(id);
    }
  });

  it('does not take what a worker waits for whose launch was not answered', async () => {
    await workers.repository.add(aNewWorker('w-1', { createdAt: fleet.clock.now() }), bench.command());
    const tag = [{ Key: 'cml-fleet:worker-id', Value: 'w-1' }];
    const instanceId = await fleet.launch('lost', {
      TagSpecifications: [{ ResourceType: 'instance', Tags: tag }],
    });
    fleet.minutes(5);
    const command = new ImportWorker(REGION, instanceId, 'mine', bench.command());
    await expect(handler.execute(command)).rejects.toMatchObject({ workerId: 'w-1' });
    expect(taggings()).toHaveLength(0);
  });
});
