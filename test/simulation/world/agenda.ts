interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void | Promise<void>;
}

/** What is to happen when, in milliseconds; at one time in the order in which it was entered. A binary heap. */
export class Agenda {
  private readonly heap: Entry[] = [];
  private entered = 0;

  get next(): number {
    return this.heap[0]?.at ?? Infinity;
  }

  at(at: number, run: Entry['run']): void {
    this.entered += 1;
    const { heap } = this;
    heap.push({ at, order: this.entered, run });
    let index = heap.length - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      if (!this.isBefore(index, above)) return;
      this.swap(index, above);
      index = above;
    }
  }

  take(): Entry | null {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last) return null;
    if (heap.length > 0) {
      heap[0] = last;
      this.sink();
    }
    return first;
  }

  private sink(): void {
    for (let index = 0; ;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      let least = index;
      if (left < this.heap.length && this.isBefore(left, least)) least = left;
      if (right < this.heap.length && this.isBefore(right, least)) least = right;
      if (least === index) return;
      this.swap(index, least);
      index = least;
    }
  }

  private isBefore(one: number, other: number): boolean {
    const [a, b] = [this.heap[one], this.heap[other]];
    if (!a || !b) return false;
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  private swap(one: number, other: number): void {
    const [a, b] = [this.heap[one], this.heap[other]];
    if (!a || !b) return;
    this.heap[one] = b;
    this.heap[other] = a;
  }
}
