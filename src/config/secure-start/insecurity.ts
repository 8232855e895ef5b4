/** A setting that must not go into production as it is. Neither sentence holds its value, where that may be a secret. */
export interface Insecurity {
  /** of the environment variable */
  readonly name: string;
  /** what is wrong, beginning with the name */
  readonly fault: string;
  readonly remedy: string;
}
