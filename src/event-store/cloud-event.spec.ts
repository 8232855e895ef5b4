import { HTTP } from 'cloudevents';
import { eventOf } from '../kernel/domain-event';
import { toCloudEvent } from './cloud-event';
import { BookMoved, START } from './testing/books';

const record = {
  id: 'e-1',
  version: 7,
  at: START,
  actor: 'user:ann',
  reason: 'tidying',
  correlationId: 'c-1',
  causationId: 'e-0',
};
const event = new BookMoved('b1', { to: 'B' }).recorded(record);

describe('toCloudEvent', () => {
  it('says the same in the words of CloudEvents 1.0', () => {
    expect(JSON.parse(JSON.stringify(toCloudEvent(event, 'i-1')))).toEqual({
      specversion: '1.0',
      id: 'e-1',
      source: '/installations/i-1',
      type: 'io.cml-fleet.book.moved.v1',
      subject: 'b1',
      time: '2026-01-05T08:00:00.000Z',
      datacontenttype: 'application/json',
      data: { to: 'B' },
      actor: 'user:ann',
      reason: 'tidying',
      correlationid: 'c-1',
      causationid: 'e-0',
      version: 7,
    });
  });

  it('leaves out what the class hides, and nothing else', () => {
    class DoorLocked extends eventOf('door.locked', 2, { hidden: ['code'] })<{ code: string; by: string }> {}
    const { type, data } = toCloudEvent(new DoorLocked('d1', { code: '1234', by: 'ann' }, record), 'i-1');
    expect({ type, data }).toEqual({ type: 'io.cml-fleet.door.locked.v2', data: { by: 'ann' } });
  });

  it('leaves out a part of a member by its path', () => {
    interface Lock {
      readonly code: string;
      readonly by: string;
    }
    class LockFitted extends eventOf('lock.fitted', 1, { hidden: ['lock.code'] })<{ lock: Lock | null }> {}
    const shown = (lock: Lock | null) => toCloudEvent(new LockFitted('d1', { lock }, record), 'i-1').data;
    expect(shown({ code: '1234', by: 'ann' })).toEqual({ lock: { by: 'ann' } });
    expect(shown(null)).toEqual({ lock: null });
  });

  it('leaves out a reason and a cause that are not known', () => {
    const bare = event.recorded({ ...record, reason: null, causationId: null });
    const members = Object.keys(toCloudEvent(bare, 'i-1').toJSON());
    expect(members).not.toContain('reason');
    expect(members).not.toContain('causationid');
  });

  it('can be put on the wire', () => {
    const { headers } = HTTP.binary(toCloudEvent(event, 'i-1'));
    expect(headers).toMatchObject({ 'ce-id': 'e-1', 'ce-subject': 'b1', 'ce-correlationid': 'c-1' });
  });

  it('is not for an event that is not stored', () => {
    expect(() => toCloudEvent(new BookMoved('b1', { to: 'B' }), 'i-1')).toThrow(RangeError);
  });
});
