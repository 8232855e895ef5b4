import { z } from 'zod';
import { answeredScope, answeredTime, ROLES } from '../../http';

const grant = z.object({
  role: z.enum(ROLES),
  scope: answeredScope.nullable().describe('null: the whole fleet, and what is no worker’s'),
});

const assignment = z.object({
  id: z.uuid(),
  workerId: z.uuid(),
  labId: z.string().nullable().describe('null: all labs on the worker'),
  from: answeredTime.nullable(),
  until: answeredTime.nullable(),
});

export const me = z
  .object({
    actor: z.string().describe('As events name you'),
    name: z.string(),
    grants: z.array(grant).describe('What you may do, and where: assignments that hold now among them'),
    expiresAt: answeredTime
      .nullable()
      .describe('When what you came with opens nothing any more; null: it is not known to end'),
    quota: z
      .object({ workers: z.int().describe('As many may be assigned to you at the same moment') })
      .nullable()
      .describe('null: nothing is counted for you'),
    assignments: z.array(assignment).describe('Those that hold now or will'),
  })
  .meta({ id: 'Me' });

const workerId = '3f2b8f0e-5a3d-4c39-9d0c-7f6f0b8f3a55';

export const meExample = {
  actor: 'api-key:7c9e6679-7425-40de-944b-e07fc1f90ae7',
  name: 'ci pipeline',
  grants: [
    { role: 'operator', scope: { regions: ['us-east-1'], tags: ['course:routing'] } },
    { role: 'user', scope: { workerIds: [workerId] } },
  ],
  expiresAt: '2028-01-05T08:00:00.000Z',
  quota: { workers: 2 },
  assignments: [
    {
      id: '0b9d2f60-4a3c-5d0e-9a51-6d3f1d1f2b11',
      workerId,
      labId: null,
      from: null,
      until: '2027-02-01T18:00:00.000Z',
    },
  ],
};
