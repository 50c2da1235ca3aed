// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DealTerms} from "../deals/DealTerms.sol";
import {IComplianceRegistry} from "../interfaces/IComplianceRegistry.sol";
import {IReportRegistry} from "../interfaces/IReportRegistry.sol";
import {IRunInputs} from "../interfaces/IRunInputs.sol";
import {IWaterfallDistributor} from "../interfaces/IWaterfallDistributor.sol";
import {MemoryWords} from "./MemoryWords.sol";
import {DealLedger, DealLedgers, Head} from "./DealLedger.sol";

/// @title The distributor's storage and what anyone may read of it.
abstract contract LedgerViews is IWaterfallDistributor {
    using DealLedgers for DealLedger;
    using MemoryWords for uint256;

    /// @custom:storage-location erc7201:penstock.WaterfallDistributor
    /// @param classes cash token u160 | dealId u64 | class index u8, by class token: where a claim finds
    /// its escrow (copied from the deal code, which never changes)
    /// @param dealsOf the deals that pay in a cash token
    /// @param cashTokens every cash token that a deal pays in, once
    struct Ledgers {
        mapping(uint64 dealId => DealLedger) deals;
        mapping(address token => uint256) classes;
        mapping(address cash => uint64[]) dealsOf;
        address[] cashTokens;
    }

    // keccak256(abi.encode(uint256(keccak256("penstock.WaterfallDistributor")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION =
        0xbbee21227b1afd54bfda03a61e881b436e687cacefda1230694e34cc03b36700;

    /// @notice The contracts that this one works with, all fixed.
    /// @param engine the WaterfallEngine, which runs the programs
    /// @param factory the only one that makes deals known and opens them
    struct Links {
        address engine;
        address factory;
        IReportRegistry reports;
        IComplianceRegistry compliance;
        IRunInputs inputs;
    }

    // Links stand in the code, not in storage: which engine runs is part of what this contract is, and a run reads none of
    // them from a slot.

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address internal immutable ENGINE;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address internal immutable FACTORY;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IReportRegistry internal immutable REPORTS;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IComplianceRegistry internal immutable COMPLIANCE;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IRunInputs internal immutable INPUTS;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Links memory links) {
        if (
            links.engine.code.length == 0 ||
            links.factory == address(0) ||
            address(links.reports) == address(0) ||
            address(links.compliance) == address(0) ||
            address(links.inputs) == address(0)
        ) revert CollaboratorMissing();
        (ENGINE, FACTORY, REPORTS) = (links.engine, links.factory, links.reports);
        (COMPLIANCE, INPUTS) = (links.compliance, links.inputs);
    }

    /// @inheritdoc IWaterfallDistributor
    function stateOf(
        uint64 dealId
    )
        external
        view
        returns (
            uint8 phase,
            uint16 lastPeriod,
            uint64 collections,
            uint256[] memory classWords,
            uint256[] memory laneWords
        )
    {
        (DealLedger storage ledger, Head head) = _deal(dealId);
        uint256 terms = DealTerms.copyHeader(head.code());
        classWords = ledger.classes((terms + 1).u8());
        laneWords = ledger.lanes(DealLedgers.laneWords(terms));
        return (
            uint8(head.phase()),
            uint16(head.lastPeriod()),
            uint64(head.collections()),
            classWords,
            laneWords
        );
    }

    /// @inheritdoc IWaterfallDistributor
    function historyHash(uint64 dealId) external view returns (bytes32) {
        return _ledgers().deals[dealId].historyHash;
    }

    /// @inheritdoc IWaterfallDistributor
    function cashOf(
        uint64 dealId
    )
        public
        view
        returns (
            uint256 collections,
            uint256 accounts,
            uint256 unclaimedUnits,
            uint256 owedToPayees,
            uint256 carry
        )
    {
        (DealLedger storage ledger, Head head) = _deal(dealId);
        uint256 terms = DealTerms.copyHeader(head.code());
        collections = head.collections();
        uint256[] memory lanes = ledger.lanes(DealLedgers.laneWords(terms));
        accounts = DealLedgers.sumLanes(MemoryWords.positionOf(lanes) + 32, (terms + 2).u8());
        for (uint256 i = 0; i < (terms + 1).u8(); i++) {
            unclaimedUnits += ledger.escrowOf(i);
            carry += (ledger.carries[i] >> 128) + uint128(ledger.carries[i]);
        }
        for (uint256 i = 0; i < (terms + 4).u8(); i++) owedToPayees += ledger.payeesOwed[i];
    }

    /// @inheritdoc IWaterfallDistributor
    function heldFor(address token) public view returns (uint256 units) {
        uint64[] storage deals = _ledgers().dealsOf[token];
        for (uint256 i = 0; i < deals.length; i++) {
            uint64 dealId = deals[i];
            (uint256 a, uint256 b, uint256 unclaimed, uint256 c, uint256 d) = cashOf(dealId);
            (, uint256 scale) = _cash(_ledgers().deals[dealId]);
            units += unclaimed + (a + b + c + d) * scale;
        }
    }

    /// @inheritdoc IWaterfallDistributor
    function payeeOwed(uint64 dealId, uint8 payeeIndex) external view returns (uint64) {
        return uint64(_ledgers().deals[dealId].payeesOwed[payeeIndex]);
    }

    /// @inheritdoc IWaterfallDistributor
    function carryOf(
        uint64 dealId,
        uint8 classIndex
    ) external view returns (uint128 interest, uint128 principal) {
        uint256 carry = _ledgers().deals[dealId].carries[classIndex];
        return (uint128(carry >> 128), uint128(carry));
    }

    /// @inheritdoc IWaterfallDistributor
    function isLate(uint64 dealId) external view returns (bool) {
        (, Head head) = _deal(dealId);
        uint256 period = head.lastPeriod() + 1;
        uint256 terms = DealTerms.copyHeader(head.code());
        if (!head.isOpen() || period > (terms + 16).u16()) return false;
        (, uint256 row) = DealTerms.copyTimes(head.code(), period);
        return block.timestamp > DealTerms.paymentTimeIn(row) + (terms + 53).u32();
    }

    /// @inheritdoc IWaterfallDistributor
    function escrowOf(address token) external view returns (uint64 dealId, uint256 unclaimedUnits) {
        uint256 class = _ledgers().classes[token];
        dealId = uint64(class >> 8);
        return (dealId, _ledgers().deals[dealId].escrowOf(uint8(class)));
    }

    /// @inheritdoc IWaterfallDistributor
    function principalBalanceOf(address token) external view returns (uint64) {
        uint256 class = _ledgers().classes[token];
        return uint64(_ledgers().deals[uint64(class >> 8)].classWords[uint8(class)] >> 192);
    }

    /// @dev Whether a distribution on this report would run now.
    function _isReady(IReportRegistry.Report calldata report) internal view returns (bool) {
        (, Head head) = _deal(report.dealId);
        if (!head.isOpen() || report.period != head.lastPeriod() + 1) return false;
        uint256 terms = DealTerms.copyHeader(head.code());
        if (report.period > (terms + 16).u16()) return false;
        (, uint256 row) = DealTerms.copyTimes(head.code(), report.period);
        if (block.timestamp < DealTerms.paymentTimeIn(row)) return false;
        try REPORTS.usableFunds(report) returns (uint256 need) {
            if (need > head.collections()) return false;
        } catch {
            return false;
        }
        return !_hasInputs(terms) || _areFixed(report.dealId, report.period);
    }

    /// @dev Whether every index that the run reads is fixed.
    function _areFixed(uint64 dealId, uint16 period) private view returns (bool) {
        try INPUTS.inputsOf(dealId, period) returns (int256[] memory, uint256) {
            return true;
        } catch {
            return false;
        }
    }

    /// @dev Whether the deal reads indices, notices or the price of a purchase list beside its report:
    /// most deals do not, and are not asked about them.
    function _hasInputs(uint256 terms) internal pure returns (bool) {
        return uint24((terms + 32).word()) != 0;
    }

    /// @dev A registered deal; reverts for any other id.
    function _deal(uint64 dealId) internal view returns (DealLedger storage ledger, Head head) {
        ledger = _ledgers().deals[dealId];
        head = Head.wrap(ledger.head);
        if (Head.unwrap(head) == 0) revert DealUnknown(dealId);
    }

    /// @dev The deal's cash token and its units per cent.
    function _cash(DealLedger storage ledger) internal view returns (address token, uint256 scale) {
        uint256 cash = ledger.cash;
        return (address(uint160(cash)), 10 ** uint8(cash >> 160));
    }

    function _ledgers() internal pure returns (Ledgers storage $) {
        bytes32 location = STORAGE_LOCATION;
        assembly ("memory-safe") {
            $.slot := location
        }
    }
}
