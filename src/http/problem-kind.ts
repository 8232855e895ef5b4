/** One kind of problem that the API answers with: what its page and the OpenAPI document say about it. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** what it means and what to do about it */
  readonly explanation: string;
}

export const kind = (status: number, title: string, explanation: string): ProblemKind => ({
  status,
  title,
  explanation,
});
