/** Somebody who can sign in at the local desk. */
export interface Person {
  /** Key in GET /_local/tokens. */
  readonly name: string;
  readonly subject: string;
  readonly username: string;
  /** The role that seeding gives; the admin is named by the stage configuration and needs none. */
  readonly role: 'first-admin' | 'manager' | 'lead' | 'agent' | 'engineer' | 'auditor' | 'integration' | 'requester';
  /** Of requesters: the customer they belong to. */
  readonly customer: string | null;
}

const staff = ['manager', 'lead', 'agent', 'engineer', 'auditor', 'integration'] as const;

export const customers = ['acme', 'globex'] as const;

export const people: readonly Person[] = [
  { name: 'admin', subject: 'local-admin', username: 'admin', role: 'first-admin', customer: null },
  ...staff.map((role) => ({ name: role, subject: `local-${role}`, username: role, role, customer: null })),
  ...customers.map((customer) => ({
    name: `requester:${customer}`,
    subject: `local-requester-${customer}`,
    username: `requester-${customer}`,
    role: 'requester' as const,
    customer,
  })),
];
