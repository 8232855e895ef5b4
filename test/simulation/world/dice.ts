import { seededRandom } from '../../../src/simulator/seeded-random';

/** Chance that is the same for the same seed. Durations are milliseconds. */
export class Dice {
  private readonly random: () => number;

  constructor(private readonly seed: number) {
    this.random = seededRandom(seed);
  }

  /** Dice of their own, so that more throws here do not change what falls there. */
  apart(label: number): Dice {
    return new Dice(Math.imul(this.seed ^ Math.imul(label + 1, 0x9e3779b1), 0x85ebca6b) >>> 0);
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  /** From `least` to `most`, small ones as often as large ones by their order of magnitude. */
  span(least: number, most: number): number {
    return Math.round(least * (most / least) ** this.random());
  }

  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.random() * choices.length)] as T;
  }
}
