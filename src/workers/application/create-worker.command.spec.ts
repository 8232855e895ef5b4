import { plainLaunch } from '../domain/launch-settings';
import { type ResolvedTemplate, TemplateNotFound, TemplateSource } from '../domain/template-source';
import { commandsOf, memoryWorkers } from '../testing/memory-workers';
import { GetWorker, GetWorkerHandler } from './get-worker.query';
import { CreateWorker, CreateWorkerHandler, type WorkerOrder } from './create-worker.command';

/** Has one template, until it is gone. */
class FakeTemplates extends TemplateSource {
  readonly asked: string[] = [];
  isGone = false;

  resolve(template: string, region: string): Promise<ResolvedTemplate> {
    this.asked.push(`${template} in ${region}`);
    if (this.isGone) return Promise.reject(new TemplateNotFound(template));
    const launch = { ...plainLaunch('m5zn.metal'), template: { id: 't-1', name: template, version: 2 } };
    return Promise.resolve({ launch, amiId: 'ami-1', amiName: null, tags: { a: 'b' }, cmlVersion: null });
  }
}

const ORDER: WorkerOrder = {
  ...{ name: 'lab', awsRegion: 'eu-west-1', template: 'routing', driftPolicy: null, protect: false },
  wish: {
    ...{ instanceTypes: null, subnetIds: null, securityGroupIds: null, market: null },
    ...{ amiId: null, amiName: null, amiOwners: null, tags: {}, cmlVersion: null },
  },
};

describe('CreateWorker', () => {
  const command = commandsOf();
  const bench = () => {
    const templates = new FakeTemplates();
    const { repository, clock } = memoryWorkers();
    return { templates, repository, clock, handler: new CreateWorkerHandler(repository, templates, clock) };
  };

  it('takes what the template says for the region', async () => {
    const { templates, handler } = bench();
    const state = await handler.execute(new CreateWorker(ORDER, command()));
    expect(templates.asked).toEqual(['routing in eu-west-1']);
    expect(state).toMatchObject({
      ...{ instanceType: 'm5zn.metal', amiId: 'ami-1', tags: { a: 'b' } },
      launch: { template: { id: 't-1', name: 'routing', version: 2 } },
    });
  });

  it('asks for no template where none is named', async () => {
    const { templates, handler } = bench();
    const wish = { ...ORDER.wish, instanceTypes: ['c5.large'], amiName: 'cml*' };
    await handler.execute(new CreateWorker({ ...ORDER, template: null, wish }, command()));
    expect(templates.asked).toEqual([]);
  });

  it('finds what the same command made before, be the template gone', async () => {
    const { templates, handler } = bench();
    const repeated = command();
    const first = await handler.execute(new CreateWorker(ORDER, repeated));
    templates.isGone = true;
    expect((await handler.execute(new CreateWorker(ORDER, repeated))).id).toBe(first.id);
    const another = handler.execute(new CreateWorker({ ...ORDER, name: 'b' }, command()));
    await expect(another).rejects.toThrow(TemplateNotFound);
  });

  it('makes none out of reach, and shows none that has left since', async () => {
    const { handler, repository, clock } = bench();
    const inRegion = (region: string, context = command()) => ({
      ...context,
      reach: [{ regions: [region] }],
    });
    const refused = handler.execute(new CreateWorker(ORDER, inRegion('us-east-1')));
    await expect(refused).rejects.toMatchObject({
      code: 'scope-too-small',
      data: { members: ['awsRegion'] },
    });
    const repeated = inRegion('eu-west-1');
    const { id } = await handler.execute(new CreateWorker(ORDER, repeated));
    expect((await handler.execute(new CreateWorker(ORDER, repeated))).id).toBe(id);
    const elsewhere = handler.execute(new CreateWorker(ORDER, inRegion('us-east-1', repeated)));
    await expect(elsewhere).rejects.toMatchObject({ code: 'worker-not-found' });
    const past = new GetWorker(id, clock.now(), [{ regions: ['us-east-1'] }]);
    await expect(new GetWorkerHandler(repository).execute(past)).rejects.toMatchObject({
      code: 'worker-not-found',
    });
    expect((await new GetWorkerHandler(repository).execute(new GetWorker(id, clock.now()))).id).toBe(id);
  });
});
