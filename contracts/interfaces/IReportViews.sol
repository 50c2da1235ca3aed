// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What can be read of the register of servicer reports, and what reports are made of.
/// @dev The reading half of IReportRegistry.
interface IReportViews {
    /// @notice Who attests the deal's reports, and who takes over after a servicer default.
    /// @param attesters strictly ascending addresses (wallets or ERC-1271 contracts)
    /// @param threshold how many of them must sign
    /// @param successors the same for those who become the attesters; may be empty unless the terms hand over
    /// @param successorThreshold how many of them must sign then; 0 without successors
    struct Attestation {
        address[] attesters;
        uint8 threshold;
        address[] successors;
        uint8 successorThreshold;
    }

    /// @notice Where a report stands before its distribution. One that is challenged stands again when nobody answers.
    enum ReportStatus {
        Standing,
        Challenged,
        Rejected
    }

    /// @notice Whether the deal's reports are in time. A servicer default is for good.
    enum Punctuality {
        OnTime,
        Late,
        ServicerDefault
    }

    /// @notice One holder who backs a challenge.
    /// @param wallet who held notes of the deal
    /// @param signature over {challengeDigest}, of an account or by ERC-1271; empty when `wallet` is the caller
    struct Backer {
        address wallet;
        bytes signature;
    }

    /// @notice What the attesters sign. EIP-712 domain: name "Penstock", version "1", chain id, this registry. Type:
    ///  "Report(uint64 dealId,uint16 period,uint16 version,bytes32 termsHash,bytes32 tapeRoot,bytes32 closeHash,bytes32 resultHash,int256[] figures)"
    /// @param dealId the deal, from 1
    /// @param period the period, from 1
    /// @param version 1, then rising by 1 with every report and every restatement of the same period; see {nextVersion}
    /// @param termsHash keccak256 of the deal's terms, so that a report made for other terms is refused
    /// @param tapeRoot node hash of the root of the tape's Merkle sum tree
    /// @param closeHash hash of the closed period that maker and checker agreed on
    /// @param resultHash hash of the previewed waterfall result, or zero; compared after the run, never a condition
    /// @param figures one per declared figure of the deal, in its order; money in cents; 0 poolOpening, 1 poolClosing,
    ///  2 loanCount, 3 availableFunds
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

    /// @notice What is kept of an accepted report, and of a restatement.
    /// @param reportHash EIP-712 struct hash of the report (without the domain)
    /// @param tapeCommitment keccak256(abi.encode(tapeRoot, loanCount, poolClosing)), the sums as int256 figures
    /// @param acceptedAt block time of acceptance, unix seconds
    /// @param poolClosing closing pool balance, cents
    /// @param loanCount loans in the closing pool
    /// @param version version of the report that stands
    /// @param used whether a distribution has run on it; of a restatement: whether its differences belong to the next run
    /// @param status whether it stands, is challenged or was rejected
    /// @param finalAt from this time on it can be used (unless rejected) and no more be challenged, unix seconds; of a
    ///  rejected one the time of rejection
    /// @param carries whether the run of this period takes differences of earlier periods with it
    /// @param restated whether the period was restated: see {restatedReport}
    struct AcceptedReport {
        bytes32 reportHash;
        bytes32 tapeCommitment;
        uint40 acceptedAt;
        uint64 poolClosing;
        uint64 loanCount;
        uint16 version;
        bool used;
        ReportStatus status;
        uint40 finalAt;
        bool carries;
        bool restated;
    }

    /// @notice Reverts with the first thing that is wrong unless the deal's attesters have signed `digest`: signers strictly
    ///  ascending, each an attester of the deal, at least as many as its threshold. For what they sign beside reports.
    function requireSigned(
        uint64 dealId,
        bytes32 digest,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external view;

    /// @notice What is kept of the accepted report of a period: once used, of the one that was distributed on. Reverts
    ///  ReportUnknown when there is none.
    function acceptedReport(
        uint64 dealId,
        uint16 period
    ) external view returns (AcceptedReport memory);

    /// @notice The last restatement of a period that was not rejected, final or not. Reverts ReportUnknown when there is none.
    function restatedReport(
        uint64 dealId,
        uint16 period
    ) external view returns (AcceptedReport memory);

    /// @notice The last period with an accepted report; 0 when there is none.
    function latestPeriod(uint64 dealId) external view returns (uint16);

    /// @notice The version that the next report or restatement of the period must have.
    function nextVersion(uint64 dealId, uint16 period) external view returns (uint16);

    /// @notice The commitment to the tape of the accepted report of a period: keccak256(abi.encode(tapeRoot, loanCount,
    ///  poolClosing)). That of a restatement is in {restatedReport}.
    function tapeCommitment(uint64 dealId, uint16 period) external view returns (bytes32);

    /// @notice The last final pool balance, restated where its period was. Reverts ReportUnknown(dealId, 0) when there is none.
    /// @return period the period that it closes
    /// @return balance cents
    /// @return acceptedAt unix seconds
    function poolBalance(
        uint64 dealId
    ) external view returns (uint16 period, uint64 balance, uint40 acceptedAt);

    /// @notice The final pool balance of a period, restated where the period was. Reverts ReportUnknown when there is none.
    function poolBalanceAt(
        uint64 dealId,
        uint16 period
    ) external view returns (uint64 balance, uint40 acceptedAt);

    /// @notice What the run on `report` would distribute, in cents: its available funds and what it carries. Reverts as
    ///  {useReport} would.
    function usableFunds(Report calldata report) external view returns (uint256 funds);

    /// @notice The differences that wait for the next run, one per figure: those of a restatement that is not final
    ///  included, and available funds not yet cut to what is reported.
    function differencesOf(uint64 dealId) external view returns (int256[] memory differences);

    /// @notice Whether the deal's reports are in time, and the times of the next one.
    /// @return state as it was last declared
    /// @return period the period whose report is to come; 0: none is to come any more
    /// @return dueAt after this time it is late: the terms' due time or, if that is later, the first rejection of a report
    ///  of this period, the end of the last pause, or when the report before is final (while it is not used: window and
    ///  answer time after the like moment of that period); 2^40 - 1: never (nothing to come, or paused)
    /// @return defaultAt after this time the servicer is in default; 2^40 - 1: never
    function punctualityOf(
        uint64 dealId
    ) external view returns (Punctuality state, uint16 period, uint40 dueAt, uint40 defaultAt);

    /// @notice The attesters of a deal, ascending, and how many must sign.
    function attestersOf(
        uint64 dealId
    ) external view returns (address[] memory attesters, uint8 threshold);

    /// @notice Those who become the attesters at a servicer default, ascending, and how many must sign then.
    function successorsOf(
        uint64 dealId
    ) external view returns (address[] memory successors, uint8 threshold);

    /// @notice Whether reports of the deal are paused.
    function reportsPaused(uint64 dealId) external view returns (bool);

    /// @notice The EIP-712 digest that an attester signs.
    function reportDigest(Report calldata report) external view returns (bytes32);

    /// @notice The EIP-712 digest that a holder signs to back a challenge, of the same domain as reports:
    ///  "Challenge(uint64 dealId,uint16 period,uint16 version,bytes32 reason)"
    function challengeDigest(
        uint64 dealId,
        uint16 period,
        uint16 version,
        bytes32 reason
    ) external view returns (bytes32);
}
