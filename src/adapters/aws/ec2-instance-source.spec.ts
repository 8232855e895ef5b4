import { HOUR } from '../../kernel/clocks';
import { ACCOUNT, REGION, type SimulatedFleet, startFleet } from '../../simulator/testing/simulated-fleet';
import { type AwsClients } from './aws-clients';
import { Ec2InstanceSource } from './ec2-instance-source';
import { awsClientsFor } from './testing/aws-clients';
import { type ScriptedAws, sendXml, startScriptedAws } from './testing/scripted-aws';

const MANAGED = [{ ResourceType: 'instance' as const, Tags: [{ Key: 'managed-by', Value: 'cml-fleet' }] }];

let fleet: SimulatedFleet;
let clients: AwsClients;
let source: Ec2InstanceSource;
let scripted: ScriptedAws | null;

beforeEach(async () => {
  scripted = null;
  fleet = await startFleet();
  clients = awsClientsFor(fleet.awsEndpoint);
  source = new Ec2InstanceSource(clients, fleet.machine);
});

afterEach(async () => {
  clients.destroy();
  await scripted?.stop();
  await fleet.stop();
});

function callsOf(action: string) {
  return fleet.world.calls.filter((call) => call.action === action);
}

describe('the managed instances', () => {
  it('are those with the tag, in one call', async () => {
    const ours = await fleet.launch('ours', { TagSpecifications: MANAGED });
    await fleet.launch('theirs');
    fleet.seconds(5);

    const { instances, ...listing } = await source.listManaged(REGION);

    expect(instances.map(({ instanceId }) => instanceId)).toEqual([ours]);
    expect(listing).toEqual({ complete: true, pages: 1, error: null });
    expect(callsOf('DescribeInstances')).toHaveLength(1);
    expect(callsOf('DescribeInstances')[0]?.params).toMatchObject({ MaxResults: '1000' });
  });

  /** Answers each call with the next page: instances and the next token, or an error's code. */
  async function scriptedPages(
    ...pages: (readonly [ids: string[], next?: string, type?: string] | string)[]
  ) {
    let asked = 0;
    scripted = await startScriptedAws((_body, response) => {
      const page = pages[asked] ?? 'NoSuchPage';
      asked += 1;
      if (typeof page === 'string') {
        const code = `<Response><Errors><Error><Code>${page}</Code></Error></Errors></Response>`;
        return sendXml(response, 400, code);
      }
      const [ids, next, type = 'c5.metal'] = page;
      const items = ids.map(
        (id) => `<item><instanceId>${id}</instanceId><instanceType>${type}</instanceType></item>`,
      );
      const token = next ? `<nextToken>${next}</nextToken>` : '';
      const set = `<item><instancesSet>${items.join('')}</instancesSet></item>`;
      return sendXml(response, 200, `<R><reservationSet>${set}</reservationSet>${token}</R>`);
    });
    clients.destroy();
    clients = awsClientsFor(scripted.endpoint);
    const { instances, ...rest } = await new Ec2InstanceSource(clients, fleet.machine).listManaged(REGION);
    const shown = instances.map(({ instanceId, instanceType }) => [instanceId, instanceType]);
    return { ...rest, ids: shown.map(([id]) => id), shown, bodies: scripted.bodies };
  }

  it('are read page by page, each once; the later word on one counts', async () => {
    const listing = await scriptedPages([['i-1', 'i-2'], 'b'], [['i-3', 'i-1'], 'c', 'm5.metal'], [[]]);
    expect(listing).toMatchObject({ complete: true, pages: 3, error: null });
    expect(listing.shown.toSorted()).toEqual([
      ['i-1', 'm5.metal'],
      ['i-2', 'c5.metal'],
      ['i-3', 'm5.metal'],
    ]);
  });

  it('are those of the pages before one that failed', async () => {
    const listing = await scriptedPages([['i-1'], 'b'], [['i-2'], 'c'], 'Odd');
    expect(listing).toMatchObject({ ids: ['i-1', 'i-2'], complete: false, pages: 2 });
    expect(listing.error).toMatchObject({ failure: 'rejected', awsCode: 'Odd' });
  });

  it('are none where the first page fails', async () => {
    const listing = await scriptedPages('UnauthorizedOperation');
    expect(listing).toMatchObject({ ids: [], complete: false, pages: 0 });
    expect(listing.error).toMatchObject({ awsCode: 'UnauthorizedOperation' });
  });

  it.each(['InvalidNextToken', 'InvalidPaginationToken'])('are listed anew, once, after %s', async (code) => {
    const listing = await scriptedPages([['i-1', 'i-gone'], 'b'], code, [['i-1'], 'b'], [['i-2']]);
    expect(listing).toMatchObject({ ids: ['i-1', 'i-2'], complete: true, pages: 3, error: null });
    expect(listing.bodies.map((body) => body.includes('NextToken'))).toEqual([false, true, false, true]);
    await scripted?.stop();

    const twice = await scriptedPages([['i-1', 'i-2'], 'b'], code, [['i-1'], 'b'], code);
    expect(twice).toMatchObject({ ids: ['i-1', 'i-2'], complete: false, pages: 2, error: { awsCode: code } });
  });

  it('do not go round in circles', async () => {
    const listing = await scriptedPages([['i-1'], 'b'], [['i-2'], 'b'], [['i-3'], 'b']);
    expect(listing).toMatchObject({ ids: ['i-1', 'i-2'], complete: false, pages: 2 });
    expect(listing.error).toMatchObject({ awsCode: 'RepeatedNextToken' });
  });
});

