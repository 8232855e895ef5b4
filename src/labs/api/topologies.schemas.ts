import { z } from 'zod';
import { answeredTime, pageOf } from '../../http';

const text = z.string().nullable();

export const topologyView = z
  .object({
    id: z.uuid(),
    workerId: z.uuid(),
    workerName: z.string().describe('As it was called then'),
    labId: z.string(),
    title: text.describe('Of the lab'),
    owner: text.describe('Of the lab: user name on the CML server'),
    labModifiedAt: answeredTime.nullable().describe('By the server’s clock'),
    sha256: z.string().describe('Of the text in UTF-8'),
    sizeBytes: z.number().int().describe('Of the text in UTF-8'),
    keptAt: answeredTime.describe('When it was first kept'),
    confirmedAt: answeredTime.describe('When the lab was last found to have this very topology'),
    by: z.string().describe('On whose behalf it was first kept'),
    reason: text,
  })
  .meta({ id: 'KeptTopology' });

export const topologyPage = pageOf(topologyView, 'KeptTopologyPage');

/** What a cursor of the list stands for. */
export const topologyPlace = z.object({
  keptAt: z.iso.datetime().transform((given) => new Date(given)),
  id: z.uuid(),
});

export const TOPOLOGY_EXAMPLE = {
  id: '3b0c4d5e-6f70-5182-93a4-b5c6d7e8f901',
  workerId: '6f1c1f0e-2f7b-4c39-9a43-3c1f6f0d9f11',
  workerName: 'routing-course',
  labId: '90f84e38-a71c-4d57-8d90-00fa8a197385',
  title: 'OSPF basics',
  owner: 'alice',
  labModifiedAt: '2027-01-15T07:40:00.000Z',
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  sizeBytes: 18_211,
  keptAt: '2027-01-15T08:00:00.000Z',
  confirmedAt: '2027-01-15T08:00:00.000Z',
  by: 'api-key:5d1d4f0a-58a2-4a4b-9f0c-0d4b1c8c2f35',
  reason: 'end of term',
} as const;

export const YAML_TYPE = 'application/yaml';

export const YAML_EXAMPLE = `lab:
  title: OSPF basics
  version: 0.3.0
nodes: []
links: []
`;
