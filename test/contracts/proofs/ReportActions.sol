// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReportRegistry} from "../../../contracts/interfaces/IReportRegistry.sol";
import {IWaterfallDistributor} from "../../../contracts/interfaces/IWaterfallDistributor.sol";
import {RuleActions} from "./RuleActions.sol";
import {VM, Vm} from "../Vm.sol";

/// @title How the cash gets in and is given out: collections, reports, distributions.
abstract contract ReportActions is RuleActions {
    uint256 private constant AVAILABLE = 3;

    /// @dev A deal's state before a run, from which the engine is run a second time.
    struct Before {
        uint8 phase;
        uint256[] classWords;
        uint256[] laneWords;
        bool inWindow;
    }

    function fund(uint256 seed) external throwing(seed) {
        uint256 d = _drawDeal();
        _fund(d, 1 + _draw(deals[d].pool / 10 + 1_000));
    }

    /// @notice The next period's report: figures from quiet to ruinous.
    function report(uint256 seed) external throwing(seed) {
        uint256 d = _drawDueDeal();
        // Mostly when it is due.
        if (_draw(4) != 0) _reachDetermination(d);
        _publish(d, deals[d].distributed + (deals[d].isPending ? 2 : 1), 1);
    }

    /// @notice Another version of a report that was not used.
    function replace(uint256 seed) external throwing(seed) {
        uint256 d = _drawPendingDeal();
        uint256 period = deals[d].isPending ? deals[d].pending.period : deals[d].distributed;
        uint256 version = uint256(deals[d].pending.version) + 1 + (_oneIn(8) ? 1 : 0);
        _publish(d, period, version);
    }

    /// @notice Distributes on what is there, in time or late; sometimes too early, or with too little cash.
    function distribute(uint256 seed) external throwing(seed) {
        uint256 d = _drawDueDeal();
        if (_draw(4) != 0) _service(d);
        _distribute(d);
    }

    /// @dev A deal whose report waits, if there is one.
    function _drawPendingDeal() internal returns (uint256 d) {
        for (uint256 tries = 0; tries < 8; tries++) {
            d = _drawDeal();
            if (deals[d].isPending) return d;
        }
    }

    /// @dev Mostly the deal that is to pay next, so that not all the others are late.
    function _drawDueDeal() private returns (uint256 d) {
        d = _drawDeal();
        if (_oneIn(6)) return d;
        uint256 earliest = type(uint256).max;
        for (uint256 other = 1; other <= DEALS; other++) {
            if (deals[other].distributed == deals[other].periods) continue;
            uint256 due = deals[other].paymentTimes[deals[other].distributed];
            if (due < earliest) (d, earliest) = (other, due);
        }
    }

    /// @dev Brings report and cash of the next period, and the time of its payment.
    function _service(uint256 d) private {
        DealCase storage deal = deals[d];
        if (deal.distributed == deal.periods) return;
        if (!deal.isPending) _bringReport(d);
        if (!deal.isPending) return;
        if (deal.stage == Stage.Rejected) {
            _publish(d, deal.pending.period, uint256(deal.pending.version) + 1);
        }
        (uint256 collections, , , , ) = distributor.cashOf(uint64(d));
        uint256 need = uint256(deal.pending.figures[AVAILABLE]);
        if (collections < need) _fund(d, need - collections);
        uint256 due = deal.paymentTimes[deal.pending.period - 1];
        if (deal.finalAt > due) due = deal.finalAt;
        if (block.timestamp < due) _warp(due);
    }

    /// @dev When it is due; a pause has mostly ended by then.
    function _bringReport(uint256 d) internal {
        DealCase storage deal = deals[d];
        _reachDetermination(d);
        if (deal.isReportingPaused && !_oneIn(4)) {
            VM.prank(REGISTRAR);
            reports.unpauseReports(uint64(d));
            (deal.isReportingPaused, deal.resumedAt) = (false, block.timestamp);
        }
        _publish(d, deal.distributed + 1, 1);
    }

    function _reachDetermination(uint256 d) private {
        DealCase storage deal = deals[d];
        if (deal.distributed == deal.periods) return;
        uint256 time = deal.determinationTimes[deal.distributed];
        if (block.timestamp < time) _warp(time);
    }

    function _fund(uint256 d, uint256 cents) private {
        DealCase storage deal = deals[d];
        bool isRight = deal.distributed < deal.periods;
        deal.cash.mint(address(this), cents * deal.scale);
        try distributor.fund(uint64(d), uint64(cents)) {
            require(isRight, "funded, but should not");
            deal.unitsIn += cents * deal.scale;
            _count(Action.Fund, true);
        } catch {
            require(!isRight, "funding refused");
            _count(Action.Fund, false);
        }
    }

    function _publish(uint256 d, uint256 period, uint256 version) private {
        DealCase storage deal = deals[d];
        IReportRegistry.Report memory given = _drawReport(d, period, version);
        bool isNext = !deal.isPending && period == deal.distributed + 1 && version == 1;
        bool isAnother =
            deal.isPending &&
                period == deal.pending.period &&
                version == uint256(deal.pending.version) + 1;
        bool isRight = (isNext || isAnother) && period <= deal.periods && period != 0;
        isRight = isRight && block.timestamp >= deal.determinationTimes[period - 1];
        isRight = isRight && !deal.isReportingPaused;
        bool isForged = _oneIn(10);
        (address[] memory signers, bytes[] memory signatures) = _sign(given, isForged);
        Action action = version == 1 ? Action.Report : Action.Replace;
        try reports.publishReport(given, signers, signatures) {
            require(isRight && !isForged, "accepted, but should not");
            (deal.pending, deal.isPending, deal.stage) = (given, true, Stage.Standing);
            // The window and the time for an answer are the same.
            deal.finalAt = block.timestamp + deal.answerTime;
            deal.latePeriod = 0;
            _count(action, true);
        } catch {
            require(!isRight || isForged, "report refused");
            _count(action, false);
        }
    }

    function _drawReport(
        uint256 d,
        uint256 period,
        uint256 version
    ) private returns (IReportRegistry.Report memory given) {
        DealCase storage deal = deals[d];
        uint256 opening = deal.pool;
        (given.dealId, given.period, given.version) = (uint64(d), uint16(period), uint16(version));
        given.termsHash = keccak256(deal.terms);
        // Mostly a tenth is repaid, at times nothing, at times everything.
        uint256 kind = _draw(16);
        uint256 fall = kind == 0 ? 0 : _draw(opening / (kind == 1 ? 1 : 8) + 1);
        if (kind == 2) fall = opening;
        uint256 count = deal.terms.length == 0 ? 0 : uint8(deal.terms[6]);
        given.figures = new int256[](count);
        given.figures[0] = int256(opening);
        given.figures[1] = int256(opening - fall);
        given.figures[2] = int256(_draw(1_000));
        uint256 funds = _oneIn(8) ? 0 : fall + _draw(opening / 20 + 50);
        given.figures[AVAILABLE] = int256(_oneIn(12) ? _draw(funds + 1) : funds);
        for (uint256 i = AVAILABLE + 1; i < count; i++) {
            int256 figure = int256(_draw(_oneIn(6) ? opening + 1 : opening / 30 + 1));
            given.figures[i] = _oneIn(10) ? -figure : figure;
        }
    }

    /// @dev By both attesters; a forged one by one of them twice.
    function _sign(
        IReportRegistry.Report memory given,
        bool isForged
    ) private view returns (address[] memory signers, bytes[] memory signatures) {
        bytes32 digest = reports.reportDigest(given);
        signers = new address[](2);
        signatures = new bytes[](2);
        for (uint256 i = 0; i < 2; i++) {
            signers[i] = VM.addr(attesterKeys[i]);
            (uint8 v, bytes32 r, bytes32 s) = VM.sign(attesterKeys[isForged ? 0 : i], digest);
            signatures[i] = abi.encodePacked(r, s, v);
        }
    }

    function _distribute(uint256 d) private {
        DealCase storage deal = deals[d];
        IReportRegistry.Report memory given = deal.pending;
        Before memory before;
        uint64 collections;
        (before.phase, , collections, before.classWords, before.laneWords) = distributor.stateOf(
            uint64(d)
        );
        bool isRight =
            deal.isPending &&
                block.timestamp >= deal.paymentTimes[given.period - 1] &&
                collections >= uint256(given.figures[AVAILABLE]) &&
                deal.stage != Stage.Rejected &&
                block.timestamp >= deal.finalAt;
        before.inWindow = given.period == deal.periods || deal.window == given.period;
        VM.recordLogs();
        try distributor.distribute(given) {
            require(isRight, "distributed, but should not");
            _afterRun(d, given, before);
            (deal.isPending, deal.distributed) = (false, given.period);
            deal.pool = uint256(given.figures[1]);
            deal.lastFinalAt = deal.finalAt;
            if (!before.inWindow) lateRuns++;
            _expectRevaluation(d);
            _count(Action.Distribute, true);
        } catch {
            require(!isRight, "distribution refused");
            _count(Action.Distribute, false);
        }
    }

    /// @dev [W2] [R6] The words that were emitted are those of a second run of the engine, the ledger is what they say, and
    ///  the history is the old one and their hash. Then the models are funded with what the words give the classes.
    function _afterRun(
        uint256 d,
        IReportRegistry.Report memory given,
        Before memory before
    ) private {
        uint256[] memory words = _wordsOf(VM.getRecordedLogs());
        uint256[] memory again = engine.run(
            deals[d].code,
            d,
            given.period,
            before.phase,
            0,
            before.classWords,
            before.laneWords,
            given.figures
        );
        bytes32 hash = keccak256(abi.encodePacked(words));
        VM.assertEq(hash, keccak256(abi.encodePacked(again)), "the engine's words");
        deals[d].history = keccak256(abi.encode(deals[d].history, hash));
        (uint8 phase, , , uint256[] memory classWords, uint256[] memory laneWords) = distributor
            .stateOf(uint64(d));
        VM.assertEq(phase, uint8(words[0] >> 232), "phase of the ledger");
        uint256 first = 1 + uint8(words[0] >> 208);
        for (uint256 i = 0; i < classWords.length; i++) {
            VM.assertEq(classWords[i], words[first + i], "class word of the ledger");
        }
        first += classWords.length;
        for (uint256 i = 0; i < laneWords.length; i++) {
            VM.assertEq(laneWords[i], words[first + i], "lane word of the ledger");
        }
        first += laneWords.length;
        for (uint256 c = 0; c < classWords.length; c++) {
            _fundModel(d, c, given.period, words[first + c], before.inWindow);
            uint64 balance = books[d][c].token.principalBalance();
            VM.assertEq(balance, classWords[c] >> 192, "balance of the token");
        }
    }

    /// @dev A late run's amounts wait for the next run in its window.
    function _fundModel(
        uint256 d,
        uint256 c,
        uint256 period,
        uint256 result,
        bool inWindow
    ) private {
        ClassBooks storage class = books[d][c];
        uint256[2] memory units;
        units[0] = class.carry[0] + uint64(result >> 128) * deals[d].scale;
        units[1] = class.carry[1] + uint64(result >> 64) * deals[d].scale;
        class.carry = inWindow ? [uint256(0), 0] : units;
        if (!inWindow || units[0] + units[1] == 0) return;
        class.funded += units[0] + units[1];
        class.model.fund(period, units);
    }

    function _wordsOf(Vm.Log[] memory logs) private pure returns (uint256[] memory words) {
        for (uint256 i = 0; i < logs.length; i++) {
            if (logs[i].topics[0] != IWaterfallDistributor.WaterfallRun.selector) continue;
            (, , words) = abi.decode(logs[i].data, (bytes32, bytes32, uint256[]));
            return words;
        }
        revert("no run in the log");
    }
}
