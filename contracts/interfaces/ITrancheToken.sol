// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The part of a tranche token that the distributor calls.
interface ITrancheToken {
    /// @notice Entitles the holders at `period`'s record time to cash that the distributor holds.
    function fund(
        uint16 period,
        uint256 interestUnits,
        uint256 principalUnits,
        uint64 balanceAfter
    ) external;

    /// @notice Settles `holder` and hands over the whole units owed to it.
    function collect(
        address holder
    ) external returns (uint256 interestUnits, uint256 principalUnits);
}
