/** Under which name this process claims leases; different in every replica and at every start. */
export class LeaseOwner {
  constructor(readonly name: string) {}
}
