import { type DiscoveryFilter, type FoundInstance } from '../../discovery';
import { REGION, type SimulatedFleet, startFleet } from '../../simulator/testing/simulated-fleet';
import { type AwsClients } from './aws-clients';
import { Ec2InstanceFinder } from './ec2-instance-finder';
import { awsClientsFor } from './testing/aws-clients';
import { type ScriptedAws, sendXml, startScriptedAws } from './testing/scripted-aws';

let fleet: SimulatedFleet;
let clients: AwsClients;
let scripted: ScriptedAws | null;

beforeEach(async () => {
  scripted = null;
  fleet = await startFleet();
  clients = awsClientsFor(fleet.awsEndpoint);
});
afterEach(async () => {
  clients.destroy();
  await scripted?.stop();
  await fleet.stop();
});

async function find(filter: Partial<DiscoveryFilter>): Promise<FoundInstance[]> {
  const finder = new Ec2InstanceFinder(clients, { imageOwnerIds: [] });
  const found: FoundInstance[] = [];
  for await (const page of finder.find(REGION, { amiIds: null, amiName: null, tags: {}, ...filter })) {
    found.push(...page);
  }
  return found;
}

const idsOf = (found: readonly FoundInstance[]) => found.map(({ awsInstanceId }) => awsInstanceId).sort();

it('finds instances by image, by the image’s name, and by tags', async () => {
  const image = fleet.world.cmlImage(REGION);
  const Tags = [
    { Key: 'Name', Value: 'tagged' },
    { Key: 'course', Value: 'routing' },
    { Key: 'cml-fleet:installation-id', Value: 'prod' },
  ];
  const plain = await fleet.launch('plain');
  const tagged = await fleet.launch('tagged', {
    TagSpecifications: [{ ResourceType: 'instance', Tags }],
  });
  fleet.minutes(5);
  expect(await find({ tags: { course: 'rout*' } })).toEqual([
    {
      ...{ awsRegion: REGION, awsInstanceId: tagged, name: 'tagged', instanceType: 'c5.2xlarge' },
      ...{ status: 'RUNNING', amiId: image.id, installationId: 'prod' },
    },
  ]);
  expect(idsOf(await find({}))).toEqual([plain, tagged].sort());
  expect(idsOf(await find({ amiIds: [image.id] }))).toEqual([plain, tagged].sort());
  expect(await find({ amiIds: ['ami-00000000'] })).toEqual([]);
  expect(idsOf(await find({ amiName: `${image.name.slice(0, 5)}*` }))).toEqual([plain, tagged].sort());
  expect(await find({ amiIds: [image.id], tags: { course: 'other' } })).toEqual([]);
});

it('finds nothing where no image has the name, and does not ask for all instances', async () => {
  await fleet.launch('plain');
  expect(await find({ amiName: 'no-such-image*' })).toEqual([]);
  expect(fleet.world.calls.filter(({ action }) => action === 'DescribeInstances')).toEqual([]);
});

it('does not find what is being terminated', async () => {
  await fleet.launch('gone');
  fleet.minutes(5);
  const [instance] = fleet.world.region(REGION)?.instances ?? [];
  if (!instance) throw new Error('it was not launched');
  fleet.world.region(REGION)?.terminate([instance]);
  fleet.minutes(1);
  expect(await find({})).toEqual([]);
});

it('gives page after page, and asks for images by the two hundred', async () => {
  const page = (id: string, more = '') =>
    `<R><reservationSet><item><instancesSet><item><instanceId>${id}</instanceId></item></instancesSet></item></reservationSet>${more}</R>`;
  let call = 0;
  scripted = await startScriptedAws((_body, response) => {
    call += 1;
    sendXml(response, 200, page(`i-${call}`, call === 1 ? '<nextToken>more</nextToken>' : ''));
  });
  clients = awsClientsFor(scripted.endpoint);
  const amiIds = Array.from({ length: 201 }, (_, index) => `ami-${index}`);
  expect(idsOf(await find({ amiIds }))).toEqual(['i-1', 'i-2', 'i-3']);
  const sent = scripted.bodies.map((body) => new URLSearchParams(body));
  expect(sent[0]?.get('MaxResults')).toBe('1000');
  expect(sent[0]?.get('Filter.2.Value.200')).toBe('ami-199');
  expect(sent[2]?.get('Filter.2.Value.1')).toBe('ami-200');
});

it('says what AWS refused', async () => {
  const fault = { applied: false, code: 'UnauthorizedOperation', httpStatus: 403 };
  fleet.world.failNext({ action: 'DescribeInstances', ...fault });
  await expect(find({})).rejects.toMatchObject({ code: 'aws-refused', awsCode: 'UnauthorizedOperation' });
});
