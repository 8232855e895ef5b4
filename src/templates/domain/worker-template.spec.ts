import { InvalidInput } from '../../kernel/domain-error';
import { HOUR, plus } from '../../kernel/clocks';
import { aTemplate, DETAILS } from '../testing/template.builder';
import { changedDetails, faultsOf, type TemplateDetails, type TemplateVolume } from './template-details';
import { WorkerTemplateNotFound } from './template-errors';
import { WorkerTemplate } from './worker-template';

const NOW = new Date('2027-01-01T12:00:00.000Z');
const LATER = plus(NOW, HOUR);

describe('a worker template', () => {
  it('is the same when it is restored', () => {
    const template = aTemplate({}, NOW);
    expect(template.version).toBe(1);
    expect(template.state).toEqual({
      ...DETAILS,
      ...{ createdAt: NOW, createdBy: 'user:ann', updatedAt: NOW, deletedAt: null },
    });
  });

  it('changes only where something differs', () => {
    const template = aTemplate({ subnetIds: { 'eu-west-1': [], 'us-east-1': ['subnet-1', 'subnet-2'] } });
    template.update({ subnetIds: { 'us-east-1': ['subnet-1', 'subnet-2'], 'eu-west-1': [] } }, LATER);
    expect(template.uncommitted).toEqual([]);
    template.update({ subnetIds: { 'us-east-1': ['subnet-2', 'subnet-1'], 'eu-west-1': [] } }, LATER);
    expect(template.uncommitted.map(({ type }) => type)).toEqual(['worker-template.updated']);
    expect(template.state).toMatchObject({
      subnetIds: { 'us-east-1': ['subnet-2', 'subnet-1'] },
      updatedAt: LATER,
    });
  });

  it('is not there any more once it is deleted', () => {
    const template = aTemplate();
    template.delete(NOW);
    template.delete(LATER);
    expect(template.uncommitted.map(({ data }) => data)).toEqual([{ at: NOW }]);
    expect(() => template.update({ description: 'x' }, LATER)).toThrow(WorkerTemplateNotFound);
  });

  it('is neither made nor changed to what does not fit together', () => {
    const wrong = { ...DETAILS, amiName: null, createdAt: NOW, createdBy: 'user:ann' };
    expect(() => WorkerTemplate.create('t-1', wrong)).toThrow(InvalidInput);
    const template = aTemplate();
    expect(() => template.update({ amiName: null }, LATER)).toThrow(InvalidInput);
    expect(template.uncommitted).toEqual([]);
  });
});

describe('the image of a template', () => {
  const image = ({ amiId, amiName, amiOwners, amiIds }: TemplateDetails) => [
    ...[amiId, amiName, amiOwners, Object.keys(amiIds)],
  ];
  const before = { ...DETAILS, amiName: 'cml*', amiOwners: ['self'] };

  it.each<[Partial<TemplateDetails>, unknown[]]>([
    [{ amiId: 'ami-1' }, ['ami-1', null, [], []]],
    [{ amiIds: { 'us-east-1': 'ami-2' } }, [null, null, [], ['us-east-1']]],
    [{ amiName: 'other' }, [null, 'other', ['self'], []]],
    [{ amiOwners: [] }, [null, 'cml*', [], []]],
    [{ amiId: null, description: 'x' }, [null, 'cml*', ['self'], []]],
    [{ amiName: null }, [null, null, [], []]],
  ])('after %j', (changes, after) => {
    expect(image(changedDetails(before, changes))).toEqual(after);
  });

  it.each<[Partial<TemplateDetails>, string[]]>([
    [{}, []],
    [{ amiName: null }, ['/amiId']],
    [{ amiId: 'ami-1' }, ['/amiId']],
    [{ amiIds: { 'us-east-1': 'ami-1' } }, ['/amiId']],
    [{ amiName: null, amiIds: { 'us-east-1': 'ami-1' } }, []],
    [{ amiName: null, amiId: 'ami-1', amiOwners: ['self'] }, ['/amiOwners']],
  ])('is named once, and owners go with a name: %j', (given, pointers) => {
    expect(faultsOf({ ...DETAILS, ...given }).map(({ pointer }) => pointer)).toEqual(pointers);
  });
});

describe('the root volume of a template', () => {
  const NONE: TemplateVolume = {
    ...{ sizeGiB: null, volumeType: null, iops: null, throughputMiBps: null },
    ...{ encrypted: null, kmsKeyId: null, deleteOnTermination: true },
  };

  it.each<[Partial<TemplateVolume>, string[]]>([
    [{}, []],
    [{ volumeType: 'gp3', iops: 4000, throughputMiBps: 250 }, []],
    [{ volumeType: 'io2', iops: 4000 }, []],
    [{ volumeType: 'io2' }, ['/rootVolume/iops']],
    [{ volumeType: 'gp2', iops: 4000 }, ['/rootVolume/iops']],
    [{ iops: 4000, throughputMiBps: 250 }, ['/rootVolume/iops', '/rootVolume/throughputMiBps']],
    [{ volumeType: 'io1', iops: 100, throughputMiBps: 250 }, ['/rootVolume/throughputMiBps']],
    [{ kmsKeyId: 'alias/labs', encrypted: true }, []],
    [{ kmsKeyId: 'alias/labs' }, ['/rootVolume/kmsKeyId']],
  ])('%j', (given, pointers) => {
    const rootVolume = { ...NONE, ...given };
    expect(faultsOf({ ...DETAILS, rootVolume }).map(({ pointer }) => pointer)).toEqual(pointers);
  });
});
