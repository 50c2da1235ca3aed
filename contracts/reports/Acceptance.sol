// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Attesters} from "./Attesters.sol";
import {RecordWords, ReportRecord} from "./ReportRecords.sol";
import {ReportTerms} from "./ReportTerms.sol";

/// @title What a report must meet before it counts, and what is kept of it.
abstract contract Acceptance is Attesters {
    /// @dev Figures 0..3 have the same meaning in every deal and none of them can be negative.
    uint256 private constant FIXED_FIGURES = 4;

    /// @dev Keeps a version that was just accepted: standing, final after the window.
    function _keepRecord(
        ReportRecord storage record,
        Report calldata report,
        bytes32 reportHash,
        uint256 window
    ) internal {
        (, int256 closing, int256 loans, ) = ReportTerms.fixedOf(report.figures);
        record.reportHash = reportHash;
        record.tapeCommitment = keccak256(abi.encode(report.tapeRoot, loans, closing));
        // Figures are at most int64 and those two are not negative: the casts keep their values.
        record.word = RecordWords.create(
            uint256(closing),
            uint256(loans),
            block.timestamp + window,
            report.version
        );
    }

    /// @dev Made for these terms, after the period's end, every figure inside its declared bounds, and the pool rolls on.
    ///  The opening balance is never the reporter's word: it is the closing balance that was accepted before.
    /// @param lastClosing where the period before closed; any in period 1, which opens at the cut-off balance
    function _requireFit(
        DealReports storage deal,
        Report calldata report,
        uint256 lastClosing
    ) internal view returns (ReportTerms.Facts memory facts) {
        bytes32 termsHash = deal.termsHash;
        if (report.termsHash != termsHash) revert TermsMismatch(report.termsHash, termsHash);
        uint16 period = report.period;
        facts = ReportTerms.read(deal.code, period);
        if (period > facts.periods) revert PeriodAfterLast(period, facts.periods);
        if (block.timestamp < facts.determinationTime) {
            revert ReportTooEarly(block.timestamp, facts.determinationTime);
        }
        int256[] calldata figures = report.figures;
        if (figures.length != facts.figureCount) {
            revert FigureCountMismatch(figures.length, facts.figureCount);
        }
        if (!ReportTerms.allInBounds(facts, figures)) _revertOutOfBounds(facts, figures);
        (int256 opening, int256 closing, int256 loans, int256 available) = ReportTerms.fixedOf(
            figures
        );
        // One negative among them sets the sign bit of all.
        if (opening | closing | loans | available < 0) _revertNegative(figures);
        if (period == 1) lastClosing = facts.cutOffBalance;
        // Not negative, so the cast keeps the value.
        if (uint256(opening) != lastClosing) revert OpeningMismatch(opening, lastClosing);
        if (facts.identityCount != 0) ReportTerms.requireIdentities(facts, deal.code, figures);
    }

    /// @dev Names the first figure that is outside.
    function _revertOutOfBounds(
        ReportTerms.Facts memory facts,
        int256[] calldata figures
    ) private pure {
        for (uint256 i = 0; i < figures.length; ++i) {
            (int256 minimum, int256 maximum) = ReportTerms.boundsOf(facts, i);
            require(
                figures[i] >= minimum && figures[i] <= maximum,
                FigureOutOfBounds(i, figures[i], minimum, maximum)
            );
        }
    }

    function _revertNegative(int256[] calldata figures) private pure {
        for (uint256 i = 0; i < FIXED_FIGURES; ++i) {
            require(figures[i] >= 0, FigureNegative(i, figures[i]));
        }
    }
}
