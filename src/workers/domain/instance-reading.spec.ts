import { plus, SECOND } from '../../kernel/clocks';
import { at, aWorker } from '../testing/worker.builder';
import { isCredible, provesStopLapsed } from './instance-reading';
import { type CMLWorkerStatus } from './worker-status';

const reading = (status: CMLWorkerStatus, begunAt: Date) => ({ status, begunAt });

describe('isCredible', () => {
  const unasked = aWorker().running().state;
  const stopping = aWorker().running().answered('STOPPING', at(30)).state;

  it('believes every reading while EC2 has answered no call of ours', () => {
    expect(isCredible(unasked, reading('STOPPED', at(10)))).toBe(true);
  });

  it('drops a reading that contradicts what was recorded after it was begun', () => {
    const before = plus(unasked.statusAt, -1);
    expect(isCredible(unasked, reading('PENDING', before))).toBe(false);
    expect(isCredible(unasked, reading('RUNNING', before))).toBe(true);
  });

  it('drops a reading that was begun before the answer, even one that agrees with it', () => {
    const before = plus(at(30), -1);
    expect(isCredible(stopping, reading('RUNNING', before))).toBe(false);
    expect(isCredible(stopping, reading('STOPPED', before))).toBe(false);
  });

  it('drops a reading that contradicts the answer within 60 seconds of it', () => {
    expect(isCredible(stopping, reading('RUNNING', at(30)))).toBe(false);
    expect(isCredible(stopping, reading('RUNNING', plus(at(30), 60 * SECOND - 1)))).toBe(false);
  });

  it('believes it after 60 seconds', () => {
    expect(isCredible(stopping, reading('RUNNING', plus(at(30), 60 * SECOND)))).toBe(true);
  });

  it('believes a reading at once that can follow the answer', () => {
    expect(isCredible(stopping, reading('STOPPING', at(30)))).toBe(true);
    expect(isCredible(stopping, reading('STOPPED', at(30)))).toBe(true);
  });
});

describe('provesStopLapsed', () => {
  const machineDeadline = at(31);
  const automatic = aWorker()
    .running()
    .wanted('STOPPED', { at: at(30), sendBefore: machineDeadline });

  it('is so for a reading of RUNNING that was begun more than two minutes after the wish', () => {
    expect(provesStopLapsed(automatic.state, reading('RUNNING', plus(at(32), 1)))).toBe(true);
  });

  it('is not so earlier: the stop may have been sent and not show yet', () => {
    expect(provesStopLapsed(automatic.state, reading('RUNNING', at(32)))).toBe(false);
  });

  it('is not so for another reading than RUNNING', () => {
    expect(provesStopLapsed(automatic.state, reading('STOPPING', at(40)))).toBe(false);
  });

  it('is not so for what a person asked, which never lapses', () => {
    const asked = aWorker()
      .running()
      .wanted('STOPPED', { at: at(30) });
    expect(provesStopLapsed(asked.state, reading('RUNNING', at(40)))).toBe(false);
  });

  it('is not so where something else is wanted by now', () => {
    const restarted = automatic.wanted('RUNNING', { at: at(31), sendBefore: null });
    expect(provesStopLapsed(restarted.state, reading('RUNNING', at(40)))).toBe(false);
  });

  it('is not so after the stop was seen: then somebody started the instance outside', () => {
    const restarted = automatic.stopped(at(35)).status('RUNNING', at(40));
    expect(provesStopLapsed(restarted.state, reading('RUNNING', at(40)))).toBe(false);
  });
});
