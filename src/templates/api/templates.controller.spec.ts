import { Logger } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { EventStore, PublicEvents, Reservations, streamOf } from '../../event-store';
import { type HttpApp, startHttpApp } from '../../http/testing/http-app';
import { MINUTE } from '../../kernel/clocks';
import { TemplatesModule } from '../templates.module';
import { TemplatesSchedules } from '../application/templates.schedules';
import { type TemplateView } from './template.view';

const GIVEN = { name: 'routing', instanceTypes: ['c5.metal'], amiName: 'cml-2.9*' };

describe('/api/v1/worker-templates', () => {
  let http: HttpApp;
  beforeEach(async () => {
    const templates = TemplatesModule.forRoot({ autostart: false });
    http = await startHttpApp({ imports: [CqrsModule.forRoot(), templates] });
  });
  afterEach(() => http.close());

  const call = (method: string, path = '', body?: unknown, headers = {}) =>
    http.call(method, `/api/v1/worker-templates${path}`, { as: 'admin', body, headers });
  const create = async (given: object = {}) =>
    (await call('POST', '', { ...GIVEN, ...given })).body as TemplateView;
  const names = async (query = '') => {
    const { body } = await http.call('GET', `/api/v1/worker-templates${query}`, { as: 'viewer' });
    const { items, nextCursor } = body as { items: TemplateView[]; nextCursor: string | null };
    return { names: items.map(({ name }) => name), nextCursor };
  };
  const problem = (status: number, code: string) => ({ status, body: { code } });

  it('creates a template with the defaults, and shows it to viewers', async () => {
    const { status, headers, body } = await call('POST', '', { ...GIVEN, rootVolume: { sizeGiB: 100 } });
    const { id } = body as TemplateView;
    expect([status, headers.get('location'), headers.get('etag')]).toEqual([
      201,
      `/api/v1/worker-templates/${id}`,
      '"1"',
    ]);
    expect(body).toEqual({
      ...{ ...GIVEN, id, version: 1, description: '', amiId: null, amiOwners: [], amiIds: {} },
      ...{ subnetIds: {}, securityGroupIds: {}, keyName: null, iamInstanceProfile: null, userData: null },
      rootVolume: {
        ...{ sizeGiB: 100, volumeType: null, iops: null, throughputMiBps: null },
        ...{ encrypted: null, kmsKeyId: null, deleteOnTermination: true },
      },
      ...{ market: 'on-demand', tags: {}, cmlVersion: null, createdBy: 'api-key:key-of-admin' },
      ...{ createdAt: '2027-01-01T12:00:00.000Z', updatedAt: '2027-01-01T12:00:00.000Z' },
    });
    const shown = await http.call('GET', `/api/v1/worker-templates/${id}`, { as: 'viewer' });
    expect(shown).toMatchObject({ status: 200, body });
    expect(await names()).toEqual({ names: ['routing'], nextCursor: null });
  });

  it('never shows user data, only by what one can tell which it is', async () => {
    const userData = '#cloud-config\npassword: so-höflich\n';
    const { id, userData: shown } = await create({ userData });
    expect(shown).toEqual({
      bytes: 36,
      sha256: '7c6ff9b567b57adda3921906cccb997e5483efbcbd77705c86f01e5585e2276d',
    });
    await call('PATCH', `/${id}`, { userData: `${userData}#` });
    const commits = await http.app.get(EventStore, { strict: false }).load(streamOf('template', id));
    expect(JSON.stringify(commits)).toContain('so-höflich');
    const shownEvents = await Promise.all(
      commits.map((commit) => http.app.get(PublicEvents, { strict: false }).of(commit)),
    );
    expect(shownEvents.flat().map(({ type }) => type)).toEqual([
      'io.cml-fleet.worker-template.created.v1',
      'io.cml-fleet.worker-template.updated.v1',
    ]);
    expect(JSON.stringify(shownEvents)).not.toContain('so-höflich');
    expect(JSON.stringify(http.log)).not.toContain('so-höflich');
  });

  it('answers a repetition with what the first try made', async () => {
    const headers = { 'Idempotency-Key': 'k' };
    const first = await call('POST', '', GIVEN, headers);
    const again = await call('POST', '', GIVEN, headers);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('gives a name to one template, until it is renamed or deleted', async () => {
    const { id } = await create();
    expect(await call('POST', '', { ...GIVEN, name: 'Routing' })).toMatchObject({
      status: 409,
      body: { code: 'already-exists', templateId: id },
    });
    const { id: other } = await create({ name: 'switching' });
    expect(await call('PATCH', `/${other}`, { name: 'ROUTING' })).toMatchObject(
      problem(409, 'already-exists'),
    );
    expect((await call('PATCH', `/${id}`, { name: 'Routing' })).status).toBe(200);
    expect((await call('PATCH', `/${id}`, { name: 'bgp' })).status).toBe(200);
    expect((await call('PATCH', `/${other}`, { name: 'routing' })).status).toBe(200);
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    await create({ name: 'BGP' });
    expect((await names()).names).toEqual(['BGP', 'routing']);
  });

  it('frees a name that a command took and never used, and no other', async () => {
    const { id } = await create();
    const reservations = http.app.get(Reservations, { strict: false });
    await reservations.take('template-name:left', streamOf('template', 'nobody'), 1);
    await reservations.take('name:lab', streamOf('worker', 'w-1'), 1);
    http.clock.advance(10 * MINUTE + 1);
    await http.app.get(TemplatesSchedules, { strict: false }).sweepNames.run();
    expect(await reservations.holder('template-name:left')).toBeNull();
    expect(await reservations.holder('template-name:routing')).toBe(streamOf('template', id));
    expect(await reservations.holder('name:lab')).toBe('worker-w-1');
  });

  it('takes names again that were lost, and tells of two templates of one name', async () => {
    const reservations = http.app.get(Reservations, { strict: false });
    const lose = (id: string) => reservations.free('template-name:routing', streamOf('template', id), 9);
    const sweep = () => http.app.get(TemplatesSchedules, { strict: false }).sweepNames.run();
    // outside of requests the lines of all applications of a file go to the first one's log
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const { id } = await create();
    await lose(id);
    await sweep();
    expect(await reservations.holder('template-name:routing')).toBe(streamOf('template', id));
    expect(warn).not.toHaveBeenCalled();
    await lose(id);
    await create();
    await sweep();
    expect(warn.mock.calls).toEqual([[{ name: 'routing' }, expect.stringContaining('rename one') as string]]);
    jest.restoreAllMocks();
  });

  it('changes what is given, if it is as the caller saw it', async () => {
    const { id } = await create({ amiOwners: ['self'], tags: { course: 'routing' } });
    const changes = { amiIds: { 'us-east-1': 'ami-0a1b2c3d4e5f60718' }, market: 'spot' };
    const changed = await call('PATCH', `/${id}`, changes, { 'If-Match': '"1"' });
    expect(changed).toMatchObject({
      status: 200,
      body: { ...changes, version: 2, amiName: null, amiOwners: [], tags: { course: 'routing' } },
    });
    expect(changed.headers.get('etag')).toBe('"2"');
    const stale = { 'If-Match': '"1"' };
    const failed = problem(412, 'precondition-failed');
    expect(await call('PATCH', `/${id}`, { description: 'x' }, stale)).toMatchObject(failed);
    expect(await call('DELETE', `/${id}`, undefined, stale)).toMatchObject(failed);
  });

  it('deletes a template once and for all', async () => {
    const { id } = await create();
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    const missing = problem(404, 'worker-template-not-found');
    expect(await call('GET', `/${id}`)).toMatchObject(missing);
    expect(await call('PATCH', `/${id}`, { description: 'x' })).toMatchObject(missing);
    expect((await names()).names).toEqual([]);
  });

  it('pages through the list by name', async () => {
    for (const name of ['c', 'a', 'B']) await create({ name });
    const first = await names('?limit=2');
    expect(first.names).toEqual(['a', 'B']);
    expect(await names(`?limit=2&cursor=${first.nextCursor}`)).toEqual({ names: ['c'], nextCursor: null });
  });

  it.each<[object, string]>([
    [{ name: '2b3e1d2c-7c4f-5a7e-9d55-6a8b0c9d1e2f' }, '/name'],
    [{ instanceTypes: [] }, '/instanceTypes'],
    [{ instanceTypes: ['c5.metal', 'c5.metal'] }, '/instanceTypes'],
    [{ instanceTypes: ['metal'] }, '/instanceTypes/0'],
    [{ amiId: 'ami-0a1b2c3d4e5f60718' }, '/amiId'],
    [{ amiOwners: ['somebody'] }, '/amiOwners/0'],
    [{ amiIds: { virginia: 'ami-0a1b2c3d4e5f60718' } }, '/amiIds/virginia'],
    [{ subnetIds: { 'us-east-1': ['sg-0a1b2c3d4e5f60718'] } }, '/subnetIds/us-east-1/0'],
    [{ securityGroupIds: { 'us-east-1': 'default' } }, '/securityGroupIds/us-east-1'],
    [{ rootVolume: { sizeGiB: 0 } }, '/rootVolume/sizeGiB'],
    [{ rootVolume: { kmsKeyId: 'alias/labs' } }, '/rootVolume/kmsKeyId'],
    [{ iamInstanceProfile: 'arn:aws:iam::123456789012:role/x' }, '/iamInstanceProfile'],
    [{ userData: 'ä'.repeat(8 * 1024 + 1) }, '/userData'],
    [{ market: 'reserved' }, '/market'],
    [{ tags: { Name: 'x' } }, '/tags/Name'],
  ])('refuses %j', async (given, pointer) => {
    const { status, body } = await call('POST', '', { ...GIVEN, ...given });
    expect([status, (body as { errors?: { pointer: string }[] }).errors?.map((it) => it.pointer)]).toEqual([
      422,
      [pointer],
    ]);
  });
});
