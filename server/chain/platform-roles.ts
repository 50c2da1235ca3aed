/** The role book: which role may call which restricted function. Ids are those of the AccessManager. */
export const ROLES = {
  admin: 0n,
  /** Creates and closes deals, returns tokens that were sent to the distributor by accident. PrimaryIssuance is one. */
  issuer: 1n,
  /** Identities, freezes, forced transfers. */
  registrar: 2n,
  /** Rotates attesters. */
  attesterAdmin: 3n,
  /** Upgrades, after a delay where one is set. */
  upgrader: 4n,
  /** Cancels what is scheduled. */
  guardian: 5n,
} as const;

export type RoleName = keyof typeof ROLES;

/** One restricted function and who may call it. */
export interface Permission {
  role: Exclude<RoleName, "admin" | "guardian">;
  method: string;
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
    { role: "registrar", method: "setIdentityFrozen" },
    { role: "registrar", method: "setCapExempt" },
    { role: "registrar", method: "setCredential" },
    { role: "registrar", method: "setIssuer" },
    { role: "registrar", method: "endIssuerEpoch" },
    { role: "registrar", method: "setVenue" },
    { role: "registrar", method: "setRequirements" },
    { role: "registrar", method: "setCountryListed" },
    { role: "registrar", method: "setCountryListMeaning" },
    { role: "registrar", method: "setLockup" },
    UPGRADE,
  ],
  reportRegistry: [{ role: "attesterAdmin", method: "setAttesters" }, UPGRADE],
  waterfallDistributor: [{ role: "issuer", method: "returnStray" }, UPGRADE],
  runInputs: [UPGRADE],
  primaryIssuance: [{ role: "issuer", method: "close" }],
  // The AccessManager owns the beacon: an upgrader calls it through AccessManager.execute.
  trancheTokenBeacon: [{ role: "upgrader", method: "upgradeTo" }],
} as const satisfies Record<string, readonly Permission[]>;

/** The restricted functions of each class token. Until they are set, only the administrator may call them. */
export const TOKEN_PERMISSIONS = [
  { role: "registrar", method: "pause" },
  { role: "registrar", method: "unpause" },
  { role: "registrar", method: "setAddressFrozen" },
  { role: "registrar", method: "setFrozenTokens" },
  { role: "registrar", method: "freezePartialTokens" },
  { role: "registrar", method: "unfreezePartialTokens" },
  { role: "registrar", method: "forcedTransfer" },
  { role: "registrar", method: "batchForcedTransfer" },
  { role: "registrar", method: "recoveryAddress" },
] as const satisfies readonly Permission[];
