import { z } from 'zod';

const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region like us-east-1');
const amiId = z.string().regex(/^ami-[0-9a-f]{8,17}$/, 'must be an id like ami-0a1b2c3d4e5f60718');

const discoveryFilter = z.strictObject({
  amiIds: z.array(amiId).min(1).max(200).optional(),
  amiName: z.string().trim().min(3).max(128).optional().describe('Name of the image; * and ? allowed'),
  tags: z
    .record(z.string().min(1).max(128), z.string().max(256))
    .refine((tags) => Object.keys(tags).length <= 20, 'at most 20 tags')
    .optional()
    .describe('Values may have * and ?'),
});

export const discoveryBody = z
  .strictObject({
    awsRegion: region.optional(),
    awsRegions: z.array(region).min(1).max(40).optional().describe('Neither: all configured regions'),
    filter: discoveryFilter.default({}).describe('All that is given must fit'),
    import: z.boolean().default(false).describe('Take those without a worker under management'),
  })
  .refine(({ awsRegion, awsRegions }) => awsRegion === undefined || awsRegions === undefined, {
    path: ['awsRegions'],
    message: 'give awsRegion or awsRegions, not both',
  })
  .refine(({ filter: { amiIds, amiName } }) => amiIds === undefined || amiName === undefined, {
    path: ['filter', 'amiName'],
    message: 'give amiIds or amiName, not both',
  })
  .refine(({ filter, import: wanted }) => !wanted || saysSomething(filter), {
    path: ['filter'],
    message: 'must say something with "import": true: else every instance of the account would be imported',
  })
  .meta({
    id: 'Discovery',
    example: { awsRegion: 'us-east-1', filter: { amiName: 'cml-2.9*' }, import: false },
  });

function saysSomething({ amiIds, amiName, tags = {} }: z.output<typeof discoveryFilter>): boolean {
  return amiIds !== undefined || amiName !== undefined || Object.keys(tags).length > 0;
}
