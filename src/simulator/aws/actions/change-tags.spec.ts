import { CreateTagsCommand, DeleteTagsCommand, type Tag } from '@aws-sdk/client-ec2';
import { REGION, type SimulatedFleet, startFleet } from '../../testing/simulated-fleet';

let fleet: SimulatedFleet;
let id: string;
beforeEach(async () => {
  fleet = await startFleet();
  id = await fleet.launch('w');
  fleet.seconds(2);
});
afterEach(() => fleet.stop());

const create = (Resources: string[], Tags: Tag[]) =>
  fleet.ec2().send(new CreateTagsCommand({ Resources, Tags }));
const remove = (Resources: string[], Tags?: Tag[]) =>
  fleet.ec2().send(new DeleteTagsCommand({ Resources, Tags }));

async function tagsOf(instanceId: string) {
  fleet.seconds(2);
  const [instance] = await fleet.describe({ InstanceIds: [instanceId] });
  return new Map((instance?.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
}

it('are taken away by key, by key and value, or all', async () => {
  await create(
    [id],
    [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
      { Key: 'c', Value: '3' },
    ],
  );
  await remove([id], [{ Key: 'a' }, { Key: 'b', Value: 'other' }, { Key: 'c', Value: '3' }, { Key: 'd' }]);
  expect(await tagsOf(id)).toEqual(new Map(Object.entries({ Name: 'w', b: '2' })));
  await remove([id]);
  expect(await tagsOf(id)).toEqual(new Map());
});

it('can stand on volumes and addresses', async () => {
  const region = fleet.world.region(REGION);
  const volume = region?.leaveVolume(new Map());
  const address = region?.leaveAddress(new Map([['a', '1']]));
  await create(
    [volume, address].map((left) => left?.id ?? ''),
    [{ Key: 'b', Value: '2' }],
  );
  await remove([address?.id ?? ''], [{ Key: 'a' }]);
  const now = fleet.clock.now();
  expect([volume, address].map((left) => [...(left?.tags.at(now) ?? [])])).toEqual([
    [['b', '2']],
    [['b', '2']],
  ]);
});

it('stay as they are where one resource or one tag is wrong', async () => {
  const tag = [{ Key: 'b', Value: '2' }];
  await expect(create([id, 'i-0000000000000000a'], tag)).rejects.toMatchObject({
    name: 'InvalidInstanceID.NotFound',
  });
  await expect(create([id, 'vol-0000000000000000a'], tag)).rejects.toMatchObject({
    name: 'InvalidVolume.NotFound',
  });
  const reserved = [...tag, { Key: 'aws:mine', Value: '1' }];
  await expect(create([id], reserved)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  const many = Array.from({ length: 50 }, (_, n) => ({ Key: `k${n}`, Value: '' }));
  await expect(create([id], many)).rejects.toMatchObject({ name: 'TagLimitExceeded' });
  expect(await tagsOf(id)).toEqual(new Map([['Name', 'w']]));
});
