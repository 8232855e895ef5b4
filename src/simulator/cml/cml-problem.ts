/** An error as CML writes it: `{code, description}`, the code being the HTTP status. */
export class CmlProblem extends Error {
  /** @param html nginx refuses, in its own words */
  constructor(
    readonly status: number,
    description: string,
    readonly html = false,
  ) {
    super(description);
    this.name = 'CmlProblem';
  }
}
