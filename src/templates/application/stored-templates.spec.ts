import { TemplateNotFound, TemplateNotForRegion } from '../../workers';
import { TemplateRepository } from '../domain/ports';
import { WorkerTemplateNotFound } from '../domain/template-errors';
import { type WorkerTemplate } from '../domain/worker-template';
import { aTemplate } from '../testing/template.builder';
import { StoredTemplates } from './stored-templates';

const ID = '2b3e1d2c-7c4f-5a7e-9d55-6a8b0c9d1e2f';

/** Knows one template, by its id and its name. */
class OneTemplate extends TemplateRepository {
  constructor(private readonly template: WorkerTemplate) {
    super();
  }

  get(id: string): Promise<WorkerTemplate> {
    return id === ID ? Promise.resolve(this.template) : Promise.reject(new WorkerTemplateNotFound(id));
  }
  named(name: string): Promise<WorkerTemplate | null> {
    return Promise.resolve(name === this.template.state.name ? this.template : null);
  }
  add = () => Promise.reject(new Error('not here'));
  update = () => Promise.reject(new Error('not here'));
  keepNames = () => Promise.resolve([]);
  sweepNames = () => Promise.resolve(0);
}

const sourceOf = (...given: Parameters<typeof aTemplate>) =>
  new StoredTemplates(new OneTemplate(aTemplate(...given)));

describe('a template for a region', () => {
  it.each([ID, ID.toUpperCase(), 'routing'])('is found by %s', async (template) => {
    expect(await sourceOf().resolve(template, 'us-east-1')).toEqual({
      ...{ amiId: null, amiName: 'cml*', tags: {}, cmlVersion: null },
      launch: {
        ...{ instanceTypes: ['c5.metal'], subnetIds: [], securityGroupIds: [], keyName: null },
        ...{ rootVolume: null, iamInstanceProfile: null, userData: null, market: 'on-demand', amiOwners: [] },
        template: { id: 't-1', name: 'routing', version: 1 },
      },
    });
  });

  it.each([ID.replace('2', '3'), 'switching'])('is not found by %s', async (template) => {
    await expect(sourceOf().resolve(template, 'us-east-1')).rejects.toThrow(TemplateNotFound);
  });

  it('has what it says for the region', async () => {
    const source = sourceOf({
      ...{ amiName: null, amiIds: { 'us-east-1': 'ami-1', 'eu-west-1': 'ami-2' } },
      subnetIds: { 'us-east-1': ['subnet-1', 'subnet-2'], 'eu-west-1': [] },
      securityGroupIds: { 'us-east-1': ['sg-1'], 'eu-west-1': ['sg-2'] },
    });
    expect(await source.resolve('routing', 'us-east-1')).toMatchObject({
      ...{ amiId: 'ami-1', amiName: null },
      launch: { subnetIds: ['subnet-1', 'subnet-2'], securityGroupIds: ['sg-1'] },
    });
    expect(await source.resolve('routing', 'eu-west-1')).toMatchObject({
      ...{ amiId: 'ami-2', launch: { subnetIds: [], securityGroupIds: ['sg-2'] } },
    });
  });

  it.each([
    { amiName: null, amiIds: { 'eu-west-1': 'ami-2' } },
    { subnetIds: { 'eu-west-1': ['subnet-1'] } },
    { securityGroupIds: { 'eu-west-1': ['sg-1'] } },
  ])('is none when it names other regions only: %j', async (given) => {
    const resolved = sourceOf(given).resolve('routing', 'us-east-1');
    await expect(resolved).rejects.toThrow(TemplateNotForRegion);
    await expect(resolved).rejects.toMatchObject({ faults: [{ pointer: '/template' }] });
    await expect(sourceOf(given).resolve('routing', 'constructor')).rejects.toThrow(TemplateNotForRegion);
  });
});
