/** Where an error goes that must not fail the work it happened beside. `during` completes "failed to …". */
export type ReportError = (error: unknown, during: string) => void;
