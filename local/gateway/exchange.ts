/** A request as the gateway sees it, whoever sent it. */
export interface GatewayRequest {
  readonly method: string;
  /** Path as it came, still encoded. */
  readonly path: string;
  /** Query without `?`, as it came. */
  readonly query: string;
  /** Lower-case names; repeated headers joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/** An answer that API Gateway makes itself: `{"message":"..."}`. */
export const ownAnswer = (
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): GatewayAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  cookies: [],
  body: Buffer.from(JSON.stringify({ message })),
});
