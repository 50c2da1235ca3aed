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

    /// @notice What is kept of an accepted report.
    struct AcceptedReport {
        bytes32 reportHash;
        bytes32 tapeCommitment;
        uint40 acceptedAt;
        uint64 poolClosing;
        uint64 loanCount;
        uint16 version;
        bool used;
    }

    /// @notice Marks the accepted report of its period as used; reverts when it is another one.
    function useReport(Report calldata report) external returns (bytes32 reportHash);

    /// @notice What is kept of the accepted report of a period; reverts when there is none.
    function acceptedReport(
        uint64 dealId,
        uint16 period
    ) external view returns (AcceptedReport memory);
}
