import { FleetSteps, REGION } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

const USER_DATA = '#cloud-config\n# only-for-the-instance\n';

/** Workers that are created by templates, over HTTP. */
describe('a worker that is created by a template', () => {
  let app: MemoryApp;
  let fleet: FleetSteps;

  beforeAll(async () => {
    app = await startMemoryApp();
    fleet = new FleetSteps(app);
  });
  afterAll(() => app.close());

  const template = async (given: object = {}) => {
    const body = {
      name: 'routing',
      instanceTypes: ['c5.4xlarge', 'c5.2xlarge'],
      amiName: 'cml-2.9*',
      ...given,
    };
    return (await app.admin.post('/api/v1/worker-templates', body)).body;
  };
  const create = (given: object) => app.admin.post('/api/v1/workers', { awsRegion: REGION, ...given });

  it('has what the template says, and keeps it when the template changes and goes', async () => {
    const { id } = await template({ tags: { course: 'routing', cost: '17' }, cmlVersion: '2.9.0' });
    const made = await create({ name: 'a', template: 'Routing', tags: { course: 'bgp' } });
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({
        ...{ instanceType: 'c5.4xlarge', amiName: 'cml-2.9*', cmlVersion: '2.9.0' },
        tags: { course: 'bgp', cost: '17' },
        template: { id, name: 'routing', version: 1 },
      }),
    ]);
    await app.admin.patch(`/api/v1/worker-templates/${id}`, { name: 'old', instanceTypes: ['c5.metal'] });
    const second = await create({ name: 'b', template: id, instanceType: 'm5.large' });
    expect(second.body).toMatchObject({
      ...{ instanceType: 'm5.large', template: { id, name: 'old', version: 2 } },
    });
    await app.admin.delete(`/api/v1/worker-templates/${id}`);
    const gone = await create({ name: 'c', template: id });
    expect([gone.status, gone.body.errors]).toEqual([
      422,
      [{ pointer: '/template', message: expect.stringContaining('GET /api/v1/worker-templates') }],
    ]);
    await fleet.reconcile();
    expect(await fleet.show(made.body.id)).toMatchObject({
      ...{ instanceType: 'c5.4xlarge', template: { id, name: 'routing', version: 1 } },
      awsInstanceId: expect.stringMatching(/^i-/),
    });
  });

  it('is found again by a repetition after the template is gone', async () => {
    const { id } = await template({ name: 'short' });
    const body = { name: 'twice', template: 'short' };
    const headers = { 'Idempotency-Key': 'k' };
    const first = await app.admin.post('/api/v1/workers', { awsRegion: REGION, ...body }, headers);
    await app.admin.delete(`/api/v1/worker-templates/${id}`);
    const again = await app.admin.post('/api/v1/workers', { awsRegion: REGION, ...body }, headers);
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  });

  it('is refused for a region that the template does not name', async () => {
    await template({ name: 'virginia', subnetIds: { 'us-east-1': [] } });
    const { status, body } = await create({ name: 'd', template: 'virginia' });
    expect([status, body.errors?.[0]]).toEqual([
      422,
      { pointer: '/template', message: expect.stringContaining(`no subnetIds for ${REGION}`) },
    ]);
    expect((await create({ name: 'd', template: 'virginia', awsRegion: 'us-east-1' })).status).toBe(201);
  });

  it('shows its user data nowhere', async () => {
    await template({ name: 'private', userData: USER_DATA });
    const { body } = await create({ name: 'e', template: 'private' });
    await fleet.reconcile();
    const viewer = app.as(await app.keyOf('viewer'));
    const history = (await viewer.get(`/api/v1/workers/${body.id}/events`)).body;
    expect(history.items.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(['io.cml-fleet.worker.created.v2', 'io.cml-fleet.worker.launch-requested.v2']),
    );
    const shown = [
      history,
      (await viewer.get('/api/v1/events?limit=200')).body,
      (await viewer.get('/api/v1/worker-templates')).body,
      await fleet.show(body.id),
      app.log,
    ].map((answer) => JSON.stringify(answer));
    for (const secret of ['only-for-the-instance', Buffer.from(USER_DATA).toString('base64')]) {
      expect(shown.filter((text) => text.includes(secret))).toEqual([]);
    }
  });

  it.each<[object, string]>([
    [{ amiName: 'cml*' }, '/instanceType'],
    [{ instanceType: 'c5.large', instanceTypes: ['c5.large'], amiName: 'cml*' }, '/instanceType'],
    [{ instanceType: 'c5.large' }, '/amiId'],
    [{ template: 'x', amiId: 'ami-0a1b2c3d4e5f60718', amiName: 'cml*' }, '/amiId'],
    [{ template: 'x', subnetId: 'subnet-0a1b2c3d4e5f60718', subnetIds: [] }, '/subnetId'],
    [{ template: 'x', amiId: 'ami-0a1b2c3d4e5f60718', amiOwners: ['self'] }, '/amiOwners'],
    [{ template: 'x' }, '/template'],
  ])('is refused by %j', async (given, pointer) => {
    const { status, body } = await create({ name: 'f', ...given });
    expect([status, body.errors?.map((fault: { pointer: string }) => fault.pointer)]).toEqual([
      422,
      [pointer],
    ]);
  });
});
