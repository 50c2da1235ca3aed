// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReportActions} from "./ReportActions.sol";
import {VM} from "../Vm.sol";

/// @title What becomes of a report before it is used: challenged, answered, rejected; late; and the pause of reports.
/// @dev In deals with a window the first payee is the trustee and the second the verifier.
abstract contract ReportLife is ReportActions {
    /// @notice By the verifier it waits for an answer, by the trustee it is rejected at once, by others nothing happens.
    function challenge(uint256 seed) external throwing(seed) {
        uint256 d = _drawOpenDeal(Stage.Standing);
        if (!deals[d].isPending) _bringReport(d);
        DealCase storage deal = deals[d];
        uint256 who = _draw(4);
        address by =
            who == 0
                ? payeeOf(d, 0)
                : who == 3
                    ? STRANGER
                    : payeeOf(d, 1);
        bool isRight = deal.answerTime != 0 && who != 3 && _isOpen(d, Stage.Standing);
        VM.prank(by);
        try reports.challengeReport(uint64(d), deal.pending.period, deal.pending.version, REASON) {
            require(isRight, "challenged, but should not");
            if (who == 0) _rejected(deal);
            else {
                deal.stage = Stage.Challenged;
                uint256 until = block.timestamp + deal.answerTime;
                if (until > deal.finalAt) deal.finalAt = until;
            }
            _count(Action.Challenge, true);
        } catch {
            require(!isRight, "challenge refused");
            _count(Action.Challenge, false);
        }
    }

    function answer(uint256 seed) external throwing(seed) {
        uint256 d = _drawOpenDeal(Stage.Challenged);
        DealCase storage deal = deals[d];
        bool uphold = _oneIn(2);
        address by = _oneIn(6) ? payeeOf(d, 1) : payeeOf(d, 0);
        bool isRight = by == payeeOf(d, 0) && _isOpen(d, Stage.Challenged);
        (uint16 period, uint16 version) = (deal.pending.period, deal.pending.version);
        VM.prank(by);
        try reports.answerChallenge(uint64(d), period, version, uphold, REASON) {
            require(isRight, "answered, but should not");
            if (uphold) _rejected(deal);
            else (deal.stage, deal.finalAt) = (Stage.Standing, block.timestamp);
            _count(Action.Answer, true);
        } catch {
            require(!isRight, "answer refused");
            _count(Action.Answer, false);
        }
    }

    /// @notice [R8] Anyone says that a report is late once its payment time has passed without one that stands.
    function declareLate(uint256 seed) external throwing(seed) {
        uint256 d = _drawDeal();
        DealCase storage deal = deals[d];
        bool stands = deal.isPending && deal.stage != Stage.Rejected;
        uint256 period = deal.distributed + (stands ? 2 : 1);
        bool isRight = _isOverdue(d, period);
        try reports.declareLate(uint64(d)) {
            require(isRight, "late, but should not be");
            deal.latePeriod = period;
            _count(Action.DeclareLate, true);
        } catch {
            require(!isRight, "lateness refused");
            _count(Action.DeclareLate, false);
        }
    }

    /// @notice The guardian stops new reports at once, the registrar lets them in again.
    function pauseReports(uint256 seed) external throwing(seed) {
        uint256 d = _drawDeal();
        bool isPaused = deals[d].isReportingPaused;
        bool on = isPaused ? _oneIn(8) : _oneIn(3);
        bool isDone = false;
        VM.prank(on ? GUARDIAN : REGISTRAR);
        if (on)
            try reports.pauseReports(uint64(d)) {
                isDone = true;
            } catch {}
        else
            try reports.unpauseReports(uint64(d)) {
                isDone = true;
            } catch {}
        VM.assertEq(isDone, on != isPaused, "pause of reports");
        if (isPaused && !on) deals[d].resumedAt = block.timestamp;
        deals[d].isReportingPaused = on;
        _count(Action.PauseReports, isDone);
    }

    function _rejected(DealCase storage deal) private {
        deal.stage = Stage.Rejected;
        uint256 period = deal.pending.period;
        if (deal.rejectedAt[period] == 0) deal.rejectedAt[period] = block.timestamp;
    }

    /// @dev Said before; or the payment time has passed, and the time that others took from the attesters is not counted: a
    ///  pause, a rejection, and the wait until the report before was, or at the latest could have been, final.
    function _isOverdue(uint256 d, uint256 period) private view returns (bool) {
        DealCase storage deal = deals[d];
        if (period > deal.periods) return false;
        if (deal.latePeriod == period) return true;
        uint256 from = _startOf(deal, period);
        if (period == deal.distributed + 2) {
            uint256 waited = _startOf(deal, period - 1) + 2 * deal.answerTime;
            if (waited > from) from = waited;
        }
        return
            !deal.isReportingPaused &&
            block.timestamp > deal.paymentTimes[period - 1] &&
            block.timestamp > from;
    }

    function _startOf(DealCase storage deal, uint256 period) private view returns (uint256 start) {
        start = deal.resumedAt;
        if (deal.rejectedAt[period] > start) start = deal.rejectedAt[period];
        bool isUsedBefore = period == deal.distributed + 1;
        if (isUsedBefore && deal.lastFinalAt > start) start = deal.lastFinalAt;
    }

    /// @dev One with a report at this stage that is not final, if there is one; otherwise one of the deals with windows.
    function _drawOpenDeal(Stage stage) private returns (uint256 d) {
        for (uint256 i = 1; i <= DEALS; i++) if (_isOpen(i, stage)) d = i;
        if (d == 0 || _oneIn(6)) d = 3 + _draw(2);
    }

    function _isOpen(uint256 d, Stage stage) private view returns (bool) {
        DealCase storage deal = deals[d];
        return deal.isPending && deal.stage == stage && block.timestamp < deal.finalAt;
    }
}
