export interface CmlUser {
  readonly id: string;
  readonly username: string;
  admin: boolean;
  readonly created: Date;
}
