/** Faults that a test or a curious person asks for at /_local/faults. */
export type FaultTarget =
  | 'stream:kpi'
  | 'stream:alerts'
  | 'queue'
  | 'sns'
  | 'webhook'
  | 's3'
  | 'ses'
  | 'dynamodb'
  | 'backup'
  | 'events'
  | 'worker';
export type FaultKind = 'throttle' | 'crash-before' | 'crash-after' | 'duplicate' | 'delay' | 'drop' | 'conflict';

export interface FaultRequest {
  readonly target: FaultTarget;
  readonly fault: FaultKind;
  /** How often it applies before it is used up. */
  readonly count: number;
  /** Chance at each opportunity, 0-1. */
  readonly probability: number;
}

export interface Faults {
  add(request: FaultRequest): { readonly id: string };
  list(): readonly (FaultRequest & { readonly id: string; readonly applied: number })[];
  clear(): void;
  /** Asks whether one of the named faults strikes now; counts it as applied when it does. */
  take(target: FaultTarget, kinds: readonly FaultKind[]): FaultKind | null;
}
