/** Who takes part in the demo: accounts of the embedded chain's mnemonic, so that every run is alike. */
import { id } from "ethers";
import type { HDNodeWallet, JsonRpcProvider } from "ethers";
import { embeddedAccount } from "../../server/chain/connect-chain.ts";

/**
 * Account 0 deploys the platform and, on an embedded chain, holds its roles; it is the servicer's
 * wallet too. Account 1 is the server's attester.
 */
const ACCOUNTS = { issuer: 0, approver: 2, trustee: 3, originator: 5 } as const;
/** Where fees and residual go, by payee of the deal file. */
const PAYEE_ACCOUNTS: Readonly<Record<string, number>> = {
  trustee: 10,
  servicer: 11,
  residual: 12,
};

export interface Investor {
  name: string;
  wallet: HDNodeWallet;
  /** Opaque identity in the compliance registry. */
  identity: string;
  capExempt: boolean;
  /** Original face at closing, cents, by class. */
  faces: Readonly<Record<string, bigint>>;
  /** Claims after every this many periods; 0 at the very end only. */
  claimsEvery: number;
}

export interface Cast {
  approver: HDNodeWallet;
  trustee: HDNodeWallet;
  issuer: HDNodeWallet;
  originator: HDNodeWallet;
  investors: readonly Investor[];
  payeeAddress(payee: string): string;
}

const INVESTORS = [
  {
    name: "Harbor Bank (initial purchaser)",
    capExempt: true,
    faces: { A: 100_000_00n, B: 11_000_00n, C: 12_000_00n },
    claimsEvery: 1,
  },
  {
    name: "Meridian Insurance",
    capExempt: false,
    faces: { A: 45_000_00n, B: 10_000_00n },
    claimsEvery: 3,
  },
  {
    name: "Castle Pension",
    capExempt: false,
    faces: { A: 27_000_00n, B: 10_000_00n },
    claimsEvery: 12,
  },
  { name: "Lark Credit Fund", capExempt: false, faces: { C: 15_000_00n }, claimsEvery: 0 },
];

export function castOf(provider: JsonRpcProvider): Cast {
  const wallet = (account: number): HDNodeWallet => embeddedAccount(account, provider);
  return {
    approver: wallet(ACCOUNTS.approver),
    trustee: wallet(ACCOUNTS.trustee),
    issuer: wallet(ACCOUNTS.issuer),
    originator: wallet(ACCOUNTS.originator),
    investors: INVESTORS.map((investor, i) => ({
      ...investor,
      wallet: wallet(6 + i),
      identity: id(`identity of account ${6 + i}`),
    })),
    payeeAddress(payee) {
      const account = PAYEE_ACCOUNTS[payee];
      if (account === undefined) throw new Error(`the demo has no account for payee ${payee}`);
      return wallet(account).address;
    },
  };
}
