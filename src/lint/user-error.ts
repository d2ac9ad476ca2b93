// A mistake of the person who called: shown as two lines, without a stack, exit 2.

export class UserError extends Error {
  /** What to do about it, one line. */
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.name = "UserError";
    this.hint = hint;
  }
}