describe('instances by id', () => {
  it('come with the ids that EC2 does not know, and those that are no ids at all', async () => {
    const known = [await fleet.launch('a'), await fleet.launch('b')];
    fleet.seconds(5);
    const strange = ['i-0123456789abcdef0', 'i-0123456789abcdef1', 'i-XYZ'];

    const { found, notFound } = await source.listByIds(REGION, [known[0] ?? '', ...strange, known[1] ?? '']);

    expect(found.map(({ instanceId }) => instanceId)).toEqual(known);
    expect(notFound.toSorted()).toEqual(strange);
  });

  it('are asked for by the hundred', async () => {
    const ids = Array.from({ length: 150 }, (_, n) => `i-${String(n).padStart(17, '0')}`);

    const { found, notFound, error } = await source.listByIds(REGION, ids);

    expect({ found, unknown: notFound.length, error }).toEqual({ found: [], unknown: 150, error: null });
    expect(callsOf('DescribeInstances')).toHaveLength(2);
  });

  it('end where EC2 refuses for another reason, with what was answered before', async () => {
    const known = await fleet.launch('a');
    fleet.seconds(5);
    const ids = Array.from({ length: 150 }, (_, n) => `i-${String(n).padStart(17, '0')}`);
    ids[0] = known;
    const fault = { applied: false, code: 'UnauthorizedOperation', httpStatus: 403 };
    let calls = 0;
    const { ec2 } = clients.of(REGION, 'sweep');
    ec2.middlewareStack.add(
      (next) => (args) => {
        calls += 1;
        if (calls === 3) fleet.world.failNext({ action: 'DescribeInstances', ...fault });
        return next(args);
      },
      { step: 'initialize' },
    );

    const { found, notFound, error } = await source.listByIds(REGION, ids);

    expect(found.map(({ instanceId }) => instanceId)).toEqual([known]);
    expect([notFound.length, error?.awsCode]).toEqual([99, 'UnauthorizedOperation']);
  });
});

describe("EC2's checks", () => {
  it('are those of what runs', async () => {
    const running = await fleet.launch('a');
    fleet.minutes(30);
    await fleet.launch('b');
    fleet.seconds(5);

    const { byInstance, error } = await source.health(REGION);

    const ok = { checks: { system: 'ok', instance: 'ok' }, scheduledEvents: [] };
    expect([[...byInstance], error]).toEqual([[[running, ok]], null]);
    expect(callsOf('DescribeInstanceStatus')[0]?.params).toMatchObject({ MaxResults: '1000' });
  });

  it('come with why they are not all', async () => {
    const fault = { applied: false, code: 'UnauthorizedOperation', httpStatus: 403 };
    fleet.world.failNext({ action: 'DescribeInstanceStatus', ...fault });

    const { byInstance, error } = await source.health(REGION);

    expect([byInstance.size, error?.awsCode]).toEqual([0, 'UnauthorizedOperation']);
  });
});

it('asks about interruptions by 200 instances at a time, and answers those that AWS takes back', async () => {
  const request = (id: string, code: string) =>
    `<item><instanceId>${id}</instanceId><status><code>${code}</code><message>why</message></status></item>`;
  scripted = await startScriptedAws((body, response) => {
    if (body.includes('Filter.1.Value.200=')) {
      const set = request('i-1', 'fulfilled') + request('i-2', 'marked-for-stop');
      return sendXml(response, 200, `<R><spotInstanceRequestSet>${set}</spotInstanceRequestSet></R>`);
    }
    return sendXml(response, 400, '<Response><Errors><Error><Code>Odd</Code></Error></Errors></Response>');
  });
  clients.destroy();
  clients = awsClientsFor(scripted.endpoint);
  const ids = Array.from({ length: 201 }, (_, n) => `i-${n}`);

  const { byInstance, error } = await new Ec2InstanceSource(clients, fleet.machine).interruptions(
    REGION,
    ids,
  );

  expect([...byInstance]).toEqual([['i-2', { code: 'marked-for-stop', message: 'why' }]]);
  expect([scripted.bodies.length, error?.awsCode]).toEqual([2, 'Odd']);
});

it('asks for the account once an hour', async () => {
  expect(await source.accountId(REGION)).toBe(ACCOUNT);
  fleet.machine.advance(HOUR - 1);
  await source.accountId(REGION);
  expect(callsOf('GetCallerIdentity')).toHaveLength(1);

  fleet.machine.advance(1);
  await source.accountId(REGION);
  expect(callsOf('GetCallerIdentity')).toHaveLength(2);
});
