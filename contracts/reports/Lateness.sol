// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReportRegistry} from "../interfaces/IReportRegistry.sol";
import {IReportViews} from "../interfaces/IReportViews.sol";
import {Challenges} from "./Challenges.sol";
import {RecordWord} from "./ReportRecords.sol";
import {ReportingRules} from "./ReportingRules.sol";

/// @title Whether a deal's reports are in time, and what follows when they are not.
/// @notice Nobody can push an honest servicer over the line: time that a rejection or a pause took from it does not count, nor
///  does the time in which the report before, so delayed, is not final.
///  Nobody can hold the line up for ever either: of the rejections of a period only the first gives time anew.
abstract contract Lateness is Challenges {
    /// @inheritdoc IReportRegistry
    function declareLate(uint64 dealId) external {
        DealReports storage deal = _deal(dealId);
        if (deal.inDefault) return;
        (uint16 period, uint256 dueAt, ) = _next(deal);
        if (period != 0 && deal.latePeriod == period) return;
        require(block.timestamp > dueAt, ReportNotLate(dealId, dueAt));
        deal.latePeriod = period;
        emit PunctualityChanged(dealId, period, Punctuality.Late);
    }

    /// @inheritdoc IReportRegistry
    function declareServicerDefault(uint64 dealId) external {
        DealReports storage deal = _deal(dealId);
        if (deal.inDefault) return;
        (uint16 period, , uint256 defaultAt) = _next(deal);
        require(block.timestamp > defaultAt, ServicerNotInDefault(dealId, defaultAt));
        (deal.inDefault, deal.latePeriod) = (true, 0);
        emit PunctualityChanged(dealId, period, Punctuality.ServicerDefault);
        if (!ReportingRules.handsOver(deal.code)) return;
        _setAttesters(deal, dealId, deal.successors, deal.successorThreshold);
    }

    /// @inheritdoc IReportRegistry
    function pauseReports(uint64 dealId) external restricted {
        DealReports storage deal = _deal(dealId);
        require(!deal.paused, ReportsArePaused(dealId));
        deal.paused = true;
        emit ReportsPaused(dealId);
    }

    /// @inheritdoc IReportRegistry
    function unpauseReports(uint64 dealId) external restricted {
        DealReports storage deal = _deal(dealId);
        require(deal.paused, ReportsNotPaused(dealId));
        (deal.paused, deal.resumedAt) = (false, uint40(block.timestamp));
        emit ReportsUnpaused(dealId);
    }

    /// @inheritdoc IReportViews
    function punctualityOf(
        uint64 dealId
    ) external view returns (Punctuality state, uint16 period, uint40 dueAt, uint40 defaultAt) {
        DealReports storage deal = _deal(dealId);
        if (deal.inDefault) state = Punctuality.ServicerDefault;
        else if (deal.latePeriod != 0) state = Punctuality.Late;
        uint256 due;
        uint256 inDefault;
        (period, due, inDefault) = _next(deal);
        (dueAt, defaultAt) = (uint40(due), uint40(inDefault));
    }

    /// @inheritdoc IReportViews
    function reportsPaused(uint64 dealId) external view returns (bool) {
        return _deal(dealId).paused;
    }

    /// @dev The report that comes next and the last moments of being in time and out of default: {ReportingRules.NEVER}
    ///  when nothing is to come, or nothing may. While the last report waits for its run the next one cannot come: it has
    ///  time until the last one, had it come at once, would be final. Versions that replace it give no more.
    function _next(
        DealReports storage deal
    ) private view returns (uint16 period, uint256 dueAt, uint256 defaultAt) {
        uint16 next = deal.latestPeriod;
        uint256 start = 0;
        RecordWord word = deal.accepted[next].word;
        if (next == 0 || !word.isRejected()) {
            if (next != 0 && !word.isUsed()) {
                start = _startOf(deal, next) + ReportingRules.longestWait(deal.code);
            }
            ++next;
        }
        (bool exists, uint256 due, uint256 grace) = ReportingRules.dueTime(deal.code, next);
        if (!exists) return (0, ReportingRules.NEVER, ReportingRules.NEVER);
        if (deal.paused) return (next, ReportingRules.NEVER, ReportingRules.NEVER);
        dueAt = _later(due, _later(start, _startOf(deal, next)));
        defaultAt = grace == ReportingRules.NEVER ? grace : dueAt + grace;
        period = next;
    }

    /// @dev When the attesters had a period's report in their own hands again; 0: always.
    function _startOf(DealReports storage deal, uint16 period) private view returns (uint256) {
        RecordWord before = deal.accepted[period - 1].word;
        uint256 start = _later(deal.firstRejection[period], deal.resumedAt);
        return before.isUsed() ? _later(start, before.finalAt()) : start;
    }

    function _later(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a : b;
    }
}
