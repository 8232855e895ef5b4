import { type TemplateDetails } from '../domain/template-details';
import { WorkerTemplate } from '../domain/worker-template';

export const DETAILS: TemplateDetails = {
  ...{ name: 'routing', description: '', instanceTypes: ['c5.metal'], amiId: null, amiName: 'cml*' },
  ...{ amiOwners: [], amiIds: {}, subnetIds: {}, securityGroupIds: {}, keyName: null, rootVolume: null },
  ...{ iamInstanceProfile: null, userData: null, market: 'on-demand', tags: {}, cmlVersion: null },
};

/** A template as it is loaded, at version 1. */
export function aTemplate(
  given: Partial<TemplateDetails> = {},
  createdAt = new Date('2027-01-01T12:00:00.000Z'),
): WorkerTemplate {
  const created = WorkerTemplate.create('t-1', { ...DETAILS, ...given, createdAt, createdBy: 'user:ann' });
  return WorkerTemplate.restore('t-1', created.uncommitted);
}
