/** How many labs run, by a reading of the labs themselves: the count that a worker carries does not tell its age. */
export abstract class LabCensus {
  /**
   * Running labs of all users; null where nobody can tell: they were never read, or not lately enough to rely on.
   * @throws StoreUnavailable
   */
  abstract runningLabs(workerId: string): Promise<number | null>;
}
