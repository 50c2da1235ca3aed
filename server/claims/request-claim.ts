import { encodeCall } from "../chain/read-contract.ts";
import { readEntitlement } from "../chain/read-entitlements.ts";
import { sendIntended } from "../chain/send-transaction.ts";
import { findTransaction, insertIntent } from "../chain/transaction-queries.ts";
import type { Context } from "../context.ts";
import { problem } from "../errors.ts";
import { getDealOnChain, getToken } from "./get-deal-on-chain.ts";

export interface ClaimRequest {
  dealId: string;
  classId: string;
  /** Who is paid; checksummed. */
  holder: string;
}

/** A transaction that anyone may sign: the contract pays the holder, whoever calls. */
export interface UnsignedClaim {
  to: string;
  data: string;
  chainId: number;
}

/**
 * Builds claim(token, holder) for the holder's own wallet.
 * @throws Problem deal-unknown, deal-not-on-chain, class-unknown
 */
export async function buildClaim(context: Context, request: ClaimRequest): Promise<UnsignedClaim> {
  const token = getToken(await getDealOnChain(context, request.dealId), request.classId);
  const { chain } = context;
  return {
    to: chain.deployment.waterfallDistributor,
    data: encodeCall({
      contract: "waterfallDistributor",
      method: "claim",
      args: [token, request.holder],
    }),
    chainId: Number(chain.chainId),
  };
}

export interface RelayedClaim {
  transaction: string;
  /** False when the same request was relayed before: nothing was sent again. */
  created: boolean;
}

/**
 * Sends the claim with the servicer's wallet, once per idempotency key. Without a key of the
 * caller's the key is the last funded period: before the next one there is nothing more to claim.
 * @throws Problem nothing-owed, what buildClaim throws, what sendIntended throws
 */
export async function relayClaim(
  context: Context,
  request: ClaimRequest & { idempotencyKey?: string | undefined },
): Promise<RelayedClaim> {
  const { dealId, classId, holder } = request;
  const claim = await buildClaim(context, request);
  const token = getToken(await getDealOnChain(context, dealId), classId);
  const owed = await readEntitlement(context.chain, token, holder);
  const suffix = request.idempotencyKey ?? `period ${owed.lastFundedPeriod}`;
  const key = `claim:${dealId}:${classId}:${holder}:${suffix}`;
  const known = await findTransaction(context.db, key);
  const created = known === undefined || known.status === "failed";
  if (created && owed.interestUnits + owed.principalUnits === 0n) {
    throw problem("nothing-owed", { deal: dealId, class: classId, holder });
  }
  const sender = await context.chain.servicer.getAddress();
  await context.db.transaction().execute((trx) =>
    insertIntent(
      trx,
      {
        key,
        kind: "claim",
        dealId,
        period: null,
        sender,
        recipient: claim.to,
        data: claim.data,
      },
      context.clock.now(),
    ),
  );
  const sent = await sendIntended(context, key);
  return { transaction: String(sent.hash), created };
}
