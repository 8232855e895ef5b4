import { Timeline } from './timeline';

const at = (second: number) => new Date(second * 1000);

describe('a timeline', () => {
  it('has no value before its first step and the last one due after it', () => {
    const line = new Timeline<string>();
    line.set(at(10), 'a');
    line.set(at(20), 'b');
    expect([9, 10, 19, 20, 99].map((second) => line.at(at(second)))).toEqual([null, 'a', 'a', 'b', 'b']);
  });

  it('drops what was planned after a step, and keeps the past', () => {
    const line = new Timeline<string>();
    line.set(at(10), 'starting');
    line.set(at(60), 'started');
    line.set(at(30), 'failed');
    expect(line.until(at(99))).toEqual([
      { at: at(10), value: 'starting' },
      { at: at(30), value: 'failed' },
    ]);
  });
});
