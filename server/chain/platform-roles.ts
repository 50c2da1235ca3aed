/** The role book: which role may call which restricted function. Ids are those of the AccessManager. */
export const ROLES = {
  admin: 0n,
  /** Creates and closes deals, returns tokens that were sent to the distributor by accident. PrimaryIssuance is one. */
  issuer: 1n,
  /** Identities, freezes, forced transfers; ends a pause. */
  registrar: 2n,
  /** Rotates attesters, after a delay. */
  attesterAdmin: 3n,
  /** Upgrades, after a delay. */
  upgrader: 4n,
  /** Pauses at once, and cancels what the others have scheduled. */
  guardian: 5n,
} as const;

export type RoleName = keyof typeof ROLES;

/**
 * The role of functions that nobody is to call. The AccessManager's own bear it too, though it asks for the administrator
 * whatever they bear: there it only says who may cancel what is scheduled, the guardian.
 */
export const NOBODY = 6n;

/** One restricted function and who may call it. */
export interface Permission {
  role: Exclude<RoleName, "admin"> | "nobody";
  method: string;
}

/** The id of a permission's role. */
export function roleId({ role }: Permission): bigint {
  return role === "nobody" ? NOBODY : ROLES[role];
}

const UPGRADE: Permission = { role: "upgrader", method: "upgradeToAndCall" };

/** The restricted functions of the shared contracts, by the member of the deployment. */
export const PLATFORM_PERMISSIONS = {
  dealFactory: [
    { role: "issuer", method: "createDeal" },
    { role: "issuer", method: "closeDeal" },
    UPGRADE,
  ],
  complianceRegistry: [
    { role: "registrar", method: "setIdentity" },
    { role: "registrar", method: "linkWallet" },
    { role: "registrar", method: "linkWalletBySignature" },
    { role: "registrar", method: "setIdentityFrozen" },
    { role: "registrar", method: "setCapExempt" },
    { role: "registrar", method: "setCredential" },
    { role: "registrar", method: "setIssuer" },
    { role: "registrar", method: "endIssuerEpoch" },
    { role: "registrar", method: "setVenue" },
    { role: "registrar", method: "setDealVenue" },
    { role: "registrar", method: "setRequirements" },
    { role: "registrar", method: "setCountryListed" },
    { role: "registrar", method: "setCountryListMeaning" },
    { role: "registrar", method: "setLockup" },
    UPGRADE,
  ],
  reportRegistry: [
    { role: "attesterAdmin", method: "setAttesters" },
    { role: "attesterAdmin", method: "setSuccessors" },
    { role: "guardian", method: "pauseReports" },
    { role: "registrar", method: "unpauseReports" },
    UPGRADE,
  ],
  waterfallDistributor: [{ role: "issuer", method: "returnStray" }, UPGRADE],
  runInputs: [UPGRADE],
  primaryIssuance: [{ role: "issuer", method: "close" }],
  // The AccessManager owns the beacon: an upgrader calls it through AccessManager.execute. It stays the owner.
  trancheTokenBeacon: [
    { role: "upgrader", method: "upgradeTo" },
    { role: "nobody", method: "transferOwnership" },
    { role: "nobody", method: "renounceOwnership" },
  ],
} as const satisfies Record<string, readonly Permission[]>;

/** The restricted functions of every class token. They stand in the row of the tokens' beacon, once for all deals. */
export const TOKEN_PERMISSIONS = [
  { role: "guardian", method: "pause" },
  { role: "registrar", method: "unpause" },
  { role: "registrar", method: "setAddressFrozen" },
  { role: "registrar", method: "setFrozenTokens" },
  { role: "registrar", method: "freezePartialTokens" },
  { role: "registrar", method: "unfreezePartialTokens" },
  { role: "registrar", method: "forcedTransfer" },
  { role: "registrar", method: "batchForcedTransfer" },
  { role: "registrar", method: "recoveryAddress" },
] as const satisfies readonly Permission[];

/**
 * What an administrator schedules at the role book and the guardian may cancel. Not `revokeRole`: a guardian could keep his own
 * removal from ever happening.
 */
export const CANCELLABLE_CHANGES = [
  "grantRole",
  "labelRole",
  "setGrantDelay",
  "setRoleAdmin",
  "setRoleGuardian",
  "setTargetAdminDelay",
  "setTargetClosed",
  "setTargetFunctionRole",
  "updateAuthority",
] as const;
