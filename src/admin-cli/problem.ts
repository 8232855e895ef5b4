import { CliError, EXIT, type ExitStatus } from './cli-error';
import { plain } from './table';

/** What the API answers when it does not do what it was asked (RFC 9457). */
export interface ProblemDocument {
  readonly title?: string;
  readonly status: number;
  readonly detail?: string;
  readonly code?: string;
  readonly correlationId?: string;
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
}

/** The API said no. `text` is its document as it came; the message is the same as sentences. */
export class ApiProblem extends CliError {
  constructor(
    readonly document: ProblemDocument,
    readonly text: string,
    /** seconds, as Retry-After asks; null: it does not say */
    readonly retryAfter: number | null,
  ) {
    super(sentencesOf(document, retryAfter), statusOf(document.status));
  }
}

const DENIED = [401, 403];
const MISSING = [404, 410];
const LATER = [408, 425, 429];

function statusOf(status: number): ExitStatus {
  if (DENIED.includes(status)) return EXIT.denied;
  if (MISSING.includes(status)) return EXIT.notFound;
  if (LATER.includes(status) || status >= 500) return EXIT.unavailable;
  return EXIT.refused;
}

/** `Labs run on it: stop them first. (labs-running; correlation id 7f3c…)`, and what is wrong field by field. */
function sentencesOf(problem: ProblemDocument, retryAfter: number | null): string {
  const { title, detail, status, code, correlationId, errors = [] } = problem;
  const said = [title, detail].filter((text, index, all) => text && all.indexOf(text) === index);
  const sentences = said.map((text) => plain(text ?? '').replace(/[.:]?$/, '.'));
  if (sentences.length === 0) sentences.push(`The server answered ${status}.`);
  if (retryAfter !== null) sentences.push(`Try again in ${retryAfter} s.`);
  const marks = [code ?? `status ${status}`, ...(correlationId ? [`correlation id ${correlationId}`] : [])];
  const fields = errors.map(({ pointer, message }) => `  ${plain(pointer) || '/'}: ${plain(message)}`);
  return [`${sentences.join(' ')} (${plain(marks.join('; '))})`, ...fields].join('\n');
}
