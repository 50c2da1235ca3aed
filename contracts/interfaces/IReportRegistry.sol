// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The part of the report registry that the distributor calls.
interface IReportRegistry {
    /// @notice What k of n attesters sign for one period. Money figures are cents.
    struct Report {
        uint64 dealId;
        uint16 period;
        uint16 version;
        bytes32 termsHash;
        bytes32 tapeRoot;
        bytes32 closeHash;
        bytes32 resultHash;
        int256[] figures;
    }

    /// @notice Marks the accepted report of its period as used; reverts when it is another one.
    function useReport(Report calldata report) external returns (bytes32 reportHash);

    /// @notice The last period with an accepted report; 0 when there is none.
    function latestPeriod(uint64 dealId) external view returns (uint16);
}
