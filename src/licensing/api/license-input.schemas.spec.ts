import { newLicensePool } from './license-pool-input.schemas';
import { licenseBody } from './worker-license.schemas';

const NODES = { id: 'nodes', count: 20 };
const POOL = { name: 'campus', token: 'c2VjcmV0', capacity: 1 };

/** Fields that are refused of a pool, and of a worker's own licence. */
function refused(given: object): string[][] {
  const answers = [
    newLicensePool.safeParse({ ...POOL, ...given }),
    licenseBody.safeParse({ token: 'a', ...given }),
  ];
  return answers.map(({ error }) => (error?.issues ?? []).map(({ path }) => path.join('/')));
}

describe('what pools and workers are asked for', () => {
  it.each([
    ['token', 'with spaces in it'],
    ['token', 'a'.repeat(257)],
    ['productLicense', 'CML-Enterprise'],
    ['productLicense', 'a'.repeat(21)],
    ['features', [NODES, { ...NODES, id: 'b' }, { ...NODES, id: 'c' }]],
    ['features', [NODES, NODES]],
    ['smartServer', 'https://ann:secret@cssm.example'],
    ['smartServer', 'https://ann@cssm.example'],
    ['smartServer', 'ftp://cssm.example'],
  ])('is refused alike where CML would refuse it: %s %j', (field, value) => {
    expect(refused({ [field]: value })).toEqual([[field], [field]]);
  });

  it('is taken alike where CML takes it', () => {
    const features = [NODES, { ...NODES, id: 'b' }];
    const smartServer = 'https://cssm.example/Transportgateway';
    expect(refused({ token: 'aZ9+/%=-', productLicense: 'CML_Enterprise', features, smartServer })).toEqual([
      [],
      [],
    ]);
  });
});
