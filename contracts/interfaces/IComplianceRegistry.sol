// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The part of the compliance registry that the distributor calls.
interface IComplianceRegistry {
    /// @notice Class balances after a run, in cents, in class order (they value the holder cap).
    function setBalances(uint64 dealId, uint64[] calldata balances) external;
}
