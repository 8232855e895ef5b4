/** Sorted turns, gone through once. */
export class TurnsAhead {
  private place = 0;

  constructor(private readonly turns: readonly number[]) {}

  /** The first one after that time, which is never before that of an earlier call; Infinity: none. */
  after(time: number): number {
    let turn = this.turns[this.place];
    while (turn !== undefined && turn <= time) turn = this.turns[++this.place];
    return turn ?? Infinity;
  }
}
