// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {IReportRegistry} from "../interfaces/IReportRegistry.sol";
import {KeptDifferences} from "./FigureDifferences.sol";
import {ReportRecord} from "./ReportRecords.sol";

/// @title What the report registry keeps of each deal.
/// @notice Two things hold at any time. An unused report that is not rejected opens where the period before it closes: whatever
///  changes that closing balance rejects the report. And at most one restatement is not settled, that of `restating`; what it
///  stands in the place of and its differences are kept apart until it is final.
abstract contract ReportBooks is IReportRegistry, AccessManagedUpgradeable, EIP712Upgradeable {
    /// @dev The members of the first slot, which every report reads and writes, end with `inDefault`.
    /// @param code deal code; zero: no such deal
    /// @param latestPeriod last period with an accepted report
    /// @param threshold attesters who must sign
    /// @param restating period of the restatement that is not settled; 0: there is none
    /// @param latePeriod period whose report was declared late; 0: none
    /// @param paused no report is taken
    /// @param carries the next run takes differences with it
    /// @param hasCarried among them what is `carried`
    /// @param inDefault the servicer is in default, for good
    /// @param resumedAt end of the last pause
    /// @param successorThreshold successors who must sign once they are attesters
    /// @param restated last restatement of a period that was not rejected
    /// @param lastRestatement last version that a restatement of the period had, rejected or not
    /// @param firstRejection when a report of the period was first rejected
    /// @param replaced while a restatement is not settled: the one of its period before it; empty: there is none
    /// @param waiting differences of the restatement that is not settled
    /// @param carried differences of settled restatements that no run has taken
    struct DealReports {
        address code;
        uint16 latestPeriod;
        uint8 threshold;
        uint16 restating;
        uint16 latePeriod;
        bool paused;
        bool carries;
        bool hasCarried;
        bool inDefault;
        bytes32 termsHash;
        address[] attesters;
        mapping(address attester => bool) isAttester;
        mapping(uint16 period => ReportRecord) accepted;
        address[] successors;
        uint40 resumedAt;
        uint8 successorThreshold;
        mapping(uint16 period => ReportRecord) restated;
        mapping(uint16 period => uint16) lastRestatement;
        mapping(uint16 period => uint40) firstRejection;
        ReportRecord replaced;
        KeptDifferences waiting;
        KeptDifferences carried;
    }

    /// @custom:storage-location erc7201:penstock.ReportRegistry
    struct RegistryStorage {
        mapping(uint64 dealId => DealReports) deals;
    }

    // keccak256(abi.encode(uint256(keccak256("penstock.ReportRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION =
        0xe503b817223c481d26ee9d5246128991242b8233b1fdd1a36953d8771800be00;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address internal immutable FACTORY;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address internal immutable DISTRIBUTOR;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address factory, address distributor) {
        require(factory != address(0) && distributor != address(0), LinkMissing());
        (FACTORY, DISTRIBUTOR) = (factory, distributor);
    }

    function _deal(uint64 dealId) internal view returns (DealReports storage deal) {
        deal = _storage().deals[dealId];
        require(deal.code != address(0), DealUnknown(dealId));
    }

    /// @dev Zero and "never set" are different: a period without a report reverts.
    function _accepted(
        uint64 dealId,
        uint16 period
    ) internal view returns (ReportRecord storage accepted) {
        accepted = _deal(dealId).accepted[period];
        require(accepted.reportHash != bytes32(0), ReportUnknown(dealId, period));
    }

    /// @dev The version that stands for a used period: its last restatement that was not rejected, else the report.
    function _standing(
        DealReports storage deal,
        uint16 period
    ) internal view returns (ReportRecord storage) {
        ReportRecord storage restated = deal.restated[period];
        return restated.reportHash == bytes32(0) ? deal.accepted[period] : restated;
    }

    /// @dev The same without a restatement that is not settled.
    function _settled(
        DealReports storage deal,
        uint16 period
    ) internal view returns (ReportRecord storage) {
        if (deal.restating != period) return _standing(deal, period);
        return deal.replaced.reportHash == bytes32(0) ? deal.accepted[period] : deal.replaced;
    }

    /// @dev Rejects a version for `reason`. The first rejection of a report of the period gives its attesters time anew.
    function _reject(
        DealReports storage deal,
        uint64 dealId,
        uint16 period,
        bytes32 reason
    ) internal {
        ReportRecord storage report = deal.accepted[period];
        report.word = report.word.withStatus(ReportStatus.Rejected, block.timestamp);
        if (deal.firstRejection[period] == 0) {
            deal.firstRejection[period] = uint40(block.timestamp);
        }
        emit ReportRejected(dealId, period, report.word.version(), reason);
    }

    /// @dev A constant costs no storage read and no initialisation that an upgrade could forget.
    function _EIP712Name() internal pure override returns (string memory) {
        return "Penstock";
    }

    function _EIP712Version() internal pure override returns (string memory) {
        return "1";
    }

    function _storage() internal pure returns (RegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_LOCATION
        }
    }
}
