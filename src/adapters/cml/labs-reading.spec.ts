import { CmlError } from '../../telemetry';
import { labIds, labsValues, labIn } from './labs-reading';

describe('a reading of the labs', () => {
  it('counts those in state STARTED', () => {
    const labs = [
      labIn('a', {
        lab_title: 'BGP',
        owner_username: 'ada',
        state: 'STARTED',
        node_count: 4,
        modified: '2021-02-28T07:33:47+00:00',
      }),
      labIn('b', { state: 'STOPPED', owner: 'u-1' }),
      labIn('c', { state: 'DEFINED_ON_CORE', extra: [] }),
    ];

    expect(labsValues(labs)).toEqual({
      total: 3,
      running: 1,
      labs: [
        {
          id: 'a',
          title: 'BGP',
          owner: 'ada',
          state: 'STARTED',
          nodeCount: 4,
          modifiedAt: new Date('2021-02-28T07:33:47Z'),
        },
        { id: 'b', title: null, owner: 'u-1', state: 'STOPPED', nodeCount: null, modifiedAt: null },
        { id: 'c', title: null, owner: null, state: 'DEFINED_ON_CORE', nodeCount: null, modifiedAt: null },
      ],
    });
  });

  it.each([[{}], [null], ['a'], [['a', 7]]])('is impossible from the list %j', (answer) => {
    expect(() => labIds(answer)).toThrow(CmlError);
  });

  it('is impossible where a lab has no state', () => {
    expect(() => labIn('a', { lab_title: 'BGP' })).toThrow('lab a has no state');
  });
});
