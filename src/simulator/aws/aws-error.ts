/** An error as AWS answers it: the code is what clients switch on. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly httpStatus = 400,
  ) {
    super(message);
    this.name = 'AwsError';
  }
}
