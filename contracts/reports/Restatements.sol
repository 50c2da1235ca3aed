// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DealTerms} from "../deals/DealTerms.sol";
import {IReportRegistry} from "../interfaces/IReportRegistry.sol";
import {IReportViews} from "../interfaces/IReportViews.sol";
import {Acceptance} from "./Acceptance.sol";
import {RecordWord, ReportRecord} from "./ReportRecords.sol";
import {ReportTerms} from "./ReportTerms.sol";
import {ReportWords} from "./ReportWords.sol";

/// @title Periods restated after their distribution, and what they carry into the next one.
abstract contract Restatements is Acceptance {
    uint256 private constant POOL_CLOSING = 1;

    /// @inheritdoc IReportRegistry
    function restateReport(
        Report calldata previous,
        Report calldata restated,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external {
        DealReports storage deal = _deal(restated.dealId);
        if (deal.paused) revert ReportsArePaused(restated.dealId);
        _requireReplaceable(deal, previous, restated);
        uint16 before = restated.period - 1;
        uint256 opening = before == 0 ? 0 : _standing(deal, before).word.poolClosing();
        ReportTerms.Facts memory facts = _requireFit(deal, restated, opening);
        bytes32 reportHash = ReportWords.structHashOf(restated);
        _requireSigned(deal, _hashTypedDataV4(reportHash), signers, signatures);
        deal.waiting.put(_differencesOf(facts, previous.figures, restated.figures));
        ReportWords.emitReport(ReportRestated.selector, restated, reportHash, signers);
        _place(deal, restated, reportHash, facts.window);
        _standingChanged(
            deal,
            restated.dealId,
            restated.period,
            previous.figures[POOL_CLOSING] != restated.figures[POOL_CLOSING]
        );
    }

    /// @inheritdoc IReportRegistry
    function takeDifferences(
        uint64 dealId,
        uint16 period,
        uint256 reportedFunds
    ) external returns (int256[] memory differences) {
        if (msg.sender != DISTRIBUTOR) revert CallerNotAllowed(msg.sender, DISTRIBUTOR);
        DealReports storage deal = _deal(dealId);
        differences = _takeAll(deal, dealId);
        int256 rest = _cut(differences, reportedFunds);
        if (rest != 0) {
            int256[] memory carried = new int256[](differences.length);
            carried[DealTerms.AVAILABLE_FUNDS] = rest;
            _carry(deal, carried);
        }
        emit DifferencesCarried(dealId, period, differences);
    }

    /// @inheritdoc IReportViews
    function differencesOf(uint64 dealId) external view returns (int256[] memory) {
        return _allDifferences(_deal(dealId));
    }

    /// @inheritdoc IReportViews
    function restatedReport(
        uint64 dealId,
        uint16 period
    ) external view returns (AcceptedReport memory) {
        DealReports storage deal = _deal(dealId);
        require(deal.accepted[period].word.isRestated(), ReportUnknown(dealId, period));
        AcceptedReport memory told = deal.restated[period].told();
        // Nothing is written to a restatement when it is settled: a run pays for that.
        if (deal.restating != period) (told.used, told.status) = (true, ReportStatus.Standing);
        return told;
    }

    /// @inheritdoc IReportViews
    function nextVersion(uint64 dealId, uint16 period) external view returns (uint16) {
        return uint16(_nextVersion(_deal(dealId), period));
    }

    /// @dev What is taken off available funds is at most what is reported.
    /// @return rest what is left to take off
    function _cut(
        int256[] memory differences,
        uint256 reportedFunds
    ) internal pure returns (int256 rest) {
        // Reported funds are a figure, so at most int64.
        int256 least = -int256(reportedFunds);
        int256 funds = differences[DealTerms.AVAILABLE_FUNDS];
        if (funds >= least) return 0;
        differences[DealTerms.AVAILABLE_FUNDS] = least;
        return funds - least;
    }

    /// @dev All that waits for the next run, whether final or not.
    function _allDifferences(
        DealReports storage deal
    ) internal view returns (int256[] memory differences) {
        differences = new int256[](ReportTerms.figuresOf(deal.code));
        if (deal.restating != 0) deal.waiting.addTo(differences);
        if (deal.hasCarried) deal.carried.addTo(differences);
    }

    /// @dev A version that was given once is never given again: or anybody could bring a rejected restatement anew.
    function _nextVersion(DealReports storage deal, uint16 period) private view returns (uint256) {
        uint256 version = deal.accepted[period].word.version();
        uint256 restated = deal.lastRestatement[period];
        return (restated > version ? restated : version) + 1;
    }

    /// @dev The period was distributed on, no other restatement waits, `previous` is what stands, and the version is new.
    function _requireReplaceable(
        DealReports storage deal,
        Report calldata previous,
        Report calldata restated
    ) private {
        uint16 period = restated.period;
        if (!deal.accepted[period].word.isUsed()) revert PeriodNotUsed(restated.dealId, period);
        _settle(deal, restated.dealId);
        bytes32 standing = _standing(deal, period).reportHash;
        bytes32 given = ReportWords.structHashOf(previous);
        if (given != standing) revert ReportMismatch(given, standing);
        uint256 expected = _nextVersion(deal, period);
        if (restated.version != expected) {
            revert VersionOutOfOrder(restated.version, uint16(expected));
        }
    }

    /// @dev Keeps a restatement, whose differences wait already, in the place of what stands.
    function _place(
        DealReports storage deal,
        Report calldata report,
        bytes32 reportHash,
        uint256 window
    ) private {
        uint16 period = report.period;
        ReportRecord storage restated = deal.restated[period];
        deal.replaced = restated;
        _keepRecord(restated, report, reportHash, window);
        (deal.restating, deal.carries) = (period, true);
        deal.lastRestatement[period] = report.version;
        _markRestated(deal, period, true);
    }

    /// @dev Drops the restatement that is not settled as if it had never come; only its version is spent.
    function _dropRestatement(DealReports storage deal, uint64 dealId, bytes32 reason) internal {
        uint16 period = deal.restating;
        ReportRecord storage restated = deal.restated[period];
        RecordWord dropped = restated.word;
        emit ReportRejected(dealId, period, dropped.version(), reason);
        deal.waiting.clear();
        deal.restated[period] = deal.replaced;
        (deal.restating, deal.carries) = (0, deal.hasCarried);
        _markRestated(deal, period, restated.reportHash != bytes32(0));
        uint256 closing = _standing(deal, period).word.poolClosing();
        _standingChanged(deal, dealId, period, closing != dropped.poolClosing());
    }

    /// @dev A restatement that is final becomes the one that stands, and its differences those of the next run.
    function _settle(DealReports storage deal, uint64 dealId) private {
        if (deal.restating != 0) _carry(deal, _takeAll(deal, dealId));
    }

    /// @dev Takes all that waits, which settles the restatement that is not.
    function _takeAll(
        DealReports storage deal,
        uint64 dealId
    ) private returns (int256[] memory differences) {
        differences = _allDifferences(deal);
        (uint16 period, bool hasCarried) = (deal.restating, deal.hasCarried);
        (deal.restating, deal.hasCarried, deal.carries) = (0, false, false);
        if (hasCarried) deal.carried.clear();
        if (period == 0) return differences;
        RecordWord word = deal.restated[period].word;
        if (!word.isFinal()) revert ReportNotFinal(dealId, period, word.finalAt());
        deal.waiting.clear();
    }

    function _carry(DealReports storage deal, int256[] memory differences) private {
        deal.carried.put(differences);
        (deal.hasCarried, deal.carries) = (true, true);
    }

    function _markRestated(DealReports storage deal, uint16 period, bool yes) private {
        ReportRecord storage accepted = deal.accepted[period];
        accepted.word = accepted.word.withRestated(yes);
    }

    /// @dev A restatement came or was dropped: an unused report takes the differences that wait now, and the one after
    ///  `period`, if the closing balance that it opens at went with that, is rejected.
    function _standingChanged(
        DealReports storage deal,
        uint64 dealId,
        uint16 period,
        bool closesElsewhere
    ) private {
        uint16 latest = deal.latestPeriod;
        ReportRecord storage next = deal.accepted[latest];
        RecordWord word = next.word;
        if (word.isUsed()) return;
        next.word = word.withCarries(deal.carries);
        if (latest != uint256(period) + 1 || word.isRejected()) return;
        if (closesElsewhere) _reject(deal, dealId, latest, bytes32(0));
    }

    /// @dev Restated minus previous for every flow. Figures are at most int64: nothing overflows.
    function _differencesOf(
        ReportTerms.Facts memory facts,
        int256[] calldata previous,
        int256[] calldata restated
    ) private pure returns (int256[] memory differences) {
        differences = new int256[](restated.length);
        for (uint256 i = 0; i < restated.length; ++i) {
            if (ReportTerms.isFlow(facts, i)) differences[i] = restated[i] - previous[i];
        }
    }
}
