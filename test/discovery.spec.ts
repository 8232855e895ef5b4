import { EC2Client, RunInstancesCommand, type RunInstancesCommandInput, type Tag } from '@aws-sdk/client-ec2';
import { OperationsSchedules } from '../src/operations';
import { OrphansSchedules } from '../src/orphans';
import { type ApiClient } from './support/api-client';
import { eventually } from './support/eventually';
import { REGION } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

/** Discovery and orphans over HTTP, with the simulated AWS. */
describe('the API of discovery, operations and orphans', () => {
  let app: MemoryApp;
  let api: ApiClient;

  beforeAll(async () => {
    app = await startMemoryApp();
    api = app.admin;
  });
  afterAll(() => app.close());

  async function launch(
    name: string,
    tags: readonly Tag[] = [],
    more: Partial<RunInstancesCommandInput> = {},
  ): Promise<string> {
    const client = new EC2Client({ endpoint: app.simulator.awsEndpoint, region: REGION });
    const Tags = [{ Key: 'Name', Value: name }, ...tags];
    const { Instances } = await client.send(
      new RunInstancesCommand({
        ...{ MinCount: 1, MaxCount: 1, InstanceType: 'c5.2xlarge' },
        ImageId: app.simulator.world.cmlImage(REGION).id,
        TagSpecifications: ['instance' as const, 'volume' as const].map((ResourceType) => ({
          ResourceType,
          Tags,
        })),
        ...more,
      }),
    );
    client.destroy();
    return Instances?.[0]?.InstanceId ?? '';
  }

  /** The operation, carried out. */
  async function discover(body: object) {
    const accepted = await api.post('/api/v1/workers/discovery', body);
    expect(accepted.status).toBe(202);
    const path = accepted.headers.get('location') ?? '';
    expect(path).toBe(`/api/v1/operations/${accepted.body.id}`);
    return eventually(async () => {
      await app.app.get(OperationsSchedules, { strict: false }).carryOut.run();
      const { body: operation } = await api.get(path);
      expect(['succeeded', 'failed']).toContain(operation.state);
      return operation;
    });
  }

  async function look(): Promise<void> {
    app.clock.advance(600_000);
    await app.app.get(OrphansSchedules, { strict: false }).look.run();
  }

  /** What all events say of an orphan: type and event. They are in the log a moment after they are stored. */
  async function trailOf(id: string): Promise<[string, object][]> {
    const { body } = await api.get('/api/v1/events?types=io.cml-fleet.orphan.*');
    const items = body.items as { type: string; subject: string }[];
    return items
      .filter(({ subject }) => subject === id)
      .map((event) => [event.type.replace(/^io\.cml-fleet\.|\.v1$/g, ''), event]);
  }

  const OURS = { Key: 'managed-by', Value: 'cml-fleet' };

  it('finds instances, imports those without a worker once, and tells two of a name apart', async () => {
    const course = { Key: 'course', Value: 'routing' };
    const first = await launch('lab', [course]);
    const second = await launch('lab', [course]);
    await launch('theirs');
    app.clock.advance(60_000);
    const order = { awsRegion: REGION, filter: { tags: { course: 'rout*' } } };
    const seen = await discover(order);
    expect(seen).toMatchObject({
      ...{ kind: 'discovery', workerId: null, state: 'succeeded', progress: 1, error: null },
      message: '2 instances found.',
      result: { candidates: { count: 2 }, imported: { count: 0 }, failedRegions: [] },
    });
    const imported = await discover({ ...order, import: true });
    expect(imported.result.notImported.items).toEqual([]);
    expect(imported.result.imported).toEqual({
      count: 2,
      items: [
        { awsRegion: REGION, awsInstanceId: first, workerId: expect.any(String), name: 'lab' },
        {
          awsRegion: REGION,
          awsInstanceId: second,
          workerId: expect.any(String),
          name: `lab-${second.slice(-8)}`,
        },
      ],
    });
    const again = await discover({ ...order, import: true });
    expect(again.result).toMatchObject({
      imported: { count: 0 },
      candidates: { count: 2, items: [{ managedBy: imported.result.imported.items[0].workerId }, {}] },
    });
    const { body: history } = await api.get(
      `/api/v1/workers/${imported.result.imported.items[0].workerId}/events`,
    );
    expect(history.items[0]).toMatchObject({
      type: 'io.cml-fleet.worker.imported.v2',
      actor: imported.actor,
      causationid: imported.id,
    });
  });

  it('lists operations without their results', async () => {
    const { body } = await api.get('/api/v1/operations?kind=discovery&state=succeeded,failed&limit=2');
    expect(body.items).toHaveLength(2);
    expect(body.items[0]).not.toHaveProperty('result');
    expect(body.nextCursor).not.toBeNull();
    const cancelled = await api.post(`/api/v1/operations/${body.items[0].id}/cancel`);
    expect([cancelled.status, cancelled.body.code]).toEqual([409, 'operation-ended']);
  });

  it('goes on where a region fails, and fails where all do', async () => {
    const fault = {
      action: 'DescribeInstances',
      applied: false,
      code: 'UnauthorizedOperation',
      httpStatus: 403,
    };
    app.simulator.world.failNext(fault);
    const partly = await discover({ filter: { tags: { none: 'x' } } });
    expect(partly).toMatchObject({
      state: 'succeeded',
      message: '0 instances found. Not read: eu-west-1.',
      result: { failedRegions: [{ awsRegion: 'eu-west-1', code: 'aws-refused' }] },
    });
    app.simulator.world.failNext(fault);
    const failed = await discover({ awsRegion: REGION, filter: {} });
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'aws-refused' } });
  });

  it('refuses orders that would take too much, or say two things', async () => {
    const pointersOf = async (body: object) => {
      const answer = await api.post('/api/v1/workers/discovery', body);
      expect(answer.status).toBe(422);
      return (answer.body.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    };
    expect(await pointersOf({ filter: {}, import: true })).toEqual(['/filter']);
    expect(await pointersOf({ filter: { tags: {} }, import: true })).toEqual(['/filter']);
    expect(await pointersOf({ awsRegion: REGION, awsRegions: [REGION] })).toEqual(['/awsRegions']);
    expect(await pointersOf({ awsRegions: [REGION, 'ap-south-1'] })).toEqual(['/awsRegions/1']);
    expect(await pointersOf({ filter: { amiIds: ['ami-0a1b2c3d'], amiName: 'cml*' } })).toEqual([
      '/filter/amiName',
    ]);
  });

  it('lists an orphan after two looks, and lets an admin adopt it', async () => {
    const instanceId = await launch('left', [OURS]);
    app.clock.advance(600_000);
    await look();
    expect((await api.get('/api/v1/orphans')).body.items).toEqual([]);
    await look();
    const { body } = await api.get(`/api/v1/orphans?kind=instance-without-worker&awsRegion=${REGION}`);
    expect(body.items).toMatchObject([{ resourceId: instanceId, sightings: 2, details: { name: 'left' } }]);
    const discovery = await discover({ awsRegion: REGION, filter: { tags: { none: 'x' } } });
    expect(discovery.result.orphans.items).toMatchObject([{ resourceId: instanceId }]);
    const path = `/api/v1/orphans/${body.items[0].id}/adopt`;
    const adopted = await api.post(path, { name: 'found', reason: 'ours after all' });
    expect([adopted.status, adopted.body.name, adopted.body.awsInstanceId]).toEqual([
      201,
      'found',
      instanceId,
    ]);
    expect(adopted.headers.get('location')).toBe(`/api/v1/workers/${adopted.body.id}`);
    expect((await api.get('/api/v1/orphans')).body.items).toEqual([]);
    expect((await api.post(path)).body.code).toBe('orphan-not-found');
    const told = { reason: 'ours after all', data: { workerId: adopted.body.id } };
    await eventually(async () => {
      expect(await trailOf(body.items[0].id)).toMatchObject([['orphan.adopted', told]]);
    });
  });

  it('terminates an orphan by a person’s word', async () => {
    const instanceId = await launch('unwanted', [OURS]);
    app.clock.advance(600_000);
    await look();
    await look();
    const { body } = await api.get('/api/v1/orphans');
    const ended = await api.post(`/api/v1/orphans/${body.items[0].id}/terminate`, { reason: 'not used' });
    expect([ended.status, ended.body.resourceId]).toEqual([202, instanceId]);
    const trail = await eventually(async () => {
      const found = await trailOf(body.items[0].id);
      expect(found).toHaveLength(2);
      return found;
    });
    expect(trail.map(([type]) => type).sort()).toEqual(['orphan.terminated', 'orphan.termination-requested']);
    await look();
    await look();
    expect((await api.get('/api/v1/orphans')).body.items).toEqual([]);
  });

  it('lists the volume that an instance left behind, and deletes it by a person’s word', async () => {
    const kept = { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 500, DeleteOnTermination: false } };
    await launch('leaver', [OURS], { BlockDeviceMappings: [kept] });
    app.clock.advance(600_000);
    await look();
    await look();
    const { body } = await api.get('/api/v1/orphans');
    expect(body.items.map(({ kind }: { kind: string }) => kind)).toEqual(['instance-without-worker']);
    await api.post(`/api/v1/orphans/${body.items[0].id}/terminate`);
    app.clock.advance(600_000);
    await look();
    await look();
    const { body: left } = await api.get('/api/v1/orphans');
    expect(left.items).toMatchObject([
      { kind: 'volume', details: { sizeGiB: 500, status: 'available', name: 'leaver' } },
    ]);
    expect((await api.post(`/api/v1/orphans/${left.items[0].id}/adopt`)).body.code).toBe(
      'orphan-not-adoptable',
    );
    expect((await api.post(`/api/v1/orphans/${left.items[0].id}/terminate`)).status).toBe(202);
    const calls = app.simulator.world.calls.filter(({ action }) => action === 'DeleteVolume');
    expect(calls).toMatchObject([{ params: { VolumeId: left.items[0].resourceId } }]);
  });
});
