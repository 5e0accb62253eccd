import type { Alert } from '../domain/alert.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Parcel, ParcelEntry } from '../domain/parcel.ts';

/** Where and when something waits. */
export interface Place {
  readonly partition: string;
  readonly at: number;
  readonly anyTime: boolean;
}

/** The side of parcels that fills them. */
export interface ParcelFilling {
  /** Counts one more alert of a route in this minute and says how many they are. A repetition counts again, which is harmless. */
  pace(route: string): Promise<number>;
  place(route: string, at: number, anyTime: boolean): Place;
  /**
   * Puts a delivery into a parcel: both in one transaction. `read` is the delivery as it is stored, null when it is not.
   * False when somebody else was first.
   */
  add(alert: Alert, delivery: Delivery, read: Delivery | null, place: Place): Promise<boolean>;
  /**
   * The parcel is there and will be attended to; one that is closed opens again. Run after each `add`, and again when it is not
   * certain that it was. Answers when it is due.
   */
  ensure(delivery: Delivery, alert: Alert): Promise<number>;
}

/** A parcel with the key by which it is stored. */
export interface FoundParcel {
  readonly partition: string;
  readonly parcel: Parcel;
}

/** The side that sends them. All writes hold only over what was read; false or null says that somebody else was first. */
export interface ParcelSending {
  find(partition: string): Promise<FoundParcel | null>;
  entries(partition: string): Promise<readonly ParcelEntry[]>;
  /** Which alerts are in portions before this one. */
  namedBefore(partition: string, portion: number): Promise<ReadonlySet<string>>;
  /**
   * Settles which alerts are in the portion, and answers which are: what somebody else has settled before stands.
   * Before a portion leaves the state `open`, always.
   */
  seal(found: FoundParcel, alertIds: readonly string[]): Promise<readonly string[]>;
  /** Which alerts are in the portion, once that is settled. */
  sealed(found: FoundParcel): Promise<readonly string[]>;
  /** Moves the next look to `dueAt`: whoever succeeds has the parcel until then. */
  take(found: FoundParcel, dueAt: number): Promise<FoundParcel | null>;
  /** Lets it wait until `dueAt`, with so many deliveries marked, without counting a look. */
  wait(found: FoundParcel, dueAt: number, marked?: number): Promise<void>;
  change(
    found: FoundParcel,
    to: Partial<Pick<Parcel, 'state' | 'size' | 'attempts' | 'outcome' | 'lastError'>>,
  ): Promise<FoundParcel>;
  /** Marks the delivery of an alert. Again is harmless. */
  mark(
    found: FoundParcel,
    alertId: string,
    how: {
      readonly state: 'published' | 'summarised' | 'failed';
      readonly summaryId: string;
      readonly lastError: string | null;
    },
  ): Promise<void>;
  close(found: FoundParcel): Promise<void>;
  /** Whether entries are there that no seal names. */
  anyLeft(partition: string): Promise<boolean>;
  /** Opens a closed parcel for its next portion, due at once. */
  reopen(partition: string): Promise<void>;
}
